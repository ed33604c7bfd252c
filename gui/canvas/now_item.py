"""The callout under the card of *now*: framed in the accent colour, the only thing besides the ring that wears it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsLineItem, QStyleOptionGraphicsItem, QWidget

from chainrule.gui import lettering
from chainrule.gui.theme import Theme

ABOVE_EVERYTHING, BEHIND_CARDS = 5.0, -0.5
PADDING_X, PADDING_Y, LEADING = 12.0, 7.0, 17.0
MOST_PIECES = 3
NARROWEST, NARROW, WIDEST = 150.0, 260.0, 560.0


class NowItem(QGraphicsItem):
    """A title and a few lines; hidden while nothing is now. The ``line`` to its card runs past other cards."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.title = ""
        self.lines: tuple[str, ...] = ()
        self._said: tuple[str, ...] = ()  # before they are broken to fit
        self._box = QRectF()
        # Items along the axes: one that went across would have all that lies about it painted anew.
        self.line = [QGraphicsLineItem() for _ in range(MOST_PIECES)]
        for item in self.line:
            item.setZValue(BEHIND_CARDS)
        self.setZValue(ABOVE_EVERYTHING)
        self.hide()

    def say(self, title: str, lines: tuple[str, ...], theme: Theme) -> None:
        """Show ``title`` over ``lines``, or nothing where there is no title."""
        self.setVisible(bool(title))
        if not title:
            self.lead([])
        if (title, lines, theme) == (self.title, self._said, self.theme):
            return
        self.title, self._said, self.theme = title, lines, theme
        self.fold(WIDEST)

    def fold(self, widest: float) -> None:
        """Break the lines so that none is wider than ``widest``."""
        lines = tuple(part for line in self._said for part in lettering.wrapped("sum", line, widest))
        self.prepareGeometryChange()
        self.lines = lines
        widths = [lettering.width("now", self.title), *(lettering.width("sum", line) for line in lines)]
        self._box = QRectF(
            0, 0, max(NARROWEST, max(widths) + 2 * PADDING_X), (1 + len(lines)) * LEADING + 2 * PADDING_Y
        )
        self.update()

    def lead(self, points: Sequence[QPointF]) -> None:
        """Draw a line by ``points`` of the scene, of which there are four at most, to the card that is explained."""
        pieces = [QLineF(*piece) for piece in pairwise(points)]
        for n, item in enumerate(self.line):
            item.setVisible(n < len(pieces))
            if n < len(pieces):
                item.setLine(pieces[n])
                item.setPen(QPen(self.theme.accent, 1.2 * self.scale()))

    @property
    def box(self) -> QRectF:
        return self._box

    def boundingRect(self) -> QRectF:
        return self._box.adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(QPen(self.theme.accent, 1.2))
        painter.setBrush(self.theme.panel if self.theme.dark else self.theme.card)
        painter.drawRoundedRect(self._box, 9, 9)
        line = QRectF(PADDING_X, PADDING_Y, self._box.width(), LEADING)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip)
        painter.setPen(self.theme.accent)
        painter.setFont(lettering.font("now"))
        painter.drawText(line, flags, self.title)
        painter.setPen(self.theme.text)
        painter.setFont(lettering.font("sum"))
        for text in self.lines:
            line.translate(0, LEADING)
            painter.drawText(line, flags, text)
