"""The callout under the card of *now*: framed in the accent colour, the only thing besides the ring that wears it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from chainrule.gui import lettering
from chainrule.gui.theme import Theme

ABOVE_EVERYTHING = 5.0
PADDING_X, PADDING_Y, LEADING = 12.0, 7.0, 17.0
NARROWEST, NARROW, WIDEST = 150.0, 260.0, 560.0


class NowItem(QGraphicsItem):
    """A title and a few lines; hidden while nothing is now."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.title = ""
        self.lines: tuple[str, ...] = ()
        self._said: tuple[str, ...] = ()  # before they are broken to fit
        self._box = QRectF()
        self._line: tuple[QPointF, QPointF] | None = None
        self.setZValue(ABOVE_EVERYTHING)
        self.hide()

    def say(self, title: str, lines: tuple[str, ...], theme: Theme) -> None:
        """Show ``title`` over ``lines``, or nothing where there is no title."""
        self.setVisible(bool(title))
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

    def lead(self, line: tuple[QPointF, QPointF] | None) -> None:
        """Draw ``line`` to the card that is explained, or none where that stands beside the callout."""
        if line != self._line:
            self.prepareGeometryChange()
            self._line = line

    @property
    def box(self) -> QRectF:
        return self._box

    def boundingRect(self) -> QRectF:
        box = self._box if self._line is None else self._box.united(QRectF(*self._line).normalized())
        return box.adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(QPen(self.theme.accent, 1.2))
        if self._line is not None:
            painter.drawLine(*self._line)
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
