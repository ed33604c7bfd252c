"""The top bar: wordmark, menus, the file's name with its unsaved mark, and the command search."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QMenuBar, QWidget

from chainrule.gui.actions import MENUS, in_menu
from chainrule.gui.command_search import CommandSearch
from chainrule.gui.editor import Editor
from chainrule.gui.theme import Look

BAR_HEIGHT = 40
SEARCH_WIDTH, WIDE_SEARCH = 232, 340


class Wordmark(QWidget):
    """The nabla and the name."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setAccessibleName("Chainrule")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, px = self._look.theme, self._look.px
        area = self.rect()
        painter.setFont(self._look.ui(17, 700))
        painter.setPen(theme.accent)
        painter.drawText(area.adjusted(px(17), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "\u2207")
        painter.setFont(self._look.ui(14, 600))
        painter.setPen(theme.text)
        painter.drawText(area.adjusted(px(38), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "Chainrule")


class FileName(QWidget):
    """The document's name in the middle of the bar, with a dot while it is not saved."""

    def __init__(self, editor: Editor, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._editor = editor
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def refresh(self) -> None:
        unsaved = ", not saved" if self._editor.unsaved else ""
        self.setAccessibleName(f"{self._editor.title}{unsaved}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, px = self._look.theme, self._look.px
        painter.setFont(self._look.ui(13, 600))
        painter.setPen(theme.text)
        metrics = painter.fontMetrics()
        title = metrics.elidedText(self._editor.title, Qt.TextElideMode.ElideMiddle, self.width() - px(24))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, title)
        if self._editor.unsaved:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.warning)
            x = self.width() / 2 + metrics.horizontalAdvance(title) / 2 + px(10)
            painter.drawEllipse(int(x), self.height() // 2 - px(2), px(5), px(5))


class TopBar(QFrame):
    """Menus at the left, the file's name in the middle, the search at the right."""

    def __init__(self, editor: Editor, look: Look, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("top_bar")
        self._look = look
        self.wordmark = Wordmark(look)
        self.menus = QMenuBar()
        self.menus.setNativeMenuBar(False)
        self.recent = QMenu("Open Recent")
        self.search = CommandSearch(actions, look)
        self.file_name = FileName(editor, look, self)
        self._key = QLabel(actions["search"].shortcut().toString(), self.search)
        self._key.setProperty("role", "key")
        self._fill_menus(actions)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 18, 0)
        row.setSpacing(0)
        row.addWidget(self.wordmark)
        row.addWidget(self.menus, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        row.addWidget(self.search)
        self.search.textChanged.connect(self._hide_key)
        self.search.entered.connect(self._widen_search)
        self.search.left.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take sizes from the look."""
        px = self._look.px
        self.setFixedHeight(px(BAR_HEIGHT))
        self.wordmark.setFixedSize(px(124), px(BAR_HEIGHT))
        self.search.setFixedSize(px(SEARCH_WIDTH), px(25))
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._place()

    def _place(self) -> None:
        px = self._look.px
        row = self.layout()
        assert row is not None
        row.activate()  # the menus may have just taken another size
        # In the middle of the window, or of what is left between menus and search where that is narrow.
        left = self.menus.geometry().right() + px(4)
        right = self.search.geometry().left() - px(12)
        half = min(self.width() // 2 - left, right - self.width() // 2)
        if half > px(110):
            self.file_name.setGeometry(self.width() // 2 - half, 0, 2 * half, self.height())
        else:
            self.file_name.setGeometry(left, 0, max(0, right - left), self.height())
        self._key.adjustSize()
        self._key.move(
            self.search.width() - self._key.width() - px(9), (self.search.height() - self._key.height()) // 2
        )

    def _widen_search(self) -> None:
        """Make room for the longest command and its key."""
        self.search.setFixedWidth(self._look.px(WIDE_SEARCH))
        self._place()

    def _hide_key(self, text: str) -> None:
        self._key.setVisible(not text)

    def _fill_menus(self, actions: Mapping[str, QAction]) -> None:
        for name in MENUS:
            menu = self.menus.addMenu(name)
            for command in in_menu(name):
                if command.begins_group:
                    menu.addSeparator()
                menu.addAction(actions[command.id])
                if command.id == "open":
                    menu.addMenu(self.recent)
