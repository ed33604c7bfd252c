"""Comparisons, logic, bits, and questions about single numbers: results that are true or false, and no derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.ops.checks import broadcast, implemented, type_name
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Rule, Sample

_PAIR = Sample(([1.5, -2.0, 0.5], [2.0, 3.0, -1.5]))
_REALS = Sample(([-1.5, 0.25, 2.0],))
_TRUTHS = Sample(([True, False, True], [True, True, False]))
_BITS = Sample(([5, 12, 7], [3, 10, 7]))


# Comparisons


def _comparison(name: str, symbol: str, compare: Callable[..., Any], doc: str, **described: Any) -> None:
    register(Rule(
        name, lambda input, other: compare(input, other), vjps=(None, None),
        doc=f"{doc} It has no derivative.", family="pointwise", symbol=symbol, numbers=("other",),
        overloads=tuple(f"Tensor input, {kind} other, *, Tensor out = None" for kind in ("Tensor", "Number")),
        operators=(f"__{name}__",), samples=(_PAIR,), **described,
    ))  # fmt: skip


_comparison("eq", "=", np.equal, "Where two elements are equal.", synonyms=("==", "equals"))
_comparison("ne", "≠", np.not_equal, "Where two elements differ.", synonyms=("!=",), aliases=("not_equal",))
_comparison("lt", "<", np.less, "Where the first is smaller.", aliases=("less",))
_comparison("le", "≤", np.less_equal, "Where the first is smaller or equal.", aliases=("less_equal",))
_comparison("gt", ">", np.greater, "Where the first is larger.", aliases=("greater",))
_comparison("ge", "≥", np.greater_equal, "Where the first is larger or equal.", aliases=("greater_equal",))


def _comparable(input: Any, other: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> None:
    if input.dtype != other.dtype:
        raise RuntimeError(f"{type_name(input.dtype)} did not match {type_name(other.dtype)}")
    broadcast(input.shape, other.shape)
    for name, value in (("rtol", rtol), ("atol", atol)):
        if not value >= 0:
            raise RuntimeError(f"{name} must be greater than or equal to zero, but got {value}")


register(Rule(
    "isclose",
    lambda input, other, rtol=1e-05, atol=1e-08, equal_nan=False: np.isclose(input, other, rtol, atol, equal_nan),
    vjps=(None, None),
    doc="Where two elements are no further apart than atol + rtol * |other|.", family="pointwise", symbol="≈=",
    synonyms=("nearly equal", "tolerance"), dtype="as is", check=_comparable, samples=(_PAIR,),
))  # fmt: skip


# Logic, of numbers that count as true unless they are 0


def _logic(name: str, symbol: str, combine: Callable[..., Any], doc: str, synonyms: tuple[str, ...]) -> None:
    register(Rule(
        name, lambda input, other: combine(input, other), vjps=(None, None), doc=doc, family="pointwise",
        symbol=symbol, synonyms=synonyms, dtype="as is", samples=(_TRUTHS,),
    ))  # fmt: skip


_logic("logical_and", "∧", np.logical_and, "Where both are true, that is, not 0.", ("and", "both"))
_logic("logical_or", "∨", np.logical_or, "Where at least one is true, that is, not 0.", ("or", "either"))
_logic("logical_xor", "⊕", np.logical_xor, "Where one is true and the other not.", ("exclusive or", "either or"))

register(Rule(
    "logical_not", lambda input: np.logical_not(input), vjps=(None,),
    doc="Where an element is not true, that is, 0.", family="pointwise", symbol="¬", synonyms=("not", "negation"),
    samples=(Sample(_TRUTHS.inputs[:1]),),
))  # fmt: skip


# Bits of integers, and bools, which are of one bit


def _bits(name: str, symbol: str, combine: Callable[..., Any], doc: str, synonyms: tuple[str, ...]) -> None:
    short = name.removeprefix("bitwise_")
    register(Rule(
        name, lambda input, other: combine(input, other), vjps=(None, None), doc=doc, family="pointwise",
        symbol=symbol, synonyms=synonyms, numbers=("input", "other"), operators=(f"__{short}__", f"__r{short}__"),
        in_place_operators=(f"__i{short}__",), check=implemented(f"{name}_cpu", "biu"), samples=(_BITS, _TRUTHS),
    ))  # fmt: skip


_bits("bitwise_and", "&", np.bitwise_and, "The bits that are set in both; of bools, where both are true.", ("and",))
_bits("bitwise_or", "|", np.bitwise_or, "The bits that are set in either; of bools, where either is true.", ("or",))
_bits("bitwise_xor", "^", np.bitwise_xor, "The bits that are set in one only; of bools, where they differ.", ("xor",))

register(Rule(
    "bitwise_not", lambda input: np.invert(input), vjps=(None,),
    doc="Every bit turned over; of bools, the opposite.", family="pointwise", symbol="~", synonyms=("invert", "flip"),
    operators=("__invert__",), check=implemented("bitwise_not_cpu", "biu"), samples=(Sample(_BITS.inputs[:1]),),
))  # fmt: skip


# Questions about single numbers


def _question(name: str, symbol: str, answer: Callable[..., Any], doc: str, synonyms: tuple[str, ...]) -> None:
    register(Rule(
        name, lambda input: answer(input), vjps=(None,), doc=doc, family="pointwise", symbol=symbol,
        synonyms=synonyms, samples=(_REALS,),
    ))  # fmt: skip


_question("isnan", "nan?", np.isnan, "Where an element is not a number.", ("not a number",))
_question("isinf", "∞?", np.isinf, "Where an element is infinite, of either sign.", ("infinite",))
_question("isfinite", "<∞?", np.isfinite, "Where an element is neither infinite nor nan.", ("finite",))
_question(
    "signbit", "−?", lambda input: np.signbit(input) if input.dtype.kind == "f" else input < 0,
    "Where an element carries a minus, even before 0.", ("negative", "sign bit"),
)  # fmt: skip
