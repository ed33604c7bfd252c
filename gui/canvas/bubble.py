"""The bubble at a card that has a problem: PyTorch's words, what they mean here, and buttons that repair it.

A warning, where there is a value all the same, is said in one quiet sentence; the rest is in its tooltip.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from chainrule.core.run.problems import Problem, Repair
from chainrule.gui import lettering
from chainrule.gui.theme import Theme

PADDING, WIDEST, QUIET, BUTTON = 10.0, 400.0, 290.0, 24.0


@dataclass(frozen=True, slots=True)
class Bubble:
    """``lines`` are (role, text, rectangle) and ``buttons`` (repair, rectangle); ``kind`` is the problem's."""

    kind: str
    rect: QRectF
    lines: tuple[tuple[str, str, QRectF], ...]
    buttons: tuple[tuple[Repair, QRectF], ...]
    scale: float = 1.0


def bubble_for(problem: Problem | None) -> Bubble | None:
    """The bubble that says ``problem``, its corner at 0, 0; a card that merely waits for something has none."""
    if problem is None or problem.kind not in ("error", "warning"):
        return None
    quiet = problem.kind == "warning"
    said = [("message", problem.message), ("meaning", problem.meaning)]
    if quiet:
        said = [("meaning", first_sentence(problem.meaning or problem.message))]
    room = (QUIET if quiet else WIDEST) - 2 * PADDING
    top = PADDING - 2
    lines: list[tuple[str, str, QRectF]] = []
    for role, text in said:
        for line in lettering.wrapped(role, text, room) if text else ():
            lines.append((role, line, QRectF(PADDING, top, lettering.width(role, line) + 1, lettering.height(role))))
            top += lettering.height(role) + 1
        top += 3 if text else 0
    buttons: list[tuple[Repair, QRectF]] = []
    left = PADDING
    for repair in problem.repairs:
        wide = lettering.width("repair", repair.label) + 22
        if left > PADDING and left + wide > PADDING + room:
            left, top = PADDING, top + BUTTON + 5
        buttons.append((repair, QRectF(left, top + 3, wide, BUTTON)))
        left += wide + 6
    if buttons:
        top += BUTTON + 6
    right = max([rect.right() for _, _, rect in lines] + [rect.right() for _, rect in buttons])
    return Bubble(problem.kind, QRectF(0, 0, right + PADDING, top + PADDING - 4), tuple(lines), tuple(buttons))


def first_sentence(text: str) -> str:
    """``text`` up to its first full stop that ends a sentence, or to its first colon."""
    ends = [text.find(mark) for mark in (". ", ": ") if mark in text]
    return f"{text[: min(ends)]}." if ends else text


def enlarged(bubble: Bubble, by: float) -> Bubble:
    """``bubble``, which is at 0, 0, so much larger, letters and all, so that it can be read from afar."""

    def larger(rect: QRectF) -> QRectF:
        return QRectF(rect.topLeft() * by, rect.size() * by)

    return Bubble(
        bubble.kind,
        larger(bubble.rect),
        tuple((role, text, larger(rect)) for role, text, rect in bubble.lines),
        tuple((repair, larger(rect)) for repair, rect in bubble.buttons),
        bubble.scale * by,
    )


def moved(bubble: Bubble, by: QPointF) -> Bubble:
    """``bubble`` somewhere else."""
    return Bubble(
        bubble.kind,
        bubble.rect.translated(by),
        tuple((role, text, rect.translated(by)) for role, text, rect in bubble.lines),
        tuple((repair, rect.translated(by)) for repair, rect in bubble.buttons),
        bubble.scale,
    )


def paint(painter: QPainter, bubble: Bubble, card: QRectF, theme: Theme, hovered: str = "") -> None:
    """Paint the bubble and a line to its ``card``; ``hovered`` is the label of the button under the pointer."""
    warns = bubble.kind == "warning"
    painter.setPen(QPen(theme.warning if warns else theme.error, 1.2))
    foot = _nearest(card.adjusted(16, 0, -16, 0), bubble.rect.center())
    painter.drawLine(foot, _nearest(bubble.rect, foot))
    painter.setBrush(theme.canvas if warns else theme.error_fill)
    painter.drawRoundedRect(bubble.rect, 8, 8)
    for role, text, rect in bubble.lines:
        painter.setFont(lettering.scaled(role, bubble.scale))
        painter.setPen(theme.text if role == "message" or warns else theme.text_muted)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextDontClip), text)
    for repair, rect in bubble.buttons:
        painter.setPen(QPen(theme.selected if repair.label == hovered else theme.border, 1.2))
        painter.setBrush(theme.button_hover if repair.label == hovered else theme.button)
        painter.drawRoundedRect(rect, 6, 6)
        painter.setFont(lettering.scaled("repair", bubble.scale))
        painter.setPen(theme.text)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), repair.label)


def _nearest(rect: QRectF, place: QPointF) -> QPointF:
    """The point of ``rect`` that is nearest to ``place``."""
    return QPointF(
        min(max(place.x(), rect.left()), rect.right()),
        min(max(place.y(), rect.top()), rect.bottom()),
    )
