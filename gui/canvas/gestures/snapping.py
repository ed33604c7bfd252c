"""Where a card that is being moved comes to rest: in line with its neighbours, else on the grid; pure geometry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF

GRID = 10.0
BEYOND = 12.0  # how far a guide runs on behind the cards that it joins


@dataclass(frozen=True, slots=True)
class Snap:
    """How far to move, and the guides that say why."""

    by: QPointF
    guides: tuple[QLineF, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A move of ``by`` along one axis, and the guide that it brings the card to."""

    by: float
    guide: QLineF


def snapped(
    card: QRectF, neighbours: Iterable[QRectF], sockets: Iterable[tuple[QPointF, QPointF]], reach: float
) -> Snap:
    """Bring ``card`` into line with whatever is within ``reach``, each axis on its own.

    Lines are the edges and the middles of ``neighbours``, and, before those, the level of ``sockets``: pairs (own,
    other) joined by a wire, which runs straight then.
    """
    others = list(neighbours)
    across = _nearest((line for other in others for line in _across(card, other)), reach)
    level = _nearest((_Line(other.y() - own.y(), QLineF(own.x(), other.y(), other.x(), other.y())) for own, other in
                      sockets), reach)  # fmt: skip
    down = level or _nearest((line for other in others for line in _down(card, other)), reach)
    by = QPointF(
        across.by if across else round(card.x() / GRID) * GRID - card.x(),
        down.by if down else round(card.y() / GRID) * GRID - card.y(),
    )
    return Snap(by, tuple(line.guide for line in (across, down) if line))


def _nearest(lines: Iterable[_Line], reach: float) -> _Line | None:
    """The line that asks for the shortest move, and of those the one with the shortest guide."""
    near = [line for line in lines if abs(line.by) <= reach]
    return min(near, key=lambda line: (round(abs(line.by), 3), line.guide.length()), default=None)


def _across(card: QRectF, other: QRectF) -> Sequence[_Line]:
    top, bottom = min(card.top(), other.top()) - BEYOND, max(card.bottom(), other.bottom()) + BEYOND
    pairs = ((card.left(), other.left()), (card.center().x(), other.center().x()), (card.right(), other.right()))
    return [_Line(there - here, QLineF(there, top, there, bottom)) for here, there in pairs]


def _down(card: QRectF, other: QRectF) -> Sequence[_Line]:
    left, right = min(card.left(), other.left()) - BEYOND, max(card.right(), other.right()) + BEYOND
    pairs = ((card.top(), other.top()), (card.center().y(), other.center().y()), (card.bottom(), other.bottom()))
    return [_Line(there - here, QLineF(left, there, right, there)) for here, there in pairs]
