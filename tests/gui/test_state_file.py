"""``--state-file``: everything that is shown, as JSON that a test outside of the program can act on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chainrule.core.document.edits import set_value
from chainrule.gui.examples import examples_folder
from chainrule.gui.main_window import MainWindow
from chainrule.gui.state_file import StateFile
from tests.gui.conftest import node


@pytest.fixture
def path(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> Path:
    target = tmp_path / "state.json"
    StateFile(window, target)
    qtbot.waitUntil(target.exists)
    return target


def read(path: Path) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return state


def test_it_says_what_every_card_shows(path: Path, window: MainWindow, qtbot: QtBot) -> None:
    window.editor.backward()
    window.player.to_end()
    qtbot.waitUntil(lambda: read(path)["nodes"]["w"]["grad"] == -2)
    state = read(path)
    assert state["nodes"]["loss"] | {
        "kind": "pow", "shape": [], "dtype": "float32", "value": 1.0, "requires_grad": True, "is_leaf": False,
        "grad_fn": "PowBackward0", "gradient": 1.0, "grad": None, "freed": ["input"], "literals": {"exponent": 2},
    } == state["nodes"]["loss"]  # fmt: skip
    assert (state["step"], state["total"], state["at_end"], state["root"]) == (7, 7, True, "loss")
    assert {"from": "w", "output": "", "to": "pred", "socket": "other"} in state["wires"]


def test_problems_and_messages_are_in_it(path: Path, window: MainWindow, qtbot: QtBot) -> None:
    window.editor.backward()
    window.editor.backward()
    window.player.to_end()
    qtbot.waitUntil(lambda: bool(read(path)["problems"]))
    (problem,) = read(path)["problems"]
    assert problem["node"] == "loss"
    assert problem["message"].startswith("Trying to backward through the graph a second time")
    assert problem["repairs"] == ["Forward again", "Retain graph"]
    assert "stopped at loss" in read(path)["message"]


def test_a_warning_says_that_it_is_one(path: Path, window: MainWindow, qtbot: QtBot) -> None:
    assert window.editor.open_copy(examples_folder() / "mse_broadcast.chainrule")
    qtbot.waitUntil(lambda: [problem["kind"] for problem in read(path)["problems"]] == ["warning"])
    assert read(path)["nodes"]["loss"]["value"] is not None


def test_nan_and_infinity_are_strings(path: Path, window: MainWindow, qtbot: QtBot) -> None:
    editor = window.editor
    editor.do(set_value(editor.graph, node(editor, "x"), [float("nan"), float("-inf")]))
    qtbot.waitUntil(lambda: read(path)["nodes"]["x"]["value"] == ["nan", "-inf"])


def test_a_mouse_can_be_pointed_by_it(path: Path, window: MainWindow, qtbot: QtBot) -> None:
    state = read(path)
    x, y = state["nodes"]["x"]["switch"]
    target = QApplication.widgetAt(QPoint(x, y))
    assert target is window.canvas.viewport()
    qtbot.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFromGlobal(QPoint(x, y)))
    assert window.editor.session["x"].requires_grad
    for name in ("forward", "backward", "zero_grad", "step", "train"):
        assert QApplication.widgetAt(QPoint(*state["buttons"][name])) is window.run_bar.buttons[name]


def test_training_shows_its_epochs_and_losses(path: Path, window: MainWindow, qtbot: QtBot) -> None:
    window.editor.train(5)
    qtbot.waitUntil(lambda: (read(path)["training"] or {}).get("state") == "done")
    assert read(path)["training"]["epoch"] == 5
    assert len(read(path)["losses"]) == 5
    assert read(path)["losses"][0] == 1.0
