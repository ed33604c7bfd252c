"""Paints a card from its anatomy: ground, rings, boxes, letters and sockets. It decides no positions."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from chainrule.gui import lettering, symbols
from chainrule.gui.canvas import far_card, tank, thumbnails
from chainrule.gui.canvas.card import SOCKET_RADIUS, Card, ChipBox, Port, Text, Well
from chainrule.gui.canvas.gradient_scale import GradientScale, mixed, tinted
from chainrule.gui.canvas.marks import Marks
from chainrule.gui.theme import Theme

ROUND, LEAF_ROUND = 12.0, 20.0
FAR = 0.4  # below this zoom a card is its ground, its name and its sign colour
SEEN, WIDEST = 0.8, 10.0  # from afar the ring of now is two pixels wide, as far as the room around a card allows
CLOSE = 1.4  # from this zoom on sockets show their names

_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}


def outline(card: Card, grow: float = 0.0) -> QPainterPath:
    """The silhouette: an op is evenly rounded; a leaf has a rounder back, on the left."""
    rect = card.rect.adjusted(-grow, -grow, grow, grow)
    left = (LEAF_ROUND if card.is_leaf else ROUND) + grow
    right = ROUND + grow
    path = QPainterPath()
    path.moveTo(rect.left() + left, rect.top())
    path.lineTo(rect.right() - right, rect.top())
    path.arcTo(QRectF(rect.right() - 2 * right, rect.top(), 2 * right, 2 * right), 90, -90)
    path.lineTo(rect.right(), rect.bottom() - right)
    path.arcTo(QRectF(rect.right() - 2 * right, rect.bottom() - 2 * right, 2 * right, 2 * right), 0, -90)
    path.lineTo(rect.left() + left, rect.bottom())
    path.arcTo(QRectF(rect.left(), rect.bottom() - 2 * left, 2 * left, 2 * left), 270, -90)
    path.lineTo(rect.left(), rect.top() + left)
    path.arcTo(QRectF(rect.left(), rect.top(), 2 * left, 2 * left), 180, -90)
    path.closeSubpath()
    return path


def paint(painter: QPainter, card: Card, theme: Theme, scale: GradientScale, marks: Marks, zoom: float) -> None:
    """Paint ``card`` at ``zoom`` (1 is 100 %); gradients are coloured on ``scale``."""
    if zoom < FAR:
        _paint_ground(painter, card, theme, marks)
        _paint_rings(painter, card, theme, marks, min(max(1.0, SEEN / zoom), WIDEST))
        far_card.paint(painter, card, theme, zoom)
        if marks.problem == "warning":
            _paint_warning(painter, warning_box(card), theme)
        return
    _paint_shadow(painter, card, theme)
    _paint_ground(painter, card, theme, marks)
    _paint_rings(painter, card, theme, marks)
    if card.is_leaf:
        _paint_leaf(painter, card, theme, scale, marks)
    else:
        _paint_op(painter, card, theme, marks)
    for well in card.wells:
        _paint_well(painter, well, theme, scale)
    for text in card.texts:
        paint_text(painter, text, theme)
    for port in card.ports:
        _paint_port(painter, port, theme, marks, zoom)
    if marks.problem == "warning":
        _paint_warning(painter, warning_box(card), theme)


def warning_box(card: Card) -> QRectF:
    """Where the mark of a warning sits: on the top left corner."""
    return QRectF(-9, -9, 22, 22)


def _paint_warning(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """A triangle with an exclamation mark."""
    corners = [QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]
    painter.setPen(QPen(theme.canvas, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(theme.warning)
    painter.drawPolygon(QPolygonF(corners))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.canvas)
    middle = box.center().x()
    painter.drawRoundedRect(QRectF(middle - 1.2, box.top() + 7.5, 2.4, 7), 1, 1)
    painter.drawEllipse(QPointF(middle, box.bottom() - 4), 1.5, 1.5)


def _paint_shadow(painter: QPainter, card: Card, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    shade = QColor(theme.shadow)
    shade.setAlphaF(shade.alphaF() * 0.16)
    painter.setBrush(shade)
    for n in range(6):
        grow = 6.0 - n * 1.2
        painter.drawRoundedRect(card.rect.adjusted(-grow, 3 - grow, grow, 3 + grow), LEAF_ROUND, LEAF_ROUND)


def _paint_ground(painter: QPainter, card: Card, theme: Theme, marks: Marks) -> None:
    edge, width = theme.card_border, 1.0
    if card.is_leaf and card.tracked:
        edge, width = theme.leaf, 1.6
    if marks.problem == "error":
        edge, width = theme.error, 1.8
    pen = QPen(edge, width)
    if marks.problem in ("incomplete", "waiting"):
        pen = QPen(theme.gutter, 1.2, Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(mixed(theme.card, theme.error, 0.08) if marks.problem == "error" else theme.card)
    painter.drawPath(outline(card, -0.5))


def _paint_rings(painter: QPainter, card: Card, theme: Theme, marks: Marks, wider: float = 1.0) -> None:
    """The rings around the card; that of now so many times ``wider`` as it has to be, to be seen from afar."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if marks.now:
        painter.setPen(QPen(tinted(theme.accent, 0.35), 1.5))
        painter.drawPath(outline(card, 8.5))
        painter.setPen(QPen(theme.accent, 2.4 * wider))
        painter.drawPath(outline(card, 5.5))
    if marks.selected:
        painter.setPen(QPen(theme.selected, 1.6))
        painter.drawPath(outline(card, 2.0))
    if marks.focused and not marks.selected:
        painter.setPen(QPen(theme.selected, 1.2, Qt.PenStyle.DotLine))
        painter.drawPath(outline(card, 2.5))


def _paint_leaf(painter: QPainter, card: Card, theme: Theme, scale: GradientScale, marks: Marks) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.leaf if card.tracked else theme.gutter)
    painter.drawRoundedRect(QRectF(5, 20, 4, card.rect.height() - 40), 2, 2)
    if card.switch is not None:
        _paint_switch(painter, card.switch, theme, card.tracked)
    if card.tank is not None:
        tank.paint(painter, card.tank, theme, scale, marks.filling)


def _paint_switch(painter: QPainter, rect: QRectF, theme: Theme, on: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.leaf if on else theme.track)
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    knob = QRectF(0, 0, 12, 12)
    knob.moveCenter(QPointF(rect.right() - 8 if on else rect.left() + 8, rect.center().y()))
    painter.setBrush(QColor("white") if on else theme.text_muted)
    painter.drawEllipse(knob)


def _paint_op(painter: QPainter, card: Card, theme: Theme, marks: Marks) -> None:
    colour = theme.family(card.family)
    if card.disc is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(theme.card, colour, 0.17 if theme.dark else 0.13))
        painter.drawRoundedRect(card.disc, card.disc.height() / 2, card.disc.height() / 2)
        symbols.paint(painter, card.disc, card.symbol, mixed(colour, theme.text, 0.28))
    if card.footer is not None:
        painter.setPen(QPen(theme.inset_border, 1))
        painter.drawLine(QPointF(1, card.footer), QPointF(card.rect.right() - 1, card.footer))
    for chip in card.chips:
        _paint_chip(painter, chip, theme, marks.chip == "*")


def _paint_chip(painter: QPainter, chip: ChipBox, theme: Theme, lit: bool) -> None:
    pen = QPen(theme.accent if lit else theme.border, 1.2)
    if chip.freed and not lit:
        pen = QPen(theme.gutter, 1.3)
        pen.setDashPattern([1.6, 1.8])
    painter.setPen(pen)
    painter.setBrush(theme.accent_fill if lit else Qt.BrushStyle.NoBrush if chip.freed else theme.inset)
    painter.drawRoundedRect(chip.rect, 4, 4)
    painter.setPen(theme.text if lit or not chip.freed else theme.text_muted)
    painter.setFont(lettering.font("chip"))
    painter.drawText(
        chip.rect, int(Qt.AlignmentFlag.AlignCenter), chip.text.removesuffix(" freed") if lit else chip.text
    )


def _paint_well(painter: QPainter, well: Well, theme: Theme, scale: GradientScale) -> None:
    if well.array is None:
        if well.part == "gradient":
            tank.paint_none(painter, well.rect, theme, well.note)
        else:
            _paint_empty(painter, well, theme)
        return
    painter.setPen(QPen(theme.inset_border, 1))
    painter.setBrush(theme.inset)
    painter.drawRoundedRect(well.rect, 6, 6)
    ink = thumbnails.gradient_ink(theme, scale) if well.part == "gradient" else thumbnails.value_ink(theme)
    thumbnails.paint(painter, well.picture, well.rect, well.array, ink)


def _paint_empty(painter: QPainter, well: Well, theme: Theme) -> None:
    painter.setPen(QPen(theme.inset_border, 1))
    painter.setBrush(theme.inset)
    painter.drawRoundedRect(well.rect, 6, 6)
    painter.setPen(theme.text_faint)
    painter.setFont(lettering.font("hint"))
    painter.drawText(well.rect, int(Qt.AlignmentFlag.AlignCenter), well.note)


def paint_text(painter: QPainter, text: Text, theme: Theme) -> None:
    """Paint one line of letters."""
    painter.setFont(lettering.font(text.role))
    painter.setPen(getattr(theme, text.colour or lettering.ROLES[text.role].colour))
    painter.drawText(
        text.rect, int(_ALIGN[text.align] | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip), text.text
    )


def _paint_port(painter: QPainter, port: Port, theme: Theme, marks: Marks, zoom: float) -> None:
    key = (port.side, port.name)
    if key in marks.dimmed:
        painter.setOpacity(0.25)
    hovered = marks.hovered == f"{port.side}:{port.name}"
    if port.literal_rect is not None:
        _paint_literal(painter, port, theme, hovered)
    else:
        _paint_dot(painter, port, theme, hovered, key in marks.lit)
    waits = port.side == "input" and not port.wired and port.required
    if port.name and (waits or hovered or key in marks.lit or zoom >= CLOSE):
        painter.setFont(lettering.font("socket"))
        painter.setPen(theme.warning if waits and not hovered else theme.text if hovered else theme.text_muted)
        painter.drawText(port.name_rect, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), port.name)
    painter.setOpacity(1.0)


def _paint_dot(painter: QPainter, port: Port, theme: Theme, hovered: bool, lit: bool) -> None:
    colour = theme.wire if port.tracked or (port.side == "input" and port.wired) else theme.wire_untracked
    radius = SOCKET_RADIUS - 0.5 + (1.5 if hovered or lit else 0.0)
    if hovered or lit:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tinted(theme.selected, 0.25))
        painter.drawEllipse(port.centre, radius + 4, radius + 4)
    if port.side == "output" or port.wired:
        painter.setPen(QPen(theme.canvas, 1) if not theme.dark else Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(port.centre, radius, radius)
        return
    pen = QPen(theme.warning if port.required else theme.wire_untracked, 1.8)
    painter.setPen(pen)
    painter.setBrush(theme.canvas)
    painter.drawEllipse(port.centre, radius - 0.9, radius - 0.9)


def _paint_literal(painter: QPainter, port: Port, theme: Theme, hovered: bool) -> None:
    assert port.literal_rect is not None
    painter.setPen(QPen(theme.selected if hovered else theme.border, 1.2))
    painter.setBrush(theme.inset)
    painter.drawRoundedRect(port.literal_rect, 9, 9)
    painter.setPen(theme.text)
    painter.setFont(lettering.font("literal"))
    painter.drawText(port.literal_rect, int(Qt.AlignmentFlag.AlignCenter), port.literal)
