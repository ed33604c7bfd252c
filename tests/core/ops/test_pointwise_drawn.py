"""The pointwise operations at drawn shapes and values: adjoints, and what holds of whole numbers, bits and bounds."""

from __future__ import annotations

import math
import operator

import numpy as np
from drawing import Application, apart, assert_adjoint
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import chainrule.core as torch
from chainrule.core.engine.tensor import tensor_of

# What is defined on numbers between 0.4 and 2.4, between 0 and 1, and from 1.
ANYWHERE = (
    "square", "rsqrt", "exp2", "expm1", "log1p", "log2", "log10", "atan", "sinh", "cosh", "asinh", "sinc", "erf",
    "erfc", "deg2rad", "rad2deg", "frac", "floor", "ceil", "trunc", "sign", "nan_to_num", "positive",
)  # fmt: skip
INSIDE = ("asin", "acos", "atanh", "logit", "tan")
BEYOND = ("acosh",)
PAIRS = (
    "remainder", "fmod", "atan2", "hypot", "logaddexp", "logaddexp2", "xlogy", "copysign", "fmax", "fmin",
    "clamp_min",
    "clamp_max", "float_power",
)  # fmt: skip

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)
shapes = hnp.array_shapes(min_dims=0, max_dims=3, max_side=3)
pairs = hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3)
triples = hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=2, max_side=3)
wholes = hnp.arrays(np.int64, hnp.array_shapes(max_dims=2, max_side=4), elements=st.integers(-50, 50))
divisors = st.integers(-9, 9).filter(bool)


@given(st.sampled_from(ANYWHERE), shapes, seeds)
def test_one_input(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    assert_adjoint(Application(name, (apart(rng, shape),)), rng)


@given(st.sampled_from(INSIDE), shapes, seeds)
def test_one_input_between_0_and_1(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    assert_adjoint(Application(name, (apart(rng, shape, 0.2, 0.8),)), rng)


@given(st.sampled_from(BEYOND), shapes, seeds)
def test_one_input_beyond_1(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    assert_adjoint(Application(name, (apart(rng, shape, 1.2, 3.4),)), rng)


def several(rng: np.random.Generator, drawn: hnp.BroadcastableShapes) -> list[np.ndarray]:
    """Arrays of the drawn shapes, no two numbers of which come near each other."""
    sizes = [int(np.prod(shape)) for shape in drawn.input_shapes]
    parts = np.split(apart(rng, (sum(sizes),)), np.cumsum(sizes)[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, drawn.input_shapes, strict=True)]


def far_from_whole(left: np.ndarray, right: np.ndarray) -> bool:
    ratio = left / right
    return bool(np.all(np.abs(ratio - np.round(ratio)) > 0.01))


@given(st.sampled_from(PAIRS), pairs, seeds)
def test_two_inputs_broadcast(name: str, drawn: hnp.BroadcastableShapes, rng: np.random.Generator) -> None:
    left, right = several(rng, drawn)
    if name not in ("remainder", "fmod") or far_from_whole(left, right):
        assert_adjoint(Application(name, (left, right)), rng)


@given(st.sampled_from(["clamp_between", "lerp"]), triples, seeds)
def test_three_inputs_broadcast(name: str, drawn: hnp.BroadcastableShapes, rng: np.random.Generator) -> None:
    assert_adjoint(Application(name, tuple(several(rng, drawn))), rng)


@given(st.sampled_from(["fmod", "remainder", "xlogy", "copysign", "clamp_min", "clamp_max"]), shapes, seeds)
def test_a_number_on_the_right(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    values = apart(rng, shape)
    if far_from_whole(values, np.array(1.37)):
        assert_adjoint(Application(name, (np.where(np.abs(values - 1.37) < 0.02, 0.5, values), 1.37)), rng)


@given(shapes, st.sampled_from([0.05, 0.1, 0.3]), seeds)
def test_logit_with_eps(shape: tuple[int, ...], eps: float, rng: np.random.Generator) -> None:
    values = apart(rng, shape, 0.02, 0.98)
    near = np.minimum(np.abs(values - eps), np.abs(values - 1 + eps)) < 0.01
    assert_adjoint(Application("logit", (np.where(near, 0.5, values),), {"eps": eps}), rng)


@given(shapes, st.sampled_from(["trunc", "floor"]), seeds)
def test_a_rounded_quotient_has_no_slope(shape: tuple[int, ...], mode: str, rng: np.random.Generator) -> None:
    values = apart(rng, shape)
    if far_from_whole(values, np.array(0.7)):
        assert_adjoint(Application("div", (values, np.array(0.7)), {"rounding_mode": mode}), rng)


@given(wholes, divisors)
def test_integer_division_is_pythons(values: np.ndarray, divisor: int) -> None:
    x, flat = tensor_of(values), values.ravel().tolist()
    for mine, pythons in (
        (x // divisor, [each // divisor for each in flat]),
        (x % divisor, [each % divisor for each in flat]),
        (x.div(divisor, rounding_mode="trunc"), [math.trunc(each / divisor) for each in flat]),
        (x.fmod(divisor), [int(math.fmod(each, divisor)) for each in flat]),
    ):
        assert mine.dtype == torch.int64
        assert mine.numpy().ravel().tolist() == pythons
    assert (x // divisor * divisor + x % divisor).equal(x)


@given(wholes, st.integers(-50, 50))
def test_bits_are_pythons(values: np.ndarray, mask: int) -> None:
    x, flat = tensor_of(values), values.ravel().tolist()
    for sign in (operator.and_, operator.or_, operator.xor):
        assert sign(x, mask).numpy().ravel().tolist() == [sign(each, mask) for each in flat]
        assert sign(mask, x).equal(sign(x, mask))
    assert (~x).numpy().ravel().tolist() == [~each for each in flat]


@given(hnp.arrays(np.float64, 4, elements=st.floats(-1e3, 1e3)), st.integers(-2, 3))
def test_rounding_goes_to_the_nearest_and_half_to_even(values: np.ndarray, decimals: int) -> None:
    x = tensor_of(values)
    assert x.round().numpy().tolist() == [float(round(each)) for each in values.tolist()]
    off = np.abs(x.round(decimals=decimals).numpy() - values)
    assert np.all(off <= 0.5 * 10.0**-decimals * (1 + 1e-9))
    assert (x.trunc() + x.frac()).allclose(x)
    assert np.all(x.floor().numpy() <= values)
    assert np.all(values <= x.ceil().numpy())


@given(hnp.arrays(np.float64, 5, elements=st.floats(-10, 10)), st.floats(-5, 5), st.floats(-5, 5))
def test_clamp_is_the_same_by_numbers_and_by_tensors(values: np.ndarray, low: float, high: float) -> None:
    bounds = [tensor_of(np.array(each)) for each in (low, high)]
    x, y = tensor_of(values).requires_grad_(), tensor_of(values.copy()).requires_grad_()
    by_numbers, by_tensors = torch.clamp(x, low, high), torch.clamp(y, *bounds)
    assert by_numbers.equal(by_tensors)
    by_numbers.sum().backward()
    by_tensors.sum().backward()
    assert x.grad.equal(y.grad)
