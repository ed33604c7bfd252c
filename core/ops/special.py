"""The error function and its complement, which NumPy lacks: Python's own, and their records.

Elementary functions stand in their own modules.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Rule, Sample
from chainrule.core.ops.vocabulary import opaque

_REALS = Sample(([-1.5, 0.25, 2.0],))


# Opaque, both: Python computes them to double precision, one number at a time, which beats any formula in array calls
# up to some hundred thousand elements.
@opaque("erf({0})", rule="erf", scalar="math.erf({0})")
def erf(input: Any) -> Any:
    """2/sqrt(pi) times the integral of exp(-t * t) from 0 to each element, computed in double precision."""
    return np.asarray(np.frompyfunc(math.erf, 1, 1)(input), input.dtype)


@opaque("erfc({0})", rule="erfc", scalar="math.erfc({0})")
def erfc(input: Any) -> Any:
    """1 - erf(input), precise also where that is tiny; in the dtype of ``input``, computed in double precision."""
    return np.asarray(np.frompyfunc(math.erfc, 1, 1)(input), input.dtype)


register(Rule(
    "erf", lambda input: erf(input),
    vjps=(lambda g, y, input: g * (2 / math.sqrt(math.pi) * np.exp(-(input * input))),),
    doc="The error function: twice the area under the bell curve exp(-t²)/√π from 0.", family="pointwise", symbol="erf",
    synonyms=("error function", "gauss"), dtype="float", samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "erfc", lambda input: erfc(input),
    vjps=(lambda g, y, input: g * (-2 / math.sqrt(math.pi) * np.exp(-(input * input))),),
    doc="One minus the error function, precise where that is tiny.", family="pointwise", symbol="erfc",
    synonyms=("complementary error function",), dtype="float", samples=(_REALS,),
))  # fmt: skip
