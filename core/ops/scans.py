"""Running results along a dimension: cumulative sums, products and extremes, differences, areas under a curve.

What folds a dimension away stands in ``reduction``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.ops.checks import accumulating, cast, one_dim, type_name, wrap_dim
from chainrule.core.ops.placing import Placed, lined, values_at
from chainrule.core.ops.reduction import MATRIX, ROWS, products_before
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.vocabulary import guarded, running

COLUMNS = Sample(MATRIX.inputs, {"dim": 0})
WITH_ZEROS = Sample(([[1.5, 0.0, 0.5, 0.0], [3.0, 0.25, 0.0, 2.0]],), {"dim": 1})


def _along_one(operation: str) -> Any:
    """A check that ``operation`` is given a single dimension that there is."""
    return lambda input, dim, **params: one_dim(operation, input, dim)


def _from_behind(g: Any, dim: int) -> Any:
    """For each element the sum of itself and all behind it along ``dim``."""
    return np.flip(_scanned(np.cumsum, np.flip(g, axis=dim), dim), axis=dim)


def _scanned(scan: Any, input: Any, dim: int, dtype: Any = None) -> Any:
    """``input`` run through by np.cumsum or np.cumprod, in ``dtype``; as PyTorch does, in a wider one meanwhile."""
    wanted = np.dtype(dtype or input.dtype)
    if wanted.kind == "f":
        found = cast(scan(cast(input, accumulating(wanted)), axis=dim), wanted)
    else:
        found = scan(input, axis=dim, dtype=dtype)
    return np.reshape(found, input.shape)  # NumPy makes vectors of scalars here


register(Rule(
    "cumsum", lambda input, dim, dtype=None: _scanned(np.cumsum, input, dim, dtype),
    vjps=(lambda g, y, input, dim, dtype: _from_behind(g, dim) if input.ndim else g,),
    doc="The sum of each element and all before it along a dimension.", family="reduction", symbol="Σ…",
    synonyms=("cumulative sum", "running total", "prefix sum", "scan"),
    dtype="as is", check=_along_one("cumsum"), samples=(ROWS, COLUMNS),
))  # fmt: skip


def _ahead(array: Any, steps: int, dim: int) -> Any:
    """``array`` moved ``steps`` places towards the front along ``dim``, zeros behind it."""
    inner = (slice(None),) * dim
    rest, passed = array[(*inner, slice(steps, None))], array[(*inner, slice(0, steps))]
    return np.concatenate((rest, np.zeros_like(passed)), axis=dim)


def _recurring(g: Any, factors: Any, dim: int) -> Any:
    """s with s[i] = g[i] + factors[i] s[i+1] along ``dim``, and 0 behind the last.

    The recurrence is unrolled by doubling: each turn lets every sum reach twice as far ahead.
    """
    sums, reach = g, 1
    while reach < g.shape[dim]:
        sums = sums + factors * _ahead(sums, reach, dim)
        factors = factors * _ahead(factors, reach, dim)
        reach = 2 * reach
    return sums


def _cumprod_vjp(g: Any, y: Any, input: Any, dim: int, dtype: Any) -> Any:
    """The sum of the later results times their gradients, over the element itself. Along a line with a 0, as PyTorch
    does, without a division: the product before i, times what later results make of i, s[i] = g[i] + x[i+1] s[i+1].
    """
    line = lined(input if dtype is None else np.astype(input, dtype))
    dim = dim % line.ndim
    zero = np.any(line == 0, axis=dim, keepdims=True)
    products = products_before(line, dim) * _recurring(lined(g), _ahead(line, 1, dim), dim)
    quotients = _from_behind(lined(y * g), dim) / guarded(zero, 1, line)
    return np.reshape(guarded(zero, products, quotients), input.shape)


register(Rule(
    "cumprod", lambda input, dim, dtype=None: _scanned(np.cumprod, input, dim, dtype),
    vjps=(_cumprod_vjp,),
    doc="The product of each element and all before it along a dimension.", family="reduction", symbol="Π…",
    synonyms=("cumulative product", "running product", "scan"),
    dtype="as is", check=_along_one("cumprod"), samples=(ROWS, COLUMNS, WITH_ZEROS),
))  # fmt: skip


def _logcumsumexp_vjp(g: Any, y: Any, input: Any, dim: int) -> Any:
    """exp(x[i]) times the sum of g[k] exp(-y[k]) over k from i on, with every exponent kept at 0 or below:
    exp(x[i] - y[i]) s[i], where s[i] = g[i] + exp(y[i] - y[i+1]) s[i+1].
    """
    line = lined(y)
    dim = dim % line.ndim
    inner = (slice(None),) * dim
    falls = np.exp(line[(*inner, slice(0, -1))] - line[(*inner, slice(1, None))])
    last = np.zeros_like(line[(*inner, slice(-1, None))])
    later = _recurring(lined(g), np.concatenate((falls, last), axis=dim), dim)
    return np.reshape(later, input.shape) * np.exp(input - y)


def _in_floats(input: Any, dim: int) -> None:
    one_dim("logcumsumexp", input, dim)
    if input.dtype.kind != "f":
        raise NotImplementedError(f"\"logcumsumexp_out_cpu\" not implemented for '{type_name(input.dtype)}'")


register(Rule(
    "logcumsumexp", lambda input, dim: np.reshape(running(lined(input), np.logaddexp, dim), input.shape),
    vjps=(_logcumsumexp_vjp,),
    doc="The log of the sum of exp, of each element and all before it along a dimension.", family="reduction",
    symbol="lse…", synonyms=("log cumulative sum exp",), dtype="as is", check=_in_floats, samples=(ROWS, COLUMNS),
))  # fmt: skip


def _running_extreme(word: str, fold: np.ufunc) -> None:
    """torch.cummax or torch.cummin: the extreme so far, and where it stands; of equals, the last so far."""
    name = f"cum{word}"
    pair = type(name, (Placed,), {})

    def places(input: Any, dim: int) -> Any:
        line = lined(input)
        dim = dim % line.ndim
        extreme = running(line, fold, dim)
        reached = (line == extreme) | (np.isnan(line) & np.isnan(extreme))
        at = np.reshape(np.arange(line.shape[dim]), (-1,) + (1,) * (line.ndim - dim - 1))
        return np.reshape(running(np.where(reached, at, 0), np.maximum, dim), input.shape)

    register(Rule(
        f"{name}_places", places, vjps=(None,), doc=f"Where the {word}imum so far stands. It has no derivative.",
        family="reduction", public=False, dtype="as is", check=_along_one(name), samples=(ROWS, COLUMNS),
    ))  # fmt: skip
    values_at(name, f"{name.capitalize()}Backward0")

    def extreme(F: Any, input: Any, dim: int) -> Any:
        indices = getattr(F, f"{name}_places")(input, dim)
        return pair(getattr(F, f"{name}_values")(input, indices, dim), indices)

    register(Composite(
        name, extreme, doc=f"The {word}imum so far along a dimension, with its place.", family="reduction",
        symbol=f"{word}…", synonyms=(f"cumulative {word}imum", f"running {word}imum"),
        outputs=lambda params: ("values", "indices"), samples=(ROWS, COLUMNS),
    ))  # fmt: skip


_running_extreme("max", np.maximum)
_running_extreme("min", np.minimum)


def _span(F: Any, input: Any, dim: int, start: int | None, stop: int | None) -> Any:
    return F.getitem(input, (slice(None),) * dim + (slice(start, stop),))


def _joinable(input: Any, end: Any, dim: int) -> None:
    if end.ndim != input.ndim:
        raise RuntimeError("diff expects prepend or append to be the same dimension as input")
    for place, (wanted, got) in enumerate(zip(input.shape, end.shape, strict=True)):
        if place != dim and got != wanted:
            raise RuntimeError(
                "diff expects the shape of tensor to prepend or append to match that of input except along the "
                f"differencing dimension; input.size({place}) = {wanted}, but got tensor.size({place}) = {got}"
            )


def _diff(F: Any, input: Any, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None) -> Any:
    if input.ndim == 0:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    dim = wrap_dim(dim, input.ndim)
    parts = [each for each in (prepend, input, append) if each is not None]
    for end in parts:
        _joinable(input, end, dim)
    line = F.cat(parts, dim) if len(parts) > 1 else input
    minus = F.ne if line.dtype.name == "bool" else F.sub
    for _ in range(min(n, line.shape[dim])):
        line = minus(_span(F, line, dim, 1, None), _span(F, line, dim, None, -1))
    return line if n else F.clone(line)


register(Composite(
    "diff", _diff, doc="Each element minus the one before it along a dimension, n times over.", family="reduction",
    symbol="Δ", synonyms=("difference", "finite difference"), tensors=("input", "prepend", "append"),
    optional=("prepend", "append"),
    overloads=("Tensor input, int n = 1, int dim = -1, Tensor prepend = None, Tensor append = None, *, "
               "Tensor out = None",),
    samples=(MATRIX, Sample(MATRIX.inputs, {"n": 2}), COLUMNS),
))  # fmt: skip


def _widths(F: Any, y: Any, x: Any, dim: int) -> Any:
    """How far apart the places ``x`` are, in a shape that broadcasts to ``y`` along ``dim``."""
    if x.ndim == 1 and x.shape[0] != y.shape[dim]:
        raise RuntimeError("trapezoid: There must be one `x` value for each sample point")
    if x.ndim == 1:
        x = F.reshape(x, (-1,) + (1,) * (y.ndim - dim - 1))
        dim = 0
    elif x.ndim < y.ndim:
        x = F.reshape(x, (1,) * (y.ndim - x.ndim) + tuple(x.shape))
    return F.sub(_span(F, x, dim, 1, None), _span(F, x, dim, None, -1))


def _trapezoid(F: Any, y: Any, x: Any = None, dx: float = 1, dim: int = -1) -> Any:
    if y.ndim == 0:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    dim = wrap_dim(dim, y.ndim)
    if x is None and y.shape[dim]:
        ends = F.add(F.select(y, dim, 0), F.select(y, dim, -1))
        return F.mul(F.sub(F.sum(y, dim), F.mul(ends, 0.5)), dx)
    sides = F.add(_span(F, y, dim, 1, None), _span(F, y, dim, None, -1))
    if x is None:
        return F.mul(F.sum(sides, dim), dx / 2)
    return F.div(F.sum(F.mul(sides, _widths(F, y, x, dim)), dim), 2.0)


for _name in ("trapezoid", "trapz"):
    register(Composite(
        _name, _trapezoid, doc="The area under the points y, at places x or dx apart, along a dimension.",
        family="reduction", symbol="∫", synonyms=("integral", "area", "trapezoidal rule"), method=False,
        tensors=("y", "x"), optional=("x",),
        samples=(MATRIX, COLUMNS, Sample((*MATRIX.inputs, [0.0, 1.0, 2.5])), Sample(MATRIX.inputs, {"dx": 0.5})),
    ))  # fmt: skip
