"""What opening a graph costs whose nodes nobody has placed: its labels wait until their cards stand apart. Counted."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from chainrule.core.document.building import Graph
from chainrule.gui.canvas import bubbles, wire_labels
from tests.gui.canvas.conftest import Hand, shown


def losses(count: int) -> Graph:
    """So many losses apart from each other, each of which broadcasts both its inputs and warns of it."""
    graph = Graph()
    for n in range(count):
        graph.add("tensor", name=f"out{n}", value=[1.0, 2.0], requires_grad=True)
        graph.add("tensor", name=f"target{n}", value=[[0.0], [1.0]])
        graph.add("mse_loss", name=f"loss{n}", input=f"out{n}", target=f"target{n}")
    return graph


@pytest.fixture
def met(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[int]]:
    """With how many rectangles each wire label, and each bubble, was compared to find its place."""
    counts: dict[str, list[int]] = {"labels": [], "bubbles": []}
    free_place, callout_place = wire_labels.free_place, bubbles.callout_place

    def label(size, band, obstacles, lines):  # type: ignore[no-untyped-def]
        counts["labels"].append(len(obstacles))
        return free_place(size, band, obstacles, lines)

    def bubble(box, card, obstacles, lines, seen):  # type: ignore[no-untyped-def]
        counts["bubbles"].append(len(obstacles))
        return callout_place(box, card, obstacles, lines, seen)

    monkeypatch.setattr(wire_labels, "free_place", label)
    monkeypatch.setattr(bubbles, "callout_place", bubble)
    return counts


def opened(qtbot: QtBot, count: int, met: dict[str, list[int]]) -> Hand:
    for found in met.values():
        found.clear()
    return shown(qtbot, losses(count))


def test_every_label_is_placed_once(qtbot: QtBot, met: dict[str, list[int]]) -> None:
    hand = opened(qtbot, 40, met)
    assert len(met["labels"]) == len(hand.view.canvas.labels.spreads) == 80
    assert {item.bubble.kind for item in hand.view.canvas.nodes.values() if item.bubble} == {"warning"}


def test_a_label_is_compared_with_its_neighbours_however_large_the_graph_is(
    qtbot: QtBot, met: dict[str, list[int]]
) -> None:
    opened(qtbot, 30, met)
    few = {what: max(found) for what, found in met.items()}
    opened(qtbot, 120, met)
    many = {what: max(found) for what, found in met.items()}
    assert many["labels"] <= few["labels"] + 4
    assert many["bubbles"] <= few["bubbles"] + 4
