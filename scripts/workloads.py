"""What the engine's benchmark trains: six graphs of fixed make, and chains and stretches of any size.

A workload is a document, written once; everybody runs the same graph (`graph_source` walks it for other libraries).
Those that are drawn at random are `random_workloads`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.graph import Graph as Document

Array = NDArray[Any]

LOSS = "loss"
STILL = 1e-6  # a learning rate so much smaller lets a million steps make the same work as the first


@dataclass(frozen=True, eq=False)
class Workload:
    """A graph whose node ``loss`` is made small by SGD.

    ``targets`` say how many times faster than PyTorch's eager loop a contestant is to be.
    """

    name: str
    graph: Document
    lr: float
    targets: Mapping[str, float] = field(default_factory=dict)

    @property
    def leaves(self) -> dict[str, Array]:
        """The values that a run starts from, by name."""
        return {node.name: node.leaf.value for node in self.graph.nodes.values() if node.leaf is not None}

    @property
    def trained(self) -> list[str]:
        """The names of the leaves that are trained."""
        return [node.name for node in self.graph.nodes.values() if node.leaf is not None and node.leaf.requires_grad]

    @property
    def operations(self) -> int:
        """How many operations the graph has."""
        return sum(node.leaf is None for node in self.graph.nodes.values())

    def still(self) -> Workload:
        """The same work with values that hardly move: what is timed shall depend on the graph, not on where it goes."""
        return replace(self, lr=self.lr * STILL)

    def exact(self) -> Workload:
        """The same in float64, to hold others against."""
        graph = self.graph.copy()
        for node in list(graph.nodes.values()):
            if node.leaf is not None and node.leaf.value.dtype == np.float32:
                edits.apply(graph, edits.set_dtype(graph, node.id, "float64"))
        return replace(self, graph=graph)


def leaf(graph: Graph, name: str, value: Any, *, trained: bool = False) -> str:
    """Add a leaf, in float32 where it holds no integers, and return its name."""
    array = np.asarray(value)
    dtype = "int64" if array.dtype.kind == "i" else "float32"
    return graph.add("tensor", name=name, value=array.astype(dtype), dtype=dtype, requires_grad=trained).name


def fixed() -> list[Workload]:
    """The six, smallest first."""
    return [scalar_regression(), three_elements(), small_mlp(), large_mlp(), chain(1000), stretch(1_000_000)]


def scalar_regression() -> Workload:
    """``(y - w * x) ** 2`` of three numbers."""
    graph = Graph()
    for name, value in (("x", 1.5), ("y", 2.0)):
        leaf(graph, name, value)
    leaf(graph, "w", 0.7, trained=True)
    graph.add("mul", name="product", input="w", other="x")
    graph.add("sub", name="error", input="y", other="product")
    graph.add("pow", name=LOSS, input="error", exponent=2)
    return Workload("scalar regression", graph, 0.01, {"program": 14, "fused": 1000})


def three_elements() -> Workload:
    """The notebook's ``y = x + 2``, ``z = y * y * 2`` and its mean."""
    graph = Graph()
    leaf(graph, "x", [0.6867, -0.3665, -1.1250], trained=True)
    graph.add("add", name="y", input="x", other=2)
    graph.add("mul", name="squared", input="y", other="y")
    graph.add("mul", name="z", input="squared", other=2)
    graph.add("mean", name=LOSS, input="z")
    return Workload("n = 3 expression", graph, 0.01, {"program": 16, "fused": 1000})


def small_mlp() -> Workload:
    """2-16-16-1, tanh, squared error, 16 rows."""
    random = np.random.default_rng(0)
    graph = Graph()
    last = layers(graph, random, leaf(graph, "x", random.normal(size=(16, 2))), (2, 16, 16, 1), "tanh")
    target = leaf(graph, "target", random.normal(size=(16, 1)))
    graph.add("mse_loss", name=LOSS, input=last, target=target)
    return Workload("MLP 2-16-16-1", graph, 0.05, {"program": 8, "fused": 8})


def large_mlp() -> Workload:
    """784-128-10, relu, cross entropy, 64 rows."""
    random = np.random.default_rng(0)
    graph = Graph()
    last = layers(graph, random, leaf(graph, "x", random.normal(size=(64, 784))), (784, 128, 10), "relu")
    target = leaf(graph, "target", random.integers(0, 10, size=64))
    graph.add("cross_entropy", name=LOSS, input=last, target=target)
    return Workload("MLP 784-128-10", graph, 0.05, {"program": 2})


def layers(graph: Graph, random: np.random.Generator, last: str, widths: Sequence[int], activation: str) -> str:
    """Linear layers with an activation between them, from node ``last`` on; the name of the last."""
    for number, (inputs, outputs) in enumerate(pairwise(widths), 1):
        weight = leaf(graph, f"W{number}", random.normal(size=(outputs, inputs)) / inputs**0.5, trained=True)
        bias = leaf(graph, f"b{number}", 0.1 * random.normal(size=outputs), trained=True)
        if number > 1:
            last = graph.add(activation, name=f"h{number - 1}", input=last).name
        last = graph.add("linear", name=f"z{number}", input=last, weight=weight, bias=bias).name
    return last


# What a chain goes round in, each with the node before it: gradients neither die out nor grow over thousands of them.
CHAIN: tuple[Mapping[str, Any], ...] = (
    {"kind": "mul", "other": "w"},
    {"kind": "add", "other": "b"},
    {"kind": "tanh"},
    {"kind": "sin"},
)
# And a stretch, over many elements: as they come in models, some cheap and some dear.
STRETCH: tuple[Mapping[str, Any], ...] = (
    {"kind": "mul", "other": "w"},
    {"kind": "tanh"},
    {"kind": "add", "other": "b"},
    {"kind": "exp"},
    {"kind": "mul", "other": 0.5},
    {"kind": "sub", "other": "b"},
    {"kind": "sigmoid"},
    {"kind": "square"},
    {"kind": "relu"},
    {"kind": "sin"},
)


def chain(operations: int, elements: int = 10) -> Workload:
    """So many operations one after the other, the last a mean of squares, on a few elements."""
    random = np.random.default_rng(0)
    graph = Graph()
    last = leaf(graph, "x", random.uniform(-0.03, 0.03, elements), trained=True)
    leaf(graph, "w", 1 + random.uniform(-0.002, 0.002, elements))
    leaf(graph, "b", random.uniform(-1e-4, 1e-4, elements))
    last = follow(graph, last, CHAIN, operations - 2)
    graph.add("square", name="squares", input=last)
    graph.add("mean", name=LOSS, input="squares")
    return Workload(f"{operations} ops x {elements}", graph, 0.1, {"program": 12, "fused": 100})


def stretch(elements: int, operations: int = 20) -> Workload:
    """Pointwise operations on so many elements, and their sum."""
    random = np.random.default_rng(0)
    graph = Graph()
    last = leaf(graph, "x", random.uniform(-1, 1, elements), trained=True)
    leaf(graph, "w", 1.25)
    leaf(graph, "b", 0.25)
    last = follow(graph, last, STRETCH, operations)
    graph.add("sum", name=LOSS, input=last)
    return Workload(f"{operations} ops x {elements:.0e}".replace("e+0", "e"), graph, 0.5, {"program": 2.5})


def follow(graph: Graph, last: str, links: Sequence[Mapping[str, Any]], count: int) -> str:
    """Add ``count`` nodes after ``last``, each fed by the one before, round and round through ``links``."""
    for number in range(count):
        link = links[number % len(links)]
        last = graph.add(**link, name=f"v{number}", input=last).name
    return last
