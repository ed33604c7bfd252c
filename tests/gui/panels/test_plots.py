"""The plots: the loss curve while training runs, earlier runs behind it, and pyqtgraph imported only when needed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chainrule.core.document.edits import set_training
from chainrule.gui.editor import Editor
from chainrule.gui.panels.plots import PlotsPanel
from chainrule.gui.theme import Look

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


def test_a_run_is_drawn_and_what_it_reached_is_said(panel: PlotsPanel, editor: Editor, qtbot: QtBot) -> None:
    train(editor, 20, qtbot)
    assert panel.plot is not None
    assert panel.plot.isVisible()
    assert panel.readout.text().startswith("epoch 20 of 20 · loss 0.")
    assert not panel.empty.isVisible()


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
