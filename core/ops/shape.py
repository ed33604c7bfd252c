"""The same elements in another shape: view, reshape, flatten, and dimensions of size 1 put in and taken out.

Where PyTorch returns a view, the rule says so and the result may share its input's memory. Dimensions in another order
stand in ``axes``, repetition in ``repeats``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from chainrule.core.ops.checks import size_text, wrap_dim, wrap_dims
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_MATRIX = Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],))


def _with(**params: Any) -> Sample:
    return Sample(_MATRIX.inputs, params)


def _fits(input: Any, shape: Sequence[int]) -> None:
    shape = (shape,) if isinstance(shape, int) else shape
    size, wanted = math.prod(input.shape), math.prod(side for side in shape if side != -1)
    if list(shape).count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred")
    for place, side in enumerate(shape):
        if side < -1:
            raise RuntimeError(f"invalid shape dimension {side} at index {place} of shape {size_text(shape)}")
    if (size % max(wanted, 1) if -1 in shape else size != wanted) or (-1 in shape and not wanted and size):
        raise RuntimeError(f"shape '{size_text(shape)}' is invalid for input of size {size}")
    _unambiguous(shape, wanted)


def _unambiguous(shape: Sequence[int], known: int) -> None:
    """Check that a -1 in ``shape``, whose other sides hold the ``known`` number of elements, can only be one number."""
    if -1 in shape and not known:
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {size_text(shape)} because the unspecified dimension size "
            "-1 can be any value and is ambiguous"
        )


def _viewable(input: Any, size: Sequence[int]) -> None:
    if input.flags.c_contiguous:
        return
    try:
        np.reshape(input, size, copy=False)
    except ValueError:
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
            "contiguous subspaces). Use .reshape(...) instead."
        ) from None


register(Rule(
    "view", lambda input, size: np.reshape(input, size),
    vjps=(lambda g, y, input, size: np.reshape(g, input.shape),),
    doc="The same elements in another shape, sharing memory.", family="shape", symbol="▭", synonyms=("shape", "resize"),
    dtype="as is", view=True, ints="size", paths=(),
    check=lambda input, size: _fits(input, size), check_values=_viewable, samples=(_with(size=(3, 2)),),
))  # fmt: skip

register(Rule(
    "unsafe_view", lambda input, shape: np.reshape(input, shape),
    vjps=(lambda g, y, input, shape: np.reshape(g, input.shape),),
    doc="What `reshape` calls after it has had to copy.", family="shape", public=False, dtype="as is", check=_fits,
    samples=(_with(shape=(3, 2)),),
))  # fmt: skip

register(Rule(
    "reshape_alias", lambda input, shape: np.reshape(input, shape),
    vjps=(lambda g, y, input, shape: np.reshape(g, input.shape),),
    doc="What `reshape` calls where no copy is needed, though the elements do not lie in order.", family="shape",
    public=False, dtype="as is", view=True, check=_fits,
    check_values=lambda input, shape: _viewable(input, shape), samples=(_with(shape=(3, 2)),),
))  # fmt: skip


def _reshape(F: Any, input: Any, shape: Any) -> Any:
    if input.is_contiguous():
        return F.view(input, shape)
    _fits(input, shape)
    try:
        return F.reshape_alias(input, shape)
    except RuntimeError:  # it fits, so it is memory that stands in the way
        return F.unsafe_view(F.contiguous(input), shape)


register(Composite(
    "reshape", _reshape, doc="The same elements in another shape.", family="shape", symbol="▭",
    synonyms=("shape", "resize"), ints="shape", samples=(_with(shape=(3, 2)),),
))  # fmt: skip

register(Composite(
    "view_as", lambda F, input, other: F.view(input, tuple(other.shape)),
    doc="The same elements in another tensor's shape, sharing memory.", family="shape", symbol="▭",
    tensors=("input", "other"), paths=(),
    samples=(Sample((_MATRIX.inputs[0], [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])),),
))  # fmt: skip

register(Composite(
    "reshape_as", lambda F, input, other: F.reshape(input, tuple(other.shape)),
    doc="The same elements in another tensor's shape.", family="shape", symbol="▭", tensors=("input", "other"),
    paths=(), samples=(Sample((_MATRIX.inputs[0], [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])),),
))  # fmt: skip


def _flatten(F: Any, input: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    start, end = wrap_dim(start_dim, input.ndim), wrap_dim(end_dim, input.ndim)
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if start == end and input.ndim:
        return input
    shape = tuple(input.shape)
    return F.reshape(input, (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :]))


register(Composite(
    "flatten", _flatten, doc="Neighbouring dimensions made one.", family="shape", symbol="▬", synonyms=("ravel",),
    samples=(_MATRIX,),
))  # fmt: skip

register(Composite(
    "ravel", lambda F, input: F.view(F.contiguous(input), (-1,)), doc="All elements in one row.", family="shape",
    symbol="▬", synonyms=("flatten", "row"), samples=(_MATRIX,),
))  # fmt: skip


def _unflatten(F: Any, input: Any, dim: int, sizes: Sequence[int]) -> Any:
    if isinstance(sizes, int):
        raise TypeError("unflatten(): argument 'sizes' (position 3) must be tuple of ints, not int")
    dim, sizes = wrap_dim(dim, input.ndim), tuple(sizes)
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty")
    side = input.shape[dim]
    known = math.prod(size for size in sizes if size != -1)
    if sizes.count(-1) > 1:
        raise RuntimeError("unflatten got an unexpected error:\nonly one dimension can be inferred")
    if side % max(known, 1) if -1 in sizes else side != known:
        raise RuntimeError(
            f"unflatten: Provided sizes {size_text(sizes)} don't multiply up to the size of dim {dim} ({side}) in the "
            "input tensor"
        )
    try:
        _unambiguous(sizes, known)
    except RuntimeError as error:
        raise RuntimeError(f"unflatten got an unexpected error:\n{error}") from None
    inferred = tuple(side // max(known, 1) if size == -1 else size for size in sizes)
    shape = tuple(input.shape)
    return F.view(input, (*shape[:dim], *inferred, *shape[dim + 1 :]))


register(Composite(
    "unflatten", _unflatten, doc="One dimension made several: what `flatten` undoes.", family="shape", symbol="▤",
    synonyms=("split dimension",), samples=(_with(dim=1, sizes=(3, 1)),),
))  # fmt: skip


def _squeezed(shape: Sequence[int], dim: int | Sequence[int] | None) -> tuple[int, ...]:
    chosen = range(len(shape)) if dim is None else wrap_dims(dim, len(shape)) or ()
    return tuple(side for place, side in enumerate(shape) if side != 1 or place not in chosen)


def _squeeze_name(numbers: frozenset[str], params: Mapping[str, Any]) -> str:
    dim = params.get("dim")
    return f"SqueezeBackward{0 if dim is None else 1 if isinstance(dim, int) else 2}"


register(Rule(
    "squeeze", lambda input, dim=None: np.reshape(input, _squeezed(input.shape, dim)),
    vjps=(lambda g, y, input, dim: np.reshape(g, input.shape),),
    doc="Without the dimensions of size 1.", family="shape", symbol="[ ]", synonyms=("drop dimension",), dtype="as is",
    view=True, reshaping=True, overloads=("Tensor input", "Tensor input, int dim", "Tensor input, tuple of ints dim"),
    ints="dim", check=lambda input, dim=None: wrap_dims(dim, input.ndim),
    grad_fn=_squeeze_name,
    samples=(Sample(([[[1.0, 2.0]]],)), Sample(([[[1.0, 2.0]]],), {"dim": 0})),
))  # fmt: skip

register(Rule(
    "unsqueeze", lambda input, dim: np.expand_dims(input, dim),
    vjps=(lambda g, y, input, dim: np.reshape(g, input.shape),),
    doc="With a new dimension of size 1.", family="shape", symbol="[+]", synonyms=("add dimension",), dtype="as is",
    view=True, reshaping=True, check=lambda input, dim: wrap_dim(dim, input.ndim + 1), samples=(_with(dim=1),),
))  # fmt: skip


def _at_least(least: int, vector: tuple[int, ...], matrix: tuple[int, ...]) -> None:
    """``atleast_1d`` and its kin: a scalar gets ones all round, and a vector or matrix dimensions at these places."""

    def padded(F: Any, input: Any) -> Any:
        if input.ndim == 0:
            return F.view(input, (1,) * least)
        for dim in {1: vector, 2: matrix}.get(input.ndim, ()):
            input = F.unsqueeze(input, dim)
        return input

    register(Composite(
        f"atleast_{least}d", padded,
        doc=f"The tensor with at least {least} dimension{'s' * (least > 1)}.", family="shape", symbol=f"≥{least}d",
        method=False, samples=(Sample((1.5,)), Sample(([1.5, -2.0],))),
    ))  # fmt: skip


_at_least(1, (), ())
_at_least(2, (0,), ())
_at_least(3, (0, 2), (2,))
