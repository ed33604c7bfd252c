"""Where cards that are added find room: where they were wanted, or the nearest place beside what stands there."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import pytest
from PySide6.QtCore import QPointF, QRectF

from chainrule.core.document.edits import add_node
from chainrule.gui.adding import add_request
from chainrule.gui.canvas import room
from chainrule.gui.canvas.layout import ACROSS
from chainrule.gui.canvas.room import TOUCHING, nearest_room
from chainrule.gui.panels.catalogue import Request
from tests.gui.canvas.conftest import Hand

WANTED = QRectF(0, 0, 100, 60)


def test_a_free_place_is_kept_to_the_point() -> None:
    beside = QRectF(100 + TOUCHING, 0, 100, 60)
    wanted = WANTED.translated(0.25, 3.75)
    assert nearest_room(wanted, []) == wanted.topLeft()
    assert nearest_room(WANTED, [beside]) == WANTED.topLeft()


@pytest.mark.parametrize(
    ("taken", "place"),
    [
        (
            QRectF(0, 30, 100, 60),
            QPointF(0, -70),
        ),  # up is nearer than down; the grid makes it a little farther than needed
        (QRectF(0, -40, 100, 60), QPointF(0, 60)),
        (QRectF(-90, 0, 100, 60), QPointF(70, 0)),
        (QRectF(95, 0, 100, 60), QPointF(-70, 0)),
        (QRectF(0, 0, 100, 60), QPointF(0, 100)),  # below, though above is as near
    ],
)
def test_a_card_makes_way_by_the_shortest_move(taken: QRectF, place: QPointF) -> None:
    assert nearest_room(WANTED, [taken]) == place


def test_it_goes_round_the_corner_where_that_is_nearest() -> None:
    column = [QRectF(0, y, 100, 60) for y in range(-600, 600, 60)]
    beside = QRectF(100, -10, 200, 60), QRectF(-200, -400, 170, 800)
    place = nearest_room(WANTED, [*column, *beside])
    assert place == QPointF(160, 90)
    assert not any(QRectF(place, WANTED.size()).intersects(rect) for rect in (*column, *beside))


def test_room_is_found_at_the_edge_of_a_crowd_of_cards() -> None:
    crowd = [QRectF(120.0 * x, 80.0 * y, 100, 60) for x in range(-20, 20) for y in range(-20, 20)]
    place = nearest_room(WANTED, crowd)
    assert not any(QRectF(place, WANTED.size()).intersects(rect) for rect in crowd)


def test_a_place_that_can_be_seen_goes_before_a_nearer_one_that_cannot() -> None:
    taken, seen = QRectF(0, 0, 100, 60), QRectF(-10, -50, 400, 150)
    assert nearest_room(WANTED, [taken]) == QPointF(0, 100)
    assert nearest_room(WANTED, [taken], seen) == QPointF(160, 0)
    to_the_origin = WANTED.translated(-160, 0), [taken.translated(-160, 0)], seen.translated(-160, 0)
    assert nearest_room(*to_the_origin) == QPointF(0, 0)
    nowhere = QRectF(-10, -50, 160, 150)
    assert nearest_room(WANTED, [taken], nowhere) == QPointF(0, 100)


# On the canvas


def cards(hand: Hand) -> list[QRectF]:
    return [item.card_rect() for item in hand.view.canvas.nodes.values()]


def assert_apart(rects: Iterable[QRectF]) -> None:
    for one, other in combinations(rects, 2):
        assert not one.intersects(other), (one, other)


def selected(hand: Hand) -> list[QRectF]:
    return [hand.view.canvas.nodes[i].card_rect() for i in sorted(hand.editor.selection)]


def test_what_is_added_on_a_card_stands_beside_it_and_is_one_step_of_undo(hand: Hand) -> None:
    before = hand.editor.undo_stack.count()
    pred = hand.view.canvas.nodes[hand.id("pred")].card_rect()
    assert add_request(hand.view, Request("tensor", "randn"), (pred.x() + 20, pred.y() + 30))
    assert_apart(cards(hand))
    (added,) = selected(hand)
    assert added.intersects(pred.adjusted(-ACROSS, -ACROSS, ACROSS, ACROSS))
    assert hand.editor.undo_stack.count() == before + 1
    assert hand.editor.undo_stack.undoText() == "add x2"
    hand.editor.undo()
    assert len(cards(hand)) == 6
    hand.editor.redo()
    assert added in cards(hand)
    assert_apart(cards(hand))


def test_a_card_that_grew_with_its_value_finds_room_for_all_of_it(hand: Hand) -> None:
    for text in ("big = expand(w, size=[30, 30])", "bigger = big @ big", "biggest = bigger @ big"):
        assert add_request(hand.view, Request(expression=text), (300.0, 250.0))
        assert_apart(cards(hand))


def test_an_expression_keeps_its_form_and_covers_nothing(hand: Hand) -> None:
    assert add_request(hand.view, Request(expression="out = tanh(p * q + r)"), (250.0, 150.0))
    assert_apart(cards(hand))
    assert len(hand.editor.selection) == 6


def test_pasted_again_and_again_cards_keep_their_places_to_each_other_and_cover_nothing(hand: Hand) -> None:
    hand.editor.select([hand.id(name) for name in ("x", "w", "pred")])
    form = [rect.topLeft() - selected(hand)[0].topLeft() for rect in selected(hand)]
    hand.view.copy()
    for _ in range(4):
        hand.view.paste()
        assert [rect.topLeft() - selected(hand)[0].topLeft() for rect in selected(hand)] == form
        assert_apart(cards(hand))
    hand.view.duplicate()
    assert_apart(cards(hand))
    hand.editor.undo()
    assert len(cards(hand)) == 6 + 4 * 3


def test_what_made_way_out_of_sight_is_brought_into_view_and_what_is_put_down_in_sight_moves_nothing(
    hand: Hand,
) -> None:
    seen = hand.view.clear_area()
    edit, _ = add_node(hand.editor.graph, "tanh", position=(seen.center().x(), seen.bottom() - 60))
    assert room.put(hand.view, edit)
    assert hand.view.clear_area() == seen
    for _ in range(12):
        edit, added = add_node(hand.editor.graph, "relu", position=(0, 0))
        assert room.put(hand.view, edit, hand.view.middle())
        shown = hand.view.mapToScene(hand.view.viewport().rect()).boundingRect()
        assert shown.contains(hand.view.canvas.nodes[added.id].card_rect())
    assert hand.view.clear_area() != seen
