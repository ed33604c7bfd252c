"""Products of vectors and matrices.

Both sides must have one dtype: unlike the pointwise operations these do not promote.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.ops.checks import broadcast, c_name, expandable, size_text, times_text, type_name
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_A = [[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]
_B = [[0.5, 2.0], [-1.0, 1.5], [3.0, -0.5]]
_V = [1.0, -0.5, 2.0]


def _same_dtype(a: Any, b: Any) -> None:
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"expected m1 and m2 to have the same dtype, but got: {c_name(a.dtype)} != {c_name(b.dtype)}"
        )


def _fitting(mat1: Any, mat2: Any) -> None:
    if mat1.shape[1] != mat2.shape[0]:
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({times_text(mat1.shape)} and {times_text(mat2.shape)})"
        )


def _numeric(kernel: str, input: Any) -> None:
    if input.dtype == np.bool_:
        raise NotImplementedError(f"\"{kernel}\" not implemented for 'Bool'")


def _mm_check(input: Any, mat2: Any) -> None:
    if input.ndim != 2 or mat2.ndim != 2:
        raise RuntimeError("self must be a matrix" if input.ndim != 2 else "mat2 must be a matrix")
    _fitting(input, mat2)
    _same_dtype(input, mat2)
    _numeric("addmm_impl_cpu_", input)


register(Rule(
    "mm", lambda input, mat2: np.matmul(input, mat2),
    vjps=(lambda g, y, input, mat2: np.matmul(g, np.transpose(mat2)),
          lambda g, y, input, mat2: np.matmul(np.transpose(input), g)),
    doc="The product of two matrices.", family="linalg", symbol="@", synonyms=("matrix product", "multiply"),
    dtype="as is", check=_mm_check, samples=(Sample((_A, _B)),),
))  # fmt: skip


def _mv_check(input: Any, vec: Any) -> None:
    if input.ndim != 2 or vec.ndim != 1:
        raise RuntimeError(f"vector + matrix @ vector expected, got 1, {input.ndim}, {vec.ndim}")
    if input.shape[1] != vec.shape[0]:
        raise RuntimeError(
            f"size mismatch, got input ({input.shape[0]}), mat ({times_text(input.shape)}), vec ({vec.shape[0]})"
        )
    if input.dtype != vec.dtype:  # in PyTorch an addmv onto an empty vector of the second's type
        found = f"{type_name(vec.dtype)}, {type_name(input.dtype)}, and {type_name(vec.dtype)}"
        raise RuntimeError(f"addmv input tensors must have the same dtype, but got {found}")
    _numeric("addmv_impl_cpu", input)


register(Rule(
    "mv", lambda input, vec: np.matmul(input, vec),
    vjps=(lambda g, y, input, vec: g[:, None] * vec,
          lambda g, y, input, vec: np.matmul(np.transpose(input), g)),
    doc="The product of a matrix and a vector.", family="linalg", symbol="@", synonyms=("matrix vector product",),
    dtype="as is", check=_mv_check, samples=(Sample((_A, _V)),),
))  # fmt: skip


def _dot_check(input: Any, tensor: Any) -> None:
    if input.ndim != 1 or tensor.ndim != 1:
        raise RuntimeError(f"1D tensors expected, but got {input.ndim}D and {tensor.ndim}D tensors")
    if input.shape != tensor.shape:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor {size_text(input.shape)} and src {size_text(tensor.shape)} to "
            f"have the same number of elements, but got {input.shape[0]} and {tensor.shape[0]} elements respectively"
        )
    if input.dtype != tensor.dtype:
        found = f"{type_name(input.dtype)} and {type_name(tensor.dtype)}"
        raise RuntimeError(f"dot : expected both vectors to have same dtype, but found {found}")
    _numeric("dot", input)


register(Rule(
    "dot", lambda input, tensor: np.matmul(input, tensor),
    vjps=(lambda g, y, input, tensor: g * tensor,
          lambda g, y, input, tensor: g * input),
    doc="The inner product of two vectors.", family="linalg", symbol="·", synonyms=("inner product", "scalar product"),
    dtype="as is", check=_dot_check, samples=(Sample((_V, [2.0, 1.0, -1.5])),),
))  # fmt: skip

register(Rule(
    "vdot", lambda input, other: np.matmul(input, other),
    vjps=(lambda g, y, input, other: g * other,
          lambda g, y, input, other: g * input),
    doc="The inner product of two vectors, which of real numbers is `dot`.", family="linalg", symbol="·",
    synonyms=("inner product",), dtype="as is", check=_dot_check, samples=(Sample((_V, [2.0, 1.0, -1.5])),),
))  # fmt: skip


def _times(factor: float, product: Any) -> Any:
    """``factor`` times an array; of integers only the whole part of it counts, as in PyTorch."""
    if factor == 1:
        return product
    return (factor if product.dtype.kind == "f" else int(factor)) * product


def _added(input: Any, product: Any, beta: float, alpha: float) -> Any:
    """beta input + alpha product; with ``beta`` 0 the input does not count, not even its nan."""
    return _times(alpha, product) if beta == 0 else _times(beta, input) + _times(alpha, product)


def _addmm_check(input: Any, mat1: Any, mat2: Any, *, beta: float = 1, alpha: float = 1) -> None:
    for name, matrix in (("mat1", mat1), ("mat2", mat2)):
        if matrix.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix, got {matrix.ndim}-D tensor")
    _fitting(mat1, mat2)
    for name, other in (("self", input), ("mat1", mat1)):
        if other.dtype != mat2.dtype:
            found = f"{type_name(other.dtype)} and {type_name(mat2.dtype)}"
            raise RuntimeError(f"{name} and mat2 must have the same dtype, but got {found}")
    can_be_added(input, (mat1.shape[0], mat2.shape[1]))
    _numeric("addmm_impl_cpu_", input)


def can_be_added(input: Any, size: tuple[int, ...]) -> None:
    """RuntimeError unless ``input`` expands to ``size``, to which it is to be added."""
    if input.ndim > len(size):
        raise RuntimeError(
            f"expand(torch.{type_name(input.dtype)}Tensor{{{size_text(input.shape)}}}, size={size_text(size)}): the "
            f"number of sizes provided ({len(size)}) must be greater or equal to the number of dimensions in the "
            f"tensor ({input.ndim})"
        )
    expandable(input.shape, size)


register(Rule(
    "addmm",
    lambda input, mat1, mat2, *, beta=1, alpha=1: _added(input, np.matmul(mat1, mat2), beta, alpha),
    vjps=(lambda g, y, input, mat1, mat2, beta, alpha: _times(beta, g),
          lambda g, y, input, mat1, mat2, beta, alpha: _times(alpha, np.matmul(g, np.transpose(mat2))),
          lambda g, y, input, mat1, mat2, beta, alpha: _times(alpha, np.matmul(np.transpose(mat1), g))),
    doc="A matrix product with a matrix or vector added.", family="linalg", symbol="+@", synonyms=("affine",),
    dtype="as is", check=_addmm_check,
    samples=(Sample(([0.5, -1.0], _A, _B)), Sample(([[0.5, -1.0], [2.0, 0.0]], _A, _B), {"beta": 2, "alpha": -0.5})),
))  # fmt: skip


def _addmv_check(input: Any, mat: Any, vec: Any, *, beta: float = 1, alpha: float = 1) -> None:
    if mat.ndim != 2 or vec.ndim != 1 or input.ndim > 1:
        raise RuntimeError(f"vector + matrix @ vector expected, got {input.ndim}, {mat.ndim}, {vec.ndim}")
    rows = input.shape[0] if input.ndim else mat.shape[0]
    if mat.shape[1] != vec.shape[0] or rows not in (1, mat.shape[0]):
        raise RuntimeError(f"size mismatch, got input ({rows}), mat ({times_text(mat.shape)}), vec ({vec.shape[0]})")
    if not input.dtype == mat.dtype == vec.dtype:
        raise RuntimeError(
            f"addmv input tensors must have the same dtype, but got {type_name(input.dtype)}, {type_name(mat.dtype)}, "
            f"and {type_name(vec.dtype)}"
        )
    _numeric("addmv_impl_cpu", input)


register(Rule(
    "addmv", lambda input, mat, vec, *, beta=1, alpha=1: _added(input, np.matmul(mat, vec), beta, alpha),
    vjps=(lambda g, y, input, mat, vec, beta, alpha: _times(beta, g),
          lambda g, y, input, mat, vec, beta, alpha: _times(alpha, g[:, None] * vec),
          lambda g, y, input, mat, vec, beta, alpha: _times(alpha, np.matmul(np.transpose(mat), g))),
    doc="The product of a matrix and a vector with a vector added.", family="linalg", symbol="+@",
    synonyms=("affine",), dtype="as is", check=_addmv_check,
    samples=(Sample(([0.5, -1.0], _A, _V)), Sample(([0.5, -1.0], _A, _V), {"beta": 0.5, "alpha": 3})),
))  # fmt: skip


def _bmm_check(batch1: Any, batch2: Any) -> None:
    for name, batch in (("batch1", batch1), ("batch2", batch2)):
        if batch.ndim != 3:
            raise RuntimeError(f"{name} must be a 3D tensor")
    wanted = (batch1.shape[0], batch1.shape[2])
    if batch2.shape[:2] != wanted:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: {size_text(wanted)} but got: "
            f"{size_text(batch2.shape[:2])}."
        )


def _same_scalar_type(a: Any, b: Any) -> None:
    if a.dtype != b.dtype:
        raise RuntimeError(f"expected scalar type {type_name(a.dtype)} but found {type_name(b.dtype)}")


def _pairs_check(input: Any, mat2: Any) -> None:
    _bmm_check(input, mat2)
    _numeric("bmm", input)
    _same_scalar_type(input, mat2)


register(Rule(
    "bmm", lambda input, mat2: np.matmul(input, mat2),
    vjps=(lambda g, y, input, mat2: np.matmul(g, np.swapaxes(mat2, -1, -2)),
          lambda g, y, input, mat2: np.matmul(np.swapaxes(input, -1, -2), g)),
    doc="The products of two batches of matrices, pair by pair.", family="linalg", symbol="@",
    synonyms=("batched matrix product",), dtype="as is",
    check=_pairs_check,
    samples=(Sample(([_A, _A], [_B, _B])),),
))  # fmt: skip


def _baddbmm_check(input: Any, batch1: Any, batch2: Any, *, beta: float = 1, alpha: float = 1) -> None:
    _bmm_check(batch1, batch2)
    can_be_added(input, (*batch1.shape[:2], batch2.shape[2]))
    if not input.dtype == batch1.dtype == batch2.dtype:
        raise RuntimeError(
            f"Input dtypes must be the same, got: input {c_name(input.dtype)}, batch1: {c_name(batch1.dtype)}, "
            f"batch2: {c_name(batch2.dtype)}"
        )
    _numeric("baddbmm", input)


register(Rule(
    "baddbmm",
    lambda input, batch1, batch2, *, beta=1, alpha=1: _added(input, np.matmul(batch1, batch2), beta, alpha),
    vjps=(lambda g, y, input, batch1, batch2, beta, alpha: _times(beta, g),
          lambda g, y, input, batch1, batch2, beta, alpha: _times(alpha, np.matmul(g, np.swapaxes(batch2, -1, -2))),
          lambda g, y, input, batch1, batch2, beta, alpha: _times(alpha, np.matmul(np.swapaxes(batch1, -1, -2), g))),
    doc="The products of two batches of matrices with a batch added.", family="linalg", symbol="+@",
    synonyms=("batched affine",), dtype="as is", check=_baddbmm_check,
    samples=(Sample(([0.5, -1.0], [_A, _A], [_B, _B]), {"beta": 2, "alpha": 0.5}),
             Sample(([[[0.5, -1.0], [2.0, 0.0]]], [_A], [_B]))),
))  # fmt: skip


def _batched_check(input: Any, other: Any) -> None:
    pairs = int(np.prod(broadcast(input.shape[:-2], other.shape[:-2])))
    if input.shape[-1] != other.shape[-2]:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: {size_text((pairs, input.shape[-1]))} but "
            f"got: {size_text((pairs, other.shape[-2]))}."
        )
    _same_scalar_type(input, other)


register(Rule(
    "matmul_batched", lambda input, other: np.matmul(input, other),
    vjps=(lambda g, y, input, other: np.matmul(g, np.swapaxes(other, -1, -2)),
          lambda g, y, input, other: np.matmul(np.swapaxes(input, -1, -2), g)),
    doc="Products of matrices in batches.", family="linalg", public=False, dtype="as is", check=_batched_check,
    grad_fn="UnsafeViewBackward0", samples=(Sample(([_A, _A], _B)),),
))  # fmt: skip


register(Rule(
    "single_row", lambda input: np.squeeze(input, -2),
    vjps=(lambda g, y, input: np.expand_dims(g, -2),),
    doc="The only row of a matrix.", family="linalg", public=False, dtype="as is", view=True,
    grad_fn="SqueezeBackward4", samples=(Sample(([_V],)),),
))  # fmt: skip


def _matmul(F: Any, input: Any, other: Any) -> Any:
    ranks = (input.ndim, other.ndim)
    if 0 in ranks:
        raise RuntimeError(
            f"both arguments to matmul need to be at least 1D, but they are {input.ndim}D and {other.ndim}D"
        )
    if ranks == (1, 1):
        return F.dot(input, other)
    if ranks == (2, 1):
        return F.mv(input, other)
    if ranks == (2, 2):
        return F.mm(input, other)
    if ranks[0] == 1:
        rows = _matmul(F, F.unsqueeze(input, 0), other)
        return F.single_row(rows) if ranks[1] == 2 else F.unsafe_view(rows, (*rows.shape[:-2], rows.shape[-1]))
    if ranks[1] <= 2:
        folded = F.reshape(input, (math.prod(input.shape[:-1]), input.shape[-1]))
        product = F.mv(folded, other) if ranks[1] == 1 else F.mm(folded, other)
        return F.unsafe_view(product, (*input.shape[:-1], *other.shape[1:]))
    return F.matmul_batched(input, other)


register(Composite(
    "matmul", _matmul, doc="The matrix product: of vectors, matrices, or batches of matrices.", family="linalg",
    symbol="@", synonyms=("matrix product", "multiply", "mm"), tensors=("input", "other"), operators=("__matmul__",),
    paths=("", "linalg"),
    samples=(Sample((_A, _B)), Sample((_A, _V)), Sample((_V, _B)), Sample((_V, _V)), Sample(([_A, _A], _B))),
))  # fmt: skip


def _linear(F: Any, input: Any, weight: Any, bias: Any = None) -> Any:
    if not input.ndim or not weight.ndim:
        raise RuntimeError(
            f"both arguments to linear need to be at least 1D, but they are {input.ndim}D and {weight.ndim}D"
        )
    turned = F.t(weight)
    if bias is None:
        return F.matmul(input, turned)
    if input.ndim == 2:
        return F.addmm(bias, input, turned)
    rows = F.reshape(input, (math.prod(input.shape[:-1]), input.shape[-1]))
    return F.view(F.addmm(bias, rows, turned), (*input.shape[:-1], weight.shape[0]))


register(Composite(
    "linear", _linear, doc="x Wᵀ + b: what a layer of `nn.Linear` computes.", family="linalg", symbol="xWᵀ",
    synonyms=("affine", "dense", "fully connected", "layer"), paths=("nn.functional",), method=False,
    tensors=("input", "weight", "bias"), optional=("bias",),
    samples=(Sample((_A, [[0.5, -1.0, 2.0]], [0.25])), Sample((_A, [[0.5, -1.0, 2.0]]))),
))  # fmt: skip
