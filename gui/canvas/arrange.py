"""What is done to many nodes at once: delete, nudge, cut wires, and lay out from left to right.

Nodes that nobody has placed, as those of a graph that a script made, are laid out as soon as they are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from PySide6.QtCore import QRectF

from chainrule.core.document import edits
from chainrule.core.document.edits import Edit
from chainrule.core.document.graph import Graph, GraphError, Node, NodeId, Wire
from chainrule.core.document.sockets import sockets
from chainrule.gui.canvas.camera import Camera
from chainrule.gui.canvas.growth import after_backward
from chainrule.gui.canvas.keep_out import kept_out
from chainrule.gui.canvas.layout import DOWN, Place, Size, layered
from chainrule.gui.canvas.node_item import card_of
from chainrule.gui.canvas.wire_item import WireKey
from chainrule.gui.editor import Editor


def cut_wires(graph: Graph, wires: Iterable[WireKey], label: str) -> Edit:
    """The edit that empties the sockets ``wires``."""
    cut: dict[NodeId, Node | None] = {}
    for i, socket in wires:
        node = cut.get(i) or graph.nodes[i]
        cut[i] = replace(node, inputs={name: source for name, source in node.inputs.items() if name != socket})
    return Edit(label, cut)


def counted_wires(wires: Iterable[WireKey]) -> str:
    """ "a wire" or "3 wires"."""
    count = len(list(wires))
    return "a wire" if count == 1 else f"{count} wires"


def delete(editor: Editor, *, heal: bool) -> None:
    """Delete the selected nodes and wires; with ``heal`` a wire through a deleted node is closed again."""
    graph = editor.graph
    nodes = editor.selection & graph.nodes.keys()
    wires = [key for key in editor.selected_sockets if key[0] in graph.nodes and key[0] not in nodes]
    if not nodes and not wires:
        return
    if not nodes:
        editor.do(cut_wires(graph, wires, f"delete {counted_wires(wires)}"))
        return
    removing = edits.remove(graph, nodes, heal=heal)
    changed = dict(removing.nodes)
    for i, socket in wires:
        node = changed.get(i) or graph.nodes[i]
        changed[i] = replace(node, inputs={name: source for name, source in node.inputs.items() if name != socket})
    editor.do(replace(removing, nodes=changed))


def nudge(editor: Editor, across: float, down: float) -> None:
    """Move the selected nodes a little; nudges that follow each other are one step of undo."""
    graph = editor.graph
    places = {i: graph.nodes[i].position for i in editor.selection & graph.nodes.keys()}
    if places:
        moved = {i: (x + across, y + down) for i, (x, y) in places.items()}
        editor.do(edits.move(graph, moved), merge=f"nudge {sorted(places)}")


def tidy(view: Camera) -> None:
    """Lay out the selection, or everything where fewer than two nodes are selected."""
    editor = view.editor
    graph = editor.graph
    chosen = editor.selection if len(editor.selection) > 1 else frozenset(graph.nodes)
    shown = chosen & view.canvas.nodes.keys()
    if not shown:
        return
    corner_x = min(graph.nodes[i].position[0] for i in shown)
    corner_y = min(graph.nodes[i].position[1] for i in shown)
    laid_out = _laid_out(view, shown, corner_x, corner_y)
    moved = {i: place for i, place in laid_out.items() if place != graph.nodes[i].position}
    before = {i: view.canvas.nodes[i].pos() for i in moved}
    if moved and editor.do(replace(edits.move(graph, moved), label="tidy")):
        view.canvas.glide(before)


def place_new(view: Camera) -> None:
    """Lay out the nodes that have no place yet, below those that have one."""
    nodes = view.editor.graph.nodes
    new = {i for i in view.canvas.nodes.keys() & nodes.keys() if nodes[i].place is None}
    if not new:
        return
    standing = QRectF()
    for i in nodes.keys() - new:
        standing = standing.united(view.canvas.nodes[i].occupied())
    below = standing.bottom() + DOWN if len(new) < len(nodes) else 0.0
    view.editor.place(_laid_out(view, new, standing.left(), below))


def _laid_out(view: Camera, nodes: Collection[NodeId], left: float, top: float) -> dict[NodeId, Place]:
    """``nodes`` in layers, on the grid, the first of them at ``left``, ``top``."""
    sizes = {i: _room(view, i) for i in nodes}
    wires = [
        (wire.source, i, place)
        for i in sizes
        for place, wire in _sources(view.editor.graph.nodes[i])
        if wire.source in sizes
    ]
    in_layers = layered(sizes, wires)
    places = kept_out(in_layers, sizes, [region.members for region in view.editor.graph.regions.values()])
    return {i: (round((x + left) / 10) * 10.0, round((y + top) / 10) * 10.0) for i, (x, y) in places.items()}


def _room(view: Camera, i: NodeId) -> Size:
    """Width and height that the card of ``i`` takes now and once Backward has been."""
    item, graph = view.canvas.nodes[i], view.editor.graph
    grown = card_of(graph.nodes[i], after_backward(item.state), graph).outline()
    room = grown.translated(item.pos()).united(item.occupied())
    return room.width(), room.height()


def _sources(node: Node) -> list[tuple[int, Wire]]:
    """What is wired into ``node``, with the place of its socket on the card's edge from the top down."""
    try:
        order = list(sockets(node))
    except GraphError:  # of an operation that is not there any more
        order = list(node.inputs)
    return [(order.index(socket), wire) for socket, wire in node.wires() if socket in order]
