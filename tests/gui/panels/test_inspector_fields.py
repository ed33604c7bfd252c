"""What can be edited in the inspector: names, values, dtypes, settings and notes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.gui.editor import Editor
from chainrule.gui.panels.inspector import InspectorPanel
from chainrule.gui.panels.inspector_fields import LeafFields, ParameterFields
from chainrule.gui.theme import Look
from tests.gui.panels.conftest import Show
from tests.gui.panels.inspecting import inspected, select, visible


def type_into(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def leaf_fields(inspector: InspectorPanel, editor: Editor, name: str) -> LeafFields:
    select(editor, name)
    inspector.refresh()
    (fields,) = visible(inspector, LeafFields)
    return fields


def test_the_name_is_edited_in_place_and_a_taken_one_is_refused_under_it(
    inspector: InspectorPanel, editor: Editor
) -> None:
    select(editor, "x")
    inspector.refresh()
    type_into(inspector.header.name, "w")
    assert inspector.header.name.property("wrong") == "true"
    assert "x" in editor.graph
    type_into(inspector.header.name, "point")
    assert "point" in editor.graph


@pytest.mark.parametrize(
    ("typed", "value"),
    [("3", 3.0), ("-2.5", -2.5), ("[1, 2]", [1.0, 2.0]), ("1, 2", [1.0, 2.0]), ("tensor([0.5])", [0.5]), ("nan", None)],
)
def test_a_value_is_typed_as_python_or_as_torch_prints_it(
    inspector: InspectorPanel, editor: Editor, typed: str, value: object
) -> None:
    type_into(leaf_fields(inspector, editor, "x").value, typed)
    leaf = editor.graph.named("x").leaf
    assert leaf is not None
    assert leaf.value.tolist() == value if value is not None else leaf.value != leaf.value


@pytest.mark.parametrize("typed", ["[1, [2]]", "hello", "__import__('os')", "[", ""])
def test_what_is_no_value_is_said_under_the_field_and_changes_nothing(
    inspector: InspectorPanel, editor: Editor, typed: str
) -> None:
    fields = leaf_fields(inspector, editor, "x")
    type_into(fields.value, typed or " ")
    leaf = editor.graph.named("x").leaf
    assert leaf is not None
    assert leaf.value == 1.0
    assert fields.value.property("wrong") == "true"
    assert editor.undo_stack.count() == 0


def test_dtype_and_requires_grad_are_changed_there(inspector: InspectorPanel, editor: Editor) -> None:
    fields = leaf_fields(inspector, editor, "x")
    QTest.mouseClick(fields.requires_grad, Qt.MouseButton.LeftButton, pos=fields.requires_grad.rect().center() * 0.1)
    fields.requires_grad.setFocus()
    leaf = editor.graph.named("x").leaf
    assert leaf is not None
    assert leaf.requires_grad
    fields.dtype.setCurrentText("float64")
    fields.dtype.activated.emit(fields.dtype.currentIndex())
    leaf = editor.graph.named("x").leaf
    assert leaf is not None
    assert leaf.value.dtype.name == "float64"


def test_an_integer_leaf_cannot_require_grad_and_pytorch_says_so(inspector: InspectorPanel, editor: Editor) -> None:
    editor.do(edits.set_dtype(editor.graph, editor.graph.named("x").id, "int64"))
    fields = leaf_fields(inspector, editor, "x")
    fields.requires_grad.click()
    assert not fields.requires_grad.isChecked()
    assert "floating point" in editor.last_error


def test_settings_of_an_operation_are_fields(look: Look, show: Show) -> None:
    graph = Graph()
    graph.add("tensor", name="a", value=[[1.0, 2.0], [3.0, 4.0]])
    graph.add("sum", name="total", input="a")
    editor, _, inspector = inspected(graph, look, show)
    select(editor, "total")
    inspector.refresh()
    (fields,) = visible(inspector, ParameterFields)
    dim, keepdim = fields.fields["dim"], fields.fields["keepdim"]
    assert isinstance(dim, QLineEdit)
    type_into(dim, "(0, 1)")
    QTest.keyClick(keepdim, Qt.Key.Key_Space)
    assert dict(editor.graph.named("total").params) == {"dim": (0, 1), "keepdim": True}
    type_into(dim, "nonsense(")
    assert dict(editor.graph.named("total").params)["dim"] == (0, 1)
    assert dim.property("wrong") == "true"


def test_a_note_is_one_step_of_undo(inspector: InspectorPanel, editor: Editor) -> None:
    select(editor, "x")
    inspector.refresh()
    note = inspector.fields.note
    assert note is not None
    QTest.keyClicks(note.text, "the data")
    assert editor.graph.named("x").note == "the data"
    assert editor.undo_stack.count() == 1
