"""Written by scripts/make_stubs.py from the rule book."""

from builtins import bool as _bool, float as _float, int as _int
from collections.abc import Sequence
from types import EllipsisType
from typing import Any, Literal, overload
from chainrule.core.engine.dtypes import dtype
from chainrule.core.engine.random import Generator
from chainrule.core.engine.tensor import Tensor
from chainrule.core.signatures.results import SignLogabsdet, ValuesIndices

class OperationMethods:
    def abs(self) -> Tensor:
        """The absolute value of each element."""
    def abs_(self) -> Tensor:
        """``abs`` in place."""
    def absolute(self) -> Tensor:
        """The absolute value of each element."""
    def absolute_(self) -> Tensor:
        """``abs`` in place."""
    def acos(self) -> Tensor:
        """The angle between 0 and π whose cosine each element is."""
    def acos_(self) -> Tensor:
        """``acos`` in place."""
    def acosh(self) -> Tensor:
        """The positive number whose hyperbolic cosine each element is."""
    def acosh_(self) -> Tensor:
        """``acosh`` in place."""
    def add(self, other: Tensor | _float, *, alpha: _float = 1) -> Tensor:
        """The sum of two tensors."""
    def add_(self, other: Tensor | _float, *, alpha: _float = 1) -> Tensor:
        """``add`` in place."""
    def addmm(self, mat1: Tensor, mat2: Tensor, *, beta: _float = 1, alpha: _float = 1) -> Tensor:
        """A matrix product with a matrix or vector added."""
    def addmm_(self, mat1: Tensor, mat2: Tensor, *, beta: _float = 1, alpha: _float = 1) -> Tensor:
        """``addmm`` in place."""
    def addmv(self, mat: Tensor, vec: Tensor, *, beta: _float = 1, alpha: _float = 1) -> Tensor:
        """The product of a matrix and a vector with a vector added."""
    def addmv_(self, mat: Tensor, vec: Tensor, *, beta: _float = 1, alpha: _float = 1) -> Tensor:
        """``addmv`` in place."""
    def addr(self, vec1: Tensor, vec2: Tensor, *, beta: _float = 1, alpha: _float = 1) -> Tensor:
        """The outer product of two vectors with a matrix added."""
    def addr_(self, vec1: Tensor, vec2: Tensor, *, beta: _float = 1, alpha: _float = 1) -> Tensor:
        """``addr`` in place."""
    def all(self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False) -> Tensor:
        """Whether every element is true, that is not zero. It has no derivative."""
    def amax(self, dim: _int | Sequence[_int] = (), keepdim: _bool = False) -> Tensor:
        """The maximum along dimensions; equals share the gradient."""
    def amin(self, dim: _int | Sequence[_int] = (), keepdim: _bool = False) -> Tensor:
        """The minimum along dimensions; equals share the gradient."""
    def any(self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False) -> Tensor:
        """Whether an element is true, that is not zero. It has no derivative."""
    def arccos(self) -> Tensor:
        """The angle between 0 and π whose cosine each element is."""
    def arccos_(self) -> Tensor:
        """``acos`` in place."""
    def arccosh(self) -> Tensor:
        """The positive number whose hyperbolic cosine each element is."""
    def arccosh_(self) -> Tensor:
        """``acosh`` in place."""
    def arcsin(self) -> Tensor:
        """The angle between -π/2 and π/2 whose sine each element is."""
    def arcsin_(self) -> Tensor:
        """``asin`` in place."""
    def arcsinh(self) -> Tensor:
        """The number whose hyperbolic sine each element is."""
    def arcsinh_(self) -> Tensor:
        """``asinh`` in place."""
    def arctan(self) -> Tensor:
        """The angle between -π/2 and π/2 whose tangent each element is."""
    def arctan_(self) -> Tensor:
        """``atan`` in place."""
    def arctan2(self, other: Tensor) -> Tensor:
        """The angle of the point at height input and breadth other, in all four quadrants."""
    def arctan2_(self, other: Tensor) -> Tensor:
        """``atan2`` in place."""
    def arctanh(self) -> Tensor:
        """The number whose hyperbolic tangent each element is."""
    def arctanh_(self) -> Tensor:
        """``atanh`` in place."""
    def argmax(self, dim: _int | None = None, keepdim: _bool = False) -> Tensor:
        """Where the maximum stands. It has no derivative."""
    def argmin(self, dim: _int | None = None, keepdim: _bool = False) -> Tensor:
        """Where the minimum stands. It has no derivative."""
    def argsort(self, dim: _int = -1, descending: _bool = False, stable: _bool = False) -> Tensor:
        """Where the elements stand that sorting brings first, second, ... It has no derivative."""
    def argwhere(self) -> Tensor:
        """The indices of the elements that are not 0, one row each. It has no derivative."""
    def asin(self) -> Tensor:
        """The angle between -π/2 and π/2 whose sine each element is."""
    def asin_(self) -> Tensor:
        """``asin`` in place."""
    def asinh(self) -> Tensor:
        """The number whose hyperbolic sine each element is."""
    def asinh_(self) -> Tensor:
        """``asinh`` in place."""
    def atan(self) -> Tensor:
        """The angle between -π/2 and π/2 whose tangent each element is."""
    def atan_(self) -> Tensor:
        """``atan`` in place."""
    def atan2(self, other: Tensor) -> Tensor:
        """The angle of the point at height input and breadth other, in all four quadrants."""
    def atan2_(self, other: Tensor) -> Tensor:
        """``atan2`` in place."""
    def atanh(self) -> Tensor:
        """The number whose hyperbolic tangent each element is."""
    def atanh_(self) -> Tensor:
        """``atanh`` in place."""
    def baddbmm(self, batch1: Tensor, batch2: Tensor, *, beta: _float = 1, alpha: _float = 1) -> Tensor:
        """The products of two batches of matrices with a batch added."""
    def baddbmm_(self, batch1: Tensor, batch2: Tensor, *, beta: _float = 1, alpha: _float = 1) -> Tensor:
        """``baddbmm`` in place."""
    def bitwise_and(self, other: Tensor | _float) -> Tensor:
        """The bits that are set in both; of bools, where both are true."""
    def bitwise_and_(self, other: Tensor | _float) -> Tensor:
        """``bitwise_and`` in place."""
    def bitwise_not(self) -> Tensor:
        """Every bit turned over; of bools, the opposite."""
    def bitwise_not_(self) -> Tensor:
        """``bitwise_not`` in place."""
    def bitwise_or(self, other: Tensor | _float) -> Tensor:
        """The bits that are set in either; of bools, where either is true."""
    def bitwise_or_(self, other: Tensor | _float) -> Tensor:
        """``bitwise_or`` in place."""
    def bitwise_xor(self, other: Tensor | _float) -> Tensor:
        """The bits that are set in one only; of bools, where they differ."""
    def bitwise_xor_(self, other: Tensor | _float) -> Tensor:
        """``bitwise_xor`` in place."""
    def bmm(self, mat2: Tensor) -> Tensor:
        """The products of two batches of matrices, pair by pair."""
    def bool(self) -> Tensor:
        """The same values as bool."""
    @overload
    def broadcast_to(self, size: _int | Sequence[_int]) -> Tensor:
        """Repeated along dimensions of size 1, without copying: another name of `expand`."""
    @overload
    def broadcast_to(self, *size: _int) -> Tensor:
        """Repeated along dimensions of size 1, without copying: another name of `expand`."""
    def byte(self) -> Tensor:
        """The same values as uint8."""
    def ceil(self) -> Tensor:
        """The smallest whole number that is not below each element."""
    def ceil_(self) -> Tensor:
        """``ceil`` in place."""
    def char(self) -> Tensor:
        """The same values as int8."""
    def chunk(self, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
        """As many parts of equal size along a dimension; the last may be shorter, or missing."""
    def clamp(self, min: Tensor | _float | None = None, max: Tensor | _float | None = None) -> Tensor:
        """Each element brought between min and max."""
    def clamp_(self, min: Tensor | _float | None = None, max: Tensor | _float | None = None) -> Tensor:
        """``clamp`` in place."""
    def clamp_max(self, max: Tensor | _float) -> Tensor:
        """Each element, or max where it is above that."""
    def clamp_max_(self, max: Tensor | _float) -> Tensor:
        """``clamp_max`` in place."""
    def clamp_min(self, min: Tensor | _float) -> Tensor:
        """Each element, or min where it is below that."""
    def clamp_min_(self, min: Tensor | _float) -> Tensor:
        """``clamp_min`` in place."""
    def clip(self, min: Tensor | _float | None = None, max: Tensor | _float | None = None) -> Tensor:
        """Each element brought between min and max."""
    def clip_(self, min: Tensor | _float | None = None, max: Tensor | _float | None = None) -> Tensor:
        """``clamp`` in place."""
    def clone(self) -> Tensor:
        """A copy that the gradient passes through."""
    def contiguous(self) -> Tensor:
        """The same values in order in memory: itself where they are so already."""
    def copysign(self, other: Tensor | _float) -> Tensor:
        """The size of the first with the sign of the second, even of its zero."""
    def copysign_(self, other: Tensor | _float) -> Tensor:
        """``copysign`` in place."""
    def cos(self) -> Tensor:
        """The cosine of each element."""
    def cos_(self) -> Tensor:
        """``cos`` in place."""
    def cosh(self) -> Tensor:
        """The hyperbolic cosine of each element."""
    def cosh_(self) -> Tensor:
        """``cosh`` in place."""
    @overload
    def count_nonzero(self, dim: _int | Sequence[_int] | None = None) -> Tensor:
        """How many elements are not zero. It has no derivative."""
    @overload
    def count_nonzero(self, *dim: _int) -> Tensor:
        """How many elements are not zero. It has no derivative."""
    def cross(self, other: Tensor, dim: _int | None = None) -> Tensor:
        """The cross products of vectors of three, by default along the first dimension of size 3."""
    def cummax(self, dim: _int) -> ValuesIndices:
        """The maximum so far along a dimension, with its place."""
    def cummin(self, dim: _int) -> ValuesIndices:
        """The minimum so far along a dimension, with its place."""
    def cumprod(self, dim: _int, dtype: dtype | None = None) -> Tensor:
        """The product of each element and all before it along a dimension."""
    def cumprod_(self, dim: _int, dtype: dtype | None = None) -> Tensor:
        """``cumprod`` in place."""
    def cumsum(self, dim: _int, dtype: dtype | None = None) -> Tensor:
        """The sum of each element and all before it along a dimension."""
    def cumsum_(self, dim: _int, dtype: dtype | None = None) -> Tensor:
        """``cumsum`` in place."""
    def deg2rad(self) -> Tensor:
        """Degrees as radians."""
    def deg2rad_(self) -> Tensor:
        """``deg2rad`` in place."""
    def det(self) -> Tensor:
        """The determinant of a square matrix; where it is 0, PyTorch takes the gradient for 0 too, but for that of a single element, and where the gradient is to be differentiated again."""
    def detach(self) -> Tensor:
        """The same values, cut off from the tape: no gradient passes."""
    def diag(self, diagonal: _int = 0) -> Tensor:
        """The matrix with a vector on its diagonal, or the diagonal of a matrix."""
    def diag_embed(self, offset: _int = 0, dim1: _int = -2, dim2: _int = -1) -> Tensor:
        """The last dimension as the diagonal of matrices that are 0 elsewhere."""
    def diagflat(self, offset: _int = 0) -> Tensor:
        """The matrix with all elements of a tensor on its diagonal."""
    def diagonal(self, offset: _int = 0, dim1: _int = 0, dim2: _int = 1) -> Tensor:
        """A diagonal of the matrices in two dimensions, sharing memory."""
    def diff(self, n: _int = 1, dim: _int = -1, prepend: Tensor | None = None, append: Tensor | None = None) -> Tensor:
        """Each element minus the one before it along a dimension, n times over."""
    def div(self, other: Tensor | _float, *, rounding_mode: Literal[None, "trunc", "floor"] = None) -> Tensor:
        """The first tensor divided by the second, element by element; rounded, if wished."""
    def div_(self, other: Tensor | _float, *, rounding_mode: Literal[None, "trunc", "floor"] = None) -> Tensor:
        """``div`` in place."""
    def divide(self, other: Tensor | _float, *, rounding_mode: Literal[None, "trunc", "floor"] = None) -> Tensor:
        """The first tensor divided by the second, element by element; rounded, if wished."""
    def divide_(self, other: Tensor | _float, *, rounding_mode: Literal[None, "trunc", "floor"] = None) -> Tensor:
        """``div`` in place."""
    def dot(self, tensor: Tensor) -> Tensor:
        """The inner product of two vectors."""
    def double(self) -> Tensor:
        """The same values as float64."""
    def dsplit(self, indices_or_sections: _int | Sequence[_int]) -> tuple[Tensor, ...]:
        """Parts one behind the other, of the third dimension."""
    def eq(self, other: Tensor | _float) -> Tensor:
        """Where two elements are equal. It has no derivative."""
    def eq_(self, other: Tensor | _float) -> Tensor:
        """``eq`` in place."""
    def erf(self) -> Tensor:
        """The error function: twice the area under the bell curve exp(-t²)/√π from 0."""
    def erf_(self) -> Tensor:
        """``erf`` in place."""
    def erfc(self) -> Tensor:
        """One minus the error function, precise where that is tiny."""
    def erfc_(self) -> Tensor:
        """``erfc`` in place."""
    def exp(self) -> Tensor:
        """e to the power of each element."""
    def exp_(self) -> Tensor:
        """``exp`` in place."""
    def exp2(self) -> Tensor:
        """Two to the power of each element."""
    def exp2_(self) -> Tensor:
        """``exp2`` in place."""
    @overload
    def expand(self, size: Sequence[_int]) -> Tensor:
        """Repeated along dimensions of size 1, without copying."""
    @overload
    def expand(self, *size: _int) -> Tensor:
        """Repeated along dimensions of size 1, without copying."""
    def expand_as(self, other: Tensor) -> Tensor:
        """Repeated to another tensor's shape, without copying."""
    def expm1(self) -> Tensor:
        """e to the power of each element, minus 1: exact near 0."""
    def expm1_(self) -> Tensor:
        """``expm1`` in place."""
    def fix(self) -> Tensor:
        """Each element without its fraction."""
    def fix_(self) -> Tensor:
        """``trunc`` in place."""
    def flatten(self, start_dim: _int = 0, end_dim: _int = -1) -> Tensor:
        """Neighbouring dimensions made one."""
    @overload
    def flip(self, dims: _int | Sequence[_int]) -> Tensor:
        """The elements in reverse order along dimensions."""
    @overload
    def flip(self, *dims: _int) -> Tensor:
        """The elements in reverse order along dimensions."""
    def fliplr(self) -> Tensor:
        """The columns in reverse order."""
    def flipud(self) -> Tensor:
        """The rows in reverse order."""
    def float(self) -> Tensor:
        """The same values as float32."""
    def float_power(self, exponent: Tensor | _float) -> Tensor:
        """Each element to a power, in float64."""
    def float_power_(self, exponent: Tensor | _float) -> Tensor:
        """``float_power`` in place."""
    def floor(self) -> Tensor:
        """The largest whole number that is not above each element."""
    def floor_(self) -> Tensor:
        """``floor`` in place."""
    def floor_divide(self, other: Tensor | _float) -> Tensor:
        """The quotient rounded down to a whole number. It has no derivative, and backward stops at it."""
    def floor_divide_(self, other: Tensor | _float) -> Tensor:
        """``floor_divide`` in place."""
    def fmax(self, other: Tensor) -> Tensor:
        """The larger of two elements, of which one may be nan; a tie sends all to the first."""
    def fmin(self, other: Tensor) -> Tensor:
        """The smaller of two elements, of which one may be nan; a tie sends all to the first."""
    def fmod(self, other: Tensor | _float) -> Tensor:
        """What is left of the first after whole steps of the second, with the first's sign."""
    def fmod_(self, other: Tensor | _float) -> Tensor:
        """``fmod`` in place."""
    def frac(self) -> Tensor:
        """The fraction of each element: what trunc leaves over, with its sign."""
    def frac_(self) -> Tensor:
        """``frac`` in place."""
    def gather(self, dim: _int, index: Tensor) -> Tensor:
        """Along a dimension, the elements whose places the index names."""
    def ge(self, other: Tensor | _float) -> Tensor:
        """Where the first is larger or equal. It has no derivative."""
    def ge_(self, other: Tensor | _float) -> Tensor:
        """``ge`` in place."""
    def ger(self, vec2: Tensor) -> Tensor:
        """The outer product of two vectors, by its name in BLAS."""
    def greater(self, other: Tensor | _float) -> Tensor:
        """Where the first is larger. It has no derivative."""
    def greater_(self, other: Tensor | _float) -> Tensor:
        """``gt`` in place."""
    def greater_equal(self, other: Tensor | _float) -> Tensor:
        """Where the first is larger or equal. It has no derivative."""
    def greater_equal_(self, other: Tensor | _float) -> Tensor:
        """``ge`` in place."""
    def gt(self, other: Tensor | _float) -> Tensor:
        """Where the first is larger. It has no derivative."""
    def gt_(self, other: Tensor | _float) -> Tensor:
        """``gt`` in place."""
    def half(self) -> Tensor:
        """The same values as float16."""
    def hardshrink(self, lambd: _float = 0.5) -> Tensor:
        """The element where it is farther from 0 than lambd, else 0."""
    def hsplit(self, indices_or_sections: _int | Sequence[_int]) -> tuple[Tensor, ...]:
        """Parts side by side: of a vector's only dimension, else of the second."""
    def hypot(self, other: Tensor) -> Tensor:
        """The long side of a right triangle, from the two short ones."""
    def hypot_(self, other: Tensor) -> Tensor:
        """``hypot`` in place."""
    def index_add(self, dim: _int, index: Tensor, source: Tensor, alpha: _float = 1) -> Tensor:
        """The source added to the slices along a dimension that the index names."""
    def index_add_(self, dim: _int, index: Tensor, source: Tensor, alpha: _float = 1) -> Tensor:
        """``index_add`` in place."""
    def index_copy(self, dim: _int, index: Tensor, source: Tensor) -> Tensor:
        """The source written to the slices along a dimension that the index names."""
    def index_copy_(self, dim: _int, index: Tensor, source: Tensor) -> Tensor:
        """``index_copy`` in place."""
    def index_fill(self, dim: _int, index: Tensor, value: Tensor | _float) -> Tensor:
        """One value at the places along a dimension that the index names."""
    def index_fill_(self, dim: _int, index: Tensor, value: Tensor | _float) -> Tensor:
        """``index_fill`` in place."""
    def index_select(self, dim: _int, index: Tensor) -> Tensor:
        """The slices along a dimension that the index names."""
    def inner(self, other: Tensor) -> Tensor:
        """The products of the last dimensions of two tensors, summed."""
    def int(self) -> Tensor:
        """The same values as int32."""
    def inverse(self) -> Tensor:
        """The inverse of a square matrix: `linalg.inv`."""
    def isclose(self, other: Tensor, rtol: _float = 1e-05, atol: _float = 1e-08, equal_nan: _bool = False) -> Tensor:
        """Where two elements are no further apart than atol + rtol * |other|."""
    def isfinite(self) -> Tensor:
        """Where an element is neither infinite nor nan."""
    def isinf(self) -> Tensor:
        """Where an element is infinite, of either sign."""
    def isnan(self) -> Tensor:
        """Where an element is not a number."""
    def kron(self, other: Tensor) -> Tensor:
        """The Kronecker product: the second tensor, once for each element of the first."""
    def kthvalue(self, k: _int, dim: _int = -1, keepdim: _bool = False) -> ValuesIndices:
        """The k-th smallest element along a dimension, with its place."""
    def le(self, other: Tensor | _float) -> Tensor:
        """Where the first is smaller or equal. It has no derivative."""
    def le_(self, other: Tensor | _float) -> Tensor:
        """``le`` in place."""
    def lerp(self, end: Tensor, weight: Tensor | _float) -> Tensor:
        """The point that lies weight of the way from input to end."""
    def lerp_(self, end: Tensor, weight: Tensor | _float) -> Tensor:
        """``lerp`` in place."""
    def less(self, other: Tensor | _float) -> Tensor:
        """Where the first is smaller. It has no derivative."""
    def less_(self, other: Tensor | _float) -> Tensor:
        """``lt`` in place."""
    def less_equal(self, other: Tensor | _float) -> Tensor:
        """Where the first is smaller or equal. It has no derivative."""
    def less_equal_(self, other: Tensor | _float) -> Tensor:
        """``le`` in place."""
    def log(self) -> Tensor:
        """The natural logarithm of each element."""
    def log_(self) -> Tensor:
        """``log`` in place."""
    def log10(self) -> Tensor:
        """The logarithm of each element to the base 10."""
    def log10_(self) -> Tensor:
        """``log10`` in place."""
    def log1p(self) -> Tensor:
        """The natural logarithm of 1 + input, exact near 0."""
    def log1p_(self) -> Tensor:
        """``log1p`` in place."""
    def log2(self) -> Tensor:
        """The logarithm of each element to the base 2."""
    def log2_(self) -> Tensor:
        """``log2`` in place."""
    def log_softmax(self, dim: _int, dtype: dtype | None = None) -> Tensor:
        """The logarithm of softmax, computed without overflow."""
    def logaddexp(self, other: Tensor) -> Tensor:
        """The logarithm of the sum of two exponentials, without overflow."""
    def logaddexp2(self, other: Tensor) -> Tensor:
        """The logarithm to the base 2 of the sum of two powers of 2."""
    def logcumsumexp(self, dim: _int) -> Tensor:
        """The log of the sum of exp, of each element and all before it along a dimension."""
    def logdet(self) -> Tensor:
        """The logarithm of the determinant; nan where that is negative."""
    def logical_and(self, other: Tensor) -> Tensor:
        """Where both are true, that is, not 0."""
    def logical_and_(self, other: Tensor) -> Tensor:
        """``logical_and`` in place."""
    def logical_not(self) -> Tensor:
        """Where an element is not true, that is, 0."""
    def logical_not_(self) -> Tensor:
        """``logical_not`` in place."""
    def logical_or(self, other: Tensor) -> Tensor:
        """Where at least one is true, that is, not 0."""
    def logical_or_(self, other: Tensor) -> Tensor:
        """``logical_or`` in place."""
    def logical_xor(self, other: Tensor) -> Tensor:
        """Where one is true and the other not."""
    def logical_xor_(self, other: Tensor) -> Tensor:
        """``logical_xor`` in place."""
    def logit(self, eps: _float | None = None) -> Tensor:
        """The log-odds ln(x / (1 - x)), the inverse of sigmoid; eps keeps x away from 0 and 1."""
    def logit_(self, eps: _float | None = None) -> Tensor:
        """``logit`` in place."""
    def logsumexp(self, dim: _int | Sequence[_int] | None, keepdim: _bool = False) -> Tensor:
        """The logarithm of the sum of exp, along dimensions."""
    def long(self) -> Tensor:
        """The same values as int64."""
    def lt(self, other: Tensor | _float) -> Tensor:
        """Where the first is smaller. It has no derivative."""
    def lt_(self, other: Tensor | _float) -> Tensor:
        """``lt`` in place."""
    def masked_fill(self, mask: Tensor, value: Tensor | _float) -> Tensor:
        """One value where the mask holds, the tensor elsewhere."""
    def masked_fill_(self, mask: Tensor, value: Tensor | _float) -> Tensor:
        """``masked_fill`` in place."""
    def masked_select(self, mask: Tensor) -> Tensor:
        """The elements where the mask holds, in a row."""
    def matmul(self, other: Tensor) -> Tensor:
        """The matrix product: of vectors, matrices, or batches of matrices."""
    def matrix_power(self, n: _int) -> Tensor:
        """A square matrix multiplied with itself n times; its inverse, for negative n."""
    @overload
    def max(self, dim: Tensor | None = None, keepdim: _bool = False) -> Tensor:
        """The maximum of all elements, or along a dimension with its indices."""
    @overload
    def max(self, dim: _int, keepdim: _bool = False) -> ValuesIndices:
        """The maximum of all elements, or along a dimension with its indices."""
    def maximum(self, other: Tensor) -> Tensor:
        """The larger of two elements; a tie sends half each way."""
    def mean(
        self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, dtype: dtype | None = None
    ) -> Tensor:
        """The mean of the elements, of all or along dimensions."""
    @overload
    def median(self, dim: None = None, keepdim: _bool = False) -> Tensor:
        """The median of all elements, the lower of two, or along a dimension with its place."""
    @overload
    def median(self, dim: _int, keepdim: _bool = False) -> ValuesIndices:
        """The median of all elements, the lower of two, or along a dimension with its place."""
    @overload
    def min(self, dim: Tensor | None = None, keepdim: _bool = False) -> Tensor:
        """The minimum of all elements, or along a dimension with its indices."""
    @overload
    def min(self, dim: _int, keepdim: _bool = False) -> ValuesIndices:
        """The minimum of all elements, or along a dimension with its indices."""
    def minimum(self, other: Tensor) -> Tensor:
        """The smaller of two elements; a tie sends half each way."""
    def mm(self, mat2: Tensor) -> Tensor:
        """The product of two matrices."""
    def moveaxis(self, source: _int | Sequence[_int], destination: _int | Sequence[_int]) -> Tensor:
        """Dimensions moved to other places; the rest keep their order."""
    def movedim(self, source: _int | Sequence[_int], destination: _int | Sequence[_int]) -> Tensor:
        """Dimensions moved to other places; the rest keep their order."""
    def msort(self) -> Tensor:
        """The elements in order along the first dimension."""
    def mul(self, other: Tensor | _float) -> Tensor:
        """The product of two tensors, element by element."""
    def mul_(self, other: Tensor | _float) -> Tensor:
        """``mul`` in place."""
    def multiply(self, other: Tensor | _float) -> Tensor:
        """The product of two tensors, element by element."""
    def multiply_(self, other: Tensor | _float) -> Tensor:
        """``mul`` in place."""
    def mv(self, vec: Tensor) -> Tensor:
        """The product of a matrix and a vector."""
    def nan_to_num(self, nan: _float = 0.0, posinf: _float | None = None, neginf: _float | None = None) -> Tensor:
        """Each element, with numbers in the place of nan, inf and -inf."""
    def nan_to_num_(self, nan: _float = 0.0, posinf: _float | None = None, neginf: _float | None = None) -> Tensor:
        """``nan_to_num`` in place."""
    def nanmean(
        self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, dtype: dtype | None = None
    ) -> Tensor:
        """The mean of the elements that are not nan, of all or along dimensions."""
    @overload
    def nanmedian(self, dim: None = None, keepdim: _bool = False) -> Tensor:
        """The median of all elements that are not nan, the lower of two, or along a dimension with its place."""
    @overload
    def nanmedian(self, dim: _int, keepdim: _bool = False) -> ValuesIndices:
        """The median of all elements that are not nan, the lower of two, or along a dimension with its place."""
    def nansum(
        self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, dtype: dtype | None = None
    ) -> Tensor:
        """The sum of the elements that are not nan, of all or along dimensions."""
    def narrow(self, dim: _int, start: _int, length: _int) -> Tensor:
        """A stretch along a dimension, sharing memory."""
    def ne(self, other: Tensor | _float) -> Tensor:
        """Where two elements differ. It has no derivative."""
    def ne_(self, other: Tensor | _float) -> Tensor:
        """``ne`` in place."""
    def neg(self) -> Tensor:
        """Each element with the opposite sign."""
    def neg_(self) -> Tensor:
        """``neg`` in place."""
    def negative(self) -> Tensor:
        """Each element with the opposite sign."""
    def negative_(self) -> Tensor:
        """``neg`` in place."""
    @overload
    def nonzero(self, *, as_tuple: Literal[False] = False) -> Tensor:
        """The indices of the elements that are not 0. It has no derivative."""
    @overload
    def nonzero(self, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]:
        """The indices of the elements that are not 0. It has no derivative."""
    def norm(
        self,
        p: _float | str = "fro",
        dim: _int | Sequence[_int] | None = None,
        keepdim: _bool = False,
        dtype: dtype | None = None,
    ) -> Tensor:
        """The norm of all elements or along dimensions: the Euclidean one, or of order p."""
    def not_equal(self, other: Tensor | _float) -> Tensor:
        """Where two elements differ. It has no derivative."""
    def not_equal_(self, other: Tensor | _float) -> Tensor:
        """``ne`` in place."""
    def outer(self, vec2: Tensor) -> Tensor:
        """Every element of the first vector times every element of the second."""
    @overload
    def permute(self, dims: _int | Sequence[_int]) -> Tensor:
        """The dimensions in another order."""
    @overload
    def permute(self, *dims: _int) -> Tensor:
        """The dimensions in another order."""
    def positive(self) -> Tensor:
        """The tensor itself: what `+x` calls."""
    def pow(self, exponent: Tensor | _float) -> Tensor:
        """Each element to a power."""
    def pow_(self, exponent: Tensor | _float) -> Tensor:
        """``pow`` in place."""
    def prelu(self, weight: Tensor) -> Tensor:
        """Leaky relu whose slopes are learned, one for all or one a channel."""
    def prod(self, dim: _int | None = None, keepdim: _bool = False, dtype: dtype | None = None) -> Tensor:
        """The product of the elements, of all or along a dimension."""
    def rad2deg(self) -> Tensor:
        """Radians as degrees."""
    def rad2deg_(self) -> Tensor:
        """``rad2deg`` in place."""
    def ravel(self) -> Tensor:
        """All elements in one row."""
    def reciprocal(self) -> Tensor:
        """One divided by each element."""
    def reciprocal_(self) -> Tensor:
        """``reciprocal`` in place."""
    def relu(self) -> Tensor:
        """The element where it is positive, else 0."""
    def relu_(self) -> Tensor:
        """``relu`` in place."""
    def remainder(self, other: Tensor | _float) -> Tensor:
        """What is left of the first after whole steps of the second, with the second's sign."""
    def remainder_(self, other: Tensor | _float) -> Tensor:
        """``remainder`` in place."""
    @overload
    def repeat(self, repeats: _int | Sequence[_int]) -> Tensor:
        """The whole tensor several times along each dimension."""
    @overload
    def repeat(self, *repeats: _int) -> Tensor:
        """The whole tensor several times along each dimension."""
    def repeat_interleave(self, repeats: _int | Sequence[_int] | Tensor, dim: _int | None = None) -> Tensor:
        """Each element several times in a row, along a dimension."""
    @overload
    def reshape(self, shape: _int | Sequence[_int]) -> Tensor:
        """The same elements in another shape."""
    @overload
    def reshape(self, *shape: _int) -> Tensor:
        """The same elements in another shape."""
    def reshape_as(self, other: Tensor) -> Tensor:
        """The same elements in another tensor's shape."""
    def roll(self, shifts: _int | Sequence[_int], dims: _int | Sequence[_int] = ()) -> Tensor:
        """The elements shifted along dimensions; what falls off the end comes back at the start."""
    def rot90(self, k: _int = 1, dims: _int | Sequence[_int] = (0, 1)) -> Tensor:
        """Quarter turns in the plane of two dimensions."""
    def round(self, *, decimals: _int = 0) -> Tensor:
        """Each element rounded to decimals places, halves to the even neighbour."""
    def round_(self, *, decimals: _int = 0) -> Tensor:
        """``round`` in place."""
    def rsqrt(self) -> Tensor:
        """One divided by the square root of each element."""
    def rsqrt_(self) -> Tensor:
        """``rsqrt`` in place."""
    def scatter(self, dim: _int, index: Tensor, src: Tensor | None = None, *, value: _float | None = None) -> Tensor:
        """The source, or a value, written along a dimension where the index says."""
    def scatter_(self, dim: _int, index: Tensor, src: Tensor | None = None, *, value: _float | None = None) -> Tensor:
        """``scatter`` in place."""
    def scatter_add(self, dim: _int, index: Tensor, src: Tensor) -> Tensor:
        """The source added along a dimension where the index says."""
    def scatter_add_(self, dim: _int, index: Tensor, src: Tensor) -> Tensor:
        """``scatter_add`` in place."""
    def select(self, dim: _int, index: _int) -> Tensor:
        """What stands at one place of a dimension, sharing memory."""
    def sgn(self) -> Tensor:
        """The sign of each element, as sign; of complex numbers, which are not here, the direction."""
    def sgn_(self) -> Tensor:
        """``sgn`` in place."""
    def short(self) -> Tensor:
        """The same values as int16."""
    def sigmoid(self) -> Tensor:
        """The logistic function: between 0 and 1."""
    def sigmoid_(self) -> Tensor:
        """``sigmoid`` in place."""
    def sign(self) -> Tensor:
        """The sign of each element: -1, 0 or 1."""
    def sign_(self) -> Tensor:
        """``sign`` in place."""
    def signbit(self) -> Tensor:
        """Where an element carries a minus, even before 0."""
    def sin(self) -> Tensor:
        """The sine of each element."""
    def sin_(self) -> Tensor:
        """``sin`` in place."""
    def sinc(self) -> Tensor:
        """sin(πx) / πx; 1 at 0."""
    def sinc_(self) -> Tensor:
        """``sinc`` in place."""
    def sinh(self) -> Tensor:
        """The hyperbolic sine of each element."""
    def sinh_(self) -> Tensor:
        """``sinh`` in place."""
    def slogdet(self) -> SignLogabsdet:
        """The sign of the determinant and the logarithm of its absolute value, which no size of matrix overflows."""
    def softmax(self, dim: _int, dtype: dtype | None = None) -> Tensor:
        """Exponentials that sum to 1 along a dimension: scores made probabilities."""
    def sort(self, dim: _int = -1, descending: _bool = False, stable: _bool = False) -> ValuesIndices:
        """The elements in order along a dimension, with the places they came from."""
    def split(self, split_size_or_sections: _int | Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
        """Consecutive parts along a dimension, of one size or of listed sizes."""
    def sqrt(self) -> Tensor:
        """The square root of each element."""
    def sqrt_(self) -> Tensor:
        """``sqrt`` in place."""
    def square(self) -> Tensor:
        """Each element times itself."""
    def square_(self) -> Tensor:
        """``square`` in place."""
    @overload
    def squeeze(self, dim: _int | Sequence[_int] | None = None) -> Tensor:
        """Without the dimensions of size 1."""
    @overload
    def squeeze(self, *dim: _int) -> Tensor:
        """Without the dimensions of size 1."""
    @overload
    def squeeze_(self, dim: _int | Sequence[_int] | None = None) -> Tensor:
        """``squeeze`` in place."""
    @overload
    def squeeze_(self, *dim: _int) -> Tensor:
        """``squeeze`` in place."""
    def std(
        self,
        dim: _bool | _int | Sequence[_int] | None = None,
        unbiased: _bool = True,
        keepdim: _bool = False,
        correction: _float | None = 1,
    ) -> Tensor:
        """The standard deviation of all elements or along dimensions."""
    def sub(self, other: Tensor | _float, *, alpha: _float = 1) -> Tensor:
        """The first tensor minus the second."""
    def sub_(self, other: Tensor | _float, *, alpha: _float = 1) -> Tensor:
        """``sub`` in place."""
    def subtract(self, other: Tensor | _float, *, alpha: _float = 1) -> Tensor:
        """The first tensor minus the second."""
    def subtract_(self, other: Tensor | _float, *, alpha: _float = 1) -> Tensor:
        """``sub`` in place."""
    def sum(
        self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, dtype: dtype | None = None
    ) -> Tensor:
        """The sum of the elements, of all or along dimensions."""
    def swapaxes(self, axis0: _int, axis1: _int) -> Tensor:
        """Two dimensions exchanged, by NumPy's name."""
    def swapaxes_(self, axis0: _int, axis1: _int) -> Tensor:
        """``swapaxes`` in place."""
    def swapdims(self, dim0: _int, dim1: _int) -> Tensor:
        """Two dimensions exchanged: another name of `transpose`."""
    def swapdims_(self, dim0: _int, dim1: _int) -> Tensor:
        """``swapdims`` in place."""
    def t(self) -> Tensor:
        """The transpose of a matrix."""
    def t_(self) -> Tensor:
        """``t`` in place."""
    def take(self, index: Tensor) -> Tensor:
        """The elements that the index names, as if the tensor were one row."""
    def take_along_dim(self, indices: Tensor, dim: _int | None = None) -> Tensor:
        """Along a dimension, the elements whose places the indices name, which broadcast."""
    def tan(self) -> Tensor:
        """The tangent of each element."""
    def tan_(self) -> Tensor:
        """``tan`` in place."""
    def tanh(self) -> Tensor:
        """The hyperbolic tangent: between -1 and 1."""
    def tanh_(self) -> Tensor:
        """``tanh`` in place."""
    def tensor_split(self, indices_or_sections: _int | Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
        """Parts along a dimension: a number of them, or cut at listed places."""
    @overload
    def tile(self, dims: Sequence[_int]) -> Tensor:
        """The whole tensor several times along its last dimensions."""
    @overload
    def tile(self, *dims: _int) -> Tensor:
        """The whole tensor several times along its last dimensions."""
    def to(
        self,
        dtype: dtype | str | Tensor | None = None,
        device: str | dtype | None = None,
        *,
        non_blocking: _bool = False,
        copy: _bool = False,
    ) -> Tensor:
        """The same values in another dtype, or in that of another tensor."""
    def topk(self, k: _int, dim: _int = -1, largest: _bool = True, sorted: _bool = True) -> ValuesIndices:
        """The k largest or smallest elements along a dimension, with their places."""
    def trace(self) -> Tensor:
        """The sum of a matrix's diagonal."""
    def transpose(self, dim0: _int, dim1: _int) -> Tensor:
        """Two dimensions exchanged."""
    def transpose_(self, dim0: _int, dim1: _int) -> Tensor:
        """``transpose`` in place."""
    def tril(self, diagonal: _int = 0) -> Tensor:
        """The lower triangle of a matrix, 0 elsewhere."""
    def tril_(self, diagonal: _int = 0) -> Tensor:
        """``tril`` in place."""
    def triu(self, diagonal: _int = 0) -> Tensor:
        """The upper triangle of a matrix, 0 elsewhere."""
    def triu_(self, diagonal: _int = 0) -> Tensor:
        """``triu`` in place."""
    def true_divide(self, other: Tensor | _float, *, rounding_mode: Literal[None, "trunc", "floor"] = None) -> Tensor:
        """The first tensor divided by the second, element by element; rounded, if wished."""
    def true_divide_(self, other: Tensor | _float, *, rounding_mode: Literal[None, "trunc", "floor"] = None) -> Tensor:
        """``div`` in place."""
    def trunc(self) -> Tensor:
        """Each element without its fraction."""
    def trunc_(self) -> Tensor:
        """``trunc`` in place."""
    def type_as(self, other: Tensor) -> Tensor:
        """The same values in the dtype of another tensor."""
    def unbind(self, dim: _int = 0) -> tuple[Tensor, ...]:
        """What stands at each place of a dimension, one result each."""
    def unflatten(self, dim: _int, sizes: Sequence[_int]) -> Tensor:
        """One dimension made several: what `flatten` undoes."""
    @overload
    def unique(
        self,
        sorted: _bool = True,
        return_inverse: Literal[False] = False,
        return_counts: Literal[False] = False,
        dim: _int | None = None,
    ) -> Tensor:
        """The different elements, or slices along a dimension, in order. Backward stops at it."""
    @overload
    def unique(
        self,
        sorted: _bool = True,
        return_inverse: Literal[False] = False,
        *,
        return_counts: Literal[True],
        dim: _int | None = None,
    ) -> tuple[Tensor, ...]:
        """The different elements, or slices along a dimension, in order. Backward stops at it."""
    @overload
    def unique(
        self,
        sorted: _bool = True,
        *,
        return_inverse: Literal[True],
        return_counts: Literal[False] = False,
        dim: _int | None = None,
    ) -> tuple[Tensor, ...]:
        """The different elements, or slices along a dimension, in order. Backward stops at it."""
    @overload
    def unique(
        self,
        sorted: _bool = True,
        *,
        return_inverse: Literal[True],
        return_counts: Literal[True],
        dim: _int | None = None,
    ) -> tuple[Tensor, ...]:
        """The different elements, or slices along a dimension, in order. Backward stops at it."""
    def unsqueeze(self, dim: _int) -> Tensor:
        """With a new dimension of size 1."""
    def unsqueeze_(self, dim: _int) -> Tensor:
        """``unsqueeze`` in place."""
    def var(
        self,
        dim: _bool | _int | Sequence[_int] | None = None,
        unbiased: _bool = True,
        keepdim: _bool = False,
        correction: _float | None = 1,
    ) -> Tensor:
        """The variance of all elements or along dimensions."""
    def vdot(self, other: Tensor) -> Tensor:
        """The inner product of two vectors, which of real numbers is `dot`."""
    @overload
    def view(self, size: _int | Sequence[_int]) -> Tensor:
        """The same elements in another shape, sharing memory."""
    @overload
    def view(self, *size: _int) -> Tensor:
        """The same elements in another shape, sharing memory."""
    def view_as(self, other: Tensor) -> Tensor:
        """The same elements in another tensor's shape, sharing memory."""
    def vsplit(self, indices_or_sections: _int | Sequence[_int]) -> tuple[Tensor, ...]:
        """Parts one below the other, of the first dimension."""
    def where(self, condition: Tensor, other: Tensor | _float) -> Tensor:
        """The first tensor where the condition holds, the second elsewhere."""
    def xlogy(self, other: Tensor | _float) -> Tensor:
        """The first times the logarithm of the second; 0 where the first is 0."""
    def xlogy_(self, other: Tensor | _float) -> Tensor:
        """``xlogy`` in place."""
    @property
    def T(self) -> Tensor:
        """The dimensions in reverse order."""
    @property
    def mT(self) -> Tensor:
        """Each matrix of a batch transposed."""
    def __add__(self, other: Tensor | _float) -> Tensor: ...
    def __radd__(self, other: Tensor | _float) -> Tensor: ...
    def __iadd__(self, other: Tensor | _float) -> Tensor: ...
    def __sub__(self, other: Tensor | _float) -> Tensor: ...
    def __isub__(self, other: Tensor | _float) -> Tensor: ...
    def __rsub__(self, other: Tensor | _float) -> Tensor: ...
    def __mul__(self, other: Tensor | _float) -> Tensor: ...
    def __rmul__(self, other: Tensor | _float) -> Tensor: ...
    def __imul__(self, other: Tensor | _float) -> Tensor: ...
    def __truediv__(self, other: Tensor | _float) -> Tensor: ...
    def __itruediv__(self, other: Tensor | _float) -> Tensor: ...
    def __floordiv__(self, other: Tensor | _float) -> Tensor: ...
    def __ifloordiv__(self, other: Tensor | _float) -> Tensor: ...
    def __rfloordiv__(self, other: Tensor | _float) -> Tensor: ...
    def __mod__(self, other: Tensor | _float) -> Tensor: ...
    def __imod__(self, other: Tensor | _float) -> Tensor: ...
    def __rmod__(self, other: Tensor | _float) -> Tensor: ...
    def __rtruediv__(self, other: Tensor | _float) -> Tensor: ...
    def __pos__(self) -> Tensor: ...
    def __neg__(self) -> Tensor: ...
    def __pow__(self, exponent: Tensor | _float) -> Tensor: ...
    def __ipow__(self, exponent: Tensor | _float) -> Tensor: ...
    def __rpow__(self, other: Tensor | _float) -> Tensor: ...
    def __abs__(self) -> Tensor: ...
    def __eq__(self, other: Tensor | _float) -> Tensor: ...  # type: ignore[override]
    def __ne__(self, other: Tensor | _float) -> Tensor: ...  # type: ignore[override]
    def __lt__(self, other: Tensor | _float) -> Tensor: ...
    def __le__(self, other: Tensor | _float) -> Tensor: ...
    def __gt__(self, other: Tensor | _float) -> Tensor: ...
    def __ge__(self, other: Tensor | _float) -> Tensor: ...
    def __and__(self, other: Tensor | _float) -> Tensor: ...
    def __rand__(self, other: Tensor | _float) -> Tensor: ...
    def __iand__(self, other: Tensor | _float) -> Tensor: ...
    def __or__(self, other: Tensor | _float) -> Tensor: ...
    def __ror__(self, other: Tensor | _float) -> Tensor: ...
    def __ior__(self, other: Tensor | _float) -> Tensor: ...
    def __xor__(self, other: Tensor | _float) -> Tensor: ...
    def __rxor__(self, other: Tensor | _float) -> Tensor: ...
    def __ixor__(self, other: Tensor | _float) -> Tensor: ...
    def __invert__(self) -> Tensor: ...
    def __matmul__(self, other: Tensor) -> Tensor: ...
    def __getitem__(self, index: _int | slice | EllipsisType | Tensor | Sequence[Any] | None) -> Tensor: ...
    def normal_(self, mean: _float = 0.0, std: _float = 1.0, *, generator: Generator | None = None) -> Tensor:
        """Normal numbers of ``mean`` and ``std``; RuntimeError for a negative ``std``."""
    def uniform_(self, low: _float = 0.0, to: _float = 1.0, *, generator: Generator | None = None) -> Tensor:
        """Numbers evenly from ``low`` up to ``to``; RuntimeError where there are none."""
    def random_(self, low: _int, to: _int | None = None, *, generator: Generator | None = None) -> Tensor:
        """Whole numbers from ``low`` (0 if only one bound is given) up to but not including ``to``."""
    def bernoulli_(self, p: _float = 0.5, *, generator: Generator | None = None) -> Tensor:
        """1 with probability ``p``, else 0; RuntimeError unless ``p`` lies between 0 and 1."""
    def __deepcopy__(self, memo: dict[_int, Any]) -> Tensor:
        """A leaf of its own, with ``.grad`` too; RuntimeError for what is no leaf."""
    def __reduce__(self) -> Any:
        """Its values and its switch, without ``.grad``, as PyTorch has it."""
    def new_tensor(self, data: Any, *, dtype: dtype | None = None, requires_grad: _bool = False) -> Tensor:
        """A leaf holding a copy of ``data``, by default in the dtype of this tensor."""
    def new_full(
        self, size: Any, fill_value: _float, *, dtype: dtype | None = None, requires_grad: _bool = False
    ) -> Tensor:
        """``size`` filled with one number, by default in the dtype of this tensor."""
    def new_zeros(
        self, *sizes: Any, size: Any = None, dtype: dtype | None = None, requires_grad: _bool = False
    ) -> Tensor:
        """Zeros of that size, by default in the dtype of this tensor."""
    def new_ones(
        self, *sizes: Any, size: Any = None, dtype: dtype | None = None, requires_grad: _bool = False
    ) -> Tensor:
        """Ones of that size, by default in the dtype of this tensor."""
    def new_empty(
        self, *sizes: Any, size: Any = None, dtype: dtype | None = None, requires_grad: _bool = False
    ) -> Tensor:
        """A tensor of that size whose numbers are yet to be written, by default in the dtype of this tensor."""
    def is_complex(self) -> _bool:
        """Always False: there are no complex numbers here."""
    def is_signed(self) -> _bool:
        """Whether the dtype of ``input`` has negative values."""
    def is_nonzero(self) -> _bool:
        """Whether the single element of ``input`` is not 0."""
    def is_same_size(self, other: Tensor) -> _bool:
        """Whether two tensors have the same shape."""
    def equal(self, other: Tensor) -> _bool:
        """Whether two tensors have the same shape and the same elements; nan equals nothing."""
    def allclose(self, other: Tensor, rtol: _float = 1e-05, atol: _float = 1e-08, equal_nan: _bool = False) -> _bool:
        """Whether every element is within ``atol + rtol * |other|`` of the one in ``other``, of the same dtype."""
