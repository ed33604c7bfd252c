"""The order of equals. That short lines are PyTorch's own is in references/; here is what holds for every line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from chainrule.core.ops import ordering

lines = hnp.arrays(
    np.float64, st.integers(1, 80), elements=st.sampled_from([0.0, -0.0, 1.0, 2.5, -np.inf, np.inf, np.nan])
)


@given(lines, st.booleans())
def test_sorting_only_changes_the_order(line: NDArray[Any], descending: bool) -> None:
    places = ordering.places_in_order(line, 0, descending)
    assert sorted(places) == list(range(len(line)))
    expected = np.sort(line)[::-1] if descending else np.sort(line)
    np.testing.assert_array_equal(line[places], expected)


@given(lines, st.booleans(), st.booleans(), st.data())
def test_the_most_are_found_in_order_or_as_they_come(
    line: NDArray[Any], largest: bool, in_order: bool, data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, len(line)))
    places = ordering.places_of_most(line, 0, count, largest, in_order)
    assert len(set(places.tolist())) == count
    found = line[places] if in_order else np.sort(line[places])[:: -1 if largest else 1]
    np.testing.assert_array_equal(found, np.sort(line)[:: -1 if largest else 1][:count])


@given(lines, st.data())
def test_the_kth_is_the_kth(line: NDArray[Any], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(line)))
    np.testing.assert_array_equal(line[ordering.place_of_kth(line, 0, k)], np.sort(line)[k - 1 : k])


@pytest.mark.parametrize("length", [ordering.INSERTED, ordering.LONGEST + 1])
def test_short_and_long_lines_keep_equals_in_their_order(length: int) -> None:
    line = np.arange(length) % 3
    np.testing.assert_array_equal(ordering.places_in_order(line, 0, False), np.argsort(line, stable=True))


def test_lines_that_no_pivot_divides_well_are_sorted_by_a_heap() -> None:
    ranks = [3, 1, 2, 0, 2, 1, 3, 0, 1, 2] * 4
    order = list(range(len(ranks)))
    ordering._sort_roughly(ranks, order, 0, len(order), 0)
    assert [ranks[at] for at in order] == sorted(ranks)
    ordering._nth_element(ranks, order, 20)
    assert ranks[order[20]] == sorted(ranks)[20]
