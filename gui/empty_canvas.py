"""What an empty canvas says: how a first card comes onto it, and where there are graphs to begin with.

It stands in the middle of the canvas as long as that is empty. What is done there goes to the canvas, through it; only
its button answers itself.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from chainrule.gui.editor import Editor
from chainrule.gui.theme import Look

TITLE = "The canvas is empty"
EXAMPLES = "Open an example"
ABOVE_BUTTON, BESIDE = 18, 24  # between words and button, and around both
LIFTED = 30  # above the middle, as far as the legend takes room below


class EmptyCanvas(QObject):
    """Words and a button over ``ground``, whose middle the canvas fills. ``examples_wanted`` says it was pressed."""

    examples_wanted = Signal()

    def __init__(self, ground: QWidget, editor: Editor, look: Look, add: QAction) -> None:
        super().__init__(ground)
        self._ground = ground
        self._editor = editor
        self._look = look
        self._add = add
        self.words = QWidget(ground)
        self.words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.button = QPushButton(EXAMPLES, ground)
        self.button.clicked.connect(self.examples_wanted)
        self._title = _line(TITLE, "title")
        self._key = _line()
        self._grid = QGridLayout(self.words)
        self._grid.addWidget(self._title, 0, 0, 1, 2, Qt.AlignmentFlag.AlignHCenter)
        self._write()
        add.changed.connect(self._name_key)
        look.changed.connect(self._place)
        editor.document_changed.connect(self._place)
        editor.document_replaced.connect(self._place)
        ground.installEventFilter(self)
        self._name_key()

    def _write(self) -> None:
        ways = (
            (self._key, "search for a node by its name or symbol"),
            (_line("Drag"), "an entry of the library to where it shall stand"),
            (_line("= (y - x*w)**2", "mono"), "typed in the search, an expression with all its nodes"),
        )
        for row, (way, text) in enumerate(ways, 1):
            self._grid.addWidget(way, row, 0, Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(_line(text, "muted"), row, 1)

    def _name_key(self) -> None:
        key = self._add.shortcut().toString()
        self._key.setText(f"Double-click or {key}" if key else "Double-click")
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        """Stand in the middle while there is nothing on the canvas, where there is room."""
        px = self._look.px
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(14))
        self._grid.setVerticalSpacing(px(9))
        self._grid.setRowMinimumHeight(0, px(34))
        self.words.adjustSize()
        self.button.adjustSize()
        gap, edge = px(ABOVE_BUTTON), px(BESIDE)
        width = max(self.words.width(), self.button.width())
        height = self.words.height() + gap + self.button.height()
        room = self._ground.width() - 2 * edge, self._ground.height() - 2 * (edge + px(LIFTED))
        wanted = not self._editor.graph.nodes and width <= room[0] and height <= room[1]
        top = (self._ground.height() - height) // 2 - px(LIFTED)
        self.words.move((self._ground.width() - self.words.width()) // 2, top)
        self.button.move((self._ground.width() - self.button.width()) // 2, top + self.words.height() + gap)
        for widget in (self.words, self.button):
            widget.setVisible(wanted)
            widget.raise_()


def _line(text: str = "", role: str = "") -> QLabel:
    line = QLabel(text)
    line.setTextFormat(Qt.TextFormat.PlainText)
    line.setProperty("role", role)
    return line
