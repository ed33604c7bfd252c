"""The search box of the top bar: every command by name, with its shortcut, run by Enter or a click."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QKeySequence, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from chainrule.gui.actions import COMMANDS
from chainrule.gui.theme import Look

COMMAND = Qt.ItemDataRole.UserRole


class CommandSearch(QLineEdit):
    """Typing filters the commands; the chosen one is triggered.

    ``entered`` and ``left`` say that the box got and lost the focus, ``done`` that the reader is through with it.
    """

    entered = Signal()
    left = Signal()
    done = Signal()

    def __init__(self, actions: Mapping[str, QAction], look: Look) -> None:
        super().__init__()
        self._actions = actions
        self._by_text: dict[str, QAction] = {}
        self._look = look
        self._popup: QListView | None = None
        self.setObjectName("search")
        self.setPlaceholderText("Search commands")
        self.setAccessibleName("Search commands")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def open(self) -> None:
        """Take the focus and list every command."""
        self._fill()  # a window that is not the active one gets the focus later
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.clear()
        self._list_all()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._fill()
        self.entered.emit()
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            self._list_all()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.clear()
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.completer().currentCompletion())
            return
        super().keyPressEvent(event)

    def _fill(self) -> None:
        """List the commands once somebody comes to look for one: the first window does not wait for it."""
        if self._popup is not None:
            return
        model = QStandardItemModel(self)
        for command in COMMANDS:
            item = QStandardItem(f"{command.menu}: {command.text}")
            item.setData(command.id, COMMAND)
            item.setToolTip(command.help)
            model.appendRow(item)
            self._by_text[item.text()] = self._actions[command.id]
        completer = QCompleter(model, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(12)
        self._popup = QListView()
        completer.setPopup(self._popup)
        self._popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._popup.setItemDelegate(_Row(self._actions, self._look, self))
        self.setCompleter(completer)
        # The popup writes the chosen text into the box after this signal: run the command when that is done.
        completer.activated.connect(self._choose, Qt.ConnectionType.QueuedConnection)

    def _list_all(self) -> None:
        self.completer().setCompletionPrefix(self.text())
        self.completer().complete()

    def _choose(self, text: str) -> None:
        action = self._by_text.get(text)
        if action is not None:
            self._leave()
            action.trigger()

    def _leave(self) -> None:
        if self._popup is not None:
            self._popup.hide()
        self.clear()
        self.done.emit()


class _Row(QStyledItemDelegate):
    """A command's text, and its key at the right edge; what cannot be done now is faint."""

    def __init__(self, actions: Mapping[str, QAction], look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(self._look.px(100), self._look.px(26))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = self._look.theme
        action = self._actions[index.data(COMMAND)]
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        rect = option.rect
        painter.fillRect(rect, theme.button_hover if chosen else theme.card)
        inner = rect.adjusted(self._look.px(10), 0, -self._look.px(10), 0)
        painter.setFont(self._look.ui(13))
        painter.setPen(theme.text if action.isEnabled() else theme.text_faint)
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        metrics = painter.fontMetrics()
        room = inner.width() - metrics.horizontalAdvance(key) - self._look.px(12)
        text = metrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.setPen(theme.text_muted)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, key)
        painter.restore()
