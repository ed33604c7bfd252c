"""The history: every step of undo as a list, with the present one marked; a click goes there.

The steps belong to the editor's undo stack; nothing is kept here.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QPalette, QUndoStack
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QUndoView, QVBoxLayout

from chainrule.gui.editor import Editor
from chainrule.gui.panels.parts import Panel
from chainrule.gui.theme import INSET, Look


class HistoryPanel(Panel):
    """The undo stack to look at and to walk through."""

    def __init__(self, editor: Editor, look: Look) -> None:
        super().__init__(look)
        self.setAccessibleName("History")
        self.view = QUndoView(editor.undo_stack)
        self.view.setEmptyLabel("as opened")
        self.view.setAccessibleName("Steps of undo; choosing one goes there")
        self.view.setItemDelegate(_Steps(editor.undo_stack, look, self.view))
        editor.undo_stack.indexChanged.connect(self.view.viewport().update)
        editor.training_changed.connect(lambda: self.view.setEnabled(not editor.training.running))
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.view)
        self.look_changed()

    def look_changed(self) -> None:
        px = self.look.px
        self._column.setContentsMargins(px(INSET), px(8), px(INSET), px(6))

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(400), self.look.px(136))


class _Steps(QStyledItemDelegate):
    """Steps that were undone are fainter than those that stand."""

    def __init__(self, stack: QUndoStack, look: Look, parent: QUndoView) -> None:
        super().__init__(parent)
        self._stack = stack
        self._look = look

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        theme = self._look.theme
        stands = index.row() <= self._stack.index()
        option.palette.setColor(QPalette.ColorRole.Text, theme.text if stands else theme.text_faint)
        option.font.setItalic(not stands)
