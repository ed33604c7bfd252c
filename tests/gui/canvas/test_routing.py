"""No wire runs beneath a card: measured along the wires of every example and of random graphs, laid out."""

from __future__ import annotations

from random import Random

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.files import load_graph
from chainrule.gui.canvas.arrange import tidy
from chainrule.gui.canvas.routing import APART, Box, Router
from chainrule.gui.canvas.view import CanvasView
from chainrule.gui.canvas.wire_item import WireItem, WireKey
from chainrule.gui.canvas.wire_path import Rise, wire_path
from chainrule.gui.examples import examples_folder
from tests.gui.canvas.conftest import Hand, shown

EXAMPLES = sorted(examples_folder().glob("*.chainrule"))
STEPS = 400


def random_graph(seed: int, count: int) -> Graph:
    """``count`` nodes, each of one or two of the nodes before it, mostly near ones."""
    draw = Random(seed)
    graph = Graph()
    names: list[str] = []
    for place in range(count):
        name = f"n{place}"
        if place < 3 or draw.random() < 0.12:
            value = [1.0] * draw.choice((1, 3, 30)) if draw.random() < 0.5 else 1.0
            graph.add("tensor", name=name, value=value, requires_grad=True)
        else:
            one, other = (names[-min(len(names), int(draw.expovariate(0.15)) + 1)] for _ in range(2))
            kind = draw.choice(("add", "mul", "sum", "exp"))
            sockets = {"input": one, "other": other} if kind in ("add", "mul") else {"input": one}
            graph.add(kind, name=name, **sockets)
        names.append(name)
    return graph


def along(wire: WireItem) -> list[QPointF]:
    path = wire.path()
    return [path.pointAtPercent(n / STEPS) for n in range(STEPS + 1)]


def beneath(view: CanvasView) -> set[tuple[WireKey, str]]:
    """The wires that cross a card which is not their end, with that card's name."""
    nodes = view.editor.graph.nodes
    cards = {i: item.card_rect() for i, item in view.canvas.nodes.items()}
    found = set()
    for key, wire in view.canvas.wires.items():
        points = along(wire)
        for i, rect in cards.items():
            if i not in (key[0], wire.source) and any(map(rect.contains, points)):
                found.add((key, nodes[i].name))
    return found


def test_the_measure_finds_a_wire_beneath_a_card(hand: Hand) -> None:
    wire = next(iter(hand.view.canvas.wires.values()))
    wire.set_run(wire.start, QPointF(1100, 340))
    assert beneath(hand.view)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_no_wire_of_an_example_runs_beneath_a_card_as_it_is_and_laid_out(qtbot: QtBot, example: object) -> None:
    hand = shown(qtbot, load_graph(example))  # type: ignore[arg-type]
    assert beneath(hand.view) == set()
    hand.editor.backward()
    hand.view.player.to_end()
    tidy(hand.view)
    assert beneath(hand.view) == set()


@pytest.mark.parametrize("seed", range(8))
def test_no_wire_of_a_random_graph_runs_beneath_a_card(qtbot: QtBot, seed: int) -> None:
    hand = shown(qtbot, random_graph(seed, 20 + 5 * seed))
    assert len(hand.view.canvas.wires) >= 20
    assert beneath(hand.view) == set()


@pytest.mark.parametrize("seed", range(4))
def test_nor_after_backward_when_cards_have_grown(qtbot: QtBot, seed: int) -> None:
    hand = shown(qtbot, random_graph(seed, 30))
    graph = hand.editor.graph
    hand.editor.choose_root([i for i in graph.order() if not graph.consumers(i)][-1])
    hand.editor.backward()
    hand.view.player.to_end()
    assert beneath(hand.view) == set()


def wire_over_a_gap() -> Graph:
    """A wire from ``x`` to ``y`` with nothing between them, and ``z`` apart below."""
    graph = Graph()
    graph.add("tensor", name="x", value=1.0, requires_grad=True, position=(0.0, 0.0))
    graph.add("exp", name="y", input="x", position=(800.0, 0.0))
    graph.add("tensor", name="z", value=1.0, position=(380.0, 400.0))
    return graph


def test_a_wire_with_nothing_in_its_way_keeps_its_usual_curve(hand: Hand) -> None:
    assert all(wire.way == () for wire in hand.view.canvas.wires.values())


def test_a_card_that_is_put_upon_a_wire_is_passed_by_and_no_longer_when_it_has_gone(qtbot: QtBot) -> None:
    hand = shown(qtbot, wire_over_a_gap())
    (wire,) = hand.view.canvas.wires.values()
    assert wire.way == ()
    for move in (lambda: put(hand, "z", 380.0, 20.0), hand.editor.undo, hand.editor.redo):
        move()
        assert bool(wire.way) == (hand.editor.graph.named("z").position[1] < 100)
        assert beneath(hand.view) == set()


def put(hand: Hand, name: str, x: float, y: float) -> None:
    assert hand.editor.do(edits.move(hand.editor.graph, {hand.id(name): (x, y)}))


def test_a_card_on_the_move_draws_its_wires_straight_and_finds_the_way_back_where_it_was(qtbot: QtBot) -> None:
    hand = shown(qtbot, wire_over_a_gap())
    put(hand, "z", 380.0, 20.0)
    (wire,) = hand.view.canvas.wires.values()
    before, item = wire.run, hand.view.canvas.nodes[hand.id("y")]
    hand.view.canvas.try_places({item.node: item.pos() + QPointF(30, 0)})
    assert wire.way == ()
    hand.view.canvas.try_places({item.node: QPointF(800, 0)})
    assert wire.run == before


def test_the_band_of_a_gradient_goes_the_way_of_its_wire(qtbot: QtBot) -> None:
    hand = shown(qtbot, wire_over_a_gap())
    put(hand, "z", 380.0, 20.0)
    hand.editor.backward()
    hand.view.player.to_end()
    ((key, band),) = hand.view.canvas.flow.bands.items()
    wire = hand.view.canvas.wires[key]
    assert band.run == wire.run
    assert wire.way
    card = hand.view.canvas.nodes[hand.id("z")].card_rect()
    assert not any(map(card.contains, band.course.points))
    assert all(band.boundingRect().contains(point) for point in band.course.points)


def test_wires_of_different_sources_have_lanes_apart_and_those_of_one_share_theirs() -> None:
    wall = {"wall": Box(200, -500, 300, 0), "floor": Box(200, 150, 300, 500)}
    router = Router({**wall, "a": Box(0, 0, 50, 50), "b": Box(0, 60, 50, 110), "c": Box(500, 0, 550, 90)})
    first, again, second = (
        router.way(source, "c", (50, start), (500, end))
        for source, start, end in (("a", -200, -190), ("a", -200, -150), ("b", -100, -95))
    )
    heights = [way[0][1] for way in (first, again, second)]
    assert all(way[0][1] == way[1][1] for way in (first, again, second))
    assert heights[0] == heights[1]
    assert abs(heights[0] - heights[2]) >= APART
    assert all(0 < height < 150 for height in heights)


def test_the_heights_of_a_curve_are_those_that_are_drawn() -> None:
    start, end = (10.0, 20.0), (510.0, 320.0)
    rise, path = Rise(start, end), wire_path(QPointF(*start), QPointF(*end))
    for n in range(1, 20):
        point = path.pointAtPercent(n / 20)
        assert rise.at(point.x()) == pytest.approx(point.y(), abs=0.5)
