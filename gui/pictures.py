"""Pictures of the canvas (PNG, SVG or PDF) and of a window (PNG), written to a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QWidget

from chainrule.gui.canvas.view import CanvasView
from chainrule.gui.theme import Theme

POINTS_PER_INCH = 72
MOST_PIXELS = 200_000_000  # 800 MB in memory


class PictureError(Exception):
    """A picture that cannot be made; the message is one line for the reader."""


def grab_window(window: QWidget, target: Path, scale: float) -> None:
    """The whole window as PNG, each pixel of the screen ``scale`` wide."""
    image = _image(QSizeF(window.size()), scale)
    image.setDevicePixelRatio(scale)
    window.render(image)
    _save(image, target)


def draw_canvas(canvas: CanvasView, target: Path, theme: Theme, *, scale: float = 2) -> None:
    """Everything on the canvas, to a file whose suffix (.png, .svg, .pdf) says how."""
    with canvas.as_pictured():
        _draw(canvas, target, theme, scale)


def _draw(canvas: CanvasView, target: Path, theme: Theme, scale: float) -> None:
    size = QSizeF(canvas.content_size())
    area = QRectF(0, 0, size.width(), size.height())
    match target.suffix.lower():
        case ".png":
            image = _image(size, scale)
            image.setDevicePixelRatio(scale)
            image.fill(theme.canvas)
            _paint(canvas, _painter(image, target), area)
            _save(image, target)
        case ".svg":
            from PySide6.QtSvg import QSvgGenerator

            drawing = QSvgGenerator()
            drawing.setFileName(str(target))
            drawing.setSize(size.toSize())
            drawing.setViewBox(area)
            drawing.setTitle(target.stem)
            _paint(canvas, _painter(drawing, target), area)
        case ".pdf":
            page = QPdfWriter(str(target))
            page.setResolution(POINTS_PER_INCH)
            page.setPageSize(QPageSize(size, QPageSize.Unit.Point))
            page.setPageMargins(QMarginsF())
            _paint(canvas, _painter(page, target), area)
        case suffix:
            raise PictureError(f"{target.name}: a picture is .png, .svg or .pdf, not {suffix or 'without a suffix'}")


def _image(size: QSizeF, scale: float) -> QImage:
    wide, high = (max(1, round(side * scale)) for side in (size.width(), size.height()))
    if wide * high > MOST_PIXELS:
        raise PictureError(f"the picture would be too large, {wide} x {high} pixels: take a smaller --scale")
    return QImage(QSize(wide, high), QImage.Format.Format_RGB32)


def _painter(device: object, target: Path) -> QPainter:
    painter = QPainter()
    if not painter.begin(device):  # type: ignore[arg-type]
        raise PictureError(f"{target} cannot be written")
    return painter


def _paint(canvas: CanvasView, painter: QPainter, area: QRectF) -> None:
    canvas.render_to(painter, area)
    painter.end()


def _save(image: QImage, target: Path) -> None:
    if not image.save(str(target)):
        raise PictureError(f"{target} cannot be written")
