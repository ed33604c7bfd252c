"""How the rows of the library are painted: a family with its dot, a subject, and an entry with its symbol."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget

from chainrule.gui import symbols
from chainrule.gui.panels import icons
from chainrule.gui.panels.catalogue import Choice
from chainrule.gui.theme import INSET, Look

CHOICE = Qt.ItemDataRole.UserRole
FAMILY = Qt.ItemDataRole.UserRole + 1
SUBJECT = Qt.ItemDataRole.UserRole + 2
COUNT = Qt.ItemDataRole.UserRole + 3  # how many entries a head has under it
Index = QModelIndex | QPersistentModelIndex

ENTRY, FAMILY_HEAD, GAP, SUBJECT_HEAD = 21, 22, 7, 22
DOT, TITLE, NAME, SLOT = 5, 21, 48, 22  # from the left: the dot, titles and symbols, names; and a symbol's width
EDGE, CHEVRON = 4, 8  # from the right: names, and the middle of the mark that folds
OUTER = 4  # between the tree and the edge of its panel


class LibraryRows(QStyledItemDelegate):
    """Paints the rows of a tree whose items carry ``CHOICE``, or ``FAMILY`` and ``SUBJECT``."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        px = self._look.px
        if not index.data(FAMILY):
            return QSize(px(120), px(ENTRY))
        if index.data(SUBJECT):
            return QSize(px(120), px(SUBJECT_HEAD))
        return QSize(px(120), px(FAMILY_HEAD) if index.row() == 0 else px(FAMILY_HEAD + GAP))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        rect.setRight(self._right_edge())
        if index.data(FAMILY) and not index.data(SUBJECT):
            rect.setTop(rect.bottom() - self._look.px(FAMILY_HEAD))
        self._paint_highlight(painter, option, rect)
        if index.data(FAMILY):
            self._paint_head(painter, rect, index)
        else:
            self._paint_entry(painter, option, rect, index.data(CHOICE))
        painter.restore()

    def _right_edge(self) -> float:
        """Where rows end: below the end of the search field, whether there is a scroll bar beside them or not."""
        tree = self.parent()
        assert isinstance(tree, QTreeWidget)
        bar = tree.verticalScrollBar()
        return tree.viewport().width() + (bar.width() if bar.isVisible() else 0) - self._look.px(INSET - OUTER)

    def _paint_highlight(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRectF) -> None:
        theme, px = self._look.theme, self._look.px
        state = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.button_hover if chosen else theme.button)
            painter.drawRoundedRect(rect, px(5), px(5))

    def _paint_head(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        theme, px = self._look.theme, self._look.px
        subject = bool(index.data(SUBJECT))
        if not subject:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.families.get(index.data(FAMILY), theme.text_faint))
            painter.drawEllipse(QRectF(px(DOT), rect.center().y() - px(4), px(8), px(8)))
        painter.setPen(theme.text_muted if subject else theme.text)
        painter.setFont(self._look.ui(12, QFont.Weight.Medium if subject else QFont.Weight.DemiBold))
        painter.drawText(rect.adjusted(px(TITLE), 0, 0, 0), _MIDDLE, str(index.data()))
        tree = self.parent()
        unfolded = isinstance(tree, QTreeWidget) and tree.isExpanded(index)
        middle = QPointF(rect.right() - px(CHEVRON), rect.center().y())
        if not unfolded:
            painter.setPen(theme.text_muted)
            painter.setFont(self._look.ui(11))
            count = QRectF(rect.left(), rect.top(), middle.x() - px(10) - rect.left(), rect.height())
            painter.drawText(count, _AT_THE_RIGHT, str(index.data(COUNT)))
        self._paint_chevron(painter, middle, theme.text_muted, unfolded=unfolded)

    def _paint_chevron(self, painter: QPainter, middle: QPointF, colour: QColor, *, unfolded: bool) -> None:
        painter.save()
        painter.translate(middle)
        painter.rotate(0 if unfolded else -90)
        size = self._look.px(14)
        painter.translate(-size / 2, -size / 2)
        painter.scale(size / icons.UNITS, size / icons.UNITS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPath(icons.chevron())
        painter.restore()

    def _paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRectF, choice: Choice) -> None:
        theme, px = self._look.theme, self._look.px
        lit = option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver)
        if choice.sign:
            slot = QPointF(rect.left() + px(TITLE) + px(SLOT) / 2, rect.center().y())
            symbols.paint_small(painter, slot, choice.sign, theme.text_muted, self._look.scale)
        painter.setPen(theme.text if lit else theme.text_muted)
        font = self._look.mono(12)
        painter.setFont(font)
        room = rect.adjusted(px(NAME), 0, -px(EDGE), 0)
        text = QFontMetricsF(font).elidedText(choice.name, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, _MIDDLE, text)


_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_AT_THE_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
