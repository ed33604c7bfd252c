"""Stochastic gradient descent, with PyTorch's options in PyTorch's order.

The update follows the documentation of torch.optim.SGD.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine.tensor import Tensor
from chainrule.core.optim.optimizer import Optimizer, Parameters

Array = NDArray[Any]


class SGD(Optimizer):
    """p -= lr * g, where g may be decayed, averaged with momentum, and looked ahead (Nesterov)."""

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        options = {"lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay}
        options |= {"nesterov": nesterov, "maximize": maximize}
        check_options(options)
        super().__init__(params, options)

    def update(self, parameter: Tensor, options: dict[str, Any]) -> None:
        state = self.state.setdefault(parameter, {})
        value, buffer = sgd_update(parameter._data, parameter.grad._data, state.get("momentum_buffer"), options)
        state["momentum_buffer"] = buffer
        parameter._data[...] = value
        parameter._changes.changed()


def check_options(options: dict[str, Any]) -> None:
    """ValueError, in PyTorch's words, for options that cannot be."""
    for name, words in (
        ("lr", "learning rate"),
        ("momentum", "momentum value"),
        ("weight_decay", "weight_decay value"),
    ):
        if options[name] < 0:
            raise ValueError(f"Invalid {words}: {options[name]}")
    if options["nesterov"] and (options["momentum"] <= 0 or options["dampening"] != 0):
        raise ValueError("Nesterov momentum requires a momentum and zero dampening")


def sgd_update(value: Array, grad: Array, buffer: Array | None, options: dict[str, Any]) -> tuple[Array, Array | None]:
    """The next value and momentum buffer; all arrays of one shape and dtype, none changed."""
    number = value.dtype.type
    g = -grad if options["maximize"] else grad
    if options["weight_decay"]:
        g = g + number(options["weight_decay"]) * value
    if options["momentum"]:
        momentum = number(options["momentum"])
        buffer = g.copy() if buffer is None else momentum * buffer + number(1 - options["dampening"]) * g
        g = g + momentum * buffer if options["nesterov"] else buffer
    return np.asarray(value - number(options["lr"]) * g), buffer
