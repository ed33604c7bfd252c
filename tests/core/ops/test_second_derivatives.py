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


@pytest.mark.parametrize("application", TWICE, ids=str)
def test_the_gradient_of_a_gradient_is_that_of_differences(application: Application) -> None:
    rng = np.random.default_rng(0)
    gradient = Gradient(application)
    arrays = [np.asarray(application.value(*application.inputs)), *(application.inputs[p] for p in gradient.places)]
    arrays[0] = rng.uniform(0.5, 1.5, arrays[0].shape)
    leaves, first = gradient.run(arrays, create_graph=True)
    weights = [rng.uniform(-1, 1, each.shape) for each in first]
    total = weighed(first, weights)
    second = [None] * len(leaves) if total is None else torch.autograd.grad(total, leaves, allow_unused=True)
    for place, array in enumerate(arrays):
        direction = rng.uniform(-1, 1, array.shape)
        sides = []
        for distance in (2 * STEP, STEP, -STEP, -2 * STEP):
            moved = [each + distance * direction if at == place else each for at, each in enumerate(arrays)]
            sides.append(sum(float(np.sum(g._data * w)) for g, w in zip(gradient.run(moved)[1], weights, strict=True)))
        by_differences = (8 * (sides[1] - sides[2]) - (sides[0] - sides[3])) / (12 * STEP)
        got = second[place]
        by_gradient = 0.0 if got is None else float(np.sum(got._data * direction))
        assert abs(by_gradient - by_differences) <= 1e-6 * (1 + abs(by_differences)), (
            place,
            by_gradient,
            by_differences,
        )
