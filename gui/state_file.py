"""``--state-file``: what the window shows, as JSON, written whole after every change.

For tests and screen-reader tools outside of the program: they read this instead of pixels. It says what every card
shows, and where on the screen the things are that a mouse can point at.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QAbstractButton, QWidget

from chainrule.core.document.graph import Array, Node, Wire
from chainrule.core.run.problems import Problem
from chainrule.core.run.timeline import NodeState
from chainrule.gui.run_button import RunButton

if TYPE_CHECKING:
    from chainrule.gui.main_window import MainWindow

# So many of the latest losses: a run makes hundreds of thousands a second.
LOSSES = 1000


# Nothing says that a window was moved or a card hovered: look again now and then.
LOOK_AGAIN_MS = 250


class StateFile(QObject):
    """Writes ``path`` once per turn of the event loop in which something changed."""

    def __init__(self, window: MainWindow, path: Path) -> None:
        super().__init__(window)
        self._window = window
        self._path = path
        self._written = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.write)
        editor = window.editor
        for signal in (
            editor.document_changed,
            editor.document_replaced,
            editor.state_changed,
            editor.selection_changed,
            editor.root_changed,
            editor.path_changed,
            editor.training_changed,
            editor.undo_stack.cleanChanged,
            editor.undo_stack.indexChanged,
            window.player.state_changed,
            window.player.timeline_changed,
            window.strip.shown,
            window.look.changed,
            window.canvas.horizontalScrollBar().valueChanged,
            window.canvas.verticalScrollBar().valueChanged,
        ):
            signal.connect(self._later)
        self._again = QTimer(self)
        self._again.setInterval(LOOK_AGAIN_MS)
        self._again.timeout.connect(self.write)
        self._again.start()
        self._later()

    def write(self) -> None:
        """Write the file now, whole or not at all, unless it says just that already."""
        text = json.dumps(shown(self._window), indent=1)
        if text == self._written:
            return
        self._written = text
        draft = self._path.with_name(self._path.name + ".new")
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, self._path)

    def _later(self, *_: object) -> None:
        self._soon.start()


def shown(window: MainWindow) -> dict[str, Any]:
    """Everything the window shows, as plain JSON data."""
    editor, player = window.editor, window.player
    graph, state = editor.graph, player.state
    names = {i: node.name for i, node in graph.nodes.items()}
    places = window.canvas.geometry_map()
    run = editor.training_run
    return {
        "file": None if editor.path is None else str(editor.path),
        "title": editor.title,
        "unsaved": editor.unsaved,
        "nodes": {
            node.name: _node(node, state.nodes.get(i, NodeState())) | _places(places.get(i, {}))
            for i, node in graph.nodes.items()
        },
        "wires": [
            {"from": names[wire.source], "output": wire.output, "to": node.name, "socket": socket}
            for node in graph.nodes.values()
            for socket, wire in node.wires()
        ],
        "selection": sorted(names[i] for i in editor.selection),
        "step": player.step,
        "total": player.total,
        "at_end": player.at_end,
        "step_title": player.title,
        "root": names.get(editor.root) if editor.root is not None else None,
        "seed": window.run_bar.seed.text(),
        "problems": [
            {"node": names[i]} | _problem(node.problem)
            for i, node in state.nodes.items()
            if node.problem is not None and i in names
        ],
        "training": None
        if run is None
        else {
            "state": run.state,
            "epoch": run.epoch,
            "epochs": run.epochs,
            "ran": run.ran,
            "loss": _number(run.losses[-1]) if run.losses else None,
        },
        "losses": [] if run is None else [_number(loss) for loss in run.losses[-LOSSES:]],
        "message": window.strip.text,
        "undo": editor.undo_stack.undoText(),
        "redo": editor.undo_stack.redoText(),
        "theme": window.look.theme.name,
        "scale": window.look.scale,
        "buttons": _buttons(window),
        "canvas": _box(window.canvas.viewport()),
        "window": _box(window),
    }


def _node(node: Node, state: NodeState) -> dict[str, Any]:
    value = state.value
    return {
        "kind": node.kind,
        "shape": None if value is None else list(value.shape),
        "dtype": None if value is None else value.dtype.name,
        "value": None if value is None else _numbers(value),
        "requires_grad": state.requires_grad,
        "is_leaf": state.is_leaf,
        "grad_fn": state.grad_fn[-1] if state.grad_fn else None,
        "gradient": None if state.gradient is None else _numbers(state.gradient),
        "grad": None if state.grad is None else _numbers(state.grad),
        "slabs": [{"pass": slab.number, "value": _numbers(slab.contribution)} for slab in state.slabs],
        "stale": state.stale,
        "problem": None if state.problem is None else state.problem.message,
        "saved": [chip.name for chip in state.saved],
        "freed": [chip.name for chip in state.saved if chip.freed],
        "literals": {socket: given for socket, given in node.inputs.items() if not isinstance(given, Wire)},
    }


def _places(places: Mapping[str, Any]) -> dict[str, Any]:
    """Where the parts of a card are: boxes as (x, y, width, height) and points to press, in screen pixels."""
    found: dict[str, Any] = {}
    for key, name in (("card", "rect"), ("value", "value_rect"), ("name", "name_rect"), ("grad", "grad_rect")):
        if key in places:
            found[name] = list(places[key])
    for key in ("switch", "seed"):
        if key in places:
            found[key] = _middle(places[key])
    for key, name in (("inputs", "sockets"), ("outputs", "outputs"), ("repairs", "repairs")):
        found[name] = {part: _middle(box) for part, box in places.get(key, {}).items()}
    return found


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "message": problem.message,
        "meaning": problem.meaning,
        "repairs": [repair.label for repair in problem.repairs],
    }


def _buttons(window: MainWindow) -> dict[str, list[int]]:
    """The screen centres of what can be pressed: the run bar by action id, and every other visible button by name."""
    centres = {}
    for button in window.findChildren(QAbstractButton):
        own = button.objectName() if isinstance(button, RunButton) else ""
        if button.isVisible() and (name := own or button.accessibleName() or button.text()):
            centres[name] = _centre(button)
    for name in ("root", "seed", "lr", "epochs", "times"):
        centres[name] = _centre(getattr(window.run_bar, name))
    centres["search"] = _centre(window.top_bar.search)
    bar = window.bottom.tabBar()
    for index in range(bar.count()):
        centre = bar.mapToGlobal(bar.tabRect(index).center())
        centres[f"tab:{bar.tabText(index).split()[0]}"] = [centre.x(), centre.y()]
    return centres


def _centre(widget: QWidget) -> list[int]:
    point = widget.mapToGlobal(widget.rect().center())
    return [point.x(), point.y()]


def _box(widget: QWidget) -> list[int]:
    corner = widget.mapToGlobal(QPoint(0, 0))
    return [corner.x(), corner.y(), widget.width(), widget.height()]


def _middle(box: tuple[int, int, int, int]) -> list[int]:
    x, y, width, height = box
    return [x + width // 2, y + height // 2]


def _numbers(array: Array) -> Any:
    """Nested lists, with "nan", "inf" and "-inf" as strings, as the headless commands print them."""
    values = array.tolist()
    return _spelt(values) if array.dtype.kind == "f" else values


def _spelt(values: Any) -> Any:
    return [_spelt(value) for value in values] if isinstance(values, list) else _number(values)


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)
