"""The gradient of a gradient, and how far it is from a difference of gradients.

The first derivative has been checked by then (``test_vjps``); here it is the function whose values are differenced.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from drawing import Application
from numpy.typing import NDArray

import chainrule.core as torch
from chainrule.core.engine.tensor import tensor_of

Array = NDArray[Any]

STEP = 1e-4


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
    parts = [(g * tensor_of(w)).sum() for g, w in zip(gradients, weights, strict=True) if g.requires_grad]
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


def along(function: Any, arrays: list[Array], place: int, direction: Array, step: float = STEP) -> Any:
    """How ``function`` of ``arrays`` changes as one of them moves: central differences of fourth order."""
    sides = []
    for distance in (2 * step, step, -step, -2 * step):
        moved = [each + distance * direction if at == place else each for at, each in enumerate(arrays)]
        sides.append(function(moved))
    return (8 * (sides[1] - sides[2]) - (sides[0] - sides[3])) / (12 * step)


def product(gradient: Any, direction: Array) -> float:
    """How much goes along ``direction``; none where there is no gradient."""
    return 0.0 if gradient is None else float(np.sum(gradient._data * direction))
