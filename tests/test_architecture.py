"""The rules of the house that a reader can check by reading: docstrings, sizes, who mentions whom, no circles.

The floors themselves are import-linter contracts in pyproject.toml. Here stands what those cannot say.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import networkx
import pytest

ROOT = Path(__file__).parent.parent
PROGRAM = ("assets", "core", "gui")
LONGEST = 500
QT = {"PySide6", "shiboken6", "pyqtgraph"}


def modules(*folders: str) -> list[Path]:
    """The Python files in some of the folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def named(paths: Iterable[Path]) -> list[str]:
    """Paths as they read best in the message of a failed test."""
    return [path.relative_to(ROOT).as_posix() for path in paths]


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file; for `from m import n` both `m` and `m.n`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def import_name(path: Path) -> str:
    """core/ops/rule.py is chainrule.core.ops.rule."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(["chainrule", *(part for part in parts if part != "__init__")])


def strings(path: Path) -> set[str]:
    """The string constants of a file, its docstrings aside."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    constants = (node for node in ast.walk(tree(path)) if isinstance(node, ast.Constant) and id(node) not in docstrings)
    return {node.value for node in constants if isinstance(node.value, str)}


def test_every_module_opens_by_saying_what_it_is() -> None:
    silent = [path for path in modules(*PROGRAM, "scripts", "tests") if not ast.get_docstring(tree(path))]
    assert named(silent) == []


def test_every_package_has_an_init() -> None:
    """import-linter passes over a folder without one, and so would its contracts."""
    folders = {path.parent for path in modules(*PROGRAM)}
    assert named(folder for folder in folders if not (folder / "__init__.py").exists()) == []


def test_every_file_can_be_read_in_one_sitting() -> None:
    long = [path for path in modules(*PROGRAM, "scripts", "tests") if len(path.read_text().splitlines()) > LONGEST]
    assert named(long) == []


def test_every_room_of_the_core_stands_on_a_floor() -> None:
    """A module that no layer names is one that the floors say nothing about."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    floors = next(each["layers"] for each in contracts["contracts"] if each["name"].startswith("The floors"))
    rooms = {room.strip() for floor in floors for room in re.split(r"[|:]", floor)}
    homeless = [
        path
        for path in modules("core")
        if path.name != "__init__.py" and not any(f"{import_name(path)}.".startswith(f"{room}.") for room in rooms)
    ]
    assert named(homeless) == []


def test_the_core_mentions_neither_qt_nor_the_program() -> None:
    guilty = [
        path
        for path in modules("core")
        if any(name.split(".")[0] in QT or name.startswith("chainrule.gui") for name in imports(path))
    ]
    assert named(guilty) == []


def test_importing_the_core_loads_no_qt() -> None:
    code = (
        f"import sys, chainrule.core; sys.exit(str({QT!r} & sys.modules.keys()) if {QT!r} & sys.modules.keys() else 0)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_rule_book_knows_numpy_only() -> None:
    allowed = sys.stdlib_module_names | {"numpy"}
    foreign = {
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for path in modules("core/ops")
        for name in imports(path)
        if name.split(".")[0] not in allowed and not name.startswith("chainrule.core.ops")
    }
    assert foreign - {f"{path}: chainrule.core" for path in named(modules("core/ops"))} == set()


@pytest.mark.parametrize("path", modules("core/engine", "core/compile", "core/document"), ids=lambda path: path.stem)
def test_engine_compilers_and_document_name_no_operation(path: Path) -> None:
    """What is special about an operation stands in its record: nothing that reads records may ask which one it has.

    ``float`` and its like are names of dtypes first, and of operations only because torch has them as methods too; a
    wire in a file goes ``to`` its socket, and printing has a ``threshold``.
    """
    from chainrule.core.document import schema
    from chainrule.core.engine import dtypes, printing
    from chainrule.core.ops import registry

    types = dtypes.ALIASES.keys() | {each.name for each in dtypes.ALL}
    fields = {*schema.WireRecord.__struct_encode_fields__, *printing.PrintOptions.__dataclass_fields__}
    assert (strings(path) & registry.names().keys()) - types - fields == set()


def test_imports_run_in_no_circle() -> None:
    paths = {import_name(path): path for path in modules(*PROGRAM)}
    graph = networkx.DiGraph(
        (name, target) for name, path in paths.items() for target in imports(path) if target in paths
    )
    assert [sorted(circle) for circle in networkx.strongly_connected_components(graph) if len(circle) > 1] == []


def test_arrays_become_tensors_as_they_are() -> None:
    """The class itself, called, is torch's: it takes an array's numbers in the default dtype."""
    paths = modules(*PROGRAM, "scripts")
    calls = [(path, node.func) for path in paths for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    assert named(path for path, made in calls if isinstance(made, ast.Name) and made.id == "Tensor") == []
