"""The private environment: `.venv` with the pinned packages, and the links for type checkers.

Whether there is anything to do is decided in `setup.py`; what the operating system must bring stands in
`system_libraries.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys

from steps import StepError, execute, say

LINKED_FOLDERS = ("core", "gui", "assets")


def make_venv(venv: str, python: str, keep: bool) -> None:
    """An environment that a finished set-up left (`keep`) is brought up to date; anything else is made afresh."""
    if keep and version_of(python) == sys.version_info[:2]:
        return
    say("  a private environment, .venv")
    # Inside a virtual environment, build on the Python beneath it: this may be the very .venv that is being replaced.
    base = getattr(sys, "_base_executable", None) or sys.executable
    execute([base, "-m", "venv", "--clear", venv], "making the private environment .venv")


def version_of(python: str) -> tuple[int, int] | None:
    """The version of an environment's Python, or None where it or its pip does not run."""
    code = "import pip, sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    major, minor = answer.split()
    return int(major), int(minor)


def install_packages(root: str, python: str) -> None:
    """The pinned packages, then this checkout in editable form, built by the pinned setuptools, not by a newer."""
    say("  the packages pinned in constraints.txt")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    pip += ["--constraint", os.path.join(root, "constraints.txt")]
    try:
        execute([*pip, "setuptools"], "installing setuptools", cwd=root)
        execute([*pip, "--no-build-isolation", "--editable", ".[dev]"], "installing the packages", cwd=root)
    except StepError as error:
        raise StepError(
            f"{error}\nIt needs a network. Where there is one, the next call takes up the work again."
        ) from error


def make_links(root: str, links: str) -> None:
    """mypy and pyright cannot see through the package mapping, but they follow `.links/chainrule/{core,gui,assets}`."""
    os.makedirs(links, exist_ok=True)
    for name in LINKED_FOLDERS:
        link = os.path.join(links, name)
        if not os.path.lexists(link):
            link_folder(os.path.join(root, name), link)


def link_folder(target: str, link: str) -> None:
    """A symbolic link; a junction on Windows, where a symbolic link may need a privilege."""
    try:
        os.symlink(os.path.relpath(target, os.path.dirname(link)), link, target_is_directory=True)
    except OSError as error:
        if sys.platform != "win32":
            raise StepError(f"the link {link} cannot be made: {error}") from error
        import _winapi

        _winapi.CreateJunction(target, link)
