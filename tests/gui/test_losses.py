"""The losses of a run: all are there, and a curve of any length is drawn by few points that leave nothing out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from chainrule.gui.losses import MOST_POINTS, Losses


def long_curve() -> np.ndarray:
    """A curve that falls, with a spike upwards, a spike downwards, and a gap."""
    losses = np.linspace(1.0, 0.5, 100_003)
    losses[54_321] = 7.0
    losses[31_000] = -3.0
    losses[60_000:70_000] = np.nan
    return losses


def in_parts(losses: np.ndarray, cuts: list[int], *, drawn: bool) -> Losses:
    """The losses as they come while a run is shown: part by part, and now and then drawn."""
    made = Losses()
    for begin, end in pairwise([0, *cuts, len(losses)]):
        made.extend(losses[begin:end])
        if drawn:
            made.drawn()
    return made


def test_all_losses_are_there_and_the_first_that_is_lost_is_known() -> None:
    losses = Losses([3.0, 2.0])
    assert losses.lost is None
    losses.extend([1.0, np.inf])
    losses.extend([np.nan])
    assert (len(losses), losses[0], losses[-2], losses.lost) == (5, 3.0, np.inf, 3)
    assert list(losses[1:3]) == [2.0, 1.0]


def test_a_short_curve_is_drawn_whole() -> None:
    epochs, drawn = Losses([3.0, 2.0, np.nan]).drawn()
    np.testing.assert_array_equal(epochs, [1, 2, 3])
    np.testing.assert_array_equal(drawn, [3, 2, np.nan])
    assert not len(Losses().drawn()[0])


@pytest.mark.parametrize("cuts", [[], [1], [2000, 2001, 2002], list(range(7, 100_003, 977)), [50_000, 99_999]])
@pytest.mark.parametrize("drawn", [True, False])
def test_a_long_curve_is_thinned_but_keeps_its_ends_and_its_spikes(cuts: list[int], drawn: bool) -> None:
    losses = long_curve()
    epochs, points = in_parts(losses, cuts, drawn=drawn).drawn()
    assert len(epochs) <= MOST_POINTS + 4
    assert (epochs[0], epochs[-1]) == (1, 100_003)
    assert {54_322, 31_001} <= set(epochs)
    assert np.isnan(points[(epochs > 61_000) & (epochs < 69_000)]).all()
    np.testing.assert_array_equal(points, losses[epochs.astype(int) - 1])
    assert (np.diff(epochs) > 0).all()


def test_how_a_curve_is_drawn_does_not_depend_on_how_it_came() -> None:
    losses = np.random.default_rng(0).normal(size=30_011)
    at_once = Losses(losses).drawn()
    bit_by_bit = in_parts(losses, list(range(13, 30_011, 331)), drawn=True).drawn()
    np.testing.assert_array_equal(at_once, bit_by_bit)


def test_on_a_logarithmic_axis_what_is_not_positive_is_left_out_of_its_stretch() -> None:
    losses = long_curve()
    losses[::2] = 0.0
    epochs, points = Losses(losses).drawn(positive=True)
    whole = (epochs > 1) & (epochs < 59_000)
    assert (points[whole] > 0).all()
    np.testing.assert_array_equal(points[whole], losses[epochs[whole].astype(int) - 1])
    assert 54_322 in epochs


def test_a_logarithmic_axis_shows_some_of_the_points_that_a_linear_one_shows() -> None:
    """What was thinned once is not gone through again: of a hundred million losses that would take seconds."""
    losses = Losses(np.random.default_rng(0).normal(size=30_011))
    linear, logarithmic = losses.drawn(), losses.drawn(positive=True)
    assert set(logarithmic[0]) < set(linear[0])
    assert len(logarithmic[0]) >= MOST_POINTS // 4
    assert (logarithmic[1] > 0).all()


def test_what_has_no_logarithm_is_a_gap_where_there_is_nothing_else() -> None:
    short = Losses([2.0, 0.0, 1.0, -1.0]).drawn(positive=True)
    np.testing.assert_array_equal(short, [[1, 2, 3, 4], [2.0, np.nan, 1.0, np.nan]])
    losses = long_curve()
    losses[20_000:30_000] = 0.0
    epochs, points = Losses(losses).drawn(positive=True)
    inside = (epochs > 21_000) & (epochs < 29_000)
    assert inside.any()
    assert np.isnan(points[inside]).all()
    assert not len(Losses().drawn(positive=True)[0])
