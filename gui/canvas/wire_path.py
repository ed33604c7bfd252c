"""The course of a wire and of the gradient lane beside it, as points in the scene; pure geometry.

A wire leaves its output to the right and enters its input from the left. The lane keeps a constant distance on the
right-hand side of the way forward and runs back from the input to the output.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

LANE = 10.0  # between the wire and the middle of the gradient's band
SAMPLES = 22


def wire_path(start: QPointF, end: QPointF) -> QPainterPath:
    """The wire from an output at ``start`` to an input at ``end``."""
    path = QPainterPath(start)
    pull = _pull(start, end)
    path.cubicTo(start + QPointF(pull, 0), end - QPointF(pull, 0), end)
    return path


def _pull(start: QPointF, end: QPointF) -> float:
    across = end.x() - start.x()
    down = abs(end.y() - start.y())
    if across >= 0:
        return max(min(across / 2, 160.0), min(down / 2, 34.0))
    return min(60.0 - across / 3, 220.0)


def hull(start: QPointF, end: QPointF) -> QRectF:
    """A rectangle that the wire from ``start`` to ``end`` does not leave, worked out without following it."""
    pull = _pull(start, end)
    return QRectF(start, end).normalized().united(QRectF(start + QPointF(pull, 0), end - QPointF(pull, 0)).normalized())


@dataclass(frozen=True, slots=True)
class Course:
    """A line through ``points`` with the length reached at each of them."""

    points: tuple[QPointF, ...]
    reached: tuple[float, ...]

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
    return Course(tuple(points), tuple(reached))


def lane(start: QPointF, end: QPointF, offset: float = LANE) -> Course:
    """The gradient's way back beside the wire from ``start`` to ``end``: it begins at the input."""
    pull = _pull(start, end)
    control = (start, start + QPointF(pull, 0), end - QPointF(pull, 0), end)
    points = []
    for n in range(SAMPLES + 1):
        place, slope = _bezier(control, n / SAMPLES)
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
