"""How a run of epochs is made: on the tape, by a compiled program, or fused; and the rule by which one is chosen.

Every loop goes on with the tensors of one epoch, where another stopped.

The rule of "auto": the tape where no program can follow the graph, as a TracingError says; whatever else may go
wrong is no reason. Else the program, which is there in milliseconds. The fused loop where the extra ``turbo`` is
installed and it knows every call; where no matrix product is so large that BLAS is better at it; and where the run
makes calls and steps enough to be worth the seconds that compiling takes, but the step not so many that it takes
minutes. Nothing in it depends on the clock, so that a run repeated is the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.fused import Fused, available
from chainrule.core.compile.program import Program
from chainrule.core.compile.tracing import TracingError
from chainrule.core.document.graph import NodeId
from chainrule.core.document.spelling import did_you_mean
from chainrule.core.optim.lr_scheduler import LRScheduler, note_step
from chainrule.core.run.batches import Batches
from chainrule.core.run.epoch import Epoch
from chainrule.core.run.stepping import AHEAD, Stepping

Array = NDArray[Any]

LOOPS = ("auto", "tape", "program", "fused")

# Where fusing pays: recorded calls in all, recorded calls in a step, multiplications in one matrix product; and steps
# for each recorded call, since compiling takes as long as the square of these.
CALLS_IN_ALL = 3_000_000
STEPS_A_CALL = 3_000
CALLS_A_STEP = 300
PRODUCT = 40_000

# Which of the rates laid down each step takes.
PLACES = [np.array(place) for place in range(AHEAD)]


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
    """Epochs by the compiled steps of an epoch: a program, or what is fused of it.

    What a program has as a constant may change under it: a scheduler can set any option. From there on the ``tape``
    makes the epochs, and ``say`` is told why.
    """

    def __init__(
        self, epoch: Epoch, stepping: Stepping, steps: Program | Fused, tape: TapeLoop, say: Callable[[str], None]
    ) -> None:
        self._epoch = epoch
        self._stepping = stepping
        self._program = steps
        self._tape = tape
        self._say = say

    def run(self, count: int) -> Array:
        done = [np.empty(0)]
        while count:
            if changed := self._stepping.changed():
                self._say(f"{changed} changed between epochs, and a program has only a learning rate that can")
                return np.concatenate([*done, self._tape.run(count)])
            done.append(self._stretch(count))
            count -= len(done[-1])
        return np.concatenate(done)

    def _stretch(self, count: int) -> Array:
        """``count`` epochs, or fewer if the options change before."""
        self._stepping.begin()
        if self._epoch.batches is not None:
            return self._batched(count, self._epoch.batches)
        if self._epoch.scheduler is None:
            losses, kept = self._program.run_and_keep(count)
            self._stepping.end(count, kept)
            return losses
        return self._scheduled(count, ahead=_asked_ahead(self._epoch.scheduler))

    def _scheduled(self, count: int, *, ahead: bool) -> Array:
        """Epochs each at its own rate: as many as can be told ``ahead``, or one."""
        count = min(count, AHEAD) if ahead else 1
        for place in range(count):
            self._stepping.rates[place] = self._epoch.optimizer.param_groups[0]["lr"]
            if ahead:
                self._schedule()
        losses, kept = self._program.run_and_keep(count, PLACES[:count])
        self._stepping.end(count, kept)
        if not ahead:
            self._schedule()
        return losses

    def _schedule(self) -> None:
        if self._epoch.scheduler is not None:
            note_step(self._epoch.optimizer)
            self._epoch.scheduler.step()

    def _batched(self, count: int, batches: Batches) -> Array:
        losses, steps = list[float](), 0
        while len(losses) < count and not self._stepping.changed():
            rows = batches.draw()
            steps += len(rows)
            seen = self._epoch.scheduler is not None or len(losses) + 1 == count
            loss, kept = self._through(rows, keep=seen)
            losses.append(loss)
            if seen:
                self._stepping.end(steps, kept)
                steps = 0
                self._schedule()
                self._stepping.begin()
        return np.array(losses)

    def _through(self, batches: list[Array], *, keep: bool) -> tuple[float, Mapping[str, Array]]:
        """One epoch through ``batches``, of which the last may be smaller and has a program of its own; its loss, and
        what is kept of the last step.
        """
        total, kept = 0.0, dict[str, Array]()
        size = len(batches[0])
        full = [rows for rows in batches if len(rows) == size]
        rest = batches[len(full) :]
        for program, rows in ((self._program, full), *((self._stepping.program(len(each)), [each]) for each in rest)):
            if keep and rows[-1] is batches[-1]:
                losses, kept = program.run_and_keep(len(rows), rows)
            else:
                losses = program.run(len(rows), rows)
            total += float(losses.sum()) * len(rows[0])
        return total / sum(map(len, batches)), kept


def _asked_ahead(scheduler: LRScheduler) -> bool:
    """Whether ``scheduler`` can be asked for the rates of epochs to come: torch's go by the number of the epoch alone
    and set nothing else; others may look at what an epoch has left.
    """
    return type(scheduler).__module__ == LRScheduler.__module__


class Loops:
    """The loops of one epoch, made when they are needed. ``ran`` says which one was chosen, and why not another."""

    def __init__(self, epoch: Epoch, names: Mapping[NodeId, str], wanted: str) -> None:
        self._epoch = epoch
        self._names = names
        self._wanted = wanted
        self._tape = TapeLoop(epoch)
        self._changing = ""  # why there is no use in compiling any more
        self.ran = ""
        self._begin()

    def _begin(self) -> None:
        """Nothing is compiled for the optimiser as it is now."""
        feeds = self._epoch.batches.every if self._epoch.batches else {}
        self._stepping = Stepping(self._epoch, self._names, feeds, scheduled=self._epoch.scheduler is not None)
        self._made: dict[str, ProgramLoop] = {}
        self._why_not_fused: str | None = None

    @property
    def source(self) -> str:
        """The program as a script; TracingError where a script of its own would not do what the loop does."""
        if self._epoch.batches is not None:
            raise TracingError("a loop through minibatches has no source of its own: it needs all the rows")
        if self._epoch.scheduler is not None:
            raise TracingError("a loop with a scheduler has no source of its own: it needs the scheduler")
        return self._program().source

    def get(self, epochs: int) -> Loop:
        """The loop for a run of so many epochs; whatever an epoch itself would raise, where it has to be traced."""
        if self._wanted == "tape" or self._changing:
            return self._on_tape(self._changing)
        if self._stepping.changed():  # between two runs somebody has set an option
            self._begin()
        try:
            program = self._program()
        except TracingError as error:
            return self._on_tape(str(error))
        if self._wanted == "fused" or (self._wanted == "auto" and available()):
            fused = self._fused(program, epochs)
            if fused is not None:
                self.ran = "fused"
                return fused
        self.ran = f"program: {self._why_not_fused}" if self._why_not_fused else "program"
        return self._loop("program", program)

    def _on_tape(self, why: str) -> Loop:
        self.ran = f"tape: {why}" if why else "tape"
        return self._tape

    def _is_changing(self, why: str) -> None:
        """A scheduler has set what a program has as a constant, and will again."""
        self._changing = why
        self.ran = f"tape: {why}"

    def _program(self) -> Program:
        return self._stepping.program(self._epoch.batches.size if self._epoch.batches else 0)

    def _loop(self, name: str, steps: Program | Fused) -> ProgramLoop:
        if name not in self._made:
            self._made[name] = ProgramLoop(self._epoch, self._stepping, steps, self._tape, self._is_changing)
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
        except _unable() as error:  # the program can do without
            self._why_not_fused = " ".join(str(error).split())[:200]
            return None
        return self._loop("fused", fused)


def _unable() -> tuple[type[Exception], ...]:
    """What says that something cannot be fused: the trace, or Numba, which may itself not be able to run here."""
    try:
        from numba.core.errors import NumbaError
    except ImportError:
        return TracingError, ImportError
    return TracingError, NumbaError


def _pays(fused: Fused, steps: int) -> bool:
    long_enough = fused.calls * steps >= CALLS_IN_ALL and steps >= STEPS_A_CALL * fused.calls
    return long_enough and fused.calls <= CALLS_A_STEP and fused.largest <= PRODUCT


def chosen(epoch: Epoch, names: Mapping[NodeId, str], loop: str) -> Loops:
    """The loops of ``epoch`` under the rule called ``loop``; ValueError for a name that is none."""
    if loop not in LOOPS:
        raise ValueError(f"there is no loop {loop!r}; there is {', '.join(LOOPS)}{did_you_mean(loop, LOOPS)}")
    return Loops(epoch, names, loop)
