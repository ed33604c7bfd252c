"""A trace brought into the form in which it is written: simplified, freed of the upstream factor, shared parts named.

Everything here is still traced calls, so that a formula can be evaluated as it stands; writing is in ``notation``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.identities import number
from chainrule.core.compile.readable import READABLE, zero_or_nan
from chainrule.core.compile.rewriting import Rewriter
from chainrule.core.compile.tracing import Traced, in_order
from chainrule.core.ops.vocabulary import WORDS, guarded

Array = NDArray[Any]

_LETTERS = "abcdefhkmnpqrstuvwz"
_WORTH_A_NAME = 4  # names, numbers and calls that a part has to consist of


@dataclass(frozen=True)
class Corner:
    """A corner case: the ``condition`` under which the formula holds, and what there is ``otherwise``."""

    condition: Any
    otherwise: Any
    choice: Traced


@dataclass(frozen=True)
class Reading:
    """``body`` over the inputs and over ``lets``, each a named leaf and what it stands for, later ones over earlier.

    ``local`` says that the upstream gradient has been divided out.
    """

    body: Any
    lets: tuple[tuple[Traced, Any], ...] = ()
    local: bool = False
    corners: tuple[Corner, ...] = ()

    def whole(self) -> Any:
        """The formula without names for its parts."""
        parts: dict[Traced, Any] = {}
        for leaf, part in self.lets:
            parts[leaf] = _replaced(part, parts)
        return _replaced(self.body, parts)

    def evaluated(self) -> Array:
        """The numbers that the formula gives, computed by the formula."""
        known: dict[Traced, Any] = {}
        for leaf, part in self.lets:
            known[leaf] = _evaluated(part, known)
        return np.asarray(_evaluated(self.body, known))


def simplified(value: Any) -> Any:
    """``value`` in the form that reads best."""
    return Rewriter(READABLE, whole=True).rewrite([value])[0]


def read(value: Any, upstream: Traced | None = None, taken: Sequence[str] = ()) -> Reading:
    """``value`` as one writes it, without the factor ``upstream`` where it is one; names ``taken`` are not given."""
    if upstream is not None:
        reading = _named(value, upstream, taken)
        if reading is not None:
            return reading
    found = _named(value, None, taken)
    assert found is not None
    return found


def _named(value: Any, upstream: Traced | None, taken: Sequence[str]) -> Reading | None:
    """The reading with as many parts named as are worth it; None where ``upstream`` is no factor."""
    (shared,) = Rewriter({}, whole=True).rewrite([value])
    candidates = [each for each in _repeated(shared) if upstream is None or not reaches(each, upstream)]
    while True:
        reading = _with(shared, candidates, upstream, taken)
        if reading is None:
            return None
        used = _uses([reading.body, *(part for _, part in reading.lets)])
        kept = [
            candidate
            for candidate, (leaf, part) in zip(candidates, reading.lets, strict=True)
            if used.get(leaf, 0) > 1 and _size(part) >= _WORTH_A_NAME
        ]
        if len(kept) == len(candidates):
            return reading
        candidates = kept


def _with(shared: Any, candidates: Sequence[Traced], upstream: Traced | None, taken: Sequence[str]) -> Reading | None:
    letters = (letter for letter in _LETTERS if letter not in taken)
    leaves = {each: Traced(each.value, next(letters, f"{_LETTERS[0]}{i}")) for i, each in enumerate(candidates)}
    rewriter = Rewriter(READABLE, whole=True)
    parts = rewriter.rewrite([_replaced(each, leaves, itself=True) for each in candidates])
    (body,) = rewriter.rewrite([_replaced(shared, leaves)])
    if upstream is not None:
        body = _divided(rewriter, body, upstream)
        if body is None:
            return None
    lets = tuple(zip(leaves.values(), parts, strict=True))
    corners = tuple(corner for each in (body, *parts) for corner in _corners(rewriter, each))
    return Reading(body, lets, upstream is not None, corners)


def _repeated(value: Any) -> list[Traced]:
    """Calls whose results are used more than once, in the order in which they are made."""
    if not isinstance(value, Traced):
        return []
    used = _uses([value])
    return [
        each
        for each in in_order([value])
        if each.call is not None and not WORDS[each.call].silent and used.get(each, 0) > 1 and each.dtype.kind == "f"
    ]


def _uses(values: Sequence[Any]) -> dict[Traced, int]:
    """How often each traced array is written; layout calls are not, and a corner is told apart from the formula."""
    used: dict[Traced, int] = {}
    for each in values:
        if isinstance(each, Traced):
            used[each] = used.get(each, 0) + 1
    for current in reversed(in_order(values)):
        silent = current.call is not None and WORDS[current.call].silent
        for argument in _written_arguments(current):
            if isinstance(argument, Traced):
                used[argument] = used.get(argument, 0) + (used.get(current, 1) if silent else 1)
    return used


def _written_arguments(current: Traced) -> Iterator[Any]:
    """The arguments that its word shows; of a corner case without the condition, which stands beside the formula."""
    if current.call is None:
        return
    shown = WORDS[current.call].text
    for place, each in enumerate(current.args):
        if (f"{{{place}}}" in shown or "{all}" in shown) and not (place == 0 and current.call is guarded):
            yield from each if isinstance(each, (tuple, list)) else (each,)


def _size(value: Any) -> int:
    """How many names, numbers and calls are written."""
    if not isinstance(value, Traced) or value.call is None:
        return 1
    return (not WORDS[value.call].silent) + sum(map(_size, _written_arguments(value)))


def _replaced(value: Any, leaves: Mapping[Traced, Any], *, itself: bool = False) -> Any:
    """``value`` with what has a name replaced by it; ``itself`` keeps the outermost call."""
    done: dict[Traced, Any] = {}

    def new(argument: Any) -> Any:
        if isinstance(argument, Traced):
            return done[argument]
        if isinstance(argument, (tuple, list)) and any(isinstance(each, Traced) for each in argument):
            return type(argument)(map(new, argument))
        return argument

    if not isinstance(value, Traced):
        return value
    for current in in_order([value]):
        leaf = None if itself and current is value else leaves.get(current)
        if leaf is not None or current.call is None:
            done[current] = current if leaf is None else leaf
        else:
            kwargs = {name: new(each) for name, each in current.kwargs.items()}
            done[current] = Traced(current.value, "", current.call, tuple(map(new, current.args)), kwargs)
    return done[value]


# The upstream factor


def reaches(value: Any, leaf: Traced) -> bool:
    """Whether ``value`` depends on ``leaf``."""
    return isinstance(value, Traced) and any(each is leaf for each in in_order([value]))


def _divided(rewriter: Rewriter, value: Any, g: Traced) -> Any:
    """What ``value`` multiplies ``g`` with, element by element; None where it does something else with it."""
    if value is g:
        return np.asarray(1.0, g.dtype)
    if number(value) == 0:
        return value
    if not reaches(value, g):
        return None
    call, args = value.call, value.args
    if call in (np.multiply, np.divide) and not reaches(args[1], g):
        rest = _divided(rewriter, args[0], g)
        return None if rest is None else rewriter.call(call, (rest, args[1]), {}, value.value)
    if call is np.multiply and not reaches(args[0], g):
        rest = _divided(rewriter, args[1], g)
        return None if rest is None else rewriter.call(call, (args[0], rest), {}, value.value)
    if call is np.negative:
        rest = _divided(rewriter, args[0], g)
        return None if rest is None else rewriter.call(call, (rest,), {}, value.value)
    if WORDS[call].silent and (g.size == 1 or value.shape == args[0].shape):
        return _divided(rewriter, args[0], g)
    if call is guarded and reaches(args[0], g) and number(args[1]) == 0:
        return _divided(rewriter, args[2], g)  # a corner of the upstream gradient is none of the derivative
    if call in (np.where, guarded) and not reaches(args[0], g):
        branches = [each if zero_or_nan(each) else _divided(rewriter, each, g) for each in args[1:]]
        if not any(each is None for each in branches):
            return rewriter.call(call, (args[0], *branches), {}, value.value)
    return None


# Corners


def _corners(rewriter: Rewriter, value: Any) -> Iterator[Corner]:
    """The corner cases among the factors of ``value``, which can be told beside the formula."""
    if not isinstance(value, Traced) or value.call is None:
        return
    if value.call is guarded:
        corner, there, usual = value.args
        yield Corner(rewriter.call(np.logical_not, (corner,), {}, corner.value), there, value)
        yield from _corners(rewriter, usual)
    elif value.call is np.multiply:
        for each in value.args:
            yield from _corners(rewriter, each)
    elif value.call in (np.divide, np.negative, np.sum) or WORDS[value.call].silent:
        yield from _corners(rewriter, value.args[0])


# Evaluation


def _evaluated(value: Any, known: dict[Traced, Any]) -> Any:
    def plain(argument: Any) -> Any:
        if isinstance(argument, Traced):
            return known[argument]
        if isinstance(argument, (tuple, list)):
            return type(argument)(map(plain, argument))
        return argument

    if not isinstance(value, Traced):
        return value
    with np.errstate(all="ignore"):
        for current in in_order([value]):
            if current not in known:
                known[current] = (
                    current.value
                    if current.call is None
                    else np.asarray(
                        current.call(*map(plain, current.args), **{k: plain(v) for k, v in current.kwargs.items()})
                    )
                )
    return known[value]
