"""Operations that fold dimensions away: sums, means, products, questions of all and any.

The extremes, ``max`` and ``min`` in their several readings, stand in ``extremes``, variance and standard deviation in
``spread``, medians in ``sorting``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.ops.checks import Dim, one_dim, reduced, type_name, wrap_dims
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.vocabulary import guarded

MATRIX = Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],))
ROWS = Sample(MATRIX.inputs, {"dim": 1})
COLUMNS = Sample(MATRIX.inputs, {"dim": 0, "keepdim": True})


def readings(dims: str, *, out: bool = False) -> tuple[str, ...]:
    """PyTorch's overloads of a reduction with a ``dtype``, of everything or along ``dims``; some have ``out`` twice."""
    whole = "Tensor input, *, torch.dtype dtype = None" + ", Tensor out = None" * out
    return whole, f"Tensor input, {dims} dim, bool keepdim = False, *, torch.dtype dtype = None, Tensor out = None"


def back(folded: Any, input: Any, dim: Dim, keepdim: bool) -> Any:
    """``folded`` with the dimensions that were folded away put back with size 1, so that it broadcasts to ``input``."""
    dims = wrap_dims(dim, input.ndim)
    return folded if dims is None or keepdim else np.expand_dims(folded, dims)


def count(input: Any, y: Any) -> float:
    """How many elements of ``input`` went into each one of the result ``y``."""
    return float(math.prod(input.shape) / max(math.prod(y.shape), 1))


def _numbered(name: str) -> Any:
    """PyTorch numbers the backward of a full reduction 0 and of one along dimensions 1."""
    return lambda numbers, params: f"{name}Backward{0 if params.get('dim') is None else 1}"


def _sum(input: Any, dim: Dim = None, keepdim: bool = False, dtype: Any = None) -> Any:
    return np.sum(input, axis=wrap_dims(dim, input.ndim), dtype=dtype, keepdims=keepdim)


register(Rule(
    "sum", _sum,
    vjps=(lambda g, y, input, dim, keepdim, dtype: back(g, input, dim, keepdim),),
    doc="The sum of the elements, of all or along dimensions.", family="reduction", symbol="Σ",
    synonyms=("total", "add up"),
    dtype="as is", overloads=readings("tuple of ints"), check=reduced, grad_fn=_numbered("Sum"),
    samples=(MATRIX, ROWS, COLUMNS),
))  # fmt: skip


def mean(input: Any, dim: Dim = None, keepdim: bool = False, dtype: Any = None) -> Any:
    if 0 in input.shape:  # 0 / 0: NumPy's mean gives the same nan, with a warning of its own
        nothing = _sum(input, dim, keepdim, dtype)
        return nothing / count(input, nothing)
    return np.mean(input, axis=wrap_dims(dim, input.ndim), dtype=dtype, keepdims=keepdim)


def _floating(input: Any, dim: Dim = None, keepdim: bool = False, dtype: Any = None) -> None:
    reduced(input, dim)
    element = input.dtype if dtype is None else np.dtype(dtype)
    if element.kind != "f":
        raise RuntimeError(
            f"mean(): could not infer output dtype. {'Input' if dtype is None else 'Optional'} dtype must be either a "
            f"floating point or complex dtype. Got: {type_name(element)}"
        )


register(Rule(
    "mean", mean,
    vjps=(lambda g, y, input, dim, keepdim, dtype: back(g, input, dim, keepdim) / count(input, y),),
    doc="The mean of the elements, of all or along dimensions.", family="reduction", symbol="x̄", synonyms=("average",),
    dtype="as is", overloads=readings("tuple of ints", out=True), check=_floating, grad_fn=_numbered("Mean"),
    samples=(MATRIX, ROWS, COLUMNS),
))  # fmt: skip


def _slopes(product: Any, factors: Any, dim: int) -> Any:
    """For each of the ``factors`` the product of all the others along ``dim``, which is a quotient where none is 0.

    Both ways agree on numbers, not on nan and infinities; PyTorch's is that of all the factors together.
    """
    zero = np.any(factors == 0)
    return guarded(zero, _products_of_others(factors, dim), product / guarded(zero, 1, factors))


def _products_of_others(input: Any, dim: int) -> Any:
    """For each element the product of all the others along ``dim``: exact where some are zero, as a quotient is not."""
    rest = np.flip(input[(slice(None),) * dim + (slice(1, None),)], axis=dim)
    after = np.flip(np.cumprod(np.concatenate((_one(input, dim), rest), axis=dim), axis=dim), axis=dim)
    return products_before(input, dim) * after


def products_before(input: Any, dim: int) -> Any:
    """For each element the product of those before it along ``dim``; 1 for the first."""
    front = input[(slice(None),) * dim + (slice(0, -1),)]
    return np.cumprod(np.concatenate((_one(input, dim), front), axis=dim), axis=dim)


def _one(input: Any, dim: int) -> Any:
    return np.ones_like(input[(slice(None),) * dim + (slice(0, 1),)])


def _prod_vjp(g: Any, y: Any, input: Any, dim: int | None, keepdim: bool, dtype: Any) -> Any:
    if 0 in input.shape:
        return np.zeros_like(input)
    factors = input if dtype is None else np.astype(input, dtype)
    if dim is None or input.ndim == 0:
        return g * np.reshape(_slopes(y, np.reshape(factors, (-1,)), 0), input.shape)
    return back(g, input, dim, keepdim) * _slopes(back(y, input, dim, keepdim), factors, dim % input.ndim)


def _prod(input: Any, dim: int | None = None, keepdim: bool = False, dtype: Any = None) -> Any:
    return np.prod(input, axis=wrap_dims(dim, input.ndim), dtype=dtype, keepdims=keepdim)


register(Rule(
    "prod", _prod,
    vjps=(_prod_vjp,),
    doc="The product of the elements, of all or along a dimension.", family="reduction", symbol="Π",
    synonyms=("product",),
    dtype="as is", overloads=readings("int"),
    check=lambda input, dim=None, **params: one_dim("prod", input, dim), grad_fn=_numbered("Prod"),
    samples=(MATRIX, ROWS, COLUMNS),
))  # fmt: skip


def _without_nan(input: Any) -> Any:
    return np.where(np.isnan(input), 0, input)


register(Rule(
    "nansum",
    lambda input, dim=None, keepdim=False, dtype=None: _sum(_without_nan(input), dim, keepdim, dtype),
    vjps=(lambda g, y, input, dim, keepdim, dtype: back(g, input, dim, keepdim) * np.logical_not(np.isnan(input)),),
    doc="The sum of the elements that are not nan, of all or along dimensions.", family="reduction", symbol="Σ≠nan",
    synonyms=("sum without nan",),
    dtype="as is", check=reduced, samples=(MATRIX, ROWS, COLUMNS),
))  # fmt: skip


def _nanmean(F: Any, input: Any, dim: Dim = None, keepdim: bool = False, dtype: Any = None) -> Any:
    if not input.is_floating_point():
        raise RuntimeError(
            "nanmean(): expected input to have floating point or complex dtype but got "
            f"{type_name(np.dtype(input.dtype.name))}"
        )
    known = F.eq(input, input)  # nan alone is not equal to itself
    return F.div(F.nansum(input, dim, keepdim, dtype), F.sum(known, dim, keepdim))


register(Composite(
    "nanmean", _nanmean,
    doc="The mean of the elements that are not nan, of all or along dimensions.", family="reduction", symbol="x̄≠nan",
    synonyms=("mean without nan", "average"), samples=(MATRIX, ROWS, COLUMNS),
))  # fmt: skip


def _logsumexp(input: Any, dim: Dim, keepdim: bool = False) -> Any:
    """The log of the sum of exp, taken of the distances from the greatest element, so that nothing overflows."""
    dims = wrap_dims(dim, input.ndim)
    greatest = np.max(input, axis=dims, keepdims=True, initial=-math.inf)
    finite = np.where(np.absolute(greatest) == math.inf, 0, greatest)
    logs = np.log(np.sum(np.exp(input - finite), axis=dims, keepdims=True)) + finite
    return logs if keepdim else np.squeeze(logs, axis=dims)


register(Rule(
    "logsumexp", _logsumexp,
    vjps=(lambda g, y, input, dim, keepdim: back(g, input, dim, keepdim) * np.exp(input - back(y, input, dim, keepdim)),
    ),
    doc="The logarithm of the sum of exp, along dimensions.", family="reduction", symbol="lse",
    synonyms=("log sum exp", "soft maximum"), dtype="float", check=reduced, samples=(ROWS, COLUMNS),
))  # fmt: skip


def _question(name: str, fold: Any, doc: str) -> None:
    """torch.all and torch.any: bool, but uint8 of uint8; no dimensions in ``dim`` means none, not every one."""

    def answer(input: Any, dim: Dim = None, keepdim: bool = False) -> Any:
        found = fold(input, axis=() if dim == () else wrap_dims(dim, input.ndim), keepdims=keepdim)
        return np.astype(found, input.dtype) if input.dtype == np.uint8 else found

    register(Rule(
        name, answer, vjps=(None,), doc=doc, family="reduction", symbol=name, synonyms=("true", "truth"),
        dtype="as is", check=reduced, samples=(MATRIX, ROWS),
        overloads=("Tensor input, *, Tensor out = None",
                   "Tensor input, tuple of ints dim = None, bool keepdim = False, *, Tensor out = None",
                   "Tensor input, int dim, bool keepdim = False, *, Tensor out = None"),
    ))  # fmt: skip


_question("all", np.all, "Whether every element is true, that is not zero. It has no derivative.")
_question("any", np.any, "Whether an element is true, that is not zero. It has no derivative.")

register(Rule(
    "count_nonzero", lambda input, dim=None: np.sum(input != 0, axis=wrap_dims(dim, input.ndim)),
    vjps=(None,),
    doc="How many elements are not zero. It has no derivative.", family="reduction", symbol="#≠0",
    synonyms=("number of nonzero",), dtype="as is",
    overloads=("Tensor input, int dim = None", "Tensor input, tuple of ints dim"), ints="dim",
    check=reduced, samples=(MATRIX, ROWS),
))  # fmt: skip
