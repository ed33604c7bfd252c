"""What stands between a tensor's brackets, as NumPy takes it.

Whether such an index is legal, and what it picks, is the rule book's to say.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def plain_index(at: Any) -> Any:
    """``at`` with arrays for tensors and for sequences of places."""
    if isinstance(at, tuple):
        return tuple([_places(each) if isinstance(each, tuple) else plain_index(each) for each in at])
    return _places(at) if isinstance(at, (list, range)) else getattr(at, "_data", at)


def _places(listed: Any) -> NDArray[Any]:
    """A sequence of places as an array, of integers too where there are none."""
    array = np.asarray(listed)
    return array if array.size else array.astype(np.int64)
