"""The search box at the pointer: keyboard from first to last, filtered by what fits a waiting wire."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chainrule.gui.editor import Editor
from chainrule.gui.panels.catalogue import Request, gives_a_tensor, takes_a_tensor
from chainrule.gui.panels.search_box import SearchBox
from chainrule.gui.theme import Look

Show = Callable[..., None]


@pytest.fixture
def window(show: Show) -> QWidget:
    window = QWidget()
    show(window, 800, 600)
    return window


@pytest.fixture
def box(editor: Editor, look: Look, window: QWidget) -> SearchBox:
    box = SearchBox(editor, look, window)
    box.open_at(window.mapToGlobal(QPoint(120, 80)))
    return box


def test_it_opens_at_the_pointer_with_the_keyboard_in_it(box: SearchBox, qtbot: QtBot) -> None:
    assert box.pos() == QPoint(120, 80)
    qtbot.waitUntil(box.field.hasFocus)


def test_near_the_edge_it_stays_inside_the_window(box: SearchBox, window: QWidget) -> None:
    box.open_at(window.mapToGlobal(QPoint(790, 590)))
    assert window.rect().contains(box.geometry())


def test_typing_and_enter_choose_the_best(box: SearchBox, qtbot: QtBot) -> None:
    QTest.keyClicks(box.field, "matm")
    assert box.found[0].name == "matmul"
    with qtbot.waitSignal(box.chosen) as chosen:
        QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert chosen.args == [Request("matmul")]
    assert not box.isVisible()


@pytest.mark.parametrize(
    ("typed", "first"),
    [("t", "t"), ("max", "max"), ("@", "matmul"), ("average", "mean"), ("multiply", "mul"), ("parameter", "tensor")],
)
def test_among_three_hundred_the_one_that_is_called_so_comes_first_and_once(
    box: SearchBox, typed: str, first: str
) -> None:
    QTest.keyClicks(box.field, typed)
    names = [choice.name for choice in box.found]
    assert names[0] == first
    assert len(names) == len(set(names))


def test_before_anything_is_typed_what_is_common_comes_first(box: SearchBox) -> None:
    names = [choice.name for choice in box.found]
    assert names[:3] == ["tensor", "add", "sub"]
    assert len(names) == len(set(names)) > 300


def test_arrows_and_tab_choose_another(box: SearchBox, qtbot: QtBot) -> None:
    QTest.keyClicks(box.field, "max")
    QTest.keyClick(box.field, Qt.Key.Key_Down)
    QTest.keyClick(box.field, Qt.Key.Key_Tab)
    QTest.keyClick(box.field, Qt.Key.Key_Up)
    wanted = box.found[1].request
    with qtbot.waitSignal(box.chosen) as chosen:
        QTest.keyClick(box.field, Qt.Key.Key_Enter)
    assert chosen.args == [wanted]


def test_a_click_chooses(box: SearchBox, qtbot: QtBot) -> None:
    QTest.keyClicks(box.field, "max")
    place = box.results.visualRect(box.results.model().index(1, 0)).center()
    wanted = box.found[1].request
    with qtbot.waitSignal(box.chosen) as chosen:
        QTest.mouseClick(box.results.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [wanted]


def test_escape_closes_and_chooses_nothing(box: SearchBox, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(box.chosen), qtbot.waitSignal(box.dismissed):
        QTest.keyClick(box.field, Qt.Key.Key_Escape)
    assert not box.isVisible()


def test_it_closes_when_the_focus_goes_elsewhere(box: SearchBox, window: QWidget, qtbot: QtBot) -> None:
    qtbot.waitUntil(box.field.hasFocus)
    window.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    window.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(lambda: not box.isVisible())


def test_a_wire_out_of_a_node_is_offered_only_what_takes_a_tensor(box: SearchBox, window: QWidget) -> None:
    box.open_at(window.mapToGlobal(QPoint(0, 0)), takes_a_tensor)
    assert {choice.family for choice in box.found}.isdisjoint({"leaf"})
    assert any(choice.name == "mul" for choice in box.found)


def test_a_wire_into_a_socket_is_offered_leaves_too_but_no_region(box: SearchBox, window: QWidget) -> None:
    box.open_at(window.mapToGlobal(QPoint(0, 0)), gives_a_tensor)
    names = {choice.name for choice in box.found}
    assert {"ones", "mul"} <= names
    assert "no_grad region" not in names


def test_nothing_found_is_said(box: SearchBox, qtbot: QtBot) -> None:
    QTest.keyClicks(box.field, "qqqqq")
    assert box.note.text() == "Nothing is called 'qqqqq'."
    with qtbot.assertNotEmitted(box.chosen):
        QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert box.isVisible()


def test_what_is_there_but_does_not_fit_the_wire_is_told_apart_from_what_is_not_there(
    box: SearchBox, window: QWidget
) -> None:
    box.open_at(window.mapToGlobal(QPoint(0, 0)), takes_a_tensor)
    QTest.keyClicks(box.field, "arange")
    assert box.note.text() == "What is called 'arange' does not fit here."


def test_an_expression_shows_what_it_would_add(box: SearchBox, qtbot: QtBot) -> None:
    QTest.keyClicks(box.field, "= error * k")
    assert box.note.text().splitlines() == ["k: a new leaf", "mul = mul(error, k)"]
    with qtbot.waitSignal(box.chosen) as chosen:
        QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert chosen.args == [Request(expression="error * k")]


def test_a_wrong_expression_says_where_and_stays_open(box: SearchBox, qtbot: QtBot) -> None:
    QTest.keyClicks(box.field, "= error * ?")
    assert box.note.text().startswith("column 11")
    with qtbot.assertNotEmitted(box.chosen):
        QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert box.isVisible()


def test_an_assignment_is_an_expression_without_a_leading_equals_sign(box: SearchBox, qtbot: QtBot) -> None:
    box.field.setText("loss2 = (y - x*w)**2")
    assert "loss2 = pow" in box.note.text()
    with qtbot.waitSignal(box.chosen) as chosen:
        qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert chosen.args[0].expression == "loss2 = (y - x*w)**2"
