"""The canvas without a mouse, and what a screen reader hears."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy

from tests.gui.canvas.conftest import Hand

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def focused(hand: Hand) -> str:
    assert hand.view.focused is not None
    return hand.editor.graph.nodes[hand.view.focused].name


def test_tab_goes_through_the_nodes_in_running_order(hand: Hand) -> None:
    hand.view.setFocus()
    names = []
    for _ in range(6):
        hand.key(Qt.Key.Key_Tab)
        names.append(focused(hand))
    assert names == [hand.editor.graph.nodes[i].name for i in hand.editor.graph.order()]


def test_arrows_walk_along_wires(hand: Hand) -> None:
    hand.click(hand.body("pred"))
    hand.key(Qt.Key.Key_Right)
    assert focused(hand) == "error"
    hand.key(Qt.Key.Key_Right)
    assert focused(hand) == "loss"
    hand.key(Qt.Key.Key_Left)
    hand.key(Qt.Key.Key_Left)
    assert focused(hand) in ("pred", "y")
    hand.click(hand.body("x"))
    hand.key(Qt.Key.Key_Down)
    assert focused(hand) == "w"


def test_control_and_arrows_nudge_as_one_step(hand: Hand) -> None:
    x, y = hand.editor.graph.named("x").position
    hand.click(hand.body("x"))
    for _ in range(3):
        hand.key(Qt.Key.Key_Right, CONTROL)
    assert hand.editor.graph.named("x").position == (x + 30, y)
    assert hand.editor.undo_stack.count() == 1


def test_select_all_delete_and_undo(hand: Hand) -> None:
    hand.view.setFocus()
    hand.key(Qt.Key.Key_A, CONTROL)
    assert len(hand.editor.selection) == 6
    hand.key(Qt.Key.Key_Delete)
    assert hand.editor.graph.nodes == {}
    assert hand.view.canvas.nodes == {}
    assert hand.view.canvas.wires == {}
    hand.key(Qt.Key.Key_Z, CONTROL)
    assert set(hand.view.canvas.nodes) == set(hand.editor.graph.nodes)
    assert len(hand.view.canvas.wires) == 5


def test_l_selects_upstream_and_shift_l_downstream(hand: Hand) -> None:
    hand.click(hand.body("pred"))
    hand.key(Qt.Key.Key_L)
    assert hand.editor.selection == {hand.id(name) for name in ("x", "w", "pred")}
    hand.click(hand.body("pred"))
    hand.key(Qt.Key.Key_L, SHIFT)
    assert hand.editor.selection == {hand.id(name) for name in ("pred", "error", "loss")}


def test_copy_and_paste_travel_as_text(hand: Hand) -> None:
    hand.view.setFocus()
    hand.editor.select({hand.id("x"), hand.id("w"), hand.id("pred")})
    hand.key(Qt.Key.Key_C, CONTROL)
    hand.key(Qt.Key.Key_V, CONTROL)
    graph = hand.editor.graph
    assert len(graph.nodes) == 9
    assert hand.editor.undo_stack.count() == 1
    copies = {graph.nodes[i].name: graph.nodes[i] for i in hand.editor.selection}
    assert set(copies) == {"x2", "w2", "pred2"}
    assert {wire.source for _, wire in copies["pred2"].wires()} == {copies["x2"].id, copies["w2"].id}


def test_what_is_no_graph_is_not_pasted(hand: Hand) -> None:
    from PySide6.QtGui import QGuiApplication

    QGuiApplication.clipboard().setText("a shopping list")
    hand.view.setFocus()
    hand.key(Qt.Key.Key_V, CONTROL)
    assert len(hand.editor.graph.nodes) == 6
    assert "no graph" in hand.editor.last_error


def test_a_duplicate_is_wired_to_the_same_sources(hand: Hand) -> None:
    hand.click(hand.body("error"))
    hand.key(Qt.Key.Key_D, CONTROL)
    copy = hand.editor.graph.named("error2")
    assert copy.inputs == hand.editor.graph.named("error").inputs


def test_enter_edits_the_value_and_g_turns_the_switch(hand: Hand) -> None:
    hand.click(hand.body("x"))
    hand.key(Qt.Key.Key_Return)
    assert hand.view.value_editor.isVisible()
    hand.view.value_editor.cancel()
    hand.key(Qt.Key.Key_G)
    leaf = hand.editor.graph.named("x").leaf
    assert leaf is not None
    assert leaf.requires_grad


def test_space_asks_for_a_node(hand: Hand) -> None:
    asked = QSignalSpy(hand.view.request_add)
    hand.view.setFocus()
    hand.key(Qt.Key.Key_Space)
    assert asked.count() == 1


def test_a_screen_reader_hears_what_has_the_focus(hand: Hand) -> None:
    hand.editor.backward()
    hand.click(hand.body("w"))
    said = hand.view.accessibleDescription()
    for words in ("w", "leaf tensor", "float32 []", "value 1.0", "requires grad", ".grad minus 2.0"):
        assert words in said
    hand.click(hand.body("pred"))
    assert "grad_fn MulBackward0" in hand.view.accessibleDescription()
    assert "freed" in hand.view.accessibleDescription()
