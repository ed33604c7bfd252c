"""How wires get past the cards between their ends: along free lanes above, below and between them. Pure geometry.

A wire whose usual curve meets no card keeps it. Another runs level past what is in its way, in the nearest gap, and
changes its height only beside cards; ``wire_path`` says how such a way is drawn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

from chainrule.gui.canvas.wire_path import Point, Rise, Way

Key = TypeVar("Key", bound=Hashable)
NEAR = 4.0  # a curve that comes so near to a card meets it
ABOVE, BELOW = 20.0, 12.0  # what a lane leaves free over a card, where the gradient's band runs, and under one
BESIDE = 10.0  # how far before and behind a card its lane begins and ends
COLUMN = 40.0  # cards that begin so near to each other stand in one column
APART = 20.0  # between lanes of different sources, where there is room
CELL = 400.0
DEEPEST = 14  # halvings of a wire: enough to pass thousands of columns


class Box(NamedTuple):
    """A card's rectangle."""

    left: float
    top: float
    right: float
    bottom: float


class Router(Generic[Key]):
    """Finds ways among ``cards``; lanes that it has given to a source are not given to another where there is room."""

    def __init__(self, cards: Mapping[Key, Box]) -> None:
        self._cards = cards
        self._cells: dict[tuple[int, int], list[Key]] = defaultdict(list)
        self._stripes: dict[int, list[Key]] = defaultdict(list)
        for key, box in cards.items():
            for across in _cells(box.left, box.right):
                self._stripes[across].append(key)
                for down in _cells(box.top, box.bottom):
                    self._cells[across, down].append(key)
        self._columns: dict[Box, Point] = {}
        self._walls: dict[tuple[float, float], list[Point]] = {}
        self._lanes: dict[tuple[float, float], dict[float, Hashable]] = defaultdict(dict)

    def meets(self, source: Key, target: Key, start: Point, end: Point) -> bool:
        """Whether the usual curve runs beneath a card."""
        return end[0] > start[0] and bool(self._met(start, end, (source, target)))

    def keep(self, source: Key, way: Way) -> None:
        """Remember the lanes of a ``way`` that was found before."""
        for (left, height), (right, _) in zip(way[::2], way[1::2], strict=True):
            self._lanes[round(left), round(right)][height] = source

    def way(self, source: Key, target: Key, start: Point, end: Point) -> Way:
        """The points between ``start`` and ``end``, two for each lane; none where the usual curve will do.

        None either where the wire runs backwards, or where cards stand so that no such way leads past them.
        """
        if end[0] <= start[0]:
            return ()
        found = self._between(start, end, (source, target), DEEPEST)
        return tuple(found or ())

    def _between(self, start: Point, end: Point, ends: tuple[Key, Key], depth: int) -> list[Point] | None:
        """A way from ``start`` to ``end``: past one card that the curve meets, and so on to both sides of it."""
        met = self._met(start, end, ends)
        if not met:
            return []
        if not depth:
            return None
        met.sort(key=lambda box: box.left)
        lane = self._lane(start, end, met[len(met) // 2], ends)
        if lane is None:
            return None
        before = self._between(start, lane[0], ends, depth - 1)
        behind = None if before is None else self._between(lane[1], end, ends, depth - 1)
        return None if before is None or behind is None else [*before, *lane, *behind]

    def _met(self, start: Point, end: Point, ends: tuple[Key, Key]) -> list[Box]:
        """The cards, other than ``ends``, that the curve from ``start`` to ``end`` meets."""
        low, high = min(start[1], end[1]) - NEAR, max(start[1], end[1]) + NEAR
        rise: Rise | None = None
        met = []
        for key in self._within(start[0], end[0], low, high):
            left, top, right, bottom = box = self._cards[key]
            if right <= start[0] or left >= end[0] or bottom <= low or top >= high or key in ends:
                continue
            rise = rise or Rise(start, end)
            # The curve neither turns back nor rises and falls: over a card it is between its heights at the sides.
            one, other = rise.at(max(left - NEAR, start[0])), rise.at(min(right + NEAR, end[0]))
            if min(one, other) < bottom + NEAR and max(one, other) > top - NEAR:
                met.append(box)
        return met

    def _within(self, left: float, right: float, top: float, bottom: float) -> set[Key]:
        """The cards in the cells of a rectangle, or in its stripes where those are fewer."""
        across, down = _cells(left, right), _cells(top, bottom)
        if len(down) > 12:
            return set(chain.from_iterable(self._stripes.get(x, ()) for x in across))
        return set(chain.from_iterable(self._cells.get((x, y), ()) for x in across for y in down))

    def _lane(self, start: Point, end: Point, card: Box, ends: tuple[Key, Key]) -> tuple[Point, Point] | None:
        """Where the wire runs level past ``card`` and the column that it stands in."""
        left, right = self._column(card)
        if start[0] < left and right < end[0]:
            height = self._free(left, right, Rise(start, end).at((left + right) / 2), ends[0])
            return (left, height), (right, height)
        # Where an end of the wire stands in that column, the height of the lane is given.
        height = end[1] if start[0] < left else start[1]
        lane = (max(left, start[0]), height), (min(right, end[0]), height)
        return None if lane[0] >= lane[1] or self._met(*lane, ends) else lane

    def _column(self, card: Box) -> Point:
        """From where to where a lane past ``card`` has to be level: past all that stand in its column."""
        found = self._columns.get(card)
        if found is None:
            near = [self._cards[key] for key in self._in_stripe(card.left - COLUMN, card.right + COLUMN)]
            column = [other for other in near if abs(other.left - card.left) <= COLUMN]
            left, right = min(other.left for other in column), max(other.right for other in column)
            near = [self._cards[key] for key in self._in_stripe(left - COLUMN, right + COLUMN)]
            before = min((left - other.right for other in near if other.right <= left), default=COLUMN)
            behind = min((other.left - right for other in near if other.left >= right), default=COLUMN)
            found = left - min(BESIDE, before / 3), right + min(BESIDE, behind / 3)
            self._columns[card] = found
        return found

    def _in_stripe(self, left: float, right: float) -> Iterable[Key]:
        for key in set(chain.from_iterable(self._stripes.get(x, ()) for x in _cells(left, right))):
            if self._cards[key].left < right and self._cards[key].right > left:
                yield key

    def _free(self, left: float, right: float, wish: float, source: Key) -> float:
        """The height nearest to ``wish`` at which nothing stands between ``left`` and ``right``."""
        column = round(left), round(right)
        walls = self._walls.get(column)
        if walls is None:
            boxes = (self._cards[key] for key in self._in_stripe(left, right))
            walls = self._walls[column] = _merged((box.top - ABOVE, box.bottom + BELOW) for box in boxes)
        place = bisect_right(walls, (wish, float("inf")))
        floor = walls[place - 1][1] if place else float("-inf")
        ceiling = walls[place][0] if place < len(walls) else float("inf")
        if floor <= wish:
            return self._apart(column, wish, floor, ceiling, source)
        over, under = walls[place - 1]  # the wall in which the wish lies
        if wish - over < under - wish:
            return self._apart(column, over, walls[place - 2][1] if place > 1 else float("-inf"), over, source)
        return self._apart(column, under, under, ceiling, source)

    def _apart(self, column: tuple[float, float], wish: float, floor: float, ceiling: float, source: Key) -> float:
        """``wish``, or the nearest height to it that is apart from the lanes of other sources, within a gap."""
        taken = self._lanes[column]
        others = [height for height, owner in taken.items() if owner != source]
        for step in range(12):
            for height in (wish + step * APART / 2, wish - step * APART / 2):
                if floor <= height <= ceiling and all(abs(height - other) >= APART for other in others):
                    taken[height] = source
                    return height
        return wish


def _cells(low: float, high: float) -> range:
    return range(int(low // CELL), int(high // CELL) + 1)


def _merged(spans: Iterable[Point]) -> list[Point]:
    """``spans`` (low, high) in order, those that touch as one."""
    merged: list[Point] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(high, merged[-1][1])
        else:
            merged.append((low, high))
    return merged
