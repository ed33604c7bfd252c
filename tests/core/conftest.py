"""Where the tests of the core find what several of them share: graphs, steps, and what PyTorch showed."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path += [str(HERE), str(HERE / "run"), str(HERE / "references")]
