"""The run bar: where it begins, and what its buttons are called as the document's settings change."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from chainrule.core.document.edits import set_training
from chainrule.gui.main_window import MainWindow
from chainrule.gui.theme import INSET


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
