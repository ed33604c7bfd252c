"""The gradient on its way back beside a wire: a band with arrowheads from right to left, and a pill with its number.

Width and length stand for magnitude, the hue for the sign. ``progress`` is how far it has come.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from chainrule.gui import lettering
from chainrule.gui.canvas.gradient_scale import GradientScale, mixed, sign_colour
from chainrule.gui.canvas.label_item import LabelItem
from chainrule.gui.canvas.wire_item import WireKey
from chainrule.gui.canvas.wire_path import LANE, Course, Way, hull, lane
from chainrule.gui.numbers import magnitude, short_gradient, sign
from chainrule.gui.theme import Theme

Array = NDArray[Any]

BETWEEN_WIRES_AND_CARDS, ABOVE_CARDS = -1.0, 3.0
THIN, THICK = 4.0, 8.0
DASH, SPACE = 15.0, 13.0
HEAD = 13.0
FUNNEL, SUM, SUM_RADIUS = 24.0, 24.0, 9.0
APART = 130.0  # between arrowheads on a long wire
PILL_HEIGHT = 22.0
MOST_BARS, BAR = 8, 4.0  # a pill of as many has room between two columns of cards
READABLE = 0.4  # below this zoom nobody could read the number


class BandItem(QGraphicsItem):
    """The band of one wire; there is one only while the shown state has a contribution on that wire."""

    def __init__(self, key: WireKey, theme: Theme, scale: GradientScale) -> None:
        super().__init__()
        self.key = key
        self.theme = theme
        self.colours = scale
        self.contribution: Array | None = None
        self.summed = False
        self.progress = 1.0
        self.phase = 0.0
        self._course: Course | None = None
        self.run: tuple[QPointF, QPointF, Way] = (QPointF(), QPointF(), ())
        self._bounds = QRectF()
        self.setZValue(BETWEEN_WIRES_AND_CARDS)

    def set_run(self, start: QPointF, end: QPointF, way: Way) -> None:
        """Run beside the wire from ``start`` to ``end`` by ``way``."""
        if (start, end, way) == self.run:
            return
        self.prepareGeometryChange()
        self.run = (start, end, way)
        self._course = None
        room = LANE + HEAD
        self._bounds = hull(start, end, way).adjusted(-room, -room, room, room)

    @property
    def course(self) -> Course:
        """The lane as points, from the input back to the output, worked out when it is painted or asked for."""
        if self._course is None:
            self._course = lane(*self.run)
        return self._course

    def set_gradient(self, contribution: Array, theme: Theme, scale: GradientScale, *, summed: bool = False) -> None:
        """Carry ``contribution``; ``summed`` says that it is the sum over the copies of a broadcast input."""
        if (contribution is self.contribution) and (theme, scale, summed) == (self.theme, self.colours, self.summed):
            return
        self.contribution, self.theme, self.colours, self.summed = contribution, theme, scale, summed
        self.update()

    def set_progress(self, progress: float, phase: float = 0.0) -> None:
        """Show the band as far as it has come (0 to 1); ``phase`` shifts its dashes."""
        if (progress, phase) != (self.progress, self.phase):
            self.progress, self.phase = progress, phase
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self.contribution is None or self.progress <= 0:
            return
        direction = sign(self.contribution)
        colour = sign_colour(self.theme, direction)
        ground = {1: self.theme.positive_band, -1: self.theme.negative_band}.get(
            direction, mixed(self.theme.canvas, self.theme.neutral, 0.3)
        )
        thick = THIN + (THICK - THIN) * abs(self.colours.fraction(magnitude(self.contribution)))
        reached = self.course.length * self.progress
        path = self.course.part(reached)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        flat = QPen(ground, thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        painter.setPen(flat)
        painter.drawPath(path)
        dashes = QPen(colour, thick * 0.8, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
        dashes.setDashPattern([DASH / (thick * 0.8), SPACE / (thick * 0.8)])
        dashes.setDashOffset(-self.phase / (thick * 0.8))
        painter.setPen(dashes)
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for distance in self._heads(reached):
            painter.drawPolygon(self._head(distance, thick))
        if self.summed:
            self._paint_funnel(painter, ground, colour, thick)

    def _paint_funnel(self, painter: QPainter, ground: QColor, colour: QColor, thick: float) -> None:
        """Where the gradients of all copies become one: wide at the socket, and a sum sign at the narrow end."""
        painter.setBrush(ground)
        painter.drawPolygon(self._across(0.0, FUNNEL) + self._across(SUM, thick)[::-1])
        middle, _ = self.course.at(SUM)
        painter.setPen(QPen(colour, 1.4))
        painter.setBrush(self.theme.canvas)
        painter.drawEllipse(middle, SUM_RADIUS, SUM_RADIUS)
        box = QRectF(-SUM_RADIUS, -SUM_RADIUS, 2 * SUM_RADIUS, 2 * SUM_RADIUS).translated(middle)
        painter.setFont(lettering.font("superscript"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), "\N{GREEK CAPITAL LETTER SIGMA}")

    def _across(self, distance: float, wide: float) -> list[QPointF]:
        """The two ends of a line ``wide`` across the course at ``distance``."""
        point, angle = self.course.at(distance)
        side = QPointF(-math.sin(angle), math.cos(angle)) * (wide / 2)
        return [point - side, point + side]

    def _heads(self, reached: float) -> list[float]:
        """Where arrowheads stand: one at the tip, more on a long way."""
        tip = min(reached, self.course.length - 5)
        return [tip - n * APART for n in range(int(max(0.0, tip - 40) // APART) + 1)]

    def _head(self, distance: float, thick: float) -> QPolygonF:
        tip, angle = self.course.at(distance)
        back, _ = self.course.at(distance - HEAD)
        if self.course.length < HEAD:
            back = tip - QPointF(math.cos(angle), math.sin(angle)) * HEAD
        along = tip - back
        size = math.hypot(along.x(), along.y()) or 1.0
        side = QPointF(-along.y(), along.x()) * ((thick / 2 + 3.5) / size)
        return QPolygonF([tip, back + side, back - side])


class PillItem(LabelItem):
    """What a band carries: a signed number, or small signed bars for an array; the scene finds room for it."""

    def __init__(self, key: WireKey, theme: Theme) -> None:
        super().__init__()
        self.key = key
        self.theme = theme
        self.contribution: Array | None = None
        self.rect = pill_rect(None)
        self.setZValue(ABOVE_CARDS)

    def set_gradient(self, contribution: Array, theme: Theme) -> None:
        if contribution is self.contribution and theme == self.theme:
            return
        self.prepareGeometryChange()
        self.contribution, self.theme = contribution, theme
        self.rect = pill_rect(contribution)
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self.contribution is None or option.levelOfDetailFromTransform(painter.worldTransform()) < READABLE:
            return
        colour = sign_colour(self.theme, sign(self.contribution))
        painter.setPen(QPen(colour, 1.3))
        painter.setBrush(self.theme.canvas)
        painter.drawRoundedRect(self.rect, self.rect.height() / 2, self.rect.height() / 2)
        if self.contribution.size == 1:
            painter.setFont(lettering.font("pill"))
            painter.drawText(self.rect, int(Qt.AlignmentFlag.AlignCenter), short_gradient(self.contribution))
        else:
            _paint_small_bars(painter, self.rect.adjusted(10, 3, -10, -3), self.contribution, self.theme)


def _paint_small_bars(painter: QPainter, box: QRectF, array: Array, theme: Theme) -> None:
    """Up to eight elements as bars over and under a line, relative to the largest."""
    flat = np.nan_to_num(array.reshape(-1)[:: max(1, -(-array.size // MOST_BARS))].astype(np.float64))
    largest = float(np.abs(flat).max()) or 1.0 if flat.size else 1.0
    pitch = box.width() / max(flat.size, 1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.neutral)
    painter.drawRect(QRectF(box.left(), box.center().y() - 0.5, box.width(), 1))
    for n, value in enumerate(flat):
        painter.setBrush(theme.gradient_sign(float(value)))
        reach = -float(value) / largest * box.height() / 2
        painter.drawRect(QRectF(box.left() + n * pitch + 0.5, box.center().y(), pitch - 1.0, reach).normalized())


def pill_rect(contribution: Array | None) -> QRectF:
    """The pill for ``contribution``, centred on 0, 0."""
    wide = 42.0
    if contribution is not None and contribution.size == 1:
        wide = max(wide, lettering.width("pill", short_gradient(contribution)) + 20)
    elif contribution is not None:
        wide = max(wide, 20 + BAR * min(contribution.size, MOST_BARS))
    return QRectF(-wide / 2, -PILL_HEIGHT / 2, wide, PILL_HEIGHT)
