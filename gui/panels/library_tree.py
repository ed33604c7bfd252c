"""The library's tree: families that fold, their subjects that fold, and entries that can be dragged onto the canvas.

Everything is folded but what is common; a search unfolds what it finds, and its end brings back what was. How rows look
is in ``library_rows``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QDrag, QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from chainrule.gui.panels import catalogue
from chainrule.gui.panels.catalogue import MIME_TYPE, Choice
from chainrule.gui.panels.library_rows import CHOICE, COUNT, FAMILY, SUBJECT, LibraryRows
from chainrule.gui.theme import Look

COMMON = "common"
FEW = 16  # entries of a family that are listed without subjects

Head = tuple[str, str]  # a family and a subject of it, "" for the family itself


class LibraryTree(QTreeWidget):
    """Filled with ``catalogue`` choices; what was unfolded stays so when it is filled again."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._items: dict[str, QTreeWidgetItem] = {}
        self._common: list[QTreeWidgetItem] = []
        self._heads: dict[Head, QTreeWidgetItem] = {}
        self._unfolded_before: set[Head] | None = None  # while a search shows what it found
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
        self.setItemDelegate(LibraryRows(look, self))
        self.itemClicked.connect(self._turn)

    def restyle(self) -> None:
        self.scheduleDelayedItemsLayout()

    def fill(self, common: Sequence[Choice], choices: Sequence[Choice]) -> None:
        """List ``common`` in a section of its own, and ``choices`` by family."""
        unfolded = self._unfolded() if self._heads else {(COMMON, "")}
        self.clear()
        self._items, self._heads = {}, {}
        families: dict[str, list[Choice]] = {}
        for choice in choices:
            families.setdefault(choice.family, []).append(choice)
        head = self._head(self, (COMMON, ""), "Common", len(common))
        head.setToolTip(0, "What the shipped examples are made of")
        self._common = [self._entry(head, choice) for choice in common]
        for family, members in families.items():
            self._fill_family(family, members)
        self._unfold(unfolded)

    def _fill_family(self, family: str, members: Sequence[Choice]) -> None:
        """First the page of the family's own name, then its other subjects, which fold, and last what stands alone."""
        title = catalogue.TITLES.get(family, family.capitalize())
        head = self._head(self, (family, ""), title, len(members))
        subjects: dict[str, list[Choice]] = {}
        for choice in members:
            subjects.setdefault(family if len(members) <= FEW else choice.subject, []).append(choice)
        for subject, its in sorted(subjects.items(), key=lambda entry: (entry[0] != family, len(entry[1]) == 1)):
            folds = subject != family and len(its) > 1
            above = self._head(head, (family, subject), subject.capitalize(), len(its)) if folds else head
            for choice in its:
                self._items[choice.key] = self._entry(above, choice)

    def _head(self, parent: QTreeWidget | QTreeWidgetItem, key: Head, title: str, count: int) -> QTreeWidgetItem:
        head = QTreeWidgetItem([title])
        if isinstance(parent, QTreeWidget):
            parent.addTopLevelItem(head)
        else:
            parent.addChild(head)
        head.setData(0, FAMILY, key[0])
        head.setData(0, SUBJECT, key[1])
        head.setData(0, COUNT, count)
        head.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{title}, {count} entries")
        head.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self._heads[key] = head
        return head

    @staticmethod
    def _entry(parent: QTreeWidgetItem, choice: Choice) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent, [choice.name])
        item.setData(0, CHOICE, choice)
        item.setToolTip(0, f"{choice.doc}\n{choice.signature}")
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{choice.name}: {choice.doc}")
        return item

    # Folding

    @property
    def unfolded(self) -> list[str]:
        """The sections that stand open, by family and subject: ``["common/", "pointwise/rounding"]``."""
        return sorted("/".join(key) for key in self._unfolded())

    def unfold(self, sections: Iterable[str]) -> None:
        """Open ``sections``, as ``unfolded`` names them, and fold the others."""
        self._unfold((family, subject) for family, _, subject in (name.partition("/") for name in sections))

    def _unfolded(self) -> set[Head]:
        if self._unfolded_before is not None:
            return self._unfolded_before
        return {key for key, head in self._heads.items() if head.isExpanded()}

    def _unfold(self, keys: Iterable[Head]) -> None:
        wanted = set(keys)
        for key, head in self._heads.items():
            head.setExpanded(key in wanted)

    def _turn(self, item: QTreeWidgetItem) -> None:
        """Fold a head that is unfolded, and unfold one that is folded."""
        if item.data(0, FAMILY):
            item.setExpanded(not item.isExpanded())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        head = self.currentItem()
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and head is not None and head.data(0, FAMILY):
            self._turn(head)
            return
        super().keyPressEvent(event)

    # Searching

    def show_all(self) -> None:
        """Everything, folded as it was before the search."""
        for item in (*self._items.values(), *self._heads.values()):
            item.setHidden(False)
        if self._unfolded_before is not None:
            self._unfold(self._unfolded_before)
            self._unfolded_before = None
        self.setCurrentIndex(QModelIndex())

    def show_only(self, keys: Sequence[str]) -> None:
        """Unfold ``keys`` and hide all else; the first of them becomes the one that Enter adds."""
        self._unfolded_before = self._unfolded()
        wanted = set(keys)
        for key, item in self._items.items():
            item.setHidden(key not in wanted)
        for head in self._heads.values():
            head.setHidden(True)
        for key in keys:
            above = self._items[key].parent() if key in self._items else None
            while above is not None:
                above.setHidden(False)
                above.setExpanded(True)
                above = above.parent()
        self.scrollToTop()
        best = next((self._items[key] for key in keys if key in self._items), None)
        self.setCurrentIndex(QModelIndex()) if best is None else self.setCurrentItem(best)

    def walk(self, by: int) -> None:
        """Make the next (or previous) visible entry the current one."""
        visible = list(self._visible())
        if not visible:
            return
        current = self.currentItem()
        place = visible.index(current) + by if current in visible else (0 if by > 0 else len(visible) - 1)
        self.setCurrentItem(visible[max(0, min(place, len(visible) - 1))])

    def _visible(self) -> Iterator[QTreeWidgetItem]:
        """The entries that can be seen, from top to bottom."""
        item = self.topLevelItem(0)
        while item is not None:
            if isinstance(item.data(0, CHOICE), Choice) and not item.isHidden():
                yield item
            item = self.itemBelow(item)

    def chosen(self) -> Choice | None:
        item = self.currentItem()
        choice = item.data(0, CHOICE) if item is not None else None
        return choice if isinstance(choice, Choice) else None

    # Dragging

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
        text = choice.name
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
