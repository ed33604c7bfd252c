"""Rules as text: a traced call graph printed with as few brackets as it needs, and a rule's derivatives printed so.

The text comes from running the rule on traced arrays; no formula is written down anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.core.compile.tracing import Traced, TracingError
from chainrule.core.ops.rule import Rule, Sample
from chainrule.core.ops.vocabulary import CALL, PRODUCT, SIGN, WORDS, Word

UPSTREAM, RESULT = "g", "y"

# The side on which an operand that binds no tighter needs brackets: a - (b - c), (a ** b) ** c.
_TIGHT: dict[Any, int] = {np.subtract: 1, np.divide: 1, np.matmul: 1, np.remainder: 1, np.power: 0}


def text(traced: Any) -> str:
    """``traced`` as a formula over the names of its inputs; a part used several times is written out each time."""
    return _written(traced)[0]


def _written(value: Any) -> tuple[str, int]:
    """The text of ``value`` and how tightly it binds. Parts are written before wholes, so depth does not matter."""
    if not isinstance(value, Traced):
        return _constant(value)
    done: dict[int, tuple[str, int]] = {}
    stack: list[tuple[Traced, bool]] = [(value, False)]
    while stack:
        current, ready = stack.pop()
        if id(current) in done:
            continue
        if current.call is None:
            done[id(current)] = (current.name, CALL)
        elif ready:
            done[id(current)] = _joined(current, done)
        else:
            stack.append((current, True))
            stack.extend((each, False) for each in _parts(current))
    return done[id(value)]


def _parts(traced: Traced) -> list[Traced]:
    flat: list[Traced] = []
    for each in traced.args:
        flat.extend(e for e in (each if isinstance(each, (tuple, list)) else (each,)) if isinstance(e, Traced))
    return flat


def _joined(traced: Traced, done: Mapping[int, tuple[str, int]]) -> tuple[str, int]:
    word = WORDS[traced.call]  # type: ignore[index]
    pieces = [_piece(each, done) for each in traced.args]
    if word.silent:
        return pieces[0]
    if traced.call is np.negative:
        return _negated(*pieces[0])
    if traced.call is np.multiply and "1" in (pieces[0][0], pieces[1][0]):
        return pieces[1] if pieces[0][0] == "1" else pieces[0]
    filled = [_bracketed(piece, word, tight=place == _TIGHT.get(traced.call)) for place, piece in enumerate(pieces)]
    wanted = 1 + max((int(each) for each in re.findall(r"{(\d)}", word.text)), default=-1)
    padded = (filled + ["–"] * wanted)[: max(wanted, len(filled))]
    return word.text.format(*padded, all=", ".join(filled)), word.binds


def _piece(argument: Any, done: Mapping[int, tuple[str, int]]) -> tuple[str, int]:
    if isinstance(argument, Traced):
        return done[id(argument)]
    if isinstance(argument, (tuple, list)) and any(isinstance(each, Traced) for each in argument):
        return ", ".join(_piece(each, done)[0] for each in argument), CALL
    return _constant(argument)


def _constant(value: Any) -> tuple[str, int]:
    if isinstance(value, (bool, int, float, np.generic)) and not isinstance(value, (bool, np.bool_)):
        number = float(value)
        written = str(int(number)) if number.is_integer() else f"{number:.4g}"
        return written, SIGN if number < 0 else CALL
    if isinstance(value, np.ndarray):
        return ("[…]" if value.ndim else _constant(value.item())[0]), CALL
    return _index(value), CALL


def _index(at: Any) -> str:
    if isinstance(at, tuple):
        return ", ".join(map(_index, at))
    if isinstance(at, slice):
        sides = ["" if side is None else str(side) for side in (at.start, at.stop, at.step)]
        return ":".join(sides if sides[2] else sides[:2])
    return "..." if at is Ellipsis else str(at)


def _negated(inner: str, binds: int) -> tuple[str, int]:
    if inner.startswith("-") and binds >= PRODUCT:
        return inner[1:], PRODUCT
    return (f"-{inner}" if binds >= PRODUCT else f"-({inner})"), min(SIGN, max(binds, PRODUCT))


def _bracketed(piece: tuple[str, int], word: Word, *, tight: bool) -> str:
    written, binds = piece
    if word.binds == CALL or binds > word.binds or (binds == word.binds and not tight):
        return written
    return f"({written})"


def rule_text(rule: Rule, sample: Sample | None = None) -> list[tuple[str, str]]:
    """For each input that has a derivative, its name and what backward sends it, in terms of g, y and the inputs.

    ``g`` is the upstream gradient and ``y`` the result; a variadic rule has one line, for every input alike. Sizes and
    parameters that occur in the text are those of ``sample``, by default the rule's first.
    """
    sample = sample or next(iter(rule.samples), None)
    if sample is None:
        return []
    return [
        (socket.name, _vjp_text(rule, place, sample))
        for place, socket in enumerate(rule.inputs)
        if rule.vjps[place] is not None
    ]


def _vjp_text(rule: Rule, place: int, sample: Sample) -> str:
    arrays = [_float_array(each) for each in sample.inputs]
    names = [s.name for s in rule.inputs] if not rule.variadic else [f"tensors[{i}]" for i in range(len(arrays))]
    params = {param.name: param.default for param in rule.params} | dict(sample.params)
    with np.errstate(all="ignore"):
        result = np.asarray(rule.forward(*arrays, **params))
        traced = [Traced(array, name) for array, name in zip(arrays, names, strict=True)]
        upstream = Traced(np.ones_like(result, dtype=float), UPSTREAM)
        at = {"at": place} if rule.variadic else {}
        try:
            vjp = rule.vjps[place]
            return text(vjp(upstream, Traced(result, RESULT), *traced, **at, **params))  # type: ignore[misc]
        except TracingError as error:
            return f"({error})"


def _float_array(value: Any) -> Any:
    array = np.asarray(value)
    return array.astype(float) if array.ndim == 0 and array.dtype.kind == "i" else array
