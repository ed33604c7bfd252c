"""Minibatches: which rows a step takes, and the order of an epoch.

The rows themselves, and what is done with them, are an epoch's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.document.graph import NodeId
from chainrule.core.engine.random import Generator

Array = NDArray[Any]


class Batches:
    """``every`` row of some leaves, ``size`` of them a step; the last batch of an epoch takes what is left.

    ``draw`` gives the rows of each step of the next epoch, in PyTorch's ``randperm`` order for ``seed``, or as they
    stand without ``shuffle``. ValueError for a size below 1.
    """

    def __init__(self, every: Mapping[NodeId, Array], size: int, *, shuffle: bool, seed: int) -> None:
        if size < 1:
            raise ValueError(f"batch_size should be a positive integer value, but got batch_size={size}")
        self.every = dict(every)
        self.count = len(next(iter(self.every.values())))
        self.size = min(size, self.count)
        self._generator = Generator().manual_seed(seed) if shuffle else None

    def draw(self) -> list[Array]:
        """The rows of the steps of one epoch."""
        order = np.arange(self.count) if self._generator is None else self._generator.randperm(self.count)
        return [order[start : start + self.size] for start in range(0, self.count, self.size)]
