"""A tinted area behind the members of a region, such as ``no_grad``, with its name."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from chainrule.core.document.graph import Region
from chainrule.gui import lettering
from chainrule.gui.canvas.gradient_scale import tinted
from chainrule.gui.theme import Theme

BEHIND_WIRES = -5.0
ROOM = 26.0


def around(cards: Iterable[QRectF]) -> QRectF:
    """The area of a region whose members have these ``cards``; empty without any."""
    area = QRectF()
    for card in cards:
        area = area.united(card)
    return area if area.isNull() else area.adjusted(-ROOM, -ROOM - 12, ROOM, ROOM)


class RegionItem(QGraphicsItem):
    """One region; the scene tells it where its members are."""

    def __init__(self, region: Region, theme: Theme) -> None:
        super().__init__()
        self.region = region
        self.theme = theme
        self._area = QRectF()
        self.setZValue(BEHIND_WIRES)

    def display(self, region: Region, area: QRectF, theme: Theme) -> None:
        """Tint ``area``."""
        if area != self._area:
            self.prepareGeometryChange()
            self._area = area
        self.region, self.theme = region, theme
        self.update()

    def boundingRect(self) -> QRectF:
        return self._area.adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colour = self.theme.family("control")
        painter.setPen(QPen(tinted(colour, 0.7), 1.3, Qt.PenStyle.DashLine))
        painter.setBrush(tinted(colour, 0.1))
        painter.drawRoundedRect(self._area, 16, 16)
        painter.setPen(self.theme.text_muted)
        painter.setFont(lettering.font("grad_fn"))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        title = (
            self.region.kind
            if self.region.name == self.region.kind
            else f"{self.region.kind} \u00b7 {self.region.name}"
        )
        painter.drawText(self._area.adjusted(14, 8, -14, 0), flags, title)
