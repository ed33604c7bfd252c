"""Inputs for the rule book's operations, and how far a derivative is from a difference of values.

The differences here are taken on their own, with NumPy, and share nothing with the engine that they judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine.calls import call
from chainrule.core.engine.tensor import Tensor, tensor_of
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Operation

Array = NDArray[Any]


@dataclass(frozen=True)
class Application:
    """An operation and what it is applied to: float64 arrays (differentiable), other arrays, numbers, parameters."""

    name: str
    inputs: tuple[Any, ...]
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        shapes = ", ".join(str(np.shape(each)).replace(" ", "") for each in self.inputs)
        return f"{self.name}[{shapes}]" + "".join(f" {k}={v}" for k, v in self.params.items())

    @property
    def places(self) -> list[int]:
        """Which inputs can have a gradient."""
        return [
            place for place, each in enumerate(self.inputs) if isinstance(each, np.ndarray) and each.dtype.kind == "f"
        ]

    def tensors(self) -> list[Any]:
        """Fresh tensors of the inputs; those that can, require grad."""
        fresh = [tensor_of(np.array(each)) if isinstance(each, np.ndarray) else each for each in self.inputs]
        for place in self.places:
            fresh[place].requires_grad_()
        return fresh

    def run(self, tensors: list[Any]) -> Any:
        """The result that has a gradient: the operation's only one, or its first."""
        sockets = registry.get(self.name).inputs
        variadic = any(socket.variadic for socket in sockets)
        named = zip((socket.name for socket in sockets), [tensors] if variadic else tensors, strict=False)
        result = call(self.name, **dict(named), **self.params)
        return result[0] if isinstance(result, tuple) else result

    def value(self, *inputs: Any) -> Array:
        """The result's values at other inputs."""
        tensors = [tensor_of(np.array(each)) if isinstance(each, np.ndarray) else each for each in inputs]
        return np.array(self.run(tensors)._data)


def samples() -> Iterator[Application]:
    """Every operation at its own samples."""
    for operation in registry.entries().values():
        for sample in operation.samples:
            yield Application(operation.name, tuple(map(_array, sample.inputs)), sample.params)


def _array(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    array = np.asarray(value)
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def differentiable(application: Application) -> bool:
    """Whether the result of ``application`` is tracked, and backward does not refuse it."""
    result = application.run(application.tensors())
    return bool(application.places) and result.requires_grad and not refuses(result)


def refuses(result: Tensor) -> bool:
    """Whether backward from ``result`` stops at once, as it does in torch where a derivative is missing."""
    return result.grad_fn is not None and result.grad_fn.plan.refused


def directional(application: Application, directions: Mapping[int, Array], step: float = 1e-3) -> Array:
    """How the values change along ``directions`` (by input): central differences of fourth order."""

    def at(distance: float) -> Array:
        moved = [
            np.asarray(each + distance * directions[place]) if place in directions else each
            for place, each in enumerate(application.inputs)
        ]
        return application.value(*moved)

    return (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)


def gradients(application: Application, seed: Array) -> dict[int, Array]:
    """What ``seed`` sends to each input, by the engine."""
    tensors = application.tensors()
    application.run(tensors).backward(tensor_of(seed))
    return {
        place: np.zeros_like(application.inputs[place]) if tensors[place].grad is None else tensors[place].grad._data
        for place in application.places
    }


def assert_adjoint(application: Application, rng: np.random.Generator) -> None:
    """<v, J u> = <transpose(J) v, u> for a random v and, input by input, a random u."""
    seed = rng.uniform(-1, 1, application.value(*application.inputs).shape)
    for place, gradient in gradients(application, seed).items():
        assert gradient.shape == application.inputs[place].shape
        direction = rng.uniform(-1, 1, gradient.shape)
        by_values = np.sum(seed * directional(application, {place: direction}))
        by_vjp = np.sum(gradient * direction)
        assert abs(by_values - by_vjp) <= 1e-7 * (1 + abs(by_vjp)), (
            f"{application}, input {place}: {by_values} {by_vjp}"
        )


def apart(rng: np.random.Generator, shape: tuple[int, ...], low: float = 0.4, high: float = 2.4) -> Array:
    """Numbers of ``shape`` no two of which come near each other, nor near 0 or 1 or 2 or ``low`` or ``high``."""
    count = int(np.prod(shape))
    grid = np.linspace(low, high, 2 * count + 9)[1:-1]
    away = grid[np.abs(grid - np.round(grid)) > 0.02]
    return rng.permutation(away)[:count].reshape(shape)


def family(name: str) -> list[Operation]:
    """The operations of one family."""
    return [operation for operation in registry.entries().values() if operation.family == name]
