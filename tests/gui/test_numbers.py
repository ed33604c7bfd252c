"""How numbers are written in the window: PyTorch's digits, shortened only where all would carry exponents."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.gui.numbers import array_text, cell_texts, compact, measured, number_text, short_gradient, signed, told


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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.full((2, 1, 3, 3), 0.5), "norm 2.12"),
        (np.full(1000, 1e-200), "norm 3.16e-199"),
        (np.full(1000, 1e200), "norm 3.16e+201"),
        (np.zeros(1000), "all 0"),
        (np.array([1.0, np.nan, np.inf, np.nan]), "2 of 4 nan, 1 of 4 inf"),
        (np.zeros((3, 5), np.int64), "[3, 5]"),
        (np.zeros((0, 3)), "[0, 3]"),
    ],
)
def test_a_large_array_is_told_by_its_norm_or_by_what_is_wrong_with_it(value: np.ndarray, text: str) -> None:
    assert measured(value) == text


def test_in_a_sentence_a_large_array_is_words_and_never_a_bare_shape() -> None:
    assert told(np.ones((2, 1, 3, 3))) == "a 2\u00d71\u00d73\u00d73 gradient (norm 4.24)"
    assert told(np.ones(7, np.int64), "tensor") == "a 7-element tensor"
    assert told(np.array([1.0, 2.0])) == "[1.0, 2.0]"
