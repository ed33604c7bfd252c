"""One application of an operation read in several ways: a weighed sum of its result, and the sum's gradients.

The ways are the tape, a program traced from the same calls, and that program's fused loop, compiled or read by Python.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from drawing import Application
from numpy.typing import NDArray

from chainrule.core.compile.memory import Update
from chainrule.core.compile.program import Step
from chainrule.core.compile.tracing import Traced
from chainrule.core.engine.random import manual_seed
from chainrule.core.engine.tensor import Tensor, tensor_of

Array = NDArray[Any]


@dataclass(frozen=True)
class Reading:
    """The weighed sum, and its gradient for each input that is reached."""

    loss: Array
    grads: Mapping[int, Array]


def weighed(application: Application, tensors: list[Any]) -> Tensor:
    """The sum of the result's elements, each with a weight of its own."""
    result = application.run(tensors)
    weights = np.linspace(0.5, 1.5, result.numel(), dtype=result._data.dtype).reshape(tuple(result.shape))
    total: Tensor = (result * tensor_of(weights)).sum()
    return total


def by_tape(application: Application) -> Reading:
    """What the engine says."""
    manual_seed(0)
    tensors = application.tensors()
    loss = weighed(application, tensors)
    loss.backward()
    grads = {place: tensors[place].grad for place in application.places}
    return Reading(loss._data, {place: grad._data for place, grad in grads.items() if grad is not None})


def gradient_name(place: int) -> str:
    return f"grad{place}"


def traced(application: Application) -> Step:
    """The same run on traced arrays: a step that leaves its gradients in inputs of their own."""
    manual_seed(0)
    inputs: dict[str, Traced] = {}
    tensors: list[Any] = []
    for place, each in enumerate(application.inputs):
        if place in application.places:
            leaf: Any = Traced(np.array(each), f"x{place}")
            inputs[leaf.name] = leaf
            tensors.append(tensor_of(leaf).requires_grad_())
        else:
            tensors.append(tensor_of(np.array(each)) if isinstance(each, np.ndarray) else each)
    loss = weighed(application, tensors)
    loss.backward()
    updates = []
    for place in application.places:
        if tensors[place].grad is not None:
            value = tensors[place].grad._data
            target = Traced(np.full(value.shape, np.nan, value.dtype), gradient_name(place))
            inputs[target.name] = target
            updates.append(Update(target, value))
    return Step(inputs, loss._data, updates)


def left_by(run: Any, arrays: Mapping[str, Array], application: Application) -> Reading:
    """What one step of ``run`` leaves in ``arrays``. It is made twice: what is left over must not matter."""
    for _ in range(2):
        manual_seed(0)
        losses = run(1)
    names = {place: gradient_name(place) for place in application.places}
    return Reading(losses[0], {place: arrays[name] for place, name in names.items() if name in arrays})


def read_by_python(source: str) -> Any:
    """The function that the fused loop is, without a compiler."""
    namespace: dict[str, Any] = {"np": np, "math": math}
    exec(compile(source, "<fused loop>", "exec"), namespace)
    return namespace["run"]


def assert_agree(one: Reading, other: Reading, tolerance: float) -> None:
    """The same numbers, in the same dtypes."""
    assert one.grads.keys() == other.grads.keys()
    pairs = {"loss": (one.loss, other.loss)} | {f"{p}": (grad, other.grads[p]) for p, grad in one.grads.items()}
    for name, (left, right) in pairs.items():
        assert left.dtype == right.dtype, (name, left.dtype, right.dtype)
        assert left.shape == right.shape, (name, left.shape, right.shape)
        size = float(np.max(np.abs(np.where(np.isfinite(right), right, 0)), initial=1.0))
        np.testing.assert_allclose(left, right, rtol=tolerance, atol=tolerance * size, err_msg=name)
