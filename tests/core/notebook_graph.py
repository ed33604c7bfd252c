"""The graph that tests of the core build most often: the regression of the user's notebook.

Nothing is tested here.
"""

from __future__ import annotations

from chainrule.core.document.building import Graph


def regression(x: float = 1.0, dtype: str = "float32") -> Graph:
    """loss = (y - x*w)**2 at w = 1, y = 2: with x = 1 the gradient by w is -2, and w goes to 2 for 0 < lr < 1 only."""
    graph = Graph()
    graph.add("tensor", name="x", value=x, dtype=dtype)
    graph.add("tensor", name="w", value=1.0, dtype=dtype, requires_grad=True)
    graph.add("tensor", name="y", value=2.0, dtype=dtype)
    graph.add("mul", name="pred", input="x", other="w")
    graph.add("sub", name="error", input="y", other="pred")
    graph.add("pow", name="loss", input="error", exponent=2)
    return graph
