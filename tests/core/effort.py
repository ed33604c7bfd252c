"""How hard tests with drawn inputs try: few examples in every run, as many times more as CHAINRULE_SOAK says."""

from __future__ import annotations

import os

SOAK = int(os.environ.get("CHAINRULE_SOAK") or 1)


def examples(few: int) -> int:
    """How many examples to draw where a common run draws ``few``."""
    return few * SOAK
