"""Where the number pills of gradient bands go: near the tip of their band, clear of cards, wires and each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF

from chainrule.gui.canvas.wire_path import Course

CLEAR = 2.0


def free_place(size: QRectF, band: Course, obstacles: Sequence[QRectF], lines: Iterable[Course]) -> QPointF:
    """The centre of a pill of ``size`` (a rectangle about 0, 0) for ``band``.

    ``obstacles`` are cards and the pills placed before, ``lines`` the wires and bands that it should not cover. The
    first place that touches nothing is taken, else the one that touches least.
    """
    points = [point for line in lines for point in line.points]
    best, least = band.points[len(band.points) // 2], float("inf")
    for cost, place in _candidates(size, band):
        rect = size.translated(place).adjusted(-CLEAR, -CLEAR, CLEAR, CLEAR)
        crossed = sum(30.0 for other in obstacles if other.intersects(rect))
        crossed += sum(4.0 for point in points if rect.contains(point))
        if crossed == 0.0:
            return place
        if crossed + cost < least:
            best, least = place, crossed + cost
    return best


def _candidates(size: QRectF, band: Course) -> Iterable[tuple[float, QPointF]]:
    """Below and above the band, from its tip towards its middle and on to its beginning."""
    down = size.height() / 2
    for n, share in enumerate((0.82, 0.6, 0.4, 0.2, 1.0)):
        point, _ = band.at(band.length * share)
        for rise in (down + 10, -(down + 18), down + 24, -(down + 34), down + 44):
            for slide in (0.0, size.width() / 2 + 10, -(size.width() / 2 + 10)):
                yield n + abs(rise) / 20 + abs(slide) / 40, point + QPointF(slide, rise)
