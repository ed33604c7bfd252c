"""How the window is divided: what was chosen at the desk, and what gives way to the canvas at projector size.

A desk layout is kept while the projector's is shown, comes back exactly with it, and is the one that is remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QSplitter, QWidget

LEAST_CANVAS = 0.5  # of the window's width and height
WIDEST_SIDES, TALLEST_BOTTOM = (0.18, 0.25), 0.3


class Divided(Protocol):
    """The part of the main window that is laid out."""

    columns: QSplitter
    rows: QSplitter

    @property
    def foldable(self) -> Sequence[QWidget]:
        """Library, inspector and the tabs below."""

    def width(self) -> int: ...
    def height(self) -> int: ...


@dataclass(frozen=True, eq=False)
class Desk:
    """A layout to come back to: what the splitters had, what was folded, and the scale."""

    columns: QByteArray
    rows: QByteArray
    folded: tuple[bool, ...]
    scale: float


def take(window: Divided, scale: float) -> Desk:
    """The present layout, which belongs to ``scale``."""
    folded = tuple(panel.isHidden() for panel in window.foldable)
    return Desk(window.columns.saveState(), window.rows.saveState(), folded, scale)


def bring_back(window: Divided, desk: Desk) -> None:
    """Lay ``window`` out as it was."""
    for panel, folded in zip(window.foldable, desk.folded, strict=True):
        panel.setVisible(not folded)
    window.columns.restoreState(desk.columns)
    window.rows.restoreState(desk.rows)


def give_way(window: Divided, factor: float) -> None:
    """Fold the library, and let the other panels grow by ``factor``."""
    window.foldable[0].hide()
    grow(window, factor)


def fold_what_crowds(window: Divided) -> None:
    """Fold the panels that leave the canvas too little, once all have the sizes that they need."""
    _, inspector, bottom = window.foldable
    if window.columns.sizes()[1] < LEAST_CANVAS * window.width():
        inspector.hide()
    if window.rows.sizes()[0] < LEAST_CANVAS * window.height():
        bottom.hide()


def grow(window: Divided, factor: float) -> None:
    """Let the panels grow with their text, but never at the cost of most of the canvas."""
    if factor == 1:
        return
    sizes = window.columns.sizes()
    whole, height = sum(sizes), sum(window.rows.sizes())
    left = min(round(sizes[0] * factor), round(whole * WIDEST_SIDES[0]))
    right = min(round(sizes[2] * factor), round(whole * WIDEST_SIDES[1]))
    below = min(round(window.rows.sizes()[1] * factor), round(height * TALLEST_BOTTOM))
    window.columns.setSizes([left, whole - left - right, right])
    window.rows.setSizes([height - below, below])
