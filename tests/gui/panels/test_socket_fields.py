"""Number fields of the inspector: every socket that takes a number and has no wire can be filled by typing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chainrule.core.document.edits import set_literal
from chainrule.gui.editor import Editor
from chainrule.gui.panels.inspector import InspectorPanel
from chainrule.gui.panels.socket_fields import SocketFields
from chainrule.gui.player import Player
from chainrule.gui.theme import Look
from tests.gui.conftest import node, value

Show = Callable[..., None]


@pytest.fixture
def inspector(editor: Editor, player: Player, look: Look, show: Show) -> InspectorPanel:
    panel = InspectorPanel(editor, player, look)
    show(panel, 312, 900)
    return panel


@pytest.fixture
def fields(editor: Editor, inspector: InspectorPanel) -> SocketFields:
    editor.select([node(editor, "loss")])
    inspector.refresh()
    assert inspector.fields.sockets is not None
    return inspector.fields.sockets


def enter(fields: SocketFields, text: str) -> None:
    field = fields.fields["exponent"]
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_the_exponent_of_pow_is_a_field(editor: Editor, fields: SocketFields) -> None:
    assert list(fields.fields) == ["exponent"]
    enter(fields, "3")
    assert editor.graph.named("loss").inputs["exponent"] == 3
    assert value(editor, "loss") == 1


def test_an_empty_socket_says_that_a_number_will_do(editor: Editor) -> None:
    editor.do(set_literal(editor.graph, node(editor, "loss"), "exponent", None))
    problem = editor.session.state.nodes[node(editor, "loss")].problem
    assert problem is not None
    assert problem.meaning == "Wire a tensor into it or type a number."


def test_what_is_no_number_is_refused_under_the_field(editor: Editor, fields: SocketFields) -> None:
    enter(fields, "two")
    assert editor.graph.named("loss").inputs["exponent"] == 2
    assert fields.fields["exponent"].property("wrong") == "true"
