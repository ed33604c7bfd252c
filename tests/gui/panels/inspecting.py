"""What the tests of the inspector share: a graph beside its inspector, and readings of what the inspector says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from chainrule.core.document.building import Graph
from chainrule.gui.editor import Editor
from chainrule.gui.panels.blocks import Section, Sentence
from chainrule.gui.panels.inspector import InspectorPanel
from chainrule.gui.player import Player
from chainrule.gui.theme import Look
from tests.gui.panels.conftest import Show

Kind = TypeVar("Kind")


def inspected(graph: Graph, look: Look, show: Show) -> tuple[Editor, Player, InspectorPanel]:
    """``graph`` in an editor of its own, its player, and the inspector beside it."""
    editor = Editor(graph)
    player = Player(editor, look)
    panel = InspectorPanel(editor, player, look)
    show(panel, 312, 900)
    return editor, player, panel


def select(editor: Editor, name: str) -> None:
    editor.select([editor.graph.named(name).id])


def section(inspector: InspectorPanel, title: str) -> Section:
    inspector.refresh()
    return next(section for section in inspector.sections if section.title == title)


def titles(inspector: InspectorPanel) -> list[str]:
    inspector.refresh()
    return [section.title for section in inspector.sections]


def only(blocks: Iterable[object], kind: type[Kind]) -> Kind:
    (found,) = (block for block in blocks if isinstance(block, kind))
    return found


def sentences(section: Section) -> str:
    return " ".join(block.text for block in section.blocks if isinstance(block, Sentence))


def visible(inspector: InspectorPanel, kind: type[Kind]) -> list[Kind]:
    return [widget for widget in inspector.findChildren(QWidget) if isinstance(widget, kind) and widget.isVisible()]


def backward(editor: Editor, player: Player) -> None:
    editor.backward()
    player.to_end()
