"""Typed text becomes numbers and nested lists, and never runs."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.gui.canvas.value_text import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5),
        ("-3", -3),
        ("\u22123", -3),
        ("True", True),
        ("[1, 2]", [1, 2]),
        ("1, 2, 3", [1, 2, 3]),
        ("1 2 3", [1, 2, 3]),
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("1 2\n3 4", [[1, 2], [3, 4]]),
        ("1, 2; 3, 4", [[1, 2], [3, 4]]),
        ("1\t2\n3\t4", [[1, 2], [3, 4]]),
        ("tensor([1., 2.])", [1.0, 2.0]),
        ("2*3 + 1", 7),
        ("sqrt(16)", 4.0),
        ("[pi, -inf]", [math.pi, -math.inf]),
    ],
)
def test_what_people_type(text: str, value: Any) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    "text", ["", "one", "[1, two]", "1 +", "open('x')", "().__class__", "1/0", "9**9**9", "'1'", "[["]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse(text)


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=6))
def test_the_text_of_a_list_reads_back(values: list[float]) -> None:
    assert parse(str(values)) == values


@given(st.text(max_size=30))
def test_any_text_is_plain_numbers_or_a_reason(text: str) -> None:
    try:
        value = parse(text)
    except ValueError:
        return
    flat = [value]
    while flat:
        each = flat.pop()
        if isinstance(each, list):
            flat += each
        else:
            assert isinstance(each, (bool, int, float))
