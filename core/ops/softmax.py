"""The softmax family: scores made probabilities along a dimension, and their logarithms.

What PyTorch keeps for backward is the result, and so these derivatives are written in terms of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.ops.checks import type_name, wrap_dim
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_ROWS = Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],), {"dim": 1})
_PATHS = ("nn.functional", "")


def _axis(input: Any, dim: int | None) -> int | None:
    """The dimension to look along; where none is given, PyTorch's old choice of one. None for a 0-d ``input``."""
    if input.ndim == 0:
        return None
    return dim if dim is not None else int(input.ndim not in (1, 3))


def _warned(operation: str, input: Any, dim: int | None) -> str | None:
    """PyTorch's warning where no dimension is given."""
    if dim is None:
        return (
            f"Implicit dimension choice for {operation} has been deprecated. Change the call to include dim=X as an "
            "argument."
        )
    wrap_dim(dim, input.ndim)
    return None


def _check(operation: str) -> Any:
    def check(input: Any, dim: int | None = None, dtype: str | None = None) -> str | None:
        warning = _warned(operation, input, dim)
        made = input.dtype if dtype is None else np.dtype(dtype)
        if made.kind != "f":
            last = "_lastdim" if _axis(input, dim) in (None, -1, input.ndim - 1) else ""
            raise NotImplementedError(f"\"{operation}{last}_kernel_impl\" not implemented for '{type_name(made)}'")
        return warning

    return check


def _softmax(input: Any, dim: int | None = None, dtype: str | None = None) -> Any:
    scores, axis = input if dtype is None else np.astype(input, dtype), _axis(input, dim)
    e = np.exp(scores - np.max(scores, axis=axis, keepdims=True, initial=-np.inf))
    return e / np.sum(e, axis=axis, keepdims=True)


def _log_softmax(input: Any, dim: int | None = None, dtype: str | None = None) -> Any:
    scores, axis = input if dtype is None else np.astype(input, dtype), _axis(input, dim)
    shifted = scores - np.max(scores, axis=axis, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


register(Rule(
    "softmax", _softmax,
    vjps=(lambda g, y, input, dim, dtype: y * (g - np.sum(g * y, axis=_axis(input, dim), keepdims=True)),),
    doc="Exponentials that sum to 1 along a dimension: scores made probabilities.", family="activation",
    symbol="softmax", synonyms=("probabilities", "normalize"), paths=_PATHS, insists=("dim",), dtype="as is",
    check=_check("softmax"),
    samples=(_ROWS,),
))  # fmt: skip

register(Rule(
    "log_softmax", _log_softmax,
    vjps=(lambda g, y, input, dim, dtype: g - np.exp(y) * np.sum(g, axis=_axis(input, dim), keepdims=True),),
    doc="The logarithm of softmax, computed without overflow.", family="activation", symbol="ln σ",
    synonyms=("log probabilities",), paths=_PATHS, insists=("dim",), dtype="as is",
    check=_check("log_softmax"), samples=(_ROWS,),
))  # fmt: skip


def _softmin(F: Any, input: Any, dim: int | None = None, dtype: Any = None) -> Any:
    return F.softmax(F.neg(input), _axis(input, dim) or 0, dtype)


register(Composite(
    "softmin", _softmin, doc="softmax of the opposite: the smallest gets the most.", family="activation",
    symbol="softmin", paths=("nn.functional",), method=False, samples=(_ROWS,),
    check=lambda input, dim=None, dtype=None: _warned("softmin", input, dim),
))  # fmt: skip
