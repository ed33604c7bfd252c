"""Recovery: unsaved work is written aside while one edits, and brought back if the program could not end properly."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer

from chainrule.core.document.files import EXTENSION, FileError, save_graph
from chainrule.core.document.graph import GraphError
from chainrule.gui.editor import Editor

WAIT_MS = 2_000


class Recovery(QObject):
    """Keeps one file in ``folder`` for this process, there only while there is unsaved work."""

    def __init__(self, editor: Editor, folder: Path) -> None:
        super().__init__(editor)
        self._editor = editor
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = QLockFile(str(folder / f"{os.getpid()}.lock"))
        self._lock.setStaleLockTime(0)  # a lock is stale when its process is gone, never because of its age
        self._lock.tryLock(0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._keep)
        editor.undo_stack.indexChanged.connect(self._timer.start)
        editor.undo_stack.cleanChanged.connect(self._timer.start)

    def bring_back(self) -> bool:
        """Open what the latest run that ended badly left; False where there is none."""
        left = sorted(self._left_behind(), key=lambda path: path.stat().st_mtime)
        if not left or not self._editor.open_copy(left[-1]):
            return False
        self._editor.suggested_name = left[-1].name.partition("-")[2]
        self._editor.undo_stack.resetClean()
        self._editor.path_changed.emit()
        self._keep()
        left[-1].unlink()
        return True

    def finish(self) -> None:
        """The program ends properly: nothing is to be recovered."""
        self._timer.stop()
        self._forget()
        self._lock.unlock()

    def _left_behind(self) -> list[Path]:
        """Files of processes that no longer run, called ``<process id>-<name>.chainrule``."""
        files = self._folder.glob(f"*-*{EXTENSION}")
        return [path for path in files if self._ended(path.name.partition("-")[0])]

    def _ended(self, process: str) -> bool:
        lock = QLockFile(str(self._folder / f"{process}.lock"))
        lock.setStaleLockTime(0)
        return process != str(os.getpid()) and lock.tryLock(0)

    def _keep(self) -> None:
        self._forget()
        if not self._editor.unsaved:
            return
        try:
            save_graph(self._editor.graph, self._folder / f"{os.getpid()}-{self._editor.title}")
        except (FileError, GraphError) as error:
            self._editor.refuse(f"Unsaved work could not be kept aside: {error}")

    def _forget(self) -> None:
        for path in self._folder.glob(f"{os.getpid()}-*{EXTENSION}"):
            path.unlink(missing_ok=True)
