"""The main job from an empty canvas, by mouse and keyboard: wire a graph, run backward, repair, train, undo, save."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from driver import Program

SECOND_BACKWARD = "Trying to backward through the graph a second time"


def test_the_users_regression_from_an_empty_canvas_to_a_saved_file(
    start: Callable[[], Program], tmp_path: Path
) -> None:
    program = start()
    program.screen.key("Ctrl+N")
    program.wait(lambda s: not s["nodes"], "an empty canvas")
    build_regression(program)

    program.flip("w")
    program.wait(lambda s: s["nodes"]["loss"]["grad_fn"] == "PowBackward0", "loss to be tracked")

    program.press("backward")
    state = program.wait(lambda s: s["nodes"]["w"]["grad"] == -2.0 and s["at_end"], "-2 in the .grad of w")
    assert state["root"] == "loss"
    assert state["nodes"]["x"]["grad"] is None
    assert state["nodes"]["y"]["grad"] is None

    program.press("backward")
    state = program.wait(lambda s: s["nodes"]["loss"]["problem"] and s["at_end"], "PyTorch's error at the spent node")
    assert state["nodes"]["loss"]["problem"].startswith(SECOND_BACKWARD)
    assert [problem["node"] for problem in state["problems"]] == ["loss"]
    assert state["nodes"]["w"]["grad"] == -2.0

    program.repair("loss")
    program.wait(lambda s: not s["problems"] and not s["nodes"]["loss"]["freed"], "the repair")

    program.press("train")
    state = program.wait(lambda s: s["training"]["state"] == "done", "the training")
    trained = state["nodes"]["w"]["value"]
    assert len(state["losses"]) == 100
    assert state["losses"][0] == 1.0
    assert state["losses"] == sorted(state["losses"], reverse=True)
    assert trained == pytest.approx(2 - 0.98**100, abs=1e-5)  # the distance to 2 shrinks by 1 - 2 lr in each epoch

    program.screen.key("Ctrl+Z")
    program.wait(lambda s: s["nodes"]["w"]["value"] == 1.0, "the training to be undone")

    path = tmp_path / "regression.chainrule"
    program.save_as(path)
    nodes = headless("run", str(path), "--backward", "loss")["nodes"]
    assert {name: node["value"] for name, node in nodes.items()} == {
        "x": 1.0, "w": 1.0, "y": 2.0, "pred": 1.0, "error": 1.0, "loss": 1.0,
    }  # fmt: skip
    assert nodes["w"]["grad"] == -2.0
    assert np.float32(headless("train", str(path), "--epochs", "100")["nodes"]["w"]["value"]) == np.float32(trained)


def build_regression(program: Program) -> None:
    """loss = (y - x * w) ** 2: leaves and operations from the search box, wires by hand, values typed on the cards."""
    program.add("tensor", "x", program.on_canvas(0.03, 0.1))
    program.add("tensor", "w", program.on_canvas(0.03, 0.55))
    program.add("tensor", "y", program.on_canvas(0.29, 0.05))
    program.add("mul", "pred", program.on_canvas(0.31, 0.5))
    program.add("sub", "error", program.on_canvas(0.56, 0.3))
    program.add("pow", "loss", program.on_canvas(0.79, 0.3))
    for name, value in [("x", 1), ("w", 1), ("y", 2)]:
        program.set_value(name, value)
    program.wire("x", "pred", "input")
    program.wire("w", "pred", "other")
    program.wire("y", "error", "input")
    program.wire("pred", "error", "other")
    program.wire("error", "loss", "input")
    program.set_literal("loss", "exponent", 2)
    state = program.wait(lambda s: s["nodes"]["loss"]["value"] == 1.0, "the loss")
    assert not state["problems"]


def headless(*arguments: str) -> dict[str, Any]:
    """What the command line says about a graph, as JSON."""
    command = [sys.executable, "-m", "chainrule.gui", *arguments, "--json"]
    return dict(json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout))
