"""The message strip: it says what was refused, for as long as that is the news, and never in the way of the legend."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chainrule.gui.examples import FIRST_EXAMPLE, examples_folder
from chainrule.gui.main_window import MainWindow
from chainrule.gui.message_strip import CLEAR, CLEAR_OF_EDGE, MessageStrip
from chainrule.gui.theme import Look
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


def test_a_message_lies_over_nothing_that_is_to_be_read(window: MainWindow, qtbot: QtBot) -> None:
    """Backward stopped: what the node says of it, with the buttons that mend it, is the next thing to press."""
    window.resize(1280, 800)
    window.player.set_visible(False)
    window.editor.backward()
    window.canvas.frame_all()
    for _ in range(2):
        qtbot.mouseClick(window.run_bar.buttons["backward"], Qt.MouseButton.LeftButton)
        assert window.strip.isVisible()
        assert window.canvas.reading()
        covered = [*window.canvas.reading(), *window.canvas.cards_seen()]
        assert not [rect for rect in covered if rect.intersects(window.strip.geometry())]
        assert not window.strip.geometry().intersects(window.canvas.overlays.legend.geometry())
        assert window.ground.rect().contains(window.strip.geometry())


@pytest.mark.parametrize("top", range(560, 40, -40))
def test_a_message_stands_low_and_clear_of_what_is_to_be_read(qtbot: QtBot, top: int) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(1000, 640)
    read = [QRect(300, top, 400, 60), QRect(300, top - 70, 400, 60)]
    strip = MessageStrip(ground, Look("dark"), ground.rect, lambda: read)
    strip.say("No.")
    place = strip.geometry()
    assert not any(rect.intersects(place) for rect in read)
    assert (place.top() > top) == (640 - CLEAR_OF_EDGE - place.height() >= top + 60 + CLEAR)


def test_a_message_spares_what_it_can_and_what_is_to_be_read_in_any_case(qtbot: QtBot) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(1000, 640)
    read, cards = [QRect(300, 500, 400, 60)], [QRect(250, 0, 400, 640)]
    strip = MessageStrip(ground, Look("dark"), ground.rect, lambda: read, lambda: cards)
    strip.say("No.")
    assert not any(rect.intersects(strip.geometry()) for rect in (*read, *cards))
    cards.append(QRect(0, 0, 1000, 640))
    strip.dodge()
    assert not any(rect.intersects(strip.geometry()) for rect in read)
    assert strip.geometry().bottom() > 560
