"""Reductions, scans and sorting at drawn shapes, dimensions and values, against differences and against NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from drawing import Application, apart, assert_adjoint
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from chainrule.core.engine.calls import call
from chainrule.core.engine.tensor import tensor_of

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)
quick = settings(max_examples=30)  # of each of many: together they see every shape
shapes = hnp.array_shapes(min_dims=0, max_dims=3, max_side=4)
filled = hnp.array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=4)


@st.composite
def lines(draw: st.DrawFn) -> tuple[tuple[int, ...], int]:
    """A shape, perhaps that of a scalar, and a dimension of it."""
    shape = draw(shapes)
    bound = max(len(shape), 1)
    return shape, draw(st.integers(-bound, bound - 1))


@st.composite
def several(draw: st.DrawFn) -> tuple[tuple[int, ...], dict[str, Any]]:
    """A shape with two elements at least along every dimension, and some dimensions to reduce over."""
    shape = draw(filled)
    dims = draw(st.lists(st.integers(0, len(shape) - 1), min_size=1, unique=True))
    signed = [dim - len(shape) if draw(st.booleans()) else dim for dim in dims]
    return shape, {"dim": signed[0] if len(signed) == 1 else tuple(signed), "keepdim": draw(st.booleans())}


@quick
@given(
    st.sampled_from(["sum", "mean", "nansum", "nanmean", "logsumexp", "amin", "amax", "var", "std"]), several(), seeds
)
def test_reductions_over_any_dimensions(name: str, drawn: Any, rng: np.random.Generator) -> None:
    shape, params = drawn
    assert_adjoint(Application(name, (apart(rng, shape),), params), rng)


@quick
@given(st.sampled_from(["var", "std", "var_mean", "std_mean"]), several(), st.sampled_from([0, 0.5, 1]), seeds)
def test_spreads_with_any_correction(name: str, drawn: Any, correction: float, rng: np.random.Generator) -> None:
    shape, params = drawn
    assert_adjoint(Application(name, (apart(rng, shape),), params | {"correction": correction}), rng)


@quick
@given(st.sampled_from(["median", "nanmedian", "nansum", "nanmean"]), shapes, seeds)
def test_reductions_of_everything(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    assert_adjoint(Application(name, (apart(rng, shape),)), rng)


@quick
@given(st.sampled_from(["sort", "cumsum", "cumprod", "cummax", "cummin", "median", "logcumsumexp"]), lines(), seeds)
def test_along_one_dimension(name: str, drawn: tuple[tuple[int, ...], int], rng: np.random.Generator) -> None:
    shape, dim = drawn
    assert_adjoint(Application(name, (apart(rng, shape, -1.4, 1.4),), {"dim": dim}), rng)


@quick
@given(st.sampled_from(["topk", "kthvalue"]), lines(), st.data(), seeds)
def test_the_k_of_a_dimension(name: str, drawn: Any, data: st.DataObject, rng: np.random.Generator) -> None:
    shape, dim = drawn
    k = data.draw(st.integers(1, shape[dim] if shape else 1))
    flag = {"topk": "largest", "kthvalue": "keepdim"}[name]
    params = {"k": k, "dim": dim, flag: data.draw(st.booleans())}
    assert_adjoint(Application(name, (apart(rng, shape),), params), rng)


@quick
@given(st.sampled_from(["cumprod", "prod"]), filled, st.floats(0.1, 0.9), seeds)
def test_products_are_exact_where_elements_are_zero(
    name: str, shape: tuple[int, ...], share: float, rng: np.random.Generator
) -> None:
    values = np.where(rng.random(shape) < share, 0.0, apart(rng, shape))
    assert_adjoint(Application(name, (values,), {"dim": int(rng.integers(len(shape)))}), rng)


@quick
@given(st.integers(0, 3), lines(), st.booleans(), st.booleans(), seeds)
def test_differences_with_ends(n: int, drawn: Any, before: bool, after: bool, rng: np.random.Generator) -> None:
    shape, dim = drawn
    if shape:
        ends = [apart(rng, shape) if wanted else None for wanted in (before, after)]
        x = apart(rng, shape)
        joined = np.concatenate([each for each in (ends[0], x, ends[1]) if each is not None], axis=dim)
        found = call("diff", tensor_of(x), n, dim, *(None if each is None else tensor_of(each) for each in ends))
        np.testing.assert_allclose(found._data, np.diff(joined, n, dim), atol=1e-12)
        assert_adjoint(Application("diff", (x,), {"n": n, "dim": dim}), rng)


@quick
@given(filled, st.sampled_from(["none", "line", "full"]), seeds)
def test_areas(shape: tuple[int, ...], places: str, rng: np.random.Generator) -> None:
    dim = int(rng.integers(len(shape)))
    x = {"none": (), "line": (apart(rng, (shape[dim],)),), "full": (apart(rng, shape),)}[places]
    y = apart(rng, shape)
    found = call("trapezoid", tensor_of(y), *map(tensor_of, x), dim=dim)
    np.testing.assert_allclose(found._data, np.trapezoid(y, *x, axis=dim), atol=1e-12)
    assert_adjoint(Application("trapezoid", (y, *x), {"dim": dim}), rng)


few = st.sampled_from([-1.0, 0.0, 1.0, 2.0, np.inf, np.nan])


@quick
@given(hnp.arrays(np.float64, filled, elements=few), st.booleans())
def test_sorting_with_equals_and_nan_keeps_their_order(values: np.ndarray[Any, Any], descending: bool) -> None:
    found, indices = call("sort", tensor_of(values), 0, descending)
    np.testing.assert_array_equal(found._data, np.take_along_axis(values, indices._data, axis=0))
    for line, places in zip(
        found._data.reshape(len(values), -1).T, indices._data.reshape(len(values), -1).T, strict=True
    ):
        for at in range(len(line) - 1):
            low, high = (line[at + 1], line[at]) if descending else (line[at], line[at + 1])
            equal = low == high or (np.isnan(low) and np.isnan(high))
            assert places[at] < places[at + 1] if equal else low < high or np.isnan(high)


@quick
@given(hnp.arrays(np.float64, filled, elements=few))
def test_the_median_is_in_the_middle_and_nan_if_anything_is(values: np.ndarray[Any, Any]) -> None:
    found, indices = call("median", tensor_of(values), -1)
    rows = values.reshape(-1, values.shape[-1])
    for value, place, row in zip(found._data.ravel(), indices._data.ravel(), rows, strict=True):
        nan = np.isnan(row)
        expected = row[nan][0] if nan.any() else np.sort(row)[(len(row) - 1) // 2]
        np.testing.assert_equal(value, expected)
        np.testing.assert_equal(row[place], expected)


@quick
@given(hnp.arrays(np.float64, filled, elements=few))
def test_the_running_maximum_is_that_of_each_beginning(values: np.ndarray[Any, Any]) -> None:
    found, indices = call("cummax", tensor_of(values), 0)
    for end in range(len(values)):
        np.testing.assert_array_equal(found._data[end], np.max(values[: end + 1], axis=0))
    assert np.all(np.diff(indices._data, axis=0) >= 0)
