"""What typing an expression would add, in words, or what is wrong with it and at which column.

It reads a search field's text; what is then added is made in ``gui.adding``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chainrule.core.document.expression import ExpressionError, parse
from chainrule.core.document.graph import Graph, GraphError, Literal, Node, NodeId, Wire

HINT = "an expression, such as  (y - x*w)**2"
MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class Preview:
    """``text`` is one or more lines to show; ``ok`` says that the expression can be added."""

    ok: bool
    text: str


def expression_in(text: str) -> str | None:
    """The expression that ``text`` is, ``= y - x`` or ``error = y - x``; None for a search."""
    stripped = text.strip()
    if stripped.startswith("="):
        return stripped[1:].strip()
    name, equals, _ = stripped.partition("=")
    return stripped if equals and name.strip().isidentifier() else None


def preview_of(graph: Graph, expression: str) -> Preview:
    """The preview of ``expression``, as typed with its equals sign, in ``graph``: a line for each new node."""
    if not expression.strip().removeprefix("=").strip():
        return Preview(False, HINT)
    try:
        edit = parse(graph, expression)
    except (ExpressionError, GraphError) as error:
        return Preview(False, str(error))
    added = [node for i, node in edit.nodes.items() if node is not None and i not in graph.nodes]
    names = {i: node.name for i, node in graph.nodes.items()} | {node.id: node.name for node in added}
    lines = [_line(node, names) for node in added]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], f"and {len(lines) - MOST_LINES + 1} more"]
    return Preview(True, "\n".join(lines) or "nothing new")


def _line(node: Node, names: Mapping[NodeId, str]) -> str:
    if node.leaf is not None:
        return f"{node.name}: a new leaf"
    return f"{node.name} = {node.kind}({', '.join(_argument(each, names) for each in node.inputs.values())})"


def _argument(value: Wire | Literal, names: Mapping[NodeId, str]) -> str:
    if not isinstance(value, Wire):
        return f"{value:g}"
    name = names.get(value.source, "?")
    return f"{name}.{value.output}" if value.output else name
