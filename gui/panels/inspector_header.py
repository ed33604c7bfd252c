"""The head of the inspector: the node's name, to be edited in place, what it is, and what the inspector follows."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chainrule.core.document import edits
from chainrule.core.document.graph import GraphError, Node, NodeId
from chainrule.gui.editor import Editor
from chainrule.gui.panels.inspector_fields import LineField, show_error
from chainrule.gui.panels.parts import label, set_role
from chainrule.gui.theme import Look

FOLLOWS_TIMELINE = "follows the timeline"
SELECTED = "selected"
WIDEST_NAME = 170
OUTSET = 7  # the frame of the name field stands out by this much, so that the name itself is flush with the rest


class Header(QWidget):
    """Everything in one line where it fits; what the node is goes below where it does not."""

    def __init__(self, editor: Editor, look: Look) -> None:
        super().__init__()
        self._editor = editor
        self._look = look
        self._id: NodeId | None = None
        self.name = LineField("")
        self.name.setObjectName("name")
        self.name.setAccessibleName("Name")
        self.title = label("", "title", wrap=True)
        self.kind = label("", "muted")
        self._kind_below = label("", "muted", wrap=True)
        self.follows = label("", "selected")
        self._error = label("", "mono error", wrap=True)
        self._error.hide()
        self._row = QHBoxLayout()
        for widget in (self.name, self.kind):
            self._row.addWidget(widget)
        self._row.addWidget(self.title, 1)
        self._row.addStretch()
        self._row.addWidget(self.follows)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._row)
        self._column.addWidget(self._kind_below)
        self._column.addWidget(self._error)
        self.name.committed.connect(self._rename)
        self.name.textChanged.connect(self._fit)
        self.restyle()

    def restyle(self) -> None:
        """Take the spacing of the present scale."""
        flush = self._look.px(OUTSET)
        self._column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.title, self._kind_below, self._error):
            widget.setContentsMargins(flush, 0, 0, 0)
        self._column.setSpacing(self._look.px(2))
        self._row.setSpacing(self._look.px(6))
        self._fit()

    def show_node(self, node: Node, kind: str, follows: str) -> None:
        """Show ``node``, what it is, and why it is this one."""
        if node.id != self._id:
            self._id = node.id
            self.name.clearFocus()
            self.name.setModified(False)
            show_error(self.name, self._error, "")
        self.name.settle(node.name)
        self.kind.setText(kind)
        self._kind_below.setText(kind)
        self.follows.setText(follows)
        set_role(self.follows, "now" if follows == FOLLOWS_TIMELINE else "selected")
        self.title.hide()
        self.name.show()
        self.follows.show()
        self._fit()

    def show_graph(self, title: str) -> None:
        """Show a title in place of a node."""
        self._id = None
        self.title.setText(title)
        self.title.show()
        for widget in (self.name, self.kind, self._kind_below, self.follows, self._error):
            widget.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Make the field as wide as the name, and put the kind where there is room for it."""
        px = self._look.px
        metrics = QFontMetrics(self._look.mono(15, QFont.Weight.Bold))
        advance = metrics.horizontalAdvance(self.name.text() or "name")
        self.name.setFixedWidth(min(advance + px(14), px(WIDEST_NAME)))
        if self._id is None:
            return
        needed = self.name.width() + self.follows.sizeHint().width() + self.kind.sizeHint().width() + 2 * px(6)
        inline = needed <= self.width()
        self.kind.setVisible(inline)
        self._kind_below.setVisible(not inline)

    def _rename(self, text: object) -> None:
        if self._id is None:
            return
        try:
            edit = edits.rename(self._editor.graph, self._id, str(text).strip())
        except GraphError as error:
            show_error(self.name, self._error, str(error))
            return
        done = self._editor.do(edit)
        show_error(self.name, self._error, "" if done else self._editor.last_error)
