"""The canvas without a mouse, and what a screen reader hears."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.gui.canvas.conftest import Hand

CONTROL = Qt.KeyboardModifier.ControlModifier


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


def test_enter_edits_the_value(hand: Hand) -> None:
    hand.click(hand.body("x"))
    hand.key(Qt.Key.Key_Return)
    assert hand.view.value_editor.isVisible()


def test_a_screen_reader_hears_what_has_the_focus(hand: Hand) -> None:
    hand.editor.backward()
    hand.click(hand.body("w"))
    said = hand.view.accessibleDescription()
    for words in ("w", "leaf tensor", "float32 []", "value 1.0", "requires grad", ".grad minus 2.0"):
        assert words in said
    hand.click(hand.body("pred"))
    assert "grad_fn MulBackward0" in hand.view.accessibleDescription()
    assert "freed" in hand.view.accessibleDescription()
