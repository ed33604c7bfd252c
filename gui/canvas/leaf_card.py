"""The anatomy of a leaf tensor's card: name, dtype and shape, the grad switch, its value and the tank of ``.grad``."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from chainrule.core.document.graph import Leaf, Node
from chainrule.core.engine import dtypes
from chainrule.core.run.timeline import NodeState
from chainrule.gui.canvas import lettering
from chainrule.gui.canvas.card import WIDEST_NAME, Card, Text, Well, output_ports, right_aligned, text_line
from chainrule.gui.canvas.numbers import shape_text
from chainrule.gui.canvas.tank import tank_at
from chainrule.gui.canvas.thumbnails import thumbnail

LEFT, RIGHT, GAP = 20.0, 13.0, 10.0
TOP = 57.0  # of the boxes
NARROWEST = 197.0
VALUE_WIDTH = 75.0


def leaf_card(node: Node, state: NodeState, *, consumed: bool) -> Card:
    """The card of the leaf ``node`` (whose ``leaf`` is there); ``consumed`` says that some wire comes out of it."""
    leaf = node.leaf
    assert leaf is not None
    value = state.value if state.value is not None else leaf.value
    picture = thumbnail(value, state.grad)
    box = QRectF(LEFT, TOP, max(VALUE_WIDTH, picture.size.width()), picture.size.height())
    tank = tank_at(state, picture, QPointF(box.right() + GAP, TOP))

    kind = f"{dtypes.of(value)}".removeprefix("torch.") + f" \u00b7 {shape_text(value.shape)}"
    name = text_line("name", node.name, LEFT, 27, WIDEST_NAME)
    subtitle = text_line("subtitle", kind, name.rect.right() + 8, 27)
    needed = subtitle.rect.right() + 12 + lettering.width("switch", "grad") + 37 + RIGHT
    width = max(NARROWEST, tank.rect.right() + RIGHT, needed)

    switch = QRectF(width - RIGHT - 29, 15, 29, 16)
    tracked = state.requires_grad
    caption = right_aligned(text_line("switch", "grad", 0, 27, colour="leaf" if tracked else ""), switch.left() - 6)
    height = max(box.bottom() + 30, tank.rect.bottom() + 18)
    texts: list[Text] = [
        name,
        subtitle,
        caption,
        text_line("label", "value", LEFT, 50),
        text_line("label", ".grad", tank.rect.left(), 50),
        text_line("label", _origin(leaf), LEFT, height - 13, max(40.0, tank.rect.left() - LEFT - 6)),
    ]
    if state.stale and state.grad is not None:
        texts.append(text_line("label", "stale", texts[4].rect.right() + 5, 50, colour="warning"))
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


def _origin(leaf: Leaf) -> str:
    """ "leaf", with the constructor that drew its numbers."""
    if leaf.recipe is None or leaf.recipe.function == "tensor":
        return "leaf"
    return f"leaf \u00b7 {leaf.recipe.function}"
