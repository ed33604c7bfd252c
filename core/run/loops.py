"""How a run of epochs is made: on the tape, or by a compiled program; and the rule by which one is chosen.

Every loop goes on with the tensors of one epoch, where another stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chainrule.core.document.graph import NodeId
from chainrule.core.run.epoch import Epoch
from chainrule.core.run.stepping import RATE, Stepping

Array = NDArray[Any]

LOOPS = ("auto", "tape", "program")


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
    """Epochs by the program of a step."""

    def __init__(self, epoch: Epoch, stepping: Stepping) -> None:
        self._epoch = epoch
        self._stepping = stepping
        self._program = stepping.program(epoch.batches.size if epoch.batches else 0)

    @property
    def source(self) -> str:
        return self._program.source

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
            self._epoch.optimizer._opt_called = True
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
    """The loops of one epoch, made when they are needed. ``ran`` says which one was chosen, and why."""

    def __init__(self, epoch: Epoch, names: Mapping[NodeId, str], wanted: str) -> None:
        self._epoch = epoch
        self._wanted = wanted
        feeds = epoch.batches.every if epoch.batches else {}
        self._stepping = Stepping(epoch, names, feeds, scheduled=epoch.scheduler is not None)
        self._tape = TapeLoop(epoch)
        self._program: ProgramLoop | None = None
        self.ran = ""

    @property
    def source(self) -> str:
        return self._compiled().source

    def get(self, epochs: int) -> Loop:
        """The loop for a run of so many epochs: the program where there can be one, and the tape where there cannot."""
        if self._wanted == "tape":
            self.ran = "tape"
            return self._tape
        try:
            loop = self._compiled()
        except Exception as error:  # whatever it is, the tape tells it as it should be told
            self.ran = f"tape: {error}"
            return self._tape
        self.ran = "program"
        return loop

    def _compiled(self) -> ProgramLoop:
        if self._program is None:
            self._program = ProgramLoop(self._epoch, self._stepping)
        return self._program


def chosen(epoch: Epoch, names: Mapping[NodeId, str], loop: str) -> Loops:
    """The loops of ``epoch`` under the rule called ``loop``; ValueError for a name that is none."""
    if loop not in LOOPS:
        raise ValueError(f"there is no loop {loop!r}; there is {', '.join(LOOPS)}")
    return Loops(epoch, names, loop)
