"""The few widgets that every panel is put together from: labels by role, section headings, empty states."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from chainrule.gui.panels.style import panel_style
from chainrule.gui.theme import Look


class Panel(QWidget):
    """A widget that wears the panels' style and hears when the look changes."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(panel_style(look))
        look.changed.connect(self._follow_look)

    def _follow_look(self) -> None:
        self.setStyleSheet(panel_style(self.look))
        self.look_changed()

    def look_changed(self) -> None:
        """What a panel does beyond restyling: new icons, margins and painted parts."""


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the roles of ``style``, its text selectable by mouse where it may be long."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    if wrap:
        made.setWordWrap(True)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Give ``widget`` another role and restyle it."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Page(QWidget):
    """What stands in a scroll area that scrolls up and down only: as narrow as the area, whatever it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


def clear(layout: QLayout) -> None:
    """Empty ``layout`` and delete its widgets once the events under way are done."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def lay_out(layout: QLayout) -> None:
    """Lay out the widgets in ``layout``, and then it, without waiting for the event that asks for it."""
    for place in range(layout.count()):
        item = layout.itemAt(place)
        widget = None if item is None else item.widget()
        inner = None if widget is None else widget.layout()
        if inner is not None:
            lay_out(inner)
    layout.activate()


class SectionHeading(QWidget):
    """Small capitals over a thin rule."""

    def __init__(self, title: str, look: Look) -> None:
        super().__init__()
        self._look = look
        self._title = label(title.upper(), "section", wrap=True)
        rule = QFrame()
        rule.setObjectName("rule")
        rule.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.addWidget(self._title)
        column.addWidget(rule)
        self.restyle()

    def restyle(self) -> None:
        """Take the spacing of the present scale."""
        column = self.layout()
        assert column is not None
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._look.px(5))
        font = QFont(self._title.font())
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, self._look.scale)
        self._title.setFont(font)

    def set_title(self, title: str) -> None:
        self._title.setText(title.upper())
        self.setAccessibleName(title)


class EmptyState(QWidget):
    """What an empty panel says: what is not there yet, and how to make it."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = label(title, "title")
        self._text = label(text, "muted", wrap=True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addStretch(3)

    def say(self, title: str, text: str) -> None:
        """Show other words."""
        self._title.setText(title)
        self._text.setText(text)
