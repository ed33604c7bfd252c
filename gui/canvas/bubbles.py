"""Where the bubbles of a stage stand: each beside its card, where it covers no other card and can be seen.

What a bubble says and how it is painted is in ``bubble``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QPointF, QRectF

from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas.label_places import callout_place
from chainrule.gui.canvas.node_item import NodeItem
from chainrule.gui.canvas.stage import ROUGHLY, WORLD, Stage

REACH = 900.0  # as far from its card others are looked at
FEW = 8


class Bubbles:
    """The bubbles of ``stage``; ``nodes`` are the cards that have one."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.nodes: set[NodeId] = set()

    def clear(self) -> None:
        """Forget all of them: there is another document."""
        self.nodes = set()

    def note(self, i: NodeId) -> None:
        """Take in whether the card of ``i`` has a bubble now."""
        item = self.stage.nodes.get(i)
        (self.nodes.discard if item is None or item.bubble is None else self.nodes.add)(i)

    def covered(self) -> list[tuple[QRectF, QRectF]]:
        """What every bubble covers in the scene, and its card there."""
        items = (self.stage.nodes[i] for i in self.nodes)
        return [(item.bubble.rect.translated(item.pos()), item.card_rect()) for item in items if item.bubble]

    def place(self) -> None:
        """Find a place for every bubble, in letters that can be read at the zoom of now."""
        self._place(self.nodes)

    def place_at(self, changed: Collection[NodeId]) -> None:
        """Find places for the bubbles that the cards ``changed``, which are others than before, have or lie under."""
        if self.nodes:
            areas = [self.stage.nodes[i].card_rect() for i in changed]
            under = {item.node for area in areas for item in self._cards(area) if item.bubble is not None}
            self._place(self.nodes.intersection(changed) | under)

    def _place(self, nodes: Collection[NodeId]) -> None:
        waiting = {i for i in nodes if self.stage.placed(i)}
        for i in sorted(waiting):
            waiting.discard(i)
            item = self.stage.nodes[i]
            item.enlarge_bubble(self._enlargement(item))
            if item.bubble is None:
                continue
            card = QRectF()
            for rect in item.framework():
                card = card.united(rect)
            others = self._cards(card.adjusted(-REACH, -REACH, REACH, REACH))
            size = QRectF(QPointF(), item.bubble.rect.size())
            obstacles = [
                rect
                for other in others
                for rect in (other.framework() if other is item or other.node in waiting else other.solid())
            ]
            seen = self.stage.seen()
            # What stands out of sight is not brought into view away from its card.
            item.place_bubble(callout_place(size, card, obstacles, (), seen if seen.intersects(card) else WORLD))

    def _enlargement(self, item: NodeItem) -> float:
        """Errors can be read from afar, and warnings where there are few: of many one would see nothing else."""
        quiet = item.bubble is not None and item.bubble.kind == "warning"
        return 1.0 if quiet and len(self.nodes) > FEW else self.stage.enlargement()

    def _cards(self, area: QRectF) -> Iterable[NodeItem]:
        return [item for item in self.stage.items(area, ROUGHLY) if isinstance(item, NodeItem)]
