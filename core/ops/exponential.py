"""Powers, roots, exponentials and logarithms, element by element.

Derivatives at singular points follow PyTorch 2.13. Sigmoid and its kin stand in ``activation``.
"""

from __future__ import annotations

from math import log as ln
from typing import Any

import numpy as np

from chainrule.core.ops.checks import implemented, promoted_type
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.vocabulary import guarded

_PAIR = Sample(([1.5, -2.0, 0.5], [2.0, 3.0, -1.5]))
_REALS = Sample(([-1.5, 0.25, 2.0],))
_POSITIVE = Sample(([0.5, 1.0, 4.0],))
_PARTS = Sample(([0.25, 0.5, 0.875],))


# Powers and roots


def _possible_power(input: Any, exponent: Any) -> None:
    """A number may not be a negative exponent of integers, nor of booleans; a tensor may."""
    if isinstance(exponent, int) and exponent < 0 and promoted_type(input).kind in "biu":
        raise RuntimeError("Integers to negative integer powers are not allowed.")


def _power(input: Any, exponent: Any) -> Any:
    """Integers to a negative power are cut to integers: all are 0 but those of 1 and -1."""
    if input.dtype.kind != "i":
        return input**exponent
    cut = np.where(np.absolute(input) == 1, input ** (exponent % 2), 0)
    return np.where(exponent < 0, cut, input ** np.maximum(exponent, 0))


def _pow_name(numbers: frozenset[str], params: object) -> str:
    return "PowBackward2" if "input" in numbers else "PowBackward0" if "exponent" in numbers else "PowBackward1"


register(Rule(
    "pow", _power,
    vjps=(lambda g, y, input, exponent: g * guarded(exponent == 0, 0, exponent * input ** (exponent - 1)),
          lambda g, y, input, exponent: g * guarded((input == 0) & (exponent >= 0), 0, y * np.log(input))),
    doc="Each element to a power.", family="pointwise", symbol="xⁿ", synonyms=("**", "^", "power"),
    numbers=("input", "exponent"), operators=("__pow__",), in_place_operators=("__ipow__",),
    check=implemented("pow", "iuf"), check_values=_possible_power,
    grad_fn=_pow_name,
    samples=(Sample(([0.5, 1.5, 2.0], 2)), Sample(([0.5, 1.5, 2.0], [2.0, -1.0, 0.5])), Sample((2, [0.5, -1.0]))),
))  # fmt: skip

register(Composite(
    "rpow", lambda F, input, other: F.pow(other, input),
    doc="The second to the power of the first: what `2 ** x` calls.", family="pointwise", public=False,
    tensors=("input", "other"), numbers=("other",), operators=("__rpow__",),
))  # fmt: skip

register(Composite(
    "square", lambda F, input: F.pow(input, 2),
    doc="Each element times itself.", family="pointwise", symbol="x²", synonyms=("second power",), samples=(_REALS,),
))  # fmt: skip


def _float_power(F: Any, input: Any, exponent: Any) -> Any:
    base, power = (
        float(each) if isinstance(each, (bool, int, float)) else F.double(each) for each in (input, exponent)
    )
    return F.pow(base, power)


register(Composite(
    "float_power", _float_power,
    doc="Each element to a power, in float64.", family="pointwise", symbol="xⁿ64", synonyms=("double precision power",),
    tensors=("input", "exponent"), numbers=("input", "exponent"),
    samples=(Sample(([0.5, 1.5, 2.0], [2.0, -1.0, 0.5])),),
))  # fmt: skip

register(Rule(
    "sqrt", lambda input: np.sqrt(input),
    vjps=(lambda g, y, input: g / (2 * y),),
    doc="The square root of each element.", family="pointwise", symbol="√", synonyms=("root",),
    dtype="float", samples=(_POSITIVE,),
))  # fmt: skip

register(Rule(
    "rsqrt", lambda input: 1 / np.sqrt(input),
    vjps=(lambda g, y, input: -0.5 * g * y * y * y,),
    doc="One divided by the square root of each element.", family="pointwise", symbol="1/√",
    synonyms=("inverse root", "reciprocal square root"), dtype="float", samples=(_POSITIVE,),
))  # fmt: skip


# Exponentials

register(Rule(
    "exp", lambda input: np.exp(input),
    vjps=(lambda g, y, input: g * y,),
    doc="e to the power of each element.", family="pointwise", symbol="eˣ", synonyms=("exponential",),
    dtype="float", samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "exp2", lambda input: np.exp2(input),
    vjps=(lambda g, y, input: ln(2) * g * y,),
    doc="Two to the power of each element.", family="pointwise", symbol="2ˣ", synonyms=("power of two",),
    dtype="float", samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "expm1", lambda input: np.expm1(input),
    vjps=(lambda g, y, input: g * (y + 1),),
    doc="e to the power of each element, minus 1: exact near 0.", family="pointwise", symbol="eˣ−1",
    synonyms=("exponential minus one",), dtype="float", samples=(_REALS,),
))  # fmt: skip


# Logarithms

register(Rule(
    "log", lambda input: np.log(input),
    vjps=(lambda g, y, input: g / input,),
    doc="The natural logarithm of each element.", family="pointwise", symbol="ln", synonyms=("logarithm", "ln"),
    dtype="float", samples=(_POSITIVE,),
))  # fmt: skip

register(Rule(
    "log1p", lambda input: np.log1p(input),
    vjps=(lambda g, y, input: g / (1 + input),),
    doc="The natural logarithm of 1 + input, exact near 0.", family="pointwise", symbol="ln(1+x)",
    synonyms=("logarithm of one plus",), dtype="float", grad_fn="Log1PBackward0",
    samples=(Sample(([-0.5, 0.0, 2.0],)),),
))  # fmt: skip

register(Rule(
    "log2", lambda input: np.log2(input),
    vjps=(lambda g, y, input: g / (ln(2) * input),),
    doc="The logarithm of each element to the base 2.", family="pointwise", symbol="log₂",
    synonyms=("binary logarithm", "bits"), dtype="float", samples=(_POSITIVE,),
))  # fmt: skip

register(Rule(
    "log10", lambda input: np.log10(input),
    vjps=(lambda g, y, input: g / (ln(10) * input),),
    doc="The logarithm of each element to the base 10.", family="pointwise", symbol="log₁₀",
    synonyms=("decimal logarithm",), dtype="float", samples=(_POSITIVE,),
))  # fmt: skip

register(Rule(
    "logaddexp", lambda input, other: np.logaddexp(input, other),
    vjps=(lambda g, y, input, other: g / (1 + np.exp(other - input)),
          lambda g, y, input, other: g / (1 + np.exp(input - other))),
    doc="The logarithm of the sum of two exponentials, without overflow.", family="pointwise", symbol="ln(eˣ+eʸ)",
    synonyms=("log of summed exponentials", "soft maximum"), check=implemented("logaddexp_cpu", "f"), samples=(_PAIR,),
))  # fmt: skip

register(Rule(
    "logaddexp2", lambda input, other: np.logaddexp2(input, other),
    vjps=(lambda g, y, input, other: g / (1 + np.exp2(other - input)),
          lambda g, y, input, other: g / (1 + np.exp2(input - other))),
    doc="The logarithm to the base 2 of the sum of two powers of 2.", family="pointwise", symbol="log₂(2ˣ+2ʸ)",
    synonyms=("log of summed powers of two",), check=implemented("logaddexp2_cpu", "f"), samples=(_PAIR,),
))  # fmt: skip


def _xlogy(input: Any, other: Any) -> Any:
    """0 wherever ``input`` is 0, also where the logarithm is not finite, but not where ``other`` is nan."""
    return guarded((input == 0) & ~np.isnan(other), 0, input * np.log(other))


def _xlogy_name(numbers: frozenset[str], params: object) -> str:
    return "XlogyBackward1" if "input" in numbers else "XlogyBackward2" if "other" in numbers else "XlogyBackward0"


register(Rule(
    "xlogy", _xlogy,
    vjps=(lambda g, y, input, other: guarded((input == 0) & (other <= 0), 0, _xlogy(g, other)),
          lambda g, y, input, other: g * input / other),
    doc="The first times the logarithm of the second; 0 where the first is 0.", family="pointwise", symbol="x ln y",
    synonyms=("entropy term",), dtype="float", numbers=("input", "other"), grad_fn=_xlogy_name,
    samples=(Sample(([1.5, -2.0, 0.5], [2.0, 3.0, 0.25])),),
))  # fmt: skip


# Log-odds


def _logit(input: Any, eps: float | None = None) -> Any:
    kept = input if eps is None else np.clip(input, eps, 1 - eps)
    return np.log(kept / (1 - kept))


def _logit_vjp(g: Any, y: Any, input: Any, eps: float | None) -> Any:
    """Outside of what ``eps`` leaves, 0; without ``eps``, nan outside of 0 to 1."""
    low, beyond = (0, np.nan) if eps is None else (eps, 0)
    return guarded((input < low) | (input > 1 - low), beyond, g / ((input + 0) * (1 - input)))  # -0 + 0 is 0


register(Rule(
    "logit", _logit,
    vjps=(_logit_vjp,),
    doc="The log-odds ln(x / (1 - x)), the inverse of sigmoid; eps keeps x away from 0 and 1.", family="pointwise",
    symbol="logit", synonyms=("log odds", "inverse sigmoid"), dtype="float",
    samples=(_PARTS, Sample(_PARTS.inputs, {"eps": 0.2})),
))  # fmt: skip
