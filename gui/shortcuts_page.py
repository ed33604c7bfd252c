"""The page of shortcuts: every command with its keys, which can be changed here, and the gestures of the canvas."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chainrule.gui.actions import BY_ID, MENUS, clashes, in_menu, keys_of
from chainrule.gui.settings import Settings
from chainrule.gui.theme import Look

KEYS = 1  # the column
COMMAND = Qt.ItemDataRole.UserRole
HOW = "Double-click a command's keys to change them."

GESTURES = (
    ("Double-click the canvas", "Add a node where you clicked"),
    ("Drag from socket to socket", "Wire, either way round"),
    ("Drag from a socket to the empty canvas", "Add a node that fits and wire it"),
    ("Drag a number to the left or right", "Change it; everything it reaches follows"),
    ("Double-click a number", "Type a value"),
    ("Ctrl-drag over the empty canvas", "Cut the wires the line crosses"),
    ("Click, Shift-click, drag over the empty canvas", "Select"),
    ("Wheel, pinch", "Zoom at the pointer"),
    ("Middle or right drag, two fingers", "Move the view"),
    ("Tab, arrows, Ctrl+arrows", "Go through the nodes, walk along wires, nudge"),
    ("Enter, Esc", "Edit the node in focus; leave, end an animation, select nothing"),
)


class ShortcutsPage(QDialog):
    """Not modal; a list by menu, and the gestures last. ``keys_changed`` says that a command has other keys."""

    keys_changed = Signal()

    def __init__(self, parent: QWidget, settings: Settings, look: Look) -> None:
        super().__init__(parent)
        self._settings = settings
        self._items: dict[str, QTreeWidgetItem] = {}
        self.setWindowTitle("Shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(look.px(900), look.px(620))
        self.list = QTreeWidget()
        self.list.setColumnCount(3)
        self.list.setHeaderLabels(["Command", "Keys", "What it does"])
        self.list.setAccessibleName("Shortcuts")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.setItemDelegate(_KeyField(self))
        self.note = QLabel(HOW)
        self.note.setProperty("role", "muted")
        self.own_keys = QPushButton("Restore All")
        self.own_keys.clicked.connect(self.restore)
        below = QHBoxLayout()
        below.addWidget(self.note, 1)
        below.addWidget(self.own_keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self.list)
        column.addLayout(below)
        self._fill()

    def assign(self, command_id: str, keys: QKeySequence) -> bool:
        """Give a command ``keys`` and no others; False, and it says why, where another command has them."""
        command = BY_ID[command_id]
        other = None if keys.isEmpty() else clashes(command, keys, self._settings)
        if other is not None:
            self.note.setText(f"{_native(keys)} belongs to {other.text}: give that another key first.")
            return False
        portable = keys.toString(QKeySequence.SequenceFormat.PortableText)
        self._settings.set_shortcut(command_id, [portable] if portable else [])
        self._changed()
        return True

    def restore(self) -> None:
        """Give every command its own keys again."""
        self._settings.forget_shortcuts()
        self._changed()

    def _changed(self) -> None:
        self.note.setText(HOW)
        self._write_keys()
        self.keys_changed.emit()

    def _fill(self) -> None:
        for menu in MENUS:
            group = self._group(menu)
            for command in in_menu(menu):
                item = QTreeWidgetItem(group, [command.text, "", command.help])
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
                item.setData(KEYS, COMMAND, command.id)
                self._items[command.id] = item
        gestures = self._group("With the mouse and in the canvas")
        for gesture, result in GESTURES:
            QTreeWidgetItem(gestures, [gesture, "", result])
        self._write_keys()
        self.list.expandAll()

    def _group(self, title: str) -> QTreeWidgetItem:
        group = QTreeWidgetItem(self.list, [title])
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = group.font(0)
        font.setBold(True)
        group.setFont(0, font)
        return group

    def _write_keys(self) -> None:
        for command, item in self._items.items():
            item.setText(KEYS, ", ".join(_native(keys) for keys in keys_of(BY_ID[command], self._settings)))


class _KeyField(QStyledItemDelegate):
    """Takes the next keys that are pressed; only the column of keys can be edited."""

    def __init__(self, page: ShortcutsPage) -> None:
        super().__init__(page)
        self._page = page

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        if index.column() != KEYS:
            return None  # type: ignore[return-value]  # Qt's way of saying that there is no editor
        field = QKeySequenceEdit(parent)
        field.setMaximumSequenceLength(1)
        field.setClearButtonEnabled(True)
        return field

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """The field begins empty: it shows what is pressed."""

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if isinstance(editor, QKeySequenceEdit) and not editor.keySequence().isEmpty():
            self._page.assign(index.data(COMMAND), editor.keySequence())


def _native(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)
