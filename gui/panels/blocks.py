"""What the inspector can say, as plain data: sentences, sums of boxes, local derivatives, paths, verdicts, code.

Nothing is drawn here (that is ``block_views``) and nothing is worked out (that is ``inspector_sections``).
"""

from __future__ import annotations

from dataclasses import dataclass

from chainrule.core.run.problems import Repair

MUTED = "muted"
PLAIN = "strong"
WARNING = "warning"
ERROR = "mono error"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph; ``tone`` is the role of its label."""

    text: str
    tone: str = MUTED


@dataclass(frozen=True, slots=True)
class Line:
    """One line of numbers in the number font."""

    text: str
    tone: str = "mono"


@dataclass(frozen=True, slots=True)
class Box:
    """A number with what it is called under it. ``sign`` (+1, 0, -1) colours a gradient; else None.

    ``note`` stands small beside the number: the shape of what is too large to be written.
    """

    value: str
    caption: str
    sign: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Equation:
    """Boxes with a sign between neighbours: ``len(signs) == len(boxes) - 1``."""

    boxes: tuple[Box, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Derivative:
    """A local derivative: d ``over`` by d ``under``, then what it equals, in turn."""

    over: str
    under: str
    equals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a path's product: which step it is (``loss←error``) and its number."""

    step: str
    value: str


@dataclass(frozen=True, slots=True)
class PathProduct:
    """The factors along one path and their product, with its sign."""

    factors: tuple[Factor, ...]
    product: str
    sign: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a check; ``ok`` is None while it is being worked out."""

    ok: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Actions:
    """Buttons, each with the command of the editor that it runs."""

    buttons: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A tensor as PyTorch prints it, in one line or several that stand under each other."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Lines of code; those in ``printed`` (by place) are what it prints."""

    lines: tuple[str, ...]
    printed: frozenset[int] = frozenset()


Block = Sentence | Line | Equation | Derivative | PathProduct | Verdict | Actions | Printed | Code


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]
