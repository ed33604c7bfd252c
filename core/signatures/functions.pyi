"""Written by scripts/make_stubs.py from the rule book."""

from collections.abc import Sequence
from typing import Literal, overload
from chainrule.core.engine.dtypes import dtype
from chainrule.core.engine.tensor import Tensor
from chainrule.core.signatures.results import SignLogabsdet, ValuesIndices

def abs(input: Tensor) -> Tensor:
    """The absolute value of each element."""

def abs_(input: Tensor) -> Tensor:
    """``abs`` in place."""

def absolute(input: Tensor) -> Tensor:
    """The absolute value of each element."""

def absolute_(input: Tensor) -> Tensor:
    """``abs`` in place."""

def acos(input: Tensor) -> Tensor:
    """The angle between 0 and π whose cosine each element is."""

def acos_(input: Tensor) -> Tensor:
    """``acos`` in place."""

def acosh(input: Tensor) -> Tensor:
    """The positive number whose hyperbolic cosine each element is."""

def acosh_(input: Tensor) -> Tensor:
    """``acosh`` in place."""

def adaptive_avg_pool1d(input: Tensor, output_size: int | Sequence[int | None]) -> Tensor:
    """A sequence cut into as many parts as asked for, and their means."""

def add(input: Tensor | float, other: Tensor | float, *, alpha: float = 1) -> Tensor:
    """The sum of two tensors."""

def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """A matrix product with a matrix or vector added."""

def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """The product of a matrix and a vector with a vector added."""

def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """The outer product of two vectors with a matrix added."""

def all(input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    """Whether every element is true, that is not zero. It has no derivative."""

def amax(input: Tensor, dim: int | Sequence[int] = (), keepdim: bool = False) -> Tensor:
    """The maximum along dimensions; equals share the gradient."""

def amin(input: Tensor, dim: int | Sequence[int] = (), keepdim: bool = False) -> Tensor:
    """The minimum along dimensions; equals share the gradient."""

def any(input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    """Whether an element is true, that is not zero. It has no derivative."""

def arccos(input: Tensor) -> Tensor:
    """The angle between 0 and π whose cosine each element is."""

def arccos_(input: Tensor) -> Tensor:
    """``acos`` in place."""

def arccosh(input: Tensor) -> Tensor:
    """The positive number whose hyperbolic cosine each element is."""

def arccosh_(input: Tensor) -> Tensor:
    """``acosh`` in place."""

def arcsin(input: Tensor) -> Tensor:
    """The angle between -π/2 and π/2 whose sine each element is."""

def arcsin_(input: Tensor) -> Tensor:
    """``asin`` in place."""

def arcsinh(input: Tensor) -> Tensor:
    """The number whose hyperbolic sine each element is."""

def arcsinh_(input: Tensor) -> Tensor:
    """``asinh`` in place."""

def arctan(input: Tensor) -> Tensor:
    """The angle between -π/2 and π/2 whose tangent each element is."""

def arctan_(input: Tensor) -> Tensor:
    """``atan`` in place."""

def arctan2(input: Tensor, other: Tensor) -> Tensor:
    """The angle of the point at height input and breadth other, in all four quadrants."""

def arctanh(input: Tensor) -> Tensor:
    """The number whose hyperbolic tangent each element is."""

def arctanh_(input: Tensor) -> Tensor:
    """``atanh`` in place."""

def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Where the maximum stands. It has no derivative."""

def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Where the minimum stands. It has no derivative."""

def argsort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> Tensor:
    """Where the elements stand that sorting brings first, second, ... It has no derivative."""

def argwhere(input: Tensor) -> Tensor:
    """The indices of the elements that are not 0, one row each. It has no derivative."""

def asin(input: Tensor) -> Tensor:
    """The angle between -π/2 and π/2 whose sine each element is."""

def asin_(input: Tensor) -> Tensor:
    """``asin`` in place."""

def asinh(input: Tensor) -> Tensor:
    """The number whose hyperbolic sine each element is."""

def asinh_(input: Tensor) -> Tensor:
    """``asinh`` in place."""

def atan(input: Tensor) -> Tensor:
    """The angle between -π/2 and π/2 whose tangent each element is."""

def atan_(input: Tensor) -> Tensor:
    """``atan`` in place."""

def atan2(input: Tensor, other: Tensor) -> Tensor:
    """The angle of the point at height input and breadth other, in all four quadrants."""

def atanh(input: Tensor) -> Tensor:
    """The number whose hyperbolic tangent each element is."""

def atanh_(input: Tensor) -> Tensor:
    """``atanh`` in place."""

def atleast_1d(input: Tensor) -> Tensor:
    """The tensor with at least 1 dimension."""

def atleast_2d(input: Tensor) -> Tensor:
    """The tensor with at least 2 dimensions."""

def atleast_3d(input: Tensor) -> Tensor:
    """The tensor with at least 3 dimensions."""

def avg_pool1d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """The mean of each window of a sequence."""

def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """The products of two batches of matrices with a batch added."""

def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x Wₖ y + b for each matrix Wₖ of the weight."""

def bitwise_and(input: Tensor | float, other: Tensor | float) -> Tensor:
    """The bits that are set in both; of bools, where both are true."""

def bitwise_not(input: Tensor) -> Tensor:
    """Every bit turned over; of bools, the opposite."""

def bitwise_not_(input: Tensor) -> Tensor:
    """``bitwise_not`` in place."""

def bitwise_or(input: Tensor | float, other: Tensor | float) -> Tensor:
    """The bits that are set in either; of bools, where either is true."""

def bitwise_xor(input: Tensor | float, other: Tensor | float) -> Tensor:
    """The bits that are set in one only; of bools, where they differ."""

def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The products of two batches of matrices, pair by pair."""

@overload
def broadcast_tensors(tensors: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Several tensors repeated to their common shape, without copying."""

@overload
def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Several tensors repeated to their common shape, without copying."""

def broadcast_to(input: Tensor, size: int | Sequence[int]) -> Tensor:
    """Repeated along dimensions of size 1, without copying: another name of `expand`."""

def cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Tensors joined along a dimension they have."""

def ceil(input: Tensor) -> Tensor:
    """The smallest whole number that is not below each element."""

def ceil_(input: Tensor) -> Tensor:
    """``ceil`` in place."""

def celu(input: Tensor, alpha: float = 1.0) -> Tensor:
    """The element where it is positive, else alpha (exp(x / alpha) - 1)."""

def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """``celu`` in place."""

def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """As many parts of equal size along a dimension; the last may be shorter, or missing."""

def clamp(input: Tensor, min: Tensor | float | None = None, max: Tensor | float | None = None) -> Tensor:
    """Each element brought between min and max."""

def clamp_(input: Tensor, min: Tensor | float | None = None, max: Tensor | float | None = None) -> Tensor:
    """``clamp`` in place."""

def clamp_max(input: Tensor, max: Tensor | float) -> Tensor:
    """Each element, or max where it is above that."""

def clamp_min(input: Tensor, min: Tensor | float) -> Tensor:
    """Each element, or min where it is below that."""

def clip(input: Tensor, min: Tensor | float | None = None, max: Tensor | float | None = None) -> Tensor:
    """Each element brought between min and max."""

def clip_(input: Tensor, min: Tensor | float | None = None, max: Tensor | float | None = None) -> Tensor:
    """``clamp`` in place."""

def clone(input: Tensor) -> Tensor:
    """A copy that the gradient passes through."""

@overload
def column_stack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors side by side; a vector is a column."""

@overload
def column_stack(*tensors: Tensor) -> Tensor:
    """Tensors side by side; a vector is a column."""

@overload
def concat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Tensors joined along a dimension they have: another name of `cat`."""

@overload
def concat(*tensors: Tensor, dim: int = 0) -> Tensor:
    """Tensors joined along a dimension they have: another name of `cat`."""

@overload
def concatenate(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Tensors joined along a dimension they have: another name of `cat`."""

@overload
def concatenate(*tensors: Tensor, dim: int = 0) -> Tensor:
    """Tensors joined along a dimension they have: another name of `cat`."""

def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | str = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Tensor:
    """A filter moved over a sequence: what a convolutional layer computes."""

def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | str = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Tensor:
    """A filter moved over an image: what a convolutional layer computes."""

def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | str = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Tensor:
    """A filter moved over a volume: what a convolutional layer computes."""

def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Tensor:
    """Each element spreads a filter over a sequence; overlaps add."""

def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Tensor:
    """Each element spreads a filter over an image; overlaps add."""

def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Tensor:
    """Each element spreads a filter over a volume; overlaps add."""

def copysign(input: Tensor, other: Tensor | float) -> Tensor:
    """The size of the first with the sign of the second, even of its zero."""

def cos(input: Tensor) -> Tensor:
    """The cosine of each element."""

def cos_(input: Tensor) -> Tensor:
    """``cos`` in place."""

def cosh(input: Tensor) -> Tensor:
    """The hyperbolic cosine of each element."""

def cosh_(input: Tensor) -> Tensor:
    """``cosh`` in place."""

def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-08) -> Tensor:
    """The cosine of the angle between vectors: 1 for one direction."""

def count_nonzero(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """How many elements are not zero. It has no derivative."""

def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """The cross products of vectors of three, by default along the first dimension of size 3."""

def cummax(input: Tensor, dim: int) -> ValuesIndices:
    """The maximum so far along a dimension, with its place."""

def cummin(input: Tensor, dim: int) -> ValuesIndices:
    """The minimum so far along a dimension, with its place."""

def cumprod(input: Tensor, dim: int, dtype: dtype | None = None) -> Tensor:
    """The product of each element and all before it along a dimension."""

def cumprod_(input: Tensor, dim: int, dtype: dtype | None = None) -> Tensor:
    """``cumprod`` in place."""

def cumsum(input: Tensor, dim: int, dtype: dtype | None = None) -> Tensor:
    """The sum of each element and all before it along a dimension."""

def cumsum_(input: Tensor, dim: int, dtype: dtype | None = None) -> Tensor:
    """``cumsum`` in place."""

def deg2rad(input: Tensor) -> Tensor:
    """Degrees as radians."""

def deg2rad_(input: Tensor) -> Tensor:
    """``deg2rad`` in place."""

def det(A: Tensor) -> Tensor:
    """The determinant of a square matrix; where it is 0, PyTorch takes the gradient for 0 too, but for that of a single element, and where the gradient is to be differentiated again."""

def detach(input: Tensor) -> Tensor:
    """The same values, cut off from the tape: no gradient passes."""

def detach_(input: Tensor) -> Tensor:
    """``detach`` in place."""

def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """The matrix with a vector on its diagonal, or the diagonal of a matrix."""

def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The last dimension as the diagonal of matrices that are 0 elsewhere."""

def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """The matrix with all elements of a tensor on its diagonal."""

def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """A diagonal of the matrices in two dimensions, sharing memory."""

def diff(
    input: Tensor, n: int = 1, dim: int = -1, prepend: Tensor | None = None, append: Tensor | None = None
) -> Tensor:
    """Each element minus the one before it along a dimension, n times over."""

def div(
    input: Tensor | float, other: Tensor | float, *, rounding_mode: Literal[None, "trunc", "floor"] = None
) -> Tensor:
    """The first tensor divided by the second, element by element; rounded, if wished."""

def divide(
    input: Tensor | float, other: Tensor | float, *, rounding_mode: Literal[None, "trunc", "floor"] = None
) -> Tensor:
    """The first tensor divided by the second, element by element; rounded, if wished."""

def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """The inner product of two vectors."""

def dsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Parts one behind the other, of the third dimension."""

@overload
def dstack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors one behind the other, along a third dimension."""

@overload
def dstack(*tensors: Tensor) -> Tensor:
    """Tensors one behind the other, along a third dimension."""

def einsum(equation: str, *operands: Tensor | Sequence[Tensor]) -> Tensor:
    """Products of elements whose labels agree, summed over the labels that the result does not have."""

def eq(input: Tensor, other: Tensor | float) -> Tensor:
    """Where two elements are equal. It has no derivative."""

def erf(input: Tensor) -> Tensor:
    """The error function: twice the area under the bell curve exp(-t²)/√π from 0."""

def erf_(input: Tensor) -> Tensor:
    """``erf`` in place."""

def erfc(input: Tensor) -> Tensor:
    """One minus the error function, precise where that is tiny."""

def erfc_(input: Tensor) -> Tensor:
    """``erfc`` in place."""

def exp(input: Tensor) -> Tensor:
    """e to the power of each element."""

def exp_(input: Tensor) -> Tensor:
    """``exp`` in place."""

def exp2(input: Tensor) -> Tensor:
    """Two to the power of each element."""

def exp2_(input: Tensor) -> Tensor:
    """``exp2`` in place."""

def expm1(input: Tensor) -> Tensor:
    """e to the power of each element, minus 1: exact near 0."""

def expm1_(input: Tensor) -> Tensor:
    """``expm1`` in place."""

def fix(input: Tensor) -> Tensor:
    """Each element without its fraction."""

def fix_(input: Tensor) -> Tensor:
    """``trunc`` in place."""

def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Neighbouring dimensions made one."""

def flip(input: Tensor, dims: int | Sequence[int]) -> Tensor:
    """The elements in reverse order along dimensions."""

def fliplr(input: Tensor) -> Tensor:
    """The columns in reverse order."""

def flipud(input: Tensor) -> Tensor:
    """The rows in reverse order."""

def float_power(input: Tensor | float, exponent: Tensor | float) -> Tensor:
    """Each element to a power, in float64."""

def floor(input: Tensor) -> Tensor:
    """The largest whole number that is not above each element."""

def floor_(input: Tensor) -> Tensor:
    """``floor`` in place."""

def floor_divide(input: Tensor | float, other: Tensor | float) -> Tensor:
    """The quotient rounded down to a whole number. It has no derivative, and backward stops at it."""

def fmax(input: Tensor, other: Tensor) -> Tensor:
    """The larger of two elements, of which one may be nan; a tie sends all to the first."""

def fmin(input: Tensor, other: Tensor) -> Tensor:
    """The smaller of two elements, of which one may be nan; a tie sends all to the first."""

def fmod(input: Tensor, other: Tensor | float) -> Tensor:
    """What is left of the first after whole steps of the second, with the first's sign."""

def frac(input: Tensor) -> Tensor:
    """The fraction of each element: what trunc leaves over, with its sign."""

def frac_(input: Tensor) -> Tensor:
    """``frac`` in place."""

def gather(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """Along a dimension, the elements whose places the index names."""

def ge(input: Tensor, other: Tensor | float) -> Tensor:
    """Where the first is larger or equal. It has no derivative."""

def ger(input: Tensor, vec2: Tensor) -> Tensor:
    """The outer product of two vectors, by its name in BLAS."""

def greater(input: Tensor, other: Tensor | float) -> Tensor:
    """Where the first is larger. It has no derivative."""

def greater_equal(input: Tensor, other: Tensor | float) -> Tensor:
    """Where the first is larger or equal. It has no derivative."""

def gt(input: Tensor, other: Tensor | float) -> Tensor:
    """Where the first is larger. It has no derivative."""

def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """The element where it is farther from 0 than lambd, else 0."""

def hsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Parts side by side: of a vector's only dimension, else of the second."""

@overload
def hstack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors side by side: vectors one after the other, matrices column by column."""

@overload
def hstack(*tensors: Tensor) -> Tensor:
    """Tensors side by side: vectors one after the other, matrices column by column."""

def hypot(input: Tensor, other: Tensor) -> Tensor:
    """The long side of a right triangle, from the two short ones."""

def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, alpha: float = 1) -> Tensor:
    """The source added to the slices along a dimension that the index names."""

def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """The source written to the slices along a dimension that the index names."""

def index_fill(input: Tensor, dim: int, index: Tensor, value: Tensor | float) -> Tensor:
    """One value at the places along a dimension that the index names."""

def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices along a dimension that the index names."""

def inner(input: Tensor, other: Tensor) -> Tensor:
    """The products of the last dimensions of two tensors, summed."""

def inverse(input: Tensor) -> Tensor:
    """The inverse of a square matrix: `linalg.inv`."""

def isclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    """Where two elements are no further apart than atol + rtol * |other|."""

def isfinite(input: Tensor) -> Tensor:
    """Where an element is neither infinite nor nan."""

def isinf(input: Tensor) -> Tensor:
    """Where an element is infinite, of either sign."""

def isnan(input: Tensor) -> Tensor:
    """Where an element is not a number."""

def kron(input: Tensor, other: Tensor) -> Tensor:
    """The Kronecker product: the second tensor, once for each element of the first."""

def kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> ValuesIndices:
    """The k-th smallest element along a dimension, with its place."""

def le(input: Tensor, other: Tensor | float) -> Tensor:
    """Where the first is smaller or equal. It has no derivative."""

def lerp(input: Tensor, end: Tensor, weight: Tensor | float) -> Tensor:
    """The point that lies weight of the way from input to end."""

def less(input: Tensor, other: Tensor | float) -> Tensor:
    """Where the first is smaller. It has no derivative."""

def less_equal(input: Tensor, other: Tensor | float) -> Tensor:
    """Where the first is smaller or equal. It has no derivative."""

def log(input: Tensor) -> Tensor:
    """The natural logarithm of each element."""

def log_(input: Tensor) -> Tensor:
    """``log`` in place."""

def log10(input: Tensor) -> Tensor:
    """The logarithm of each element to the base 10."""

def log10_(input: Tensor) -> Tensor:
    """``log10`` in place."""

def log1p(input: Tensor) -> Tensor:
    """The natural logarithm of 1 + input, exact near 0."""

def log1p_(input: Tensor) -> Tensor:
    """``log1p`` in place."""

def log2(input: Tensor) -> Tensor:
    """The logarithm of each element to the base 2."""

def log2_(input: Tensor) -> Tensor:
    """``log2`` in place."""

def log_softmax(input: Tensor, dim: int, dtype: dtype | None = None) -> Tensor:
    """The logarithm of softmax, computed without overflow."""

def logaddexp(input: Tensor, other: Tensor) -> Tensor:
    """The logarithm of the sum of two exponentials, without overflow."""

def logaddexp2(input: Tensor, other: Tensor) -> Tensor:
    """The logarithm to the base 2 of the sum of two powers of 2."""

def logcumsumexp(input: Tensor, dim: int) -> Tensor:
    """The log of the sum of exp, of each element and all before it along a dimension."""

def logdet(input: Tensor) -> Tensor:
    """The logarithm of the determinant; nan where that is negative."""

def logical_and(input: Tensor, other: Tensor) -> Tensor:
    """Where both are true, that is, not 0."""

def logical_not(input: Tensor) -> Tensor:
    """Where an element is not true, that is, 0."""

def logical_not_(input: Tensor) -> Tensor:
    """``logical_not`` in place."""

def logical_or(input: Tensor, other: Tensor) -> Tensor:
    """Where at least one is true, that is, not 0."""

def logical_xor(input: Tensor, other: Tensor) -> Tensor:
    """Where one is true and the other not."""

def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """The log-odds ln(x / (1 - x)), the inverse of sigmoid; eps keeps x away from 0 and 1."""

def logit_(input: Tensor, eps: float | None = None) -> Tensor:
    """``logit`` in place."""

def logsumexp(input: Tensor, dim: int | Sequence[int] | None, keepdim: bool = False) -> Tensor:
    """The logarithm of the sum of exp, along dimensions."""

def lt(input: Tensor, other: Tensor | float) -> Tensor:
    """Where the first is smaller. It has no derivative."""

def masked_fill(input: Tensor, mask: Tensor, value: Tensor | float) -> Tensor:
    """One value where the mask holds, the tensor elsewhere."""

def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements where the mask holds, in a row."""

def matmul(input: Tensor, other: Tensor) -> Tensor:
    """The matrix product: of vectors, matrices, or batches of matrices."""

def matrix_power(A: Tensor, n: int) -> Tensor:
    """A square matrix multiplied with itself n times; its inverse, for negative n."""

@overload
def max(input: Tensor, dim: Tensor | None = None, keepdim: bool = False) -> Tensor:
    """The maximum of all elements, or along a dimension with its indices."""

@overload
def max(input: Tensor, dim: int, keepdim: bool = False) -> ValuesIndices:
    """The maximum of all elements, or along a dimension with its indices."""

@overload
def max_pool1d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """The largest element of each window of a sequence."""

@overload
def max_pool1d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, ...]:
    """The largest element of each window of a sequence."""

@overload
def max_pool2d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """The largest element of each window of an image."""

@overload
def max_pool2d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, ...]:
    """The largest element of each window of an image."""

def maximum(input: Tensor, other: Tensor) -> Tensor:
    """The larger of two elements; a tie sends half each way."""

def mean(
    input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False, dtype: dtype | None = None
) -> Tensor:
    """The mean of the elements, of all or along dimensions."""

@overload
def median(input: Tensor, dim: None = None, keepdim: bool = False) -> Tensor:
    """The median of all elements, the lower of two, or along a dimension with its place."""

@overload
def median(input: Tensor, dim: int, keepdim: bool = False) -> ValuesIndices:
    """The median of all elements, the lower of two, or along a dimension with its place."""

@overload
def meshgrid(tensors: Sequence[Tensor], indexing: Literal[None, "ij", "xy"] = None) -> tuple[Tensor, ...]:
    """Coordinates of a grid, one tensor for each of the axes."""

@overload
def meshgrid(*tensors: Tensor, indexing: Literal[None, "ij", "xy"] = None) -> tuple[Tensor, ...]:
    """Coordinates of a grid, one tensor for each of the axes."""

@overload
def min(input: Tensor, dim: Tensor | None = None, keepdim: bool = False) -> Tensor:
    """The minimum of all elements, or along a dimension with its indices."""

@overload
def min(input: Tensor, dim: int, keepdim: bool = False) -> ValuesIndices:
    """The minimum of all elements, or along a dimension with its indices."""

def minimum(input: Tensor, other: Tensor) -> Tensor:
    """The smaller of two elements; a tie sends half each way."""

def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices."""

def moveaxis(input: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """Dimensions moved to other places; the rest keep their order."""

def movedim(input: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """Dimensions moved to other places; the rest keep their order."""

def msort(input: Tensor) -> Tensor:
    """The elements in order along the first dimension."""

def mul(input: Tensor | float, other: Tensor | float) -> Tensor:
    """The product of two tensors, element by element."""

def multiply(input: Tensor | float, other: Tensor | float) -> Tensor:
    """The product of two tensors, element by element."""

def mv(input: Tensor, vec: Tensor) -> Tensor:
    """The product of a matrix and a vector."""

def nan_to_num(input: Tensor, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Tensor:
    """Each element, with numbers in the place of nan, inf and -inf."""

def nan_to_num_(input: Tensor, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Tensor:
    """``nan_to_num`` in place."""

def nanmean(
    input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False, dtype: dtype | None = None
) -> Tensor:
    """The mean of the elements that are not nan, of all or along dimensions."""

@overload
def nanmedian(input: Tensor, dim: None = None, keepdim: bool = False) -> Tensor:
    """The median of all elements that are not nan, the lower of two, or along a dimension with its place."""

@overload
def nanmedian(input: Tensor, dim: int, keepdim: bool = False) -> ValuesIndices:
    """The median of all elements that are not nan, the lower of two, or along a dimension with its place."""

def nansum(
    input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False, dtype: dtype | None = None
) -> Tensor:
    """The sum of the elements that are not nan, of all or along dimensions."""

def narrow(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """A stretch along a dimension, sharing memory."""

def ne(input: Tensor, other: Tensor | float) -> Tensor:
    """Where two elements differ. It has no derivative."""

def neg(input: Tensor) -> Tensor:
    """Each element with the opposite sign."""

def neg_(input: Tensor) -> Tensor:
    """``neg`` in place."""

def negative(input: Tensor) -> Tensor:
    """Each element with the opposite sign."""

def negative_(input: Tensor) -> Tensor:
    """``neg`` in place."""

@overload
def nonzero(input: Tensor, *, as_tuple: Literal[False] = False) -> Tensor:
    """The indices of the elements that are not 0. It has no derivative."""

@overload
def nonzero(input: Tensor, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]:
    """The indices of the elements that are not 0. It has no derivative."""

def norm(
    input: Tensor,
    p: float | str = "fro",
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    dtype: dtype | None = None,
) -> Tensor:
    """The norm of all elements or along dimensions: the Euclidean one, or of order p."""

def not_equal(input: Tensor, other: Tensor | float) -> Tensor:
    """Where two elements differ. It has no derivative."""

def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """Every element of the first vector times every element of the second."""

def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-06, keepdim: bool = False) -> Tensor:
    """The norm of the difference of vectors, row by row."""

def permute(input: Tensor, dims: int | Sequence[int]) -> Tensor:
    """The dimensions in another order."""

def positive(input: Tensor) -> Tensor:
    """The tensor itself: what `+x` calls."""

def pow(input: Tensor | float, exponent: Tensor | float) -> Tensor:
    """Each element to a power."""

def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """Leaky relu whose slopes are learned, one for all or one a channel."""

def prod(input: Tensor, dim: int | None = None, keepdim: bool = False, dtype: dtype | None = None) -> Tensor:
    """The product of the elements, of all or along a dimension."""

def rad2deg(input: Tensor) -> Tensor:
    """Radians as degrees."""

def rad2deg_(input: Tensor) -> Tensor:
    """``rad2deg`` in place."""

def ravel(input: Tensor) -> Tensor:
    """All elements in one row."""

def reciprocal(input: Tensor) -> Tensor:
    """One divided by each element."""

def reciprocal_(input: Tensor) -> Tensor:
    """``reciprocal`` in place."""

def relu(input: Tensor) -> Tensor:
    """The element where it is positive, else 0."""

def relu_(input: Tensor) -> Tensor:
    """``relu`` in place."""

def remainder(input: Tensor | float, other: Tensor | float) -> Tensor:
    """What is left of the first after whole steps of the second, with the second's sign."""

def repeat_interleave(input: Tensor, repeats: int | Sequence[int] | Tensor, dim: int | None = None) -> Tensor:
    """Each element several times in a row, along a dimension."""

def reshape(input: Tensor, shape: int | Sequence[int]) -> Tensor:
    """The same elements in another shape."""

def rms_norm(
    input: Tensor, normalized_shape: int | Sequence[int], weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    """Each example divided by the root of its mean square over its last dimensions."""

def roll(input: Tensor, shifts: int | Sequence[int], dims: int | Sequence[int] = ()) -> Tensor:
    """The elements shifted along dimensions; what falls off the end comes back at the start."""

def rot90(input: Tensor, k: int = 1, dims: int | Sequence[int] = (0, 1)) -> Tensor:
    """Quarter turns in the plane of two dimensions."""

def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    """Each element rounded to decimals places, halves to the even neighbour."""

def round_(input: Tensor, *, decimals: int = 0) -> Tensor:
    """``round`` in place."""

@overload
def row_stack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors one below the other: another name of `vstack`."""

@overload
def row_stack(*tensors: Tensor) -> Tensor:
    """Tensors one below the other: another name of `vstack`."""

def rsqrt(input: Tensor) -> Tensor:
    """One divided by the square root of each element."""

def rsqrt_(input: Tensor) -> Tensor:
    """``rsqrt`` in place."""

def rsub(input: Tensor, other: Tensor | float, *, alpha: float = 1) -> Tensor:
    """The second tensor minus the first: what `1 - x` calls."""

def scatter(input: Tensor, dim: int, index: Tensor, src: Tensor | None = None, *, value: float | None = None) -> Tensor:
    """The source, or a value, written along a dimension where the index says."""

def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """The source added along a dimension where the index says."""

def select(input: Tensor, dim: int, index: int) -> Tensor:
    """What stands at one place of a dimension, sharing memory."""

def selu(input: Tensor) -> Tensor:
    """elu scaled so that what is normally distributed stays so."""

def selu_(input: Tensor) -> Tensor:
    """``selu`` in place."""

def sgn(input: Tensor) -> Tensor:
    """The sign of each element, as sign; of complex numbers, which are not here, the direction."""

def sgn_(input: Tensor) -> Tensor:
    """``sgn`` in place."""

def sigmoid(input: Tensor) -> Tensor:
    """The logistic function: between 0 and 1."""

def sigmoid_(input: Tensor) -> Tensor:
    """``sigmoid`` in place."""

def sign(input: Tensor) -> Tensor:
    """The sign of each element: -1, 0 or 1."""

def sign_(input: Tensor) -> Tensor:
    """``sign`` in place."""

def signbit(input: Tensor) -> Tensor:
    """Where an element carries a minus, even before 0."""

def sin(input: Tensor) -> Tensor:
    """The sine of each element."""

def sin_(input: Tensor) -> Tensor:
    """``sin`` in place."""

def sinc(input: Tensor) -> Tensor:
    """sin(πx) / πx; 1 at 0."""

def sinc_(input: Tensor) -> Tensor:
    """``sinc`` in place."""

def sinh(input: Tensor) -> Tensor:
    """The hyperbolic sine of each element."""

def sinh_(input: Tensor) -> Tensor:
    """``sinh`` in place."""

def slogdet(A: Tensor) -> SignLogabsdet:
    """The sign of the determinant and the logarithm of its absolute value, which no size of matrix overflows."""

def softmax(input: Tensor, dim: int, dtype: dtype | None = None) -> Tensor:
    """Exponentials that sum to 1 along a dimension: scores made probabilities."""

def sort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> ValuesIndices:
    """The elements in order along a dimension, with the places they came from."""

def split(tensor: Tensor, split_size_or_sections: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Consecutive parts along a dimension, of one size or of listed sizes."""

def sqrt(input: Tensor) -> Tensor:
    """The square root of each element."""

def sqrt_(input: Tensor) -> Tensor:
    """``sqrt`` in place."""

def square(input: Tensor) -> Tensor:
    """Each element times itself."""

def square_(input: Tensor) -> Tensor:
    """``square`` in place."""

def squeeze(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """Without the dimensions of size 1."""

@overload
def squeeze_(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """``squeeze`` in place."""

@overload
def squeeze_(input: Tensor, *dim: int) -> Tensor:
    """``squeeze`` in place."""

def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Tensors joined along a new dimension."""

def std(
    input: Tensor,
    dim: bool | int | Sequence[int] | None = None,
    unbiased: bool = True,
    keepdim: bool = False,
    correction: float | None = 1,
) -> Tensor:
    """The standard deviation of all elements or along dimensions."""

def std_mean(
    input: Tensor,
    dim: bool | int | Sequence[int] | None = None,
    unbiased: bool = True,
    keepdim: bool = False,
    correction: float | None = 1,
) -> tuple[Tensor, ...]:
    """The standard deviation and the mean, of all elements or along dimensions."""

def sub(input: Tensor | float, other: Tensor | float, *, alpha: float = 1) -> Tensor:
    """The first tensor minus the second."""

def subtract(input: Tensor | float, other: Tensor | float, *, alpha: float = 1) -> Tensor:
    """The first tensor minus the second."""

def sum(
    input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False, dtype: dtype | None = None
) -> Tensor:
    """The sum of the elements, of all or along dimensions."""

def swapaxes(input: Tensor, axis0: int, axis1: int) -> Tensor:
    """Two dimensions exchanged, by NumPy's name."""

def swapaxes_(input: Tensor, axis0: int, axis1: int) -> Tensor:
    """``swapaxes`` in place."""

def swapdims(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two dimensions exchanged: another name of `transpose`."""

def swapdims_(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """``swapdims`` in place."""

def t(input: Tensor) -> Tensor:
    """The transpose of a matrix."""

def t_(input: Tensor) -> Tensor:
    """``t`` in place."""

def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements that the index names, as if the tensor were one row."""

def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """Along a dimension, the elements whose places the indices name, which broadcast."""

def tan(input: Tensor) -> Tensor:
    """The tangent of each element."""

def tan_(input: Tensor) -> Tensor:
    """``tan`` in place."""

def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent: between -1 and 1."""

def tanh_(input: Tensor) -> Tensor:
    """``tanh`` in place."""

def tensor_split(input: Tensor, indices_or_sections: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Parts along a dimension: a number of them, or cut at listed places."""

def tensordot(a: Tensor, b: Tensor, dims: int | Sequence[Sequence[int]] = 2) -> Tensor:
    """Two tensors multiplied and summed over pairs of dimensions."""

def threshold(input: Tensor, threshold: float, value: float) -> Tensor:
    """The element where it exceeds the threshold, else the value."""

def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """``threshold`` in place."""

def tile(input: Tensor, dims: Sequence[int]) -> Tensor:
    """The whole tensor several times along its last dimensions."""

def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> ValuesIndices:
    """The k largest or smallest elements along a dimension, with their places."""

def trace(input: Tensor) -> Tensor:
    """The sum of a matrix's diagonal."""

def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two dimensions exchanged."""

def transpose_(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """``transpose`` in place."""

def trapezoid(y: Tensor, x: Tensor | None = None, dx: float = 1, dim: int = -1) -> Tensor:
    """The area under the points y, at places x or dx apart, along a dimension."""

def trapz(y: Tensor, x: Tensor | None = None, dx: float = 1, dim: int = -1) -> Tensor:
    """The area under the points y, at places x or dx apart, along a dimension."""

def tril(input: Tensor, diagonal: int = 0) -> Tensor:
    """The lower triangle of a matrix, 0 elsewhere."""

def tril_(input: Tensor, diagonal: int = 0) -> Tensor:
    """``tril`` in place."""

def triu(input: Tensor, diagonal: int = 0) -> Tensor:
    """The upper triangle of a matrix, 0 elsewhere."""

def triu_(input: Tensor, diagonal: int = 0) -> Tensor:
    """``triu`` in place."""

def true_divide(
    input: Tensor | float, other: Tensor | float, *, rounding_mode: Literal[None, "trunc", "floor"] = None
) -> Tensor:
    """The first tensor divided by the second, element by element; rounded, if wished."""

def trunc(input: Tensor) -> Tensor:
    """Each element without its fraction."""

def trunc_(input: Tensor) -> Tensor:
    """``trunc`` in place."""

def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """What stands at each place of a dimension, one result each."""

def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Tensor:
    """One dimension made several: what `flatten` undoes."""

@overload
def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: Literal[False] = False,
    return_counts: Literal[False] = False,
    dim: int | None = None,
) -> Tensor:
    """The different elements, or slices along a dimension, in order. Backward stops at it."""

@overload
def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: Literal[False] = False,
    *,
    return_counts: Literal[True],
    dim: int | None = None,
) -> tuple[Tensor, ...]:
    """The different elements, or slices along a dimension, in order. Backward stops at it."""

@overload
def unique(
    input: Tensor,
    sorted: bool = True,
    *,
    return_inverse: Literal[True],
    return_counts: Literal[False] = False,
    dim: int | None = None,
) -> tuple[Tensor, ...]:
    """The different elements, or slices along a dimension, in order. Backward stops at it."""

@overload
def unique(
    input: Tensor,
    sorted: bool = True,
    *,
    return_inverse: Literal[True],
    return_counts: Literal[True],
    dim: int | None = None,
) -> tuple[Tensor, ...]:
    """The different elements, or slices along a dimension, in order. Backward stops at it."""

def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """With a new dimension of size 1."""

def unsqueeze_(input: Tensor, dim: int) -> Tensor:
    """``unsqueeze`` in place."""

def var(
    input: Tensor,
    dim: bool | int | Sequence[int] | None = None,
    unbiased: bool = True,
    keepdim: bool = False,
    correction: float | None = 1,
) -> Tensor:
    """The variance of all elements or along dimensions."""

def var_mean(
    input: Tensor,
    dim: bool | int | Sequence[int] | None = None,
    unbiased: bool = True,
    keepdim: bool = False,
    correction: float | None = 1,
) -> tuple[Tensor, ...]:
    """The variance and the mean, of all elements or along dimensions."""

def vdot(input: Tensor, other: Tensor) -> Tensor:
    """The inner product of two vectors, which of real numbers is `dot`."""

def vsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Parts one below the other, of the first dimension."""

@overload
def vstack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors one below the other; a vector is a row."""

@overload
def vstack(*tensors: Tensor) -> Tensor:
    """Tensors one below the other; a vector is a row."""

def where(condition: Tensor, input: Tensor | float, other: Tensor | float) -> Tensor:
    """The first tensor where the condition holds, the second elsewhere."""

def xlogy(input: Tensor | float, other: Tensor | float) -> Tensor:
    """The first times the logarithm of the second; 0 where the first is 0."""
