"""The first steps: a thin strip over the canvas that a newcomer may follow or dismiss for good."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton

from chainrule.gui.theme import Look

STEPS = (
    ("1", "Backward (F6): watch .grad fill"),
    ("2", "Again: the tape is spent"),
    ("3", "Drag a number; Space adds a node"),
)


class Hints(QFrame):
    """``dismissed`` is emitted when the reader closes the strip."""

    dismissed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("hints")
        self.setAccessibleName("First steps: " + ". ".join(text for _, text in STEPS))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 3, 8, 3)
        row.setSpacing(8)
        for number, text in STEPS:
            badge = QLabel(number)
            badge.setProperty("role", "badge")
            badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label = QLabel(text)
            label.setProperty("role", "muted")
            label.setToolTip(text)
            # A narrow window may cut the text short, but must not grow because of it.
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            row.addWidget(badge)
            row.addWidget(label, label.fontMetrics().horizontalAdvance(text))
        close = QToolButton()
        close.setText("\u00d7")
        close.setProperty("kind", "quiet")
        close.setToolTip("Do not show these again (Help > First Steps brings them back)")
        close.setAccessibleName("Dismiss the first steps")
        close.clicked.connect(self.dismissed)
        row.addWidget(close)
