"""Training in a plain thread: the thread holds a ``Trainer`` and a queue, the window polls the queue.

No Qt object crosses into the thread, and the thread never touches the document: it trains its own copy of the values,
and whoever started it writes the result back as one edit.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from chainrule.core.document.graph import Array
from chainrule.core.engine.random import branched, drawing_from
from chainrule.core.run.session import Session
from chainrule.gui import collector
from chainrule.gui.losses import Losses

# News of a run may come faster than a window can show them: leave the rest for the next poll.
POLL_AT_MOST = 100
# How often the window is given something to show, and how small a share of the time making it may take.
SHOW_EVERY_S = 1 / 15
SHOW_SHARE = 5
# Each time the window repaints it lets go of the interpreter many times over, and waits so long to get it back.
SWITCH_S = 0.001


class Trains(Protocol):
    """The part of ``core.run.training.Trainer`` that is used here."""

    @property
    def parameters(self) -> dict[str, Array]: ...
    @property
    def ran(self) -> str: ...

    def run(
        self,
        epochs: int,
        stop: Callable[[], bool] | None = None,
        progress: Callable[[int, Array], None] | None = None,
    ) -> Array: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """``epoch`` epochs are done; ``losses`` are those of the epochs since the last news."""

    epoch: int
    losses: Array


@dataclass(frozen=True, slots=True)
class Shown:
    """The session to show, at the parameters that ``epoch`` epochs have reached; ``held`` says that a paused run waits
    there.
    """

    epoch: int
    session: Session
    held: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """The thread is done; ``error`` is what went wrong, or empty."""

    error: str


class TrainingRun:
    """One run of ``epochs`` epochs. ``state`` is "running", "paused", "done" or "stopped"; ``losses`` grows by epoch.

    ``ran`` is the trainer's: the loop that runs, and why not another. It is empty while that is being compiled, which
    may take seconds and cannot be broken off. A run that is stopped then is over at once for whoever polls it; its
    thread ends without an epoch when it can.

    ``picture`` makes the session to show, in the training thread between two epochs; ``shown`` is the latest, None
    before the first. ``loss`` is the name of the node whose values the losses are. Call ``poll`` from the window's
    thread; only there does what can be read here change.
    """

    def __init__(
        self, trainer: Trains, epochs: int, picture: Callable[[], Session] | None = None, loss: str = ""
    ) -> None:
        self.trainer = trainer
        self.loss = loss
        self.epochs = epochs
        self.epoch = 0
        self.losses = Losses()
        self.state = "running"
        self.ran = ""
        self.error = ""
        self.shown: Shown | None = None
        self._picture = picture
        self._generator = branched()  # the window goes on drawing from its own
        self._done = 0  # the thread's own count
        self._next_picture = 0.0
        self._queue: queue.SimpleQueue[Progress | Shown | Finished] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._go = threading.Event()
        self._go.set()
        self._thread = threading.Thread(target=self._work, name="training", daemon=True)

    @property
    def finished(self) -> bool:
        return self.state in {"done", "stopped"}

    def start(self) -> None:
        collector.hold(self)
        self._thread.start()

    def pause(self) -> None:
        """Hold after the epochs that are running; ``resume`` goes on with the next."""
        if self.state == "running":
            self._go.clear()
            self.state = "paused"

    def resume(self) -> None:
        if self.state == "paused":
            self.state = "running"
            self._go.set()

    def stop(self) -> None:
        """End after the epoch that is running; what was learnt until then is kept."""
        self._stopping.set()
        self._go.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the thread has ended; whether it has."""
        self._thread.join(seconds)
        ended = not self._thread.is_alive()
        if ended:
            collector.release(self)
        return ended

    def poll(self) -> bool:
        """Take what the thread has sent since; True if anything has changed."""
        before, taken = (self.ran, self.state), 0
        self._see_compiling()
        while taken < POLL_AT_MOST and not self._queue.empty():
            taken += 1
            match self._queue.get():
                case Progress(epoch, losses):
                    self.epoch = epoch
                    self.losses.extend(losses)
                case Shown() as shown:
                    self.shown = shown
                case Finished(error):
                    self.wait()
                    self.error = error
                    self.state = "done" if self.epoch >= self.epochs and not error else "stopped"
        collector.collect()
        return taken > 0 or before != (self.ran, self.state)

    def _see_compiling(self) -> None:
        stopping = self._stopping.is_set()  # first: who finds it set asks for no epoch any more
        self.ran = self.trainer.ran
        if stopping and not self.ran and not self.finished:
            self.state = "stopped"

    def _work(self) -> None:
        error = ""
        usual = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_S)
        try:
            with drawing_from(self._generator):
                self.trainer.run(self.epochs, stop=self._should_stop, progress=self._report)
        except Exception as exception:  # whatever went wrong is shown in the window; a thread has no one to raise to
            error = str(exception) or type(exception).__name__
        finally:
            sys.setswitchinterval(usual)
        self._queue.put(Finished(error))

    def _should_stop(self) -> bool:
        if not self._go.is_set():
            self._show(held=True)
        self._go.wait()
        return self._stopping.is_set()

    def _report(self, epoch: int, losses: Array) -> None:
        self._done = epoch
        self._queue.put(Progress(epoch, losses))
        if time.monotonic() >= self._next_picture and epoch < self.epochs:
            self._show()

        time.sleep(0)  # lets the window have the interpreter at once if it waits for it

    def _show(self, *, held: bool = False) -> None:
        if self._picture is not None:
            begun = time.monotonic()
            self._queue.put(Shown(self._done, self._picture(), held))
            now = time.monotonic()
            self._next_picture = now + max(SHOW_EVERY_S, SHOW_SHARE * (now - begun))
