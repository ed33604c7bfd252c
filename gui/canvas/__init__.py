"""The canvas: cards, wires and gradients drawn on a QGraphicsView, and the gestures that edit them."""
