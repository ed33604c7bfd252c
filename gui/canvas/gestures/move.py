"""Moving nodes: they follow the pointer, come into line with neighbours or the grid, and land as one step of undo.

While Ctrl is held they follow the pointer exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QLineF, QPoint, QPointF, Qt
from PySide6.QtGui import QPainterPath, QPen

from chainrule.core.document import edits
from chainrule.core.document.edits import Edit
from chainrule.core.document.graph import Graph, Node, NodeId, Region, Wire
from chainrule.gui.canvas.gestures.gesture import Press
from chainrule.gui.canvas.gestures.snapping import Snap, snapped
from chainrule.gui.canvas.gestures.wire import refusal
from chainrule.gui.canvas.surface import Surface
from chainrule.gui.canvas.wire_item import WireKey

REACH = 7.0  # pixels within which a card comes into line


def joined_regions(graph: Graph, entering: Mapping[str, set[NodeId]]) -> dict[str, Region | None]:
    """The regions of ``entering`` with their new members."""
    return {
        name: replace(graph.regions[name], members=graph.regions[name].members | ids) for name, ids in entering.items()
    }


def inserted(graph: Graph, node: Node, into: str, out: str, key: WireKey, position: tuple[float, float]) -> Edit:
    """``node`` moved to ``position`` and put into the wire that ends in ``key``, by its ``into`` and ``out``."""
    target = graph.nodes[key[0]]
    wire = target.inputs[key[1]]
    between = replace(node, inputs={**node.inputs, into: wire}, place=position)
    behind = replace(target, inputs={**target.inputs, key[1]: Wire(node.id, out)})
    return Edit(f"insert {node.name} before {target.name}", {node.id: between, target.id: behind})


class MoveNodes:
    """Takes along everything that is selected, or selects the node that was grabbed."""

    def __init__(self, view: Surface, press: Press) -> None:
        assert press.node is not None
        self.view = view
        self.start = press.scene
        self.grabbed = press.node
        if press.node not in view.editor.selection:
            extend = press.modifiers & Qt.KeyboardModifier.ShiftModifier
            view.editor.select((view.editor.selection if extend else frozenset()) | {press.node})
        graph = view.editor.graph
        self.before = {i: QPointF(*graph.nodes[i].position) for i in view.editor.selection}
        self.places = dict(self.before)

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        offset = self.view.mapToScene(place) - self.start
        guides: tuple[QLineF, ...] = ()
        if not modifiers & Qt.KeyboardModifier.ControlModifier:
            snap = self._snap(self.before[self.grabbed] + offset)
            offset, guides = offset + snap.by, snap.guides
        self.places = {i: corner + offset for i, corner in self.before.items()}
        self.view.canvas.try_places(self.places)
        self._draw(guides)

    def _snap(self, corner: QPointF) -> Snap:
        """How the grabbed card, its corner at ``corner``, comes into line with what stays and can be seen."""
        canvas = self.view.canvas
        grabbed = canvas.nodes[self.grabbed]
        seen = self.view.mapToScene(self.view.viewport().rect()).boundingRect()
        near = {
            i: item.card_rect()
            for i, item in canvas.nodes.items()
            if i not in self.places and item.card_rect().intersects(seen)
        }
        shift = corner - grabbed.pos()
        sockets = []
        for key in canvas.wires_at([self.grabbed]):
            wire = canvas.wires[key]
            own, other = (wire.end, wire.start) if key[0] == self.grabbed else (wire.start, wire.end)
            if (wire.source if key[0] == self.grabbed else key[0]) in near:
                sockets.append((own + shift, other))
        return snapped(grabbed.card_rect().translated(shift), near.values(), sockets, REACH / self.view.zoom)

    def _draw(self, guides: Iterable[QLineF]) -> None:
        path = QPainterPath()
        for guide in guides:
            path.moveTo(guide.p1())
            path.lineTo(guide.p2())
        if path.isEmpty():
            self.view.sketch.clear()
            return
        pen = QPen(self.view.look.theme.selected, 1.0, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        self.view.sketch.draw(path, pen)

    def finish(self) -> None:
        if self.places == self.before:
            return
        graph = self.view.editor.graph
        moved = {i: (place.x(), place.y()) for i, place in self.places.items() if i in graph.nodes}
        moving = edits.move(graph, moved)
        entered = joined_regions(graph, self._dropped_into())
        if entered:
            moving = replace(moving, label=f"move into {', '.join(entered)}", regions=entered)
        elif (inserting := self._inserted()) is not None:
            moving = inserting
        if not self.view.editor.do(moving):
            self.cancel()

    def _dropped_into(self) -> dict[str, set[NodeId]]:
        """The regions whose area, without the nodes that move, holds the middle of one that moved."""
        canvas = self.view.canvas
        found: dict[str, set[NodeId]] = {}
        for name, region in self.view.editor.graph.regions.items():
            area = canvas.region_area(region.members - self.places.keys())
            inside = {i for i in self.places if area.contains(canvas.nodes[i].card_rect().center())}
            if inside - region.members:
                found[name] = inside
        return found

    def _inserted(self) -> Edit | None:
        """The move that also puts a single, unwired operation into the wire that it was dropped on."""
        if len(self.places) != 1:
            return None
        graph, canvas = self.view.editor.graph, self.view.canvas
        node = graph.nodes[self.grabbed]
        if any(True for _ in node.wires()) or graph.consumers(node.id):
            return None
        key = canvas.wire_through(canvas.nodes[node.id].card_rect())
        card = canvas.nodes[node.id].card
        into = next((p for p in card.ports if p.side == "input" and not p.literal), None)
        out = next((p for p in card.ports if p.side == "output"), None)
        if key is None or into is None or out is None:
            return None
        place = self.places[self.grabbed]
        edit = inserted(graph, node, into.name, out.name, key, (place.x(), place.y()))
        return None if refusal(graph, edit) else edit

    def cancel(self) -> None:
        self.view.canvas.try_places({i: p for i, p in self.before.items() if i in self.view.canvas.nodes})
