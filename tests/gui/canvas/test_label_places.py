"""Where the callout of now goes: beside its card, else wherever nothing is covered, with a line back to the card."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from chainrule.gui.canvas.label_places import NEAR, callout_place, leader

CARD = QRectF(400, 300, 100, 80)
SEEN = QRectF(0, 0, 1200, 800)


def placed(box: QRectF, obstacles: list[QRectF]) -> QRectF:
    return box.translated(callout_place(box, CARD, [CARD, *obstacles], (), SEEN))


def test_a_callout_stands_under_its_card_where_there_is_room() -> None:
    rect = placed(QRectF(0, 0, 200, 60), [])
    assert 0 < rect.top() - CARD.bottom() < NEAR
    assert leader(rect, CARD) is None


def test_among_cards_it_takes_the_one_gap_there_is_and_has_a_line_to_its_card() -> None:
    wall = [QRectF(0, 0, 1200, 290), QRectF(0, 390, 1200, 300), QRectF(0, 300, 390, 80), QRectF(510, 300, 690, 80)]
    rect = placed(QRectF(0, 0, 300, 80), wall)
    assert SEEN.contains(rect)
    assert not any(rect.intersects(other) for other in (CARD, *wall))
    line = leader(rect, CARD)
    assert line is not None
    start, end = line
    assert rect.contains(start)
    assert CARD.contains(end)


def test_where_there_is_no_room_at_all_it_does_not_cover_its_own_card() -> None:
    rect = placed(QRectF(0, 0, 300, 80), [QRectF(0, 0, 1200, 290), QRectF(0, 390, 1200, 410)])
    assert not rect.intersects(CARD)
    assert SEEN.contains(rect)
