"""Edits: patches that say what the records they touch shall be, applied all or not at all, each with its inverse.

The functions below build the edits that gestures, scripts and the file reader need; what a patch may not do (a cycle, a
name taken twice) is refused by ``checks``, once. Nothing is evaluated: whether shapes fit is the session's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from chainrule.core.document import checks, settings
from chainrule.core.document.graph import (
    TENSOR,
    About,
    Graph,
    GraphError,
    Leaf,
    Literal,
    Node,
    NodeId,
    Region,
    Training,
    Wire,
)
from chainrule.core.document.spelling import did_you_mean
from chainrule.core.engine import dtypes


@dataclass(frozen=True)
class Edit:
    """A patch: the new record of every node (or region) it touches, None where it is to be gone.

    ``label`` is what the undo menu says. Records that a patch does not name stay as they are.
    """

    label: str
    nodes: Mapping[NodeId, Node | None] = field(default_factory=dict)
    regions: Mapping[str, Region | None] = field(default_factory=dict)
    training: Training | None = None
    about: About | None = None


def apply(graph: Graph, edit: Edit) -> Edit:
    """Apply ``edit`` to ``graph`` and return its inverse; raise GraphError and change nothing if it may not be."""
    checks.check_nodes(graph, edit.nodes)
    checks.check_regions(graph, edit.regions, edit.nodes)
    checks.check_training(graph, edit.training, edit.nodes)
    inverse = Edit(
        edit.label,
        {i: graph.nodes.get(i) for i in edit.nodes},
        {name: graph.regions.get(name) for name in edit.regions},
        graph.training if edit.training is not None else None,
        graph.about if edit.about is not None else None,
    )
    for i in edit.nodes:
        if i in graph.nodes:
            graph._drop(graph.nodes[i])
    for node in edit.nodes.values():
        if node is not None:
            graph._take(node)
    for name, region in edit.regions.items():
        if region is None:
            graph.regions.pop(name, None)
        else:
            graph.regions[name] = region
    graph.training = edit.training or graph.training
    graph.about = edit.about or graph.about
    return inverse


# Builders. Each reads the graph and returns an Edit; none changes anything.


def add_node(
    graph: Graph,
    kind: str,
    name: str | None = None,
    *,
    leaf: Leaf | None = None,
    position: tuple[float, float] | None = None,
    inputs: Mapping[str, Wire | Literal] | None = None,
    params: Mapping[str, Any] | None = None,
) -> tuple[Edit, Node]:
    """A new node, and the edit that adds it. Without ``name`` it gets a free one; a leaf without ``leaf`` holds 1.0."""
    if kind == TENSOR and leaf is None:
        leaf = Leaf(np.ones((), dtypes.get_default_dtype().numpy))
    node = Node(
        id=graph.new_id(),
        kind=kind,
        name=name if name is not None else graph.free_name("x" if kind == TENSOR else kind),
        inputs=dict(inputs or {}),
        params=dict(params or {}),
        leaf=leaf,
        place=position,
    )
    return Edit(f"add {node.name}", {node.id: node}), node


def remove(graph: Graph, nodes: Iterable[NodeId], *, heal: bool = False) -> Edit:
    """Take ``nodes`` away, and the wires at them.

    With ``heal``, a wire that came out of a node with a single wire going in now comes from where that one came from.
    """
    gone = {i for i in nodes if i in graph.nodes}
    through = {i: _way_through(graph, i, gone) if heal else None for i in gone}
    changed: dict[NodeId, Node | None] = dict.fromkeys(gone)
    for consumer in {consumer for i in gone for consumer, _ in graph.consumers(i)} - gone:
        node = graph.nodes[consumer]
        inputs: dict[str, Wire | Literal] = {}
        for socket, source in node.inputs.items():
            kept = through[source.source] if isinstance(source, Wire) and source.source in gone else source
            if kept is not None:
                inputs[socket] = kept
        changed[consumer] = replace(node, inputs=inputs)
    names = {graph.nodes[i].name for i in gone}
    label = f"delete {', '.join(sorted(names))}" if len(names) < 4 else f"delete {len(names)} nodes"
    training = replace(graph.training, loss="") if graph.training.loss in names else None
    return Edit(label, changed, _without(graph, gone), training)


def _way_through(graph: Graph, start: NodeId, gone: set[NodeId]) -> Wire | None:
    """The one wire that leads into ``start`` from a node that stays, through nodes that go; None without one."""
    while True:
        wires = {wire for _, wire in graph.nodes[start].wires()}
        if len(wires) != 1:
            return None
        (wire,) = wires
        if wire.source not in gone:
            return wire
        start = wire.source


def _without(graph: Graph, gone: set[NodeId]) -> dict[str, Region | None]:
    """The regions that lose a member, as they are to be; one that loses all is gone."""
    return {
        name: replace(region, members=region.members - gone) if region.members - gone else None
        for name, region in graph.regions.items()
        if region.members & gone
    }


def rename(graph: Graph, node: NodeId, name: str) -> Edit:
    """Call ``node`` ``name``; the training settings follow if it is their loss."""
    old = graph.nodes[node]
    training = replace(graph.training, loss=name) if graph.training.loss == old.name else None
    return Edit(f"rename {old.name} to {name}", {node: replace(old, name=name)}, training=training)


def move(graph: Graph, positions: Mapping[NodeId, tuple[float, float]]) -> Edit:
    """Put nodes at new places on the canvas."""
    moved: dict[NodeId, Node | None] = {i: replace(graph.nodes[i], place=to) for i, to in positions.items()}
    return Edit(f"move {_names(graph, positions)}", moved)


def connect(graph: Graph, source: NodeId, output: str, target: NodeId, socket: str) -> Edit:
    """Wire ``output`` of ``source`` ("" for its only one) into ``socket`` of ``target``, in place of what was there."""
    label = f"connect {graph.nodes[source].name} to {graph.nodes[target].name}.{socket}"
    return Edit(label, {target: _filled(graph.nodes[target], socket, Wire(source, output))})


def disconnect(graph: Graph, target: NodeId, socket: str) -> Edit:
    """Empty ``socket`` of ``target``."""
    return Edit(f"disconnect {graph.nodes[target].name}.{socket}", {target: _filled(graph.nodes[target], socket, None)})


def set_literal(graph: Graph, target: NodeId, socket: str, value: Literal | None) -> Edit:
    """Put a number into ``socket`` of ``target``, in place of what was there; None empties it."""
    node = graph.nodes[target]
    return Edit(f"set {node.name}.{socket} to {value}", {target: _filled(node, socket, value)})


def _filled(node: Node, socket: str, source: Wire | Literal | None) -> Node:
    inputs = dict(node.inputs)
    inputs.pop(socket, None)
    if source is not None:
        inputs[socket] = source
    return replace(node, inputs=inputs)


def set_param(graph: Graph, node: NodeId, param: str, value: Any) -> Edit:
    """Set the parameter ``param`` of ``node``."""
    old = graph.nodes[node]
    return Edit(f"set {old.name} {param} to {value}", {node: replace(old, params={**old.params, param: value})})


def unset_param(graph: Graph, node: NodeId, param: str) -> Edit:
    """Let the parameter ``param`` of ``node`` be what it is by default."""
    old = graph.nodes[node]
    params = {name: value for name, value in old.params.items() if name != param}
    return Edit(f"reset {old.name} {param}", {node: replace(old, params=params)})


def set_value(graph: Graph, node: NodeId, value: Any, *, dtype: str | None = None) -> Edit:
    """Give the leaf ``node`` a new value: an array, a number or nested lists.

    The leaf keeps its dtype unless ``dtype`` or an array brings another. Raises GraphError for ragged lists, for what
    is not a number, and for numbers that the dtype cannot hold, such as 2.5 in an int64.
    """
    old = graph.nodes[node]
    leaf = leaf_of(old)
    if dtype is None:
        dtype = str(value.dtype if isinstance(value, np.ndarray) else leaf.value.dtype)
    array = read_value(value, dtype, old.name)
    return Edit(f"set the value of {old.name}", {node: replace(old, leaf=Leaf(array, leaf.requires_grad))})


def read_value(value: Any, dtype: str | None = None, node: str = "") -> np.ndarray[Any, Any]:
    """``value`` as an array of ``dtype`` (torch's default without one); GraphError at ``node`` if it does not fit."""
    try:
        wanted = None if dtype is None else dtypes.by_name(dtype)
    except KeyError:
        names = ", ".join(each.name for each in dtypes.ALL)
        raise GraphError(f"there is no dtype {dtype!r}; there are {names}", node, "dtype") from None
    try:
        natural = dtypes.from_python(value)  # with a dtype, text that looks like a number would pass
        array = natural if wanted is None else dtypes.from_python(value, wanted)
        if array.dtype.kind == "f":
            natural = dtypes.from_python(value, dtypes.float64)
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise GraphError(str(error), node, "value") from None
    if array.dtype.kind == "f":
        if not np.array_equal(np.isinf(array), np.isinf(natural)):
            raise GraphError(f"{array.dtype} cannot hold a number this large", node, "value")
    elif not np.array_equal(array, natural):
        raise GraphError(f"{array.dtype} cannot hold this value; a floating-point dtype can", node, "value")
    return array


def leaf_of(node: Node) -> Leaf:
    """The tensor that ``node`` holds; GraphError for an operation, whose value is computed."""
    if node.leaf is None:
        raise GraphError(f"{node.name} is computed ({node.kind}); only a leaf tensor can be given a value", node.name)
    return node.leaf


def set_dtype(graph: Graph, node: NodeId, dtype: str) -> Edit:
    """Cast the leaf ``node`` to ``dtype``, as ``Tensor.to`` does; an integer leaf stops requiring a gradient."""
    old = graph.nodes[node]
    leaf = leaf_of(old)
    target = read_value(0, dtype, old.name).dtype
    with np.errstate(invalid="ignore", over="ignore"):
        value = leaf.value.astype(target)
    cast = Leaf(value, leaf.requires_grad and target.kind == "f")
    return Edit(f"cast {old.name} to {dtype}", {node: replace(old, leaf=cast)})


def set_requires_grad(graph: Graph, node: NodeId, requires_grad: bool) -> Edit:
    """Throw the switch on the leaf ``node``."""
    old = graph.nodes[node]
    leaf = replace(leaf_of(old), requires_grad=requires_grad)
    return Edit(f"turn requires_grad of {old.name} {'on' if requires_grad else 'off'}", {node: replace(old, leaf=leaf)})


def set_note(graph: Graph, node: NodeId, note: str) -> Edit:
    """Write a note at ``node``."""
    return Edit(f"note at {graph.nodes[node].name}", {node: replace(graph.nodes[node], note=note)})


def set_region(graph: Graph, name: str, members: Iterable[NodeId], kind: str = "no_grad") -> Edit:
    """Let the region ``name`` have exactly ``members``; with none it is gone."""
    inside = frozenset(members)
    return Edit(f"{kind} region {name}", regions={name: Region(name, inside, kind) if inside else None})


def set_training(graph: Graph, **changes: Any) -> Edit:
    """Change settings of the epoch loop, by the names of the fields of ``Training``.

    Another optimiser comes with its own defaults for the options that are not given.
    """
    _refuse_unknown(changes, graph.training, "training")
    return Edit(f"set {', '.join(changes)}", training=settings.changed(graph.training, changes))


def set_about(graph: Graph, **changes: str) -> Edit:
    """Change the title, the source or the text of the document."""
    _refuse_unknown(changes, graph.about, "about")
    return Edit("describe the graph", about=replace(graph.about, **changes))


def _refuse_unknown(changes: Mapping[str, Any], record: Training | About, section: str) -> None:
    there = [each.name for each in fields(record)]
    unknown = changes.keys() - set(there)
    if unknown:
        hint = did_you_mean(min(unknown), there)
        raise GraphError(
            f"{section} has no {', '.join(sorted(unknown))}; it has {', '.join(there)}{hint}", field=section
        )


def merge(label: str, edits: Iterable[Edit]) -> Edit:
    """One edit that does what ``edits`` do one after another.

    Where two touch the same record the later one stands, so build it on what the earlier ones leave behind: apply them
    to a ``graph.copy()`` as you go.
    """
    nodes: dict[NodeId, Node | None] = {}
    regions: dict[str, Region | None] = {}
    training: Training | None = None
    about: About | None = None
    for edit in edits:
        nodes |= edit.nodes
        regions |= edit.regions
        training = edit.training or training
        about = edit.about or about
    return Edit(label, nodes, regions, training, about)


def _names(graph: Graph, nodes: Iterable[NodeId]) -> str:
    names = [graph.nodes[i].name for i in nodes]
    return ", ".join(names) if len(names) < 4 else f"{len(names)} nodes"
