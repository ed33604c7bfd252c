"""The page of shortcuts: every command with its keys from the table of actions, and the gestures of the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chainrule.gui.actions import MENUS, in_menu, keys_of
from chainrule.gui.settings import Settings
from chainrule.gui.theme import Look

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
)


class ShortcutsPage(QDialog):
    """Not modal; a list by menu, and the gestures last."""

    def __init__(self, parent: QWidget, settings: Settings, look: Look) -> None:
        super().__init__(parent)
        self.setWindowTitle("Shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(look.px(900), look.px(620))
        self.list = QTreeWidget()
        self.list.setColumnCount(3)
        self.list.setHeaderLabels(["Command", "Keys", "What it does"])
        self.list.setAccessibleName("Shortcuts")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for menu in MENUS:
            rows = [
                (command.text, ", ".join(_native(keys) for keys in keys_of(command, settings)), command.help)
                for command in in_menu(menu)
            ]
            self._add_group(menu, rows)
        self._add_group("With the mouse", [(gesture, "", result) for gesture, result in GESTURES])
        self.list.expandAll()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self.list)

    def _add_group(self, title: str, rows: list[tuple[str, str, str]]) -> None:
        group = QTreeWidgetItem([title])
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = group.font(0)
        font.setBold(True)
        group.setFont(0, font)
        self.list.addTopLevelItem(group)
        for row in rows:
            group.addChild(QTreeWidgetItem(list(row)))


def _native(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)
