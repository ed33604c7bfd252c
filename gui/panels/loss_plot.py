"""The pyqtgraph part of the loss curve, in a module of its own so that it is imported late."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chainrule.gui.losses import Losses
from chainrule.gui.theme import Look

AXES = ("left", "bottom")


class LossPlot(QWidget):
    """Loss over epochs: the last run in full colour, earlier ones pale. ``hovered`` carries the epoch pointed at."""

    hovered = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.curves: Sequence[Losses] = ()
        self.log = False
        self._plot = pyqtgraph.PlotWidget()
        self._plot.setAntialiasing(True)
        self._plot.hideButtons()
        self._plot.setMenuEnabled(False)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setAccessibleName("Loss by epoch")
        self._cursor = pyqtgraph.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._plot)
        self._plot.scene().sigMouseMoved.connect(self._moved)
        self.restyle()

    def restyle(self) -> None:
        """Take colours and type sizes of the look."""
        theme = self._look.theme
        self._plot.setBackground(theme.panel)
        font = self._look.mono(10.5)
        for side in AXES:
            axis = self._plot.getAxis(side)
            axis.setPen(pyqtgraph.mkPen(theme.border))
            axis.setTextPen(pyqtgraph.mkPen(theme.text_muted))
            axis.setStyle(tickFont=font, tickLength=self._look.px(4), maxTextLevel=0)
            axis.setTickDensity(0.7 / self._look.scale)
        self._cursor.setPen(pyqtgraph.mkPen(theme.text_faint, width=1))
        self.show_runs(self.curves, log=self.log)

    @property
    def can_be_log(self) -> bool:
        """Whether there is a positive loss, which alone has a logarithm."""
        return any((losses.drawn()[1] > 0).any() for losses in self.curves)

    def show_runs(self, runs: Sequence[Losses], *, log: bool) -> None:
        """Draw ``runs``, the last one in front; ``log`` makes the loss axis logarithmic (positive losses only)."""
        self.curves, self.log = runs, log
        item = self._plot.getPlotItem()
        item.clear()
        item.setLogMode(x=False, y=log and self.can_be_log)
        item.addItem(self._cursor, ignoreBounds=True)
        for place, losses in enumerate(runs):
            self._draw_run(item, losses, last=place == len(runs) - 1)
        item.enableAutoRange()

    def _draw_run(self, item: pyqtgraph.PlotItem, losses: Losses, *, last: bool) -> None:
        theme = self._look.theme
        colour = QColor(theme.accent if last else theme.text_faint)
        if not last:
            colour.setAlphaF(0.4)
        pen: QPen = pyqtgraph.mkPen(colour, width=(2.0 if last else 1.2) * self._look.scale)
        epochs, values = losses.drawn(positive=self.log and self.can_be_log)
        if len(values) == 1:
            item.plot(epochs, values, pen=None, symbol="o", symbolSize=6, symbolBrush=colour, symbolPen=None)
        elif len(values):
            item.plot(epochs, values, pen=pen, connect="finite")

    def _moved(self, place: QPointF) -> None:
        inside = self._plot.getPlotItem().vb.sceneBoundingRect().contains(place)
        if not inside or not self.curves:
            self._cursor.hide()
            self.hovered.emit(None)
            return
        epoch = round(self._plot.getPlotItem().vb.mapSceneToView(place).x())
        epoch = max(1, min(epoch, len(self.curves[-1])))
        self._cursor.setPos(epoch)
        self._cursor.show()
        self.hovered.emit(epoch)
