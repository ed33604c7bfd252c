"""What the tests of the window share: the regression of the user's notebook, and the rooms of the program around it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from chainrule.core.document.building import Graph
from chainrule.core.document.edits import add_node, connect, rename, set_value
from chainrule.core.run.loops import Loops
from chainrule.gui.editor import Editor
from chainrule.gui.main_window import MainWindow
from chainrule.gui.player import Player
from chainrule.gui.settings import Settings
from chainrule.gui.theme import Look, load_fonts
from chainrule.gui.training_worker import TrainingRun

# So many points make an epoch long, and so many epochs a run that goes on until it is stopped, whichever loop runs.
POINTS, EPOCHS = 100_000, 10_000_000
# Compiling a loop takes as long as it takes.
COMPILING_MS = 60_000


def regression() -> Graph:
    """``loss = (y - x*w)**2`` at x = 1, w = 1, y = 2, where the gradient of w is -2."""
    graph = Graph()
    graph.add("tensor", name="x", value=1.0, position=(0, 100))
    graph.add("tensor", name="w", value=1.0, requires_grad=True, position=(0, 300))
    graph.add("tensor", name="y", value=2.0, position=(240, 0))
    graph.add("mul", name="pred", input="x", other="w", position=(260, 220))
    graph.add("sub", name="error", input="y", other="pred", position=(500, 150))
    graph.add("pow", name="loss", input="error", exponent=2, position=(740, 150))
    return graph


def node(editor: Editor, name: str) -> int:
    return editor.graph.named(name).id


def value(editor: Editor, name: str) -> float:
    return float(editor.session[name].item())


def grad(editor: Editor, name: str) -> float | None:
    tensor = editor.session[name].grad
    return None if tensor is None else float(tensor.item())


def set_w(editor: Editor, number: float, merge: str | None = None) -> bool:
    return editor.do(set_value(editor.graph, node(editor, "w"), number), merge=merge)


def train(editor: Editor, qtbot: QtBot, epochs: int = 100) -> None:
    editor.train(epochs)
    qtbot.waitUntil(lambda: not editor.training.running)


def lengthen(editor: Editor) -> None:
    """Let an epoch go through many points, all of which are the regression's one."""
    for name, number in (("x", 1.0), ("y", 2.0)):
        editor.do(set_value(editor.graph, node(editor, name), np.full(POINTS, number, np.float32)))
    editor.do(rename(editor.graph, node(editor, "loss"), "squares"))
    edit, mean = add_node(editor.graph, "mean", "loss", position=(980, 150))
    editor.do(edit)
    editor.do(connect(editor.graph, node(editor, "squares"), "", mean.id, "input"))
    editor.undo_stack.clear()


def train_on(editor: Editor, qtbot: QtBot) -> TrainingRun:
    """A run of what is long enough, or is made so, that has begun to make epochs and goes on until it is stopped."""
    if "squares" not in editor.graph:
        lengthen(editor)
    editor.train(EPOCHS)
    run = editor.training_run
    assert run is not None
    qtbot.waitUntil(lambda: run.epoch > 0, timeout=COMPILING_MS)
    return run


def stop(editor: Editor, qtbot: QtBot) -> None:
    editor.stop_training()
    qtbot.waitUntil(lambda: not editor.training.running)


@pytest.fixture
def editor(qtbot: QtBot) -> Editor:
    return Editor(regression())


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """No loop is there before this is set."""
    event, get = threading.Event(), Loops.get
    monkeypatch.setattr(Loops, "get", lambda loops, epochs: event.wait() and get(loops, epochs))
    yield event
    event.set()


@pytest.fixture
def look(qtbot: QtBot) -> Look:
    return Look("dark")


@pytest.fixture
def player(editor: Editor, look: Look) -> Player:
    return Player(editor, look)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def window(qtbot: QtBot, editor: Editor, look: Look, settings: Settings) -> MainWindow:
    load_fonts()
    made = MainWindow(editor, look, settings)
    qtbot.addWidget(made, before_close_func=lambda _: editor.undo_stack.setClean())
    made.resize(1440, 900)
    with qtbot.waitExposed(made):
        made.show()
    made.fill()
    return made
