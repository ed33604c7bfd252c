"""The symbol in an operation's disc: letters where the bundled fonts have them, raised letters, and small drawings.

What is drawn here looks the same on every machine; a missing glyph would come from whatever font happens to be there.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QRawFont

from chainrule.gui import lettering

RAISED = {"\u02e3": "x", "\u1d40": "T", "\u207f": "n"}
DISC = 28.0  # across the disc of a card
SMALL = 0.72  # of that, in a list
STANDS_ALONE = "A"  # under a raised letter that has nothing else under it
Stroke = tuple[tuple[float, float], ...]

# Polylines in a box from -1 to 1, y downwards.
DRAWINGS: dict[str, tuple[Stroke, ...]] = {
    "\u25ad": (((-1, -0.6), (1, -0.6), (1, 0.6), (-1, 0.6), (-1, -0.6)),),
    "\u25ac": (((-1, -0.25), (1, -0.25), (1, 0.25), (-1, 0.25), (-1, -0.25)), ((-0.33, -0.25), (-0.33, 0.25)),
               ((0.33, -0.25), (0.33, 0.25))),
    "\u25a4": (((-0.9, -0.7), (0.9, -0.7)), ((-0.9, 0), (0.9, 0)), ((-0.9, 0.7), (0.9, 0.7))),
    "\u29c9": (((-0.9, -0.9), (0.3, -0.9), (0.3, 0.3), (-0.9, 0.3), (-0.9, -0.9)),
               ((0.3, -0.3), (0.9, -0.3), (0.9, 0.9), (-0.3, 0.9), (-0.3, 0.3))),
    "\u2310": (((-1, 0.6), (0, 0.6), (0.9, -0.8)),),
    "\u2702": (((-0.9, -0.75), (0.55, 0.42)), ((-0.9, 0.75), (0.55, -0.42))),
}  # fmt: skip
LOOPS = {"\u2702": ((0.72, 0.58), (0.72, -0.58))}


def paint(painter: QPainter, box: QRectF, symbol: str, colour: QColor) -> None:
    """Paint ``symbol`` in the middle of ``box``."""
    if symbol in DRAWINGS:
        _draw(painter, box, symbol, colour)
        return
    painter.setPen(colour)
    base = "".join(letter for letter in symbol if letter not in RAISED)
    raised = "".join(RAISED.get(letter, "") for letter in symbol)
    if raised:
        _write_raised(painter, box, base or STANDS_ALONE, raised)
        return
    role = _role(symbol, box.width() - 8)
    painter.setFont(lettering.fitted(role, symbol, box.width() - 8))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), symbol)


def paint_small(painter: QPainter, middle: QPointF, symbol: str, colour: QColor, scale: float) -> None:
    """Paint ``symbol`` about ``middle``, in a line of a list, where the look has ``scale``."""
    painter.save()
    painter.translate(middle)
    painter.scale(scale * SMALL, scale * SMALL)
    paint(painter, QRectF(-DISC / 2, -DISC / 2, DISC, DISC), symbol, colour)
    painter.restore()


def _role(symbol: str, room: float) -> str:
    """The large face if it has the symbol and room for it; else the other, which has more signs."""
    if not _has("symbol", symbol):
        return "symbol_mono"
    return "symbol" if lettering.width("symbol", symbol) <= room else "symbol_small"


@cache
def _has(role: str, symbol: str) -> bool:
    raw = QRawFont.fromFont(lettering.font(role))
    return all(raw.supportsCharacter(ord(letter)) for letter in symbol)


def _write_raised(painter: QPainter, box: QRectF, base: str, raised: str) -> None:
    role = "symbol" if len(base) == 1 else "symbol_small"
    wide, more = lettering.width(role, base), lettering.width("superscript", raised)
    left = box.center().x() - (wide + more) / 2
    baseline = box.center().y() + lettering.metrics(role).capHeight() / 2
    painter.setFont(lettering.font(role))
    painter.drawText(QPointF(left, baseline), base)
    painter.setFont(lettering.font("superscript"))
    painter.drawText(QPointF(left + wide, baseline - lettering.metrics(role).capHeight() * 0.55), raised)


def _draw(painter: QPainter, box: QRectF, symbol: str, colour: QColor) -> None:
    size = box.width() * 0.27
    middle = box.center()
    path = QPainterPath()
    for stroke in DRAWINGS[symbol]:
        points = [middle + QPointF(x, y) * size for x, y in stroke]
        path.moveTo(points[0])
        for point in points[1:]:
            path.lineTo(point)
    for x, y in LOOPS.get(symbol, ()):
        path.addEllipse(middle + QPointF(x, y) * size, size * 0.3, size * 0.3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPath(path)


def available(symbol: str) -> bool:
    """Whether ``symbol`` can be shown with what the program brings along."""
    letters = "".join(letter for letter in symbol if letter not in RAISED)
    return symbol in DRAWINGS or _has("symbol", letters) or _has("symbol_mono", letters)
