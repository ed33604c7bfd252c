"""Operations that rearrange elements: shapes, dimensions, joins, copies, and the change of dtype.

Where PyTorch returns a view, the rule says so and the result may share its input's memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from chainrule.core.ops.checks import TYPE_NAMES, broadcast, expandable, size_text, wrap_dim, wrap_dims
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_MATRIX = Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],))


def _with(**params: Any) -> Sample:
    return Sample(_MATRIX.inputs, params)


def _fits(input: Any, shape: Sequence[int]) -> None:
    shape = (shape,) if isinstance(shape, int) else shape
    size, wanted = int(np.prod(input.shape)), int(np.prod([side for side in shape if side != -1]))
    if list(shape).count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred")
    for place, side in enumerate(shape):
        if side < -1:
            raise RuntimeError(f"invalid shape dimension {side} at index {place} of shape {size_text(shape)}")
    if (size % max(wanted, 1) if -1 in shape else size != wanted) or (-1 in shape and not wanted and size):
        raise RuntimeError(f"shape '{size_text(shape)}' is invalid for input of size {size}")


def _viewable(input: Any, size: Sequence[int]) -> None:
    _fits(input, size)
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
    dtype="as is", view=True, ints="size", paths=(), check=_viewable, samples=(_with(size=(3, 2)),),
))  # fmt: skip

register(Rule(
    "unsafe_view", lambda input, shape: np.reshape(input, shape),
    vjps=(lambda g, y, input, shape: np.reshape(g, input.shape),),
    doc="What `reshape` calls after it has had to copy.", family="shape", public=False, dtype="as is", check=_fits,
    samples=(_with(shape=(3, 2)),),
))  # fmt: skip

register(Composite(
    "reshape",
    lambda F, input, shape: F.view(input, shape) if input.is_contiguous() else F.unsafe_view(F.clone(input), shape),
    doc="The same elements in another shape.", family="shape", symbol="▭", synonyms=("shape", "resize"), ints="shape",
    samples=(_with(shape=(3, 2)),),
))  # fmt: skip


def _flatten(F: Any, input: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    start, end = wrap_dim(start_dim, input.ndim), wrap_dim(end_dim, input.ndim)
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if start == end and input.ndim:
        return input
    shape = tuple(input.shape)
    return F.reshape(input, (*shape[:start], int(np.prod(shape[start : end + 1])), *shape[end + 1 :]))


register(Composite(
    "flatten", _flatten, doc="Neighbouring dimensions made one.", family="shape", symbol="▬", synonyms=("ravel",),
    samples=(_MATRIX,),
))  # fmt: skip

register(Rule(
    "transpose",
    lambda input, dim0, dim1: np.swapaxes(input, dim0, dim1) if input.ndim else input,
    vjps=(lambda g, y, input, dim0, dim1: np.swapaxes(g, dim0, dim1) if input.ndim else g,),
    doc="Two dimensions exchanged.", family="shape", symbol="ᵀ", synonyms=("swap", "swapaxes"), dtype="as is",
    view=True, check=lambda input, dim0, dim1: (wrap_dim(dim0, input.ndim), wrap_dim(dim1, input.ndim)),
    samples=(_with(dim0=0, dim1=1),),
))  # fmt: skip


def _permutation(input: Any, dims: Sequence[int]) -> None:
    if len(dims) != input.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired "
            f"ordering of dimensions i.e. input.dim() = {input.ndim} is not equal to len(dims) = {len(dims)}"
        )
    wrapped = [wrap_dim(dim, input.ndim) for dim in dims]
    if len(set(wrapped)) != len(wrapped):
        raise RuntimeError("permute(): duplicate dims are not allowed.")


register(Rule(
    "permute", lambda input, dims: np.transpose(input, dims),
    vjps=(lambda g, y, input, dims: np.transpose(g, tuple(int(i) for i in np.argsort([d % len(dims) for d in dims]))),),
    doc="The dimensions in another order.", family="shape", symbol="ᵀ", synonyms=("reorder", "axes"), dtype="as is",
    view=True, ints="dims", check=_permutation, samples=(_with(dims=(1, 0)),),
))  # fmt: skip

register(Composite(
    "T", lambda F, input: F.permute(input, tuple(range(input.ndim))[::-1]), doc="The dimensions in reverse order.",
    family="shape", public=False, attribute="T",
))  # fmt: skip


def _at_most_2d(input: Any) -> None:
    if input.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D")


register(Rule(
    "t", lambda input: np.transpose(input),
    vjps=(lambda g, y, input: np.transpose(g),),
    doc="The transpose of a matrix.", family="shape", symbol="ᵀ", synonyms=("transpose",), dtype="as is", view=True,
    check=_at_most_2d, samples=(_MATRIX,),
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
    view=True, check=lambda input, dim=None: wrap_dims(dim, input.ndim),
    grad_fn=_squeeze_name,
    samples=(Sample(([[[1.0, 2.0]]],)), Sample(([[[1.0, 2.0]]],), {"dim": 0})),
))  # fmt: skip

register(Rule(
    "unsqueeze", lambda input, dim: np.expand_dims(input, dim),
    vjps=(lambda g, y, input, dim: np.reshape(g, input.shape),),
    doc="With a new dimension of size 1.", family="shape", symbol="[+]", synonyms=("add dimension",), dtype="as is",
    view=True, check=lambda input, dim: wrap_dim(dim, input.ndim + 1), samples=(_with(dim=1),),
))  # fmt: skip


def _expanded(shape: Sequence[int], size: Sequence[int]) -> tuple[int, ...]:
    padded = [-1] * (len(size) - len(shape)) + list(shape)
    return tuple(old if new == -1 else new for old, new in zip(padded, size, strict=True))


def _can_expand(input: Any, size: Sequence[int]) -> None:
    if len(size) < input.ndim:
        raise RuntimeError(
            f"expand(torch.FloatTensor{{{size_text(input.shape)}}}, size={size_text(size)}): the number of sizes "
            f"provided ({len(size)}) must be greater or equal to the number of dimensions in the tensor ({input.ndim})"
        )
    expandable(input.shape, size)


register(Rule(
    "expand", lambda input, size: np.broadcast_to(input, _expanded(input.shape, size)),
    vjps=(lambda g, y, input, size: g,),
    doc="Repeated along dimensions of size 1, without copying.", family="shape", symbol="⇉", dtype="as is", view=True,
    synonyms=("broadcast", "repeat"), paths=(), ints="size", check=_can_expand,
    samples=(Sample(([[1.5], [-2.0]],), {"size": (2, 3)}), Sample((1.5,), {"size": (3,)})),
))  # fmt: skip


def _same_but_dim(*tensors: Any, dim: int = 0) -> None:
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    if any(tensor.ndim == 0 for tensor in tensors):
        place = [tensor.ndim for tensor in tensors].index(0)
        raise RuntimeError(f"zero-dimensional tensor (at position {place}) cannot be concatenated")
    first = tensors[0]
    dim = wrap_dim(dim, first.ndim)
    for place, tensor in enumerate(tensors):
        if tensor.ndim != first.ndim:
            raise RuntimeError(f"Tensors must have same number of dimensions: got {first.ndim} and {tensor.ndim}")
        for axis, (expected, got) in enumerate(zip(first.shape, tensor.shape, strict=True)):
            if axis != dim and expected != got:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {dim}. Expected size {expected} but got size "
                    f"{got} for tensor number {place} in the list."
                )


def _slice_of(g: Any, tensors: Sequence[Any], at: int, dim: int) -> Any:
    dim = dim % tensors[0].ndim
    start = sum(tensor.shape[dim] for tensor in tensors[:at])
    return g[(slice(None),) * dim + (slice(start, start + tensors[at].shape[dim]),)]


register(Rule(
    "cat", lambda *tensors, dim=0: np.concatenate(tensors, axis=dim),
    vjps=(lambda g, y, *tensors, at, dim: _slice_of(g, tensors, at, dim),),
    doc="Tensors joined along a dimension they have.", family="shape", symbol="⊔", synonyms=("concatenate", "join"),
    variadic=True, method=False, check=_same_but_dim,
    samples=(Sample(([1.5, -2.0], [0.5])), Sample((*_MATRIX.inputs, *_MATRIX.inputs), {"dim": 1})),
))  # fmt: skip


def _all_equal(*tensors: Any, dim: int = 0) -> None:
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    for place, tensor in enumerate(tensors):
        if tensor.shape != tensors[0].shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {size_text(tensors[0].shape)} at entry 0 and "
                f"{size_text(tensor.shape)} at entry {place}"
            )
    wrap_dim(dim, tensors[0].ndim + 1)


register(Rule(
    "stack", lambda *tensors, dim=0: np.stack(tensors, axis=dim),
    vjps=(lambda g, y, *tensors, at, dim: g[(slice(None),) * (dim % g.ndim) + (at,)],),
    doc="Tensors joined along a new dimension.", family="shape", symbol="≡", synonyms=("join", "pile"),
    variadic=True, method=False, check=_all_equal, samples=(Sample(([1.5, -2.0], [0.5, 1.0]), {"dim": 1}),),
))  # fmt: skip

register(Composite(
    "contiguous", lambda F, input: input if input.is_contiguous() else F.clone(input),
    doc="The same values in order in memory: itself where they are so already.", family="shape", symbol="▤",
    synonyms=("copy", "memory"), paths=(),
    samples=(_MATRIX,),
))  # fmt: skip

register(Rule(
    "clone", lambda input: np.copy(input),
    vjps=(lambda g, y, input: g,),
    doc="A copy that the gradient passes through.", family="control", symbol="⧉", synonyms=("copy",), dtype="as is",
    samples=(_MATRIX,),
))  # fmt: skip


def _into(input: Any, source: Any) -> None:
    broadcast(input.shape, source.shape)
    expandable(source.shape, input.shape)


register(Rule(
    "copy", lambda input, source: np.broadcast_to(np.astype(source, input.dtype), input.shape),
    vjps=(None,
          lambda g, y, input, source: g),
    doc="The elements of the second in the shape and dtype of the first: what `copy_` writes.", family="control",
    public=False, dtype="as is", check=_into,
    grad_fn="torch::autograd::CopyBackwards", samples=(Sample(([1.5, -2.0], 3.0)),),
))  # fmt: skip

register(Rule(
    "alias", lambda input: input,
    vjps=(lambda g, y, input: g,),
    doc="The tensor itself, as a result of its own on the tape.", family="control", public=False, dtype="as is",
    view=True, samples=(_MATRIX,),
))  # fmt: skip

register(Rule(
    "detach", lambda input: input,
    vjps=(None,),
    doc="The same values, cut off from the tape: no gradient passes.", family="control", symbol="✂",
    synonyms=("stop gradient", "cut", "scissors"), dtype="as is", view=True, samples=(_MATRIX,),
))  # fmt: skip

register(Rule(
    "cast", lambda input, to: np.astype(input, to),
    vjps=(lambda g, y, input, to: g,),
    doc="The same values in another dtype.", family="control", public=False, dtype="as is", grad_fn="ToCopyBackward0",
    samples=(_with(to="float64"),),
))  # fmt: skip


def _conversion(name: str, dtype: str) -> None:
    register(Composite(
        name, lambda F, input: input if input.dtype.name == dtype else F.cast(input, dtype),
        doc=f"The same values as {dtype}.", family="control", paths=(), samples=(_MATRIX,),
    ))  # fmt: skip


_conversion("float", "float32")
_conversion("double", "float64")
_conversion("long", "int64")
_conversion("int", "int32")
_conversion("bool", "bool")


def _to(F: Any, input: Any, dtype: Any) -> Any:
    wanted = getattr(getattr(dtype, "dtype", dtype), "name", dtype)
    if wanted not in ("cpu", *TYPE_NAMES):
        raise RuntimeError(f"to(): {wanted!r} is no dtype, and the only device here is 'cpu'")
    return input if wanted in ("cpu", input.dtype.name) else F.cast(input, wanted)


register(Composite(
    "to", _to, doc="The same values in another dtype, or in that of another tensor.", family="control", paths=(),
    samples=(_with(dtype="float64"),),
))  # fmt: skip
