"""The optimisers by torch's names: torch's arguments in torch's order, and what is refused.

What they compute stands in ``rules``. ``foreach`` and ``fused`` choose among PyTorch's ways of computing the same
numbers; they are accepted and shown, and change nothing.
"""

from __future__ import annotations

from typing import Any

from chainrule.core.engine.tensor import Tensor
from chainrule.core.optim.optimizer import Optimizer, Parameters
from chainrule.core.optim.rules import UPDATES
from chainrule.core.optim.update import Update

Betas = tuple[float, float]


class SGD(Optimizer):
    """p -= lr * g, where g may be decayed, averaged with momentum, and looked ahead (Nesterov)."""

    rule = UPDATES["SGD"]

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
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        options: dict[str, Any] = {"lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay}
        options |= {"nesterov": nesterov, "maximize": maximize}
        options |= {"foreach": foreach, "differentiable": differentiable, "fused": fused}
        super().__init__(params, _checked(self.rule, options))


class Adam(Optimizer):
    """p -= lr * m / (sqrt(v) + eps), m and v the running averages of the gradient and of its square."""

    rule = UPDATES["Adam"]
    _decoupled = False

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: Betas = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        options: dict[str, Any] = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
        }
        options |= {"maximize": maximize, "foreach": foreach, "capturable": capturable}
        options |= {"differentiable": differentiable, "fused": fused, "decoupled_weight_decay": self._decoupled}
        super().__init__(params, _checked(self.rule, options) | {"betas": tuple(betas)})


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameters themselves and stays out of the averages."""

    rule = UPDATES["AdamW"]
    _decoupled = True

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: Betas = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params, lr, betas, eps, weight_decay, amsgrad, foreach=foreach, maximize=maximize, capturable=capturable,
            differentiable=differentiable, fused=fused,
        )  # fmt: skip


class RMSprop(Optimizer):
    """p -= lr * g / (sqrt(v) + eps), v the running average of g squared; ``centered``: of g's variance."""

    rule = UPDATES["RMSprop"]

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        options: dict[str, Any] = {"lr": lr, "momentum": momentum, "alpha": alpha, "eps": eps, "centered": centered}
        options |= {"weight_decay": weight_decay, "capturable": capturable, "foreach": foreach}
        options |= {"maximize": maximize, "differentiable": differentiable}
        super().__init__(params, _checked(self.rule, options))


class Adagrad(Optimizer):
    """p -= lr * g / (sqrt(s) + eps), s the sum of all g squared so far."""

    rule = UPDATES["Adagrad"]

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        options: dict[str, Any] = {"lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay}
        options |= {"initial_accumulator_value": initial_accumulator_value, "foreach": foreach}
        options |= {"maximize": maximize, "differentiable": differentiable, "fused": fused}
        super().__init__(params, _checked(self.rule, options))
        for group in self.param_groups:  # PyTorch begins every sum at once, with the number given here
            for each in group["params"]:
                self._begin(self.rule, each, self.defaults)


def _checked(rule: Update, options: dict[str, Any]) -> dict[str, Any]:
    """``options``, unless PyTorch refuses them or they ask for what is not here."""
    if isinstance(options["lr"], Tensor) and options["lr"].numel() != 1:
        raise ValueError("Tensor lr must be 1-element")
    for _, fault in rule.faults(options):
        raise ValueError(fault)
    if options.get("fused") and options["differentiable"]:
        raise RuntimeError("`fused` does not support `differentiable`")
    if options.get("fused") and options["foreach"]:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")
    for name in ("differentiable", "capturable"):
        if options.get(name):
            raise NotImplementedError(f"{name}=True is not supported here")
    return options
