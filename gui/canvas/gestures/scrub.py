"""Dragging a number left and right to change it: everything it reaches follows live, and it is one step of undo."""

from __future__ import annotations

import itertools
import math

import numpy as np
from PySide6.QtCore import QPoint, Qt

from chainrule.core.document import edits
from chainrule.core.document.edits import Edit
from chainrule.core.document.graph import Literal, NodeId
from chainrule.gui.canvas.gestures.gesture import Press
from chainrule.gui.canvas.surface import Surface

PIXELS_A_STEP = 4
FINE, COARSE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier

_numbers = itertools.count(1)


def step_of(value: float) -> float:
    """How much one step changes ``value``: two digits below its own size, a hundredth at least for small ones."""
    if value == 0 or not math.isfinite(value):
        return 0.01
    return 10.0 ** max(math.floor(math.log10(abs(value))) - 1, -2)


class Scrub:
    """One element of a leaf, or a number in a socket."""

    def __init__(self, view: Surface, press: Press, node: NodeId, start: float, *, whole: bool) -> None:
        self.view = view
        self.press = press
        self.node = node
        self.start = start
        self.step = 1.0 if whole else step_of(start)
        self.whole = whole
        self.key = f"scrub {next(_numbers)}"
        self.shown = start
        self._depth = view.editor.undo_stack.index()

    @staticmethod
    def over(view: Surface, press: Press) -> Scrub | None:
        """The scrub of the number under ``press``; None where there is no single number."""
        assert press.node is not None
        assert press.zone is not None
        node = view.editor.graph.nodes[press.node]
        if press.zone.kind == "literal":
            literal = node.inputs.get(press.zone.name)
            if isinstance(literal, bool) or not isinstance(literal, (int, float)):
                return None
            return Scrub(view, press, press.node, float(literal), whole=isinstance(literal, int))
        if node.leaf is None or press.zone.index is None or node.leaf.value.dtype.kind not in "fiu":
            return None
        value = node.leaf.value.reshape(-1)[press.zone.index]
        return Scrub(view, press, press.node, float(value), whole=node.leaf.value.dtype.kind in "iu")

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        steps = int((place.x() - self.press.view.x()) / PIXELS_A_STEP)
        step = self.step * (0.1 if modifiers & FINE and not self.whole else 10 if modifiers & COARSE else 1)
        value = self.start + steps * step
        value = round(value) if self.whole else round(value, max(0, 2 - math.floor(math.log10(step))))
        if value != self.shown:
            self.shown = value
            self.view.editor.do(self._edit(value), merge=self.key)

    def _edit(self, value: Literal) -> Edit:
        graph, zone = self.view.editor.graph, self.press.zone
        assert zone is not None
        if zone.kind == "literal":
            return edits.set_literal(graph, self.node, zone.name, value)
        leaf = graph.nodes[self.node].leaf
        assert leaf is not None
        assert zone.index is not None
        numbers = np.array(leaf.value)
        numbers.reshape(-1)[zone.index] = value
        return edits.set_value(graph, self.node, numbers)

    def finish(self) -> None:
        """Every value on the way was set already; they are one step of undo."""

    def cancel(self) -> None:
        if self.view.editor.undo_stack.index() > self._depth:
            self.view.editor.undo()
