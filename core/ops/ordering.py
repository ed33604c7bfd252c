"""Which of several equals comes first where PyTorch does not say: the steps of the algorithms that it runs on the CPU.

These are the selections and sorts of the C++ library that PyTorch is built with, and its own search for the k-th. They
work on ranks, whole numbers in which equals are equal and nan is the largest, and leave the order they lead to. Only
lines with equals need them, and the long ones go without: there the steps would take too long, and equals keep their
order.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from chainrule.core.ops.vocabulary import opaque

LONGEST = 512  # elements of a line that the steps are followed for
INSERTED = 16  # up to so many are sorted by insertion

Ranks = list[int]
Order = list[int]


@opaque("order({0})")
def places_in_order(array: Any, axis: int, descending: bool) -> Any:
    """Where the elements stand that PyTorch's sort brings first, second, ... unless it is to be stable."""
    return _followed(array, axis, descending, std_sort, as_they_come=False)


@opaque("order({0})")
def places_of_most(array: Any, axis: int, count: int, largest: bool, in_order: bool) -> Any:
    """Where the ``count`` smallest or largest stand along ``axis``, in order or as PyTorch's topk comes upon them."""
    search = partial(std_select, count=count, in_order=in_order)
    places = _followed(array, axis, largest, search, as_they_come=not in_order)
    return np.copy(places[(slice(None),) * (axis % array.ndim) + (slice(0, count),)])


@opaque("order({0})")
def place_of_kth(array: Any, axis: int, k: int) -> Any:
    """Where the ``k``-th smallest stands along ``axis``, counting from 1, as PyTorch's kthvalue finds it."""
    places = _followed(array, axis, False, partial(kth_search, k=k - 1), as_they_come=False)
    return np.copy(places[(slice(None),) * (axis % array.ndim) + (slice(k - 1, k),)])


def stable_order(array: Any, axis: int, descending: bool) -> Any:
    """Where the elements stand that come first, second, ... along ``axis``; equals keep their order either way."""
    if not descending:
        return np.argsort(array, axis=axis, stable=True)
    turned = (*(slice(None),) * (axis % array.ndim), slice(None, None, -1))
    return (array.shape[axis] - 1 - np.argsort(array[turned], axis=axis, stable=True))[turned]


def _followed(array: Any, axis: int, descending: bool, steps: Any, *, as_they_come: bool) -> Any:
    """The order along ``axis`` in which ``steps`` leave what has equals, or everything ``as_they_come``."""
    stable = stable_order(array, axis, descending)
    length = array.shape[axis]
    if not 1 < length <= LONGEST:
        return stable
    lines = np.swapaxes(array, axis, -1).reshape(-1, length)
    if not as_they_come and _all_different(lines):
        return stable
    orders = np.ascontiguousarray(np.swapaxes(stable, axis, -1))
    for line, order in zip(lines, orders.reshape(-1, length), strict=True):
        different, ranks = np.unique(line, return_inverse=True)
        if as_they_come or len(different) < length:
            found = list(range(length))
            steps((-ranks if descending else ranks).tolist(), found)
            order[:] = found
    return np.swapaxes(orders, -1, axis)


def _all_different(lines: Any) -> bool:
    """Whether no line has equals; what is not a number might be one."""
    return all(len(set(line)) == len(line) for line in lines.tolist()) and not np.count_nonzero(lines != lines)


def std_sort(ranks: Ranks, order: Order, first: int = 0, last: int | None = None) -> None:
    """``std::sort`` of the places from ``first`` up to ``last``."""
    last = len(order) if last is None else last
    _sort_roughly(ranks, order, first, last, _deepest(last - first))
    _insert_each(ranks, order, first, last)


def std_select(ranks: Ranks, order: Order, count: int, in_order: bool) -> None:
    """The ``count`` smallest first, as ``topk`` finds them; sorted, or as they are come upon."""
    if count * 64 <= len(order):
        _keep_smallest(ranks, order, count)
        _sort_heap(ranks, order, count)
        return
    _nth_element(ranks, order, count - 1)
    if in_order:
        std_sort(ranks, order, 0, count - 1)


def kth_search(ranks: Ranks, order: Order, k: int) -> None:
    """The ``k``-th smallest, counting from 0, in its place, as ``kthvalue`` finds it."""
    low, high = 0, len(order) - 1
    while high > low + 1:
        middle = low + (high - low) // 2
        _swap(order, middle, low + 1)
        for a, b in ((low + 1, high), (low, high), (low + 1, low)):
            if ranks[order[a]] > ranks[order[b]]:
                _swap(order, a, b)
        up, down, pivot = low + 1, high, ranks[order[low]]
        while True:
            up += 1
            while pivot > ranks[order[up]]:
                up += 1
            down -= 1
            while ranks[order[down]] > pivot:
                down -= 1
            if down < up:
                break
            _swap(order, up, down)
        _swap(order, low, down)
        low, high = up if down <= k else low, down - 1 if down >= k else high
    if high == low + 1 and ranks[order[low]] > ranks[order[high]]:
        _swap(order, low, high)


def _swap(order: Order, a: int, b: int) -> None:
    order[a], order[b] = order[b], order[a]


def _deepest(length: int) -> int:
    """How often a range of ``length`` is divided before a heap takes over."""
    return 2 * (length.bit_length() - 1)


def _insert_each(ranks: Ranks, order: Order, first: int, last: int) -> None:
    for at in range(first + 1, last):
        each = order[at]
        rank = ranks[each]
        while at > first and rank < ranks[order[at - 1]]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = each


def _sort_roughly(ranks: Ranks, order: Order, first: int, last: int, depth: int) -> None:
    while last - first > INSERTED:
        if not depth:
            part = order[first:last]
            _keep_smallest(ranks, part, len(part))
            _sort_heap(ranks, part, len(part))
            order[first:last] = part
            return
        depth -= 1
        cut = _divide(ranks, order, first, last)
        _sort_roughly(ranks, order, cut, last, depth)
        last = cut


def _nth_element(ranks: Ranks, order: Order, nth: int) -> None:
    first, last, depth = 0, len(order), _deepest(len(order))
    while last - first > 3:
        if not depth:
            part = order[first:last]
            _keep_smallest(ranks, part, nth + 1 - first)
            _swap(part, 0, nth - first)
            order[first:last] = part
            return
        depth -= 1
        cut = _divide(ranks, order, first, last)
        first, last = (cut, last) if cut <= nth else (first, cut)
    _insert_each(ranks, order, first, last)


def _divide(ranks: Ranks, order: Order, first: int, last: int) -> int:
    """What is less than the median of three before what is more; where the one ends and the other begins."""
    _swap(order, first, _median(ranks, order, first + 1, first + (last - first) // 2, last - 1))
    pivot, first = ranks[order[first]], first + 1
    while True:
        while ranks[order[first]] < pivot:
            first += 1
        last -= 1
        while pivot < ranks[order[last]]:
            last -= 1
        if first >= last:
            return first
        _swap(order, first, last)
        first += 1


def _median(ranks: Ranks, order: Order, a: int, b: int, c: int) -> int:
    ra, rb, rc = (ranks[order[each]] for each in (a, b, c))
    if ra < rb:
        return b if rb < rc else c if ra < rc else a
    return a if ra < rc else c if rb < rc else b


# Heaps, with the largest on top


def _keep_smallest(ranks: Ranks, order: Order, count: int) -> None:
    """A heap of the ``count`` smallest at the front."""
    for top in range(count // 2 - 1, -1, -1):
        _sink(ranks, order, top, count, order[top])
    for at in range(count, len(order)):
        if ranks[order[at]] < ranks[order[0]]:
            each, order[at] = order[at], order[0]
            _sink(ranks, order, 0, count, each)


def _sort_heap(ranks: Ranks, order: Order, count: int) -> None:
    for end in range(count - 1, 0, -1):
        each, order[end] = order[end], order[0]
        _sink(ranks, order, 0, end, each)


def _sink(ranks: Ranks, order: Order, hole: int, count: int, each: int) -> None:
    """Fill ``hole`` with the larger child all the way down, and let ``each`` rise from there."""
    top = hole
    while 2 * hole + 2 < count:
        child = 2 * hole + 2
        if ranks[order[child]] < ranks[order[child - 1]]:
            child -= 1
        order[hole], hole = order[child], child
    if 2 * hole + 2 == count:
        order[hole], hole = order[2 * hole + 1], 2 * hole + 1
    while hole > top and ranks[order[(hole - 1) // 2]] < ranks[each]:
        order[hole], hole = order[(hole - 1) // 2], (hole - 1) // 2
    order[hole] = each
