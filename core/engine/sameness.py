"""When two arguments are the same: 1 is not 1.0, 0.0 is not -0.0, and what may change unseen is the same as nothing.

By this the engine finds again what it knows of a call: its parameters in ``calls``, all of it in ``remembering``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from chainrule.core.engine import dtypes
from chainrule.core.engine.size import Size
from chainrule.core.engine.tensor import Tensor

_ATOMS = {int, bool, str, type, type(None), type(...), dtypes.dtype}
_SEQUENCES = {tuple, list, Size}
NUMBERS = {int, float}
_INTEGER = {int}


def plain(value: Any) -> bool:
    """Whether ``value`` and its type say all about it."""
    kind = type(value)
    if kind in _ATOMS:
        return True
    return _INTEGER.issuperset(map(type, value)) if kind is tuple else kind is float and value != 0


def exactly(values: tuple[Any, ...], *names: str) -> tuple[Any, ...] | None:
    """What is equal only for the same ``values``, the last of which have ``names``; None where one may change."""
    if all(map(plain, values)):
        return values, *map(type, values), *names
    key: list[Any] = []
    return (tuple(key), *names) if add(values, key) else None


def add(values: Iterable[Any], key: list[Any], given: list[Any] | None = None, numbers: Collection[int] = ()) -> bool:
    """Add to ``key`` what is equal only for the same ``values``; False where one may change.

    Tensors change, and numbers at the places ``numbers`` may differ: where there is a list of what is ``given``, they
    are added to that, and to the key what they have in common.
    """
    for place, value in enumerate(values):
        kind = type(value)
        if kind is Tensor:
            if given is None:
                return False
            array = value._data
            key.append((type(array), array.shape, array.dtype, array.strides, value._target is None))
            given.append(value)
        elif kind in NUMBERS and place in numbers and given is not None:
            key.append(kind)
            given.append(value)
        elif kind in _ATOMS:
            key += kind, value
        elif kind is float:
            key += kind, value or value.hex()  # 0.0 and -0.0 are equal
        elif kind in _SEQUENCES:
            key += kind, len(value)
            if not add(value, key, given):
                return False
        elif kind is slice:
            key.append(kind)
            if not add((value.start, value.stop, value.step), key, given):
                return False
        else:
            return False
    return True
