"""The examples that the program brings along: where they are, what they are called, and what they are made of."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

FIRST_EXAMPLE = "linear_regression.chainrule"


@dataclass(frozen=True)
class Example:
    """A shipped graph: where it is, what it is called, and the line that says where it comes from."""

    path: Path
    title: str
    source: str


def examples_folder() -> Path:
    return Path(str(files("chainrule.assets").joinpath("examples")))


def examples() -> list[Example]:
    """The shipped examples in the order of their files; one whose description cannot be read goes by its file name."""
    return [_described(path) for path in _paths()]


@cache
def common_kinds() -> tuple[str, ...]:
    """The kinds of nodes that the examples are made of, those in most of them first."""
    found: Counter[str] = Counter()
    for path in _paths():
        found.update({str(node.get("kind")) for node in _content(path).get("nodes", ())})
    return tuple(kind for kind, _ in found.most_common())


def _paths() -> list[Path]:
    return sorted(examples_folder().glob("*.chainrule"))


def _described(path: Path) -> Example:
    about = _content(path).get("about", {})
    return Example(path, about.get("title") or path.stem.replace("_", " "), about.get("source", ""))


def _content(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        content = None
    return content if isinstance(content, dict) else {}
