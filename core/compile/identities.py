"""What is equal to what, for programs: each identity looks at one call and may offer a cheaper one, or None.

An identity is given ``call`` to make other calls with, the arguments, and an array of the result's shape and dtype.
The results may differ by rounding. What is only nicer to read is not here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from chainrule.core.compile.tracing import Traced, value_of

# Elements from which on a sum is made in rows.
MANY = 1 << 15

Call = Callable[..., Any]
Args = tuple[Any, ...]
Kwargs = Mapping[str, Any]
Identity = Callable[[Call, Args, Kwargs, Any], Any]


def number(value: Any) -> float | None:
    """The one number that a constant consists of, or None for what is traced or holds several."""
    if isinstance(value, Traced):
        return None
    array = np.asarray(value)
    if array.dtype.kind not in "iufb" or not array.size:
        return None
    if array.ndim and any(stride for stride, side in zip(array.strides, array.shape, strict=True) if side > 1):
        return None
    return float(array[(0,) * array.ndim])


def full(value: float, like: Any) -> Any:
    """The number as an array of no dimensions, in the dtype of ``like``."""
    return np.asarray(value, like.dtype)


def _scaled(value: Any) -> tuple[Any, Any]:
    """``value`` as a constant factor and the rest."""
    if isinstance(value, Traced) and value.call is np.multiply and not isinstance(value.args[0], Traced):
        return value.args[0], value.args[1]
    if isinstance(value, Traced) and value.call is np.negative:
        return -1.0, value.args[0]
    return None, value


def _stretched(value: Any, like: Any) -> Any:
    """``value`` without the broadcasting that ``like`` would give it anyway."""
    while isinstance(value, Traced) and value.call is np.broadcast_to and value.args[0].ndim <= like.ndim:
        value = value.args[0]
    if type(value) is np.ndarray and value.ndim and (single := number(value)) is not None:
        return np.asarray(single, value.dtype)
    return value


def without_stretching(function: Any, call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """NumPy broadcasts as it computes: arguments need not be stretched before, so long as the shape comes out."""
    if not any(map(_may_be_stretched, args)):
        return None
    shorter = tuple(_stretched(each, like) for each in args)
    if all(new is old for new, old in zip(shorter, args, strict=True)):
        return None
    if np.broadcast_shapes(*(np.shape(value_of(each)) for each in shorter)) != like.shape:
        return None
    return call(function, shorter, kwargs, like)


def _may_be_stretched(value: Any) -> bool:
    if type(value) is Traced:
        return value.call is np.broadcast_to
    return type(value) is np.ndarray and value.ndim > 0 and (value.size == 1 or 0 in value.strides)


def times_number(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """Constants first, one of them only: 2 * (x * 3) is 6 * x, 1 * x is x, and -1 * (x - y) is y - x."""
    left, right = args
    if not isinstance(right, Traced):
        return call(np.multiply, (right, left), {}, like)
    if isinstance(left, Traced):
        return None
    single = number(left)
    if single == -1 and right.call is np.subtract and right.shape == like.shape:
        return call(np.subtract, right.args[::-1], {}, like)
    factor, rest = _scaled(right)
    if factor is not None and (both := _product(left, factor, like)) is not None:
        return call(np.multiply, (both, rest), {}, like)
    return right if single == 1 else None


def _fits(factor: float, like: Any) -> bool:
    """Whether the dtype of ``like`` has ``factor``, neither infinite nor so small that digits are lost."""
    if like.dtype.kind != "f" or factor == 0 or not math.isfinite(factor):
        return like.dtype.kind != "f" or factor == 0
    info = np.finfo(like.dtype)
    return float(info.smallest_normal) <= abs(factor) <= float(info.max)


def factored(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """Constants out of products: (2 * x) * y is 2 * (x * y), and the 2 may meet another constant."""
    scaled = [_scaled(each) for each in args if isinstance(each, Traced)]
    factors = [number(factor) for factor, _ in scaled if factor is not None]
    known = [each for each in factors if each is not None]
    if len(scaled) < 2 or not known or len(known) < len(factors) or not _fits(math.prod(known), like):
        return None
    product = call(np.multiply, tuple([rest for _, rest in scaled]), {}, like)
    return call(np.multiply, (full(math.prod(known), like), product), {}, like)


def _product(a: Any, b: Any, like: Any) -> Any:
    """The product of two constant factors, where it is a single number; None for two arrays, which would only grow."""
    first, second = number(a), number(b)
    if first is not None and second is not None:
        return full(first * second, like) if _fits(first * second, like) else None
    if first is not None or second is not None:
        return np.asarray(np.multiply(a, b), like.dtype)
    return None


def divided_by_number(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """By a power of two, which multiplying does to the last bit: rounded otherwise, 49 / 49 might be less than 1."""
    divisor = number(args[1])
    if not divisor or not math.isfinite(divisor) or abs(math.frexp(divisor)[0]) != 0.5:
        return None
    return call(np.multiply, (full(1 / divisor, like), args[0]), {}, like)


def negated(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    return call(np.multiply, (full(-1.0, like), args[0]), {}, like) if like.dtype.kind == "f" else None


def added(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """a + -1 * b is a - b; a + 0 is a; a + a is 2 * a."""
    if args[0] is args[1]:
        return call(np.multiply, (full(2.0, like), args[0]), {}, like)
    for here, there in (args, args[::-1]):
        factor, rest = _scaled(there)
        scale = None if factor is None else number(factor)
        if scale is not None and scale < 0:
            return call(np.subtract, (here, call(np.multiply, (full(-scale, like), rest), {}, _like(there))), {}, like)
        if number(here) == 0 and isinstance(there, Traced):
            return there
    return None


def subtracted(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """a - -1 * b is a + b; a - 0 is a."""
    factor, rest = _scaled(args[1])
    scale = None if factor is None else number(factor)
    if scale is not None and scale < 0:
        return call(np.add, (args[0], call(np.multiply, (full(-scale, like), rest), {}, _like(args[1]))), {}, like)
    return args[0] if number(args[1]) == 0 and isinstance(args[0], Traced) else None


def _like(value: Any) -> Any:
    return value.value


def powered(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """Small powers by multiplication and roots: np.power takes logarithms."""
    base, exponent = args[0], number(args[1])
    if like.dtype.kind != "f" or not isinstance(base, Traced) or exponent is None or base.shape != like.shape:
        return None
    if exponent == 0:
        return np.broadcast_to(full(1.0, like), like.shape)
    if exponent == 1:
        return base
    if exponent in (2, 3, 4):
        square = call(np.multiply, (base, base), {}, like)
        return square if exponent == 2 else call(np.multiply, (square, base if exponent == 3 else square), {}, like)
    if exponent == 0.5:
        return call(np.sqrt, (base,), {}, like)
    return call(np.divide, (full(1.0, like), base), {}, like) if exponent == -1 else None


def chosen(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """A choice that is settled."""
    settled = number(args[0])
    return None if settled is None else args[1] if settled else args[2]


def clipped(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """The wrapper of np.clip costs more than two calls."""
    low, high = (*args[1:], None, None)[:2]
    value = args[0]
    if low is not None:
        value = call(np.maximum, (value, low), {}, like)
    return value if high is None else call(np.minimum, (value, high), {}, like)


def same_form(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """A change of shape or dtype that changes nothing."""
    array = args[0]
    return array if isinstance(array, Traced) and (array.shape, array.dtype) == (like.shape, like.dtype) else None


def copied(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """Nothing is written over while it is still to be read, so a copy is as good as the original."""
    return args[0]


def reshaped_again(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    inner = args[0]
    if isinstance(inner, Traced) and inner.call in (np.reshape, np.expand_dims, np.squeeze):
        return call(np.reshape, (inner.args[0], like.shape), {}, like)
    return None


def averaged(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """A mean is a sum and a factor."""
    count = args[0].size / max(like.size, 1)
    if not count or like.dtype.itemsize < 4:  # in half precision the sum may be infinite where the mean is not
        return None
    return call(np.multiply, (full(1 / count, like), call(np.sum, args, kwargs, like)), {}, like)


def summed(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """Sums as products with ones, which BLAS does faster than NumPy adds; of a product, as the product of vectors."""
    array, axis = args[0], kwargs.get("axis", args[1] if len(args) > 1 else None)
    if not isinstance(array, Traced) or array.dtype != like.dtype or like.dtype.kind != "f" or not array.size:
        return None
    axes = _axes(axis, array.ndim)
    if like.dtype.itemsize < 4:
        return None
    if len(axes) == array.ndim:
        return _total(call, array, like)
    if array.ndim == 2:
        ones = np.ones(array.shape[axes[0]], like.dtype)
        pair = (ones, array) if axes[0] == 0 else (array, ones)
        flat = np.broadcast_to(np.zeros((), like.dtype), (array.shape[1 - axes[0]],))
        return call(np.reshape, (call(np.matmul, pair, {}, flat), like.shape), {}, like)
    return None


def summed_factor(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """Constants out of sums: the sum of 2 * x is 2 times the sum, which has fewer elements."""
    factor, rest = _scaled(args[0])
    if factor is None or args[0].size == like.size or args[0].dtype != like.dtype or like.dtype.kind != "f":
        return None
    single = number(factor)
    if single is None or rest.shape != args[0].shape:
        return None
    return call(np.multiply, (full(single, like), call(np.sum, (rest, *args[1:]), kwargs, like)), {}, like)


def _axes(axis: Any, ndim: int) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(ndim))
    return tuple(sorted(d % ndim for d in ((axis,) if isinstance(axis, int) else axis)))


def _total(call: Call, array: Any, like: Any) -> Any:
    pair = array.args if array.call is np.multiply else (array, np.ones(array.shape, like.dtype))
    if any(np.shape(value_of(each)) != array.shape for each in pair):
        pair = (array, np.ones(array.shape, like.dtype))
    if array.call is not np.multiply and (row := _row(array.size)) is not None:
        rows = np.broadcast_to(np.zeros((), like.dtype), (array.size // row, row))
        sums = call(np.matmul, (call(np.reshape, (array, rows.shape), {}, rows), pair[1].flat[:row]), {}, rows[:, 0])
        product = call(np.matmul, (sums, pair[1].flat[: rows.shape[0]]), {}, np.zeros((), like.dtype))
        return call(np.reshape, (product, like.shape), {}, like)
    flat = np.broadcast_to(np.zeros((), like.dtype), (array.size,))
    vectors = tuple(call(np.reshape, (each, (array.size,)), {}, flat) for each in pair)
    product = call(np.matmul, vectors, {}, np.zeros((), like.dtype))
    return call(np.reshape, (product, like.shape), {}, like)


def _row(size: int) -> int | None:
    """How many elements of many to add up at a time, so that not as many ones have to be read as elements."""
    return next((row for row in range(4096, 63, -1) if size % row == 0), None) if size >= MANY else None


def filled(number: float) -> Identity:
    """What is as large as another array and holds one number is known without it."""
    return lambda call, args, kwargs, like: np.broadcast_to(full(number, like), like.shape)


def turned_back(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """A matrix transposed twice."""
    inner = args[0]
    twice = isinstance(inner, Traced) and inner.call is np.transpose and len(args) == len(inner.args) == 1
    return inner.args[0] if twice and like.ndim == 2 else None


def transposed_product(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """The transpose of a product is the product of the transposes, the other way round: BLAS reads either as it is."""
    inner = args[0]
    if not isinstance(inner, Traced) or inner.call is not np.matmul or kwargs:
        return None
    left, right = inner.args
    if not left.ndim == right.ndim == 2 or (len(args) > 1 and like.shape == inner.shape != inner.shape[::-1]):
        return None
    if len(args) > 1 and args[1:] not in ((None,), ((1, 0),), (0, 1), (1, 0), (-1, -2), (-2, -1)):
        return None
    return call(np.matmul, (_turned(call, right), _turned(call, left)), {}, like)


def _turned(call: Call, matrix: Any) -> Any:
    return call(np.transpose, (matrix,), {}, np.transpose(value_of(matrix))) if isinstance(matrix, Traced) else matrix.T


IDENTITIES: dict[Any, tuple[Identity, ...]] = {
    np.add: (partial(without_stretching, np.add), added),
    np.subtract: (partial(without_stretching, np.subtract), subtracted),
    np.multiply: (partial(without_stretching, np.multiply), times_number, factored),
    np.divide: (partial(without_stretching, np.divide), divided_by_number),
    np.negative: (negated,),
    np.power: (partial(without_stretching, np.power), powered),
    np.where: (chosen, partial(without_stretching, np.where)),
    np.clip: (clipped,),
    np.reshape: (same_form, reshaped_again),
    np.broadcast_to: (same_form,),
    np.astype: (same_form,),
    np.copy: (copied,),
    np.positive: (copied,),
    np.zeros_like: (filled(0.0),),
    np.ones_like: (filled(1.0),),
    np.transpose: (turned_back, transposed_product),
    np.swapaxes: (transposed_product,),
    np.mean: (averaged,),
    np.sum: (summed_factor, summed),
    **{
        compare: (partial(without_stretching, compare),)
        for compare in (np.maximum, np.minimum, np.less, np.greater, np.equal)
    },
}

# What makes a call fewer, or nothing worse, where nobody else needs the argument, and one more where somebody does.
TAKING_APART = frozenset({factored, summed_factor})

# What pays too where a call costs nothing and BLAS is not at hand: in loops over elements.
ELEMENTARY = {function: offers for function, offers in IDENTITIES.items() if function is not np.sum}
