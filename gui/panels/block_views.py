"""How the inspector's blocks look: one widget for each kind of block, which can be given another block of its kind.

What they say comes from ``inspector_sections``; sizes and colours come from the look.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from chainrule.core.run.problems import Repair
from chainrule.gui.panels import blocks
from chainrule.gui.panels.blocks import Block
from chainrule.gui.panels.painted_blocks import BlockWidget, DerivativeView, EquationView, PathView, VerdictView
from chainrule.gui.panels.parts import clear, label, set_role
from chainrule.gui.panels.program_text import ProgramText
from chainrule.gui.theme import Look

RunRepair = Callable[[Repair], None]


def view_of(block: Block, look: Look, run: RunRepair) -> BlockWidget:
    """A new widget that shows ``block``; ``run`` is called with the repair of a pressed button."""
    match block:
        case blocks.Sentence() | blocks.Line():
            view: BlockWidget = TextView()
        case blocks.Equation():
            view = EquationView(look)
        case blocks.Derivative():
            view = DerivativeView(look)
        case blocks.PathProduct():
            view = PathView(look)
        case blocks.Verdict():
            view = VerdictView(look)
        case blocks.Actions():
            view = ActionsView(look, run)
        case blocks.Printed() | blocks.Code():
            view = ProgramText(look)
    view.show_block(block)
    return view


class TextView(BlockWidget):
    """A sentence or a line of numbers, wrapped and selectable."""

    def __init__(self) -> None:
        super().__init__()
        self.text = label("", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)

    def show_block(self, block: blocks.Sentence | blocks.Line) -> None:
        set_role(self.text, block.tone)
        self.text.setText(block.text)


class ActionsView(BlockWidget):
    """Buttons that run repairs: side by side where they fit, else one under the other."""

    def __init__(self, look: Look, run: RunRepair) -> None:
        super().__init__()
        self._run = run
        self._block = blocks.Actions(())
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(look.px(8))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def show_block(self, block: blocks.Actions) -> None:
        if block == self._block:
            return
        self._block = block
        clear(self._row)
        for repair in block.buttons:
            button = QPushButton(repair.label)
            button.clicked.connect(_runner(self._run, repair))
            self._row.addWidget(button)
        self._turn()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        items = [self._row.itemAt(place) for place in range(self._row.count())]
        needed = sum(item.sizeHint().width() + self._row.spacing() for item in items if item is not None)
        fits = needed - self._row.spacing() <= self.width()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)


def _runner(run: RunRepair, repair: Repair) -> Callable[[], None]:
    def pressed() -> None:
        run(repair)

    return pressed
