"""A line of text that leaves undo to the graph: Ctrl+Z takes back typing only while something is being typed here."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

UNDOING = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class GraphLine(QLineEdit):
    """A line edit for something of the document; unchanged, it lets undo and redo through to the window."""

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and not self.isModified()
            and any(event.matches(key) for key in UNDOING)
        ):
            event.ignore()
            return False
        return super().event(event)
