"""Activation functions with corners: piecewise linear, most of them cut off somewhere.

At a corner each takes PyTorch's side. Gradients are selected, not multiplied by a mask: 0 times inf would be nan, and
PyTorch's is 0.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.ops.checks import implemented, type_name
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_REALS = Sample(([-1.5, 0.25, 2.0],))
_BOTH = ("", "nn.functional")
_FUNCTIONAL: dict[str, Any] = {"family": "activation", "paths": ("nn.functional",), "method": False, "dtype": "as is"}


def _not_bool(text: str) -> Any:
    def check(input: Any, *params: Any, **named: Any) -> None:
        if input.dtype == np.bool_:
            raise RuntimeError(text)

    return check


register(Rule(
    "relu", lambda input: np.maximum(input, 0),
    vjps=(lambda g, y, input: np.where(y <= 0, 0, g),),
    doc="The element where it is positive, else 0.", family="activation", symbol="⌐", synonyms=("rectifier", "hinge"),
    paths=_BOTH, dtype="as is", inplace=True, check=_not_bool("Boolean inputs not supported for relu"),
    piecewise_linear=True, samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "leaky_relu", lambda input, negative_slope=0.01: np.where(input > 0, input, negative_slope * input),
    vjps=(lambda g, y, input, negative_slope: np.where(input > 0, g, negative_slope * g),),
    doc="The element where it is positive, else a small multiple of it.", symbol="leaky", synonyms=("leaky rectifier",),
    inplace=True, check=implemented("leaky_relu_cpu", "f"),
    piecewise_linear=True, samples=(_REALS, Sample(_REALS.inputs, {"negative_slope": 0.25})), **_FUNCTIONAL,
))  # fmt: skip


register(Rule(
    "prelu_kernel", lambda input, weight: np.where(input > 0, input, weight * input),
    vjps=(lambda g, y, input, weight: np.where(input > 0, g, weight * g),
          lambda g, y, input, weight: np.where(input > 0, 0, input * g)),
    doc="The element where it is positive, else a learned multiple of it.", family="activation", public=False,
    dtype="as is", check=lambda input, weight: implemented("prelu_cpu", "f")(input),
    piecewise_linear=True, samples=(Sample((_REALS.inputs[0], 0.25)),),
))  # fmt: skip


def _channels(input: Any, weight: Any) -> None:
    if weight.shape != (1,) and weight.ndim:
        if input.ndim == 0:
            raise RuntimeError("Not allow zero-dim input tensor.")
        channels, slopes = input.shape[1] if input.ndim > 1 else 1, math.prod(weight.shape)
        if channels != slopes or weight.ndim > 1:
            raise RuntimeError(
                f"Mismatch of parameter numbers and input channel size. Found parameter numbers = {slopes} and channel "
                f"size = {channels}."
            )
    if input.dtype != weight.dtype:
        names = f"{type_name(input.dtype)} and {type_name(weight.dtype)}"
        raise RuntimeError(f"prelu: Type promoting not supported. Got {names}")


def _prelu(F: Any, input: Any, weight: Any) -> Any:
    if weight.ndim == 1 and input.ndim != 1:
        weight = F.view(weight, (1, -1, *(1,) * (input.ndim - 2)) if input.ndim else ())
    return F.prelu_kernel(input, weight)


register(Composite(
    "prelu", _prelu, doc="Leaky relu whose slopes are learned, one for all or one a channel.", family="activation",
    symbol="prelu", synonyms=("parametric relu",), paths=_BOTH, tensors=("input", "weight"), check=_channels,
    samples=(Sample((_REALS.inputs[0], [0.25])), Sample(([_REALS.inputs[0]] * 2, [0.25, 0.5, -1.0]))),
))  # fmt: skip


def _cast(input: Any, number: float) -> float:
    """``number`` as PyTorch takes it for an ``input`` of integers: cut off."""
    return number if input.dtype.kind == "f" else int(number)


def _ordered(input: Any, min_val: float = -1.0, max_val: float = 1.0) -> None:
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    _not_bool("Bool inputs not supported for hardtanh")(input)
    if input.dtype.kind == "u" and min_val < 0:
        raise RuntimeError("cannot do hardtanh on an unsigned type with negative limits")


register(Rule(
    "hardtanh",
    lambda input, min_val=-1.0, max_val=1.0: np.clip(input, _cast(input, min_val), _cast(input, max_val)),
    vjps=(lambda g, y, input, min_val, max_val: np.where((input <= min_val) | (input >= max_val), 0, g),),
    doc="Each element brought between min_val and max_val; at the bounds the gradient is 0.", symbol="htanh",
    synonyms=("hard tanh", "clip"), inplace=True, check=_ordered,
    piecewise_linear=True, samples=(_REALS, Sample(_REALS.inputs, {"min_val": 0.0, "max_val": 3.0})), **_FUNCTIONAL,
))  # fmt: skip

register(Rule(
    "relu6", lambda input: np.clip(input, 0, 6),
    vjps=(lambda g, y, input: np.where((input <= 0) | (input >= 6), 0, g),),
    doc="relu that goes no higher than 6.", symbol="relu6", synonyms=("capped relu",), inplace=True,
    grad_fn="HardtanhBackward0", check=_not_bool("Bool inputs not supported for hardtanh"),
    piecewise_linear=True, samples=(Sample(([-1.5, 0.25, 8.0],)),), **_FUNCTIONAL,
))  # fmt: skip

register(Rule(
    "hardsigmoid", lambda input: np.clip(input + 3, 0, 6) / 6,
    vjps=(lambda g, y, input: np.where((input > -3) & (input < 3), g / 6, 0),),
    doc="A sigmoid of three straight lines.", symbol="hσ", synonyms=("hard sigmoid",), inplace=True,
    check=implemented("hardsigmoid_cpu", "f"), samples=(Sample(([-4.0, 0.25, 2.0, 5.0],)),), **_FUNCTIONAL,
))  # fmt: skip

register(Rule(
    "hardswish", lambda input: input * np.clip(input + 3, 0, 6) / 6,
    vjps=(lambda g, y, input: np.where(input <= -3, 0, np.where(input < 3, g * (input / 3 + 0.5), g)),),
    doc="The element times its hardsigmoid.", symbol="x hσ", synonyms=("hard swish", "hard silu"), inplace=True,
    check=implemented("hardswish_cpu", "f"), samples=(Sample(([-4.0, 0.25, 2.0, 5.0],)),), **_FUNCTIONAL,
))  # fmt: skip


def _threshold(input: Any, threshold: float, value: float) -> Any:
    return np.where(input <= _cast(input, threshold), _cast(input, value), input)


register(Rule(
    "threshold", _threshold,
    vjps=(lambda g, y, input, threshold, value: np.where(input <= threshold, 0, g),),
    doc="The element where it exceeds the threshold, else the value.", symbol="x>t", synonyms=("cut off",),
    inplace=True, check=lambda input, threshold, value: _threshold_check(input),
    piecewise_linear=True, samples=(Sample(_REALS.inputs, {"threshold": 0.5, "value": 20.0}),),
    **_FUNCTIONAL | {"paths": _BOTH},
))  # fmt: skip


def _threshold_check(input: Any) -> None:
    if input.dtype == np.bool_:
        raise NotImplementedError("\"threshold_cpu\" not implemented for 'Bool'")


register(Rule(
    "hardshrink", lambda input, lambd=0.5: np.where((input >= -lambd) & (input <= lambd), 0, input),
    vjps=(lambda g, y, input, lambd: np.where((input >= -lambd) & (input <= lambd), 0, g),),
    doc="The element where it is farther from 0 than lambd, else 0.", family="activation", symbol="shrink",
    synonyms=("hard shrinkage",), paths=_BOTH, dtype="as is", check=implemented("hardshrink_cpu", "f"),
    piecewise_linear=True, samples=(_REALS,),
))  # fmt: skip


def _softshrink_check(input: Any, lambd: float = 0.5) -> None:
    implemented("softshrink_check", "f")(input)
    limit = {"float16": "65504", "float32": "3.40282e+38", "float64": "1.79769e+308"}[input.dtype.name]
    if lambd < 0:
        raise RuntimeError(
            f"lambda must be in range [0, {limit}] for input dtype {type_name(input.dtype)}, but found {lambd:g}"
        )


register(Rule(
    "softshrink", lambda input, lambd=0.5: input - np.clip(input, -lambd, lambd),
    vjps=(lambda g, y, input, lambd: np.where((input >= -lambd) & (input <= lambd), 0, g),),
    doc="The element brought closer to 0 by lambd, and no farther than to 0.", symbol="shrink",
    synonyms=("soft shrinkage",), check=_softshrink_check, piecewise_linear=True, samples=(_REALS,), **_FUNCTIONAL,
))  # fmt: skip
