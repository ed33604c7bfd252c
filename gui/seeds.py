"""The seed of Backward as it is typed: numbers with commas between them, in the root's shape."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.document.graph import Array


class SeedError(ValueError):
    """A seed that is not one; the message says what is wrong and what would be right."""


def parse_seed(text: str, shape: tuple[int, ...] | None) -> Array | None:
    """The float64 array of ``shape`` that ``text`` stands for, or None (PyTorch's implicit 1) where it is empty.

    Raises SeedError when something is not a number or the count does not fit the root.
    """
    words = text.replace(",", " ").replace("[", " ").replace("]", " ").split()
    if not words:
        return None
    numbers = []
    for word in words:
        try:
            numbers.append(float(word.replace("\N{MINUS SIGN}", "-")))
        except ValueError:
            raise SeedError(f"seed: {word!r} is not a number; it takes {_numbers(_count(shape))}") from None
    count = _count(shape)
    if len(numbers) != count:
        has, there = f"{count} element{'s' * (count != 1)}", f"{len(numbers)} stand{'s' * (len(numbers) == 1)} there"
        raise SeedError(f"seed: the root has {has}, so it takes {_numbers(count)}; {there}")
    return np.array(numbers).reshape(shape or ())


def _count(shape: tuple[int, ...] | None) -> int:
    return math.prod(shape or ())


def _numbers(count: int) -> str:
    return "one number" if count == 1 else f"{count} numbers with commas between them"


def seed_data(seed: Array | None, dtype: np.dtype[Any]) -> Any:
    """``seed`` as a document keeps it for a loss of ``dtype``: plain numbers where they read back to the same bits.

    PyTorch's implicit 1 is not kept: it is what a scalar has without a seed.
    """
    if seed is None or (seed.ndim == 0 and seed == 1):
        return None
    return seed.tolist() if dtype == np.float32 else seed


def seed_words(gradient: Any) -> str:
    """A seed as it would be typed: the numbers of ``gradient`` (a number or nested lists) one after the other."""
    return "" if gradient is None else ", ".join(repr(float(number)) for number in np.ravel(gradient))
