"""How arrays print. PyTorch's own output stands in references/; here is what holds for all arrays."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from chainrule.core.engine import printing

SMALL = hnp.arrays(
    st.sampled_from([np.float32, np.float64, np.int64, np.bool_]), hnp.array_shapes(min_dims=0, max_dims=4, max_side=4)
)
NUMBER = re.compile(r"-?(?:\d+\.?\d*(?:e[+-]\d+)?|inf)|nan|True|False")


@pytest.fixture(autouse=True)
def _options_put_back() -> Iterator[None]:
    yield
    printing.set_printoptions(profile="default")


def test_the_users_notebook_prints_as_it_did() -> None:
    x = np.array([0.6867, -0.3665, -1.1250], np.float32)
    assert printing.tensor_text(x, suffixes=["requires_grad=True"]) == (
        "tensor([ 0.6867, -0.3665, -1.1250], requires_grad=True)"
    )
    assert printing.tensor_text(x + 2, suffixes=["grad_fn=<AddBackward0>"]) == (
        "tensor([2.6867, 1.6335, 0.8750], grad_fn=<AddBackward0>)"
    )
    assert printing.tensor_text(np.array([1.0747, 6.534, 0.0035], np.float32)) == (
        "tensor([1.0747e+00, 6.5340e+00, 3.5000e-03])"
    )


@given(SMALL)
def test_cells_are_what_stands_between_the_brackets(array: np.ndarray) -> None:
    assert printing.cells(array) == NUMBER.findall(printing.contents_text(array))


@given(SMALL)
def test_brackets_tell_the_shape(array: np.ndarray) -> None:
    text = re.sub(r"\s", "", printing.contents_text(array))
    assert text.startswith("[" * array.ndim + printing.cells(array)[0])
    assert text.count("[") == sum(int(np.prod(array.shape[:axis])) for axis in range(array.ndim))


@given(hnp.arrays(np.float64, st.integers(1, 40), elements=st.floats(1e-6, 1e6)))
def test_no_line_is_longer_than_the_line_width(array: np.ndarray) -> None:
    # Not with zeros among them: they do not count towards PyTorch's column width, and its rows of them run over.
    lines = printing.tensor_text(array, suffixes=["grad_fn=<MulBackward0>"]).split("\n")
    assert max(map(len, lines)) <= 80
    assert all(line.startswith(" " * len("tensor(")) for line in lines[1:])


@given(hnp.arrays(np.float64, st.integers(1, 8), elements=st.floats(-1e300, 1e300)))
def test_digits_read_back_to_the_printed_precision(array: np.ndarray) -> None:
    for value, text in zip(array, printing.cells(array), strict=True):
        assert float(text) == pytest.approx(value, rel=1e-4, abs=5e-5)


@given(st.integers(7, 3000), st.integers(0, 2))
def test_long_arrays_show_both_ends(length: int, extra: int) -> None:
    array = np.arange(length * 200 + extra)
    assert printing.tensor_text(array).count(",") == 6
    assert f"{array[-1]}])" in printing.tensor_text(array)


@pytest.mark.parametrize(
    ("number", "text"),
    [(2.6867, "2.6867"), (1.0, "1."), (1e-5, "1.0000e-05"), (-0.0, "-0."), (3, "3"), (True, "True"), (np.nan, "nan")],
)
def test_a_number_alone_prints_as_in_a_tensor_without_dimensions(number: float, text: str) -> None:
    assert printing.number_text(number) == text
    assert printing.contents_text(np.asarray(number)) == text


def test_an_empty_array_tells_its_size_and_type() -> None:
    assert printing.tensor_text(np.zeros((2, 0), np.float32)) == "tensor([], size=(2, 0))"
    assert printing.tensor_text(np.zeros(0, np.int64)) == "tensor([], dtype=torch.int64)"
    assert printing.cells(np.zeros(0)) == []


def test_options_change_digits_dots_and_lines() -> None:
    printing.set_printoptions(precision=2, threshold=4, edgeitems=1)
    assert printing.contents_text(np.array([1.5, 2, 3, 4, 5])) == "[1.50,  ..., 5.00]"
    printing.set_printoptions(profile="full", linewidth=20)
    assert printing.contents_text(np.arange(8)) == "[0, 1, 2, 3, 4, 5,\n 6, 7]"
    printing.set_printoptions(profile="default", sci_mode=True)
    assert printing.contents_text(np.array([1.0, 2.0])) == "[1.0000e+00, 2.0000e+00]"
    assert printing.get_printoptions().precision == 4
    with pytest.raises(KeyError):
        printing.set_printoptions(profile="tiny")


@pytest.mark.optional("any array prints as PyTorch prints it", needs="torch")
@given(
    hnp.arrays(
        st.sampled_from([np.float16, np.float32, np.float64, np.int64, np.int32, np.bool_]),
        hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=12),
    )
)
def test_any_array_prints_as_pytorch_prints_it(array: np.ndarray) -> None:
    assert printing.tensor_text(array) == repr(importlib.import_module("torch").from_numpy(array))
