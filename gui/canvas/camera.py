"""The view of the scene as a camera: it pans, zooms, frames and reveals, and draws the dotted ground.

What the pointer and the keys do is in ``view``, which this is the lower half of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QFrame, QGraphicsView

from chainrule.core.document.graph import NodeId, Viewport
from chainrule.gui.canvas.card_painter import CLOSE
from chainrule.gui.canvas.scene import CanvasScene
from chainrule.gui.canvas.stage import WORLD, as_designed, everywhere, nowhere, uncovered
from chainrule.gui.canvas.wire_labels import paint_shapes
from chainrule.gui.theme import Look

SMALLEST, LARGEST = 0.08, 4.0
GRID, DOT = 20.0, 2.0
MARGIN = 12
CALLOUT = 46.0  # what a framed graph leaves below it for the callout of now
CROWDED = 150  # from so many nodes on, edges are drawn plainly while the view moves
STILL_MS = 160
READABLE = 0.92  # the zoom below which the callout and what errors say stop shrinking


class Panes(Protocol):
    """What lies over the canvas and does not move with it."""

    def clear_rect(self) -> QRect: ...

    def dock(self) -> QRect: ...

    def covering(self) -> list[QRect]: ...

    def over(self) -> list[QRect]: ...

    def follow_view(self) -> None: ...


class Camera(QGraphicsView):
    """Shows ``canvas`` at ``zoom``; what lies over it, in ``overlays``, is made by whoever derives from this."""

    overlays: Panes

    def __init__(self, canvas: CanvasScene, look: Look) -> None:
        super().__init__()
        self.canvas = canvas
        self.editor = canvas.editor
        self.player = canvas.player
        self.look = look
        self.setScene(canvas)
        self._scale_shown = look.scale
        self._touched = False  # the reader moved the view: undo, resizing and editing leave it alone
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(STILL_MS)
        self._still.timeout.connect(self._rest)
        self._set_up_widget()
        self.scale(look.scale, look.scale)

    def _set_up_widget(self) -> None:
        self.setObjectName("canvas")
        self.setAccessibleName("Canvas")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setRenderHints(
            QPainter.RenderHint.Antialiasing
            | QPainter.RenderHint.TextAntialiasing
            | QPainter.RenderHint.SmoothPixmapTransform
        )
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing, False)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)

    @property
    def zoom(self) -> float:
        """How large the scene is drawn: 1 is 100 %, at the look's scale."""
        return self.transform().m11() / self._scale_shown

    def zoom_by(self, factor: float, at: QPoint | None = None) -> None:
        """Zoom by ``factor``, keeping the scene point under ``at`` (the middle of the view without it) in its place."""
        factor = min(max(self.zoom * factor, SMALLEST), LARGEST) / self.zoom
        place = at if at is not None else self.viewport().rect().center()
        before = self.mapToScene(place)
        self._move_plainly()
        self.scale(factor, factor)
        self._bring(before, place)
        self._place_labels()
        self._moved()

    def _bring(self, scene_point: QPointF, place: QPoint) -> None:
        """Scroll so that ``scene_point`` is shown at ``place`` of the viewport."""
        off = self.mapFromScene(scene_point) - place
        self.pan_by(QPoint(-off.x(), -off.y()))

    def pan_by(self, offset: QPoint) -> None:
        """Move what is shown by ``offset`` pixels."""
        self._move_plainly()
        for bar, by in ((self.horizontalScrollBar(), offset.x()), (self.verticalScrollBar(), offset.y())):
            bar.setValue(bar.value() - by)
        self._moved()

    def center_on(self, place: QPointF) -> None:
        """Show the scene point ``place`` in the middle."""
        self._bring(place, self.viewport().rect().center())

    def reveal(self, area: QRectF) -> None:
        """Move the view, no farther than needed, until ``area`` (in the scene) is shown and no overlay covers it."""
        wanted = self.mapFromScene(area).boundingRect()
        room = self.viewport().rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        across = min(0, room.right() - wanted.right()) or max(0, room.left() - wanted.left())
        for overlay in self.overlays.covering():
            if overlay.left() < wanted.right() + across and overlay.right() > wanted.left() + across:
                room.setBottom(min(room.bottom(), overlay.top() - MARGIN))
        down = min(0, room.bottom() - wanted.bottom()) or max(0, room.top() - wanted.top())
        if across or down:
            self.pan_by(QPoint(across, down))

    def clear_area(self) -> QRectF:
        """The part of the scene that is shown and that no overlay covers; all of it while the canvas is hidden."""
        return self.mapToScene(self.overlays.clear_rect()).boundingRect() if self.isVisible() else WORLD

    def middle(self) -> QPointF:
        """The scene point in the middle of what is shown and not covered."""
        return self.mapToScene(self.overlays.clear_rect().center())

    def dock(self) -> QRectF:
        """The part of the scene that is shown along the lower edge; nothing while the canvas is hidden."""
        return self.mapToScene(self.overlays.dock()).boundingRect() if self.isVisible() else QRectF()

    def covered(self) -> list[QRectF]:
        """What overlays cover within ``clear_area``, in the scene; nothing while the canvas is hidden."""
        return [self.mapToScene(rect).boundingRect() for rect in self.overlays.over()] if self.isVisible() else []

    def frame_all(self) -> None:
        """Fit the whole graph, at 100 % at most."""
        self._frame(self.canvas.content())

    def frame_selection(self) -> None:
        """Fit what is selected; everything where nothing is."""
        area = QRectF()
        for i in self.canvas.editor.selection & self.canvas.nodes.keys():
            area = area.united(self.canvas.nodes[i].occupied())
        if area.isNull():
            self.frame_all()
            return
        self._frame(area)
        self._touched = True

    def _frame(self, area: QRectF) -> None:
        clear = self.overlays.clear_rect()
        area = area.adjusted(0, 0, 0, CALLOUT)
        room = QSize(max(1, clear.width() - 2 * MARGIN), max(1, clear.height() - 2 * MARGIN))
        fits = min(room.width() / max(area.width(), 1), room.height() / area.height()) / self._scale_shown
        self.scale(1 / self.zoom, 1 / self.zoom)
        zoom = min(max(fits, SMALLEST), 1.0)
        self.scale(zoom, zoom)
        self._bring(area.center(), clear.center())
        self._place_labels()
        self._moved()
        self._touched = False

    def shown_viewport(self) -> Viewport:
        """The scene point in the middle of the view, and the zoom."""
        middle = self.mapToScene(self.viewport().rect().center())
        return Viewport(round(middle.x(), 1), round(middle.y(), 1), round(self.zoom, 3))

    def show_viewport(self, viewport: Viewport) -> None:
        """Show what ``shown_viewport`` described, as near as the view can zoom."""
        zoom = min(max(viewport.zoom, SMALLEST), LARGEST) / self.zoom
        self.scale(zoom, zoom)
        self.center_on(QPointF(viewport.x, viewport.y))
        self._place_labels()

    def show_whole(self, area: QRectF) -> None:
        """Show all of ``area`` (in the scene): by moving the view, and by zooming out where it is too large."""
        clear = self.overlays.clear_rect()
        wanted = self.mapFromScene(area).boundingRect()
        if wanted.width() <= clear.width() - 2 * MARGIN and wanted.height() <= clear.height() - 2 * MARGIN:
            self.reveal(area)
        else:
            self._frame(area)
            self._touched = True

    def show_added(self, added: Collection[NodeId]) -> None:
        """Bring what was added into view as a whole."""
        area = QRectF()
        for i in added:
            area = area.united(self.canvas.nodes[i].occupied())
        if self.isVisible():
            self.show_whole(area)

    def enlargement(self) -> float:
        """How much larger than designed the callout of now and bubbles are drawn, to be read from afar."""
        return max(1.0, READABLE * self.look.scale / self.transform().m11()) if self.isVisible() else 1.0

    @contextmanager
    def as_pictured(self) -> Iterator[None]:
        """Labels stand as in a picture of everything at 100 %, not as they are best seen from here."""
        canvas = self.canvas
        looking = canvas.seen, canvas.dock, canvas.over, canvas.enlargement
        canvas.seen, canvas.dock, canvas.over, canvas.enlargement = everywhere, nowhere, uncovered, as_designed
        self._place_labels()
        try:
            yield
        finally:
            canvas.seen, canvas.dock, canvas.over, canvas.enlargement = looking
            self._place_labels()

    def _place_labels(self) -> None:
        self.canvas.bubbles.place()
        self.canvas.flow.place_now()

    def look_from(self) -> tuple[float, int, int]:
        """Where the view stands: its zoom and its scroll bars."""
        return self.zoom, self.horizontalScrollBar().value(), self.verticalScrollBar().value()

    def render_to(self, painter: QPainter, target: QRectF) -> None:
        """Draw the whole graph into ``target`` of ``painter``, as an export does."""
        area = self.canvas.pictured()
        painter.fillRect(target, self.look.theme.canvas)
        painter.setRenderHints(self.renderHints())
        self.canvas.render(painter, target, area, Qt.AspectRatioMode.KeepAspectRatio)

    def content_size(self) -> QSize:
        """The size of the graph at 100 %, with the margin that ``render_to`` draws around it."""
        return self.canvas.pictured().size().toSize()

    def drawBackground(self, painter: QPainter, rect: QRectF | Any) -> None:
        painter.fillRect(rect, self.look.theme.canvas)
        pitch = GRID
        while pitch * self.transform().m11() < 13:
            pitch *= 4
        # Rows of dashes, each as long as the pen is wide: Qt draws them by itself, a list of points takes Python long.
        pen = QPen(self.look.theme.grid, DOT)
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([1.0, pitch * self.transform().m11() / DOT - 1.0])
        painter.setPen(pen)
        left, top = rect.left() - rect.left() % pitch, rect.top() - rect.top() % pitch
        for row in range(int(rect.height() / pitch) + 2):
            y = top + row * pitch
            painter.drawLine(QPointF(left, y), QPointF(rect.right(), y))
        if self.zoom >= CLOSE:
            paint_shapes(painter, self.canvas, QRectF(rect))

    def _move_plainly(self) -> None:
        if len(self.canvas.nodes) >= CROWDED:
            self.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _rest(self) -> None:
        self.canvas.settle()
        if not self.renderHints() & QPainter.RenderHint.Antialiasing:
            self.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            self.viewport().update()

    def _moved(self) -> None:
        """The view shows another part of the scene, or at another size."""
        self._touched = True
        self._still.start()
        self.overlays.follow_view()

    def rescale(self) -> None:
        """Take the look's scale, keeping the zoom and the middle of what is shown."""
        factor = self.look.scale / self._scale_shown
        middle = self.mapToScene(self.viewport().rect().center())
        self._scale_shown = self.look.scale
        self.scale(factor, factor)
        self.center_on(middle)
