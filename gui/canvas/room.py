"""Where cards that are added find room: together where they were wanted, or as near to it as no card is in the way.

The one way in which a new card, an expression, a paste and a duplicate come onto the canvas. How large a card is shows
only once it has run, so it is put where it was wanted and then moved clear; both are one step of undo.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF

from chainrule.core.document import edits
from chainrule.core.document.edits import Edit
from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas.camera import Camera
from chainrule.gui.canvas.layout import ACROSS, DOWN
from chainrule.gui.canvas.stage import WORLD

GRID = 10.0
TOUCHING = 8.0  # nearer to another card than this, a new one covers its sockets


def put(view: Camera, edit: Edit, middle: QPointF | None = None) -> bool:
    """Do ``edit``; the cards it adds, selected then, are moved together to the nearest place where they cover no other.

    They are wanted where the edit has them, or around ``middle`` of the scene. False where the edit is refused.
    """
    editor = view.editor
    added = frozenset(edit.nodes.keys() - editor.graph.nodes.keys())
    step = f"put {sorted(added)}"
    if not editor.do(edit, merge=step):
        return False
    if not added:
        return True
    # A card that has no place yet is laid out by the canvas, clear of all others.
    placed = [i for i in added if (node := edit.nodes[i]) is not None and node.place is not None]
    offset = _clear(view, placed, middle) if placed else QPointF()
    if not offset.isNull():
        places = {i: editor.graph.nodes[i].position for i in placed}
        moved = {i: (x + offset.x(), y + offset.y()) for i, (x, y) in places.items()}
        editor.do(replace(edits.move(editor.graph, moved), label=edit.label), merge=step)
    editor.select(added)
    if len(added) > 1 or middle is not None or not offset.isNull():
        view.show_added(added)  # a single card that stands where it was pointed to is in sight
    return True


def _clear(view: Camera, block: Collection[NodeId], middle: QPointF | None) -> QPointF:
    """How far the cards of ``block`` have to move from where they stand."""
    area = QRectF()
    taken: list[QRectF] = []
    for i, item in view.canvas.nodes.items():
        if i not in block:
            taken += item.framework()
            continue
        for rect in item.framework():
            area = area.united(rect)
    wanted = area.topLeft()
    if middle is not None:
        wanted += _on_grid(middle - area.center())
    seen = view.clear_area() if view.isVisible() else None
    return nearest_room(QRectF(wanted, area.size()), taken, seen) - area.topLeft()


def _on_grid(offset: QPointF) -> QPointF:
    return QPointF(round(offset.x() / GRID) * GRID, round(offset.y() / GRID) * GRID)


def nearest_room(wanted: QRectF, taken: Iterable[QRectF], seen: QRectF | None = None) -> QPointF:
    """The top left corner for a block as large as ``wanted``, as near to it as it can be without covering ``taken``.

    Where the block covers nothing it stays. Else it goes to a place within ``seen``, where there is one. Of two places
    equally near, the one below, and then the one to the right.
    """
    rects = list(taken)
    grown = wanted.adjusted(-TOUCHING, -TOUCHING, TOUCHING, TOUCHING)
    if not any(rect.intersects(grown) for rect in rects):
        return wanted.topLeft()
    walls = [_wall(rect, wanted) for rect in rects]
    for within in (WORLD,) if seen is None else (seen, WORLD):
        place = _nearest(wanted, walls, within)
        if place is not None:  # a point at 0, 0 counts as false
            return place
    return wanted.topLeft()


def _nearest(wanted: QRectF, walls: Sequence[QRectF], within: QRectF) -> QPointF | None:
    """The nearest corner that no wall holds, for a block as large as ``wanted`` within ``within``; None without one."""
    best, nearest = None, math.inf
    lefts = {wanted.left(), *(edge for wall in walls for edge in (wall.left(), wall.right()))}
    for left in sorted(lefts, key=lambda left: (abs(left - wanted.left()), -left)):
        across = abs(left - wanted.left())
        if across >= nearest:
            break
        if not within.left() <= left <= within.right() - wanted.width():
            continue
        for top in _free_tops(wanted.top(), [wall for wall in walls if wall.left() < left < wall.right()]):
            apart = math.hypot(across, top - wanted.top())
            if apart < nearest and within.top() <= top <= within.bottom() - wanted.height():
                best, nearest = QPointF(left, top), apart
    return best


def _wall(rect: QRectF, block: QRectF) -> QRectF:
    """Where the corner of ``block`` may not be, for it to stand clear of ``rect``; on lines of the grid.

    Apart as a tidy graph's cards are, so that names of sockets and wires find room between them.
    """
    left = math.floor((rect.left() - ACROSS - block.width()) / GRID) * GRID
    top = math.floor((rect.top() - DOWN - block.height()) / GRID) * GRID
    right = math.ceil((rect.right() + ACROSS) / GRID) * GRID
    bottom = math.ceil((rect.bottom() + DOWN) / GRID) * GRID
    return QRectF(left, top, right - left, bottom - top)


def _free_tops(wanted: float, walls: Sequence[QRectF]) -> tuple[float, ...]:
    """The nearest heights below and above ``wanted`` that no wall holds; ``wanted`` itself where it is free."""
    below = above = wanted
    for wall in sorted(walls, key=lambda wall: wall.top()):
        if wall.top() < below < wall.bottom():
            below = wall.bottom()
    for wall in sorted(walls, key=lambda wall: -wall.bottom()):
        if wall.top() < above < wall.bottom():
            above = wall.top()
    return (below,) if below == above else (below, above)
