"""One painted item for each node: it holds a card's anatomy and hands it to the painters; sockets are no items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from chainrule.core.document.graph import Graph, Node, NodeId
from chainrule.core.run.timeline import NodeState
from chainrule.gui.canvas import bubble, card_painter, root_flag
from chainrule.gui.canvas.card import MARGIN, Card
from chainrule.gui.canvas.gradient_scale import GradientScale
from chainrule.gui.canvas.leaf_card import leaf_card
from chainrule.gui.canvas.marks import PLAIN, Marks
from chainrule.gui.canvas.op_card import op_card
from chainrule.gui.canvas.zones import Zone, zone_at
from chainrule.gui.theme import Theme

Array = NDArray[Any]


def card_of(node: Node, state: NodeState, graph: Graph) -> Card:
    """The anatomy of the card of ``node`` in ``state``."""
    if node.leaf is not None:
        return leaf_card(node, state, consumed=bool(graph.consumers(node.id)))
    return op_card(node, state, graph)


class NodeItem(QGraphicsItem):
    """The card of one node with its root flag and its problem bubble; ``on_room`` hears when it takes other room."""

    def __init__(self, node: NodeId, theme: Theme, scale: GradientScale, on_room: Callable[[], None]) -> None:
        super().__init__()
        self.node = node
        self._on_room = on_room
        self.theme = theme
        self.colours = scale
        self.marks: Marks = PLAIN
        self.state = NodeState()
        self.flag: root_flag.RootFlag | None = None
        self.bubble: bubble.Bubble | None = None
        self.painted = 0  # how often it was drawn: what a test counts instead of milliseconds
        self._card: Card | None = None
        self._bounds = QRectF()

    @property
    def card(self) -> Card:
        assert self._card is not None, "a card is shown before it is asked for"
        return self._card

    def display(self, node: Node, state: NodeState, graph: Graph) -> None:
        """Show ``node`` in ``state``."""
        self.state = state
        self._card = card_of(node, state, graph)
        problem = state.problem
        self.enlarge_bubble(1.0)
        self.set_marks(problem=problem.kind if problem is not None else "")
        self._measure()

    def set_flag(self, shape: tuple[int, ...], seed: Array | None) -> None:
        """Carry the root flag, for a value of ``shape`` and the seed typed so far."""
        flag = root_flag.root_flag(self.card, shape, seed)
        if flag != self.flag:
            self.flag = flag
            self._measure()

    def enlarge_bubble(self, by: float) -> None:
        """Say the problem under the card, ``by`` times as large as designed."""
        said = bubble.bubble_for(self.state.problem)
        place = QPointF(0, self.card.rect.bottom() + 12)
        self.bubble = None if said is None else bubble.moved(bubble.enlarged(said, by), place)

    def place_bubble(self, corner: QPointF) -> None:
        """Put the bubble's top left corner at ``corner`` of the scene."""
        if self.bubble is not None:
            self.bubble = bubble.moved(self.bubble, corner - self.pos() - self.bubble.rect.topLeft())
            self._measure()

    def drop_flag(self) -> None:
        if self.flag is not None:
            self.flag = None
            self._measure()

    def set_look(self, theme: Theme, scale: GradientScale) -> None:
        if (theme, scale) != (self.theme, self.colours):
            self.theme, self.colours = theme, scale
            self.update()

    def set_marks(self, **changes: Any) -> None:
        """Change some of the marks on the card."""
        marks = replace(self.marks, **changes)
        if marks != self.marks:
            self.marks = marks
            self.setZValue(1.0 if marks.selected or marks.now or marks.problem == "error" else 0.0)
            self.update()

    def _measure(self) -> None:
        bounds = self.card.outline().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        if self.flag is not None:
            bounds = bounds.united(self.flag.rect.adjusted(-2, -2, 2, 2))
        if self.bubble is not None:
            bounds = bounds.united(self.bubble.rect.adjusted(-2, -8, 2, 2))
        if bounds != self._bounds:
            self._leave_ground()
            self.prepareGeometryChange()
            self._bounds = bounds
            self._on_room()
        self.update()

    def _leave_ground(self) -> None:
        """Have the ground of the card painted anew: prepareGeometryChange alone was seen to leave some behind."""
        scene = self.scene()
        if scene is not None:
            scene.update(self.sceneBoundingRect())

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self._bounds)
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        self.painted += 1
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        card_painter.paint(painter, self.card, self.theme, self.colours, self.marks, zoom)
        if self.flag is not None:
            root_flag.paint(painter, self.flag, self.theme, far=zoom < card_painter.FAR)
        if self.bubble is not None:
            hovered = self.marks.hovered.removeprefix("repair:")
            bubble.paint(painter, self.bubble, self.card.rect, self.theme, hovered)

    # Where its parts are, in the scene

    def port_at(self, side: str, name: str) -> QPointF | None:
        """Where the socket ``name`` is in the scene; None if the card has none of that name."""
        port = self.card.port(side, name)
        return None if port is None else self.pos() + port.centre

    def card_rect(self) -> QRectF:
        return self.card.rect.translated(self.pos())

    def occupied(self) -> QRectF:
        """The room that its card, flag and bubble take in the scene."""
        rect = self.card.outline()
        if self.flag is not None:
            rect = rect.united(self.flag.rect)
        if self.bubble is not None:
            rect = rect.united(self.bubble.rect)
        return rect.translated(self.pos())

    def solid(self) -> list[QRectF]:
        """The rectangles in the scene that no label may cover: card, literals, flag and bubble."""
        rects = [] if self.bubble is None else [self.bubble.rect.translated(self.pos())]
        return self.framework() + rects

    def framework(self) -> list[QRectF]:
        """``solid`` without the bubble, which is a label itself."""
        rects = [self.card.rect, *(port.literal_rect for port in self.card.ports if port.literal_rect is not None)]
        if self.flag is not None:
            rects.append(self.flag.rect)
        return [rect.translated(self.pos()) for rect in rects]

    def zone(self, place: QPointF) -> Zone | None:
        """The zone under ``place`` (in the scene)."""
        return zone_at(self.card, self.flag, self.bubble, place - self.pos())
