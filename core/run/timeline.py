"""The timeline: a recording and the states it passes through, each immutable, the last of which is the present.

Whoever shows a graph shows one of these states, live or replayed alike. Nothing is computed here but sums of recorded
contributions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import singledispatch
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from chainrule.core.document.graph import NodeId
from chainrule.core.engine.recording import (
    Accumulated,
    Beat,
    Computed,
    Propagated,
    Seeded,
    Sent,
    Stepped,
    Stopped,
    Zeroed,
)
from chainrule.core.run.problems import Problem, warned

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Slab:
    """What one backward pass put into a ``.grad``."""

    number: int
    contribution: Array


@dataclass(frozen=True, slots=True)
class Chip:
    """A tensor saved for backward: an input socket's name or "result", and whether it has been freed."""

    name: str
    freed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class NodeState:
    """What one card shows. Arrays are shared and must not be written to.

    ``gradient`` is what the last backward brought to this node's output (None where it brought nothing); ``grad`` is
    the tensor's ``.grad``, the sum of ``slabs``; ``stale`` says that the value was edited since one of them was added.
    """

    values: Mapping[str, Array] = field(default_factory=dict)
    is_leaf: bool = True
    requires_grad: bool = False
    grad_fn: tuple[str, ...] = ()
    saved: tuple[Chip, ...] = ()
    gradient: Array | None = None
    grad: Array | None = None
    slabs: tuple[Slab, ...] = ()
    stale: bool = False
    problem: Problem | None = None

    @property
    def value(self) -> Array | None:
        """The single (or first) result; None where there is no value."""
        return next(iter(self.values.values()), None)

    @property
    def spent(self) -> bool:
        """Backward went through here and freed what was saved."""
        return any(chip.freed for chip in self.saved)


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The whole picture after ``step`` of ``total`` beats; ``beat`` is the one that just happened.

    ``sent`` maps a socket (node, socket) to the contribution that the last backward sent back through its wire.
    """

    nodes: Mapping[NodeId, NodeState] = field(default_factory=dict)
    sent: Mapping[tuple[NodeId, str], Array] = field(default_factory=dict)
    root: NodeId | None = None
    seed: Array | None = None
    beat: Beat | None = None
    step: int = 0
    total: int = 0


class Timeline:
    """Beats since the tape was last made fresh by an edit, starting from ``start``.

    ``stops`` says what a Stopped beat, by its place in ``beats``, means to the graph it happened in.
    """

    def __init__(self, start: State) -> None:
        self.start = start
        self.beats: list[Beat] = []
        self.stops: dict[int, Problem] = {}
        self._checkpoints = [start]
        self._latest = start
        self._spacing = max(64, len(start.nodes) // 8)  # checkpoints hold some eight entries a beat

    def extend(self, beats: Iterable[Beat], reaching: State | None = None) -> None:
        """Append ``beats``; ``reaching`` is the state they lead to, where the caller has it already."""
        self.beats.extend(beats)
        if reaching is not None:
            self._latest = replace(reaching, step=len(self.beats))

    def state_at(self, step: int) -> State:
        """The state after the first ``step`` beats (0 <= step <= len(beats))."""
        if not 0 <= step <= len(self.beats):
            raise IndexError(f"the timeline has {len(self.beats)} beats; there is no step {step}")
        if self._latest.step != step:
            known = self._checkpoints[min(step // self._spacing, len(self._checkpoints) - 1)]
            if known.step < self._latest.step < step:
                known = self._latest
            self._latest = self._played(known, step)
        return replace(self._latest, total=len(self.beats))

    def _played(self, known: State, step: int) -> State:
        """The state at ``step``, from an earlier one; leaves a checkpoint wherever one is due."""
        draft = Draft(dict(known.nodes), dict(known.sent), known.root, known.seed)
        for place in range(known.step, step):
            if place == self._spacing * len(self._checkpoints):
                self._checkpoints.append(draft.state(self.beats[place - 1], place))
            draft.problem = self.stops.get(place)
            play(self.beats[place], draft)
        return draft.state(self.beats[step - 1] if step else None, step)


@dataclass(slots=True)
class Draft:
    """A state that is being put together; ``problem`` is what a Stopped beat is to say."""

    nodes: dict[NodeId, NodeState]
    sent: dict[tuple[NodeId, str], Array]
    root: NodeId | None = None
    seed: Array | None = None
    problem: Problem | None = None

    def change(self, label: Any, **fields: Any) -> None:
        """Give the node ``label`` a new state that differs in ``fields``."""
        self.nodes[label] = replace(self.nodes.get(label, NodeState()), **fields)

    def state(self, beat: Beat | None, step: int) -> State:
        """What has been put together, made immutable."""
        nodes, sent = MappingProxyType(dict(self.nodes)), MappingProxyType(dict(self.sent))
        return State(nodes, sent, self.root, self.seed, beat, step)


@singledispatch
def play(beat: Beat, draft: Draft) -> None:
    """Do to ``draft`` what ``beat`` says happened."""
    raise TypeError(f"there is no beat of the type {type(beat).__name__}")


@play.register
def _(beat: Computed, draft: Draft) -> None:
    draft.change(
        beat.label,
        values=beat.values,
        is_leaf=not beat.grad_fn,
        requires_grad=beat.requires_grad,
        grad_fn=beat.grad_fn,
        saved=tuple(Chip(name) for name in beat.saved),
        problem=warned(beat.warnings),
    )


@play.register
def _(beat: Seeded, draft: Draft) -> None:
    _forget_stop(draft)
    for label, node in draft.nodes.items():
        if node.gradient is not None:
            draft.nodes[label] = replace(node, gradient=None)
    draft.sent.clear()
    draft.root, draft.seed = cast(NodeId, beat.label), beat.gradient
    draft.change(beat.label, gradient=beat.gradient)


@play.register
def _(beat: Propagated, draft: Draft) -> None:
    node = draft.nodes[cast(NodeId, beat.label)]
    freed = tuple(Chip(chip.name, chip.freed or chip.name in beat.freed) for chip in node.saved)
    whole = beat.index == len(node.grad_fn) - 1  # the others belong to the inside of the card
    draft.change(beat.label, saved=freed, gradient=beat.upstream if whole else node.gradient)
    for sent in beat.sent:
        _deliver(sent, beat.label, draft)


def _deliver(sent: Sent, sender: Any, draft: Draft) -> None:
    if sent.socket is not None:
        way = cast(NodeId, sender), sent.socket
        before = draft.sent.get(way)
        draft.sent[way] = sent.contribution if before is None else before + sent.contribution
    if sent.to != sender:
        waiting = draft.nodes[cast(NodeId, sent.to)].gradient
        draft.change(sent.to, gradient=sent.contribution if waiting is None else waiting + sent.contribution)


@play.register
def _(beat: Accumulated, draft: Draft) -> None:
    node = draft.nodes[cast(NodeId, beat.label)]
    grad = beat.contribution if node.grad is None else np.asarray(node.grad + beat.contribution)
    slab = Slab(beat.number, beat.contribution)
    draft.change(beat.label, grad=grad, gradient=beat.contribution, slabs=(*node.slabs, slab))


@play.register
def _(beat: Stopped, draft: Draft) -> None:
    _forget_stop(draft)
    draft.change(beat.label, problem=draft.problem or Problem("error", beat.message))


def _forget_stop(draft: Draft) -> None:
    """Another backward: where the one before it stopped is past. A node that could not be computed has no values."""
    for label, node in draft.nodes.items():
        if node.problem is not None and node.problem.kind == "error" and node.values:
            draft.nodes[label] = replace(node, problem=None)


@play.register
def _(beat: Zeroed, draft: Draft) -> None:
    grad = draft.nodes[cast(NodeId, beat.label)].grad
    zero = None if beat.to_none or grad is None else np.zeros_like(grad)
    draft.change(beat.label, grad=zero, slabs=(), stale=False)


@play.register
def _(beat: Stepped, draft: Draft) -> None:
    node = draft.nodes[cast(NodeId, beat.label)]
    draft.change(beat.label, values={**node.values, "": beat.after}, stale=node.grad is not None)
