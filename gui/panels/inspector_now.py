"""What the inspector says about the beat that is shown, when it happened at the node that is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from chainrule.core.document.languages.pytorch import call_text
from chainrule.core.engine.recording import Accumulated, Computed, Propagated, Seeded, Stepped, Stopped, Zeroed
from chainrule.core.run import explain
from chainrule.gui.numbers import array_text, in_full, told
from chainrule.gui.panels.blocks import ERROR, Block, Box, Equation, Line, Section, Sentence
from chainrule.gui.panels.inspector_subject import (
    IN_A_BOX,
    MOST_SOURCES,
    Subject,
    arithmetic,
    array_box,
    contributions,
    derivative,
    grad_box,
    gradient_box,
    listed,
    rule_lines,
    saved_text,
    untracked_inputs,
)


def now_section(subject: Subject) -> Section | None:
    """What the beat that is shown did at the subject; None if it happened elsewhere."""
    beat = subject.state.beat
    if beat is None or beat.label != subject.node.id or (isinstance(beat, Computed) and not subject.following):
        return None
    if isinstance(beat, Stopped) and subject.here.problem is not None:
        return None  # the problem says it already
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
            blocks = [Sentence(f"Backward begins here with {told(beat.gradient)}.")]
    return Section("Now", tuple(blocks))


def _accumulated(subject: Subject, beat: Accumulated) -> Iterator[Block]:
    name, before = subject.name, subject.earlier.grad
    sources = contributions(subject)
    names = list(dict.fromkeys(subject.name_of(each.sender) for each in sources))
    origin = f"from {', '.join(names)}" if 0 < len(names) <= MOST_SOURCES else f"from {len(sources)} wires"
    boxes: tuple[Box, ...] = (grad_box(before, f"{name}.grad before"), gradient_box(beat.contribution, origin))
    if subject.here.grad is not None and subject.here is not subject.earlier:
        boxes += (gradient_box(subject.here.grad, f"{name}.grad"),)
    yield arithmetic(boxes, ("+", "=")[: len(boxes) - 1])
    uses = len(subject.session.graph.consumers(subject.node.id))
    if uses > 1:
        yield Sentence(f"{name} is used {uses} times, so what came back along each wire was added up.")
    elif before is None:
        yield Sentence(f"{name} stands in no other product, so this is all of it.")
    if before is not None and not in_full(before, IN_A_BOX):
        yield Sentence("The tensors are added element by element, so their norms need not add up.")
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
                (gradient_box(beat.upstream, "upstream"), gradient_box(sent.contribution, f"to {receiver}")), ("→",)
            )
            yield from rule_lines(subject, subject.node.id, sent.socket)
        else:
            yield arithmetic(
                (
                    gradient_box(beat.upstream, "upstream"),
                    array_box(local.value, f"∂{subject.name}/∂{receiver}"),
                    gradient_box(sent.contribution, f"to {receiver}"),
                ),
                ("×", "="),
            )
            if not in_full(sent.contribution, IN_A_BOX):
                yield Sentence("The tensors are multiplied element by element, so their norms are no product.")
            yield from derivative(subject.name, receiver, local)
    yield from untracked_inputs(subject, subject.node.id)


def _computed(subject: Subject, beat: Computed) -> Iterator[Block]:
    yield Line(f"{subject.name} = {call_text(subject.session.graph, subject.node)}")
    if subject.here.value is not None and in_full(subject.here.value):
        yield Sentence(f"Forward computed {subject.name} = {array_text(subject.here.value)}.")
    if beat.grad_fn:
        kept = listed([saved_text(subject, subject.node.id, name) for name in beat.saved])
        yield Sentence(
            f"The tape has {beat.grad_fn[-1]}" + (f", which saved {kept}." if kept else "; it saved nothing.")
        )
    elif subject.node.leaf is None:
        yield Sentence("Nothing it depends on requires grad, so the tape did not record it.")


def _zeroed(subject: Subject, beat: Zeroed) -> Iterator[Block]:
    after = "None" if beat.to_none else "0.0"
    yield Equation(
        (grad_box(subject.earlier.grad, f"{subject.name}.grad before"), Box(after, f"{subject.name}.grad")), ("→",)
    )
    yield Sentence("zero_grad emptied it, so that the next Backward starts from nothing.")


def _stepped(subject: Subject, beat: Stepped) -> Iterator[Block]:
    before, after = array_box(beat.before, f"{subject.name} before"), array_box(beat.after, f"{subject.name} after")
    yield Equation((before, after), ("→",))
    yield Sentence(
        f"The optimiser read {subject.name}.grad and wrote {subject.name}; no wire leads there from the loss."
    )
