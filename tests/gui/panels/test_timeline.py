"""The timeline: transport, what it says, and scrubbing both ways by mouse and key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from chainrule.gui.editor import Editor
from chainrule.gui.panels.scrubber import Group, groups_of
from chainrule.gui.panels.timeline import TimelinePanel
from chainrule.gui.player import Player
from chainrule.gui.theme import Look

Show = Callable[..., None]


@pytest.fixture
def timeline(editor: Editor, player: Player, look: Look, show: Show) -> TimelinePanel:
    editor.backward()
    player.to_end()
    panel = TimelinePanel(editor, player, look)
    show(panel, 900, 140)
    return panel


def press(button: QToolButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def point(timeline: TimelinePanel, step: int) -> QPoint:
    return QPoint(round(timeline.scrubber.x_of(step)), timeline.scrubber.height() // 2)


def test_it_says_where_it_is(timeline: TimelinePanel, player: Player) -> None:
    assert timeline.where.text() == "7 of 7 · AccumulateGrad on w"
    player.seek(5)
    assert timeline.where.text() == "5 of 7 · SubBackward0 of error"


def test_steps_are_grouped_by_what_ran(timeline: TimelinePanel, editor: Editor, player: Player) -> None:
    editor.zero_grad()
    player.to_end()
    assert groups_of(player.steps) == [Group("forward", 0, 2), Group("backward", 3, 6), Group("zero grad", 7, 7)]


@pytest.mark.parametrize("width", [400, 900, 1700])
def test_the_track_is_as_wide_as_its_panel_however_short_the_recording(
    timeline: TimelinePanel, editor: Editor, player: Player, width: int
) -> None:
    timeline.resize(width, 140)
    scrubber = timeline.scrubber
    for total in (7, 3):
        assert player.total == total
        assert scrubber.x_of(1) == pytest.approx(scrubber.width() - scrubber.x_of(total))
        editor.forward()


def test_transport_buttons_go_there(timeline: TimelinePanel, player: Player) -> None:
    press(timeline.buttons["to start"])
    assert player.step == 0
    assert not timeline.buttons["back"].isEnabled()
    press(timeline.buttons["to end"])
    assert player.step == 7
    assert not timeline.buttons["next"].isEnabled()
    press(timeline.buttons["back"])
    assert player.step == 6
    press(timeline.buttons["next"])
    assert player.step == 7


def test_play_becomes_pause_while_it_plays(timeline: TimelinePanel, player: Player) -> None:
    player.to_start()
    press(timeline.buttons["play"])
    assert player.playing
    assert timeline.buttons["play"].accessibleName() == "Pause"
    press(timeline.buttons["play"])
    assert not player.playing
    assert timeline.buttons["play"].accessibleName() == "Play"


def test_speed_is_chosen_from_a_menu(timeline: TimelinePanel, player: Player) -> None:
    menu = timeline.speed.menu()
    assert [action.text() for action in menu.actions()] == ["0.25×", "0.5×", "1×", "2×", "4×"]
    menu.actions()[4].trigger()
    assert player.speed == 4
    assert timeline.speed.text() == "4×"


def test_a_click_on_the_track_goes_to_the_nearest_step(timeline: TimelinePanel, player: Player) -> None:
    QTest.mouseClick(timeline.scrubber, Qt.MouseButton.LeftButton, pos=point(timeline, 3) + QPoint(8, 0))
    assert player.step == 3
    QTest.mouseClick(timeline.scrubber, Qt.MouseButton.LeftButton, pos=point(timeline, 0))
    assert player.step == 0


def test_a_drag_scrubs_both_ways(timeline: TimelinePanel, player: Player, qtbot: QtBot) -> None:
    seen: list[int] = []
    player.state_changed.connect(lambda: seen.append(player.step))
    QTest.mousePress(timeline.scrubber, Qt.MouseButton.LeftButton, pos=point(timeline, 2))
    for step in (4, 6, 3):
        QTest.mouseMove(timeline.scrubber, point(timeline, step))
        qtbot.waitUntil(lambda step=step: player.step == step)
    QTest.mouseRelease(timeline.scrubber, Qt.MouseButton.LeftButton, pos=point(timeline, 3))
    assert seen == [2, 4, 6, 3]


def test_keys_scrub_too(timeline: TimelinePanel, player: Player) -> None:
    timeline.scrubber.setFocus()
    QTest.keyClick(timeline.scrubber, Qt.Key.Key_Left)
    assert player.step == 6
    QTest.keyClick(timeline.scrubber, Qt.Key.Key_Home)
    assert player.step == 0
    QTest.keyClick(timeline.scrubber, Qt.Key.Key_Right)
    assert player.step == 1
    QTest.keyClick(timeline.scrubber, Qt.Key.Key_End)
    assert player.step == 7


@pytest.mark.parametrize("passes", [3, 40, 200])
def test_every_step_stays_on_the_track_however_many_there_are(
    timeline: TimelinePanel, editor: Editor, player: Player, passes: int
) -> None:
    editor.forward()
    for _ in range(passes):
        editor.session.zero_grad()
        editor.session.backward(retain_graph=True)
    editor.state_changed.emit()
    player.to_end()
    places = [timeline.scrubber.x_of(step) for step in range(player.total + 1)]
    assert places == sorted(places)
    assert places[0] >= 0
    assert places[-1] <= timeline.scrubber.width()
    assert all(timeline.scrubber.step_at(place) == step for step, place in enumerate(places))
    timeline.grab()
