"""Copy, cut, paste and duplicate: nodes travel as the text of a graph file, so also into an e-mail and back.

What they are and how they are wired is decided here, where they find room in ``room``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QMimeData, QPointF
from PySide6.QtGui import QGuiApplication

from chainrule.core.document.edits import Edit, apply
from chainrule.core.document.files import FileError, decode, encode
from chainrule.core.document.graph import Graph, Node, NodeId, Wire
from chainrule.gui.canvas import room
from chainrule.gui.canvas.camera import Camera
from chainrule.gui.editor import Editor

MIME = "application/x-chainrule"


def part_of(graph: Graph, nodes: Iterable[NodeId]) -> Graph:
    """A graph of ``nodes`` alone; a socket that was wired to another node is empty in it."""
    chosen = set(nodes)
    part = Graph()
    copies: dict[NodeId, Node | None] = {}
    for i in chosen:
        node = graph.nodes[i]
        kept = {
            s: source for s, source in node.inputs.items() if not isinstance(source, Wire) or source.source in chosen
        }
        copies[i] = replace(node, inputs=kept)
    apply(part, Edit("copy", copies))
    return part


def copy(editor: Editor) -> bool:
    """Put the selected nodes on the clipboard; False where nothing is selected."""
    chosen = editor.selection & editor.graph.nodes.keys()
    if not chosen:
        return False
    data = encode(part_of(editor.graph, chosen))
    mime = QMimeData()
    mime.setData(MIME, data)
    if data.lstrip().startswith(b"{"):
        mime.setText(data.decode())
    QGuiApplication.clipboard().setMimeData(mime)
    return True


def paste(view: Camera, place: QPointF) -> None:
    """Put what is on the clipboard around ``place``; text that is no graph is explained and changes nothing."""
    mime = QGuiApplication.clipboard().mimeData()
    data = bytes(mime.data(MIME).data()) if mime.hasFormat(MIME) else mime.text().encode()
    try:
        part = decode(data)
    except FileError as error:
        view.editor.refuse(_why_not(data, error))
        return
    if part.nodes:
        room.put(view, copies(view.editor.graph, part, "paste"), place)


def _why_not(data: bytes, error: FileError) -> str:
    """Why ``data`` cannot be pasted; where it is broken is told of what at least begins as a graph does."""
    if not data.strip():
        return "The clipboard is empty"
    begun = data.lstrip().startswith(b"{")
    return f"Not pasted: {error}" if begun else "Not pasted: what is on the clipboard is no graph"


def duplicate(view: Camera) -> None:
    """A second copy of the selected nodes beside them, wired to the same sources."""
    graph, chosen = view.editor.graph, view.editor.selection
    if not chosen:
        return
    outside = {
        (i, socket): wire for i in chosen for socket, wire in graph.nodes[i].wires() if wire.source not in chosen
    }
    part = part_of(graph, chosen)
    room.put(view, copies(graph, part, "duplicate", outside))


def copies(graph: Graph, part: Graph, verb: str, outside: dict[tuple[NodeId, str], Wire] | None = None) -> Edit:
    """The edit that adds the nodes of ``part`` to ``graph`` where they stand, under free names.

    ``outside`` are wires to nodes that are in the document already, by the ids that ``part`` uses.
    """
    ids = {i: graph.new_id() for i in part.order()}
    names: set[str] = set()
    added: dict[NodeId, Node | None] = {}
    for old, new in ids.items():
        node = part.nodes[old]
        inputs = {
            socket: Wire(ids[source.source], source.output) if isinstance(source, Wire) else source
            for socket, source in node.inputs.items()
        }
        inputs |= {socket: wire for (i, socket), wire in (outside or {}).items() if i == old}
        added[new] = replace(node, id=new, name=_free_name(graph, node.name, names), inputs=inputs)
    label = f"{verb} {len(added)} node{'s' * (len(added) != 1)}"
    regions = {
        name: replace(region, name=name, members=frozenset(ids[i] for i in region.members))
        for region in part.regions.values()
        if (name := _free_region(graph, region.name))
    }
    return Edit(label, added, regions)


def _free_name(graph: Graph, wish: str, taken: set[str]) -> str:
    name, number = graph.free_name(wish), 2
    stem = name
    while name in taken or name in graph:
        name = f"{stem}_{number}"
        number += 1
    taken.add(name)
    return name


def _free_region(graph: Graph, wish: str) -> str:
    name, number = wish, 2
    while name in graph.regions:
        name, number = f"{wish} {number}", number + 1
    return name
