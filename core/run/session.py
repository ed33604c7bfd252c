"""A Session: a graph being run. It holds the values, the tape and the gradients; the graph itself stays as it is.

Values are always live: after an edit, what depends on it is run again and the tape is fresh. A backward spends the
tape, as in PyTorch. What happened stands in the timeline, and its last state is the present.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.document.edits import Edit
from chainrule.core.document.graph import TENSOR, Graph, Node, NodeId, Training, Wire
from chainrule.core.document.settings import optimizer_options
from chainrule.core.document.sockets import AnyOperation, missing, operation_of, socket_of
from chainrule.core.document.spelling import did_you_mean
from chainrule.core.engine import dtypes, tape
from chainrule.core.engine.calls import call
from chainrule.core.engine.modes import hearing, labelled
from chainrule.core.engine.recording import Accumulated, Beat, Computed, Recording, Seeded, Stepped, Stopped, Zeroed
from chainrule.core.engine.tensor import Tensor, tensor_of
from chainrule.core.ops.rule import Composite
from chainrule.core.optim.rules import UPDATES
from chainrule.core.optim.update import Memory, advance
from chainrule.core.run import problems
from chainrule.core.run.forward import Outputs, leaf_tensor, only_end, run_node, untracked_nodes
from chainrule.core.run.grads import GradSnapshot, LeafGrad, grad_of
from chainrule.core.run.problems import Problem, RunError
from chainrule.core.run.tapes import first_spent, name_saved, saved_names
from chainrule.core.run.timeline import Chip, NodeState, Slab, State, Timeline
from chainrule.core.run.training import written

Array = NDArray[Any]


class Session:
    """A run of ``graph``. After every edit of the graph, call ``update`` with the ids that it touched.

    ``timeline`` holds the beats since the tape was last fresh; ``problems`` what kept nodes from being computed;
    ``passes`` how many backwards have gone into the ``.grad`` that are there.
    """

    def __init__(self, graph: Graph) -> None:
        problems.require_graph(graph, "Session")
        self.graph = graph
        self.passes = 0
        self._records: dict[NodeId, Node] = {}
        self._results: dict[NodeId, Outputs] = {}
        self._computed: dict[NodeId, Computed] = {}
        self._states: dict[NodeId, NodeState] = {}
        self._problems: dict[NodeId, Problem] = {}
        self._untracked: frozenset[NodeId] = frozenset()
        self._order: list[NodeId] = []
        self._spent = False
        self._last_root: NodeId | None = None
        self._memories: dict[NodeId, Memory] = {}  # what the optimiser keeps of each leaf
        self._pending_steps: list[Stepped] = []  # made by step, not yet applied to the document
        self._steps: list[Stepped] = []  # the step that this timeline begins with
        self.timeline = Timeline(State())
        self.forward()

    # What there is to see

    @property
    def state(self) -> State:
        """The present."""
        return self.timeline.state_at(len(self.timeline.beats))

    @property
    def problems(self) -> Mapping[NodeId, Problem]:
        """What kept nodes from being computed, by node."""
        return MappingProxyType(self._problems)

    @property
    def warnings(self) -> list[tuple[NodeId, str]]:
        """What operations warned of, in running order."""
        return [(i, text) for i in self._order if i in self._computed for text in self._computed[i].warnings]

    def __getitem__(self, name: str) -> Tensor:
        """The tensor that the node ``name`` (or "node.output") gives; KeyError for no node, RunError for no value."""
        node, _, output = name.partition(".") if name not in self.graph else (name, "", "")
        outputs = self._outputs(self.graph.named(node).id)
        return outputs[output] if output else next(iter(outputs.values()))

    def operation(self, i: NodeId) -> AnyOperation:
        """The operation of the node ``i``; GraphError for a leaf, which has none."""
        node = self.graph.nodes[i]
        return operation_of(node.kind, node.name)

    def _outputs(self, i: NodeId) -> Outputs:
        if i not in self._results:
            name, problem = self.graph.nodes[i].name, self._problems.get(i)
            raise RunError(f"{name} has no value: {problem.message if problem else 'it is not in the graph'}", name)
        return self._results[i]

    # Forward

    def forward(self) -> None:
        """Run every node on a fresh tape. Leaves keep their ``.grad``."""
        self._order = self.graph.order()
        self._run(set(self._order))

    def update(self, changed: set[NodeId]) -> set[NodeId]:
        """After an edit of the nodes ``changed``: run what depends on it again, on a fresh tape.

        Returns the ids whose state is new. Nothing runs where only names, places or notes were changed.
        """
        dirty = {i for i in changed if self._differs(i)}
        untracked = untracked_nodes(self.graph)
        dirty |= (untracked ^ self._untracked) & self._records.keys()
        removed = {i for i in dirty if i not in self.graph.nodes}
        steps = [beat for beat in self._pending_steps if beat.label in dirty - removed]
        self._pending_steps = []
        if not dirty:
            return set()
        if removed or any(i not in self._records or self._rewired(i) for i in dirty):
            self._order = self.graph.order()
        affected = self.graph.downstream(dirty - removed)
        if self._spent:
            affected |= {i for i, state in self._states.items() if state.requires_grad and i in self.graph.nodes}
        before = self.state
        self._run(affected, steps)
        after = self.state.nodes
        return removed | {i for i in after if after[i] is not before.nodes.get(i)}

    def _differs(self, i: NodeId) -> bool:
        old, new = self._records.get(i), self.graph.nodes.get(i)
        if old is None or new is None:
            return old is not new
        if old.name != new.name and i in self._problems:
            return True  # what it says, it says by name
        # By identity, since edits replace what they change: 2 and 2.0 are equal, and make different tensors.
        return any(getattr(old, part) is not getattr(new, part) for part in ("kind", "leaf", "inputs", "params"))

    def _rewired(self, i: NodeId) -> bool:
        return dict(self._records[i].wires()) != dict(self.graph.nodes[i].wires())

    def _run(self, affected: set[NodeId], steps: Sequence[Stepped] = ()) -> None:
        """Evaluate ``affected`` in running order, and begin a new timeline."""
        before = self.state
        self._carry_grads(before)
        self._untracked = untracked_nodes(self.graph)
        for i in [i for i in self._records if i not in self.graph.nodes]:
            for store in (self._records, self._results, self._computed, self._states, self._problems, self._memories):
                store.pop(i, None)
        for i in self._order:
            if i in affected:
                self._problems.pop(i, None)
                node = self.graph.nodes[i]
                if node.leaf is not None:
                    self._load(node, before)
                else:
                    self._evaluate(node)
                self._records[i] = node
        self._spent = False
        self._steps = list(steps)
        self._begin()

    def _carry_grads(self, before: State) -> None:
        """Let the leaves' states begin with the ``.grad`` that the timeline has come to."""
        for i, state in self._states.items():
            if self._records[i].kind == TENSOR:
                kept = before.nodes[i]
                if state.grad is not kept.grad or state.stale != kept.stale:
                    self._states[i] = replace(state, grad=kept.grad, slabs=kept.slabs, stale=kept.stale)

    def _load(self, node: Node, before: State) -> None:
        """Make the tensor of a leaf, or keep it, and let it keep its ``.grad`` where that still fits."""
        assert node.leaf is not None
        old = self._records.get(node.id)
        kept = grad_of(before.nodes.get(node.id))
        if old is None or old.leaf is not node.leaf or node.id not in self._results:
            tensor = leaf_tensor(node.leaf).labelled_leaf(node.id)
            if kept.grad is not None and (kept.grad.shape, kept.grad.dtype) != (tensor._data.shape, tensor._data.dtype):
                kept = LeafGrad()
                self._memories.pop(node.id, None)
            if kept.grad is not None:
                tensor.grad = tensor_of(np.array(kept.grad))
                old_value = before.nodes[node.id].value
                same = old_value is not None and np.array_equal(old_value, tensor._data, equal_nan=True)
                kept = replace(kept, stale=kept.stale or not same)
            self._results[node.id] = {"": tensor}
        self._states[node.id] = NodeState(
            {"": node.leaf.value}, True, node.leaf.requires_grad, grad=kept.grad, slabs=kept.slabs, stale=kept.stale
        )

    def _evaluate(self, node: Node) -> None:
        self._results.pop(node.id, None)
        self._computed.pop(node.id, None)
        problem = self._obstacle(node)
        if problem is None:
            try:
                with labelled(node.id) as made, hearing() as heard:
                    results = _on_the_tape(run_node(node, self._source, self._untracked), made)
            except Exception as error:  # an operation may raise anything, and whatever it is belongs to this node
                problem = problems.failed(error)
            else:
                self._keep(node, results, made, tuple(heard))
        if problem is not None:
            self._problems[node.id] = problem
            self._states[node.id] = NodeState(problem=problem)

    def _obstacle(self, node: Node) -> Problem | None:
        """Why ``node`` cannot run yet."""
        for socket in missing(node):
            place = socket_of(operation_of(node.kind), socket)
            return problems.incomplete(node.name, socket, number=place is not None and place.number)
        for socket, wire in node.wires():
            if wire.source not in self._results:
                return problems.waiting(self.graph.nodes[wire.source].name, socket)
        return None

    def _source(self, wire: Wire, socket: str) -> Tensor:
        return self._results[wire.source][wire.output].through(socket)

    def _keep(self, node: Node, results: Outputs, made: list[tape.Node], heard: tuple[str, ...]) -> None:
        tracked = any(tensor.requires_grad for tensor in results.values())
        if isinstance(self.operation(node.id), Composite):
            name_saved(made, {socket: self._results[wire.source][wire.output] for socket, wire in node.wires()})
        beat = Computed(
            node.id,
            {name: tensor._data for name, tensor in results.items()},
            tracked,
            tuple(backward.short_name() for backward in made) if tracked else (),
            saved_names(node, made) if tracked else (),
            heard,
        )
        self._results[node.id] = results
        self._computed[node.id] = beat
        chips = tuple(Chip(name) for name in beat.saved)
        self._states[node.id] = NodeState(
            beat.values, not beat.grad_fn, tracked, beat.grad_fn, chips, problem=problems.warned(heard)
        )

    def _begin(self) -> None:
        """A new timeline: the leaves as they are, then every node that was computed.

        An optimiser's step that has just been applied to the document stands before them.
        """
        stepped = {beat.label: beat for beat in self._steps}
        start = {i: self._start(i, stepped) for i in self._order}
        self.timeline = Timeline(State(MappingProxyType(start)))
        beats: list[Beat] = [*self._steps, *(self._computed[i] for i in self._order if i in self._computed)]
        reached = State(MappingProxyType({i: self._states[i] for i in self._order}), beat=beats[-1] if beats else None)
        self.timeline.extend(beats, reached)

    def _start(self, i: NodeId, stepped: Mapping[Any, Stepped]) -> NodeState:
        if i in self._computed:
            return NodeState()
        return replace(self._states[i], values={"": stepped[i].before}) if i in stepped else self._states[i]

    # Backward

    def find_root(self, preferred: NodeId | None = None) -> NodeId:
        """Where backward starts: ``preferred``; else the last root, the document's loss, or the only tracked end.

        Raises RunError where that leaves none, or more than one.
        """
        loss = self.graph.training.loss
        named = self.graph.named(loss).id if loss in self.graph else None
        for choice in (preferred, self._last_root, named):
            if choice is not None and choice in self.graph.nodes:
                return choice
        return only_end(self.graph, {i for i in self._computed if self._states[i].requires_grad})

    def backward(self, root: NodeId | str | None = None, gradient: Any = None, retain_graph: bool = False) -> Recording:
        """Send ``gradient`` back from ``root`` into the ``.grad`` of the leaves; returns what happened.

        ``gradient`` is a number, nested lists, an array or a tensor of the root's shape; 1 for a scalar. Raises
        RuntimeError in PyTorch's words, and marks the node where it stopped; RunError where there is no root.
        """
        start = self._root(root)
        tensor = _tracked_one(self._outputs(start))
        recording = Recording(self.passes + 1)
        try:
            tensor.backward(_seed(gradient), retain_graph, recording=recording)
        except Exception as error:  # a rule may raise anything
            if not (recording.beats and isinstance(recording.beats[-1], Stopped)):
                recording.add(Stopped(start, str(error)))
            raise
        finally:
            self._take_in(recording, retain_graph)
        self._last_root = start
        return recording

    def _root(self, root: NodeId | str | None) -> NodeId:
        if isinstance(root, str):
            if root not in self.graph:
                hint = did_you_mean(root, (node.name for node in self.graph.nodes.values()))
                raise RunError(f"there is no node called {root!r}{hint}", root)
            return self.graph.named(root).id
        return self.find_root(root)

    def _take_in(self, recording: Recording, retain_graph: bool) -> None:
        """Put what a backward did, however far it came, on the timeline."""
        first = len(self.timeline.beats)
        for place, beat in enumerate(recording.beats, first):
            if isinstance(beat, Stopped):
                self.timeline.stops[place] = problems.stopped(beat.message, self._could_require_grad(beat))
        self.timeline.extend(recording.beats)
        if any(isinstance(beat, Accumulated) for beat in recording.beats):
            self.passes = recording.number
        if any(isinstance(beat, Seeded) for beat in recording.beats) and not retain_graph:
            self._spent = True

    def _could_require_grad(self, beat: Stopped) -> tuple[tuple[NodeId, str], ...]:
        """The floating-point leaves above the node where backward stopped."""
        above = (self.graph.nodes[i] for i in sorted(self.graph.upstream([beat.label])))  # type: ignore[list-item]
        return tuple(
            (node.id, node.name)
            for node in above
            if node.leaf is not None and not node.leaf.requires_grad and node.leaf.value.dtype.kind == "f"
        )

    def would_stop(self, root: NodeId) -> NodeId | None:
        """The node where a backward from ``root`` would stop because it is spent; None if it would go through."""
        if root not in self._results:
            return None
        spent = first_spent(_tracked_one(self._results[root]))
        return None if spent is None else spent.label  # type: ignore[return-value]

    # Gradients

    def zero_grad(self, to_none: bool = True) -> None:
        """Empty every ``.grad``: to None, or to zeros where one is there."""
        for i, state in self.state.nodes.items():
            if state.grad is not None:
                tensor = self._results[i][""]
                tensor.grad = None if to_none else tensor_of(np.zeros_like(state.grad))
                self.timeline.extend([Zeroed(i, to_none)])
        self.passes = 0

    def take_grads(self) -> GradSnapshot:
        """Every ``.grad`` as it is now."""
        leaves = {i: grad_of(state) for i, state in self.state.nodes.items() if state.grad is not None}
        return GradSnapshot(leaves, self.passes, dict(self._memories))

    def grads_of(self, grads: Mapping[str, Array | None]) -> GradSnapshot:
        """A snapshot with the ``grads`` by name that a training left: each as what one pass put there."""
        known = {self.graph.named(name).id: grad for name, grad in grads.items() if name in self.graph}
        filled = {i: LeafGrad(grad, (Slab(1, grad),)) for i, grad in known.items() if grad is not None}
        return GradSnapshot(filled, 1 if filled else 0)

    def step(self, settings: Training | None = None) -> Edit:
        """One optimiser step from the present ``.grad``: the edit that writes the leaves, for the caller to apply.

        Leaves without a ``.grad`` are skipped, as PyTorch skips them. What the optimiser keeps is there for the next.
        """
        settings = settings or self.graph.training
        update, options = UPDATES[settings.optimizer], optimizer_options(settings)
        values: dict[NodeId, Array] = {}
        for i, state in self.state.nodes.items():
            if state.requires_grad and state.grad is not None and state.value is not None and i not in self._computed:
                memory = self._memories.get(i)
                with np.errstate(all="ignore"):
                    values[i], self._memories[i] = advance(update, state.value, state.grad, memory, options)
        self._pending_steps = [Stepped(i, self._results[i][""]._data, after) for i, after in values.items()]
        return written(self.graph, values, f"{settings.optimizer} step")

    def put_grads(self, snapshot: GradSnapshot) -> None:
        """Bring every ``.grad`` back to what it was; begins a new timeline."""
        for i, state in self._states.items():
            if self.graph.nodes[i].kind == TENSOR:
                kept = snapshot.grads.get(i, LeafGrad())
                self._results[i][""].grad = None if kept.grad is None else tensor_of(np.array(kept.grad))
                self._states[i] = replace(state, grad=kept.grad, slabs=kept.slabs, stale=kept.stale)
        self.passes = snapshot.passes
        self._memories = dict(snapshot.memories)
        self._begin()


def _on_the_tape(results: Outputs, made: list[tape.Node]) -> Outputs:
    """``results``, each with a backward node of its own: an operation that gives its input back has made none."""
    return {
        name: call("alias", tensor) if tensor.requires_grad and tensor.grad_fn not in made else tensor
        for name, tensor in results.items()
    }


def _tracked_one(outputs: Outputs) -> Tensor:
    """Of several outputs, the first that gradients can come back to."""
    return next((tensor for tensor in outputs.values() if tensor.requires_grad), next(iter(outputs.values())))


def _seed(gradient: Any) -> Tensor | None:
    if gradient is None or isinstance(gradient, Tensor):
        return gradient
    return tensor_of(dtypes.from_python(gradient))
