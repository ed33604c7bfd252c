"""What can be edited in the inspector: value, dtype and requires_grad of a leaf, an operation's settings, the note.

What is typed is read as Python literals, never run; what cannot be is said under its field, and the document stays.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from chainrule.core.document import edits
from chainrule.core.document.edits import Edit
from chainrule.core.document.graph import GraphError, Leaf, Node
from chainrule.core.engine import dtypes
from chainrule.core.ops import registry
from chainrule.core.ops.rule import REQUIRED, Composite, Param, Rule
from chainrule.gui.editor import Editor
from chainrule.gui.line_field import GraphLine
from chainrule.gui.panels.parts import label
from chainrule.gui.theme import Look

LARGEST_TYPED = 64


def read_literal(text: str) -> Any:
    """The Python literal that ``text`` is, or inf; a bare word is a string. ValueError, in plain words, for anything
    else.
    """
    cleaned = text.strip().replace("\N{MINUS SIGN}", "-")
    if cleaned in ("inf", "-inf"):
        return float(cleaned)
    try:
        return ast.literal_eval(cleaned)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        if cleaned.isidentifier():
            return cleaned
        raise ValueError(f"{text.strip()!r} is not a number, True, False, None, or a list of them") from None


def _read_text(text: str) -> str:
    """A text as typed, with quotes or without."""
    return text.strip().strip("'\"")


def read_value(text: str) -> Any:
    """A tensor's value as typed: a number, nested lists, numbers with commas, or what PyTorch prints."""
    inner = text.strip()
    if inner.startswith("tensor(") and inner.endswith(")"):
        inner = inner[len("tensor(") : -1]
    words = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}
    if inner in words:
        return words[inner]
    value = read_literal(inner)
    if isinstance(value, tuple):
        value = list(value)
    if isinstance(value, str) or value is None:
        raise ValueError(f"{inner!r} is not a number or a list of numbers")
    return value


class Fields(QWidget):
    """Rows of a caption and a field; an error stands under the field it belongs to."""

    def __init__(self, editor: Editor, look: Look) -> None:
        super().__init__()
        self.editor = editor
        self.look = look
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.px(10))
        self._grid.setVerticalSpacing(look.px(6))
        self._grid.setColumnStretch(1, 1)

    def row(self, caption: str, field: QWidget) -> QLabel:
        """Add a row and return the label that takes its error."""
        place = self._grid.rowCount()
        named = label(caption, "muted")
        named.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(caption)
        error = label("", "mono error", wrap=True)
        error.hide()
        self._grid.addWidget(named, place, 0)
        self._grid.addWidget(field, place, 1)
        self._grid.addWidget(error, place + 1, 1)
        return error

    def attempt(self, field: QWidget, error: QLabel, make: Callable[[], Edit]) -> bool:
        """Make and do an edit; if either is refused, say why under ``field``."""
        try:
            done = self.editor.do(make())
            reason = "" if done else self.editor.last_error
        except (ValueError, TypeError, GraphError) as problem:
            reason = str(problem)
        show_error(field, error, reason)
        return not reason


def show_error(field: QWidget, error: QLabel, reason: str) -> None:
    """Mark ``field`` as wrong and say why, or take the mark away."""
    error.setText(reason)
    error.setVisible(bool(reason))
    field.setProperty("wrong", "true" if reason else "false")
    field.style().unpolish(field)
    field.style().polish(field)


class LineField(GraphLine):
    """A line that is committed by Enter or by leaving it, if it was changed; Esc brings the old text back."""

    committed = Signal(object)

    def __init__(self, text: str, *, mono: bool = True) -> None:
        super().__init__(text)
        self._settled = text
        if mono:
            self.setProperty("role", "mono")
        self.setCursorPosition(0)
        self.editingFinished.connect(self._finished)

    def settle(self, text: str) -> None:
        """Show ``text`` as what the document holds, unless somebody is typing here."""
        self._settled = text
        if not self.hasFocus() or not self.isModified():
            self.setText(text)
            self.setCursorPosition(0)

    def _finished(self) -> None:
        self.setModified(False)
        if self.text() != self._settled:
            self.committed.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._settled:
            self.setText(self._settled)
            return
        super().keyPressEvent(event)


class LeafFields(Fields):
    """Value, dtype and requires_grad of a leaf."""

    def __init__(self, editor: Editor, look: Look, node: Node) -> None:
        super().__init__(editor, look)
        self._id = node.id
        self.value = LineField("")
        self.dtype = QComboBox()
        self.dtype.setProperty("role", "mono")
        self.dtype.addItems([each.name for each in dtypes.ALL])
        self.requires_grad = QCheckBox("requires_grad")
        self._value_error = self.row("value", self.value)
        self._dtype_error = self.row("dtype", self.dtype)
        self._grad_error = self.row("", self.requires_grad)
        self.requires_grad.setAccessibleName("requires_grad")
        self.value.committed.connect(self._set_value)
        self.dtype.activated.connect(self._set_dtype)
        self.requires_grad.clicked.connect(self._set_requires_grad)
        self.show_node(node)

    def show_node(self, node: Node) -> None:
        """Bring the fields up to date with the document."""
        assert node.leaf is not None
        self.value.settle(_value_text(node.leaf))
        self.value.setReadOnly(node.leaf.value.size > LARGEST_TYPED)
        self.dtype.setCurrentText(node.leaf.value.dtype.name)
        self.requires_grad.setChecked(node.leaf.requires_grad)

    def _set_value(self, text: object) -> None:
        graph = self.editor.graph
        self.attempt(self.value, self._value_error, lambda: edits.set_value(graph, self._id, read_value(str(text))))

    def _set_dtype(self) -> None:
        graph = self.editor.graph
        chosen = self.dtype.currentText()
        if not self.attempt(self.dtype, self._dtype_error, lambda: edits.set_dtype(graph, self._id, chosen)):
            self.show_node(graph.nodes[self._id])

    def _set_requires_grad(self, wanted: bool) -> None:
        graph = self.editor.graph
        if not self.attempt(
            self.requires_grad, self._grad_error, lambda: edits.set_requires_grad(graph, self._id, wanted)
        ):
            self.show_node(graph.nodes[self._id])


def _value_text(leaf: Leaf) -> str:
    """The leaf's numbers, short where they are few, or what there is of them."""
    value = leaf.value
    if value.size > LARGEST_TYPED:
        return f"{value.size} numbers: edit them in the table"
    if value.dtype.kind == "f":
        return str(_short_lists(value))
    return str(value.tolist())


def _short_lists(value: np.ndarray[Any, Any]) -> Any:
    if value.ndim == 0:
        return float(str(value[()]))
    return [_short_lists(part) for part in value]


class ParameterFields(Fields):
    """The settings of an operation that are not tensors, each with the field that suits it."""

    def __init__(self, editor: Editor, look: Look, node: Node) -> None:
        super().__init__(editor, look)
        self._id = node.id
        operation = registry.get(node.kind)
        self.params = operation.params if isinstance(operation, Rule | Composite) else ()
        self.fields: dict[str, QWidget] = {}
        self._errors: dict[str, QLabel] = {}
        for param in self.params:
            self._add(param, node)

    def show_node(self, node: Node) -> None:
        """Bring the fields up to date with the document."""
        for param in self.params:
            value = node.params.get(param.name, param.default)
            match self.fields[param.name]:
                case QCheckBox() as box:
                    box.setChecked(bool(value))
                case QComboBox() as combo:
                    combo.setCurrentIndex(max(0, combo.findData(value)))
                case LineField() as line:
                    line.settle(_param_text(value))

    def _add(self, param: Param, node: Node) -> None:
        value = node.params.get(param.name, param.default)
        field: QWidget
        if param.choices:
            field = combo = QComboBox()
            for choice in param.choices:
                combo.addItem(str(choice), choice)
            combo.setCurrentIndex(max(0, combo.findData(value)))
            combo.activated.connect(lambda: self._set(param, combo.currentData()))
        elif isinstance(param.default, bool):
            field = box = QCheckBox(param.name)
            box.setChecked(bool(value))
            box.clicked.connect(lambda wanted: self._set(param, wanted))
        else:
            field = line = LineField(_param_text(value))
            line.setPlaceholderText("required" if param.default is REQUIRED else "")
            line.committed.connect(lambda text: self._read(param, text))
        self.fields[param.name] = field
        caption = "" if isinstance(field, QCheckBox) else param.name
        field.setAccessibleName(param.name)
        self._errors[param.name] = self.row(caption, field)

    def _read(self, param: Param, text: object) -> None:
        if not str(text).strip():
            self._do(param, lambda: edits.unset_param(self.editor.graph, self._id, param.name))
            return
        read = _read_text if param.kind == "text" else read_literal
        self._do(param, lambda: edits.set_param(self.editor.graph, self._id, param.name, read(str(text))))

    def _set(self, param: Param, value: Any) -> None:
        self._do(param, lambda: edits.set_param(self.editor.graph, self._id, param.name, value))

    def _do(self, param: Param, make: Callable[[], Edit]) -> None:
        self.attempt(self.fields[param.name], self._errors[param.name], make)


def _param_text(value: Any) -> str:
    return "" if value is REQUIRED else repr(value)


class NoteField(QWidget):
    """A few lines of free text that are saved with the node."""

    def __init__(self, editor: Editor, look: Look, node: Node) -> None:
        super().__init__()
        self._editor = editor
        self._id = node.id
        self.text = QPlainTextEdit(node.note)
        self.text.setPlaceholderText("A note for whoever opens this graph")
        self.text.setAccessibleName("Note")
        self.text.setFixedHeight(look.px(64))
        self.text.setTabChangesFocus(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        self.text.textChanged.connect(self._changed)

    def show_node(self, node: Node) -> None:
        if self.text.toPlainText() != node.note:
            self.text.setPlainText(node.note)

    def _changed(self) -> None:
        graph = self._editor.graph
        if self._id in graph.nodes and graph.nodes[self._id].note != self.text.toPlainText():
            self._editor.do(edits.set_note(graph, self._id, self.text.toPlainText()), merge=f"note {self._id}")
