"""Where the callout of now stands: beside its card, where nothing is covered; else at the edge, with a line to it.

What it says is in ``now_text``, how it looks in ``now_item``.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas.label_places import CLEAR, EDGE, FAR, callout_place
from chainrule.gui.canvas.leader import LIP, leader
from chainrule.gui.canvas.node_item import NodeItem
from chainrule.gui.canvas.now_item import NARROW, PADDING_X, WIDEST
from chainrule.gui.canvas.stage import ROUGHLY, WORLD, Stage

NEAR = 420.0  # as far from its card it is put in a picture, which has no edge of what is seen
ROUND = 120.0  # so far aside its line to the card looks for a way round others
FROM_AFAR, MANY = 2.3, 40  # so much enlarged it is larger than the cards, and among so many of them has no room


class Callout:
    """The callout of ``stage``."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.item = stage.now

    def place(self, node: NodeId) -> None:
        """Put it beside the card of ``node``."""
        self.item.setScale(self.stage.enlargement())
        if not self._beside(node):
            self._dock(node)
        self._lead(node)

    def grow(self, node: NodeId) -> None:
        """It says more, or less, of the same: it stays where it is if it still covers nothing there."""
        rect = self._rect()
        around = rect.adjusted(-CLEAR, -CLEAR, CLEAR, CLEAR)
        if not self.stage.seen().contains(around) or self._covers(around):
            self.place(node)
        else:
            self._lead(node)

    def _rect(self, corner: QPointF | None = None) -> QRectF:
        """What it covers in the scene where it is, or with its upper left corner at ``corner``."""
        box = self.item.box
        return QRectF(self.item.pos() if corner is None else corner, box.size() * self.item.scale())

    def _covers(self, rect: QRectF) -> bool:
        others = [*self.stage.surroundings(rect, set())[0], *self.stage.over()]
        return any(other.intersects(rect) for other in others)

    def _beside(self, node: NodeId) -> bool:
        """Find a place near the card; False where none is free and there is an edge to go to."""
        stage, edge = self.stage, self.stage.dock()
        if self.item.scale() > FROM_AFAR and len(stage.nodes) > MANY and not edge.isNull():
            return False
        card = stage.nodes[node].occupied()
        for widest in (WIDEST, NARROW):
            self.item.fold(widest)
            place = self._place_near(card)
            self.item.setPos(place)
            if stage.seen().contains(self._rect()) and not self._covers(self._rect()):
                return True
        return edge.isNull()

    def _place_near(self, card: QRectF) -> QPointF:
        box, seen = self._rect(QPointF()), self.stage.seen()
        reach = max(NEAR if seen == WORLD else FAR, NEAR * self.item.scale() + box.width())
        near = card.adjusted(-reach, -reach, reach, reach).intersected(seen)
        obstacles, lines = self.stage.surroundings(near, set())
        return callout_place(box, card, [*obstacles, *self.stage.over()], lines, seen)

    def _dock(self, node: NodeId) -> None:
        """Stand at the lower edge of what is seen, or at the upper one where the card is below."""
        stage, edge = self.stage, self.stage.dock()
        self.item.fold(min(max(edge.width() / self.item.scale() - 2 * PADDING_X, NARROW), WIDEST))
        rect = self._rect()
        rect.moveBottomLeft(edge.bottomLeft())
        # The line to the card leaves the callout above what stands beside it.
        rect.moveTop(min(rect.top(), stage.seen().bottom() - 2 * LIP * rect.height()))
        if rect.intersects(stage.nodes[node].occupied()):
            rect.moveTop(stage.seen().top() + EDGE)
        self.item.setPos(rect.topLeft())

    def _lead(self, node: NodeId) -> None:
        box, own = self._rect(), self.stage.nodes[node]
        near = box.united(own.card_rect()).adjusted(-ROUND, -ROUND, ROUND, ROUND)
        cards = (item for item in self.stage.items(near, ROUGHLY) if isinstance(item, NodeItem) and item is not own)
        self.item.lead(leader(box, own.card_rect(), [rect for item in cards for rect in item.framework()]))
