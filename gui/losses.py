"""The losses of a run as the window keeps them: all of them as numbers, and of each curve only what can be seen.

A fused loop makes tens of millions of epochs a second. So nothing here goes through what it has been through before:
what an addition or a picture costs depends on what is new, not on how long the run has been.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.intp]

MOST_POINTS = 2000  # more than a plot is wide, few enough to be drawn thirty times a second


class Losses(Sequence[float]):
    """The loss of every epoch so far. ``lost`` is the place of the first that is not finite, None without one."""

    def __init__(self, losses: Sequence[float] | Array = ()) -> None:
        self._all = array("d")
        self.lost: int | None = None
        self._thinned = _Thinned()
        self.extend(losses)

    def extend(self, losses: Sequence[float] | Array) -> None:
        new = np.asarray(losses, np.float64)
        if self.lost is None and not (finite := np.isfinite(new)).all():
            self.lost = len(self._all) + int(finite.argmin())
        self._all.frombytes(new.tobytes())

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, place: int) -> float: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[float]: ...
    def __getitem__(self, place: int | slice) -> float | Sequence[float]:
        return self._all[place]

    def drawn(self, *, positive: bool = False) -> tuple[Array, Array]:
        """The epochs (from 1) and losses to draw: all, or of each stretch the lowest and the highest, so that spikes
        stay.

        A stretch without a number, such as one that has diverged to nan, stays a gap. With ``positive`` losses that
        have no logarithm are left out of what is drawn; where a stretch has no other, it is a gap.
        """
        values: Array = np.frombuffer(self._all)  # not kept: an array that is looked at cannot grow
        places = self._thinned.places(values)
        epochs, losses = np.asarray(places + 1, np.float64), values[places]
        if not positive or (losses > 0).all():
            return epochs, losses
        kept = _worth_drawing(losses > 0, self._thinned.stretches(places))
        return epochs[kept], np.where(losses[kept] > 0, losses[kept], np.nan)


class _Thinned:
    """Which losses are drawn of a curve that grows: two of each stretch, and stretches get longer as it does."""

    def __init__(self) -> None:
        self._length = 2
        self._kept: Places = np.empty((0, 2), np.intp)  # of each whole stretch

    def places(self, values: Array) -> Places:
        if len(values) <= MOST_POINTS:
            return np.arange(len(values))
        self._lengthen(values)
        self._take_new(values)
        whole = len(self._kept) * self._length
        rest = whole + self._extremes(values[None, whole:])[0] if whole < len(values) else []
        return np.unique(np.concatenate([[0], self._kept.reshape(-1), rest, [len(values) - 1]]).astype(np.intp))

    def stretches(self, places: Places) -> Places:
        """The number of the stretch that each of ``places`` is in; of a curve drawn whole, each is its own."""
        return places // self._length if len(self._kept) else places

    def _lengthen(self, values: Array) -> None:
        """Make one of two stretches until there are few enough."""
        while len(values) // self._length > MOST_POINTS // 2:
            pairs = self._kept[: len(self._kept) // 2 * 2].reshape(-1, 4)
            self._kept = np.take_along_axis(pairs, self._extremes(values[pairs]), 1)
            self._length *= 2

    def _take_new(self, values: Array) -> None:
        begin = len(self._kept) * self._length
        new = values[begin : len(values) // self._length * self._length].reshape(-1, self._length)
        begins = begin + np.arange(len(new))[:, None] * self._length
        self._kept = np.concatenate([self._kept, begins + self._extremes(new)])

    @staticmethod
    def _extremes(rows: Array) -> Places:
        """In which columns of each row the lowest and the highest number stand, in their order."""
        low, high = rows.argmin(1), rows.argmax(1)  # the place of a nan, if there is one
        if (gaps := np.isnan(np.take_along_axis(rows, low[:, None], 1)[:, 0])).any():
            of_gaps = rows[gaps]
            low[gaps] = np.where(np.isnan(of_gaps), np.inf, of_gaps).argmin(1)
            high[gaps] = np.where(np.isnan(of_gaps), -np.inf, of_gaps).argmax(1)
        return np.sort(np.stack([low, high], axis=1), axis=1)


def _worth_drawing(drawable: NDArray[np.bool_], stretches: Places) -> NDArray[np.bool_]:
    """What can be drawn, and what stands for a stretch (neighbours with one number) in which nothing can."""
    begins = np.flatnonzero(np.diff(stretches, prepend=-1))
    empty: NDArray[np.bool_] = ~np.logical_or.reduceat(drawable, begins)
    return np.logical_or(drawable, np.repeat(empty, np.diff(begins, append=len(stretches))))
