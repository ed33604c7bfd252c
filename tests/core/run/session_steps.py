"""What tests of a session do over and over: look at a node, apply an edit as an editor does.

Nothing is tested here.
"""

from __future__ import annotations

from typing import Any

from chainrule.core.document import edits
from chainrule.core.run.session import Session
from chainrule.core.run.timeline import NodeState


def node(session: Session, name: str) -> NodeState:
    return session.state.nodes[session.graph.named(name).id]


def names(session: Session, ids: Any) -> set[str]:
    return {session.graph.nodes[i].name for i in ids}


def change(session: Session, edit: edits.Edit) -> set[int]:
    """Apply an edit as an editor does."""
    edits.apply(session.graph, edit)
    return session.update(set(edit.nodes))


def set_value(session: Session, name: str, value: Any, dtype: str | None = None) -> set[int]:
    return change(session, edits.set_value(session.graph, session.graph.named(name).id, value, dtype=dtype))
