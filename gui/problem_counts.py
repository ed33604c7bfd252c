"""How many nodes have a problem, as the tab of problems and the inspector's overview say it.

A node whose socket is still empty is unfinished, not wrong: a graph that is being drawn has some all the time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from chainrule.core.run.timeline import State


@dataclass(frozen=True, slots=True)
class ProblemCounts:
    """How many nodes are ``wrong``; those that merely wait for another are not counted."""

    wrong: int
    warnings: int
    unfinished: int

    @property
    def besides(self) -> list[str]:
        """What is not wrong, in words: ``["1 warning", "3 unfinished"]``, without what there is none of."""
        warned = [f"{self.warnings} warning{'s' * (self.warnings != 1)}"] if self.warnings else []
        return warned + ([f"{self.unfinished} unfinished"] if self.unfinished else [])


def problem_counts(state: State) -> ProblemCounts:
    """The counts of ``state``."""
    kinds = Counter(here.problem.kind for here in state.nodes.values() if here.problem is not None)
    return ProblemCounts(kinds["error"], kinds["warning"], kinds["incomplete"])
