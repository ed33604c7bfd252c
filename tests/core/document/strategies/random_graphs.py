"""Random edits, and the graphs that sequences of them make; and what two graphs are compared by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.edits import Edit
from chainrule.core.document.graph import GraphError, Leaf, Node, Recipe, Wire
from chainrule.core.document.sockets import outputs
from chainrule.core.engine import dtypes
from chainrule.core.optim.rules import UPDATES

KINDS = ["add", "mul", "pow", "sum", "cat", "max", "reshape", "matmul", "linear", "relu"]
SOCKETS = ["input", "other", "exponent", "tensors.0", "tensors.1", "tensors.11", "bias", "nonsense"]
NAMES = st.sampled_from(["x", "w", "loss", "ŷ", "_a1", "for", "", "1x", "a b"])
NUMBERS = st.one_of(st.integers(-5, 5), st.booleans(), st.floats(width=32))
COORDINATES = st.floats(-1e6, 1e6)
TEXTS = st.text(max_size=12)


@st.composite
def arrays(draw: st.DrawFn) -> Any:
    """An array of any dtype and small shape, with every kind of number in it; a NaN is a NaN."""
    dtype = np.dtype(draw(st.sampled_from([each.name for each in dtypes.ALL])))
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
    array = draw(hnp.arrays(dtype, shape))
    if dtype.kind == "f":
        array = np.where(np.isnan(array), dtype.type(np.nan), array)
    return np.asarray(array, dtype)


@st.composite
def leaves(draw: st.DrawFn) -> Leaf:
    """A leaf, which requires a gradient only where it may."""
    value = draw(arrays())
    recipe = draw(st.sampled_from([None, Recipe("randn", {"size": [2, 3]}, 7), Recipe("full", {"fill_value": np.inf})]))
    return Leaf(value, value.dtype.kind == "f" and draw(st.booleans()), recipe)


@st.composite
def random_edits(draw: st.DrawFn, graph: Graph) -> Edit:
    """An edit of ``graph`` by one of the builders; it may be one that is refused."""
    ids = st.sampled_from(sorted(graph.nodes)) if graph.nodes else st.nothing()
    builders: list[Callable[[], Edit]] = [lambda: _added_leaf(draw, graph), lambda: _added_operation(draw, graph)]
    if graph.nodes:
        builders += [
            lambda: edits.connect(graph, draw(ids), draw(st.sampled_from(["", "values"])), draw(ids), _socket(draw)),
            lambda: edits.disconnect(graph, draw(ids), _socket(draw)),
            lambda: edits.set_literal(graph, draw(ids), _socket(draw), draw(NUMBERS)),
            lambda: edits.set_param(graph, draw(ids), draw(st.sampled_from(["dim", "shape", "no"])), draw(_params)),
            lambda: edits.rename(graph, draw(ids), draw(NAMES)),
            lambda: edits.move(graph, draw(st.dictionaries(ids, st.tuples(COORDINATES, COORDINATES), max_size=3))),
            lambda: edits.remove(graph, draw(st.sets(ids, max_size=3)), heal=draw(st.booleans())),
            lambda: edits.set_value(graph, draw(ids), draw(arrays())),
            lambda: edits.set_requires_grad(graph, draw(ids), draw(st.booleans())),
            lambda: edits.set_note(graph, draw(ids), draw(TEXTS)),
            lambda: edits.set_region(graph, draw(st.sampled_from(["a", "b"])), draw(st.sets(ids, max_size=2))),
            lambda: edits.set_training(
                graph, loss=draw(NAMES), lr=draw(st.floats(-1, 2)), epochs=draw(st.integers(0, 9))
            ),
            lambda: edits.set_training(graph, **draw(OPTIMIZERS)),
            lambda: edits.set_about(graph, title=draw(TEXTS)),
        ]
    return draw(st.sampled_from(builders))()


OPTIMIZERS = st.fixed_dictionaries(
    {"optimizer": st.sampled_from([*UPDATES, "SDG"])},
    optional={
        "betas": st.tuples(st.floats(0, 1), st.floats(0, 1)), "eps": st.none() | st.floats(0, 1),
        "amsgrad": st.booleans(), "alpha": st.floats(0, 1), "centered": st.booleans(), "momentum": st.floats(0, 1),
        "lr_decay": st.floats(0, 1), "initial_accumulator_value": st.floats(0, 1),
    },
)  # fmt: skip

_params = st.one_of(NUMBERS, st.none(), st.lists(st.integers(-2, 9), max_size=3), st.sampled_from(["sum", "mean"]))


def _socket(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(SOCKETS))


def _added_leaf(draw: st.DrawFn, graph: Graph) -> Edit:
    return edits.add_node(graph, "tensor", leaf=draw(leaves()), position=(draw(COORDINATES), draw(COORDINATES)))[0]


def _added_operation(draw: st.DrawFn, graph: Graph) -> Edit:
    inputs: dict[str, Any] = {}
    if graph.nodes:
        source = graph.nodes[draw(st.sampled_from(sorted(graph.nodes)))]
        inputs = {_socket(draw): Wire(source.id, draw(st.sampled_from(outputs(source))))}
    return edits.add_node(graph, draw(st.sampled_from(KINDS)), draw(st.none() | NAMES), inputs=inputs)[0]


@st.composite
def graphs(draw: st.DrawFn, most: int = 12) -> Graph:
    """A graph that up to ``most`` random edits have made."""
    graph = Graph()
    for _ in range(draw(st.integers(0, most))):
        try_to(graph, lambda: draw(random_edits(graph)))
    return graph


def try_to(graph: Graph, build: Callable[[], Edit]) -> Edit | None:
    """Apply what ``build`` makes; its inverse, or None where it was refused, in the building or the applying."""
    try:
        return edits.apply(graph, build())
    except GraphError:
        return None


def held(graph: Graph) -> Any:
    """Everything that ``graph`` holds, records by identity: equal only if not a thing has changed."""
    consumers = {i: set(graph.consumers(i)) for i in graph.nodes}
    names = {name: graph.named(name).id for name in (node.name for node in graph.nodes.values())}
    return dict(graph.nodes), dict(graph.regions), graph.training, graph.about, consumers, names


def described(graph: Graph) -> Any:
    """What ``graph`` says, by names, arrays to the last bit: equal for a graph and what is read back from its file."""
    nodes = {node.name: _node(graph, node) for node in graph.nodes.values()}
    regions = {name: {graph.nodes[i].name for i in region.members} for name, region in graph.regions.items()}
    order = [graph.nodes[i].name for i in graph.order()]
    return nodes, regions, repr(graph.training), graph.about, order


def _node(graph: Graph, node: Node) -> Any:
    inputs = {
        socket: (graph.nodes[source.source].name, source.output) if isinstance(source, Wire) else repr(source)
        for socket, source in node.inputs.items()
    }
    leaf = node.leaf and (
        node.leaf.value.dtype,
        node.leaf.value.shape,
        node.leaf.value.tobytes(),
        node.leaf.requires_grad,
    )
    recipe = node.leaf and node.leaf.recipe
    return node.kind, inputs, {k: repr(v) for k, v in node.params.items()}, leaf, recipe, node.place, node.note
