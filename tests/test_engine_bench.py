"""The engine's benchmark measures what it says: everybody computes the same, and the same workloads are drawn again.

Nothing is timed here. PyTorch and the other libraries take part where they are installed.
"""

from __future__ import annotations

import importlib
import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

SCRIPTS = Path(__file__).parent.parent / "scripts"


@pytest.fixture(autouse=True)
def scripts_are_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(SCRIPTS)


@pytest.fixture
def workloads() -> ModuleType:
    return importlib.import_module("workloads")


@pytest.fixture
def race() -> ModuleType:
    return importlib.import_module("race")


@pytest.fixture
def contestants() -> ModuleType:
    return importlib.import_module("contestants")


@pytest.fixture
def random_workloads() -> ModuleType:
    return importlib.import_module("random_workloads")


def small(workloads: ModuleType) -> list[Any]:
    """The fixed workloads, the two large ones in small."""
    return [*workloads.fixed()[:4], workloads.chain(30), workloads.stretch(100)]


def test_the_six_workloads_are_what_their_names_say(workloads: ModuleType) -> None:
    six = workloads.fixed()
    assert [each.operations for each in six] == [3, 4, 6, 4, 1000, 21]
    assert [sum(each.leaves[name].size for name in each.trained) for each in six] == [
        1,
        3,
        2 * 16 + 16 + 16 * 16 + 16 + 16 + 1,
        784 * 128 + 128 + 128 * 10 + 10,
        10,
        1_000_000,
    ]
    assert all(value.dtype in (np.float32, np.int64) for each in six for value in each.leaves.values())


def test_all_that_are_installed_agree_on_losses_and_gradients(workloads: ModuleType, race: ModuleType) -> None:
    contestants, peers = importlib.import_module("contestants"), importlib.import_module("peers")
    there = [each for each in (*contestants.GENERAL, *peers.PEERS) if each.installed and each.name != "fused"]
    for workload in small(workloads):
        admitted, refused = race.admit(workload, there)
        assert refused == {}, workload.name
        assert admitted == there


@pytest.mark.optional("the fused loop does in the benchmark what the tape does", needs="numba")
def test_the_fused_loop_agrees_or_says_why_it_does_not_run(
    workloads: ModuleType, race: ModuleType, contestants: ModuleType
) -> None:
    for workload in (workloads.scalar_regression(), workloads.small_mlp(), workloads.stretch(10)):
        admitted, refused = race.admit(workload, [contestants.FUSED])
        why = refused.get("fused", "")
        assert admitted or why.startswith(("ran as ", "there is no loop")), why


def test_the_first_steps_can_be_told_from_no_steps(workloads: ModuleType, race: ModuleType) -> None:
    for workload in small(workloads):
        losses = race.reference(workload).losses
        assert abs(losses[0] - losses[-1]) > 2 * race.TOLERANCE * losses.max(), workload.name


@pytest.mark.parametrize("number", range(4))
def test_random_workloads_come_again_and_everybody_agrees(
    number: int, race: ModuleType, contestants: ModuleType, random_workloads: ModuleType
) -> None:
    workload, again = (random_workloads.random_workload(5, number) for _ in range(2))
    assert [(node.kind, node.name, node.inputs, node.params) for node in workload.graph.nodes.values()] == [
        (node.kind, node.name, node.inputs, node.params) for node in again.graph.nodes.values()
    ]
    assert all(np.array_equal(value, again.leaves[name]) for name, value in workload.leaves.items())
    assert workload.lr == again.lr
    assert random_workloads.FEWEST <= workload.operations <= random_workloads.MOST
    expected = race.reference(workload)
    assert all(np.isfinite(array).all() for array in (expected.losses, *expected.gradients.values()))
    there = [each for each in contestants.GENERAL if each.installed and each.name != "fused"]
    assert race.admit(workload, there)[1] == {}


def test_every_way_to_grow_and_every_operation_of_the_pool_is_there(random_workloads: ModuleType) -> None:
    registry = importlib.import_module("chainrule.core.ops.registry")
    pool = {*random_workloads.POINTWISE, *random_workloads.BINARY, *random_workloads.REDUCTIONS, "matmul", "softmax"}
    assert pool <= registry.entries().keys()
    assert all(hasattr(random_workloads._Growing, way) for way in random_workloads.WAYS)


def test_other_seeds_draw_other_graphs(random_workloads: ModuleType) -> None:
    kinds = {
        tuple(node.kind for node in random_workloads.random_workload(seed, 0).graph.nodes.values())
        for seed in (1, 2, 3)
    }
    assert len(kinds) == 3


def test_who_computes_something_else_is_not_timed(
    workloads: ModuleType, race: ModuleType, contestants: ModuleType
) -> None:
    def too_fast(workload: Any) -> Any:
        return contestants.PROGRAM.start(replace(workload, lr=workload.lr * 2))

    def wrong(workload: Any) -> Any:
        running = contestants.TAPE.start(workload)
        true = running.gradients
        running.gradients = lambda: {name: 2 * grad for name, grad in true().items()}
        return running

    def unable(workload: Any) -> Any:
        raise contestants.UnableError("not today")

    wrongdoers = [contestants.Contestant(each.__name__, each) for each in (too_fast, wrong, unable)]
    outcome = race.race(workloads.three_elements(), [contestants.TAPE, *wrongdoers], rounds=2, seconds=1e-6)
    assert list(outcome.rounds) == ["tape"]
    assert "losses" in outcome.refused["too_fast"]
    assert "the gradient of x" in outcome.refused["wrong"]
    assert outcome.refused["unable"] == "not today"


def test_a_loop_that_falls_back_to_another_is_not_timed_as_itself(
    workloads: ModuleType, contestants: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    loops = importlib.import_module("chainrule.core.run.loops")

    def untraceable(self: Any) -> None:
        raise loops.TracingError("not today")

    monkeypatch.setattr(loops.Loops, "_program", untraceable)
    with pytest.raises(contestants.UnableError, match="ran as tape"):
        contestants.PROGRAM.start(workloads.scalar_regression()).run(1)


def test_the_written_code_is_what_a_user_would_write(workloads: ModuleType) -> None:
    graph_source = importlib.import_module("graph_source")
    workload = workloads.scalar_regression()
    asked: list[str] = []

    def find(name: str) -> Any:
        asked.append(name)
        return lambda *arguments: f"{name}({', '.join(map(str, arguments))})"

    names, forward = graph_source.forward_of(workload.graph, "loss", find)
    assert sorted(names) == ["w", "x", "y"]
    assert sorted(asked) == ["mul", "pow", "sub"]
    assert forward(*names) == "pow(sub(y, mul(w, x)), 2)"


def test_memory_and_compiling_can_be_measured(workloads: ModuleType, contestants: ModuleType) -> None:
    growth = importlib.import_module("growth")
    assert all(seconds >= 0 for seconds in growth.compiling(workloads.chain(10)))
    assert growth.bytes_an_epoch(contestants.PROGRAM, epochs=100) < 100


def test_the_report_has_its_fields_and_fits_the_screen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], workloads: ModuleType
) -> None:
    bench, parts = importlib.import_module("bench_engine"), importlib.import_module("engine_parts")
    monkeypatch.setattr(bench, "prepare", lambda: None)
    monkeypatch.setattr(parts, "QUICK", parts.Effort(2, 1e-6, 2, 30, 10, 10))
    monkeypatch.setattr(parts, "fixed", lambda: small(workloads)[:3])
    monkeypatch.setattr(parts, "PEERS", ())
    chosen = ["--quick", "--only", "fixed", "random", "chains", "elements"]
    bench.main([*chosen, "--json", "--seed", "4"])
    found = json.loads(capsys.readouterr().out)
    assert {"seed", "rounds", "seconds", "versions", "fixed", "random", "chains", "elements", "targets"} <= found.keys()
    assert found["seed"] == 4
    assert [len(found[name]) for name in ("fixed", "random", "chains", "elements")] == [3, 2, 2, 2]
    for each in found["fixed"]:
        assert each.keys() == {"name", "operations", "base", "us", "ratio", "refused"}
        assert {"tape", "program"} <= each["us"].keys()
        assert each["us"]["program"].keys() == {"median", "spread"}
        assert each["ratio"][each["base"]] == 1
    assert all(target.keys() >= {"what", "measure", "measured", "wanted", "met"} for target in found["targets"])
    bench.main(chosen)
    text = capsys.readouterr().out
    assert "Targets" in text
    assert max(map(len, text.splitlines())) <= 120
