"""Activations and losses at drawn shapes, settings, weights and targets: derivatives against differences of values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from drawing import Application, apart, assert_adjoint, directional, gradients
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import chainrule.core as torch

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)
shapes = hnp.array_shapes(min_dims=0, max_dims=3, max_side=4)
reductions = st.sampled_from(["mean", "sum", "none"])

SMOOTH = ["logsigmoid", "silu", "softplus", "mish", "gelu", "softsign", "tanhshrink", "elu", "celu", "selu"]
HARD = ["leaky_relu", "hardtanh", "relu6", "hardsigmoid", "hardswish", "hardshrink", "softshrink"]
PAIRS = ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "poisson_nll_loss", "kl_div"]


@given(st.sampled_from(SMOOTH + HARD), shapes, seeds)
def test_activations_of_any_shape_and_sign(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    values = np.asarray(rng.choice([-1.0, 1.0], shape) * apart(rng, shape, low=0.52))
    assert_adjoint(Application(name, (values,)), rng)


@given(
    st.sampled_from(["softplus", "elu", "celu", "leaky_relu"]),
    st.floats(0.25, 3.0),
    shapes,
    seeds,
)
def test_activations_with_a_setting(
    name: str, setting: float, shape: tuple[int, ...], rng: np.random.Generator
) -> None:
    values = np.asarray(rng.choice([-1.0, 1.0], shape) * apart(rng, shape))
    parameter = {"softplus": "beta", "leaky_relu": "negative_slope"}.get(name, "alpha")
    assert_adjoint(Application(name, (values,), {parameter: setting}), rng)


@given(hnp.array_shapes(min_dims=1, max_dims=3, max_side=3), st.integers(-3, 2), seeds)
def test_glu_halves_any_dimension(shape: tuple[int, ...], dim: int, rng: np.random.Generator) -> None:
    dim = dim % len(shape)
    doubled = tuple(2 * side if place == dim else side for place, side in enumerate(shape))
    assert_adjoint(Application("glu", (apart(rng, doubled),), {"dim": dim}), rng)


@given(hnp.array_shapes(min_dims=2, max_dims=4, max_side=3), seeds)
def test_prelu_has_a_slope_a_channel(shape: tuple[int, ...], rng: np.random.Generator) -> None:
    values = np.asarray(rng.choice([-1.0, 1.0], shape) * apart(rng, shape))
    assert_adjoint(Application("prelu", (values, apart(rng, shape[1:2]))), rng)


# What says at which difference a loss is no longer quadratic.
BENDS = {"smooth_l1_loss": "beta", "huber_loss": "delta"}


@given(
    st.sampled_from(PAIRS),
    hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3),
    reductions,
    seeds,
)
@pytest.mark.filterwarnings("ignore:Using a target size", "ignore:reduction")
def test_losses_broadcast(name: str, drawn: hnp.BroadcastableShapes, reduction: str, rng: np.random.Generator) -> None:
    first, second = drawn.input_shapes
    left, right = apart(rng, first, 0.4, 1.3), apart(rng, second, 1.45, 1.95)
    bends = (
        {BENDS[name]: float(rng.choice([0.125, 2.0]))} if name in BENDS else {}
    )  # never where a difference might lie
    assert_adjoint(Application(name, (left, right), {"reduction": reduction, **bends}), rng)


def assert_input_adjoint(application: Application, rng: np.random.Generator, place: int = 0) -> None:
    """As ``assert_adjoint``, for one input only: weights have values but no derivative."""
    seed = rng.uniform(-1, 1, application.value(*application.inputs).shape)
    gradient = gradients(application, seed)[place]
    direction = rng.uniform(-1, 1, gradient.shape)
    by_values = np.sum(seed * directional(application, {place: direction}))
    assert abs(by_values - np.sum(gradient * direction)) <= 1e-7 * (1 + abs(by_values))


@given(shapes, st.booleans(), st.booleans(), reductions, seeds)
def test_binary_cross_entropies_with_weights(
    shape: tuple[int, ...], weighted: bool, positive: bool, reduction: str, rng: np.random.Generator
) -> None:
    truths = rng.uniform(0.1, 0.9, shape)
    weights = [rng.uniform(0.5, 2, shape[-1:]) if given else 1 for given in (weighted, positive)]
    likely = Application(
        "binary_cross_entropy", (rng.uniform(0.1, 0.9, shape), truths, weights[0]), {"reduction": reduction}
    )
    scores = Application(
        "binary_cross_entropy_with_logits", (rng.uniform(-3, 3, shape), truths, *weights), {"reduction": reduction}
    )
    for application in (likely, scores):
        assert_input_adjoint(application, rng)
        assert_input_adjoint(application, rng, 1)


@st.composite
def classified(draw: st.DrawFn) -> tuple[tuple[int, ...], dict[str, Any]]:
    """The shape of scores, and settings of the loss."""
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=4, max_side=3))
    settings = {"reduction": draw(reductions), "ignore_index": draw(st.sampled_from([-100, 0]))}
    return shape, settings


@given(classified(), st.booleans(), st.sampled_from([0.0, 0.3]), seeds)
def test_cross_entropy_of_any_rank_weighted_and_smoothed(
    drawn: tuple[tuple[int, ...], dict[str, Any]], weighted: bool, smoothing: float, rng: np.random.Generator
) -> None:
    shape, settings = drawn
    axis = int(len(shape) > 1)
    target = rng.integers(0, shape[axis], shape[:axis] + shape[axis + 1 :])
    if np.all(target == settings["ignore_index"]):
        settings["ignore_index"] = -100
    inputs: tuple[Any, ...] = apart(rng, shape), target
    weights = (rng.uniform(0.5, 2, shape[axis]),) if weighted else ()
    assert_input_adjoint(Application("nll_loss", inputs + weights, settings), rng)
    assert_input_adjoint(Application("cross_entropy", inputs + weights, settings | {"label_smoothing": smoothing}), rng)


@given(hnp.array_shapes(min_dims=1, max_dims=3, max_side=3), reductions, seeds)
def test_losses_with_margins(shape: tuple[int, ...], reduction: str, rng: np.random.Generator) -> None:
    sides, settings = rng.choice([-1, 1], shape), {"reduction": reduction}
    left, right = apart(rng, shape), apart(rng, shape, 2.5, 4.0)
    assert_adjoint(Application("soft_margin_loss", (left, sides), settings), rng)
    assert_adjoint(Application("hinge_embedding_loss", (left, sides), settings | {"margin": 3.0}), rng)
    assert_adjoint(Application("margin_ranking_loss", (left, right, sides), settings), rng)
    variances = apart(rng, shape)
    assert_adjoint(Application("gaussian_nll_loss", (left, right, variances), settings), rng)


@given(st.floats(-1e3, 1e3), st.sampled_from([0.0, 1.0]))
def test_cross_entropy_of_a_logit_is_finite_and_that_of_its_sigmoid(score: float, truth: float) -> None:
    x = torch.tensor(score, dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(x, torch.tensor(truth, dtype=torch.float64))
    loss.backward()
    assert np.isclose(loss.item(), np.logaddexp(0, -score if truth else score), rtol=1e-12)
    assert np.isclose(x.grad.item(), torch.sigmoid(x).item() - truth, rtol=1e-12, atol=0)
