"""Dragging the canvas itself with the middle or the right button."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt

from chainrule.gui.canvas.camera import Camera
from chainrule.gui.canvas.gestures.gesture import Press


class Pan:
    """Moves what is shown along with the pointer."""

    def __init__(self, view: Camera, press: Press) -> None:
        self.view = view
        self.last = press.view
        self.way = QPoint()
        view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        self.view.pan_by(place - self.last)
        self.way += place - self.last
        self.last = place

    def finish(self) -> None:
        """The view is where it was dragged to; nothing else changes."""

    def cancel(self) -> None:
        self.view.pan_by(-self.way)
