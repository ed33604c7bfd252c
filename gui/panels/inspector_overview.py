"""What the inspector says when no node is looked at: what the graph is, where it comes from, and what is in it."""

from __future__ import annotations

from chainrule.core.document.graph import Graph
from chainrule.core.run.timeline import State
from chainrule.gui.panels.blocks import Line, Section, Sentence


def overview(graph: Graph, state: State) -> list[Section]:
    """The graph's own words, then counts."""
    sections = []
    about = graph.about
    if about.title or about.text:
        words = [Sentence(about.title, "strong")] if about.title else []
        words += [Sentence(paragraph) for paragraph in about.text.split("\n\n") if paragraph.strip()]
        if about.source:
            words.append(Sentence(f"Source: {about.source}", "small"))
        sections.append(Section("About", tuple(words)))
    if not graph.nodes:
        return [*sections, Section("In this graph", (Sentence("Nothing yet."),))]
    sections.append(Section("In this graph", (Line("\n".join(_counts(graph, state))),)))
    sections.append(Section("Look closer", (Sentence("Select a node to see its value, its rule and its gradient."),)))
    return sections


def _counts(graph: Graph, state: State) -> list[str]:
    leaves = [node for node in graph.nodes.values() if node.leaf is not None]
    tracked = sum(node.leaf is not None and node.leaf.requires_grad for node in leaves)
    wires = sum(len(list(node.wires())) for node in graph.nodes.values())
    kinds = [
        here.problem.kind
        for here in state.nodes.values()
        if here.problem is not None and here.problem.kind != "waiting"
    ]
    warnings = kinds.count("warning")
    problems = len(kinds) - warnings
    counts = [
        f"{_many(len(leaves), 'leaf', 'leaves')}, {tracked} with requires_grad",
        _many(len(graph.nodes) - len(leaves), "operation", "operations"),
        _many(wires, "wire", "wires"),
    ]
    counts += [_many(problems, "problem", "problems")] if problems else []
    return counts + ([_many(warnings, "warning", "warnings")] if warnings else [])


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
