"""Every vector-Jacobian product in the rule book against differences of values, at its samples and at drawn shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from drawing import Application, apart, assert_adjoint, differentiable, directional, gradients, refuses, samples
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from chainrule.core.ops import registry
from chainrule.core.ops.rule import Rule

ALL = list(samples())
DIFFERENTIABLE = [application for application in ALL if differentiable(application)]
CUTS = {
    *("detach", "long", "int", "bool"),
    *("argmax", "argmin"),
    *("eq", "ne", "lt", "le", "gt", "ge", "isclose", "isnan", "isinf", "isfinite", "signbit", "floor_divide"),
    *("logical_and", "logical_or", "logical_xor", "logical_not"),
    *("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_not"),
    *("all", "any", "count_nonzero", "argsort", "unique"),
    *("argwhere", "nonzero", "short", "char", "byte"),
    *("one_hot",),
}  # fmt: skip

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)
shapes = hnp.array_shapes(min_dims=0, max_dims=3, max_side=4)


def each(applications: list[Application]) -> Any:
    return pytest.mark.parametrize("application", applications, ids=str)


def test_every_operation_has_samples_and_all_but_the_cuts_a_gradient() -> None:
    names = {operation.name for operation in registry.entries().values() if operation.public}
    assert names - {application.name for application in ALL} == set()
    assert names - {application.name for application in DIFFERENTIABLE} == CUTS


@each([each for each in DIFFERENTIABLE if each.value(*each.inputs).dtype == np.float64])
def test_the_jacobian_is_that_of_central_differences(application: Application) -> None:
    result = application.value(*application.inputs)
    for place in application.places:
        units = np.eye(application.inputs[place].size).reshape(-1, *application.inputs[place].shape)
        numeric = [directional(application, {place: unit}) for unit in units]
        for at in range(result.size):
            seed = np.zeros(result.shape)
            seed.flat[at] = 1.0
            expected = np.array([change.flat[at] for change in numeric]).reshape(application.inputs[place].shape)
            np.testing.assert_allclose(gradients(application, seed)[place], expected, rtol=1e-7, atol=1e-8)


@each([application for application in ALL if not differentiable(application)])
def test_what_has_no_derivative_is_not_tracked_or_stops_backward(application: Application) -> None:
    result = application.run(application.tensors())
    assert not result.requires_grad or refuses(result)


ONE_INPUT = ["neg", "exp", "log", "sqrt", "abs", "sin", "cos", "tanh", "sigmoid", "relu", "reciprocal"]
TWO_INPUTS = ["add", "sub", "rsub", "mul", "div", "pow", "maximum", "minimum", "mse_loss"]


@given(st.sampled_from(ONE_INPUT), shapes, seeds)
def test_one_input_of_any_shape(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    assert_adjoint(Application(name, (apart(rng, shape),)), rng)


@given(st.sampled_from(TWO_INPUTS), hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3), seeds)
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_two_inputs_broadcast(name: str, drawn: hnp.BroadcastableShapes, rng: np.random.Generator) -> None:
    first, second = drawn.input_shapes
    both = apart(rng, (int(np.prod(first)) + int(np.prod(second)),))
    left, right = both[: int(np.prod(first))].reshape(first), both[int(np.prod(first)) :].reshape(second)
    assert_adjoint(Application(name, (left, right)), rng)


@given(hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=2, max_side=3), seeds)
def test_where_broadcasts_all_three(drawn: hnp.BroadcastableShapes, rng: np.random.Generator) -> None:
    first, second, third = drawn.input_shapes
    inputs = np.asarray(rng.random(first) < 0.5), apart(rng, second), apart(rng, third)
    assert_adjoint(Application("where", inputs), rng)


@given(st.sampled_from(["add", "sub", "mul", "div", "pow", "rsub"]), shapes, st.sampled_from([2, 0.5, -1.5]), seeds)
def test_a_number_on_the_right(name: str, shape: tuple[int, ...], number: float, rng: np.random.Generator) -> None:
    assert_adjoint(Application(name, (apart(rng, shape), number)), rng)


@st.composite
def reduced(draw: st.DrawFn) -> tuple[tuple[int, ...], dict[str, Any]]:
    """A shape, and dimensions of it to reduce over."""
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=3))
    axes = st.integers(-len(shape), len(shape) - 1)
    return shape, {"dim": draw(axes), "keepdim": draw(st.booleans())}


@given(st.sampled_from(["sum", "mean", "prod", "amax", "max", "min"]), reduced(), seeds)
def test_reductions_along_a_dimension(
    name: str, drawn: tuple[tuple[int, ...], dict[str, Any]], rng: np.random.Generator
) -> None:
    shape, params = drawn
    assert_adjoint(Application(name, (apart(rng, shape),), params), rng)


@given(st.sampled_from(["sum", "mean", "amax"]), hnp.array_shapes(min_dims=3, max_dims=3, max_side=3), seeds)
def test_reductions_over_several_dimensions(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    assert_adjoint(Application(name, (apart(rng, shape),), {"dim": (0, -1)}), rng)


@given(st.sampled_from(["sum", "mean", "prod", "max", "min", "amax"]), shapes, seeds)
def test_reductions_of_everything(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    assert_adjoint(Application(name, (apart(rng, shape),)), rng)


@given(st.sampled_from(["softmax", "log_softmax"]), reduced(), seeds)
def test_softmax_along_a_dimension(name: str, drawn: Any, rng: np.random.Generator) -> None:
    shape, params = drawn
    assert_adjoint(Application(name, (apart(rng, shape),), {"dim": params["dim"]}), rng)


@given(hnp.mutually_broadcastable_shapes(signature=np.matmul.signature, max_dims=2, max_side=3), seeds)
def test_matrix_products_of_all_ranks(drawn: hnp.BroadcastableShapes, rng: np.random.Generator) -> None:
    left, right = (apart(rng, shape) for shape in drawn.input_shapes)
    assert_adjoint(Application("matmul", (left, right)), rng)


@given(hnp.array_shapes(min_dims=1, max_dims=3, max_side=3), st.integers(1, 4), st.booleans(), seeds)
def test_linear_on_batches(shape: tuple[int, ...], wide: int, bias: bool, rng: np.random.Generator) -> None:
    inputs = [apart(rng, shape), apart(rng, (wide, shape[-1])), apart(rng, (wide,))]
    assert_adjoint(Application("linear", tuple(inputs[: 2 + bias])), rng)


@st.composite
def rearranged(draw: st.DrawFn) -> tuple[tuple[int, ...], str, dict[str, Any]]:
    """A shape, and an operation that rearranges an array of it."""
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=3))
    axis = st.integers(-len(shape), len(shape) - 1)
    size = int(np.prod(shape))
    name, params = draw(
        st.sampled_from(
            [
                ("reshape", {"shape": (size, 1)}),
                ("view", {"size": (-1,)}),
                ("flatten", {}),
                ("transpose", {"dim0": draw(axis), "dim1": draw(axis)}),
                ("permute", {"dims": tuple(draw(st.permutations(range(len(shape)))))}),
                ("squeeze", {}),
                ("unsqueeze", {"dim": draw(axis)}),
                ("expand", {"size": (2, *shape)}),
                ("clone", {}),
                ("getitem", {"index": (slice(None), None)}),
                ("getitem", {"index": draw(st.integers(-shape[0], shape[0] - 1))}),
                ("getitem", {"index": np.array([0, 0, shape[0] - 1])}),
                ("getitem", {"index": (Ellipsis, slice(0, None, 2))}),
            ]
        )
    )
    return shape, name, params


@given(rearranged(), seeds)
def test_rearrangements(drawn: tuple[tuple[int, ...], str, dict[str, Any]], rng: np.random.Generator) -> None:
    shape, name, params = drawn
    assert_adjoint(Application(name, (apart(rng, shape),), params), rng)


@given(st.sampled_from(["cat", "stack"]), reduced(), st.integers(1, 4), seeds)
def test_joins_of_several(name: str, drawn: Any, count: int, rng: np.random.Generator) -> None:
    shape, params = drawn
    assert_adjoint(Application(name, tuple(apart(rng, shape) for _ in range(count)), {"dim": params["dim"]}), rng)


@given(st.integers(1, 4), st.integers(2, 4), st.sampled_from(["mean", "sum", "none"]), seeds)
def test_cross_entropy_of_classes_and_of_probabilities(
    rows: int, classes: int, reduction: str, rng: np.random.Generator
) -> None:
    scores, targets = apart(rng, (rows, classes)), rng.integers(0, classes, rows)
    assert_adjoint(Application("cross_entropy", (scores, targets), {"reduction": reduction}), rng)
    assert_adjoint(Application("cross_entropy", (scores, apart(rng, (rows, classes))), {"reduction": reduction}), rng)


@given(st.sampled_from([{"min": 1.1}, {"max": 1.5}, {"min": 0.7, "max": 1.9}]), shapes, seeds)
def test_clamp(params: dict[str, float], shape: tuple[int, ...], rng: np.random.Generator) -> None:
    values = apart(rng, shape)
    near = np.min([np.abs(values - bound) for bound in params.values()], axis=0) < 0.01
    assert_adjoint(Application("clamp", (np.where(near, values + 0.02, values),), params), rng)


@each([application for application in DIFFERENTIABLE if isinstance(registry.get(application.name), Rule)])
def test_a_gradient_is_linear_in_its_seed(application: Application) -> None:
    rng = np.random.default_rng(0)
    first, second = rng.uniform(-1, 1, (2, *application.value(*application.inputs).shape))
    both = gradients(application, 2 * first - 3 * second)
    for place, gradient in gradients(application, first).items():
        expected = 2 * gradient - 3 * gradients(application, second)[place]
        np.testing.assert_allclose(both[place], expected, rtol=1e-12, atol=1e-14)


def single(application: Application) -> Application:
    def lowered(value: Any) -> Any:
        return value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype == np.float64 else value

    return Application(application.name, tuple(map(lowered, application.inputs)), application.params)


KEPT_SINGLE = [
    application
    for application in DIFFERENTIABLE
    if application.name not in ("double", "half", "cast", "to", "float_power")
]


@each(KEPT_SINGLE)
def test_single_precision_stays_single_and_says_the_same(application: Application) -> None:
    low = single(application)
    value, exact = low.value(*low.inputs), application.value(*application.inputs)
    assert value.dtype == np.float32
    np.testing.assert_allclose(value, exact, rtol=1e-5, atol=1e-6)
    seed = np.linspace(-1.0, 2.0, value.size).reshape(value.shape)
    double = gradients(application, seed.astype(exact.dtype))
    for place, gradient in gradients(low, seed.astype(np.float32)).items():
        assert gradient.dtype == np.float32
        np.testing.assert_allclose(gradient, double[place], rtol=1e-5, atol=1e-6)
