"""What a tensor saved for backward is called, alike on its chip and in the inspector's sentences.

What is saved, and when it is freed, is the session's to know.
"""

from __future__ import annotations

from chainrule.core.document.graph import Graph, Node, Wire
from chainrule.gui.numbers import number_text, short

RESULT = "result"  # the session's word for what the node itself gave


def saved_name(saved: str, node: Node, graph: Graph) -> str:
    """Where it came from: the name of the node wired into the socket ``saved``, the number there, or "result"."""
    source = node.inputs.get(saved)
    if isinstance(source, Wire):
        return graph.nodes[source.source].name if source.source in graph.nodes else saved
    return saved if source is None else short(number_text(source))


def freed(name: str) -> str:
    """``name`` of a tensor that Backward has used up."""
    return f"{name} freed"
