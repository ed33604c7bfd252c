"""Cards that glide from where they were to where the document has put them; the document is there already."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEasingCurve, QPointF, QVariantAnimation

from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas.stage import Stage

Show = Callable[[Mapping[NodeId, QPointF]], None]

GLIDE_MS = 260


class Glide(QVariantAnimation):
    """One for each stage; a new glide ends the one before.

    ``pass_by`` is told where the nodes are on their way, ``arrive`` where they end.
    """

    def __init__(self, stage: Stage, pass_by: Show, arrive: Show) -> None:
        super().__init__(stage)
        self.stage = stage
        self._pass_by = pass_by
        self._arrive = arrive
        self._from: dict[NodeId, QPointF] = {}
        self.setDuration(GLIDE_MS)
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.valueChanged.connect(self._show)

    def begin(self, before: Mapping[NodeId, QPointF]) -> None:
        """Let the nodes of ``before`` come from there."""
        self.stop()
        self._from = dict(before)
        self._show(0.0)  # the first frame must not flash the end
        self.start()

    def _show(self, share: float) -> None:
        nodes = self.stage.editor.graph.nodes
        places = {
            i: start + (QPointF(*nodes[i].position) - start) * share
            for i, start in self._from.items()
            if i in nodes and i in self.stage.nodes
        }
        if share < 1.0:
            self._pass_by(places)
        else:
            self._arrive(places)
