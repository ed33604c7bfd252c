"""Drawing a wire from socket to socket, either way, and taking up the end of one that is there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPen

from chainrule.core.document import checks, edits
from chainrule.core.document.edits import Edit
from chainrule.core.document.graph import Graph, GraphError, NodeId, Wire
from chainrule.gui.canvas.card import Port
from chainrule.gui.canvas.gestures.gesture import Press
from chainrule.gui.canvas.surface import Surface
from chainrule.gui.canvas.wire_item import WireKey
from chainrule.gui.canvas.wire_path import wire_path


@dataclass(frozen=True, slots=True)
class PendingWire:
    """The loose end of a wire: it hangs on ``socket`` of ``node``, an "output" or an "input" (``side``)."""

    node: NodeId
    side: str
    socket: str

    def edit(self, graph: Graph, node: NodeId, socket: str) -> Edit:
        """The edit that plugs the loose end into ``socket`` of ``node``: an input for an output, and the other way."""
        if self.side == "output":
            return edits.connect(graph, self.node, self.socket, node, socket)
        return edits.connect(graph, node, socket, self.node, self.socket)

    @property
    def wants(self) -> str:
        """The side of the sockets that the loose end fits."""
        return "input" if self.side == "output" else "output"


def refusal(graph: Graph, edit: Edit) -> str:
    """Why ``edit`` may not be; empty where it may."""
    try:
        checks.check_nodes(graph, edit.nodes)
    except GraphError as error:
        return str(error)
    return ""


class DrawWire:
    """A wire that hangs on the pointer until it is dropped on a socket, a node, or the canvas."""

    def __init__(
        self, view: Surface, press: Press, pending: PendingWire | None = None, taken: WireKey | None = None
    ) -> None:
        assert pending is not None or (press.node is not None and press.zone is not None)
        self.view = view
        self.taken = taken
        if pending is None and press.zone is not None and press.node is not None:
            pending, self.taken = _begin(view.editor.graph, press.node, press.zone.kind, press.zone.name)
        assert pending is not None
        self.pending = pending
        self.place = press.scene
        self.target: tuple[NodeId, str] | None = None
        self.reason = ""
        self._mark_sockets()
        if self.taken is not None:
            view.canvas.wires[self.taken].setOpacity(0.25)

    @staticmethod
    def taking_up(view: Surface, press: Press) -> DrawWire:
        """Take up a wire in the middle: the end that is nearer to the pointer comes loose."""
        assert press.wire is not None
        item = view.canvas.wires[press.wire]
        to_start = (press.scene - item.start).manhattanLength()
        to_end = (press.scene - item.end).manhattanLength()
        if to_end <= to_start:
            pending = PendingWire(item.source, "output", item.output)
        else:
            pending = PendingWire(press.wire[0], "input", press.wire[1])
        return DrawWire(view, press, pending, press.wire)

    # Which sockets fit

    def _mark_sockets(self) -> None:
        """Light the sockets that take the wire and dim those that cannot."""
        graph = self.view.editor.graph
        for i, item in self.view.canvas.nodes.items():
            lit, dimmed = set(), set()
            for port in item.card.ports:
                key = (port.side, port.name)
                if (i, *key) == (self.pending.node, self.pending.side, self.pending.socket):
                    continue
                if port.side == self.pending.wants and not refusal(graph, self.pending.edit(graph, i, port.name)):
                    lit.add(key)
                else:
                    dimmed.add(key)
            item.set_marks(lit=frozenset(lit), dimmed=frozenset(dimmed))

    def _target_under(self, place: QPointF) -> tuple[NodeId, Port | None] | None:
        item = self.view.canvas.node_at(place)
        if item is None:
            return None
        zone = item.zone(place)
        if zone is not None and zone.kind in ("input", "output", "literal"):
            side = "input" if zone.kind == "literal" else zone.kind
            return item.node, item.card.port(side, zone.name)
        return item.node, None

    def _first_fitting(self, node: NodeId) -> str | None:
        """The first free socket of ``node`` that takes the wire."""
        graph = self.view.editor.graph
        for port in self.view.canvas.nodes[node].card.ports:
            free = port.side == "output" or not (port.wired or port.literal)
            if (
                port.side == self.pending.wants
                and free
                and not refusal(graph, self.pending.edit(graph, node, port.name))
            ):
                return port.name
        return None

    def _look_for_target(self) -> None:
        self.target, self.reason = None, ""
        found = self._target_under(self.place)
        if found is None or (found[0] == self.pending.node and found[1] is None):
            return
        node, port = found
        if port is None:
            socket = self._first_fitting(node)
            if socket is not None:
                self.target = (node, socket)
            else:
                self.reason = f"{self.view.editor.graph.nodes[node].name} has no free socket for it"
        elif (node, port.side, port.name) == (self.pending.node, self.pending.side, self.pending.socket):
            return
        elif port.side != self.pending.wants:
            self.reason = f"an {port.side} takes no {self.pending.side}: drop it on an {self.pending.wants}"
        else:
            graph = self.view.editor.graph
            self.reason = refusal(graph, self.pending.edit(graph, node, port.name))
            self.target = (node, port.name) if not self.reason else None

    # The drag

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        self.place = self.view.mapToScene(place)
        self._look_for_target()
        fixed = self.view.canvas.nodes[self.pending.node].port_at(self.pending.side, self.pending.socket)
        if fixed is None:
            return
        loose = self.place
        if self.target is not None:
            loose = self.view.canvas.nodes[self.target[0]].port_at(self.pending.wants, self.target[1]) or loose
        path = wire_path(fixed, loose) if self.pending.side == "output" else wire_path(loose, fixed)
        theme = self.view.look.theme
        colour = theme.error if self.reason else theme.selected
        style = Qt.PenStyle.SolidLine if self.target is not None else Qt.PenStyle.DashLine
        self.view.sketch.draw(path, QPen(colour, 2.2, style, Qt.PenCapStyle.RoundCap))
        self.view.sketch.say(self.reason, self.place)

    def finish(self) -> None:
        self._tidy_up()
        graph, editor = self.view.editor.graph, self.view.editor
        if self.target is not None:
            connecting = self.pending.edit(graph, *self.target)
            if self.taken is not None and self._goes_elsewhere():
                connecting = _rewired(graph, self.taken, connecting)
            if not self._is_there_already():
                editor.do(connecting)
        elif self.reason:
            editor.refuse(self.reason)
        elif self._target_under(self.place) is None:
            if self.taken is not None:
                editor.do(edits.disconnect(graph, *self.taken))
            else:
                self.view.request_add.emit(self.place, self.pending)

    def _goes_elsewhere(self) -> bool:
        """Whether the wire that was taken up leaves its old socket empty."""
        return self.pending.side == "output" and self.target != self.taken

    def _is_there_already(self) -> bool:
        assert self.target is not None
        graph = self.view.editor.graph
        if self.pending.side == "output":
            node, socket, wire = *self.target, Wire(self.pending.node, self.pending.socket)
        else:
            node, socket, wire = self.pending.node, self.pending.socket, Wire(*self.target)
        return graph.nodes[node].inputs.get(socket) == wire

    def cancel(self) -> None:
        self._tidy_up()

    def _tidy_up(self) -> None:
        for item in self.view.canvas.nodes.values():
            item.set_marks(lit=frozenset(), dimmed=frozenset())
        if self.taken in self.view.canvas.wires:
            self.view.canvas.wires[self.taken].setOpacity(1.0)


def _begin(graph: Graph, node: NodeId, side: str, socket: str) -> tuple[PendingWire, WireKey | None]:
    """The loose end that a press on a socket gives: a wired input gives up the end of its wire."""
    source = graph.nodes[node].inputs.get(socket) if side == "input" else None
    if isinstance(source, Wire):
        return PendingWire(source.source, "output", source.output), (node, socket)
    return PendingWire(node, side, socket), None


def _rewired(graph: Graph, old: WireKey, connecting: Edit) -> Edit:
    """``connecting`` and the emptying of the socket ``old`` in one."""
    target = connecting.nodes.get(old[0]) or graph.nodes[old[0]]
    inputs = {socket: source for socket, source in target.inputs.items() if socket != old[1]}
    return Edit(connecting.label, {**connecting.nodes, old[0]: replace(target, inputs=inputs)})
