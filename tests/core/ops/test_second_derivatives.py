"""Derivatives of derivatives: for every rule with samples, the gradient of a gradient against differences of gradients.

And the third derivative at the same samples; other shapes and values are drawn in ``test_every_drawn``.
"""

from __future__ import annotations

import numpy as np
import pytest
from drawing import Application, differentiable, samples
from twice import Array, Twice, along, product

import chainrule.core as torch
from chainrule.core.engine.tensor import tensor_of

TWICE = [each for each in samples() if differentiable(each) and each.value(*each.inputs).dtype == np.float64]


@pytest.mark.parametrize("application", TWICE, ids=str)
def test_the_gradient_of_a_gradient_is_that_of_differences(application: Application) -> None:
    rng = np.random.default_rng(0)
    twice = Twice(application, rng)
    _, second = twice.second(twice.arrays)
    for place, array in enumerate(twice.arrays):
        direction = rng.uniform(-1, 1, array.shape)
        expected, got = along(twice.value, twice.arrays, place, direction), product(second[place], direction)
        assert abs(got - expected) <= 1e-6 * (1 + abs(expected)), (place, got, expected)


@pytest.mark.parametrize("application", TWICE, ids=str)
def test_and_the_gradient_of_that_one_too(application: Application) -> None:
    rng = np.random.default_rng(1)
    twice = Twice(application, rng)
    directions = [rng.uniform(-1, 1, each.shape) for each in twice.arrays]

    def slope(arrays: list[Array]) -> float:
        return sum(map(product, twice.second(arrays)[1], directions))

    leaves, second = twice.second(twice.arrays, create_graph=True)
    parts = [
        (g * tensor_of(d)).sum() for g, d in zip(second, directions, strict=True) if g is not None and g.requires_grad
    ]
    third = torch.autograd.grad(parts, leaves, allow_unused=True) if parts else [None] * len(leaves)
    got = sum(map(product, third, directions))
    expected = sum(along(slope, twice.arrays, place, each) for place, each in enumerate(directions))
    assert abs(got - expected) <= 1e-6 * (1 + abs(expected)), (got, expected)
