"""Reading the tape for a graph: what a card's backward nodes saved, and where a backward would stop.

The tape itself, and everything that changes it, is the engine's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from chainrule.core.document.graph import Node, Wire
from chainrule.core.document.sockets import operation_of
from chainrule.core.engine.tape import Node as BackwardNode
from chainrule.core.engine.tensor import Tensor


def name_saved(made: Sequence[BackwardNode], inputs: Mapping[str, Tensor]) -> None:
    """Call what the inner operations of a composite saved by the card's own sockets, so that recordings do so too.

    ``inputs`` are the tensors in those sockets. What belongs to none of them keeps its inner name.
    """
    for backward in made:
        for saved in backward.saved:
            sharing = (socket for socket, tensor in inputs.items() if np.may_share_memory(saved.array, tensor._data))
            saved.name = next(sharing, saved.name)


def saved_names(node: Node, made: Sequence[BackwardNode]) -> tuple[str, ...]:
    """What is worth showing of what was saved: a number in a socket only where nothing else was, and never what stands
    in for an optional tensor that is not there.
    """
    absent = set(operation_of(node.kind, node.name).optional) - node.inputs.keys()
    saved = [name for name in dict.fromkeys(saved.name for b in made for saved in b.saved) if name not in absent]
    tensors = [name for name in saved if isinstance(node.inputs.get(name, Wire(0)), Wire)]
    return tuple(tensors or saved)


def first_spent(root: Tensor) -> BackwardNode | None:
    """The node at which a backward from ``root`` would stop because it is spent; None if it would go through."""
    stack: list[BackwardNode] = [] if root.grad_fn is None else [root.grad_fn]
    seen, spent = set(stack), list[BackwardNode]()
    while stack:
        node = stack.pop()
        if node.spent:
            spent.append(node)
        for target in node.targets:
            if isinstance(target, BackwardNode) and target not in seen:
                seen.add(target)
                stack.append(target)
    return max(spent, key=lambda node: node.sequence, default=None)  # the walk takes the newest first
