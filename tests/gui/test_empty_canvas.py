"""What an empty canvas says, when, and that it is in nobody's way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from chainrule.gui.actions import take_keys
from chainrule.gui.examples import FIRST_EXAMPLE, examples_folder
from chainrule.gui.main_window import MainWindow
from chainrule.gui.panels.catalogue import Request
from chainrule.gui.panels.search_box import SearchBox
from chainrule.gui.start_page import StartPage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(window: MainWindow) -> MainWindow:
    """The window with nothing on the canvas."""
    window.editor.new()
    return window


def said(window: MainWindow) -> str:
    return "\n".join(label.text() for label in window.empty.words.findChildren(QLabel))


def middle_of(widget: QWidget) -> QPoint:
    return widget.mapTo(widget.window(), widget.rect().center())


def test_it_says_how_to_begin_until_there_is_a_card_and_again_when_there_is_none(window: MainWindow) -> None:
    assert window.empty.words.isVisible()
    for way in ("Double-click or Space", "Drag", "= (y - x*w)**2"):
        assert way in said(window)
    window.library.request.emit(Request("relu"))
    assert not window.empty.words.isVisible()
    assert not window.empty.button.isVisible()
    window.editor.undo()
    assert window.empty.words.isVisible()


def test_a_double_click_on_the_words_goes_to_the_canvas(window: MainWindow, qtbot: QtBot) -> None:
    place = middle_of(window.empty.words)
    QTest.mouseClick(window.windowHandle(), LEFT, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseDClick(window.windowHandle(), LEFT, Qt.KeyboardModifier.NoModifier, place)
    qtbot.waitUntil(lambda: any(box.isVisible() for box in window.findChildren(SearchBox)))


def test_its_button_opens_the_page_of_examples(window: MainWindow, qtbot: QtBot) -> None:
    QTest.mouseClick(window.windowHandle(), LEFT, Qt.KeyboardModifier.NoModifier, middle_of(window.empty.button))
    qtbot.waitUntil(lambda: any(page.isVisible() for page in window.findChildren(StartPage)))


def test_it_names_the_key_that_the_reader_chose(window: MainWindow) -> None:
    window.settings.set_shortcut("add_node", ["Ctrl+K"])
    take_keys(window.actions_by_id, window.settings)
    assert "Double-click or Ctrl+K" in said(window)
    window.settings.set_shortcut("add_node", [])
    take_keys(window.actions_by_id, window.settings)
    assert "Double-click\n" in said(window)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_it_stands_in_the_middle_clear_of_everything_or_not_at_all(window: MainWindow, scale: float) -> None:
    window.look.set_scale(scale)
    window.resize(1280, 800)
    QApplication.processEvents()
    words, button = window.empty.words.geometry(), window.empty.button.geometry()
    assert window.empty.words.isVisible() or scale > 1
    if window.empty.words.isVisible():
        assert window.ground.rect().contains(words)
        assert not words.intersects(button)
        assert button.bottom() < window.canvas.overlays.legend.geometry().top()
        assert abs(words.center().x() - window.ground.rect().center().x()) <= 1


def test_backward_is_no_next_step_before_there_is_something_to_go_back_through(window: MainWindow) -> None:
    backward = window.run_bar.buttons["backward"]
    assert backward.property("kind") == ""
    window.editor.open_copy(examples_folder() / FIRST_EXAMPLE)
    assert backward.property("kind") == "primary"
