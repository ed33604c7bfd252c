"""Who takes part in the engine's benchmark: Chainrule's loops and PyTorch; other libraries are in `peers`.

Each makes of a workload something that runs training steps, records every loss, and tells the gradients of the first
step. Libraries are imported when a workload is first started, and each may be missing.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Protocol

import numpy as np
from graph_source import forward_of
from numpy.typing import NDArray
from workloads import LOSS, Workload

from chainrule.core.run.training import Trainer

Array = NDArray[Any]


class UnableError(Exception):
    """A contestant cannot run a workload as it is meant to; the text says why."""


class Running(Protocol):
    """A workload in training."""

    def run(self, count: int) -> Any:
        """Make ``count`` steps more; the loss of each, before its update: a sequence of numbers."""
        ...

    def gradients(self) -> dict[str, Array]:
        """The gradients that the first step had, by the names of the leaves; asked right after it."""
        ...


@dataclass(frozen=True)
class Contestant:
    """A way to train. ``needs`` is the package without which it cannot; ``general`` says that it does any workload."""

    name: str
    start: Callable[[Workload], Running]
    needs: str = ""
    general: bool = True

    @property
    def installed(self) -> bool:
        """Whether what it needs is there, without importing it."""
        return not self.needs or importlib.util.find_spec(self.needs) is not None


class Chainrule:
    """A Trainer with the loop called ``loop``, and no other: UnableError where it would take another."""

    def __init__(self, workload: Workload, loop: str) -> None:
        try:
            self._trainer = Trainer(workload.graph, LOSS, "SGD", lr=workload.lr, loop=loop)
        except ValueError as error:
            raise UnableError(str(error)) from error
        self._loop = loop

    def run(self, count: int) -> Array:
        losses = self._trainer.run(count)
        if self._trainer.ran.partition(":")[0] != self._loop:
            raise UnableError(f"ran as {self._trainer.ran}")
        return losses

    def gradients(self) -> dict[str, Array]:
        return {name: grad for name, grad in self._trainer.grads.items() if grad is not None}

    @property
    def recorded(self) -> int:
        """The bytes of the losses of all runs, which a Trainer keeps: they are its result."""
        return 8 * len(self._trainer.losses)


def recorded(running: Running) -> int:
    """The bytes of losses that ``running`` keeps as its result."""
    return running.recorded if isinstance(running, Chainrule) else 0


class Torch:
    """The usual loop: zero_grad, forward, backward, the loss taken with item(), ``optim.SGD``'s step."""

    def __init__(self, workload: Workload) -> None:
        self.torch = single_threaded_torch()
        names, self.forward = forward_of(workload.graph, LOSS, lambda name: find(self.torch, name))
        trained = set(workload.trained)
        leaves = workload.leaves
        self.leaves = [self.torch.tensor(leaves[name], requires_grad=name in trained) for name in names]
        self.parameters = {name: each for name, each in zip(names, self.leaves, strict=True) if name in trained}
        self.lr = workload.lr
        self.optimizer = self.torch.optim.SGD(list(self.parameters.values()), lr=workload.lr)

    def run(self, count: int) -> Array:
        forward, leaves, optimizer = self.forward, self.leaves, self.optimizer
        losses = []
        for _ in range(count):
            optimizer.zero_grad()
            loss = forward(*leaves)
            loss.backward()
            losses.append(loss.item())
            optimizer.step()
        return np.array(losses)

    def gradients(self) -> dict[str, Array]:
        return {name: each.grad.numpy().copy() for name, each in self.parameters.items()}


class BareTorch(Torch):
    """The same without an optimiser: parameters are moved by hand under ``no_grad``, which is less work for it."""

    def run(self, count: int) -> Array:
        forward, leaves, lr, no_grad = self.forward, self.leaves, self.lr, self.torch.no_grad
        parameters = list(self.parameters.values())
        losses = []
        for _ in range(count):
            for parameter in parameters:
                parameter.grad = None
            loss = forward(*leaves)
            loss.backward()
            losses.append(loss.item())
            with no_grad():
                for parameter in parameters:
                    parameter.sub_(parameter.grad, alpha=lr)
        return np.array(losses)


def single_threaded_torch() -> Any:
    """PyTorch, told to use one thread."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    return torch


def find(torch: Any, name: str) -> Callable[..., Any]:
    """The function that torch has under ``name``, or its method; UnableError where there is neither."""
    for place in (torch, torch.Tensor):
        try:
            function: Callable[..., Any] = attrgetter(name)(place)
        except AttributeError:
            continue
        return function
    raise UnableError(f"PyTorch has no {name}")


TORCH = Contestant("torch", Torch, needs="torch")
TAPE = Contestant("tape", lambda workload: Chainrule(workload, "tape"))
PROGRAM = Contestant("program", lambda workload: Chainrule(workload, "program"))
FUSED = Contestant("fused", lambda workload: Chainrule(workload, "fused"), needs="numba")
BARE_TORCH = Contestant("bare torch", BareTorch, needs="torch")
GENERAL = (TORCH, BARE_TORCH, TAPE, PROGRAM, FUSED)
