"""What the callout beside the card of *now* says: the beat that just happened, stage by stage, in words and numbers.

Every number comes from the recording, and local derivatives from ``explain``; nothing is computed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from chainrule.core.document.graph import NodeId
from chainrule.core.engine.recording import Accumulated, Beat, Computed, Propagated, Seeded, Stepped, Stopped, Zeroed
from chainrule.core.run.timeline import State
from chainrule.gui.canvas.op_card import call_text
from chainrule.gui.numbers import in_full, told

if TYPE_CHECKING:
    from chainrule.core.run.explain import LocalDerivative
    from chainrule.core.run.session import Session

Array = NDArray[Any]

ARRIVES, LOCAL, MULTIPLIES, GOES_ON = range(4)
WRITTEN = 9  # up to so many elements are written as numbers


def now_text(
    session: Session, state: State, before: State, beat: Beat | None, stage: int
) -> tuple[str, tuple[str, ...]]:
    """The title and the lines under it for ``beat``, which led from ``before`` to ``state``; empty without one."""
    graph = session.graph
    if beat is None or beat.label not in graph.nodes:
        return "", ()
    node: NodeId = beat.label
    name = graph.nodes[node].name
    match beat:
        case Computed(values=values):
            computed = ", ".join(_text(array, "tensor") for array in values.values())
            return f"now: {name} is computed", (f"{call_text(graph.nodes[node], graph)} = {computed}",)
        case Propagated():
            return f"now: {beat.grad_fn} of {name}", _propagated(session, node, beat, stage)
        case Accumulated(contribution=contribution):
            title = f"now: AccumulateGrad adds to {name}.grad"
            old, new = before.nodes.get(node), state.nodes.get(node)
            start = None if old is None else old.grad
            total = None if new is None else new.grad
            return title, (_sum(start, contribution, total),)
        case Zeroed(to_none=to_none):
            return f"now: zero_grad empties {name}.grad", (f"{name}.grad = {'None' if to_none else '0'}",)
        case Stepped(before=start, after=end):
            return f"now: the optimiser moves {name}", (f"{_text(start, 'tensor')} \u2192 {_text(end, 'tensor')}",)
        case Stopped():
            return "", ()  # the bubble at the node says it all
        case Seeded(gradient=gradient):
            return f"now: backward begins at {name}", (f"seed {_text(gradient)}",)
    return "", ()


def _propagated(session: Session, node: NodeId, beat: Propagated, stage: int) -> tuple[str, ...]:
    nodes = session.graph.nodes
    upstream = _text(beat.upstream)
    lines = [f"upstream {upstream} arrives"]
    for sent in beat.sent if stage >= LOCAL else ():
        target = nodes[sent.to].name if sent.to in nodes else ""
        if sent.socket is None or not target:
            continue
        result = _text(sent.contribution) + (f" to {target}" if stage >= GOES_ON else "")
        factor = _factor(session, node, sent.socket)
        if factor is None:
            lines.append(f"to {target}: {result if stage >= MULTIPLIES else '...'}")
        elif stage < MULTIPLIES:
            named = f"{factor.text} = " if factor.text and not _is_number(factor.text) else ""
            lines.append(f"local \u2202{nodes[node].name}/\u2202{target} = {named}{_text(factor.value, 'derivative')}")
        else:
            lines.append(_product(beat.upstream, factor.value, result))
    return tuple(lines)


def _sum(start: Array | None, contribution: Array, total: Array | None) -> str:
    """What was in a ``.grad`` and what was added; large tensors with no sign between them, as norms do not add up."""
    if start is None or in_full(contribution, WRITTEN):
        return f"{_text(start)} + {_text(contribution)} = {_text(total)}"
    return f"to {_text(start)} is added, element by element, {_text(contribution)}; now it is {_text(total)}"


def _product(upstream: Array, factor: Array, result: str) -> str:
    """Upstream times local; with large tensors in words, as their norms are no product."""
    local = _text(factor, "derivative")
    if in_full(upstream, WRITTEN) and in_full(factor, WRITTEN):
        return f"upstream {_text(upstream)} \u00d7 local {local} = {result}"
    return f"upstream times local, {local}, element by element: {result}"


def _factor(session: Session, node: NodeId, socket: str) -> LocalDerivative | None:
    from chainrule.core.run import explain  # late: the first window does not need it

    try:
        return explain.local(session, node, socket)
    except ValueError:  # shapes that no factor describes
        return None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _text(array: Array | None, what: str = "gradient") -> str:
    return "None" if array is None else told(array, what, WRITTEN)
