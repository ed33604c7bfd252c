"""The epoch loop: SGD as PyTorch computes it, repeatable bit for bit, off to the side of the document."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from notebook_graph import regression
from numpy.typing import NDArray

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.engine import errors
from chainrule.core.run.problems import RunError
from chainrule.core.run.session import Session
from chainrule.core.run.training import Trainer, trained_edit


def by_hand(epochs: int, lr: float, momentum: float = 0, dampening: float = 0, weight_decay: float = 0,
            nesterov: bool = False, maximize: bool = False) -> tuple[float, list[float]]:  # fmt: skip
    """torch.optim.SGD's documented update on that regression, in float64."""
    w, buffer, losses = 1.0, None, []
    for _ in range(epochs):
        losses.append((2 - w) ** 2)
        g = -2 * (2 - w) * (-1 if maximize else 1) + weight_decay * w
        if momentum:
            buffer = g if buffer is None else momentum * buffer + (1 - dampening) * g
            g = g + momentum * buffer if nesterov else buffer
        w -= lr * g
    return w, losses


def test_two_steps_of_the_notebooks_regression() -> None:
    trainer = Trainer(regression(), loss="loss", optimizer="SGD", lr=0.01)
    losses = trainer.run(epochs=2)
    assert losses.dtype == np.float64
    assert losses == pytest.approx([1, 0.9604])
    assert trainer.parameters["w"] == np.float32(1.0396)
    assert trainer.grads["w"] == np.float32(-1.96)


@pytest.mark.parametrize(
    "settings",
    [
        {"lr": 0.1},
        {"lr": 0.1, "momentum": 0.9},
        {"lr": 0.1, "momentum": 0.9, "dampening": 0.5},
        {"lr": 0.1, "momentum": 0.9, "nesterov": True},
        {"lr": 0.1, "weight_decay": 0.2},
        {"lr": 0.01, "maximize": True},
    ],
)
def test_every_option_of_sgd(settings: dict[str, Any]) -> None:
    trainer = Trainer(regression(dtype="float64"), loss="loss", **settings)
    losses = trainer.run(epochs=10)
    w, expected = by_hand(10, **settings)
    assert losses == pytest.approx(expected, rel=1e-12)
    assert trainer.parameters["w"] == pytest.approx(w, rel=1e-12)


def test_without_zeroing_gradients_pile_up() -> None:
    trainer = Trainer(regression(dtype="float64"), loss="loss", lr=0.01, zero_grad=False)
    trainer.run(epochs=2)
    assert trainer.grads["w"] == pytest.approx(-2 - 1.96)


def test_two_runs_are_the_same_to_the_last_bit_and_go_on_where_they_stopped() -> None:
    def train(*runs: int) -> tuple[NDArray[Any], NDArray[Any]]:
        trainer = Trainer(regression(), loss="loss", lr=0.07, momentum=0.8)
        losses = [trainer.run(epochs=epochs) for epochs in runs]
        return np.concatenate(losses), trainer.parameters["w"]

    whole, again, parts = train(50), train(50), train(20, 0, 30)
    for other in (again, parts):
        assert whole[0].tobytes() == other[0].tobytes()
        assert whole[1].tobytes() == other[1].tobytes()


def test_settings_that_are_not_given_are_the_documents() -> None:
    graph = regression()
    edits.apply(graph, edits.set_training(graph, loss="loss", lr=0.5, epochs=3))
    trainer = Trainer(graph)
    assert len(trainer.run()) == 3
    assert trainer.parameters["w"] == 2


def test_a_learning_rate_that_diverges_shows_in_the_losses() -> None:
    trainer = Trainer(regression(), loss="loss", lr=10.0)
    losses = trainer.run(epochs=60)
    assert losses[1] > losses[0]
    assert not np.isfinite(losses[-1])


def test_it_stops_when_told_and_says_how_far_it_is() -> None:
    told: list[tuple[int, NDArray[Any]]] = []
    trainer = Trainer(regression(), loss="loss")
    losses = trainer.run(epochs=10**9, stop=lambda: len(told) == 4, progress=lambda *news: told.append(news))
    assert len(told) == 4
    assert [epoch for epoch, _ in told] == np.cumsum([len(new) for _, new in told]).tolist()
    assert losses.tolist() == np.concatenate([new for _, new in told]).tolist() == trainer.losses


def test_the_graph_is_written_by_one_edit_and_not_before() -> None:
    graph = regression()
    before = dict(graph.nodes)
    trainer = Trainer(graph, loss="loss", lr=0.5)
    trainer.run(epochs=1)
    assert graph.nodes == before
    edit = trained_edit(graph, trainer)
    assert edit.label == "train 1 epoch"
    inverse = edits.apply(graph, edit)
    leaf = graph.named("w").leaf
    assert leaf is not None
    assert (leaf.value, leaf.requires_grad) == (2, True)
    edits.apply(graph, inverse)
    assert graph.nodes == before


def test_it_runs_in_a_thread_while_the_document_is_edited() -> None:
    graph = regression()
    trainer = Trainer(graph, loss="loss", lr=0.1)
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(trainer.run(epochs=200)))
    thread.start()
    for value in range(50):
        edits.apply(graph, edits.set_value(graph, graph.named("w").id, float(value)))
    thread.join()
    assert results[0].tobytes() == Trainer(regression(), loss="loss", lr=0.1).run(epochs=200).tobytes()


def test_a_vector_loss_is_trained_with_its_seed() -> None:
    graph = Graph()
    graph.add("tensor", name="w", value=[1.0, 2.0], dtype="float64", requires_grad=True)
    graph.add("mul", name="loss", input="w", other="w")
    trainer = Trainer(graph, loss="loss", gradient=[1.0, 0.5], lr=0.1)
    assert trainer.run(epochs=1) == pytest.approx([1 + 2])
    assert trainer.parameters["w"] == pytest.approx([0.8, 1.8])


def test_a_region_of_no_grad_learns_nothing() -> None:
    graph = regression()
    graph.add("tensor", name="b", value=1.0, requires_grad=True)
    graph.add("mul", name="more", input="loss", other="b")
    edits.apply(graph, edits.set_region(graph, "frozen", [graph.named("pred").id]))
    trainer = Trainer(graph, loss="more", lr=0.1)
    trainer.run(epochs=1)
    assert trainer.grads["w"] is None
    assert trainer.parameters["w"] == 1
    assert trainer.parameters["b"] == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"loss": "gone"}, RunError, "there is no node called 'gone' to be the loss"),
        ({"loss": "loss", "lr": -1}, ValueError, "Invalid learning rate: -1"),
        ({"loss": "loss", "optimizer": "Adm"}, ValueError, "there is no optimizer 'Adm'; there is SGD, Adam, AdamW, "),
        ({"loss": "loss", "optimizer": ["Adam"]}, ValueError, "there is no optimizer \\['Adam'\\]; there is SGD, "),
        ({"loss": "loss", "optimizer": "Adam", "momentum": 0.5}, ValueError, "Adam has no momentum; it has lr, betas"),
        ({"loss": "loss", "eps": 0.5}, ValueError, "SGD has no eps; it has lr, momentum"),
        ({"loss": "loss", "optimizer": "Adam", "betas": (0.5, 1.0)}, ValueError, "Invalid beta parameter at index 1"),
        ({"loss": "loss", "optimizer": "adam"}, ValueError, r"; did you mean Adam\?"),
        ({"loss": "loss", "momentun": 1}, TypeError, r"Trainer has no setting momentun; .*; did you mean momentum\?"),
        ({"loss": "los"}, RunError, r"; did you mean loss\?"),
        ({"loss": "loss", "loop": "Tape"}, ValueError, r"; did you mean tape\?"),
        ({"loss": "loss", "batch_size": 2, "data": "x"}, TypeError, "data should be a list of leaves' names"),
        ({"loss": "loss", "speed": 1}, TypeError, "Trainer has no setting speed"),
        ({"loss": "open"}, RunError, "input of open is not connected"),
    ],
)
def test_what_cannot_be_trained_is_told_at_once(change: Any, error: type[Exception], message: str) -> None:
    graph = regression()
    graph.add("relu", name="open")
    with pytest.raises(error, match=message):
        Trainer(graph, **change)


@pytest.mark.parametrize("run", [Trainer, Session])
def test_a_file_is_no_graph(run: Any) -> None:
    with pytest.raises(TypeError, match="takes a Graph, but got str; load_graph reads one from a file"):
        run("regression.chainrule")


def test_what_fails_while_training_is_told_in_pytorchs_words() -> None:
    graph = regression()
    edits.apply(graph, edits.set_requires_grad(graph, graph.named("w").id, False))
    with pytest.raises(RunError, match="optimizer got an empty parameter list; turn on requires_grad of "):
        Trainer(graph, loss="loss")
    edits.apply(graph, edits.set_requires_grad(graph, graph.named("w").id, True))
    edits.apply(graph, edits.set_value(graph, graph.named("x").id, [1.0, 2.0]))
    with pytest.raises(RuntimeError, match=errors.NON_SCALAR):
        Trainer(graph, loss="loss").run(epochs=1)
    edits.apply(graph, edits.set_value(graph, graph.named("y").id, [1.0, 2.0, 3.0]))
    with pytest.raises(RunError, match="error: The size of tensor a"):
        Trainer(graph, loss="loss").run(epochs=1)


class TestTheLoss:
    """Found as backward's root is: the end below what requires a gradient."""

    def test_an_untracked_metric_beside_it_does_not_hide_it(self) -> None:
        graph = regression()
        graph.add("abs", name="metric", input="y")
        assert Trainer(graph, lr=0.1).run(1).tolist() == [1.0]

    def test_between_two_ends_nothing_is_guessed(self) -> None:
        graph = regression()
        graph.add("abs", name="other", input="error")
        with pytest.raises(RunError, match="Backward could start from loss, other; choose one of them"):
            Trainer(graph)
