"""Operations element by element: arithmetic, powers, elementary functions, comparisons.

Inputs broadcast and have been promoted to one dtype before a rule sees them. Derivatives at kinks and singular points
follow PyTorch 2.13.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.ops.checks import type_name
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_PAIR = Sample(([1.5, -2.0, 0.5], [2.0, 3.0, -1.5]))
_REALS = Sample(([-1.5, 0.25, 2.0],))
_POSITIVE = Sample(([0.5, 1.0, 4.0],))


def _integral_alpha(input: Any, other: Any, alpha: Any = 1) -> None:
    if isinstance(alpha, float) and all(np.asarray(side).dtype.kind != "f" for side in (input, other)):
        raise RuntimeError("For integral input tensors, argument alpha must not be a floating point number.")


def _no_bool_minus(input: Any, other: Any, alpha: Any = 1) -> None:
    _integral_alpha(input, other, alpha)
    bools = [getattr(side, "dtype", None) == np.bool_ or isinstance(side, bool) for side in (input, other)]
    if all(bools):
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` "
            "operator instead."
        )
    if any(bools):
        raise RuntimeError(
            "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, "
            "use the `~` or `logical_not()` operator instead."
        )


register(Rule(
    "add", lambda input, other, *, alpha=1: input + (other if alpha == 1 else alpha * other),
    vjps=(lambda g, y, input, other, alpha: g,
          lambda g, y, input, other, alpha: g if alpha == 1 else alpha * g),
    doc="The sum of two tensors.", family="pointwise", symbol="+", synonyms=("plus", "addition"),
    numbers=("input", "other"), operators=("__add__", "__radd__"), in_place_operators=("__iadd__",),
    check=_integral_alpha, samples=(_PAIR,),
))  # fmt: skip

register(Rule(
    "sub", lambda input, other, *, alpha=1: input - (other if alpha == 1 else alpha * other),
    vjps=(lambda g, y, input, other, alpha: g,
          lambda g, y, input, other, alpha: -g if alpha == 1 else -alpha * g),
    doc="The first tensor minus the second.", family="pointwise", symbol="−", synonyms=("-", "minus", "subtract"),
    numbers=("input", "other"), operators=("__sub__",), in_place_operators=("__isub__",),
    check=_no_bool_minus, samples=(_PAIR,),
))  # fmt: skip

register(Rule(
    "rsub", lambda input, other, *, alpha=1: other - (input if alpha == 1 else alpha * input),
    vjps=(lambda g, y, input, other, alpha: -g if alpha == 1 else -alpha * g,
          lambda g, y, input, other, alpha: g),
    doc="The second tensor minus the first: what `1 - x` calls.", family="pointwise", symbol="1−",
    synonyms=("reverse subtract",), numbers=("other",), operators=("__rsub__",), method=False,
    grad_fn=lambda numbers, params: "RsubBackward1" if "other" in numbers else "RsubBackward0",
    check=_no_bool_minus, samples=(_PAIR,),
))  # fmt: skip

register(Rule(
    "mul", lambda input, other: input * other,
    vjps=(lambda g, y, input, other: g * other,
          lambda g, y, input, other: g * input),
    doc="The product of two tensors, element by element.", family="pointwise", symbol="×",
    synonyms=("*", "times", "multiply", "product", "hadamard"),
    numbers=("input", "other"), operators=("__mul__", "__rmul__"), in_place_operators=("__imul__",), samples=(_PAIR,),
))  # fmt: skip

register(Rule(
    "div", lambda input, other: input / other,
    vjps=(lambda g, y, input, other: g / other,
          lambda g, y, input, other: -g * y / other),
    doc="The first tensor divided by the second, element by element.", family="pointwise", symbol="÷",
    synonyms=("/", "divide", "true_divide", "quotient"),
    dtype="float", numbers=("input", "other"), operators=("__truediv__",), in_place_operators=("__itruediv__",),
    samples=(_PAIR,),
))  # fmt: skip

register(Rule(
    "reciprocal", lambda input: 1 / input,
    vjps=(lambda g, y, input: -g * (y * y),),
    doc="One divided by each element.", family="pointwise", symbol="1/x", synonyms=("inverse",),
    dtype="float", samples=(_POSITIVE,),
))  # fmt: skip

register(Composite(
    "rdiv", lambda F, input, other: F.mul(F.reciprocal(input), other),
    doc="The second divided by the first: what `1 / x` calls.", family="pointwise", public=False,
    tensors=("input", "other"), numbers=("other",), operators=("__rtruediv__",),
))  # fmt: skip


register(Composite(
    "positive", lambda F, input: input, doc="The tensor itself: what `+x` calls.", family="pointwise", symbol="+x",
    synonyms=("plus",), operators=("__pos__",), samples=(_REALS,),
))  # fmt: skip


def _not_bool(input: Any) -> None:
    if input.dtype == np.bool_:
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use "
            "the `~` or `logical_not()` operator instead."
        )


register(Rule(
    "neg", lambda input: -input,
    vjps=(lambda g, y, input: -g,),
    doc="Each element with the opposite sign.", family="pointwise", symbol="−x", synonyms=("negative", "minus"),
    operators=("__neg__",), check=_not_bool, samples=(_REALS,),
))  # fmt: skip


def _no_negative_integer_power(input: Any, exponent: Any) -> None:
    if all(np.asarray(side).dtype.kind in "iu" for side in (input, exponent)) and np.any(np.less(exponent, 0)):
        raise RuntimeError("Integers to negative integer powers are not allowed.")


def _pow_name(numbers: frozenset[str], params: object) -> str:
    return "PowBackward2" if "input" in numbers else "PowBackward0" if "exponent" in numbers else "PowBackward1"


register(Rule(
    "pow", lambda input, exponent: input**exponent,
    vjps=(lambda g, y, input, exponent: g * np.where(exponent == 0, 0, exponent * input ** (exponent - 1)),
          lambda g, y, input, exponent: g * np.where((input == 0) & (exponent >= 0), 0, y * np.log(input))),
    doc="Each element to a power.", family="pointwise", symbol="xⁿ", synonyms=("**", "^", "power", "square"),
    numbers=("input", "exponent"), operators=("__pow__",), in_place_operators=("__ipow__",),
    check=_no_negative_integer_power,
    grad_fn=_pow_name,
    samples=(Sample(([0.5, 1.5, 2.0], 2)), Sample(([0.5, 1.5, 2.0], [2.0, -1.0, 0.5])), Sample((2, [0.5, -1.0]))),
))  # fmt: skip

register(Composite(
    "rpow", lambda F, input, other: F.pow(other, input),
    doc="The second to the power of the first: what `2 ** x` calls.", family="pointwise", public=False,
    tensors=("input", "other"), numbers=("other",), operators=("__rpow__",),
))  # fmt: skip

register(Rule(
    "exp", lambda input: np.exp(input),
    vjps=(lambda g, y, input: g * y,),
    doc="e to the power of each element.", family="pointwise", symbol="eˣ", synonyms=("exponential",),
    dtype="float", samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "log", lambda input: np.log(input),
    vjps=(lambda g, y, input: g / input,),
    doc="The natural logarithm of each element.", family="pointwise", symbol="ln", synonyms=("logarithm", "ln"),
    dtype="float", samples=(_POSITIVE,),
))  # fmt: skip

register(Rule(
    "sqrt", lambda input: np.sqrt(input),
    vjps=(lambda g, y, input: g / (2 * y),),
    doc="The square root of each element.", family="pointwise", symbol="√", synonyms=("root",),
    dtype="float", samples=(_POSITIVE,),
))  # fmt: skip

register(Rule(
    "abs", lambda input: np.absolute(input),
    vjps=(lambda g, y, input: g * np.where(np.isnan(input), 0, np.sign(input)),),
    doc="The absolute value of each element.", family="pointwise", symbol="|x|", synonyms=("absolute", "modulus"),
    operators=("__abs__",), samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "sin", lambda input: np.sin(input),
    vjps=(lambda g, y, input: g * np.cos(input),),
    doc="The sine of each element.", family="pointwise", symbol="sin", synonyms=("sine",),
    dtype="float", samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "cos", lambda input: np.cos(input),
    vjps=(lambda g, y, input: -g * np.sin(input),),
    doc="The cosine of each element.", family="pointwise", symbol="cos", synonyms=("cosine",),
    dtype="float", samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "clamp", lambda input, min=None, max=None: np.clip(input, min, max),
    vjps=(lambda g, y, input, min, max: np.where(_inside(input, min, max), g, 0),),
    doc="Each element brought between min and max.", family="pointwise", symbol="clamp", synonyms=("clip", "limit"),
    grad_fn="ClampBackward1", promoting=("min", "max"), check=lambda input, min=None, max=None: _some_bound(min, max),
    samples=(Sample(([-1.5, 0.25, 2.0],), {"min": -1, "max": 1}), Sample(([-1.5, 0.25, 2.0],), {"min": 0})),
))  # fmt: skip


def _some_bound(min: Any, max: Any) -> None:
    for name, bound in (("min", min), ("max", max)):
        if np.ndim(bound):
            raise TypeError(f"clamp(): argument '{name}' must be a number here; use maximum or minimum with a tensor")
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")


def _inside(input: Any, min: float | None, max: float | None) -> Any:
    if max is None:
        return input >= min
    return input <= max if min is None else (input >= min) & (input <= max)


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
    samples=(Sample(([True, False, True], [1.5, -2.0, 0.5], [2.0, 3.0, -1.5])),),
))  # fmt: skip


def _comparison(name: str, symbol: str, compare: Callable[..., Any], doc: str) -> None:
    register(Rule(
        name, lambda input, other: compare(input, other), vjps=(None, None),
        doc=f"{doc} It has no derivative.", family="pointwise", symbol=symbol, numbers=("other",),
        operators=(f"__{name}__",), samples=(_PAIR,),
    ))  # fmt: skip


_comparison("eq", "=", np.equal, "Where two elements are equal.")
_comparison("ne", "≠", np.not_equal, "Where two elements differ.")
_comparison("lt", "<", np.less, "Where the first is smaller.")
_comparison("le", "≤", np.less_equal, "Where the first is smaller or equal.")
_comparison("gt", ">", np.greater, "Where the first is larger.")
_comparison("ge", "≥", np.greater_equal, "Where the first is larger or equal.")
