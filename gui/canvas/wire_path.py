"""The course of a wire and of the gradient lane beside it, as points in the scene; pure geometry.

A wire leaves its output to the right and enters its input from the left. The lane keeps a constant distance on the
right-hand side of the way forward and runs back from the input to the output.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

LANE = 10.0  # between the wire and the middle of the gradient's band
SAMPLES, FEW = 22, 8  # of a curve, and of a level piece between two
# What the two control points and the end weigh at places along a curve.
WEIGHTS = [(3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3) for t in (n / 32 for n in range(33))]

Point = tuple[float, float]
Way = tuple[Point, ...]
Points = NDArray[np.float64]


def wire_path(start: QPointF, end: QPointF, way: Way = ()) -> QPainterPath:
    """The wire from an output at ``start`` to an input at ``end``, by the points of ``way``, which it passes level."""
    path = QPainterPath(start)
    for one, pull, other in _pieces(start, end, way):
        path.cubicTo(one + pull, other - pull, other)
    return path


def _pieces(start: QPointF, end: QPointF, way: Way) -> Iterator[tuple[QPointF, QPointF, QPointF]]:
    """The curves of a wire: where each begins, how far its control points are from its ends, and where it ends.

    Between lanes there may be little room from left to right, which a curve must not leave.
    """
    for one, other in pairwise([start, *(QPointF(*point) for point in way), end]):
        down = 0.0 if way else abs(other.y() - one.y())
        yield one, QPointF(_reach(other.x() - one.x(), down), 0), other


def _reach(across: float, down: float) -> float:
    """How far the curve's control points are from its ends."""
    if across >= 0:
        return max(min(across / 2, 160.0), min(down / 2, 34.0))
    return min(60.0 - across / 3, 220.0)


class Rise:
    """How high the curve from ``start`` to ``end``, which lies to the right, is at each place between them."""

    __slots__ = ("_down", "_places", "_top")

    def __init__(self, start: Point, end: Point) -> None:
        across = end[0] - start[0]
        self._top, self._down = start[1], end[1] - start[1]
        pull = _reach(across, abs(self._down))
        other, begin = across - pull, start[0]
        self._places = [begin + one * pull + two * other + three * across for one, two, three in WEIGHTS]

    def at(self, x: float) -> float:
        """The height at ``x``."""
        places = self._places
        n = min(max(bisect_left(places, x), 1), len(places) - 1)
        before, behind = places[n - 1], places[n]
        t = (n - 1 + min(max((x - before) / ((behind - before) or 1.0), 0.0), 1.0)) / (len(places) - 1)
        return self._top + self._down * t * t * (3 - 2 * t)


def hull(start: QPointF, end: QPointF, way: Way = ()) -> QRectF:
    """A rectangle that the wire from ``start`` to ``end`` does not leave, worked out without following it."""
    area = QRectF()
    for one, pull, other in _pieces(start, end, way):
        area = area.united(QRectF(one, other).normalized()).united(QRectF(one + pull, other - pull).normalized())
    return area


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A line through ``points`` with the length reached at each of them; ``spots`` are the points as rows (x, y)."""

    points: tuple[QPointF, ...]
    reached: tuple[float, ...]
    spots: Points

    @property
    def length(self) -> float:
        return self.reached[-1]

    def at(self, distance: float) -> tuple[QPointF, float]:
        """The point ``distance`` along the course, and the direction there in radians."""
        distance = min(max(distance, 0.0), self.length)
        for n in range(1, len(self.points)):
            if distance <= self.reached[n] or n == len(self.points) - 1:
                one, other = self.points[n - 1], self.points[n]
                span = self.reached[n] - self.reached[n - 1] or 1.0
                share = (distance - self.reached[n - 1]) / span
                step = other - one
                return one + step * share, math.atan2(step.y(), step.x())
        return self.points[0], 0.0

    def part(self, until: float) -> QPainterPath:
        """The first ``until`` units of the course."""
        path = QPainterPath(self.points[0])
        for point, reached in zip(self.points[1:], self.reached[1:], strict=True):
            if reached >= until:
                path.lineTo(self.at(until)[0])
                return path
            path.lineTo(point)
        return path

    def bounds(self) -> QRectF:
        return self.part(self.length).boundingRect()


def course(points: Sequence[QPointF]) -> Course:
    """The course through at least two ``points``."""
    reached = [0.0]
    for one, other in pairwise(points):
        reached.append(reached[-1] + math.hypot(other.x() - one.x(), other.y() - one.y()))
    return Course(tuple(points), tuple(reached), np.array([(point.x(), point.y()) for point in points]))


def lane(start: QPointF, end: QPointF, way: Way = (), offset: float = LANE) -> Course:
    """The gradient's way back beside the wire from ``start`` to ``end``: it begins at the input."""
    points: list[QPointF] = []
    for one, pull, other in _pieces(start, end, way):
        samples = SAMPLES if one.y() != other.y() or not way else FEW
        for n in range(bool(points), samples + 1):
            place, slope = _bezier((one, one + pull, other - pull, other), n / samples)
            size = math.hypot(slope.x(), slope.y()) or 1.0
            points.append(place + QPointF(-slope.y(), slope.x()) * (offset / size))
    return course(points[::-1])


def _bezier(control: tuple[QPointF, QPointF, QPointF, QPointF], t: float) -> tuple[QPointF, QPointF]:
    a, b, c, d = control
    u = 1 - t
    place = a * (u * u * u) + b * (3 * u * u * t) + c * (3 * u * t * t) + d * (t * t * t)
    slope = (b - a) * (3 * u * u) + (c - b) * (6 * u * t) + (d - c) * (3 * t * t)
    if abs(slope.x()) + abs(slope.y()) < 1e-6:
        slope = d - a
    return place, slope
