"""What the search box, the library and a drop on the canvas add: a node, a leaf, a region, or a typed expression.

Each is one edit, so that one undo takes it back, the wire it was asked for included. Where it finds room is decided in
``canvas.room``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QPointF

from chainrule.core.document.checks import check_nodes
from chainrule.core.document.edits import Edit, add_node, set_region
from chainrule.core.document.graph import TENSOR, Graph, GraphError, Node, NodeId, Wire
from chainrule.core.document.leaves import make_leaf
from chainrule.core.document.sockets import outputs, sockets
from chainrule.gui.canvas import room
from chainrule.gui.canvas.camera import Camera

NO_GRAD = "no_grad"

Place = tuple[float, float]


class Request(Protocol):
    """What is wanted: an operation's ``kind``, a leaf by ``constructor``, the kind "no_grad", or an ``expression``."""

    @property
    def kind(self) -> str: ...
    @property
    def constructor(self) -> str: ...
    @property
    def expression(self) -> str: ...


class LooseEnd(Protocol):
    """A wire that waits for its other end: it hangs on ``socket`` of ``node``, an "output" or an "input"."""

    @property
    def node(self) -> NodeId: ...
    @property
    def side(self) -> str: ...
    @property
    def socket(self) -> str: ...


def add_request(
    view: Camera, request: Request, at: Place, loose: LooseEnd | None = None, *, middle: bool = False
) -> bool:
    """Add what ``request`` asks for, wired to ``loose``, and select it; False if refused.

    The scene point ``at`` is its top left corner, or with ``middle`` its middle; where it would lie on a card there, it
    finds room beside it.
    """
    editor = view.editor
    try:
        edit = _edit_for(editor.graph, request, at, loose, editor.selection)
    except (GraphError, ValueError) as error:
        return editor.refuse(str(error))
    return room.put(view, edit, QPointF(*at) if middle else None)


def _edit_for(graph: Graph, request: Request, at: Place, loose: LooseEnd | None, selection: Iterable[NodeId]) -> Edit:
    if request.expression:
        return _expression(graph, request.expression, at)
    if request.kind == NO_GRAD:
        return _region(graph, selection)
    if request.constructor:
        edit, node = add_node(graph, TENSOR, leaf=make_leaf(request.constructor), position=at)
    else:
        edit, node = add_node(graph, request.kind, position=at)
    return edit if loose is None else _wired(graph, edit, node, loose)


def _wired(graph: Graph, edit: Edit, node: Node, loose: LooseEnd) -> Edit:
    """``edit``, which adds ``node``, with the loose end in its first socket that takes it."""
    if loose.side == "input":
        target = graph.nodes[loose.node]
        inputs = {**target.inputs, loose.socket: Wire(node.id, outputs(node)[0])}
        return replace(edit, nodes={**edit.nodes, target.id: replace(target, inputs=inputs)})
    for socket in sockets(node):
        wired = replace(node, inputs={**node.inputs, socket: Wire(loose.node, loose.socket)})
        candidate = replace(edit, nodes={**edit.nodes, node.id: wired})
        if _allowed(graph, candidate):
            return candidate
    return edit


def _allowed(graph: Graph, edit: Edit) -> bool:
    try:
        check_nodes(graph, edit.nodes)
    except GraphError:
        return False
    return True


def _region(graph: Graph, selection: Iterable[NodeId]) -> Edit:
    members = list(selection)
    if not members:
        raise GraphError("Select the nodes that shall run under no_grad, then add the region around them")
    number = 1
    while (name := f"no_grad{number if number > 1 else ''}") in graph.regions:
        number += 1
    return set_region(graph, name, members)


def _expression(graph: Graph, text: str, at: Place) -> Edit:
    # Parsing is not needed before somebody types an expression.
    from chainrule.core.document.expression import parse

    return parse(graph, text, at)
