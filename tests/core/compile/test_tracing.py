"""Traced arrays write down the calls made on them, and refuse what no trace can follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from chainrule.core.compile.tracing import (
    Traced,
    TracingError,
    arguments,
    array_of,
    in_order,
    read_by,
    stand_in,
    value_of,
)
from chainrule.core.ops.vocabulary import index


def leaf(name: str = "x", value: Any = (1.0, 2.0, 3.0)) -> Traced:
    return Traced(np.array(value), name)


def test_a_call_is_written_down_with_its_arguments_and_gives_its_value() -> None:
    x = leaf()
    y = np.multiply(x, 2.0)
    assert type(y) is Traced
    assert (y.call, y.args, y.kwargs) == (np.multiply, (x, 2.0), {})
    assert y.value.tolist() == [2.0, 4.0, 6.0]
    assert (y.shape, y.ndim, y.size, y.dtype) == ((3,), 1, 3, np.float64)


def test_operators_and_brackets_are_calls_too() -> None:
    x = leaf()
    assert (x + 1.0).call is np.add
    assert (2.0 / x).call is np.divide
    picked = x[1:]
    assert picked.call is index
    assert picked.value.tolist() == [2.0, 3.0]


def test_what_a_sequence_holds_is_among_the_arguments() -> None:
    x, y = leaf("x"), leaf("y")
    joined = np.concatenate([x, y, np.ones(1)])
    assert [each.name for each in arguments(joined)] == ["x", "y"]
    assert joined.shape == (7,)


def test_where_numpy_gives_back_what_it_was_given_there_is_no_call() -> None:
    x = leaf()
    assert np.astype(x, np.float64, copy=False) is x
    assert np.astype(x, np.float32) is not x


def test_a_number_that_numpy_gives_is_an_array() -> None:
    total = np.sum(leaf())
    assert type(total.value) is np.ndarray
    assert total.shape == ()
    assert type(array_of(np.float64(2.0))) is np.ndarray
    assert array_of(total) is total


LOOKS: dict[str, Callable[[Traced], Any]] = {
    "truth": bool,
    "number": lambda x: float(x[0]),
    "integer": lambda x: int(x[0]),
    "place": lambda x: [0, 1][x[0]],
    "loop": list,
    "length": len,
    "array": np.asarray,
    "comparison": lambda x: 1.0 if x[0] > 0 else 0.0,
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_rule_may_not_look_at_values(look: Callable[[Traced], Any]) -> None:
    with pytest.raises(TracingError, match="may not look at an array's values"):
        look(leaf())


def test_a_rule_may_not_leave_the_vocabulary() -> None:
    with pytest.raises(TracingError, match="may not call median: it is not in the vocabulary"):
        np.median(leaf())
    with pytest.raises(TracingError, match=r"may not call add\.reduce"):
        np.add.reduce(leaf())  # type: ignore[call-overload]


def test_a_traced_array_is_itself_whatever_it_holds() -> None:
    x, same = leaf(), leaf()
    assert (x == same).call is np.equal
    assert len({x, same}) == 2
    assert {x: "x"}.get(same) is None


def test_what_results_depend_on_comes_before_them_once() -> None:
    x, y = leaf("x"), leaf("y")
    product = x * y
    result = np.exp(product) + product
    order = in_order([result, product])
    place = {each: at for at, each in enumerate(order)}
    assert len(order) == len(place) == 5
    assert all(place[each] < place[call] for call in order for each in arguments(call))
    assert in_order([result], {product: None}) == [result.args[0], result]


def test_a_chain_may_be_longer_than_python_may_nest() -> None:
    value = leaf()
    for _ in range(5000):
        value = np.negative(value)
    assert len(in_order([value])) == 5001
    assert read_by(value) == {"x"}


def test_who_asks_only_for_the_shape_reads_nothing() -> None:
    x, y = leaf("x"), leaf("y")
    assert read_by(x * np.ones_like(y)) == {"x"}
    assert read_by(np.zeros_like(x)) == set()
    assert read_by(np.ones(3)) == set()


@pytest.mark.parametrize(("dtype", "held"), [(np.float32, np.nan), (np.int64, 0), (np.bool_, False)])
def test_a_stand_in_has_a_shape_and_no_memory_of_that_size(dtype: Any, held: Any) -> None:
    x = stand_in("x", (1000, 1000), np.dtype(dtype))
    assert (x.name, x.shape, x.dtype, x.strides) == ("x", (1000, 1000), dtype, (0, 0))
    np.testing.assert_array_equal(x.value[0, :2], [held, held])


def test_numbers_are_at_hand_for_checks() -> None:
    x = leaf()
    assert value_of(x) is x.value
    assert value_of(2.0) == 2.0
