"""While training runs in its thread, only the window's thread collects cycles."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from chainrule.gui.training_worker import TrainingRun


class Cycle:
    """Garbage that only the collector finds, and that notes in which thread it was found."""

    found_in: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        Cycle.found_in.add(threading.current_thread().name)


class Littering:
    """A trainer that leaves cycles about, as any thread may."""

    parameters: ClassVar[dict[str, np.ndarray]] = {}
    ran = "tape"

    def run(
        self,
        epochs: int,
        stop: Callable[[], bool] | None = None,
        progress: Callable[[int, Any], None] | None = None,
    ) -> np.ndarray:
        for epoch in range(1, epochs + 1):
            for _ in range(2000):
                Cycle()
            assert progress is not None
            progress(epoch, np.zeros(1))
        return np.zeros(epochs)


def test_garbage_is_let_go_in_the_windows_thread_alone() -> None:
    Cycle.found_in.clear()
    run = TrainingRun(Littering(), 20)
    run.start()
    assert not gc.isenabled()
    run.wait()
    while not run.finished:
        run.poll()
    assert gc.isenabled()
    gc.collect()
    assert Cycle.found_in == {"MainThread"}
