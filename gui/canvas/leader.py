"""The line from a callout to the card it explains: along the axes, and past the other cards, not behind them.

Behind a card it would seem to end there. Where no way is clear there is no line, since a wrong one says less than none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

Walls = NDArray[np.float64]
Line = list[QPointF]

NEAR = 60.0  # farther from its card a callout has a line to it
LIP = 0.1  # so much of a callout's height is between its edge and a line that leaves it sideways
PAST = 12.0  # so far from the edge of a card, clear of its sockets, a line runs along it
CORNER = 30.0  # what a corner costs, as so much more line
LANES = 16  # so many ways between cards are looked at, of those that are nearest


def apart(one: QRectF, other: QRectF) -> float:
    """How far two rectangles are apart, across and down together."""
    across = max(one.left() - other.right(), other.left() - one.right(), 0.0)
    down = max(one.top() - other.bottom(), other.top() - one.bottom(), 0.0)
    return across + down


def leader(box: QRectF, card: QRectF, others: Iterable[QRectF] = ()) -> Line:
    """The line from ``box`` to ``card`` that crosses none of ``others``; none where they stand near each other.

    The straight one, or that with one corner, where it is clear; else the shortest, of two corners at most.
    """
    if apart(box, card) < NEAR:
        return []
    first = plain(box, card)
    walls = _walls(others)
    if not _crosses(first, walls):
        return first
    solid = np.concatenate([walls, _walls((card, box), -1.0)])
    ways = [_ended(way, box, card) for way in _ways(box, card, walls)]
    return next((way for way in sorted(ways, key=_cost) if not _crosses(way, solid)), [])


def plain(box: QRectF, card: QRectF) -> Line:
    """The line from ``box`` to ``card`` as if nothing stood between: straight, or with a corner where it has to."""
    across = _common(box.left(), box.right(), card.left(), card.right())
    down = _common(box.top(), box.bottom(), card.top(), card.bottom())
    if across is not None:
        return [_nearest(box, QPointF(across, card.center().y())), _nearest(card, QPointF(across, box.center().y()))]
    if down is not None:
        return [_nearest(box, QPointF(card.center().x(), down)), _nearest(card, QPointF(box.center().x(), down))]
    lip = LIP * box.height()
    corner = QPointF(card.center().x(), box.top() + lip if card.center().y() < box.top() else box.bottom() - lip)
    return [_nearest(box, corner), corner, _nearest(card, corner)]


def crossed(box: QRectF, card: QRectF, others: Iterable[QRectF]) -> bool:
    """Whether the plain line from ``box`` to ``card`` runs behind one of ``others``."""
    return apart(box, card) >= NEAR and _crosses(plain(box, card), _walls(others))


def _ways(box: QRectF, card: QRectF, walls: Walls) -> Iterable[Line]:
    """Lines from within ``box`` to within ``card``, along the edges of ``walls`` and of both."""
    edges = np.concatenate([walls, _walls((box, card))])
    outs = [(_share(card.left(), card.right(), s), _share(card.top(), card.bottom(), s)) for s in (0.5, 0.25, 0.75)]
    ins = [(_share(box.left(), box.right(), s), _share(box.top(), box.bottom(), s)) for s in (LIP, 0.5, 1 - LIP)]
    across = _lanes(edges[:, 0], edges[:, 2], card.center().x())
    down = _lanes(edges[:, 1], edges[:, 3], card.center().y())
    for (out_x, out_y), (in_x, in_y) in product(outs, ins):
        yield [QPointF(in_x, in_y), QPointF(in_x, out_y), QPointF(out_x, out_y)]
        yield [QPointF(in_x, in_y), QPointF(out_x, in_y), QPointF(out_x, out_y)]
        for x in across:
            if box.left() < x < box.right():
                yield [QPointF(x, in_y), QPointF(x, out_y), QPointF(out_x, out_y)]
            else:
                yield [QPointF(in_x, in_y), QPointF(x, in_y), QPointF(x, out_y), QPointF(out_x, out_y)]
        for y in down:
            if box.top() < y < box.bottom():
                yield [QPointF(in_x, y), QPointF(out_x, y), QPointF(out_x, out_y)]
            else:
                yield [QPointF(in_x, in_y), QPointF(in_x, y), QPointF(out_x, y), QPointF(out_x, out_y)]


def _lanes(lows: NDArray[Any], highs: NDArray[Any], middle: float) -> list[float]:
    """Where a line may run beside what reaches from ``lows`` to ``highs``, those nearest to ``middle``."""
    lanes = {float(edge) for edge in (*(lows - 1), *(highs + 1))}
    return sorted(lanes, key=lambda lane: (abs(lane - middle), lane))[:LANES]


def _ended(way: Line, box: QRectF, card: QRectF) -> Line:
    """``way`` between the edges of ``box`` and ``card``."""
    return [_nearest(box, way[1]), *way[1:-1], _nearest(card, way[-2])]


def _cost(way: Line) -> float:
    return sum((b - a).manhattanLength() for a, b in pairwise(way)) + CORNER * len(way)


def _walls(rects: Iterable[QRectF], past: float = PAST - 1) -> Walls:
    """Left, top, right and bottom of every rectangle, ``past`` larger."""
    sides = [(rect.left() - past, rect.top() - past, rect.right() + past, rect.bottom() + past) for rect in rects]
    return np.array(sides).reshape(-1, 4)


def _crosses(way: Sequence[QPointF], walls: Walls) -> bool:
    """Whether a piece of ``way``, along the axes, runs through one of ``walls``."""
    lefts, tops, rights, bottoms = walls.T
    return any(
        bool(
            np.any(
                (lefts < max(a.x(), b.x()))
                & (rights > min(a.x(), b.x()))
                & (tops < max(a.y(), b.y()))
                & (bottoms > min(a.y(), b.y()))
            )
        )
        for a, b in pairwise(way)
    )


def _share(low: float, high: float, share: float) -> float:
    return low + (high - low) * share


def _common(low: float, high: float, other_low: float, other_high: float) -> float | None:
    """The middle of what two spans have in common; None where that is nothing."""
    begin, end = max(low, other_low), min(high, other_high)
    return (begin + end) / 2 if begin < end else None


def _nearest(rect: QRectF, place: QPointF) -> QPointF:
    return QPointF(
        min(max(place.x(), rect.left()), rect.right()),
        min(max(place.y(), rect.top()), rect.bottom()),
    )
