"""The tests that draw their inputs, with many more examples than a common run: `python3 scripts/soak.py 20`.

The first argument says how many times more; what follows goes to pytest, in place of the folders that it would run.
"""

from __future__ import annotations

import os
import subprocess
import sys

import setup
from test import ENVIRONMENT

DRAWN = ["tests/core/compile", "tests/core/ops/test_every_drawn.py"]
# Making a failure small takes minutes, and so does one test with so many examples.
TIMEOUT_S = 36_000


def main() -> None:
    """Set up, then pytest."""
    setup.ensure()
    os.chdir(setup.ROOT)
    times, arguments = (sys.argv[1] if len(sys.argv) > 1 else "10"), sys.argv[2:] or DRAWN
    command = [setup.PYTHON, "-m", "pytest", "-q", "-n", "auto", f"--timeout={TIMEOUT_S}", *arguments]
    sys.exit(subprocess.call(command, env={**os.environ, **ENVIRONMENT, "CHAINRULE_SOAK": times}))


if __name__ == "__main__":
    main()
