"""The benchmarks: `python3 scripts/bench.py [engine|eager|startup] [--json]`, and what else each of them takes.

Only the choice; each benchmark is a module `bench_NAME.py` beside this one, with a `main` that takes the arguments.
"""

from __future__ import annotations

import importlib
import os
import sys

import setup

BENCHMARKS = ("engine", "eager", "startup")


def main() -> None:
    """Run the chosen benchmark, or all, in the private environment."""
    setup.ensure()
    if os.path.abspath(sys.prefix) != os.path.abspath(os.path.dirname(os.path.dirname(setup.PYTHON))):
        os.execv(setup.PYTHON, [setup.PYTHON, os.path.abspath(__file__), *sys.argv[1:]])
    chosen = [name for name in sys.argv[1:] if name in BENCHMARKS]
    arguments = [argument for argument in sys.argv[1:] if argument not in chosen]
    for name in chosen or BENCHMARKS:
        importlib.import_module(f"bench_{name}").main(arguments)


if __name__ == "__main__":
    main()
