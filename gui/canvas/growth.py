"""What a card will look like once Backward has been, for those who have to leave it the room that it then takes.

The gradients are stand-ins with as many digits as most have; nothing is computed or painted.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from chainrule.core.run.timeline import NodeState, Slab

STAND_IN = -1 / 3
PASSES = 2  # a third fits between the cards, which stand apart


def after_backward(state: NodeState) -> NodeState:
    """``state`` with gradients of the value's shape and dtype where Backward could bring some; else ``state``."""
    value = state.value
    if value is None or not state.requires_grad or value.dtype.kind != "f":
        return state
    # Not the value's memory: an array of any size takes none here.
    gradient = np.broadcast_to(np.asarray(STAND_IN, value.dtype), value.shape)
    if not state.is_leaf:
        return replace(state, gradient=gradient) if state.gradient is None else state
    if len(state.slabs) >= PASSES:
        return state
    return replace(state, grad=gradient, slabs=tuple(Slab(n + 1, gradient) for n in range(PASSES)))
