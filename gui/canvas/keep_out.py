"""What is laid out but belongs to no region goes out of the region's way, up or down, in the column where it stands.

Pure geometry on ids, places and sizes, as ``layout``.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

from PySide6.QtCore import QPointF, QRectF, QSizeF

from chainrule.gui.canvas.layout import DOWN, Place, Size
from chainrule.gui.canvas.region_item import around

Key = TypeVar("Key", bound=Hashable)

GAP = 14.0  # between a region and a card outside it


def kept_out(
    places: Mapping[Key, Place], sizes: Mapping[Key, Size], regions: Iterable[Collection[Key]]
) -> dict[Key, Place]:
    """``places``, where what is no member of one of ``regions`` stands clear of its area, and of each other still.

    The highest is where the highest was before.
    """
    rects = {key: QRectF(QPointF(*place), QSizeF(*sizes[key])) for key, place in places.items()}
    highest = min((rect.top() for rect in rects.values()), default=0.0)
    for members in regions:
        area = around(rects[key] for key in rects if key in members)
        if not area.isNull():
            _clear(rects, members, area)
    lowered = highest - min((rect.top() for rect in rects.values()), default=0.0)
    return {key: (rect.left(), rect.top() + lowered) for key, rect in rects.items()}


def _clear(rects: Mapping[Key, QRectF], members: Collection[Key], area: QRectF) -> None:
    """Move what is no member and stands in the columns of ``area`` above it or below it, whichever is nearer."""
    others = [
        rect for key, rect in rects.items() if key not in members and _beside(rect, area.adjusted(-GAP, 0, GAP, 0))
    ]
    above = sorted((rect for rect in others if rect.center().y() < area.center().y()), key=lambda rect: -rect.bottom())
    below = sorted((rect for rect in others if rect.center().y() >= area.center().y()), key=lambda rect: rect.top())
    for n, rect in enumerate(above):
        walls = [area.top() - GAP, *(other.top() - DOWN for other in above[:n] if _beside(rect, other))]
        rect.moveBottom(min(rect.bottom(), *walls))
    for n, rect in enumerate(below):
        walls = [area.bottom() + GAP, *(other.bottom() + DOWN for other in below[:n] if _beside(rect, other))]
        rect.moveTop(max(rect.top(), *walls))


def _beside(one: QRectF, other: QRectF) -> bool:
    """Whether one stands above the other, or on it."""
    return one.left() < other.right() and other.left() < one.right()
