"""Formulas simplified for readers: shorter, and still equal to what they were."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from chainrule.core.compile.formula import latex, text
from chainrule.core.compile.reading import read, simplified
from chainrule.core.compile.tracing import Traced, in_order
from chainrule.core.ops.vocabulary import guarded

X: NDArray[np.float64] = np.array([0.5, 2.0])


def traced(*names: str) -> list[Traced]:
    return [Traced(X + 0.3 * place, name) for place, name in enumerate(names)]


x, y, z = traced("x", "y", "z")
M = Traced(np.arange(8.0).reshape(2, 2, 2), "M")


@pytest.mark.parametrize(
    ("formula", "line"),
    [
        (lambda: np.negative(-x), "x"),
        (lambda: 1 * x, "x"),
        (lambda: x * 1, "x"),
        (lambda: x + 0, "x"),
        (lambda: 0 - x, "-x"),
        (lambda: x * -y, "-x * y"),
        (lambda: x / -y, "-x / y"),
        (lambda: x + -y, "x - y"),
        (lambda: x - -y, "x + y"),
        (lambda: -x + y, "y - x"),
        (lambda: -x - y, "-(x + y)"),
        (lambda: x * 3 * (y * 2), "6 * x * y"),
        (lambda: x * x, "x²"),
        (lambda: x * y * x * x, "x³ * y"),
        (lambda: (x * y) ** 2 * x, "x³ * y²"),
        (lambda: x**1, "x"),
        (lambda: x**0, "1"),
        (lambda: x**0.5, "sqrt(x)"),
        (lambda: x**-2, "1 / x²"),
        (lambda: x * (1 / y), "x / y"),
        (lambda: x / y / z, "x / (y * z)"),
        (lambda: x / (y / z), "x * z / y"),
        (lambda: np.reciprocal(x) * y, "y / x"),
        (lambda: x * (2 / 3), "2 * x / 3"),
        (lambda: x * 0.01, "0.01 * x"),
        (lambda: x * np.pi, "π * x"),
        (lambda: 4 * x / 6, "2 * x / 3"),
        (lambda: np.copy(np.reshape(x, (2, 1))) * 2, "2 * x"),
        (lambda: np.mean(x * x), "mean(x²)"),
        (lambda: np.sum(-2 * x), "-2 * Σ(x)"),
        (lambda: np.where(x > 0, y, 0), "y * [x > 0]"),
        (lambda: np.where(x > 0, 0, y), "y * [x ≤ 0]"),
        (lambda: np.where(x > 0, 1.0, 0.0), "[x > 0]"),
        (lambda: np.where(x > 0, x, np.where(x < -1, y, z)), "(x where x > 0, y where x < -1, else z)"),
        (lambda: np.where((x > 0) & (y != 1), 0, z), "z * [x ≤ 0 or y = 1]"),
        (lambda: ~(x > 0) * z, "[x ≤ 0] * z"),
        (lambda: np.where(np.True_, 3 * x, 0), "3 * x"),
        (lambda: (x - y) // z * 2, "2 * ((x - y) // z)"),
        (lambda: np.transpose(x * y), "(x * y)ᵀ"),
        (lambda: np.swapaxes(np.swapaxes(M, 1, 2), -1, -2), "M"),
        (lambda: np.moveaxis(np.moveaxis(M, 0, 2), 0, 2), "(Mᵀ)ᵀ"),
        (lambda: -np.matmul(-M, M), "M @ M"),
        (lambda: M * np.matmul(M, M), "M * (M @ M)"),
        (lambda: x / 0.5, "2 * x"),
        (lambda: np.equal(np.arange(2), x) * y, "[i = x] * y"),
        (lambda: (x + y)[0:1], "(x + y)[0:1]"),
    ],
)
def test_a_formula_is_written_as_one_writes_it(formula: Callable[[], Any], line: str) -> None:
    before = formula()
    after = simplified(before)
    assert text(after) == line
    np.testing.assert_allclose(read(after).evaluated(), before.value, rtol=1e-12)


def test_products_are_told_from_names() -> None:
    w, xw, alpha_2 = traced("w", "xw", "alpha_2")
    assert latex(x * w) == r"x \, w"
    assert latex(xw) == r"\mathrm{xw}"
    assert latex(alpha_2 * 3) == r"\mathrm{alpha\_2} \cdot 3"
    assert latex(simplified(alpha_2 * 3)) == r"3 \, \mathrm{alpha\_2}"
    assert latex(Traced(X, "w1") + Traced(X, "tensors[0]")) == r"w_{1} + \mathrm{tensors}_{0}"


def test_a_shared_part_gets_a_name_that_is_free() -> None:
    a = Traced(X, "a")
    part = np.exp(a * y) + 1
    found = read(part / (part + a), taken=["a"])
    ((leaf, shared),) = found.lets
    assert (leaf.name, text(shared), text(found.body)) == ("b", "exp(a * y) + 1", "b / (b + a)")
    np.testing.assert_allclose(found.evaluated(), part.value / (part.value + X))


def test_what_is_short_or_used_once_gets_none() -> None:
    part = x - y
    assert read(np.exp(part) * np.sin(part)).lets == ()
    long = np.exp(x * y) + z
    assert read(long * long).lets == ()


def test_a_corner_stands_beside_the_formula() -> None:
    found = read(y * guarded(x == 0, 0, y / x))
    (corner,) = found.corners
    assert (text(corner.condition), corner.otherwise) == ("[x ≠ 0]", 0)
    np.testing.assert_allclose(found.evaluated(), (X + 0.3) ** 2 / X)


def test_a_corner_within_a_formula_is_a_case_of_it() -> None:
    found = read(np.exp(guarded(x == 0, 1, y / x)))
    assert found.corners == ()
    assert text(found.body) == "exp((1 where x = 0, else y / x))"


def test_an_upstream_factor_is_divided_out_or_kept() -> None:
    g = Traced(X, "g")
    assert text(read(np.where(x > 0, g, 2 * g), g).body) == "(1 where x > 0, else 2)"
    assert text(read(y * g / x, g).body) == "y / x"
    for inseparable in (g - np.sum(g), g * g, np.where(g > 0, g, 0), np.flip(g), g + 1):
        assert not read(inseparable, g).local


LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "y", "two", "quarter", "3 * x"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(lambda e: f"({e[0]} {e[1]} {e[2]})"),
        inner.map(lambda e: f"(-{e})"),
        inner.map(lambda e: f"({e} ** 2)"),
    ),
    max_leaves=10,
)


def numbers_in(found: Any) -> list[float]:
    """The numbers that are written where ``found`` is."""
    if not isinstance(found, Traced):
        return [float(found)]
    return [float(each) for call in in_order([found]) for each in call.args if not isinstance(each, Traced)]


@given(EXPRESSIONS)
def test_simplifying_keeps_the_value_and_what_is_written_has_it(expression: str) -> None:
    numbers = {"x": np.float64(1.3), "y": np.float64(-0.7)}
    constants = {"two": np.float64(2.0), "quarter": np.float64(0.25)}
    with np.errstate(all="ignore"):
        expected = eval(expression, {}, numbers | constants)
        leaves = {name: Traced(np.asarray(value), name) for name, value in numbers.items()}
        found = simplified(eval(expression, {}, leaves | constants))
        evaluated = read(found).evaluated()
        written = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda raised: f"**{raised[0].translate(LOWERED)}", text(found))
        read_back = eval(written, {"inf": np.inf, "nan": np.nan}, numbers)
    if np.isfinite(expected) and abs(expected) < 1e6:
        np.testing.assert_allclose(evaluated, expected, rtol=1e-6, atol=1e-9)
        if all(f"{number:.4g}" == f"{number:.12g}" for number in numbers_in(found)):  # each is written in full
            np.testing.assert_allclose(read_back, expected, rtol=1e-6, atol=1e-9)
