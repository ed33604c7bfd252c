"""The File menu: new, open, save, export and the recent files, and the one question before work would be lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from chainrule.gui.canvas.view import CanvasView
from chainrule.gui.editor import Editor
from chainrule.gui.questions import GRAPHS, PICTURES, ask_unsaved, choose_file, choose_target
from chainrule.gui.settings import Settings


class Filing(QObject):
    """Files of ``editor``; dialogs stand over ``window``. ``done`` carries a line that says what was written."""

    done = Signal(object)

    def __init__(self, window: QWidget, canvas: CanvasView, editor: Editor, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._canvas = canvas
        self._editor = editor
        self._settings = settings

    def new(self) -> None:
        self.unless_unsaved(self._editor.new)

    def open(self) -> None:
        self.unless_unsaved(lambda: choose_file(self._window, self._folder(), self._open_now))

    def open_file(self, path: Path) -> None:
        """Open ``path`` unless there is unsaved work that the reader would rather keep."""
        self.unless_unsaved(partial(self._open_now, path))

    def open_example(self, path: Path) -> None:
        """Open an example, as a document that has no file yet."""
        self.unless_unsaved(partial(self._editor.open_copy, path))

    def save(self) -> None:
        if self._editor.path is None:
            self.save_as()
        else:
            self._save_to(self._editor.path)

    def save_as(self) -> None:
        choose_target(self._window, "Save As", self._target(), GRAPHS, self._save_to)

    def export_picture(self) -> None:
        target = self._folder() / Path(self._editor.title).with_suffix(".png").name
        choose_target(self._window, "Export Picture", target, PICTURES, self._export_to)

    def unless_unsaved(self, then: Callable[[], object]) -> None:
        """Call ``then`` now, or after the reader has said what becomes of unsaved changes."""
        if self._editor.unsaved:
            ask_unsaved(self._window, self._editor.title, partial(self._save_and, then), then)
        else:
            then()

    def list_recent(self, menu: QMenu) -> None:
        """Fill ``menu`` with the files opened or saved last."""
        menu.clear()
        for path in self._settings.recent:
            entry = menu.addAction(path.name)
            entry.setToolTip(str(path))
            entry.triggered.connect(lambda _=False, chosen=path: self.open_file(chosen))
        if menu.isEmpty():
            menu.addAction("None yet").setEnabled(False)

    def _save_and(self, then: Callable[[], object]) -> None:
        def save_to(path: Path) -> None:
            if self._save_to(path):
                then()

        if self._editor.path is None:
            choose_target(self._window, "Save As", self._target(), GRAPHS, save_to)
        else:
            save_to(self._editor.path)

    def _open_now(self, path: Path) -> None:
        if self._editor.open(path):
            self._settings.add_recent(path)
        else:
            self._settings.forget_recent(path)

    def _save_to(self, path: Path) -> bool:
        if not self._editor.save(path):
            return False
        self._settings.add_recent(path)
        return True

    def _export_to(self, path: Path) -> None:
        from chainrule.gui.pictures import PictureError, draw_canvas

        try:
            draw_canvas(self._canvas, path, self._canvas.look.theme, scale=2)
        except PictureError as error:
            self._editor.refuse(str(error))
        else:
            self.done.emit(f"Wrote {path.name}")

    def _target(self) -> Path:
        return self._editor.path or self._folder() / self._editor.suggested_name

    def _folder(self) -> Path:
        if self._editor.path is not None:
            return self._editor.path.parent
        return next((path.parent for path in self._settings.recent if path.parent.is_dir()), Path.home())
