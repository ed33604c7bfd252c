"""Code and what it prints, to read and to copy: lines wrap, but those of a matrix scroll, so that columns stay."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QVBoxLayout

from chainrule.gui.panels import blocks
from chainrule.gui.panels.painted_blocks import BlockWidget
from chainrule.gui.theme import Look

MOST_LINES = 14


class ProgramText(BlockWidget):
    """A block of code in a box, or what a tensor prints without one; as high as its lines."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._block: blocks.Code | blocks.Printed = blocks.Printed("")
        self.text = _Lines()
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setProperty("role", "mono")
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.text.resized.connect(self._fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)

    def show_block(self, block: blocks.Code | blocks.Printed) -> None:
        if block == self._block:
            return
        self._block = block
        boxed = isinstance(block, blocks.Code)
        lines = block.lines if isinstance(block, blocks.Code) else tuple(block.text.splitlines())
        printed = len(block.printed) if isinstance(block, blocks.Code) else len(lines)
        wraps = QPlainTextEdit.LineWrapMode.WidgetWidth if printed <= 1 else QPlainTextEdit.LineWrapMode.NoWrap
        self.text.setObjectName("code" if boxed else "printed")
        self.text.setLineWrapMode(wraps)
        self.text.document().setDocumentMargin(self._look.px(8) if boxed else 0)
        self.text.setPlainText("\n".join(lines))
        self.text.setAccessibleName("\n".join(lines))
        if isinstance(block, blocks.Code):
            self._quieten(block.printed)
        self.text.style().unpolish(self.text)
        self.text.style().polish(self.text)
        self._fit()

    def _quieten(self, places: frozenset[int]) -> None:
        """What is printed is quieter than the code."""
        quiet = QTextCharFormat()
        quiet.setForeground(QColor(self._look.theme.text_muted))
        for place in places:
            cursor = QTextCursor(self.text.document().findBlockByNumber(place))
            cursor.select(QTextCursor.SelectionType.LineUnderCursor)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(quiet)

    def _fit(self) -> None:
        document = self.text.document()
        layout = document.documentLayout()
        block, height = document.begin(), 0.0
        while block.isValid():
            height += layout.blockBoundingRect(block).height()  # asking makes the block lay out its lines
            block = block.next()
        height = min(height, MOST_LINES * QFontMetrics(self.text.font()).lineSpacing())
        bar = self.text.horizontalScrollBar()
        if bar.maximum() > bar.minimum():
            height += bar.sizeHint().height()
        wanted = round(height + document.documentMargin()) + 3
        if self.height() != wanted:
            self.setFixedHeight(wanted)


class _Lines(QPlainTextEdit):
    """Says when it is wider or narrower, and its lines may have broken elsewhere."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()
