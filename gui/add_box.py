"""Asking what to add: the search box over the canvas, the library and drops, brought to where the node shall stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QPointF
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from chainrule.gui.adding import add_request
from chainrule.gui.canvas.view import CanvasView
from chainrule.gui.editor import Editor
from chainrule.gui.theme import Look

if TYPE_CHECKING:
    from chainrule.gui.canvas.gestures import PendingWire
    from chainrule.gui.panels.catalogue import Request
    from chainrule.gui.panels.search_box import SearchBox


class AddBox(QObject):
    """Between the canvas, which asks for a node, and what is chosen for it. ``box`` is there once it was needed."""

    def __init__(self, window: QWidget, canvas: CanvasView, editor: Editor, look: Look) -> None:
        super().__init__(window)
        self.box: SearchBox | None = None
        self._window = window
        self._canvas = canvas
        self._editor = editor
        self._look = look
        self._place = QPointF()
        self._wire: PendingWire | None = None
        self._middle = False

    def ask_at_pointer(self) -> None:
        """Open the search box at the pointer, or in the middle where the pointer is elsewhere."""
        ground = self._canvas.viewport()
        place = ground.mapFromGlobal(QCursor.pos())
        if ground.rect().contains(place):
            self.ask(self._canvas.mapToScene(place), None)
        else:
            self.ask(self._canvas.middle(), None, middle=True)

    def ask(self, place: QPointF, wire: PendingWire | None, *, middle: bool = False) -> None:
        """Open the search box at the scene point ``place``, listing what fits the loose ``wire``.

        There the corner of the box and of what is chosen will be; with ``middle``, their middle.
        """
        from chainrule.gui.panels import catalogue

        self._place, self._wire, self._middle = place, wire, middle
        fits = catalogue.anything
        if wire is not None:
            fits = catalogue.takes_a_tensor if wire.side == "output" else catalogue.gives_a_tensor
        point = self._canvas.viewport().mapToGlobal(self._canvas.mapFromScene(place))
        box = self._box()
        box.open_at(point - QPoint(box.width() // 2, box.tallest // 2) if middle else point, fits)

    def add_in_view(self, request: Request) -> None:
        """Add what the library was asked for, in the middle of what is seen."""
        self._add(request, self._canvas.middle(), None, middle=True)

    def add_dropped(self, key: str, place: QPointF) -> None:
        """Add the library's entry ``key`` where it was dropped."""
        from chainrule.gui.panels.catalogue import request_for

        self._add(request_for(key), place, None)
        self._canvas.setFocus()

    def _box(self) -> SearchBox:
        from chainrule.gui.panels.search_box import SearchBox

        if self.box is None:
            self.box = SearchBox(self._editor, self._look, self._window)
            self.box.chosen.connect(self._chosen)
            self.box.dismissed.connect(self._canvas.setFocus)
        return self.box

    def _chosen(self, request: Request) -> None:
        self._add(request, self._place, self._wire, middle=self._middle)
        self._canvas.setFocus()

    def _add(self, request: Any, place: QPointF, wire: PendingWire | None, *, middle: bool = False) -> None:
        add_request(self._canvas, request, (place.x(), place.y()), wire, middle=middle)
