"""The command ``chainrule``: headless sub-commands go to ``core.cli`` before Qt is imported, others open a window."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

HEADLESS = {"run", "train", "check", "validate"}
COMMANDS = (*sorted(HEADLESS), "snapshot")

COMMANDS_HELP = """commands (each has its own --help):
  run FILE         forward and, if asked, backward, without a window
  train FILE       the epoch loop that the file describes
  check FILE       compare every gradient with finite differences
  validate FILE    is it a sound graph file?
  snapshot FILE    a picture of the canvas
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line ``arguments`` and return the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in HEADLESS:
        from chainrule.core import cli

        return int(cli.main(given))
    if given and given[0] == "snapshot":
        from chainrule.gui import snapshot

        return snapshot.main(given[1:])
    if given and (reason := _mistyped(given)):
        print(f"chainrule: {reason}", file=sys.stderr)
        return 2
    options = _parser().parse_args(given)
    if reason := _why_no_window(options.file):
        print(f"chainrule: {reason}", file=sys.stderr)
        return 2
    from chainrule.gui import start

    return start.start(options.file, options.state_file)


def _mistyped(given: Sequence[str]) -> str:
    """What is wrong with a first word that looks like a command and is none; empty where it is a file or an option."""
    word = given[0]
    if word.startswith("-") or Path(word).suffix or Path(word).exists():
        return ""
    from chainrule.core.document.spelling import did_you_mean

    return f"there is no file or command called {word}{did_you_mean(word, COMMANDS)}"


def _why_no_window(file: Path | None) -> str:
    """What is wrong before there is a window in which it could be said; empty where nothing is."""
    displays = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in displays):
        missing = "" if file is None or file.exists() else f"there is no file {file}, and "
        return f"{missing}there is no display to open a window on; the commands in --help need none"
    return ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chainrule",
        description="See automatic differentiation happen. Without a command, opens the window.",
        epilog=COMMANDS_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the graph file to open")
    parser.add_argument(
        "--state-file", type=Path, metavar="PATH", help="write what is shown to PATH after every change"
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    return parser


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("chainrule")
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
