"""The page of examples and recent files: where to begin, each with its title and the source it comes from."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from chainrule.gui.examples import examples
from chainrule.gui.settings import Settings
from chainrule.gui.theme import Look

ENTRY_INSET, AROUND_ENTRY = 10, 2
PATH, DETAIL = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class StartPage(QDialog):
    """Not modal. ``example_chosen`` and ``file_chosen`` carry a Path."""

    example_chosen = Signal(object)
    file_chosen = Signal(object)

    def __init__(self, parent: QWidget, settings: Settings, look: Look) -> None:
        super().__init__(parent)
        self.setWindowTitle("Examples and Recent Files")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(look.px(760), look.px(520))
        self.examples = QListWidget()
        self.recent = QListWidget()
        for entries in (self.examples, self.recent):
            entries.setItemDelegate(_Entry(look, entries))
        for example in examples():
            _add(self.examples, example.title, example.source, example.path)
        for path in settings.recent:
            _add(self.recent, path.name, str(path.parent), path)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 18, 12, 14)
        row.setSpacing(24)
        indent = look.px(ENTRY_INSET) + AROUND_ENTRY
        row.addLayout(_column("Examples", self.examples, "", indent), 3)
        row.addLayout(_column("Recent files", self.recent, "None yet", indent), 2)
        self.examples.itemActivated.connect(self._choose_example)
        self.recent.itemActivated.connect(self._choose_file)
        self.examples.itemClicked.connect(self._choose_example)
        self.recent.itemClicked.connect(self._choose_file)

    def _choose_example(self, item: QListWidgetItem) -> None:
        self.example_chosen.emit(item.data(PATH))
        self.close()

    def _choose_file(self, item: QListWidgetItem) -> None:
        self.file_chosen.emit(item.data(PATH))
        self.close()


def _add(into: QListWidget, title: str, detail: str, path: Path) -> None:
    item = QListWidgetItem(title)
    item.setData(PATH, path)
    item.setData(DETAIL, detail)
    item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, detail)
    item.setToolTip(str(path))
    into.addItem(item)


def _column(title: str, items: QListWidget, empty: str, indent: int) -> QVBoxLayout:
    """A heading over ``items``, or over what is said where there are none, in line with the words of an entry."""
    heading = QLabel(title)
    heading.setProperty("role", "title")
    heading.setIndent(indent)
    items.setAccessibleName(title)
    items.setWordWrap(True)
    items.setSpacing(AROUND_ENTRY)
    items.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    column = QVBoxLayout()
    column.addWidget(heading)
    if items.count() or not empty:
        column.addWidget(items, 1)
    else:
        nothing = QLabel(empty)
        nothing.setProperty("role", "muted")
        nothing.setIndent(indent)
        column.addWidget(nothing)
        column.addStretch(1)
    return column


class _Entry(QStyledItemDelegate):
    """A title over one quiet line."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(self._look.px(100), self._look.px(44))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, px = self._look.theme, self._look.px
        painter.save()
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(option.rect, theme.button_hover)
        inner = option.rect.adjusted(px(ENTRY_INSET), px(4), -px(8), -px(4))
        lines = (
            (self._look.ui(13, QFont.Weight.Medium), theme.text, Qt.AlignmentFlag.AlignTop, index.data()),
            (self._look.ui(11), theme.text_muted, Qt.AlignmentFlag.AlignBottom, index.data(DETAIL)),
        )
        for font, colour, edge, text in lines:
            painter.setFont(font)
            painter.setPen(colour)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, edge | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()
