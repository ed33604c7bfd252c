"""What keeps a part of each number: its size, its sign, its whole part, its fraction, what of it is finite.

Whole numbers and signs stand still almost everywhere, so their gradients are 0, as in PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.ops.checks import implemented
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Rule, Sample
from chainrule.core.ops.vocabulary import guarded

_PAIR = Sample(([1.5, -2.0, 0.5], [2.0, 3.0, -1.5]))
_REALS = Sample(([-1.5, 0.25, 2.0],))
_BROKEN = Sample(([-1.6, 0.25, 2.3],))

# Size and sign

register(Rule(
    "abs", lambda input: np.absolute(input),
    vjps=(lambda g, y, input: g * guarded(np.isnan(input), 0, np.sign(input)),),
    doc="The absolute value of each element.", family="pointwise", symbol="|x|", synonyms=("modulus", "magnitude"),
    aliases=("absolute",), operators=("__abs__",), check=implemented("abs_cpu", "iuf"), piecewise_linear=True,
    samples=(_REALS,),
))  # fmt: skip


def _sign(input: Any) -> Any:
    """PyTorch's sign of nan is 0, and that of a bool is itself."""
    return np.copy(input) if input.dtype.kind == "b" else np.where(np.isnan(input), 0, np.sign(input))


def _signs(name: str, symbol: str, doc: str, synonyms: tuple[str, ...]) -> None:
    register(Rule(
        name, _sign, vjps=(lambda g, y, input: np.zeros_like(g),), doc=doc, family="pointwise", symbol=symbol,
        synonyms=synonyms, samples=(_REALS,),
    ))  # fmt: skip


_signs("sign", "sign", "The sign of each element: -1, 0 or 1.", ("signum",))
_signs("sgn", "sgn", "The sign of each element, as sign; of complex numbers, which are not here, the direction.", ())

register(Rule(
    "copysign", lambda input, other: np.copysign(input, other),
    vjps=(lambda g, y, input, other: g * guarded(input == 0, 0, y / input),
          lambda g, y, input, other: np.zeros_like(g)),
    doc="The size of the first with the sign of the second, even of its zero.", family="pointwise", symbol="±",
    synonyms=("sign of", "transfer sign"), dtype="float", numbers=("other",),
    grad_fn=lambda numbers, params: "CopysignBackward1" if numbers else "CopysignBackward0", samples=(_PAIR,),
))  # fmt: skip


# Whole numbers


def _whole(name: str, symbol: str, whole: Callable[..., Any], doc: str, **described: Any) -> None:
    register(Rule(
        name, lambda input: np.copy(input) if input.dtype.kind in "iu" else whole(input),
        vjps=(lambda g, y, input: np.zeros_like(g),),
        doc=doc, family="pointwise", symbol=symbol, check=implemented(f"{name}_vml_cpu", "iuf"), samples=(_BROKEN,),
        **described,
    ))  # fmt: skip


_whole("floor", "⌊x⌋", np.floor, "The largest whole number that is not above each element.", synonyms=("round down",))
_whole("ceil", "⌈x⌉", np.ceil, "The smallest whole number that is not below each element.", synonyms=("round up",))
_whole("trunc", "trunc", np.trunc, "Each element without its fraction.", synonyms=("truncate",), aliases=("fix",))


def _can_be_rounded(input: Any, decimals: int = 0) -> None:
    implemented("round_cpu" if decimals else "round_vml_cpu", "f" if decimals else "iuf")(input)


register(Rule(
    "round", lambda input, *, decimals=0: np.round(input, decimals),
    vjps=(lambda g, y, input, decimals: np.zeros_like(g),),
    doc="Each element rounded to decimals places, halves to the even neighbour.", family="pointwise", symbol="≈",
    synonyms=("nearest", "decimals"), check=_can_be_rounded,
    grad_fn=lambda numbers, params: "RoundBackward1" if params["decimals"] else "RoundBackward0", samples=(_BROKEN,),
))  # fmt: skip

register(Rule(
    "frac", lambda input: input - np.trunc(input),
    vjps=(lambda g, y, input: g,),
    doc="The fraction of each element: what trunc leaves over, with its sign.", family="pointwise", symbol="frac",
    synonyms=("fractional part",), check=implemented("frac_cpu", "f"), samples=(_BROKEN,),
))  # fmt: skip

# What is finite

register(Rule(
    "nan_to_num",
    lambda input, nan=0.0, posinf=None, neginf=None: np.nan_to_num(input, nan=nan, posinf=posinf, neginf=neginf),
    vjps=(lambda g, y, input, nan, posinf, neginf: g * np.isfinite(input),),
    doc="Each element, with numbers in the place of nan, inf and -inf.", family="pointwise", symbol="nan→0",
    synonyms=("replace nan", "finite"), samples=(_REALS,),
))  # fmt: skip
