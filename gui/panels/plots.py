"""The loss curve, live while training runs; earlier runs stay behind it, paler.

pyqtgraph is imported when the panel is first shown, since the first window must not wait for it (it is in
``loss_plot``). Nothing is trained here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout

from chainrule.gui.editor import Editor
from chainrule.gui.losses import Losses
from chainrule.gui.numbers import number_text
from chainrule.gui.panels.parts import EmptyState, Panel, label
from chainrule.gui.theme import INSET, Look
from chainrule.gui.training import fate_of

if TYPE_CHECKING:
    from chainrule.gui.panels.loss_plot import LossPlot

GHOSTS = 5
REDRAW_MS = 100


class PlotsPanel(Panel):
    """The curve of the current or last run, what it has reached, and whether the loss axis is logarithmic."""

    def __init__(self, editor: Editor, look: Look) -> None:
        super().__init__(look)
        self.setAccessibleName("Plots")
        self._editor = editor
        self._runs: list[Any] = []
        self.plot: LossPlot | None = None
        self.empty = EmptyState("", "")
        self.readout = label("", "mono")
        self.hovered = label("", "mono muted")
        self.log_scale = QCheckBox("log scale")
        self.log_scale.toggled.connect(self._draw)
        self._row = QHBoxLayout()
        self._row.addWidget(self.readout)
        self._row.addWidget(self.hovered)
        self._row.addStretch()
        self._row.addWidget(self.log_scale)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._row)
        self._column.addWidget(self.empty)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(REDRAW_MS)
        self._soon.timeout.connect(self._draw)
        editor.training_changed.connect(self._changed)
        editor.document_replaced.connect(self._forget)
        editor.document_changed.connect(self._say_what_lacks)
        editor.undo_stack.indexChanged.connect(self._changed)
        self.look_changed()
        self._changed()

    def look_changed(self) -> None:
        px = self.look.px
        self._column.setContentsMargins(px(INSET), px(8), px(INSET), px(6))
        self._column.setSpacing(px(4))
        self._row.setSpacing(px(18))
        if self.plot is not None:
            self.plot.restyle()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(500), self.look.px(160))

    @property
    def runs(self) -> list[Any]:
        """The runs that are drawn, oldest first."""
        return self._runs

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._make_plot()
        self._draw()

    def _make_plot(self) -> None:
        if self.plot is None and self._runs:
            from chainrule.gui.panels.loss_plot import LossPlot

            self.plot = LossPlot(self.look)
            self.plot.hovered.connect(self._hover)
            self._column.addWidget(self.plot, 1)

    def _forget(self) -> None:
        self._runs.clear()
        self._changed()

    def _say_what_lacks(self) -> None:
        """Train is what to press once there is something that it could make small."""
        if any(node.leaf is None for node in self._editor.graph.nodes.values()):
            self.empty.say("No run yet: press Train", "The loss of every epoch is drawn here while training runs.")
        else:
            self.empty.say("No loss yet", "Train makes the value of an operation small, and there is no operation yet.")

    def _changed(self) -> None:
        self._say_what_lacks()
        run = self._editor.training_run
        if run is not None and (not self._runs or self._runs[-1] is not run):
            self._runs = [*self._runs, run][-GHOSTS - 1 :]
        self.readout.setText(self._reached())
        self.readout.setToolTip(f"Trained by: {run.ran}" if run is not None and run.ran else "")
        if self.isVisible():
            self._make_plot()
            if run is None or run.finished:
                self._soon.stop()
                self._draw()
            elif not self._soon.isActive():
                self._soon.start()

    def _reached(self) -> str:
        if not self._runs:
            return ""
        run = self._runs[-1]
        running = "" if run.ran else " · compiling"
        state = {"running": running, "paused": " · paused", "stopped": " · stopped"}.get(run.state, "")
        named = "loss" if run.loss == "loss" else f"loss ({run.loss})"  # whose: not the root's that Backward starts at
        loss = f" · {named} {number_text(run.losses[-1])}" if run.losses else ""
        undone = " · undone" if self._editor.training.undone else ""
        fate = fate_of(run.losses) if run.finished and not undone else ""
        loop = run.ran and f" · {run.ran.partition(':')[0]}"
        return f"epoch {run.epoch} of {run.epochs}{loss}{loop}{state}{undone}{fate and ' · '}{fate}"

    def _draw(self) -> None:
        shown = bool(self._runs)
        self.empty.setVisible(not shown)
        self.log_scale.setVisible(shown)
        if self.plot is not None:
            self.plot.setVisible(shown)
            runs = [run.losses for run in self._runs]
            if self._editor.training.undone:
                runs.append(Losses())  # the last curve is of the past as well, and drawn as pale
            self.plot.show_runs(runs, log=self.log_scale.isChecked())

    def _hover(self, epoch: object) -> None:
        losses = self._runs[-1].losses if self._runs else []
        inside = isinstance(epoch, int) and 1 <= epoch <= len(losses)
        self.hovered.setText(f"at epoch {epoch}: {number_text(losses[int(str(epoch)) - 1])}" if inside else "")
