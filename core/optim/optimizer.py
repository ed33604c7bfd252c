"""What every optimiser has in common: parameter groups, zero_grad, and the loop over parameters that have a gradient.

No update rule stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from chainrule.core.engine.modes import enable_grad, no_grad
from chainrule.core.engine.tensor import Tensor

Parameters = Iterable[Tensor] | Iterable[dict[str, Any]]


class Optimizer:
    """Holds the parameters in groups, each a dict of options with its tensors under ``"params"``.

    Raises TypeError and ValueError in PyTorch's words for what is not a list of leaf tensors.
    """

    def __init__(self, params: Parameters, defaults: dict[str, Any]) -> None:
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, but got "
                + params.type()
            )
        self.defaults = defaults
        self.state: dict[Tensor, dict[str, Any]] = {}
        self.param_groups: list[dict[str, Any]] = []
        given: list[Any] = list(params)
        if not given:
            raise ValueError("optimizer got an empty parameter list")
        for group in given if isinstance(given[0], dict) else [{"params": given}]:
            self.add_param_group(group)

    def add_param_group(self, group: dict[str, Any]) -> None:
        """Add a group; options that it does not give are the defaults."""
        tensors = [group["params"]] if isinstance(group["params"], Tensor) else list(group["params"])
        for each in tensors:
            if not isinstance(each, Tensor):
                raise TypeError(f"optimizer can only optimize Tensors, but one of the params is {type(each).__name__}")
            if not each.is_leaf:
                raise ValueError("can't optimize a non-leaf Tensor")
        known = {id(each) for other in self.param_groups for each in other["params"]}
        if any(id(each) in known for each in tensors):
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append({**self.defaults, **group, "params": tensors})

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Empty every parameter's ``.grad``: None, or zeros."""
        for group in self.param_groups:
            for each in group["params"]:
                if each.grad is not None:
                    if set_to_none:
                        each.grad = None
                    else:
                        each.grad.zero_()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update every parameter that has a gradient; ``closure``, if given, is run first and its loss returned."""
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with no_grad():
            for group in self.param_groups:
                for each in group["params"]:
                    if each.grad is not None:
                        self.update(each, group)
        return loss

    def update(self, parameter: Tensor, options: dict[str, Any]) -> None:
        """Change one parameter in place, from its ``.grad``; each optimiser says how."""
        raise NotImplementedError
