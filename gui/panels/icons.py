"""The small pictures on buttons, drawn as paths so that they are sharp at every size and take the theme's colours.

A path stands in a square of 24 units; nothing here knows which button uses it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

UNITS = 24.0


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


def _bar(left: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(left, 5, 2.4, 14), 1, 1)
    return path


def _right(left: float, right: float, half: float = 7) -> QPainterPath:
    return _polygon((left, 12 - half), (right, 12), (left, 12 + half))


def _left(left: float, right: float, half: float = 7) -> QPainterPath:
    return _polygon((right, 12 - half), (left, 12), (right, 12 + half))


def _pause() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(6.5, 4.5, 4, 15), 1, 1)
    path.addRoundedRect(QRectF(13.5, 4.5, 4, 15), 1, 1)
    return path


def _copy() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(8.5, 8.5, 11, 11), 2, 2)
    path.moveTo(15.5, 4.5)
    path.lineTo(6.5, 4.5)
    path.quadTo(4.5, 4.5, 4.5, 6.5)
    path.lineTo(4.5, 15.5)
    return path


def check_mark() -> QPainterPath:
    """An open path: a tick to be stroked."""
    path = QPainterPath(QPointF(6.5, 12.4))
    path.lineTo(10.5, 16.4)
    path.lineTo(17.5, 8.4)
    return path


def cross() -> QPainterPath:
    """An open path: a cross to be stroked."""
    path = QPainterPath(QPointF(7.5, 7.5))
    path.lineTo(16.5, 16.5)
    path.moveTo(16.5, 7.5)
    path.lineTo(7.5, 16.5)
    return path


def chevron() -> QPainterPath:
    """An open path: a small angle pointing down."""
    path = QPainterPath(QPointF(7, 10))
    path.lineTo(12, 15)
    path.lineTo(17, 10)
    return path


_FILLED: dict[str, Callable[[], QPainterPath]] = {
    "to start": lambda: _bar(4.6) | _left(8, 19),
    "back": lambda: _left(5.5, 18),
    "play": lambda: _right(5.5, 20.5, 8.5),
    "pause": _pause,
    "next": lambda: _right(6, 18.5),
    "to end": lambda: _right(5, 16) | _bar(17),
}
_STROKED: dict[str, Callable[[], QPainterPath]] = {"copy": _copy, "check": check_mark, "cross": cross}


def icon(name: str, colour: QColor, disabled: QColor, size: int) -> QIcon:
    """The icon called ``name``, ``size`` pixels wide, in ``colour`` and, on a disabled button, in ``disabled``."""
    made = QIcon()
    for mode, tint in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        for ratio in (1, 2, 3):
            made.addPixmap(_pixmap(name, tint, size, ratio), mode)
    return made


def _pixmap(name: str, colour: QColor, size: int, ratio: int) -> QPixmap:
    pixmap = QPixmap(QSize(size, size) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / UNITS, size / UNITS)
    if name in _FILLED:
        painter.fillPath(_FILLED[name](), colour)
    else:
        painter.setPen(QPen(colour, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(_STROKED[name]())
    painter.end()
    return pixmap
