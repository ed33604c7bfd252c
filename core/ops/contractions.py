"""Products that sum over chosen dimensions, or over none: inner, outer, tensor, Kronecker and cross products, chains.

The products of vectors and matrices as such stand in ``linalg``, what an equation says in ``einsum``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from chainrule.core.ops.checks import broadcast, c_name, size_text, type_name, wrap_dim, wrap_dims
from chainrule.core.ops.linalg import can_be_added
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_A = [[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]
_B = [[0.5, 2.0], [-1.0, 1.5], [3.0, -0.5]]
_V, _W = [1.0, -0.5, 2.0], [2.0, 1.0, -1.5]


def _vector(operation: str, name: str, input: Any) -> None:
    if input.ndim != 1:
        raise RuntimeError(f"{operation}: Expected 1-D argument {name}, but got {input.ndim}-D")


def _outer(F: Any, input: Any, vec2: Any) -> Any:
    _vector("outer", "self", input)
    _vector("outer", "vec2", vec2)
    return F.mul(F.reshape(input, (input.shape[0], 1)), vec2)


def _outer_product(name: str, doc: str) -> None:
    register(Composite(
        name, _outer, doc=doc, family="linalg", symbol="⊗", synonyms=("outer product", "dyadic"),
        tensors=("input", "vec2"), samples=(Sample((_V, [0.5, -1.0])),),
    ))  # fmt: skip


_outer_product("outer", "Every element of the first vector times every element of the second.")
_outer_product("ger", "The outer product of two vectors, by its name in BLAS.")


def _addr_check(input: Any, vec1: Any, vec2: Any, *, beta: float = 1, alpha: float = 1) -> None:
    _vector("addr", "vec1", vec1)
    _vector("addr", "vec2", vec2)
    can_be_added(input, (vec1.shape[0], vec2.shape[0]))
    for name, factor in (("beta", beta), ("alpha", alpha)):
        if isinstance(factor, float) and all(each.dtype.kind != "f" for each in (input, vec1, vec2)):
            raise RuntimeError(f"For integral input tensors, argument {name} must not be a floating point number.")


def _plus_outer(input: Any, vec1: Any, vec2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    outer = alpha * vec1[:, None] * vec2
    return outer if beta == 0 else beta * input + outer


register(Rule(
    "addr", _plus_outer,
    vjps=(lambda g, y, input, vec1, vec2, beta, alpha: beta * g,
          lambda g, y, input, vec1, vec2, beta, alpha: alpha * np.matmul(g, vec2),
          lambda g, y, input, vec1, vec2, beta, alpha: alpha * np.matmul(np.transpose(g), vec1)),
    doc="The outer product of two vectors with a matrix added.", family="linalg", symbol="+⊗",
    synonyms=("rank one update",), check=_addr_check,
    samples=(Sample(([0.5, -1.0], _V, [0.5, -1.0])), Sample((_A, [0.5, -1.0], _V), {"beta": 2, "alpha": 0.5})),
))  # fmt: skip


def _same_dtype(a: Any, b: Any) -> None:
    if a.dtype != b.dtype:
        raise RuntimeError("both inputs should have same dtype")


def _inner(F: Any, input: Any, other: Any) -> Any:
    if not input.ndim or not other.ndim:
        return F.mul(input, other)
    if input.shape[-1] != other.shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{size_text(input.shape)} and {size_text(other.shape)}"
        )
    return F.tensordot(input, other, ((-1,), (-1,)))


register(Composite(
    "inner", _inner, doc="The products of the last dimensions of two tensors, summed.", family="linalg", symbol="⟨,⟩",
    synonyms=("inner product", "scalar product"), tensors=("input", "other"),
    samples=(Sample((_V, _W)), Sample((_A, _V)), Sample((_A, 2.5))),
))  # fmt: skip


def _dims_of_both(a: Any, b: Any, dims: Any) -> tuple[Sequence[int], Sequence[int]]:
    """The dimensions of ``a`` and ``b`` that ``tensordot`` sums over."""
    if hasattr(dims, "tolist"):
        dims = dims.tolist()
    if not isinstance(dims, int):
        first, second = dims
        for place, each in ((3, first), (4, second)):
            if isinstance(each, int):
                name = "dims_self" if place == 3 else "dims_other"
                raise TypeError(f"tensordot(): argument '{name}' (position {place}) must be tuple of ints, not int")
        return tuple(first), tuple(second)
    if dims < 0:
        raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
    if dims > min(a.ndim, b.ndim):
        raise RuntimeError(f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims}")
    return tuple(range(-dims, 0)), tuple(range(dims))


def _tensordot(F: Any, a: Any, b: Any, dims: Any = 2) -> Any:
    first, second = _dims_of_both(a, b, dims)
    if len(first) != len(second):
        raise RuntimeError("both dimension lists should have same length")
    _same_dtype(a, b)
    for i, j in zip(first, second, strict=True):
        left, right = a.shape[wrap_dim(i, a.ndim)], b.shape[wrap_dim(j, b.ndim)]
        if right == 1:
            a = F.sum(a, i, True)
        elif left == 1:
            b = F.sum(b, j, True)
        elif left != right:
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {left} in dim {i} and second has size "
                f"{right} in dim {j}"
            )
    return _contracted(F, a, b, wrap_dims(first, a.ndim) or (), wrap_dims(second, b.ndim) or ())


def _contracted(F: Any, a: Any, b: Any, first: tuple[int, ...], second: tuple[int, ...]) -> Any:
    """``a`` and ``b`` summed over pairs of dimensions, as one product of matrices, or of vectors."""
    kept_a, kept_b = (
        tuple(d for d in range(each.ndim) if d not in summed) for each, summed in ((a, first), (b, second))
    )
    shape = [a.shape[d] for d in kept_a] + [b.shape[d] for d in kept_b]
    rows, columns, inner = (
        math.prod(sides)
        for sides in ([a.shape[d] for d in kept_a], [b.shape[d] for d in kept_b], [a.shape[d] for d in first])
    )
    left, right = F.permute(a, (*kept_a, *first)), F.permute(b, (*second, *kept_b))
    if rows == columns == 1:
        return F.reshape(F.dot(F.flatten(left), F.flatten(right)), tuple(shape))
    product = F.mm(F.reshape(left, (rows, inner)), F.reshape(right, (inner, columns)))
    return F.reshape(product, tuple(shape))


register(Composite(
    "tensordot", _tensordot, doc="Two tensors multiplied and summed over pairs of dimensions.", family="linalg",
    symbol="∙∙", synonyms=("contraction", "tensor product"), tensors=("a", "b"), method=False,
    samples=(Sample((_A, _B), {"dims": 1}), Sample((_A, _A)), Sample((_A, _B), {"dims": ((0,), (1,))}),
             Sample((_V, _W), {"dims": 0})),
))  # fmt: skip


def _vecdot(F: Any, x: Any, y: Any, *, dim: int = -1) -> Any:
    if x.dtype != y.dtype:
        raise RuntimeError(
            "linalg.vecdot: Expected x and y to have the same dtype, but found x of type "
            f"{x.dtype.type_name} and y of type {y.dtype.type_name} instead"
        )
    if not x.dtype.is_floating_point:
        raise RuntimeError(
            f"linalg.vecdot: Expected a floating point or complex tensor as input. Got {x.dtype.type_name}"
        )
    return F.vdot(x, y) if x.ndim == y.ndim == 1 else F.sum(F.mul(x, y), dim)


register(Composite(
    "vecdot", _vecdot, doc="The inner products of vectors along a dimension.", family="linalg", symbol="·",
    synonyms=("inner product", "dot"), paths=("linalg",), method=False, tensors=("x", "y"),
    samples=(Sample((_V, _W)), Sample((_A, _V)), Sample((_A, _A), {"dim": 0})),
))  # fmt: skip


def _matrix(input: Any) -> None:
    if input.ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {input.ndim}")
    if input.dtype == np.bool_:
        raise NotImplementedError("\"trace\" not implemented for 'Bool'")


def _diagonal(rows: int, columns: int) -> Any:
    """Where the diagonal of a matrix is."""
    return np.eye(rows, columns) > 0


register(Rule(
    "trace", lambda input: np.trace(input),
    vjps=(lambda g, y, input: np.where(_diagonal(*input.shape), g, 0),),
    doc="The sum of a matrix's diagonal.", family="linalg", symbol="tr", synonyms=("diagonal sum",), dtype="as is",
    check=_matrix, samples=(Sample((_A,)),),
))  # fmt: skip


def _kron(F: Any, input: Any, other: Any) -> Any:
    rank = max(input.ndim, other.ndim)
    left, right = ((1,) * (rank - each.ndim) + tuple(each.shape) for each in (input, other))
    between = [side for pair in zip(left, [1] * rank, strict=True) for side in pair]
    within = [side for pair in zip([1] * rank, right, strict=True) for side in pair]
    product = F.mul(F.unsafe_view(input, tuple(between)), F.unsafe_view(other, tuple(within)))
    return F.unsafe_view(product, tuple(a * b for a, b in zip(left, right, strict=True)))


register(Composite(
    "kron", _kron, doc="The Kronecker product: the second tensor, once for each element of the first.",
    family="linalg", symbol="⊗", synonyms=("kronecker product",), tensors=("input", "other"),
    samples=(Sample((_A, _B)), Sample((_V, _A))),
))  # fmt: skip


CROSS_WITHOUT_DIM = (
    "Using torch.cross without specifying the dim arg is deprecated.\nPlease either pass the dim explicitly or simply "
    "use torch.linalg.cross.\nThe default value of dim will change to agree with that of linalg.cross in a future "
    "release."
)


def _of_three(input: Any, other: Any, dim: int | None) -> int:
    """The dimension of ``input`` along which its vectors lie: ``dim``, by default the first of size 3."""
    if dim is not None:
        return dim
    if 3 not in input.shape:
        raise RuntimeError("no dimension of size 3 in input")
    return int(input.shape.index(3))


def _cross_check(input: Any, other: Any, dim: int | None) -> str | None:
    if input.ndim != other.ndim:
        raise RuntimeError("linalg.cross: inputs must have the same number of dimensions.")
    along = _of_three(input, other, dim)
    if not input.ndim:
        raise IndexError(f"Dimension specified as {along} but tensor has no dimensions")
    sizes = tuple(each.shape[wrap_dim(along, each.ndim)] for each in (input, other))
    if sizes != (3, 3):
        raise RuntimeError(f"linalg.cross: inputs dimension {along} must have length 3. Got {sizes[0]} and {sizes[1]}")
    broadcast(input.shape, other.shape)
    if input.dtype != other.dtype:
        raise RuntimeError(f"expected scalar type {type_name(input.dtype)} but found {type_name(other.dtype)}")
    return CROSS_WITHOUT_DIM if dim is None else None


def _cross(a: Any, b: Any, input: Any, other: Any, dim: int | None) -> Any:
    return np.cross(a, b, axis=_of_three(input, other, dim))


_CROSS_VJPS = (
    lambda g, y, input, other, dim: _cross(other, g, input, other, dim),
    lambda g, y, input, other, dim: _cross(g, input, input, other, dim),
)

register(Rule(
    "linalg_cross", lambda input, other, *, dim=-1: _cross(input, other, input, other, dim), vjps=_CROSS_VJPS,
    doc="The cross products of vectors of three along a dimension.", family="linalg", spelled="cross", symbol="×",
    synonyms=("vector product",), paths=("linalg",), method=False, dtype="as is",
    check=lambda input, other, *, dim=-1: _cross_check(input, other, dim), grad_fn="LinalgCrossBackward0",
    samples=(Sample((_V, _W)), Sample((_A, [_V]))),
))  # fmt: skip

register(Rule(
    "cross", lambda input, other, dim=None: _cross(input, other, input, other, dim), vjps=_CROSS_VJPS,
    doc="The cross products of vectors of three, by default along the first dimension of size 3.", family="linalg",
    symbol="×", synonyms=("vector product",), dtype="as is",
    check=lambda input, other, dim=None: _cross_check(input, other, dim), grad_fn="LinalgCrossBackward0",
    samples=(Sample((_V, _W), {"dim": 0}),),
))  # fmt: skip


def _chain_check(*tensors: Any) -> None:
    if len(tensors) < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {len(tensors)}")
    last = len(tensors) - 1
    for place, name in ((0, "first"), (last, "last")):
        if tensors[place].ndim not in (1, 2):
            raise RuntimeError(f"multi_dot(): the {name} tensor must be 1D or 2D but got {tensors[place].ndim}D")
    for place, tensor in enumerate(tensors):
        if tensor.ndim != 2 and place not in (0, last):
            raise RuntimeError(f"multi_dot(): tensor {place} must be 2D but got {tensor.ndim}D")
        if tensor.dtype != tensors[0].dtype:
            raise RuntimeError(
                f"multi_dot(): all tensors must have be the same dtype but tensor 0 is {c_name(tensors[0].dtype)} and "
                f"tensor {place} {c_name(tensor.dtype)}"
            )
    first, *between, final = (tensor.shape for tensor in tensors)
    shapes = [first if len(first) == 2 else (1, *first), *between, final if len(final) == 2 else (*final, 1)]
    for place, (left, right) in enumerate(pairwise(shapes)):
        if left[1] != right[0]:
            raise RuntimeError(
                f"multi_dot(): tensors {place} and {place + 1} with shapes {size_text(left)} and {size_text(right)} "
                "cannot be multiplied"
            )


def _as_matrices(tensors: Sequence[Any]) -> list[Any]:
    """``tensors`` with a vector at the front as a row, and one at the back as a column."""
    first, *between, last = tensors
    return [
        first if first.ndim == 2 else np.expand_dims(first, 0), *between,
        last if last.ndim == 2 else np.expand_dims(last, 1),
    ]  # fmt: skip


def _chain(matrices: Sequence[Any]) -> Any:
    """The product of ``matrices`` in the order that takes the fewest multiplications."""
    sides = [matrices[0].shape[0], *(matrix.shape[1] for matrix in matrices)]
    best: dict[tuple[int, int], tuple[int, int]] = {(i, i): (0, i) for i in range(len(matrices))}
    for length in range(1, len(matrices)):
        for i in range(len(matrices) - length):
            j = i + length
            best[i, j] = min(
                (best[i, k][0] + best[k + 1, j][0] + sides[i] * sides[k + 1] * sides[j + 1], k) for k in range(i, j)
            )

    def product(i: int, j: int) -> Any:
        return matrices[i] if i == j else np.matmul(product(i, best[i, j][1]), product(best[i, j][1] + 1, j))

    return product(0, len(matrices) - 1)


def _chain_shape(tensors: Sequence[Any]) -> tuple[int, ...]:
    return (*tensors[0].shape[:-1], *tensors[-1].shape[1:])


def _chain_vjp(g: Any, y: Any, *tensors: Any, at: int) -> Any:
    """The factor's derivative: what stands before it transposed, then ``g``, then what stands behind it transposed."""
    matrices = _as_matrices(tensors)
    before, behind = ([np.transpose(each) for each in part[::-1]] for part in (matrices[:at], matrices[at + 1 :]))
    whole = np.reshape(g, (matrices[0].shape[0], matrices[-1].shape[1]))
    return np.reshape(_chain([*before, whole, *behind]), tensors[at].shape)


register(Rule(
    "multi_dot", lambda *tensors: np.reshape(_chain(_as_matrices(tensors)), _chain_shape(tensors)),
    vjps=(_chain_vjp,),
    doc="The product of a chain of matrices, in the cheapest order.", family="linalg", symbol="@@",
    synonyms=("matrix chain", "multiply several"), paths=("linalg",), method=False, variadic=True, dtype="as is",
    check=_chain_check, grad_fn="ViewBackward0",
    samples=(Sample((_A, _B)), Sample((_V, _B, _A, _V)), Sample((_A, _B, [[0.5, -1.0], [2.0, 0.25]]))),
))  # fmt: skip
