"""What the callout beside the card of *now* says: the beat that just happened, stage by stage, in words and numbers.

Every number comes from the recording; nothing is computed here but the sum that AccumulateGrad made.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from chainrule.core.document.graph import Graph, NodeId
from chainrule.core.engine.recording import Accumulated, Beat, Computed, Propagated, Seeded, Stepped, Stopped, Zeroed
from chainrule.core.run.timeline import State
from chainrule.gui.canvas.numbers import number_text, shape_text
from chainrule.gui.canvas.op_card import call_text

Array = NDArray[Any]

ARRIVES, LOCAL, MULTIPLIES, GOES_ON = range(4)


def now_text(graph: Graph, state: State, before: State, beat: Beat | None, stage: int) -> tuple[str, tuple[str, ...]]:
    """The title and the lines under it for ``beat``, which led from ``before`` to ``state``; empty without one."""
    if beat is None or beat.label not in graph.nodes:
        return "", ()
    node: NodeId = beat.label
    name = graph.nodes[node].name
    match beat:
        case Computed(values=values):
            return f"now: {name} is computed", (f"{call_text(graph.nodes[node], graph)} = {_listed(values.values())}",)
        case Propagated():
            return f"now: {beat.grad_fn} of {name}", _propagated(graph, node, beat, stage)
        case Accumulated(contribution=contribution):
            title = f"now: AccumulateGrad adds to {name}.grad"
            old, new = before.nodes.get(node), state.nodes.get(node)
            start = None if old is None else old.grad
            total = None if new is None else new.grad
            return title, (f"{_text(start)} + {_text(contribution)} = {_text(total)}",)
        case Zeroed(to_none=to_none):
            return f"now: zero_grad empties {name}.grad", (f"{name}.grad = {'None' if to_none else '0'}",)
        case Stepped(before=start, after=end):
            return f"now: the optimiser moves {name}", (f"{_text(start)} \u2192 {_text(end)}",)
        case Stopped(message=_):
            return f"now: backward stops at {name}", ()
        case Seeded(gradient=gradient):
            return f"now: backward begins at {name}", (f"seed {_text(gradient)}",)
    return "", ()


def _propagated(graph: Graph, node: NodeId, beat: Propagated, stage: int) -> tuple[str, ...]:
    lines = [f"upstream {_text(beat.upstream)} arrives"]
    if stage < LOCAL:
        return tuple(lines)
    for sent in beat.sent:
        local = _local(beat.upstream, sent.contribution)
        target = graph.nodes[sent.to].name if sent.to in graph.nodes else ""
        if sent.socket is None or not target:
            continue
        if local is None:
            lines.append(f"to {target}: {_text(sent.contribution)}" if stage >= MULTIPLIES else f"to {target}: ...")
        elif stage < MULTIPLIES:
            lines.append(f"local \u2202{graph.nodes[node].name}/\u2202{target} = {local}")
        else:
            product = f"upstream {_text(beat.upstream)} \u00d7 local {local} = {_text(sent.contribution)}"
            lines.append(f"{product} to {target}" if stage >= GOES_ON else product)
    return tuple(lines)


def _local(upstream: Array, contribution: Array) -> str | None:
    """The factor between two recorded scalars; None where it is not one number."""
    if upstream.size != 1 or contribution.size != 1 or float(upstream.reshape(())) == 0:
        return None
    return number_text(contribution.reshape(()) / upstream.reshape(()))


def _listed(arrays: Any) -> str:
    return ", ".join(_text(array) for array in arrays)


def _text(array: Array | None) -> str:
    if array is None:
        return "None"
    if array.size == 1:
        return number_text(array.reshape(()))
    if array.size <= 3:
        return "[" + ", ".join(number_text(value) for value in array.reshape(-1)) + "]"
    return shape_text(array.shape)
