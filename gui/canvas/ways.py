"""The ways of a stage's wires past its cards, remembered until one of those cards or an end of the wire moves.

How a way is found is in ``routing``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain, pairwise

from PySide6.QtCore import QPointF, QRectF

from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas.routing import ABOVE, APART, Box, Router
from chainrule.gui.canvas.stage import ROUGHLY, Stage
from chainrule.gui.canvas.wire_item import WireItem, WireKey
from chainrule.gui.canvas.wire_path import Point, Way

MANY = 40  # where so many cards have moved, every way is found anew


@dataclass(frozen=True, slots=True)
class Found:
    """The ``way`` of a wire out of ``source`` that ran between these ends."""

    source: NodeId
    start: Point
    end: Point
    way: Way


class Ways:
    """What has been found for the wires of ``stage`` as its cards stood when it was last asked to look."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._found: dict[WireKey, Found] = {}
        self._boxes: dict[NodeId, Box] = {}

    def of(self, key: WireKey, start: QPointF, end: QPointF) -> Way:
        """The way of the wire into ``key``; none while it runs between other ends, as those of a card on the move."""
        found = self._found.get(key)
        return found.way if found is not None and (found.start, found.end) == (_point(start), _point(end)) else ()

    def clear(self) -> None:
        """Forget everything: there is another document."""
        self._found, self._boxes = {}, {}

    def look(self, nodes: Collection[NodeId]) -> list[WireKey]:
        """Find the ways anew that may have changed because ``nodes`` have, or are gone; tells which have."""
        wires = self.stage.wires
        for key in self._found.keys() - wires.keys():
            del self._found[key]
        left, taken = self._move(nodes)
        if len(left) + len(taken) > MANY:
            return self._find(list(wires))
        stale = [key for key in self._at(nodes) if self._elsewhere(key)]
        room = [*left, *taken.values()]
        if room:
            probe = Router(taken)
            stale += [key for key in self._near(room) - {*stale} if self._touched(key, room, probe)]
        return self._find(stale) if stale else []

    def _at(self, nodes: Collection[NodeId]) -> set[WireKey]:
        """The wires that end or begin at ``nodes``, and those that nobody has looked at yet."""
        graph, wires = self.stage.editor.graph, self.stage.wires
        ends = {(i, socket) for i in graph.nodes.keys() & nodes for socket, _ in graph.nodes[i].wires()}
        ends.update(chain.from_iterable(graph.consumers(i) for i in nodes))
        return (ends & wires.keys()) | (wires.keys() - self._found.keys())

    def _near(self, room: list[Box]) -> set[WireKey]:
        """The wires that have been looked at and that might have to do with ``room``."""
        reach = APART + ABOVE
        areas = (QRectF(QPointF(*box[:2]), QPointF(*box[2:])).adjusted(-reach, -reach, reach, reach) for box in room)
        items = chain.from_iterable(self.stage.items(area, ROUGHLY) for area in areas)
        return {item.key for item in items if isinstance(item, WireItem)} & self._found.keys()

    def _move(self, nodes: Collection[NodeId]) -> tuple[list[Box], dict[NodeId, Box]]:
        """Take in where ``nodes`` stand now: what they have left, and what they have taken."""
        left: list[Box] = []
        taken: dict[NodeId, Box] = {}
        for i in nodes:
            item, old = self.stage.nodes.get(i), self._boxes.get(i)
            new = None if item is None else box_of(item.card_rect())
            if new == old:
                continue
            if old is not None:
                left.append(self._boxes.pop(i))
            if new is not None:
                taken[i] = self._boxes[i] = new
        return left, taken

    def _elsewhere(self, key: WireKey) -> bool:
        """Whether a wire is new, or begins or ends elsewhere than before."""
        found, wire = self._found.get(key), self.stage.wires[key]
        if found is None:
            return True
        return (found.source, found.start, found.end) != (wire.source, _point(wire.start), _point(wire.end))

    def _touched(self, key: WireKey, room: list[Box], probe: Router[NodeId]) -> bool:
        """Whether a wire runs beneath a card of ``probe``, or its way keeps clear of something that has moved."""
        found = self._found[key]
        if not found.way:
            return probe.meets(found.source, key[0], found.start, found.end)
        pieces = pairwise([found.start, *found.way, found.end])
        return any(_near(one, other, box) for one, other in pieces for box in room)

    def _find(self, stale: list[WireKey]) -> list[WireKey]:
        router = Router(self._boxes)
        finding = set(stale)
        for key, each in self._found.items():
            if key not in finding:
                router.keep(each.source, each.way)
        changed = []
        for key in sorted(stale):
            wire = self.stage.wires[key]
            start, end = _point(wire.start), _point(wire.end)
            way = router.way(wire.source, key[0], start, end)
            self._found[key] = Found(wire.source, start, end, way)
            if wire.way != way:
                changed.append(key)
        return changed


def box_of(rect: QRectF) -> Box:
    """``rect`` as routing takes it."""
    return Box(rect.left(), rect.top(), rect.right(), rect.bottom())


def _point(place: QPointF) -> Point:
    return place.x(), place.y()


def _near(one: Point, other: Point, box: Box) -> bool:
    """Whether a piece of a way from ``one`` to ``other`` could be any other if ``box`` were not there."""
    across = one[0] - APART < box.right and box.left < other[0] + APART
    low, high = min(one[1], other[1]), max(one[1], other[1])
    return across and low - APART < box.bottom + ABOVE and box.top - ABOVE < high + APART
