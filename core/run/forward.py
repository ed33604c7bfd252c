"""Running one node: its sockets and parameters turned into a call of its operation.

A Session and a Trainer evaluate nodes alike, through this; which nodes, and when, is theirs to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainrule.core.document.graph import Graph, Leaf, Node, NodeId, Wire
from chainrule.core.document.sockets import filled_slots, operation_of, outputs
from chainrule.core.engine.calls import call
from chainrule.core.engine.tensor import Tensor

Outputs = dict[str, Tensor]
Source = Callable[[Wire, str], Tensor]  # the tensor that a wire brings, by the socket it goes into


def leaf_tensor(leaf: Leaf) -> Tensor:
    """A tensor with the value of ``leaf``; the memory is the document's and must not be written to."""
    tensor = Tensor(leaf.value)
    return tensor.requires_grad_() if leaf.requires_grad else tensor


def run_node(node: Node, source: Source) -> Outputs:
    """What the operation of ``node`` gives, by output name; whatever the operation raises, in PyTorch's words."""
    inputs: dict[str, Any] = {}
    for socket in operation_of(node.kind, node.name).inputs:
        if socket.variadic:
            slots = [f"{socket.name}.{slot}" for slot in filled_slots(node, socket.name)]
            inputs[socket.name] = [_fed(node, slot, source) for slot in slots]
        elif socket.name in node.inputs:
            inputs[socket.name] = _fed(node, socket.name, source)
    result = call(node.kind, **inputs, **node.params)
    names = outputs(node)
    return {"": result} if names == ("",) else dict(zip(names, result, strict=True))


def _fed(node: Node, socket: str, source: Source) -> Any:
    feed = node.inputs[socket]
    return source(feed, socket) if isinstance(feed, Wire) else feed


def untracked_nodes(graph: Graph) -> frozenset[NodeId]:
    """The members of the ``no_grad`` regions."""
    members = (region.members for region in graph.regions.values() if region.kind == "no_grad")
    return frozenset[NodeId]().union(*members)
