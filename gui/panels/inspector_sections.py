"""What the inspector says about one node, in sections of plain blocks, read off the recording and the explanations.

Nothing is computed here beyond putting recorded numbers into sentences; nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from chainrule.core.document.graph import Node, NodeId, Wire
from chainrule.core.document.languages.pytorch import call_text, leaf_expression
from chainrule.core.document.sockets import operation_of
from chainrule.core.engine import printing
from chainrule.core.engine.recording import (
    Accumulated,
    Array,
    Computed,
    Propagated,
    Seeded,
    Sent,
    Stepped,
    Stopped,
    Zeroed,
)
from chainrule.core.run import explain
from chainrule.core.run.problems import Problem, Repair
from chainrule.core.run.session import Session
from chainrule.core.run.timeline import NodeState, State
from chainrule.gui.panels.blocks import (
    ERROR,
    Actions,
    Block,
    Box,
    Code,
    Derivative,
    Equation,
    Factor,
    Line,
    PathProduct,
    Section,
    Sentence,
)
from chainrule.gui.panels.numbers import array_text, number_text, prose, shape_text, sign

MOST_SOURCES = 3
MOST_PATHS = 6
FORWARD_AGAIN = Repair("Forward again", "forward")
KEEP_IT = Repair("Keep it next time", "retain_graph")


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

    def source_of(self, node: NodeId, socket: str) -> str:
        """What stands in a socket: a node's name, or the number."""
        holder = self.session.graph.nodes.get(node)
        if holder is None:
            return socket
        filled = holder.inputs.get(socket)
        if isinstance(filled, Wire):
            return self.name_of(filled.source)
        return socket if filled is None else number_text(filled)


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """What one node sent to the subject in the last pass: through which socket, and what had come to it."""

    sender: NodeId
    socket: str
    upstream: Array
    value: Array


def explanations(subject: Subject) -> list[Section]:
    """The sections about what happened at the subject, those that have nothing to say left out."""
    found = [
        problem_section(subject.here.problem),
        now_section(subject),
        made_section(subject),
        paths_section(subject),
        tape_section(subject),
        code_section(subject),
    ]
    return [section for section in found if section is not None]


def header(subject: Subject) -> str:
    """Kind, dtype and shape in one line."""
    value = subject.here.value
    kind = "leaf tensor" if subject.node.leaf is not None else subject.node.kind
    return kind if value is None else f"{kind} · {value.dtype.name} · {shape_text(value.shape)}"


def problem_section(problem: Problem | None) -> Section | None:
    """PyTorch's words, what they mean here, and the repairs."""
    if problem is None:
        return None
    blocks: list[Block] = [Sentence(problem.message, ERROR)]
    if problem.meaning:
        blocks.append(Sentence(problem.meaning, ""))
    if problem.repairs:
        blocks.append(Actions(problem.repairs))
    return Section("Problem", tuple(blocks))


# Now


def now_section(subject: Subject) -> Section | None:
    """What the beat that is shown did at the subject; None if it happened elsewhere."""
    beat = subject.state.beat
    if beat is None or beat.label != subject.node.id or (isinstance(beat, Computed) and not subject.following):
        return None
    match beat:
        case Accumulated():
            blocks = list(_accumulated(subject, beat))
        case Propagated():
            blocks = list(_propagated(subject, beat))
        case Computed():
            blocks = list(_computed(subject, beat))
        case Zeroed():
            blocks = list(_zeroed(subject, beat))
        case Stepped():
            blocks = list(_stepped(subject, beat))
        case Stopped():
            blocks = [Sentence(beat.message, ERROR)]
        case Seeded():
            blocks = [Sentence(f"Backward begins here with {array_text(beat.gradient)}.")]
    return Section("Now", tuple(blocks))


def _accumulated(subject: Subject, beat: Accumulated) -> Iterator[Block]:
    name, before = subject.name, subject.earlier.grad
    sources = contributions(subject)
    names = list(dict.fromkeys(subject.name_of(each.sender) for each in sources))
    origin = f"from {', '.join(names)}" if 0 < len(names) <= MOST_SOURCES else f"pass {beat.number}"
    boxes: tuple[Box, ...] = (_grad_box(before, f"{name}.grad before"), _gradient_box(beat.contribution, origin))
    if subject.here.grad is not None:
        boxes += (_gradient_box(subject.here.grad, f"{name}.grad"),)
    yield Equation(boxes, ("+", "=")[: len(boxes) - 1])
    uses = len(subject.session.graph.consumers(subject.node.id))
    if uses > 1:
        yield Sentence(f"{name} is used {uses} times, so what came back along each wire was added up.")
    elif before is None:
        yield Sentence(f"{name} stands in no other product, so this is all of it.")
    if before is not None:
        yield Sentence(f"{name}.grad was not empty: Backward adds to it until Zero grad empties it.")


def _propagated(subject: Subject, beat: Propagated) -> Iterator[Block]:
    for sent in beat.sent:
        if sent.socket is None:
            continue
        receiver = subject.name_of(sent.to)
        local = explain.local(subject.session, subject.node.id, sent.socket)
        if local is None:
            yield Equation(
                (_gradient_box(beat.upstream, "upstream"), _gradient_box(sent.contribution, f"to {receiver}")), ("→",)
            )
            yield from _rule_lines(subject, sent.socket)
        else:
            yield Equation(
                (
                    _gradient_box(beat.upstream, "upstream"),
                    Box(array_text(local.value), f"∂{subject.name}/∂{receiver}"),
                    _gradient_box(sent.contribution, f"to {receiver}"),
                ),
                ("×", "="),
            )
            yield Derivative(subject.name, receiver, _equals(local.text, array_text(local.value)))
    yield from _untracked(subject, subject.node.id)


def _rule_lines(subject: Subject, socket: str) -> Iterator[Block]:
    for name, text in explain.rule_text(operation_of(subject.node.kind)):
        if name == socket:
            yield Line(text, "mono muted")


def _computed(subject: Subject, beat: Computed) -> Iterator[Block]:
    yield Line(f"{subject.name} = {call_text(subject.session.graph, subject.node)}")
    if subject.here.value is not None:
        yield Sentence(f"Forward computed {subject.name} = {array_text(subject.here.value)}.")
    if beat.grad_fn:
        kept = _listed([_saved_text(subject, subject.node.id, name) for name in beat.saved])
        yield Sentence(
            f"The tape has {beat.grad_fn[-1]}" + (f", which saved {kept}." if kept else "; it saved nothing.")
        )
    elif subject.node.leaf is None:
        yield Sentence("Nothing it depends on requires grad, so the tape did not record it.")


def _zeroed(subject: Subject, beat: Zeroed) -> Iterator[Block]:
    after = "None" if beat.to_none else "0.0"
    yield Equation(
        (_grad_box(subject.earlier.grad, f"{subject.name}.grad before"), Box(after, f"{subject.name}.grad")), ("→",)
    )
    yield Sentence("zero_grad emptied it, so that the next Backward starts from nothing.")


def _stepped(subject: Subject, beat: Stepped) -> Iterator[Block]:
    yield Equation(
        (Box(array_text(beat.before), f"{subject.name} before"), Box(array_text(beat.after), f"{subject.name} after")),
        ("→",),
    )
    yield Sentence(
        f"The optimiser read {subject.name}.grad and wrote {subject.name}; no wire leads there from the loss."
    )


# Where it was made


def contributions(subject: Subject) -> list[Contribution]:
    """What was sent to the subject in the pass that the shown state has reached."""
    beats = subject.session.timeline.beats[: subject.state.step]
    begin = max((i for i, beat in enumerate(beats) if isinstance(beat, Seeded)), default=len(beats))
    return [
        Contribution(beat.label, sent.socket, beat.upstream, sent.contribution)
        for beat in beats[begin:]
        if isinstance(beat, Propagated) and isinstance(beat.label, int)
        for sent in beat.sent
        if _is_to(sent, subject.node.id) and sent.socket is not None
    ]


def _is_to(sent: Sent, node: NodeId) -> bool:
    return sent.to == node


def made_section(subject: Subject) -> Section | None:
    """For each wire that brought something: the local derivative, and upstream times local."""
    sources = contributions(subject)
    if not sources or (subject.here.grad is None and subject.here.gradient is None):
        return None
    total = subject.here.grad if subject.here.grad is not None else subject.here.gradient
    assert total is not None
    what = f"the {prose(number_text(total))}" if total.ndim == 0 else "it"
    blocks: list[Block] = []
    for source in sources[:MOST_SOURCES]:
        blocks += _one_source(subject, source)
    if len(sources) > MOST_SOURCES:
        blocks.append(Sentence(f"and from {len(sources) - MOST_SOURCES} more wires"))
    return Section(f"Where {what} was made", tuple(blocks))


def _one_source(subject: Subject, source: Contribution) -> Iterator[Block]:
    local = explain.local(subject.session, source.sender, source.socket)
    sender = subject.name_of(source.sender)
    if local is None:
        yield Line(f"{sender} sent {array_text(source.value)}")
        for name, text in explain.rule_text(operation_of(subject.session.graph.nodes[source.sender].kind)):
            if name == source.socket:
                yield Line(text, "mono muted")
    else:
        yield Derivative(sender, subject.name, _equals(local.text, array_text(local.value)))
        upstream, made = array_text(source.upstream), array_text(source.value)
        yield Line(f"upstream {upstream} × local {array_text(local.value)} = {made}")
    yield from _untracked(subject, source.sender)


def _equals(text: str, value: str) -> tuple[str, ...]:
    """``x`` and ``1``, or just one of them where they say the same."""
    short = prose(value)
    return (short,) if not text or prose(text) == short else (text, short)


def _untracked(subject: Subject, node: NodeId) -> Iterator[Block]:
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
        yield Sentence(f"{_listed(names)} are not tracked, so nothing is sent their way.")


# Every path


def paths_section(subject: Subject) -> Section | None:
    """The product along each path from the root to a leaf, and their sum."""
    root, grad = subject.state.root, subject.here.grad
    if root is None or grad is None or subject.node.leaf is None or root not in subject.session.graph.nodes:
        return None
    found = explain.paths(subject.session, root, subject.node.id)
    if not found:
        return None
    blocks: list[Block] = [_path_product(subject, path) for path in found[:MOST_PATHS]]
    if len(found) > MOST_PATHS:
        blocks.append(Sentence(f"and {len(found) - MOST_PATHS} more paths"))
    blocks.append(Sentence(_sum_of_paths(subject, found, grad)))
    return Section(f"Every path from {subject.name_of(root)} to {subject.name}", tuple(blocks))


def _path_product(subject: Subject, path: explain.Path) -> PathProduct:
    steps = zip(path.nodes, path.nodes[1:], path.factors, strict=False)
    factors = tuple(
        Factor(f"{subject.name_of(start)}←{subject.name_of(end)}", _signed_first(number_text(value), place == 0))
        for place, (start, end, value) in enumerate(steps)
    )
    return PathProduct(factors, number_text(path.product), sign(np.asarray(path.product)))


def _sum_of_paths(subject: Subject, found: list[explain.Path], grad: Array) -> str:
    total = sum(path.product for path in found)
    text = f"{len(found)} path{'s' * (len(found) != 1)}, sum {prose_number(number_text(total))}"
    seed = subject.state.seed
    if seed is not None and float(seed.reshape(-1)[0]) != 1:
        return f"{text}, for a seed of 1"
    passes = len(subject.here.slabs)
    return (
        f"{text} in each pass; {subject.name}.grad holds {passes} passes"
        if passes > 1
        else f"{text} = {subject.name}.grad"
    )


def prose_number(text: str) -> str:
    """A number in a sentence, its fraction kept: ``−2.0``."""
    return text.replace("-", "\N{MINUS SIGN}")


def _signed_first(text: str, first: bool) -> str:
    short = prose(text).replace("\N{MINUS SIGN}", "-")
    return f"+{short}" if first and not short.startswith("-") and short != "0" else short


# The tape


def tape_section(subject: Subject) -> Section | None:
    """What Backward has freed, and what another one would do."""
    nodes, root = subject.session.graph.nodes, subject.state.root
    freed = [
        f"{subject.name_of(i)} freed {_listed(_freed_tensors(subject, i, state))}"
        for i, state in subject.state.nodes.items()
        if state.spent and i in nodes
    ]
    if root is None or not freed:
        return None
    text = f"{', '.join(reversed(freed[-4:]))}{' and others' if len(freed) > 4 else ''}."
    if subject.stops_at is not None:
        text += f" Another Backward would stop at {subject.name_of(subject.stops_at)}"
        grad = subject.here.grad if subject.node.leaf is not None else None
        text += f"; {subject.name}.grad would stay {prose_number(array_text(grad))}." if grad is not None else "."
        return Section("The tape", (Sentence(text), Actions((FORWARD_AGAIN, KEEP_IT))))
    return Section("The tape", (Sentence(text),))


def _freed_tensors(subject: Subject, node: NodeId, state: NodeState) -> list[str]:
    """What a spent node has given up; its numbers only where it saved nothing else."""
    freed = [chip.name for chip in state.saved if chip.freed]
    inputs = subject.session.graph.nodes[node].inputs
    tensors = [name for name in freed if isinstance(inputs.get(name), Wire) or name not in inputs]
    return [_saved_text(subject, node, name) for name in tensors or freed]


def _saved_text(subject: Subject, node: NodeId, saved: str) -> str:
    """What a saved tensor is called where it came from: a source's name, or the result."""
    if saved == "result":
        return f"its result {subject.name_of(node)}"
    return subject.source_of(node, saved)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


# In code


def code_section(subject: Subject) -> Section | None:
    """The lines that would do this in a notebook, and what they would print."""
    node, here = subject.node, subject.here
    if here.value is None:
        return None
    if node.leaf is not None and here.grad is not None and subject.state.root is not None:
        lines = [f"{subject.name_of(subject.state.root)}.backward()", f"{node.name}.grad"]
        printed = printing.tensor_text(here.grad)
    elif node.leaf is not None:
        made = leaf_expression(node.leaf) if node.leaf.value.size <= 64 else "..."
        lines = [f"{node.name} = {made}", node.name]
        printed = printing.tensor_text(here.value, suffixes=["requires_grad=True"] if here.requires_grad else [])
    else:
        lines = [f"{node.name} = {call_text(subject.session.graph, node)}", node.name]
        printed = printing.tensor_text(here.value, suffixes=[f"grad_fn=<{here.grad_fn[-1]}>"] if here.grad_fn else [])
    output = printed.splitlines()
    return Section("In code", (Code((*lines, *output), frozenset(range(len(lines), len(lines) + len(output)))),))


# Value and rule


def value_section(subject: Subject) -> Section | None:
    """Value and gradient in full, as PyTorch prints them."""
    here = subject.here
    if here.value is None:
        return None
    blocks: list[Block] = []
    for name, value in here.values.items():
        suffix = ["requires_grad=True"] if here.is_leaf and here.requires_grad else []
        suffix = [f"grad_fn=<{here.grad_fn[-1]}>"] if here.grad_fn else suffix
        if name:
            blocks.append(Sentence(name))
        blocks.append(Line(printing.tensor_text(value, suffixes=suffix)))
    if subject.node.leaf is not None:
        blocks.append(Sentence(f"{subject.name}.grad" + (" (from before the value was edited)" if here.stale else "")))
        blocks.append(Line("None" if here.grad is None else printing.tensor_text(here.grad)))
    elif here.gradient is not None:
        blocks += [Sentence("gradient that Backward brought here"), Line(printing.tensor_text(here.gradient))]
    return Section("Value", tuple(blocks))


def rule_section(subject: Subject) -> Section | None:
    """The operation's doc, and what it sends back to each input."""
    if subject.node.leaf is not None:
        return None
    operation = operation_of(subject.node.kind)
    blocks: list[Block] = [Sentence(operation.doc)]
    for name, text in explain.rule_text(operation):
        blocks.append(Line(f"to {name}: {text}", "mono muted"))
    return Section("The rule", tuple(blocks))


def _grad_box(grad: Array | None, caption: str) -> Box:
    return Box("None", caption) if grad is None else _gradient_box(grad, caption)


def _gradient_box(gradient: Array, caption: str) -> Box:
    return Box(array_text(gradient), caption, sign(gradient))
