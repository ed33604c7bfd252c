"""Chance in the rule book: a mask drawn anew at every call, from numbers that the engine deals.

Rules know NumPy only, and PyTorch's generator lives in the engine, which hands it to ``deal_from``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.ops.vocabulary import opaque

# Gives as many uniform numbers on [0, 1) as it is asked for, in double precision.
Dealer = Callable[[int], Any]
_dealers: list[Dealer] = []


def deal_from(dealer: Dealer) -> None:
    """Draw from ``dealer`` from now on."""
    _dealers[:] = [dealer]


@opaque("bernoulli({1})", impure=True)
def mask(like: Any, chance: float, order: tuple[int, ...] | None = None) -> Any:
    """Ones with probability ``chance`` and zeros, in the shape, the dtype and the order in memory of ``like``.

    Opaque since no two calls give the same: a program has to make the call again each time that it runs. ``order`` has
    the axes from the slowest to the quickest in memory, where ``like`` is laid out otherwise than what it stands for.
    """
    if order is None:
        drawn = np.empty_like(like)
    else:
        drawn = np.transpose(np.empty([like.shape[axis] for axis in order], like.dtype), np.argsort(order))
    np.ravel(drawn, "K")[:] = _dealers[0](drawn.size) < chance
    return drawn
