"""What a gesture draws while it is under way: a line, a box, and a note near the pointer."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from chainrule.gui import lettering
from chainrule.gui.theme import Look

TOPMOST = 10.0


class Sketch(QGraphicsItem):
    """One item for every gesture, empty between them."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.path = QPainterPath()
        self.pen = QPen(Qt.PenStyle.NoPen)
        self.fill: QColor | None = None
        self.note = ""
        self._note_rect = QRectF()
        self._bounds = QRectF()
        self.setZValue(TOPMOST)

    def draw(self, path: QPainterPath, pen: QPen, fill: QColor | None = None) -> None:
        """Show ``path`` in place of what was drawn before."""
        self.path, self.pen, self.fill = path, pen, fill
        self._measure()

    def say(self, note: str, beside: QPointF) -> None:
        """Write ``note`` beside a point; nothing where it is empty."""
        self.note = note
        size = QRectF(0, 0, lettering.width("label", note) + 16, 24)
        self._note_rect = size.translated(beside + QPointF(14, 16)) if note else QRectF()
        self._measure()

    def clear(self) -> None:
        """Draw nothing."""
        if not self._bounds.isNull():
            self.path, self.pen, self.fill, self.note, self._note_rect = (
                QPainterPath(),
                QPen(Qt.PenStyle.NoPen),
                None,
                "",
                QRectF(),
            )
            self._measure()

    def _measure(self) -> None:
        bounds = self.path.boundingRect() if not self.path.isEmpty() else QRectF()
        bounds = bounds.united(self._note_rect)
        self.prepareGeometryChange()
        self._bounds = bounds.adjusted(-6, -6, 6, 6) if not bounds.isNull() else QRectF()
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if not self.path.isEmpty():
            painter.setPen(self.pen)
            painter.setBrush(self.fill if self.fill is not None else Qt.BrushStyle.NoBrush)
            painter.drawPath(self.path)
        if self.note:
            theme = self.look.theme
            painter.setPen(QPen(theme.error, 1.2))
            painter.setBrush(theme.panel)
            painter.drawRoundedRect(self._note_rect, 6, 6)
            painter.setPen(theme.text)
            painter.setFont(lettering.font("label"))
            painter.drawText(self._note_rect, int(Qt.AlignmentFlag.AlignCenter), self.note)
