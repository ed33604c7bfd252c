"""Fields for the numbers that may stand in an operation's sockets, such as the exponent of ``pow``.

A socket that is wired has no field: what comes through the wire is edited where it is made.
"""

from __future__ import annotations

from chainrule.core.document import edits
from chainrule.core.document.graph import Literal, Node, NodeId, Wire
from chainrule.core.document.sockets import sockets
from chainrule.gui.editor import Editor
from chainrule.gui.panels.inspector_fields import Fields, LineField, read_literal
from chainrule.gui.theme import Look


def number_sockets(node: Node) -> tuple[str, ...]:
    """The sockets of ``node`` that take a number and have no wire."""
    return tuple(
        name
        for name, socket in sockets(node).items()
        if socket.number and not socket.variadic and not isinstance(node.inputs.get(name), Wire)
    )


class SocketFields(Fields):
    """One number field for each such socket; an empty field empties the socket."""

    def __init__(self, editor: Editor, look: Look, node: Node) -> None:
        super().__init__(editor, look)
        self._id: NodeId = node.id
        self.fields = {name: LineField("") for name in number_sockets(node)}
        for name, field in self.fields.items():
            error = self.row(name, field)
            field.setPlaceholderText("a number, or wire a tensor")
            field.committed.connect(
                lambda text, name=name, field=field, error=error: self.attempt(
                    field, error, lambda: self._edit(name, str(text))
                )
            )
        self.show_node(node)

    def show_node(self, node: Node) -> None:
        """Bring the fields up to date with the document."""
        for name, field in self.fields.items():
            filled = node.inputs.get(name)
            if not isinstance(filled, Wire):
                field.settle("" if filled is None else repr(filled))

    def _edit(self, socket: str, text: str) -> edits.Edit:
        return edits.set_literal(self.editor.graph, self._id, socket, read_number(text))


def read_number(text: str) -> Literal | None:
    """The number that ``text`` is, None where it is empty; ValueError, in plain words, for anything else."""
    if not text.strip():
        return None
    value = read_literal(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{text.strip()!r} is not a number")
    return value
