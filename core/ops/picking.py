"""Elements picked, or written, at places that another tensor names: gather, scatter, take and their kin.

What stands between brackets is in ``indexing``. Every rule here goes there and back by closed pairs of words:
``take_along_axis`` and ``ungather``, ``index`` and ``unindex``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.core.ops.checks import broadcast, size_text, type_name, wrap_dim
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.vocabulary import index as take
from chainrule.core.ops.vocabulary import scattered, ungather, unindex

_MATRIX = [[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]]
_PLACES = [[0, 2], [1, 1]]


def _integers(operation: str, index: Any, wanted: str = "int32/int64") -> None:
    if index.dtype.name not in ("int32", "int64"):
        raise RuntimeError(f"{operation}(): Expected dtype {wanted} for index")


def _within(index: Any, dim: int, shape: Sequence[int]) -> None:
    """Check that ``index`` names places along ``dim``, which PyTorch here counts from the front only."""
    side = shape[dim] if shape else 1
    if strays(index, side):
        outside = index[(index < 0) | (index >= side)]
        raise RuntimeError(f"index {outside[0]} is out of bounds for dimension {dim} with size {side}")


def strays(index: Any, size: int) -> bool:
    """Whether one of the integers in ``index`` is not from 0 to ``size`` - 1.

    Read without their signs, those below 0 are very large, so that one look is enough.
    """
    return bool(index.size) and bool(np.maximum.reduce(index.view(_WITHOUT_SIGN[index.dtype]), None) >= size)


_WITHOUT_SIGN = {np.dtype(f"{kind}{size}"): np.dtype(f"u{size}") for kind in "iu" for size in (1, 2, 4, 8)}


# Gather and its adjoint


def lined(array: Any) -> Any:
    """A scalar as a vector of one element, as PyTorch reads it here."""
    return array if array.ndim else np.reshape(array, (1,))


def _corner(array: Any, shape: Sequence[int], dim: int | None = None) -> Any:
    """The first elements of ``array``, as many as ``shape`` says, in every dimension but ``dim``."""
    if all(place == dim or side == wanted for place, (side, wanted) in enumerate(zip(array.shape, shape, strict=True))):
        return array
    return array[tuple(slice(None) if place == dim else slice(0, side) for place, side in enumerate(shape))]


def _gathered(array: Any, index: Any, dim: int) -> Any:
    source, places = lined(array), lined(index)
    dim = dim % source.ndim
    picked = np.take_along_axis(_corner(source, places.shape, dim), places, axis=dim)
    return picked if index.ndim else np.reshape(picked, ())


def _spread(g: Any, index: Any, dim: int, shape: tuple[int, ...]) -> Any:
    whole = ungather(lined(g), lined(index), dim % max(len(shape), 1), shape or (1,))
    return whole if shape else np.reshape(whole, ())


def _ranks(index: Any, *others: Any, names: Sequence[str] = ("input",)) -> None:
    for name, other in zip(names, others, strict=True):
        if max(index.ndim, 1) != max(other.ndim, 1):
            raise RuntimeError(f"Index tensor must have the same number of dimensions as {name} tensor")


def _can_gather(input: Any, index: Any, dim: int) -> None:
    _integers("gather", index)
    dim = wrap_dim(dim, input.ndim)
    _ranks(index, input)
    for place, (side, wanted) in enumerate(zip(input.shape, index.shape, strict=False)):
        if place != dim and wanted > side:
            raise RuntimeError(
                f"Size does not match at dimension {place} expected index {size_text(index.shape)} to be no larger "
                f"than self {size_text(input.shape)} apart from dimension {dim}"
            )
    _within(index, dim, input.shape)


register(Rule(
    "gather", lambda input, index, dim: _gathered(input, index, dim),
    vjps=(lambda g, y, input, index, dim: _spread(g, index, dim, input.shape),
          None),
    doc="Along a dimension, the elements whose places the index names.", family="indexing", symbol="↙",
    synonyms=("pick", "take along", "lookup"), dtype="as is", order=("input", "dim", "index"), check_values=_can_gather,
    samples=(Sample((_MATRIX, _PLACES), {"dim": 1}), Sample((_MATRIX, [[0, 1], [1, 1]]), {"dim": 0})),
))  # fmt: skip

register(Rule(
    "ungather", lambda input, indices, dim, shape: ungather(input, indices, dim, shape),
    vjps=(lambda g, y, input, indices, dim, shape: _gathered(g, indices, dim),
          None),
    doc="Zeros with each element added where `gather` would pick it.", family="indexing", public=False, dtype="as is",
    samples=(Sample(([[1.5, -2.0], [0.5, 3.0]], _PLACES), {"dim": 1, "shape": (2, 3)}),),
))  # fmt: skip


def _take_along_dim(F: Any, input: Any, indices: Any, dim: int | None = None) -> Any:
    if indices.dtype.name != "int64":
        raise RuntimeError(f"torch.take_along_dim(): dtype of indices should be Long but got {indices.dtype.type_name}")
    if dim is None:
        return F.gather(F.reshape(input, (-1,)), 0, F.reshape(indices, (-1,)))
    if input.ndim != indices.ndim:
        raise RuntimeError(
            "torch.take_along_dim(): input and indices should have the same number of dimensions, but got "
            f"{input.ndim} dimensions for input, and {indices.ndim} dimensions for indices"
        )
    dim = wrap_dim(dim, input.ndim)
    side = input.shape[dim]
    common = list(broadcast(*([*each[:dim], 1, *each[dim + 1 :]] for each in (input.shape, indices.shape))))
    index = F.expand(indices, (*common[:dim], indices.shape[dim], *common[dim + 1 :]))
    return F.gather(F.expand(input, (*common[:dim], side, *common[dim + 1 :])), dim, F.wrapped_index(index, side))


register(Rule(
    "wrapped_index", lambda input, size: np.remainder(input, size),
    vjps=(None,),
    doc="Indices counted round and round, as `take_along_dim` counts them.", family="indexing", public=False,
    dtype="as is",
))  # fmt: skip


register(Composite(
    "take_along_dim", _take_along_dim,
    doc="Along a dimension, the elements whose places the indices name, which broadcast.", family="indexing",
    symbol="↙", synonyms=("take_along_axis", "gather"), tensors=("input", "indices"),
    samples=(Sample((_MATRIX, [[2], [0]]), {"dim": 1}), Sample((_MATRIX, [5, 0]))),
))  # fmt: skip


# Scatter


def _can_scatter(operation: str, input: Any, index: Any, src: Any, dim: int) -> None:
    _integers(operation, index)
    wrapped = wrap_dim(dim, input.ndim)
    if src is not None and src.dtype != input.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    if not math.prod(index.shape):
        return
    _ranks(index, input, *([] if src is None else [src]), names=["self"] if src is None else ["self", "src"])
    counts, own = lined(index).shape, lined(input).shape
    too_large = any(count > own[place] for place, count in enumerate(counts) if place != wrapped)
    if too_large or (src is not None and any(np.greater(counts, lined(src).shape))):
        least = "" if src is None else f" and to be no larger size than src {size_text(src.shape)}"
        raise RuntimeError(
            f"Expected index {size_text(index.shape)} to be no larger than self {size_text(input.shape)} apart from "
            f"dimension {wrapped}{least}"
        )
    _within(index, wrapped, input.shape)


def _written(array: Any, index: Any, dim: int, source: Any) -> Any:
    """``array`` with ``source``, a number or of the index's shape, written where ``gather`` would pick."""
    whole = scattered(lined(array), lined(index), dim % max(array.ndim, 1), source)
    return whole if array.ndim else np.reshape(whole, ())


def _part(src: Any, index: Any) -> Any:
    """As much of a source as there are indices for."""
    return _corner(lined(src), lined(index).shape)


register(Rule(
    "scatter_src", lambda input, index, src, dim: _written(input, index, dim, _part(src, index)),
    vjps=(lambda g, y, input, index, src, dim: _written(g, index, dim, 0),
          None,
          lambda g, y, input, index, src, dim: _padded(_gathered(g, index, dim), src.shape)),
    doc="What `scatter` does with a tensor.", family="indexing", public=False, dtype="as is",
    grad_fn="ScatterBackward0",
    check_values=lambda input, index, src, dim: _can_scatter("scatter", input, index, src, dim),
    samples=(Sample((_MATRIX, [[0, 2], [1, 0]], [[2.0, 3.0], [-1.5, 0.75]]), {"dim": 1}),),
))  # fmt: skip


def _padded(g: Any, shape: tuple[int, ...]) -> Any:
    """``g`` as the first elements of zeros of ``shape``: what a source larger than its index receives."""
    if g.shape == shape:
        return g
    return unindex(lined(g), tuple(slice(0, side) for side in g.shape), shape) if shape else np.reshape(g, ())


register(Rule(
    "scatter_value", lambda input, index, dim, value: _written(input, index, dim, value),
    vjps=(lambda g, y, input, index, dim, value: _written(g, index, dim, 0),
          None),
    doc="What `scatter` does with a number.", family="indexing", public=False, dtype="as is",
    grad_fn="ScatterBackward1",
    check_values=lambda input, index, dim, value: _can_scatter("scatter", input, index, None, dim),
    samples=(Sample((_MATRIX, _PLACES), {"dim": 1, "value": 4.0}),),
))  # fmt: skip


def _scatter(F: Any, input: Any, dim: int, index: Any, src: Any = None, *, value: float | None = None) -> Any:
    if src is None and value is None:
        raise TypeError("scatter() needs a src tensor, or a value, to write")
    if src is None or isinstance(src, (bool, int, float)):
        return F.scatter_value(input, index, dim, value if src is None else src)
    return F.scatter_src(input, index, src, dim)


register(Composite(
    "scatter", _scatter, doc="The source, or a value, written along a dimension where the index says.",
    family="indexing", symbol="↗", synonyms=("put", "write", "one hot"), tensors=("input", "index", "src"),
    optional=("src",), order=("input", "dim", "index", "src", "value"),
    samples=(Sample((_MATRIX, [[0, 2], [1, 0]], [[2.0, 3.0], [-1.5, 0.75]]), {"dim": 1}),),
))  # fmt: skip

register(Rule(
    "scatter_add", lambda input, index, src, dim: input + _spread(_part(src, index), index, dim, input.shape),
    vjps=(lambda g, y, input, index, src, dim: g,
          None,
          lambda g, y, input, index, src, dim: _padded(_gathered(g, index, dim), src.shape)),
    doc="The source added along a dimension where the index says.", family="indexing", symbol="↗+",
    synonyms=("accumulate", "histogram"), dtype="as is", order=("input", "dim", "index", "src"),
    check_values=lambda input, index, src, dim: _can_scatter("scatter_add", input, index, src, dim),
    samples=(Sample((_MATRIX, _PLACES, [[2.0, 3.0], [-1.5, 0.75]]), {"dim": 1}),),
))  # fmt: skip


# Whole slices along a dimension


def slices_at(index: Any, dim: int, ndim: int) -> tuple[Any, ...]:
    """The brackets that pick the slices of ``index`` along ``dim``."""
    return (*(slice(None),) * (dim % max(ndim, 1)), lined(index))


def _can_select(input: Any, index: Any, dim: int) -> None:
    wrapped = wrap_dim(dim, input.ndim)
    if index.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    _integers("index_select", index, "int32 or int64")
    if strays(index, input.shape[wrapped] if input.ndim else 1):
        raise IndexError("index out of range in self")


register(Rule(
    "index_select",
    lambda input, index, dim: np.take(input, lined(index), axis=dim) if input.ndim else np.copy(input),
    vjps=(lambda g, y, input, index, dim: unindex(g, slices_at(index, dim, g.ndim), input.shape) if g.ndim else g,
          None),
    doc="The slices along a dimension that the index names.", family="indexing", symbol="[i…]",
    synonyms=("rows", "embedding", "take"), dtype="as is", order=("input", "dim", "index"), check_values=_can_select,
    samples=(Sample((_MATRIX, [2, 0, 0]), {"dim": 1}),),
))  # fmt: skip


def _can_take(input: Any, index: Any) -> None:
    if index.dtype.name != "int64":
        raise RuntimeError(f"take(): Expected a long tensor for index, but got {type_name(index.dtype)}")
    size = math.prod(input.shape)
    if not size and math.prod(index.shape):
        raise IndexError("take(): tried to take from an empty tensor")
    if strays(index + size, 2 * size):
        outside = index[(index < -size) | (index >= size)]
        raise IndexError(f"out of range: tried to access index {outside[0]} on a tensor of {size} elements.")


register(Rule(
    "take", lambda input, index: take(np.reshape(input, (-1,)), index),
    vjps=(lambda g, y, input, index: np.reshape(unindex(g, index, (math.prod(input.shape),)), input.shape),
          None),
    doc="The elements that the index names, as if the tensor were one row.", family="indexing", symbol="[i…]",
    synonyms=("pick", "flat index"), dtype="as is", check_values=_can_take, samples=(Sample((_MATRIX, [5, 0, 0])),),
))  # fmt: skip
