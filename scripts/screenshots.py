"""Pictures of the window with every example after Backward: `python3 scripts/screenshots.py [FOLDER]`.

Both themes, at 1280 x 800 and at twice that resolution, into build/screenshots unless told otherwise. `--readme` makes
the two pictures in docs/ instead. How a picture is made is `chainrule snapshot`'s business.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import setup

ROOT = Path(setup.ROOT)
EXAMPLES = ROOT / "assets" / "examples"
THEMES = ("dark", "light")


def main() -> None:
    """Make the pictures in the private environment."""
    setup.ensure()
    if os.path.abspath(sys.prefix) != os.path.abspath(setup.VENV):
        os.execv(setup.PYTHON, [setup.PYTHON, os.path.abspath(__file__), *sys.argv[1:]])
    parser = argparse.ArgumentParser(prog="screenshots.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--readme", action="store_true", help="only the two pictures in docs/")
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if options.readme:
        for theme in THEMES:
            picture(
                EXAMPLES / "linear_regression.chainrule", ROOT / "docs" / f"window-{theme}.png", theme, "1440x900", 1
            )
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    for example in sorted(EXAMPLES.glob("*.chainrule")):
        for theme in THEMES:
            for scale in (1, 2):
                target = options.folder / f"{example.stem}-{theme}{'@2x' if scale == 2 else ''}.png"
                picture(example, target, theme, "1280x800", scale)
    print(options.folder)


def picture(example: Path, target: Path, theme: str, size: str, scale: int) -> None:
    """One picture of the whole window; SystemExit if it cannot be made."""
    from chainrule.gui import snapshot

    training = json.loads(example.read_text(encoding="utf-8"))["training"]
    arguments = [str(example), "-o", str(target), "--window", "--theme", theme, "--size", size, "--scale", str(scale)]
    if snapshot.main([*arguments, "--backward", training["loss"]]):
        sys.exit(f"{target.name} was not made")


if __name__ == "__main__":
    main()
