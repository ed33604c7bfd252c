"""The four stages of a backward beat (arrives, local derivative, multiply, send on) and the two of a leaf's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from pytestqt.qtbot import QtBot

from chainrule.core.document.building import Graph
from chainrule.core.engine.recording import Accumulated, Propagated
from chainrule.gui.canvas.now_text import GOES_ON, LOCAL, MULTIPLIES
from tests.gui.canvas.conftest import Hand, shown


def play_backward(hand: Hand) -> None:
    hand.view.player.set_visible(True)
    hand.view.player.set_speed(4.0)
    hand.editor.backward()


def at(hand: Hand, beat: type, name: str, stage: int) -> Callable[[], bool]:
    """Whether the player is at ``stage`` of the beat of that kind at ``name``."""
    player = hand.view.player
    return lambda: isinstance(player.beat, beat) and player.beat.label == hand.id(name) and player.stage == stage


def test_a_result_goes_on_only_in_the_last_stage(hand: Hand, qtbot: QtBot) -> None:
    play_backward(hand)
    flow, key = hand.view.canvas.flow, (hand.id("pred"), "other")
    qtbot.waitUntil(at(hand, Propagated, "pred", LOCAL))
    assert flow.bands[key].progress == 0.0
    assert "local \u2202pred/\u2202w = x = 1.0" in flow.scene.now.lines
    assert hand.view.canvas.nodes[hand.id("pred")].marks.now
    qtbot.waitUntil(at(hand, Propagated, "pred", MULTIPLIES))
    assert "upstream -2.0 \u00d7 local 1.0 = -2.0" in flow.scene.now.lines
    qtbot.waitUntil(at(hand, Propagated, "pred", GOES_ON))
    qtbot.waitUntil(lambda: flow.bands[key].progress > 0.0)
    hand.view.player.to_end()
    assert all(band.progress == 1.0 for band in flow.bands.values())


def test_the_tank_is_as_before_until_the_gradient_has_arrived(hand: Hand, qtbot: QtBot) -> None:
    play_backward(hand)

    def grad() -> object:
        tank = hand.view.canvas.nodes[hand.id("w")].card.tank
        assert tank is not None
        return tank.grad

    qtbot.waitUntil(at(hand, Accumulated, "w", 0))
    assert grad() is None
    qtbot.waitUntil(at(hand, Accumulated, "w", MULTIPLIES))
    assert grad() == -2.0
    qtbot.waitUntil(lambda: hand.view.player.at_end)
    assert hand.view.canvas.nodes[hand.id("w")].marks.filling == 1.0
    assert hand.view.canvas.now.title == "now: AccumulateGrad adds to w.grad"
    assert hand.view.canvas.now.lines == ("None + -2.0 = -2.0",)


def test_leaving_an_animation_half_way_shows_the_end_whole(hand: Hand, qtbot: QtBot) -> None:
    play_backward(hand)
    qtbot.waitUntil(at(hand, Accumulated, "w", 0))
    hand.view.player.to_end()
    tank = hand.view.canvas.nodes[hand.id("w")].card.tank
    assert tank is not None
    assert tank.grad == -2.0


def test_now_and_selected_are_marked_apart(hand: Hand) -> None:
    hand.editor.backward()
    hand.click(hand.body("loss"))
    marks = {name: hand.view.canvas.nodes[hand.id(name)].marks for name in ("w", "loss")}
    assert (marks["w"].now, marks["w"].selected) == (True, False)
    assert (marks["loss"].now, marks["loss"].selected) == (False, True)


def pictures() -> Graph:
    """A chain of arrays, whose pills are as wide as pills can be, that nobody has placed."""
    graph = Graph()
    graph.add("tensor", name="image", value=np.linspace(-1, 1, 64, dtype=np.float32).reshape(8, 8), requires_grad=True)
    for name, kind, source in (("act", "relu", "image"), ("soft", "tanh", "act"), ("loss", "sum", "soft")):
        graph.add(kind, name=name, input=source)
    return graph


def test_the_pill_of_an_array_stands_by_its_band_and_on_no_card(qtbot: QtBot) -> None:
    hand = shown(qtbot, pictures())
    hand.editor.backward()
    canvas = hand.view.canvas
    assert len(canvas.flow.pills) == 3
    for key, pill in canvas.flow.pills.items():
        rect = pill.rect.translated(pill.pos())
        assert not any(solid.intersects(rect) for item in canvas.nodes.values() for solid in item.solid())
        reach = rect.adjusted(-20, -20, 20, 20)
        assert any(reach.contains(point) for point in canvas.flow.bands[key].course.points)


def test_a_pill_keeps_away_from_a_literal_that_would_read_like_its_number(hand: Hand) -> None:
    hand.editor.backward()
    canvas, loss = hand.view.canvas, hand.id("loss")
    pill = canvas.flow.pills[loss, "input"]
    literal = canvas.nodes[loss].framework()[1]
    assert not pill.rect.translated(pill.pos()).adjusted(-2, -8, 2, 8).intersects(literal)
