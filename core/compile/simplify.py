"""Traced formulas made simpler where the numbers in them are known, without changing what they are equal to.

What can be left out of a formula is said here; which formula, and how it prints, is not.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.compile.tracing import Traced


def simplified(value: Any) -> Any:
    """``value`` without the choices that are settled (``where`` on a known condition) and without powers of one."""
    if not isinstance(value, Traced) or value.call is None:
        return value
    args = tuple(simplified(each) for each in value.args)
    if value.call is np.where and not isinstance(args[0], Traced) and np.ndim(args[0]) == 0:
        return args[1] if args[0] else args[2]
    if value.call is np.power and not isinstance(args[1], Traced) and np.all(args[1] == 1):
        return args[0]
    return Traced(value.value, value.name, value.call, args, value.kwargs)
