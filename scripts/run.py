"""Starts Chainrule from a checkout: `python3 scripts/run.py [ARGS]` is `chainrule ARGS`, set up on first use.

Only the start; the set-up lives in `setup.py`, the program in gui/ and core/.
"""

from __future__ import annotations

import os
import sys

import setup


def main() -> None:
    """Make sure that the environment is there, then become the program."""
    setup.ensure()
    # -P: a folder called core/ where the user happens to stand must not come before the program's own modules.
    command = [setup.PYTHON, "-P", "-m", "chainrule.gui", *sys.argv[1:]]
    if sys.platform == "win32":
        import subprocess

        # Windows has no exec that keeps the console's hold on the program.
        sys.exit(subprocess.call(command))
    os.execv(setup.PYTHON, command)


if __name__ == "__main__":
    main()
