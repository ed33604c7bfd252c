"""Operations that fold dimensions away: sums, means, products, extremes.

Ties follow PyTorch 2.13: the full ``max()`` and ``amax`` share a gradient among equals, ``max(dim)`` gives it to the
first of them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from chainrule.core.ops.checks import Dim, not_empty, reduced, type_name, wrap_dims
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_MATRIX = Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],))
_ROWS = Sample(_MATRIX.inputs, {"dim": 1})
_COLUMNS = Sample(_MATRIX.inputs, {"dim": 0, "keepdim": True})


def _back(folded: Any, input: Any, dim: Dim, keepdim: bool) -> Any:
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
    vjps=(lambda g, y, input, dim, keepdim: _back(g, input, dim, keepdim),),
    doc="The sum of the elements, of all or along dimensions.", family="reduction", symbol="Σ",
    synonyms=("total", "add up"),
    dtype="as is", check=reduced, grad_fn=_numbered("Sum"), samples=(_MATRIX, _ROWS, _COLUMNS),
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
    vjps=(lambda g, y, input, dim, keepdim: _back(g, input, dim, keepdim) / _count(input, y),),
    doc="The mean of the elements, of all or along dimensions.", family="reduction", symbol="x̄", synonyms=("average",),
    dtype="as is", check=_floating, grad_fn=_numbered("Mean"), samples=(_MATRIX, _ROWS, _COLUMNS),
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
    return _back(g, input, dim, keepdim) * _products_of_others(input, dim % input.ndim)


register(Rule(
    "prod", lambda input, dim=None, keepdim=False: np.prod(input, axis=wrap_dims(dim, input.ndim), keepdims=keepdim),
    vjps=(_prod_vjp,),
    doc="The product of the elements, of all or along a dimension.", family="reduction", symbol="Π",
    synonyms=("product",),
    dtype="as is", check=reduced, grad_fn=_numbered("Prod"), samples=(_MATRIX, _ROWS, _COLUMNS),
))  # fmt: skip


def _shared(g: Any, chosen: Any, dims: tuple[int, ...] | None) -> Any:
    """``g`` divided evenly among the ``chosen`` elements."""
    return g * chosen / np.sum(chosen, axis=dims, keepdims=True)


def _to_nearest(nearest: Any, g: Any, input: Any, dim: int, keepdim: bool) -> Any:
    """``g`` for the element along ``dim`` whose index ``nearest`` finds: the first of equals, or the first nan."""
    if input.ndim == 0:
        return g
    dim = dim % input.ndim
    places = np.reshape(np.arange(input.shape[dim]), (-1,) + (1,) * (input.ndim - dim - 1))
    return _back(g, input, dim, keepdim) * (places == nearest(input, axis=dim, keepdims=True))


class Extreme(NamedTuple):
    """What ``max(dim)`` returns, printed as torch.return_types prints it."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return f"torch.return_types.{type(self).__name__}(\nvalues={self.values},\nindices={self.indices})"


def _extreme(word: str, fold: Any, nearest: Any) -> None:
    """The four readings that torch gives to ``max`` (and to ``min``): whole, along a dimension, of two, and
    ``amax``.
    """
    torch_word = word.capitalize()

    register(Rule(
        f"{word}_whole", lambda input: fold(input),
        vjps=(lambda g, y, input: _shared(g, (input == y) | (np.isnan(input) & np.isnan(y)), None),),
        doc=f"The {word}imum of all elements; equals share the gradient.", family="reduction", public=False,
        dtype="as is", check=lambda input: not_empty(word, input, None), grad_fn=f"{torch_word}Backward1",
        samples=(_MATRIX,),
    ))  # fmt: skip

    register(Rule(
        f"{word}_along",
        lambda input, dim, keepdim=False: fold(input, axis=wrap_dims(dim, input.ndim), keepdims=keepdim),
        vjps=(lambda g, y, input, dim, keepdim: _to_nearest(nearest, g, input, dim, keepdim),),
        doc=f"The {word}imum along a dimension; the first of equals gets the gradient.", family="reduction",
        public=False, dtype="as is", check=lambda input, dim, keepdim=False: not_empty(word, input, dim),
        grad_fn=f"{torch_word}Backward0", samples=(_ROWS, _COLUMNS),
    ))  # fmt: skip

    register(Rule(
        f"arg{word}",
        lambda input, dim=None, keepdim=False: nearest(input, axis=dim if input.ndim else None, keepdims=keepdim),
        vjps=(None,),
        doc=f"Where the {word}imum stands. It has no derivative.", family="reduction", symbol=f"arg{word}",
        dtype="as is", check=reduced, samples=(_MATRIX, _ROWS),
    ))  # fmt: skip

    register(Rule(
        f"a{word}",
        lambda input, dim=(), keepdim=False: fold(input, axis=wrap_dims(dim, input.ndim), keepdims=keepdim),
        vjps=(lambda g, y, input, dim, keepdim: _shared(
                  _back(g, input, dim, keepdim), input == _back(y, input, dim, keepdim), wrap_dims(dim, input.ndim)),),
        doc=f"The {word}imum along dimensions; equals share the gradient.", family="reduction", symbol=f"a{word}",
        synonyms=(f"{word}imum",), dtype="as is",
        check=lambda input, dim=(), keepdim=False: not_empty(f"a{word}", input, dim),
        samples=(_MATRIX, _ROWS, _COLUMNS),
    ))  # fmt: skip

    pair = type(word, (Extreme,), {})

    def extreme(F: Any, input: Any, dim: Any = None, keepdim: bool = False) -> Any:
        if dim is None:
            return getattr(F, f"{word}_whole")(input)
        if not isinstance(dim, int):
            return getattr(F, f"{word}imum")(input, dim)
        values = getattr(F, f"{word}_along")(input, dim, keepdim)
        return pair(values, getattr(F, f"arg{word}")(input, dim, keepdim))

    register(Composite(
        word, extreme, doc=f"The {word}imum of all elements, or along a dimension with its indices.",
        family="reduction", symbol=word, synonyms=(f"{word}imum", "extreme"),
        outputs=lambda params: () if params.get("dim") is None else ("values", "indices"),
        samples=(_MATRIX, _ROWS),
    ))  # fmt: skip


_extreme("max", np.max, np.argmax)
_extreme("min", np.min, np.argmin)
