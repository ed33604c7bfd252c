"""The inspector: everything about one node. It follows the timeline while a recording is looked at, else the selection.

What it says is put together in ``inspector_sections``, what can be edited stands in ``inspector_fields``.
"""

from __future__ import annotations

from dataclasses import replace
from operator import is_not

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout

from chainrule.core.document.graph import Node, NodeId
from chainrule.core.engine.recording import Accumulated, Computed
from chainrule.core.run.timeline import State
from chainrule.gui.editor import Editor
from chainrule.gui.panels.blocks import Section
from chainrule.gui.panels.gradient_checks import GradientChecks
from chainrule.gui.panels.inspector_header import FOLLOWS_TIMELINE, OUTSET, SELECTED, Header
from chainrule.gui.panels.inspector_overview import overview, several
from chainrule.gui.panels.inspector_sections import explanations, header, rule_section, tensor_section
from chainrule.gui.panels.inspector_stacks import FieldStack, SectionStack
from chainrule.gui.panels.inspector_subject import Subject
from chainrule.gui.panels.parts import Page, Panel
from chainrule.gui.player import Player
from chainrule.gui.theme import INSET, Look

TRAINING_MS = 100
PASSES = 2  # the second for texts that have found out in the first how high they are
POURED = 2  # the stage at which the canvas begins to pour a gradient into its tank


class InspectorPanel(Panel):
    """Header, what happened, what it holds and what can be edited."""

    def __init__(self, editor: Editor, player: Player, look: Look) -> None:
        super().__init__(look)
        self.setAccessibleName("Inspector")
        self._editor = editor
        self._player = player
        self._follows = False
        self._arriving = False
        self._seen: tuple[object, int] = (None, -1)
        self._node: NodeId | None = None
        self._ruled: tuple[tuple[object, ...], Section | None] | None = None
        self._checks = GradientChecks(editor, self)
        self._checks.ready.connect(self.refresh)
        self.header = Header(editor, look)
        self._page = Page()
        self._told = SectionStack(look, editor.run_repair)
        self._held = SectionStack(look, editor.run_repair)
        self.fields = FieldStack(editor, look)
        self._sections = QVBoxLayout()
        for widget in (self._told, self._held, self.fields):
            self._sections.addWidget(widget)
        self._column = QVBoxLayout(self._page)
        self._column.addWidget(self.header)
        self._column.addLayout(self._sections)
        self._column.addStretch()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._page)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._keep_margin)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        player.state_changed.connect(self._player_moved)
        editor.selection_changed.connect(self._selection_moved)
        editor.document_changed.connect(self._later)
        editor.document_replaced.connect(self._replaced)
        editor.path_changed.connect(self._later)
        player.stage_changed.connect(self._stage_moved)
        self.look_changed()
        self.refresh()

    def look_changed(self) -> None:
        px = self.look.px
        self._keep_margin()
        self._sections.setContentsMargins(px(OUTSET), 0, 0, 0)
        self._column.setSpacing(px(20))
        self._sections.setSpacing(px(22))
        for stack in (self._told, self._held, self.fields):
            stack.clear()
        self.header.restyle()
        self._node = None
        self._later()

    def _keep_margin(self) -> None:
        """What is said ends in the same line whether there is a scroll bar beside it or not."""
        px, bar = self.look.px, self._scroll.verticalScrollBar()
        beside = bar.sizeHint().width() if bar.maximum() > bar.minimum() else 0
        self._column.setContentsMargins(px(20 - OUTSET), px(14), max(0, px(INSET) - beside), px(20))

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(312), self.look.px(600))

    @property
    def follows(self) -> str:
        """What it shows: ``FOLLOWS_TIMELINE`` or ``SELECTED``; empty for the overview."""
        if self.node is None:
            return ""
        return FOLLOWS_TIMELINE if self._follows else SELECTED

    @property
    def node(self) -> Node | None:
        """The node that is shown; None where the overview of the graph is."""
        nodes = self._editor.graph.nodes
        beat = self._player.state.beat
        if self._follows and beat is not None and isinstance(beat.label, int) and beat.label in nodes:
            return nodes[beat.label]
        if len(self._editor.selection) == 1:
            return nodes.get(next(iter(self._editor.selection)))
        return None

    @property
    def sections(self) -> list[Section]:
        """The explanations that are shown, for whoever reads them as data."""
        return list(self._told.sections) + list(self._held.sections)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._soon.stop()

    def _player_moved(self) -> None:
        """A new step of a recording is followed; one that runs forward to the present, or in training, is not."""
        player = self._player
        seen = (self._editor.session.timeline, player.step)
        if seen != self._seen and not self._training():
            self._seen = seen
            present = player.step == player.total
            self._follows = player.step > 0 and not (present and isinstance(player.state.beat, Computed))
        self._later()

    def _selection_moved(self) -> None:
        self._follows = False
        self._later()

    def _replaced(self) -> None:
        self._follows = False
        self._seen = (self._editor.session.timeline, self._player.step)
        self._later()

    def _later(self) -> None:
        """Refresh once what is going on has happened; while training runs, ten times a second are enough."""
        if self.isVisible() and not self._soon.isActive():
            self._soon.start(TRAINING_MS if self._training() else 0)

    def _training(self) -> bool:
        run = self._editor.training_run
        return run is not None and run.state == "running"

    def refresh(self) -> None:
        """Show the node as it is now, or the overview where there is none; what is new is laid out before any frame."""
        node = self.node
        if node is None:
            self._show_overview()
        else:
            self._show_node(node)
        self._lay_out()

    def _lay_out(self) -> None:
        """Lay out what is new from the inside out: a layout asks the next one by an event, or, while it is itself at
        work, not at all, and a frame would be painted with texts over each other.
        """
        for _ in range(PASSES):
            for stack in (self._told, self._held, self.fields):
                stack.lay_out()
            self._column.activate()
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    def _show_node(self, node: Node) -> None:
        editor, player = self._editor, self._player
        subject = Subject(editor.session, self._shown(), player.before, node, editor.spent_at, self._follows)
        self._arriving = self._on_the_way()
        self.header.show_node(node, header(subject), self.follows)
        told = explanations(subject)
        check = self._checks.section_for(subject)
        if check is not None:
            places = [i for i, section in enumerate(told) if section.title in ("The tape", "In code")]
            told.insert(places[0] if places else len(told), check)
        self._told.show_sections(told)
        self._held.show_sections([s for s in (tensor_section(subject), self._rule(subject)) if s is not None])
        self.fields.show_node(node)
        if node.id != self._node:
            self._node = node.id
            self._scroll.verticalScrollBar().setValue(0)

    def _rule(self, subject: Subject) -> Section | None:
        """The rule, which runs the node to see what it is made of: made anew only where it could be another."""
        nodes = subject.session.graph.nodes
        sources = [nodes[wire.source] for _, wire in subject.node.wires()]
        seen = (subject.node, subject.here.value, *sources)
        if self._ruled is None or len(seen) != len(self._ruled[0]) or any(map(is_not, seen, self._ruled[0])):
            self._ruled = seen, rule_section(subject)
        return self._ruled[1]

    def _on_the_way(self) -> bool:
        """A gradient is still on its way to the tank of a leaf, which holds what it held before."""
        player = self._player
        return isinstance(player.beat, Accumulated) and player.animating and player.stage < POURED

    def _shown(self) -> State:
        """The state that the picture shows at the present stage."""
        state = self._player.state
        return replace(state, nodes=self._player.before.nodes) if self._on_the_way() else state

    def _stage_moved(self) -> None:
        if self._arriving != self._on_the_way():
            self._later()

    def _show_overview(self) -> None:
        self._node = None
        graph, chosen = self._editor.graph, self._editor.selection
        if len(chosen) > 1:
            self.header.show_graph(f"{len(chosen)} nodes selected")
            self._told.show_sections(several(graph, chosen))
        else:
            self.header.show_graph(self._editor.title)
            self._told.show_sections(overview(graph, self._player.state))
        self._held.show_sections([])
        self.fields.clear()
