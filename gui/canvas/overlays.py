"""What lies over the canvas and does not move with it: the legend of gradients, the minimap, and the way back to now.

They are children of the view and not of its viewport, so that scrolling leaves them alone.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from chainrule.gui import lettering
from chainrule.gui.canvas.camera import Camera
from chainrule.gui.canvas.gradient_scale import mixed, sign_colour
from chainrule.gui.theme import INSET, Look

NOTICES = 20  # the line at the top where the window says what a press would do
SMALL_VIEW = 520  # below this width there is no minimap


class Overlays:
    """The three of them, in their corners."""

    def __init__(self, view: Camera) -> None:
        self.view = view
        self.legend = Legend(view)
        self.minimap = Minimap(view)
        self.back_to_now = BackToNow(view)
        self._mapped: tuple[object, ...] = ()
        view.player.state_changed.connect(self._on_state)
        view.player.timeline_changed.connect(self.update_all)
        view.editor.document_changed.connect(self._on_document)
        view.editor.document_replaced.connect(self.update_all)
        self.update_all()

    def place(self) -> None:
        """Put everything into its corner."""
        rect, look = self.view.rect(), self.view.look
        edge = look.px(INSET)
        for widget, at_right in ((self.legend, False), (self.minimap, True)):
            widget.resize(look.px(widget.DESIGN.width()), look.px(widget.DESIGN.height()))
            x = rect.right() - edge - widget.width() if at_right else rect.left() + edge
            widget.move(x, rect.bottom() - edge - widget.height())
        self.legend.setVisible(self.view.canvas.shows_gradients)
        self.minimap.setVisible(self._wants_map())
        self.back_to_now.place()

    def clear_rect(self) -> QRect:
        """The part of the viewport that a framed graph may fill: not the stripe of the legend, which may come and go,
        nor the notices above.
        """
        rect = QRect(self.view.viewport().rect())
        rect.setTop(self.view.look.px(NOTICES))
        rect.setBottom(rect.bottom() - self.legend.height() - self.view.look.px(INSET))
        return rect

    def dock(self) -> QRect:
        """What is free of the lower edge of the viewport, beside the legend and the minimap."""
        edge, free = self.view.look.px(INSET), QRect(self.view.viewport().rect())
        free = free.adjusted(edge, edge, -edge, -edge)
        if self.view.canvas.shows_gradients:  # which the legend may not have heard of yet
            free.setLeft(self.legend.geometry().right() + edge)
        if self.minimap.isVisible():
            free.setRight(self.minimap.geometry().left() - edge)
        return free

    def covering(self) -> list[QRect]:
        """The parts of the viewport that the legend and the minimap cover."""
        return [pane.geometry() for pane in (self.legend, self.minimap) if pane.isVisible()]

    def over(self) -> list[QRect]:
        """The parts of ``clear_rect`` that something covers for a while: the way back to now."""
        self.back_to_now.follow()  # which may not have heard of it yet
        return [self.back_to_now.geometry()] if self.back_to_now.is_offered else []

    def follow_view(self) -> None:
        self.minimap.setVisible(self._wants_map())
        self.minimap.update()

    def _on_document(self) -> None:
        self.place()
        self.minimap.update()

    def _on_state(self) -> None:
        self.back_to_now.follow()
        canvas = self.view.canvas
        self.legend.setVisible(canvas.shows_gradients)
        mapped = (canvas.content(), frozenset(canvas.bubbles.nodes))
        if mapped != self._mapped:
            self._mapped = mapped
            self.follow_view()

    def _wants_map(self) -> bool:
        """A map of nothing, or of what is all in view, says nothing, and one in a narrow view hides what it maps."""
        view = self.view
        seen = view.mapToScene(view.viewport().rect()).boundingRect()
        wide = view.width() >= view.look.px(SMALL_VIEW)
        return wide and bool(view.canvas.nodes) and not seen.contains(view.canvas.content())

    def restyle(self) -> None:
        self.back_to_now.restyle()
        self.place()
        self.update_all()

    def update_all(self) -> None:
        self.legend.update()
        self.minimap.update()
        self.back_to_now.follow()
        self.place()


class _Pane(QWidget):
    """A framed pane painted in design units, whatever the look's scale."""

    DESIGN = QSize(100, 40)

    def __init__(self, view: Camera) -> None:
        super().__init__(view)
        self.view = view

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.view.look.theme
        painter.scale(self.view.look.scale, self.view.look.scale)
        painter.setPen(QPen(theme.card_border, 1))
        painter.setBrush(theme.panel if theme.dark else theme.card)
        painter.drawRoundedRect(QRectF(0.5, 0.5, self.DESIGN.width() - 1, self.DESIGN.height() - 1), 7, 7)
        self.paint(painter, self.view.look)

    def paint(self, painter: QPainter, look: Look) -> None:
        raise NotImplementedError


class Legend(_Pane):
    """The colours of gradients with their numbers, and the grey of an array that has both signs; there while there is
    a gradient to be seen.
    """

    DESIGN = QSize(346, 41)
    MIXED = QRectF(299, 9, 26, 10)

    def __init__(self, view: Camera) -> None:
        super().__init__(view)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(
            "Colours of gradients: blue is negative, orange is positive, grey has both signs, log scale"
        )

    def paint(self, painter: QPainter, look: Look) -> None:
        theme, scale = look.theme, self.view.canvas.scale
        painter.setPen(theme.text_muted)
        painter.setFont(lettering.font("legend"))
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(13, 6, 70, 16), left, "gradient")
        painter.setFont(lettering.font("hint"))
        painter.drawText(QRectF(13, 22, 70, 14), left, "log scale")
        bar = QRectF(84, 9, 180, 10)
        ground = QColor(theme.inset)
        colours = QLinearGradient(bar.topLeft(), bar.topRight())
        for n in range(21):
            place = n / 10 - 1
            hue = theme.positive if place > 0 else theme.negative
            colours.setColorAt(n / 20, mixed(ground, hue, abs(place)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours)
        painter.drawRect(bar)
        painter.setBrush(sign_colour(theme, 0))
        painter.drawRect(self.MIXED)
        painter.setFont(lettering.font("tick"))
        painter.setPen(theme.text_muted)
        painter.drawText(QRectF(self.MIXED.center().x() - 30, 22, 60, 14), int(Qt.AlignmentFlag.AlignCenter), "mixed")
        for place, text in scale.ticks():
            x = bar.center().x() + place * bar.width() / 2
            painter.drawText(QRectF(x - 30, 22, 60, 14), int(Qt.AlignmentFlag.AlignCenter), text)


class Minimap(_Pane):
    """The whole graph, small; a press moves the view there."""

    DESIGN = QSize(132, 98)
    INSIDE = QRectF(5, 5, 122, 88)

    def __init__(self, view: Camera) -> None:
        super().__init__(view)
        self.setAccessibleName("Minimap")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _area(self) -> QRectF:
        """The part of the scene that the map shows: the graph and what the view shows."""
        return self.view.canvas.content().united(self._shown()).adjusted(-20, -20, 20, 20)

    def _shown(self) -> QRectF:
        return self.view.mapToScene(self.view.viewport().rect()).boundingRect()

    def _factor(self, area: QRectF) -> float:
        return min(self.INSIDE.width() / area.width(), self.INSIDE.height() / area.height())

    def paint(self, painter: QPainter, look: Look) -> None:
        area = self._area()
        if area.isEmpty():
            return
        factor = self._factor(area)
        painter.setClipRect(self.INSIDE.adjusted(-2, -2, 2, 2))
        painter.translate(self.INSIDE.center())
        painter.scale(factor, factor)
        painter.translate(-area.center())
        painter.setPen(Qt.PenStyle.NoPen)
        for item in self.view.canvas.nodes.values():
            painter.setBrush(look.theme.error if item.marks.problem == "error" else look.theme.gutter)
            painter.drawRoundedRect(item.card_rect(), 1.5 / factor, 1.5 / factor)
        pen = QPen(look.theme.accent, 1.3)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self._shown(), 3 / factor, 3 / factor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def _go(self, place: QPointF) -> None:
        area = self._area()
        offset = place / self.view.look.scale - self.INSIDE.center()
        self.view.center_on(area.center() + offset / self._factor(area))


class BackToNow(QPushButton):
    """Says that the timeline is not at its end, and goes there."""

    def __init__(self, view: Camera) -> None:
        super().__init__(view)
        self.view = view
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(view.player.to_end)
        self.restyle()
        self.follow()

    def restyle(self) -> None:
        look = self.view.look
        theme = look.theme
        self.setFont(look.ui(12))
        self.setStyleSheet(
            f"QPushButton {{ background: {theme.accent_fill.name()}; color: {theme.text.name()};"
            f" border: 1px solid {theme.accent.name()}; border-radius: {look.px(12)}px;"
            f" padding: {look.px(4)}px {look.px(12)}px; }}"
        )

    @property
    def is_offered(self) -> bool:
        """Whether another moment than now is shown, at rest or on its way to another."""
        player = self.view.player
        return player.step != player.total and not player.playing

    def follow(self) -> None:
        player = self.view.player
        self.setVisible(self.is_offered)
        if self.is_offered:
            self.setText(f"viewing step {player.step} of {player.total} \u00b7 back to now")
            self.place()

    def place(self) -> None:
        """Stand in the middle of the view's upper edge."""
        self.adjustSize()
        self.move(self.view.rect().center().x() - self.width() // 2, self.view.look.px(INSET))
