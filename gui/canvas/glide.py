"""Cards that glide from where they were to where the document has put them; the document is there already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QPointF, QVariantAnimation

from chainrule.core.document.graph import NodeId

if TYPE_CHECKING:
    from chainrule.gui.canvas.scene import CanvasScene

GLIDE_MS = 260


class Glide(QVariantAnimation):
    """One for each scene; a new glide ends the one before."""

    def __init__(self, scene: CanvasScene) -> None:
        super().__init__(scene)
        self.scene = scene
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
        nodes = self.scene.editor.graph.nodes
        places = {
            i: start + (QPointF(*nodes[i].position) - start) * share
            for i, start in self._from.items()
            if i in nodes and i in self.scene.nodes
        }
        if share < 1.0:
            self.scene.pass_by(places)
        else:
            self.scene.try_places(places)
