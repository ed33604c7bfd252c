"""What every label between the cards is: an item with a rectangle that finds a place and that others keep clear of."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem


class LabelItem(QGraphicsItem):
    """``rect`` lies about 0, 0."""

    rect: QRectF

    def boundingRect(self) -> QRectF:
        return self.rect.adjusted(-1, -1, 1, 1)

    def covers(self) -> QRectF:
        """The room it takes in the scene."""
        return self.rect.translated(self.pos())
