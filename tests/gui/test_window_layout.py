"""Projector size: the canvas keeps its share of the window, and the desk's layout comes back exactly."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from chainrule.gui.main_window import MainWindow
from chainrule.gui.settings import Settings


@pytest.fixture
def small(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window as on a laptop."""
    window.hints.hide()
    window.resize(1280, 800)
    qtbot.wait(1)
    return window


def divided(window: MainWindow) -> tuple[list[int], list[int], list[bool]]:
    return window.columns.sizes(), window.rows.sizes(), [panel.isHidden() for panel in window.foldable]


def test_on_a_projector_the_canvas_keeps_half_of_the_window(small: MainWindow, qtbot: QtBot) -> None:
    small.look.toggle_projector()
    qtbot.waitUntil(lambda: small.ground.width() > 640)
    assert not small.library_shown
    qtbot.waitUntil(lambda: small.ground.height() >= 400)


def test_leaving_the_projector_brings_back_the_very_same_layout(small: MainWindow, qtbot: QtBot) -> None:
    before = divided(small)
    small.look.toggle_projector()
    qtbot.waitUntil(lambda: divided(small) != before)
    small.look.toggle_projector()
    qtbot.waitUntil(lambda: divided(small) == before)


def test_the_sections_of_the_library_are_as_they_were_left(small: MainWindow, settings: Settings, qtbot: QtBot) -> None:
    small.library.tree.unfold(["loss/", "shape/", "shape/axes"])
    small.close()
    again = MainWindow(small.editor, small.look, settings)
    qtbot.addWidget(again)
    assert again.library.tree.unfolded == ["loss/", "shape/", "shape/axes"]


def test_what_is_remembered_is_the_desk(small: MainWindow, settings: Settings, qtbot: QtBot) -> None:
    columns = small.columns.saveState()
    small.look.toggle_projector()
    qtbot.waitUntil(lambda: not small.library_shown)
    small.close()
    assert settings.scale == 1.0
    assert settings.layout("columns") == columns
