"""Inverses, determinants and systems of linear equations, over square matrices or batches of them.

What PyTorch computes from one factorisation and keeps, NumPy computes anew where a derivative needs it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from chainrule.core.ops.checks import broadcast, times_text, type_name
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.vocabulary import opaque

_A = [[2.0, -1.0, 0.5], [0.25, 3.0, -1.0], [1.0, 0.5, -1.5]]
_B = [[1.5, 0.5, -1.0], [-0.5, 2.0, 0.25], [1.0, -0.75, 2.5]]
_V = [1.0, -0.5, 2.0]
_ONE = Sample((_A,))
_BATCH = Sample(([_A, _B],))


class _LinAlgError(RuntimeError):
    """A matrix that has no inverse was to be inverted; torch.linalg.LinAlgError."""


LinAlgError = _LinAlgError


def _square(operation: str, A: Any) -> None:
    if A.ndim < 2:
        raise RuntimeError(f"{operation}: The input tensor A must have at least 2 dimensions.")
    if A.shape[-1] != A.shape[-2]:
        raise RuntimeError(
            f"{operation}: A must be batches of square matrices, but they are {A.shape[-2]} by {A.shape[-1]} matrices"
        )


def _floating(operation: str, A: Any) -> None:
    if A.dtype.kind != "f":
        raise RuntimeError(
            f"{operation}: Expected a floating point or complex tensor as input. Got {type_name(A.dtype)}"
        )
    if A.dtype == np.float16:
        raise RuntimeError(f"{operation}: Low precision dtypes not supported. Got Half")


def _first_singular(A: Any) -> tuple[str, int] | None:
    """Which of the matrices ``A`` is singular, in PyTorch's words ("" if there is one only), and at which pivot."""
    singular = np.argwhere(np.linalg.slogdet(A)[0] == 0)
    if not len(singular):
        return None
    place = tuple(int(i) for i in singular[0])
    batch = f"(Batch element {np.ravel_multi_index(place, A.shape[:-2])}): " if place else ""
    return batch, _zero_pivot(A[place])


def _zero_pivot(matrix: Any) -> int:
    """The number, from 1, of the first pivot of Gaussian elimination that is exactly 0; the last if rounding hides
    it.
    """
    rest = np.array(matrix)
    for step in range(1, len(matrix)):
        top = int(np.argmax(np.abs(rest[:, 0])))
        if rest[top, 0] == 0:
            return step
        rest[[0, top]] = rest[[top, 0]]
        rest = rest[1:, 1:] - np.outer(rest[1:, 0] / rest[0, 0], rest[0, 1:])
    return len(matrix)


def _invertible(A: Any) -> None:
    _square("linalg.inv", A)
    _floating("linalg.inv", A)
    found = _first_singular(A)
    if found is not None:
        raise LinAlgError(
            f"linalg.inv: {found[0]}The diagonal element {found[1]} is zero, the inversion could not be completed "
            "because the input matrix is singular."
        )


def _turned(matrices: Any) -> Any:
    return np.swapaxes(matrices, -1, -2)


register(Rule(
    "inv", lambda A: np.linalg.inv(A),
    vjps=(lambda g, y, A: -np.matmul(np.matmul(_turned(y), g), _turned(y)),),
    doc="The inverse of a square matrix.", family="linalg", symbol="A⁻¹", synonyms=("inverse", "reciprocal matrix"),
    paths=("linalg",), method=False, dtype="as is", check_values=_invertible, grad_fn="LinalgInvExBackward0",
    samples=(_ONE, _BATCH),
))  # fmt: skip

register(Composite(
    "inverse", lambda F, input: F.inv(input), doc="The inverse of a square matrix: `linalg.inv`.", family="linalg",
    symbol="A⁻¹", synonyms=("inv",), samples=(_ONE,),
))  # fmt: skip


def _det_check(A: Any) -> None:
    _square("linalg.det", A)
    _floating("linalg.det", A)


def _each(y: Any) -> Any:
    """One number a matrix, shaped to be multiplied with the matrices."""
    return np.expand_dims(y, (-1, -2))


def _identities(A: Any) -> Any:
    """An identity for each of the matrices ``A``."""
    return np.broadcast_to(np.identity(A.shape[-1], A.dtype), A.shape)


def _adjugate(F: Any, A: Any, identity: Any) -> Any:
    """The adjugate of ``A`` out of products and traces alone, which can be differentiated at singular matrices too.

    The recursion of Faddeev and LeVerrier: from M = I on, M becomes A M - tr(A M) / k I, n - 1 times.
    """
    size, part = A.shape[-1], identity
    for k in range(1, size):
        product = F.matmul(A, part)
        trace = F.sum(F.diagonal(product, 0, -2, -1), -1, True)
        part = F.sub(product, F.mul(F.unsqueeze(F.div(trace, k), -1), identity))
    return part if size % 2 else F.neg(part)


def _tracked_cofactors(F: Any, A: Any, y: Any, identity: Any) -> Any:
    """``cofactors`` that can be differentiated again; PyTorch has them at singular matrices then."""
    volume = F.unsqueeze(F.unsqueeze(y, -1), -1)
    singular = F.lt(F.abs(volume), 100 * float(np.finfo(A.dtype.name).eps))
    inverse = F.inv(F.where(singular, identity, A))
    return F.transpose(F.where(singular, _adjugate(F, A, identity), F.mul(volume, inverse)), -1, -2)


@opaque("cof({0})", rule=_tracked_cofactors)
def cofactors(A: Any, y: Any, identity: Any) -> Any:
    """The slopes of the determinants ``y`` of ``A``. Where these are 0, PyTorch takes the slopes for 0, unless they are
    to be differentiated again; only a word of its own can tell one from the other.
    """
    if A.shape[-1] == 1:  # the determinant is the element itself, singular or not
        return identity
    return _each(y) * _turned(np.linalg.inv(np.where(_each(y != 0), A, identity)))


register(Rule(
    "det", lambda A: np.linalg.det(A),
    vjps=(lambda g, y, A: _each(g) * cofactors(A, y, _identities(A)),),
    doc="The determinant of a square matrix; where it is 0, PyTorch takes the gradient for 0 too, but for that of a "
    "single element, and where the gradient is to be differentiated again.", family="linalg",
    symbol="|A|", synonyms=("determinant", "volume"), paths=("", "linalg"), dtype="as is", check=_det_check,
    grad_fn="LinalgDetBackward0", samples=(_ONE, _BATCH),
))  # fmt: skip


@opaque("slogdet({0})")
def signed_logarithm(A: Any) -> Any:
    """The signs of the determinants of ``A``, and under them the logarithms of their absolute values: NumPy gives a
    tuple, which no trace can follow.
    """
    return np.stack(np.linalg.slogdet(A))


def _slogdet_check(A: Any) -> None:
    _square("linalg.slogdet", A)
    _floating("linalg.slogdet", A)


register(Rule(
    "sign_of_det", lambda A: signed_logarithm(A)[0],
    vjps=(lambda g, y, A: np.zeros_like(A),),
    doc="The sign of the determinant, which is tracked as in PyTorch but has a derivative of 0.", family="linalg",
    public=False, dtype="as is", check=_slogdet_check, grad_fn="LinalgSlogdetBackward0", samples=(_ONE, _BATCH),
))  # fmt: skip


def _substituted(matrix: Any) -> Any:
    """The transposed inverse of a singular ``matrix``, by the factors of its transpose: what is left where a pivot of 0
    divides. PyTorch (LAPACK's getrf and getrs) factors row-major matrices so.
    """
    factors, solution = np.transpose(matrix), np.identity(len(matrix), matrix.dtype)
    rows = np.arange(len(matrix))
    for step in rows:
        top = step + int(np.argmax(np.abs(factors[step:, step])))
        order = np.where(rows == step, top, np.where(rows == top, step, rows))
        factors, solution = factors[order], solution[order]
        multiples = factors[:, step] / (factors[step, step] or 1)
        below = np.expand_dims(rows > step, 1)
        solution = np.where(below, solution - np.outer(multiples, solution[step]), solution)
        factors = np.where(below, factors - np.outer(multiples, factors[step]), factors)
    for step in rows[::-1]:
        solved = solution[step] * (1 / factors[step, step])
        above = np.where(np.expand_dims(rows < step, 1), solution - np.outer(factors[:, step], solved), solution)
        solution = np.where(np.expand_dims(rows == step, 1), solved, above)
    return solution


@opaque("{0}⁻ᵀ", rule=lambda F, A, identity: F.solve(F.transpose(A, -1, -2), identity), latex=r"{0}^{{-\top}}")
def turned_inverse(A: Any, identity: Any) -> Any:
    """The transposed inverses of ``A``, with infinities and nan where there is none, as PyTorch has them; it refuses
    these where they are to be differentiated again. NumPy has no factorisation that goes on past a pivot of 0.
    """
    singular = np.linalg.slogdet(A)[0] == 0
    inverses = _turned(np.linalg.inv(np.where(_each(singular), identity, A)))
    for place in map(tuple, np.argwhere(singular)):
        inverses[place] = _substituted(A[place])
    return inverses


register(Rule(
    "log_abs_det", lambda A: signed_logarithm(A)[1],
    vjps=(lambda g, y, A: _each(g) * turned_inverse(A, _identities(A)),),
    doc="The logarithm of the absolute value of the determinant, whose gradient is infinite at a singular matrix.",
    family="linalg", public=False, dtype="as is", check=_slogdet_check, grad_fn="LinalgSlogdetBackward0",
    samples=(_ONE, _BATCH),
))  # fmt: skip


class linalg_slogdet(NamedTuple):  # noqa: N801
    """What ``slogdet`` returns, named and printed as torch.return_types has it."""

    sign: Any
    logabsdet: Any

    def __repr__(self) -> str:
        return f"torch.return_types.linalg_slogdet(\nsign={self.sign!r},\nlogabsdet={self.logabsdet!r})"


register(Composite(
    "slogdet", lambda F, A: linalg_slogdet(F.sign_of_det(A), F.log_abs_det(A)),
    doc="The sign of the determinant and the logarithm of its absolute value, which no size of matrix overflows.",
    family="linalg", symbol="ln|A|", synonyms=("log determinant", "determinant"), paths=("", "linalg"), tensors=("A",),
    outputs=lambda params: ("sign", "logabsdet"), samples=(_ONE, _BATCH),
))  # fmt: skip


def _logdet(F: Any, input: Any) -> Any:
    _square("logdet", input)
    if not input.dtype.is_floating_point:
        raise RuntimeError(f"logdet: Expected a floating point or complex tensor as input. Got {input.dtype.type_name}")
    return F.where(F.eq(F.sign_of_det(input), -1.0), float("nan"), F.log_abs_det(input))


register(Composite(
    "logdet", _logdet, doc="The logarithm of the determinant; nan where that is negative.", family="linalg",
    symbol="ln|A|", synonyms=("log determinant",), samples=(Sample((_B,)),),
))  # fmt: skip


def _is_vector(A: Any, B: Any) -> bool:
    """Whether PyTorch reads ``B`` as a vector, or a batch of them, and not as matrices."""
    return bool(B.ndim == 1 or (A.ndim - 1 == B.ndim and A.shape[:-1] == B.shape))


def _solve_check(A: Any, B: Any, *, left: bool = True) -> None:
    _square("linalg.solve", A)
    _floating("linalg.solve", A)
    vector = _is_vector(A, B)
    if B.ndim < 2 and not vector:
        raise RuntimeError("linalg.solve: The input tensor B must have at least 2 dimensions.")
    if A.dtype != B.dtype:
        raise RuntimeError(
            f"linalg.solve: Expected A and B to have the same dtype, but found A of type {type_name(A.dtype)} and B of "
            f"type {type_name(B.dtype)} instead"
        )
    shape = (*B.shape, 1) if vector else B.shape
    if A.shape[-1] != shape[-2 if left else -1]:
        equation = "AX = B" if left else "XA = B"
        raise RuntimeError(
            f"linalg.solve: Incompatible shapes of A and B for the equation {equation} "
            f"({times_text(A.shape[-2:])} and {times_text(shape[-2:])})"
        )
    broadcast(shape[:-2], A.shape[:-2])
    found = _first_singular(A)
    if found is not None:
        raise LinAlgError(f"torch.linalg.solve: {found[0]}The solver failed because the input matrix is singular.")


def _as_matrices(A: Any, B: Any, vector: bool) -> Any:
    """``B`` as matrices of at least as many dimensions as ``A`` has, so that NumPy reads it as PyTorch does."""
    columns = np.expand_dims(B, -1) if vector else B
    missing = A.ndim - columns.ndim
    return np.expand_dims(columns, tuple(range(missing))) if missing > 0 else columns


def _solved(A: Any, B: Any, left: bool) -> Any:
    """X of A X = B, or of X A = B; ``B`` of at least as many dimensions as ``A``."""
    return np.linalg.solve(A, B) if left else _turned(np.linalg.solve(_turned(A), _turned(B)))


def _solve(A: Any, B: Any, *, left: bool = True) -> Any:
    vector = _is_vector(A, B)
    solution = _solved(A, _as_matrices(A, B, vector), left)
    return np.squeeze(solution, axis=-1) if vector else solution


def _solve_vjp_of_b(g: Any, y: Any, A: Any, B: Any, left: bool) -> Any:
    vector = _is_vector(A, B)
    back = _solved(_turned(A), _as_matrices(A, g, vector), left)
    return np.squeeze(back, axis=-1) if vector else back


def _solve_vjp_of_a(g: Any, y: Any, A: Any, B: Any, left: bool) -> Any:
    vector = _is_vector(A, B)
    back = _solved(_turned(A), _as_matrices(A, g, vector), left)
    solution = _turned(_as_matrices(A, y, vector))
    return -np.matmul(back, solution) if left else -np.matmul(solution, back)


register(Rule(
    "solve", _solve, vjps=(_solve_vjp_of_a, _solve_vjp_of_b),
    doc="The solution X of A X = B, or with left=False of X A = B.", family="linalg", symbol="A⁻¹B",
    synonyms=("linear system", "equations"), paths=("linalg",), method=False, dtype="as is", check_values=_solve_check,
    grad_fn="LinalgSolveExBackward0",
    samples=(Sample((_A, _V)), Sample((_A, _B)), Sample(([_A, _B], _V)), Sample((_A, [_V]), {"left": False})),
))  # fmt: skip


register(Rule(
    "to_the_zeroth", lambda A: np.where(np.identity(A.shape[-1]) > 0, np.ones_like(A), np.zeros_like(A)),
    vjps=(lambda g, y, A: np.zeros_like(A),),
    doc="The identity in the shape of a square matrix: its power 0.", family="linalg", public=False, dtype="as is",
    grad_fn="torch::autograd::CopyBackwards", samples=(_ONE,),
))  # fmt: skip


def _matrix_power(F: Any, A: Any, n: int) -> Any:
    _square("linalg.matrix_power", A)
    if n in (0, 1):
        return F.clone(A) if n else F.to_the_zeroth(A)
    if n < 0:
        A, n = F.inv(A), -n
    if n == 3:
        return F.matmul(F.matmul(A, A), A)
    power, result = A, None
    while n:
        if n % 2:
            result = power if result is None else F.matmul(result, power)
        n //= 2
        power = F.matmul(power, power) if n else power
    return result


register(Composite(
    "matrix_power", _matrix_power, doc="A square matrix multiplied with itself n times; its inverse, for negative n.",
    family="linalg", symbol="Aⁿ", synonyms=("power",), paths=("", "linalg"), tensors=("A",),
    samples=(Sample((_A,), {"n": 3}), Sample((_A,), {"n": -1}), Sample((_A,), {"n": 5})),
))  # fmt: skip
