"""The NumPy functions that rules may call, each once: how a call prints, what it reads, which rule differentiates it.

A derivative that calls anything else is refused when it is traced, which is when it is first needed. The few opaque
functions at the end are not in NumPy; they dispatch like NumPy's own, so that every reading sees them as one call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np

# How a call is made on tensors: the name of the operation that takes the same arguments, or a function that is given
# all operations first and then the arguments. None: the call has no derivative, and is made on the values.
OnTensors = str | Callable[..., Any] | None


@dataclass(frozen=True)
class Word:
    """How one function prints, and how it is differentiated again.

    ``text`` has ``{0}`` for the first argument; ``binds`` is its precedence (9: a call). ``silent`` marks layout calls
    that a formula leaves out; ``shape_only`` that the values are not read; ``impure`` that two calls alike may differ.
    """

    function: Callable[..., Any]
    text: str
    binds: int = 9
    rule: OnTensors = None
    silent: bool = False
    shape_only: bool = False
    impure: bool = False


SUM, PRODUCT, SIGN, POWER, CALL = 4, 5, 6, 7, 9


def _folding(name: str) -> Callable[..., Any]:
    """A NumPy reduction as the operation ``name``, whose dimensions are called ``dim`` and ``keepdim``."""

    def folded(F: Any, array: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return getattr(F, name)(array, dim=axis, keepdim=keepdims)

    return folded


def _reshaped(F: Any, array: Any, shape: Any) -> Any:
    return F.reshape(array, (shape,) if isinstance(shape, int) else shape)


def _expanded(F: Any, array: Any, axis: Any) -> Any:
    return F.reshape(array, np.expand_dims(np.broadcast_to(0, tuple(array.shape)), axis).shape)


def _squeezed(F: Any, array: Any, axis: Any = None) -> Any:
    return F.squeeze(array) if axis is None else F.squeeze(array, axis)


def _transposed(F: Any, array: Any, axes: Any = None) -> Any:
    return F.permute(array, tuple(range(len(array.shape)))[::-1] if axes is None else tuple(axes))


def _extreme(name: str) -> Callable[..., Any]:
    def folded(F: Any, array: Any, axis: Any = None, keepdims: bool = False, **initial: Any) -> Any:
        return getattr(F, name)(array, dim=() if axis is None else axis, keepdim=keepdims)

    return folded


_WORDS = (
    # Arithmetic
    Word(np.add, "{0} + {1}", SUM, "add"),
    Word(np.subtract, "{0} - {1}", SUM, "sub"),
    Word(np.multiply, "{0} * {1}", PRODUCT, "mul"),
    Word(np.divide, "{0} / {1}", PRODUCT, "div"),
    Word(np.remainder, "{0} % {1}", PRODUCT, "remainder"),
    Word(np.negative, "-{0}", SIGN, "neg"),
    Word(np.positive, "{0}", SIGN, "positive"),
    Word(np.power, "{0} ** {1}", POWER, "pow"),
    Word(np.floor_divide, "{0} // {1}", PRODUCT),
    Word(np.reciprocal, "1 / {0}", PRODUCT, "reciprocal"),
    Word(np.absolute, "|{0}|", rule="abs"),
    # Functions of one number
    Word(np.exp, "exp({0})", rule="exp"),
    Word(np.log, "log({0})", rule="log"),
    Word(np.log1p, "log1p({0})", rule="log1p"),
    Word(np.sqrt, "sqrt({0})", rule="sqrt"),
    Word(np.sin, "sin({0})", rule="sin"),
    Word(np.cos, "cos({0})", rule="cos"),
    Word(np.tanh, "tanh({0})", rule="tanh"),
    Word(np.sign, "sign({0})"),
    # Choices and comparisons
    Word(np.maximum, "max({0}, {1})", rule="maximum"),
    Word(np.minimum, "min({0}, {1})", rule="minimum"),
    Word(np.clip, "clamp({0}, {1}, {2})", rule="clamp"),
    Word(np.where, "({1} where {0} else {2})", rule="where"),
    Word(np.equal, "[{0} = {1}]"),
    Word(np.not_equal, "[{0} ≠ {1}]"),
    Word(np.less, "[{0} < {1}]"),
    Word(np.less_equal, "[{0} ≤ {1}]"),
    Word(np.greater, "[{0} > {1}]"),
    Word(np.greater_equal, "[{0} ≥ {1}]"),
    Word(np.logical_and, "{0} and {1}", 1),
    Word(np.logical_or, "{0} or {1}", 1),
    Word(np.bitwise_and, "{0} and {1}", 1),
    Word(np.bitwise_or, "{0} or {1}", 1),
    Word(np.logical_not, "not {0}", 2),
    Word(np.isnan, "[{0} is nan]"),
    # Linear algebra
    Word(np.matmul, "{0} @ {1}", PRODUCT, "matmul"),
    # Reductions and scans
    Word(np.sum, "Σ({0})", rule=_folding("sum")),
    Word(np.mean, "mean({0})", rule=_folding("mean")),
    Word(np.prod, "Π({0})", rule=_folding("prod")),
    Word(np.max, "max({0})", rule=_extreme("amax")),
    Word(np.min, "min({0})", rule=_extreme("amin")),
    Word(np.argmax, "argmax({0})"),
    Word(np.argmin, "argmin({0})"),
    Word(np.argsort, "argsort({0})"),
    Word(np.all, "all({0})"),
    Word(np.any, "any({0})"),
    Word(np.cumsum, "cumsum({0})", rule=lambda F, array, axis: F.cumsum(array, axis)),
    Word(np.cumprod, "cumprod({0})", rule=lambda F, array, axis: F.cumprod(array, axis)),
    # Shapes and places
    Word(np.flip, "flip({0})", rule=lambda F, array, axis: F.flip(array, (axis,) if isinstance(axis, int) else axis)),
    Word(np.concatenate, "cat({0})", rule=lambda F, arrays, axis=0: F.cat(arrays, axis)),
    Word(np.stack, "stack({0})", rule=lambda F, arrays, axis=0: F.stack(arrays, axis)),
    Word(np.take_along_axis, "gather({0}, {1})", rule=lambda F, array, indices, axis: F.gather(array, axis, indices)),
    Word(np.expand_dims, "{0}", rule=_expanded, silent=True),
    Word(np.squeeze, "{0}", rule=_squeezed, silent=True),
    Word(np.reshape, "{0}", rule=_reshaped, silent=True),
    Word(np.broadcast_to, "{0}", rule=lambda F, array, shape: F.expand(array, shape), silent=True),
    Word(np.copy, "{0}", rule="clone", silent=True),
    Word(np.astype, "{0}", rule=lambda F, array, dtype: F.cast(array, np.dtype(dtype).name), silent=True),
    Word(np.transpose, "{0}ᵀ", rule=_transposed),
    Word(np.swapaxes, "{0}ᵀ", rule="transpose"),
    Word(np.zeros_like, "0", shape_only=True),
    Word(np.ones_like, "1", shape_only=True),
)

WORDS: dict[Callable[..., Any], Word] = {word.function: word for word in _WORDS}


def opaque(
    text: str, rule: OnTensors = None, *, impure: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function of arrays a word of the vocabulary; it then dispatches by NumPy's ``__array_function__``
    protocol.
    """

    def enrol(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def dispatching(*args: Any, **kwargs: Any) -> Any:
            for arg in args:
                handler = getattr(type(arg), "__array_function__", None)
                if handler is not None and type(arg) is not np.ndarray:
                    return handler(arg, dispatching, (type(arg),), args, kwargs)
            return function(*args, **kwargs)

        WORDS[dispatching] = Word(dispatching, text, rule=rule, impure=impure)
        return dispatching

    return enrol


@opaque("{0}[{1}]", rule="getitem")
def index(array: Any, at: Any) -> Any:
    """``array[at]``, a view even of a single element; a word of its own so that its adjoint can name it."""
    picked = array[at]
    return picked if isinstance(picked, np.ndarray) else array[(*at, ...) if isinstance(at, tuple) else (at, ...)]


@opaque("scatter({0})", rule="unindex")
def unindex(g: Any, at: Any, shape: tuple[int, ...]) -> Any:
    """The adjoint of ``index``: zeros of ``shape`` with ``g`` added at ``at``. NumPy has only ``add.at``, which
    writes in place.
    """
    result = np.zeros(shape, g.dtype)
    np.add.at(result, at, g)
    return result


@opaque("scatter({0})", rule="ungather")
def ungather(g: Any, indices: Any, axis: int, shape: tuple[int, ...]) -> Any:
    """The adjoint of ``take_along_axis`` along ``axis``: zeros of ``shape`` with ``g`` added at ``indices``. NumPy has
    no adding form but ``add.at``, which writes in place.
    """
    result = np.zeros(shape, g.dtype)
    np.add.at(result, along(indices, axis), g)
    return result


def along(indices: Any, axis: int) -> tuple[Any, ...]:
    """The index with which NumPy's brackets pick what ``take_along_axis`` does with ``indices`` along ``axis``."""
    places: list[Any] = list(np.ogrid[tuple(slice(side) for side in indices.shape)])
    places[axis] = indices
    return tuple(places)


@opaque("running({0})")
def running(array: Any, fold: np.ufunc, axis: int) -> Any:
    """``array`` folded up to each element along ``axis``: ``fold.accumulate``, a method, which does not dispatch."""
    return fold.accumulate(array, axis=axis)


@opaque("unique({0})")
def unique(array: Any, part: int, axis: int | None = None) -> Any:
    """The different elements (part 0), which of them each element is (1), or how often each stands there (2). NumPy
    gives all of these at once, which is more than one word can be.
    """
    return np.unique(array, return_inverse=True, return_counts=True, equal_nan=False, axis=axis)[part]
