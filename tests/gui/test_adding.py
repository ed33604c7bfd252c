"""Adding to the graph from the window: the library, a drop, the search box, an expression, a wire let go."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QCursor, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chainrule.core.document.graph import Wire
from chainrule.gui.canvas.gestures import PendingWire
from chainrule.gui.canvas.room import GRID
from chainrule.gui.main_window import MainWindow
from chainrule.gui.panels.catalogue import MIME_TYPE, Request
from tests.gui.conftest import node


def test_a_request_of_the_library_adds_a_node_and_selects_it(window: MainWindow) -> None:
    window.library.request.emit(Request("relu"))
    editor = window.editor
    assert editor.selection == {node(editor, "relu")}
    editor.undo()
    assert "relu" not in editor.graph


def test_the_search_box_opens_over_the_canvas_and_adds_where_it_was_asked(window: MainWindow, qtbot: QtBot) -> None:
    window.canvas.request_add.emit(QPointF(500, 420), None)
    box = window.adding.box
    assert box is not None
    assert box.isVisible()
    qtbot.keyClicks(box.field, "tanh")
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    added = window.editor.graph.named("tanh")
    assert added.position == (500, 420)


def test_asked_for_by_key_with_the_pointer_elsewhere_it_opens_and_adds_in_the_middle(
    window: MainWindow, qtbot: QtBot
) -> None:
    QCursor.setPos(window.mapToGlobal(window.library.geometry().center()))
    window.editor.new()
    window.actions_by_id["add_node"].trigger()
    box = window.adding.box
    assert box is not None
    canvas = window.canvas
    over = canvas.mapTo(window, canvas.mapFromScene(canvas.middle()))
    assert abs(box.geometry().center().x() - over.x()) <= 1
    qtbot.keyClicks(box.field, "relu")
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    (card,) = (item.card_rect() for item in canvas.canvas.nodes.values())
    assert (card.center() - canvas.middle()).manhattanLength() <= 2 * GRID


def test_an_expression_adds_its_nodes_as_one_step(window: MainWindow) -> None:
    window.library.request.emit(Request(expression="q = (a + b) * w"))
    assert "q" in window.editor.graph
    assert "a" in window.editor.graph
    window.editor.undo()
    assert "q" not in window.editor.graph


def test_a_wire_dropped_on_the_canvas_is_wired_to_what_is_added(window: MainWindow) -> None:
    loose = PendingWire(node(window.editor, "loss"), "output", "")
    window.canvas.request_add.emit(QPointF(900, 300), loose)
    assert window.adding.box is not None
    window.adding.box.chosen.emit(Request("log"))
    added = window.editor.graph.named("log")
    assert added.inputs == {"input": Wire(node(window.editor, "loss"))}
    window.editor.undo()
    assert "log" not in window.editor.graph


def drop(window: MainWindow, key: str, point: QPoint) -> QRectF:
    """Drag the library's entry ``key`` to ``point`` of the canvas and let it go; the card that this adds."""
    data = QMimeData()
    data.setData(MIME_TYPE, key.encode())
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window.canvas.viewport(), QDragEnterEvent(point, copy, data, left, none))
    QApplication.sendEvent(window.canvas.viewport(), QDropEvent(QPointF(point), copy, data, left, none))
    (added,) = window.editor.selection
    return window.canvas.canvas.nodes[added].card_rect()


def test_what_is_dragged_from_the_library_is_added_where_it_is_dropped(window: MainWindow) -> None:
    free = window.canvas.mapFromScene(QPointF(500, 420))
    card = drop(window, "randn", free)
    assert card.topLeft().toTuple() == pytest.approx(window.canvas.mapToScene(free).toTuple())


def test_a_drop_on_the_button_of_an_empty_canvas_goes_to_the_canvas(window: MainWindow) -> None:
    window.editor.new()
    button = window.empty.button
    data = QMimeData()
    data.setData(MIME_TYPE, b"relu")
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, left, none)
    QApplication.sendEvent(button, enter)
    assert enter.isAccepted()
    under = window.canvas.mapToScene(window.canvas.viewport().mapFromGlobal(button.mapToGlobal(QPoint(5, 5))))
    QApplication.sendEvent(button, QDropEvent(QPointF(5, 5), copy, data, left, none))
    assert window.editor.graph.named("relu").position == pytest.approx(under.toTuple())


def test_dropped_on_a_card_it_stands_beside_that_card(window: MainWindow) -> None:
    cards = [item.card_rect() for item in window.canvas.canvas.nodes.values()]
    under = window.canvas.canvas.nodes[node(window.editor, "error")].card_rect()
    card = drop(window, "randn", window.canvas.mapFromScene(under.center()))
    assert not any(card.intersects(other) for other in cards)
    assert card.intersects(under.adjusted(-60, -60, 60, 60))


def test_double_clicks_in_the_library_put_no_card_on_another(window: MainWindow, qtbot: QtBot) -> None:
    tree = window.library.tree
    place = tree.visualItemRect(tree.findItems("relu", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)[0])
    for _ in range(8):
        qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
        qtbot.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    cards = [item.card_rect() for item in window.canvas.canvas.nodes.values()]
    assert len(cards) == 6 + 8
    for one, other in combinations(cards, 2):
        assert not one.intersects(other)
    (latest,) = window.editor.selection
    assert window.canvas.clear_area().contains(window.canvas.canvas.nodes[latest].card_rect().center())


def test_an_unknown_kind_is_refused_with_a_suggestion(window: MainWindow) -> None:
    window.library.request.emit(Request("rellu"))
    assert "did you mean relu" in window.strip.text
