#!/usr/bin/env python3
"""Records what PyTorch does in the cases of tests/core/references, which the tests hold Chainrule against.

Run by hand, with a Python that has PyTorch of the version named here; nothing else in the project needs it.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSION = "2.13.0"


def main() -> int:
    """Record the subjects named, or all; 1 if this Python's PyTorch is not the one to record."""
    sys.path.append(str(ROOT / "tests" / "core" / "references"))
    transcript = importlib.import_module("transcript")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subjects", nargs="*", help=f"of {', '.join(transcript.subjects())}")
    wanted = parser.parse_args().subjects or transcript.subjects()
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        print(f"This Python has no PyTorch. Install torch=={VERSION} in an environment of its own.", file=sys.stderr)
        return 1
    if torch.__version__.split("+")[0] != VERSION:
        print(f"This is PyTorch {torch.__version__}; the references are of {VERSION}.", file=sys.stderr)
        return 1
    for subject in wanted:
        recorded = {name: transcript.run(source, torch) for name, source in transcript.cases(subject).items()}
        (transcript.HERE / f"{subject}.json").write_text(transcript.dump(recorded), encoding="utf-8")
        print(f"{subject}: {len(recorded)} cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
