"""Other libraries of automatic differentiation in the engine's benchmark: JAX, HIPS autograd and MyGrad.

They have NumPy's functions instead of torch's; what the fixed workloads need of torch's is written here once, on any
module that has NumPy's.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from contestants import Contestant, UnableError
from graph_source import forward_of
from numpy.typing import NDArray
from workloads import LOSS, Workload

Array = NDArray[Any]

# JAX keeps so many losses on its side before they are fetched.
LOSSES = 65536


def torch_names(numpy: Any, sigmoid: Callable[[Any], Any] | None = None) -> Mapping[str, Callable[..., Any]]:
    """torch's functions of the fixed workloads by torch's names, on a module ``numpy``."""

    def cross_entropy(logits: Any, target: Any) -> Any:
        shifted = logits - numpy.max(logits, axis=1, keepdims=True)
        logs = shifted - numpy.log(numpy.sum(numpy.exp(shifted), axis=1, keepdims=True))
        return -numpy.mean(logs[np.arange(len(target)), target])

    return {
        "add": lambda a, b: a + b,
        "sub": lambda a, b: a - b,
        "mul": lambda a, b: a * b,
        "pow": lambda a, b: a**b,
        "square": lambda a: a * a,
        **{name: getattr(numpy, name) for name in ("mean", "sum", "exp", "sin", "tanh")},
        "sigmoid": sigmoid or (lambda a: 1 / (1 + numpy.exp(-a))),
        "relu": lambda a: numpy.maximum(a, 0),
        "nn.functional.linear": lambda x, weight, bias: numpy.matmul(x, weight.T) + bias,
        "nn.functional.mse_loss": lambda a, b: numpy.mean((a - b) * (a - b)),
        "nn.functional.cross_entropy": cross_entropy,
    }


class _Functional:
    """A workload as a function of parameters, for libraries that differentiate functions."""

    def __init__(self, workload: Workload, names: Mapping[str, Callable[..., Any]], asarray: Any) -> None:
        def find(name: str) -> Callable[..., Any]:
            if name not in names:
                raise UnableError(f"{name} is not written for it")
            return names[name]

        order, forward = forward_of(workload.graph, LOSS, find)
        leaves = {name: asarray(value) for name, value in workload.leaves.items()}
        self.names = workload.trained
        self.parameters = [leaves.pop(name) for name in self.names]
        data = tuple(leaves[name] for name in order if name in leaves)
        shuffled = [name for name in order if name in leaves] + self.names
        places = [shuffled.index(name) for name in order]

        def loss(parameters: Any) -> Any:
            given = (*data, *parameters)
            return forward(*[given[place] for place in places])

        self.loss = loss
        self.lr = workload.lr


class JaxCalls(_Functional):
    """One call of a jitted step after the other."""

    def __init__(self, workload: Workload) -> None:
        self.jax = jax = single_threaded_jax()
        super().__init__(workload, torch_names(jax.numpy, jax.nn.sigmoid), jax.numpy.asarray)
        gradient, lr = jax.value_and_grad(self.loss), self.lr
        self.start = self.parameters

        def step(parameters: Any) -> Any:
            loss, gradients = gradient(parameters)
            return [p - lr * g for p, g in zip(parameters, gradients, strict=True)], loss

        self.step = step
        self._jitted = jax.jit(step)

    def run(self, count: int) -> Any:
        step, parameters = self._jitted, self.parameters
        losses = []
        for _ in range(count):
            parameters, loss = step(parameters)
            losses.append(loss)
        self.parameters = self.jax.block_until_ready(parameters)
        return losses  # on JAX's side, as it leaves them to who reads them

    def gradients(self) -> dict[str, Array]:
        gradients = self.jax.jit(self.jax.grad(self.loss))(self.start)
        return {name: np.asarray(each) for name, each in zip(self.names, gradients, strict=True)}


class JaxLoop(JaxCalls):
    """The whole loop of steps compiled, losses and all, with ``fori_loop``."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        jax, step = self.jax, self.step

        def loop(count: Any, parameters: Any) -> Any:
            def body(at: Any, state: Any) -> Any:
                parameters, loss = step(state[0])
                return parameters, state[1].at[at].set(loss)

            return jax.lax.fori_loop(0, count, body, (parameters, jax.numpy.zeros(LOSSES, np.float32)))

        self._loop = jax.jit(loop)

    def run(self, count: int) -> Array:
        losses = []
        for start in range(0, count, LOSSES):
            part = min(LOSSES, count - start)
            self.parameters, recorded = self._loop(part, self.parameters)
            losses.append(np.asarray(recorded)[:part])
        return np.concatenate(losses)


class HipsAutograd(_Functional):
    """HIPS autograd's ``value_and_grad``, called step after step."""

    def __init__(self, workload: Workload) -> None:
        self.numpy = importlib.import_module("autograd.numpy")
        super().__init__(workload, torch_names(self.numpy), np.asarray)
        self.gradient = importlib.import_module("autograd").value_and_grad(self.loss)
        self._first: list[Array] = []

    def run(self, count: int) -> Array:
        gradient, lr, parameters = self.gradient, self.lr, self.parameters
        losses = []
        for _ in range(count):
            loss, gradients = gradient(parameters)
            losses.append(loss)
            parameters = [p - lr * g for p, g in zip(parameters, gradients, strict=True)]
            self._first = self._first or gradients
        self.parameters = parameters
        return np.array(losses)

    def gradients(self) -> dict[str, Array]:
        return dict(zip(self.names, map(np.asarray, self._first), strict=True))


class MyGrad(_Functional):
    """MyGrad's tensors, moved by hand."""

    def __init__(self, workload: Workload) -> None:
        mygrad = importlib.import_module("mygrad")
        trained = {name: mygrad.tensor(workload.leaves[name].copy()) for name in workload.trained}
        super().__init__(workload, torch_names(mygrad), np.asarray)
        self.parameters = list(trained.values())

    def run(self, count: int) -> Array:
        forward, parameters, lr = self.loss, self.parameters, self.lr
        losses = []
        for _ in range(count):
            loss = forward(parameters)
            loss.backward()
            losses.append(loss.item())
            for parameter in parameters:
                parameter.data -= lr * parameter.grad
        return np.array(losses)

    def gradients(self) -> dict[str, Array]:
        return {name: np.array(each.grad) for name, each in zip(self.names, self.parameters, strict=True)}


def single_threaded_jax() -> Any:
    """JAX on the processor, told to use one thread; that works only before it is first used."""
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
    return importlib.import_module("jax")


PEERS = (
    Contestant("jax jit", JaxCalls, needs="jax", general=False),
    Contestant("jax loop", JaxLoop, needs="jax", general=False),
    Contestant("autograd", HipsAutograd, needs="autograd", general=False),
    Contestant("mygrad", MyGrad, needs="mygrad", general=False),
)
