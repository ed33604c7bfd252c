"""What somebody may have meant who wrote a name that there is not.

Names of operations, nodes, settings and commands are all held against what there is in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: object, there: Iterable[str]) -> str:
    """``; did you mean NAME?`` for the name most like ``word``, small letters or capitals; "" where none is."""
    names = {name.lower(): name for name in there}
    near = get_close_matches(word.lower(), names, 1) if isinstance(word, str) else []
    return f"; did you mean {names[near[0]]}?" if near else ""
