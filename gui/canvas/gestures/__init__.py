"""What the pointer can do on the canvas: one file a gesture, and here the table of which press begins which."""

from __future__ import annotations

from PySide6.QtCore import Qt

from chainrule.gui.canvas.gestures import click as clicks
from chainrule.gui.canvas.gestures.box import BoxSelect
from chainrule.gui.canvas.gestures.click import click, double_click
from chainrule.gui.canvas.gestures.gesture import Gesture, Press
from chainrule.gui.canvas.gestures.knife import Knife
from chainrule.gui.canvas.gestures.move import MoveNodes
from chainrule.gui.canvas.gestures.pan import Pan
from chainrule.gui.canvas.gestures.scrub import Scrub
from chainrule.gui.canvas.gestures.wire import DrawWire, PendingWire
from chainrule.gui.canvas.surface import Surface
from chainrule.gui.canvas.wire_item import WireKey
from chainrule.gui.canvas.zones import Zone

__all__ = ["Gesture", "PendingWire", "Press", "click", "cursor", "double_click", "drag"]

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def drag(view: Surface, press: Press) -> Gesture:
    """The gesture that begins when the pointer moves away from ``press``."""
    if press.button in (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
        return Pan(view, press)
    if press.node is None or press.zone is None:
        return _drag_on_canvas(view, press)
    if press.zone.kind in ("input", "output"):
        return DrawWire(view, press)
    if press.zone.kind in ("value", "literal") and not press.modifiers & (CONTROL | SHIFT):
        scrub = Scrub.over(view, press)
        if scrub is not None:
            return scrub
    return MoveNodes(view, press)


def _drag_on_canvas(view: Surface, press: Press) -> Gesture:
    if press.modifiers & CONTROL:
        return Knife(view, press)
    if press.wire is not None and not press.modifiers & SHIFT:
        return DrawWire.taking_up(view, press)
    return BoxSelect(view, press)


def cursor(zone: Zone | None, wire: WireKey | None) -> Qt.CursorShape:
    """The pointer's shape over ``zone`` or ``wire``."""
    if zone is None:
        return Qt.CursorShape.PointingHandCursor if wire is not None else Qt.CursorShape.ArrowCursor
    return clicks.CURSORS.get(zone.kind, Qt.CursorShape.ArrowCursor)
