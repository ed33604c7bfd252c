"""Written by scripts/make_stubs.py from the rule book."""

from collections.abc import Sequence
from chainrule.core.engine.dtypes import dtype
from chainrule.core.engine.tensor import Tensor
from chainrule.core.signatures.results import SignLogabsdet

def cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """The cross products of vectors of three along a dimension."""

def det(A: Tensor) -> Tensor:
    """The determinant of a square matrix; where it is 0, PyTorch takes the gradient for 0 too, but for that of a single element, and where the gradient is to be differentiated again."""

def inv(A: Tensor) -> Tensor:
    """The inverse of a square matrix."""

def matmul(input: Tensor, other: Tensor) -> Tensor:
    """The matrix product: of vectors, matrices, or batches of matrices."""

def matrix_norm(
    A: Tensor,
    ord: float | str = "fro",
    dim: int | Sequence[int] = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
) -> Tensor:
    """The norm of matrices: Frobenius, or the extreme sum of a row or column."""

def matrix_power(A: Tensor, n: int) -> Tensor:
    """A square matrix multiplied with itself n times; its inverse, for negative n."""

def multi_dot(tensors: Sequence[Tensor]) -> Tensor:
    """The product of a chain of matrices, in the cheapest order."""

def norm(
    A: Tensor,
    ord: float | str | None = None,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
) -> Tensor:
    """The norm of a vector, or of a matrix, where an order and two dimensions say so."""

def slogdet(A: Tensor) -> SignLogabsdet:
    """The sign of the determinant and the logarithm of its absolute value, which no size of matrix overflows."""

def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """The solution X of A X = B, or with left=False of X A = B."""

def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """The inner products of vectors along a dimension."""

def vector_norm(
    x: Tensor,
    ord: float | str = 2,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
) -> Tensor:
    """The size of a vector: of all elements or along dimensions, each to the power ord."""
