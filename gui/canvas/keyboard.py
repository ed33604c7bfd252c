"""The canvas without a mouse: Tab goes through the nodes in running order, arrows walk along wires, Enter edits.

These keys belong to whatever has the focus and cannot be changed; all others are shortcuts in the table of commands.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from chainrule.core.document.graph import Graph, NodeId
from chainrule.gui.canvas.gestures.click import toggle_grad
from chainrule.gui.canvas.surface import Surface

NUDGE = 10.0
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
CONTROL = Qt.KeyboardModifier.ControlModifier


def press(view: Surface, event: QKeyEvent) -> bool:
    """Do what the key means on the canvas; False where it means nothing here."""
    if event.key() == Qt.Key.Key_Escape:
        return _escape(view)
    if view.gesture is not None:
        return True
    if event.key() in ARROWS:
        across, down = ARROWS[Qt.Key(event.key())]
        if event.modifiers() & CONTROL:
            view.nudge(across * NUDGE, down * NUDGE)
        else:
            walk(view, across, down)
        return True
    if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        edit_focused(view)
        return True
    return False


def _escape(view: Surface) -> bool:
    if view.cancel_gesture():
        return True
    if view.player.animating:
        view.player.to_end()
        return True
    if view.editor.selection or view.editor.selected_sockets:
        view.editor.select(())
        return True
    return False


def edit_focused(view: Surface) -> None:
    """Edit the value of the focused leaf, or the parameters of the focused operation."""
    node = _focused(view)
    if node is None:
        return
    if view.editor.graph.nodes[node].leaf is not None:
        view.value_editor.edit_value(node)
    else:
        view.value_editor.edit_params(node)


def rename_focused(view: Surface) -> None:
    node = _focused(view)
    if node is not None:
        view.value_editor.edit_name(node)


def toggle_focused(view: Surface) -> None:
    """Turn the grad switch of the focused leaf over."""
    node = _focused(view)
    if node is not None:
        toggle_grad(view, node)


def _focused(view: Surface) -> NodeId | None:
    return view.focused if view.focused in view.editor.graph.nodes else None


def focus_next(view: Surface, step: int) -> bool:
    """Focus the node ``step`` places on in running order; False behind the last and before the first."""
    order = view.editor.graph.order()
    if not order:
        return False
    focused = _focused(view)
    place = (order.index(focused) + step) if focused is not None else (0 if step > 0 else len(order) - 1)
    if not 0 <= place < len(order):
        view.set_focused(None)
        return False
    focus(view, order[place])
    return True


def focus(view: Surface, node: NodeId) -> None:
    """Select ``node`` alone, give it the focus, and bring it into view."""
    view.editor.select({node})
    view.set_focused(node)
    view.reveal(view.canvas.nodes[node].card_rect())


def walk(view: Surface, across: int, down: int) -> None:
    """Focus the neighbour in a direction: along a wire to the left and right, to the nearest card up and down."""
    node = _focused(view)
    if node is None:
        focus_next(view, 1)
        return
    places = {i: item.card_rect().center() for i, item in view.canvas.nodes.items()}
    found = neighbour(view.editor.graph, places, node, across, down)
    if found is not None:
        focus(view, found)


def neighbour(graph: Graph, places: dict[NodeId, QPointF], node: NodeId, across: int, down: int) -> NodeId | None:
    """The node that an arrow leads to from ``node``; None where there is none."""
    here = places[node]
    if across:
        along = (
            {i for i, _ in graph.consumers(node)} if across > 0 else {w.source for _, w in graph.nodes[node].wires()}
        )
        return min(along, key=lambda i: (abs(places[i].y() - here.y()), i), default=None)
    beyond = [i for i, place in places.items() if (place.y() - here.y()) * down > 1]
    return min(
        beyond,
        key=lambda i: (abs(places[i].x() - here.x()) * 2 + abs(places[i].y() - here.y()), i),
        default=None,
    )
