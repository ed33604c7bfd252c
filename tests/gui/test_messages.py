"""The message strip: it says what was refused, for as long as that is the news, and never in the way of the legend."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from chainrule.gui.examples import FIRST_EXAMPLE, examples_folder
from chainrule.gui.main_window import MainWindow
from tests.gui.conftest import set_w


def test_what_was_refused_is_no_news_once_something_is_done(window: MainWindow) -> None:
    window.editor.refuse("No.")
    assert window.strip.isVisible()
    set_w(window.editor, 3.0)
    assert not window.strip.isVisible()


def test_a_message_goes_with_the_document_it_was_about(window: MainWindow) -> None:
    window.editor.refuse("No.")
    window.editor.open_copy(examples_folder() / FIRST_EXAMPLE)
    assert not window.strip.isVisible()


def test_a_long_message_is_not_cut_off(window: MainWindow) -> None:
    window.editor.refuse("The step changes nothing: " + "every gradient is zero, or the learning rate is " * 4)
    label = window.strip._label
    assert label.height() >= label.heightForWidth(label.width())
    assert window.strip.geometry().bottom() < window.ground.height()


def test_a_refused_backward_stays_said(window: MainWindow) -> None:
    window.editor.backward()
    window.editor.backward()
    assert window.strip.isVisible()


def test_backward_brings_the_timeline_back_from_the_plots(window: MainWindow, qtbot: QtBot) -> None:
    window.bottom.show_plots()
    qtbot.mouseClick(window.run_bar.buttons["backward"], Qt.MouseButton.LeftButton)
    assert window.bottom.tabText(window.bottom.currentIndex()) == "Timeline"
