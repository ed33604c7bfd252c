"""What stands on wires: copies where an input is broadcast and the sum on the way back, and scissors behind detach."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from chainrule.core.document.building import Graph
from chainrule.gui.canvas.wire_labels import WireLabel
from chainrule.gui.canvas.wire_path import lane
from tests.gui.canvas.conftest import Hand, shown


@pytest.fixture
def biased(qtbot: QtBot) -> Hand:
    """``loss = sum((w + b) * cut)``: a bias broadcast over two rows, and a detached copy of it over them again."""
    graph = Graph()
    graph.add("tensor", name="w", value=[[1.0, 2.0], [3.0, 4.0]], requires_grad=True, position=(0.0, 0.0))
    graph.add("tensor", name="b", value=[0.5, -0.5], requires_grad=True, position=(0.0, 260.0))
    graph.add("detach", name="cut", input="b", position=(360.0, 320.0))
    graph.add("add", name="s", input="w", other="b", position=(420.0, 60.0))
    graph.add("mul", name="p", input="s", other="cut", position=(760.0, 160.0))
    graph.add("sum", name="loss", input="p", position=(1100.0, 160.0))
    return shown(qtbot, graph)


def spreads(hand: Hand) -> dict[str, str]:
    """What is said of copies, by node and socket."""
    nodes = hand.editor.graph.nodes
    labels = hand.view.canvas.labels.spreads
    return {f"{nodes[i].name}.{socket}": label.text for (i, socket), label in labels.items()}


def test_a_broadcast_input_says_from_which_shape_to_which(biased: Hand) -> None:
    assert spreads(biased) == {"s.other": "[2] \u2192 [2, 2]", "p.other": "[2] \u2192 [2, 2]"}


def test_numbers_among_numbers_say_nothing(hand: Hand) -> None:
    assert spreads(hand) == {}


def test_the_gradient_of_a_broadcast_input_carries_the_sum_sign(biased: Hand) -> None:
    biased.editor.backward()
    biased.view.player.to_end()
    names = biased.editor.graph.nodes
    summed = {f"{names[i].name}.{socket}": band.summed for (i, socket), band in biased.view.canvas.flow.bands.items()}
    assert summed == {"s.input": False, "s.other": True, "p.input": False, "loss.input": False}


def test_a_loss_that_warns_of_broadcasting_shows_it(qtbot: QtBot) -> None:
    graph = Graph()
    graph.add("tensor", name="out", value=[1.0, 2.0], requires_grad=True, position=(0.0, 0.0))
    graph.add("tensor", name="target", value=[[0.0], [1.0]], position=(0.0, 260.0))
    graph.add("mse_loss", name="loss", input="out", target="target", position=(420.0, 100.0))
    hand = shown(qtbot, graph)
    assert spreads(hand) == {"loss.input": "[2] \u2192 [2, 2]", "loss.target": "[2, 1] \u2192 [2, 2]"}


@pytest.mark.parametrize(("kind", "other"), [("matmul", [[1.0, 0.0], [0.0, 1.0]]), ("cat", None), ("sum", None)])
def test_what_is_no_broadcast_is_not_called_one(qtbot: QtBot, kind: str, other: object) -> None:
    graph = Graph()
    graph.add("tensor", name="v", value=[1.0, 2.0], position=(0.0, 0.0))
    if other is not None:
        graph.add("tensor", name="m", value=other, position=(0.0, 200.0))
        graph.add(kind, name="r", input="m", other="v", position=(300.0, 0.0))
    elif kind == "cat":
        graph.add(kind, name="r", tensors=["v", "v"], position=(300.0, 0.0))
    else:
        graph.add(kind, name="r", input="v", position=(300.0, 0.0))
    assert spreads(shown(qtbot, graph)) == {}


def test_scissors_lie_on_what_was_detached(biased: Hand) -> None:
    p = biased.id("p")
    cuts = biased.view.canvas.labels.cuts
    assert set(cuts) == {(p, "other")}
    wire = biased.view.canvas.wires[p, "other"]
    assert cuts[p, "other"].pos() == (wire.start + wire.end) / 2


def test_labels_go_with_their_wire(biased: Hand) -> None:
    start = biased.body("p")
    biased.drag(start, start + QPoint(60, 90))
    p = biased.id("p")
    wire = biased.view.canvas.wires[p, "other"]
    assert biased.view.canvas.labels.cuts[p, "other"].pos() == (wire.start + wire.end) / 2
    biased.editor.select([p])
    biased.view.delete_selection(heal=False)
    assert not [item for item in biased.view.canvas.items() if isinstance(item, WireLabel) and not item.text]


def test_labels_cover_neither_cards_nor_each_other(biased: Hand) -> None:
    biased.editor.backward()
    biased.view.player.to_end()
    canvas = biased.view.canvas
    labels = [*canvas.labels.spreads.values(), *canvas.flow.pills.values()]
    for n, one in enumerate(labels):
        assert not any(item.card_rect().intersects(one.covers()) for item in canvas.nodes.values())
        assert not any(one.covers().intersects(other.covers()) for other in labels[n + 1 :])
        assert canvas.pictured().contains(one.sceneBoundingRect())


def test_a_label_stands_where_no_gradient_will_come_back(biased: Hand) -> None:
    canvas = biased.view.canvas
    key = (biased.id("s"), "other")
    before = canvas.labels.spreads[key].covers()
    lane_to_be = lane(*canvas.wires[key].run)
    assert not any(before.contains(point) for point in lane_to_be.points)
    biased.editor.backward()
    biased.view.player.to_end()
    after = canvas.labels.spreads[key].covers()
    assert not any(after.contains(point) for point in canvas.flow.bands[key].course.points)
