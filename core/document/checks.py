"""What no graph may contain: each rule of the document, once, with the message that a person reads.

The checks look at a patch before it is applied, and only at what it changes, so that moving one card among thousands
costs nothing. Whether shapes and dtypes fit together is not asked here: that is known when the graph runs.
"""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Mapping
from typing import Any

from chainrule.core.document.graph import TENSOR, Graph, GraphError, Leaf, Node, NodeId, Region, Training, Wire
from chainrule.core.document.settings import check_settings
from chainrule.core.document.sockets import operation_of, outputs, socket_of
from chainrule.core.engine import dtypes
from chainrule.core.ops.indexing import parse_index
from chainrule.core.ops.rule import Param, Socket

Patch = Mapping[NodeId, Node | None]

DEEPEST = 64  # as many dimensions as NumPy has
FARTHEST = 1e7  # from the origin a card may stand: windows count in pixels, and not without end
REGION_KINDS = ("no_grad",)


def check_nodes(graph: Graph, patch: Patch) -> None:
    """Raise GraphError unless the nodes of ``patch`` can stand in ``graph`` together with those it leaves alone."""
    _check_names(graph, patch)
    rewired = []
    for i, node in patch.items():
        if node is None:
            continue
        old = graph.nodes.get(i)
        _check_record(i, node, old)
        if old is None or old.inputs != node.inputs:
            _check_inputs(graph, patch, node)
            rewired.append(i)
        elif old.kind != node.kind or old.params != node.params:
            _check_inputs(graph, patch, node)
    for i, node in patch.items():
        _check_consumers(graph, patch, i, node)
    sources = {wire.source for node in patch.values() if node is not None for _, wire in node.wires()}
    _check_acyclic(graph, patch, [i for i in rewired if i in sources or graph.consumers(i)])


def _after(graph: Graph, patch: Patch, i: NodeId) -> Node | None:
    return patch[i] if i in patch else graph.nodes.get(i)


def _check_names(graph: Graph, patch: Patch) -> None:
    taken: dict[str, NodeId] = {}
    for i, node in patch.items():
        if node is None:
            continue
        check_name(node.name)
        other = taken.setdefault(node.name, i)
        if other == i and node.name in graph:
            holder = graph.named(node.name).id
            other = i if holder in patch else holder
        if other != i:
            raise GraphError(f"the name {node.name} is taken already", node.name, "name")


def check_name(name: Any) -> None:
    """Raise GraphError unless ``name`` can be the name of a node: a Python identifier that is no keyword."""
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        reason = "a word of Python's own" if isinstance(name, str) and keyword.iskeyword(name) else "not a Python name"
        raise GraphError(
            f"{name!r} is {reason}; a name is a letter followed by letters, digits and _",
            str(name),
            "name",
        )
    plain = unicodedata.normalize("NFKC", name)
    if plain != name:  # Python reads both spellings as one name, so that code made from the graph would mix them up
        raise GraphError(f"{name!r} is spelt with special characters; Python reads it as {plain!r}", name, "name")


def _check_record(i: NodeId, node: Node, old: Node | None) -> None:
    if node.id != i:
        raise GraphError(f"{node.name} has the id {node.id}, not {i}", node.name)
    if (node.kind == TENSOR) != (node.leaf is not None):
        raise GraphError(f"{node.name}: a leaf tensor holds a value, and only a leaf does", node.name, "value")
    if node.place is not None and (len(node.place) != 2 or not all(abs(x) <= FARTHEST for x in node.place)):
        raise GraphError(f"{node.name} stands at {node.place}, which is no place", node.name, "position")
    if node.leaf is not None:
        if old is None or old.leaf is not node.leaf:
            _check_leaf(node.name, node.leaf)
        if node.inputs:
            raise GraphError(f"{node.name} is a leaf tensor and has no sockets", node.name, "inputs")
    else:
        _check_params(node)


def _check_leaf(name: str, leaf: Leaf) -> None:
    try:
        dtype = dtypes.of(leaf.value)
    except TypeError as error:
        raise GraphError(str(error), name, "dtype") from None
    if leaf.requires_grad and not dtype.is_floating_point:
        raise GraphError(
            "only Tensors of floating point and complex dtype can require gradients", name, "requires_grad"
        )


def _check_params(node: Node) -> None:
    known = {param.name: param for param in operation_of(node.kind, node.name).params}
    for name, value in node.params.items():
        if name not in known:
            there = f"it has {', '.join(known)}" if known else "it has none"
            raise GraphError(f"{node.kind} has no parameter {name!r}; {there}", node.name, f"params.{name}")
        _check_param(node, known[name], value)


def _check_param(node: Node, param: Param, value: Any) -> None:
    if not _is_plain(value):
        kind = type(value).__name__
        raise GraphError(f"{param.name} is a {kind}; parameters are plain values", node.name, f"params.{param.name}")
    wanted = _wanted(param, value)
    if wanted:
        field = f"params.{param.name}"
        raise GraphError(f"{param.name} of {node.kind} is {value!r}; it has to be {wanted}", node.name, field)


def _wanted(param: Param, value: Any) -> str:
    """What ``value`` would have to be to stand in ``param``; nothing where it may stand there."""
    if value is None and param.default in (None, ()):
        return ""
    match param.kind:
        case "switch":
            return "" if isinstance(value, bool) else "True or False"
        case "choice":
            return "" if value in param.choices else " or ".join(map(repr, param.choices))
        case "integer":
            return "" if _is_integer(value) else "an integer"
        case "integers":
            parts = [part for each in value for part in _listed(each)] if isinstance(value, (list, tuple)) else [None]
            several = all(map(_is_integer, parts))  # of two lists of dimensions, as tensordot has them, both
            return "" if several or _is_integer(value) else "an integer, or a list of integers"
        case "number":
            return "" if isinstance(value, (int, float)) and not isinstance(value, bool) else "a number"
        case "dtype":
            names = [each.name for each in dtypes.ALL]
            return "" if value in names else " or ".join(names)
        case "index":
            return _wanted_index(value)
        case "text":
            return "" if isinstance(value, str) else "a text"
    return ""


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _wanted_index(value: Any) -> str:
    if _is_integer(value):
        return ""
    if not isinstance(value, str):
        return 'an integer, or text as it stands between brackets, such as "0, 1:"'
    try:
        parse_index(value)
    except ValueError as error:
        return f"text as it stands between brackets: {error}"
    return ""


def _is_plain(value: Any) -> bool:
    """None, a number, a text, or lists of these, not too deep, so that it can be saved and read back."""
    stack = [(value, 0)]
    while stack:
        each, depth = stack.pop()
        if isinstance(each, (list, tuple)) and depth < DEEPEST:
            stack.extend((inner, depth + 1) for inner in each)
        elif each is not None and not isinstance(each, (bool, int, float, str)):
            return False
    return True


def _check_inputs(graph: Graph, patch: Patch, node: Node) -> None:
    operation = operation_of(node.kind, node.name) if node.kind != TENSOR else None
    for name, source in node.inputs.items():
        field = f"inputs.{name}"
        socket = socket_of(operation, name) if operation else None
        if operation is None or socket is None:
            there = _list_sockets(operation.inputs if operation else ())
            raise GraphError(f"{node.kind} has no socket {name!r}; it has {there}", node.name, field)
        if isinstance(source, Wire):
            _check_wire(graph, patch, node, name, source)
        elif not isinstance(source, (bool, int, float)):
            raise GraphError(f"{node.name}.{name} holds {source!r}, which is not a number", node.name, field)
        elif type(source) is int and not -(1 << 63) <= source < 1 << 63:
            message = f"{node.name}.{name} holds an integer beyond 64 bits; write it as a floating-point number"
            raise GraphError(message, node.name, field)
        elif not socket.number:
            raise GraphError(f"{node.kind} takes a tensor as {name}, not a plain number", node.name, field)


def _list_sockets(sockets: tuple[Socket, ...]) -> str:
    return ", ".join(s.name + (".0, .1, ..." if s.variadic else "") for s in sockets) or "none"


def _check_wire(graph: Graph, patch: Patch, node: Node, socket: str, wire: Wire) -> None:
    source = _after(graph, patch, wire.source)
    if source is None:
        raise GraphError(f"{node.name}.{socket} is wired to a node that is not there", node.name, f"inputs.{socket}")
    if wire.output not in outputs(source):
        there = ", ".join(filter(None, outputs(source))) or "a single one, without a name"
        message = f"{source.name} has no output {wire.output!r}; it has {there}"
        raise GraphError(message, node.name, f"inputs.{socket}")


def _check_consumers(graph: Graph, patch: Patch, i: NodeId, node: Node | None) -> None:
    """The wires that come out of a changed node into one that stays as it is must still find their output."""
    old = graph.nodes.get(i)
    if old is None or (node is not None and (node.kind, node.params) == (old.kind, old.params)):
        return
    for consumer, socket in graph.consumers(i):
        if consumer not in patch:
            other = graph.nodes[consumer]
            wire = other.inputs[socket]
            if isinstance(wire, Wire):
                _check_wire(graph, patch, other, socket, wire)


def _check_acyclic(graph: Graph, patch: Patch, rewired: list[NodeId]) -> None:
    """A new cycle runs through a node that is rewired and used: follow the wires up from those, and meet none twice."""
    finished: set[NodeId] = set()
    for start in rewired:
        if start in finished:
            continue
        path, under_way = [start], {start}
        branches = [_sources(graph, patch, start)]
        while branches:
            source = branches[-1].pop() if branches[-1] else None
            if source is None:
                branches.pop()
                under_way.discard(path[-1])
                finished.add(path.pop())
            elif source in under_way:
                _refuse_cycle(graph, patch, [*path[path.index(source) :], source])
            elif source not in finished:
                path.append(source)
                under_way.add(source)
                branches.append(_sources(graph, patch, source))


def _sources(graph: Graph, patch: Patch, i: NodeId) -> list[NodeId]:
    node = _after(graph, patch, i)
    return [] if node is None else [wire.source for _, wire in node.wires()]


def _refuse_cycle(graph: Graph, patch: Patch, upwards: list[NodeId]) -> None:
    circle = [node.name for i in reversed(upwards) if (node := _after(graph, patch, i)) is not None]
    if len(circle) == 2:
        raise GraphError(f"{circle[0]} cannot be wired to itself", circle[0], "inputs")
    raise GraphError(f"this would close a cycle: {' -> '.join(circle)}; a graph has none", circle[0], "inputs")


def check_regions(graph: Graph, regions: Mapping[str, Region | None], patch: Patch) -> None:
    """Raise GraphError unless every region has a name, a known kind, and members that are there after the patch."""
    for name, region in regions.items():
        if region is None:
            continue
        if not name or region.name != name:
            raise GraphError(f"a region called {region.name!r} cannot stand as {name!r}", field="regions")
        if region.kind not in REGION_KINDS:
            raise GraphError(f"region {name} is of the unknown kind {region.kind!r}", field="regions")
    gone = {i for i, node in patch.items() if node is None}
    for name, region in {**graph.regions, **regions}.items():
        if region is None:
            continue
        changed = name in regions
        if region.members & gone or (changed and any(_after(graph, patch, i) is None for i in region.members)):
            raise GraphError(f"region {name} has a member that is not in the graph", field="regions")


def check_training(graph: Graph, training: Training | None, patch: Patch) -> None:
    """Raise GraphError, in PyTorch's words, unless the settings make sense and their loss is there."""
    now = training or graph.training
    if training is not None:
        check_settings(training)
    if not now.loss or (training is None and not patch):
        return
    named = [node.name for node in patch.values() if node is not None]
    if now.loss not in named and (now.loss not in graph or graph.named(now.loss).id in patch):
        raise GraphError(f"the loss {now.loss!r} of the training settings is not in the graph", field="training.loss")
