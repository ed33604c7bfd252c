"""What every gesture is: something that follows the pointer after a press until it is finished or cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, Qt

from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas.wire_item import WireKey
from chainrule.gui.canvas.zones import Zone


@dataclass(frozen=True, slots=True)
class Press:
    """A press of a button: where (in the viewport and in the scene), and what of which node or wire was under it."""

    view: QPoint
    scene: QPointF
    button: Qt.MouseButton
    modifiers: Qt.KeyboardModifier
    node: NodeId | None
    zone: Zone | None
    wire: WireKey | None


class Gesture(Protocol):
    """``move`` is called with places in the viewport; then either ``finish`` or ``cancel``, once."""

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None: ...

    def finish(self) -> None: ...

    def cancel(self) -> None: ...
