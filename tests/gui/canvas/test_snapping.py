"""Coming to rest in line: with edges and middles of neighbours, with the socket at the other end, else on the grid."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt

from chainrule.gui.canvas.gestures.snapping import snapped
from tests.gui.canvas.conftest import Hand

CARD = QRectF(0, 0, 180, 120)
OTHER = QRectF(300, 200, 200, 140)


def at(x: float, y: float) -> QRectF:
    return CARD.translated(x, y)


@pytest.mark.parametrize(
    ("card", "by"),
    [
        (at(304, 600), QPointF(-4, 0)),  # left edges
        (at(317, 600), QPointF(3, 0)),  # right edges
        (at(307, 600), QPointF(3, 0)),  # middles, which are nearer than either edge
        (at(603, 203), QPointF(-3, -3)),  # top edges, and the grid across
        (at(604, 226), QPointF(-4, -6)),  # bottom edges
    ],
)
def test_edges_and_middles_attract(card: QRectF, by: QPointF) -> None:
    snap = snapped(card, [OTHER], [], 7.0)
    assert snap.by == by
    moved = card.translated(snap.by)
    lines = {OTHER.left(), OTHER.center().x(), OTHER.right()} & {moved.left(), moved.center().x(), moved.right()}
    levels = {OTHER.top(), OTHER.center().y(), OTHER.bottom()} & {moved.top(), moved.center().y(), moved.bottom()}
    assert {guide.x1() for guide in snap.guides if guide.dx() == 0} == lines
    assert {guide.y1() for guide in snap.guides if guide.dy() == 0} == levels


def test_far_from_everything_the_grid_holds() -> None:
    snap = snapped(at(1004, 1013), [OTHER], [], 7.0)
    assert (snap.by, snap.guides) == (QPointF(-4, -3), ())


def test_a_straight_wire_goes_before_an_edge() -> None:
    snap = snapped(at(600, 203), [OTHER], [(QPointF(600, 263), QPointF(500, 268))], 7.0)
    assert snap.by.y() == 5
    assert [guide.y1() for guide in snap.guides] == [268.0]


def test_a_card_comes_into_line_while_it_is_dragged_and_a_guide_says_with_what(hand: Hand) -> None:
    x, w = hand.view.canvas.nodes[hand.id("x")], hand.view.canvas.nodes[hand.id("w")]
    start = hand.body("x")
    hand.press(start)
    for far in (QPoint(40, 0), QPoint(4, 0)):
        hand.move(start + far)
    assert x.pos().x() == w.pos().x()
    assert not hand.view.sketch.path.isEmpty()
    hand.release(start + QPoint(4, 0))
    assert hand.view.sketch.path.isEmpty()


def test_ctrl_suspends_snapping(hand: Hand) -> None:
    start = hand.body("x")
    before = hand.view.canvas.nodes[hand.id("x")].pos()
    hand.press(start)
    for far in (QPoint(40, 0), QPoint(4, 3)):
        hand.move(start + far, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert hand.view.canvas.nodes[hand.id("x")].pos() - before == QPointF(4, 3)
    assert hand.view.sketch.path.isEmpty()


def test_a_wire_comes_to_run_straight(hand: Hand) -> None:
    """error feeds loss: dragged a little below its level, it rests where the wire between them is level."""
    start = hand.body("loss")
    hand.press(start)
    for far in (QPoint(0, 60), QPoint(0, 4)):
        hand.move(start + far)
    hand.release(start + QPoint(0, 4))
    wire = hand.view.canvas.wires[hand.id("loss"), "input"]
    assert wire.start.y() == wire.end.y()
