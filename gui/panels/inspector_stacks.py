"""Stacks of sections in the inspector: one of blocks that are read, one of fields that can be edited.

Widgets are kept as long as what they show stays of the same kind: a running recording repaints and does not rebuild.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chainrule.core.document.graph import Node, NodeId
from chainrule.gui.editor import Editor
from chainrule.gui.panels.block_views import RunRepair, view_of
from chainrule.gui.panels.blocks import Block, Section
from chainrule.gui.panels.inspector_fields import LeafFields, NoteField, ParameterFields
from chainrule.gui.panels.painted_blocks import BlockWidget
from chainrule.gui.panels.parts import SectionHeading, clear, lay_out
from chainrule.gui.panels.socket_fields import SocketFields, number_sockets
from chainrule.gui.theme import Look


class SectionStack(QWidget):
    """Sections one under the other."""

    def __init__(self, look: Look, run: RunRepair) -> None:
        super().__init__()
        self._look = look
        self._run = run
        self.sections: Sequence[Section] = ()
        self._views: list[SectionView] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def clear(self) -> None:
        """Forget every widget, so that the next sections are built anew."""
        clear(self._column)
        self._views, self.sections = [], ()

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show ``sections`` in place of those that are there."""
        if _shape(sections) == _shape(self.sections):
            for view, section in zip(self._views, sections, strict=True):
                view.update_section(section)
        else:
            self.clear()
            self._column.setSpacing(self._look.px(22))
            self._views = [SectionView(section, self._look, self._run) for section in sections]
            for view in self._views:
                self._column.addWidget(view)
                view.show()  # at once, or it would count for nothing when the column is laid out
        self.sections = tuple(sections)
        self.setVisible(bool(sections))

    def lay_out(self) -> None:
        """Give everything its place at once."""
        lay_out(self._column)


class SectionView(QWidget):
    """A heading and its blocks, which can be given others of the same kinds."""

    def __init__(self, section: Section, look: Look, run: RunRepair) -> None:
        super().__init__()
        self._section = section
        self._heading = SectionHeading(section.title, look)
        self._blocks: list[BlockWidget] = [view_of(block, look, run) for block in section.blocks]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        for widget in (self._heading, *self._blocks):
            column.addWidget(widget)

    def update_section(self, section: Section) -> None:
        """Show ``section``, whose blocks are of the same kinds as before."""
        self._heading.set_title(section.title)
        for widget, old, new in zip(self._blocks, self._section.blocks, section.blocks, strict=True):
            if old != new:
                widget.show_block(new)
        self._section = section


def _shape(sections: Sequence[Section]) -> list[list[type[Block]]]:
    return [[type(block) for block in section.blocks] for section in sections]


class FieldStack(QWidget):
    """The fields of one node; made anew when another node, or one of another kind, is shown."""

    def __init__(self, editor: Editor, look: Look) -> None:
        super().__init__()
        self._editor = editor
        self._look = look
        self._for: tuple[NodeId, str, tuple[str, ...]] | None = None
        self.leaf: LeafFields | None = None
        self.sockets: SocketFields | None = None
        self.parameters: ParameterFields | None = None
        self.note: NoteField | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def clear(self) -> None:
        self._for = None
        self.leaf = self.sockets = self.parameters = self.note = None
        clear(self._column)
        self.hide()

    def lay_out(self) -> None:
        """Give everything its place at once."""
        lay_out(self._column)

    def show_node(self, node: Node) -> None:
        if self._for != (node.id, node.kind, number_sockets(node)):
            self._rebuild(node)
            return
        for fields in (self.leaf, self.sockets, self.parameters, self.note):
            if fields is not None:
                fields.show_node(node)

    def _rebuild(self, node: Node) -> None:
        self.clear()
        self._for = (node.id, node.kind, number_sockets(node))
        self._column.setSpacing(self._look.px(10))
        if node.leaf is not None:
            self.leaf = LeafFields(self._editor, self._look, node)
            self._add("Edit", self.leaf)
        else:
            self.sockets = SocketFields(self._editor, self._look, node)
            if self.sockets.fields:
                self._add("Numbers", self.sockets)
            self.parameters = ParameterFields(self._editor, self._look, node)
            if self.parameters.params:
                self._add("Settings", self.parameters)
        self.note = NoteField(self._editor, self._look, node)
        self._add("Note", self.note)
        self.show()

    def _add(self, title: str, fields: QWidget) -> None:
        if self._column.count():
            self._column.addSpacing(self._look.px(12))
        for widget in (SectionHeading(title, self._look), fields):
            self._column.addWidget(widget)
            widget.show()
