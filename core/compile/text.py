"""Values as they stand in a source: literals, indices, dtypes.

What the lines say is ``emission``'s, ``blocking``'s and ``fused``'s.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from chainrule.core.compile.tracing import Traced


@cache
def dtype_text(dtype: np.dtype[Any]) -> str:
    """A dtype as NumPy's own attribute, or Python's ``bool``."""
    return "bool" if dtype == np.bool_ else f"np.{dtype.name}"


def index_text(at: Any, name: Callable[[Any], str] = repr) -> str:
    """An index as it stands between brackets; with ``...``, an element too is picked as an array."""
    parts = [_index(each, name) for each in (at if isinstance(at, tuple) else (at,))]
    single = all(isinstance(each, (int, np.integer)) for each in (at if isinstance(at, tuple) else (at,)))
    return ", ".join([*parts, "..."] if single else parts)


def _index(part: Any, name: Callable[[Any], str]) -> str:
    if isinstance(part, slice):
        start, stop, by = ("" if each is None else str(int(each)) for each in (part.start, part.stop, part.step))
        return f"{start}:{stop}:{by}" if by else f"{start}:{stop}"
    return name(part) if isinstance(part, (np.ndarray, Traced)) else literal(part)


def literal(value: Any) -> str:
    """A setting of a call: numbers, shapes, slices, dtypes, ufuncs, words."""
    if isinstance(value, slice):
        return f"slice({value.start}, {value.stop}, {value.step})"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    if value is Ellipsis:
        return "..."
    if isinstance(value, np.dtype):
        return dtype_text(value)
    if isinstance(value, type) and issubclass(value, np.generic):
        return f"np.{value.__name__}"
    if isinstance(value, np.integer):
        return str(int(value))
    if isinstance(value, np.ufunc):
        return f"np.{value.__name__}"
    if isinstance(value, float) and not math.isfinite(value):
        return f"np.{float(value)!r}" if value != -math.inf else "-np.inf"
    return repr(value)


def basic_index(at: Any) -> bool:
    """Whether ``at`` picks by integers and slices alone, each element once and wherever the values are."""
    parts = at if isinstance(at, tuple) else (at,)
    return all(each is None or each is Ellipsis or isinstance(each, (int, np.integer, slice)) for each in parts)
