"""Running one node: its sockets and parameters turned into a call of its operation.

A Session and a Trainer evaluate nodes alike, through this; which nodes, and when, is theirs to say.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from contextlib import nullcontext
from itertools import takewhile
from typing import Any

import numpy as np

from chainrule.core.document.graph import Graph, Leaf, Node, NodeId, Wire
from chainrule.core.document.sockets import filled_slots, operation_of, outputs
from chainrule.core.engine.calls import call
from chainrule.core.engine.modes import no_grad
from chainrule.core.engine.tensor import Tensor, tensor_of
from chainrule.core.run.problems import RunError

Outputs = dict[str, Tensor]
Source = Callable[[Wire, str], Tensor]  # the tensor that a wire brings, by the socket it goes into


def leaf_tensor(leaf: Leaf) -> Tensor:
    """A tensor with the value of ``leaf``; the memory is the document's and must not be written to."""
    tensor = tensor_of(leaf.value)
    return tensor.requires_grad_() if leaf.requires_grad else tensor


def run_node(node: Node, source: Source, untracked: frozenset[NodeId] = frozenset()) -> Outputs:
    """What the operation of ``node`` gives, by output name; whatever the operation raises, in PyTorch's words.

    Nodes in ``untracked`` run as under ``no_grad``.
    """
    inputs: dict[str, Any] = {}
    operation = operation_of(node.kind, node.name)
    for socket in operation.inputs:
        if socket.variadic:
            slots = [f"{socket.name}.{slot}" for slot in filled_slots(node, socket.name)]
            inputs[socket.name] = [_fed(node, slot, source) for slot in slots]
        elif socket.name in node.inputs:
            fed = _fed(node, socket.name, source)
            inputs[socket.name] = _writable(fed) if socket.name in operation.writes else fed
    placed = [inputs.pop(name) for name in takewhile(inputs.__contains__, operation.arguments)]  # as one writes it
    with no_grad() if node.id in untracked else nullcontext():
        result = call(node.kind, *placed, **inputs, **node.params)
    names = outputs(node)
    results = result if isinstance(result, tuple) else (result,)
    if len(results) != len(names):
        raise RunError(
            f"{node.kind} gives {len(results)} results here, and this card has {len(names)}: a card's outputs follow "
            "from its settings alone, not from the shape of what comes in"
        )
    return dict(zip(names, results, strict=True))


def _fed(node: Node, socket: str, source: Source) -> Any:
    feed = node.inputs[socket]
    return source(feed, socket) if isinstance(feed, Wire) else feed


def _writable(fed: Any) -> Any:
    """What an operation may write into: ``fed``, or a copy where the memory is the document's."""
    return tensor_of(np.copy(fed._data)) if isinstance(fed, Tensor) and not fed._data.flags.writeable else fed


def only_end(graph: Graph, tracked: Container[NodeId]) -> NodeId:
    """The only computed node that nothing consumes, of those in ``tracked`` if any is; RunError unless there is one."""
    ends = [i for i, node in graph.nodes.items() if node.leaf is None and not graph.consumers(i)]
    choices = [i for i in ends if i in tracked] or ends
    if len(choices) == 1:
        return choices[0]
    if not choices:
        raise RunError("There is no operation yet that backward could start from")
    names = ", ".join(sorted(graph.nodes[i].name for i in choices))
    raise RunError(f"Backward could start from {names}; choose one of them")


def untracked_nodes(graph: Graph) -> frozenset[NodeId]:
    """The members of the ``no_grad`` regions."""
    members = (region.members for region in graph.regions.values() if region.kind == "no_grad")
    return frozenset[NodeId]().union(*members)
