"""What the checks came to: outcomes, the tests behind them (read from pytest's JUnit file), and the table at the end.

Nothing is run here, and nothing decides which checks there are: that is `test.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from xml.etree import ElementTree

# A test that may be skipped says so in its reason: "optional: WHAT, WHY" (the marker `optional` of tests/conftest.py).
DECLARED_OPTIONAL = re.compile(r"optional: ([^'\"\n]+)")


class Outcome(Enum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "FAILED"
    NOT_RUN = "not run"


@dataclass
class Tests:
    """The tests of one pytest run, counted; skipped ones by their reason."""

    passed: int = 0
    failed: int = 0
    optional: Counter[str] = field(default_factory=Counter)
    undeclared: Counter[str] = field(default_factory=Counter)

    @property
    def skipped(self) -> int:
        return self.optional.total() + self.undeclared.total()

    def __add__(self, other: Tests) -> Tests:
        return Tests(
            self.passed + other.passed,
            self.failed + other.failed,
            self.optional + other.optional,
            self.undeclared + other.undeclared,
        )

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


@dataclass
class Check:
    """One check that was to be made, and what came of it."""

    name: str
    outcome: Outcome
    seconds: float = 0.0
    note: str = ""
    tests: Tests = field(default_factory=Tests)


def read_junit(path: str) -> Tests:
    """Count the tests of a JUnit file; a run that died before it could write one has none."""
    tests = Tests()
    try:
        cases = ElementTree.parse(path).iter("testcase")
    except (OSError, ElementTree.ParseError):
        return tests
    for case in cases:
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            tests.failed += 1
        elif skip is None or skip.get("type") == "pytest.xfail":  # an expected failure did what was expected
            tests.passed += 1
        else:
            count_skip(tests, f"{case.get('classname')}.{case.get('name')}", skip)
    return tests


def count_skip(tests: Tests, name: str, skip: ElementTree.Element) -> None:
    """A skip is optional only if its reason declares it."""
    text = f"{skip.get('message')}\n{skip.text}"
    declared = DECLARED_OPTIONAL.search(text)
    if declared:
        tests.optional[declared[1].strip()] += 1
    else:
        tests.undeclared[f"{name}: {skip.get('message')}"] += 1


def gaps(checks: Iterable[Check]) -> list[str]:
    """What a run lacks for being complete: checks that did not run, tests skipped without saying that they may be."""
    found = []
    for check in checks:
        if check.outcome is Outcome.NOT_RUN:
            found.append(f"{check.name} did not run: {check.note}")
        found += [f"{check.name} skipped {reason}" for reason in check.tests.undeclared]
    return found


def table(checks: Iterable[Check]) -> str:
    """One line a check."""
    return "\n".join(
        f"  {check.name:<16} {check.outcome.value:<8} {check.seconds:6.1f} s  {check.note}".rstrip() for check in checks
    )
