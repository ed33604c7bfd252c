"""Pictures of the window with every example after Backward: `python3 scripts/screenshots.py [FOLDER]`.

Both themes, at 1280 x 800 and at twice that resolution, into build/screenshots unless told otherwise. `--readme` makes
the two pictures in docs/ instead. How a picture is made is `chainrule snapshot`'s business.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import setup

ROOT = Path(setup.ROOT)
EXAMPLES = sorted((ROOT / "assets" / "examples").glob("*.chainrule"))
THEMES = ("dark", "light")


@dataclass(frozen=True)
class Picture:
    """One picture of the whole window: ``size`` as in "1280x800", each pixel of it ``scale`` wide."""

    example: Path
    target: Path
    theme: str
    size: str = "1280x800"
    scale: int = 1


def main() -> None:
    """Make the pictures, as many at a time as there are cores."""
    parser = argparse.ArgumentParser(prog="screenshots.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--readme", action="store_true", help="only the two pictures in docs/")
    options = parser.parse_args()
    setup.ensure()
    pictures = of_the_readme() if options.readme else of_every_example(options.folder)
    for picture in pictures:
        picture.target.parent.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failed = [
            picture.target.name for picture, made in zip(pictures, pool.map(take, pictures), strict=True) if not made
        ]
    if failed:
        sys.exit(f"not made: {', '.join(failed)}")


def of_the_readme() -> list[Picture]:
    """The first example in both themes."""
    first = ROOT / "assets" / "examples" / "linear_regression.chainrule"
    return [Picture(first, ROOT / "docs" / f"window-{theme}.png", theme, "1440x900") for theme in THEMES]


def of_every_example(folder: Path) -> list[Picture]:
    """Every example in both themes and both resolutions."""
    return [
        Picture(example, folder / f"{example.stem}-{theme}{'@2x' if scale == 2 else ''}.png", theme, scale=scale)
        for example in EXAMPLES
        for theme in THEMES
        for scale in (1, 2)
    ]


def take(picture: Picture) -> bool:
    """Whether ``picture`` could be made; what the program says against it goes to standard error."""
    root = json.loads(picture.example.read_text(encoding="utf-8"))["training"]["loss"]
    command = [setup.PYTHON, "-P", "-m", "chainrule.gui", "snapshot", str(picture.example), "-o", str(picture.target)]
    command += ["--window", "--theme", picture.theme, "--size", picture.size, "--scale", str(picture.scale)]
    return subprocess.call([*command, "--backward", root]) == 0


if __name__ == "__main__":
    main()
