"""How a run of epochs is made: on the tape, by a compiled program, or fused; and the rule by which one is chosen.

Every loop goes on with the tensors of one epoch, where another stopped.

The rule of "auto": the tape where no program can follow the graph. Else the program, which is there in milliseconds.
The fused loop where the extra ``turbo`` is installed and it knows every call; where no matrix product is so large that
BLAS is better at it; and where the run makes calls and steps enough to be worth the seconds that compiling takes, but
the step not so many that it takes minutes. Nothing in it depends on the clock, so that a run repeated is the same run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.fused import Fused, available
from chainrule.core.compile.program import Program
from chainrule.core.compile.tracing import TracingError
from chainrule.core.document.graph import NodeId
from chainrule.core.optim.lr_scheduler import note_step
from chainrule.core.run.epoch import Epoch
from chainrule.core.run.stepping import RATE, Stepping

Array = NDArray[Any]

LOOPS = ("auto", "tape", "program", "fused")

# Where fusing pays: recorded calls in all, recorded calls in a step, multiplications in one matrix product; and steps
# for each recorded call, since compiling takes as long as the square of these.
CALLS_IN_ALL = 3_000_000
STEPS_A_CALL = 3_000
CALLS_A_STEP = 300
PRODUCT = 40_000


class Loop(Protocol):
    """Something that can make epochs."""

    def run(self, count: int) -> Array:
        """Make ``count`` epochs; the loss of each, before its update."""
        ...


class TapeLoop:
    """Epochs one by one on the engine."""

    def __init__(self, epoch: Epoch) -> None:
        self._epoch = epoch

    def run(self, count: int) -> Array:
        return np.array([self._epoch.run() for _ in range(count)], np.float64)


class ProgramLoop:
    """Epochs by the compiled steps of an epoch: a program, or what is fused of it."""

    def __init__(self, epoch: Epoch, stepping: Stepping, steps: Program | Fused) -> None:
        self._epoch = epoch
        self._stepping = stepping
        self._program = steps

    def run(self, count: int) -> Array:
        if not count:
            return np.empty(0)
        self._stepping.begin()
        if self._epoch.batches is not None:
            losses = np.array([self._through(self._epoch.batches.draw()) for _ in range(count)])
            return losses
        if self._epoch.scheduler is not None:
            return np.array([self._scheduled() for _ in range(count)])
        losses, kept = self._program.run_and_keep(count)
        self._stepping.end(count, kept)
        return losses

    def _scheduled(self) -> float:
        """One epoch at the present learning rate."""
        losses, kept = self._program.run_and_keep(1)
        self._stepping.end(1, kept)
        self._next_rate()
        return float(losses[0])

    def _next_rate(self) -> None:
        if self._epoch.scheduler is not None:
            note_step(self._epoch.optimizer)
            self._epoch.scheduler.step()
            self._stepping.arrays[RATE][()] = self._epoch.optimizer.param_groups[0]["lr"]

    def _through(self, batches: list[Array]) -> float:
        """One epoch through ``batches``, of which the last may be smaller and has a program of its own."""
        total = 0.0
        size = len(batches[0])
        full = [rows for rows in batches if len(rows) == size]
        rest = batches[len(full) :]
        for program, rows in ((self._program, full), *((self._stepping.program(len(each)), [each]) for each in rest)):
            losses, kept = program.run_and_keep(len(rows), rows)
            self._stepping.end(len(rows), kept)
            total += float(losses.sum()) * len(rows[0])
        self._next_rate()
        return total / sum(map(len, batches))


class Loops:
    """The loops of one epoch, made when they are needed. ``ran`` says which one was chosen, and why not another."""

    def __init__(self, epoch: Epoch, names: Mapping[NodeId, str], wanted: str) -> None:
        self._epoch = epoch
        self._wanted = wanted
        feeds = epoch.batches.every if epoch.batches else {}
        self._stepping = Stepping(epoch, names, feeds, scheduled=epoch.scheduler is not None)
        self._tape = TapeLoop(epoch)
        self._made: dict[str, ProgramLoop] = {}
        self._why_not_fused: str | None = None
        self.ran = ""

    @property
    def source(self) -> str:
        """The program as a script; TracingError where a script of its own would not do what the loop does."""
        if self._epoch.batches is not None:
            raise TracingError("a loop through minibatches has no source of its own: it needs all the rows")
        if self._epoch.scheduler is not None:
            raise TracingError("a loop with a scheduler has no source of its own: it needs the scheduler")
        return self._program().source

    def get(self, epochs: int) -> Loop:
        """The loop for a run of so many epochs."""
        if self._wanted == "tape":
            self.ran = "tape"
            return self._tape
        try:
            program = self._program()
        except Exception as error:  # whatever it is, the tape tells it as it should be told
            self.ran = f"tape: {error}"
            return self._tape
        if self._wanted == "fused" or (self._wanted == "auto" and available()):
            fused = self._fused(program, epochs)
            if fused is not None:
                self.ran = "fused"
                return fused
        self.ran = "program" if self._wanted != "fused" else f"program: {self._why_not_fused}"
        return self._loop("program", program)

    def _program(self) -> Program:
        return self._stepping.program(self._epoch.batches.size if self._epoch.batches else 0)

    def _loop(self, name: str, steps: Program | Fused) -> ProgramLoop:
        if name not in self._made:
            self._made[name] = ProgramLoop(self._epoch, self._stepping, steps)
        return self._made[name]

    def _fused(self, program: Program, epochs: int) -> ProgramLoop | None:
        """The fused loop, where it can be made and, unless it was asked for by name, where it pays."""
        if self._why_not_fused is not None or "fused" in self._made:
            return self._made.get("fused")
        try:
            if not available():
                raise TracingError("the extra turbo is not installed")
            fused = Fused(program)
            steps = epochs * (len(range(0, batches.count, batches.size)) if (batches := self._epoch.batches) else 1)
            if self._wanted == "auto" and not _pays(fused, steps):
                return None
            fused.compile()
        except Exception as error:  # the program can do without
            self._why_not_fused = " ".join(str(error).split())[:200]
            return None
        return self._loop("fused", fused)


def _pays(fused: Fused, steps: int) -> bool:
    long_enough = fused.calls * steps >= CALLS_IN_ALL and steps >= STEPS_A_CALL * fused.calls
    return long_enough and fused.calls <= CALLS_A_STEP and fused.largest <= PRODUCT


def chosen(epoch: Epoch, names: Mapping[NodeId, str], loop: str) -> Loops:
    """The loops of ``epoch`` under the rule called ``loop``; ValueError for a name that is none."""
    if loop not in LOOPS:
        raise ValueError(f"there is no loop {loop!r}; there is {', '.join(LOOPS)}")
    return Loops(epoch, names, loop)
