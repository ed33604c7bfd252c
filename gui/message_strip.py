"""The message strip: one line at the bottom of the canvas that says what was refused, and goes away by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from chainrule.gui.theme import Look

LONGEST_MS = 15_000
CLEAR_OF_EDGE, CLEAR_OF_LEGEND = 12, 66
LEGEND_WIDTH, NARROWEST = 220, 320  # at most what the legend or the minimap takes, and the least to write in


class MessageStrip(QFrame):
    """Floats over the bottom of ``ground``; ``shown`` says that the text is new, empty when it went away.

    It keeps clear of what ``reading`` names, rectangles of ``ground`` in which something stands that is to be read.
    """

    shown = Signal()

    def __init__(self, ground: QWidget, look: Look, reading: Callable[[], Iterable[QRect]] = tuple) -> None:
        super().__init__(ground)
        self.setObjectName("strip")
        self.text = ""
        self._ground = ground
        self._look = look
        self._reading = reading
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        close = QToolButton()
        close.setText("\u00d7")
        close.setProperty("kind", "quiet")
        close.setAccessibleName("Dismiss the message")
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._label, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        ground.installEventFilter(self)
        self.hide()

    def say(self, text: object) -> None:
        """Show ``text`` as long as it takes to read; it stays until then, or until something else is done."""
        self.text = str(text)
        self._label.setText(self.text)
        self.setAccessibleName(self.text)
        self._timer.start(min(LONGEST_MS, 4_000 + 60 * len(self.text)))
        self._place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self.shown.emit()

    def dismiss(self) -> None:
        self._timer.stop()
        self.text = ""
        self.hide()
        self.shown.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def dodge(self) -> None:
        """What is to be read may stand elsewhere now."""
        self._place()

    def _place(self) -> None:
        if not self.text:
            return
        px = self._look.px
        wanted = self._label.fontMetrics().horizontalAdvance(self.text) + px(70)
        between = self._ground.width() - 2 * px(LEGEND_WIDTH)
        above = between < min(wanted, px(NARROWEST))
        width = min(self._ground.width() - px(32) if above else between, px(620), wanted)
        # Qt asks a wrapped label for its height before it has a width.
        inner = max(px(80), width - px(54))
        self._label.setFixedSize(inner, self._label.heightForWidth(inner))
        self.setFixedWidth(width)
        self.adjustSize()
        clear = px(CLEAR_OF_LEGEND if above else CLEAR_OF_EDGE)
        lowest = self._ground.height() - self.height() - clear
        self.move((self._ground.width() - width) // 2, self._free(lowest, px(CLEAR_OF_EDGE)))

    def _free(self, lowest: int, apart: int) -> int:
        """The lowest height, from ``lowest`` up, at which nothing is covered that is to be read; else ``lowest``."""
        left = (self._ground.width() - self.width()) // 2
        avoided = [rect.adjusted(-apart, -apart, apart, apart) for rect in self._reading()]
        tops = sorted((top for top in (lowest, *(rect.top() - self.height() for rect in avoided))), reverse=True)
        for top in tops:
            here = QRect(left, top, self.width(), self.height())
            if apart <= top <= lowest and not any(rect.intersects(here) for rect in avoided):
                return top
        return lowest
