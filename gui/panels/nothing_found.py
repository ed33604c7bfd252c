"""What is said where a search for something to add finds nothing: what there is instead, if anything.

The library and the search box say the same; how a search finds is in ``catalogue``.
"""

from __future__ import annotations

from chainrule.core.document.graph import Graph
from chainrule.core.document.spelling import did_you_mean
from chainrule.gui.panels import catalogue
from chainrule.gui.panels.catalogue import Fits, anything
from chainrule.gui.panels.expression_preview import preview_of


def nothing_found(text: str, graph: Graph, fits: Fits = anything) -> str:
    """Why ``text`` finds nothing that ``fits``, and the name or the spelling that may have been meant."""
    typed = text.strip()
    if not typed:
        return "Nothing fits here."
    if not typed.isidentifier() and preview_of(graph, typed).ok:
        return "An expression begins with =, or with a name and =."
    if catalogue.search(typed):
        return f"What is called {typed!r} does not fit here."
    # What is like it from the first letter on: the search has found whatever is more like it than that.
    names = (name for choice in catalogue.choices() if fits(choice) for name in choice.known_as.names)
    alike = [name for name in names if name[:1].lower() == typed[0].lower()]
    return f"Nothing is called {typed!r}{did_you_mean(typed, alike) or '.'}"
