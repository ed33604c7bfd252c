"""``chainrule snapshot``: a picture of the canvas as PNG, SVG or PDF, or of the whole window, without a display."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication, QLayout

from chainrule.gui.canvas.view import CanvasView
from chainrule.gui.editor import Editor
from chainrule.gui.pictures import PictureError, draw_canvas, grab_window
from chainrule.gui.player import Player
from chainrule.gui.theme import DARK, LIGHT, Look, load_fonts

if TYPE_CHECKING:
    from chainrule.gui.main_window import MainWindow

SETTLE_MS = 250


def main(arguments: Sequence[str]) -> int:
    """Run the command; 0 when the picture is written, 1 for a bad graph or target, 2 for bad usage."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(["chainrule"])
    load_fonts()
    try:
        take(options)
    except PictureError as error:
        print(f"chainrule: {error}", file=sys.stderr)
        return 1
    del application
    return 0


def take(options: argparse.Namespace) -> None:
    """Open the file, run it as asked, and write the picture; PictureError where that cannot be done."""
    if options.window and options.output.suffix.lower() != ".png":
        raise PictureError(f"{options.output.name}: a picture of the whole window is .png")
    editor = Editor()
    if not editor.open(options.file):
        raise PictureError(editor.last_error)
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
        nearest = shown.size().expandedTo(shown.minimumSizeHint())
        if nearest != options.size:
            made, asked = (f"{size.width()}x{size.height()}" for size in (nearest, options.size))
            raise PictureError(f"the window cannot be {asked}; the nearest that it can be is {made}")
        grab_window(shown, options.output, options.scale)


def _run(editor: Editor, options: argparse.Namespace) -> None:
    """Backward and the selection, where they were asked for."""
    for name in [options.backward, *options.select]:
        if name and name not in editor.graph:
            raise PictureError(f"{options.file}: there is no node called {name!r}")
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
    _tell_no_limits(window)
    window.resize(size)
    window.show()
    window.fill()
    window.canvas.setFocus()
    return window


def _tell_no_limits(window: MainWindow) -> None:
    """Keep the least size of ``window`` to ourselves: the platform without a display complains when it is told it."""
    layout = window.layout()
    assert layout is not None
    layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)


def _settle() -> None:
    """Let layouts take place and late sections of the panels arrive."""
    loop = QEventLoop()
    QTimer.singleShot(SETTLE_MS, loop.quit)
    loop.exec()


def _size(text: str) -> QSize:
    width, _, height = text.partition("x")
    try:
        return QSize(int(width), int(height))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no size, such as 1280x800") from None


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 0 < scale < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return scale


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chainrule snapshot", description="A picture of the canvas.")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help="a .png, .svg or .pdf file")
    parser.add_argument("--theme", choices=[DARK.name, LIGHT.name], default=DARK.name)
    parser.add_argument("--scale", type=_scale, default=2, help="pixels for each unit (PNG only; default 2)")
    parser.add_argument("--backward", metavar="NODE", help="run backward from NODE first")
    parser.add_argument(
        "--select", metavar="NODE", action="append", default=[], help="select NODE (may be given again)"
    )
    parser.add_argument("--window", action="store_true", help="the whole window, as PNG")
    parser.add_argument("--size", type=_size, default=QSize(1440, 900), metavar="WxH", help="of the window")
    return parser
