"""What the engine's walks did, in order: plain records of the beats of forward, backward, zero-grad and step.

Everything that moves on the screen is one of these. They share arrays that do not change; since ``.grad`` accumulates
in place, an accumulation keeps its contribution, and whoever replays it adds it up again.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
Label = Hashable  # what the caller calls the thing that was running: a node's id in a graph, None in a script


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """Forward reached ``label``: its results by output name ("" for a single one), and what the tape kept of it.

    ``grad_fn`` lists the backward nodes it made, in the order they ran; empty where nothing is tracked. ``saved`` names
    what they keep for backward: input sockets, or "result". ``warnings`` are what PyTorch would have printed.
    """

    label: Label
    values: dict[str, Array]
    requires_grad: bool
    grad_fn: tuple[str, ...] = ()
    saved: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Seeded:
    """Backward began at ``label`` with the vector ``gradient`` (shape of that node's output); ``number`` counts
    passes.
    """

    label: Label
    gradient: Array
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """One contribution, in its receiver's shape: through ``socket`` to the output ``output`` of ``to``.

    ``socket`` is None between two backward nodes of one card.
    """

    socket: str | None
    to: Label
    contribution: Array


@dataclass(frozen=True, slots=True, eq=False)
class Propagated:
    """Backward node ``index`` of ``label``, called ``grad_fn``, received ``upstream`` and sent contributions on.

    ``freed`` names what it had saved and has now given up (empty under ``retain_graph``).
    """

    label: Label
    index: int
    grad_fn: str
    upstream: Array
    sent: tuple[Sent, ...]
    freed: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Accumulated:
    """AccumulateGrad added ``contribution`` (the leaf's shape and dtype) to the ``.grad`` of ``label``, in pass
    ``number``.
    """

    label: Label
    contribution: Array
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Stopped:
    """Backward could not go on at ``label``: ``message`` is PyTorch's text. What was accumulated before it stands."""

    label: Label
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Zeroed:
    """``zero_grad`` emptied the ``.grad`` of ``label``: to None, or to zeros."""

    label: Label
    to_none: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Stepped:
    """The optimiser changed the value of the leaf ``label`` from ``before`` to ``after``."""

    label: Label
    before: Array
    after: Array


Beat = Computed | Seeded | Propagated | Accumulated | Stopped | Zeroed | Stepped


class Recording:
    """An append-only list of beats; pass one to a backward walk and it is filled. ``number`` is the pass's."""

    def __init__(self, number: int = 1) -> None:
        self.number = number
        self.beats: list[Beat] = []

    def add(self, beat: Beat) -> None:
        self.beats.append(beat)
