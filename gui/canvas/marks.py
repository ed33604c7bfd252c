"""What is drawn on a card besides what it shows: selection, focus, now, and what a gesture wants to say about it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Marks:
    """``lit`` and ``dimmed`` name sockets as (side, name): those a wire under way would fit, and those it would not.

    ``filling`` is how far the last slab of the tank has been poured in; ``chip`` is the saved tensor in use just now.
    """

    selected: bool = False
    focused: bool = False
    now: bool = False
    hovered: str = ""
    problem: str = ""
    lit: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    dimmed: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    filling: float = 1.0
    chip: str = ""
    faded: bool = False


PLAIN = Marks()
