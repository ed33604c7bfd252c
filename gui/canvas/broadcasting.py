"""Which inputs of a node were broadcast, and to which shape: copied on the way forward, summed on the way back.

Seen from the shapes alone, so that it holds for every operation that is registered.
"""

from __future__ import annotations

from math import prod

import numpy as np

from chainrule.core.document.graph import Node
from chainrule.core.run.timeline import NodeState, State

Shape = tuple[int, ...]


def input_shapes(node: Node, state: State) -> dict[str, Shape]:
    """The shapes of what is wired into ``node``, by socket; without those that have no value."""
    shapes: dict[str, Shape] = {}
    for socket, wire in node.wires():
        source = state.nodes.get(wire.source, NodeState())
        array = source.values.get(wire.output, source.value)
        if array is not None:
            shapes[socket] = array.shape
    return shapes


def spread(node: Node, state: State) -> dict[str, Shape]:
    """The sockets of ``node`` whose input is copied to a larger shape, and that shape.

    The result has that shape, or, in a loss that adds everything up, the operation has warned of it.
    """
    shown = state.nodes.get(node.id, NodeState())
    inputs = input_shapes(node, state)
    if shown.value is None or not inputs:
        return {}
    try:
        common = np.broadcast_shapes(*inputs.values())
        if len(inputs) == 1:  # expand, or a view of the same elements in another shape
            common = np.broadcast_shapes(common, shown.value.shape)
    except ValueError:
        return {}
    warned = shown.problem is not None and shown.problem.kind == "warning"
    if common != shown.value.shape and not warned:
        return {}
    return {socket: common for socket, shape in inputs.items() if prod(shape) < prod(common)}
