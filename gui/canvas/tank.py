"""The tank of a leaf: what stands in its ``.grad``, as a total over one labelled slab for every backward pass.

None (never filled: dashed and empty) and zero (filled with nothing) never look alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from chainrule.core.run.timeline import NodeState
from chainrule.gui.canvas import lettering, thumbnails
from chainrule.gui.canvas.gradient_scale import GradientScale, sign_colour
from chainrule.gui.canvas.numbers import cell_texts, short, short_gradient, sign, signed
from chainrule.gui.canvas.thumbnails import Thumbnail
from chainrule.gui.theme import Theme

Array = NDArray[Any]

WIDTH, HEIGHT = 80.0, 58.0
SLAB, GAP, TOTAL = 18.0, 2.0, 23.0
MOST_SLABS = 3


@dataclass(frozen=True, slots=True, eq=False)
class SlabBox:
    """One pass: its label, its number (or a strip of colour for an array), and where it lies."""

    label: str
    number: str
    contribution: Array
    rect: QRectF


@dataclass(frozen=True, slots=True, eq=False)
class Tank:
    """The box of a ``.grad``: ``grad`` is None before any backward; ``picture`` shows an array's total."""

    rect: QRectF
    grad: Array | None
    total: str
    picture: Thumbnail | None
    picture_rect: QRectF
    slabs: tuple[SlabBox, ...]
    note: str


def tank_at(state: NodeState, picture: Thumbnail, corner: QPointF) -> Tank:
    """The tank of a leaf in ``state`` whose value is pictured as ``picture``, its top left corner at ``corner``."""
    note = "not filled yet" if state.requires_grad else "not tracked"
    scalar = picture.kind == "scalar"
    upper = TOTAL if scalar else picture.size.height() + 3
    if state.grad is None:
        size_y = max(HEIGHT, upper if not scalar else 0.0)
        rect = QRectF(corner.x(), corner.y(), max(WIDTH, picture.size.width()), size_y)
        return Tank(rect, None, "", None, QRectF(), (), note)
    slabs = _slabs(state)
    total = f"total {short(cell_texts(state.grad)[0])}" if scalar else ""
    numbers = [lettering.width("pass", label) + lettering.width("slab", number) + 28 for label, number, _ in slabs]
    room = max([WIDTH, picture.size.width(), lettering.width("total", total) + 16, *numbers])
    height = max(HEIGHT, upper + len(slabs) * (SLAB + GAP) + 2)
    rect = QRectF(corner.x(), corner.y(), room, height)
    boxes = tuple(
        SlabBox(
            label,
            number,
            contribution,
            QRectF(rect.left() + 2, rect.bottom() - 3 - (SLAB + GAP) * n - SLAB, room - 4, SLAB),
        )
        for n, (label, number, contribution) in enumerate(slabs)
    )
    shown = QRectF(corner.x(), corner.y(), room, picture.size.height())
    return Tank(rect, state.grad, total, None if scalar else picture, shown, boxes, "")


def _slabs(state: NodeState) -> list[tuple[str, str, Array]]:
    """(label, number, contribution), the oldest first; beyond three, the older ones are one slab."""
    slabs = list(state.slabs)
    if len(slabs) <= MOST_SLABS:
        return [(f"pass {slab.number}", _amount(slab.contribution), slab.contribution) for slab in slabs]
    old, new = slabs[: 1 - MOST_SLABS], slabs[1 - MOST_SLABS :]
    together = sum((slab.contribution for slab in old[1:]), start=old[0].contribution)
    merged = (f"pass {old[0].number}\u2013{old[-1].number}", _amount(together), together)
    return [merged, *((f"pass {slab.number}", _amount(slab.contribution), slab.contribution) for slab in new)]


def _amount(contribution: Array) -> str:
    return signed(short(cell_texts(contribution)[0])) if contribution.size == 1 else ""


def describe(tank: Tank) -> str:
    """The tank in words."""
    return ".grad None" if tank.grad is None else f".grad {short_gradient(tank.grad)}"


def paint(painter: QPainter, tank: Tank, theme: Theme, scale: GradientScale, filling: float = 1.0) -> None:
    """Paint ``tank``; ``filling`` (0 to 1) is how far the last pass has been poured in."""
    if tank.grad is None:
        paint_none(painter, tank.rect, theme, tank.note)
        return
    painter.setPen(QPen(theme.inset_border, 1))
    painter.setBrush(theme.inset)
    painter.drawRoundedRect(tank.rect, 6, 6)
    if tank.picture is not None:
        thumbnails.paint(painter, tank.picture, tank.picture_rect, tank.grad, thumbnails.gradient_ink(theme, scale))
    else:
        painter.setFont(lettering.font("total"))
        painter.setPen(theme.text)
        painter.drawText(
            tank.rect.adjusted(0, 3, 0, 3 + TOTAL - tank.rect.height()), Qt.AlignmentFlag.AlignCenter, tank.total
        )
    for n, slab in enumerate(tank.slabs):
        painter.setOpacity(filling if n == len(tank.slabs) - 1 else 1.0)
        _paint_slab(painter, slab, theme, scale)
    painter.setOpacity(1.0)


def _paint_slab(painter: QPainter, slab: SlabBox, theme: Theme, scale: GradientScale) -> None:
    direction = sign(slab.contribution)
    fill = {1: theme.positive_fill, -1: theme.negative_fill}.get(direction, theme.track)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(slab.rect, 4, 4)
    colour = sign_colour(theme, direction) if direction else theme.text
    inner = slab.rect.adjusted(6, 0, -6, 0)
    painter.setPen(colour)
    painter.setFont(lettering.font("pass"))
    painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), slab.label)
    if slab.number:
        painter.setFont(lettering.font("slab"))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), slab.number)
    elif slab.contribution.size:
        left = inner.left() + lettering.width("pass", slab.label) + 8
        strip = QRectF(left, inner.center().y() - 4, inner.right() - left, 8)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, slab.contribution.size > strip.width())
        painter.drawImage(
            strip, thumbnails.heat_image(slab.contribution.reshape(1, -1), thumbnails.gradient_ink(theme, scale))
        )


def paint_none(painter: QPainter, rect: QRectF, theme: Theme, note: str) -> None:
    """A dashed, empty box that says None, and why."""
    pen = QPen(theme.gutter, 1.5)
    pen.setDashPattern([2.2, 2.2])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, 6, 6)
    tall = rect.height() >= 46
    upper = rect.adjusted(0, 0, 0, -rect.height() / 2 + 2) if tall else rect.adjusted(0, 1, 0, -rect.height() / 2 + 1)
    lower = rect.adjusted(0, rect.height() / 2 - 3, 0, -6) if tall else rect.adjusted(0, rect.height() / 2 - 2, 0, -2)
    painter.setPen(theme.text_muted)
    painter.setFont(lettering.font("none" if tall else "cell"))
    painter.drawText(
        upper,
        int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        if tall
        else int(Qt.AlignmentFlag.AlignCenter),
        "None",
    )
    painter.setFont(lettering.font("hint"))
    painter.drawText(lower, int(Qt.AlignmentFlag.AlignCenter), note)
