"""How numbers are written in the window: PyTorch's digits, shortened only where all would carry exponents."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.gui.numbers import array_text, cell_texts, compact, number_text, short_gradient, signed


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1.0"), (1 / 3, "0.3333"), (1e-5, "1.0000e-05"), (3, "3"), (True, "True")]
)
def test_one_number_has_pytorchs_digits(value: object, text: str) -> None:
    assert number_text(value) == text


def test_elements_are_written_alike() -> None:
    assert cell_texts(np.array([1.0, 2.5], np.float32)) == ["1.0000", "2.5000"]


def test_one_small_number_does_not_give_exponents_to_all() -> None:
    """PyTorch writes [3.0000e-01, 3.0000e+00, 1.2500e-05], which no card has room for."""
    assert cell_texts(np.array([0.3, 3.0, 1.25e-5], np.float32)) == ["0.3000", "3.0", "1.25e-05"]
    assert cell_texts(np.array([0.1, 1.0, 0.0001], np.float32)) == ["0.1000", "1.0", "0.0001"]
    assert cell_texts(np.array([True, False])) == ["True", "False"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.0, "2.0"),
        ([1.0, 2.0], "[1.0, 2.0]"),
        ([[1.0], [2.0]], "[[1.0], [2.0]]"),
        ([[1.0, 2.0], [3.0, 4.0]], "[[1.0, 2.0], [3.0, 4.0]]"),
        ([0.0] * 7, "[7]"),
        ([], "[0]"),
    ],
)
def test_a_small_array_is_written_in_its_brackets(value: object, text: str) -> None:
    assert array_text(np.array(value)) == text


def test_a_gradient_carries_its_sign() -> None:
    assert [signed(text) for text in ("2.0", "-2.0", "0.0", "nan")] == ["+2.0", "-2.0", "0.0", "nan"]
    assert short_gradient(np.array([3.0, -1.0])) == "[+3, -1]"


def test_from_afar_three_digits_must_do() -> None:
    assert [compact(np.float32(value)) for value in (138.8338, 0.49584, 2.0, 1e-5)] == ["139", "0.496", "2", "1e-05"]
    assert compact(np.array(3)) == "3"
