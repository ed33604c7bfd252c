"""The track of the timeline: one dot a step, grouped by what ran, with a handle that scrubs both ways.

One widget paints it all. With many steps the labels thin out, then the dots become ticks, then a plain line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from chainrule.core.engine.recording import Computed, Stepped, Stopped, Zeroed
from chainrule.gui.beats import Step
from chainrule.gui.player import Player
from chainrule.gui.theme import Look

FORWARD, BACKWARD, ZERO_GRAD, STEP = "forward", "backward", "zero grad", "step"
NARROWEST_DOTS = 13.0
NARROWEST_TICKS = 4.0


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring steps of one kind, from ``first`` to ``last`` inclusive (counted from 0)."""

    name: str
    first: int
    last: int


def groups_of(steps: Sequence[Step]) -> list[Group]:
    """The runs of steps that belong together, in order."""
    found: list[Group] = []
    for place, step in enumerate(steps):
        name = _group_name(step)
        if found and found[-1].name == name:
            found[-1] = Group(name, found[-1].first, place)
        else:
            found.append(Group(name, place, place))
    return found


def _group_name(step: Step) -> str:
    match step.beat:
        case Computed():
            return FORWARD
        case Zeroed():
            return ZERO_GRAD
        case Stepped():
            return STEP
    return BACKWARD


class Scrubber(QWidget):
    """Click or drag to any step; arrows, Home and End go there by key."""

    def __init__(self, player: Player, look: Look) -> None:
        super().__init__()
        self._player = player
        self._look = look
        self._groups = groups_of(player.steps)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        player.timeline_changed.connect(self._regroup)
        player.state_changed.connect(self._moved)
        player.stage_changed.connect(self.update)
        self.restyle()
        self._moved()

    def restyle(self) -> None:
        self.setFixedHeight(self._look.px(74))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(600), self._look.px(74))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(160), self._look.px(74))

    # Where things are

    @property
    def gap(self) -> float:
        """Pixels from one step to the next: the track is as wide as its panel, however short the recording."""
        return (self.width() - 2 * self._margin) / max(1, self._player.total - 1)

    @property
    def _margin(self) -> float:
        return 18.0 * self._look.scale

    def _dotted_by(self, narrowest: float) -> bool:
        return self.gap >= narrowest * self._look.scale

    def x_of(self, step: int) -> float:
        """Where step number ``step`` (from 1; 0 is before the first) stands."""
        if step == 0:
            return self._margin - min(self.gap / 2, self._margin - 6 * self._look.scale)
        return self._margin + (step - 1) * self.gap

    def step_at(self, x: float) -> int:
        """The step nearest to ``x``."""
        if x < (self.x_of(0) + self.x_of(1)) / 2:
            return 0
        return max(1, min(self._player.total, round((x - self._margin) / max(self.gap, 1e-9)) + 1))

    # Gestures

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._player.total:
            self._player.seek(self.step_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._player.total:
            return
        step = self.step_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            if step != self._player.step or self._player.animating:
                self._player.seek(step)
        elif step:
            QToolTip.showText(event.globalPosition().toPoint(), self._words(step), self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match Qt.Key(event.key()):
            case Qt.Key.Key_Left:
                self._player.back()
            case Qt.Key.Key_Right:
                self._player.seek(self._player.step + 1)
            case Qt.Key.Key_Home:
                self._player.to_start()
            case Qt.Key.Key_End:
                self._player.to_end()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _words(self, step: int) -> str:
        return f"{step} of {self._player.total} · {self._player.steps[step - 1].title}"

    def _regroup(self) -> None:
        self._groups = groups_of(self._player.steps)
        self.update()

    def _moved(self) -> None:
        player = self._player
        self.setAccessibleName("Timeline position")
        self.setAccessibleDescription(self._words(player.step) if player.step else f"0 of {player.total}")
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._player.total:
            self._paint_empty(painter)
            return
        for group in self._groups:
            self._paint_stretch(painter, group)
        self._paint_group_names(painter)
        if self._dotted_by(NARROWEST_TICKS):
            self._paint_dots(painter)
            self._paint_labels(painter)
        self._paint_handle(painter)

    @property
    def _track(self) -> float:
        return 30.0 * self._look.scale

    def _paint_empty(self, painter: QPainter) -> None:
        s = self._look.scale
        painter.setPen(QPen(self._look.theme.track, 3 * s, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(18 * s, self._track), QPointF(self.width() - 18 * s, self._track))

    def _reached(self) -> float:
        """The step that the handle is at, with the part of it that has been animated."""
        player = self._player
        if not player.animating or player.step == 0:
            return float(player.step)
        return player.step - 1 + min(1.0, (player.stage + player.progress) / 4)

    def _x_reached(self) -> float:
        reached = self._reached()
        below = int(reached)
        if below == self._player.total:
            return self.x_of(below)
        return self.x_of(below) + (reached - below) * (self.x_of(below + 1) - self.x_of(below))

    def _colour(self, group: Group) -> QColor:
        return self._look.theme.wire if group.name == FORWARD else self._look.theme.accent

    def _paint_stretch(self, painter: QPainter, group: Group) -> None:
        """The group's stretch of track, what has passed of it in its colour, and the gap to the next group."""
        theme = self._look.theme
        first, last = self.x_of(group.first + 1), self.x_of(group.last + 1)
        reached = self._x_reached()
        if group.last + 1 < self._player.total:
            self._line(painter, last, self.x_of(group.last + 2), theme.track)
        self._line(painter, first, last, theme.track)
        if reached > first:
            colour = QColor(self._colour(group))
            colour.setAlphaF(0.62)
            self._line(painter, first, min(last, reached), colour)

    def _paint_group_names(self, painter: QPainter) -> None:
        """Each group's name over its middle, where it stands clear of the one before."""
        s, font = self._look.scale, self._look.ui(11)
        painter.setFont(font)
        painter.setPen(self._look.theme.text_faint)
        end = -1e9
        for group in self._groups:
            width = QFontMetricsF(font).horizontalAdvance(group.name)
            centre = (self.x_of(group.first + 1) + self.x_of(group.last + 1)) / 2
            left = min(max(centre - width / 2, 0.0), self.width() - width - 1)
            if left > end + 10 * s:
                painter.drawText(QPointF(left, self._track - 14 * s), group.name)
                end = left + width

    def _line(self, painter: QPainter, left: float, right: float, colour: QColor) -> None:
        painter.setPen(QPen(colour, 3.2 * self._look.scale, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(left, self._track), QPointF(right, self._track))

    def _paint_dots(self, painter: QPainter) -> None:
        theme, s = self._look.theme, self._look.scale
        roomy = self._dotted_by(NARROWEST_DOTS)
        radius = (4.6 if self._dotted_by(24) else 3.4) * s
        for group in self._groups:
            for place in range(group.first, group.last + 1):
                step = self._player.steps[place]
                passed = place + 1 <= self._player.step
                colour = self._colour(group) if passed else theme.wire_untracked
                if isinstance(step.beat, Stopped):
                    colour = theme.error
                centre = QPointF(self.x_of(place + 1), self._track)
                if roomy:
                    painter.setPen(QPen(theme.panel, 2.4 * s))
                    painter.setBrush(colour)
                    painter.drawEllipse(centre, radius + 1.2 * s, radius + 1.2 * s)
                else:
                    painter.setPen(QPen(colour, 1.2 * s))
                    painter.drawLine(centre - QPointF(0, 4 * s), centre + QPointF(0, 4 * s))

    def _paint_labels(self, painter: QPainter) -> None:
        """Labels from the present step outwards, as many as stand clear of each other."""
        theme, s = self._look.theme, self._look.scale
        font = self._look.mono(11)
        bold = self._look.mono(11, QFont.Weight.Bold)
        metrics = QFontMetricsF(bold)
        taken: list[tuple[float, float]] = []
        present = max(1, self._player.step)
        order = sorted(range(1, self._player.total + 1), key=lambda step: abs(step - present))
        labels = order if self._player.total <= 300 else order[:1]
        for step in labels:
            text = self._player.steps[step - 1].mark
            width = metrics.horizontalAdvance(text)
            left = min(max(self.x_of(step) - width / 2, 0.0), self.width() - width - 1)
            if any(left < right + 10 * s and other < left + width + 10 * s for other, right in taken):
                continue
            taken.append((left, left + width))
            now = step == self._player.step
            painter.setFont(bold if now else font)
            painter.setPen(theme.text if now else theme.text_muted)
            painter.drawText(QPointF(left, self._track + 27 * s), text)

    def _paint_handle(self, painter: QPainter) -> None:
        theme, s = self._look.theme, self._look.scale
        centre = QPointF(self._x_reached(), self._track)
        if self.hasFocus():
            painter.setPen(QPen(theme.selected, 1.4 * s))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, 11 * s, 11 * s)
        painter.setPen(QPen(theme.panel, 2 * s))
        painter.setBrush(theme.accent)
        painter.drawEllipse(centre, 8 * s, 8 * s)
