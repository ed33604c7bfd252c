"""The node that the inspector looks at, in the state that is shown, and readings of it that several sections need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from chainrule.core.document.graph import Node, NodeId
from chainrule.core.engine.recording import Array, Beat, Propagated, Seeded, Sent, Zeroed
from chainrule.core.run import explain
from chainrule.core.run.session import Session
from chainrule.core.run.timeline import NodeState, State
from chainrule.gui.numbers import array_text, in_full, measured, prose, shape_text, sign
from chainrule.gui.panels.blocks import Block, Box, Derivative, Equation, Line, Sentence
from chainrule.gui.saved_names import RESULT, saved_name

MOST_SOURCES = 3
LONGEST_TERM = 20
IN_A_BOX = 9  # elements that a box writes out: a matrix of three by three


@dataclass(frozen=True, eq=False)
class Subject:
    """The node that is looked at, in the state that is shown and the one before it.

    ``stops_at`` is where another Backward would stop; ``following`` says that it is shown because a beat happened here.
    """

    session: Session
    state: State
    before: State
    node: Node
    stops_at: NodeId | None = None
    following: bool = True

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def here(self) -> NodeState:
        return self.state.nodes.get(self.node.id, NodeState())

    @property
    def earlier(self) -> NodeState:
        return self.before.nodes.get(self.node.id, NodeState())

    def name_of(self, label: object) -> str:
        node = self.session.graph.nodes.get(label) if isinstance(label, int) else None
        return node.name if node is not None else "a removed node"


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """What one node sent to the subject in the last pass: through which socket, and what had come to it."""

    sender: NodeId
    socket: str
    upstream: Array
    value: Array


def contributions(subject: Subject) -> list[Contribution]:
    """What was sent to the subject in the pass that the shown state has reached."""
    return [
        Contribution(beat.label, sent.socket, beat.upstream, sent.contribution)
        for beat in _last_pass(subject)
        if isinstance(beat, Propagated) and isinstance(beat.label, int)
        for sent in beat.sent
        if _is_to(sent, subject.node.id) and sent.socket is not None
    ]


def emptied(subject: Subject) -> bool:
    """What the last pass brought to the subject is gone: zero_grad has emptied it since."""
    return any(isinstance(beat, Zeroed) and beat.label == subject.node.id for beat in _last_pass(subject))


def _last_pass(subject: Subject) -> list[Beat]:
    """The beats from the last seed to the shown state."""
    beats = subject.session.timeline.beats[: subject.state.step]
    begin = max((i for i, beat in enumerate(beats) if isinstance(beat, Seeded)), default=len(beats))
    return beats[begin:]


def _is_to(sent: Sent, node: NodeId) -> bool:
    return sent.to == node


def rule_lines(subject: Subject, node: NodeId, socket: str) -> Iterator[Block]:
    """What the rule of ``node`` sends through ``socket``, as a formula."""
    for name, text in explain.node_rule_text(subject.session, node):
        if name == socket:
            yield Line(text, "mono muted")


def untracked_inputs(subject: Subject, node: NodeId) -> Iterator[Block]:
    """The inputs of ``node`` that nothing is sent to."""
    names = []
    for _, wire in subject.session.graph.nodes[node].wires():
        state = subject.state.nodes.get(wire.source)
        if state is not None and not state.requires_grad:
            names.append(subject.name_of(wire.source))
    names = list(dict.fromkeys(names))
    if len(names) == 1:
        yield Sentence(f"{names[0]} is not tracked, so nothing is sent its way.")
    elif names:
        yield Sentence(f"{listed(names)} are not tracked, so nothing is sent their way.")


def derivative(over: str, under: str, local: explain.LocalDerivative) -> Iterator[Block]:
    """The local derivative as a formula and as its number, as far as they can be written in a line or two."""
    number = prose(array_text(local.value)) if in_full(local.value) else ""
    text = "" if "..." in local.text or "…" in local.text or prose(local.text) == number else local.text
    if len(text) > LONGEST_TERM:
        yield Line(f"∂{over}/∂{under} = {text}", "mono muted")
        text = ""
    terms = tuple(term for term in (text, number) if term)
    if terms:
        yield Derivative(over, under, terms)


def saved_text(subject: Subject, node: NodeId, saved: str) -> str:
    """A saved tensor in a sentence about ``node``, by the name that its chip has."""
    holder = subject.session.graph.nodes.get(node)
    name = saved if holder is None else saved_name(saved, holder, subject.session.graph)
    return f"its {name}" if name == RESULT else name


def listed(names: list[str]) -> str:
    """Names with commas and an "and"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def grad_box(grad: Array | None, caption: str) -> Box:
    """A ``.grad``, which may be None."""
    return Box("None", caption) if grad is None else gradient_box(grad, caption)


def gradient_box(gradient: Array, caption: str) -> Box:
    """A gradient in the colour of its sign."""
    return replace(array_box(gradient, caption), sign=sign(gradient))


def array_box(array: Array, caption: str) -> Box:
    """An array as its numbers; a large one as its norm with its shape beside it."""
    if in_full(array, IN_A_BOX):
        return Box(array_text(array, IN_A_BOX), caption)
    value, shape = measured(array), shape_text(array.shape)
    return Box(value, caption, note="" if value == shape else shape)


def arithmetic(boxes: tuple[Box, ...], signs: tuple[str, ...]) -> Equation:
    """Boxes that are added or multiplied. What is told by its norm stands there by its name, its norm under it: norms
    of what is put together element by element are no sum and no product.
    """
    return Equation(tuple(_by_name(box) if box.note else box for box in boxes), signs)


def _by_name(box: Box) -> Box:
    return Box(box.caption, f"{box.note} \N{MIDDLE DOT} {box.value}", box.sign)
