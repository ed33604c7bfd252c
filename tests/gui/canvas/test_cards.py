"""The anatomy of cards, measured: nothing sticks out, nothing overlaps, value and gradient are laid out alike."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from chainrule.core.document.building import Graph
from chainrule.core.document.graph import Leaf, Node
from chainrule.core.ops import registry
from chainrule.core.run.problems import Problem, Repair
from chainrule.core.run.timeline import Chip, NodeState, Slab
from chainrule.gui import lettering, symbols
from chainrule.gui.canvas.bubble import bubble_for
from chainrule.gui.canvas.card import Card, port_rect
from chainrule.gui.canvas.far_card import LEAST, NAMED, placed
from chainrule.gui.canvas.leaf_card import leaf_card
from chainrule.gui.canvas.op_card import call_text, op_card
from chainrule.gui.canvas.root_flag import root_flag
from chainrule.gui.canvas.thumbnails import cell_rects, thumbnail
from chainrule.gui.canvas.zones import zone_at
from chainrule.gui.theme import DARK, load_fonts
from tests.gui.canvas.conftest import Hand

Array = NDArray[Any]
SHAPES = [(), (1,), (3,), (8,), (9,), (100,), (2, 2), (2, 3), (1, 8), (4, 4), (16, 16), (784, 128), (2, 3, 4), (0,)]


@pytest.fixture(autouse=True)
def _fonts(qapp: QApplication) -> None:
    load_fonts()


def parts(card: Card) -> list[tuple[str, QRectF]]:
    """Everything that is written or drawn inside the card, by name."""
    found = [(text.text, text.rect) for text in card.texts]
    found += [(f"{well.part} {well.output}", well.rect) for well in card.wells]
    found += [(chip.text, chip.rect) for chip in card.chips]
    if card.tank is not None:
        found.append(("tank", card.tank.rect))
    if card.switch is not None:
        found.append(("switch", card.switch))
    if card.disc is not None:
        found.append(("disc", card.disc))
    return found


def check(card: Card) -> None:
    inside = card.rect.adjusted(1, 1, -1, -1)
    for name, rect in parts(card):
        assert inside.contains(rect), f"{name} sticks out of {card.name}"
    for (one, a), (other, b) in combinations(parts(card), 2):
        # Letters stand lower than their line is high: two lines may share the room for accents.
        assert not a.adjusted(0, 3, 0, -3).intersects(b.adjusted(0, 3, 0, -3)), f"{one} overlaps {other}"
    for text in card.texts:
        assert lettering.width(text.role, text.text) <= text.rect.width()
    for well in card.wells:
        for cell in cell_rects(well.picture, well.rect):
            assert well.rect.contains(cell)


def leaf_state(value: Array, passes: int, *, tracked: bool = True) -> NodeState:
    slabs = tuple(Slab(n + 1, np.asarray(value, np.float32)) for n in range(passes))
    grad = np.asarray(value * passes, np.float32) if passes else None
    return NodeState(values={"": value}, requires_grad=tracked, grad=grad, slabs=slabs, stale=passes > 1)


@pytest.mark.parametrize("passes", [0, 1, 3, 7])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_leaf_of_any_shape_has_room_for_its_parts(shape: tuple[int, ...], passes: int) -> None:
    value = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    node = Node(1, "tensor", "weights", leaf=Leaf(value, True))
    check(leaf_card(node, leaf_state(value, passes), consumed=True))


@settings(max_examples=60)
@given(st.floats(width=32), st.integers(0, 4), st.from_regex(r"[a-z][a-z_0-9]{0,40}", fullmatch=True))
def test_any_number_and_any_name_fit(number: float, passes: int, name: str) -> None:
    value = np.array(number, np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        state = leaf_state(value, passes)
    check(leaf_card(Node(1, "tensor", name, leaf=Leaf(value, True)), state, consumed=False))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("chips", [(), (Chip("input", True), Chip("other", True))])
def test_an_op_of_any_shape_has_room_for_its_parts(shape: tuple[int, ...], chips: tuple[Chip, ...]) -> None:
    graph = Graph()
    graph.add("tensor", name="a_rather_long_name", value=1.0)
    graph.add("tensor", name="another_long_name", value=1.0)
    node = graph.add("mul", name="product", input="a_rather_long_name", other="another_long_name")
    value = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    state = NodeState({"": value}, False, True, ("MulBackward0",), chips, gradient=-value)
    check(op_card(node, state, graph))


@pytest.mark.parametrize("shape", SHAPES)
def test_value_and_gradient_are_laid_out_alike(shape: tuple[int, ...]) -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=1.0)
    node = graph.add("exp", name="y", input="x")
    value = np.ones(shape, np.float32)
    card = op_card(node, NodeState({"": value}, False, True, ("ExpBackward0",), gradient=-1000 * value), graph)
    shown, gradient = card.wells
    assert shown.rect.size() == gradient.rect.size()
    assert shown.picture == gradient.picture
    beside = shown.rect.top() == gradient.rect.top()
    assert beside or shown.rect.left() == gradient.rect.left()


def test_a_vector_is_a_row_and_only_a_matrix_has_a_column() -> None:
    assert (thumbnail(np.ones(2)).rows, thumbnail(np.ones(2)).columns) == (1, 2)
    assert (thumbnail(np.ones((2, 1))).rows, thumbnail(np.ones((2, 1))).columns) == (2, 1)
    assert thumbnail(np.ones(2)).stacked
    assert not thumbnail(np.ones((2, 1))).stacked


@pytest.mark.parametrize("shape", [(), (3,), (2, 1), (2, 2), (2, 3), (16, 16)])
def test_a_card_does_not_turn_over_when_gradients_arrive(shape: tuple[int, ...]) -> None:
    value = np.ones(shape)
    assert thumbnail(value).stacked == thumbnail(value, value / 7).stacked


def test_every_element_of_a_vector_stands_over_its_gradient_in_every_pass() -> None:
    value = np.array([1.0, -2.5, 3.0], np.float32)
    card = leaf_card(Node(1, "tensor", "w", leaf=Leaf(value, True)), leaf_state(value, 3), consumed=False)
    tank = card.tank
    assert tank is not None
    assert tank.picture == card.wells[0].picture
    assert tank.picture_rect.left() == card.wells[0].rect.left()
    assert tank.picture_rect.size() == card.wells[0].rect.size()
    rows = [card.wells[0].rect, tank.picture_rect, *(slab.rect for slab in tank.slabs)]
    assert all(upper.bottom() <= lower.top() for upper, lower in pairwise(rows))
    assert {(row.left(), row.width()) for row in rows} == {(rows[0].left(), rows[0].width())}
    assert [slab.label for slab in tank.slabs] == ["pass 1", "pass 2", "pass 3"]
    assert all(slab.label_rect.right() <= slab.rect.left() for slab in tank.slabs)


def test_an_op_says_the_shape_of_anything_but_a_scalar() -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=1.0)
    node = graph.add("exp", name="y", input="x")
    labels = {
        shape: {text.text for text in op_card(node, NodeState({"": np.ones(shape)}), graph).texts}
        for shape in ((), (2,), (2, 1))
    }
    assert "value" in labels[()]
    assert "value \u00b7 [2]" in labels[(2,)]
    assert "value \u00b7 [2, 1]" in labels[(2, 1)]


def test_sockets_are_far_enough_apart_to_be_hit() -> None:
    graph = Graph()
    for n in range(6):
        graph.add("tensor", name=f"t{n}", value=1.0)
    node = graph.add("cat", name="joined", tensors=[f"t{n}" for n in range(6)])
    card = op_card(node, NodeState(), graph)
    inputs = [port for port in card.ports if port.side == "input"]
    assert len(inputs) == 7
    heights = [port.centre.y() for port in inputs]
    assert all(b - a >= 20 for a, b in pairwise(heights))
    for port in inputs:
        assert port_rect(port).height() >= 20
        zone = zone_at(card, None, None, port.centre + QPointF(-9, 6))
        assert zone is not None
        assert zone.name == port.name


def test_the_call_names_what_is_wired_and_what_is_missing() -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=[[1.0]])
    assert call_text(graph.add("add", name="a", input="x", other=2), graph) == "add(x, 2)"
    assert call_text(graph.add("mul", name="b", input="x"), graph) == "mul(x, ?)"
    assert call_text(graph.add("sum", name="c", input="x", dim=0), graph) == "sum(x, dim=0)"


@pytest.mark.parametrize(
    ("kind", "given", "text"),
    [
        ("einsum", {"equation": "ij,kj->ik", "operands": ["x", "y"]}, "einsum('ij,kj->ik', x, y)"),
        ("gather", {"input": "x", "dim": 1, "index": "y"}, "gather(x, 1, y)"),
        ("sort", {"descending": True, "input": "x", "dim": 0}, "sort(x, dim=0, descending=True)"),
        ("getitem", {"input": "x", "index": "1:, ::2"}, "x[1:, ::2]"),
        (
            "layer_norm",
            {"input": "x", "normalized_shape": [2], "bias": "y"},
            "layer_norm(x, normalized_shape=[2], bias=y)",
        ),
        ("cat", {"tensors": ["x", "y"], "dim": 1}, "cat(x, y, dim=1)"),
        ("where", {"condition": "x", "input": "y", "other": 0.5}, "where(x, y, 0.5)"),
    ],
)
def test_the_call_is_written_in_torchs_order(kind: str, given: dict[str, object], text: str) -> None:
    graph = Graph()
    for name in ("x", "y"):
        graph.add("tensor", name=name, value=[[1.0, 2.0]])
    assert call_text(graph.add(kind, name="a", **given), graph) == text


def test_a_symbol_is_set_in_letters_that_can_be_read_and_its_card_makes_room() -> None:
    for name, operation in registry.entries().items():
        wide = symbols.disc_width(operation.symbol or name)
        assert symbols.DISC <= wide <= symbols.WIDEST
        if operation.public:
            assert symbols.width(operation.symbol or name) * 0.8 <= wide - 2 * symbols.EDGE, name
    graph = Graph()
    card = op_card(graph.add("softmax", name="p"), NodeState(), graph)
    assert card.disc is not None
    assert card.name_rect.left() > card.disc.right()


def test_none_and_zero_never_look_alike() -> None:
    value = np.zeros((), np.float32)
    node = Node(1, "tensor", "w", leaf=Leaf(value, True))
    never = leaf_card(node, NodeState({"": value}, requires_grad=True), consumed=False).tank
    zero = leaf_card(node, leaf_state(value, 1), consumed=False).tank
    assert never is not None
    assert zero is not None
    assert (never.grad, never.note) == (None, "empty")
    assert zero.total == "total 0"
    assert [(slab.label, slab.number) for slab in zero.slabs] == [("pass 1", "0")]


def test_old_passes_are_one_slab() -> None:
    value = np.array(3.0, np.float32)
    tank = leaf_card(Node(1, "tensor", "w", leaf=Leaf(value, True)), leaf_state(value, 5), consumed=False).tank
    assert tank is not None
    assert [(s.label, s.number) for s in tank.slabs] == [("pass 1\u20133", "+9"), ("pass 4", "+3"), ("pass 5", "+3")]


def test_a_vector_root_has_a_slot_for_every_element() -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=[1.0, 2.0])
    card = op_card(graph.add("exp", name="y", input="x"), NodeState({"": np.ones(2)}), graph)
    flag = root_flag(card, (2,), None)
    assert [text for text, _ in flag.slots] == ["", ""]
    assert all(flag.rect.contains(rect) for _, rect in flag.slots)
    assert flag.rect.bottom() < 0
    assert root_flag(card, (), None).text == "root \u00b7 seed 1"


def test_a_bubble_holds_its_lines_and_buttons() -> None:
    repairs = (Repair("Forward again", "forward"), Repair("Retain graph and run forward", "retain_graph"))
    bubble = bubble_for(
        Problem("error", "unbreakable" * 20 + " and some more words", "what it means " * 12, "", repairs)
    )
    assert bubble is not None
    rects = [rect for _, _, rect in bubble.lines] + [rect for _, rect in bubble.buttons]
    assert all(bubble.rect.contains(rect) for rect in rects)
    assert not any(a.adjusted(0, 1, 0, -1).intersects(b) for a, b in combinations(rects, 2))
    assert bubble_for(Problem("waiting", "x waits")) is None


def test_a_warning_is_said_in_one_quiet_sentence() -> None:
    warning = Problem(
        "warning", "Using a target size (torch.Size([2, 1])) ...", "They were broadcast: every one. And more."
    )
    bubble = bubble_for(warning)
    assert bubble is not None
    assert bubble.kind == "warning"
    assert " ".join(text for _, text, _ in bubble.lines) == "They were broadcast."
    plain = bubble_for(Problem("warning", "Something odd"))
    assert plain is not None
    assert [text for _, text, _ in plain.lines] == ["Something odd"]


@pytest.mark.parametrize("zoom", [0.2, 0.25, 0.3, 0.39])
@pytest.mark.parametrize("name", ["a", "d2_thrice", "relu_difference"])
def test_from_afar_letters_stay_readable(name: str, zoom: float) -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=1.0)
    node = graph.add("exp", name=name, input="x")
    state = NodeState({"": np.array(138.8338)}, False, True, ("ExpBackward0",), gradient=np.array(-645.5773))
    card = op_card(node, state, graph)
    room = card.rect.adjusted(5, 3, -5, -3)
    lines = placed(card, DARK, zoom)
    assert lines[0].line.text == name
    assert lines[-1].line.text == "-645.5773"
    for each in lines:
        assert each.font.pixelSize() * zoom >= LEAST - 1.2
        assert QFontMetricsF(each.font).horizontalAdvance(each.text) <= room.width() + 1
        assert each.text in (each.line.text, each.line.shorter) or each.line.role == "name"
        assert room.contains(each.rect)


@pytest.mark.parametrize("zoom", [0.08, 0.12, NAMED, 0.2, 0.25, 0.3, 0.39])
def test_from_afar_all_names_are_of_one_size_or_all_are_hidden(zoom: float) -> None:
    graph = Graph()
    leaf = graph.add("tensor", name="x", value=[[1.0] * 20] * 20)
    operations = [graph.add("exp", name=name, input="x") for name in ("a", "predictions", "of_the_second_layer")]
    scalar = NodeState({"": np.array(138.8338)}, False, True, ("ExpBackward0",), gradient=np.array(-645.5773))
    vector = NodeState({"": np.ones(5)}, False, True, ("ExpBackward0",))
    states = [scalar, vector, NodeState()]
    cards = [op_card(node, state, graph) for node, state in zip(operations, states, strict=True)]
    cards.append(leaf_card(leaf, NodeState({"": np.ones((20, 20))}), consumed=True))
    lines = [placed(card, DARK, zoom) for card in cards]
    if zoom < NAMED:
        assert lines == [[]] * len(cards)
        return
    assert len({name.font.pixelSize() for name, *_ in lines}) == 1
    assert {name.line.role for name, *_ in lines} == {"name"}
    assert lines[0][0].text == "a"
    assert lines[2][0].text.endswith("\N{HORIZONTAL ELLIPSIS}")
    for card, written in zip(cards, lines, strict=True):
        assert all(each.font.pixelSize() <= written[0].font.pixelSize() for each in written)
        assert all(card.rect.contains(each.rect) for each in written)
        assert all(one.rect.bottom() <= other.rect.top() + 1e-6 for one, other in pairwise(written))


def test_digits_are_shown_up_to_eight_elements() -> None:
    assert thumbnail(np.ones(8)).kind == "cells"
    assert thumbnail(np.full(8, 1 / 3)).kind == "bars", "eight long numbers would make a very wide card"
    assert thumbnail(np.ones(9)).kind == "bars"
    assert thumbnail(np.ones((2, 4))).kind == "cells"
    assert thumbnail(np.ones((5, 5))).kind == "heat"
    assert thumbnail(np.ones(())).kind == "scalar"


def test_every_symbol_is_there_without_the_fonts_of_the_machine() -> None:
    missing = {name for name, operation in registry.entries().items() if not symbols.available(operation.symbol)}
    assert missing == set()


def scalar_cards(number: float, passes: int) -> tuple[Card, Card]:
    """A leaf and an operation with ``number`` as value and as gradient."""
    graph = Graph()
    graph.add("tensor", name="x", value=1.0)
    value = np.array(number, np.float32)
    state = NodeState({"": value}, False, True, ("ExpBackward0",), gradient=value)
    with np.errstate(over="ignore", invalid="ignore"):
        leaf = leaf_card(Node(1, "tensor", "w", leaf=Leaf(value, True)), leaf_state(value, passes), consumed=False)
    return leaf, op_card(graph.add("exp", name="y", input="x"), state, graph)


@settings(max_examples=80)
@given(st.floats(width=32), st.integers(0, 5))
def test_a_scalar_card_is_as_wide_for_any_number(number: float, passes: int) -> None:
    plain, long = scalar_cards(1.0, 0), scalar_cards(number, passes)
    assert [card.rect.width() for card in long] == [card.rect.width() for card in plain]
    tank = long[0].tank
    assert tank is not None
    assert lettering.fitted("total", tank.total, tank.rect.width() - 8).pixelSize() >= 9
    for slab in tank.slabs:
        room = slab.label_rect.width() - lettering.width("pass", slab.label) - 4
        assert lettering.fitted("slab", slab.number, room).pixelSize() >= 9


def test_the_number_in_a_socket_keeps_clear_of_what_is_written_on_the_card(hand: Hand) -> None:
    hand.editor.backward()
    card = hand.view.canvas.nodes[hand.id("loss")].card
    pill = card.port("input", "exponent").literal_rect  # type: ignore[union-attr]
    assert pill is not None
    beside = [text.rect for text in card.texts if text.rect.top() < pill.bottom() and text.rect.bottom() > pill.top()]
    assert any("PowBackward0" in text.text for text in card.texts)
    assert beside
    assert all(rect.left() - pill.right() >= 10 for rect in beside)
