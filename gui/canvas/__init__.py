"""The canvas: cards, wires and gradients drawn on a QGraphicsView, and the gestures that edit them."""

from chainrule.gui.canvas.view import CanvasView

__all__ = ["CanvasView"]
