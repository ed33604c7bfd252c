"""Whether what is installed is what stands in the folders: packages, data, pins, and a PySide6 that is sound.

How the parts depend on each other is `test_architecture.py`'s question.
"""

from __future__ import annotations

import importlib.metadata
import importlib.resources
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
FOLDERS = ("assets", "core", "gui")
PIN = re.compile(r"([A-Za-z0-9][\w.-]*)==([\w.!+]+)")


def folders_with_modules() -> Iterator[str]:
    """The packages that stand in the folders, by their import names."""
    for folder in FOLDERS:
        for path in {module.parent for module in (ROOT / folder).rglob("*.py")}:
            yield ".".join(["chainrule", *path.relative_to(ROOT).parts])


def pins() -> dict[str, str]:
    """constraints.txt as a mapping; a line that is not a plain pin fails the test that reads it."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [
        PIN.fullmatch(line) or pytest.fail(f"not a plain pin: {line}") for line in lines if line[:1] not in ("", "#")
    ]
    return {canonicalize_name(pin[1]): pin[2] for pin in found}


def requirements(name: str, extras: frozenset[str] = frozenset()) -> Iterator[Requirement]:
    """What an installed distribution requires here, with the extras asked for."""
    for text in importlib.metadata.requires(name) or []:
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras | {""}):
            yield requirement


def everything_required() -> set[str]:
    """The names of all that `chainrule[dev]` pulls in, directly and through others."""
    found: set[str] = set()
    waiting = list(requirements("chainrule", frozenset({"dev"})))
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name not in found:
            found.add(name)
            waiting += requirements(name, frozenset(requirement.extras))
    return found


def test_every_package_is_listed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert sorted(project["tool"]["setuptools"]["packages"]) == sorted(folders_with_modules())


def test_everything_required_is_pinned_and_installed_as_pinned() -> None:
    installed = {name: importlib.metadata.version(name) for name in everything_required()}
    assert installed == {name: version for name, version in pins().items() if name in installed}


def test_nothing_is_pinned_that_nobody_requires() -> None:
    windows_only = {"colorama"}
    assert set(pins()) - everything_required() <= windows_only


def test_pyside_keeps_its_references_to_none() -> None:
    """PySide6 6.12.0 on Python 3.11 drops one with each call that returns nothing, and in the end aborts."""
    from PySide6.QtGui import QPainterPath

    path = QPainterPath()
    before = sys.getrefcount(None)
    for _ in range(100):
        path.moveTo(1, 2)
    assert abs(sys.getrefcount(None) - before) < 50


def test_assets_are_found_as_resources() -> None:
    resources = importlib.resources.files("chainrule.assets")
    assert resources.joinpath("__init__.py").is_file()


def test_the_command_starts_the_program() -> None:
    (command,) = importlib.metadata.entry_points(group="console_scripts", name="chainrule")
    assert callable(command.load())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """A wheel built from a copy of the sources, so that building leaves nothing behind in the checkout."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    code = "from setuptools import build_meta; build_meta.build_wheel('.')"
    subprocess.run([sys.executable, "-c", code], cwd=source, check=True, capture_output=True)
    (built,) = source.glob("*.whl")
    return zipfile.ZipFile(built)


def test_the_wheel_puts_everything_under_chainrule(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"chainrule"}


def test_the_wheel_holds_every_file(wheel: zipfile.ZipFile) -> None:
    files = {path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()}
    expected = {"chainrule/" + path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    assert expected - set(wheel.namelist()) == set()
