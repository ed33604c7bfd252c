"""The updates as records: elementwise, in the vocabulary, the same numbers run, traced, or laid end to end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from chainrule.core.compile.tracing import Traced, arguments
from chainrule.core.ops.vocabulary import WORDS
from chainrule.core.optim.rules import TITLES, UPDATES
from chainrule.core.optim.update import Update, advance, beginning

Array = NDArray[Any]

PARTS = st.floats(0, 0.99)
CHOICES: dict[str, st.SearchStrategy[Any]] = {
    "betas": st.tuples(PARTS, PARTS),
    "alpha": PARTS,
    "eps": st.sampled_from([1e-10, 1e-8, 0.5]),
    "lr": st.sampled_from([0.5, 0.01]),
}


@st.composite
def options(draw: st.DrawFn, update: Update) -> dict[str, Any]:
    """Options that ``update`` has nothing against."""
    drawn = {
        name: draw(CHOICES.get(name, st.booleans() if isinstance(usual, bool) else st.sampled_from([0, 0.1, 0.9])))
        for name, usual in update.defaults.items()
    }
    if drawn.get("nesterov"):
        drawn |= {"momentum": 0.9, "dampening": 0}
    assert list(update.faults(drawn)) == []
    return drawn


@st.composite
def steps(draw: st.DrawFn, update: Update, shape: tuple[int, ...], dtype: str) -> tuple[Array, Array, dict[str, Array]]:
    """A value, a gradient, and the arrays that ``update`` may have kept: squares where it keeps squares."""
    numbers = arrays(dtype, shape, elements=st.floats(-4, 4, width=32))
    kept = {name: abs(draw(numbers)) for name in beginning(update, np.zeros(shape), ALL)}
    return draw(numbers), draw(numbers), kept


ALL: dict[str, Any] = {"momentum": 1, "amsgrad": True, "centered": True, "initial_accumulator_value": 0}
DTYPES = st.sampled_from(["float32", "float64"])
every_update = pytest.mark.parametrize("update", UPDATES.values(), ids=UPDATES)


@every_update
@settings(max_examples=30)
@given(data=st.data(), step=st.integers(1, 5), dtype=DTYPES)
def test_all_parameters_end_to_end_are_updated_as_each_by_itself(
    update: Update, data: st.DataObject, step: int, dtype: str
) -> None:
    chosen = data.draw(options(update))
    shapes = data.draw(st.lists(array_shapes(min_dims=0, max_dims=2, max_side=3), min_size=1, max_size=3))
    parts = [data.draw(steps(update, shape, dtype)) for shape in shapes]
    numbers = update.numbers(float(step), chosen)

    def laid(arrays: Iterator[Array]) -> Array:
        return np.concatenate([np.ravel(each) for each in arrays])

    with np.errstate(all="ignore"):
        kept = {name: laid(part[2][name] for part in parts) for name in parts[0][2]}
        whole = update.apply(laid(part[0] for part in parts), laid(part[1] for part in parts), kept, numbers, chosen)
        single = [update.apply(value, grad, state, numbers, chosen) for value, grad, state in parts]
    np.testing.assert_array_equal(whole[0], laid(value for value, _ in single), strict=True)
    for name in update.state(chosen):
        np.testing.assert_array_equal(whole[1][name], laid(np.asarray(state[name]) for _, state in single), strict=True)


@every_update
@settings(max_examples=30)
@given(data=st.data(), step=st.integers(1, 5), dtype=DTYPES)
def test_a_trace_records_words_of_the_vocabulary_and_gives_the_same_numbers(
    update: Update, data: st.DataObject, step: int, dtype: str
) -> None:
    chosen = data.draw(options(update))
    value, grad, kept = data.draw(steps(update, (2, 3), dtype))
    traced_step, traced_lr = Traced(np.float64(step), "step"), Traced(np.float64(chosen["lr"]), "lr")
    numbers = {
        name: np.asarray(each.value if isinstance(each, Traced) else each)
        for name, each in update.numbers(traced_step, {**chosen, "lr": traced_lr}).items()
    }
    plain = update.numbers(float(step), chosen)
    assert {name: float(each) for name, each in numbers.items()} == pytest.approx(plain, rel=1e-14)
    with np.errstate(all="ignore"):
        after, state = update.apply(value, grad, kept, plain, chosen)
        traced, traced_state = update.apply(
            Traced(value, "value"),
            Traced(grad, "grad"),
            {name: Traced(array, name) for name, array in kept.items()},
            {name: Traced(np.asarray(number, dtype), name) for name, number in plain.items()},
            chosen,
        )
    assert state.keys() == traced_state.keys() == set(update.state(chosen))
    for expected, got in [(after, traced), *((state[name], traced_state[name]) for name in state)]:
        np.testing.assert_array_equal(got.value, expected, strict=True)
        assert expected.dtype == dtype
        assert calls(got) <= WORDS.keys()


def calls(traced: Traced) -> set[Any]:
    """Every function that was called on the way to ``traced``."""
    found: set[Any] = set()
    waiting = [traced]
    while waiting:
        each = waiting.pop()
        if each.call is not None:
            found.add(each.call)
            waiting += arguments(each)
    return found


@every_update
@given(data=st.data(), dtype=DTYPES)
def test_a_step_changes_nothing_that_it_is_given(update: Update, data: st.DataObject, dtype: str) -> None:
    chosen = data.draw(options(update))
    value, grad, _ = data.draw(steps(update, (3,), dtype))
    before = value.copy(), grad.copy()
    first, memory = advance(update, value, grad, None, chosen)
    kept = {name: array.copy() for name, array in memory.arrays.items()}
    second, following = advance(update, first, grad, memory, chosen)
    np.testing.assert_array_equal((value, grad), before)
    for name, array in kept.items():
        np.testing.assert_array_equal(memory.arrays[name], array)
    assert second.dtype == dtype
    assert following.arrays.keys() == set(update.state(chosen))


def test_another_optimisers_memory_is_forgotten() -> None:
    value, grad = np.array([1.0, 2.0]), np.array([0.5, -1.0])
    adam, rmsprop = UPDATES["Adam"], UPDATES["RMSprop"]
    _, memory = advance(adam, value, grad, None, adam.defaults)
    after, fresh = advance(rmsprop, value, grad, memory, rmsprop.defaults)
    expected, _ = advance(rmsprop, value, grad, None, rmsprop.defaults)
    np.testing.assert_array_equal(after, expected)
    assert (fresh.optimizer, fresh.steps, *fresh.arrays) == ("RMSprop", 1, "square_avg")


@every_update
def test_every_number_among_the_options_has_a_title(update: Update) -> None:
    assert {name for name, usual in update.defaults.items() if type(usual) in (int, float)} <= TITLES.keys()
