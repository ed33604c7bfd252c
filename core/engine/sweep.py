"""The sweep: one backward pass over the tape, newest node first, each once, in PyTorch's order.

It is generic twice over: it calls the vjps of whatever rule a node holds, and what it sends along may be arrays or,
where the pass itself is to be differentiated, tensors. Which of the two is a ``Reading``, chosen once a pass.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine import anomaly, hooks
from chainrule.core.engine.modes import modes
from chainrule.core.engine.recording import Accumulated, Propagated, Recording, Seeded, Sent, Stopped
from chainrule.core.engine.tape import Accumulator, Node

Array = NDArray[Any]
Target = Node | Accumulator


class Reading(Protocol):
    """What gradients are on the way: arrays, or tensors that are themselves tracked (``tracked``)."""

    tracked: bool

    def values(self, node: Node) -> Sequence[Any]:
        """What ``node`` saved, as its vjps take it."""

    def contribution(self, node: Node, place: int, target: Target, upstream: Any, values: Sequence[Any]) -> Any:
        """What ``target``, the input at ``place``, receives, in its shape and dtype; NumPy's warnings are off."""

    def tensor(self, gradient: Any) -> Any:
        """``gradient`` as a tensor, for hooks and for the caller."""

    def gradient(self, tensor: Any) -> Any:
        """A tensor as it travels."""

    def accumulate(self, accumulator: Accumulator, gradient: Any) -> None:
        """Add to an accumulator's ``.grad``."""


# The two readings, by whether they are tracked. Tensors are built above this module, and put here from there.
readings: dict[bool, Reading] = {}


def sweep(
    roots: Sequence[tuple[Target, Any]],
    *,
    retain: bool,
    create_graph: bool = False,
    inputs: Collection[Target] | None = None,
    capture: bool = False,
    recording: Recording | None = None,
) -> Mapping[Target, Any]:
    """Send each root's seed (a tensor of its shape and dtype) back from it, into every accumulator that is reached.

    With ``inputs``, only what leads to one of them runs; with ``capture`` nothing is accumulated, and what arrived at
    each of ``inputs`` is returned as a tensor. Raises RuntimeError at a spent node or a modified saved tensor; what was
    accumulated before that stands.
    """
    before = modes.grad_enabled
    modes.switch(create_graph)
    try:
        walk = _Sweep([root for root, _ in roots], readings[create_graph], retain, inputs, capture, recording)
        for root, seed in roots:
            walk.start(root, walk.reading.gradient(seed))
        walk.run()
    finally:
        modes.switch(before)
    return walk.captured


class _Sweep:
    """One backward pass: gradients under way, and how many contributions each target still waits for."""

    def __init__(
        self,
        roots: Sequence[Target],
        reading: Reading,
        retain: bool,
        inputs: Collection[Target] | None,
        capture: bool,
        recording: Recording | None,
    ) -> None:
        self.reading = reading
        self.retain = retain
        self.recording = recording
        self.waiting = _awaited(roots)
        self.leading = None if inputs is None else _leading(self.waiting, inputs)
        self.capture = capture
        self.captures: Collection[Target] = inputs if capture and inputs is not None else ()
        self.captured: dict[Target, Any] = {}
        self.arrived: dict[Target, Any] = {}
        self.ready: list[tuple[int, Node]] = []

    def start(self, root: Target, seed: Any) -> None:
        """Put ``seed`` on ``root``."""
        if self.recording is not None:
            if isinstance(seed, np.ndarray):
                seed = seed.copy()  # what is recorded may not change when its owner writes to it
            self.recording.add(Seeded(root.label, _plain(seed), self.recording.number))
        self.deliver(root, seed)

    def run(self) -> None:
        """Visit every node that a gradient reaches."""
        while self.ready:
            node = heapq.heappop(self.ready)[1]
            self.visit(node, self.arrived.pop(node, None))

    def deliver(self, target: Target, contribution: Any) -> None:
        """Add to what has arrived at ``target``; once that is everything, queue a node, fill an accumulator.

        A contribution may be undefined, which is None and adds nothing; if all are, so is what arrives.
        """
        if contribution is not None:
            before = self.arrived.get(target)
            self.arrived[target] = contribution if before is None else before + contribution
        self.waiting[target] -= 1
        if not self.waiting[target]:
            if isinstance(target, Node):
                heapq.heappush(self.ready, (-target.sequence, target))
            else:
                self.settle(target, self.arrived.pop(target, None))

    def visit(self, node: Node, upstream: Any) -> None:
        """Run ``node``, unless it only was to be reached."""
        passes = self.passes(node)
        if passes:
            self.keep(node, upstream)
        if node.hooks is not None and node.hooks.arriving:
            upstream = self.hooked(node.hooks, upstream)
        if node.retained is not None and upstream is not None:
            self.reading.accumulate(node.retained, upstream)
        if not passes:
            self.keep(node, upstream)
            return
        upstream, sent = self.propagate(node, upstream)
        if self.recording is not None and upstream is not None:
            freed = () if self.retain else tuple(saved.name for saved in node.saved)
            self.recording.add(
                Propagated(node.label, node.index, node.short_name(), _plain(upstream), _records(node, sent), freed)
            )
        if not self.retain:
            node.free()
        for place, contribution in sent:
            target = node.targets[place]
            assert target is not None
            self.deliver(target, contribution)

    def keep(self, target: Target, gradient: Any) -> None:
        """Put ``gradient`` by, if it was asked for and there is one."""
        if target in self.captures and gradient is not None:
            self.captured[target] = self.reading.tensor(gradient)

    def passes(self, node: Node) -> bool:
        """Whether ``node`` is to run. Where gradients accumulate, PyTorch runs, and frees, the inputs' nodes too."""
        if self.leading is None or any(target in self.leading for target in node.targets):
            return True
        return not self.capture and node in self.leading

    def propagate(self, node: Node, upstream: Any) -> tuple[Any, list[tuple[int, Any]]]:
        """What ``node`` receives once its own hooks have seen it, and what it sends, by place."""
        try:
            if node.hooks is not None and node.hooks.before:
                (tensor,) = hooks.with_tuple(node.hooks.before, (self.tensor(upstream),))
                upstream = self.gradient(tensor)
            sent = self.contributions(node, upstream)
        except RuntimeError as error:
            if self.recording is not None:
                self.recording.add(Stopped(node.label, str(error)))
            raise
        if node.hooks is not None and node.hooks.after:
            sent = self.replaced(node, upstream, sent)
        return upstream, sent

    def contributions(self, node: Node, upstream: Any) -> list[tuple[int, Any]]:
        """What each tracked input that leads anywhere receives, in that input's shape and dtype."""
        if not modes.anomaly:
            return self.called(node, upstream)
        with anomaly.explained(node):
            sent = self.called(node, upstream)
            if modes.check_nan:
                anomaly.check(node, [(place, _plain(gradient)) for place, gradient in sent if gradient is not None])
        return sent

    def called(self, node: Node, upstream: Any) -> list[tuple[int, Any]]:
        """The vjps, called: a contribution for each place that leads anywhere, undefined where there is no vjp."""
        node.check()
        values, contribution = self.reading.values(node), self.reading.contribution
        sent = []
        for place, vjp in node.plan.vjps.items():
            target = node.targets[place]
            if target is not None and (self.leading is None or target in self.leading):
                defined = vjp is not None and upstream is not None
                sent.append((place, contribution(node, place, target, upstream, values) if defined else None))
        return sent

    def replaced(self, node: Node, upstream: Any, sent: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
        """``sent`` as the node's own hooks leave it."""
        assert node.hooks is not None
        by_place = dict(sent)
        tensors = tuple(self.tensor(by_place.get(place)) for place in range(len(node.targets)))
        tensors = hooks.with_tuple(node.hooks.after, tensors, (self.tensor(upstream),))
        return [(place, self.gradient(tensors[place])) for place, _ in sent]

    def settle(self, target: Accumulator, total: Any) -> None:
        """Everything for ``target`` has arrived."""
        if target.hooks is not None and target.hooks.arriving:
            total = self.hooked(target.hooks, total)
        if target in self.captures:
            self.keep(target, total)
            return
        if self.leading is not None and target not in self.leading:
            return
        if total is not None:
            self.reading.accumulate(target, total)
            if self.recording is not None:
                self.recording.add(Accumulated(target.label, _plain(total), self.recording.number))
        if target.hooks is not None and target.hooks.accumulated:
            hooks.tell(target.hooks.accumulated, target.variable)

    def hooked(self, kept: hooks.Hooks, gradient: Any) -> Any:
        """``gradient`` as the tensor hooks leave it."""
        return self.gradient(hooks.through_each(kept.arriving, self.tensor(gradient)))

    def tensor(self, gradient: Any) -> Any:
        """``gradient`` as hooks are given it; None where it is undefined."""
        return None if gradient is None else self.reading.tensor(gradient)

    def gradient(self, tensor: Any) -> Any:
        """What hooks gave back, as it travels; None where it is undefined."""
        return None if tensor is None else self.reading.gradient(tensor)


def _awaited(roots: Sequence[Target]) -> dict[Target, int]:
    """For everything reachable from ``roots``, how many contributions it will receive; a root's seed is one."""
    counts: dict[Target, int] = dict.fromkeys(roots, 0)
    stack = list(counts)
    for root in roots:
        counts[root] += 1
    while stack:
        node = stack.pop()
        if isinstance(node, Node):
            for target in node.targets:
                if target is not None:
                    if target not in counts:
                        counts[target] = 0
                        stack.append(target)
                    counts[target] += 1
    return counts


def _leading(reached: Collection[Target], inputs: Collection[Target]) -> set[Target]:
    """``inputs``, and those of ``reached`` from which one of them can be reached in turn."""
    leading = set(inputs)
    nodes = [target for target in reached if isinstance(target, Node)]
    for node in sorted(nodes, key=lambda each: each.sequence):
        if any(target in leading for target in node.targets):
            leading.add(node)
    return leading


def _plain(gradient: Any) -> Array:
    """The array of a gradient, whichever way it travels."""
    return np.asarray(getattr(gradient, "array", gradient))


def _records(node: Node, sent: list[tuple[int, Any]]) -> tuple[Sent, ...]:
    return tuple(
        Sent(node.socket(place), target.label, _plain(contribution))
        for place, contribution in sent
        if contribution is not None and (target := node.targets[place]) is not None
    )
