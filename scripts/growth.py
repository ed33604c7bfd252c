"""How the engine's cost grows: with the nodes of a chain, with the elements of a tensor, with the epochs of a run."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any
from unittest import mock

from contestants import PROGRAM, TAPE, Contestant, UnableError, recorded
from race import Race, race, seconds_for
from workloads import LOSS, Workload, chain, small_mlp, stretch

from chainrule.core.compile.program import Program
from chainrule.core.run import stepping
from chainrule.core.run.training import Trainer

NODES = (10, 30, 100, 300, 1000, 3000, 10_000)
ELEMENTS = (1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000)
FEW_OPERATIONS = 5  # on so many elements
COMPILED_WITHIN = 1.0  # seconds, the longest chain
EPOCHS = 20_000  # enough that what a run keeps of itself, however long it is, does not count
GROWTH = 1.0  # bytes an epoch that may be noise
# Running steps of a megabyte's tensors in a process of its own, and what memory that took at most, in megabytes.
PEAK = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from growth import peak_here
print(peak_here(sys.argv[2], int(sys.argv[3])))
"""


@dataclass(frozen=True)
class Chain:
    """A chain compiled: processor seconds for tracing it and for building the program, microseconds a step."""

    nodes: int
    trace: float
    build: float
    program: float
    tape: float


def chains(sizes: Sequence[int], rounds: int, seconds: float) -> list[Chain]:
    """Chains of so many nodes."""
    found = []
    for size in sizes:
        workload = chain(size)
        trace, build = compiling(workload)
        ran = race(workload, [PROGRAM, TAPE], rounds, seconds)
        found.append(Chain(size, trace, build, *(ran.time(each.name) for each in (PROGRAM, TAPE))))
    return found


def compiling(workload: Workload) -> tuple[float, float]:
    """Processor seconds until the program of a workload is there: for tracing, and for building it of the trace."""
    trainer = Trainer(workload.graph, LOSS, "SGD", lr=workload.lr, loop="program")
    building = 0.0

    def timed(*arguments: Any) -> Program:
        nonlocal building
        start = process_time()
        program = Program(*arguments)
        building += process_time() - start
        return program

    with mock.patch.object(stepping, "Program", timed):
        whole = seconds_for(trainer.run, 0)
    return whole - building, building


def elements(sizes: Sequence[int], contestants: Sequence[Contestant], rounds: int, seconds: float) -> list[Race]:
    """A few pointwise operations on so many elements."""
    return [race(stretch(size, FEW_OPERATIONS), contestants, rounds, seconds) for size in sizes]


def runs(contestant: Contestant) -> bool:
    """Whether it can train at all, rather than being declared and not made yet."""
    try:
        contestant.start(small_mlp()).run(1)
    except UnableError:
        return False
    return True


def bytes_an_epoch(contestant: Contestant, epochs: int = EPOCHS) -> float:
    """By how much the memory of a run grows with every epoch, the list of losses not counted."""
    running = contestant.start(small_mlp())
    running.run(epochs)  # what is made once is made
    tracemalloc.start()
    try:
        running.run(1)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0] - recorded(running)
        for _ in range(10):
            running.run(epochs // 10)
        running.run(1)
        gc.collect()
        return max(0, tracemalloc.get_traced_memory()[0] - recorded(running) - before) / epochs
    finally:
        tracemalloc.stop()


def peak(contestant: Contestant, size: int) -> float | None:
    """The most memory, in megabytes, that training steps of 20 operations on ``size`` elements take; None unless this
    is Linux, which alone tells it.
    """
    if not os.path.exists("/proc/self/clear_refs"):
        return None
    command = [sys.executable, "-c", PEAK, json.dumps([str(Path(__file__).parent), *sys.path]), contestant.name]
    answer = subprocess.run([*command, str(size)], capture_output=True, text=True)
    return float(answer.stdout) if answer.returncode == 0 else None


def peak_here(name: str, size: int) -> float:
    """``peak`` in this process."""
    from contestants import GENERAL
    from peers import PEERS

    contestant = next(each for each in (*GENERAL, *PEERS) if each.name == name)
    contestant.start(stretch(10)).run(3)  # imports, and what is made once
    running = contestant.start(stretch(size))
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak is what there is now
    before = _most_resident()
    running.run(3)
    return (_most_resident() - before) / 1024


def _most_resident() -> int:
    """Kilobytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise OSError("the kernel does not tell the peak of a process")
