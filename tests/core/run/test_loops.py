"""The loops agree: what the program of an epoch computes is what the tape computes, to rounding, however it trains."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from loop_runs import assert_same, leaf, trained
from numpy.typing import NDArray

import chainrule.core as torch
from chainrule.core.compile import program as programs
from chainrule.core.compile.program import Program
from chainrule.core.compile.tracing import TracingError
from chainrule.core.document.building import Graph
from chainrule.core.optim.lr_scheduler import LRScheduler, StepLR
from chainrule.core.run import stepping
from chainrule.core.run.problems import RunError
from chainrule.core.run.training import Trainer

OPTIMIZERS: list[dict[str, Any]] = [
    {"optimizer": "SGD", "lr": 0.05},
    {"optimizer": "SGD", "lr": 0.05, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01},
    {"optimizer": "SGD", "lr": 0.05, "momentum": 0.9, "nesterov": True},
    {"optimizer": "SGD", "lr": 0.05, "maximize": True},
    {"optimizer": "SGD", "lr": 0.01, "zero_grad": False},
    {"optimizer": "Adam", "lr": 0.05},
    {"optimizer": "Adam", "lr": 0.05, "amsgrad": True, "weight_decay": 0.1},
    {"optimizer": "AdamW", "lr": 0.05},
    {"optimizer": "RMSprop", "lr": 0.01, "momentum": 0.5, "centered": True},
    {"optimizer": "Adagrad", "lr": 0.05, "lr_decay": 0.1},
]


def network(dtype: str = "float64", rows: int = 12) -> Graph:
    """Two layers and a mean squared error, with parameters of several shapes."""
    rng = np.random.default_rng(0)
    graph = Graph()
    for name, shape in {"x": (rows, 3), "y": (rows, 1)}.items():
        graph.add("tensor", name=name, value=rng.normal(size=shape), dtype=dtype)
    for name, shape in {"w1": (3, 4), "b1": (4,), "w2": (4, 1), "b2": (1,)}.items():
        graph.add("tensor", name=name, value=rng.normal(size=shape), dtype=dtype, requires_grad=True)
    graph.add("matmul", name="z1", input="x", other="w1")
    graph.add("add", name="s1", input="z1", other="b1")
    graph.add("tanh", name="h", input="s1")
    graph.add("matmul", name="z2", input="h", other="w2")
    graph.add("add", name="out", input="z2", other="b2")
    graph.add("mse_loss", name="loss", input="out", target="y")
    return graph


@pytest.mark.parametrize("settings", OPTIMIZERS, ids=lambda settings: " ".join(map(str, settings.values())))
def test_every_optimiser_does_in_a_program_what_it_does_on_the_tape(settings: dict[str, Any]) -> None:
    tape, expected = trained(network(), "tape", **settings)
    program, losses = trained(network(), "program", **settings)
    np.testing.assert_allclose(losses, expected, rtol=1e-12)
    assert_same(program.parameters, tape.parameters)
    assert_same(program.grads, tape.grads)


def linear_layers() -> Graph:
    """The same as torch writes it: weights have a row for each output, and are multiplied transposed."""
    rng = np.random.default_rng(0)
    graph = Graph()
    for name, shape in {"x": (12, 3), "y": (12, 1)}.items():
        graph.add("tensor", name=name, value=rng.normal(size=shape), dtype="float64")
    for name, shape in {"w1": (4, 3), "b1": (4,), "w2": (1, 4)}.items():
        graph.add("tensor", name=name, value=rng.normal(size=shape), dtype="float64", requires_grad=True)
    graph.add("linear", name="z", input="x", weight="w1", bias="b1")
    graph.add("tanh", name="h", input="z")
    graph.add("linear", name="out", input="h", weight="w2")
    graph.add("mse_loss", name="loss", input="out", target="y")
    return graph


@pytest.mark.parametrize("settings", OPTIMIZERS, ids=lambda settings: " ".join(map(str, settings.values())))
def test_and_so_it_does_with_weights_that_it_stores_by_columns(settings: dict[str, Any]) -> None:
    tape, expected = trained(linear_layers(), "tape", 24, **settings)
    program, first = trained(linear_layers(), "program", **settings)
    assert program._epoch.leaves[program.graph.named("w1").id]._data.flags.f_contiguous
    program._loops._wanted = "tape"
    np.testing.assert_allclose([*first, *program.run(12)], expected, rtol=1e-12)
    assert_same(program.parameters, tape.parameters)
    assert_same(program.grads, tape.grads)


@pytest.mark.parametrize("settings", OPTIMIZERS[1:6], ids=lambda settings: " ".join(map(str, settings.values())))
def test_a_run_goes_on_where_another_loop_has_stopped(settings: dict[str, Any]) -> None:
    tape, expected = trained(network(), "tape", **settings)
    mixed = Trainer(network(), loss="loss", **settings)
    losses = []
    for loop in ("program", "tape", "program", "tape"):
        mixed._loops._wanted = loop
        losses.append(mixed.run(3))
    np.testing.assert_allclose(np.concatenate(losses), expected, rtol=1e-12)
    assert_same(mixed.parameters, tape.parameters)
    assert_same(mixed.grads, tape.grads)


@pytest.mark.parametrize("batch_size", [1, 5, 12, 100])
@pytest.mark.parametrize("shuffle", [True, False])
def test_minibatches(batch_size: int, shuffle: bool) -> None:
    settings = {"optimizer": "Adam", "lr": 0.05, "batch_size": batch_size, "shuffle": shuffle, "seed": 3}
    tape, expected = trained(network(), "tape", **settings)
    program, losses = trained(network(), "program", **settings)
    np.testing.assert_allclose(losses, expected, rtol=1e-12)
    assert_same(program.parameters, tape.parameters)
    assert_same(program.grads, tape.grads)


def test_one_batch_of_everything_in_its_order_is_no_batch_at_all() -> None:
    whole = trained(network(), "program", lr=0.1)[1]
    one = trained(network(), "program", lr=0.1, batch_size=12, shuffle=False)[1]
    np.testing.assert_allclose(one, whole, rtol=1e-12)


def test_batches_need_rows_that_belong_together() -> None:
    graph = network()
    graph.add("tensor", name="scale", value=[1.0], dtype="float64")
    graph.add("mul", name="more", input="loss", other="scale")
    with pytest.raises(RunError, match=r"x has 12, y has 12, scale has 1; say which with data=\[...\]"):
        Trainer(graph, loss="more", batch_size=4)
    Trainer(graph, loss="more", batch_size=4, data=["x", "y"])
    with pytest.raises(RunError, match="there is no leaf called 'z'"):
        Trainer(graph, loss="more", batch_size=4, data=["z"])


def test_a_scheduler_changes_the_rate_after_every_epoch() -> None:
    def halving(optimizer: Any) -> Any:
        return torch.optim.lr_scheduler.StepLR(optimizer, step_size=3, gamma=0.5)

    for batches in ({}, {"batch_size": 5}):
        tape, expected = trained(network(), "tape", lr=0.2, scheduler=halving, **batches)
        program, losses = trained(network(), "program", lr=0.2, scheduler=halving, **batches)
        np.testing.assert_allclose(losses, expected, rtol=1e-12)
        assert_same(program.parameters, tape.parameters)


class Warming(LRScheduler):
    """A scheduler of one's own, which sets the momentum too and looks at what was learnt."""

    def get_lr(self) -> list[Any]:
        for group in self.optimizer.param_groups:
            group["momentum"] = 0.5 if self.last_epoch < 5 else 0.1 * self.last_epoch
        return [0.02 / (1 + float(abs(group["params"][0]._data.ravel()[0]))) for group in self.optimizer.param_groups]


@pytest.mark.parametrize("batches", [{}, {"batch_size": 5}])
def test_a_scheduler_that_sets_other_options_is_obeyed(batches: dict[str, Any]) -> None:
    tape, expected = trained(network(), "tape", scheduler=lambda optimizer: Warming(optimizer), **batches)
    mixed = Trainer(network(), loss="loss", scheduler=lambda optimizer: Warming(optimizer), loop="program", **batches)
    np.testing.assert_allclose(np.concatenate([mixed.run(5), mixed.run(7)]), expected, rtol=1e-12)
    assert mixed.ran == "tape: momentum changed between epochs, and a program has only a learning rate that can"
    assert_same(mixed.parameters, tape.parameters)
    assert_same(mixed.grads, tape.grads)


@pytest.mark.parametrize("option", [{"lr": 0.2}, {"momentum": 0.9}, {"weight_decay": 0.1}, {"maximize": True}])
def test_options_may_be_set_between_two_runs(option: dict[str, Any]) -> None:
    def losses(loop: str) -> NDArray[Any]:
        optimizers: list[Any] = []

        def constant(optimizer: Any) -> Any:
            optimizers.append(optimizer)
            return torch.optim.lr_scheduler.ConstantLR(optimizer, 1.0)

        trainer = Trainer(network(), loss="loss", lr=0.05, scheduler=constant, loop=loop)
        first = trainer.run(3)
        optimizers[0].param_groups[0].update(option)
        second = trainer.run(3)
        assert trainer.ran == loop
        return np.concatenate([first, second])

    np.testing.assert_allclose(losses("program"), losses("tape"), rtol=1e-12)


def test_several_groups_of_parameters_are_stepped_on_the_tape() -> None:
    def split(optimizer: Any) -> Any:
        first = optimizer.param_groups[0]
        optimizer.add_param_group({"params": [first["params"].pop()], "lr": 0.5})
        return torch.optim.lr_scheduler.StepLR(optimizer, 2)

    trainer = Trainer(network(), loss="loss", scheduler=split)
    trainer.run(3)
    assert trainer.ran.startswith("tape: the optimiser has several groups of parameters")


def test_a_scheduled_run_makes_no_step_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    keep = Program.keep
    monkeypatch.setattr(Program, "keep", lambda self, rows: asked.append(1) or keep(self, rows))
    trainer = Trainer(network(), loss="loss", loop="program", scheduler=lambda o: StepLR(o, 100))
    trainer.run(2000)
    assert len(asked) < 10


def test_a_long_step_keeps_its_gradients_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    tape, expected = trained(network(), "tape", lr=0.05)
    monkeypatch.setattr(programs, "CALLS_APART", 1)
    monkeypatch.delattr(Program, "keep")
    long, losses = trained(network(), "program", lr=0.05)
    np.testing.assert_allclose(losses, expected, rtol=1e-12)
    assert_same(long.parameters, tape.parameters)
    assert_same(long.grads, tape.grads)


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_of_cycles_is_left_as_it_was(enabled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile: list[bool] = []
    emitted = programs.emit
    monkeypatch.setattr(programs, "emit", lambda *given: meanwhile.append(gc.isenabled()) or emitted(*given))
    (gc.enable if enabled else gc.disable)()
    try:
        Trainer(network(), loss="loss", loop="program").run(2)
        assert meanwhile == [False, False]  # a step, and its gradients apart
        assert gc.isenabled() is enabled
    finally:
        gc.enable()


def test_what_is_wrong_in_the_compiler_is_not_hidden_by_the_tape(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> None:
        raise AttributeError("a slip of the pen")

    monkeypatch.setattr(stepping, "Program", broken)
    with pytest.raises(AttributeError, match="a slip of the pen"):
        Trainer(network(), loss="loss").run(1)


def test_parameters_of_two_dtypes_are_updated_each_in_its_own() -> None:
    graph = Graph()
    graph.add("tensor", name="a", value=[1.0, 2.0], dtype="float32", requires_grad=True)
    graph.add("tensor", name="b", value=[0.5, -1.0], dtype="float32", requires_grad=True)
    graph.add("tensor", name="c", value=[3.0, 1.0], dtype="float64", requires_grad=True)
    graph.add("mul", name="ab", input="a", other="b")
    graph.add("mul", name="abc", input="ab", other="c")
    graph.add("sum", name="loss", input="abc")
    tape, expected = trained(graph, "tape", optimizer="Adam")
    program, losses = trained(graph, "program", optimizer="Adam")
    np.testing.assert_allclose(losses, expected, rtol=1e-6)
    assert_same(program.parameters, tape.parameters, 1e-6)
    assert {name: each.dtype.name for name, each in program.parameters.items()} == {
        "a": "float32", "b": "float32", "c": "float64",
    }  # fmt: skip


def test_what_no_program_can_follow_runs_on_the_tape_and_says_why() -> None:
    graph = Graph()
    graph.add("tensor", name="w", value=[1.0, -2.0, 3.0], requires_grad=True)
    graph.add("gt", name="mask", input="w", other=0)
    graph.add("masked_select", name="positive", input="w", mask="mask")
    graph.add("sum", name="loss", input="positive")
    trainer = Trainer(graph, loss="loss", lr=0.5)
    np.testing.assert_allclose(trainer.run(3), [4.0, 3.0, 2.0])
    assert trainer.ran == (
        "tape: how many elements a mask picks depends on values, which are not known when it is traced"
    )


def test_a_loop_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no loop 'spiral'; there is auto, tape, program, fused"):
        Trainer(network(), loss="loss", loop="spiral")


def test_the_source_runs_on_its_own_and_prints_the_same_losses(tmp_path: Path) -> None:
    graph = network("float32")
    trainer = Trainer(graph, loss="loss", optimizer="Adam", lr=0.05)
    script = tmp_path / "steps.py"
    script.write_text(trainer.source, encoding="utf-8")
    assert "chainrule" not in trainer.source
    printed = subprocess.run([sys.executable, "-I", str(script)], capture_output=True, text=True, check=True).stdout
    shown = [float(word) for word in printed.replace("[", " ").replace("]", " ").split()]
    np.testing.assert_allclose(shown, Trainer(graph, loss="loss", optimizer="Adam", lr=0.05).run(10), rtol=1e-5)


def test_memory_does_not_grow_with_epochs() -> None:
    import tracemalloc

    trainer = Trainer(network(), loss="loss", lr=0.01)
    trainer.run(2000)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        trainer.run(2000)
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert after - before < 2000 * 64 + 20_000  # the losses themselves, as a list and as an array


def test_a_single_number_that_is_spread_over_a_matrix_is_trained_by_a_program() -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=[[1.0, 2.0], [3.0, 4.0]])
    graph.add("tensor", name="w", value=0.5, requires_grad=True)
    graph.add("tensor", name="b", value=[0.5, 1.5], requires_grad=True)
    graph.add("mul", name="y", input="x", other="w")
    graph.add("div", name="z", input="y", other="b")
    graph.add("mean", name="loss", input="z")
    program, _ = trained(graph, "program")
    tape, _ = trained(graph, "tape")
    assert_same(program.parameters, tape.parameters, 1e-6)


def test_a_program_that_draws_random_numbers_has_no_source_of_its_own() -> None:
    graph = Graph()
    graph.add("tensor", name="w", value=[1.0, 2.0, 3.0], requires_grad=True)
    graph.add("dropout", name="some", input="w")
    graph.add("sum", name="loss", input="some")
    trainer = Trainer(graph, loss="loss", loop="program")
    trainer.run(2)
    assert trainer.ran == "program"
    with pytest.raises(TracingError, match="it needs the generator"):
        _ = trainer.source


def test_a_parameter_that_no_gradient_reaches_is_read_all_the_same() -> None:
    graph = Graph()
    for name in ("w", "v"):
        graph.add("tensor", name=name, value=[1.0, -2.0], dtype="float64", requires_grad=True)
    graph.add("detach", name="fixed", input="v")
    graph.add("mul", name="wv", input="w", other="fixed")
    graph.add("sum", name="loss", input="wv")
    tape, expected = trained(graph, "tape", weight_decay=0.1)
    program, losses = trained(graph, "program", weight_decay=0.1)
    np.testing.assert_allclose(losses, expected, rtol=1e-12)
    assert_same(program.parameters, tape.parameters)
    assert program.grads["v"] is tape.grads["v"] is None


def assert_same_chance(graph: Graph) -> None:
    """From one seed, tape and program draw the same numbers."""
    losses = {}
    for loop in ("tape", "program"):
        torch.manual_seed(0)
        losses[loop] = trained(graph, loop)[1]
    np.testing.assert_allclose(losses["program"], losses["tape"], rtol=1e-5)


def test_chance_strikes_constants_anew_at_every_step() -> None:
    graph = Graph()
    graph.add("tensor", name="w", value=np.linspace(1, 2, 8), requires_grad=True)
    graph.add("tensor", name="x", value=np.linspace(-1, 1, 8))
    graph.add("dropout", name="some", input="x")
    graph.add("dropout", name="others", input="w")
    graph.add("mul", name="both", input="some", other="others")
    graph.add("sum", name="loss", input="both")
    assert_same_chance(graph)


def test_chance_goes_through_a_turned_matrix_in_the_order_of_its_memory() -> None:
    graph = Graph()
    graph.add("tensor", name="w", value=np.linspace(1, 2, 6).reshape(3, 2), requires_grad=True)
    graph.add("t", name="turned", input="w")
    graph.add("sin", name="waves", input="turned")
    graph.add("dropout", name="some", input="waves")
    graph.add("sum", name="loss", input="some")
    assert_same_chance(graph)


def test_chance_that_strikes_constants_lays_weights_out_anew() -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=np.linspace(-1, 1, 4))
    graph.add("tensor", name="w", value=np.linspace(1, 2, 8).reshape(2, 4), requires_grad=True)
    graph.add("tensor", name="b", value=np.linspace(1, 2, 2), requires_grad=True)
    graph.add("dropout", name="some", input="x")
    graph.add("linear", name="z", input="some", weight="w", bias="b")
    graph.add("sum", name="loss", input="z")
    assert_same_chance(graph)


@pytest.mark.parametrize(
    "names", [("k", "step"), ("add", "multiply"), ("v3", "c"), ("rows", "sum"), ("i0", "total_"), ("dot", "v1e")]
)
@pytest.mark.parametrize("optimizer", ["SGD", "Adagrad"])
def test_a_leaf_may_be_called_whatever_a_program_calls_its_own(names: tuple[str, str], optimizer: str) -> None:
    first, second = names

    def graph() -> Graph:
        made = Graph()
        leaf(made, first, 1.5)
        leaf(made, second, [0.5, -1.0])
        made.add("mul", name="product", input=first, other=second)
        made.add("exp", name="grown", input="product")
        made.add("sum", name="loss", input="grown")
        return made

    tape, expected = trained(graph(), "tape", epochs=4, optimizer=optimizer, lr=0.1)
    program, losses = trained(graph(), "program", epochs=4, optimizer=optimizer, lr=0.1)
    np.testing.assert_allclose(losses, expected, rtol=1e-12)
    assert_same(program.parameters, tape.parameters)


def test_a_script_that_would_not_do_the_same_is_refused() -> None:
    with pytest.raises(TracingError, match="minibatches has no source of its own"):
        Trainer(network(), loss="loss", batch_size=5).source  # noqa: B018
    with pytest.raises(TracingError, match="a scheduler has no source of its own"):
        Trainer(network(), loss="loss", scheduler=lambda o: torch.optim.lr_scheduler.StepLR(o, 2)).source  # noqa: B018


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"batch_size": 1.5}, TypeError, "batch_size should be a whole number, but got 1.5"),
        ({"batch_size": 0}, ValueError, "batch_size should be at least 1, but got 0"),
        ({"batch_size": 4, "data": ["w1"]}, RunError, "w1 is trained, and a batch has all of it"),
        ({"data": ["x"]}, ValueError, "it needs a batch_size"),
        ({"scheduler": "StepLR"}, TypeError, "scheduler should be a function that makes a scheduler"),
        ({"scheduler": lambda optimizer: None}, TypeError, "scheduler should be a function that makes a scheduler"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(settings: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Trainer(network(), loss="loss", **settings)


def test_epochs_are_whole() -> None:
    trainer = Trainer(network(), loss="loss")
    with pytest.raises(TypeError, match="epochs should be a whole number"):
        trainer.run(1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="epochs should be at least 0"):
        trainer.run(-1)
