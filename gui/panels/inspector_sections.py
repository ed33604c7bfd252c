"""What the inspector says about one node, in sections of plain blocks, read off the recording and the explanations.

Nothing is computed here beyond putting recorded numbers into sentences; nothing is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from chainrule.core.document.graph import Leaf, NodeId, Wire
from chainrule.core.document.languages.pytorch import call_text, leaf_expression
from chainrule.core.document.sockets import operation_of
from chainrule.core.engine import printing
from chainrule.core.engine.recording import (
    Array,
)
from chainrule.core.run import expansion, explain
from chainrule.core.run.problems import FORWARD_AGAIN, RETAIN_GRAPH, Problem
from chainrule.core.run.timeline import NodeState
from chainrule.gui.numbers import array_text, in_full, measured, number_text, prose, shape_text, sign, told
from chainrule.gui.panels.blocks import (
    ERROR,
    WARNING,
    Actions,
    Block,
    Code,
    Factor,
    Line,
    PathProduct,
    Printed,
    Section,
    Sentence,
)
from chainrule.gui.panels.inspector_now import now_section
from chainrule.gui.panels.inspector_subject import (
    MOST_SOURCES,
    Contribution,
    Subject,
    contributions,
    derivative,
    emptied,
    listed,
    rule_lines,
    saved_text,
    untracked_inputs,
)

PROBLEMS = {
    "error": ("Problem", ERROR),
    "warning": ("Warning", "mono warning"),
    "incomplete": ("Unfinished", "mono muted"),
    "waiting": ("Waiting", "mono muted"),
}
MOST_PATHS = 6
MOST_STEPS = 24
LONGEST_FACT = 20  # letters


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
    """PyTorch's words, what they mean here, and the repairs; an empty socket is no more than still to be filled."""
    if problem is None:
        return None
    title, tone = PROBLEMS[problem.kind]
    blocks: list[Block] = [Sentence(problem.message, tone)]
    if problem.meaning:
        blocks.append(Sentence(problem.meaning, ""))
    if problem.repairs:
        blocks.append(Actions(problem.repairs))
    return Section(title, tuple(blocks))


# Where it was made


def made_section(subject: Subject) -> Section | None:
    """For each wire that brought something in the last pass: the local derivative, and upstream times local."""
    sources = contributions(subject)
    made = subject.here.slabs[-1].contribution if subject.here.slabs else subject.here.gradient
    if not sources or made is None or emptied(subject):
        return None
    what = f"the {prose(number_text(made))}" if made.ndim == 0 else "it"
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
        yield Sentence(f"{sender} sent {told(source.value)}.")
        yield from rule_lines(subject, source.sender, source.socket)
    else:
        yield from derivative(sender, subject.name, local)
        parts = (source.upstream, local.value, source.value)
        if all(map(in_full, parts)):
            upstream, factor, made = map(array_text, parts)
            yield Line(f"upstream {upstream} × local {factor} = {made}")
        else:
            upstream, factor, made = map(_measured_part, parts)
            yield Sentence(f"upstream ({upstream}) times local ({factor}), element by element; what came here: {made}")
    yield from untracked_inputs(subject, source.sender)


def _measured_part(array: Array) -> str:
    return array_text(array) if in_full(array) else measured(array)


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
    if passes > 1:
        return f"{text}, the last of the {passes} passes in {subject.name}.grad"
    return f"{text} = {subject.name}.grad"


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
        f"{subject.name_of(i)} freed {listed(_freed_tensors(subject, i, state))}"
        for i, state in subject.state.nodes.items()
        if state.spent and i in nodes
    ]
    if root is None or not freed:
        return None
    text = f"{', '.join(reversed(freed[-4:]))}{' and others' if len(freed) > 4 else ''}."
    if subject.stops_at is not None:
        text += f" Another Backward would stop at {subject.name_of(subject.stops_at)}"
        grad = subject.here.grad if subject.node.leaf is not None else None
        stays = "as it is" if grad is None or not in_full(grad) else prose_number(array_text(grad))
        text += f"; {subject.name}.grad would stay {stays}." if grad is not None else "."
        return Section("The tape", (Sentence(text), Actions((FORWARD_AGAIN, RETAIN_GRAPH))))
    return Section("The tape", (Sentence(text),))


def _freed_tensors(subject: Subject, node: NodeId, state: NodeState) -> list[str]:
    """What a spent node has given up; its numbers only where it saved nothing else."""
    freed = [chip.name for chip in state.saved if chip.freed]
    inputs = subject.session.graph.nodes[node].inputs
    tensors = [name for name in freed if isinstance(inputs.get(name), Wire) or name not in inputs]
    return list(dict.fromkeys(saved_text(subject, node, name) for name in tensors or freed))


# In code


def code_section(subject: Subject) -> Section | None:
    """The lines that would do this in a notebook, and what they would print."""
    node, here = subject.node, subject.here
    if here.value is None:
        return None
    if node.leaf is not None and here.grad is not None and subject.state.root is not None:
        lines = [f"{subject.name_of(subject.state.root)}.backward({_seed_text(subject)})", f"{node.name}.grad"]
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


def _seed_text(subject: Subject) -> str:
    """What ``backward`` was given: nothing where it was PyTorch's implicit 1."""
    seed = subject.state.seed
    if seed is None or (seed.ndim == 0 and seed == 1):
        return ""
    return leaf_expression(Leaf(seed)) if in_full(seed) else "..."


# Value and rule


def tensor_section(subject: Subject) -> Section | None:
    """What autograd knows about the tensor, and what of value and gradient is not printed elsewhere."""
    here = subject.here
    if here.value is None:
        return None
    facts = [("requires_grad", str(here.requires_grad)), ("is_leaf", str(here.is_leaf))]
    facts += [("grad_fn", " over ".join(reversed(here.grad_fn)))] if here.grad_fn else []
    facts += _saved_facts(subject)
    blocks: list[Block] = [Line("\n".join(_facts(facts)))]
    blocks += _outputs(subject)
    if subject.node.leaf is not None and here.grad is not None:
        blocks += [Sentence("value"), Printed(printing.tensor_text(here.value))]
        if here.stale:
            blocks.append(Sentence(f"{subject.name}.grad is from before the value was edited.", WARNING))
    elif here.gradient is not None and not emptied(subject):
        blocks += [Sentence("gradient that Backward brought here"), Printed(printing.tensor_text(here.gradient))]
    return Section("Tensor", tuple(blocks))


def _saved_facts(subject: Subject) -> Iterator[tuple[str, str]]:
    """What the tape still holds of what was saved here, and what Backward has freed."""
    for title, freed in (("saved", False), ("freed", True)):
        chips = (chip.name for chip in subject.here.saved if chip.freed is freed)
        names = list(dict.fromkeys(saved_text(subject, subject.node.id, name) for name in chips))
        if names:
            yield title, listed(names)


def _facts(facts: list[tuple[str, str]]) -> Iterator[str]:
    """A line for each fact, in two columns; what is too long for its column stands below its name, indented."""
    width = max(len(name) for name, _ in facts)
    for name, text in facts:
        long = len(text) > LONGEST_FACT
        yield f"{name}\n  " + text.replace(" over ", "\n  over ") if long else f"{name.ljust(width)}  {text}"


def _outputs(subject: Subject) -> Iterator[Block]:
    """Every result of an operation that has several."""
    if len(subject.here.values) > 1:
        for name, value in subject.here.values.items():
            yield Sentence(f"{subject.name}.{name}")
            yield Printed(printing.tensor_text(value))


def rule_section(subject: Subject) -> Section | None:
    """The operation's doc, and what it sends back to each input."""
    if subject.node.leaf is not None:
        return None
    operation = operation_of(subject.node.kind)
    rule = explain.node_rule_text(subject.session, subject.node.id)
    blocks: list[Block] = [Line(f"to {name}: {text}", "mono muted") for name, text in rule]
    blocks += _made_of(expansion.node_expansion(subject.session, subject.node.id))
    blocks = [*_of_an_example(subject, blocks), *blocks]
    return Section("The rule", (Sentence(operation.sentence), *blocks))


def _of_an_example(subject: Subject, told: list[Block]) -> Iterator[Block]:
    """Whose numbers there are in the rule as it is ``told``, where they are not this node's."""
    example = explain.rule_example(subject.session, subject.node.id)
    if example is None or not any(isinstance(block, Line) and re.search(r"\d", block.text) for block in told):
        return
    operation = operation_of(subject.node.kind)
    shapes = [shape_text(np.shape(each)) for each in example.inputs if each is not None]
    sockets = [socket.name for socket in operation.inputs]
    given = [f"{sockets[min(place, len(sockets) - 1)]} {shape}" for place, shape in enumerate(shapes)]
    given += [f"{name}={value!r}" for name, value in example.params.items()]
    yield Sentence(f"Sizes and numbers are those of an example: {listed(given)}.")


def _made_of(steps: expansion.Lines) -> Iterator[Block]:
    """The operations that a composite runs, with what each sends back under it."""
    if not steps:
        return
    if len(steps) == 1:
        yield Sentence("Made of one other operation.")
    else:
        yield Sentence("Made of other operations, in the order they run. Backward goes through them from the last.")
    for step in steps[:MOST_STEPS]:
        yield Line(step.text)
        if step.sends:
            yield Line("\n".join(f"to {name}: {formula}" for name, formula in step.sends), "mono muted")
    if len(steps) > MOST_STEPS:
        yield Sentence(f"and {len(steps) - MOST_STEPS} more")
