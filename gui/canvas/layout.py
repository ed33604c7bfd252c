"""A layered layout from left to right: longest-path ranks, dummy nodes on long wires, barycentre sweeps.

After Sugiyama, Tagawa and Toda (1981), with ranks from the longest path and every leaf pulled next to what uses it.
Pure geometry on ids and sizes; it knows neither the graph nor the canvas.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Place = tuple[float, float]
Size = tuple[float, float]

SWEEPS = 8
ACROSS, DOWN = 60.0, 36.0  # between columns, room for what a band carries, and between the cards of one
DUMMY_HEIGHT = 24.0


def layered(sizes: Mapping[Key, Size], wires: Sequence[tuple[Key, Key, int]]) -> dict[Key, Place]:
    """The top left corner of every node, the first at about 0, 0.

    ``wires`` are (source, target, place of the socket in the target) without cycles; equal input gives equal output.
    """
    ranks = _ranks(list(sizes), wires)
    columns, links = _with_dummies(ranks, wires)
    order = _untangled(columns, links)
    tops = _heights(order, links, sizes)
    lefts, left = {}, 0.0
    for rank, column in enumerate(order):
        lefts[rank] = left
        widths = [sizes[key][0] for key in column if key in sizes]  # type: ignore[index]
        left += max(widths, default=0.0) + ACROSS
    highest = min(tops[key] for key in sizes)
    return {key: (lefts[ranks[key]], tops[key] - highest) for key in sizes}


def _ranks(keys: list[Key], wires: Sequence[tuple[Key, Key, int]]) -> dict[Key, int]:
    """The column of every node: behind all its sources; what has no source stands just before its first user."""
    into: dict[Key, list[Key]] = defaultdict(list)
    out: dict[Key, list[Key]] = defaultdict(list)
    for source, target, _ in wires:
        into[target].append(source)
        out[source].append(target)
    waiting = {key: len(into[key]) for key in keys}
    ready = [key for key in keys if waiting[key] == 0]
    ranks: dict[Key, int] = dict.fromkeys(ready, 0)
    for key in ready:  # grows while it is walked
        for target in out[key]:
            ranks[target] = max(ranks.get(target, 0), ranks[key] + 1)
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    for key in keys:
        if not into[key] and out[key]:
            ranks[key] = min(ranks[target] for target in out[key]) - 1
    lowest = min(ranks.values(), default=0)
    return {key: rank - lowest for key, rank in ranks.items()}


def _with_dummies(
    ranks: Mapping[Key, int], wires: Sequence[tuple[Key, Key, int]]
) -> tuple[list[list[Hashable]], list[tuple[Hashable, Hashable, int]]]:
    """Columns, and links between neighbouring columns only: a long wire has a dummy in each column it passes."""
    columns: list[list[Hashable]] = [[] for _ in range(max(ranks.values(), default=0) + 1)]
    for key, rank in ranks.items():
        columns[rank].append(key)
    links: list[tuple[Hashable, Hashable, int]] = []
    for number, (source, target, place) in enumerate(wires):
        last: Hashable = source
        for rank in range(ranks[source] + 1, ranks[target]):
            dummy = ("dummy", number, rank)
            columns[rank].append(dummy)
            links.append((last, dummy, 0))
            last = dummy
        links.append((last, target, place))
    return columns, links


def _untangled(columns: list[list[Hashable]], links: Sequence[tuple[Hashable, Hashable, int]]) -> list[list[Hashable]]:
    """The columns, each ordered by the mean place of its neighbours, swept to and fro; the best sweep is kept."""
    left: dict[Hashable, list[tuple[Hashable, int]]] = defaultdict(list)
    right: dict[Hashable, list[tuple[Hashable, int]]] = defaultdict(list)
    for source, target, place in links:
        left[target].append((source, 0))
        right[source].append((target, place))
    best, fewest = [list(column) for column in columns], _crossings(columns, right)
    order = [list(column) for column in columns]
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 1
        neighbours = left if forward else right
        indices = range(1, len(order)) if forward else range(len(order) - 2, -1, -1)
        for rank in indices:
            beside = order[rank - 1 if forward else rank + 1]
            at = {key: n for n, key in enumerate(beside)}
            own = {key: n for n, key in enumerate(order[rank])}
            order[rank].sort(key=lambda key: (_barycentre(neighbours[key], at, own[key]), own[key]))
        count = _crossings(order, right)
        if count < fewest or (sweep == 0 and count == fewest):
            best, fewest = [list(column) for column in order], count
    return best


def _barycentre(neighbours: list[tuple[Hashable, int]], at: Mapping[Hashable, int], own: int) -> float:
    if not neighbours:
        return float(own)
    return sum(at[key] + place * 0.1 for key, place in neighbours) / len(neighbours)


def _crossings(order: Sequence[Sequence[Hashable]], right: Mapping[Hashable, list[tuple[Hashable, int]]]) -> int:
    """How many pairs of links cross, counted as inversions between neighbouring columns."""
    total = 0
    for column, beside in pairwise(order):
        at = {key: n for n, key in enumerate(beside)}
        ends = [
            at[key] + 0.01 * place
            for source in column
            for key, place in sorted(right.get(source, ()), key=lambda link: (at[link[0]], link[1]))
        ]
        total += _inversions(ends)
    return total


def _inversions(values: Sequence[float]) -> int:
    seen: list[float] = []
    count = 0
    for value in values:
        count += len(seen) - bisect_right(seen, value)
        insort(seen, value)
    return count


def _heights(
    order: Sequence[Sequence[Hashable]], links: Sequence[tuple[Hashable, Hashable, int]], sizes: Mapping[Key, Size]
) -> dict[Hashable, float]:
    """The top of everything: cards drawn towards the middle of their neighbours, kept apart and in order."""
    high = {key: sizes[key][1] if key in sizes else DUMMY_HEIGHT for column in order for key in column}  # type: ignore[index]
    near: dict[Hashable, list[Hashable]] = defaultdict(list)
    for source, target, _ in links:
        near[source].append(target)
        near[target].append(source)
    tops: dict[Hashable, float] = {}
    for column in order:
        total = sum(high[key] for key in column) + DOWN * (len(column) - 1)
        top = -total / 2
        for key in column:
            tops[key] = top
            top += high[key] + DOWN
    for sweep in range(SWEEPS):
        for column in order if sweep % 2 else order[::-1]:
            wishes = {}
            for key in column:
                middles = [tops[other] + high[other] / 2 for other in near[key]]
                wishes[key] = sum(middles) / len(middles) - high[key] / 2 if middles else tops[key]
            _stack(column, wishes, high, tops)
    return tops


def _stack(
    column: Sequence[Hashable],
    wishes: Mapping[Hashable, float],
    high: Mapping[Hashable, float],
    tops: dict[Hashable, float],
) -> None:
    """Give each of ``column`` the top it wishes, pushing apart what would overlap, half up and half down."""
    blocks: list[tuple[list[Hashable], float, float]] = []  # keys, wished top, height
    for key in column:
        keys, wish, tall = [key], wishes[key], high[key]
        while blocks and blocks[-1][1] + blocks[-1][2] + DOWN > wish:
            above, above_wish, above_tall = blocks.pop()
            count, own = len(above), len(keys)
            wish = (above_wish * count + (wish - above_tall - DOWN) * own) / (count + own)
            keys, tall = above + keys, above_tall + DOWN + tall
        blocks.append((keys, wish, tall))
    for keys, wish, _ in blocks:
        top = wish
        for key in keys:
            tops[key] = top
            top += high[key] + DOWN
