"""Where the callout of now goes: beside its card, else wherever nothing is covered, with a line back to the card."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, QRectF

from chainrule.gui.canvas import label_places
from chainrule.gui.canvas.label_places import callout_place
from chainrule.gui.canvas.leader import NEAR, leader

CARD = QRectF(400, 300, 100, 80)
SEEN = QRectF(0, 0, 1200, 800)


def placed(box: QRectF, obstacles: list[QRectF]) -> QRectF:
    return box.translated(callout_place(box, CARD, [CARD, *obstacles], (), SEEN))


def test_a_callout_stands_under_its_card_where_there_is_room() -> None:
    rect = placed(QRectF(0, 0, 200, 60), [])
    assert 0 < rect.top() - CARD.bottom() < NEAR
    assert leader(rect, CARD) == []


def test_among_cards_it_takes_the_one_gap_there_is_and_has_a_line_to_its_card() -> None:
    wall = [QRectF(0, 0, 1200, 290), QRectF(0, 390, 1200, 300), QRectF(0, 300, 390, 80), QRectF(510, 300, 690, 80)]
    rect = placed(QRectF(0, 0, 300, 80), wall)
    assert SEEN.contains(rect)
    assert not any(rect.intersects(other) for other in (CARD, *wall))
    start, *_, end = leader(rect, CARD)
    assert rect.contains(start)
    assert CARD.contains(end)


def test_where_there_is_no_room_at_all_it_does_not_cover_its_own_card() -> None:
    rect = placed(QRectF(0, 0, 300, 80), [QRectF(0, 0, 1200, 290), QRectF(0, 390, 1200, 410)])
    assert not rect.intersects(CARD)
    assert SEEN.contains(rect)


def test_the_search_for_room_compares_as_many_places_with_the_card_however_many_cards_are_in_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measured: list[QRectF] = []
    apart = label_places.apart
    monkeypatch.setattr(label_places, "apart", lambda box, card: measured.append(box) or apart(box, card))

    def places(rows: int, columns: int) -> int:
        """So many cards of uneven places fill what is seen, with too little room between them for a callout."""
        measured.clear()
        wide, high = SEEN.width() / columns, SEEN.height() / rows
        cells = ((row, column) for row in range(rows) for column in range(columns))
        placed(
            QRectF(0, 0, 300, 80),
            [QRectF(column * wide + row / 9, row * high + column / 9, wide - 8, high - 8) for row, column in cells],
        )
        return len(measured)

    assert places(24, 20) <= places(12, 10) + 10


def runs_through(line: list[QPointF], rect: QRectF) -> bool:
    pieces = [QRectF(a, b).normalized().adjusted(-0.5, -0.5, 0.5, 0.5) for a, b in pairwise(line)]
    return any(piece.intersects(rect) for piece in pieces)


@pytest.mark.parametrize(
    "other",
    [QRectF(390, 420, 120, 80), QRectF(300, 420, 160, 80), QRectF(440, 420, 300, 80)],
    ids=["in line", "at the left", "at the right"],
)
def test_the_line_gets_round_a_card_between(other: QRectF) -> None:
    box = QRectF(380, 560, 300, 80)
    assert runs_through(leader(box, CARD), other)
    line = leader(box, CARD, [other])
    assert not runs_through(line, other)
    assert box.contains(line[0])
    assert CARD.contains(line[-1])
    assert all(a.x() == b.x() or a.y() == b.y() for a, b in pairwise(line))


def test_where_no_way_is_clear_there_is_no_line() -> None:
    sides = [(-40, 200, 1300, 20), (-40, 460, 1300, 20), (300, -40, 20, 900), (600, -40, 20, 900)]
    assert leader(QRectF(380, 560, 300, 80), CARD, [QRectF(*side) for side in sides]) == []


def test_a_callout_goes_where_its_line_is_straight_before_it_goes_where_the_line_needs_a_way_round() -> None:
    over = QRectF(300, 400, 300, 150)  # under which there is room, a little nearer than anywhere else
    walls = [QRectF(0, 0, 1200, 100), QRectF(0, 100, 390, 450), QRectF(510, 100, 690, 450), over]
    rect = placed(QRectF(0, 0, 100, 40), walls)
    assert not runs_through(leader(rect, CARD), over)
    assert rect.bottom() < CARD.top()
