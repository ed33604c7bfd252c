"""A button of the run bar: it follows an action and shows its shortcut beside its text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton

from chainrule.gui.theme import Look


class RunButton(QPushButton):
    """A button that follows an action and shows its shortcut to the right of its text."""

    def __init__(self, action: QAction, look: Look) -> None:
        super().__init__()
        self._action = action
        self._look = look
        self.setObjectName(action.objectName())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow_action)
        self._follow_action()

    def set_kind(self, kind: str) -> None:
        """ "primary", "announced" or "" (plain), as in the style sheet."""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
            self.update()

    def sizeHint(self) -> QSize:
        metrics = self._metrics()
        key = self._key()
        width = (
            metrics.horizontalAdvance(self.text()) + metrics.horizontalAdvance(key) + self._look.px(24 + 16 * bool(key))
        )
        return QSize(width, self._look.px(30))

    def minimumSizeHint(self) -> QSize:
        # The key is a hint and may be cut away in a narrow window; the text may not.
        return QSize(self._metrics().horizontalAdvance(self.text()) + self._look.px(22), self._look.px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        theme = self._look.theme
        primary = self.property("kind") == "primary"
        inner = self.rect().adjusted(self._look.px(11), 0, -self._look.px(9), 0)
        key = self._key()
        room = inner.width() - self._metrics().horizontalAdvance(self.text()) - self._look.px(8)
        font = self._look.ui(13, QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(self._text_colour(primary))
        centred = Qt.AlignmentFlag.AlignVCenter
        if room < QFontMetrics(self._look.ui(11)).horizontalAdvance(key):
            painter.drawText(inner, centred | Qt.AlignmentFlag.AlignHCenter, self.text())
            return
        painter.drawText(inner, centred | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setFont(self._look.ui(11))
        painter.setPen(theme.accent_text if primary else theme.text_muted)
        painter.drawText(inner, centred | Qt.AlignmentFlag.AlignRight, key)

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._look.ui(13, QFont.Weight.DemiBold))

    def _text_colour(self, primary: bool) -> QColor:
        theme = self._look.theme
        if not self.isEnabled():
            return theme.text_faint
        return theme.accent_text if primary else theme.text

    def _key(self) -> str:
        return self._action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def _follow_action(self) -> None:
        self.setText(self._action.text())
        self.setEnabled(self._action.isEnabled())
        key = self._key()
        self.setToolTip(f"{self._action.toolTip()} ({key})" if key else self._action.toolTip())
        self.setAccessibleName(self._action.text())
        self.setAccessibleDescription(self._action.toolTip())
        self.updateGeometry()
