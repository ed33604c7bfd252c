"""Where the tests of the rule book find what draws inputs and takes differences."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
