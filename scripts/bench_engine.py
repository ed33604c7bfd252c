"""How fast the engine trains: `python3 scripts/bench.py engine [--seed N] [--quick] [--json] [--only PART ...]`.

Fixed workloads and random ones, run in turns by Chainrule's loops and by PyTorch, JAX, HIPS autograd and MyGrad where
they are installed in this Python; then how cost grows. To take a Python that has them, call this file itself:
`PYTHON scripts/bench_engine.py`; NumPy, msgspec and networkx must be there too. All have one thread.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("fixed", "random", "chains", "elements", "memory", "eager")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def main(arguments: list[str]) -> None:
    """Measure, and print part by part, or one JSON object with ``--json``."""
    parser = argparse.ArgumentParser(prog="bench.py engine", description="How fast the engine trains.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--seed", type=int, default=0, help="of the random workloads")
    parser.add_argument("--quick", action="store_true", help="a rough answer within a few minutes")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="these parts")
    options = parser.parse_args(arguments)
    prepare()
    engine_parts: Any = importlib.import_module("engine_parts")
    tables: Any = importlib.import_module("engine_tables")
    effort = engine_parts.QUICK if options.quick else engine_parts.Effort()
    about = {"seed": options.seed, **asdict(effort), "versions": engine_parts.versions()}
    parts = measure(engine_parts, [name for name in PARTS if name in options.only], effort, options.seed)
    if options.json:
        print(json.dumps(as_json(about, list(parts)), indent=1))
        return
    print(tables.heading(about))
    targets: list[Any] = []
    for part in parts:
        print(f"\n{part.text}", flush=True)
        targets += part.targets
    if targets:
        print(f"\n{tables.target_table(targets)}")


def prepare() -> None:
    """One thread for everybody, which must be said before NumPy is imported; this checkout where none is installed."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    sys.path.append(str(ROOT / ".links"))


def measure(engine_parts: Any, names: Sequence[str], effort: Any, seed: int) -> Iterator[Any]:
    """The parts called ``names``, one after the other."""
    for name in names:
        yield engine_parts.PARTS[name](effort, seed)


def as_json(about: dict[str, Any], parts: Sequence[Any]) -> dict[str, Any]:
    """Everything that was found."""
    targets = [asdict(target) | {"met": target.met} for part in parts for target in part.targets]
    return {**about, **{part.name: part.data for part in parts}, "targets": targets}


if __name__ == "__main__":
    main(sys.argv[1:])
