"""The shortcuts page: it lists what the table of actions says, and keys can be changed without a clash."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit
from pytestqt.qtbot import QtBot

from chainrule.gui.actions import COMMANDS
from chainrule.gui.main_window import MainWindow
from chainrule.gui.settings import Settings
from chainrule.gui.shortcuts_page import KEYS, ShortcutsPage
from tests.gui.conftest import grad


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> ShortcutsPage:
    window.show_shortcuts()
    (shown,) = window.findChildren(ShortcutsPage)
    return shown


def rows(page: ShortcutsPage) -> dict[str, str]:
    """The keys that are listed, by command."""
    groups = [page.list.topLevelItem(i) for i in range(page.list.topLevelItemCount())]
    children = [group.child(i) for group in groups if group is not None for i in range(group.childCount())]
    return {item.text(0): item.text(KEYS) for item in children}


def test_every_command_is_listed_with_its_keys(page: ShortcutsPage) -> None:
    listed = rows(page)
    assert {command.text for command in COMMANDS} <= set(listed)
    assert listed["Backward"] == "F6, Ctrl+2"


def test_a_new_key_works_at_once_and_is_remembered(
    page: ShortcutsPage, window: MainWindow, settings: Settings, qtbot: QtBot
) -> None:
    assert page.assign("backward", QKeySequence("Ctrl+B"))
    assert rows(page)["Backward"] == "Ctrl+B"
    assert settings.shortcut("backward") == ["Ctrl+B"]
    page.close()
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window.canvas, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert grad(window.editor, "w") == -2


def test_a_key_that_another_command_has_is_refused(page: ShortcutsPage, settings: Settings) -> None:
    assert not page.assign("backward", QKeySequence("F5"))
    assert page.note.text() == "F5 belongs to Forward: give that another key first."
    assert settings.shortcut("backward") is None


def test_restoring_gives_every_command_its_own_keys_again(page: ShortcutsPage, window: MainWindow) -> None:
    page.assign("backward", QKeySequence("Ctrl+B"))
    page.restore()
    assert rows(page)["Backward"] == "F6, Ctrl+2"
    assert window.actions_by_id["backward"].shortcut() == QKeySequence("F6")


def test_keys_are_pressed_into_the_row(page: ShortcutsPage, settings: Settings, qtbot: QtBot) -> None:
    item = next(iter(page.list.findItems("Forward", Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchExactly, 0)))
    page.list.editItem(item, KEYS)
    field = page.list.findChild(QKeySequenceEdit)
    assert field is not None
    qtbot.keyClick(field, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    page.list.setFocus()
    qtbot.waitUntil(lambda: settings.shortcut("forward") == ["Ctrl+J"])
