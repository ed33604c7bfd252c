"""Calls gathered into loops: which elementwise calls and sums share one walk over the elements, and in which order.

A loop's inner values never become arrays. What a loop looks like in a language is ``fused``'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule.core.compile.text import basic_index
from chainrule.core.compile.tracing import Traced, TracingError, arguments, value_of
from chainrule.core.ops.vocabulary import WORDS, index

FOLDS = (np.sum, np.prod, np.max, np.min)
VIEWS = (np.reshape, np.expand_dims, np.squeeze, np.broadcast_to, np.transpose, np.swapaxes, np.flip, index)
EACH, FOLD, PRODUCT, JOIN, VIEW = "elementwise", "folding", "matrix product", "joining", "viewing"


@dataclass
class Group:
    """Calls that run together: one walk over ``shape``, or (``shape`` None) one matrix product or join."""

    shape: tuple[int, ...] | None
    calls: list[Traced] = field(default_factory=list)


def sort_of(call: Traced) -> str:
    """What a loop has to do for ``call``; TracingError for what it cannot do."""
    function: Any = call.call
    if function in VIEWS:
        if function is index and not basic_index(call.args[1]):
            raise TracingError("the fused loop cannot pick by arrays of indices")
        return VIEW
    if function in FOLDS:
        return FOLD
    if function is np.matmul:
        if any(np.ndim(value_of(each)) > 2 for each in call.args):
            raise TracingError("the fused loop multiplies matrices, not batches of them")
        return PRODUCT
    if function is np.concatenate:
        return JOIN
    if isinstance(function, np.ufunc) or function in (np.where, np.astype) or WORDS[function].scalar:
        return EACH
    raise TracingError(f"the fused loop does not know {function.__name__}")


def grouped(order: Sequence[Traced]) -> list[Group]:
    """``order`` as groups, each after those whose results it needs."""
    groups: list[Group] = []
    place: dict[Traced, int] = {}  # the group of each call
    for call in order:
        sort = sort_of(call)
        if sort == VIEW:
            continue
        shape = _walk(call, sort)
        first = max((_earliest(call, each, place, shape) for each in call_inputs(call)), default=0)
        joined = (
            None if shape is None else next((g for g in range(first, len(groups)) if groups[g].shape == shape), None)
        )
        if joined is None:
            groups.append(Group(shape))
            joined = len(groups) - 1
        groups[joined].calls.append(call)
        place[call] = joined
    return groups


def _walk(call: Traced, sort: str) -> tuple[int, ...] | None:
    """The elements that ``call`` walks over; size 1, whatever the dimensions, is no walk at all."""
    if sort in (PRODUCT, JOIN):
        return None
    shape = call.shape if sort == EACH else value_of(call.args[0]).shape
    return () if np.prod(shape) == 1 else shape


def call_inputs(call: Traced) -> list[Traced]:
    """What ``call`` takes, views looked through."""
    return [base_of(each) for each in arguments(call)]


def base_of(value: Traced) -> Traced:
    """What ``value`` is a view of, or itself."""
    while value.call in VIEWS and isinstance(value.args[0], Traced):
        value = value.args[0]
    return value


def _earliest(call: Traced, base: Traced, place: dict[Traced, int], shape: tuple[int, ...] | None) -> int:
    """The first group in which ``call`` can use ``base``: its own, if they meet element by element there."""
    if base not in place:
        return 0
    direct = all(each is base for each in arguments(call) if base_of(each) is base) or base.size == 1
    aligned = shape is not None and direct and sort_of(base) == EACH and _walk(base, EACH) == shape
    return place[base] if aligned else place[base] + 1
