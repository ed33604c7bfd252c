"""Editing in place: values, names, numbers in sockets, parameters, the seed; what is wrong is said, nothing is lost."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chainrule.core.document.building import Graph
from tests.gui.canvas.conftest import Hand, shown


def type_over(hand: Hand, text: str) -> None:
    """Replace what the floating editor holds and press Enter."""
    line = hand.view.value_editor.line
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def value(hand: Hand, name: str) -> np.ndarray:  # type: ignore[type-arg]
    leaf = hand.editor.graph.named(name).leaf
    assert leaf is not None
    return leaf.value


def test_a_double_click_on_a_number_edits_it(hand: Hand) -> None:
    hand.double_click(hand.number("w"))
    assert hand.view.value_editor.isVisible()
    type_over(hand, "1.5")
    assert not hand.view.value_editor.isVisible()
    assert value(hand, "w") == 1.5
    assert hand.editor.session["loss"].item() == 0.25
    assert hand.editor.undo_stack.count() == 1


def test_arithmetic_is_worked_out(hand: Hand) -> None:
    hand.view.edit_value(hand.id("w"))
    type_over(hand, "2*3 - 1/4")
    assert value(hand, "w") == 5.75


def test_a_list_makes_a_vector_and_the_card_grows(hand: Hand) -> None:
    before = hand.view.canvas.nodes[hand.id("x")].card.rect.height()
    hand.view.edit_value(hand.id("x"))
    type_over(hand, "[1, 2, 3, 4, 5]")
    assert value(hand, "x").shape == (5,)
    assert hand.view.canvas.nodes[hand.id("x")].card.rect.height() > before


def test_what_is_no_number_is_said_and_stays(hand: Hand) -> None:
    hand.view.edit_value(hand.id("w"))
    type_over(hand, "[1, oops]")
    editor = hand.view.value_editor
    assert editor.isVisible()
    assert "oops" in editor.error.text()
    assert editor.line.text() == "[1, oops]"
    assert value(hand, "w") == 1.0
    QTest.keyClick(editor.line, Qt.Key.Key_Escape)
    assert not editor.isVisible()
    assert hand.editor.undo_stack.count() == 0


def test_ragged_rows_are_refused(hand: Hand) -> None:
    hand.view.edit_value(hand.id("w"))
    type_over(hand, "[[1, 2], [3]]")
    assert hand.view.value_editor.isVisible()
    assert hand.view.value_editor.error.text()


def test_another_dtype_is_chosen_in_the_editor(hand: Hand) -> None:
    hand.view.edit_value(hand.id("y"))
    hand.view.value_editor.dtype.setCurrentText("int64")
    type_over(hand, "7")
    assert value(hand, "y").dtype == np.int64
    assert value(hand, "y") == 7


def test_a_small_matrix_is_a_table(qtbot: QtBot) -> None:
    graph = Graph()
    graph.add("tensor", name="W", value=[[1.0, 2.0], [3.0, 4.0]])
    hand = shown(qtbot, graph)
    hand.view.edit_value(hand.id("W"))
    table = hand.view.value_editor.table
    assert table.isVisible()
    cell = table.item(1, 0)
    assert cell is not None
    cell.setText("30")
    assert hand.view.value_editor.commit()
    assert value(hand, "W").tolist() == [[1.0, 2.0], [30.0, 4.0]]


def test_the_element_under_the_pointer_is_selected(qtbot: QtBot) -> None:
    graph = Graph()
    graph.add("tensor", name="v", value=[10.0, 20.0, 30.0])
    hand = shown(qtbot, graph)
    hand.view.value_editor.edit_value(hand.id("v"), 1)
    assert hand.view.value_editor.line.selectedText() == "20.0"


def test_a_name_is_edited_in_place_and_must_be_a_name(hand: Hand) -> None:
    place = hand.part("pred", lambda card: card.name_rect)
    hand.double_click(place)
    type_over(hand, "prediction")
    assert "prediction" in hand.editor.graph
    assert "prediction" in hand.view.canvas.nodes[hand.id("error")].card.texts[1].text
    hand.view.rename(hand.id("prediction"))
    type_over(hand, "2x")
    assert hand.view.value_editor.isVisible()
    assert "2x" in hand.view.value_editor.error.text()
    hand.view.value_editor.line.setText("x")
    assert not hand.view.value_editor.commit()
    assert "taken" in hand.view.value_editor.error.text()


def test_a_number_in_a_socket_is_edited_and_emptied(hand: Hand) -> None:
    hand.double_click(hand.part("loss", lambda card: card.port("input", "exponent").literal_rect))
    type_over(hand, "3")
    assert hand.editor.graph.named("loss").inputs["exponent"] == 3
    hand.view.value_editor.edit_literal(hand.id("loss"), "exponent")
    hand.view.value_editor.line.clear()
    assert hand.view.value_editor.commit()
    assert "exponent" not in hand.editor.graph.named("loss").inputs


def test_parameters_are_edited_as_python_writes_them(qtbot: QtBot) -> None:
    graph = Graph()
    graph.add("tensor", name="a", value=[[1.0, 2.0], [3.0, 4.0]])
    graph.add("sum", name="s", input="a", position=(300.0, 0.0))
    hand = shown(qtbot, graph)
    hand.double_click(hand.part("s", lambda card: card.subtitle_rect))
    type_over(hand, "dim=0, keepdim=True")
    assert dict(hand.editor.graph.named("s").params) == {"dim": 0, "keepdim": True}
    hand.view.value_editor.edit_params(hand.id("s"))
    type_over(hand, "dim=__import__('os')")
    assert hand.view.value_editor.isVisible()
    assert dict(hand.editor.graph.named("s").params) == {"dim": 0, "keepdim": True}


def test_the_seed_of_a_vector_root_is_a_slot_for_every_element(qtbot: QtBot) -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=[1.0, 2.0, 3.0], requires_grad=True)
    graph.add("mul", name="y", input="x", other="x", position=(300.0, 0.0))
    hand = shown(qtbot, graph)
    item = hand.view.canvas.nodes[hand.id("y")]
    assert item.flag is not None
    assert [text for text, _ in item.flag.slots] == ["", "", ""]
    hand.click(hand.place(item.pos() + item.flag.rect.center()))
    type_over(hand, "0.1, 1, 0.001")
    hand.editor.backward()
    assert hand.editor.session["x"].grad.tolist() == pytest.approx([0.2, 4.0, 0.006])


def test_a_value_with_many_digits_reads_back_to_the_same_bits(qtbot: QtBot) -> None:
    exact = float(np.float32(0.1))
    graph = Graph()
    graph.add("tensor", name="x", value=exact)
    hand = shown(qtbot, graph)
    hand.view.edit_value(hand.id("x"))
    assert np.float32(hand.view.value_editor.line.text()) == np.float32(exact)
    assert hand.view.value_editor.commit()
    assert hand.editor.undo_stack.count() == 0
