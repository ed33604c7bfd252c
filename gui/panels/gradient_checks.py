"""The gradient check of the node that is looked at, worked out when nothing else is going on and then kept."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from chainrule.core.document.graph import NodeId
from chainrule.core.run import explain
from chainrule.core.run.forward import untracked_nodes
from chainrule.core.run.session import Session
from chainrule.gui.editor import Editor
from chainrule.gui.panels.blocks import Section, Verdict
from chainrule.gui.panels.inspector_subject import Subject, listed

IDLE_MS = 250
MOST_NODES = 400
TITLE = "Gradient check"


class GradientChecks(QObject):
    """One check at a time; ``ready`` says that the verdict asked for is there."""

    ready = Signal()

    def __init__(self, editor: Editor, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._wanted: tuple[object, NodeId, NodeId] | None = None
        self._found: dict[tuple[object, NodeId, NodeId], Verdict] = {}
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._check)

    def section_for(self, subject: Subject) -> Section | None:
        """The verdict for a leaf that a backward has reached, or that one is on its way; None for anything else."""
        root = subject.state.root
        if subject.node.leaf is None or subject.here.grad is None or root is None or subject.here.stale:
            return None
        key = (subject.session.timeline, root, subject.node.id)
        verdict = self._found.get(key)
        if verdict is None:
            if key != self._wanted:
                self._wanted = key
                self._idle.start()
            verdict = Verdict(None, "comparing with finite differences ...")
        return Section(TITLE, (verdict,))

    def _check(self) -> None:
        if self._wanted is None:
            return
        timeline, root, leaf = self._wanted
        session = self._editor.session
        nodes = session.graph.nodes
        if timeline is not session.timeline or root not in nodes or leaf not in nodes:
            return
        self._found = {self._wanted: _verdict(session, root, leaf)}
        self._wanted = None
        self.ready.emit()


def _verdict(session: Session, root: NodeId, leaf: NodeId) -> Verdict:
    if len(session.graph.nodes) > MOST_NODES:
        return Verdict(None, "not checked: the graph is large")
    try:
        check = explain.gradient_check(session, root, leaf, session.state.seed)
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        return Verdict(None, f"not checked: {error}")
    why = "" if check.ok else _why_constant(session, root, leaf)
    return Verdict(check.ok, f"{check.text}{why and '. '}{why}")


def _why_constant(session: Session, root: NodeId, leaf: NodeId) -> str:
    """Which nodes backward does not go through where finite differences do; "" without one."""
    found = [session.graph.nodes[i] for i in explain.stops(session, root, leaf)]
    if not found:
        return ""
    hidden = untracked_nodes(session.graph)
    names = listed([f"{node.name} ({'no_grad' if node.id in hidden else node.kind})" for node in found])
    stop, them = ("stops", "it for a constant") if len(found) == 1 else ("stop", "them for constants")
    return f"On the way {names} {stop} tracking: backward takes {them}, finite differences do not"
