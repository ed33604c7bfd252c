"""``chainrule snapshot``: a picture of the canvas as PNG, SVG or PDF, or of the whole window, without a display."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QMarginsF, QRectF, QSize, QSizeF, QTimer
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication

from chainrule.gui.canvas.view import CanvasView
from chainrule.gui.editor import Editor
from chainrule.gui.player import Player
from chainrule.gui.theme import DARK, LIGHT, Look, Theme, load_fonts

if TYPE_CHECKING:
    from chainrule.gui.main_window import MainWindow

POINTS_PER_INCH = 72
SETTLE_MS = 250


class SnapshotError(Exception):
    """A picture that cannot be made; the message is one line for the reader."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; 0 when the picture is written, 1 for a bad graph or target, 2 for bad usage."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(["chainrule"])
    load_fonts()
    try:
        take(options)
    except SnapshotError as error:
        print(f"chainrule: {error}", file=sys.stderr)
        return 1
    del application
    return 0


def take(options: argparse.Namespace) -> None:
    """Open the file, run it as asked, and write the picture; SnapshotError where that cannot be done."""
    editor = Editor()
    if not editor.open(options.file):
        raise SnapshotError(editor.last_error)
    look = Look(options.theme, reduced_motion=True)
    shown = _window(editor, look, options.size) if options.window else _canvas(editor, look, options.size)
    _run(editor, options)
    shown.player.to_end()
    if isinstance(shown, CanvasView):
        QApplication.processEvents()
        draw_canvas(shown, options.output, look.theme, scale=options.scale)
    else:
        _settle()
        shown.canvas.frame_all()
        _settle()
        grab_window(shown, options.output, options.scale)


def _run(editor: Editor, options: argparse.Namespace) -> None:
    """Backward and the selection, where they were asked for."""
    for name in [options.backward, *options.select]:
        if name and name not in editor.graph:
            raise SnapshotError(f"{options.file}: there is no node called {name!r}")
    if options.backward:
        editor.choose_root(editor.graph.named(options.backward).id)
        editor.backward()
    editor.select(editor.graph.named(name).id for name in options.select)


def _canvas(editor: Editor, look: Look, size: QSize) -> CanvasView:
    canvas = CanvasView(editor, Player(editor, look), look)
    canvas.resize(size)
    canvas.show()
    return canvas


def _window(editor: Editor, look: Look, size: QSize) -> MainWindow:
    from chainrule.gui.main_window import MainWindow
    from chainrule.gui.settings import Settings

    window = MainWindow(editor, look, Settings(Path(os.devnull)))
    window.hints.hide()
    window.resize(size)
    window.show()
    window.fill()
    window.canvas.setFocus()
    return window


def _settle() -> None:
    """Let layouts take place and late sections of the panels arrive."""
    loop = QEventLoop()
    QTimer.singleShot(SETTLE_MS, loop.quit)
    loop.exec()


def grab_window(window: MainWindow, target: Path, scale: float) -> None:
    """The whole window as PNG, each pixel of the screen ``scale`` wide."""
    image = QImage(window.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    window.render(image)
    _save(image, target)


def draw_canvas(canvas: CanvasView, target: Path, theme: Theme, *, scale: float = 2) -> None:
    """Everything on the canvas, to a file whose suffix (.png, .svg, .pdf) says how."""
    size = QSizeF(canvas.content_size())
    area = QRectF(0, 0, size.width(), size.height())
    match target.suffix.lower():
        case ".png":
            image = QImage(QSize(round(size.width() * scale), round(size.height() * scale)), QImage.Format.Format_RGB32)
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
            raise SnapshotError(f"{target.name}: a picture is .png, .svg or .pdf, not {suffix or 'without a suffix'}")


def _painter(device: object, target: Path) -> QPainter:
    painter = QPainter()
    if not painter.begin(device):  # type: ignore[arg-type]
        raise SnapshotError(f"{target} cannot be written")
    return painter


def _paint(canvas: CanvasView, painter: QPainter, area: QRectF) -> None:
    canvas.render_to(painter, area)
    painter.end()


def _save(image: QImage, target: Path) -> None:
    if not image.save(str(target)):
        raise SnapshotError(f"{target} cannot be written")


def _size(text: str) -> QSize:
    width, _, height = text.partition("x")
    try:
        return QSize(int(width), int(height))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no size, such as 1280x800") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chainrule snapshot", description="A picture of the canvas.")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help="a .png, .svg or .pdf file")
    parser.add_argument("--theme", choices=[DARK.name, LIGHT.name], default=DARK.name)
    parser.add_argument("--scale", type=float, default=2, help="pixels for each unit (PNG only; default 2)")
    parser.add_argument("--backward", metavar="NODE", help="run backward from NODE first")
    parser.add_argument(
        "--select", metavar="NODE", action="append", default=[], help="select NODE (may be given again)"
    )
    parser.add_argument("--window", action="store_true", help="the whole window, as PNG")
    parser.add_argument("--size", type=_size, default=QSize(1440, 900), metavar="WxH", help="of the window")
    return parser
