"""Which beats of a recording are steps of the player, and what each is called in plain words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

from chainrule.core.engine.recording import (
    Accumulated,
    Beat,
    Computed,
    Propagated,
    Seeded,
    Stepped,
    Stopped,
    Zeroed,
)

FORWARD, BACKWARD, UPDATE = "forward", "backward", "update"

Named = Callable[[Hashable], str]


@dataclass(frozen=True, eq=False)
class Step:
    """One step of the player: the state after ``position`` beats of the timeline, the last of which is ``beat``.

    ``title`` is a whole phrase ("MulBackward0 of pred"), ``mark`` a short sign for a tick; ``stages`` is how many of
    the four stages (arrives, local derivative, multiply, send on) it takes to show.
    """

    position: int
    beat: Beat
    phase: str
    title: str
    mark: str
    stages: int


def steps_of(beats: Iterable[Beat], is_leaf: Callable[[Hashable], bool], named: Named) -> tuple[Step, ...]:
    """The beats that show something: a leaf that merely has its value, and the seed before the first node, do not."""
    found = []
    for position, beat in enumerate(beats, start=1):
        if isinstance(beat, Seeded) or (isinstance(beat, Computed) and is_leaf(beat.label)):
            continue
        phase, title, mark, stages = _described(beat, named(beat.label))
        found.append(Step(position, beat, phase, title, mark, stages))
    return tuple(found)


def _described(beat: Beat, name: str) -> tuple[str, str, str, int]:
    match beat:
        case Computed():
            return FORWARD, f"{name} is computed", f"\u2192 {name}", 2
        case Propagated(grad_fn=grad_fn):
            return BACKWARD, f"{grad_fn} of {name}", f"\u2190 {name}", 4
        case Accumulated():
            return BACKWARD, f"AccumulateGrad on {name}", f"+= {name}", 2
        case Stopped():
            return BACKWARD, f"Backward stopped at {name}", f"\u00d7 {name}", 2
        case Zeroed(to_none=to_none):
            after = "None" if to_none else "0"
            return UPDATE, f"{name}.grad is set to {after}", f"{name}.grad = {after}", 2
        case Stepped():
            return UPDATE, f"{name} takes a step", f"\u2193 {name}", 2
        case Seeded():
            return BACKWARD, f"Backward begins at {name}", f"1 {name}", 2
