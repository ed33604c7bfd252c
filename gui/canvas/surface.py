"""What gestures and keys work on: a camera with the gesture under way, the focused node, the floating editor, and
everything that can be done to the selection.

Which event does what is decided in ``view``. The document changes through the editor only.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent

from chainrule.core.document.graph import NodeId
from chainrule.gui.canvas import arrange, clipboard, words
from chainrule.gui.canvas.camera import Camera
from chainrule.gui.canvas.gestures.gesture import Gesture, Press
from chainrule.gui.canvas.scene import CanvasScene
from chainrule.gui.canvas.sketch import Sketch
from chainrule.gui.canvas.value_editor import ValueEditor
from chainrule.gui.theme import Look


class Surface(Camera):
    """A camera that things are done to.

    ``request_add(place, pending)`` asks for the search box at a scene point; ``pending`` is a ``PendingWire`` or None.
    """

    request_add = Signal(object, object)

    def __init__(self, canvas: CanvasScene, look: Look) -> None:
        super().__init__(canvas, look)
        self.sketch = Sketch(look)
        self.canvas.addItem(self.sketch)
        self.gesture: Gesture | None = None
        self.press: Press | None = None
        self.focused: NodeId | None = None
        self.value_editor = ValueEditor(self)

    def _moved(self) -> None:
        super()._moved()
        self.value_editor.follow_view()

    def set_focused(self, node: NodeId | None) -> None:
        """Give ``node`` the keyboard's focus and say to a screen reader what it is."""
        for i in (self.focused, node):
            if i in self.canvas.nodes:
                self.canvas.nodes[i].set_marks(focused=i == node)
        self.focused = node
        self.setAccessibleDescription(self.describe(node) if node is not None else "")
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def describe(self, node: NodeId) -> str:
        """``node`` in words: name, kind, shape, value, gradient and state."""
        return words.describe(self.editor.graph, self.player.state, node)

    def cancel_gesture(self) -> bool:
        """Undo what the gesture under way has shown; True if there was one."""
        gesture, self.gesture, self.press = self.gesture, None, None
        self.sketch.clear()
        if gesture is None:
            return False
        gesture.cancel()
        return True

    # What actions of the window call

    def select_all(self) -> None:
        self.editor.select(self.editor.graph.nodes)

    def select_connected(self, direction: str) -> None:
        """Add everything "upstream" or "downstream" of the selection to it."""
        graph, chosen = self.editor.graph, self.editor.selection
        self.editor.select(graph.upstream(chosen) if direction == "upstream" else graph.downstream(chosen))

    def delete_selection(self, *, heal: bool = True) -> None:
        arrange.delete(self.editor, heal=heal)

    def nudge(self, across: float, down: float) -> None:
        arrange.nudge(self.editor, across, down)

    def tidy(self) -> None:
        """Lay the graph out from left to right, as one step of undo."""
        arrange.tidy(self)

    def copy(self) -> None:
        clipboard.copy(self.editor)

    def cut(self) -> None:
        if clipboard.copy(self.editor):
            self.delete_selection(heal=False)

    def paste(self) -> None:
        clipboard.paste(self, self.middle())

    def duplicate(self) -> None:
        clipboard.duplicate(self)

    def edit_value(self, node: NodeId) -> None:
        """Open the floating editor on the value of a leaf."""
        self.value_editor.edit_value(node)

    def rename(self, node: NodeId) -> None:
        """Open the floating editor on the name of ``node``."""
        self.value_editor.edit_name(node)
