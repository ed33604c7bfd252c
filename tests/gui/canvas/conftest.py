"""A canvas on the screen with the notebook's regression in it, and a hand that presses, drags and types on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas.view import CanvasView
from chainrule.gui.editor import Editor
from chainrule.gui.player import Player
from chainrule.gui.theme import Look, load_fonts

LEFT = Qt.MouseButton.LeftButton
NOTHING = Qt.KeyboardModifier.NoModifier


def regression() -> Graph:
    """``loss = (y - x*w)**2`` at the places of the design's drawing."""
    graph = Graph()
    graph.add("tensor", name="x", value=1.0, position=(230.0, 220.0))
    graph.add("tensor", name="w", value=1.0, requires_grad=True, position=(230.0, 420.0))
    graph.add("tensor", name="y", value=2.0, position=(470.0, 110.0))
    graph.add("mul", name="pred", input="x", other="w", position=(480.0, 330.0))
    graph.add("sub", name="error", input="y", other="pred", position=(710.0, 260.0))
    graph.add("pow", name="loss", input="error", exponent=2, position=(950.0, 260.0))
    return graph


@dataclass
class Hand:
    """Points at parts of cards by name and moves the real mouse there."""

    view: CanvasView

    @property
    def editor(self) -> Editor:
        return self.view.editor

    def id(self, name: str) -> NodeId:
        return self.editor.graph.named(name).id

    def add(self, kind: str, name: str, x: float, y: float, **inputs: object) -> None:
        """Add a node through the editor, as a panel would."""
        edit, _ = edits.add_node(self.editor.graph, kind, name, position=(x, y), inputs=inputs)  # type: ignore[arg-type]
        assert self.editor.do(edit), self.editor.last_error

    def place(self, point: QPointF) -> QPoint:
        return self.view.mapFromScene(point)

    def socket(self, name: str, side: str, socket: str = "") -> QPoint:
        point = self.view.canvas.nodes[self.id(name)].port_at(side, socket)
        assert point is not None, f"{name} has no {side} {socket!r}"
        return self.place(point)

    def part(self, name: str, which: Callable[..., object]) -> QPoint:
        """The middle of the rectangle that ``which`` picks out of the card of ``name``."""
        item = self.view.canvas.nodes[self.id(name)]
        rect = which(item.card)
        return self.place(item.pos() + rect.center())  # type: ignore[attr-defined]

    def switch(self, name: str) -> QPoint:
        return self.part(name, lambda card: card.switch)

    def number(self, name: str) -> QPoint:
        return self.part(name, lambda card: card.wells[0].rect)

    def body(self, name: str) -> QPoint:
        """A spot of the card that nothing but selecting and moving answers to."""
        item = self.view.canvas.nodes[self.id(name)]
        return self.place(item.pos() + item.card.rect.bottomRight() + QPointF(-24, -8))

    def click(self, place: QPoint, modifiers: Qt.KeyboardModifier = NOTHING) -> None:
        QTest.mouseMove(self.view.viewport(), place)
        QTest.mouseClick(self.view.viewport(), LEFT, modifiers, place)

    def double_click(self, place: QPoint) -> None:
        QTest.mouseClick(self.view.viewport(), LEFT, NOTHING, place)
        QTest.mouseDClick(self.view.viewport(), LEFT, NOTHING, place)
        QTest.mouseRelease(self.view.viewport(), LEFT, NOTHING, place)

    def press(self, place: QPoint, button: Qt.MouseButton = LEFT, modifiers: Qt.KeyboardModifier = NOTHING) -> None:
        QTest.mousePress(self.view.viewport(), button, modifiers, place)

    def move(self, place: QPoint, button: Qt.MouseButton = LEFT, modifiers: Qt.KeyboardModifier = NOTHING) -> None:
        """Move with ``button`` held: QTest's own moves carry no buttons, so the event is made here."""
        from PySide6.QtCore import QEvent
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        viewport = self.view.viewport()
        spot = QPointF(place)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            spot,
            QPointF(viewport.mapToGlobal(place)),
            Qt.MouseButton.NoButton,
            button,
            modifiers,
        )
        QApplication.sendEvent(viewport, event)

    def release(self, place: QPoint, button: Qt.MouseButton = LEFT, modifiers: Qt.KeyboardModifier = NOTHING) -> None:
        QTest.mouseRelease(self.view.viewport(), button, modifiers, place)

    def drag(
        self,
        start: QPoint,
        end: QPoint,
        button: Qt.MouseButton = LEFT,
        modifiers: Qt.KeyboardModifier = NOTHING,
        steps: int = 8,
    ) -> None:
        """Press at ``start``, move in steps, let go at ``end``."""
        self.press(start, button, modifiers)
        for n in range(1, steps + 1):
            self.move(start + (end - start) * (n / steps), button, modifiers)
        self.release(end, button, modifiers)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NOTHING) -> None:
        QTest.keyClick(self.view, key, modifiers)


def shown(qtbot: QtBot, graph: Graph, theme: str = "dark") -> Hand:
    """A canvas of 1200 x 760 that shows ``graph``; animations end at once."""
    load_fonts()
    look = Look(theme)
    editor = Editor(graph)
    player = Player(editor, look)
    player.set_visible(False)
    view = CanvasView(editor, player, look)
    qtbot.addWidget(view)
    view.resize(1200, 760)
    view.show()
    qtbot.waitExposed(view)
    return Hand(view)


@pytest.fixture
def hand(qtbot: QtBot) -> Hand:
    """The hand over the notebook's regression."""
    return shown(qtbot, regression())


@pytest.fixture
def empty(qtbot: QtBot) -> Hand:
    """The hand over an empty canvas."""
    return shown(qtbot, Graph())
