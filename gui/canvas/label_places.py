"""Where labels find room: pills near the tip of their band, the callout of now near its card, clear of all else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from chainrule.gui.canvas.leader import apart, crossed
from chainrule.gui.canvas.wire_path import Course, Points

CLEAR = 2.0
OVER, CLOSE = 6.0, 5.0  # how much more is kept above and below a pill, where a literal would read like its number
ALONG, AWAY = 46.0, 102.0  # at most so far along its band, and from it, a pill stands
COVERS = 4000.0  # what it costs a callout to cover a card
MOST_LEFTS = 32  # so many columns are searched for room, however many cards there are
FAR = 1600.0  # as far from its card a callout is put, where there is no room nearer
AIR = 24.0  # so far from other cards a callout stands, where it can, that is not beside its own
DETOUR = 240.0  # what it costs a callout if its line to the card has to get round another
EDGE = 8.0  # between a callout and the edge of what is seen


def free_place(size: QRectF, band: Course, obstacles: Sequence[QRectF], lines: Iterable[Course]) -> QPointF:
    """The centre of a pill of ``size`` (a rectangle about 0, 0) for ``band``.

    ``obstacles`` are cards and the pills placed before, ``lines`` the wires and bands that it should not cover. The
    first place that touches nothing is taken, else the one that touches least.
    """
    reach = size.adjusted(-ALONG - CLEAR, -AWAY, ALONG + CLEAR, AWAY)
    points = _points(lines, band.bounds().adjusted(-120, -120, 120, 120))
    best, least = band.points[len(band.points) // 2], inf
    known: dict[float, tuple[list[QRectF], Points]] = {}
    for cost, share, place in _candidates(size, band):
        if share not in known:  # of all that is near a long band only little is near one place of it
            area = reach.translated(band.at(band.length * share)[0])
            known[share] = [other for other in obstacles if other.intersects(area)], _inside(points, area)
        others, crossing = known[share]
        rect = size.translated(place).adjusted(-CLEAR, -CLEAR, CLEAR, CLEAR)
        around = rect.adjusted(0, -OVER, 0, OVER)
        crossed = sum(30.0 if other.intersects(rect) else CLOSE for other in others if other.intersects(around))
        if crossed + cost >= least:
            continue
        crossed += 4.0 * len(_inside(crossing, rect))
        if crossed == 0.0:
            return place
        if crossed + cost < least:
            best, least = place, crossed + cost
    return best


def _candidates(size: QRectF, band: Course) -> Iterable[tuple[float, float, QPointF]]:
    """(cost, share of the band, place) below and above the band, from its tip backwards, ever farther away."""
    down = size.height() / 2
    for far in (8.0, 16.0, 26.0, 38.0, 52.0, 72.0, AWAY - 8):
        for share in (0.85, 0.65, 0.5, 0.25, 0.95):
            point, _ = band.at(band.length * share)
            for rise in (down + far, -(down + far + 8)):
                for slide in (0.0, 24.0, -24.0, ALONG, -ALONG):
                    yield far / 10 + abs(slide) / 20 + (1 - share), share, point + QPointF(slide, rise)


def _points(lines: Iterable[Course], area: QRectF) -> Points:
    """The points of ``lines`` in ``area``."""
    spots = [line.spots for line in lines]
    return _inside(np.concatenate(spots), area) if spots else np.empty((0, 2))


def _inside(points: Points, rect: QRectF) -> Points:
    """Those of ``points`` that lie in ``rect``."""
    across, down = points.T
    within = (across >= rect.left()) & (across <= rect.right()) & (down >= rect.top()) & (down <= rect.bottom())
    found: Points = points[within]
    return found


def callout_place(
    box: QRectF, card: QRectF, obstacles: Sequence[QRectF], lines: Iterable[Course], seen: QRectF
) -> QPointF:
    """The top left corner for a callout as large as ``box`` beside ``card``: the nearest that covers nothing.

    Under the card is best; a place within ``seen`` goes before one that is not.
    """
    best, least = card.bottomLeft() + QPointF(20, 14), inf
    points = _points(lines, card.adjusted(-500, -500, 500, 500))
    others = _others(card, obstacles)
    for cost, wish in _around(box, card):
        place = _held(wish, box, seen)
        cost += (place - wish).manhattanLength()
        rect = box.translated(place).adjusted(-CLEAR, -CLEAR, CLEAR, CLEAR)
        if cost >= least:
            continue
        cost += COVERS * (sum(other.intersects(rect) for other in obstacles) + 2 * card.intersects(rect))
        cost += 0.0 if seen.contains(rect) else 1500.0
        if cost >= least:
            continue
        cost += 12.0 * len(_inside(points, rect))
        cost += DETOUR * crossed(box.translated(place), card, others)
        if cost < least:
            best, least = place, cost
    if least < COVERS:
        return best
    places = (_anywhere(box, card, obstacles, seen, air) for air in (AIR, 2 * CLEAR))
    return next((place for place in places if place is not None), best)


def _anywhere(box: QRectF, card: QRectF, obstacles: Sequence[QRectF], seen: QRectF, air: float) -> QPointF | None:
    """The place for ``box`` within ``seen``, clear of all else by ``air``, nearest to ``card``; None without one.

    A place whose line to the card has to get round others counts as farther.
    Wherever there is room, there is some at an edge: of what is seen, or of an obstacle.
    """
    room = seen.intersected(card.adjusted(-FAR, -FAR, FAR, FAR)).adjusted(EDGE, EDGE, -EDGE, -EDGE)
    near = [rect for rect in obstacles if rect.intersects(room)]
    lefts = {edge for rect in near for edge in (rect.left() - air - box.width(), rect.right() + air)}
    tried = sorted(lefts, key=lambda left: abs(left - card.left()))[:MOST_LEFTS]
    others = _others(card, near)
    best, least = None, inf
    for left in (card.left(), room.left(), room.right() - box.width(), *tried):
        place = _in_column(left, box, card, near, room, air)
        if place is None:
            continue
        rect = box.translated(place)
        cost = apart(rect, card) + DETOUR * crossed(rect, card, others)
        if cost < least:
            best, least = place, cost
    return best


def _others(card: QRectF, obstacles: Iterable[QRectF]) -> list[QRectF]:
    """Those of ``obstacles`` that are no part of ``card``."""
    return [rect for rect in obstacles if not card.contains(rect)]


def _in_column(
    left: float, box: QRectF, card: QRectF, near: Iterable[QRectF], room: QRectF, air: float
) -> QPointF | None:
    """The free place nearest to ``card`` for ``box`` at ``left``; one walk down through what stands in its way."""
    if left < room.left() or left + box.width() > room.right():
        return None
    column = QRectF(left - air / 2, room.top(), box.width() + air, room.height())
    wish = card.bottom() + air
    free, tops = room.top(), []
    walls = sorted((rect.top() - air, rect.bottom() + air) for rect in near if rect.intersects(column))
    for top, bottom in (*walls, (room.bottom(), room.bottom())):
        if free + box.height() <= top:
            tops.append(min(max(wish, free), top - box.height()))
            tops.append(min(max(card.top() - air - box.height(), free), top - box.height()))
        free = max(free, bottom)
    places = [QPointF(left, top) for top in tops]
    return min(places, key=lambda place: apart(box.translated(place), card), default=None)


def _around(box: QRectF, card: QRectF) -> Iterable[tuple[float, QPointF]]:
    """(distance, place) below, above and beside ``card``, in steps as large as ``box`` asks for."""
    step = max(box.height() / 50, 1.0)
    for far in (12.0, 40.0, 70.0, 110.0, 160.0, 220.0, 300.0, 400.0):
        away = 12.0 + (far - 12.0) * step
        for slide in (20.0, -20.0, -70.0, 70.0, card.width() - box.width(), -150.0, 150.0):
            yield far + abs(slide) / 10, QPointF(card.left() + slide, card.bottom() + away)
            yield far + abs(slide) / 10 + 15, QPointF(card.left() + slide, card.top() - away - box.height())
        for rise in (0.0, card.height() / 2, card.height() - box.height()):
            yield far + 25, QPointF(card.right() + away + 10, card.top() + rise)
            yield far + 30, QPointF(card.left() - away - 10 - box.width(), card.top() + rise)


def _held(place: QPointF, box: QRectF, seen: QRectF) -> QPointF:
    """``place`` moved so far that ``box`` there lies within ``seen``, where it fits at all."""
    return QPointF(
        max(seen.left() + EDGE, min(place.x(), seen.right() - EDGE - box.width())),
        max(seen.top() + EDGE, min(place.y(), seen.bottom() - EDGE - box.height())),
    )
