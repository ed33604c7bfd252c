"""The code panel: the graph as a script, kept up to date, copied with one click."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chainrule.core.document import edits
from chainrule.gui.editor import Editor
from chainrule.gui.panels.code import CodePanel, code_colours
from chainrule.gui.theme import DARK, LIGHT, Look, Theme

Show = Callable[..., None]


@pytest.fixture
def panel(editor: Editor, look: Look, show: Show) -> CodePanel:
    panel = CodePanel(editor, look)
    show(panel, 700, 200)
    return panel


def test_it_is_the_notebooks_code(panel: CodePanel) -> None:
    assert "import torch\n" in panel.script
    assert "loss = error ** 2\n" in panel.script
    assert panel.script.endswith("loss.backward()\nprint(w.grad)\n")


def test_it_follows_the_document(panel: CodePanel, editor: Editor, qtbot: QtBot) -> None:
    editor.do(edits.rename(editor.graph, editor.graph.named("w").id, "weight"))
    qtbot.waitUntil(lambda: "pred = x * weight\n" in panel.script)


def test_the_import_line_can_be_chainrules(panel: CodePanel) -> None:
    QTest.mouseClick(panel.modules.buttons()[1], Qt.MouseButton.LeftButton)
    assert "import chainrule.core as torch\n" in panel.script


def test_the_training_loop_can_be_shown(panel: CodePanel) -> None:
    QTest.mouseClick(panel.loops.buttons()[1], Qt.MouseButton.LeftButton)
    assert "optimizer = torch.optim.SGD([w], lr=0.01)\n" in panel.script
    assert "for epoch in range(100):\n" in panel.script


def test_copy_puts_it_on_the_clipboard(panel: CodePanel) -> None:
    QTest.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == panel.script
    assert panel.copy.text() == "Copied"


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_coloured_words_can_be_read(theme: Theme) -> None:
    for _, colour in code_colours(theme):
        low, high = sorted((luminance(colour), luminance(theme.field)))
        assert (high + 0.05) / (low + 0.05) >= 4.5
