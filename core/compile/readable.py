"""What is equal to what, for readers: each identity looks at one call and may offer one that reads better, or None.

They stand in the form of ``identities``, which are for programs, and serve the same ``Rewriter``. Results may differ by
rounding; and a condition in brackets counts as a zero that even infinity does not survive, as it does in print.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from chainrule.core.compile.identities import (
    Args,
    Call,
    Identity,
    Kwargs,
    chosen,
    copied,
    filled,
    full,
    number,
    same_form,
)
from chainrule.core.compile.tracing import Traced, value_of
from chainrule.core.ops.vocabulary import WORDS, guarded

UPSTREAM = "g"  # the name of the upstream gradient, which is the first factor

# Products: signs in front, numbers first, equal factors as powers, one fraction bar.


@dataclass
class _Product:
    """``number`` / ``divisor`` times what is ``above`` the bar, by what is ``below``: factors and how often each."""

    number: float = 1.0
    divisor: float = 1.0
    above: dict[int, tuple[Any, int]] = field(default_factory=dict)
    below: dict[int, tuple[Any, int]] = field(default_factory=dict)

    def take(self, value: Any, times: int) -> None:
        """Multiply by ``value`` so many times; divide, where ``times`` is negative."""
        single = number(value)
        call = value.call if isinstance(value, Traced) else None
        if single is not None:
            if times > 0:
                self.number *= _power(single, times)
            else:
                self.divisor *= _power(single, -times)
        elif call is np.multiply and value.dtype.kind == "f":
            self.take(value.args[0], times)
            self.take(value.args[1], times)
        elif call is np.divide:
            self.take(value.args[0], times)
            self.take(value.args[1], -times)
        elif call is np.negative:
            self.number *= (-1) ** times
            self.take(value.args[0], times)
        elif call is np.reciprocal:
            self.take(value.args[0], -times)
        elif call is np.power and (exponent := number(value.args[1])) is not None and exponent.is_integer():
            self.take(value.args[0], times * int(exponent))
        elif times:
            side = self.above if times > 0 else self.below
            _, known = side.get(id(value), (value, 0))
            side[id(value)] = value, known + abs(times)

    def corner(self) -> Any:
        """A factor that has a corner case, taken out: where it is 0 or nan, so is the product."""
        for key, (value, times) in self.above.items():
            if _call_of(value) is guarded and times == 1 and zero_or_nan(value.args[1]):
                del self.above[key]
                return value
        return None

    def join(self, call: Call) -> None:
        """x * [x < 0] as min(x, 0)."""
        for key, (value, _) in list(self.above.items()):
            if _call_of(value) is np.less and number(value.args[1]) == 0 and id(value.args[0]) in self.above:
                x, times = self.above.pop(id(value.args[0]))
                del self.above[key]
                for _ in range(times):
                    self.take(call(np.minimum, (x, full(0.0, x)), {}, x.value), 1)

    def settle(self) -> None:
        """Numbers as they are best written: 0.25, 3, but 2 / 3."""
        if self.divisor < 0:
            self.number, self.divisor = -self.number, -self.divisor
        if 0 < self.divisor < 1 and (1 / self.divisor).is_integer():
            self.number, self.divisor = self.number / self.divisor, 1.0
        if not _written_short(self.number):
            near = Fraction(self.number).limit_denominator(1000)
            if near.denominator > 1 and math.isclose(near, self.number, rel_tol=1e-14):
                self.number, self.divisor = float(near.numerator), self.divisor * near.denominator
        if self.number.is_integer() and self.divisor.is_integer() and self.divisor and abs(self.number) < 1e9:
            common = math.gcd(int(self.number), int(self.divisor))
            self.number, self.divisor = self.number / common, self.divisor / common
        elif self.divisor not in (0, 1) and abs(self.number) != 1 and _written_short(self.number / self.divisor):
            self.number, self.divisor = self.number / self.divisor, 1.0


def _power(base: float, exponent: int) -> float:
    with np.errstate(all="ignore"):
        return float(np.float64(base) ** exponent)


def zero_or_nan(value: Any) -> bool:
    """Whether ``value`` is a constant that a product with it is, too."""
    single = number(value)
    return single is not None and (single == 0 or single != single)


def _written_short(value: float) -> bool:
    return not math.isfinite(value) or len(repr(value)) <= 7


def product(function: Any) -> Identity:
    """The identity that brings a product, a quotient or an opposite into its one form."""

    def rewritten(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
        if like.dtype.kind != "f" or kwargs:
            return None
        found = _Product()
        found.take(args[0], 1)
        if function is not np.negative:
            found.take(args[1], -1 if function is np.divide else 1)
        else:
            found.number *= -1
        found.settle()
        if (corner := found.corner()) is not None:
            condition, there, usual = corner.args
            found.take(usual, 1)
            whole = _made(call, found, like)
            return call(guarded, (condition, there, whole), {}, like)
        found.join(call)
        last, parts = _built(call, found, like)
        if last is None:
            return parts[0]
        same = last is function and all(map(_same, parts, args))
        return None if same else call(last, parts, {}, like)

    return rewritten


def _same(a: Any, b: Any) -> bool:
    return a is b or (number(a) is not None and number(a) == number(b))


def _built(call: Call, found: _Product, like: Any) -> tuple[Any, Args]:
    """The last call of the product's form, not yet made, and its arguments; no call for a single factor."""
    if found.number < 0 and (found.above or found.below or found.divisor != 1):
        positive = _Product(-found.number, found.divisor, found.above, found.below)
        return np.negative, (_made(call, positive, like),)
    found.above = dict(sorted(found.above.items(), key=lambda each: not _is_upstream(each[1][0])))
    factors = [_raised(call, *each) for each in found.above.values()]
    if found.number != 1 or not factors:
        factors.insert(0, full(found.number, like))
    if found.below or found.divisor != 1:
        top = _Product(found.number, 1.0, found.above)
        bottom = _Product(found.divisor, 1.0, found.below)
        return np.divide, (_made(call, top, like), _made(call, bottom, like))
    if len(factors) == 1:
        return None, (factors[0],)
    *first, last = list(found.above.items())
    fewer = _Product(found.number, 1.0, dict(first))
    return np.multiply, (_made(call, fewer, like), _raised(call, *last[1]))


def _is_upstream(value: Any) -> bool:
    while isinstance(value, Traced) and value.call is not None and WORDS[value.call].silent:
        value = value.args[0]
    return isinstance(value, Traced) and value.call is None and value.name == UPSTREAM


def _made(call: Call, found: _Product, like: Any) -> Any:
    last, parts = _built(call, found, like)
    return parts[0] if last is None else call(last, parts, {}, _like(like, *parts))


def _raised(call: Call, base: Any, exponent: int) -> Any:
    like = base.value if isinstance(base, Traced) else base
    return base if exponent == 1 else call(np.power, (base, float(exponent)), {}, like)


def _like(like: Any, *parts: Any) -> Any:
    """An array of the shape that ``parts`` have together, in the dtype of ``like``."""
    shapes = (each.shape if isinstance(each, Traced) else np.shape(each) for each in parts)
    return np.broadcast_to(np.zeros((), like.dtype), np.broadcast_shapes(*shapes))


def powered(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """Powers that have another name: 1, the base, the root, the reciprocal."""
    base, exponent = args[0], number(args[1])
    if exponent is None or like.dtype.kind != "f":
        return None
    if exponent in (0, 1):
        return base if exponent else full(1.0, like)
    if exponent == 0.5:
        return call(np.sqrt, (base,), {}, like)
    if exponent < 0 and not isinstance(args[1], Traced):
        return call(np.divide, (full(1.0, like), call(np.power, (base, -exponent), {}, like)), {}, like)
    if exponent.is_integer() and isinstance(base, Traced) and base.call is np.power:
        inner = number(base.args[1])
        return call(np.power, (base.args[0], inner * exponent), {}, like) if inner and inner.is_integer() else None
    return None


# Sums


def _opposite(value: Any) -> Any:
    """What ``value`` is the opposite of, or None."""
    if isinstance(value, Traced):
        return value.args[0] if value.call is np.negative else None
    single = number(value)
    return -np.asarray(value) if single is not None and single < 0 else None


def added(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """a + -b is a - b; a + 0 is a."""
    left, right = args
    if (opposite := _opposite(right)) is not None:
        return call(np.subtract, (left, opposite), {}, like)
    if (opposite := _opposite(left)) is not None and isinstance(left, Traced):
        return call(np.subtract, (right, opposite), {}, like)
    return right if number(left) == 0 else left if number(right) == 0 else None


def subtracted(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """a - -b is a + b; a - 0 is a; 0 - a is -a."""
    left, right = args
    if (opposite := _opposite(right)) is not None:
        return call(np.add, (left, opposite), {}, like)
    if (opposite := _opposite(left)) is not None and isinstance(left, Traced):
        return call(np.negative, (call(np.add, (opposite, right), {}, like),), {}, like)
    if number(left) == 0:
        return call(np.negative, (right,), {}, like)
    return left if number(right) == 0 else None


def linear(function: Any) -> Identity:
    """The identity that takes a sign or a number out of what is linear in its arguments."""

    def rewritten(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
        for place, each in enumerate(args[:2] if function is np.matmul else args[:1]):
            if isinstance(each, Traced) and each.call is np.negative:
                freed = (*args[:place], each.args[0], *args[place + 1 :])
                return call(np.negative, (call(function, freed, kwargs, like),), {}, like)
            for scale, scaled, by in ((np.multiply, 1, 0), (np.divide, 0, 1)):
                if _call_of(each) is scale and number(each.args[by]) is not None and each.dtype == like.dtype:
                    freed = (*args[:place], _wide(call, each.args[scaled], each), *args[place + 1 :])
                    inner, factor = call(function, freed, kwargs, like), full(number(each.args[by]) or 0.0, like)
                    return call(scale, (factor, inner) if by == 0 else (inner, factor), {}, like)
        return None

    return rewritten


def _wide(call: Call, part: Any, whole: Traced) -> Any:
    """``part`` in the shape of the ``whole`` that it is a part of."""
    return (
        part if np.shape(value_of(part)) == whole.shape else call(np.broadcast_to, (part, whole.shape), {}, whole.value)
    )


# Choices and conditions


def bracketed(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """A choice between something and 0 is a product with a condition, counted as 1 or 0."""
    condition, first, second = args
    if like.dtype.kind != "f":
        return None
    for value, other, holds in ((first, second, True), (second, first, False)):
        if number(other) == 0 and not (isinstance(value, Traced) and value.call in (np.where, guarded)):
            return call(np.multiply, (value, condition if holds else _denied(call, condition)), {}, like)
    return None


def _denied(call: Call, condition: Any) -> Any:
    return call(np.logical_not, (condition,), {}, condition.value if isinstance(condition, Traced) else condition)


def sheltered(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """min(x, 0) is x where x ≤ 0 is the condition anyway."""
    condition, first, second = args
    if _call_of(condition) is not np.less_equal or number(condition.args[1]) != 0:
        return None
    x = condition.args[0]

    def bare(value: Any) -> Any:
        if not isinstance(value, Traced) or value.call is None:
            return value
        if value.call is np.minimum and value.args[0] is x and number(value.args[1]) == 0:
            return x
        new = tuple(map(bare, value.args))
        changed = any(a is not b for a, b in zip(new, value.args, strict=True))
        return call(value.call, new, value.kwargs, value.value) if changed else value

    return None if (new := bare(first)) is first else call(np.where, (condition, new, second), {}, like)


_CONTRARY: dict[Any, Any] = {
    np.equal: np.not_equal, np.less: np.greater_equal, np.greater: np.less_equal,
    np.not_equal: np.equal, np.greater_equal: np.less, np.less_equal: np.greater,
}  # fmt: skip
_DUAL: dict[Any, Any] = {
    np.logical_and: np.logical_or, np.bitwise_and: np.bitwise_or,
    np.logical_or: np.logical_and, np.bitwise_or: np.bitwise_and,
}  # fmt: skip


def denied(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """not a < b is a ≥ b, not (p or q) is not p and not q. Only what is not a number would notice."""
    inner = args[0]
    if not isinstance(inner, Traced) or inner.call is None or inner.dtype.kind != "b":
        return None
    if WORDS[inner.call].silent and (at := inner.args[0]).dtype.kind == "b":
        return call(inner.call, (call(np.logical_not, (at,), {}, value_of(at)), *inner.args[1:]), inner.kwargs, like)
    if inner.call in _CONTRARY:
        return call(_CONTRARY[inner.call], inner.args, {}, like)
    if inner.call in _DUAL:
        parts = tuple(call(np.logical_not, (each,), {}, like) for each in inner.args)
        return call(_DUAL[inner.call], parts, {}, like)
    return inner.args[0] if inner.call in (np.logical_not, np.invert) else None


def _call_of(value: Any) -> Any:
    return value.call if isinstance(value, Traced) else None


def either(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """a = b, or both are not numbers: for a reader, a = b."""
    left, right = args
    if _call_of(left) is np.equal and _call_of(right) in (np.bitwise_and, np.logical_and):
        return left if all(_call_of(each) is np.isnan for each in right.args) else None
    return None


def cornered(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """A corner that is never met, or met only by what is not a number."""
    return args[2] if _call_of(args[0]) is np.isnan else None


def cornered_once(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
    """A corner within the usual case is not met where it is the same."""
    corner, there, usual = args
    if not isinstance(usual, Traced):
        return None
    inner = tuple(each.args[2] if _call_of(each) is guarded and each.args[0] is corner else each for each in usual.args)
    if all(map(_same, inner, usual.args)):
        return None
    return call(guarded, (corner, there, call(usual.call, inner, usual.kwargs, usual.value)), {}, like)


def unsquared(function: Any) -> Identity:
    """The identity that says x = 0 for x² = 0."""

    def rewritten(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
        if _call_of(args[0]) is np.power and number(args[0].args[1]) == 2 and number(args[1]) == 0:
            return call(function, (args[0].args[0], args[1]), kwargs, like)
        return None

    return rewritten


# Layout


def spread(function: Any) -> Identity:
    """The identity that lays out the factors of a product in place of the product, and the usual for the whole."""

    def rewritten(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
        inner = args[0]
        if _call_of(inner) not in (np.multiply, np.divide, guarded):
            return None

        def laid_out(part: Any) -> Any:
            if number(part) is not None:
                return part
            wide = np.broadcast_to(value_of(part), inner.shape)
            form = np.broadcast_to(np.zeros((), wide.dtype), like.shape)
            return call(function, (call(np.broadcast_to, (part, inner.shape), {}, wide), *args[1:]), kwargs, form)

        return call(inner.call, tuple(map(laid_out, inner.args)), inner.kwargs, like)

    return rewritten


def turned_back(function: Any) -> Identity:
    """The identity that leaves out a transposition and the one that undoes it."""

    def rewritten(call: Call, args: Args, kwargs: Kwargs, like: Any) -> Any:
        inner = args[0]
        if _call_of(inner) is not function:
            return None
        marked = np.empty(range(1, like.ndim + 1))  # its axes are told apart by their lengths
        once = function(marked, *inner.args[1:], **inner.kwargs)
        return inner.args[0] if function(once, *args[1:], **kwargs).shape == marked.shape else None

    return rewritten


def _layouts() -> dict[Any, tuple[Callable[..., Any], ...]]:
    silent = [word.function for word in WORDS.values() if word.silent]
    moving = (np.reshape, np.expand_dims, np.squeeze, np.broadcast_to)
    return {
        function: (same_form, linear(function), *((spread(function),) if function in moving else ()))
        for function in silent
    }


READABLE: dict[Any, tuple[Identity, ...]] = {
    **_layouts(),
    np.copy: (copied,),
    np.positive: (copied,),
    np.multiply: (product(np.multiply),),
    np.divide: (product(np.divide),),
    np.negative: (product(np.negative),),
    np.power: (powered,),
    np.add: (added,),
    np.subtract: (subtracted,),
    np.sum: (linear(np.sum),),
    np.matmul: (linear(np.matmul),),
    **{turning: (linear(turning), turned_back(turning)) for turning in (np.transpose, np.swapaxes, np.moveaxis)},
    np.equal: (unsquared(np.equal),),
    np.not_equal: (unsquared(np.not_equal),),
    np.zeros_like: (filled(0.0),),
    np.ones_like: (filled(1.0),),
    np.where: (chosen, sheltered, bracketed),
    guarded: (chosen, cornered, cornered_once),
    np.logical_not: (denied,),
    np.invert: (denied,),
    np.logical_or: (either,),
    np.bitwise_or: (either,),
}
