"""The seed as it is typed beside Backward."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.gui.seeds import SeedError, parse_seed, seed_words


@pytest.mark.parametrize("text", ["", "  ", ",", "[]"])
def test_nothing_typed_is_the_implicit_seed(text: str) -> None:
    assert parse_seed(text, (3,)) is None


@pytest.mark.parametrize("text", ["0.1, 1, 0.001", "[0.1,1,0.001]", "0.1 1 1e-3", "0.1, 1.0,, 0.001"])
def test_numbers_with_commas_take_the_shape_of_the_root(text: str) -> None:
    seed = parse_seed(text, (3,))
    assert seed is not None
    assert seed.tolist() == [0.1, 1.0, 0.001]


def test_a_matrix_is_filled_row_by_row_and_a_scalar_has_no_axis() -> None:
    np.testing.assert_array_equal(parse_seed("1, 2, 3, 4", (2, 2)), [[1, 2], [3, 4]])
    scalar = parse_seed("\N{MINUS SIGN}2", ())
    assert scalar is not None
    assert scalar.shape == ()
    assert scalar.item() == -2


def test_a_wrong_count_says_how_many_are_right() -> None:
    with pytest.raises(SeedError, match="3 elements, so it takes 3 numbers with commas between them; 2 stand there"):
        parse_seed("1, 2", (3,))


def test_what_is_no_number_is_named() -> None:
    with pytest.raises(SeedError, match="'one' is not a number; it takes one number"):
        parse_seed("one", ())


@pytest.mark.parametrize(("gradient", "text"), [(None, ""), (2, "2.0"), ([0.1, 1.0, 1e-4], "0.1, 1.0, 0.0001")])
def test_a_seed_reads_back_as_it_is_written(gradient: object, text: str) -> None:
    assert seed_words(gradient) == text
    read = parse_seed(text, np.shape(gradient) if gradient is not None else (3,))
    assert read is None if gradient is None else np.array_equal(read, np.asarray(gradient))
