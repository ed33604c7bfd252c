"""The error function and its complement, which NumPy lacks: a kernel in plain NumPy, and their records.

Elementary functions stand in their own modules.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sqrt
from typing import Any

import numpy as np

from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Rule, Sample
from chainrule.core.ops.vocabulary import opaque

_REALS = Sample(([-1.5, 0.25, 2.0],))

# W. J. Cody, "Rational Chebyshev Approximations for the Error Function", Mathematics of Computation 23 (1969),
# pages 631-637, with the coefficients of the author's CALERF (https://netlib.org/specfun/erf). Numerator and
# denominator for each of three ranges of |x|, the coefficient of the highest power first.
_NEAR = 0.46875
_NEAR_RATIO = (
    (1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2,
     3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3),
)  # fmt: skip
_FAR = 4.0
_MIDDLE_RATIO = (
    (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1,
     2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3,
     1.23033935479799725e3),
    (1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
     3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3),
)  # fmt: skip
_FAR_RATIO = (
    (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
     1.60837851487422766e-2, 6.58749161529837803e-4),
    (1.0, 2.56852019228982242e0, 1.87295284992346725e0, 5.27905102951428412e-1, 6.05183413124413191e-2,
     2.33520497626869185e-3),
)  # fmt: skip
_NOTHING_LEFT = 28.0  # erfc(x) is 0 in double precision from here on


def _ratio(coefficients: tuple[Sequence[float], Sequence[float]], z: Any) -> Any:
    numerator, denominator = (np.zeros_like(z), np.zeros_like(z))
    for above, below in zip(*coefficients, strict=True):
        numerator, denominator = numerator * z + above, denominator * z + below
    return numerator / denominator


def _near(x: Any) -> Any:
    """erf(x) for |x| up to 0.46875."""
    return x * _ratio(_NEAR_RATIO, x * x)


def _bell(x: Any) -> Any:
    """exp(-x * x), with x * x in two parts so that its rounding does not count."""
    rough = np.trunc(x * 16) / 16
    return np.exp(-rough * rough) * np.exp(-(x - rough) * (x + rough))


def _middle(x: Any) -> Any:
    """erfc(x) for x from 0.46875 to 4."""
    return _bell(x) * _ratio(_MIDDLE_RATIO, x)


def _far(x: Any) -> Any:
    """erfc(x) for x from 4; nan of nan."""
    near = np.minimum(x, _NOTHING_LEFT)
    z = 1 / (near * near)
    return _bell(near) * (1 / sqrt(pi) - z * _ratio(_FAR_RATIO, z)) / near


# Opaque, both: three formulas by the size of the element, each evaluated only where it holds.
@opaque("erf({0})", rule="erf")
def erf(input: Any) -> Any:
    """2/sqrt(pi) times the integral of exp(-t * t) from 0 to each element, in its dtype, computed in double precision.

    Wrong by less than 1e-15 of the value.
    """
    x = np.asarray(input, np.float64)
    size = np.abs(x)
    parts = [_near, lambda x: 1 - _middle(x), lambda x: 1 - _far(x)]
    value = np.piecewise(size, [size <= _NEAR, (size > _NEAR) & (size <= _FAR)], parts)
    return np.asarray(np.copysign(value, x), input.dtype)


@opaque("erfc({0})", rule="erfc")
def erfc(input: Any) -> Any:
    """1 - erf(input), precise also where that is tiny; in the dtype of ``input``, computed in double precision."""
    x = np.asarray(input, np.float64)
    size = np.abs(x)
    parts = [lambda x: 1 - _near(x), _middle, _far]
    value = np.piecewise(size, [size <= _NEAR, (size > _NEAR) & (size <= _FAR)], parts)
    return np.asarray(np.where(x < 0, 2 - value, value), input.dtype)


register(Rule(
    "erf", lambda input: erf(input),
    vjps=(lambda g, y, input: g * (2 / sqrt(pi) * np.exp(-(input * input))),),
    doc="The error function: twice the area under the bell curve exp(-t²)/√π from 0.", family="pointwise", symbol="erf",
    synonyms=("error function", "gauss"), dtype="float", samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "erfc", lambda input: erfc(input),
    vjps=(lambda g, y, input: g * (-2 / sqrt(pi) * np.exp(-(input * input))),),
    doc="One minus the error function, precise where that is tiny.", family="pointwise", symbol="erfc",
    synonyms=("complementary error function",), dtype="float", samples=(_REALS,),
))  # fmt: skip
