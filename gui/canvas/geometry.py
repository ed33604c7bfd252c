"""Where the parts of every card are on the screen: what the state file tells tests and tools outside the program."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF

from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas.camera import Camera
from chainrule.gui.canvas.card import port_rect
from chainrule.gui.canvas.node_item import NodeItem

Box = tuple[int, int, int, int]  # x, y, width, height in global screen pixels
Geometry = dict[str, Any]


def geometry_of(view: Camera) -> dict[NodeId, Geometry]:
    """For every node: "card", "name", "inputs" and "outputs" by name, and, where there are such, "switch", "value",
    "cells", "grad", "seed" and "repairs" by label; each a ``Box``."""
    return {i: _parts(view, item) for i, item in view.canvas.nodes.items()}


def _parts(view: Camera, item: NodeItem) -> Geometry:
    card = item.card

    def on_screen(rect: QRectF) -> Box:
        moved = rect.translated(item.pos())
        shown = QRectF(QPointF(view.mapFromScene(moved.topLeft())), QPointF(view.mapFromScene(moved.bottomRight())))
        corner = view.viewport().mapToGlobal(shown.topLeft().toPoint())
        return corner.x(), corner.y(), round(shown.width()), round(shown.height())

    parts: Geometry = {
        "card": on_screen(card.rect),
        "name": on_screen(card.name_rect),
        "inputs": {p.name: on_screen(p.literal_rect or port_rect(p)) for p in card.ports if p.side == "input"},
        "outputs": {p.name: on_screen(port_rect(p)) for p in card.ports if p.side == "output"},
    }
    for well in card.wells:
        parts.setdefault(well.part, on_screen(well.rect))
    if card.switch is not None:
        parts["switch"] = on_screen(card.switch)
    if card.tank is not None:
        parts["grad"] = on_screen(card.tank.rect)
    if item.flag is not None:
        parts["seed"] = on_screen(item.flag.rect)
    if item.bubble is not None:
        parts["repairs"] = {repair.label: on_screen(rect) for repair, rect in item.bubble.buttons}
    return parts
