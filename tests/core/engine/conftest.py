"""Where the tests of the engine find what draws the inputs of operations."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "ops"))
