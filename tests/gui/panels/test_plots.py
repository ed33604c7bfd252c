"""The plots: the loss curve while training runs, earlier runs behind it, and pyqtgraph imported only when needed."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from chainrule.core.document.edits import add_node, connect, rename, set_training, set_value
from chainrule.gui.editor import Editor
from chainrule.gui.panels.plots import PlotsPanel
from chainrule.gui.theme import Look
from tests.gui.conftest import node

Show = Callable[..., None]


@pytest.fixture
def panel(editor: Editor, look: Look, show: Show) -> PlotsPanel:
    panel = PlotsPanel(editor, look)
    show(panel, 700, 220)
    return panel


def train(editor: Editor, epochs: int, qtbot: QtBot) -> None:
    editor.train(epochs)
    qtbot.waitUntil(lambda: editor.training_run.finished)


def test_before_any_run_it_says_what_to_press(panel: PlotsPanel) -> None:
    assert panel.empty.isVisible()
    assert panel.plot is None


def test_it_says_to_press_train_only_where_there_is_something_to_train(panel: PlotsPanel, editor: Editor) -> None:
    def said() -> list[str]:
        return [each.text() for each in panel.empty.findChildren(QLabel)]

    assert said()[0] == "No run yet: press Train"
    editor.new()
    assert said()[0] == "No loss yet"
    editor.do(add_node(editor.graph, "exp")[0])
    assert said()[0] == "No run yet: press Train"


def test_a_run_is_drawn_and_what_it_reached_is_said(panel: PlotsPanel, editor: Editor, qtbot: QtBot) -> None:
    train(editor, 20, qtbot)
    assert panel.plot is not None
    assert panel.plot.isVisible()
    assert panel.readout.text().startswith("epoch 20 of 20 · loss 0.")
    assert panel.readout.text().endswith(" · program")
    assert not panel.empty.isVisible()


def test_it_says_whose_loss_is_drawn_where_backward_starts_elsewhere(
    panel: PlotsPanel, editor: Editor, qtbot: QtBot
) -> None:
    editor.do(rename(editor.graph, node(editor, "loss"), "squared"))
    editor.choose_root(node(editor, "error"))
    train(editor, 20, qtbot)
    assert editor.root == node(editor, "error")
    assert panel.readout.text().startswith("epoch 20 of 20 · loss (squared) 0.")


def test_what_no_program_can_follow_says_why_it_runs_on_the_tape(
    panel: PlotsPanel, editor: Editor, qtbot: QtBot
) -> None:
    editor.do(set_value(editor.graph, node(editor, "w"), [1.0, -2.0]))
    for kind, name, inputs in (("gt", "mask", {"other": 0}), ("masked_select", "kept", {}), ("sum", "total", {})):
        edit, _ = add_node(editor.graph, kind, name, inputs=inputs)
        editor.do(edit)
    wires = {("mask", "input"): "w", ("kept", "input"): "w", ("kept", "mask"): "mask", ("total", "input"): "kept"}
    for (target, socket), source in wires.items():
        editor.do(connect(editor.graph, node(editor, source), "", node(editor, target), socket))
    editor.do(set_training(editor.graph, loss="total"))
    train(editor, 5, qtbot)
    assert panel.readout.text().endswith(" · tape")
    assert "depends on values, which are not known when it is traced" in panel.readout.toolTip()


def test_while_the_loop_is_compiled_it_says_so(
    panel: PlotsPanel, editor: Editor, compiled: threading.Event, qtbot: QtBot
) -> None:
    editor.train(5)
    assert panel.readout.text() == "epoch 0 of 5 · compiling"
    compiled.set()
    qtbot.waitUntil(lambda: editor.training_run.finished)
    assert "compiling" not in panel.readout.text()


def test_earlier_runs_stay_behind(panel: PlotsPanel, editor: Editor, qtbot: QtBot) -> None:
    train(editor, 5, qtbot)
    train(editor, 7, qtbot)
    assert panel.plot is not None
    assert [len(curve) for curve in panel.plot.curves] == [5, 7]


def test_the_loss_axis_can_be_logarithmic(panel: PlotsPanel, editor: Editor, qtbot: QtBot) -> None:
    train(editor, 5, qtbot)
    QTest.keyClick(panel.log_scale, Qt.Key.Key_Space)
    assert panel.plot is not None
    assert panel.plot.log


def test_pointing_at_an_epoch_reads_it_out(panel: PlotsPanel, editor: Editor, qtbot: QtBot) -> None:
    train(editor, 5, qtbot)
    assert panel.plot is not None
    panel.plot.hovered.emit(1)
    assert panel.hovered.text() == "at epoch 1: 1.0"
    panel.plot.hovered.emit(None)
    assert panel.hovered.text() == ""


def test_another_document_forgets_the_runs(panel: PlotsPanel, editor: Editor, qtbot: QtBot) -> None:
    train(editor, 5, qtbot)
    editor.new()
    assert panel.runs == []
    assert panel.empty.isVisible()


def test_pyqtgraph_is_not_imported_by_the_panel_alone() -> None:
    code = "import sys, chainrule.gui.panels.plots; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_undone_run_is_not_shown_as_the_present(panel: PlotsPanel, editor: Editor, qtbot: QtBot) -> None:
    train(editor, 5, qtbot)
    editor.undo()
    assert panel.readout.text().endswith("· undone")
    editor.redo()
    assert "undone" not in panel.readout.text()


def test_a_run_that_diverged_says_when_and_why(panel: PlotsPanel, editor: Editor, qtbot: QtBot) -> None:
    editor.do(set_training(editor.graph, lr=1e6))
    train(editor, 30, qtbot)
    assert "the learning rate is too high" in editor.last_error
    assert editor.last_error in panel.readout.text()
    editor.backward()
    editor.step()
    assert "the gradients are nan" in editor.last_error
