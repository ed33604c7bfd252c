"""Activation functions, and the softmax family.

What PyTorch keeps for backward is the result, and so these derivatives are written in terms of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.ops.checks import type_name, wrap_dim
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Rule, Sample

_REALS = Sample(([-1.5, 0.25, 2.0],))
_ROWS = Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],), {"dim": 1})
_BOTH = ("", "nn.functional")

register(Rule(
    "tanh", lambda input: np.tanh(input),
    vjps=(lambda g, y, input: g * (1 - y * y),),
    doc="The hyperbolic tangent: between -1 and 1.", family="activation", symbol="tanh", paths=_BOTH, dtype="float",
    samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "sigmoid", lambda input: 1 / (1 + np.exp(-input)),
    vjps=(lambda g, y, input: g * (1 - y) * y,),
    doc="The logistic function: between 0 and 1.", family="activation", symbol="σ", synonyms=("logistic",), paths=_BOTH,
    dtype="float", samples=(_REALS,),
))  # fmt: skip

# The gradient is selected, not multiplied by a mask: 0 times inf would be nan, and PyTorch's is 0.
register(Rule(
    "relu", lambda input: np.maximum(input, 0),
    vjps=(lambda g, y, input: np.where(y <= 0, 0, g),),
    doc="The element where it is positive, else 0.", family="activation", symbol="⌐", synonyms=("rectifier", "hinge"),
    paths=_BOTH, dtype="as is", samples=(_REALS,),
))  # fmt: skip


def _along(input: Any, dim: int) -> None:
    wrap_dim(dim, input.ndim)
    if input.dtype.kind != "f":
        name = type_name(input.dtype)
        raise NotImplementedError(f"\"softmax_lastdim_kernel_impl\" not implemented for '{name}'")


def _softmax(input: Any, dim: int) -> Any:
    if input.ndim == 0:
        return np.ones_like(input)
    e = np.exp(input - np.max(input, axis=dim, keepdims=True, initial=-np.inf))
    return e / np.sum(e, axis=dim, keepdims=True)


def _log_softmax(input: Any, dim: int) -> Any:
    if input.ndim == 0:
        return np.zeros_like(input)
    shifted = input - np.max(input, axis=dim, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.sum(np.exp(shifted), axis=dim, keepdims=True))


register(Rule(
    "softmax", _softmax,
    vjps=(lambda g, y, input, dim: y * (g - np.sum(g * y, axis=dim if input.ndim else None, keepdims=True)),),
    doc="Exponentials that sum to 1 along a dimension: scores made probabilities.", family="activation",
    symbol="softmax",
    synonyms=("probabilities", "normalize"), paths=_BOTH, dtype="as is", check=_along, samples=(_ROWS,),
))  # fmt: skip

register(Rule(
    "log_softmax", _log_softmax,
    vjps=(lambda g, y, input, dim: g - np.exp(y) * np.sum(g, axis=dim if input.ndim else None, keepdims=True),),
    doc="The logarithm of softmax, computed without overflow.", family="activation", symbol="ln σ",
    synonyms=("log probabilities",), paths=_BOTH, dtype="as is", check=_along, samples=(_ROWS,),
))  # fmt: skip
