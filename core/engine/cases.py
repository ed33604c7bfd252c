"""What is known of calls that have been made before: their parameters, and what follows from shapes and dtypes.

Finding it out, and making use of it, is in ``apply``; which parameters are the same is decided in ``sameness``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.core.engine.tape import Plan

Params = Mapping[str, Any]


class Case:
    """What calls of a rule with the same parameters, shapes and dtypes have in common.

    ``dtypes`` are what the inputs are cast to, None for those that are not; empty where none is. ``smooth`` says by
    which inputs the result can be differentiated, and is empty where by none. ``forward`` takes the inputs alone; it is
    made at the second call, since many calls have none, and is ``straight`` if what it gives depends on values in its
    values alone. Then the ``plans`` are kept, by which inputs are tracked. Where arrays are ``traced``, the rule's own
    forward has to be called each time; plans are kept, each for as long as results have the shape of the last.
    """

    __slots__ = ("dtypes", "forward", "plans", "smooth", "straight", "traced", "warning")

    def __init__(
        self, dtypes: tuple[np.dtype[Any] | None, ...], warning: object, smooth: tuple[bool, ...], *, traced: bool
    ) -> None:
        self.dtypes = dtypes
        self.warning = warning if type(warning) is str else None
        self.smooth = smooth
        self.traced = traced
        self.straight = False
        self.forward: Any = None
        self.plans: dict[int, Plan] = {}


class Settings:
    """The parameters of a call, and the cases met with them: by the types of all inputs, shapes and dtypes of arrays.

    Where parameters hold arrays, whose values may differ, it is not ``recurring``: no case is kept.
    """

    __slots__ = ("cases", "params", "recurring")

    def __init__(self, params: Params, *, recurring: bool) -> None:
        self.params = params
        self.recurring = recurring
        self.cases: dict[tuple[Any, ...], Case] = {}


def remember(known: dict[Any, Any], key: object, value: object) -> None:
    """Put ``value`` among what is ``known``, which is begun anew when it has grown large: shapes may never recur."""
    if len(known) >= _MANY:
        known.clear()
    known[key] = value


_MANY = 500
