"""The text of a tensor, as PyTorch prints it, to the letter.

Everything here takes plain arrays; what a tensor adds (``requires_grad``, ``grad_fn``) comes in as text. The display
uses the same digits through ``cells`` and ``number_text``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine import dtypes

Array = NDArray[Any]

PREFIX = "tensor("


@dataclass(frozen=True)
class PrintOptions:
    """What ``torch.set_printoptions`` sets; ``sci_mode`` None means that the numbers decide."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


PROFILES = {
    "default": PrintOptions(),
    "short": PrintOptions(precision=2, edgeitems=2),
    "full": PrintOptions(threshold=math.inf),
}

_options = PrintOptions()


def get_printoptions() -> PrintOptions:
    """The options that hold now."""
    return _options


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """PyTorch's function of that name: a ``profile`` first, then the single options; ``sci_mode`` is always set.

    Raises KeyError for an unknown profile.
    """
    global _options
    chosen = _options if profile is None else PROFILES[profile.lower()]
    given = {"precision": precision, "threshold": threshold, "edgeitems": edgeitems, "linewidth": linewidth}
    _options = replace(chosen, sci_mode=sci_mode, **{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]


@dataclass(frozen=True)
class NumberFormat:
    """How the numbers of one tensor are written: one spelling for all, right-aligned to ``width``.

    Only finite numbers other than zero count towards the width, so a nan among small integers stands out of line.
    """

    spell: Callable[[Any], str]
    width: int

    @classmethod
    def of(cls, values: Array) -> NumberFormat:
        """The format in which PyTorch writes ``values`` together; of an empty array too."""
        counted = values
        spell: Callable[[Any], str] = str
        if values.dtype.kind == "f":
            counted = values[np.isfinite(values) & (values != 0)].astype(np.float64)
            spell = _float_spelling(counted)
        return cls(spell, max((len(spell(value)) for value in counted.ravel().tolist()), default=1))

    def aligned(self, value: Any) -> str:
        """``value`` as it stands in a row."""
        return self.spell(value).rjust(self.width)


def _float_spelling(counted: Array) -> Callable[[float], str]:
    if _wants_exponent(np.abs(counted)):
        return _scientific
    return _whole if (counted == np.ceil(counted)).all() else _fixed


def _wants_exponent(sizes: Array) -> bool:
    if not sizes.size:
        return False
    if _options.sci_mode is not None:
        return _options.sci_mode
    smallest, largest = float(sizes.min()), float(sizes.max())
    return largest / smallest > 1000.0 or largest > 1.0e8 or smallest < 1.0e-4


def _whole(value: float) -> str:
    return f"{value:.0f}." if math.isfinite(value) else f"{value:.0f}"


def _fixed(value: float) -> str:
    return f"{value:.{_options.precision}f}"


def _scientific(value: float) -> str:
    return f"{value:.{_options.precision}e}"


def cells(array: Array) -> list[str]:
    """The elements of ``array``, flat and in row-major order, written together as PyTorch writes them, not padded."""
    spell = NumberFormat.of(array).spell
    return [spell(value) for value in array.ravel().tolist()]


def number_text(x: Any) -> str:
    """One number as PyTorch writes it in a 0-d tensor, such as "2.6867", "1." or "1.0000e-05"; integers as they are."""
    return cells(np.asarray(x))[0]


def tensor_text(array: Array, *, suffixes: Sequence[str] = ()) -> str:
    """``repr`` of a tensor that holds ``array``; ``suffixes`` ("requires_grad=True") follow its size and dtype."""
    indent = len(PREFIX)
    own = _own_suffixes(array)
    return _with_suffixes(PREFIX + contents_text(array, indent), [*own, *suffixes], indent)


def contents_text(array: Array, indent: int = 0) -> str:
    """The bracketed numbers of ``array``; lines after the first are indented by ``indent`` columns."""
    if not array.size:
        return "[]"
    summarize = array.size > _options.threshold
    fmt = NumberFormat.of(_edges(array) if summarize else array)
    if not array.ndim:
        return fmt.spell(array.item())
    return _nested(array, indent, summarize, fmt)


def _edges(array: Array) -> Array:
    """The part of a long array that is shown: the first and last few along each axis."""
    for axis, length in enumerate(array.shape):
        shown = _shown(length, summarize=True)
        if shown is not None:
            array = array.take([*shown[0], *shown[1]], axis)
    return array


def _shown(length: int, summarize: bool) -> tuple[range, range] | None:
    """The indices before and after the dots, or None where all ``length`` are shown."""
    count = _options.edgeitems
    if not summarize or length <= 2 * count:
        return None
    return range(count), range(length - count, length)


def _nested(array: Array, indent: int, summarize: bool, fmt: NumberFormat) -> str:
    if array.ndim == 1:
        return _row(array, indent, summarize, fmt)

    def slices(indices: range) -> list[str]:
        return [_nested(array[i], indent + 1, summarize, fmt) for i in indices]

    shown = _shown(len(array), summarize)
    parts = slices(range(len(array))) if shown is None else [*slices(shown[0]), "...", *slices(shown[1])]
    separator = "," + "\n" * (array.ndim - 1) + " " * (indent + 1)
    return "[" + separator.join(parts) + "]"


def _row(vector: Array, indent: int, summarize: bool, fmt: NumberFormat) -> str:
    shown = _shown(len(vector), summarize)
    if shown is None:
        parts = [fmt.aligned(value) for value in vector.tolist()]
    else:
        head, tail = ([fmt.aligned(value) for value in vector[list(part)].tolist()] for part in shown)
        parts = [*head, " ..." if head else "...", *tail]
    per_line = max(1, (_options.linewidth - indent) // (fmt.width + 2))
    lines = [", ".join(parts[i : i + per_line]) for i in range(0, len(parts), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"


def _own_suffixes(array: Array) -> list[str]:
    """Its size where the brackets do not tell it, and its dtype where the digits do not."""
    kind = dtypes.of(array)
    implied = (dtypes.get_default_dtype(), dtypes.int64, dtypes.bool_) if array.size else (dtypes.get_default_dtype(),)
    sized = array.ndim != 1 if not array.size else not _options.edgeitems
    return [f"size={array.shape}"] * sized + [f"dtype={kind!r}"] * (kind not in implied)


def _with_suffixes(text: str, suffixes: Sequence[str], indent: int) -> str:
    # The closing bracket and the comma count as two columns, as in PyTorch, which breaks a line two columns early.
    column = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        if column + len(suffix) + 2 > _options.linewidth:
            text += ",\n" + " " * indent + suffix
            column = indent + len(suffix)
        else:
            text += ", " + suffix
            column += len(suffix) + 2
    return text + ")"
