"""The canvas as a widget: it follows document, player and look, and hands presses and keys to the gestures.

What a press does is decided in ``gestures``, what a key does in ``keyboard``, and what both work on is ``surface``.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip

from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas import arrange, gestures, keyboard, words
from chainrule.gui.canvas.card_painter import FAR
from chainrule.gui.canvas.geometry import Geometry, geometry_of
from chainrule.gui.canvas.gestures import Press
from chainrule.gui.canvas.node_item import NodeItem
from chainrule.gui.canvas.overlays import Overlays
from chainrule.gui.canvas.scene import CanvasScene
from chainrule.gui.canvas.stage import ROUGHLY
from chainrule.gui.canvas.surface import Surface
from chainrule.gui.canvas.zones import BODY, Zone
from chainrule.gui.editor import Editor
from chainrule.gui.player import Player
from chainrule.gui.theme import Look

FEW = 60  # of more cards there is no part of the view that a message could spare


class CanvasView(Surface):
    """The canvas."""

    def __init__(self, editor: Editor, player: Player, look: Look) -> None:
        super().__init__(CanvasScene(editor, player, look), look)
        self._hovered: NodeId | None = None
        self._errors_shown: set[NodeId] = set()
        self._before_error: tuple[bool, int, int] | None = None  # touched, and the way back to where the view was
        self._error_shown_from: tuple[float, int, int] | None = None
        arrange.place_new(self)
        self._framed_places: dict[NodeId, tuple[float, float]] = {}
        self._framed_content = QRectF()
        self._framed = False
        self._opened_at = editor.graph.viewport
        self.overlays: Overlays = Overlays(self)
        self.canvas.seen, self.canvas.dock, self.canvas.enlargement = self.clear_area, self.dock, self.enlargement
        self.canvas.over = self.covered
        editor.document_replaced.connect(self._on_replaced)
        editor.document_changed.connect(self._on_document)
        editor.selection_changed.connect(self._on_selection)
        editor.saving.connect(self._keep_viewport)
        player.state_changed.connect(self._on_state)
        look.changed.connect(self._on_look)

    # Following the others

    def _on_replaced(self) -> None:
        self.cancel_gesture()
        self.value_editor.cancel()
        self.set_focused(None)
        arrange.place_new(self)
        self._opened_at = self.editor.graph.viewport
        self._before_error = None
        self._framed = self.isVisible()
        if self._framed:
            self._begin_view()

    def _on_document(self) -> None:
        arrange.place_new(self)

    def _begin_view(self) -> None:
        """Look where the file says that its reader looked; at everything where it does not say."""
        if self._opened_at is None:
            self.frame_all()
        else:
            self.show_viewport(self._opened_at)
            self._touched = False  # the window may still find its size

    def _keep_viewport(self) -> None:
        self.editor.graph.viewport = self.shown_viewport() if self._touched else self._opened_at

    def _on_state(self) -> None:
        self._show_errors()
        self._refit()
        if self.focused is not None:
            self.setAccessibleDescription(self.describe(self.focused))

    def _show_errors(self) -> None:
        """Bring what an error says into view when it appears."""
        wrong = {i for i in self.canvas.bubbles.nodes if self.canvas.nodes[i].marks.problem == "error"}
        new = min(wrong - self._errors_shown, default=None)
        self._errors_shown = wrong
        if new is not None and self.isVisible():
            self._show_error(self.canvas.nodes[new])
        elif not wrong:
            self._return_from_error()

    def _show_error(self, item: NodeItem) -> None:
        """Bring a failing node into view, and then what it says, which finds its place only in view of its node."""
        _, left, top = self.look_from()
        touched = self._touched
        self.reveal(item.card_rect())
        self.canvas.bubbles.place()
        if item.bubble is not None:
            self.reveal(item.bubble.rect.translated(item.pos()))
        self.canvas.flow.place_now()
        _, now_left, now_top = self._error_shown_from = self.look_from()
        if self._before_error is None:
            self._before_error = touched, left - now_left, top - now_top
        self._touched = touched

    def _return_from_error(self) -> None:
        """Look again where the view was when an error moved it, unless the reader has moved it since."""
        before, self._before_error = self._before_error, None
        if before is not None and self.look_from() == self._error_shown_from:
            touched, across, down = before
            self.pan_by(QPoint(-across, -down))
            self.canvas.flow.place_now()
            self._touched = touched

    def _refit(self) -> None:
        """Cards grow as values and gradients arrive: a view that nobody has moved keeps all of them in sight."""
        untouched = self._framed and not self._touched and self._opened_at is None and not self._errors_shown
        content = self.canvas.content()
        if not untouched or not self.isVisible() or content == self._framed_content:
            return
        if self.clear_area().contains(content):
            return
        if self._framed_places == self._places():  # what an edit put elsewhere moves no view
            self.frame_all()

    def _on_selection(self) -> None:
        if len(self.editor.selection) == 1:
            self.set_focused(next(iter(self.editor.selection)))
        self.overlays.update_all()

    def show_added(self, added: Collection[NodeId]) -> None:
        """Several, such as an expression, are fitted in with all else in a view that nobody has moved."""
        if len(added) > 1 and not self._touched and self._opened_at is None and self.isVisible():
            self.frame_all()
        else:
            super().show_added(added)

    def _on_look(self) -> None:
        self.rescale()
        self.sketch.update()
        self.overlays.restyle()
        self.viewport().update()

    def geometry_map(self) -> dict[NodeId, Geometry]:
        """Where the parts of every card are on the screen, for tests and tools outside the program."""
        return geometry_of(self)

    def reading(self) -> list[QRect]:
        """Where in the view there is something to read and to press: the callout of now, and what problems say."""
        said = [bubble for bubble, _ in self.canvas.bubbles.covered()]
        said += [self.canvas.now.sceneBoundingRect()] if self.canvas.now.isVisible() else []
        return [self.mapFromScene(rect).boundingRect() for rect in said]

    def cards_seen(self) -> list[QRect]:
        """Where in the view there are cards with their flags; none where there are too many to spare them."""
        shown = self.canvas.items(self.mapToScene(self.viewport().rect()).boundingRect(), ROUGHLY)
        cards = [item for item in shown if isinstance(item, NodeItem)]
        rects = (rect for item in cards for rect in item.framework())
        return [self.mapFromScene(rect).boundingRect() for rect in rects] if len(cards) <= FEW else []

    # The hand

    def zone_under(self, place: QPointF) -> tuple[NodeId | None, Zone | None]:
        """The node and the zone of it under ``place`` (in the scene)."""
        item = self.canvas.node_at(place)
        zone = None if item is None else item.zone(place)
        if item is None or zone is None:
            return None, None
        # From afar only the card and its sockets are drawn, so nothing smaller may answer.
        far = self.transform().m11() < FAR and zone.kind not in ("input", "output", "repair")
        return item.node, BODY if far else zone

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self.value_editor.isVisible():
            self.value_editor.commit()
        if self.gesture is not None:
            return
        place = self.mapToScene(event.position().toPoint())
        node, zone = self.zone_under(place)
        wire = self.canvas.wire_at(place) if node is None else None
        self.press = Press(event.position().toPoint(), place, event.button(), event.modifiers(), node, zone, wire)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if self.gesture is not None:
            self.gesture.move(place, event.modifiers())
        elif self.press is not None and event.buttons() & self.press.button:
            if (place - self.press.view).manhattanLength() >= QApplication.startDragDistance():
                self.gesture = gestures.drag(self, self.press)
                self.gesture.move(place, event.modifiers())
        else:
            self.hover(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        press, gesture = self.press, self.gesture
        self.press, self.gesture = None, None
        if gesture is not None:
            gesture.move(event.position().toPoint(), event.modifiers())
            gesture.finish()
            self.sketch.clear()
        elif press is not None and press.button == event.button():
            gestures.click(self, press)
        self.hover(event.position().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        place = self.mapToScene(event.position().toPoint())
        node, zone = self.zone_under(place)
        wire = self.canvas.wire_at(place) if node is None else None
        gestures.double_click(
            self, Press(event.position().toPoint(), place, event.button(), event.modifiers(), node, zone, wire)
        )

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.device().type().name == "TouchPad" and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan_by(event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 4)
        else:
            self.zoom_by(1.0015 ** event.angleDelta().y(), event.position().toPoint())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self.hover(None)
        super().leaveEvent(event)

    def hover(self, place: QPoint | None) -> None:
        """Show what a press at ``place`` (in the viewport) would take."""
        point = self.mapToScene(place) if place is not None else None
        node, zone = self.zone_under(point) if point is not None else (None, None)
        if self._hovered != node and self._hovered in self.canvas.nodes:
            self.canvas.nodes[self._hovered].set_marks(hovered="")
        self._hovered = node
        if node is not None and zone is not None:
            self.canvas.nodes[node].set_marks(hovered=zone.mark)
        wire = self.canvas.wire_at(point) if point is not None and node is None else None
        self.canvas.hover_wire(wire)
        self.viewport().setCursor(gestures.cursor(zone, wire))

    # Keys and other events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not keyboard.press(self, event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tab goes through the nodes first, and leaves the canvas behind the last of them."""
        steps = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in steps
            and keyboard.focus_next(self, steps[Qt.Key(event.key())])
        ):
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.TabFocusReason and self.focused is None:
            keyboard.focus_next(self, 1)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            place = event.pos()  # type: ignore[attr-defined]
            QToolTip.showText(event.globalPos(), words.tooltip(self, self.mapToScene(place)), self)  # type: ignore[attr-defined]
            return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position().toPoint())
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.overlays.place()
        if not self._touched and self.isVisible():
            self._begin_view()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.overlays.place()
        if not self._framed:
            self._framed = True
            self._begin_view()

    # What the document remembers of the view

    def frame_all(self) -> None:
        """Fit the whole graph, at 100 % at most; the document then remembers no place."""
        self._opened_at = None
        self._framed_places = self._places()
        self._framed_content = self.canvas.content()  # which may be too large to be seen whole
        super().frame_all()

    def _places(self) -> dict[NodeId, tuple[float, float]]:
        return {i: node.position for i, node in self.editor.graph.nodes.items()}
