"""Angles: circular and hyperbolic functions, their inverses, and the sides of triangles.

``tanh``, which is an activation first, stands in ``activation``.
"""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np

from chainrule.core.ops.checks import implemented
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Rule, Sample
from chainrule.core.ops.vocabulary import guarded

_PAIR = Sample(([1.5, -2.0, 0.5], [2.0, 3.0, -1.5]))
_REALS = Sample(([-1.5, 0.25, 2.0],))
_INSIDE = Sample(([-0.75, 0.25, 0.5],))
_ABOVE_ONE = Sample(([1.25, 2.0, 4.0],))

# Circular functions

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
    "tan", lambda input: np.tan(input),
    vjps=(lambda g, y, input: g * (1 + y * y),),
    doc="The tangent of each element.", family="pointwise", symbol="tan", synonyms=("tangent",),
    dtype="float", samples=(_INSIDE,),
))  # fmt: skip

register(Rule(
    "asin", lambda input: np.arcsin(input),
    vjps=(lambda g, y, input: g / np.sqrt(1 - input * input),),
    doc="The angle between -π/2 and π/2 whose sine each element is.", family="pointwise", symbol="asin",
    synonyms=("inverse sine",), aliases=("arcsin",), dtype="float", samples=(_INSIDE,),
))  # fmt: skip

register(Rule(
    "acos", lambda input: np.arccos(input),
    vjps=(lambda g, y, input: -g / np.sqrt(1 - input * input),),
    doc="The angle between 0 and π whose cosine each element is.", family="pointwise", symbol="acos",
    synonyms=("inverse cosine",), aliases=("arccos",), dtype="float", samples=(_INSIDE,),
))  # fmt: skip

register(Rule(
    "atan", lambda input: np.arctan(input),
    vjps=(lambda g, y, input: g / (1 + input * input),),
    doc="The angle between -π/2 and π/2 whose tangent each element is.", family="pointwise", symbol="atan",
    synonyms=("inverse tangent",), aliases=("arctan",), dtype="float", samples=(_REALS,),
))  # fmt: skip


def _turn(input: Any, other: Any, towards: Any) -> Any:
    """``towards`` over the squared distance from the origin; 0 at the origin, where no direction is any other's."""
    squared = input * input + other * other
    return guarded(squared == 0, 0, towards / squared)


register(Rule(
    "atan2", lambda input, other: np.arctan2(input, other),
    vjps=(lambda g, y, input, other: g * _turn(input, other, other),
          lambda g, y, input, other: -g * _turn(input, other, input)),
    doc="The angle of the point at height input and breadth other, in all four quadrants.", family="pointwise",
    symbol="atan2", synonyms=("angle", "polar"), aliases=("arctan2",), dtype="float", samples=(_PAIR,),
))  # fmt: skip

register(Rule(
    "hypot", lambda input, other: np.hypot(input, other),
    vjps=(lambda g, y, input, other: g * (input / y),
          lambda g, y, input, other: g * (other / y)),
    doc="The long side of a right triangle, from the two short ones.", family="pointwise", symbol="√(x²+y²)",
    synonyms=("hypotenuse", "pythagoras", "distance"), check=implemented("hypot_cpu", "f"), samples=(_PAIR,),
))  # fmt: skip


def _sinc_vjp(g: Any, y: Any, input: Any) -> Any:
    angle = pi * input
    slope = (angle * np.cos(angle) - np.sin(angle)) / (pi * input * input)
    return g * guarded(input * input == 0, 0, slope)


register(Rule(
    "sinc", lambda input: np.sinc(input),
    vjps=(_sinc_vjp,),
    doc="sin(πx) / πx; 1 at 0.", family="pointwise", symbol="sinc", synonyms=("cardinal sine",),
    dtype="float", samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "deg2rad", lambda input: input * (pi / 180),
    vjps=(lambda g, y, input: g * (pi / 180),),
    doc="Degrees as radians.", family="pointwise", symbol="°→π", synonyms=("radians", "angle"), dtype="float",
    grad_fn="Deg2RadBackward0", samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "rad2deg", lambda input: input * (180 / pi),
    vjps=(lambda g, y, input: g * (180 / pi),),
    doc="Radians as degrees.", family="pointwise", symbol="π→°", synonyms=("degrees", "angle"), dtype="float",
    grad_fn="Rad2DegBackward0", samples=(_REALS,),
))  # fmt: skip

# Hyperbolic functions

register(Rule(
    "sinh", lambda input: np.sinh(input),
    vjps=(lambda g, y, input: g * np.cosh(input),),
    doc="The hyperbolic sine of each element.", family="pointwise", symbol="sinh", synonyms=("hyperbolic sine",),
    dtype="float", samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "cosh", lambda input: np.cosh(input),
    vjps=(lambda g, y, input: g * np.sinh(input),),
    doc="The hyperbolic cosine of each element.", family="pointwise", symbol="cosh", synonyms=("hyperbolic cosine",),
    dtype="float", samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "asinh", lambda input: np.arcsinh(input),
    vjps=(lambda g, y, input: g / np.sqrt(input * input + 1),),
    doc="The number whose hyperbolic sine each element is.", family="pointwise", symbol="asinh",
    synonyms=("inverse hyperbolic sine",), aliases=("arcsinh",), dtype="float", samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "acosh", lambda input: np.arccosh(input),
    vjps=(lambda g, y, input: g / np.sqrt(input * input - 1),),
    doc="The positive number whose hyperbolic cosine each element is.", family="pointwise", symbol="acosh",
    synonyms=("inverse hyperbolic cosine",), aliases=("arccosh",), dtype="float", samples=(_ABOVE_ONE,),
))  # fmt: skip

register(Rule(
    "atanh", lambda input: np.arctanh(input),
    vjps=(lambda g, y, input: g / (1 - input * input),),
    doc="The number whose hyperbolic tangent each element is.", family="pointwise", symbol="atanh",
    synonyms=("inverse hyperbolic tangent",), aliases=("arctanh",), dtype="float", samples=(_INSIDE,),
))  # fmt: skip
