"""What the inputs of a program are called in its source: what the user called them, where nothing else is called so.

The names of what a program makes itself are given where it is made; here stands which names those may be.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Mapping
from typing import TypeVar

import numpy as np

from chainrule.core.ops.vocabulary import WORDS

Key = TypeVar("Key")

_GENERATED = re.compile(
    r"v\d+e|(v|c|i|mask|block|blocks|together)\d*|[jk]|at|step|steps_done|learning_rate|total|factor|loss|losses|rows|batches|"
    r"run|keep|piece\d+|np|math|"
    r"base64|every_\w*|optimizer_\w*|(parameters|gradients)\w*|\w*_part(_?\d+)?s?(_?\d+)?|\w*_"
)
_FUNCTIONS = {
    *(name for name in dir(np) if isinstance(getattr(np, name), np.ufunc)),
    np.dot.__name__,
    *(word.function.__name__ for word in WORDS.values()),
    *dir(builtins),
}


def input_names(names: Mapping[Key, str]) -> dict[Key, str]:
    """``names`` as variables of a program, each different from all others and from all that a program calls its own."""
    given: dict[Key, str] = {}
    taken: set[str] = set()
    for key, name in names.items():
        safe = name
        while safe in taken or safe in _FUNCTIONS or keyword.iskeyword(safe) or _GENERATED.fullmatch(safe):
            safe = f"leaf_{safe.rstrip('_') or 'x'}"
            if _GENERATED.fullmatch(safe):  # by its end
                safe += "_input"
        taken.add(safe)
        given[key] = safe
    return given
