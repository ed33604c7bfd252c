"""Where the tests of the document find random graphs and random edits."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "strategies"))
