"""The items on the canvas by the ids and sockets they stand for, and where they are.

What they show, and when, is decided in ``scene`` and in ``gradient_flow``, which both work on a stage.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsScene

from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas.band_item import BandItem
from chainrule.gui.canvas.gradient_scale import GradientScale
from chainrule.gui.canvas.label_item import LabelItem
from chainrule.gui.canvas.node_item import NodeItem
from chainrule.gui.canvas.now_item import NowItem
from chainrule.gui.canvas.region_item import RegionItem, around
from chainrule.gui.canvas.wire_item import WireItem, WireKey
from chainrule.gui.canvas.wire_path import Course
from chainrule.gui.editor import Editor
from chainrule.gui.player import Player
from chainrule.gui.theme import Look

WORLD = QRectF(-50_000, -50_000, 100_000, 100_000)
ROUGHLY = Qt.ItemSelectionMode.IntersectsItemBoundingRect  # the shape of a wire takes Qt and Python long to make


def everywhere() -> QRectF:
    """What is seen where nobody looks."""
    return WORLD


def nowhere() -> QRectF:
    """Where the callout docks where nobody looks."""
    return QRectF()


def uncovered() -> list[QRectF]:
    """What lies over the canvas where nobody looks."""
    return []


def as_designed() -> float:
    """How much labels are enlarged in a picture."""
    return 1.0


class Stage(QGraphicsScene):
    """Where the cards and wires of ``editor.graph`` stand, and the callout of now."""

    def __init__(self, editor: Editor, player: Player, look: Look) -> None:
        super().__init__(WORLD)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        self.editor = editor
        self.player = player
        self.look = look
        self.nodes: dict[NodeId, NodeItem] = {}
        self.wires: dict[WireKey, WireItem] = {}
        self.regions: dict[str, RegionItem] = {}
        self.scale = GradientScale()
        self.hovered_wire: WireKey | None = None
        # Where labels can be seen, and how much larger than designed they are drawn, to be read from afar: a view that
        # shows the scene knows.
        self.seen: Callable[[], QRectF] = everywhere
        self.dock: Callable[[], QRectF] = nowhere  # at the edge, where the callout goes if there is no room for it
        self.over: Callable[[], list[QRectF]] = uncovered  # what lies over the middle of what is seen
        self.enlargement: Callable[[], float] = as_designed
        self.now = NowItem(look.theme)
        for part in (self.now, *self.now.line):
            self.addItem(part)
        self._content: QRectF | None = None

    def put(self, i: NodeId, place: QPointF) -> None:
        """Have the card of ``i`` stand at ``place``."""
        self.nodes[i].setPos(place)
        self.measure_anew()

    def placed(self, *nodes: NodeId) -> bool:
        """Whether somebody has said where ``nodes`` stand: until then they lie on each other, and labels wait."""
        known = self.editor.graph.nodes
        return all(i in known and known[i].place is not None for i in nodes)

    def measure_anew(self) -> None:
        """Cards have moved, come or gone, or take other room than before."""
        self._content = None

    def content(self) -> QRectF:
        """The rectangle around all cards, with what sticks out of them; worked out when something there has changed."""
        if self._content is None:
            self._content = QRectF()
            for item in self.nodes.values():
                self._content = self._content.united(item.occupied())
        return QRectF(self._content)

    def surroundings(self, near: QRectF, ignored: Collection[LabelItem]) -> tuple[list[QRectF], list[Course]]:
        """What a label within ``near`` should not cover: rectangles of cards, labels and titles, and lines."""
        obstacles: list[QRectF] = []
        lines: list[Course] = []
        for item in self.items(near, ROUGHLY):
            if isinstance(item, NodeItem):
                obstacles += item.solid()
            elif isinstance(item, LabelItem) and item not in ignored and item.isVisible():
                obstacles.append(item.covers())
            elif isinstance(item, (WireItem, BandItem)):
                lines.append(item.course)
            elif isinstance(item, RegionItem):
                obstacles.append(item.title_rect)
        return obstacles, lines

    def node_at(self, place: QPointF) -> NodeItem | None:
        """The topmost node that has a zone under ``place``."""
        for item in self.items(place):
            if isinstance(item, NodeItem) and item.zone(place) is not None:
                return item
        return None

    def region_area(self, members: Iterable[NodeId]) -> QRectF:
        """The tinted area that a region of ``members`` has."""
        return around([self.nodes[i].card_rect() for i in members if i in self.nodes])

    def wire_through(self, rect: QRectF) -> WireKey | None:
        """A wire that crosses ``rect`` and belongs to no card under it; the nearest to its middle."""
        crossing = [
            (min((point - rect.center()).manhattanLength() for point in item.course.points), item.key)
            for item in self.items(rect)
            if isinstance(item, WireItem) and any(rect.contains(point) for point in item.course.points)
        ]
        return min(crossing)[1] if crossing else None

    def wire_at(self, place: QPointF) -> WireKey | None:
        """The wire whose stripe of reach holds ``place``."""
        for item in self.items(place):
            if isinstance(item, WireItem):
                return item.key
        return None
