"""What of a card is under a point: each part that acts on its own is a zone, everything else is the body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF

from chainrule.gui.canvas.bubble import Bubble
from chainrule.gui.canvas.card import Card, Port, cell_at, port_rect
from chainrule.gui.canvas.root_flag import RootFlag


@dataclass(frozen=True, slots=True)
class Zone:
    """``kind`` is one of input, output, literal, switch, value, name, call, seed, repair, body.

    ``name`` is a socket's or an output's, ``index`` the element of a value (or None), ``payload`` a repair.
    """

    kind: str
    name: str = ""
    index: int | None = None
    payload: Any = None

    @property
    def mark(self) -> str:
        """What a card is told to light while the pointer is here; empty where nothing lights."""
        side = "input" if self.kind == "literal" else self.kind
        return f"{side}:{self.name}" if side in ("input", "output", "repair") else ""


BODY = Zone("body")


def zone_at(card: Card, flag: RootFlag | None, bubble: Bubble | None, place: QPointF) -> Zone | None:
    """The zone of the card under ``place`` (in the card's coordinates); None beside it."""
    if bubble is not None:
        for repair, rect in bubble.buttons:
            if rect.contains(place):
                return Zone("repair", repair.label, payload=repair)
    if flag is not None and flag.rect.contains(place):
        return Zone("seed")
    for port in card.ports:
        if port.literal_rect is not None and port.literal_rect.adjusted(-3, -3, 3, 3).contains(place):
            return Zone("literal", port.name)
    near = nearest_port(card, place)
    if near is not None:
        return Zone(near.side, near.name)
    if not card.rect.contains(place):
        return BODY if bubble is not None and bubble.rect.contains(place) else None
    if card.switch is not None and _around(card.switch, 6).contains(place):
        return Zone("switch")
    for well in card.wells:
        if well.part == "value" and well.rect.contains(place) and card.is_leaf:
            return Zone("value", well.output, cell_at(well, place))
    if _around(card.name_rect, 2).contains(place):
        return Zone("name")
    if not card.is_leaf and _around(card.subtitle_rect, 1).contains(place):
        return Zone("call")
    return BODY


def nearest_port(card: Card, place: QPointF) -> Port | None:
    """The socket whose square of reach holds ``place``, the nearest where squares overlap."""
    near = [port for port in card.ports if port.literal_rect is None and port_rect(port).contains(place)]
    return min(near, key=lambda port: (port.centre - place).manhattanLength(), default=None)


def _around(rect: QRectF, margin: float) -> QRectF:
    return rect.adjusted(-margin, -margin, margin, margin)
