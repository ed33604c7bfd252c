"""Where elements stand: indices in an array, written as source, for indices in a walk over it or in a view of it.

What is computed with the elements is ``fused``'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.core.compile.tracing import Traced, value_of
from chainrule.core.ops.vocabulary import index


def nest(shape: tuple[int, ...]) -> tuple[list[str], list[str]]:
    """The heads of loops over ``shape``, and the names of the indices."""
    at = [f"i{d}" for d in range(len(shape))]
    return [
        f"{'    ' * d}for {index} in range({side}):" for d, (index, side) in enumerate(zip(at, shape, strict=True))
    ], at


def met(at: Sequence[str], shape: tuple[int, ...]) -> list[str]:
    """The indices that broadcasting gives an array of ``shape``."""
    own = (["0"] * len(shape) + list(at))[len(at) :]
    return ["0" if side == 1 else index for index, side in zip(own, shape, strict=True)]


def flat(at: Sequence[str], shape: tuple[int, ...]) -> str:
    """The place of an element in reading order."""
    place = "0"
    for each, side in zip(at, shape, strict=True):
        place = each if place == "0" else f"({place} * {side} + {each})"
    return place


def unviewed(view: Traced, at: list[str]) -> list[str]:
    """The indices in the argument of a view for the indices in the view."""
    function: Any = view.call
    base = value_of(view.args[0])
    if function is np.broadcast_to:
        return met(at, base.shape)
    if function in (np.transpose, np.swapaxes):
        back = [""] * base.ndim
        for place, axis in enumerate(_permutation(function, view, base.ndim)):
            back[axis] = at[place]
        return back
    if function is np.flip:
        axis = view.kwargs.get("axis", view.args[1] if len(view.args) > 1 else None)
        axes = (
            range(base.ndim) if axis is None else [d % base.ndim for d in ((axis,) if isinstance(axis, int) else axis)]
        )
        return [f"({side - 1} - {at[d]})" if d in axes else at[d] for d, side in enumerate(base.shape)]
    if function is index:
        return _unindexed(view.args[1], at, base.shape)
    return _refolded(at, view.shape, base.shape)


def _permutation(function: Any, view: Traced, ndim: int) -> list[int]:
    """Which axis of the argument each axis of the view is."""
    marked = function(np.empty(tuple(range(2, 2 + ndim))), *view.args[1:], **view.kwargs)
    return [side - 2 for side in marked.shape]


def _refolded(at: list[str], shape: tuple[int, ...], old: tuple[int, ...]) -> list[str]:
    """Indices after a reshape; dropping and adding sides of 1 needs no arithmetic."""
    if [side for side in shape if side != 1] == [side for side in old if side != 1]:
        proper = iter(index for index, side in zip(at, shape, strict=True) if side != 1)
        return ["0" if side == 1 else next(proper) for side in old]
    place, back, stride = flat(at, shape), [], 1
    for side in reversed(old[1:]):
        back.append(f"({place} // {stride} % {side})" if stride > 1 else f"({place} % {side})")
        stride *= side
    return [f"({place} // {stride})" if stride > 1 else place, *reversed(back)] if old else []


def _unindexed(at: Any, indices: list[str], shape: tuple[int, ...]) -> list[str]:
    """The indices in an array for those in what ``array[at]`` gives."""
    parts = list(at) if isinstance(at, tuple) else [at]
    if Ellipsis not in parts:
        parts.append(Ellipsis)
    dots = parts.index(Ellipsis)
    given = sum(part is not None and part is not Ellipsis for part in parts)
    parts[dots : dots + 1] = [slice(None)] * (len(shape) - given)
    left, back = list(indices), list[str]()
    for part in parts:
        if part is None:
            left.pop(0)
        elif isinstance(part, slice):
            start, _, by = part.indices(shape[len(back)])
            here = left.pop(0)
            scaled = here if by == 1 else f"{by} * {here}"
            back.append(scaled if start == 0 else f"({start} + {scaled})")
        else:
            back.append(str(int(part) % shape[len(back)]))
    return back
