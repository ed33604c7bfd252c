"""How numbers are written in the window: PyTorch's digits, a sign on every gradient, and shapes as PyTorch writes them.

Digits come from the engine's printing; here they are only dressed. Nothing is measured or painted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine import printing

Array = NDArray[Any]


def _dressed(text: str) -> str:
    return f"{text}0" if text.endswith(".") else text


def number_text(value: Any) -> str:
    """One number with PyTorch's digits: ``1.0``, ``0.3333``, ``1.0000e-05``, ``3``, ``True``."""
    return cell_texts(np.asarray(value))[0]


def cell_texts(array: Array) -> list[str]:
    """Every element of ``array``, flat, with the digits PyTorch would print them with as one tensor.

    Where PyTorch writes all of them with exponents because one is so small or so large (``3.0000e-01, 3.0000e-04``),
    each is written as PyTorch prints it alone, ``0.3000, 0.0003``; and as ``1.25e-05`` where it needs its exponent.
    """
    texts = [_dressed(text) for text in printing.cells(array)]
    if array.size > 1 and array.dtype.kind == "f" and any("e" in text for text in texts):
        return [_alone(value) for value in array.reshape(-1)]
    return texts


def _alone(value: Any) -> str:
    digits, exponent, power = number_text(value).partition("e")
    if not exponent:
        return digits
    plain = f"{value:.4f}"  # float32 has 0.0001 a little too small to be printed so
    if f"{float(plain):.4e}" == f"{value:.4e}":
        return plain
    return digits.rstrip("0").rstrip(".") + exponent + power


def in_full(array: Array, limit: int = 6) -> bool:
    """Whether ``array_text`` writes every number."""
    return 0 < array.size <= limit


def array_text(array: Array, limit: int = 6) -> str:
    """A scalar as its number, up to ``limit`` elements in brackets (``[[1.0, 2.0]]``), anything larger by its shape."""
    if not in_full(array, limit):
        return shape_text(array.shape)
    if array.size == 1:
        return number_text(array.reshape(()))
    texts = cell_texts(array)
    for length in array.shape[::-1]:
        texts = ["[" + ", ".join(texts[n : n + length]) + "]" for n in range(0, len(texts), length)]
    return texts[0]


def measured(array: Array) -> str:
    """An array too large to be written, in a few letters: its norm, or what is wrong with it (``2 of 18 nan``).

    Arrays that have no norm, those without an element or a floating-point dtype, are told by their shape.
    """
    if not array.size or array.dtype.kind != "f":
        return shape_text(array.shape)
    nans, infinities = int(np.isnan(array).sum()), int(np.isinf(array).sum())
    if nans or infinities:
        counts = ((nans, "nan"), (infinities, "inf"))
        return ", ".join(f"{count} of {array.size} {what}" for count, what in counts if count)
    largest = magnitude(array)
    if largest == 0.0:
        return "all 0"
    # Squares of what is very small or very large are not floating-point numbers any more.
    return f"norm {largest * float(np.linalg.norm(array.astype(np.float64).reshape(-1) / largest)):.3g}"


def told(array: Array, what: str = "gradient", limit: int = 6) -> str:
    """``array`` in a sentence: as ``array_text``, but a large one in words, since a shape alone reads like a value."""
    if in_full(array, limit):
        return array_text(array, limit)
    large = "\u00d7".join(str(n) for n in array.shape) if array.ndim > 1 else f"{array.size}-element"
    words = f"a {large} {what}"
    return f"{words} ({measured(array)})" if array.size and array.dtype.kind == "f" else words


def compact(value: Any) -> str:
    """One number in three digits, for where nothing longer could be read: ``139``, ``0.496``, ``1e-05``."""
    array = np.asarray(value)
    return f"{float(array):.3g}" if array.dtype.kind == "f" else number_text(value)


def signed(text: str) -> str:
    """``text`` of a gradient with its sign written: ``+2.0``, ``-2.0``; an exact zero has none."""
    try:
        positive = float(text) > 0
    except ValueError:
        return text
    return f"+{text}" if positive and not text.startswith("+") else text


def short(text: str) -> str:
    """``text`` without a fraction that says nothing: ``-2.0`` is ``-2``."""
    stem, dot, fraction = text.partition(".")
    return stem if dot and fraction.strip("0") == "" else text


def prose(text: str) -> str:
    """``text`` of a number as it stands in a sentence: with a minus sign, and without a fraction that says nothing."""
    return short(text).replace("-", "\N{MINUS SIGN}")


def short_gradient(array: Array, limit: int = 3) -> str:
    """A gradient in few letters: ``-2``; up to ``limit`` elements in brackets; beyond that its shape."""
    if array.size == 0:
        return shape_text(array.shape)
    if array.ndim == 0 or array.size == 1:
        return signed(short(cell_texts(array)[0]))
    if array.size <= limit:
        return "[" + ", ".join(signed(short(text)) for text in cell_texts(array)) + "]"
    return shape_text(array.shape)


def shape_text(shape: Sequence[int]) -> str:
    """A shape as PyTorch writes it inside ``torch.Size``: ``[]``, ``[3]``, ``[2, 3]``."""
    return "[" + ", ".join(str(n) for n in shape) + "]"


def sign(array: Array) -> int:
    """1 or -1 where every element has that sign, zeros aside; 0 where signs are mixed or there is no number."""
    if array.size == 0 or array.dtype.kind not in "fiub":
        return 0
    low, high = float(array.min()), float(array.max())
    if math.isnan(low) or math.isnan(high):
        return 0
    if low >= 0 < high:
        return 1
    return -1 if high <= 0 > low else 0


def magnitude(array: Array) -> float:
    """The largest absolute value of ``array``, infinities and NaN aside; 0.0 where there is none."""
    if array.size == 0:
        return 0.0
    sizes = np.abs(array.astype(np.float64, copy=False))
    finite = sizes[np.isfinite(sizes)]
    return float(finite.max()) if finite.size else 0.0
