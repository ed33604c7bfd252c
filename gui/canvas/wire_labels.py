"""What stands on wires: copies where an input is broadcast, scissors behind ``detach``, and shapes from close by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from chainrule.core.run.timeline import NodeState, State
from chainrule.gui import lettering, symbols
from chainrule.gui.canvas.band_item import READABLE
from chainrule.gui.canvas.broadcasting import input_shapes, spread
from chainrule.gui.canvas.label_item import LabelItem
from chainrule.gui.canvas.label_places import free_place
from chainrule.gui.canvas.stage import Stage
from chainrule.gui.canvas.wire_item import WireItem, WireKey
from chainrule.gui.canvas.wire_path import course, lane
from chainrule.gui.numbers import shape_text
from chainrule.gui.theme import Theme

ABOVE_WIRES = 2.0
HEIGHT, GHOSTS = 18.0, 17.0
CUT = 11.0  # half the width of the scissors' disc
CUTTING = "detach"
ALONG = 0.25  # where on its wire a shape stands
REACH = 60.0  # how far a shape may stick out of what is repainted


class WireLabel(LabelItem):
    """``text`` behind the ghosts of copies; scissors where there is no text."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self.theme, self.text = theme, text
        wide = lettering.width("socket", text) + 14 + GHOSTS
        self.rect = QRectF(-wide / 2, -HEIGHT / 2, wide, HEIGHT) if text else QRectF(-CUT, -CUT, 2 * CUT, 2 * CUT)
        self.setZValue(ABOVE_WIRES)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if option.levelOfDetailFromTransform(painter.worldTransform()) < READABLE:
            return
        painter.setPen(QPen(self.theme.gutter, 1))
        painter.setBrush(self.theme.canvas)
        painter.drawRoundedRect(self.rect, self.rect.height() / 2, self.rect.height() / 2)
        if not self.text:
            symbols.paint(painter, self.rect, "\N{BLACK SCISSORS}", self.theme.text)
            return
        inner = self.rect.adjusted(7, 0, -7, 0)
        self._paint_ghosts(painter, QPointF(inner.left(), inner.center().y()))
        painter.setPen(self.theme.text_muted)
        painter.setFont(lettering.font("socket"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextDontClip
        painter.drawText(inner, int(flags), self.text)

    def _paint_ghosts(self, painter: QPainter, left: QPointF) -> None:
        """One sheet, and behind it the outlines of its copies."""
        for n, alpha in ((2, 0.45), (1, 0.7), (0, 1.0)):
            painter.setOpacity(alpha)
            painter.setPen(QPen(self.theme.text_muted, 1))
            painter.setBrush(self.theme.text_muted if n == 0 else self.theme.canvas)
            painter.drawRoundedRect(QRectF(left.x() + 2.5 * n, left.y() - 2 - 2 * n, 7, 7), 1.5, 1.5)
        painter.setOpacity(1.0)


class WireLabels:
    """The labels of a stage; it owns their items."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.spreads: dict[WireKey, WireLabel] = {}
        self.cuts: dict[WireKey, WireLabel] = {}
        self._lies: dict[WireKey, object] = {}  # how the wire ran when its label was placed

    def clear(self) -> None:
        """Take all of them away: there is another document."""
        self._show(dict.fromkeys({*self.spreads, *self.cuts}, ("", False)))

    def follow(self, state: State, keys: Collection[WireKey]) -> None:
        """Show what stands on the wires ``keys`` in ``state``."""
        said = dict.fromkeys(keys, ("", False))
        nodes = self.stage.editor.graph.nodes
        for i in nodes.keys() & {key[0] for key in keys}:
            shapes, copied = input_shapes(nodes[i], state), spread(nodes[i], state)
            for socket, wire in nodes[i].wires():
                if (i, socket) in self.stage.wires and (i, socket) in said:
                    arrow = " \N{RIGHTWARDS ARROW} "
                    text = arrow.join(map(shape_text, (shapes[socket], copied[socket]))) if socket in copied else ""
                    said[i, socket] = text, nodes[wire.source].kind == CUTTING
        self._show(said)
        self.lay(keys)

    def _show(self, said: Mapping[WireKey, tuple[str, bool]]) -> None:
        """For each wire the text of its copies, or none, and whether it is cut."""
        for key, (text, cut) in said.items():
            self._keep(self.spreads, key, text, wanted=bool(text))
            self._keep(self.cuts, key, "", wanted=cut)

    def _keep(self, items: dict[WireKey, WireLabel], key: WireKey, text: str, *, wanted: bool) -> None:
        """Have a label with ``text`` for ``key`` among ``items`` if it is ``wanted``, else none."""
        item, theme = items.get(key), self.stage.look.theme
        if item is not None and not (wanted and (item.text, item.theme) == (text, theme)):
            self.stage.removeItem(items.pop(key))
            self._lies.pop(key, None)
        if wanted and key not in items:
            items[key] = WireLabel(theme, text)
            self.stage.addItem(items[key])

    def lay(self, keys: Iterable[WireKey]) -> None:
        """Put the labels of ``keys`` where their wires run now."""
        for key in sorted(keys):
            wire = self.stage.wires.get(key)
            if wire is None or self._lies.get(key) == wire.run or not self.stage.placed(key[0], wire.source):
                continue
            if key in self.cuts:
                self.cuts[key].setPos(wire.path().pointAtPercent(0.5))
            if key in self.spreads:
                item = self.spreads[key]
                obstacles, lines = self.stage.surroundings(wire.course.bounds().adjusted(-110, -80, 110, 80), {item})
                from_output = course(wire.course.points[::-1])  # so that the best place is near the input
                # The gradient will come back beside this wire, and the label stays where it is.
                item.setPos(free_place(item.rect, from_output, obstacles, [*lines, lane(*wire.run)]))
            if key in self.cuts or key in self.spreads:
                self._lies[key] = wire.run


def paint_shapes(painter: QPainter, stage: Stage, area: QRectF) -> None:
    """Write beside the wires near ``area`` the shapes of what they carry."""
    state, theme = stage.player.state, stage.look.theme
    painter.setFont(lettering.font("socket"))
    for item in stage.items(area.adjusted(-REACH, -REACH, REACH, REACH)):
        if not isinstance(item, WireItem):
            continue
        source = state.nodes.get(item.source, NodeState())
        array = source.values.get(item.output, source.value)
        if array is None:
            continue
        text = shape_text(array.shape)
        box = QRectF(0, 0, lettering.width("socket", text) + 8, HEIGHT - 2)
        place, slope = item.path().pointAtPercent(ALONG), item.path().slopeAtPercent(ALONG)
        box.moveCenter(place - QPointF(0, HEIGHT / 2 + 2))
        if abs(slope) > 0.4:  # a steep wire would run through it
            box.moveBottomLeft(place + QPointF(4, -1 if slope > 0 else HEIGHT))
        painter.setPen(theme.text_muted)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
