"""What every optimiser has in common: parameter groups, the state of each parameter, and the step over all of them.

No arithmetic stands here: an optimiser names an ``Update``, which is applied to every parameter that has a gradient.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any, ClassVar

import numpy as np

from chainrule.core.engine import dtypes
from chainrule.core.engine.modes import enable_grad, no_grad
from chainrule.core.engine.tensor import Tensor, tensor_of
from chainrule.core.optim.update import Memory, Update, advance, beginning

Parameters = Iterable[Tensor] | Iterable[dict[str, Any]] | Iterable[tuple[str, Tensor]]
Group = dict[str, Any]


class Optimizer:
    """Holds the parameters in groups, each a dict of options with its tensors under ``"params"``.

    ``state`` has, for every parameter that has been stepped, torch's entries by name: the 0-d tensor ``step`` where the
    optimiser counts, and tensors of the parameter's shape and dtype. Raises TypeError and ValueError in PyTorch's words
    for what is not a list of leaf tensors.
    """

    rule: ClassVar[Update]

    def __init__(self, params: Parameters, defaults: dict[str, Any]) -> None:
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, but got "
                + params.type()
            )
        self.defaults = defaults
        self.state: defaultdict[Tensor, dict[str, Any]] = defaultdict(dict)
        self.param_groups: list[Group] = []
        given: list[Any] = list(params)
        if not given:
            raise ValueError("optimizer got an empty parameter list")
        for group in given if isinstance(given[0], dict) else [{"params": given}]:
            self.add_param_group(group)

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for place, group in enumerate(self.param_groups):
            lines += [""] * (place > 0) + [f"Parameter Group {place}"]
            lines += [f"    {name}: {group[name]}" for name in sorted(group) if name != "params"]
        return "\n".join([*lines, ")"])

    # Groups

    def add_param_group(self, param_group: Group) -> None:
        """Add a group, which is completed in place: options that it does not give are the defaults."""
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        _unpack(param_group)
        for each in param_group["params"]:
            if not isinstance(each, Tensor):
                raise TypeError(f"optimizer can only optimize Tensors, but one of the params is {type(each).__name__}")
            if not (each.is_leaf or each.retains_grad):
                raise ValueError("can't optimize a non-leaf Tensor")
        for name, default in self.defaults.items():
            param_group.setdefault(name, default)
        self._check_membership(param_group)
        self.param_groups.append(param_group)

    def _check_membership(self, group: Group) -> None:
        new = {id(each) for each in group["params"]}
        if len(new) != len(group["params"]):
            warnings.warn(
                "optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; "
                "see github.com/pytorch/pytorch/issues/40967 for more information",
                UserWarning,
                stacklevel=4,
            )
        named = "param_names" in group
        if any(("param_names" in other) != named for other in self.param_groups):
            raise ValueError(
                "all optimizer param groups should be with/without names. cannot add param group "
                f"{'with' if named else 'without'} names to the optimizer"
            )
        if any(id(each) in new for other in self.param_groups for each in other["params"]):
            raise ValueError("some parameters appear in more than one parameter group")

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Empty every parameter's ``.grad``: None, or zeros."""
        for group in self.param_groups:
            for each in group["params"]:
                if each.grad is not None:
                    if set_to_none:
                        each.grad = None
                    else:
                        each.grad.zero_()

    # Steps

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update every parameter that has a gradient; ``closure``, if given, is run first and its loss returned."""
        if not hasattr(self, "rule"):
            raise NotImplementedError
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with no_grad(), np.errstate(all="ignore"):  # what diverges shows in the values
            for group in self.param_groups:
                options = _plain(group)
                for each in group["params"]:
                    if each.grad is not None:
                        self._update(self.rule, each, options)
        return loss

    def _update(self, rule: Update, parameter: Tensor, options: Mapping[str, Any]) -> None:
        """Change one parameter and its state in place."""
        if rule.counted and not self.state.get(parameter):
            self._begin(rule, parameter, options)
        state = self.state.get(parameter, {})
        kept = {name: tensor._data for name, tensor in state.items() if name != "step"}
        memory = Memory(rule.name, int(state["step"]._data) if rule.counted else 0, kept)
        value, memory = advance(rule, parameter._data, parameter.grad._data, memory, options)
        if rule.counted:
            state["step"]._data[...] = memory.steps
        for name, array in memory.arrays.items():
            if name in kept:
                kept[name][...] = array
            else:
                self.state[parameter][name] = tensor_of(array)
        parameter._data[...] = value
        parameter._changes.changed()

    def _begin(self, rule: Update, parameter: Tensor, options: Mapping[str, Any]) -> None:
        """Make the entries that a counting optimiser keeps of a parameter, as they are before its first step."""
        arrays = beginning(rule, parameter._data, options)
        steps = np.zeros((), dtypes.get_default_dtype().numpy)
        self.state[parameter] = {"step": tensor_of(steps), **{name: tensor_of(array) for name, array in arrays.items()}}

    # State

    def state_dict(self) -> dict[str, Any]:
        """State and groups with the parameters' numbers in the place of the parameters; the tensors are shared."""
        numbers: dict[int, int] = {}
        groups: list[Group] = []
        for group in self.param_groups:
            places = [numbers.setdefault(id(each), len(numbers)) for each in group["params"]]
            groups.append({name: value for name, value in group.items() if name != "params"} | {"params": places})
        return {"state": {numbers[id(each)]: kept for each, kept in self.state.items()}, "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what ``state_dict`` gave; ValueError in PyTorch's words where the groups do not fit.

        As in PyTorch, tensors that already have the parameter's dtype are shared, not copied.
        """
        saved = deepcopy(state_dict["param_groups"])
        if len(saved) != len(self.param_groups):
            raise ValueError("loaded state dict has a different number of parameter groups")
        pairs = list(zip(self.param_groups, saved, strict=True))
        if any(len(group["params"]) != len(new["params"]) for group, new in pairs):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of optimizer's group"
            )
        parameters: dict[Any, Tensor] = {}
        for group, new in pairs:
            parameters |= zip(new["params"], group["params"], strict=True)
            new["params"] = group["params"]
            if "param_names" in group:
                new.setdefault("param_names", group["param_names"])
        self.state.clear()
        for number, kept in state_dict["state"].items():
            owner = parameters[number]
            self.state[owner] = {name: _fitted(name, value, owner) for name, value in kept.items()}
        self.param_groups = saved


def _unpack(group: Group) -> None:
    """Make ``params`` a list of tensors, and ``param_names`` of what comes as (name, tensor)."""
    given = group["params"]
    if isinstance(given, set):
        raise TypeError(
            "optimizer parameters need to be organized in ordered collections, but the ordering of tensors in sets "
            "will change between runs. Please use a list instead."
        )
    listed = [given] if isinstance(given, Tensor) else list(given)
    names = [each[0] for each in listed if isinstance(each, tuple)]
    group["params"] = [each[1] if isinstance(each, tuple) else each for each in listed]
    if names and len(names) != len(listed):
        raise ValueError("all optimizer params should be with/without names. Some param names are missing")
    if names:
        group["param_names"] = names


def _plain(group: Group) -> Mapping[str, Any]:
    """The options of ``group`` as an update reads them: a learning rate in a tensor as the number in it."""
    return {**group, "lr": group["lr"].item()} if isinstance(group.get("lr"), Tensor) else group


def _fitted(name: str, value: Any, parameter: Tensor) -> Any:
    """A tensor of a saved state in the dtype of its parameter; the count of steps keeps its own."""
    if not isinstance(value, Tensor) or name == "step" or value._data.dtype == parameter._data.dtype:
        return value
    return tensor_of(value._data.astype(parameter._data.dtype))
