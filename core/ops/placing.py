"""Values taken from places that were found along a dimension: what sorting, medians and running extremes share.

How the places are found stands in ``sorting`` and ``scans``, and has no derivative. Taking the values has one, which
saves the places alone, as PyTorch does.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from chainrule.core.ops.reduction import MATRIX, back
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Rule, Sample
from chainrule.core.ops.vocabulary import ungather


class Placed(NamedTuple):
    """Values with their indices, as ``max(dim)`` returns them; subclasses print as torch.return_types does."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return f"torch.return_types.{type(self).__name__}(\nvalues={self.values!r},\nindices={self.indices!r})"


def lined(array: Any) -> Any:
    """A scalar as a vector of one element, which is how it has a dimension to look along."""
    return array if array.ndim else np.reshape(array, (1,))


def folded(places: Any, input: Any, dim: int, keepdim: bool) -> Any:
    """One place a line of ``input``, in the shape of a reduction's result."""
    if input.ndim == 0:
        return np.reshape(places, ())
    return places if keepdim else np.squeeze(places, axis=dim)


def _places(input: Any, indices: Any, dim: int, keepdim: bool) -> Any:
    """``indices`` with as many dimensions as ``input``."""
    return lined(back(indices, lined(input), dim, keepdim))


def _values(input: Any, indices: Any, dim: int, keepdim: bool = True) -> Any:
    taken = np.take_along_axis(lined(input), _places(input, indices, dim, keepdim), axis=dim)
    return np.reshape(taken, indices.shape)


def _to_their_places(g: Any, y: Any, input: Any, indices: Any, dim: int, keepdim: bool) -> Any:
    places, shape = _places(input, indices, dim, keepdim), input.shape or (1,)
    return np.reshape(ungather(np.reshape(g, places.shape), places, dim % len(shape), shape), input.shape)


def values_at(name: str, grad_fn: str) -> None:
    """Register ``name_values(input, indices, dim, keepdim)``, whose backward node PyTorch calls ``grad_fn``."""
    register(Rule(
        f"{name}_values", _values,
        vjps=(_to_their_places,
              None),
        doc=f"The values whose places `{name}` has found along a dimension.", family="reduction", public=False,
        dtype="as is", grad_fn=grad_fn,
        samples=(Sample((*MATRIX.inputs, [[2, 0], [1, 1]]), {"dim": 1}),
                 Sample((*MATRIX.inputs, [1, 0, 1]), {"dim": 0, "keepdim": False})),
    ))  # fmt: skip


register(Rule(
    "ungather", lambda input, indices, dim, shape: ungather(input, indices, dim, shape),
    vjps=(lambda g, y, input, indices, dim, shape: np.take_along_axis(g, indices, axis=dim),
          None),
    doc="Zeros with each element added where `gather` would pick it.", family="indexing", public=False, dtype="as is",
    samples=(Sample(([[1.5, -2.0], [0.5, 3.0]], [[2, 0], [1, 1]]), {"dim": 1, "shape": (2, 3)}),),
))  # fmt: skip
