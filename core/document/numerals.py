"""Numbers as text: the shortest that reads back to the same bits, with "nan", "inf" and "-inf" as strings.

JSON has no words for those three. A number's dtype stands beside it in the file, never in its text.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def to_json(array: Array) -> Any:
    """``array`` as nested lists of what JSON can hold; a 0-d array as one number."""
    flat = array.ravel()
    if array.dtype.kind == "f":
        cells: list[Any] = [_float(each) for each in flat]
    else:
        cells = flat.tolist()
    for length in reversed(array.shape[1:]):
        cells = [cells[start : start + length] for start in range(0, len(cells), length)] if length else []
    return cells if array.ndim else cells[0]


def _float(number: np.floating[Any]) -> float | str:
    """A Python float whose shortest text, read back and rounded to the dtype of ``number``, has the same bits."""
    exact = float(number)
    if not math.isfinite(exact):
        return plain(exact)  # type: ignore[no-any-return]
    short = float(str(number))
    return short if number.dtype.type(short) == number else exact


def plain(value: Any) -> Any:
    """A parameter, literal or setting as JSON can hold it: tuples as lists, numbers that are not finite as strings."""
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value


def from_json(value: Any) -> Any:
    """What ``plain`` and ``to_json`` made, with the three strings turned back into numbers; other strings stay."""
    if not isinstance(value, list):
        return NOT_FINITE.get(value, value) if isinstance(value, str) else value
    root: list[Any] = list(value)
    stack = [root]
    while stack:
        level = stack.pop()
        for place, each in enumerate(level):
            if isinstance(each, list):
                level[place] = list(each)
                stack.append(level[place])
            elif isinstance(each, str):
                level[place] = NOT_FINITE.get(each, each)
    return root
