"""Elements replaced where a mask or an index says, and what a mask picks.

Masks and indices are tensors here; none of them has a derivative.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.ops.checks import TYPE_NAMES, broadcast, c_name, size_text, type_name, wrap_dim
from chainrule.core.ops.picking import lined, slices_at, strays
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.vocabulary import index as take
from chainrule.core.ops.vocabulary import scattered, unindex

_MATRIX = [[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]]
_MASK = [[True, False, False], [False, True, True]]


def _fill_value(operation: str, input: Any, value: Any) -> None:
    if getattr(value, "ndim", 0):
        raise RuntimeError(
            f"{operation} only supports a 0-dimensional value tensor, but got tensor with {value.ndim} dimension(s)."
        )
    if input.dtype.kind in "iu" and not hasattr(value, "dtype"):
        limits = np.iinfo(input.dtype)
        if not limits.min <= value <= limits.max:
            raise RuntimeError(f"value cannot be converted to type {input.dtype.name}_t without overflow")


def _can_fill(input: Any, mask: Any, value: Any) -> None:
    if mask.dtype != np.bool_:
        raise RuntimeError(f"masked_fill_ only supports boolean masks, but got mask with dtype {c_name(mask.dtype)}")
    _fill_value("masked_fill_", input, value)
    broadcast(mask.shape, input.shape)


register(Rule(
    "masked_fill", lambda input, mask, value: np.where(mask, value, input),
    vjps=(lambda g, y, input, mask, value: np.where(mask, 0, g),
          None,
          lambda g, y, input, mask, value: np.where(mask, g, 0)),
    doc="One value where the mask holds, the tensor elsewhere.", family="indexing", symbol="▞",
    synonyms=("mask", "fill", "replace"), numbers=("value",), dtype="first", uncast=("mask",), check=_can_fill,
    overloads=("Tensor input, Tensor mask, Tensor value", "Tensor input, Tensor mask, Number value"),
    grad_fn=lambda numbers, params: "MaskedFillBackward0" if "value" in numbers else "MaskedFillBackward1",
    samples=(Sample((_MATRIX, _MASK, 4)), Sample((_MATRIX, [True, False, True], 0.5))),
))  # fmt: skip


def _selectable(input: Any, mask: Any) -> None:
    if mask.dtype != np.bool_:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    broadcast(mask.shape, input.shape)


def _both(input: Any, mask: Any) -> tuple[Any, Any]:
    shape = broadcast(input.shape, mask.shape) or (1,)
    return np.broadcast_to(input, shape), np.broadcast_to(mask, shape)


def _back_in_place(g: Any, input: Any, mask: Any) -> Any:
    """``g`` where the mask holds, 0 elsewhere: each place counts the picked ones up to it, and 0 stands first."""
    chosen = _both(input, mask)[1]
    counts = np.reshape(np.cumsum(np.reshape(chosen, (-1,)), axis=0), chosen.shape)
    nothing = np.zeros_like(np.sum(g, keepdims=True))
    return take(np.concatenate((nothing, g)), np.where(chosen, counts, 0))


register(Rule(
    "masked_select", lambda input, mask: take(*_both(input, mask)),
    vjps=(lambda g, y, input, mask: _back_in_place(g, input, mask),
          None),
    doc="The elements where the mask holds, in a row.", family="indexing", symbol="▞", synonyms=("mask", "filter"),
    dtype="as is", check=_selectable, samples=(Sample((_MATRIX, _MASK)),),
))  # fmt: skip


# What stands along a dimension


def _chosen(index: Any, dim: int, shape: tuple[int, ...]) -> Any:
    """Which places along ``dim`` the vector ``index`` names, in a shape that broadcasts to ``shape``."""
    side = shape[dim] if shape else 1
    places = np.reshape(np.arange(side), (side, 1))
    named = np.sum(np.equal(places, np.remainder(lined(index), side or 1)), axis=1) > 0
    return np.reshape(named, (side, *(1,) * (len(shape) - dim % len(shape) - 1)) if shape else ())


def _can_index_fill(input: Any, index: Any, value: Any, dim: int) -> None:
    if index.dtype.name != "int64":
        raise IndexError("index_fill_(): Expected dtype int64 for index.")
    wrapped = wrap_dim(dim, input.ndim)
    _fill_value("index_fill_", input, value)
    if index.ndim > 1:
        raise RuntimeError("Index has to be a vector/scalar")
    side = input.shape[wrapped] if input.ndim else 1
    outside = lined(index)[(lined(index) < -side) | (lined(index) >= side)]
    if len(outside):
        raise IndexError(f"index {outside[0]} is out of bounds for dimension {wrapped} with size {side}")


register(Rule(
    "index_fill", lambda input, index, value, dim: np.where(_chosen(index, dim, input.shape), value, input),
    vjps=(lambda g, y, input, index, value, dim: np.where(_chosen(index, dim, input.shape), 0, g),
          None,
          lambda g, y, input, index, value, dim: np.where(_chosen(index, dim, input.shape), g, 0)),
    doc="One value at the places along a dimension that the index names.", family="indexing", symbol="[i]=",
    synonyms=("fill", "assign"), numbers=("value",), dtype="first", uncast=("index",), check_values=_can_index_fill,
    order=("input", "dim", "index", "value"),
    overloads=tuple(f"Tensor input, int dim, Tensor index, {kind} value" for kind in ("Tensor", "Number")),
    grad_fn=lambda numbers, params: "IndexFillBackward0" if "value" in numbers else "IndexFillBackward1",
    samples=(Sample((_MATRIX, [2, 0], 4), {"dim": 1}), Sample((_MATRIX, [1], 0.5), {"dim": 0})),
))  # fmt: skip


def _counts_match(operation: str, index: Any, source: Any, dim: int) -> None:
    count, got = lined(index).shape[0], source.shape[dim] if source.ndim else 1
    if count != got:
        note = f": ({got}), for dim: {dim}" if operation == "index_add_" else f" ({got})"
        error = RuntimeError if operation == "index_add_" else IndexError
        raise error(f"{operation}(): Number of indices ({count}) should be equal to source.size(dim){note}")


def _can_index_add(input: Any, index: Any, source: Any, dim: int, alpha: Any = 1) -> None:
    dim = wrap_dim(dim, input.ndim)
    if index.ndim > 1:
        raise IndexError(
            f"index_add_(): Index is supposed to be a vector, but got dim: {index.ndim} with type: "
            f"{type_name(index.dtype)} and size: {size_text(index.shape)}"
        )
    if index.dtype.name not in ("int32", "int64"):
        raise RuntimeError(
            f"index_add_(): Expected dtype int32/int64 for index but got: {TYPE_NAMES[index.dtype.name][0]}"
        )
    if source.dtype != input.dtype:
        raise RuntimeError(
            f"index_add_(): self ({type_name(input.dtype)}) and source ({type_name(source.dtype)}) must have the same "
            "scalar type"
        )
    _counts_match("index_add_", index, source, dim)
    if any(a != b for place, (a, b) in enumerate(zip(input.shape, source.shape, strict=False)) if place != dim):
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = "
            f"{size_text(input.shape)} source.shape = {size_text(source.shape)}"
        )
    side = input.shape[dim] if input.ndim else 1
    if strays(index, side):
        if input.ndim == 1:
            raise IndexError("index out of range in self")
        raise RuntimeError(
            f"index {index[(index < 0) | (index >= side)][0]} is out of bounds for dimension {dim} with size {side}"
        )


register(Rule(
    "index_add",
    lambda input, index, source, dim, alpha=1: input
    + unindex(source if alpha == 1 else alpha * source, slices_at(index, dim, input.ndim), input.shape),
    vjps=(lambda g, y, input, index, source, dim, alpha: g,
          None,
          lambda g, y, input, index, source, dim, alpha: _scaled(take(g, slices_at(index, dim, input.ndim)), alpha)),
    doc="The source added to the slices along a dimension that the index names.", family="indexing", symbol="[i]+=",
    synonyms=("accumulate",), dtype="as is", order=("input", "dim", "index", "source", "alpha"),
    check_values=_can_index_add,
    samples=(Sample((_MATRIX, [0, 0], [[2.0, 3.0], [-1.5, 0.75]]), {"dim": 1}),
             Sample((_MATRIX, [1], [[2.0, 3.0, 0.5]]), {"dim": 0, "alpha": 2})),
))  # fmt: skip


def _scaled(g: Any, alpha: Any) -> Any:
    return g if alpha == 1 else alpha * g


def _can_index_copy(input: Any, index: Any, source: Any, dim: int) -> None:
    dim = wrap_dim(dim, input.ndim)
    if source.dtype != input.dtype:
        raise RuntimeError(
            f"index_copy_(): self and source expected to have the same dtype, but got (self) {type_name(input.dtype)} "
            f"and (source) {type_name(source.dtype)}"
        )
    ours, theirs = ([*shape[:dim], *shape[dim + 1 :]] for shape in (input.shape, source.shape))
    if ours != theirs:
        raise RuntimeError(
            "index_copy_(): Source/destination tensor must have same slice shapes. Destination slice shape: "
            f"{' '.join(map(str, ours))} at dimension {dim} and source slice shape: {' '.join(map(str, theirs))} at "
            f"dimension {dim}."
        )
    _counts_match("index_copy_", index, source, dim)
    side = input.shape[dim] if input.ndim else 1
    if strays(index, side):
        outside = lined(index)[(lined(index) < 0) | (lined(index) >= side)]
        raise IndexError(f"index_copy_(): index {outside[0]} is out of bounds for dimension {dim} with size {side}")


def _spelt_out(index: Any, dim: int, shape: tuple[int, ...]) -> Any:
    """The vector ``index`` repeated for every element of a source of ``shape``, as ``scatter`` takes it."""
    dim = dim % len(shape)
    return np.broadcast_to(np.reshape(index, (-1, *(1,) * (len(shape) - dim - 1))), shape)


register(Rule(
    "index_copy",
    lambda input, index, source, dim: scattered(input, _spelt_out(index, dim, source.shape), dim, source),
    vjps=(lambda g, y, input, index, source, dim: np.where(_chosen(index, dim, input.shape), 0, g),
          None,
          lambda g, y, input, index, source, dim: take(g, slices_at(index, dim, input.ndim))),
    doc="The source written to the slices along a dimension that the index names.", family="indexing", symbol="[i]=",
    synonyms=("assign", "write"), dtype="as is", order=("input", "dim", "index", "source"),
    check_values=_can_index_copy, samples=(Sample((_MATRIX, [2, 0], [[2.0, 3.0], [-1.5, 0.75]]), {"dim": 1}),),
))  # fmt: skip


# Where they stand

register(Rule(
    "argwhere", lambda input: np.argwhere(input),
    vjps=(None,),
    doc="The indices of the elements that are not 0, one row each. It has no derivative.", family="indexing",
    symbol="≠0", synonyms=("nonzero", "where"), dtype="as is", samples=(Sample((_MATRIX,)),),
))  # fmt: skip


def _nonzero(F: Any, input: Any, *, as_tuple: bool = False) -> Any:
    if not as_tuple:
        return F.argwhere(input)
    return F.unbind(F.argwhere(input if input.ndim else F.reshape(input, (1,))), 1)


register(Composite(
    "nonzero", _nonzero, doc="The indices of the elements that are not 0. It has no derivative.", family="indexing",
    symbol="≠0", synonyms=("argwhere", "where"), samples=(Sample((_MATRIX,)),),
))  # fmt: skip
