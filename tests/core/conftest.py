"""Where the tests of the core find what PyTorch showed: the cases, the references, and what compares them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "references"))
