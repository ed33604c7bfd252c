"""What is different between two states of the player: all that the canvas shows anew from one stage to the next."""

from __future__ import annotations

from dataclasses import dataclass

from chainrule.core.document.graph import NodeId
from chainrule.core.run.timeline import NodeState, State
from chainrule.gui.canvas.wire_item import WireKey

NOTHING = NodeState()


@dataclass(frozen=True, slots=True)
class Difference:
    """``nodes`` are in another state, ``values`` are those of them with other values or another problem, and what came
    back through the wires into ``sent`` is another array, or is new, or gone.
    """

    nodes: frozenset[NodeId]
    values: frozenset[NodeId]
    sent: frozenset[WireKey]


def difference(old: State, new: State) -> Difference:
    """What leads from ``old`` to ``new``. States share the arrays that they have in common, so identity tells."""
    nodes = {i for i, state in new.nodes.items() if not _same(old.nodes.get(i, NOTHING), state)}
    nodes.update(old.nodes.keys() - new.nodes.keys())
    sent = {key for key, array in new.sent.items() if old.sent.get(key) is not array}
    sent.update(old.sent.keys() - new.sent.keys())
    values = {i for i in nodes if _computed_anew(old.nodes.get(i, NOTHING), new.nodes.get(i, NOTHING))}
    return Difference(frozenset(nodes), frozenset(values), frozenset(sent))


def _same(old: NodeState, new: NodeState) -> bool:
    """Whether a card shows both alike: a state that was played anew from a recording is another object."""
    return old is new or (
        old.gradient is new.gradient
        and old.grad is new.grad
        and len(old.slabs) == len(new.slabs)
        and (old.saved, old.stale) == (new.saved, new.stale)
        and (old.is_leaf, old.requires_grad, old.grad_fn) == (new.is_leaf, new.requires_grad, new.grad_fn)
        and not _computed_anew(old, new)
    )


def _computed_anew(old: NodeState, new: NodeState) -> bool:
    values = old.values is new.values or (
        old.values.keys() == new.values.keys() and all(old.values[name] is new.values[name] for name in new.values)
    )
    return not values or old.problem != new.problem
