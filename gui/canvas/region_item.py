"""A tinted area behind the members of a region, such as ``no_grad``, with its name."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from chainrule.core.document.graph import Region
from chainrule.gui import lettering
from chainrule.gui.canvas.gradient_scale import tinted
from chainrule.gui.theme import Theme

BEHIND_WIRES = -5.0
ROOM = 26.0


LEFT, TOP = 14.0, 8.0  # from the corner of the area to its title
SLIDE = 20.0


def around(cards: Iterable[QRectF]) -> QRectF:
    """The area of a region whose members have these ``cards``; empty without any."""
    area = QRectF()
    for card in cards:
        area = area.united(card)
    return area if area.isNull() else area.adjusted(-ROOM, -ROOM - 12, ROOM, ROOM)


def title_of(region: Region) -> str:
    """The kind of ``region``, with its name where that says more."""
    return region.kind if region.name == region.kind else f"{region.kind} \u00b7 {region.name}"


def title_place(area: QRectF, title: str, cards: Iterable[QRectF]) -> QRectF:
    """Where in ``area`` no card hides ``title``: along the upper edge, from the left on, else along the lower one."""
    over = list(cards)
    size = QSizeF(lettering.width("grad_fn", title) + 1, lettering.height("grad_fn"))
    first = QRectF(area.topLeft() + QPointF(LEFT, TOP), size)
    steps = max(int((area.width() - 2 * LEFT - size.width()) / SLIDE), 0) + 1
    for top in (first.top(), area.bottom() - TOP - size.height()):
        for n in range(steps):
            place = QRectF(QPointF(first.left() + SLIDE * n, top), size)
            if not any(card.intersects(place) for card in over):
                return place
    return first


class RegionItem(QGraphicsItem):
    """One region; the scene tells it where its members are."""

    def __init__(self, region: Region, theme: Theme) -> None:
        super().__init__()
        self.region = region
        self.theme = theme
        self._area = QRectF()
        self.title_rect = QRectF()
        self.setZValue(BEHIND_WIRES)

    def display(self, region: Region, area: QRectF, theme: Theme, cards: Iterable[QRectF] = ()) -> None:
        """Tint ``area``, with the title where none of ``cards`` hides it."""
        if area != self._area:
            self.prepareGeometryChange()
            self._area = area
        self.region, self.theme = region, theme
        self.title_rect = title_place(area, title_of(region), cards)
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
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextDontClip)
        painter.drawText(self.title_rect, flags, title_of(self.region))
