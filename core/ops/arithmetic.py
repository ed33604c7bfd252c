"""Arithmetic element by element: sums, products, quotients and what division leaves over.

Inputs broadcast and have been promoted to one dtype before a rule sees them. Powers stand in ``exponential``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.core.ops.checks import implemented, is_float, promoted_type
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_PAIR = Sample(([1.5, -2.0, 0.5], [2.0, 3.0, -1.5]))
_REALS = Sample(([-1.5, 0.25, 2.0],))
_POSITIVE = Sample(([0.5, 1.0, 4.0],))


def _integral_alpha(input: Any, other: Any, alpha: Any = 1) -> None:
    if isinstance(alpha, float) and all(np.asarray(side).dtype.kind != "f" for side in (input, other)):
        raise RuntimeError("For integral input tensors, argument alpha must not be a floating point number.")
    if isinstance(alpha, bool) and promoted_type(input, other).kind != "b":
        raise RuntimeError("Boolean alpha only supported for Boolean results.")


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
    numbers=("input", "other"), of_numbers=True, operators=("__add__", "__radd__"), in_place_operators=("__iadd__",),
    check=_integral_alpha, samples=(_PAIR,),
))  # fmt: skip

register(Rule(
    "sub", lambda input, other, *, alpha=1: input - (other if alpha == 1 else alpha * other),
    vjps=(lambda g, y, input, other, alpha: g,
          lambda g, y, input, other, alpha: -g if alpha == 1 else -alpha * g),
    doc="The first tensor minus the second.", family="pointwise", symbol="−", synonyms=("-", "minus"),
    aliases=("subtract",), numbers=("input", "other"), of_numbers=True,
    operators=("__sub__",), in_place_operators=("__isub__",), check=_no_bool_minus, samples=(_PAIR,),
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
    synonyms=("*", "times", "product", "hadamard"), aliases=("multiply",),
    numbers=("input", "other"), of_numbers=True, operators=("__mul__", "__rmul__"), in_place_operators=("__imul__",),
    samples=(_PAIR,),
))  # fmt: skip


# Division. Integers are divided exactly, not by way of floating point.


def _not_by_integer_zero(input: Any, other: Any) -> None:
    if is_float(input) or is_float(other):
        return
    if promoted_type(input, other).kind in "iu" and not np.all(other):
        raise RuntimeError("ZeroDivisionError")


def _towards_zero(input: Any, other: Any) -> Any:
    return np.trunc(input / other) if input.dtype.kind == "f" else (input - np.fmod(input, other)) // other


def _quotient(input: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    if rounding_mode is None:
        return input / other
    return input // other if rounding_mode == "floor" else _towards_zero(input, other)


def _known_rounding(input: Any, other: Any, rounding_mode: str | None = None) -> None:
    if rounding_mode is None:
        return
    if rounding_mode not in ("trunc", "floor"):
        raise RuntimeError(
            f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{rounding_mode}'"
        )
    implemented(f"div_{rounding_mode}_cpu", "iuf")(input, other)


def _rounded_not_by_zero(input: Any, other: Any, rounding_mode: str | None = None) -> None:
    if rounding_mode is not None:
        _not_by_integer_zero(input, other)


def _exact(params: Mapping[str, Any]) -> bool:
    return params["rounding_mode"] is None


register(Rule(
    "div", _quotient,
    vjps=(lambda g, y, input, other, rounding_mode: np.zeros_like(g) if rounding_mode else g / other,
          lambda g, y, input, other, rounding_mode: (
              np.zeros_like(g) if rounding_mode else -g * (input / other / other))),
    doc="The first tensor divided by the second, element by element; rounded, if wished.", family="pointwise",
    symbol="÷", synonyms=("/", "quotient", "ratio"), aliases=("divide", "true_divide"),
    dtype=lambda params: "float" if _exact(params) else "promote", choices={"rounding_mode": (None, "trunc", "floor")},
    grad_fn=lambda numbers, params: "DivBackward0" if _exact(params) else "DivBackward2",
    numbers=("input", "other"), of_numbers=True, operators=("__truediv__",), in_place_operators=("__itruediv__",),
    check=_known_rounding, check_values=_rounded_not_by_zero,
    samples=(_PAIR, Sample(_PAIR.inputs, {"rounding_mode": "floor"})),
))  # fmt: skip


register(Rule(
    "floor_divide", lambda input, other: input // other,
    vjps=(None, None),
    doc="The quotient rounded down to a whole number. It has no derivative, and backward stops at it.",
    family="pointwise", symbol="÷↓", grad_fn="torch::autograd::NotImplemented",
    refuses=lambda numbers, params: RuntimeError("derivative for aten::floor_divide is not implemented"),
    synonyms=("//", "integer division"), numbers=("input", "other"), of_numbers=True, operators=("__floordiv__",),
    in_place_operators=("__ifloordiv__",), check=implemented("div_floor_cpu", "iuf"),
    check_values=_not_by_integer_zero, samples=(_PAIR,),
))  # fmt: skip

register(Composite(
    "rfloor_divide", lambda F, input, other: F.floor_divide(other, input),
    doc="The second divided by the first, rounded down: what `7 // x` calls.", family="pointwise", public=False,
    tensors=("input", "other"), numbers=("other",), operators=("__rfloordiv__",),
))  # fmt: skip


def _remainder_name(numbers: frozenset[str], params: object) -> str:
    if "input" in numbers:
        return "torch::autograd::NotImplemented"
    return "RemainderBackward0" if "other" in numbers else "RemainderBackward1"


def _no_derivative_of_a_number(numbers: frozenset[str], params: object) -> Exception | None:
    known = "input" not in numbers
    return None if known else RuntimeError("derivative for aten::remainder is not implemented")


register(Rule(
    "remainder", lambda input, other: input % other,
    vjps=(lambda g, y, input, other: g,
          lambda g, y, input, other: -g * (input // other)),
    doc="What is left of the first after whole steps of the second, with the second's sign.", family="pointwise",
    symbol="mod", synonyms=("%", "modulo", "modulus"), numbers=("input", "other"), operators=("__mod__",),
    in_place_operators=("__imod__",), check=implemented("remainder_cpu", "iuf"), check_values=_not_by_integer_zero,
    grad_fn=_remainder_name, refuses=_no_derivative_of_a_number,
    samples=(_PAIR,),
))  # fmt: skip

register(Composite(
    "rremainder", lambda F, input, other: F.remainder(other, input),
    doc="What is left of the second after whole steps of the first: what `7 % x` calls.", family="pointwise",
    public=False, tensors=("input", "other"), numbers=("other",), operators=("__rmod__",),
))  # fmt: skip


register(Rule(
    "fmod", lambda input, other: np.fmod(input, other),
    vjps=(lambda g, y, input, other: g,
          lambda g, y, input, other: -g * np.trunc(input / other)),
    doc="What is left of the first after whole steps of the second, with the first's sign.", family="pointwise",
    symbol="fmod", synonyms=("modulo", "C remainder"), numbers=("other",),
    check=implemented("fmod_cpu", "iuf"), check_values=_not_by_integer_zero,
    grad_fn=lambda numbers, params: "FmodBackward0" if "other" in numbers else "FmodBackward1",
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


# Signs


def _positive(F: Any, input: Any) -> Any:
    if input.dtype.name == "bool":
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


register(Composite(
    "positive", _positive, doc="The tensor itself: what `+x` calls.", family="pointwise", symbol="+x",
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
    doc="Each element with the opposite sign.", family="pointwise", symbol="−x", synonyms=("minus",),
    aliases=("negative",), operators=("__neg__",), check=_not_bool, samples=(_REALS,),
))  # fmt: skip
