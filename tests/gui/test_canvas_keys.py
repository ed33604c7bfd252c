"""Keys on the canvas: each is a shortcut of the one table of commands, and a changed one leaves no old key alive."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chainrule.gui.actions import COMMANDS, take_keys
from chainrule.gui.main_window import MainWindow
from chainrule.gui.panels.search_box import SearchBox
from tests.gui.conftest import node, set_w

Press = Callable[..., None]
CONTROL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


@pytest.fixture
def press(window: MainWindow) -> Press:
    """A key on the canvas, after whatever came before has reached the actions."""
    window.canvas.setFocus()

    def pressed(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        window.refresh()
        QTest.keyClick(window.canvas, key, modifiers)

    return pressed


def select(window: MainWindow, names: Iterable[str]) -> None:
    window.editor.select([node(window.editor, name) for name in names])


def selected(window: MainWindow) -> set[str]:
    return {window.editor.graph.nodes[i].name for i in window.editor.selection}


def test_select_all_delete_and_undo(window: MainWindow, press: Press) -> None:
    canvas = window.canvas.canvas
    press(Qt.Key.Key_A, CONTROL)
    assert len(selected(window)) == 6
    press(Qt.Key.Key_Delete)
    assert window.editor.graph.nodes == {}
    assert (canvas.nodes, canvas.wires) == ({}, {})
    press(Qt.Key.Key_Z, CONTROL)
    assert set(canvas.nodes) == set(window.editor.graph.nodes)
    assert len(canvas.wires) == 5


def test_l_selects_upstream_and_shift_l_downstream(window: MainWindow, press: Press) -> None:
    select(window, ["pred"])
    press(Qt.Key.Key_L)
    assert selected(window) == {"x", "w", "pred"}
    select(window, ["pred"])
    press(Qt.Key.Key_L, SHIFT)
    assert selected(window) == {"pred", "error", "loss"}


def test_copy_and_paste_travel_as_text(window: MainWindow, press: Press) -> None:
    select(window, ["x", "w", "pred"])
    press(Qt.Key.Key_C, CONTROL)
    press(Qt.Key.Key_V, CONTROL)
    graph = window.editor.graph
    assert len(graph.nodes) == 9
    assert window.editor.undo_stack.count() == 1
    copies = {graph.nodes[i].name: graph.nodes[i] for i in window.editor.selection}
    assert set(copies) == {"x2", "w2", "pred2"}
    assert {wire.source for _, wire in copies["pred2"].wires()} == {copies["x2"].id, copies["w2"].id}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a shopping list", "Not pasted: what is on the clipboard is no graph"),
        ("  ", "The clipboard is empty"),
        ('{"format": oops}', "Not pasted: this is no JSON: invalid character (line 1, column 12)"),
        ('{"format": "gif"}', 'Not pasted: this is no graph file: it has no "format": "chainrule"'),
    ],
)
def test_what_is_no_graph_is_not_pasted_and_said_once(window: MainWindow, press: Press, text: str, said: str) -> None:
    QGuiApplication.clipboard().setText(text)
    press(Qt.Key.Key_V, CONTROL)
    assert len(window.editor.graph.nodes) == 6
    assert window.strip.text == said


def test_a_duplicate_is_wired_to_the_same_sources(window: MainWindow, press: Press) -> None:
    select(window, ["error"])
    press(Qt.Key.Key_D, CONTROL)
    graph = window.editor.graph
    assert graph.named("error2").inputs == graph.named("error").inputs


def test_g_turns_the_switch_of_the_leaf_in_focus(window: MainWindow, press: Press) -> None:
    select(window, ["x"])
    press(Qt.Key.Key_G)
    leaf = window.editor.graph.named("x").leaf
    assert leaf is not None
    assert leaf.requires_grad


def test_space_opens_the_search_box(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: any(box.isVisible() for box in window.findChildren(SearchBox)))


def test_a_changed_key_leaves_the_old_one_dead(window: MainWindow, press: Press) -> None:
    window.settings.set_shortcut("delete", ["Ctrl+K"])
    take_keys(window.actions_by_id, window.settings)
    select(window, ["loss"])
    press(Qt.Key.Key_Delete)
    press(Qt.Key.Key_Backspace)
    assert "loss" in window.editor.graph
    press(Qt.Key.Key_K, CONTROL)
    assert "loss" not in window.editor.graph


def test_without_any_shortcut_no_key_of_the_table_does_anything(window: MainWindow, press: Press) -> None:
    for command in COMMANDS:
        window.settings.set_shortcut(command.id, [])
    take_keys(window.actions_by_id, window.settings)
    select(window, ["pred"])
    before = window.canvas.shown_viewport()
    for key in (Qt.Key.Key_L, Qt.Key.Key_F, Qt.Key.Key_G, Qt.Key.Key_Plus, Qt.Key.Key_F2, Qt.Key.Key_Space):
        press(key)
    for key in (Qt.Key.Key_A, Qt.Key.Key_X, Qt.Key.Key_D, Qt.Key.Key_V, Qt.Key.Key_L):
        press(key, CONTROL)
    assert selected(window) == {"pred"}
    assert window.editor.undo_stack.count() == 0
    assert window.canvas.shown_viewport() == before
    assert not window.canvas.value_editor.isVisible()


def test_undo_can_be_asked_for_in_the_same_turn_as_the_edit(window: MainWindow) -> None:
    """A key that comes at once finds the action ready, before anything has been refreshed."""
    assert not window.actions_by_id["undo"].isEnabled()
    set_w(window.editor, 3.0)
    assert window.actions_by_id["undo"].isEnabled()
    window.editor.undo()
    assert window.actions_by_id["redo"].isEnabled()
