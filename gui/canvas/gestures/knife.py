"""Ctrl-drag on the empty canvas: a line that cuts every wire it crosses, as one step of undo."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainterPath, QPen

from chainrule.gui.canvas.arrange import counted_wires, cut_wires
from chainrule.gui.canvas.gestures.gesture import Press
from chainrule.gui.canvas.surface import Surface
from chainrule.gui.canvas.wire_item import WireKey


class Knife:
    """Cuts when the button is let go."""

    def __init__(self, view: Surface, press: Press) -> None:
        self.view = view
        self.points = [press.scene]

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        self.points.append(self.view.mapToScene(place))
        pen = QPen(self.view.look.theme.error, 1.6 / self.view.zoom, Qt.PenStyle.DashLine)
        self.view.sketch.draw(_line(self.points), pen)
        count = len(self._crossed())
        self.view.sketch.say(f"cut {count} wire{'s' * (count != 1)}" if count else "", self.points[-1])

    def _crossed(self) -> list[WireKey]:
        cut = list(pairwise(self.points))
        found = []
        for key, wire in self.view.canvas.wires.items():
            course = wire.course.points
            pieces = list(pairwise(course))
            if any(_cross(*one, *other) for one in cut for other in pieces):
                found.append(key)
        return found

    def finish(self) -> None:
        crossed = self._crossed()
        if crossed:
            cut = cut_wires(self.view.editor.graph, crossed, f"cut {counted_wires(crossed)}")
            self.view.editor.do(cut)

    def cancel(self) -> None:
        """Nothing was cut yet."""


def _line(points: list[QPointF]) -> QPainterPath:
    path = QPainterPath(points[0])
    for point in points[1:]:
        path.lineTo(point)
    return path


def _cross(a: QPointF, b: QPointF, c: QPointF, d: QPointF) -> bool:
    """Whether the segments a-b and c-d have a point in common (touching ends of parallel ones aside)."""

    def side(p: QPointF, q: QPointF, r: QPointF) -> float:
        return (q.x() - p.x()) * (r.y() - p.y()) - (q.y() - p.y()) * (r.x() - p.x())

    return side(a, b, c) * side(a, b, d) <= 0 and side(c, d, a) * side(c, d, b) < 0
