"""A workload run by several contestants in turns: first whether they agree, then how long a step takes each.

Only who computes the same is timed. Time is the processor's, which a busy machine disturbs least (everybody has one
thread), and ratios are taken between times of the same round.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import process_time

import numpy as np
from contestants import TAPE, Contestant, Running
from numpy.typing import NDArray
from workloads import Workload

Array = NDArray[np.float64]

STEPS = 5  # are compared before anything is timed
TOLERANCE = 1e-3  # of the largest value: float32 through a thousand operations
FEWEST_STEPS, MOST_STEPS = 3, 4_000_000  # in a round


@dataclass(frozen=True)
class Reference:
    """What everybody must agree with: the first losses and gradients, from the tape in float64."""

    losses: Array
    gradients: dict[str, Array]


@dataclass(frozen=True)
class Race:
    """A workload's outcome: microseconds a step in every round, by contestant; or why one was not timed."""

    workload: Workload
    rounds: dict[str, list[float]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def time(self, name: str) -> float:
        """The median of the rounds."""
        return median(self.rounds[name])

    def spread(self, name: str) -> float:
        """Half of what lies between the quartiles, as a part of the median."""
        low, _, high = quantiles(self.rounds[name], n=4)
        return (high - low) / 2 / self.time(name)

    def ratio(self, base: str, name: str) -> float:
        """How many times faster than ``base``: the median of the ratios of the rounds."""
        return median(b / n for b, n in zip(self.rounds[base], self.rounds[name], strict=True))


def reference(workload: Workload) -> Reference:
    """The tape's answer in float64."""
    return first_steps(TAPE.start(workload.exact()))


def first_steps(running: Running) -> Reference:
    """The first losses of a run, and the gradients of its first step."""
    losses = [running.run(1)]
    gradients = {name: np.array(grad, np.float64) for name, grad in running.gradients().items()}
    losses.append(running.run(STEPS - 1))
    return Reference(np.array([float(each) for part in losses for each in part]), gradients)


def disagreement(found: Reference, expected: Reference, strictness: float = 1) -> str:
    """What differs by more than the tolerance, which is so many times smaller; "" if nothing does."""
    tolerance = TOLERANCE / strictness
    if found.gradients.keys() != expected.gradients.keys():
        return f"gradients of {', '.join(sorted(found.gradients))}, not of {', '.join(sorted(expected.gradients))}"
    largest = max(float(np.abs(grad).max()) for grad in expected.gradients.values())
    for name, grad in expected.gradients.items():
        off = distance(found.gradients[name], grad, 1e-2 * largest)
        if not off < tolerance:
            return f"the gradient of {name} is off by {off:.1e} of its largest value"
    off = distance(found.losses, expected.losses, 0.0)
    return "" if off < tolerance else f"the losses of the first {STEPS} steps are off by {off:.1e}"


def distance(found: Array, expected: Array, floor: float) -> float:
    """The largest difference as a part of the largest value, or of ``floor``; infinite where shapes differ."""
    if found.shape != expected.shape:
        return float("inf")
    scale = max(float(np.abs(expected).max()), floor)
    return float(np.abs(found - expected).max()) / scale if scale else float(np.abs(found).max())


def admit(workload: Workload, contestants: Sequence[Contestant]) -> tuple[list[Contestant], dict[str, str]]:
    """Those that agree with the reference, and why each of the others does not take part."""
    expected = reference(workload)
    admitted, refused = [], {}
    for contestant in contestants:
        try:
            why = disagreement(first_steps(contestant.start(workload)), expected)
        except Exception as error:  # whatever a library says, the others go on
            why = " ".join(str(error).split()) or type(error).__name__
        if why:
            refused[contestant.name] = why
        else:
            admitted.append(contestant)
    return admitted, refused


def race(workload: Workload, contestants: Sequence[Contestant], rounds: int, seconds: float) -> Race:
    """Time all that agree, round after round; a round takes each about ``seconds``."""
    admitted, refused = admit(workload, contestants)
    still = workload.still()
    runs = {contestant.name: contestant.start(still).run for contestant in admitted}
    # What stands now is no garbage: nobody's steps shall pay for looking through all libraries.
    gc.collect()
    gc.freeze()
    counts = {name: steps_in(run, seconds) for name, run in runs.items()}
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            run(1 + counts[name] // 10)  # finds the caches full of what others did, and is not counted
            times[name].append(seconds_for(run, counts[name]) / counts[name] * 1e6)
    gc.unfreeze()
    return Race(workload, times, refused)


def steps_in(run: Callable[[int], object], seconds: float) -> int:
    """How many steps take about ``seconds``; the first, which may compile, is not counted."""
    run(2)
    count = 1
    while (took := seconds_for(run, count)) < seconds / 4 and count < MOST_STEPS:
        count *= 4
    return max(FEWEST_STEPS, min(MOST_STEPS, round(count * seconds / max(took, 1e-9))))


def seconds_for(run: Callable[[int], object], count: int) -> float:
    """Processor seconds for ``count`` steps."""
    start = process_time()
    run(count)
    return process_time() - start
