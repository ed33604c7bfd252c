"""The parts of the engine's benchmark: what each measures, with how much effort, and what it says about the targets."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import engine_tables as tables
import growth
from contestants import FUSED, GENERAL, PROGRAM, TAPE, TORCH
from peers import PEERS
from race import Race, race
from random_workloads import random_workload
from workloads import fixed

FEWEST_ROUNDS = 9


@dataclass(frozen=True)
class Effort:
    """How much is measured: rounds of so many seconds for everyone, and how far growth is followed."""

    rounds: int = 15
    seconds: float = 0.03
    randoms: int = 6
    most_nodes: int = 10_000
    most_elements: int = 10_000_000
    peak_elements: int = 1_000_000


QUICK = Effort(FEWEST_ROUNDS, 0.004, 6, 1000, 100_000, 100_000)


@dataclass(frozen=True)
class Part:
    """One part's outcome: for a machine, for a reader, and what it says about the targets."""

    name: str
    data: Any
    text: str
    targets: Sequence[tables.Target] = ()


def versions() -> dict[str, str | None]:
    """Of Python and the libraries that take part, None for those that are not installed."""
    from importlib.metadata import PackageNotFoundError, version

    found: dict[str, str | None] = {"python": sys.version.split()[0]}
    for package in ("numpy", "torch", "numba", "jax", "autograd", "mygrad"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def fixed_part(effort: Effort, seed: int) -> Part:
    """The six workloads that are always the same."""
    contestants = [each for each in (*GENERAL, *PEERS) if each.installed]
    races = [race(workload, contestants, effort.rounds, effort.seconds) for workload in fixed()]
    return _raced("fixed", "The six workloads", races)


def random_part(effort: Effort, seed: int) -> Part:
    """As many drawn at random."""
    contestants = [each for each in GENERAL if each.installed]
    workloads = [random_workload(seed, number) for number in range(effort.randoms)]
    races = [race(workload, contestants, effort.rounds, effort.seconds) for workload in workloads]
    return _raced("random", f"Drawn at random from seed {seed}", races)


def _raced(name: str, title: str, races: Sequence[Race]) -> Part:
    targets = [target for each in races for target in tables.torch_targets(each)] + tables.tape_targets(races)
    return Part(name, [tables.race_json(each) for each in races], tables.race_table(title, races), targets)


def chains_part(effort: Effort, seed: int) -> Part:
    """How compiling and running grow with the nodes."""
    sizes = [size for size in growth.NODES if size <= effort.most_nodes]
    found = growth.chains(sizes, effort.rounds, effort.seconds)
    targets = [
        tables.Target(
            f"{chain.nodes} nodes", "compiled, s", chain.trace + chain.build, growth.COMPILED_WITHIN, "at most"
        )
        for chain in found
        if chain.nodes == growth.NODES[-1]
    ]
    return Part("chains", [asdict(chain) for chain in found], tables.chain_table(found), targets)


def elements_part(effort: Effort, seed: int) -> Part:
    """How running grows with the elements."""
    sizes = [size for size in growth.ELEMENTS if size <= effort.most_elements]
    contestants = [each for each in GENERAL if each.installed]
    races = growth.elements(sizes, contestants, effort.rounds, effort.seconds)
    title = f"{growth.FEW_OPERATIONS} pointwise operations on more and more elements"
    data = [tables.race_json(each) for each in races]
    return Part("elements", data, tables.race_table(title, races), tables.tape_targets(races))


def memory_part(effort: Effort, seed: int) -> Part:
    """Whether a run's memory grows, and the most that a step takes."""
    able = [each for each in (TORCH, TAPE, PROGRAM, FUSED) if each.installed]
    grown = {each.name: growth.bytes_an_epoch(each) for each in able if growth.runs(each)}
    peaks = {each.name: growth.peak(each, effort.peak_elements) for each in able if each.name in grown}
    targets = [
        tables.Target("memory of a run", f"{name}, bytes an epoch", each, growth.GROWTH, "at most")
        for name, each in grown.items()
        if name != TORCH.name
    ]
    data = {"bytes_an_epoch": grown, "peak_mb": peaks}
    return Part("memory", data, tables.memory_table(grown, peaks, effort.peak_elements), targets)


def eager_part(effort: Effort, seed: int) -> Part:
    """What each operation costs outside of any program; the benchmark of its own that measures it may not be there."""
    if importlib.util.find_spec("bench_eager") is None:
        return Part("eager", None, "Operations one by one: scripts/bench_eager.py is not there.")
    bench_eager = importlib.import_module("bench_eager")
    rows = bench_eager.measure(seconds=effort.seconds, rounds=5)
    data = [{key: None if value != value else value for key, value in asdict(row).items()} for row in rows]  # nan
    return Part("eager", data, tables.eager_table(rows))


PARTS: dict[str, Callable[[Effort, int], Part]] = {
    "fixed": fixed_part,
    "random": random_part,
    "chains": chains_part,
    "elements": elements_part,
    "memory": memory_part,
    "eager": eager_part,
}
