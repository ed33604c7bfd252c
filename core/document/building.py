"""Building a graph by names, as a script does: ``graph.add("mul", name="y", input="x", other=2)``.

Every call is one edit; nothing here changes a graph in any other way, and nothing is evaluated.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from chainrule.core.document import edits
from chainrule.core.document.graph import TENSOR, GraphError, Leaf, Literal, Node, Wire
from chainrule.core.document.graph import Graph as Document
from chainrule.core.document.sockets import operation_of, sockets
from chainrule.core.document.spelling import did_you_mean


class Graph(Document):
    """A computation graph that scripts build by names.

    >>> graph = Graph()
    >>> x = graph.add("tensor", name="x", value=[1.0, 2.0], requires_grad=True)
    >>> y = graph.add("mul", name="y", input="x", other="x")
    >>> loss = graph.add("sum", name="loss")
    >>> graph.connect("y", "loss.input")
    """

    def add(self, kind: str, name: str | None = None, **given: Any) -> Node:
        """Add a node of ``kind`` and return it.

        For ``"tensor"``, ``given`` is ``value`` with ``dtype`` and ``requires_grad``; for an operation its sockets by
        torch's argument names (a node's name, "node.output" or a number; a list of them where torch takes one)
        and its parameters. Raises GraphError, and adds nothing, if that makes no node.
        """
        position = given.pop("position", None)
        if kind == TENSOR:
            edit, node = edits.add_node(self, kind, name, leaf=_leaf(name or "", given), position=position)
        else:
            inputs, params = self._sort_out(kind, name or kind, given)
            edit, node = edits.add_node(self, kind, name, inputs=inputs, params=params, position=position)
        edits.apply(self, edit)
        return node

    def connect(self, source: str, target: str) -> None:
        """Wire ``source`` ("node" or "node.output") into ``target`` ("node.socket"), in place of what was there."""
        wire = self._wire(source, target)
        name, socket = split(target, self) or _refuse(target, self._names(), target)
        node = self.named(name)
        if not socket:
            there = ", ".join(f"{name}.{each}" for each in sockets(node)) or "none"
            raise GraphError(f"{target!r} names no socket; {name} has {there}", name, "inputs")
        edits.apply(self, edits.connect(self, wire.source, wire.output, node.id, socket))

    def _sort_out(
        self, kind: str, name: str, given: Mapping[str, Any]
    ) -> tuple[dict[str, Wire | Literal], dict[str, Any]]:
        places = {socket.name: socket for socket in operation_of(kind, name).inputs}
        inputs: dict[str, Wire | Literal] = {}
        params: dict[str, Any] = {}
        for key, value in given.items():
            if key not in places:
                params[key] = value
            elif places[key].variadic and isinstance(value, (list, tuple)):
                inputs |= {f"{key}.{slot}": self._source(each, name) for slot, each in enumerate(value)}
            elif value is not None:
                inputs[key] = self._source(value, name)
        return inputs, params

    def _source(self, value: Any, node: str) -> Wire | Literal:
        return self._wire(value, node) if isinstance(value, str) else value

    def _names(self) -> list[str]:
        return [node.name for node in self.nodes.values()]

    def _wire(self, reference: str, node: str) -> Wire:
        source, output = split(reference, self) or _refuse(reference, self._names(), node)
        return Wire(self.named(source).id, output)


def split(reference: str, names: Container[str]) -> tuple[str, str] | None:
    """A reference such as "y", "m.values" or "parts.tensors.0" as (node, what follows the dot); None if no node fits.

    The longest name that is there wins.
    """
    stem, rest = reference, ""
    while stem not in names:
        stem, dot, tail = stem.rpartition(".")
        if not dot:
            return None
        rest = f"{tail}.{rest}" if rest else tail
    return stem, rest


def _refuse(reference: str, names: Iterable[str], node: str) -> Any:
    hint = did_you_mean(reference.partition(".")[0], names)
    raise GraphError(f"there is no node called {reference!r}{hint}", node)


def _leaf(name: str, given: Mapping[str, Any]) -> Leaf:
    unknown = given.keys() - {"value", "dtype", "requires_grad"}
    if unknown:
        there = "it has value, dtype, requires_grad and position"
        raise GraphError(f"a tensor has no {', '.join(sorted(unknown))}; {there}", name, min(unknown))
    requires_grad = given.get("requires_grad", False)
    if not isinstance(requires_grad, bool):
        raise GraphError(
            f"requires_grad of {name} is {requires_grad!r}; it has to be True or False", name, "requires_grad"
        )
    dtype = given.get("dtype")
    return Leaf(edits.read_value(given.get("value", 1.0), getattr(dtype, "name", dtype), name), requires_grad)
