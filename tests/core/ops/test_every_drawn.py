"""Every operation that has a derivative, on inputs drawn around its samples: other values, other shapes, broadcasting.

First derivatives are judged by <v, J u> = <transpose(J) v, u>, second ones by differences of the first. Where
differences with two steps disagree there is a kink between them, and nothing is judged. Tests of a subject's own
(``test_*_drawn``) know more about their operations' parameters; this one leaves none out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from drawing import Application, differentiable, directional, gradients, samples
from effort import examples
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from numpy.typing import NDArray
from twice import Twice, along, product

from chainrule.core.ops import registry

Array = NDArray[Any]

DRAWN: dict[str, list[Application]] = {}
for sample in samples():
    if differentiable(sample) and sample.value(*sample.inputs).dtype == np.float64:
        DRAWN.setdefault(sample.name, []).append(sample)

# Operations for which nothing that is drawn gets through, and those that take no other shape; each with its reason.
NEVER: dict[str, str] = {}
ONE_SHAPE: dict[str, str] = {}
# Where two elements are written to one place, PyTorch's gradient is that of either: only smaller inputs are drawn.
WRITING = ("scatter", "scatter_src", "index_copy")
# Where these are 0, as they are of a single element, PyTorch's second derivative is nan, and so is ours.
SINGULAR = ("std", "std_mean")

LARGEST = 1e4

Resizing = Callable[[list[Any]], list[Any]]


def arrays(change: Callable[[Array], Array]) -> Resizing:
    return lambda inputs: [change(each) if isinstance(each, np.ndarray) else each for each in inputs]


def one(place: int, change: Callable[[Array], Array]) -> Resizing:
    return lambda inputs: [
        change(each) if at == place and isinstance(each, np.ndarray) else each for at, each in enumerate(inputs)
    ]


def doubled(axis: int) -> Callable[[Array], Array]:
    return lambda array: np.concatenate([array, array], axis) if -array.ndim <= axis < array.ndim else array


def shortened(axis: int) -> Callable[[Array], Array]:
    return lambda array: array.take(range(1), axis) if -array.ndim <= axis < array.ndim else array


def stacked(array: Array) -> Array:
    return np.stack([array, array])


def as_they_are(inputs: list[Any]) -> list[Any]:
    return inputs


AXES = st.sampled_from([0, -1, 1, -2])
SHORTENING = st.builds(arrays, st.builds(shortened, AXES))
RESIZINGS = st.one_of(
    st.just(arrays(stacked)),
    st.builds(arrays, st.builds(doubled, AXES)),
    SHORTENING,
    st.builds(one, st.integers(0, 2), st.builds(shortened, AXES)),
    st.builds(one, st.integers(0, 2), st.builds(doubled, AXES)),
    st.builds(one, st.integers(0, 2), st.just(stacked)),
)


def moved(inputs: list[Any], rng: np.random.Generator, scale: float) -> list[Any]:
    """Each number of floats a little elsewhere; those that were alike no longer."""
    return [
        np.asarray(each + rng.uniform(-scale, scale, each.shape))
        if isinstance(each, np.ndarray) and each.dtype.kind == "f"
        else each
        for each in inputs
    ]


def accepted(application: Application) -> bool:
    """Whether the operation takes it, and gives numbers."""
    try:
        if not differentiable(application):
            return False
        value = application.value(*application.inputs)
    except (RuntimeError, ValueError, IndexError, TypeError, AssertionError):
        return False
    if application.name in SINGULAR and not value.all():
        return False
    return bool(0 < value.size <= 400 and np.isfinite(value).all() and np.abs(value).max() < LARGEST)


def agreed(at: Callable[[float], Any]) -> Any:
    """What differences say with two steps, if it is the same."""
    coarse, fine = at(1.0), at(0.25)
    assume(np.isfinite(coarse).all())
    assume(np.max(np.abs(coarse - fine), initial=0.0) <= 1e-6 * (1 + np.max(np.abs(fine), initial=0.0)))
    return fine


def assert_first(application: Application, rng: np.random.Generator) -> None:
    seed = rng.uniform(-1, 1, application.value(*application.inputs).shape)
    for place, gradient in gradients(application, seed).items():
        assert gradient.shape == application.inputs[place].shape
        direction = {place: rng.uniform(-1, 1, gradient.shape)}
        change = agreed(lambda part, to=direction: directional(application, to, 1e-3 * part))
        by_values, by_vjp = np.sum(seed * change), np.sum(gradient * direction[place])
        size = 1 + float(np.max(np.abs(change), initial=0.0)) * seed.size
        assert abs(by_values - by_vjp) <= 1e-6 * size, (place, by_values, by_vjp)


def assert_second(application: Application, rng: np.random.Generator) -> None:
    twice = Twice(application, rng)
    second = twice.second(twice.arrays)[1]
    for place, array in enumerate(twice.arrays):
        direction = np.asarray(rng.uniform(-1, 1, array.shape))
        expected = agreed(
            lambda part, at=place, to=direction: np.asarray(along(twice.value, twice.arrays, at, to, 1e-3 * part))
        )
        got = product(second[place], direction)
        assert abs(got - expected) <= 1e-5 * (1 + abs(expected)), (place, got, float(expected))


def judged(name: str, resizings: st.SearchStrategy[Resizing], count: int, *, twice: bool) -> int:
    """How many of the drawn inputs of the operation got through; AssertionError for one that is wrong."""
    through = []

    @given(st.sampled_from(DRAWN[name]), resizings, st.integers(0, 2**16), st.sampled_from([0.02, 0.2]))
    @settings(max_examples=examples(count), suppress_health_check=list(HealthCheck), database=None)
    def judge(sample: Application, resize: Resizing, seed: int, scale: float) -> None:
        rng = np.random.default_rng(seed)
        application = Application(name, tuple(moved(resize(list(sample.inputs)), rng, scale)), sample.params)
        assume(accepted(application))
        note(f"{application} {application.inputs}")
        with np.errstate(all="ignore"):
            assert_first(application, rng)
            if twice:
                assert_second(application, rng)
        through.append(application)

    try:
        judge()
    except Unsatisfiable:
        return 0
    return len(through)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", DRAWN)
def test_at_other_values(name: str) -> None:
    assert (judged(name, st.just(as_they_are), 1, twice=False) == 0) == (name in NEVER)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [name for name in DRAWN if registry.get(name).public])
def test_in_other_shapes(name: str) -> None:
    """What is not public has no checks of its own, and is reached through what is."""
    assert (judged(name, SHORTENING if name in WRITING else RESIZINGS, 2, twice=True) == 0) == (
        name in ONE_SHAPE or name in NEVER
    )


def test_no_operation_escapes() -> None:
    """Those that have no derivative in float64 are left; ``test_vjps`` lists those that have none at all."""
    tracked = {each.name for each in samples() if differentiable(each)}
    assert tracked - DRAWN.keys() == {"half", "float"}
