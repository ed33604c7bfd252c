"""The largest and the smallest: of all elements, along a dimension, shared among equals, and where they stand.

Ties follow PyTorch 2.13: ``max()`` and ``amax`` share a gradient among equals, ``max(dim)`` gives it to the first of
them. Each record is written once, for a word ("max" or "min") with NumPy's function of that name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.ops.checks import not_empty, one_dim, wrap_dims
from chainrule.core.ops.placing import Placed
from chainrule.core.ops.reduction import COLUMNS, MATRIX, ROWS, back
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

Fold = Callable[..., Any]


def _whole(word: str, fold: Fold) -> None:
    register(Rule(
        f"{word}_whole", lambda input: fold(input),
        vjps=(lambda g, y, input: among_equals(g, y, input),),
        doc=f"The {word}imum of all elements; equals share the gradient.", family="reduction", public=False,
        dtype="as is", check=lambda input: not_empty(word, input, None), grad_fn=f"{word.capitalize()}Backward1",
        samples=(MATRIX,),
    ))  # fmt: skip


def among_equals(g: Any, y: Any, input: Any) -> Any:
    """``g`` divided evenly among the elements that equal ``y``, nan being like nan; selected, so that an infinite ``g``
    leaves the others 0.
    """
    chosen = (input == y) | (np.isnan(input) & np.isnan(y))
    return np.where(chosen, g / np.astype(np.sum(chosen), g.dtype), 0)


def _along(word: str, fold: Fold, place: Fold) -> None:
    register(Rule(
        f"{word}_along",
        lambda input, dim, keepdim=False: fold(input, axis=wrap_dims(dim, input.ndim), keepdims=keepdim),
        vjps=(lambda g, y, input, dim, keepdim: _to_its_place(place, g, input, dim, keepdim),),
        doc=f"The {word}imum along a dimension; the first of equals gets the gradient.", family="reduction",
        public=False, dtype="as is", check=lambda input, dim, keepdim=False: not_empty(word, input, dim),
        grad_fn=f"{word.capitalize()}Backward0", samples=(ROWS, COLUMNS),
    ))  # fmt: skip


def _to_its_place(place: Fold, g: Any, input: Any, dim: int, keepdim: bool) -> Any:
    """``g`` for the element along ``dim`` whose index ``place`` finds: the first of equals, or the first nan."""
    if input.ndim == 0:
        return g
    dim = dim % input.ndim
    indices = np.reshape(np.arange(input.shape[dim]), (-1,) + (1,) * (input.ndim - dim - 1))
    return np.where(indices == place(input, axis=dim, keepdims=True), back(g, input, dim, keepdim), 0)


def _place(word: str, place: Fold) -> None:
    register(Rule(
        f"arg{word}",
        lambda input, dim=None, keepdim=False: place(input, axis=dim if input.ndim else None, keepdims=keepdim),
        vjps=(None,),
        doc=f"Where the {word}imum stands. It has no derivative.", family="reduction", symbol=f"arg{word}",
        dtype="as is", check=lambda input, dim=None, **params: _has_place(f"arg{word}", input, dim),
        samples=(MATRIX, ROWS),
    ))  # fmt: skip


def _has_place(operation: str, input: Any, dim: Any) -> None:
    if input.dtype.kind == "b":
        raise RuntimeError(f"{operation}(): does not support bool input")
    if dim is None and 0 in input.shape:
        raise IndexError(f"{operation}(): Expected reduction dim to be specified for input.numel() == 0.")
    one_dim(operation, input, dim)
    not_empty(operation, input, dim)


def _shared(word: str, fold: Fold) -> None:
    register(Rule(
        f"a{word}",
        lambda input, dim=(), keepdim=False: fold(input, axis=wrap_dims(dim, input.ndim), keepdims=keepdim),
        vjps=(lambda g, y, input, dim, keepdim: _by_count(
                  back(g, input, dim, keepdim), input == back(y, input, dim, keepdim), wrap_dims(dim, input.ndim)),),
        doc=f"The {word}imum along dimensions; equals share the gradient.", family="reduction", symbol=f"a{word}",
        synonyms=(f"{word}imum",), dtype="as is",
        check=lambda input, dim=(), keepdim=False: not_empty(f"a{word}", input, dim),
        samples=(MATRIX, ROWS, COLUMNS),
    ))  # fmt: skip


def _by_count(g: Any, chosen: Any, dims: tuple[int, ...] | None) -> Any:
    """``g`` divided by the number of the ``chosen``: nan where there are none, as PyTorch has it for a nan extreme."""
    return g * chosen / np.astype(np.sum(chosen, axis=dims, keepdims=True), g.dtype)


def _any(word: str) -> None:
    """torch.max and torch.min, which choose by their arguments: all, along ``dim``, or the larger of two tensors."""
    pair = type(word, (Placed,), {})

    def extreme(F: Any, input: Any, dim: Any = None, keepdim: bool = False) -> Any:
        if dim is None:
            return getattr(F, f"{word}_whole")(input)
        if not isinstance(dim, int):
            return getattr(F, f"{word}imum")(input, dim)
        values = getattr(F, f"{word}_along")(input, dim, keepdim)
        numbers = F.cast(input, "uint8") if input.dtype.name == "bool" else input  # which argmax does not take
        return pair(values, getattr(F, f"arg{word}")(numbers, dim, keepdim))

    register(Composite(
        word, extreme, doc=f"The {word}imum of all elements, or along a dimension with its indices.",
        family="reduction", symbol=word, synonyms=(f"{word}imum", "extreme"),
        overloads=("Tensor input, *, Tensor out = None",
                   "Tensor input, Tensor other, *, Tensor out = None",
                   "Tensor input, int dim, bool keepdim = False, *, tuple of Tensors out = None"),
        outputs=lambda params: () if params.get("dim") is None else ("values", "indices"),
        samples=(MATRIX, Sample(MATRIX.inputs, {"dim": 1})),
    ))  # fmt: skip


for _word, _fold, _argument in (("max", np.max, np.argmax), ("min", np.min, np.argmin)):
    _whole(_word, _fold)
    _along(_word, _fold, _argument)
    _place(_word, _argument)
    _shared(_word, _fold)
    _any(_word)
