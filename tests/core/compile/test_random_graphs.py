"""On random graphs the loops agree, with every optimiser, and derivatives of derivatives are those of differences.

A failure prints the graph as PyTorch code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from drawn_graphs import LOSS, graphs, told
from effort import examples
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from readings import read_by_python

import chainrule.core as torch
from chainrule.core.compile import blocking, elementwise, program, scheduling
from chainrule.core.compile.fused import Fused
from chainrule.core.compile.tracing import TracingError
from chainrule.core.document.building import Graph
from chainrule.core.engine.random import manual_seed
from chainrule.core.engine.tensor import tensor_of
from chainrule.core.run.epoch import Epoch
from chainrule.core.run.problems import RunError
from chainrule.core.run.training import Trainer

Array = NDArray[Any]

pytestmark = pytest.mark.timeout(1200)  # it takes minutes to make a graph that fails small

EPOCHS = 4
# How often what is drawn comes through; every test begins to count anew.
done: Counter[str] = Counter()


def at_least(**counts: int) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """The test, which fails too where fewer graphs than these were compared, of as many as a common run draws."""

    def counted(test: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            done.clear()
            test()
            assert {name: done[name] for name in counts if done[name] < counts[name]} == {}

        run.__name__ = test.__name__
        return run

    return counted


OPTIMIZERS = st.one_of(
    st.fixed_dictionaries(
        {"optimizer": st.just("SGD"), "lr": st.just(1e-3)},
        optional={
            "momentum": st.sampled_from([0.5, 0.9]), "dampening": st.just(0.2), "weight_decay": st.just(0.1),
            "maximize": st.booleans(),
        },
    ),
    st.just({"optimizer": "SGD", "lr": 1e-3, "momentum": 0.9, "nesterov": True}),
    st.fixed_dictionaries(
        {"optimizer": st.sampled_from(["Adam", "AdamW"]), "lr": st.just(1e-3), "eps": st.just(1e-2)},
        optional={"amsgrad": st.booleans(), "weight_decay": st.just(0.1)},
    ),
    st.fixed_dictionaries(
        {"optimizer": st.just("RMSprop"), "lr": st.just(1e-3), "eps": st.just(1e-2)},
        optional={"momentum": st.just(0.5), "centered": st.just(False)},
    ),
    st.just({"optimizer": "Adagrad", "lr": 1e-3, "lr_decay": 0.1, "eps": 1e-2}),
)  # fmt: skip
quiet = settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large])


def trained(graph: Graph, loop: str, **options: Any) -> tuple[Trainer, Array]:
    manual_seed(0)
    trainer = Trainer(graph, loss=LOSS, loop="tape" if loop == "tape" else "program", **options)
    if loop == "fused":
        loops = trainer._loops
        fused = Fused(loops._program())
        fused._run = read_by_python(fused.source)
        loops._loop("program", fused)
    return trainer, trainer.run(EPOCHS)


def by_tape(graph: Graph, **options: Any) -> tuple[Trainer, Array]:
    """The run that others are compared with; graphs that cannot be trained, or that run away, are passed over."""
    tape, losses = None, np.array([np.inf])
    with suppress(RunError, RuntimeError):
        tape, losses = trained(graph, "tape", **options)
    assume(tape is not None and np.isfinite(losses).all())
    assert tape is not None
    assume(all(each is None or np.abs(each).max(initial=0) < 1e4 for each in tape.grads.values()))
    return tape, losses


def assert_same(one: Trainer, losses: Array, other: Trainer, expected: Array, tolerance: float) -> None:
    size = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(losses, expected, rtol=tolerance, atol=tolerance * size)
    for mine, its in ((one.parameters, other.parameters), (one.grads, other.grads)):
        for name, array in its.items():
            assert (mine[name] is None) == (array is None), name
            if array is not None:
                assert mine[name].dtype == array.dtype
                scale = max(1.0, float(np.abs(array).max(initial=0)))
                np.testing.assert_allclose(mine[name], array, rtol=tolerance, atol=tolerance * scale, err_msg=name)


def compare(graph: Graph, tolerance: float, **options: Any) -> None:
    note(told(graph))
    tape, expected = by_tape(graph, **options)
    done["tape"] += 1
    program, losses = trained(graph, "program", **options)
    assert program.ran == "program"
    assert_same(program, losses, tape, expected, tolerance)
    done["program"] += 1
    try:
        fused, losses = trained(graph, "fused", **options)
    except TracingError:
        return
    assert_same(fused, losses, tape, expected, tolerance)
    done["fused"] += 1


@at_least(program=40, fused=10)
@given(graphs(), OPTIMIZERS, st.booleans())
@settings(quiet, max_examples=examples(60))
def test_the_loops_agree(graph: Graph, options: dict[str, Any], zero_grad: bool) -> None:
    compare(graph, 1e-12, zero_grad=zero_grad, **options)


@at_least(program=12, fused=3)
@given(graphs(dtypes=("float32", "float64"), most=8, stateful=False), OPTIMIZERS)
@settings(quiet, max_examples=examples(20))
def test_and_where_precisions_meet(graph: Graph, options: dict[str, Any]) -> None:
    compare(graph, 1e-4, **options)


@at_least(program=12, fused=6)
@given(graphs(rows=6, most=8), OPTIMIZERS, st.sampled_from([1, 2, 4, 6]), st.booleans())
@settings(quiet, max_examples=examples(20))
def test_and_on_batches(graph: Graph, options: dict[str, Any], size: int, shuffle: bool) -> None:
    compare(graph, 1e-12, batch_size=size, shuffle=shuffle, data=["x0"], **options)


@at_least(program=24, blocks=12, batches=6, pieces=20)
@given(graphs(most=16, stateful=False), OPTIMIZERS)
@settings(quiet, max_examples=examples(40))
def test_and_where_few_elements_count_as_many(graph: Graph, options: dict[str, Any]) -> None:
    with (
        patch.object(scheduling, "WORTH", 3),
        patch.object(blocking, "BLOCK", 2),
        patch.object(elementwise, "MASKED", 1),
        patch.object(program, "PIECE", 3),
    ):
        compare(graph, 1e-12, **options)
        lines = trained(graph, "program", **options)[0].source.splitlines()
    done["pieces"] += any(line.startswith("def piece1") for line in lines)
    done["blocks"] += any(line.strip().startswith("for") and "_part" in line for line in lines)
    done["batches"] += any(line.startswith("together") for line in lines)


@at_least(second=25)
@given(graphs(most=10, stateful=False), st.integers(0, 2**16))
@settings(quiet, max_examples=examples(40))
def test_the_gradient_along_a_direction_changes_as_hessian_vector_products_say(graph: Graph, seed: int) -> None:
    note(told(graph))
    epoch = Epoch(graph, graph.named(LOSS).id, None, zero_grad=True)
    names = list(epoch.trained)
    rng = np.random.default_rng(seed)
    directions = [np.asarray(rng.uniform(-1, 1, epoch.leaves[i]._data.shape)) for i in names]

    def gradient(distance: float, create_graph: bool = False) -> tuple[list[Any], list[Any]]:
        leaves = {i: tensor_of(np.array(each._data)) for i, each in epoch.leaves.items()}
        for i, direction in zip(names, directions, strict=True):
            leaves[i] = tensor_of(np.asarray(epoch.leaves[i]._data + distance * direction)).requires_grad_()
        inputs = [leaves[i] for i in names]
        loss = epoch.forward(leaves)
        assume(loss.requires_grad)
        return inputs, list(torch.autograd.grad(loss, inputs, create_graph=create_graph, allow_unused=True))

    def at(distance: float) -> list[Array]:
        return [np.zeros(()) if each is None else each._data for each in gradient(distance)[1]]

    inputs, first = gradient(0.0, create_graph=True)
    moving = [(each, direction) for each, direction in zip(first, directions, strict=True) if each is not None]
    along = [(each * tensor_of(direction)).sum() for each, direction in moving if each.requires_grad]
    second = torch.autograd.grad(along, inputs, allow_unused=True) if along else [None] * len(inputs)
    step = 1e-4
    for product, *sides in zip(second, *(at(distance * step) for distance in (2, 1, -1, -2)), strict=True):
        expected = (8 * (sides[1] - sides[2]) - (sides[0] - sides[3])) / (12 * step)
        got = np.zeros(expected.shape) if product is None else product._data
        size = max(1.0, *(float(np.abs(each).max(initial=0)) for each in (expected, sides[1])))
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6 * size)
    done["second"] += 1
