"""The ``.grad`` of every leaf as plain data, to be taken and put back: what undoing a Step or a Train needs.

How they came about is in the timeline; here they only are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from chainrule.core.document.graph import NodeId
from chainrule.core.optim.update import Memory
from chainrule.core.run.timeline import NodeState, Slab

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class LeafGrad:
    """The gradient part of a leaf's state, which belongs to the run and not to the document."""

    grad: Array | None = None
    slabs: tuple[Slab, ...] = ()
    stale: bool = False


@dataclass(frozen=True, eq=False)
class GradSnapshot:
    """Every ``.grad`` there is, the count of the passes that made them, and what the optimiser keeps of each leaf."""

    grads: Mapping[NodeId, LeafGrad] = field(default_factory=dict)
    passes: int = 0
    memories: Mapping[NodeId, Memory] = field(default_factory=dict)


def grad_of(state: NodeState | None) -> LeafGrad:
    """The gradient part of ``state``; an empty one where there is no state."""
    return LeafGrad() if state is None else LeafGrad(state.grad, state.slabs, state.stale)
