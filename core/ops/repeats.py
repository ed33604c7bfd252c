"""Elements repeated: without copying, by expand and its kin, or in memory, by repeat, tile and repeat_interleave.

The gradient of each element is the sum over its repetitions; where they are broadcast, the engine takes that sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from chainrule.core.ops.checks import broadcast, expandable, size_text, type_name, wrap_dim
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_MATRIX = [[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]]
_PAIR = Sample(([1.5, -2.0, 0.5], _MATRIX))


def _expanded(shape: Sequence[int], size: Sequence[int]) -> tuple[int, ...]:
    padded = [-1] * (len(size) - len(shape)) + list(shape)
    return tuple(old if new == -1 else new for old, new in zip(padded, size, strict=True))


def _can_expand(input: Any, size: Sequence[int]) -> None:
    if len(size) < input.ndim:
        raise RuntimeError(
            f"expand(torch.{type_name(input.dtype)}Tensor{{{size_text(input.shape)}}}, size={size_text(size)}): the "
            f"number of sizes provided ({len(size)}) must be greater or equal to the number of dimensions in the "
            f"tensor ({input.ndim})"
        )
    expandable(input.shape, size)


def _expand(input: Any, size: Sequence[int]) -> Any:
    """NumPy's copies cannot be written to, and here there may be none."""
    shape = _expanded(input.shape, size)
    return np.broadcast_to(input, shape) if prod(shape) != prod(input.shape) else np.reshape(input, shape)


register(Rule(
    "expand", _expand,
    vjps=(lambda g, y, input, size: g,),
    doc="Repeated along dimensions of size 1, without copying.", family="shape", symbol="⇉", dtype="as is", view=True,
    synonyms=("broadcast", "repeat"), paths=(), ints="size", check=_can_expand,
    samples=(Sample(([[1.5], [-2.0]],), {"size": (2, 3)}), Sample((1.5,), {"size": (3,)})),
))  # fmt: skip

register(Composite(
    "expand_as", lambda F, input, other: F.expand(input, tuple(other.shape)),
    doc="Repeated to another tensor's shape, without copying.", family="shape", symbol="⇉",
    tensors=("input", "other"), paths=(), synonyms=("broadcast",), samples=(_PAIR,),
))  # fmt: skip

register(Composite(
    "broadcast_to", lambda F, input, size: F.expand(input, size),
    doc="Repeated along dimensions of size 1, without copying: another name of `expand`.", family="shape", symbol="⇉",
    synonyms=("expand",), ints="size", samples=(Sample(([[1.5], [-2.0]],), {"size": (2, 3)}),),
))  # fmt: skip


def _broadcast_tensors(F: Any, tensors: Sequence[Any]) -> Any:
    shape = broadcast(*(each.shape for each in tensors))
    return tuple(each if tuple(each.shape) == shape else F.expand(each, shape) for each in tensors)


register(Composite(
    "broadcast_tensors", _broadcast_tensors, doc="Several tensors repeated to their common shape, without copying.",
    family="shape", symbol="⇉", synonyms=("expand",), tensors=("tensors",), variadic=True, method=False,
    samples=(_PAIR,),
))  # fmt: skip


def _meshgrid(F: Any, tensors: Sequence[Any], indexing: str | None = None) -> Any:
    if not tensors:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    if indexing not in (None, "ij", "xy"):
        raise RuntimeError(f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}')
    if len({each.dtype for each in tensors}) > 1:
        raise RuntimeError("meshgrid expects all tensors to have the same dtype")
    for each in tensors:
        if each.ndim > 1:
            raise RuntimeError(f"torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {each!r}")
    places = list(range(len(tensors)))
    if indexing == "xy" and len(tensors) > 1:
        places[:2] = 1, 0
    shape = [0] * len(tensors)
    for place, each in zip(places, tensors, strict=True):
        shape[place] = each.numel()
    lines = [
        F.view(each, (*(1,) * place, -1, *(1,) * (len(tensors) - place - 1)))
        for place, each in zip(places, tensors, strict=True)
    ]
    return tuple(F.expand(line, shape) for line in lines)


register(Composite(
    "meshgrid", _meshgrid, doc="Coordinates of a grid, one tensor for each of the axes.", family="shape", symbol="#",
    synonyms=("grid", "coordinates"), tensors=("tensors",), variadic=True, method=False,
    choices={"indexing": (None, "ij", "xy")},
    samples=(Sample(([1.5, -2.0, 0.5], [3.0, 0.25]), {"indexing": "ij"}),),
))  # fmt: skip


# In memory


def _repeated_shapes(shape: Sequence[int], repeats: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """How repetition is a broadcast: each side split in (1, side), in (times, side), and their products."""
    sides = (*(1,) * (len(repeats) - len(shape)), *shape)
    pairs = list(zip(repeats, sides, strict=True))
    return (
        tuple(side for _, own in pairs for side in (1, own)),
        tuple(side for pair in pairs for side in pair),
        tuple(times * own for times, own in pairs),
    )


def _repeat(input: Any, repeats: Sequence[int]) -> Any:
    split, broad, joined = _repeated_shapes(input.shape, repeats)
    return np.copy(np.reshape(np.broadcast_to(np.reshape(input, split), broad), joined))


def _can_repeat(input: Any, repeats: Sequence[int]) -> None:
    if len(repeats) < input.ndim:
        raise RuntimeError("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
    joined = _repeated_shapes(input.shape, repeats)[2]
    negative = [side for side in joined if side < 0]
    if negative:
        raise RuntimeError(f"Trying to create tensor with negative dimension {negative[0]}: {size_text(joined)}")


def _summed(g: Any, input: Any, repeats: Sequence[int]) -> Any:
    broad = np.reshape(g, _repeated_shapes(input.shape, repeats)[1])
    return np.reshape(np.sum(broad, axis=tuple(range(0, 2 * len(repeats), 2))), input.shape)


register(Rule(
    "repeat", lambda input, repeats: _repeat(input, repeats),
    vjps=(lambda g, y, input, repeats: _summed(g, input, repeats),),
    doc="The whole tensor several times along each dimension.", family="shape", symbol="⋯", synonyms=("tile",),
    dtype="as is", ints="repeats", paths=(), check=_can_repeat,
    samples=(Sample((_MATRIX,), {"repeats": (2, 3)}), Sample(([1.5, -2.0],), {"repeats": (2, 2)})),
))  # fmt: skip


def _tile(F: Any, input: Any, dims: Sequence[int]) -> Any:
    dims = (dims,) if isinstance(dims, int) else tuple(dims)
    return F.repeat(input, (*(1,) * (input.ndim - len(dims)), *dims))


register(Composite(
    "tile", _tile, doc="The whole tensor several times along its last dimensions.", family="shape", symbol="⋯",
    ints="dims", samples=(Sample((_MATRIX,), {"dims": (2,)}),),
))  # fmt: skip

register(Rule(
    "repeated_places", lambda input, size: np.repeat(np.arange(size), input),
    vjps=(None,),
    doc="Each of the places below a size as often as it is to be repeated.", family="shape", public=False,
    dtype="as is",
))  # fmt: skip


def _repeat_interleave(F: Any, input: Any, repeats: Any, dim: int | None = None) -> Any:
    source = F.view(F.contiguous(input), (-1,)) if dim is None or input.ndim == 0 else input
    place = wrap_dim(dim or 0, input.ndim if dim is not None else 1)
    shape = tuple(source.shape)
    if isinstance(repeats, int):
        if repeats < 0:
            raise RuntimeError("Repeats must be non-negative")
        times = F.expand(F.unsqueeze(source, place + 1), (*shape[: place + 1], repeats, *shape[place + 1 :]))
        return F.view(F.ordered_clone(times), (*shape[:place], shape[place] * repeats, *shape[place + 1 :]))
    if repeats.numel() not in (1, shape[place]):
        raise RuntimeError(
            f"repeats must have the same size as input along dim, but got repeats.size(0) = {repeats.numel()} and "
            f"input.size({place}) = {shape[place]}"
        )
    return F.index_select(source, place, F.repeated_places(repeats, shape[place]))


register(Composite(
    "repeat_interleave", _repeat_interleave, doc="Each element several times in a row, along a dimension.",
    family="shape", symbol="⋯", synonyms=("upsample",),
    samples=(Sample((_MATRIX,), {"repeats": 2}), Sample((_MATRIX,), {"repeats": 2, "dim": 1})),
))  # fmt: skip
