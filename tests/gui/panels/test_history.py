"""The history: the undo stack as a list that one walks through by clicking."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chainrule.core.document import edits
from chainrule.gui.editor import Editor
from chainrule.gui.panels.history import HistoryPanel
from chainrule.gui.theme import Look

Show = Callable[..., None]


def test_a_click_goes_back_to_that_step(editor: Editor, look: Look, show: Show) -> None:
    panel = HistoryPanel(editor, look)
    show(panel, 400, 200)
    w = editor.graph.named("w").id
    editor.do(edits.set_value(editor.graph, w, 3.0))
    editor.do(edits.rename(editor.graph, w, "weight"))
    model = panel.view.model()
    assert [model.index(i, 0).data() for i in range(model.rowCount())] == [
        "as opened",
        "set the value of w",
        "rename w to weight",
    ]
    place = panel.view.visualRect(model.index(1, 0)).center()
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    leaf = editor.graph.named("w").leaf
    assert leaf is not None
    assert leaf.value == 3.0
