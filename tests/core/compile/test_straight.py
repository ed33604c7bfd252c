"""A rule written out for one shape gives what the rule gives, to the last bit, and what cannot be is left as it is."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from chainrule.core.compile.straight import straight
from chainrule.core.engine.random import manual_seed
from chainrule.core.ops import registry
from chainrule.core.ops.chance import mask
from chainrule.core.ops.rule import Rule

RULES = [each for each in registry.entries().values() if isinstance(each, Rule)]
SAMPLES = [(rule, at) for rule in RULES for at in range(len(rule.samples)) if rule.name != "bernoulli_mask"]


def arrays_of(values: Any, dtype: type) -> list[Any]:
    made = [np.asarray(each) for each in values]
    return [each.astype(dtype) if each.dtype.kind == "f" else each for each in made]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{rule.name} {place}" for rule, place in SAMPLES])
def test_it_is_the_rule_to_the_last_bit(sample: tuple[Rule, int], dtype: type) -> None:
    rule, place = sample
    if rule.family == "linalg" and dtype is np.float16:
        return  # which NumPy's solvers do not know
    forward = partial(rule.forward, **rule.samples[place].params)
    arrays = arrays_of(rule.samples[place].inputs, dtype)
    others = [each * each.dtype.type(0.75) if each.dtype.kind == "f" else each for each in arrays]
    with np.errstate(all="ignore"):
        function, result = straight(forward, arrays)
        np.testing.assert_array_equal(result, forward(*arrays), strict=True)
        for inputs in (arrays, others):
            expected = np.asarray(forward(*inputs))
            assert np.asarray(function(*inputs)).tobytes() == expected.tobytes()
            assert np.shape(function(*inputs)) == expected.shape


def test_what_follows_from_the_shape_is_settled() -> None:
    asked = []

    def mean_of_rows(array: Any) -> Any:
        asked.append(array.shape)
        return np.sum(array, axis=1) / array.shape[1]

    function, _ = straight(mean_of_rows, [np.ones((2, 4))])
    np.testing.assert_array_equal(function(np.full((2, 4), 3.0)), [3.0, 3.0])
    assert asked == [(2, 4)]


def test_nothing_is_kept_that_is_large() -> None:
    """Hundreds of shapes are remembered, each with its constants: here the mask of a triangle."""
    small, large = np.ones((8, 8)), np.ones((1024, 1024))

    def triangle(array: Any) -> Any:
        return np.where(np.tri(*array.shape, dtype=np.bool_), array, 0)

    assert straight(triangle, (small,))[0] is not triangle
    assert straight(triangle, (large,))[0] is triangle


def test_one_call_is_that_call() -> None:
    assert straight(lambda a, b: a * b, [np.ones(2), np.ones(2)])[0] is np.multiply


def test_what_no_trace_can_follow_stays_as_it_is() -> None:
    def by_value(array: Any) -> Any:
        return array if array[0] > 0 else -array

    def by_method(array: Any) -> Any:
        return -array.min(keepdims=True)

    for given in (by_value, by_method):
        function, result = straight(given, [np.array([-1.0])])
        assert function is given
        assert result == [1.0]


def test_where_a_shape_follows_from_values_nothing_is_settled() -> None:
    def mean_of_some(array: Any, mask: Any) -> Any:
        some = array[mask]
        return np.sum(some) / some.shape[0]

    function, _ = straight(mean_of_some, [np.array([1.0, 2.0, 6.0]), np.array([True, True, False])])
    assert function(np.array([1.0, 2.0, 6.0]), np.array([True, True, True])) == 3.0


def test_chance_is_tried_once() -> None:
    manual_seed(0)
    _, first = straight(lambda array: mask(array, 0.5), [np.ones(20)])
    second = mask(np.ones(20), 0.5)
    manual_seed(0)
    np.testing.assert_array_equal(mask(np.ones(20), 0.5), first)
    np.testing.assert_array_equal(mask(np.ones(20), 0.5), second)


def test_a_factor_of_one_is_left_out_inside_alone() -> None:
    x = np.arange(6.0).reshape(2, 3)
    for function in (lambda a: np.reshape(a * 1, (3, 2)), lambda a: np.transpose(a / 1), lambda a: (1 * a)[0]):
        written, _ = straight(function, [x])
        np.testing.assert_array_equal(written(x), function(x))
        assert not np.may_share_memory(written(x), x)
    written, _ = straight(lambda a: np.exp(a * 1), [x])
    assert written.__code__.co_nlocals == 2  # the argument, and one call


@pytest.mark.parametrize("kind", [None, "stable"])
def test_words_keep_their_own_arguments(kind: Any) -> None:
    x = np.array([[3.0, 1.0, 2.0]])
    written, _ = straight(lambda a: np.argsort(a, axis=1, kind=kind), [x])
    np.testing.assert_array_equal(written(x), [[1, 2, 0]])
