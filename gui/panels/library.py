"""The library: everything that can be added, by family, with a field that narrows it down as one types.

What is listed comes from ``catalogue``; where a new node goes is the window's business (signal ``request``).
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QDrag, QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)
from shiboken6 import isValid

from chainrule.core.ops import registry
from chainrule.gui.editor import Editor
from chainrule.gui.panels import catalogue, icons
from chainrule.gui.panels.catalogue import MIME_TYPE, Choice, Request
from chainrule.gui.panels.parts import Panel, label
from chainrule.gui.panels.search_field import SearchField
from chainrule.gui.theme import Look

CHOICE = Qt.ItemDataRole.UserRole
FAMILY = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class LibraryPanel(Panel):
    """The families and their operations. ``request`` carries a ``catalogue.Request`` when something is to be added."""

    request = Signal(object)

    def __init__(self, editor: Editor, look: Look) -> None:
        super().__init__(look)
        self.setAccessibleName("Library")
        self.field = SearchField()
        self.field.setPlaceholderText("Add a node...")
        self.field.setAccessibleName("Add a node")
        self.field.setToolTip("A name, a symbol such as * or @, or an expression: = (y - x*w)**2")
        self._hint = label("Space", "faint")
        inside = QHBoxLayout(self.field)
        inside.addStretch()
        inside.addWidget(self._hint)
        self.tree = _Tree(look)
        self._column = QVBoxLayout(self)
        self._top = QHBoxLayout()
        self._top.addWidget(self.field)
        self._column.addLayout(self._top)
        self._column.addWidget(self.tree)
        self.field.textChanged.connect(self._narrow)
        self.field.walked.connect(self.tree.walk)
        self.field.taken.connect(self._add)
        self.field.escaped.connect(self.field.clear)
        self.tree.itemActivated.connect(self._activated)
        registry.on_change(_while_alive(self))
        self.look_changed()
        self.refill()

    def look_changed(self) -> None:
        px = self.look.px
        self._column.setContentsMargins(px(13), px(13), px(4), px(4))
        self._column.setSpacing(px(10))
        self._top.setContentsMargins(0, 0, px(9), 0)
        self.field.setMinimumHeight(px(28))
        inner = self.field.layout()
        if inner is not None:
            inner.setContentsMargins(0, 0, px(8), 0)
        self.tree.restyle()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(220), self.look.px(600))

    def refill(self) -> None:
        """List what there is now."""
        self.tree.fill(catalogue.choices())
        self._narrow(self.field.text())

    def _narrow(self, text: str) -> None:
        self._hint.setVisible(not text)
        if not text or text.lstrip().startswith("="):
            self.tree.show_all()
        else:
            self.tree.show_only([choice.key for choice in catalogue.search(text)])

    def _add(self) -> None:
        text = self.field.text().strip()
        if text.startswith("="):
            self.request.emit(Request(expression=text[1:].strip()))
        else:
            choice = self.tree.chosen()
            if choice is None:
                return
            self.request.emit(choice.request)
        self.field.clear()

    def _activated(self, item: QTreeWidgetItem) -> None:
        choice = item.data(0, CHOICE)
        if isinstance(choice, Choice):
            self.request.emit(choice.request)


def _while_alive(library: LibraryPanel) -> Callable[[], None]:
    """Refills ``library`` for as long as it is there: the registry outlives every window and forgets no listener."""
    reference = weakref.ref(library)

    def changed() -> None:
        alive = reference()
        if alive is not None and isValid(alive):
            alive.refill()

    return changed


class _Tree(QTreeWidget):
    """Families that fold, and what they hold, which can be dragged onto the canvas."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._items: dict[str, QTreeWidgetItem] = {}
        self.setAccessibleName("Operations by family")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setExpandsOnDoubleClick(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.setItemDelegate(_Rows(look, self))
        self.itemClicked.connect(self._fold)

    def restyle(self) -> None:
        self.scheduleDelayedItemsLayout()

    def fill(self, choices: Sequence[Choice]) -> None:
        """List ``choices`` afresh; families that were folded stay folded."""
        folded = {
            self._family(i).data(0, FAMILY) for i in range(self.topLevelItemCount()) if not self._family(i).isExpanded()
        }
        self.clear()
        self._items = {}
        heads: dict[str, QTreeWidgetItem] = {}
        for choice in choices:
            if choice.family not in heads:
                heads[choice.family] = self._head(choice.family)
            item = QTreeWidgetItem(heads[choice.family], [choice.title])
            item.setData(0, CHOICE, choice)
            item.setToolTip(0, f"{choice.doc}\n{choice.signature}")
            self._items[choice.key] = item
        for family, head in heads.items():
            head.setExpanded(family not in folded)

    def _head(self, family: str) -> QTreeWidgetItem:
        head = QTreeWidgetItem(self, [catalogue.TITLES.get(family, family.capitalize())])
        head.setData(0, FAMILY, family)
        head.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        return head

    def _family(self, place: int) -> QTreeWidgetItem:
        item = self.topLevelItem(place)
        assert item is not None
        return item

    def show_all(self) -> None:
        for item in self._items.values():
            item.setHidden(False)
        self._hide_empty()
        self.setCurrentIndex(QModelIndex())

    def show_only(self, keys: Sequence[str]) -> None:
        """Hide all but ``keys``, whose first becomes the one that Enter adds."""
        wanted = set(keys)
        for key, item in self._items.items():
            item.setHidden(key not in wanted)
        self._hide_empty()
        best = next((self._items[key] for key in keys if key in self._items), None)
        if best is None:
            self.setCurrentIndex(QModelIndex())
        else:
            parent = best.parent()
            if parent is not None:
                parent.setExpanded(True)
            self.setCurrentItem(best)

    def _hide_empty(self) -> None:
        for place in range(self.topLevelItemCount()):
            head = self._family(place)
            children = (head.child(i) for i in range(head.childCount()))
            head.setHidden(all(child is None or child.isHidden() for child in children))

    def walk(self, by: int) -> None:
        """Make the next (or previous) visible entry the current one."""
        visible = [item for item in self._items.values() if not item.isHidden() and _unfolded(item)]
        if not visible:
            return
        current = self.currentItem()
        place = visible.index(current) + by if current in visible else (0 if by > 0 else len(visible) - 1)
        self.setCurrentItem(visible[max(0, min(place, len(visible) - 1))])

    def chosen(self) -> Choice | None:
        item = self.currentItem()
        choice = item.data(0, CHOICE) if item is not None else None
        return choice if isinstance(choice, Choice) else None

    def _fold(self, item: QTreeWidgetItem) -> None:
        if item.data(0, FAMILY):
            item.setExpanded(not item.isExpanded())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        head = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and head is not None and head.data(0, FAMILY):
            self._fold(head)
            return
        super().keyPressEvent(event)

    def mimeTypes(self) -> list[str]:
        return [MIME_TYPE]

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        """The dragged entry's key as UTF-8 text."""
        data = QMimeData()
        for item in items:
            choice = item.data(0, CHOICE)
            if isinstance(choice, Choice):
                data.setData(MIME_TYPE, choice.key.encode())
                data.setText(choice.name)
        return data

    def startDrag(self, supported: Qt.DropAction) -> None:
        item = self.currentItem()
        if item is None or not isinstance(item.data(0, CHOICE), Choice):
            return
        drag = QDrag(self)
        drag.setMimeData(self.mimeData([item]))
        drag.setPixmap(self._ghost(item.data(0, CHOICE)))
        drag.setHotSpot(QPoint(self._look.px(14), self._look.px(14)))
        drag.exec(Qt.DropAction.CopyAction)

    def _ghost(self, choice: Choice) -> QPixmap:
        """A small card under the pointer."""
        theme, px = self._look.theme, self._look.px
        font = self._look.mono(12, QFont.Weight.Bold)
        text = choice.title
        size = QSize(QFontMetrics(font).horizontalAdvance(text) + px(34), px(30))
        pixmap = QPixmap(size * self.devicePixelRatioF())
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.card)
        painter.setPen(QPen(theme.border, 1))
        area = QRectF(0.5, 0.5, size.width() - 1, size.height() - 1)
        painter.drawRoundedRect(area, px(7), px(7))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.family(choice.family))
        painter.drawEllipse(QRectF(px(10), area.center().y() - px(4), px(8), px(8)))
        painter.setPen(theme.text)
        painter.setFont(font)
        painter.drawText(
            area.adjusted(px(24), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text
        )
        painter.end()
        return pixmap


def _unfolded(item: QTreeWidgetItem) -> bool:
    head = item.parent()
    return head is not None and head.isExpanded()


class _Rows(QStyledItemDelegate):
    """Draws a family as a coloured dot with its title, and an entry as symbol and name."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        px = self._look.px
        if index.data(FAMILY):
            return QSize(px(120), px(22) if index.row() == 0 else px(31))
        return QSize(px(120), px(20))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        family = index.data(FAMILY)
        if family:
            rect.setTop(rect.bottom() - self._look.px(22))
        self._paint_highlight(painter, option, rect)
        if family:
            self._paint_family(painter, rect, index, family)
        else:
            self._paint_entry(painter, option, rect, index.data(CHOICE))
        painter.restore()

    def _paint_highlight(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRectF) -> None:
        theme, px = self._look.theme, self._look.px
        state = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.button_hover if chosen else theme.button)
            painter.drawRoundedRect(rect.adjusted(0, 0, -px(6), 0), px(5), px(5))

    def _paint_family(self, painter: QPainter, rect: QRectF, index: Index, family: str) -> None:
        theme, px = self._look.theme, self._look.px
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.family(family))
        painter.drawEllipse(QRectF(px(5), rect.center().y() - px(4), px(8), px(8)))
        painter.setPen(theme.text)
        painter.setFont(self._look.ui(12, QFont.Weight.DemiBold))
        painter.drawText(rect.adjusted(px(21), 0, 0, 0), _MIDDLE, str(index.data()))
        tree = self.parent()
        if isinstance(tree, QTreeWidget) and not tree.isExpanded(index):
            painter.translate(rect.right() - px(28), rect.center().y() - px(8))
            painter.scale(px(16) / icons.UNITS, px(16) / icons.UNITS)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.text_muted, 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPath(icons.chevron())

    def _paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRectF, choice: Choice) -> None:
        theme, px = self._look.theme, self._look.px
        lit = option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver)
        painter.setPen(theme.text if lit else theme.text_muted)
        painter.setFont(self._look.mono(12))
        text = choice.title
        painter.drawText(rect.adjusted(px(21), 0, -px(6), 0), _MIDDLE, text)


_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
