"""Problems: what is wrong at a node, in PyTorch's words where it has them, in plain ones, and what mends it.

The plain meanings are found by the wording of the message, so that whatever raised it need not know about them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chainrule.core.document.graph import Graph


@dataclass(frozen=True, slots=True)
class Repair:
    """A one-click repair: what the button says, and the name of the command it runs with its argument."""

    label: str
    command: str
    argument: Any = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a node: ``message`` in PyTorch's words where PyTorch has them, ``meaning`` in plain ones.

    ``kind`` is "error", "incomplete" (a socket waits for a wire), "waiting" (something upstream has a problem) or
    "warning" (there is a value, but hardly the one that was meant).
    """

    kind: str
    message: str
    meaning: str = ""
    socket: str = ""
    repairs: tuple[Repair, ...] = ()


class RunError(RuntimeError):
    """A run that cannot be made; ``node`` is the name of the node where it fails ("" where it is none)."""

    def __init__(self, message: str, node: str = "") -> None:
        super().__init__(message)
        self.node = node


def require_graph(given: Any, who: str) -> None:
    """TypeError where ``who`` is not given a graph, but a file's name, say."""
    if not isinstance(given, Graph):
        raise TypeError(f"{who} takes a Graph, but got {type(given).__name__}; load_graph reads one from a file")


FORWARD_AGAIN = Repair("Forward again", "forward")
RETAIN_GRAPH = Repair("Retain graph", "retain_graph")
SEED_ONES = Repair("Seed of ones", "seed_ones")

# What messages mean, by how they begin or what they contain; the first that fits is taken.
_MEANINGS: tuple[tuple[str, str], ...] = (
    (
        "optimizer got an empty parameter list",
        "No leaf above the loss requires a gradient, so nothing would learn.",
    ),
    (
        "that is different to the input size",
        "The two sides have different shapes and were broadcast: every element of one is compared with every element "
        "of the other. Bring them to one shape, with squeeze, unsqueeze or reshape.",
    ),
    (
        "Trying to backward through the graph a second time",
        "An earlier backward has used up what this node saved on the way forward. Run forward again, or keep what "
        "is saved with retain_graph.",
    ),
    (
        "derivative for",
        "PyTorch tracks this result but has no derivative of the operation, so nothing can be sent back through it. "
        "Divide without rounding, or detach what goes in.",
    ),
    (
        "does not require grad and does not have a grad_fn",
        "Nothing that this value was computed from requires a gradient, so there is nothing to send one to.",
    ),
    (
        "grad can be implicitly created only for scalar outputs",
        "This output has several elements. Say how much each of them counts: give backward a seed of the same shape, "
        "or reduce the output to one number with sum or mean.",
    ),
    (
        "Mismatch in shape: grad_output",
        "The seed given to backward must have exactly the shape of the output that it starts from.",
    ),
    (
        "The size of tensor a",
        "The shapes do not fit: compared from the last dimension, each pair of sides must be equal or one of them 1.",
    ),
    (
        "shapes cannot be multiplied",
        "The columns of the first matrix must be as many as the rows of the second.",
    ),
    ("size mismatch", "In a matrix product, the inner sides must be equal."),
    ("inconsistent tensor size", "A dot product needs two vectors of the same length."),
    ("to have the same dtype", "A matrix product does not convert: both tensors must have one dtype."),
    ("Dimension out of range", "There is no such dimension: count from 0, or from -1 backwards."),
    ("is invalid for input of size", "The new shape must hold exactly as many elements as there are."),
    ("must be Tensor, not", "A tensor has to stand here; a plain number will not do."),
    ("could not infer output dtype", "The mean of integers is not defined; make the tensor a floating-point one."),
    ("has been modified by an inplace operation", "A value that backward needs was changed after it was saved."),
    ("Sizes of tensors must match", "The tensors may differ only along the dimension in which they are joined."),
    ("stack expects each tensor to be equal size", "Only tensors of one shape can be stacked."),
    ("out of bounds", "An index lies beyond the end of the tensor, or a class beyond the last one."),
    ("can require gradients", "Only numbers that can change a little have a derivative: use a floating-point dtype."),
)


def meaning_of(message: str) -> str:
    """What ``message`` means in plain words; "" where there is nothing to add."""
    return next((meaning for part, meaning in _MEANINGS if part in message), "")


def failed(error: BaseException) -> Problem:
    """The problem of a node whose operation raised ``error``."""
    message = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, KeyError):
        message = f"there is no {error}"
    return Problem("error", message, meaning_of(message))


def incomplete(node: str, socket: str, *, number: bool) -> Problem:
    """The problem of a node that has nothing in a socket it needs; a plain ``number`` may stand in some."""
    way_out = "Wire a tensor into it or type a number." if number else "Wire a tensor into it."
    return Problem("incomplete", f"{socket} of {node} is not connected", way_out, socket)


def waiting(source: str, socket: str) -> Problem:
    """The problem of a node that gets nothing from ``source``, which has a problem itself."""
    return Problem("waiting", f"waiting for {source}", f"{source} has no value yet.", socket)


def stopped(message: str, leaves: tuple[tuple[int, str], ...] = ()) -> Problem:
    """The problem where backward stopped; ``leaves``, as (id, name), are those that could require a gradient."""
    repairs: tuple[Repair, ...] = ()
    if message.startswith("Trying to backward"):
        repairs = (FORWARD_AGAIN, RETAIN_GRAPH)
    elif "implicitly created" in message:
        repairs = (SEED_ONES,)
    elif "does not require grad" in message:
        repairs = tuple(Repair(f"Turn on requires_grad for {name}", "requires_grad", i) for i, name in leaves)
    return Problem("error", message, meaning_of(message), repairs=repairs)


def warned(warnings: tuple[str, ...]) -> Problem | None:
    """What an operation warned of, where it did."""
    return Problem("warning", warnings[0], meaning_of(warnings[0])) if warnings else None
