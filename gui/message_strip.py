"""The message strip: one line at the bottom of the canvas that says what was refused, and goes away by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from chainrule.gui.theme import Look

LONGEST_MS = 15_000
CLEAR_OF_EDGE, CLEAR_OF_LEGEND, CLEAR = 12, 66, 8
CORNERS = 122  # at the sides it stands higher than the legend and the map, which are in the corners below
NARROWEST = 320  # the least to write in


class MessageStrip(QFrame):
    """Floats over the bottom of ``ground``; ``shown`` says that the text is new, empty when it went away.

    It keeps to ``edge``, what is free of the lower edge of ``ground``, where that is wide enough, and clear of what
    ``reading`` names, rectangles in which something stands that is to be read; where it can, of ``spared`` too.
    """

    shown = Signal()

    def __init__(
        self,
        ground: QWidget,
        look: Look,
        edge: Callable[[], QRect],
        reading: Callable[[], Iterable[QRect]],
        spared: Callable[[], Iterable[QRect]] = tuple,
    ) -> None:
        super().__init__(ground)
        self.setObjectName("strip")
        self.text = ""
        self._ground = ground
        self._look = look
        self._edge = edge
        self._reading = reading
        self._spared = spared
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
        px, ground, edge = self._look.px, self._ground.rect(), self._edge()
        wanted = self._label.fontMetrics().horizontalAdvance(self.text) + px(70)
        beside = edge.width() >= min(wanted, px(NARROWEST))
        width = min(edge.width() if beside else ground.width() - px(32), px(620), wanted)
        # Qt asks a wrapped label for its height before it has a width.
        inner = max(px(80), width - px(54))
        self._label.setFixedSize(inner, self._label.heightForWidth(inner))
        self.setFixedWidth(width)
        self.adjustSize()
        middle = ground.center().x() - width // 2
        lefts = [max(edge.left(), min(middle, edge.right() + 1 - width)) if beside else middle]
        lefts += [px(CLEAR), ground.width() - px(CLEAR) - width]
        lowest = ground.height() - self.height() - px(CLEAR_OF_EDGE if beside else CLEAR_OF_LEGEND)
        self.move(self._free(lefts, lowest, px(CLEAR)))

    def _free(self, lefts: Sequence[int], lowest: int, clear: int) -> QPoint:
        """Where nothing is covered: as low as can be, at the first of ``lefts`` where there is room from ``lowest`` up.

        If need be it covers what it should only spare; and if need be, what stands at ``lowest``.
        """
        reading, spared = list(self._reading()), list(self._spared())
        above = self._ground.height() - self._look.px(CORNERS) - self.height()
        for rects, columns in ((reading + spared, lefts), (reading, lefts[:1])):
            avoided = [rect.adjusted(-clear, -clear, clear, clear) for rect in rects]
            for n, left in enumerate(columns):
                top = self._lowest_free(left, min(above, lowest) if n else lowest, avoided)
                if top >= clear:
                    return QPoint(left, top)
        return QPoint(lefts[0], lowest)

    def _lowest_free(self, left: int, top: int, avoided: Sequence[QRect]) -> int:
        """The lowest height from ``top`` up at which none of ``avoided`` is covered; it may be out of sight."""
        while hit := [rect.top() for rect in avoided if rect.intersects(QRect(left, top, self.width(), self.height()))]:
            top = min(hit) - self.height()
        return top
