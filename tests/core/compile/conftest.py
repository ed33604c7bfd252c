"""Where the tests of the compilers find each other's helpers, and what draws the inputs of operations."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path += [str(HERE), str(HERE.parent / "ops")]
