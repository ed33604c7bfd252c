"""A press that did not become a drag: it selects, or does what the zone under it does; and the double-click."""

from __future__ import annotations

from PySide6.QtCore import Qt

from chainrule.core.document import edits
from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas.gestures.gesture import Press
from chainrule.gui.canvas.surface import Surface

CURSORS = {
    "switch": Qt.CursorShape.PointingHandCursor,
    "repair": Qt.CursorShape.PointingHandCursor,
    "seed": Qt.CursorShape.PointingHandCursor,
    "input": Qt.CursorShape.CrossCursor,
    "output": Qt.CursorShape.CrossCursor,
    "literal": Qt.CursorShape.SizeHorCursor,
    "value": Qt.CursorShape.SizeHorCursor,
}
EXTEND = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


def click(view: Surface, press: Press) -> None:
    """Act on a press and release in one place."""
    if press.button != Qt.MouseButton.LeftButton:
        return
    if press.node is None or press.zone is None:
        _click_on_canvas(view, press)
        return
    match press.zone.kind:
        case "switch":
            toggle_grad(view, press.node)
        case "repair":
            view.editor.run_repair(press.zone.payload)
        case "seed":
            view.value_editor.edit_seed(press.node)
        case _:
            _select(view, press)


def _click_on_canvas(view: Surface, press: Press) -> None:
    extend = bool(press.modifiers & EXTEND)
    nodes = view.editor.selection if extend else frozenset()
    wires = view.editor.selected_sockets if extend else frozenset()
    if press.wire is not None:
        wires = wires ^ {press.wire}
    view.editor.select(nodes, wires)


def _select(view: Surface, press: Press) -> None:
    assert press.node is not None
    if press.modifiers & EXTEND:
        view.editor.select(view.editor.selection ^ {press.node}, view.editor.selected_sockets)
    else:
        view.editor.select({press.node})
        view.set_focused(press.node)


def toggle_grad(view: Surface, node: NodeId) -> None:
    """Turn the ``requires_grad`` of a leaf over, as one step of undo."""
    leaf = view.editor.graph.nodes[node].leaf
    if leaf is not None:
        view.editor.do(edits.set_requires_grad(view.editor.graph, node, not leaf.requires_grad))


def double_click(view: Surface, press: Press) -> None:
    """Edit what is under the pointer; on the empty canvas, ask for a new node there."""
    if press.node is None or press.zone is None:
        if press.wire is None:
            view.request_add.emit(press.scene, None)
        return
    match press.zone.kind:
        case "value":
            view.value_editor.edit_value(press.node, press.zone.index)
        case "literal":
            view.value_editor.edit_literal(press.node, press.zone.name)
        case "input":
            view.value_editor.edit_literal(press.node, press.zone.name)
        case "name":
            view.value_editor.edit_name(press.node)
        case "call":
            view.value_editor.edit_params(press.node)
        case "seed":
            view.value_editor.edit_seed(press.node)
        case "switch":
            toggle_grad(view, press.node)
        case "body" if view.editor.graph.nodes[press.node].leaf is not None:
            view.value_editor.edit_value(press.node)
        case "body":
            view.value_editor.edit_params(press.node)
