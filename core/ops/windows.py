"""An array seen through a window that moves over it, and the adjoint of that: what convolutions and pools are made of.

The two opaque functions here are each other's adjoint, and so their rules are exact to every order. What is computed
in the windows stands in ``convolution`` and ``pooling``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Rule, Sample
from chainrule.core.ops.vocabulary import opaque

Sizes = Sequence[int]


def span(kernel: int, dilation: int) -> int:
    """How far a window of ``kernel`` elements reaches, ``dilation`` apart."""
    return dilation * (kernel - 1) + 1


@opaque("windows({0})", rule="windows", view=True)
def windows(array: Any, kernel: Sizes, stride: Sizes, dilation: Sizes) -> Any:
    """A view of ``array`` (..., *size) as (..., *kernel, *places): what a window sees at each place that it comes to.

    A word of its own since NumPy would need its strides, and so that its adjoint can name it.
    """
    shape, steps = _layout(array.shape, array.strides, *map(tuple, (kernel, stride, dilation)))
    if not array.flags.c_contiguous:
        return np.lib.stride_tricks.as_strided(array, shape, steps, writeable=False)
    seen: Any = np.ndarray(shape, array.dtype, array, 0, steps)  # the same, and much quicker
    seen.flags.writeable = False
    return seen


@lru_cache
def _layout(shape: Sizes, strides: Sizes, kernel: Sizes, stride: Sizes, dilation: Sizes) -> tuple[Sizes, Sizes]:
    """The shape and the strides of what windows see of an array with ``shape`` and ``strides``."""
    lead = len(shape) - len(kernel)
    moves = list(zip(shape[lead:], strides[lead:], kernel, stride, dilation, strict=True))
    places = [(size - span(count, apart)) // step + 1 for size, _, count, step, apart in moves]
    within = [width * apart for _, width, _, _, apart in moves]
    between = [width * step for _, width, _, step, _ in moves]
    return (*shape[:lead], *kernel, *places), (*strides[:lead], *within, *between)


@opaque("unwindows({0})", rule="unwindows")
def unwindows(seen: Any, size: Sizes, stride: Sizes, dilation: Sizes) -> Any:
    """The adjoint of ``windows``: ``seen`` (..., *kernel, *places) added up where the windows saw it, as (..., *size).

    NumPy can add overlapping parts only in place, here one element of the window after the other.
    """
    count = len(size)
    lead = seen.ndim - 2 * count
    kernel, places = seen.shape[lead : lead + count], seen.shape[lead + count :]
    result = np.zeros((*seen.shape[:lead], *size), seen.dtype)
    for at in product(*map(range, kernel)):
        first = [i * apart for i, apart in zip(at, dilation, strict=True)]
        there: list[Any] = [
            slice(f, f + (n - 1) * step + 1, step) for f, n, step in zip(first, places, stride, strict=True)
        ]
        result[(..., *there)] += seen[(slice(None),) * lead + at]
    return result


_STEPS = {"stride": (2, 1), "dilation": (1, 2)}
_IMAGE = [[[1.0, -2.0, 0.5, 3.0], [0.25, -1.0, 2.0, 1.5], [-0.5, 4.0, 1.25, 0.75]]]

register(Rule(
    "windows", lambda input, kernel, stride, dilation: windows(input, kernel, stride, dilation),
    vjps=(lambda g, y, input, kernel, stride, dilation: unwindows(
              g, input.shape[input.ndim - len(kernel):], stride, dilation),),
    doc="What a moving window sees at each of its places.", family="indexing", public=False, dtype="as is",
    view=True, samples=(Sample((_IMAGE,), {"kernel": (2, 2), **_STEPS}),),
))  # fmt: skip

register(Rule(
    "unwindows", lambda input, size, stride, dilation: unwindows(input, size, stride, dilation),
    vjps=(lambda g, y, input, size, stride, dilation: windows(
              g, input.shape[input.ndim - 2 * len(size) : input.ndim - len(size)], stride, dilation),),
    doc="Windows added up where they were seen.", family="indexing", public=False, dtype="as is",
    samples=(Sample(([[[[1.0, -2.0], [0.5, 3.0]], [[0.25, -1.0], [2.0, 1.5]]]],),
                    {"size": (3,), "stride": (1,), "dilation": (1,)}),),
))  # fmt: skip
