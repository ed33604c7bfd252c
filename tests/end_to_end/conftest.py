"""A virtual screen for each test, and Chainrule on it. Without Xvfb these tests fail: they are not optional."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path += [str(HERE), str(ROOT / "scripts")]

from driver import Program  # noqa: E402
from screen import Screen  # noqa: E402
from virtual_display import virtual_display  # noqa: E402

Start = Callable[..., Program]


@pytest.fixture
def screen() -> Iterator[Screen]:
    """A screen of its own, so that no test shares its pointer with another, or with a person."""
    with virtual_display() as name:
        yield Screen(name)


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Start]:
    """Starts Chainrule with the arguments of a command line; at the end, no run may have written a traceback."""
    programs: list[Program] = []

    def started(*arguments: str) -> Program:
        programs.append(Program(screen, tmp_path, *arguments))
        return programs[-1]

    yield started
    for program in programs:
        assert "Traceback" not in program.close()


@pytest.fixture
def example() -> Callable[[str], str]:
    """The path of a shipped example."""
    return lambda name: str(ROOT / "assets" / "examples" / f"{name}.chainrule")
