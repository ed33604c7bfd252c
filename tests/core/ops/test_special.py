"""The error function against Python's own, over its whole range."""

from __future__ import annotations

import math

import numpy as np

from chainrule.core.ops.special import erf, erfc

EVERYWHERE = np.concatenate([np.linspace(-7, 28, 70001), np.geomspace(1e-300, 1, 2001), [0.46875, -0.46875, 4.0, -4.0]])


def worst(computed: np.ndarray, exact: list[float]) -> float:
    """The largest relative error where the value is a normal number."""
    values = np.array(exact)
    normal = np.abs(values) >= np.finfo(float).tiny
    return float(np.max(np.abs(computed - values)[normal] / np.abs(values[normal])))


def test_erf_is_precise_to_double_precision() -> None:
    assert worst(erf(EVERYWHERE), [math.erf(x) for x in EVERYWHERE]) < 1e-15


def test_erfc_is_precise_also_in_its_tail() -> None:
    assert worst(erfc(EVERYWHERE), [math.erfc(x) for x in EVERYWHERE]) < 1e-15


def test_single_precision_is_rounded_once() -> None:
    x = np.linspace(-4, 4, 1001, dtype=np.float32)
    assert erf(x).dtype == erfc(x).dtype == np.float32
    np.testing.assert_array_equal(erf(x), np.array([math.erf(each) for each in x], np.float32))


def test_the_ends_and_what_is_not_a_number() -> None:
    ends = np.array([np.inf, -np.inf, np.nan, 0.0, -0.0])
    np.testing.assert_array_equal(erf(ends), [1.0, -1.0, np.nan, 0.0, -0.0])
    np.testing.assert_array_equal(erfc(ends), [0.0, 2.0, np.nan, 1.0, 1.0])
    assert np.signbit(erf(ends)[-1])
    assert erf(np.empty((0, 2))).shape == (0, 2)
    assert erf(np.array(0.5)).shape == ()
