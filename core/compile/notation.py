"""Traced calls written down, as plain text or as LaTeX, with as few brackets as they need.

How a call looks stands in its ``Word``; here is how names, numbers and brackets do. What makes a formula worth
reading is not here: a formula is written as it is given.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from chainrule.core.compile.identities import number
from chainrule.core.compile.tracing import Traced
from chainrule.core.ops.vocabulary import CALL, COMPARED, PRODUCT, SIGN, SUM, WORDS, Word, guarded

# The side on which an operand that binds no tighter needs brackets: a - (b - c), (a ** b) ** c.
_TIGHT: dict[Any, int] = {
    **dict.fromkeys((np.subtract, np.divide, np.matmul, np.remainder, np.floor_divide), 1),
    **dict.fromkeys((np.power, np.transpose, np.moveaxis, np.swapaxes, np.linalg.inv, np.logical_not, np.invert), 0),
}
# Calls that may stand beside each other without brackets, whatever their order.
_PRODUCTS = {np.multiply, np.divide}
_SHORT = 7  # characters of a decimal number that is written as it is
_SMALL = 6  # arrays of so many elements are written out


@dataclass(frozen=True)
class Piece:
    """A part of a formula as written, how tightly it binds, and the call that it is."""

    written: str
    binds: int = CALL
    call: Any = None


@dataclass(frozen=True)
class Notation:
    """A way of writing: the template of a word, and how everything looks that is no word."""

    template: Callable[[Word], str]
    brackets: str
    truth: str
    raised: Callable[[str], str]  # a whole exponent
    case: str
    otherwise: str
    cases: Callable[[list[str]], str]
    cases_bind: int
    name: Callable[[str], str]
    words: Callable[[str], str]
    number: Callable[[float], str]  # one that stands in a rule
    figure: Callable[[float], str]  # one that was computed
    row: Callable[[list[str]], str]
    times: str  # between a factor and a number
    more: str  # numbers that are too many


# Plain text

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

# Constants that are recognised: the number, and how it is written.
_CONSTANTS = {
    math.pi: ("π", r"\pi"),
    2 * math.pi: ("2π", r"2\pi"),
    math.log(2): ("log(2)", r"\ln\left(2\right)"),
    math.log(10): ("log(10)", r"\ln\left(10\right)"),
    math.sqrt(2): ("√2", r"\sqrt{2}"),
    math.sqrt(math.pi): ("√π", r"\sqrt{\pi}"),
    math.sqrt(2 * math.pi): ("√(2π)", r"\sqrt{2\pi}"),
    math.sqrt(2 / math.pi): ("√(2/π)", r"\sqrt{2/\pi}"),
    math.sqrt(2 / math.pi): ("√(2/π)", r"\sqrt{2/\pi}"),
    2 / math.sqrt(math.pi): ("2/√π", r"\tfrac{2}{\sqrt{\pi}}"),
    math.pi / 180: ("π/180", r"\tfrac{\pi}{180}"),
    180 / math.pi: ("180/π", r"\tfrac{180}{\pi}"),
}


def _constant(value: float) -> tuple[str, str] | None:
    """How a number is written that four digits would blur: a known constant, or a fraction."""
    for known, written in _CONSTANTS.items():
        if math.isclose(value, known, rel_tol=1e-15) or value == float(np.float32(known)):
            return written
    if not math.isfinite(value) or len(repr(value)) <= _SHORT:
        return None
    near = Fraction(value).limit_denominator(1000)
    if not math.isclose(near, value, rel_tol=1e-14):
        return None
    sign, above = "-" if near < 0 else "", abs(near.numerator)
    return f"{sign}{above}/{near.denominator}", rf"{sign}\tfrac{{{above}}}{{{near.denominator}}}"


def short(value: float) -> str:
    """A number to four significant digits."""
    if math.isfinite(value) and float(value).is_integer() and abs(value) < 1e5:
        return str(int(value))
    return f"{value:.4g}"


def _text_number(value: float) -> str:
    known = _constant(value)
    return known[0] if known else short(value)


TEXT = Notation(
    template=lambda word: word.text,
    brackets="({})",
    truth="[{}]",
    raised=lambda exponent: exponent.translate(_RAISED),
    case="{} where {}",
    otherwise="else {}",
    cases=lambda lines: f"({', '.join(lines)})",
    cases_bind=CALL,
    name=lambda name: name,
    words=lambda words: words,
    number=_text_number,
    figure=short,
    row=lambda cells: f"[{', '.join(cells)}]",
    times=" * ",
    more="…",
)

# LaTeX


def _latex_template(word: Word) -> str:
    """The template of ``word``: made from its text where it has none of its own."""
    if word.latex:
        return word.latex
    called = re.fullmatch(r"(\w+)\((.*)\)", word.text)
    if called is None:
        return word.text
    name, inside = called.groups()
    shown = r"\sigma" if name == "σ" else rf"\operatorname{{{{{name}}}}}".replace("_", r"\_")
    return rf"{shown}\left({inside}\right)"


def latex_name(name: str) -> str:
    """A name that cannot be read as a product: one letter in italics, longer ones upright, places as subscripts."""
    placed = re.fullmatch(r"([A-Za-z])(\d+)|(\w+)\[(\d+)\]", name)
    if placed:
        base, at = (placed[1] or placed[3]), (placed[2] or placed[4])
        return f"{latex_name(base)}_{{{at}}}"
    if len(name) == 1:
        return name
    escaped = name.replace("_", r"\_")
    return rf"\mathrm{{{escaped}}}"


def latex_text(text: str) -> str:
    """Words in a formula."""
    escaped = text.replace("_", r"\_")
    return rf"\text{{{escaped}}}"


def _latex_number(value: float) -> str:
    known = _constant(value)
    if known:
        return known[1]
    return {0.5: r"\tfrac{1}{2}", -0.5: r"-\tfrac{1}{2}", 0.25: r"\tfrac{1}{4}"}.get(value) or _latex_figure(value)


def _latex_figure(value: float) -> str:
    if math.isnan(value):
        return r"\mathrm{nan}"
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    mantissa, _, exponent = short(value).partition("e")
    if not exponent:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \times {power}"


LATEX = Notation(
    template=_latex_template,
    brackets=r"\left({}\right)",
    truth=r"\left[{}\right]",
    raised=lambda exponent: f"^{{{exponent}}}",
    case=r"{} & \text{{where }} {}",
    otherwise=r"{} & \text{{else}}",
    cases=lambda lines: r"\begin{cases} " + r" \\ ".join(lines) + r" \end{cases}",
    cases_bind=PRODUCT,  # a brace has no other side
    name=latex_name,
    words=latex_text,
    number=_latex_number,
    figure=_latex_figure,
    row=lambda cells: rf"\left[{', '.join(cells)}\right]",
    times=r" \cdot ",
    more=r"\ldots",
)


# The printer


class Printer:
    """Writes formulas in one notation.

    ``filled`` writes the numbers of the inputs in place of their names, as far as they are few, but for the name that
    is ``kept``. ``sided`` are the corner cases that are told beside the formula.
    """

    def __init__(
        self, notation: Notation, *, filled: bool = False, kept: str = "", sided: frozenset[Traced] = frozenset()
    ) -> None:
        self.notation = notation
        self._filled = filled
        self._kept = kept
        self._sided = sided

    def written(self, value: Any) -> str:
        """``value`` as a formula; a part used several times is written out each time."""
        return self._counted(self.piece(value)).written

    def condition(self, value: Any) -> str:
        """``value``, which is true or false, without brackets around it."""
        return self.piece(value).written

    def piece(self, value: Any) -> Piece:
        """``value`` as a part of a formula. Parts are written before wholes, so depth does not matter."""
        if not isinstance(value, Traced):
            return self.constant(value)
        done: dict[Traced, Piece] = {}
        stack: list[tuple[Traced, bool]] = [(value, False)]
        while stack:
            current, ready = stack.pop()
            if current in done:
                continue
            if current.call is None:
                done[current] = self._input(current)
            elif ready:
                done[current] = self._joined(current, done)
            else:
                stack.append((current, True))
                stack.extend((each, False) for each in _parts(current))
        return done[value]

    def _input(self, leaf: Traced) -> Piece:
        if self._filled and leaf.size <= _SMALL and leaf.name != self._kept:
            written = self._rows(leaf.value)
            return Piece(written, SIGN if written.startswith("-") else CALL)
        return Piece(self.notation.name(leaf.name))

    def constant(self, value: Any) -> Piece:
        """A number, an array of few of them, an index, or whatever else a call is given."""
        if isinstance(value, (bool, np.bool_)):
            return Piece(self.notation.name(str(bool(value))))
        if isinstance(value, (int, float, np.generic, np.ndarray)):
            single = number(_evened(value))
            if single is not None:
                written = self.notation.number(single)
                return Piece(written, SIGN if single < 0 else PRODUCT if "/" in written else CALL)
            array = np.asarray(value)
            known = _known_array(array)
            return Piece(self.notation.name(known) if known else self.notation.row([self.notation.more]))
        return Piece(self.notation.words(_index(value)))

    def _rows(self, array: Any) -> str:
        if not array.ndim:
            return (
                self.notation.name(str(bool(array))) if array.dtype.kind == "b" else self.notation.figure(float(array))
            )
        return self.notation.row([self._rows(each) for each in array])

    def _joined(self, traced: Traced, done: Mapping[Traced, Piece]) -> Piece:
        call = traced.call
        word = WORDS[call]  # type: ignore[index]
        if word.silent:
            return self._piece(traced.args[0], done)
        if call is guarded and traced in self._sided:
            return self._piece(traced.args[2], done)
        if call is np.where or call is guarded:
            return Piece(self.notation.cases(self._cases(traced, done)), self.notation.cases_bind, call)
        pieces = [self._piece(each, done) for each in traced.args]
        if call is np.negative:
            return self._negated(self._counted(pieces[0]))
        if call is np.power and (raised := self._raised(traced, pieces[0])) is not None:
            return raised
        return Piece(self._filled_in(word, call, pieces), word.binds, call)

    def _filled_in(self, word: Word, call: Any, pieces: list[Piece]) -> str:
        template = self.notation.template(word)
        filled = [
            self._counted(piece).written
            if _sets_apart(template, word, place)
            else self._bracketed(piece, word, call, tight=place == _TIGHT.get(call), first=place == 0)
            for place, piece in enumerate(pieces)
        ]
        if call is np.multiply and filled[1][:1].isdigit():
            return self.notation.times.join(filled)
        wanted = 1 + max((int(each) for each in re.findall(r"{(\d)}", template)), default=-1)
        padded = (filled + ["–"] * wanted)[: max(wanted, len(filled))]
        together = ", ".join(self._counted(piece).written for piece in pieces)
        enclosed = together if pieces[:1] and pieces[0].binds <= COMPARED else self.notation.brackets.format(together)
        return template.format(*padded, all=together, of=enclosed)

    def _counted(self, piece: Piece) -> Piece:
        """A condition that is counted as 1 or 0, in its brackets."""
        return Piece(self.notation.truth.format(piece.written)) if piece.binds <= COMPARED else piece

    def _bracketed(self, piece: Piece, word: Word, call: Any, *, tight: bool, first: bool) -> str:
        if word.binds >= COMPARED:
            piece = self._counted(piece)
        alike = piece.binds == word.binds
        mixed = alike and piece.binds == PRODUCT and piece.call is not call and not {piece.call, call} <= _PRODUCTS
        signed = not first and piece.written.startswith("-") and SUM <= word.binds < CALL
        if signed or piece.binds < word.binds or (alike and tight) or (mixed and piece.call is not None):
            return self.notation.brackets.format(piece.written)
        return piece.written

    def _negated(self, inner: Piece) -> Piece:
        if inner.written.startswith("-") and inner.binds >= PRODUCT:
            return Piece(inner.written[1:], PRODUCT, inner.call)
        if inner.binds >= PRODUCT and inner.call not in (np.remainder, np.floor_divide):
            return Piece(f"-{inner.written}", min(SIGN, inner.binds), inner.call)
        return Piece("-" + self.notation.brackets.format(inner.written), SIGN)

    def _raised(self, traced: Traced, base: Piece) -> Piece | None:
        """A square and its like, with the exponent raised; None where the exponent is not a small whole number."""
        exponent = number(traced.args[1])
        if exponent is None or not exponent.is_integer() or not 2 <= exponent <= 9:
            return None
        word = WORDS[np.power]
        base_written = self._bracketed(base, word, np.power, tight=True, first=True)
        return Piece(base_written + self.notation.raised(short(exponent)), word.binds, np.power)

    def _cases(self, choice: Traced, done: Mapping[Traced, Piece]) -> list[str]:
        """One line for each case of nested choices, and one for what is left."""
        lines: list[str] = []
        rest: Any = choice
        while isinstance(rest, Traced) and (rest.call is np.where or rest.call is guarded) and rest not in self._sided:
            condition, first, rest = rest.args
            shown = self._counted(self._piece(first, done)).written
            lines.append(self.notation.case.format(shown, self._piece(condition, done).written))
        return [*lines, self.notation.otherwise.format(self._counted(self._piece(rest, done)).written)]

    def _piece(self, argument: Any, done: Mapping[Traced, Piece]) -> Piece:
        if isinstance(argument, Traced):
            return done[argument]
        if isinstance(argument, (tuple, list)) and any(isinstance(each, Traced) for each in argument):
            return Piece(", ".join(self._piece(each, done).written for each in argument))
        return self.constant(argument)


def _sets_apart(template: str, word: Word, place: int) -> bool:
    """Whether the template itself encloses what is put in this place, as a call does and the bar of a fraction."""
    opens = place == 0 and template.startswith("{0}")
    return (word.binds == CALL and not opens) or f"{{{{{{{place}}}}}}}" in template


def _parts(traced: Traced) -> Iterator[Traced]:
    for each in traced.args:
        yield from (e for e in (each if isinstance(each, (tuple, list)) else (each,)) if isinstance(e, Traced))


def _evened(value: Any) -> Any:
    """An array of one number over and over as that number."""
    array = np.asarray(value)
    if array.ndim and array.size and array.dtype.kind in "iuf" and np.all(array == array.flat[0]):
        return array.flat[0]
    return value


def _known_array(array: Any) -> str:
    """The name of a constant array: ``i`` for places counted from 0, ``I`` for the identity, ``mask`` for a mask."""
    if array.ndim == 2 and array.shape[0] == array.shape[1] and np.array_equal(array, np.identity(len(array))):
        return "I"
    counted = array.dtype.kind == "i" and array.size == max(array.shape, default=1) > 1
    if counted and np.array_equal(array.ravel(), np.arange(array.size)):
        return "i"
    return "mask" if array.dtype.kind == "b" or np.all((array == 0) | (array == 1)) else ""


def _index(at: Any) -> str:
    if isinstance(at, tuple):
        return ", ".join(map(_index, at))
    if isinstance(at, slice):
        sides = ["" if side is None else str(side) for side in (at.start, at.stop, at.step)]
        return ":".join(sides if sides[2] else sides[:2])
    return "..." if at is Ellipsis else str(at)
