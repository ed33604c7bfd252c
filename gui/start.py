"""Starting the program: application, look, the first document, the window; and what becomes of a stray exception."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from types import TracebackType

from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from chainrule.gui.editor import Editor
from chainrule.gui.examples import FIRST_EXAMPLE, examples_folder
from chainrule.gui.main_window import MainWindow
from chainrule.gui.recovery import Recovery
from chainrule.gui.settings import Settings, settings_folder
from chainrule.gui.state_file import StateFile
from chainrule.gui.theme import Look, load_fonts


def start(file: Path | None = None, state_file: Path | None = None) -> int:
    """Open the window on ``file`` (or recovered work, or the first example) and run until it is closed."""
    application = QApplication([sys.argv[0]])
    application.setApplicationName("Chainrule")
    application.setDesktopFileName("chainrule")
    application.setWindowIcon(_icon())
    load_fonts()
    settings = Settings()
    look = Look(settings.theme, settings.scale, reduced_motion=settings.reduced_motion)
    editor = Editor()
    recovery = Recovery(editor, settings_folder() / "recovery")
    recovered = open_first(editor, recovery, settings, file)
    window = MainWindow(editor, look, settings)
    sys.excepthook = reporter(editor)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal; what is unsaved is kept aside
    if state_file is not None:
        StateFile(window, state_file)
    window.show()
    window.canvas.setFocus()
    if editor.last_error:
        window.strip.say(editor.last_error)
    elif recovered:
        window.strip.say(f"Recovered unsaved work on {editor.title}")
    status = application.exec()
    recovery.finish()
    return status


def open_first(editor: Editor, recovery: Recovery, settings: Settings, file: Path | None) -> bool:
    """Fill the editor; True where it is work that an earlier run could not save."""
    if file is not None:
        if editor.open(file):
            settings.add_recent(file)
        return False
    if recovery.bring_back():
        return True
    if not settings.started_before:
        editor.open_copy(examples_folder() / FIRST_EXAMPLE)
        settings.mark_started()
        return False
    latest = next((path for path in settings.recent if path.is_file()), None)
    if latest is None or not editor.open(latest):
        editor.open_copy(examples_folder() / FIRST_EXAMPLE)
    return False


def reporter(editor: Editor) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """An exception that nobody caught is said in the window and logged, and the program goes on."""

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        traceback.print_exception(kind, error, trace)
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        editor.refuse(f"Something went wrong in the program itself: {kind.__name__}: {error}")

    return report


def _icon() -> QIcon:
    """The program's icon."""
    pixmap = QPixmap()
    pixmap.loadFromData(files("chainrule.assets").joinpath("icons", "chainrule.png").read_bytes())
    return QIcon(pixmap)
