"""Rules printed from the rules themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.core.compile.formula import rule_text, text
from chainrule.core.compile.tracing import Traced, TracingError, read_by
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Rule


def named(*names: str) -> list[Traced]:
    return [Traced(np.ones(()), name) for name in names]


def rule(name: str) -> Rule:
    found = registry.get(name)
    assert isinstance(found, Rule)
    return found


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("mul", [("input", "g * other"), ("other", "g * input")]),
        ("sub", [("input", "g"), ("other", "-g")]),
        ("tanh", [("input", "g * (1 - y²)")]),
        ("log", [("input", "g / input")]),
        ("mm", [("input", "g @ mat2ᵀ"), ("mat2", "inputᵀ @ g")]),
        ("cos", [("input", "-g * sin(input)")]),
        ("softmax", [("input", "y * (g - Σ(g * y))")]),
        ("detach", []),
    ],
)
def test_a_rule_reads_as_a_line_in_a_table_of_derivatives(name: str, lines: list[tuple[str, str]]) -> None:
    assert rule_text(rule(name)) == lines


@pytest.mark.parametrize("name", [name for name, each in registry.entries().items() if isinstance(each, Rule)])
def test_every_rule_can_be_printed(name: str) -> None:
    """Each derivative traces, and so calls nothing outside the vocabulary."""
    for _, line in rule_text(rule(name)):
        assert line
        assert "may not" not in line
        assert "not in the vocabulary" not in line


EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b", "c"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner).map(lambda e: f"({e[0]} {e[1]} {e[2]})"),
        inner.map(lambda e: f"(-{e})"),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_printing_keeps_every_bracket_that_matters(expression: str) -> None:
    """Python reads the printed text as the same value, so no bracket too few was printed."""
    names = {"a": 1.25, "b": 0.5, "c": 2.0}
    traced = {name: Traced(np.asarray(value), name) for name, value in names.items()}
    with np.errstate(all="ignore"):
        expected = eval(expression, {}, {name: np.float64(value) for name, value in names.items()})
        printed = text(eval(expression, {}, traced))
        read_back = eval(printed, {}, {name: np.float64(value) for name, value in names.items()})
    assert np.isclose(read_back, expected, rtol=1e-9, equal_nan=True), printed


def test_a_trace_knows_whose_values_are_read() -> None:
    a, b, c = named("a", "b", "c")
    assert read_by(a * np.exp(b)) == {"a", "b"}
    assert read_by(np.zeros_like(c) + a) == {"a"}


@pytest.mark.parametrize("look", [bool, float, list, np.asarray])
def test_a_rule_may_not_look_at_values(look: type) -> None:
    with pytest.raises(TracingError, match="may not look at an array's values"):
        look(named("a")[0])


def test_a_rule_may_not_leave_the_vocabulary() -> None:
    with pytest.raises(TracingError, match="convolve: it is not in the vocabulary"):
        np.convolve(named("a")[0], named("b")[0])
