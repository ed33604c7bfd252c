"""Operations that write into their inputs: a session leaves the document alone, a training run keeps it."""

from __future__ import annotations

import numpy as np

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.run.session import Session
from chainrule.core.run.training import Trainer, trained_edit


def batch_norm() -> Graph:
    graph = Graph()
    graph.add("tensor", name="x", value=[[1.0, 4.0], [3.0, 8.0]])
    graph.add("tensor", name="w", value=[1.0, 1.0], requires_grad=True)
    graph.add("tensor", name="mean", value=[0.0, 0.0])
    graph.add("tensor", name="var", value=[1.0, 1.0])
    graph.add("batch_norm", name="y", input="x", weight="w", running_mean="mean", running_var="var", training=True)
    graph.add("sum", name="loss", input="y")
    return graph


def test_a_session_does_not_write_into_the_document() -> None:
    graph = batch_norm()
    session = Session(graph)
    shown = {graph.nodes[i].name: node for i, node in session.state.nodes.items()}
    np.testing.assert_allclose(shown["y"].value, [[-1, -1], [1, 1]], rtol=1e-4)
    np.testing.assert_array_equal(shown["mean"].value, [0, 0])
    assert all(node.problem is None for node in shown.values())


def test_a_training_run_moves_its_own_statistics() -> None:
    graph = batch_norm()
    trainer = Trainer(graph, loss="loss", lr=0.0)
    trainer.run(2)
    np.testing.assert_allclose(trainer.buffers["mean"], [0.38, 1.14], rtol=1e-6)
    leaf = graph.named("mean").leaf
    assert leaf is not None
    np.testing.assert_array_equal(leaf.value, [0, 0])
    edits.apply(graph, trained_edit(graph, trainer))
    leaf = graph.named("mean").leaf
    assert leaf is not None
    np.testing.assert_allclose(leaf.value, [0.38, 1.14], rtol=1e-6)
