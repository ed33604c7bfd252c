"""Formulas without what is settled: shorter, and still equal to what they were."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.formula import text
from chainrule.core.compile.simplify import simplified
from chainrule.core.compile.tracing import Traced

X: NDArray[np.float64] = np.array([0.5, -2.0])


def test_a_choice_on_a_known_condition_is_made() -> None:
    x = Traced(X, "x")
    chosen = simplified(np.where(np.True_, 3 * x, 0))
    assert text(chosen) == "3 * x"
    np.testing.assert_array_equal(chosen.value, 3 * X)
    assert simplified(np.where(np.False_, 3 * x, 0)) == 0


def test_a_choice_that_depends_on_the_input_stays() -> None:
    x = Traced(X, "x")
    formula = np.where(np.greater(x, 0), x, 0)
    assert text(simplified(formula)) == text(formula)


def test_a_power_of_one_is_its_base_wherever_it_stands() -> None:
    x = Traced(X, "x")
    assert text(simplified(2 * x**1)) == "2 * x"
    assert text(simplified(x**2)) == "x ** 2"
