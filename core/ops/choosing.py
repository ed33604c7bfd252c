"""Choices between elements: the larger, the smaller, what lies between bounds, one or the other, a mixture of two.

Derivatives at ties and at bounds follow PyTorch 2.13. Where the choice is by a dimension, see ``extremes``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.ops.checks import c_name, implemented, type_name
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_PAIR = Sample(([1.5, -2.0, 0.5], [2.0, 3.0, -1.5]))


# Bounds


def _inside(input: Any, min: Any, max: Any) -> Any:
    if max is None:
        return input >= min
    return input <= max if min is None else (input >= min) & (input <= max)


def _some_bound(input: Any, min: Any = None, max: Any = None) -> None:
    for name, bound in (("min", min), ("max", max)):
        if bound is not None and not isinstance(bound, (bool, int, float, np.generic)):
            raise TypeError(f"clamp(): argument '{name}' must be Tensor or Number, not {type(bound).__name__}")
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")


register(Rule(
    "clamp", lambda input, min=None, max=None: np.clip(input, min, max),
    vjps=(lambda g, y, input, min, max: np.where(_inside(input, min, max), g, 0),),
    doc="Each element brought between min and max.", family="pointwise", symbol="clamp", synonyms=("limit", "bounds"),
    aliases=("clip",), grad_fn="ClampBackward1", promoting=("min", "max"), check=_some_bound,
    tensor_form="clamp_tensors",
    overloads=tuple(f"Tensor input, {kind} min = None, {kind} max = None, *, Tensor out = None"
                    for kind in ("Tensor", "Number")),
    samples=(Sample(([-1.5, 0.25, 2.0],), {"min": -1, "max": 1}), Sample(([-1.5, 0.25, 2.0],), {"min": 0})),
))  # fmt: skip


def _clamp_tensors(F: Any, input: Any, min: Any = None, max: Any = None) -> Any:
    for name, bound in (("min", min), ("max", max)):
        if isinstance(bound, (bool, int, float)):
            raise TypeError(f"clamp(): argument '{name}' must be a Tensor where the other bound is one, not a number")
    if max is None:
        return F.clamp_from(input, min)
    return F.clamp_to(input, max) if min is None else F.clamp_between(input, min, max)


register(Composite(
    "clamp_tensors", _clamp_tensors,
    doc="Each element brought between tensors of bounds: what clamp calls then.", family="pointwise", public=False,
))  # fmt: skip

register(Rule(
    "clamp_between", lambda input, min, max: np.minimum(np.maximum(input, min), max),
    vjps=(lambda g, y, input, min, max: np.where(_inside(input, min, max), g, 0),
          lambda g, y, input, min, max: np.where((input < min) & (min < max), g, 0),
          lambda g, y, input, min, max: np.where((input > max) | (max < min), g, 0)),
    doc="Each element brought between two tensors of bounds; max counts where they cross.", family="pointwise",
    public=False, grad_fn="ClampBackward0", samples=(Sample((*_PAIR.inputs, [3.0, 4.0, -1.0])),),
))  # fmt: skip


def _from_below(name: str, **settings: Any) -> None:
    register(Rule(
        name, lambda input, min: np.maximum(input, min),
        vjps=(lambda g, y, input, min: np.where(input >= min, g, 0),
              lambda g, y, input, min: np.where(input < min, g, 0)),
        doc="Each element, or min where it is below that.", family="pointwise", samples=(_PAIR,), **settings,
    ))  # fmt: skip


def _from_above(name: str, **settings: Any) -> None:
    register(Rule(
        name, lambda input, max: np.minimum(input, max),
        vjps=(lambda g, y, input, max: np.where(input <= max, g, 0),
              lambda g, y, input, max: np.where(input > max, g, 0)),
        doc="Each element, or max where it is above that.", family="pointwise", samples=(_PAIR,), **settings,
    ))  # fmt: skip


_from_below("clamp_from", public=False, grad_fn="ClampBackward0")
_from_above("clamp_to", public=False, grad_fn="ClampBackward0")
_from_below(
    "clamp_min", symbol="clamp≥", synonyms=("lower bound", "at least"), numbers=("min",),
    check=implemented("clamp_min_scalar_cpu", "iuf"),
    grad_fn=lambda numbers, params: "ClampMinBackward0" if numbers else "ClampMinBackward1",
)  # fmt: skip
_from_above(
    "clamp_max", symbol="clamp≤", synonyms=("upper bound", "at most"), numbers=("max",),
    check=implemented("clamp_max_scalar_cpu", "iuf"),
    grad_fn=lambda numbers, params: "ClampMaxBackward0" if numbers else "ClampMaxBackward1",
)  # fmt: skip


# The larger and the smaller

register(Rule(
    "maximum", lambda input, other: np.maximum(input, other),
    vjps=(lambda g, y, input, other: np.where(input < other, 0, np.where(input == other, g / 2, g)),
          lambda g, y, input, other: np.where(other < input, 0, np.where(input == other, g / 2, g))),
    doc="The larger of two elements; a tie sends half each way.", family="pointwise", symbol="max",
    synonyms=("larger",), samples=(_PAIR,),
))  # fmt: skip

register(Rule(
    "minimum", lambda input, other: np.minimum(input, other),
    vjps=(lambda g, y, input, other: np.where(input > other, 0, np.where(input == other, g / 2, g)),
          lambda g, y, input, other: np.where(other > input, 0, np.where(input == other, g / 2, g))),
    doc="The smaller of two elements; a tie sends half each way.", family="pointwise", symbol="min",
    synonyms=("smaller",), samples=(_PAIR,),
))  # fmt: skip


def _despite_nan(name: str, symbol: str, chosen: Callable[..., Any], first: Callable[..., Any], word: str) -> None:
    register(Rule(
        name, lambda input, other: chosen(input, other),
        vjps=(lambda g, y, input, other: np.where(first(input, other) | np.isnan(other), g, 0),
              lambda g, y, input, other: np.where(first(input, other) | np.isnan(other), 0, g)),
        doc=f"The {word} of two elements, of which one may be nan; a tie sends all to the first.", family="pointwise",
        symbol=symbol, synonyms=(f"{word} ignoring nan",), samples=(_PAIR,),
    ))  # fmt: skip


_despite_nan("fmax", "fmax", np.fmax, np.greater_equal, "larger")
_despite_nan("fmin", "fmin", np.fmin, np.less_equal, "smaller")


# One or the other, and between the two


def _boolean(condition: Any, input: Any, other: Any) -> None:
    if condition.dtype.name not in ("bool", "uint8"):
        raise RuntimeError(
            f"where expected condition to be a boolean tensor, but got a tensor with dtype {type_name(condition.dtype)}"
        )


register(Rule(
    "where", lambda condition, input, other: np.where(condition, input, other),
    vjps=(None,
          lambda g, y, condition, input, other: np.where(condition, g, 0),
          lambda g, y, condition, input, other: np.where(condition, 0, g)),
    doc="The first tensor where the condition holds, the second elsewhere.", family="pointwise", symbol="?:",
    synonyms=("if", "select", "condition"), numbers=("input", "other"), uncast=("condition",), check=_boolean,
    alone=("nonzero", {"as_tuple": True}),
    samples=(Sample(([True, False, True], [1.5, -2.0, 0.5], [2.0, 3.0, -1.5])),),
))  # fmt: skip


def _lerp(input: Any, end: Any, weight: Any) -> Any:
    """From the nearer end, so that weight 1 gives exactly ``end``."""
    way = end - input
    return np.where(np.absolute(weight) < 0.5, input + weight * way, end - (1 - weight) * way)


def _of_one_type(input: Any, end: Any, weight: Any) -> None:
    for name, each in (("end", end), ("weight", weight)):
        different = isinstance(each, np.ndarray) and each.dtype != input.dtype
        if different and (name == "end" or each.ndim):
            raise RuntimeError(f"expected dtype {c_name(input.dtype)} for `{name}` but got dtype {c_name(each.dtype)}")
    implemented("lerp_kernel_scalar" if isinstance(weight, (bool, int, float)) else "lerp_kernel_tensor", "f")(input)


register(Rule(
    "lerp", _lerp,
    vjps=(lambda g, y, input, end, weight: g * (1 - weight),
          lambda g, y, input, end, weight: g * weight,
          lambda g, y, input, end, weight: g * (end - input)),
    doc="The point that lies weight of the way from input to end.", family="pointwise", symbol="lerp",
    synonyms=("linear interpolation", "mix", "blend"), numbers=("weight",), check=_of_one_type,
    overloads=tuple(f"Tensor input, Tensor end, {kind} weight, *, Tensor out = None" for kind in ("Tensor", "Number")),
    grad_fn=lambda numbers, params: "LerpBackward0" if numbers else "LerpBackward1",
    samples=(Sample((*_PAIR.inputs, [0.25, 0.75, 2.0])), Sample((*_PAIR.inputs, 0.25))),
))  # fmt: skip
