"""Small pictures of arrays: a number with its bar, cells with digits, signed bars, heat maps; their sizes and cells.

A value and its gradient are drawn by the same code in boxes of one size, since a gradient has the shape of its tensor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from chainrule.gui import lettering
from chainrule.gui.canvas.gradient_scale import GradientScale, mixed
from chainrule.gui.numbers import cell_texts, compact, magnitude, number_text, signed
from chainrule.gui.theme import Theme

Array = NDArray[Any]

CELLS = 8  # up to so many elements are shown with their digits
DIGITS_IN_HEAT = 64  # a heat map of up to so many elements shows digits when zoomed in
CELL_HEIGHT, PADDING = 19.0, 5.0
WIDEST_ROW = 330.0  # a vector whose digits need more room is shown as bars
SCALAR = QSizeF(70, 34)
SMALLEST = 10  # pixels: a number that needs smaller letters is written with fewer digits
STEP = 10.0  # widths grow in steps, so that a card keeps still while a number is dragged
VALUES = GradientScale(10.0)


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """How an array is pictured, in ``rows`` x ``columns``: as a "scalar", as "cells", "bars" or "heat", or "empty".

    ``stacked`` says that its gradient stands under it, element under element, and not beside it.
    """

    kind: str
    rows: int
    columns: int
    size: QSizeF
    stacked: bool = False


def thumbnail(value: Array, *gradients: Array | None) -> Thumbnail:
    """The picture that suits ``value`` and its ``gradients`` alike, wide enough for the digits of all.

    A vector is a row, as PyTorch prints it, and only a matrix has a column. Whatever is wider than one number has its
    gradient under it, whether there is one yet or not, so that a card does not turn over when gradients arrive.
    """
    rows, columns = grid(value.shape)
    if value.size == 0:
        return Thumbnail("empty", 0, 0, SCALAR)
    if value.size == 1 and value.ndim <= 1:
        return Thumbnail("scalar", 1, 1, SCALAR)  # whatever its digits: its card may not grow over its neighbours
    widest = _widest(value, gradients) if value.size <= CELLS else 0.0
    vector = value.ndim == 1
    room = max(SCALAR.width(), _stepped(columns * max(40.0 if vector else 44.0, widest + 13) + 2 * PADDING))
    if value.size <= CELLS and (room <= WIDEST_ROW if vector else columns <= 4):
        size = QSizeF(room, rows * CELL_HEIGHT + 2 * PADDING)
        return Thumbnail("cells", rows, columns, size, stacked=vector or columns > 1)
    if vector:
        return Thumbnail("bars", 1, columns, QSizeF(160, 40), True)
    return _heat(value, rows, columns)


def _heat(value: Array, rows: int, columns: int) -> Thumbnail:
    side = min(16.0, 110 / columns, 80 / rows) if value.size <= 1024 else 0.0
    picture = QSizeF(columns * side, rows * side) if side >= 2 else _fitted(columns, rows, QSizeF(110, 72))
    caption = 30.0 if value.size > DIGITS_IN_HEAT else 0.0
    return Thumbnail(
        "heat",
        rows,
        columns,
        QSizeF(max(90.0, picture.width() + 2 * PADDING), max(24.0, picture.height()) + 2 * PADDING + caption),
    )


def _widest(value: Array, gradients: Iterable[Array | None]) -> float:
    """The width of the widest number in ``value`` and ``gradients``."""
    texts = cell_texts(value)
    for gradient in gradients:
        texts += [] if gradient is None or gradient.size != value.size else map(signed, cell_texts(gradient))
    return max(lettering.width("cell", text) for text in texts)


def _stepped(size: float) -> float:
    return ceil(size / STEP) * STEP


def _fitted(columns: int, rows: int, room: QSizeF) -> QSizeF:
    return QSizeF(columns, rows).scaled(room, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSizeF(40, 12))


def grid(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns that an array of ``shape`` is laid out in: a vector is a row, leading dimensions stack up."""
    return int(np.prod(shape[:-1])), (shape[-1] if shape else 1)


def cell_rects(picture: Thumbnail, box: QRectF) -> list[QRectF]:
    """The rectangle of every element that has digits, in flat order; one for a scalar, none for bars and heat maps."""
    if picture.kind == "scalar":
        return [box]
    if picture.kind != "cells":
        return []
    inner = box.adjusted(PADDING, PADDING, -PADDING, -PADDING)
    across, down = inner.width() / picture.columns, inner.height() / picture.rows
    return [
        QRectF(inner.left() + column * across, inner.top() + row * down, across, down)
        for row in range(picture.rows)
        for column in range(picture.columns)
    ]


@dataclass(frozen=True, slots=True)
class Ink:
    """What distinguishes a value's picture from a gradient's: nothing but colours, and whether a sign is written."""

    theme: Theme
    scale: GradientScale
    gradient: bool

    def text(self, value: float) -> QColor:
        if value != value or abs(value) == float("inf"):
            return self.theme.warning
        return self.theme.gradient_sign(value) if self.gradient else self.theme.text

    def bar(self, value: float) -> QColor:
        return self.theme.gradient_sign(value) if self.gradient else self.theme.text

    def written(self, text: str) -> str:
        return signed(text) if self.gradient else text


def value_ink(theme: Theme) -> Ink:
    """The ink of values."""
    return Ink(theme, VALUES, False)


def gradient_ink(theme: Theme, scale: GradientScale) -> Ink:
    """The ink of gradients on ``scale``."""
    return Ink(theme, scale, True)


def paint(painter: QPainter, picture: Thumbnail, box: QRectF, array: Array, ink: Ink) -> None:
    """Paint ``array`` into ``box``; the well behind it is painted by the card."""
    if picture.kind == "scalar":
        _paint_scalar(painter, box, array, ink)
    elif picture.kind == "cells":
        _paint_cells(painter, picture, box, array, ink)
    elif picture.kind == "bars":
        _paint_bars(painter, box, array, ink)
    elif picture.kind == "heat":
        _paint_heat(painter, picture, box, array, ink)
    else:
        _write(painter, "number", "[]", box, ink.theme.text_muted, Qt.AlignmentFlag.AlignCenter)


def _write(painter: QPainter, role: str, text: str, box: QRectF, colour: QColor, flag: Qt.AlignmentFlag) -> None:
    painter.setFont(lettering.font(role))
    painter.setPen(colour)
    painter.drawText(box, int(flag | Qt.AlignmentFlag.AlignVCenter), text)


def _paint_scalar(painter: QPainter, box: QRectF, array: Array, ink: Ink) -> None:
    value = float(array.reshape(()))
    upper = QRectF(box.left(), box.top() + 3, box.width(), 20)
    text = lettering.first_fitting("number", _shortened(array, ink), upper.width() - 4, SMALLEST)
    painter.setFont(lettering.fitted("number", text, upper.width() - 4))
    painter.setPen(ink.text(value))
    painter.drawText(upper, int(Qt.AlignmentFlag.AlignCenter), text)
    reach = (box.width() / 2 - 9) * ink.scale.fraction(value)
    middle = box.center().x()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.theme.text_faint)
    painter.drawRect(QRectF(middle - 0.5, box.bottom() - 10, 1, 6))
    painter.setBrush(ink.bar(value))
    painter.drawRoundedRect(QRectF(middle, box.bottom() - 9, reach, 4).normalized(), 2, 2)


def _shortened(array: Array, ink: Ink) -> list[str]:
    """The number of a scalar with PyTorch's digits, then with ever fewer."""
    return [ink.written(text) for text in (number_text(array.reshape(())), *fewer_digits(array))]


def fewer_digits(array: Array) -> list[str]:
    """The one number of ``array`` in four, three and two digits: ``1.235e+30``, ``1.23e+30``, ``1.2e+30``."""
    return [f"{float(array.reshape(())):.{digits}g}" for digits in (4, 3, 2)]


def _paint_cells(painter: QPainter, picture: Thumbnail, box: QRectF, array: Array, ink: Ink) -> None:
    texts = cell_texts(array)
    for cell, text, value in zip(cell_rects(picture, box), texts, array.reshape(-1), strict=True):
        number = float(value)
        inner = cell.adjusted(1.5, 1, -1.5, -1)
        reach = inner.width() / 2 * ink.scale.fraction(number)
        painter.setPen(Qt.PenStyle.NoPen)
        if ink.gradient:
            tint = QColor(ink.theme.positive_fill if number > 0 else ink.theme.negative_fill)
            painter.setBrush(mixed(ink.theme.inset, tint, abs(ink.scale.fraction(number)) ** 0.5))
            painter.drawRoundedRect(inner, 3, 3)
        painter.setBrush(ink.bar(number))
        painter.drawRoundedRect(QRectF(inner.center().x(), inner.bottom() - 1.5, reach, 2).normalized(), 1, 1)
        _write(
            painter,
            "cell",
            ink.written(text),
            inner.adjusted(0, -1, 0, -1),
            ink.text(number),
            Qt.AlignmentFlag.AlignHCenter,
        )


def paint_strip(painter: QPainter, picture: Thumbnail, box: QRectF, array: Array, ink: Ink) -> None:
    """Paint ``array`` into ``box``, a line high, its elements under those of a ``picture`` that is as wide."""
    if picture.kind == "bars":
        _paint_bars(painter, box.adjusted(0, 1 - PADDING, 0, PADDING - 1), array, ink)
    elif picture.kind == "cells" and picture.rows == 1:
        _paint_strip_of_cells(painter, picture, box, array, ink)
    else:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, array.size > box.width())
        painter.drawImage(box.adjusted(0, 5, 0, -5), heat_image(array.reshape(1, -1), ink))


def _paint_strip_of_cells(painter: QPainter, picture: Thumbnail, box: QRectF, array: Array, ink: Ink) -> None:
    across = (box.width() - 2 * PADDING) / picture.columns
    theme = ink.theme
    for n, (text, value) in enumerate(zip(cell_texts(array), array.reshape(-1), strict=True)):
        number = float(value)
        cell = QRectF(box.left() + PADDING + n * across, box.top(), across, box.height()).adjusted(1.5, 0, -1.5, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.positive_fill if number > 0 else theme.negative_fill if number < 0 else theme.track)
        painter.drawRoundedRect(cell, 3, 3)
        painter.setFont(lettering.fitted("cell", ink.written(text), cell.width()))
        painter.setPen(ink.text(number) if number else theme.text)
        painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter), ink.written(text))


def _paint_bars(painter: QPainter, box: QRectF, array: Array, ink: Ink) -> None:
    inner = box.adjusted(PADDING, PADDING, -PADDING, -PADDING)
    flat = array.reshape(-1).astype(np.float64)
    shown = flat if flat.size <= inner.width() else flat[np.linspace(0, flat.size - 1, int(inner.width())).astype(int)]
    largest = magnitude(shown) or 1.0
    pitch = inner.width() / shown.size
    middle = inner.center().y()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.theme.text_faint)
    painter.drawRect(QRectF(inner.left(), middle - 0.5, inner.width(), 1))
    for n, value in enumerate(np.nan_to_num(shown, posinf=largest, neginf=-largest)):
        painter.setBrush(ink.bar(float(value)))
        reach = -inner.height() / 2 * float(np.clip(value / largest, -1, 1))
        painter.drawRect(QRectF(inner.left() + n * pitch, middle, max(0.75, pitch - 1), reach).normalized())


def _paint_heat(painter: QPainter, picture: Thumbnail, box: QRectF, array: Array, ink: Ink) -> None:
    inner = box.adjusted(PADDING, PADDING, -PADDING, -PADDING)
    if array.size > DIGITS_IN_HEAT:
        caption = QRectF(inner.left(), inner.bottom() - 26, inner.width(), 26)
        inner.setBottom(caption.top() - 4)
        _paint_heat_caption(painter, caption, array, ink)
    scaled = QSizeF(picture.columns, picture.rows).scaled(inner.size(), Qt.AspectRatioMode.KeepAspectRatio)
    if scaled.height() < 6 or scaled.width() < 6:
        scaled = inner.size()
    target = QRectF(QPointF(), scaled)
    target.moveCenter(inner.center())
    image = heat_image(array.reshape(picture.rows, picture.columns), ink)
    # Enlarged smoothly, neighbouring elements would blur into each other.
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.width() > target.width())
    painter.drawImage(target, image)


def _paint_heat_caption(painter: QPainter, box: QRectF, array: Array, ink: Ink) -> None:
    flat = array.astype(np.float64).reshape(-1)
    upper, lower = box.adjusted(0, 0, 0, -13), box.adjusted(0, 13, 0, 0)
    ends = [f"{flat.min():.{digits}g} \u2026 {flat.max():.{digits}g}" for digits in (3, 2, 1)]
    text = next((each for each in ends if lettering.width("fine", each) <= box.width()), ends[-1])
    painter.setPen(ink.theme.text_muted)
    for line, place in ((text, upper), (f"norm {compact(np.linalg.norm(flat))}", lower)):
        painter.setFont(lettering.fitted("fine", line, place.width()))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), line)


def heat_image(table: Array, ink: Ink) -> QImage:
    """An image with one pixel an element (at most 256 a side): gradients diverge in hue, values in brightness.

    NaN and infinities are drawn in the warning colour.
    """
    step_rows, step_columns = ceil(table.shape[0] / 256), ceil(table.shape[1] / 256)
    numbers = table[::step_rows, ::step_columns].astype(np.float64)
    largest = magnitude(numbers) or 1.0
    finite = np.isfinite(numbers)
    share = np.clip(np.where(finite, numbers, 0.0) / largest, -1, 1)[..., None]
    theme = ink.theme
    ground, high, low = (_rgb(c) for c in (theme.inset, *_hues(ink)))
    picture = ground * (1 - np.abs(share)) + np.where(share > 0, high, low) * np.abs(share)
    picture = np.where(finite[..., None], picture, _rgb(theme.warning))
    pixels = np.empty((*numbers.shape, 4), dtype=np.uint8)
    pixels[..., 0], pixels[..., 1], pixels[..., 2] = (picture[..., n] for n in (2, 1, 0))
    pixels[..., 3] = 255
    image = QImage(
        pixels.tobytes(), numbers.shape[1], numbers.shape[0], numbers.shape[1] * 4, QImage.Format.Format_RGB32
    )
    return image.copy()


def _hues(ink: Ink) -> tuple[QColor, QColor]:
    if ink.gradient:
        return ink.theme.positive, ink.theme.negative
    return ink.theme.text, ink.theme.gutter


def _rgb(colour: QColor) -> Array:
    return np.array([colour.red(), colour.green(), colour.blue()], dtype=np.float64)
