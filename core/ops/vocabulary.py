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
    """How one function prints, how it is differentiated again, and how a program calls it.

    ``text`` has ``{0}`` for the first argument, ``{all}`` for all; ``binds`` is its precedence (9: a call). ``latex``
    is the same for LaTeX, with ``{of}`` for all in brackets, where it cannot be made from ``text``. ``silent`` marks
    layout calls that a formula leaves out; ``shape_only`` that the values are not read; ``impure`` that two calls
    alike may differ; such a function draws in the order of memory, and takes that as ``order``. ``view`` says that the
    result may share the first argument's memory. ``out`` is how the function is called with a place for its result, in
    the names of its arguments; empty for ufuncs, which all do it alike, and where it has none. ``scalar`` is how one
    element of it is computed, where it is an elementwise function but no ufunc. ``means`` is the same in other words,
    for readings that need not meet it whole.
    """

    function: Callable[..., Any]
    text: str
    binds: int = 9
    rule: OnTensors = None
    latex: str = ""
    silent: bool = False
    shape_only: bool = False
    impure: bool = False
    view: bool = False
    out: str = ""
    scalar: str = ""
    means: Callable[..., Any] | None = None


OR, AND, COMPARED, SUM, PRODUCT, SIGN, POWER, CALL = 1, 2, 3, 4, 5, 6, 7, 9


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
    Word(np.multiply, "{0} * {1}", PRODUCT, "mul", latex=r"{0} \, {1}"),
    Word(np.divide, "{0} / {1}", PRODUCT, "div", latex=r"\frac{{{0}}}{{{1}}}"),
    Word(np.remainder, "{0} % {1}", PRODUCT, "remainder", latex=r"{0} \bmod {1}"),
    Word(np.fmod, "fmod({0}, {1})", rule="fmod"),
    Word(np.negative, "-{0}", SIGN, "neg"),
    Word(np.positive, "{0}", SIGN, "positive"),
    Word(np.power, "{0} ** {1}", POWER, "pow", latex="{0}^{{{1}}}"),
    Word(np.floor_divide, "{0} // {1}", PRODUCT, latex=r"\left\lfloor \frac{{{0}}}{{{1}}} \right\rfloor"),
    Word(np.reciprocal, "1 / {0}", PRODUCT, "reciprocal", latex=r"\frac{{1}}{{{0}}}"),
    Word(np.absolute, "|{0}|", rule="abs", latex=r"\left|{{{0}}}\right|"),
    # Functions of one number
    Word(np.exp, "exp({0})", rule="exp", latex=r"\exp{of}"),
    Word(np.exp2, "exp2({0})", rule="exp2"),
    Word(np.expm1, "expm1({0})", rule="expm1"),
    Word(np.log, "log({0})", rule="log", latex=r"\ln{of}"),
    Word(np.log1p, "log1p({0})", rule="log1p"),
    Word(np.log2, "log2({0})", rule="log2", latex=r"\log_{{2}}{of}"),
    Word(np.log10, "log10({0})", rule="log10", latex=r"\log_{{10}}{of}"),
    Word(np.sqrt, "sqrt({0})", rule="sqrt", latex=r"\sqrt{{{0}}}"),
    Word(np.sin, "sin({0})", rule="sin", latex=r"\sin{of}"),
    Word(np.cos, "cos({0})", rule="cos", latex=r"\cos{of}"),
    Word(np.tan, "tan({0})", rule="tan", latex=r"\tan{of}"),
    Word(np.arcsin, "asin({0})", rule="asin", latex=r"\arcsin{of}"),
    Word(np.arccos, "acos({0})", rule="acos", latex=r"\arccos{of}"),
    Word(np.arctan, "atan({0})", rule="atan", latex=r"\arctan{of}"),
    Word(np.sinh, "sinh({0})", rule="sinh", latex=r"\sinh{of}"),
    Word(np.cosh, "cosh({0})", rule="cosh", latex=r"\cosh{of}"),
    Word(np.tanh, "tanh({0})", rule="tanh", latex=r"\tanh{of}"),
    Word(np.arcsinh, "asinh({0})", rule="asinh"),
    Word(np.arccosh, "acosh({0})", rule="acosh"),
    Word(np.arctanh, "atanh({0})", rule="atanh"),
    Word(np.sinc, "sinc({0})", rule="sinc"),
    Word(np.nan_to_num, "finite({0})", rule="nan_to_num"),
    # Functions of one number that stand still almost everywhere
    Word(np.sign, "sign({0})"),
    Word(np.floor, "floor({0})", latex=r"\left\lfloor {{{0}}} \right\rfloor"),
    Word(np.ceil, "ceil({0})", latex=r"\left\lceil {{{0}}} \right\rceil"),
    Word(np.trunc, "trunc({0})"),
    Word(np.round, "round({0})"),
    # Functions of two numbers
    Word(np.arctan2, "atan2({0}, {1})", rule="atan2"),
    Word(np.hypot, "hypot({0}, {1})", rule="hypot"),
    Word(np.logaddexp, "logaddexp({0}, {1})", rule="logaddexp"),
    Word(np.logaddexp2, "logaddexp2({0}, {1})", rule="logaddexp2"),
    Word(np.copysign, "copysign({0}, {1})", rule="copysign"),
    # Choices and comparisons
    Word(np.maximum, "max({0}, {1})", rule="maximum", latex=r"\max{of}"),
    Word(np.minimum, "min({0}, {1})", rule="minimum", latex=r"\min{of}"),
    Word(np.fmax, "fmax({0}, {1})", rule="fmax"),
    Word(np.fmin, "fmin({0}, {1})", rule="fmin"),
    Word(np.clip, "clamp({0}, {1}, {2})", rule="clamp"),
    Word(np.where, "({1} where {0}, else {2})", rule="where"),
    Word(np.equal, "{0} = {1}", COMPARED),
    Word(np.not_equal, "{0} ≠ {1}", COMPARED, latex=r"{0} \neq {1}"),
    Word(np.less, "{0} < {1}", COMPARED),
    Word(np.less_equal, "{0} ≤ {1}", COMPARED, latex=r"{0} \leq {1}"),
    Word(np.greater, "{0} > {1}", COMPARED),
    Word(np.greater_equal, "{0} ≥ {1}", COMPARED, latex=r"{0} \geq {1}"),
    Word(np.logical_and, "{0} and {1}", AND, latex=r"{0} \land {1}"),
    Word(np.logical_or, "{0} or {1}", OR, latex=r"{0} \lor {1}"),
    Word(np.bitwise_and, "{0} and {1}", AND, latex=r"{0} \land {1}"),
    Word(np.bitwise_or, "{0} or {1}", OR, latex=r"{0} \lor {1}"),
    Word(np.logical_not, "not {0}", AND, latex=r"\lnot {0}"),
    Word(np.logical_xor, "{0} ≠ {1}", COMPARED, latex=r"{0} \neq {1}"),
    Word(np.bitwise_xor, "{0} xor {1}", OR, latex=r"{0} \oplus {1}"),
    Word(np.invert, "not {0}", AND, latex=r"\lnot {0}"),
    Word(np.isclose, "{0} ≈ {1}", COMPARED, latex=r"{0} \approx {1}"),
    Word(np.isnan, "{0} is nan", COMPARED, latex=r"{0} \text{{ is nan}}"),
    Word(np.isinf, "{0} is infinite", COMPARED, latex=r"{0} \text{{ is infinite}}"),
    Word(np.isfinite, "{0} is finite", COMPARED, latex=r"{0} \text{{ is finite}}"),
    Word(np.signbit, "{0} has a minus", COMPARED, latex=r"{0} \text{{ has a minus}}"),
    # Linear algebra
    Word(np.matmul, "{0} @ {1}", PRODUCT, "matmul", latex=r"{0} \, {1}"),
    Word(np.trace, "tr({0})", rule="trace", latex=r"\operatorname{{tr}}{of}"),
    Word(
        np.einsum,
        "einsum({all})",
        rule=lambda F, equation, *operands, optimize=False: F.einsum(equation, *operands),
    ),
    Word(np.linalg.inv, "{0}⁻¹", POWER, "inv", latex="{0}^{{-1}}"),
    Word(np.linalg.solve, "solve({0}, {1})", rule="solve"),
    Word(np.linalg.det, "det({0})", rule="det", latex=r"\det{of}"),
    Word(np.cross, "cross({0}, {1})", rule=lambda F, a, b, axis: F.linalg_cross(a, b, dim=axis)),
    # Reductions and scans
    Word(
        np.sum,
        "Σ({0})",
        rule=_folding("sum"),
        latex=r"\sum{of}",
        out="np.add.reduce({a}, {axis}, {dtype}, {out}, {keepdims})",
    ),
    Word(np.mean, "mean({0})", rule=_folding("mean")),
    Word(
        np.prod,
        "Π({0})",
        rule=_folding("prod"),
        latex=r"\prod{of}",
        out="np.multiply.reduce({a}, {axis}, {dtype}, {out}, {keepdims})",
    ),
    Word(
        np.max,
        "max({0})",
        rule=_extreme("amax"),
        out="np.maximum.reduce({a}, {axis}, None, {out}, {keepdims}, {initial})",
    ),
    Word(
        np.min,
        "min({0})",
        rule=_extreme("amin"),
        out="np.minimum.reduce({a}, {axis}, None, {out}, {keepdims}, {initial})",
    ),
    Word(np.argmax, "argmax({0})", out="np.argmax({a}, {axis}, {out}, keepdims={keepdims})"),
    Word(np.argmin, "argmin({0})", out="np.argmin({a}, {axis}, {out}, keepdims={keepdims})"),
    Word(np.argsort, "argsort({0})"),
    Word(np.all, "all({0})"),
    Word(np.any, "any({0})"),
    Word(np.cumsum, "cumsum({0})", rule=lambda F, array, axis: F.cumsum(array, axis)),
    Word(np.cumprod, "cumprod({0})", rule=lambda F, array, axis: F.cumprod(array, axis)),
    # Shapes and places
    Word(
        np.flip,
        "flip({0})",
        rule=lambda F, array, axis: F.flip(array, (axis,) if isinstance(axis, int) else axis),
        view=True,
    ),
    Word(np.concatenate, "cat({0})", rule=lambda F, arrays, axis=0: F.cat(arrays, axis)),
    Word(np.stack, "stack({0})", rule=lambda F, arrays, axis=0: F.stack(arrays, axis)),
    Word(np.roll, "roll({0})", rule=lambda F, array, shift, axis=(): F.roll(array, shift, axis)),
    Word(np.rot90, "rot90({0})", rule=lambda F, m, k=1, axes=(0, 1): F.rot90(m, k, axes), view=True),
    Word(np.repeat, "repeat({0})"),
    Word(np.take, "{0}[{1}]", rule=lambda F, array, indices, axis: F.index_select(array, axis, indices)),
    Word(
        np.take_along_axis,
        "gather({0}, {1})",
        rule=lambda F, array, indices, axis: F.take_along_dim(array, indices, axis),
    ),
    Word(np.argwhere, "places({0})"),
    Word(np.expand_dims, "{0}", rule=_expanded, silent=True, view=True),
    Word(np.squeeze, "{0}", rule=_squeezed, silent=True, view=True),
    Word(np.reshape, "{0}", rule=_reshaped, silent=True, view=True),
    Word(np.broadcast_to, "{0}", rule=lambda F, array, shape: F.expand(array, shape), silent=True, view=True),
    Word(np.copy, "{0}", rule="clone", silent=True),
    Word(
        np.astype,
        "{0}",
        rule=lambda F, array, dtype: F.cast(array, np.dtype(dtype).name),
        silent=True,
        out="np.copyto({out}, {x}, 'unsafe')",
    ),
    Word(np.transpose, "{0}ᵀ", POWER, _transposed, view=True, latex=r"{0}^{{\top}}"),
    Word(np.moveaxis, "{0}ᵀ", POWER, "movedim", view=True, latex=r"{0}^{{\top}}"),
    Word(np.swapaxes, "{0}ᵀ", POWER, "transpose", view=True, latex=r"{0}^{{\top}}"),
    Word(
        np.pad,
        "pad({0})",
        rule=lambda F, array, pad_width, constant_values=0: F.constant_pad_nd(array, pad_width, constant_values),
    ),
    Word(np.zeros_like, "0", shape_only=True),
    Word(np.ones_like, "1", shape_only=True),
)

WORDS: dict[Callable[..., Any], Word] = {word.function: word for word in _WORDS}


def opaque(
    text: str,
    rule: OnTensors = None,
    *,
    latex: str = "",
    impure: bool = False,
    view: bool = False,
    scalar: str = "",
    means: Callable[..., Any] | None = None,
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

        WORDS[dispatching] = Word(
            dispatching, text, rule=rule, latex=latex, impure=impure, view=view, scalar=scalar, means=means
        )
        return dispatching

    return enrol


# Opaque only so that a formula can show the corner beside the usual, as one writes it; a program takes it apart.
@opaque("({2} where {0}, else {1})", rule="where", means=np.where)
def guarded(corner: Any, there: Any, usual: Any) -> Any:
    """``there`` in the ``corner``, a condition that few elements meet, and the ``usual`` formula for all the rest."""
    return np.where(corner, there, usual)


@opaque("{0}[{1}]", rule="getitem", latex="{0}[{1}]", view=True)
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
    if _picks_once(at):
        result[at] = g
    else:
        np.add.at(result, at, g)
    return result


def _picks_once(at: Any) -> bool:
    """Whether ``at`` picks no element twice, as slices, integers and masks do not: then plain writing adds up."""
    parts = at if isinstance(at, tuple) else (at,)
    return all(getattr(part, "dtype", None) == np.bool_ or not np.ndim(part) for part in parts if part is not Ellipsis)


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


@opaque("scatter({0})", rule=lambda F, array, indices, axis, source: F.scatter(array, axis, indices, source))
def scattered(array: Any, indices: Any, axis: int, source: Any) -> Any:
    """``array`` with ``source`` written along ``axis`` at ``indices``, the last of several winning. NumPy writes in
    place.
    """
    result = np.array(array)
    result[along(indices, axis)] = source
    return result


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
