"""Moving nodes: they follow the pointer, snap to the grid (not while Ctrl is held), and land as one step of undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt

from chainrule.core.document import edits
from chainrule.gui.canvas.gestures.gesture import Press

if TYPE_CHECKING:
    from chainrule.gui.canvas.view import CanvasView

SNAP = 10.0


class MoveNodes:
    """Takes along everything that is selected, or selects the node that was grabbed."""

    def __init__(self, view: CanvasView, press: Press) -> None:
        assert press.node is not None
        self.view = view
        self.start = press.scene
        self.grabbed = press.node
        if press.node not in view.editor.selection:
            extend = press.modifiers & Qt.KeyboardModifier.ShiftModifier
            view.editor.select((view.editor.selection if extend else frozenset()) | {press.node})
        graph = view.editor.graph
        self.before = {i: QPointF(*graph.nodes[i].position) for i in view.editor.selection}
        self.places = dict(self.before)

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        offset = self.view.mapToScene(place) - self.start
        if not modifiers & Qt.KeyboardModifier.ControlModifier:
            corner = self.before[self.grabbed]
            offset = _snapped(corner + offset) - corner
        self.places = {i: corner + offset for i, corner in self.before.items()}
        self.view.canvas.try_places(self.places)

    def finish(self) -> None:
        if self.places != self.before:
            graph = self.view.editor.graph
            moved = {i: (place.x(), place.y()) for i, place in self.places.items() if i in graph.nodes}
            if not self.view.editor.do(edits.move(graph, moved)):
                self.cancel()

    def cancel(self) -> None:
        self.view.canvas.try_places({i: p for i, p in self.before.items() if i in self.view.canvas.nodes})


def _snapped(place: QPointF) -> QPointF:
    return QPointF(round(place.x() / SNAP) * SNAP, round(place.y() / SNAP) * SNAP)
