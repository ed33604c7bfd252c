"""Which loop "auto" takes, when it is named, and that it is compiled once. Whether they agree is for ``test_loops``."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.core.compile.fused import Fused
from chainrule.core.document.building import Graph
from chainrule.core.run import loops
from chainrule.core.run.loops import Loops
from chainrule.core.run.training import Trainer


def layers(count: int) -> Graph:
    """So many layers, one after the other."""
    graph = Graph()
    last = "x"
    graph.add("tensor", name=last, value=np.ones((3, 3)))
    for place in range(count):
        graph.add("tensor", name=f"w{place}", value=np.ones((3, 3)), requires_grad=True)
        graph.add("matmul", name=f"z{place}", input=last, other=f"w{place}")
        last = f"h{place}"
        graph.add("tanh", name=last, input=f"z{place}")
    graph.add("sum", name="loss", input=last)
    return graph


def test_no_loop_is_named_before_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, seen, get = Trainer(layers(2), loss="loss"), list[str](), Loops.get
    monkeypatch.setattr(Loops, "get", lambda loops, epochs: seen.append(trainer.ran) or get(loops, epochs))
    trainer.run(1, progress=lambda *_: seen.append(trainer.ran))
    assert seen == ["", "program"]


@pytest.mark.parametrize(
    ("count", "epochs", "ran"),
    [
        (1, 10_000, "program"),
        (1, 1_000_000, "fused"),
        (16, 100_000, "program"),  # compiling takes longer than all of them
        (16, 1_000_000, "fused"),
        (100, 100_000_000, "program"),  # compiling takes minutes
    ],
)
def test_a_loop_is_fused_where_compiling_is_worth_its_time(
    count: int, epochs: int, ran: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loops, "available", lambda: True)
    monkeypatch.setattr(Fused, "compile", lambda fused: None)
    chosen = Trainer(layers(count), loss="loss")._loops
    chosen.get(epochs)
    assert chosen.ran == ran


@pytest.mark.optional("the fused loop", needs="numba")
def test_the_same_graph_trained_again_is_not_compiled_again() -> None:
    first, second = (Fused(Trainer(layers(2), loss="loss")._loops._program()) for _ in range(2))
    assert first.compile() is second.compile()
