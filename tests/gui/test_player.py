"""The player: which beats are steps, what they are called, and how it moves through them."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from chainrule.core.document.edits import remove, set_value
from chainrule.gui.editor import Editor
from chainrule.gui.player import LONGEST_PLAY_MS, Player
from chainrule.gui.theme import Look
from tests.gui.conftest import node


@pytest.fixture
def played(editor: Editor, player: Player) -> Player:
    """The player at the end of a Backward."""
    editor.backward()
    player.to_end()
    return player


def test_the_steps_of_backward_are_those_of_the_drawing(played: Player) -> None:
    assert [step.mark for step in played.steps] == [
        "\u2192 pred", "\u2192 error", "\u2192 loss", "\u2190 loss", "\u2190 error", "\u2190 pred", "+= w",
    ]  # fmt: skip
    assert (played.step, played.total, played.at_end) == (7, 7, True)


def test_the_present_step_has_a_title_in_plain_words(played: Player) -> None:
    assert played.title == "AccumulateGrad on w"
    played.back()
    assert played.title == "MulBackward0 of pred"
    played.to_start()
    assert played.title == "before forward"


def test_states_go_both_ways(editor: Editor, played: Player) -> None:
    w, loss = node(editor, "w"), node(editor, "loss")
    played.seek(6)
    assert played.state.nodes[w].grad is None
    played.seek(3)
    assert played.state.nodes[loss].gradient is None
    played.seek(4)
    gradient = played.state.nodes[loss].gradient
    assert gradient is not None
    assert gradient.item() == 1
    played.seek(0)
    assert played.state.nodes[loss].value is None
    assert played.state.nodes[w].value is not None
    played.to_end()
    assert played.state.nodes[w].grad is not None


def test_seeking_is_taken_into_range(played: Player) -> None:
    played.seek(99)
    assert played.step == 7
    played.seek(-5)
    assert played.step == 0


def test_after_backward_it_plays_from_where_backward_begins_to_the_end(
    editor: Editor, player: Player, qtbot: QtBot
) -> None:
    player.set_speed(4)
    seen = []
    player.stage_changed.connect(lambda: seen.append((player.step, player.stage)))
    editor.backward()
    assert player.playing
    assert player.step == 4
    qtbot.waitUntil(lambda: player.at_end)
    assert {step for step, _ in seen} == {4, 5, 6, 7}
    assert {stage for _, stage in seen} == {0, 1, 2, 3}
    assert not player.playing


def test_while_a_step_is_animated_it_knows_where_it_comes_from(editor: Editor, player: Player) -> None:
    editor.backward()
    loss = node(editor, "loss")
    assert player.before.nodes[loss].gradient is None
    assert player.state.nodes[loss].gradient is not None


def test_an_edit_returns_to_the_present(editor: Editor, played: Player) -> None:
    played.seek(2)
    editor.do(set_value(editor.graph, node(editor, "w"), 2.0))
    assert played.at_end
    assert played.total == 3


def test_one_step_forward_shows_that_step_only(played: Player, qtbot: QtBot) -> None:
    played.set_speed(4)
    played.seek(4)
    played.next()
    assert (played.step, played.playing) == (5, False)
    qtbot.waitUntil(lambda: not played.animating)
    assert played.step == 5


def test_play_at_the_end_shows_the_last_backward_again(played: Player) -> None:
    played.play()
    assert played.step == 4
    played.pause()
    assert (played.step, played.animating, played.stage) == (4, False, 3)


def test_zero_grad_is_shown_as_a_step(editor: Editor, played: Player) -> None:
    editor.zero_grad()
    assert played.title == "w.grad is set to None"
    assert played.steps[-1].mark == "w.grad = None"


def test_a_stopped_backward_is_the_last_step(editor: Editor, played: Player) -> None:
    editor.backward()
    played.to_end()
    assert played.title == "Backward stopped at loss"


def test_with_reduced_motion_there_are_no_stages_in_between(editor: Editor, look: Look, player: Player) -> None:
    look.set_reduced_motion(True)
    stages = []
    player.stage_changed.connect(lambda: stages.append(player.stage))
    editor.backward()
    assert player.playing
    assert set(stages) == {3}


def test_nobody_watches_a_hidden_window(editor: Editor, player: Player) -> None:
    player.set_visible(False)
    editor.backward()
    assert player.at_end
    assert not player.animating


def test_a_long_recording_is_hurried_so_that_it_ends_in_time(editor: Editor, player: Player) -> None:
    player.set_speed(0.25)
    editor.backward()
    normal = sum(step.stages for step in player.steps[3:]) * 400 / 0.25
    assert normal > LONGEST_PLAY_MS
    assert player.planned_ms == pytest.approx(LONGEST_PLAY_MS)


@pytest.mark.parametrize(("asked", "taken"), [(0.1, 0.25), (1.5, 1.5), (9, 4)])
def test_the_speed_stays_between_a_quarter_and_four(player: Player, asked: float, taken: float) -> None:
    player.set_speed(asked)
    assert player.speed == taken


def test_an_untracked_graph_has_forward_steps_only(qtbot: QtBot, look: Look) -> None:
    editor = Editor()
    player = Player(editor, look)
    assert (player.step, player.total, player.at_end) == (0, 0, True)
    player.next()
    player.back()
    player.play()
    assert player.at_end


def test_whenever_it_speaks_its_step_is_one_that_there_is(editor: Editor, player: Player) -> None:
    heard: list[bool] = []
    for signal in (player.timeline_changed, player.state_changed, player.stage_changed):
        signal.connect(lambda: heard.append(0 <= player.step <= player.total == len(player.steps)))
    player.set_visible(True)
    editor.backward()
    player.to_end()
    editor.do(remove(editor.graph, [node(editor, "loss"), node(editor, "error")]))
    editor.undo()
    editor.backward(times=2)
    editor.new()
    assert player.total == 0
    assert len(heard) > 8
    assert all(heard)


class Clock:
    """A clock that says what the test tells it."""

    def __init__(self, ms: int) -> None:
        self.ms = ms

    def start(self) -> None:
        self.ms = 0

    def elapsed(self) -> int:
        return self.ms


def late(player: Player, ms: int) -> int:
    """The step that is shown when the timer comes so late after the present one began."""
    player._clock = Clock(ms)  # type: ignore[assignment]
    player._timer.timeout.emit()
    return player.step


def test_who_hurries_passes_over_the_steps_for_which_there_is_no_time(editor: Editor, player: Player) -> None:
    player.set_speed(0.25)
    editor.backward()
    assert player.planned_ms == pytest.approx(LONGEST_PLAY_MS)
    assert late(player, LONGEST_PLAY_MS * 9 // 14) == 6  # of fourteen stages in all, four are the first step's
    assert player.playing


def test_who_does_not_hurry_shows_every_step(editor: Editor, played: Player) -> None:
    played.play()
    assert late(played, 100_000) == 5
    assert late(played, 100_000) == 6
