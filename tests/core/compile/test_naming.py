"""No input is called as a program, or a fused loop, calls something of its own."""

from __future__ import annotations

import ast
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from chainrule.core.compile import blocking, scheduling
from chainrule.core.compile.fused import Fused
from chainrule.core.compile.naming import input_names
from chainrule.core.document.building import Graph
from chainrule.core.run.training import Trainer

NAMES = {"kleine", "zahlen"}


def network(optimizer: str) -> Trainer:
    """Products, sums, masks, joins, several shapes, and an optimiser that counts."""
    graph = Graph()
    graph.add("tensor", name="kleine", value=np.linspace(-1, 1, 12).reshape(4, 3), requires_grad=True)
    graph.add("tensor", name="zahlen", value=np.linspace(-2, 1, 12).reshape(3, 4), requires_grad=True)
    graph.add("matmul", name="p", input="kleine", other="zahlen")
    graph.add("relu", name="q", input="p")
    graph.add("tanh", name="r", input="q")
    graph.add("tanh", name="s", input="p")
    graph.add("mul", name="t", input="r", other="s")
    graph.add("amax", name="u", input="t", dim=[0])
    graph.add("mul", name="v", input="t", other="u")
    graph.add("mean", name="loss", input="v")
    return Trainer(graph, loss="loss", optimizer=optimizer, lr=0.1, loop="program")


def assigned(source: str) -> set[str]:
    """The names that ``source`` gives something to, arguments too."""
    tree = ast.parse(source)
    stored = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    imported = {each.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for each in node.names}
    return stored | imported | {each.arg for each in ast.walk(tree) if isinstance(each, ast.arg)}


def refused(name: str) -> bool:
    return input_names({0: name})[0] != name


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("worth", [3, scheduling.WORTH], ids=["in blocks", "whole"])
def test_what_a_program_calls_its_own_is_nobody_elses(optimizer: str, worth: int) -> None:
    with patch.object(scheduling, "WORTH", worth), patch.object(blocking, "BLOCK", 2):
        trainer = network(optimizer)
        trainer.run(1)
        own: Any = trainer._loops._program()
        names = assigned(trainer.source) | assigned(Fused(own).source)
    assert names >= NAMES
    assert {name for name in names - NAMES if not refused(name)} <= {"batches"}


@pytest.mark.parametrize("name", ["x_part", "x_parts1", "x_", "k", "sum", "if", "every_x"])
def test_an_unlucky_name_is_changed_until_it_is_lucky(name: str) -> None:
    given = input_names({0: name, 1: f"leaf_{name}"})
    assert not any(map(refused, given.values()))
    assert len(set(given.values())) == 2


def test_other_names_stay_as_they_are() -> None:
    assert input_names({0: "kleine", 1: "w1", 2: "velocity"}) == {0: "kleine", 1: "w1", 2: "velocity"}
