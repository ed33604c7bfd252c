"""The layered layout: order, no overlaps, few crossings, and the same picture every time."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from chainrule.gui.canvas.layout import layered
from tests.gui.canvas.conftest import Hand


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[int, tuple[float, float]], list[tuple[int, int, int]]]:
    count = draw(st.integers(1, 14))
    sizes = {i: (draw(st.floats(60, 300)), draw(st.floats(60, 240))) for i in range(count)}
    pairs = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=24))
    wires = [(min(a, b), max(a, b), n % 3) for n, (a, b) in enumerate(pairs) if a != b]
    return sizes, wires


@given(graphs())
def test_wires_run_left_to_right_and_no_cards_overlap(
    graph: tuple[dict[int, tuple[float, float]], list[tuple[int, int, int]]],
) -> None:
    sizes, wires = graph
    places = layered(sizes, wires)
    assert set(places) == set(sizes)
    for source, target, _ in wires:
        assert places[source][0] + sizes[source][0] < places[target][0]
    for a in sizes:
        for b in sizes:
            if a < b:
                (ax, ay), (bx, by) = places[a], places[b]
                apart = (
                    ax + sizes[a][0] <= bx + 1e-6 or bx + sizes[b][0] <= ax + 1e-6
                    or ay + sizes[a][1] <= by + 1e-6 or by + sizes[b][1] <= ay + 1e-6
                )  # fmt: skip
                assert apart
    assert layered(sizes, wires) == places


def test_crossed_wires_are_untangled() -> None:
    sizes = dict.fromkeys("abcd", (100.0, 80.0))
    places = layered(sizes, [("a", "d", 0), ("b", "c", 0)])
    assert (places["a"][1] < places["b"][1]) == (places["d"][1] < places["c"][1])


def test_the_order_of_sockets_is_the_order_of_sources() -> None:
    sizes = dict.fromkeys(("op", "first", "second"), (100.0, 80.0))
    places = layered(sizes, [("second", "op", 1), ("first", "op", 0)])
    assert places["first"][1] < places["second"][1]


def test_a_long_chain_needs_no_recursion() -> None:
    count = 3000
    sizes = dict.fromkeys(range(count), (100.0, 80.0))
    begun = time.perf_counter()
    places = layered(sizes, [(i, i + 1, 0) for i in range(count - 1)])
    assert places[count - 1][0] > places[0][0]
    assert time.perf_counter() - begun < 10


def test_tidied_cards_glide_to_their_places(hand: Hand, qtbot: QtBot) -> None:
    hand.view.tidy()
    items, nodes = hand.view.canvas.nodes, hand.editor.graph.nodes
    assert any(items[i].pos() != QPointF(*nodes[i].position) for i in nodes)
    qtbot.waitUntil(lambda: all(items[i].pos() == QPointF(*nodes[i].position) for i in nodes))


def test_tidy_is_one_step_and_leaves_no_cards_overlapping(hand: Hand) -> None:
    hand.view.look.set_reduced_motion(True)
    before = {i: node.position for i, node in hand.editor.graph.nodes.items()}
    hand.view.tidy()
    assert hand.editor.undo_stack.count() == 1
    rects = [item.card_rect() for item in hand.view.canvas.nodes.values()]
    assert not any(a.intersects(b) for n, a in enumerate(rects) for b in rects[n + 1 :])
    hand.editor.undo()
    assert {i: node.position for i, node in hand.editor.graph.nodes.items()} == before
