"""What the inspector says where no single node is looked at: about the graph, or about several of its nodes."""

from __future__ import annotations

from collections.abc import Callable

from chainrule.core.document import edits
from chainrule.gui.editor import Editor
from chainrule.gui.examples import examples_folder
from chainrule.gui.panels.blocks import Line, Section, Sentence
from chainrule.gui.panels.inspector import InspectorPanel
from chainrule.gui.panels.inspector_overview import MOST_NAMED, overview, several
from chainrule.gui.player import Player
from chainrule.gui.theme import Look

Show = Callable[..., None]


def test_the_overview_counts_what_is_unfinished_apart(editor: Editor, player: Player) -> None:
    editor.do(edits.add_node(editor.graph, "exp")[0])
    counts = next(each for each in overview(editor.graph, player.state) if each.title == "In this graph")
    assert "1 unfinished" in str(counts.blocks[0])
    assert "problem" not in str(counts.blocks[0])


def test_the_overview_counts_warnings_apart(editor: Editor, player: Player) -> None:
    assert editor.open_copy(examples_folder() / "mse_broadcast.chainrule")
    counts = next(each for each in overview(editor.graph, player.state) if each.title == "In this graph")
    assert str(counts.blocks[0]).count("1 warning") == 1
    assert "problem" not in str(counts.blocks[0])


def test_an_empty_graph_has_nothing_to_be_counted(editor: Editor, player: Player) -> None:
    editor.new()
    assert overview(editor.graph, player.state) == [Section("In this graph", (Sentence("Nothing yet."),))]


def test_several_nodes_are_named_with_what_they_are(editor: Editor, player: Player, look: Look, show: Show) -> None:
    inspector = InspectorPanel(editor, player, look)
    show(inspector, 312, 600)
    editor.select(editor.graph.named(name).id for name in ("x", "pred", "error"))
    inspector.refresh()
    lines = Line("x      leaf\npred   mul\nerror  sub")
    assert inspector.sections == [Section("Selected", (lines,))]


def test_of_very_many_nodes_the_first_are_named_and_the_others_counted(editor: Editor) -> None:
    for _ in range(20):
        editor.do(edits.add_node(editor.graph, "exp")[0])
    (section,) = several(editor.graph, editor.graph.nodes)
    (line,) = section.blocks
    assert isinstance(line, Line)
    assert len(line.text.splitlines()) == MOST_NAMED + 1
    assert line.text.endswith("\nand 14 more")
