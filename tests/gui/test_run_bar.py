"""The run bar: where it begins, and what its buttons are called as the document's settings change."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from chainrule.core.document.edits import set_training, set_value
from chainrule.gui.main_window import MainWindow
from chainrule.gui.theme import INSET
from tests.gui.conftest import node


def test_the_step_names_the_optimiser_that_takes_it(window: MainWindow, qtbot: QtBot) -> None:
    button, editor = window.run_bar.buttons["step"], window.editor
    assert button.text() == "SGD step"
    editor.do(set_training(editor.graph, optimizer="Adam"))
    qtbot.waitUntil(lambda: button.text() == "Adam step")
    assert window.actions_by_id["step"].text() == "Adam step"
    assert "Adam" in window.run_bar.lr.toolTip()
    qtbot.mouseClick(window.run_bar.buttons["backward"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert editor.undo_stack.undoText() == "Adam step"
    editor.undo()
    editor.undo()
    qtbot.waitUntil(lambda: button.text() == "SGD step")


def left_edge(widget: QWidget) -> int:
    """Where ``widget`` begins in its window."""
    return widget.mapTo(widget.window(), QPoint()).x()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_a_wide_bar_begins_where_what_is_below_it_begins(window: MainWindow, qtbot: QtBot, scale: float) -> None:
    window.look.set_scale(scale)
    window.resize(2400, 1080)
    window.bottom.build()
    forward, legend = window.run_bar.buttons["forward"], window.canvas.overlays.legend
    qtbot.waitUntil(lambda: left_edge(forward) == left_edge(window.canvas) + window.look.px(INSET))
    assert left_edge(legend) == left_edge(forward)
    transport = next(button for button in window.bottom.findChildren(QToolButton, "transport") if button.isVisible())
    assert left_edge(transport) == left_edge(forward)


def test_a_bar_with_no_room_for_that_begins_above_the_library(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: left_edge(window.run_bar.buttons["forward"]) == INSET)
    assert left_edge(window.library.field) == INSET


def test_it_follows_the_canvas_when_the_library_is_folded(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1920, 1080)
    forward = window.run_bar.buttons["forward"]
    window.actions_by_id["toggle_library"].trigger()
    qtbot.waitUntil(lambda: left_edge(window.canvas) == 0 and left_edge(forward) == INSET)
    window.actions_by_id["toggle_library"].trigger()
    qtbot.waitUntil(lambda: left_edge(window.canvas) > 0 and left_edge(forward) == left_edge(window.canvas) + INSET)


def test_a_seed_that_will_not_do_is_explained_when_it_ends_and_stays_as_it_was_typed(
    window: MainWindow, qtbot: QtBot
) -> None:
    seed, editor = window.run_bar.seed, window.editor
    qtbot.mouseClick(seed, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(seed.hasFocus)
    seed.selectAll()
    qtbot.keyClicks(seed, "one half")
    assert not window.strip.isVisible()  # not while it is typed
    qtbot.keyClick(seed, Qt.Key.Key_Return)
    said = "seed: 'one' is not a number; it takes one number"
    assert (window.strip.text, seed.toolTip(), seed.text()) == (said, said, "one half")
    qtbot.mouseClick(window.run_bar.buttons["backward"], Qt.MouseButton.LeftButton)
    assert (window.strip.text, seed.text()) == (said, "one half")
    assert editor.session["w"].grad is None
    seed.selectAll()
    qtbot.keyClicks(seed, "0.5")
    assert not window.strip.isVisible()
    assert said not in seed.toolTip()


def test_a_seed_that_no_longer_fits_its_root_is_said_as_soon_as_it_does_not(window: MainWindow, qtbot: QtBot) -> None:
    seed, editor = window.run_bar.seed, window.editor
    seed.selectAll()
    qtbot.keyClicks(seed, "0.5")
    window.canvas.setFocus()
    editor.do(set_value(editor.graph, node(editor, "x"), [1.0, 2.0, 3.0]))
    assert window.strip.text == (
        "seed: the root has 3 elements, so it takes 3 numbers with commas between them; 1 stands there"
    )
    assert seed.text() == "0.5"


@pytest.mark.parametrize("typed", ["0", "-3", "many"])
def test_what_is_no_number_of_epochs_is_refused_and_the_field_goes_back(
    window: MainWindow, qtbot: QtBot, typed: str
) -> None:
    epochs, editor = window.run_bar.epochs, window.editor
    qtbot.mouseClick(epochs, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(epochs.hasFocus)
    epochs.selectAll()
    qtbot.keyClicks(epochs, typed)
    qtbot.keyClick(epochs, Qt.Key.Key_Return)
    assert window.strip.text == f"epochs: {typed!r} is not a whole number above 0"
    assert (epochs.text(), editor.graph.training.epochs, editor.undo_stack.count()) == ("100", 100, 0)
