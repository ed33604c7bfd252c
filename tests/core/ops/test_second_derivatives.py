"""Derivatives of derivatives: for every rule with samples, the gradient of a gradient against differences of gradients.

The first derivative has been checked by then (``test_vjps``); here it is the function whose values are differenced.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from drawing import Application, differentiable, samples
from numpy.typing import NDArray

import chainrule.core as torch
from chainrule.core.engine.tensor import Tensor

Array = NDArray[Any]

STEP = 1e-4
TWICE = [each for each in samples() if differentiable(each) and each.value(*each.inputs).dtype == np.float64]


class Gradient:
    """A seed's gradient for all inputs of an application, as a function of seed and inputs."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.places = application.places

    def tensors(self, arrays: list[Array]) -> tuple[Any, list[Any]]:
        """The seed and the inputs as leaves; ``arrays`` holds the seed, then what has a gradient."""
        seed, *rest = [torch.tensor(each, requires_grad=True) for each in arrays]
        inputs = self.application.tensors()
        for place, leaf in zip(self.places, rest, strict=True):
            inputs[place] = leaf
        return seed, inputs

    def run(self, arrays: list[Array], create_graph: bool = False) -> tuple[list[Any], list[Any]]:
        """The leaves (the seed first), and the gradients for those inputs that are reached."""
        seed, inputs = self.tensors(arrays)
        leaves = [inputs[place] for place in self.places]
        result = self.application.run(inputs)
        found = torch.autograd.grad(result, leaves, seed, create_graph=create_graph, allow_unused=True)
        return [seed, *leaves], [each for each in found if each is not None]


def weighed(gradients: list[Any], weights: list[Array]) -> Any:
    """A number made of all of ``gradients``; None where none of them is tracked."""
    parts = [(g * Tensor(w)).sum() for g, w in zip(gradients, weights, strict=True) if g.requires_grad]
    return sum(parts[1:], parts[0]) if parts else None


class Twice:
    """A weighed sum of an application's gradients, which depends on the seed and on the inputs; and its gradient."""

    def __init__(self, application: Application, rng: np.random.Generator) -> None:
        self.gradient = Gradient(application)
        places = self.gradient.places
        self.arrays = [np.asarray(application.value(*application.inputs)), *(application.inputs[p] for p in places)]
        self.arrays[0] = rng.uniform(0.5, 1.5, self.arrays[0].shape)
        self.weights = [rng.uniform(-1, 1, each.shape) for each in self.gradient.run(self.arrays)[1]]

    def value(self, arrays: list[Array]) -> float:
        """The weighed sum."""
        found = self.gradient.run(arrays)[1]
        return sum(float(np.sum(g._data * w)) for g, w in zip(found, self.weights, strict=True))

    def second(self, arrays: list[Array], create_graph: bool = False) -> tuple[list[Any], list[Any]]:
        """The leaves, and the sum's gradient for each of them, None where it does not matter."""
        leaves, first = self.gradient.run(arrays, create_graph=True)
        total = weighed(first, self.weights)
        if total is None:
            return leaves, [None] * len(leaves)
        return leaves, list(torch.autograd.grad(total, leaves, create_graph=create_graph, allow_unused=True))


def along(function: Any, arrays: list[Array], place: int, direction: Array) -> Any:
    """How ``function`` of ``arrays`` changes as one of them moves: central differences of fourth order."""
    sides = []
    for distance in (2 * STEP, STEP, -STEP, -2 * STEP):
        moved = [each + distance * direction if at == place else each for at, each in enumerate(arrays)]
        sides.append(function(moved))
    return (8 * (sides[1] - sides[2]) - (sides[0] - sides[3])) / (12 * STEP)


def product(gradient: Any, direction: Array) -> float:
    return 0.0 if gradient is None else float(np.sum(gradient._data * direction))


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
        (g * Tensor(d)).sum() for g, d in zip(second, directions, strict=True) if g is not None and g.requires_grad
    ]
    third = torch.autograd.grad(parts, leaves, allow_unused=True) if parts else [None] * len(leaves)
    got = sum(map(product, third, directions))
    expected = sum(along(slope, twice.arrays, place, each) for place, each in enumerate(directions))
    assert abs(got - expected) <= 1e-6 * (1 + abs(expected)), (got, expected)
