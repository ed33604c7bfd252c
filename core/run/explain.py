"""What the inspector says about a node: its rule as text, its local derivative, the paths back to a leaf, a check.

All of it is read off the rule book and the session's values; nothing here is about any one operation.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile import formula
from chainrule.core.document.graph import Node, NodeId, Wire
from chainrule.core.document.sockets import operation_of
from chainrule.core.engine import dtypes
from chainrule.core.engine.modes import hearing
from chainrule.core.engine.random import rehearsing
from chainrule.core.engine.tensor import Tensor, tensor_of
from chainrule.core.ops.rule import Operation, Rule, Sample
from chainrule.core.run.forward import Outputs, Source, run_node, untracked_nodes
from chainrule.core.run.problems import RunError
from chainrule.core.run.session import Session

Array = NDArray[Any]

MOST_PATHS = 24
MOST_ELEMENTS = 200
LONGEST_TEXT = 48
STEP = np.cbrt(np.finfo(np.float64).eps)  # where rounding and curvature spoil a central difference equally
TOLERANCE = 1e-4
KINK = 1e-3


def rule_text(operation: Operation) -> list[tuple[str, str]]:
    """What backward sends to each input, as (input name, formula); nothing for a composite, which has no rule."""
    return formula.rule_text(operation) if isinstance(operation, Rule) else []


def node_rule_text(session: Session, node: NodeId) -> list[tuple[str, str]]:
    """``rule_text`` of the operation of ``node``, with the sizes and settings that this node has.

    As long as it has none, with those of ``rule_example``.
    """
    record = session.graph.nodes[node]
    operation = operation_of(record.kind, record.name)
    if not isinstance(operation, Rule):
        return []
    return formula.rule_text(operation, _own_sample(session, record, operation))


def rule_example(session: Session, node: NodeId) -> Sample | None:
    """The sample whose sizes and settings the rule of ``node`` is told with; None where they are the node's own."""
    record = session.graph.nodes[node]
    operation = operation_of(record.kind, record.name)
    if isinstance(operation, Rule):
        own = _own_sample(session, record, operation) is not None
    else:
        own = session.state.nodes[node].value is not None
    return None if own else next(iter(operation.samples), None)


def _own_sample(session: Session, record: Node, rule: Rule) -> Sample | None:
    """What stands in the sockets, or in its place where an optional one is empty.

    None where something lacks, and for a rule that takes any number of tensors.
    """
    if rule.variadic or record.id in session.problems:
        return None
    empty = inspect.signature(rule.forward).parameters
    filled = zip(rule.inputs, _inputs(session, record, rule), strict=True)
    arrays = [empty[each.name].default if array is None and each.optional else array for each, array in filled]
    return None if any(each is None for each in arrays) else Sample(tuple(arrays), dict(record.params))


# Local derivatives


@dataclass(frozen=True, eq=False)
class LocalDerivative:
    """How an output moves with one input: ``text`` in the names of the graph ("" where it is long), and its values."""

    text: str
    value: Array


def local(session: Session, node: NodeId, socket: str) -> LocalDerivative | None:
    """The local derivative of ``node`` by what stands in ``socket``, such that upstream times it is what is sent.

    None where that is no element-by-element product: a matrix product, a broadcast socket, a card of several rules.
    """
    record = session.graph.nodes.get(node)
    if record is None or record.leaf is not None or node in session.problems:
        return None
    rule = operation_of(record.kind, record.name)
    if not isinstance(rule, Rule) or rule.variadic or socket not in record.inputs:
        return None
    arrays = _inputs(session, record, rule)
    place = [each.name for each in rule.inputs].index(socket)
    result = session.state.nodes[node].value
    if result is None or any(each is None for each in arrays) or rule.vjps[place] is None:
        return None
    return _local(rule, record, place, [_names(session, record, each.name) for each in rule.inputs], arrays, result)


def _inputs(session: Session, node: Node, rule: Rule) -> list[Any]:
    """The values in the sockets; numbers as 0-d arrays, None where a socket is empty."""
    arrays: list[Any] = []
    for socket in rule.inputs:
        source = node.inputs.get(socket.name)
        if isinstance(source, Wire):
            arrays.append(session.state.nodes[source.source].values.get(source.output))
        else:
            arrays.append(None if source is None else np.asarray(source, np.float64))
    return arrays


def _names(session: Session, node: Node, socket: str) -> str:
    source = node.inputs.get(socket)
    if not isinstance(source, Wire):
        return ""
    name = session.graph.nodes[source.source].name
    return f"{name}.{source.output}" if source.output else name


def _local(
    rule: Rule, node: Node, place: int, names: list[str], arrays: list[Array], result: Array
) -> LocalDerivative | None:
    if result.ndim and result.shape != arrays[place].shape:
        return None
    params = {param.name: param.default for param in rule.params} | dict(node.params)
    vjp = rule.vjps[place]
    assert vjp is not None
    # A derivative that is a plain factor answers every upstream vector with its product.
    trial = np.linspace(0.5, 1.5, result.size).reshape(result.shape)
    with np.errstate(all="ignore"):
        try:
            value = np.asarray(vjp(np.ones(result.shape), result, *arrays, **params))
            answer = np.asarray(vjp(trial, result, *arrays, **params))
        except Exception:  # a rule may want what only the engine prepares; then there is nothing to show
            return None
        shape = arrays[place].shape
        if any(np.broadcast_shapes(each.shape, shape) != shape for each in (value, answer)):
            return None  # the input was broadcast: what is sent is a sum, and no factor would be true
        value, answer = np.broadcast_to(value, shape), np.broadcast_to(answer, shape)
        if not np.allclose(answer, trial * value, rtol=1e-5, atol=1e-7, equal_nan=True):
            return None
    return LocalDerivative(_local_text(rule, node, place, names, arrays, result, params), value)


def _local_text(
    rule: Rule, node: Node, place: int, names: list[str], arrays: list[Array], result: Array, params: Mapping[str, Any]
) -> str:
    """The formula in the names of the graph, in which numbers in sockets are numbers."""
    try:
        found = formula.derivative(
            rule, place, arrays, params, names=names, result=(node.name, result), of_scalars=True
        )
    except Exception:  # what cannot be traced has no text
        return ""
    return found.line if found.local and len(found.line) <= LONGEST_TEXT else ""


# Paths


@dataclass(frozen=True)
class Path:
    """One way back: ``nodes`` from the root to the leaf, a local derivative for each wire between them."""

    nodes: tuple[NodeId, ...]
    factors: tuple[float, ...]
    product: float


def paths(session: Session, root: NodeId, leaf: NodeId) -> list[Path]:
    """Every path from ``root`` back to ``leaf``; their products add up to the gradient for the seed 1.

    Empty where the graph is not one of single numbers, where a factor is unknown, or where there are more than
    ``MOST_PATHS``.
    """
    import networkx as nx

    graph, states = session.graph, session.state.nodes
    between = graph.upstream([root]) & graph.downstream([leaf])
    if root not in between or leaf not in between or root == leaf:
        return []
    wires: Any = nx.MultiDiGraph()
    for i in between:
        value = states[i].value
        if value is None or value.size != 1:
            return []
        for socket, wire in graph.nodes[i].wires():
            if wire.source in between and states[wire.source].requires_grad:
                wires.add_edge(i, wire.source, key=socket)
    if root not in wires or leaf not in wires or _count(wires, root, leaf) > MOST_PATHS:
        return []
    factors = {(i, socket): local(session, i, socket) for i, _, socket in wires.edges(keys=True)}
    found = []
    ways: Any = nx.all_simple_edge_paths(wires, root, leaf)
    for way in ways:
        along = [factors[i, socket] for i, _, socket in way]
        if any(each is None for each in along):
            return []
        numbers = tuple(float(each.value.reshape(())) for each in along if each is not None)
        found.append(Path((root, *(to for _, to, _ in way)), numbers, math.prod(numbers)))
    return found


def _count(wires: Any, root: NodeId, leaf: NodeId) -> int:
    """How many paths there are, without walking them: re-converging graphs have exponentially many."""
    import networkx as nx

    ways = {leaf: 1}
    for i in reversed(list(nx.topological_sort(wires))):
        if i != leaf:
            ways[i] = sum(ways[to] for _, to in wires.out_edges(i))
    return ways[root]


# The check


@dataclass(frozen=True)
class Check:
    """Whether finite differences agree with backward; ``difference`` is relative where the gradient exceeds 1."""

    ok: bool
    difference: float
    text: str


def gradient_check(session: Session, root: NodeId, leaf: NodeId, gradient: Any = None) -> Check:
    """Compare the gradient of ``root`` by ``leaf`` with central differences, both sides computed in float64.

    ``gradient`` is the seed (ones without it). At a kink, where the slopes on the two sides differ, the gradient has to
    lie between them. Of a large leaf, ``MOST_ELEMENTS`` evenly spread elements are compared.
    """
    run = _Float64Run(session, root, leaf)
    seed = np.ones(run.shape) if gradient is None else np.asarray(dtypes.from_python(gradient), np.float64)
    if seed.shape != run.shape:
        raise RunError(f"the seed has the shape {list(seed.shape)}, the output {list(run.shape)}")
    by_backward = run.gradient(seed).ravel()
    size = by_backward.size
    places = range(size) if size <= MOST_ELEMENTS else np.linspace(0, size - 1, MOST_ELEMENTS).astype(int)
    of = f" at {len(places)} of {size} elements" if len(places) < size else ""
    worst, kinks = 0.0, 0
    for place in places:
        got = float(by_backward[place])
        low, high, middle = run.slopes(seed, int(place))
        scale = max(1.0, abs(got), abs(middle)) if math.isfinite(got) and math.isfinite(middle) else 1.0
        if not (math.isfinite(low) and math.isfinite(high)):
            return Check(True, 0.0, "not finite on both sides of this value: there is no difference to compare with")
        if high - low > KINK * scale and low - KINK <= got <= high + KINK:
            kinks += 1
            continue
        difference = abs(got - middle) / scale
        if not difference <= TOLERANCE:
            return Check(False, difference, f"backward gives {got:.6g}, finite differences {middle:.6g} (float64)")
        worst = max(worst, difference)
    kinked = f"; {kinks} at a kink, between the slopes on its sides" if kinks else ""
    agree = f"agree to {worst:.0e}" if worst else "agree exactly"
    return Check(True, worst, f"finite differences {agree}{of} (float64){kinked}")


def stops(session: Session, root: NodeId, leaf: NodeId) -> list[NodeId]:
    """The nodes between ``leaf`` and ``root`` at which tracking stops: something tracked goes in, nothing comes out."""
    graph, states = session.graph, session.state.nodes
    between = graph.upstream([root]) & graph.downstream([leaf])
    return [
        i
        for i in graph.order()
        if i in between
        and not states[i].requires_grad
        and any(wire.source in between and states[wire.source].requires_grad for _, wire in graph.nodes[i].wires())
    ]


class _Float64Run:
    """The nodes above ``root``, run again with every floating-point leaf in float64."""

    def __init__(self, session: Session, root: NodeId, leaf: NodeId) -> None:
        self._graph = session.graph
        self._root, self._leaf = root, leaf
        above = self._graph.upstream([root])
        order = [self._graph.nodes[i] for i in self._graph.order() if i in above and i != leaf]
        moving = self._graph.downstream([leaf])
        self._moving = [node for node in order if node.id in moving]
        self._untracked = untracked_nodes(self._graph)
        self._fixed: dict[NodeId, Outputs] = {}
        self._fixed = self._outputs_of([node for node in order if node.id not in moving], {})
        self._value = self._double(self._graph.nodes[leaf])
        tensor = tensor_of(self._value.copy()).requires_grad_()
        self._output = self._run(tensor)
        self._tensor = tensor
        self.shape = self._output._data.shape

    @staticmethod
    def _double(node: Node) -> Array:
        assert node.leaf is not None
        value = node.leaf.value
        return value.astype(np.float64) if value.dtype.kind == "f" else value

    def _run(self, leaf: Tensor) -> Tensor:
        """The root's output for this ``leaf``; what does not depend on it was computed before."""
        results = self._outputs_of(self._moving, {self._leaf: {"": leaf}})
        outputs = results.get(self._root) or self._fixed[self._root]
        return next((each for each in outputs.values() if each._data.dtype.kind == "f"), next(iter(outputs.values())))

    def _outputs_of(self, nodes: Sequence[Node], results: dict[NodeId, Outputs]) -> dict[NodeId, Outputs]:
        """``results`` and what ``nodes`` give; what chance has a part in gets the same numbers every time."""

        def source(wire: Wire, socket: str) -> Tensor:
            found = results if wire.source in results else self._fixed
            return found[wire.source][wire.output]

        with rehearsing():
            for node in nodes:
                leaf = node.leaf is not None
                results[node.id] = {"": tensor_of(self._double(node))} if leaf else self._outputs(node, source)
        return results

    def _outputs(self, node: Node, source: Source) -> Outputs:
        """What ``node`` gives. Only a conversion makes a narrower float here, and it is looked through."""
        with hearing(), dtypes.default_dtype(dtypes.float64):
            results = run_node(node, source, self._untracked)
        socket, wire = next(node.wires(), ("", None))
        if wire is not None and any(t.is_floating_point() and t.dtype is not dtypes.float64 for t in results.values()):
            return {"": source(wire, socket)}
        return results

    def gradient(self, seed: Array) -> Array:
        """The gradient by backward."""
        if not self._output.requires_grad:
            return np.zeros_like(self._value)
        self._output.backward(tensor_of(seed))
        grad = self._tensor.grad
        return np.zeros_like(self._value) if grad is None else np.asarray(grad._data)

    def slopes(self, seed: Array, place: int) -> tuple[float, float, float]:
        """The lower and higher of the two one-sided slopes along one element, and the central one between them."""
        step = STEP * max(1.0, math.sqrt(abs(float(self._value.ravel()[place]))))
        here = self._total(seed, place, 0.0)
        right = (self._total(seed, place, step) - here) / step
        left = (here - self._total(seed, place, -step)) / step
        return min(left, right), max(left, right), (left + right) / 2

    def _total(self, seed: Array, place: int, shift: float) -> float:
        moved = self._value.copy()
        moved.reshape(-1)[place] += shift
        return float(np.sum(seed * self._run(tensor_of(moved))._data))
