"""How numbers are written in the panels: PyTorch's digits, ``-2.0`` rather than ``-2.``, shapes as in ``torch.Size``.

Digits come from the engine's printing; here they are only dressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine import printing

Array = NDArray[Any]

FEW = 6
MINUS = "\N{MINUS SIGN}"


def number_text(value: Any) -> str:
    """One number with PyTorch's digits: ``1.0``, ``0.3333``, ``1.0000e-05``, ``3``, ``True``."""
    text = printing.number_text(value)
    return f"{text}0" if text.endswith(".") else text


def array_text(array: Array) -> str:
    """A scalar as its number, a short vector in brackets, and a larger array by its size, such as ``8×4``."""
    if array.ndim == 0:
        return number_text(array)
    if in_full(array):
        return "[" + ", ".join(printing.cells(array)) + "]"
    return "×".join(map(str, array.shape)) if array.ndim > 1 else f"{array.size} numbers"


def in_full(array: Array) -> bool:
    """Whether ``array_text`` writes every number."""
    return array.ndim == 0 or (array.ndim == 1 and array.size <= FEW)


def prose(text: str) -> str:
    """``text`` of a number as it stands in a sentence: with a minus sign, and without a fraction that says nothing."""
    stem, dot, fraction = text.partition(".")
    short = stem if dot and fraction.strip("0") == "" else text
    return short.replace("-", MINUS)


def shape_text(shape: Sequence[int]) -> str:
    """A shape as PyTorch writes it inside ``torch.Size``: ``[]``, ``[3]``, ``[2, 3]``."""
    return "[" + ", ".join(str(n) for n in shape) + "]"


def sign(array: Array) -> int:
    """1 or -1 where every element has that sign (zeros aside), else 0."""
    if array.size == 0 or array.dtype.kind not in "fiub":
        return 0
    low, high = float(np.min(array)), float(np.max(array))
    return 1 if low >= 0 < high else -1 if high <= 0 > low else 0
