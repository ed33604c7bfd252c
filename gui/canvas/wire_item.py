"""A wire: solid where autograd tracks what it carries, thin, grey and dashed where it does not."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas.wire_path import Course, Way, lane, wire_path
from chainrule.gui.theme import Theme

WireKey = tuple[NodeId, str]  # the socket it ends in: node and name

REACH = 20.0  # the width of the stripe that takes a press
BEHIND_CARDS = -2.0


class WireItem(QGraphicsPathItem):
    """Drawn by Qt itself, with no Python in the way; the scene keeps it in step with the graph."""

    def __init__(self, key: WireKey) -> None:
        super().__init__()
        self.key = key
        self.source: NodeId = 0
        self.output = ""
        self.start = QPointF()
        self.end = QPointF()
        self.way: Way = ()
        self._course: Course | None = None
        self.setZValue(BEHIND_CARDS)

    @property
    def run(self) -> tuple[QPointF, QPointF, Way]:
        """Where it begins and ends, and by which points it goes."""
        return self.start, self.end, self.way

    def set_run(self, start: QPointF, end: QPointF, way: Way = ()) -> None:
        """Run from ``start`` (an output) to ``end`` (an input) by ``way``, in scene coordinates."""
        if (start, end, way) != self.run:
            self.start, self.end, self.way = start, end, way
            self.setPath(wire_path(start, end, way))
            self._course = None

    @property
    def course(self) -> Course:
        """The wire as points, worked out when somebody asks."""
        if self._course is None:
            self._course = lane(*self.run, 0.0)
        return self._course

    def set_look(self, theme: Theme, *, tracked: bool, selected: bool, hovered: bool) -> None:
        """Take the pen that says what the wire is."""
        if selected:
            pen = QPen(theme.selected, 3.4)
        elif tracked:
            pen = QPen(theme.wire, 2.6 if hovered else 1.8)
        else:
            pen = QPen(theme.wire if hovered else theme.wire_untracked, 2.0 if hovered else 1.4)
            pen.setDashPattern([2.0, 3.2])
        pen.setCapStyle(Qt.PenCapStyle.RoundCap if tracked or selected else Qt.PenCapStyle.FlatCap)
        if pen != self.pen():
            self.setPen(pen)

    def shape(self) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(REACH)
        return stroker.createStroke(self.path())
