"""The layered layout: order, no overlaps, few crossings, and the same picture every time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.files import load_graph, save_graph
from chainrule.gui.canvas.keep_out import kept_out
from chainrule.gui.canvas.layout import DOWN, layered
from chainrule.gui.canvas.region_item import around
from chainrule.gui.canvas.view import CanvasView
from chainrule.gui.editor import Editor
from chainrule.gui.player import Player
from chainrule.gui.theme import Look
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


# Nodes that nobody has placed: what a script made, or a person wrote by hand


def script_graph() -> Graph:
    """The README's graph, as it is made without a window."""
    graph = Graph()
    graph.add("tensor", name="x", value=1.0)
    graph.add("tensor", name="y", value=2.0)
    graph.add("tensor", name="w", value=[1.0, 2.0, 3.0], requires_grad=True)
    graph.add("mul", name="pred", input="x", other="w")
    graph.add("sub", name="error", input="y", other="pred")
    graph.add("pow", name="squared", input="error", exponent=2)
    graph.add("sum", name="loss", input="squared")
    return graph


def without_positions(file: Path) -> None:
    """Take out every position, as a file written by hand has none."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    for node in raw["nodes"]:
        node.pop("position", None)
    file.write_text(json.dumps(raw), encoding="utf-8")


@pytest.fixture
def window(editor: Editor, look: Look, qtbot: QtBot) -> CanvasView:
    view = CanvasView(editor, Player(editor, look), look)
    view.resize(1200, 700)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    return view


def assert_in_layers(view: CanvasView) -> None:
    items = view.canvas.nodes
    for a, b in combinations(items.values(), 2):
        assert not a.card_rect().intersects(b.card_rect())
    for wire in view.canvas.wires.values():
        assert items[wire.source].card_rect().right() < items[wire.key[0]].card_rect().left()


def script_saves(file: Path) -> None:
    save_graph(script_graph(), file)
    assert "position" not in file.read_text(encoding="utf-8")


def hand_writes(file: Path) -> None:
    save_graph(script_graph(), file)
    without_positions(file)


@pytest.mark.parametrize("write", [script_saves, hand_writes])
def test_a_file_without_positions_opens_laid_out(
    window: CanvasView, tmp_path: Path, write: Callable[[Path], None]
) -> None:
    file = tmp_path / "script.chainrule"
    write(file)
    editor = window.editor
    assert editor.open(file)
    assert_in_layers(window)
    assert all(window.clear_area().contains(item.card_rect()) for item in window.canvas.nodes.values())
    assert not editor.unsaved
    assert editor.undo_stack.count() == 0


def products() -> Graph:
    """Vectors, whose cards are larger than those of the scalars that had the same ids before, and grow by .grad."""
    graph = Graph()
    for name in ("a", "b"):
        graph.add("tensor", name=name, value=[0.5, -1.0, 2.0, 0.25, 1.0, 3.0], requires_grad=True)
    graph.add("mul", name="product", input="a", other="b")
    graph.add("sum", name="loss", input="product")
    return graph


def sizes(view: CanvasView) -> dict[str, QSizeF]:
    return {view.editor.graph.nodes[i].name: item.card_rect().size() for i, item in view.canvas.nodes.items()}


def test_another_document_is_laid_out_for_its_own_values_and_for_the_gradients_to_come(
    window: CanvasView, tmp_path: Path
) -> None:
    window.player.set_visible(False)
    save_graph(products(), tmp_path / "products.chainrule")
    assert window.editor.open(tmp_path / "products.chainrule")
    assert_in_layers(window)
    before = sizes(window)
    for _ in range(2):
        window.editor.forward()
        window.editor.backward()
        assert_in_layers(window)
    assert sizes(window)["a"].height() > before["a"].height() + DOWN  # the layout's own gaps would not do


def test_a_graph_that_is_there_before_the_canvas_is_laid_out_too(look: Look, qtbot: QtBot) -> None:
    editor = Editor(script_graph())
    view = CanvasView(editor, Player(editor, look), look)
    qtbot.addWidget(view)
    assert_in_layers(view)


def test_what_has_a_position_keeps_it_and_the_rest_stands_clear_of_it(window: CanvasView, tmp_path: Path) -> None:
    graph = script_graph()
    places = {"x": (40.0, 70.0), "w": (-220.0, 300.0), "y": (0.0, 0.0)}
    for name, place in places.items():
        edits.apply(graph, edits.move(graph, {graph.named(name).id: place}))
    save_graph(graph, tmp_path / "mixed.chainrule")
    assert window.editor.open(tmp_path / "mixed.chainrule")
    opened = window.editor.graph
    assert {name: opened.named(name).position for name in places} == places
    standing = [window.canvas.nodes[opened.named(name).id].card_rect() for name in places]
    for item in window.canvas.nodes.values():
        if opened.nodes[item.node].name not in places:
            assert not any(item.card_rect().intersects(rect) for rect in standing)


def test_leaves_stand_in_the_order_of_the_sockets_whatever_the_order_in_the_file(
    window: CanvasView, tmp_path: Path
) -> None:
    graph = Graph()
    graph.add("tensor", name="bias", value=[1.0, 2.0], requires_grad=True)
    graph.add("tensor", name="weight", value=[[1.0], [2.0]], requires_grad=True)
    graph.add("tensor", name="x", value=[[3.0]])
    graph.add("linear", name="y", input="x", weight="weight", bias="bias")
    save_graph(graph, tmp_path / "linear.chainrule")
    assert window.editor.open(tmp_path / "linear.chainrule")
    opened = window.editor.graph
    tops = [opened.named(name).position[1] for name in ("x", "weight", "bias")]
    assert tops == sorted(tops)


def test_places_that_were_found_are_saved_with_the_next_save(window: CanvasView, tmp_path: Path) -> None:
    save_graph(script_graph(), tmp_path / "before.chainrule")
    window.editor.open(tmp_path / "before.chainrule")
    assert window.editor.save(tmp_path / "after.chainrule")
    shown = {node.name: node.position for node in window.editor.graph.nodes.values()}
    assert {node.name: node.place for node in load_graph(tmp_path / "after.chainrule").nodes.values()} == shown


def test_text_without_positions_is_pasted_laid_out_and_again_after_redo(window: CanvasView, tmp_path: Path) -> None:
    save_graph(script_graph(), tmp_path / "text.chainrule")
    QGuiApplication.clipboard().setText((tmp_path / "text.chainrule").read_text(encoding="utf-8"))
    window.paste()
    assert_in_layers(window)
    assert window.editor.undo_stack.count() == 1
    window.editor.undo()
    window.editor.redo()
    assert len(window.canvas.nodes) == 13  # the regression is there too
    assert_in_layers(window)


def guarded() -> Graph:
    """What is computed without a tape, beside what is computed with one."""
    graph = Graph()
    graph.add("tensor", name="x", value=[1.0, 2.0, 3.0], requires_grad=True)
    graph.add("tensor", name="w", value=[0.5, -1.0, 2.0], requires_grad=True)
    graph.add("mul", name="pred", input="x", other="w")
    graph.add("detach", name="frozen", input="pred")
    graph.add("exp", name="scale", input="x")
    graph.add("add", name="shifted", input="scale", other=1)
    graph.add("mul", name="weighted", input="pred", other="shifted")
    graph.add("sub", name="diff", input="weighted", other="frozen")
    edits.apply(graph, edits.set_region(graph, "no_grad", [graph.named("scale").id, graph.named("shifted").id]))
    return graph


def test_a_region_covers_its_members_only_and_no_card_hides_its_title(window: CanvasView, tmp_path: Path) -> None:
    save_graph(guarded(), tmp_path / "guarded.chainrule")
    assert window.editor.open(tmp_path / "guarded.chainrule")
    region = window.editor.graph.regions["no_grad"]
    area = window.canvas.region_area(region.members)
    cards = {i: item.card_rect() for i, item in window.canvas.nodes.items()}
    assert {i for i, card in cards.items() if card.intersects(area)} == region.members
    assert not any(card.intersects(window.canvas.regions["no_grad"].title_rect) for card in cards.values())
    assert_in_layers(window)


@given(graphs(), st.sets(st.integers(0, 13)))
def test_whatever_is_no_member_goes_out_of_the_way_of_a_region(
    graph: tuple[dict[int, tuple[float, float]], list[tuple[int, int, int]]], members: set[int]
) -> None:
    sizes, wires = graph
    before = layered(sizes, wires)
    places = kept_out(before, sizes, [members])
    rects = {i: QRectF(*places[i], *sizes[i]) for i in sizes}
    area = around(rects[i] for i in rects if i in members)
    assert not any(rect.intersects(area) for i, rect in rects.items() if i not in members)
    small = [rect.adjusted(1e-6, 1e-6, -1e-6, -1e-6) for rect in rects.values()]
    assert not any(a.intersects(b) for a, b in combinations(small, 2))
    assert {i: x for i, (x, _) in places.items()} == {i: x for i, (x, _) in before.items()}


def test_a_title_moves_from_under_a_card_that_is_put_over_it(window: CanvasView, tmp_path: Path) -> None:
    save_graph(guarded(), tmp_path / "guarded.chainrule")
    assert window.editor.open(tmp_path / "guarded.chainrule")
    graph, item = window.editor.graph, window.canvas.regions["no_grad"]
    x, y = item.title_rect.left(), item.title_rect.top()
    frozen = graph.named("frozen").id
    window.editor.do(edits.move(graph, {frozen: (x - 20.0, y - 100.0)}))
    assert not window.canvas.nodes[frozen].card_rect().intersects(item.title_rect)


def test_no_pill_covers_the_title_of_a_region(window: CanvasView, tmp_path: Path) -> None:
    window.player.set_visible(False)
    save_graph(guarded(), tmp_path / "guarded.chainrule")
    assert window.editor.open(tmp_path / "guarded.chainrule")
    window.editor.choose_root(window.editor.graph.named("diff").id)
    window.editor.set_seed("1, 1, 1")
    window.editor.backward()
    title = window.canvas.regions["no_grad"].title_rect
    pills = [pill.sceneBoundingRect() for pill in window.canvas.flow.pills.values() if pill.isVisible()]
    assert len(pills) > 3
    assert not any(pill.intersects(title) for pill in pills)
