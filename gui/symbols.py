"""The symbol of an operation, in its disc and in lists: letters of the bundled fonts, raised letters, small drawings.

What is drawn here looks the same on every machine; a missing glyph would come from whatever font happens to be there.
A symbol is set as a row of pieces, large where it is a sign, smaller where it is a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QRawFont

from chainrule.gui import lettering

RAISED = {"\u02e3": "x", "\u02b8": "y", "\u1d40": "T", "\u207f": "n"}
DISC = 28.0  # across the disc of a card
WIDEST = 78.0  # that a disc becomes for a word
SMALL = 0.72  # of a card's symbol, in a list
EDGE = 4.0  # between a symbol and the edge of its disc, on either side
ENDS = 8.0  # the same where the disc is wider than high
NEARLY = DISC - EDGE  # as wide as what is set large may be
DRAWN, DRAWN_SMALL = 7.6, 4.4  # half of a drawing's size
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
    "\u2217": (((0, -0.9), (0, 0.9)), ((-0.78, -0.45), (0.78, 0.45)), ((-0.78, 0.45), (0.78, -0.45))),
    "\u229e": (((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9), (-0.9, -0.9)), ((0, -0.9), (0, 0.9)),
               ((-0.9, 0), (0.9, 0))),
    "\u2599": (((-0.8, -0.8), (-0.8, 0.8), (0.8, 0.8), (-0.8, -0.8)),),
    "\u259c": (((-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, -0.8)),),
    "\u259e": (((-0.9, 0), (0, 0), (0, 0.9), (-0.9, 0.9), (-0.9, 0)),
               ((0, -0.9), (0.9, -0.9), (0.9, 0), (0, 0), (0, -0.9))),
    "\u251c": (((-0.9, 0), (0, 0)), ((0.8, -0.7), (0, -0.7), (0, 0.7), (0.8, 0.7))),
    "\u2702": (((-0.9, -0.75), (0.55, 0.42)), ((-0.9, 0.75), (0.55, -0.42))),
}  # fmt: skip
LOOPS = {"\u2702": ((0.72, 0.58), (0.72, -0.58))}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a symbol: letters in ``role``, ``rise`` above the line, or, without a role, a drawing."""

    text: str
    role: str
    rise: float
    width: float


@cache
def _pieces(symbol: str) -> tuple[Piece, ...]:
    """The row of ``symbol``: large where it then fits a disc, or nearly so."""
    if all(letter in RAISED for letter in symbol):
        symbol = STANDS_ALONE + symbol
    large = _row(symbol, ("symbol", "symbol_mono"), "superscript", DRAWN)
    if large and sum(piece.width for piece in large) <= NEARLY:
        return large
    return _row(symbol, ("symbol_text", "symbol_small"), "superscript_small", DRAWN_SMALL)


def _row(symbol: str, faces: tuple[str, str], raised: str, half: float) -> tuple[Piece, ...]:
    """``symbol`` in the first of ``faces`` that has its letters, else in the second."""
    plain = "".join(letter for letter in symbol if _kind(letter) == "plain")
    role = next((face for face in faces if _has(face, plain)), faces[1])
    rise = lettering.metrics(role).capHeight() * 0.55
    made = []
    for kind, group in groupby(symbol, _kind):
        text = "".join(group)
        if kind == "drawn":
            made += [Piece(each, "", 0.0, 2 * half + (text != symbol)) for each in text]
        elif kind == "raised":
            letters = "".join(RAISED[each] for each in text)
            made.append(Piece(letters, raised, rise, lettering.width(raised, letters)))
        else:
            made.append(Piece(text, role, 0.0, lettering.width(role, text)))
    return tuple(made)


def _kind(letter: str) -> str:
    return "raised" if letter in RAISED else "drawn" if letter in DRAWINGS else "plain"


@cache
def _has(role: str, text: str) -> bool:
    raw = QRawFont.fromFont(lettering.font(role))
    return all(raw.supportsCharacter(ord(letter)) for letter in text)


def width(symbol: str) -> float:
    """How wide ``symbol`` is in a disc of ``DISC``."""
    return sum(piece.width for piece in _pieces(symbol))


def disc_width(symbol: str) -> float:
    """How wide the disc of ``symbol`` is: round for a sign, longer for a word."""
    needed = width(symbol)
    return DISC if needed <= NEARLY else min(needed + 2 * ENDS, WIDEST)


def paint(painter: QPainter, box: QRectF, symbol: str, colour: QColor) -> None:
    """Paint ``symbol`` in the middle of ``box``, as much smaller as it needs."""
    edge = EDGE if box.width() <= box.height() else ENDS
    scale = min(box.height() / DISC, (box.width() - 2 * edge * box.height() / DISC) / max(width(symbol), 1.0))
    painter.save()
    painter.translate(box.center())
    painter.scale(scale, scale)
    left = -width(symbol) / 2
    plain = next((piece.role for piece in _pieces(symbol) if piece.role and not piece.rise), "symbol")
    baseline = lettering.metrics(plain).capHeight() / 2
    for piece in _pieces(symbol):
        if piece.role:
            painter.setPen(colour)
            painter.setFont(lettering.font(piece.role))
            painter.drawText(QPointF(left, baseline - piece.rise), piece.text)
        else:
            _draw(painter, QPointF(left + piece.width / 2, 0), piece.text, colour, large=piece.width >= 2 * DRAWN)
        left += piece.width
    painter.restore()


def paint_small(painter: QPainter, middle: QPointF, symbol: str, colour: QColor, scale: float) -> None:
    """Paint ``symbol`` about ``middle``, in a line of a list, where the look has ``scale``."""
    size = DISC * SMALL * scale
    paint(painter, QRectF(middle.x() - size / 2, middle.y() - size / 2, size, size), symbol, colour)


def _draw(painter: QPainter, middle: QPointF, symbol: str, colour: QColor, *, large: bool) -> None:
    size = DRAWN if large else DRAWN_SMALL
    path = QPainterPath()
    for stroke in DRAWINGS[symbol]:
        points = [middle + QPointF(x, y) * size for x, y in stroke]
        path.moveTo(points[0])
        for point in points[1:]:
            path.lineTo(point)
    for x, y in LOOPS.get(symbol, ()):
        path.addEllipse(middle + QPointF(x, y) * size, size * 0.3, size * 0.3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    thick = 1.8 if large else 1.3
    painter.setPen(QPen(colour, thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPath(path)


def available(symbol: str) -> bool:
    """Whether ``symbol`` can be shown with what the program brings along."""
    return all(not piece.role or _has(piece.role, piece.text) for piece in _pieces(symbol))
