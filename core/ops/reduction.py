"""Operations that fold dimensions away: sums, means, products.

The extremes, ``max`` and ``min`` in their several readings, stand in ``extremes``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.ops.checks import Dim, reduced, type_name, wrap_dims
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Rule, Sample

MATRIX = Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],))
ROWS = Sample(MATRIX.inputs, {"dim": 1})
COLUMNS = Sample(MATRIX.inputs, {"dim": 0, "keepdim": True})


def back(folded: Any, input: Any, dim: Dim, keepdim: bool) -> Any:
    """``folded`` with the dimensions that were folded away put back with size 1, so that it broadcasts to ``input``."""
    dims = wrap_dims(dim, input.ndim)
    return folded if dims is None or keepdim else np.expand_dims(folded, dims)


def _count(input: Any, y: Any) -> float:
    """How many elements went into each one of ``y``."""
    return float(np.prod(input.shape)) / max(float(np.prod(y.shape)), 1.0)


def _numbered(name: str) -> Any:
    """PyTorch numbers the backward of a full reduction 0 and of one along dimensions 1."""
    return lambda numbers, params: f"{name}Backward{0 if params.get('dim') is None else 1}"


register(Rule(
    "sum", lambda input, dim=None, keepdim=False: np.sum(input, axis=wrap_dims(dim, input.ndim), keepdims=keepdim),
    vjps=(lambda g, y, input, dim, keepdim: back(g, input, dim, keepdim),),
    doc="The sum of the elements, of all or along dimensions.", family="reduction", symbol="Σ",
    synonyms=("total", "add up"),
    dtype="as is", check=reduced, grad_fn=_numbered("Sum"), samples=(MATRIX, ROWS, COLUMNS),
))  # fmt: skip


def _floating(input: Any, dim: Dim = None, keepdim: bool = False) -> None:
    reduced(input, dim)
    if input.dtype.kind != "f":
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
            f"Got: {type_name(input.dtype)}"
        )


register(Rule(
    "mean", lambda input, dim=None, keepdim=False: np.mean(input, axis=wrap_dims(dim, input.ndim), keepdims=keepdim),
    vjps=(lambda g, y, input, dim, keepdim: back(g, input, dim, keepdim) / _count(input, y),),
    doc="The mean of the elements, of all or along dimensions.", family="reduction", symbol="x̄", synonyms=("average",),
    dtype="as is", check=_floating, grad_fn=_numbered("Mean"), samples=(MATRIX, ROWS, COLUMNS),
))  # fmt: skip


def _products_of_others(input: Any, dim: int) -> Any:
    """For each element the product of all the others along ``dim``: exact where some are zero, as a quotient is not."""
    head = np.take_along_axis(input, np.zeros([1] * input.ndim, int), dim)
    size = input.shape[dim]
    one = np.ones_like(head)
    inner = (slice(None),) * dim
    before = np.cumprod(np.concatenate((one, input[(*inner, slice(0, size - 1))]), axis=dim), axis=dim)
    rest = np.flip(input[(*inner, slice(1, size))], axis=dim)
    after = np.flip(np.cumprod(np.concatenate((one, rest), axis=dim), axis=dim), axis=dim)
    return before * after


def _prod_vjp(g: Any, y: Any, input: Any, dim: int | None, keepdim: bool) -> Any:
    if 0 in input.shape:
        return np.zeros_like(input)
    if dim is None or input.ndim == 0:
        others = _products_of_others(np.reshape(input, (-1,)), 0)
        return g * np.reshape(others, input.shape)
    return back(g, input, dim, keepdim) * _products_of_others(input, dim % input.ndim)


register(Rule(
    "prod", lambda input, dim=None, keepdim=False: np.prod(input, axis=wrap_dims(dim, input.ndim), keepdims=keepdim),
    vjps=(_prod_vjp,),
    doc="The product of the elements, of all or along a dimension.", family="reduction", symbol="Π",
    synonyms=("product",),
    dtype="as is", check=reduced, grad_fn=_numbered("Prod"), samples=(MATRIX, ROWS, COLUMNS),
))  # fmt: skip
