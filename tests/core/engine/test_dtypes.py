"""Element types: names, promotion, and the arrays that Python values become. PyTorch's answers are in references/."""

from __future__ import annotations

import copy
import importlib
import pickle
from collections.abc import Callable, Iterator
from functools import reduce
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.core.engine import dtypes

kinds = st.sampled_from(dtypes.ALL)


@pytest.fixture(autouse=True)
def _default_put_back() -> Iterator[None]:
    yield
    dtypes.set_default_dtype(dtypes.float32)


@st.composite
def operands(draw: st.DrawFn) -> list[object]:
    """One array or more, with and without dimensions, and Python numbers."""
    arrays = st.builds(lambda kind, shape: np.ones(shape, kind.numpy), kinds, st.sampled_from([(), (1,), (2, 3)]))
    numbers = st.sampled_from([True, 3, 2.5])
    return draw(st.permutations([draw(arrays), *draw(st.lists(st.one_of(arrays, numbers), max_size=3))]))


def test_a_dtype_is_known_by_its_name_its_aliases_and_its_numpy_dtype() -> None:
    assert repr(dtypes.float32) == "torch.float32"
    assert dtypes.by_name("float32") is dtypes.by_name("float") is dtypes.float32
    assert dtypes.by_name("long") is dtypes.int64
    assert dtypes.of(np.ones(2, np.uint8)) is dtypes.uint8
    assert dtypes.of(np.dtype("float16")) is dtypes.float16
    with pytest.raises(KeyError):
        dtypes.by_name("float33")


@given(kinds)
def test_there_is_one_of_each(kind: dtypes.dtype) -> None:
    assert pickle.loads(pickle.dumps(kind)) is copy.deepcopy(kind) is kind
    assert dtypes.of(kind.numpy) is dtypes.by_name(kind.name) is kind


def test_tensor_types_are_named_as_messages_name_them() -> None:
    assert dtypes.torch_type_name(np.ones(1, np.float32)) == "torch.FloatTensor"
    assert dtypes.torch_type_name(np.ones(1, np.int64)) == "torch.LongTensor"
    assert dtypes.float64.type_name == "Double"
    assert (dtypes.float64.c_name, dtypes.int64.c_name) == ("double", "long int")


@pytest.mark.parametrize("array", [np.array(["a"]), np.array([1j]), np.array([None]), np.ones(1, np.uint16)])
def test_there_are_no_tensors_of_other_types(array: np.ndarray) -> None:
    with pytest.raises(TypeError, match=f"can't convert np.ndarray of type numpy.{array.dtype.type.__name__}"):
        dtypes.of(array)


def test_foreign_byte_order_is_refused() -> None:
    with pytest.raises(ValueError, match="byte order"):
        dtypes.from_python(np.ones(2, ">f4"))


@given(operands(), st.randoms())
def test_promotion_does_not_depend_on_the_order(values: list[object], random: Random) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)
    assert dtypes.result_type(shuffled) == dtypes.result_type(values)


@given(operands())
def test_promotion_never_falls_below_the_highest_category(values: list[object]) -> None:
    categories = "bool", "iu", "f"

    def category(kind: str) -> int:
        return next(place for place, kinds in enumerate(categories) if kind in kinds)

    highest = max(category(np.asarray(value).dtype.kind) for value in values)
    assert category(dtypes.result_type(values).kind) == highest


@given(st.lists(kinds, min_size=1, max_size=4))
def test_arrays_with_dimensions_promote_as_their_types_do(several: list[dtypes.dtype]) -> None:
    expected = reduce(dtypes.promote, several).numpy
    assert dtypes.result_type([np.ones(2, kind.numpy) for kind in several]) == expected


@given(kinds, kinds)
def test_an_array_without_dimensions_counts_only_by_its_category(wide: dtypes.dtype, narrow: dtypes.dtype) -> None:
    found = dtypes.result_type([np.ones(2, wide.numpy), np.ones((), narrow.numpy)])
    assert found == (wide if wide.category >= narrow.category else narrow).numpy


def test_a_number_raises_the_category_to_the_default_type() -> None:
    dtypes.set_default_dtype(dtypes.float64)
    assert dtypes.result_type([np.ones(2, np.int8), 2.5]) == np.float64
    assert dtypes.result_type([np.ones(2, np.int8), 2]) == np.int8
    assert dtypes.result_type([np.ones(2, np.float32), 2.5]) == np.float32


def test_only_numbers_and_arrays_promote() -> None:
    with pytest.raises(TypeError, match="expected a tensor or a number, but got str"):
        dtypes.result_type([np.ones(2), "a"])


@given(kinds, kinds)
def test_in_place_results_go_into_the_same_category_or_a_higher_one(source: dtypes.dtype, target: dtypes.dtype) -> None:
    assert dtypes.can_cast(source.numpy, target.numpy) == (source.category <= target.category)


NESTED = st.recursive(
    st.lists(st.floats(width=32), min_size=1, max_size=3), lambda inner: st.lists(inner, min_size=1, max_size=3)
)


@given(NESTED)
def test_nested_lists_become_the_array_numpy_sees_or_are_called_ragged(value: list[object]) -> None:
    try:
        expected = np.array(value, dtype=np.float32)
    except ValueError:
        with pytest.raises((ValueError, TypeError), match=r"expected sequence of length|must be real|not a sequence"):
            dtypes.from_python(value)
    else:
        np.testing.assert_array_equal(dtypes.from_python(value), expected)


@given(kinds, st.integers(-(2**70), 2**70))
def test_an_integer_either_fits_or_is_refused(kind: dtypes.dtype, number: int) -> None:
    if kind.category != 1:
        return
    limits = np.iinfo(kind.numpy)
    if limits.min <= number <= limits.max:
        assert dtypes.from_python(number, kind) == number
    elif abs(number) > limits.max + 1:
        with pytest.raises((RuntimeError, ValueError), match=r"without overflow|Overflow when unpacking"):
            dtypes.from_python(number, kind)


def test_an_array_is_copied() -> None:
    source = np.ones(3)
    made = dtypes.from_python(source)
    made[0] = 7
    assert source[0] == 1
    assert made.dtype == np.float64


def test_a_very_deep_list_needs_no_recursion() -> None:
    value: object = 1.5
    for _ in range(60):
        value = [value]
    assert dtypes.from_python(value).shape == (1,) * 60


def test_only_floating_types_can_be_the_default() -> None:
    with pytest.raises(TypeError, match="only floating-point types are supported as the default type"):
        dtypes.set_default_dtype(dtypes.int64)
    assert dtypes.get_default_dtype() is dtypes.float32


@pytest.mark.optional("any list becomes the tensor that PyTorch makes of it", needs="torch")
@given(st.recursive(st.one_of(st.booleans(), st.integers(-9, 9), st.floats(width=16)), st.lists, max_leaves=6))
def test_any_list_becomes_the_tensor_that_pytorch_makes_of_it(value: object) -> None:
    tensor = importlib.import_module("torch").tensor
    assert outcome(lambda: dtypes.from_python(value)) == outcome(lambda: tensor(value).numpy())


def outcome(make: Callable[[], np.ndarray]) -> tuple[object, ...]:
    """The array that ``make`` makes, or that it refuses; where a list is wrong twice, either reason may be given."""
    try:
        made = make()
    except (TypeError, ValueError):
        return ("refused",)
    return made.dtype, made.shape, made.tobytes()
