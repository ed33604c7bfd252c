"""A card from afar: its name, in letters as large as those of every other card, its value and its gradient."""

from __future__ import annotations

import math
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
NAME = 38  # scene units: the letters of names, until they would be too small on the screen
NAMED = 0.13  # the zoom below which three letters of a name would be all that a card has room for
LINE = 1.15  # the height of a line in sizes of its letters


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


def name_size(zoom: float) -> int:
    """The letters of every name at ``zoom``, in scene units; 0 where only scraps of most names would be readable."""
    return max(NAME, math.ceil(LEAST / zoom)) if zoom >= NAMED else 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A text in its font and place on the card."""

    line: FarLine
    text: str
    font: QFont
    rect: QRectF


def placed(card: Card, theme: Theme, zoom: float) -> list[Placed]:
    """The lines of ``card`` that can be read at ``zoom``, over one another in the middle of the card.

    A name has the size that all names have, and is shortened where it is longer than its card. What the rest has room
    for is smaller than that, if anything, and left out where nobody could read it.
    """
    size = name_size(zoom)
    if not size:
        return []
    room = card.rect.adjusted(5, 3, -5, -3)
    name, *others = far_lines(card, theme)
    name_font = _sized(name.role, size)
    texts = [(name, _elided(name_font, name.text, room.width()), name_font)]
    left = room.height() - size * LINE
    if len(others) > 1 and left / len(others) / LINE * zoom < LEAST:
        others = others[-1:]  # the newest
    if others and left / len(others) / LINE * zoom >= LEAST - 1:
        texts += [
            (line, *_fitting(line, room.width(), min(size, int(left / len(others) / LINE)), zoom)) for line in others
        ]
    top = room.center().y() - sum(font.pixelSize() for _, _, font in texts) * LINE / 2
    result = []
    for line, text, font in texts:
        high = font.pixelSize() * LINE
        result.append(Placed(line, text, font, QRectF(room.left(), top, room.width(), high)))
        top += high
    return result


def _fitting(line: FarLine, room: float, largest: int, zoom: float) -> tuple[str, QFont]:
    """As much of ``line`` as is readable in a place ``room`` wide, and its font, ``largest`` at most."""
    least = min(math.ceil(LEAST / zoom), largest)
    for text in (line.text, line.shorter):
        font = lettering.fitted(line.role, text, room, largest)
        if font.pixelSize() >= least:
            return text, font
    font = _sized(line.role, least)
    return _elided(font, line.shorter, room), font


def _sized(role: str, size: int) -> QFont:
    font = QFont(lettering.font(role))
    font.setPixelSize(size)
    return font


def _elided(font: QFont, text: str, room: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)


def paint(painter: QPainter, card: Card, theme: Theme, zoom: float) -> None:
    """Write the lines of ``card``."""
    for each in placed(card, theme, zoom):
        painter.setPen(each.line.colour)
        painter.setFont(each.font)
        painter.drawText(each.rect, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), each.text)
