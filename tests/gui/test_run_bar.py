"""The run bar: what its buttons are called as the document's settings change."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from chainrule.core.document.edits import set_training
from chainrule.gui.main_window import MainWindow


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
