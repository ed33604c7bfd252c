"""The bubble under a card that has a problem: PyTorch's words, what they mean here, and buttons that repair it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from chainrule.core.run.timeline import Problem, Repair
from chainrule.gui.canvas import lettering
from chainrule.gui.canvas.card import Card
from chainrule.gui.theme import Theme

DROP, PADDING, WIDEST, BUTTON = 12.0, 10.0, 290.0, 24.0


@dataclass(frozen=True, slots=True)
class Bubble:
    """``lines`` are (role, text, rectangle); ``buttons`` are (repair, rectangle)."""

    rect: QRectF
    lines: tuple[tuple[str, str, QRectF], ...]
    buttons: tuple[tuple[Repair, QRectF], ...]


def bubble_below(card: Card, problem: Problem) -> Bubble | None:
    """The bubble under ``card``; a card that merely waits, for a wire or for another card, has none."""
    if problem.kind != "error":
        return None
    room = WIDEST - 2 * PADDING
    texts = [("message", problem.message)] + ([("meaning", problem.meaning)] if problem.meaning else [])
    left = (card.rect.width() - room) / 2
    top = card.rect.bottom() + DROP + PADDING - 2
    lines = []
    for role, text in texts:
        for line in lettering.wrapped(role, text, room):
            lines.append((role, line, QRectF(left, top, lettering.width(role, line) + 1, lettering.height(role))))
            top += lettering.height(role) + 1
        top += 3
    buttons = []
    right = left
    for repair in problem.repairs:
        wide = lettering.width("repair", repair.label) + 22
        if right > left and right + wide > left + room:
            right, top = left, top + BUTTON + 5
        buttons.append((repair, QRectF(right, top + 3, wide, BUTTON)))
        right += wide + 6
    if buttons:
        top += BUTTON + 6
    widest = max([rect.right() for _, _, rect in lines] + [rect.right() for _, rect in buttons])
    roof = card.rect.bottom() + DROP
    rect = QRectF(left - PADDING, roof, max(room, widest - left) + 2 * PADDING, top + PADDING - 4 - roof)
    return Bubble(rect, tuple(lines), tuple(buttons))


def paint(painter: QPainter, bubble: Bubble, theme: Theme, hovered: str = "") -> None:
    """Paint the bubble; ``hovered`` is the label of the button under the pointer."""
    painter.setPen(QPen(theme.error, 1.2))
    painter.setBrush(theme.error_fill)
    painter.drawRoundedRect(bubble.rect, 8, 8)
    middle, roof = bubble.rect.center().x(), bubble.rect.top()
    tip = QPolygonF([QPointF(middle - 7, roof), QPointF(middle, roof - 7), QPointF(middle + 7, roof)])
    painter.drawPolyline(tip)
    for role, text, rect in bubble.lines:
        painter.setFont(lettering.font(role))
        painter.setPen(theme.text if role == "message" else theme.text_muted)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextDontClip), text)
    for repair, rect in bubble.buttons:
        painter.setPen(QPen(theme.selected if repair.label == hovered else theme.border, 1.2))
        painter.setBrush(theme.button_hover if repair.label == hovered else theme.button)
        painter.drawRoundedRect(rect, 6, 6)
        painter.setFont(lettering.font("repair"))
        painter.setPen(theme.text)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), repair.label)
