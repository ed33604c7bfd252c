"""The problems: nodes that cannot run, where backward stopped or PyTorch warns, in its words, and one-click repairs.

A problem is part of the state; nothing is diagnosed here.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout

from chainrule.core.document.graph import NodeId
from chainrule.core.run.problems import Problem, Repair
from chainrule.gui.editor import Editor
from chainrule.gui.panels.parts import EmptyState, Page, Panel, clear, label
from chainrule.gui.player import Player
from chainrule.gui.theme import INSET, Look

KINDS = {"error": 0, "incomplete": 1, "warning": 2, "waiting": 3}
FRAMES = {"error": "alarm", "warning": "caution"}  # by the names of the style sheet
Listed = tuple[tuple[NodeId, str, Problem], ...]


class ProblemsPanel(Panel):
    """The list of problems. ``go_to`` carries the id of a node to bring into view; it is selected already."""

    go_to = Signal(object)

    def __init__(self, editor: Editor, player: Player, look: Look) -> None:
        super().__init__(look)
        self.setAccessibleName("Problems")
        self._editor = editor
        self._player = player
        self._listed: Listed = ()
        self._empty = EmptyState(
            "No problems", "When a node cannot run, it is explained here, with a way to repair it."
        )
        self._page = Page()
        self._cards = QVBoxLayout(self._page)
        self._cards.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._empty)
        column.addWidget(self._scroll)
        player.state_changed.connect(self._refresh)
        editor.document_changed.connect(self._refresh)
        self.look_changed()
        self._refresh()

    @property
    def problems(self) -> Listed:
        """What is listed: node, its name, and its problem, errors first."""
        return self._listed

    def look_changed(self) -> None:
        px = self.look.px
        self._cards.setContentsMargins(px(INSET), px(10), px(INSET), px(10))
        self._cards.setSpacing(px(8))
        self._fill()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(500), self.look.px(136))

    def _refresh(self) -> None:
        nodes = self._editor.graph.nodes
        found = [
            (i, nodes[i].name, state.problem)
            for i, state in self._player.state.nodes.items()
            if state.problem is not None and i in nodes
        ]
        found.sort(key=lambda entry: KINDS.get(entry[2].kind, len(KINDS)))
        if tuple(found) != self._listed:
            self._listed = tuple(found)
            self._fill()

    def _fill(self) -> None:
        clear(self._cards)
        for node, name, problem in self._listed:
            self._cards.addWidget(ProblemCard(name, problem, self.look, self._editor.run_repair, self._chooser(node)))
        self._empty.setVisible(not self._listed)
        self._scroll.setVisible(bool(self._listed))

    def _chooser(self, node: NodeId) -> Callable[[], None]:
        def choose() -> None:
            self._editor.select([node])
            self.go_to.emit(node)

        return choose


class ProblemCard(QFrame):
    """One problem: whose it is, PyTorch's exact message, what it means here, and the repairs."""

    def __init__(
        self, name: str, problem: Problem, look: Look, repair: Callable[[Repair], None], choose: Callable[[], None]
    ) -> None:
        super().__init__()
        self.setObjectName(FRAMES.get(problem.kind, "box"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._choose = choose
        px = look.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(14), px(9), px(10), px(9))
        row.setSpacing(px(14))
        words = QVBoxLayout()
        words.setSpacing(px(4))
        title = QPushButton(f"{name}.{problem.socket}" if problem.socket else name)
        title.setObjectName("link")
        title.setAccessibleName(f"Go to {name}: {problem.message}")
        title.clicked.connect(choose)
        tone = f"mono {problem.kind}" if problem.kind in FRAMES else "mono muted"
        message = label(problem.message, tone, wrap=True)
        words.addWidget(title, alignment=Qt.AlignmentFlag.AlignLeft)
        words.addWidget(message)
        if problem.meaning:
            words.addWidget(label(problem.meaning, "", wrap=True))
        row.addLayout(words, 1)
        self.buttons = [self._repair_button(each, repair) for each in problem.repairs]
        for button in self.buttons:
            row.addWidget(button, alignment=Qt.AlignmentFlag.AlignVCenter)

    @staticmethod
    def _repair_button(repair: Repair, run: Callable[[Repair], None]) -> QPushButton:
        button = QPushButton(repair.label)
        button.clicked.connect(lambda: run(repair))
        return button

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose()
