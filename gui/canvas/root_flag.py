"""The flag on the root of backward, with the seed that backward starts from: a number, or a slot for every element."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from chainrule.gui import lettering
from chainrule.gui.canvas.card import Card
from chainrule.gui.numbers import cell_texts, shape_text, short
from chainrule.gui.theme import Theme

Array = NDArray[Any]

HEIGHT, LIFT, SLOT = 25.0, 10.0, 18.0
MOST_SLOTS = 8
PENNANT = 40.0


@dataclass(frozen=True, slots=True)
class RootFlag:
    """``text`` stands at the left of ``rect``; ``slots`` are the elements of a seed that is not a scalar."""

    rect: QRectF
    text: str
    text_rect: QRectF
    slots: tuple[tuple[str, QRectF], ...]
    stem: float


def root_flag(card: Card, shape: tuple[int, ...], seed: Array | None) -> RootFlag:
    """The flag above ``card``, whose value has ``shape``; ``seed`` is None where nothing was typed."""
    count = 1
    for n in shape:
        count *= n
    if shape == () or count == 1:
        words, texts = f"root \u00b7 seed {short(cell_texts(seed)[0]) if seed is not None else '1'}", []
    elif count <= MOST_SLOTS:
        words = "root \u00b7 seed"
        texts = [short(text) for text in cell_texts(seed)] if seed is not None else [""] * count
    else:
        words, texts = f"root \u00b7 seed {shape_text(shape)}{'' if seed is not None else ' empty'}", []
    widths = [max(22.0, lettering.width("chip", text) + 10) for text in texts]
    inside = lettering.width("flag", words) + sum(widths) + 4 * len(widths) + (4 if widths else 0)
    rect = QRectF(0, -LIFT - HEIGHT, inside + 26, HEIGHT)
    rect.moveRight(max(card.rect.right(), rect.width()))
    left = rect.left() + 13
    text_rect = QRectF(left, rect.top(), lettering.width("flag", words) + 1, HEIGHT)
    left = text_rect.right() + 7
    slots = []
    for text, wide in zip(texts, widths, strict=True):
        slots.append((text, QRectF(left, rect.center().y() - SLOT / 2, wide, SLOT)))
        left += wide + 4
    return RootFlag(rect, words, text_rect, tuple(slots), card.rect.right() - 28)


def paint(painter: QPainter, flag: RootFlag, theme: Theme, *, far: bool) -> None:
    """Paint the flag and the stem down to its card; from afar, where nothing on it could be read, as a pennant."""
    painter.setPen(QPen(theme.warning, 1.8))
    painter.drawLine(QPointF(flag.stem, flag.rect.bottom()), QPointF(flag.stem, 0))
    if far:
        painter.setBrush(theme.warning)
        tip = QPointF(flag.stem - PENNANT, flag.rect.center().y())
        painter.drawPolygon(
            QPolygonF([QPointF(flag.stem, flag.rect.top()), QPointF(flag.stem, flag.rect.bottom()), tip])
        )
        return
    painter.setBrush(theme.canvas)
    painter.drawRoundedRect(flag.rect, HEIGHT / 2, HEIGHT / 2)
    painter.setFont(lettering.font("flag"))
    painter.drawText(flag.text_rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), flag.text)
    painter.setFont(lettering.font("chip"))
    for text, rect in flag.slots:
        pen = QPen(theme.warning, 1)
        if not text:
            pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.drawRoundedRect(rect, 4, 4)
        painter.setPen(theme.text)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)
