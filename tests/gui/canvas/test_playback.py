"""What a step of the playback costs: as much as it changes, however large the graph is. Counted, not timed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from chainrule.core.document.building import Graph
from chainrule.gui.canvas import bubbles, callout, gradient_flow, wire_labels
from chainrule.gui.canvas.band_item import BandItem, PillItem
from chainrule.gui.canvas.differences import difference
from chainrule.gui.canvas.gradient_flow import MOST_PILLS
from chainrule.gui.canvas.node_item import NodeItem
from chainrule.gui.canvas.wire_item import WireItem
from tests.gui.canvas.conftest import Hand, shown

STEPS = 10


def chain(length: int) -> Graph:
    """``w`` through so many operations, a hundred to a row; the rows are out of sight of each other."""
    graph = Graph()
    graph.add("tensor", name="w", value=0.5, requires_grad=True, position=(-260.0, 0.0))
    for n in range(length):
        place = 260.0 * (n % 100), 5000.0 * (n // 100)
        graph.add("tanh", name=f"y{n}", input=f"y{n - 1}" if n else "w", position=place)
    return graph


def played(qtbot: QtBot, length: int) -> Hand:
    """A chain whose backward has been recorded, with the player in the middle of it."""
    hand = shown(qtbot, chain(length))
    hand.editor.backward()
    hand.view.player.seek(length + length // 2)
    return hand


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each thing has been done to an item, or to a rectangle that a label must keep clear of."""
    counts: Counter[str] = Counter()

    def count(owner: Any, name: str, weigh: Callable[..., int] = lambda *_: 1) -> None:
        original = getattr(owner, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            counts[name] += weigh(*args)
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, counted)

    for owner, name in (
        (NodeItem, "display"),
        (NodeItem, "solid"),
        (NodeItem, "occupied"),
        (NodeItem, "set_flag"),
        (NodeItem, "drop_flag"),
        (WireItem, "set_run"),
        (WireItem, "set_look"),
        (BandItem, "set_gradient"),
        (BandItem, "set_run"),
        (BandItem, "set_progress"),
        (PillItem, "set_gradient"),
        (PillItem, "covers"),
        (gradient_flow, "free_place"),
        (wire_labels, "spread"),
    ):
        count(owner, name)
    for room in (callout, bubbles):
        count(room, "callout_place", lambda box, card, obstacles, *_: len(obstacles))
    return counts


@pytest.mark.parametrize("zoom", ["all of it", "100 %"])
def test_a_step_touches_as_many_items_in_a_long_chain_as_in_a_short_one(
    qtbot: QtBot, touched: Counter[str], zoom: str
) -> None:
    found = []
    for length in (50, 500):
        hand = played(qtbot, length)
        if zoom == "100 %":
            hand.view.zoom_by(1 / hand.view.zoom)
            hand.view.center_on(hand.view.canvas.nodes[hand.id(f"y{length // 2}")].card_rect().center())
        touched.clear()
        for _ in range(STEPS):
            hand.view.player.seek(hand.view.player.step + 1)
        found.append(dict(touched))
    assert found[0] == found[1]
    assert 0 < found[0]["display"] <= 2 * STEPS


def test_a_frame_within_a_stage_touches_no_band_that_is_at_rest(
    qtbot: QtBot, touched: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = played(qtbot, 50)
    player = hand.view.player
    monkeypatch.setattr(type(player), "animating", True)
    assert len(hand.view.canvas.flow.bands) > 20
    touched.clear()
    for stage, progress in ((0, 0.3), (0, 0.6), (3, 0.4), (3, 0.8)):
        player.stage, player.progress = stage, progress
        player.stage_changed.emit()
    assert 0 < touched["set_progress"] <= 3 * 4
    assert touched["display"] == 0


def test_one_step_back_changes_what_the_step_before_had_changed(hand: Hand) -> None:
    hand.editor.backward()
    player = hand.view.player
    player.seek(5)
    before = player.state
    player.seek(6)
    there = difference(before, player.state)
    after = player.state
    player.seek(5)
    back = difference(after, player.state)
    assert there.nodes == back.nodes == {hand.id("pred"), hand.id("w")}
    assert there.sent == back.sent == {(hand.id("pred"), "other")}
    assert not there.values
    assert not difference(before, player.state).nodes


def test_however_the_player_comes_to_a_step_the_picture_is_that_of_the_step(qtbot: QtBot) -> None:
    def picture(hand: Hand) -> tuple[object, ...]:
        canvas = hand.view.canvas
        bands = {key: (band.progress, band.run) for key, band in canvas.flow.bands.items()}
        cards = {i: (item.state.gradient, item.state.saved, item.marks.now) for i, item in canvas.nodes.items()}
        return bands, cards, {key for key, pill in canvas.flow.pills.items() if pill.isVisible()}

    stepped, jumped = played(qtbot, 100), played(qtbot, 100)
    for _ in range(STEPS):
        stepped.view.player.seek(stepped.view.player.step + 1)
    jumped.view.player.to_start()
    jumped.view.player.to_end()
    jumped.view.player.seek(stepped.view.player.step)
    assert picture(stepped) == picture(jumped)


def test_the_pills_of_a_long_backward_are_those_of_the_last_to_be_sent(qtbot: QtBot) -> None:
    hand = played(qtbot, 100)
    hand.view.player.to_end()
    flow = hand.view.canvas.flow
    shown_at = {hand.editor.graph.nodes[i].name for (i, _), pill in flow.pills.items() if pill.isVisible()}
    assert len(flow.pills) == 100
    assert shown_at == {f"y{n}" for n in range(MOST_PILLS)}


def test_backward_makes_no_card_wider(hand: Hand) -> None:
    def rects() -> dict[int, QRectF]:
        return {i: QRectF(item.card.rect) for i, item in hand.view.canvas.nodes.items()}

    before = rects()
    hand.editor.backward()
    hand.view.player.to_end()
    assert any(chip.freed for item in hand.view.canvas.nodes.values() for chip in item.card.chips)
    assert rects() == before


def test_no_card_promises_a_gradient_that_may_never_come(hand: Hand) -> None:
    editor = hand.editor
    hand.view.player.to_end()
    editor.backward()
    editor.backward()
    hand.view.player.to_end()
    pred = hand.view.canvas.nodes[editor.graph.named("pred").id].card
    editor.zero_grad()
    hand.view.player.to_end()
    tank = hand.view.canvas.nodes[editor.graph.named("w").id].card.tank
    assert [well.note for well in pred.wells if well.part == "gradient"] == ["not reached"]
    assert tank is not None
    assert (tank.grad, tank.note) == (None, "empty")
