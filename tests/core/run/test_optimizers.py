"""Training and stepping with every optimiser: the same numbers as a notebook's loop, by name and by option."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from notebook_graph import regression
from numpy.typing import NDArray

from chainrule.core import optim
from chainrule.core.document import edits
from chainrule.core.engine.constructors import tensor
from chainrule.core.optim.lr_scheduler import ExponentialLR, LRScheduler
from chainrule.core.run.session import Session
from chainrule.core.run.training import Trainer

SETTINGS: list[dict[str, Any]] = [
    {"optimizer": "SGD", "lr": 0.1, "momentum": 0.9},
    {"optimizer": "Adam"},
    {"optimizer": "Adam", "lr": 0.1, "betas": (0.5, 0.75), "eps": 0.25, "amsgrad": True, "weight_decay": 0.1},
    {"optimizer": "AdamW", "maximize": True},
    {"optimizer": "RMSprop", "alpha": 0.5, "momentum": 0.5, "centered": True, "lr": 0.05},
    {"optimizer": "Adagrad", "lr_decay": 0.5, "initial_accumulator_value": 1.0, "lr": 0.3},
]


def notebook(settings: dict[str, Any], epochs: int) -> list[NDArray[Any]]:
    """The values of w in a loop over the regression, one for each epoch."""
    w: Any = tensor(1.0, dtype=tensor(0.0).double().dtype, requires_grad=True)
    options = {name: value for name, value in settings.items() if name != "optimizer"}
    optimizer = getattr(optim, settings["optimizer"])([w], **options)
    seen = []
    for _ in range(epochs):
        optimizer.zero_grad()
        ((2.0 - w) ** 2).backward()
        optimizer.step()
        seen.append(w.detach().numpy().copy())
    return seen


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_a_trainer_takes_the_options_of_its_optimiser(settings: dict[str, Any]) -> None:
    trainer = Trainer(regression(dtype="float64"), loss="loss", **settings)
    trainer.run(epochs=5)
    assert trainer.parameters["w"] == notebook(settings, 5)[-1]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_document_names_the_optimiser_of_train_and_step(settings: dict[str, Any]) -> None:
    graph = regression(dtype="float64")
    edits.apply(graph, edits.set_training(graph, loss="loss", **settings))
    trainer = Trainer(graph)
    trainer.run(epochs=3)
    assert trainer.parameters["w"] == notebook(settings, 3)[-1]
    session = Session(graph)
    for expected in notebook(settings, 3):
        session.zero_grad()
        session.backward()
        edit = session.step()
        assert edit.label == f"{settings['optimizer']} step"
        session.update(set(edits.apply(graph, edit).nodes))
        assert session["w"].item() == expected


def test_another_optimiser_than_the_documents_comes_with_its_own_defaults() -> None:
    graph = regression()
    edits.apply(graph, edits.set_training(graph, loss="loss", lr=0.5, momentum=0.9, epochs=3))
    settings = Trainer(graph, optimizer="AdamW").settings
    assert (settings.lr, settings.momentum, settings.weight_decay, settings.epochs) == (1e-3, 0, 1e-2, 3)
    settings = Trainer(graph, optimizer="SGD").settings
    assert (settings.lr, settings.momentum) == (0.5, 0.9)
    edits.apply(graph, edits.set_training(graph, optimizer="Adam", lr=0.25))
    assert (graph.training.lr, graph.training.momentum, graph.training.loss) == (0.25, 0, "loss")


def test_a_step_with_another_optimiser_begins_anew() -> None:
    session = Session(regression(dtype="float64"))
    for optimizer in ("Adam", "Adagrad"):
        edits.apply(session.graph, edits.set_training(session.graph, optimizer=optimizer, lr=0.5))
        before = session["w"].item()
        session.zero_grad()
        session.backward()
        session.update(set(edits.apply(session.graph, session.step()).nodes))
        assert session["w"].item() == pytest.approx(before + 0.5, rel=1e-7)


def test_a_scheduler_is_stepped_after_every_epoch() -> None:
    made: list[LRScheduler] = []

    def halving(optimizer: optim.Optimizer) -> LRScheduler:
        made.append(ExponentialLR(optimizer, gamma=0.5))
        return made[0]

    trainer = Trainer(regression(dtype="float64"), loss="loss", lr=0.25, scheduler=halving)
    trainer.run(epochs=2)
    assert trainer.parameters["w"] == 1 + 0.25 * 2 + 0.125 * 1
    trainer.run(epochs=1)
    assert made[0].get_last_lr() == [0.25 / 8]
    assert np.isfinite(trainer.losses).all()
