"""Tensors whose numbers are drawn anew in place: ``normal_``, ``uniform_`` and their kin, as weights are begun.

Each follows torch's method of its name. The numbers come from the thread's generator, or from one that is named.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.engine import dtypes, random
from chainrule.core.engine.overloads import fitting
from chainrule.core.engine.tensor import Array, Tensor, tensor_of

Draw = Callable[[random.Generator], Array]


def _refilled(self: Tensor, generator: random.Generator | None, draw: Draw) -> Tensor:
    """``self`` with what is drawn; nothing is, where it may not be written to."""
    self._may_write()
    return self.write(tensor_of(draw(generator or random.current()).astype(self._data.dtype)))


_FROM = "torch.Generator generator = None"


@fitting(f"float mean = 0, float std = 1, *, {_FROM}", method=True)
def normal_(self: Tensor, mean: float = 0.0, std: float = 1.0, *, generator: random.Generator | None = None) -> Tensor:
    """Normal numbers of ``mean`` and ``std``; RuntimeError for a negative ``std``."""
    if not std >= 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")
    return _refilled(
        self, generator, lambda source: source.randn(self._data.shape, self.dtype, mean=float(mean), std=float(std))
    )


@fitting(f"float from = 0, float to = 1, *, {_FROM}", method=True)
def uniform_(self: Tensor, low: float = 0.0, to: float = 1.0, *, generator: random.Generator | None = None) -> Tensor:
    """Numbers evenly from ``low`` up to ``to``; RuntimeError where there are none."""
    if not low <= to:
        raise RuntimeError(f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={to:g}")
    first, width = self._data.dtype.type(low), self._data.dtype.type(to) - self._data.dtype.type(low)
    return _refilled(self, generator, lambda source: source.rand(self._data.shape, self.dtype) * width + first)


@fitting(f"*, {_FROM}", f"int from, int to, *, {_FROM}", f"int to, *, {_FROM}", method=True)
def random_(self: Tensor, low: int, to: int | None = None, *, generator: random.Generator | None = None) -> Tensor:
    """Whole numbers from ``low`` (0 if only one bound is given) up to but not including ``to``."""
    first, end = (0, low) if to is None else (low, to)
    return _refilled(self, generator, lambda source: source.randint(first, end, self._data.shape, self.dtype))


@fitting(f"Tensor p, *, {_FROM}", f"float p = 0.5, *, {_FROM}", method=True)
def bernoulli_(self: Tensor, p: float = 0.5, *, generator: random.Generator | None = None) -> Tensor:
    """1 with probability ``p``, else 0; RuntimeError unless ``p`` lies between 0 and 1."""
    if not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p}")
    return _refilled(self, generator, lambda source: np.asarray(source.rand(self._data.shape, dtypes.float64) < p))


_METHODS: tuple[Any, ...] = (normal_, uniform_, random_, bernoulli_)
for _method in _METHODS:
    setattr(Tensor, _method.__name__, _method)
