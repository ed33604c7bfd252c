"""A card from afar: its name, its value and its gradient, as large as the card allows and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from chainrule.gui import lettering
from chainrule.gui.canvas.card import Card
from chainrule.gui.numbers import compact, number_text, shape_text, signed
from chainrule.gui.theme import Theme

Array = NDArray[Any]

LEAST = 9.0  # pixels on the screen below which letters are not made smaller: they are left out instead
LARGEST = 60
LINE = 1.22  # the height of a line in sizes of its letters


@dataclass(frozen=True, slots=True)
class FarLine:
    """``text``, or ``shorter`` where that would have to be too small, in the letters of ``role``."""

    role: str
    text: str
    shorter: str
    colour: QColor


def far_lines(card: Card, theme: Theme) -> list[FarLine]:
    """What can be said of ``card`` in a line each."""
    lines = [FarLine("name", card.name, card.name, theme.text)]
    value = next((well.array for well in card.wells if well.part == "value"), None)
    gradient = next((well.array for well in card.wells if well.part == "gradient"), None)
    if card.tank is not None:
        gradient = card.tank.grad
    if value is not None:
        lines.append(_line(value, theme, signs=False))
    if gradient is not None and gradient.size == 1:
        lines.append(_line(gradient, theme, signs=True))
    return lines


def _line(array: Array, theme: Theme, *, signs: bool) -> FarLine:
    if array.size != 1:
        text = shape_text(array.shape) if array.ndim < 3 else "\u00d7".join(map(str, array.shape))
        return FarLine("number", text, text, theme.text_muted)
    text, shorter = number_text(array.reshape(())), compact(array.reshape(()))
    if not signs:
        return FarLine("number", text, shorter, theme.text)
    colour = theme.gradient_sign(float(array.reshape(())))
    return FarLine("number", signed(text), signed(shorter), colour)


def readable(lines: list[FarLine], high: float, zoom: float) -> list[FarLine]:
    """``lines``, or the first and the last of them where three would be too small: a name and what is newest."""
    if len(lines) > 2 and high / len(lines) / LINE * zoom < LEAST - 1:
        return [lines[0], lines[-1]]
    return lines


def fitting(line: FarLine, room: float, high: float, zoom: float) -> tuple[QFont, str]:
    """The font for ``line`` in a place ``room`` wide and ``high``, and as much of its text as is readable there."""
    largest = min(LARGEST, int(high / LINE))
    least = min(int(LEAST / zoom + 0.999), largest)
    font = lettering.fitted(line.role, line.text, room, largest)
    if font.pixelSize() >= least:
        return font, line.text
    font = lettering.fitted(line.role, line.shorter, room, largest)
    if font.pixelSize() >= least:
        return font, line.shorter
    font.setPixelSize(max(1, least))
    return font, QFontMetricsF(font).elidedText(line.shorter, Qt.TextElideMode.ElideRight, room)


def paint(painter: QPainter, card: Card, theme: Theme, zoom: float) -> None:
    """Write the lines of ``card`` over one another, each in its share of the card."""
    room = card.rect.adjusted(5, 3, -5, -3)
    lines = readable(far_lines(card, theme), room.height(), zoom)
    high = room.height() / len(lines)
    for n, line in enumerate(lines):
        font, text = fitting(line, room.width(), high, zoom)
        painter.setPen(line.colour)
        painter.setFont(font)
        place = QRectF(room.left(), room.top() + n * high, room.width(), high)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), text)
