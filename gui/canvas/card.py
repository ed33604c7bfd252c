"""The anatomy of a card: where each part of it stands, in the card's own coordinates (its top left corner is 0, 0).

Plain records that painters draw, gestures hit and tests measure. What a leaf and an op are made of is in ``leaf_card``
and ``op_card``; nothing is painted here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from chainrule.core.document.graph import NodeId
from chainrule.gui import lettering
from chainrule.gui.canvas import thumbnails
from chainrule.gui.canvas.tank import Tank
from chainrule.gui.canvas.thumbnails import Thumbnail

Array = NDArray[Any]

SOCKET_RADIUS = 6.0
SOCKET_REACH = 13.0  # half the side of the square that takes a press meant for a socket
WIDEST_NAME = 220.0
MARGIN = 18.0  # the room around a card that its rings, sockets and shadow may use


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text in its place; ``full`` is what a tooltip says where ``text`` had to be shortened."""

    role: str
    text: str
    rect: QRectF
    align: str = "left"
    colour: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Well:
    """The sunken box that shows an array, or says why there is none. ``part`` is "value" or "gradient"."""

    part: str
    output: str
    rect: QRectF
    picture: Thumbnail
    array: Array | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Port:
    """A socket on a ``side`` ("input" or "output"), with the number standing in it or "".


    ``name_rect`` is where its name is written when it is shown, ``literal_rect`` the pill of its number.
    """

    name: str
    side: str
    centre: QPointF
    wired: bool
    required: bool
    tracked: bool
    name_rect: QRectF
    literal: str = ""
    literal_rect: QRectF | None = None


@dataclass(frozen=True, slots=True)
class ChipBox:
    """A tensor saved for backward, in the footer."""

    text: str
    freed: bool
    rect: QRectF


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """Everything a card consists of. A leaf has ``switch`` and ``tank``, an op ``disc`` and ``footer``."""

    node: NodeId
    name: str
    family: str
    rect: QRectF
    tracked: bool
    texts: tuple[Text, ...]
    wells: tuple[Well, ...]
    ports: tuple[Port, ...]
    name_rect: QRectF
    subtitle_rect: QRectF
    switch: QRectF | None = None
    tank: Tank | None = None
    disc: QRectF | None = None
    symbol: str = ""
    footer: float | None = None
    chips: tuple[ChipBox, ...] = ()

    @property
    def is_leaf(self) -> bool:
        return self.tank is not None

    def port(self, side: str, name: str) -> Port | None:
        """The socket called ``name`` on ``side``; None if the card has no such socket (any more)."""
        return next((p for p in self.ports if p.side == side and p.name == name), None)

    def outline(self) -> QRectF:
        """The card with the sockets, names and literals that stick out of it."""
        result = QRectF(self.rect)
        for port in self.ports:
            result = result.united(port_rect(port))
            if port.literal_rect is not None:
                result = result.united(port.literal_rect)
            elif not port.wired:
                result = result.united(port.name_rect)
        return result


def port_rect(port: Port) -> QRectF:
    """The square that takes a press meant for ``port``."""
    reach = QPointF(SOCKET_REACH, SOCKET_REACH)
    return QRectF(port.centre - reach, port.centre + reach)


def text_line(role: str, text: str, left: float, baseline: float, room: float | None = None, colour: str = "") -> Text:
    """A line of ``role`` on ``baseline``, shortened to ``room``; its rectangle is as large as its letters."""
    shown = text if room is None else lettering.elided(role, text, room)
    measures = lettering.metrics(role)
    rect = QRectF(left, baseline - measures.ascent(), lettering.width(role, shown) + 1, measures.height())
    return Text(role, shown, rect, colour=colour, full=text if shown != text else "")


def right_aligned(line: Text, right: float) -> Text:
    """``line`` moved so that it ends at ``right``."""
    rect = QRectF(line.rect)
    rect.moveRight(right)
    return Text(line.role, line.text, rect, line.align, line.colour, line.full)


def output_ports(names: Iterable[str], wired: set[str], tracked: bool, right: float, height: float) -> tuple[Port, ...]:
    """The sockets on the right edge, spread evenly over ``height``."""
    listed = list(names)
    return tuple(
        Port(
            name,
            "output",
            QPointF(right, height * (n + 1) / (len(listed) + 1)),
            name in wired,
            False,
            tracked,
            _name_beside(name, right, height * (n + 1) / (len(listed) + 1)),
        )
        for n, name in enumerate(listed)
    )


def _name_beside(name: str, right: float, y: float) -> QRectF:
    line = lettering.height("socket")
    return QRectF(right + 10, y - line - 3, lettering.width("socket", name) + 1, line)


def cell_at(well: Well, place: QPointF) -> int | None:
    """The flat index of the element of ``well`` whose digits are under ``place``."""
    for index, rect in enumerate(thumbnails.cell_rects(well.picture, well.rect)):
        if rect.contains(place):
            return index
    return None
