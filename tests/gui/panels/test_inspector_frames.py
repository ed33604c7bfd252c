"""No frame of a playback shows the inspector half laid out: whenever any of it is painted, no text lies on another."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from chainrule.gui.editor import Editor
from chainrule.gui.examples import examples_folder
from chainrule.gui.panels.inspector import InspectorPanel
from chainrule.gui.panels.painted_blocks import BlockWidget
from chainrule.gui.panels.parts import SectionHeading
from chainrule.gui.player import Player
from chainrule.gui.theme import Look

Show = Callable[..., None]


class Frames(QObject):
    """Looks at the blocks and headings of ``panel`` whenever one of its widgets is painted."""

    def __init__(self, panel: InspectorPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.seen = 0
        self.spoilt: set[str] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and self.panel.isAncestorOf(watched):
            self.seen += 1
            self.spoilt.update(self._covered())
        return False

    def _covered(self) -> list[str]:
        panel = self.panel
        shown: list[QWidget] = [*panel.findChildren(BlockWidget), *panel.findChildren(SectionHeading)]
        places = [(w, QRect(w.mapTo(panel, QPoint()), w.size())) for w in shown if w.isVisible()]
        return [
            f"{type(one).__name__} over {type(other).__name__} in {panel.header.title.text()}"
            for (one, a), (other, b) in combinations(places, 2)
            if a.intersects(b)
        ]


@pytest.mark.parametrize(("example", "root"), [("tanh_neuron", "o"), ("linear_regression", "loss")])
def test_no_frame_shows_texts_over_each_other(
    example: str, root: str, look: Look, show: Show, qapp: QApplication, qtbot: QtBot
) -> None:
    editor = Editor()
    assert editor.open(examples_folder() / f"{example}.chainrule")
    player = Player(editor, look)
    panel = InspectorPanel(editor, player, look)
    show(panel, 302, 700)
    player.set_visible(False)
    editor.choose_root(editor.graph.named(root).id)
    editor.backward()
    frames = Frames(panel)
    qapp.installEventFilter(frames)
    player.set_visible(True)
    player.set_speed(4.0)
    player.play()
    qtbot.waitUntil(lambda: player.at_end, timeout=60_000)
    qapp.removeEventFilter(frames)
    assert frames.seen > len(player.steps)
    assert frames.spoilt == set()
