"""The line in which one looks for something to add: arrows walk the list, Enter takes, Esc leaves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

PAGE = 8


class SearchField(QLineEdit):
    """``walked`` carries by how many entries to move on; ``left`` says that the focus went elsewhere in the window."""

    walked = Signal(object)
    taken = Signal()
    escaped = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match Qt.Key(event.key()):
            case Qt.Key.Key_Down:
                self.walked.emit(1)
            case Qt.Key.Key_Up:
                self.walked.emit(-1)
            case Qt.Key.Key_PageDown:
                self.walked.emit(PAGE)
            case Qt.Key.Key_PageUp:
                self.walked.emit(-PAGE)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.taken.emit()
            case Qt.Key.Key_Escape:
                self.escaped.emit()
            case _:
                super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        elsewhere = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if event.reason() not in elsewhere:
            self.left.emit()


class TabbedSearchField(SearchField):
    """A search field whose Tab walks the list too, for a box that has nothing else to go to."""

    def focusNextPrevChild(self, forwards: bool) -> bool:
        self.walked.emit(1 if forwards else -1)
        return True
