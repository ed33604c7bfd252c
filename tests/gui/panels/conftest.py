"""What the panels' tests share: a dark look, the linear regression in an editor, and a player at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import as_file, files

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from chainrule.gui.editor import Editor
from chainrule.gui.panels.inspector import InspectorPanel
from chainrule.gui.player import Player
from chainrule.gui.style import style_sheet
from chainrule.gui.theme import DARK, Look, load_fonts

Show = Callable[..., None]


@pytest.fixture(scope="package")
def dressed(qapp: QApplication) -> Iterator[None]:
    load_fonts()
    qapp.setStyleSheet(style_sheet(DARK))
    yield
    qapp.setStyleSheet("")


@pytest.fixture
def look(dressed: None) -> Look:
    return Look("dark")


@pytest.fixture
def editor(qapp: QApplication) -> Editor:
    """The regression of the drawings: loss = (y - x * w) ** 2 with x = 1, y = 2, w = 1."""
    editor = Editor()
    with as_file(files("chainrule.assets").joinpath("examples", "linear_regression.chainrule")) as path:
        assert editor.open(path), editor.last_error
    return editor


@pytest.fixture
def player(editor: Editor, look: Look) -> Player:
    return Player(editor, look)


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Show a widget at a size and hand it to qtbot, which closes it."""

    def shown(widget: QWidget, width: int, height: int) -> None:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)

    return shown


@pytest.fixture
def inspector(editor: Editor, player: Player, look: Look, show: Show) -> InspectorPanel:
    panel = InspectorPanel(editor, player, look)
    show(panel, 312, 900)
    return panel
