"""The graph: nodes, the wires in their sockets, and the settings that belong to the document.

Every record here is frozen; only ``edits.apply`` changes a graph. Nothing is evaluated here.
"""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

NodeId = int
Array = NDArray[Any]
Literal = bool | int | float

TENSOR = "tensor"


class GraphError(ValueError):
    """Something that cannot be in a graph; ``node`` is the name and ``field`` the part of the node that is wrong."""

    def __init__(self, message: str, node: str = "", field: str = "") -> None:
        super().__init__(message)
        self.node = node
        self.field = field


@dataclass(frozen=True, slots=True)
class Wire:
    """What a socket is wired to: a node and one of its outputs ("" for a node with a single result)."""

    source: NodeId
    output: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a leaf's numbers were made: a constructor's name, its arguments, and the seed if it draws."""

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None


@dataclass(frozen=True, eq=False)
class Leaf:
    """The tensor that a leaf node holds: document data. ``value`` is read-only; its dtype is the tensor's."""

    value: Array
    requires_grad: bool = False
    recipe: Recipe | None = None

    def __post_init__(self) -> None:
        value = np.array(self.value)
        value.flags.writeable = False
        object.__setattr__(self, "value", value)


@dataclass(frozen=True, eq=False)
class Node:
    """One card. ``inputs`` holds the filled sockets by torch's argument names (variadic ones are ``tensors.0`` ...).

    ``id`` is opaque, never reused within a graph, and grows with creation, so it also breaks ties in the running order.
    ``kind`` is an operation's name, or ``"tensor"`` for a leaf, which alone has ``leaf``. ``place`` is where the card
    stands, None until somebody or a layout has put it somewhere. ``extra`` keeps fields that a newer minor version of
    the file format wrote.
    """

    id: NodeId
    kind: str
    name: str
    inputs: Mapping[str, Wire | Literal] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    leaf: Leaf | None = None
    place: tuple[float, float] | None = None
    note: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def position(self) -> tuple[float, float]:
        """Where the card is drawn: its place, or the origin where it has none."""
        return self.place or (0.0, 0.0)

    def wires(self) -> Iterator[tuple[str, Wire]]:
        """The sockets that are wired, with what they are wired to."""
        for socket, source in self.inputs.items():
            if isinstance(source, Wire):
                yield socket, source


@dataclass(frozen=True, slots=True)
class Region:
    """A tinted area with explicit members; ``kind`` is "no_grad"."""

    name: str
    members: frozenset[NodeId]
    kind: str = "no_grad"


@dataclass(frozen=True, slots=True)
class Training:
    """The epoch loop that the document describes; ``loss`` names the root node ("" where the program is to find it).

    ``optimizer`` is the name of one in ``torch.optim``, and the options are called as there; an option that the
    optimiser does not have stands at its default. Where ``eps`` is None it is the optimiser's own.
    """

    loss: str = ""
    gradient: Any = None
    epochs: int = 100
    optimizer: str = "SGD"
    lr: float = 0.01
    momentum: float = 0.0
    dampening: float = 0.0
    weight_decay: float = 0.0
    nesterov: bool = False
    maximize: bool = False
    zero_grad: bool = True
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float | None = None
    amsgrad: bool = False
    alpha: float = 0.99
    centered: bool = False
    lr_decay: float = 0.0
    initial_accumulator_value: float = 0.0


@dataclass(frozen=True, slots=True)
class About:
    """What the graph is: a title, the source it comes from, and a paragraph for whoever opens it."""

    title: str = ""
    source: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Viewport:
    """Where the reader left the canvas: the scene point in the middle and the zoom."""

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0


class Graph:
    """A computation graph. Read it through the attributes; change it through ``core.document.edits`` or ``add``."""

    def __init__(self) -> None:
        self.nodes: dict[NodeId, Node] = {}
        self.regions: dict[str, Region] = {}
        self.training = Training()
        self.about = About()
        self.viewport: Viewport | None = None
        self.extra: dict[str, Any] = {}
        self._next_id = 1
        self._ids: dict[str, NodeId] = {}
        self._consumers: dict[NodeId, dict[tuple[NodeId, str], Wire]] = {}

    def new_id(self) -> NodeId:
        """An id that no node of this graph has had."""
        self._next_id += 1
        return self._next_id - 1

    def copy(self) -> Graph:
        """A graph of its own with the same records, which are shared: to try edits out, or to run elsewhere."""
        twin = type(self)()
        twin.nodes, twin.regions = dict(self.nodes), dict(self.regions)
        twin.training, twin.about, twin.viewport = self.training, self.about, self.viewport
        twin.extra = dict(self.extra)
        twin._next_id, twin._ids = self._next_id, dict(self._ids)
        twin._consumers = {source: dict(sockets) for source, sockets in self._consumers.items()}
        return twin

    def named(self, name: str) -> Node:
        """The node called ``name``; KeyError if there is none."""
        return self.nodes[self._ids[name]]

    def __contains__(self, name: object) -> bool:
        return name in self._ids

    def consumers(self, node: NodeId) -> list[tuple[NodeId, str]]:
        """The sockets, as (node, socket), that are wired to ``node``."""
        return list(self._consumers.get(node, ()))

    def order(self) -> list[NodeId]:
        """Every node after all it depends on, creation order breaking ties."""
        import heapq

        waiting = {i: len({w.source for _, w in node.wires()}) for i, node in self.nodes.items()}
        ready = [i for i, count in waiting.items() if count == 0]
        heapq.heapify(ready)
        done: list[NodeId] = []
        while ready:
            current = heapq.heappop(ready)
            done.append(current)
            for consumer in {i for i, _ in self._consumers.get(current, ())}:
                waiting[consumer] -= 1
                if waiting[consumer] == 0:
                    heapq.heappush(ready, consumer)
        return done

    def downstream(self, start: Iterable[NodeId]) -> set[NodeId]:
        """``start`` and every node that depends on one of them."""
        return self._closure(start, lambda i: (consumer for consumer, _ in self._consumers.get(i, ())))

    def upstream(self, start: Iterable[NodeId]) -> set[NodeId]:
        """``start`` and every node that one of them depends on."""
        return self._closure(start, lambda i: (wire.source for _, wire in self.nodes[i].wires()))

    @staticmethod
    def _closure(start: Iterable[NodeId], neighbours: Any) -> set[NodeId]:
        seen = set(start)
        stack = list(seen)
        while stack:
            for other in neighbours(stack.pop()):
                if other not in seen:
                    seen.add(other)
                    stack.append(other)
        return seen

    def free_name(self, wish: str) -> str:
        """``wish`` made a legal name that is not taken yet, with a number behind it if need be."""
        plain = unicodedata.normalize("NFKC", wish)
        stem = "".join(c if c.isalnum() or c == "_" else "_" for c in plain) or "node"
        if not stem.isidentifier() or keyword.iskeyword(stem):
            stem = f"{stem}_" if keyword.iskeyword(stem) else f"n{stem}"
        name, number = stem, 1
        while name in self._ids:
            number += 1
            name = f"{stem}{number}"
        return name

    # The two steps below are the only writes to ``nodes``; ``edits.apply`` alone calls them.

    def _take(self, node: Node) -> None:
        self.nodes[node.id] = node
        self._ids[node.name] = node.id
        self._next_id = max(self._next_id, node.id + 1)
        for socket, wire in node.wires():
            self._consumers.setdefault(wire.source, {})[node.id, socket] = wire

    def _drop(self, node: Node) -> None:
        del self.nodes[node.id]
        del self._ids[node.name]
        for socket, wire in node.wires():
            del self._consumers[wire.source][node.id, socket]
