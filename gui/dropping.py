"""Drops on the canvas: an entry dragged from the library is added where it is let go, a graph file is opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from chainrule.core.document.files import EXTENSION

# The panels' catalogue gives a library entry this type (tests/gui/test_adding.py drags one).
KIND = "application/x-chainrule-kind"


class Drops(QObject):
    """Watches what is dropped on ``view``.

    ``added`` carries the text of a dragged library entry and the scene point, ``opened`` the path of a file.
    """

    added = Signal(object, object)
    opened = Signal(object)

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view)
        self._view = view
        self.watch(view.viewport())

    def watch(self, widget: QWidget) -> None:
        """Take what is dropped on ``widget``, which stands over the canvas, as dropped on the canvas under it."""
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop and isinstance(watched, QWidget):
            place = watched.mapToGlobal(event.position().toPoint())
            return self._drop(event, self._view.mapToScene(self._view.viewport().mapFromGlobal(place)))
        if isinstance(event, QDragMoveEvent) and self._wanted(event.mimeData()):
            event.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)

    def _wanted(self, data: QMimeData) -> bool:
        return data.hasFormat(KIND) or _file_in(data) is not None

    def _drop(self, event: QDropEvent, place: QPointF) -> bool:
        data = event.mimeData()
        path = _file_in(data)
        if data.hasFormat(KIND):
            key = bytes(data.data(KIND).data()).decode()
            self.added.emit(key, place)
        elif path is not None:
            self.opened.emit(path)
        else:
            return False
        event.acceptProposedAction()
        return True


def _file_in(data: QMimeData) -> Path | None:
    """The one graph file that is dragged; None where it is anything else."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 and files[0].suffix == EXTENSION else None
