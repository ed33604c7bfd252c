"""The one floating editor of the canvas: a line, or a table for a small matrix, over the part of a card it edits.

Enter commits and Escape leaves everything as it was; what cannot be understood is said under the text, which stays.
What is edited, and how text becomes an edit, is in ``edit_tasks``.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas import edit_tasks
from chainrule.gui.canvas.camera import Camera
from chainrule.gui.canvas.edit_tasks import Task
from chainrule.gui.theme import MONO_FAMILY

DTYPES = ("float32", "float64", "float16", "int64", "int32", "bool")
CELL, ROW = 76, 26


class ValueEditor(QFrame):
    """Hidden between edits."""

    def __init__(self, view: Camera) -> None:
        super().__init__(view)
        self.view = view
        self.task: Task | None = None
        self.setObjectName("valueEditor")
        self.title = QLabel(self)
        self.dtype = QComboBox(self)
        self.dtype.addItems(DTYPES)
        self.dtype.setAccessibleName("dtype")
        self.line = QLineEdit(self)
        self.line.setAccessibleName("value")
        self.table = QTableWidget(self)
        self.table.setAccessibleName("value as a table")
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.error = QLabel(self)
        self.error.setWordWrap(True)
        header = QHBoxLayout()
        header.addWidget(self.title, 1)
        header.addWidget(self.dtype)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(5)
        column.addLayout(header)
        column.addWidget(self.line)
        column.addWidget(self.table)
        column.addWidget(self.error)
        for widget in (self.line, self.table, self.dtype):
            widget.installEventFilter(self)
        self.line.textEdited.connect(self._forgive)
        self.hide()

    # Opening

    def edit_value(self, node: NodeId, index: int | None = None) -> None:
        self._open(edit_tasks.value_task(self.view.editor, self.view.canvas.nodes[node], index))

    def edit_name(self, node: NodeId) -> None:
        self._open(edit_tasks.name_task(self.view.editor, self.view.canvas.nodes[node]))

    def edit_literal(self, node: NodeId, socket: str) -> None:
        self._open(edit_tasks.literal_task(self.view.editor, self.view.canvas.nodes[node], socket))

    def edit_params(self, node: NodeId) -> None:
        self._open(edit_tasks.params_task(self.view.editor, self.view.canvas.nodes[node]))

    def edit_seed(self, node: NodeId) -> None:
        self._open(edit_tasks.seed_task(self.view.editor, self.view.canvas.nodes[node]))

    def _open(self, task: Task | None) -> None:
        if task is None:
            return
        self.task = task
        self._restyle()
        self.title.setText(task.title)
        self.dtype.setVisible(task.dtype is not None)
        if task.dtype is not None:
            if self.dtype.findText(task.dtype) < 0:
                self.dtype.addItem(task.dtype)
            self.dtype.setCurrentText(task.dtype)
        self.error.hide()
        self.line.setVisible(not task.table)
        self.table.setVisible(bool(task.table))
        if task.table:
            self._fill(task.table)
        self.line.setText(task.text)
        self.show()
        self.raise_()
        self.follow_view()
        if task.table:
            self.table.setCurrentCell(0, 0)
            self.table.setFocus(Qt.FocusReason.PopupFocusReason)
        else:
            self.line.setFocus(Qt.FocusReason.PopupFocusReason)
            if task.mark is not None:
                self.line.setSelection(*task.mark)
            else:
                self.line.selectAll()

    def _fill(self, rows: tuple[tuple[str, ...], ...]) -> None:
        self.table.setRowCount(len(rows))
        self.table.setColumnCount(len(rows[0]))
        for r, row in enumerate(rows):
            self.table.setRowHeight(r, self.view.look.px(ROW))
            for c, text in enumerate(row):
                self.table.setItem(r, c, QTableWidgetItem(text))
        look = self.view.look
        self.table.setMinimumWidth(look.px(min(len(rows[0]), 6) * CELL + 18))
        self.table.setFixedHeight(look.px(min(len(rows), 8) * ROW + 10))

    def _restyle(self) -> None:
        look = self.view.look
        theme = look.theme
        self.title.setFont(look.ui(11))
        self.error.setFont(look.ui(11))
        self.setStyleSheet(
            f"#valueEditor {{ background: {theme.panel.name()}; border: 1px solid {theme.selected.name()};"
            f" border-radius: {look.px(8)}px; }}"
            f"#valueEditor QLabel {{ color: {theme.text_muted.name()}; background: transparent; }}"
            f"#valueEditor QLineEdit, #valueEditor QTableWidget {{ background: {theme.field.name()};"
            f" color: {theme.text.name()}; border: 1px solid {theme.border.name()}; border-radius: {look.px(5)}px;"
            f" padding: {look.px(3)}px {look.px(6)}px; gridline-color: {theme.line.name()}; }}"
            f"#valueEditor QLineEdit, #valueEditor QTableWidget, #valueEditor QComboBox {{"
            f" font-family: '{MONO_FAMILY}'; font-size: {look.px(13)}px; }}"
        )
        self.error.setStyleSheet(f"color: {theme.error.name()};")

    def follow_view(self) -> None:
        """Stay at the part of the card it edits."""
        if self.task is None:
            return
        self.adjustSize()
        wide = max(
            self.view.look.px(190), min(self.view.look.px(420), 9 * len(self.task.text) + 40), self.sizeHint().width()
        )
        self.resize(wide, self.sizeHint().height())
        corner = self.view.mapFromScene(self.task.anchor.topLeft()) - QPoint(9, self.title.height() + 14)
        room = self.view.rect().adjusted(4, 4, -4, -4)
        self.move(
            max(room.left(), min(corner.x(), room.right() - self.width())),
            max(room.top(), min(corner.y(), room.bottom() - self.height())),
        )

    # Closing

    def commit(self) -> bool:
        """Do the edit and close; False, and what is wrong is shown, where the text cannot be understood."""
        task = self.task
        if task is None:
            return True
        if task.node not in self.view.editor.graph.nodes:
            self.cancel()
            return True
        dtype = self.dtype.currentText() if task.dtype is not None else None
        wrong = task.apply(self._typed(), dtype)
        if wrong:
            self.error.setText(wrong)
            self.error.show()
            self.follow_view()
            return False
        self.cancel()
        return True

    def _typed(self) -> str:
        if self.task is None or not self.task.table:
            return self.line.text()
        rows = []
        for r in range(self.table.rowCount()):
            cells = (self.table.item(r, c) for c in range(self.table.columnCount()))
            rows.append("[" + ", ".join(cell.text() if cell is not None else "" for cell in cells) + "]")
        return "[" + ", ".join(rows) + "]"

    def cancel(self) -> None:
        """Close without changing anything."""
        if self.task is None:
            return
        self.task = None
        # Before hiding: Qt would pass the focus of a widget that vanishes on to whatever comes next.
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def _forgive(self) -> None:
        self.error.hide()
        self.follow_view()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.cancel()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.commit()
                return True
        return super().eventFilter(watched, event)
