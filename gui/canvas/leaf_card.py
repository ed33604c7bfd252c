"""The anatomy of a leaf tensor's card: name, dtype and shape, the grad switch, its value and the tank of ``.grad``."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from chainrule.core.document.graph import Leaf, Node
from chainrule.core.engine import dtypes
from chainrule.core.run.timeline import NodeState
from chainrule.gui import lettering
from chainrule.gui.canvas.card import WIDEST_NAME, Card, Text, Well, output_ports, right_aligned, text_line
from chainrule.gui.canvas.tank import GUTTER, Tank, tank_at
from chainrule.gui.canvas.thumbnails import Thumbnail, thumbnail
from chainrule.gui.numbers import shape_text

LEFT, RIGHT, GAP = 20.0, 13.0, 10.0
TOP = 57.0  # of boxes side by side, below their labels
ROW_TOP, ROW_GAP = 42.0, 7.0  # of boxes one above the other, their labels in the tank's gutter
NARROWEST = 197.0
VALUE_WIDTH = 75.0


def leaf_card(node: Node, state: NodeState, *, consumed: bool) -> Card:
    """The card of the leaf ``node`` (whose ``leaf`` is there); ``consumed`` says that some wire comes out of it."""
    leaf = node.leaf
    assert leaf is not None
    value = state.value if state.value is not None else leaf.value
    picture = thumbnail(value, state.grad, *(slab.contribution for slab in state.slabs))
    box, tank, labels = _in_lines(state, picture) if picture.stacked else _side_by_side(state, picture)

    kind = f"{dtypes.of(value)}".removeprefix("torch.") + f" \u00b7 {shape_text(value.shape)}"
    name = text_line("name", node.name, LEFT, 27, WIDEST_NAME)
    subtitle = text_line("subtitle", kind, name.rect.right() + 8, 27)
    needed = subtitle.rect.right() + 12 + lettering.width("switch", "grad") + 37 + RIGHT
    width = max(NARROWEST, tank.rect.right() + RIGHT, needed)

    switch = QRectF(width - RIGHT - 29, 15, 29, 16)
    tracked = state.requires_grad
    caption = right_aligned(text_line("switch", "grad", 0, 27, colour="leaf" if tracked else ""), switch.left() - 6)
    low = tank.rect.bottom() + (27 if picture.stacked else 18)
    height = max(box.bottom() + 30, low)
    room = tank.rect.left() - LEFT - 6 if not picture.stacked else tank.rect.right() - LEFT - 40
    texts: list[Text] = [
        name,
        subtitle,
        caption,
        *labels,
        text_line("label", _origin(leaf), LEFT, height - 13, max(40.0, room)),
    ]
    if state.stale and state.grad is not None:
        stale = text_line("label", "stale", labels[1].rect.right() + 5, 50, colour="warning")
        if picture.stacked:
            stale = right_aligned(text_line("label", "stale", 0, height - 13, colour="warning"), tank.rect.right())
        texts.append(stale)
    return Card(
        node=node.id,
        name=node.name,
        family="leaf",
        rect=QRectF(0, 0, width, height),
        tracked=tracked,
        texts=tuple(texts),
        wells=(Well("value", "", box, picture, value),),
        ports=output_ports(("",), {""} if consumed else set(), tracked, width, height),
        name_rect=name.rect,
        subtitle_rect=subtitle.rect,
        switch=switch,
        tank=tank,
    )


def _side_by_side(state: NodeState, picture: Thumbnail) -> tuple[QRectF, Tank, tuple[Text, Text]]:
    """The value's box, the tank beside it, and the labels above both."""
    box = QRectF(LEFT, TOP, max(VALUE_WIDTH, picture.size.width()), picture.size.height())
    tank = tank_at(state, picture, QPointF(box.right() + GAP, TOP))
    return box, tank, (text_line("label", "value", LEFT, 50), text_line("label", ".grad", tank.rect.left(), 50))


def _in_lines(state: NodeState, picture: Thumbnail) -> tuple[QRectF, Tank, tuple[Text, Text]]:
    """The value's box, the tank under it so that elements stand under elements, and the labels at their left."""
    box = QRectF(QPointF(LEFT + GUTTER, ROW_TOP), picture.size)
    tank = tank_at(state, picture, QPointF(box.left(), box.bottom() + ROW_GAP))
    first = QRectF(tank.rect.topLeft(), picture.size)
    value, grad = (
        text_line("label", text, LEFT, lies.center().y() + 4) for text, lies in (("value", box), (".grad", first))
    )
    return box, tank, (value, grad)


def _origin(leaf: Leaf) -> str:
    """ "leaf", with the constructor that drew its numbers."""
    if leaf.recipe is None or leaf.recipe.function == "tensor":
        return "leaf"
    return f"leaf \u00b7 {leaf.recipe.function}"
