"""The NumPy functions that rules may call, each once: how a call of it prints, and what it reads.

A derivative that calls anything else is refused when it is traced, which is when it is first needed. The few opaque
functions at the end are not in NumPy; they dispatch like NumPy's own, so that every reading sees them as one call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Word:
    """How one function prints: ``text`` with ``{0}`` for its first argument; ``binds`` is its precedence (9: a call).

    ``silent`` marks layout calls that a formula leaves out; ``shape_only`` that the values are not read.
    """

    function: Callable[..., Any]
    text: str
    binds: int = 9
    silent: bool = False
    shape_only: bool = False


SUM, PRODUCT, SIGN, POWER, CALL = 4, 5, 6, 7, 9

_WORDS = (
    Word(np.add, "{0} + {1}", SUM),
    Word(np.subtract, "{0} - {1}", SUM),
    Word(np.multiply, "{0} * {1}", PRODUCT),
    Word(np.divide, "{0} / {1}", PRODUCT),
    Word(np.remainder, "{0} % {1}", PRODUCT),
    Word(np.matmul, "{0} @ {1}", PRODUCT),
    Word(np.negative, "-{0}", SIGN),
    Word(np.positive, "{0}", SIGN),
    Word(np.power, "{0} ** {1}", POWER),
    Word(np.reciprocal, "1 / {0}", PRODUCT),
    Word(np.exp, "exp({0})"),
    Word(np.log, "log({0})"),
    Word(np.log1p, "log1p({0})"),
    Word(np.sqrt, "sqrt({0})"),
    Word(np.absolute, "|{0}|"),
    Word(np.sign, "sign({0})"),
    Word(np.sin, "sin({0})"),
    Word(np.cos, "cos({0})"),
    Word(np.tanh, "tanh({0})"),
    Word(np.maximum, "max({0}, {1})"),
    Word(np.minimum, "min({0}, {1})"),
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
    Word(np.where, "({1} where {0} else {2})"),
    Word(np.clip, "clamp({0}, {1}, {2})"),
    Word(np.sum, "Σ({0})"),
    Word(np.mean, "mean({0})"),
    Word(np.prod, "Π({0})"),
    Word(np.max, "max({0})"),
    Word(np.min, "min({0})"),
    Word(np.argmax, "argmax({0})"),
    Word(np.argmin, "argmin({0})"),
    Word(np.cumprod, "cumprod({0})"),
    Word(np.flip, "flip({0})"),
    Word(np.concatenate, "cat({0})"),
    Word(np.stack, "stack({0})"),
    Word(np.take_along_axis, "gather({0}, {1})"),
    Word(np.expand_dims, "{0}", silent=True),
    Word(np.squeeze, "{0}", silent=True),
    Word(np.reshape, "{0}", silent=True),
    Word(np.broadcast_to, "{0}", silent=True),
    Word(np.copy, "{0}", silent=True),
    Word(np.astype, "{0}", silent=True),
    Word(np.transpose, "{0}ᵀ"),
    Word(np.swapaxes, "{0}ᵀ"),
    Word(np.zeros_like, "0", shape_only=True),
    Word(np.ones_like, "1", shape_only=True),
)

WORDS: dict[Callable[..., Any], Word] = {word.function: word for word in _WORDS}


def opaque(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
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

        WORDS[dispatching] = Word(dispatching, text)
        return dispatching

    return enrol


@opaque("{0}[{1}]")
def index(array: Any, at: Any) -> Any:
    """``array[at]``, a view even of a single element; a word of its own so that its adjoint can name it."""
    picked = array[at]
    return picked if isinstance(picked, np.ndarray) else array[(*at, ...) if isinstance(at, tuple) else (at, ...)]


@opaque("scatter({0})")
def unindex(g: Any, at: Any, shape: tuple[int, ...]) -> Any:
    """The adjoint of ``index``: zeros of ``shape`` with ``g`` added at ``at``. NumPy has only ``add.at``, which
    writes in place.
    """
    result = np.zeros(shape, g.dtype)
    np.add.at(result, at, g)
    return result
