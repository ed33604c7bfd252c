"""The tape: backward nodes linked by edges, what they saved, and the walk that sends gradients back through them.

The walk is generic: it calls the vjps of whatever rule a node holds. Summing to a shape, casting to a dtype, adding
contributions up and asking who needs a gradient each happen here, once, and in no rule.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.tracing import read_by, stand_in
from chainrule.core.engine import errors
from chainrule.core.engine.dtypes import torch_type_name
from chainrule.core.engine.modes import modes
from chainrule.core.engine.recording import Accumulated, Propagated, Recording, Seeded, Sent, Stopped
from chainrule.core.ops.rule import Rule

Array = NDArray[Any]

RESULT = "result"  # what a node calls its own output among the tensors it saved

_sequence = itertools.count()


class Version:
    """How often a piece of memory was changed in place; a tensor and its views share one, and it knows the views."""

    __slots__ = ("count", "views")

    def __init__(self) -> None:
        self.count = 0
        self.views: WeakSet[Any] | None = None


class Holder(Protocol):
    """What ``.grad`` is, as far as the tape need know: something with an array that can be added to."""

    _data: Array
    _version: Version


class Accumulator:
    """Where a gradient ends: the ``.grad`` of one tensor, and how to make it. PyTorch calls a leaf's AccumulateGrad."""

    __slots__ = ("_wrap", "dtype", "grad", "label", "shape")

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype[Any], wrap: Callable[[Array], Holder]) -> None:
        self.shape = shape
        self.dtype = dtype
        self.label: Hashable = None
        self.grad: Holder | None = None
        self._wrap = wrap

    def name(self) -> str:
        """PyTorch's name."""
        return "torch::autograd::AccumulateGrad"

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self):#x}>"

    def add(self, contribution: Array) -> None:
        """Add to ``grad`` in place, so that whoever holds it sees the sum; the first contribution is copied."""
        if self.grad is None:
            self.grad = self._wrap(np.array(contribution))
        else:
            np.add(self.grad._data, contribution, out=self.grad._data)
            self.grad._version.count += 1


class Edge:
    """Where a contribution goes: to a node or an accumulator. ``socket`` is what a graph calls this way out, or
    None.
    """

    __slots__ = ("socket", "target")

    def __init__(self, target: Node | Accumulator, socket: str | None = None) -> None:
        self.target = target
        self.socket = socket


class Outline:
    """Stands for an array that was not saved: a vjp that reads only its shape and dtype needs no more."""

    __slots__ = ("dtype", "ndim", "shape")

    def __init__(self, array: Array) -> None:
        self.shape = array.shape
        self.dtype = array.dtype
        self.ndim = array.ndim


class Saved:
    """A tensor kept for backward: its name, the version it had, and the node that made it (None for a leaf)."""

    __slots__ = ("array", "expected", "maker", "name", "version")

    def __init__(self, name: str, array: Array, version: Version | None = None, maker: Node | None = None) -> None:
        self.name = name
        self.array = array
        self.version = version
        self.expected = version.count if version else 0
        self.maker = maker

    def check(self, owner: Node) -> None:
        """RuntimeError if the memory was changed since ``owner`` saved it; a result was made by ``owner`` itself."""
        if self.version is not None and self.version.count != self.expected:
            maker = owner if self.name == RESULT else self.maker
            raise RuntimeError(
                errors.modified(
                    torch_type_name(self.array),
                    self.array.shape,
                    maker.name().partition("Backward")[0] if maker else "",
                    self.version.count,
                    self.expected,
                )
            )


class Node:
    """One backward node: the rule that ran, where its contributions go, and what it saved for them.

    ``values`` are the vjp's arguments, the result first: arrays where they were saved, outlines elsewhere; None once
    freed. ``label`` and ``index`` say for whom it was made, and which of theirs it is.
    """

    __slots__ = (
        "dtype", "edges", "index", "label", "numbers", "params", "retained", "rule", "saved", "sequence",
        "shape", "values",
    )  # fmt: skip

    def __init__(
        self,
        rule: Rule,
        params: Mapping[str, Any],
        edges: tuple[Edge | None, ...],
        values: tuple[Array | Outline, ...],
        saved: tuple[Saved, ...],
        numbers: tuple[int, ...],
    ) -> None:
        self.rule = rule
        self.params = params
        self.edges = edges
        self.values: tuple[Array | Outline, ...] | None = values
        self.saved = saved
        self.numbers = numbers
        self.shape = values[0].shape
        self.dtype = values[0].dtype
        self.retained: Accumulator | None = None
        self.sequence = next(_sequence)
        self.label = modes.label
        self.index = 0
        if modes.made is not None:
            self.index = len(modes.made)
            modes.made.append(self)

    def name(self) -> str:
        """PyTorch's name, such as ``MulBackward0``."""
        numbers = frozenset(self.rule.inputs[0 if self.rule.variadic else place].name for place in self.numbers)
        return self.rule.grad_fn_name(numbers, self.params)

    def __repr__(self) -> str:
        return f"<{self.name()} object at {id(self):#x}>"

    @property
    def spent(self) -> bool:
        """A backward has freed what this node saved; it cannot run again."""
        return self.values is None

    @property
    def next_functions(self) -> tuple[tuple[Node | Accumulator | None, int], ...]:
        """The nodes that its contributions go to, by input."""
        return tuple((edge.target if edge else None, 0) for edge in self.edges)

    def contributions(self, upstream: Array) -> list[tuple[Edge, Array]]:
        """What each tracked input receives, in that input's shape and dtype, for ``upstream`` (this output's shape)."""
        if self.values is None:
            raise RuntimeError(errors.SPENT)
        for saved in self.saved:
            saved.check(self)
        vjp, sent = self.rule.vjps, []
        for place, edge in enumerate(self.edges):
            if edge is not None:
                function = vjp[0 if self.rule.variadic else place]
                at = {"at": place} if self.rule.variadic else {}
                raw = function(upstream, *self.values, **at, **self.params)  # type: ignore[misc]
                sent.append((edge, fitted(raw, edge.target.shape, edge.target.dtype)))
        return sent

    def free(self) -> tuple[str, ...]:
        """Give up what was saved and return its names. A node that saved nothing can run again and again."""
        names = tuple(saved.name for saved in self.saved)
        if names:
            self.values, self.saved = None, ()
        return names


def fitted(gradient: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """``gradient`` in ``shape`` and ``dtype``: summed over what was broadcast forward, spread over what was folded."""
    array = np.asarray(gradient)
    if array.shape != shape:
        extra = array.ndim - len(shape)
        if extra > 0:
            array = np.add.reduce(array, axis=tuple(range(extra)))
        folded = tuple(d for d, side in enumerate(shape) if d >= -extra and side == 1 != array.shape[d + min(extra, 0)])
        if folded:
            array = np.add.reduce(array, axis=folded, keepdims=True)
        if array.shape != shape:
            array = np.broadcast_to(array, shape)
    return array if array.dtype == dtype else array.astype(dtype)


_reads: dict[object, tuple[int, ...]] = {}


def places_read(
    rule: Rule, params: Mapping[str, Any], needs: Sequence[bool], values: Sequence[Array]
) -> tuple[int, ...]:
    """Which of ``values`` (the result, then the inputs) the vjps of the inputs in ``needs`` read: what must be saved.

    Found by tracing the vjps once for each pattern of ranks and parameters, never declared by hand.
    """
    ranks = [value.ndim if value.size else ~value.ndim for value in values]  # rules may branch on emptiness
    key = (rule, *needs, *ranks, *map(_sort, params.values()))
    found = _reads.get(key)
    if found is None:
        found = _reads[key] = _trace_reads(rule, params, needs, values)
    return found


def _sort(param: Any) -> object:
    """What of a parameter a rule may branch on: words, switches and None as they are, of anything else its type."""
    if isinstance(param, tuple):
        return tuple(map(_sort, param))
    return param if param is None or isinstance(param, (bool, str)) else type(param)


def _trace_reads(
    rule: Rule, params: Mapping[str, Any], needs: Sequence[bool], values: Sequence[Array]
) -> tuple[int, ...]:
    traced = [stand_in(str(place), value.shape, value.dtype) for place, value in enumerate(values)]
    upstream = stand_in("g", values[0].shape, values[0].dtype)
    read: set[str] = set()
    with np.errstate(all="ignore"):
        for place, needed in enumerate(needs):
            if needed:
                function = rule.vjps[0 if rule.variadic else place]
                at = {"at": place} if rule.variadic else {}
                read |= read_by(function(upstream, *traced, **at, **params))  # type: ignore[misc]
    return tuple(sorted(int(name) for name in read if name != "g"))


def backward(
    roots: Sequence[tuple[Node | Accumulator, Array]],
    *,
    retain_graph: bool = False,
    recording: Recording | None = None,
) -> None:
    """Send each root's seed (of its shape and dtype) back from it, adding into every accumulator that is reached.

    Nodes run newest first, each once, when everything it is to receive has arrived: PyTorch's order. Raises
    RuntimeError at a spent node or a modified saved tensor; what was accumulated before that stands.
    """
    if recording is not None:
        for root, seed in roots:
            recording.add(Seeded(root.label, seed, recording.number))
    walk = _Walk(roots, retain_graph, recording)
    with np.errstate(all="ignore"):
        walk.run()


class _Walk:
    """One backward pass: gradients under way, and how many contributions each target still waits for."""

    def __init__(
        self, roots: Sequence[tuple[Node | Accumulator, Array]], retain: bool, recording: Recording | None
    ) -> None:
        self.retain = retain
        self.recording = recording
        self.waiting = _awaited([root for root, _ in roots])
        self.arrived: dict[Node | Accumulator, Array] = {}
        self.ready: list[tuple[int, Node]] = []
        for root, seed in roots:
            self.deliver(root, seed)

    def run(self) -> None:
        while self.ready:
            node = heapq.heappop(self.ready)[1]
            upstream = self.arrived.pop(node)
            if node.retained is not None:
                node.retained.add(upstream)
            try:
                sent = node.contributions(upstream)
            except RuntimeError as error:
                self.note(Stopped(node.label, str(error)))
                raise
            freed = () if self.retain else node.free()
            if self.recording is not None:
                self.note(Propagated(node.label, node.index, node.name(), upstream, _records(sent), freed))
            for edge, contribution in sent:
                self.deliver(edge.target, contribution)

    def deliver(self, target: Node | Accumulator, contribution: Array) -> None:
        before = self.arrived.get(target)
        self.arrived[target] = contribution if before is None else before + contribution
        self.waiting[target] -= 1
        if not self.waiting[target]:
            self.settle(target)

    def settle(self, target: Node | Accumulator) -> None:
        """Everything for ``target`` has arrived: queue a node, fill an accumulator at once."""
        if isinstance(target, Node):
            heapq.heappush(self.ready, (-target.sequence, target))
        else:
            total = np.asarray(self.arrived.pop(target))
            target.add(total)
            self.note(Accumulated(target.label, total, self.recording.number if self.recording else 0))

    def note(self, beat: Accumulated | Propagated | Stopped) -> None:
        if self.recording is not None:
            self.recording.add(beat)


def _awaited(roots: Sequence[Node | Accumulator]) -> dict[Node | Accumulator, int]:
    """For everything reachable from ``roots``, how many contributions it will receive; a root's seed is one."""
    counts: dict[Node | Accumulator, int] = dict.fromkeys(roots, 0)
    stack = list(counts)
    for root in roots:
        counts[root] += 1
    while stack:
        node = stack.pop()
        if isinstance(node, Node):
            for edge in node.edges:
                if edge is not None:
                    if edge.target not in counts:
                        counts[edge.target] = 0
                        stack.append(edge.target)
                    counts[edge.target] += 1
    return counts


def _records(sent: list[tuple[Edge, Array]]) -> tuple[Sent, ...]:
    return tuple(Sent(edge.socket, edge.target.label, contribution) for edge, contribution in sent)
