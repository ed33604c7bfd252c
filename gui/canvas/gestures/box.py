"""Selecting with a box drawn on the empty canvas; with Shift it adds to the selection."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen

from chainrule.gui.canvas.gestures.gesture import Press
from chainrule.gui.canvas.gradient_scale import tinted
from chainrule.gui.canvas.surface import Surface


class BoxSelect:
    """Selects, while it grows, every node whose card it touches."""

    def __init__(self, view: Surface, press: Press) -> None:
        self.view = view
        self.start = press.scene
        self.before = (view.editor.selection, view.editor.selected_sockets)
        self.kept = self.before[0] if press.modifiers & Qt.KeyboardModifier.ShiftModifier else frozenset()

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        box = QRectF(self.start, self.view.mapToScene(place)).normalized()
        theme = self.view.look.theme
        path = QPainterPath()
        path.addRect(box)
        self.view.sketch.draw(path, QPen(theme.selected, 1.2 / self.view.zoom), tinted(theme.selected, 0.1))
        inside = {i for i, item in self.view.canvas.nodes.items() if item.card_rect().intersects(box)}
        self.view.editor.select(self.kept | inside)

    def finish(self) -> None:
        """What the box touched is selected already."""

    def cancel(self) -> None:
        self.view.editor.select(*self.before)
