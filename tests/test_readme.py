"""What README.md shows is what happens: its Python example runs and prints what its comments say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def example() -> str:
    """The one block of Python in the README."""
    [block] = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    return str(block)


def test_the_example_prints_what_its_comments_say(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", example()], cwd=tmp_path, capture_output=True, text=True)
    assert run.stderr == ""
    assert run.stdout.splitlines() == re.findall(r"^print\(.*\)  # (.*)$", example(), flags=re.MULTILINE)


def test_every_link_and_picture_is_there() -> None:
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]
    assert targets
    for target in targets:
        assert (ROOT / target).exists(), target


def test_every_folder_it_names_is_there() -> None:
    folders = re.findall(r"^\| `([\w/]+)` \|", README, flags=re.MULTILINE)
    assert folders
    for folder in folders:
        assert (ROOT / folder).is_dir(), folder
