"""Several tensors made one: cat along a dimension they have, stack along a new one, and the composites of the two.

All take a sequence of tensors; a card has a socket for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.core.ops.checks import size_text, wrap_dim
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_MATRIX = Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],))
_VECTORS = Sample(([1.5, -2.0], [0.5, 1.0]))


def _joined(tensors: Sequence[Any]) -> list[Any]:
    """``tensors`` without the empty vectors among others, which ``cat`` passes over whatever the others' shape."""
    return [tensor for tensor in tensors if tensor.shape != (0,)] or list(tensors)


def _same_but_dim(*tensors: Any, dim: int = 0) -> None:
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    if any(tensor.ndim == 0 for tensor in tensors):
        place = [tensor.ndim for tensor in tensors].index(0)
        raise RuntimeError(f"zero-dimensional tensor (at position {place}) cannot be concatenated")
    joined = _joined(tensors)
    first = joined[0]
    dim = wrap_dim(dim, first.ndim)
    for place, tensor in enumerate(tensors):
        if tensor.shape == (0,) and first.shape != (0,):
            continue
        if tensor.ndim != first.ndim:
            raise RuntimeError(f"Tensors must have same number of dimensions: got {first.ndim} and {tensor.ndim}")
        for axis, (expected, got) in enumerate(zip(first.shape, tensor.shape, strict=True)):
            if axis != dim and expected != got:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {dim}. Expected size {expected} but got size "
                    f"{got} for tensor number {place} in the list."
                )


def _slice_of(g: Any, tensors: Sequence[Any], at: int, dim: int) -> Any:
    if tensors[at].shape == (0,):
        return np.reshape(g[(slice(0, 0),) * g.ndim], (0,))
    dim = dim % g.ndim
    tensors = [tensor if tensor.shape != (0,) else g[(slice(0, 0),) * g.ndim] for tensor in tensors]
    start = sum(tensor.shape[dim] for tensor in tensors[:at])
    return g[(slice(None),) * dim + (slice(start, start + tensors[at].shape[dim]),)]


register(Rule(
    "cat", lambda *tensors, dim=0: np.concatenate(_joined(tensors), axis=dim),
    vjps=(lambda g, y, *tensors, at, dim: _slice_of(g, tensors, at, dim),),
    doc="Tensors joined along a dimension they have.", family="shape", symbol="⊔", synonyms=("join", "append"),
    variadic=True, method=False, check=_same_but_dim,
    samples=(Sample(([1.5, -2.0], [0.5])), Sample((*_MATRIX.inputs, *_MATRIX.inputs), {"dim": 1})),
))  # fmt: skip


def _all_equal(*tensors: Any, dim: int = 0) -> None:
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    for place, tensor in enumerate(tensors):
        if tensor.shape != tensors[0].shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {size_text(tensors[0].shape)} at entry 0 and "
                f"{size_text(tensor.shape)} at entry {place}"
            )
    wrap_dim(dim, tensors[0].ndim + 1)


register(Rule(
    "stack", lambda *tensors, dim=0: np.stack(tensors, axis=dim),
    vjps=(lambda g, y, *tensors, at, dim: g[(slice(None),) * (dim % g.ndim) + (at,)],),
    doc="Tensors joined along a new dimension.", family="shape", symbol="≡", synonyms=("join", "pile"),
    variadic=True, method=False, check=_all_equal, samples=(Sample(([1.5, -2.0], [0.5, 1.0]), {"dim": 1}),),
))  # fmt: skip

for _name in ("concat", "concatenate"):
    register(Composite(
        _name, lambda F, tensors, dim=0: F.cat(tensors, dim),
        doc="Tensors joined along a dimension they have: another name of `cat`.", family="shape", symbol="⊔",
        tensors=("tensors",), variadic=True, method=False, samples=(_VECTORS,),
    ))  # fmt: skip


def _stacked(name: str, least: int, dim: int, doc: str, *, columns: bool = False) -> None:
    """``hstack`` and its kin: ``cat`` along ``dim`` of tensors with at least ``least`` dimensions."""

    def joined(F: Any, tensors: Sequence[Any]) -> Any:
        if not tensors:
            raise RuntimeError(f"{name} expects a non-empty TensorList")
        if columns:
            padded = [F.reshape(each, (-1, 1)) if each.ndim < 2 else each for each in tensors]
        else:
            padded = [getattr(F, f"atleast_{least}d")(each) for each in tensors]
        return F.cat(padded, min(dim, padded[0].ndim - 1))

    register(Composite(
        name, joined, doc=doc, family="shape", symbol="⊔", tensors=("tensors",),
        variadic=True, method=False, samples=(_VECTORS,),
    ))  # fmt: skip


_stacked("hstack", 1, 1, "Tensors side by side: vectors one after the other, matrices column by column.")
_stacked("vstack", 2, 0, "Tensors one below the other; a vector is a row.")
_stacked("row_stack", 2, 0, "Tensors one below the other: another name of `vstack`.")
_stacked("dstack", 3, 2, "Tensors one behind the other, along a third dimension.")
_stacked("column_stack", 2, 1, "Tensors side by side; a vector is a column.", columns=True)
