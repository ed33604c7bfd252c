"""The tank of a leaf: what stands in its ``.grad``, as a total over one labelled slab for every backward pass.

None (not filled, or emptied again: dashed and empty) and zero (filled with nothing) never look alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen

from chainrule.core.run.timeline import NodeState
from chainrule.gui import lettering
from chainrule.gui.canvas import thumbnails
from chainrule.gui.canvas.gradient_scale import GradientScale, sign_colour
from chainrule.gui.canvas.thumbnails import Thumbnail
from chainrule.gui.numbers import cell_texts, short, short_gradient, sign, signed
from chainrule.gui.theme import Theme

Array = NDArray[Any]

WIDTH, HEIGHT = 80.0, 58.0
SLAB, GAP, TOTAL = 18.0, 2.0, 23.0
MOST_SLABS = 3
INSIDE = 64.0  # what a pass of a scalar has for its label and its number
GUTTER = 52.0  # at the left of a tank whose passes stand in lines: their labels


@dataclass(frozen=True, slots=True, eq=False)
class SlabBox:
    """One pass: its label and where that stands, its number (an array is a strip in ``rect``), and where it lies."""

    label: str
    label_rect: QRectF
    number: str
    contribution: Array
    rect: QRectF


@dataclass(frozen=True, slots=True, eq=False)
class Tank:
    """The box of a ``.grad``, None before backward and after zero_grad; ``picture`` shows an array's total."""

    rect: QRectF
    grad: Array | None
    total: str
    picture: Thumbnail | None
    picture_rect: QRectF
    slabs: tuple[SlabBox, ...]
    note: str


def tank_at(state: NodeState, picture: Thumbnail, corner: QPointF) -> Tank:
    """The tank of a leaf in ``state`` whose value is pictured as ``picture``, its top left corner at ``corner``.

    Where gradients stand under their values, the passes do too, and their labels stand in the gutter at the left.
    """
    if state.grad is None:
        note = "empty" if state.requires_grad else "not tracked"
        size = picture.size if picture.stacked else picture.size.expandedTo(QSizeF(WIDTH, HEIGHT))
        return Tank(QRectF(corner, size), None, "", None, QRectF(), (), note)
    scalar = picture.kind == "scalar"
    slabs = [_fitting(*slab) for slab in _slabs(state)] if scalar else _slabs(state)
    total = _total(state.grad) if scalar else ""
    upper = TOTAL if scalar else picture.size.height() + 3
    height = upper + len(slabs) * (SLAB + GAP) + 2
    wide = picture.size.width()
    if not picture.stacked:
        wide = max(WIDTH, wide)
        height = max(HEIGHT, height)
    rect = QRectF(corner.x(), corner.y(), wide, height)
    boxes = [_slab_box(slab, picture, rect, n) for n, slab in enumerate(slabs)]
    shown = QRectF(corner.x(), corner.y(), wide, picture.size.height())
    return Tank(rect, state.grad, total, None if scalar else picture, shown, tuple(boxes), "")


def _slab_box(slab: tuple[str, str, Array], picture: Thumbnail, tank: QRectF, number: int) -> SlabBox:
    """The slab of pass ``number``: poured in from the bottom, or a line of the sum under the total."""
    label, text, contribution = slab
    if picture.stacked:
        top = tank.top() + picture.size.height() + 1 + number * (SLAB + GAP)
        lies = QRectF(tank.left(), top, tank.width(), SLAB)
        return SlabBox(label, QRectF(tank.left() - GUTTER, top, GUTTER, SLAB), text, contribution, lies)
    lies = QRectF(tank.left() + 2, tank.bottom() - 3 - (SLAB + GAP) * number - SLAB, tank.width() - 4, SLAB)
    return SlabBox(label, lies.adjusted(6, 0, -6, 0), text, contribution, lies)


def _slabs(state: NodeState) -> list[tuple[str, str, Array]]:
    """(label, number, contribution), the oldest first; beyond three, the older ones are one slab."""
    slabs = list(state.slabs)
    if len(slabs) <= MOST_SLABS:
        return [(f"pass {slab.number}", _amount(slab.contribution), slab.contribution) for slab in slabs]
    old, new = slabs[: 1 - MOST_SLABS], slabs[1 - MOST_SLABS :]
    with np.errstate(over="ignore", invalid="ignore"):  # an infinity is shown as one
        together = sum((slab.contribution for slab in old[1:]), start=old[0].contribution)
    merged = (f"pass {old[0].number}\u2013{old[-1].number}", _amount(together), together)
    return [merged, *((f"pass {slab.number}", _amount(slab.contribution), slab.contribution) for slab in new)]


def _fitting(label: str, number: str, contribution: Array) -> tuple[str, str, Array]:
    """A pass of a scalar as it fits: beside a long number the label is ``1`` for ``pass 1``; see ``fewer_digits``."""
    if contribution.size != 1:
        return label, number, contribution
    if lettering.width("pass", label) + lettering.width("slab", number) + 4 > INSIDE:
        label = label.removeprefix("pass ")
    room = INSIDE - 4 - lettering.width("pass", label)
    texts = [number, *map(signed, thumbnails.fewer_digits(contribution))]
    return label, lettering.first_fitting("slab", texts, room, thumbnails.SMALLEST), contribution


def _amount(contribution: Array) -> str:
    return signed(short(cell_texts(contribution)[0])) if contribution.size == 1 else ""


def _total(grad: Array) -> str:
    """ "total -2"; where that is too long for the tank, the number alone, and with fewer digits in the end."""
    full = short(cell_texts(grad)[0])
    return lettering.first_fitting("total", [f"total {full}", full, *thumbnails.fewer_digits(grad)], WIDTH - 8, 11)


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
        painter.setFont(lettering.fitted("total", tank.total, tank.rect.width() - 8))
        painter.setPen(theme.text)
        painter.drawText(
            tank.rect.adjusted(0, 3, 0, 3 + TOTAL - tank.rect.height()), Qt.AlignmentFlag.AlignCenter, tank.total
        )
    for n, slab in enumerate(tank.slabs):
        painter.setOpacity(filling if n == len(tank.slabs) - 1 else 1.0)
        _paint_slab(painter, slab, tank.picture, theme, scale)
    painter.setOpacity(1.0)


def _paint_slab(
    painter: QPainter, slab: SlabBox, picture: Thumbnail | None, theme: Theme, scale: GradientScale
) -> None:
    stacked = picture is not None and picture.stacked
    direction = sign(slab.contribution)
    colour = sign_colour(theme, direction) if direction else theme.text
    if not stacked:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush({1: theme.positive_fill, -1: theme.negative_fill}.get(direction, theme.track))
        painter.drawRoundedRect(slab.rect, 4, 4)
    painter.setPen(theme.text_muted if stacked else colour)
    painter.setFont(lettering.font("pass"))
    painter.drawText(slab.label_rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), slab.label)
    if slab.number and not stacked:
        painter.setPen(colour)
        painter.setFont(lettering.fitted("slab", slab.number, INSIDE - 4 - lettering.width("pass", slab.label)))
        painter.drawText(slab.label_rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), slab.number)
    elif slab.contribution.size and picture is not None:
        box = slab.rect if stacked else slab.label_rect
        box = box if stacked else box.adjusted(lettering.width("pass", slab.label) + 8, 0, 0, 0)
        thumbnails.paint_strip(painter, picture, box, slab.contribution, thumbnails.gradient_ink(theme, scale))


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
