"""The box that opens at the pointer to add a node: type a name, symbol or expression, choose with arrows and Enter.

What can be found comes from ``catalogue``; what an expression means from ``core.document.expression``. The box adds
nothing itself: ``chosen`` says what was wanted.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from chainrule.gui import symbols
from chainrule.gui.editor import Editor
from chainrule.gui.panels import catalogue
from chainrule.gui.panels.catalogue import Choice, Fits, Request, anything
from chainrule.gui.panels.expression_preview import expression_in, preview_of
from chainrule.gui.panels.nothing_found import nothing_found
from chainrule.gui.panels.parts import label, set_role
from chainrule.gui.panels.search_field import TabbedSearchField
from chainrule.gui.panels.style import panel_style
from chainrule.gui.theme import Look

CHOICE = Qt.ItemDataRole.UserRole
WIDTH = 540
ROW = 30
NAME = 54  # from the left
NAMES = 150  # the width of the column of names; a longer one pushes what is said of it to the right
MOST_ROWS = 8
Index = QModelIndex | QPersistentModelIndex


class SearchBox(QFrame):
    """Opens over ``parent``, a window. ``chosen`` carries a ``catalogue.Request``; ``dismissed`` says it was closed."""

    chosen = Signal(object)
    dismissed = Signal()

    def __init__(self, editor: Editor, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setAccessibleName("Add a node")
        self._editor = editor
        self._window = parent
        self._look = look
        self._fits: Fits = anything
        self.field = TabbedSearchField()
        self.field.setPlaceholderText("Name, symbol, or loss = expression")
        self.field.setAccessibleName("Name, symbol, or = expression")
        self.results = QListView()
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setUniformItemSizes(True)
        self.results.setMouseTracking(True)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setItemDelegate(_Rows(look, self))
        self._model = _Results()
        self.results.setModel(self._model)
        self.note = label("", "muted", wrap=True)
        self.note.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column = QVBoxLayout(self)
        for widget in (self.field, self.results, self.note):
            self._column.addWidget(widget)
        self.field.textChanged.connect(self._search)
        self.field.walked.connect(self._walk)
        self.field.taken.connect(self._accept)
        self.field.escaped.connect(self.dismiss)
        self.field.left.connect(self.dismiss)
        self.results.clicked.connect(self._clicked)
        look.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def open_at(self, point: QPoint, fits: Fits = anything) -> None:
        """Open with the field at the global ``point``, empty, listing only what ``fits``."""
        self._fits = fits
        self.field.clear()
        self._search("")
        place = self._window.mapFromGlobal(point)
        room = self._window.rect().adjusted(4, 4, -4, -4)
        height = self.tallest
        left = min(max(place.x(), room.left()), max(room.left(), room.right() - self.width()))
        top = min(max(place.y(), room.top()), max(room.top(), room.bottom() - height))
        self.move(left, top)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Close without choosing anything."""
        if self.isVisible():
            self.hide()
            self.dismissed.emit()

    @property
    def found(self) -> Sequence[Choice]:
        """What is listed, best first."""
        return self._model.choices

    def _restyle(self) -> None:
        theme, px = self._look.theme, self._look.px
        frame = (
            f"QFrame#search {{ background: {theme.card.name()}; border: 1px solid {theme.border.name()};"
            f" border-radius: {px(10)}px; }} QListView {{ background: {theme.card.name()}; }}"
            f" QLineEdit {{ font-size: {px(14)}px; padding: {px(5)}px {px(8)}px; border-radius: {px(7)}px; }}"
        )
        self.setStyleSheet(panel_style(self._look) + frame)
        self._column.setContentsMargins(px(8), px(8), px(8), px(8))
        self._column.setSpacing(px(6))
        self.setFixedWidth(px(WIDTH))

    def _search(self, text: str) -> None:
        expression = expression_in(text)
        if expression is not None:
            self._preview()
        else:
            self._model.take(catalogue.search(text, self._fits))
            self.results.setVisible(bool(self.found))
            self.results.setFixedHeight(self._look.px(ROW) * min(MOST_ROWS, len(self.found)) + 2)
            self.results.setCurrentIndex(self._model.index(0))
            self.note.setVisible(not self.found)
            set_role(self.note, "muted")
            self.note.setText("" if self.found else nothing_found(text, self._editor.graph, self._fits))
        self.adjustSize()

    def _preview(self) -> None:
        """Say what the expression would add, or what is wrong and where."""
        self._model.take(())
        self.results.hide()
        self.note.show()
        preview = preview_of(self._editor.graph, self.field.text())
        set_role(self.note, "mono muted" if preview.ok else "mono error")
        self.note.setText(preview.text)

    @property
    def tallest(self) -> int:
        """How tall it is with as many results as it shows at once."""
        return self._look.px(ROW) * MOST_ROWS + self._look.px(56)

    def _walk(self, by: object) -> None:
        if self.found and isinstance(by, int):
            row = self.results.currentIndex().row() + by
            self.results.setCurrentIndex(self._model.index(max(0, min(row, len(self.found) - 1))))

    def _accept(self) -> None:
        expression = expression_in(self.field.text())
        if expression is not None:
            if preview_of(self._editor.graph, self.field.text()).ok:
                self._choose(Request(expression=expression))
            return
        row = self.results.currentIndex().row()
        if 0 <= row < len(self.found):
            self._choose(self.found[row].request)

    def _clicked(self, index: QModelIndex) -> None:
        self._choose(self.found[index.row()].request)

    def _choose(self, request: Request) -> None:
        self.hide()
        self.chosen.emit(request)


class _Results(QAbstractListModel):
    """The choices found, for Qt's list."""

    def __init__(self) -> None:
        super().__init__()
        self.choices: Sequence[Choice] = ()

    def take(self, choices: Sequence[Choice]) -> None:
        self.beginResetModel()
        self.choices = choices
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.choices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        choice = self.choices[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return choice.name
            case Qt.ItemDataRole.ToolTipRole:
                return f"{choice.doc}\n{choice.signature}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{choice.name}, {catalogue.TITLES.get(choice.family, choice.family)}: {choice.doc}"
            case Qt.ItemDataRole.UserRole:
                return choice
        return None


class _Rows(QStyledItemDelegate):
    """Family dot, symbol, name, and the first line of the doc."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._look.px(200), self._look.px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, px = self._look.theme, self._look.px
        choice: Choice = index.data(CHOICE)
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(theme.button_hover)
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), px(6), px(6))
        painter.setBrush(theme.family(choice.family))
        painter.drawEllipse(QRectF(px(10), rect.center().y() - px(4), px(8), px(8)))
        name_font = self._look.mono(12.5, QFont.Weight.Medium)
        text = choice.name
        if choice.sign:
            slot = QPointF(rect.left() + px(38), rect.center().y())
            symbols.paint_small(painter, slot, choice.sign, theme.text_muted, self._look.scale)
        self._write(painter, name_font, theme.text, rect.adjusted(px(NAME), 0, 0, 0), text)
        left = px(NAME) + max(px(NAMES), QFontMetricsF(name_font).horizontalAdvance(text) + px(16))
        doc_font = self._look.ui(11.5)
        area = rect.adjusted(left, 0, -px(8), 0)
        doc = QFontMetricsF(doc_font).elidedText(choice.doc.splitlines()[0] if choice.doc else "", _ELIDE, area.width())
        self._write(painter, doc_font, theme.text_muted, area, doc)
        painter.restore()

    @staticmethod
    def _write(painter: QPainter, font: QFont, colour: object, area: QRectF, text: str) -> None:
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


_ELIDE = Qt.TextElideMode.ElideRight
