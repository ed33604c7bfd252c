"""What the inspector says when no single node is looked at: what the graph is, where it comes from, and what is in it.

What it says about one node is in ``inspector_sections``.
"""

from __future__ import annotations

from collections.abc import Collection

from chainrule.core.document.graph import Graph, NodeId
from chainrule.core.run.timeline import State
from chainrule.gui.panels.blocks import Line, Section, Sentence
from chainrule.gui.problem_counts import problem_counts

MOST_NAMED = 12


def several(graph: Graph, chosen: Collection[NodeId]) -> list[Section]:
    """What the nodes ``chosen`` are, one a line."""
    nodes = [node for i, node in sorted(graph.nodes.items()) if i in chosen]
    width = max(len(node.name) for node in nodes)
    lines = [f"{node.name:<{width}}  {'leaf' if node.leaf is not None else node.kind}" for node in nodes]
    more = len(lines) - MOST_NAMED
    if more > 0:
        lines = [*lines[:MOST_NAMED], f"and {more} more"]
    return [Section("Selected", (Line("\n".join(lines)),))]


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
    counts = [
        f"{_many(len(leaves), 'leaf', 'leaves')}, {tracked} with requires_grad",
        _many(len(graph.nodes) - len(leaves), "operation", "operations"),
        _many(wires, "wire", "wires"),
    ]
    found = problem_counts(state)
    return counts + ([_many(found.wrong, "problem", "problems")] if found.wrong else []) + found.besides


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
