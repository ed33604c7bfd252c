"""Arguments of a call, bound as torch binds them: its names and NumPy's, its words where one is missing.

Of what sort an argument must be stands in ``arguments``, which arguments are the same in ``sameness``.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.core.engine import dtypes
from chainrule.core.engine.tensor import Tensor
from chainrule.core.ops.rule import REQUIRED, Composite, Operation, Rule


def signature_of(operation: Operation) -> inspect.Signature:
    parameters = list(inspect.signature(operation.forward).parameters.values())
    if isinstance(operation, Composite):
        del parameters[0]
    parameters.sort(key=lambda parameter: operation.arguments.index(parameter.name))
    leading = [each.replace(kind=each.POSITIONAL_OR_KEYWORD) for each in parameters if each.name in operation.leading]
    return inspect.Signature([*leading, *(each for each in parameters if each.name not in operation.leading)])


def by_name_only(rule: Rule) -> int:
    """How many arguments torch takes by name alone; composites may give them to inner rules as they like."""
    if rule.variadic or not rule.public:
        return 0
    return sum(each.kind is each.KEYWORD_ONLY for each in signature_of(rule).parameters.values())


def sequence(rule: Rule, tensors: Any) -> tuple[Any, ...]:
    """The tensors that a rule of any number of them is given as one argument."""
    if not isinstance(tensors, (tuple, list)):
        kind = type(tensors).__name__
        raise TypeError(
            f"{rule.name}(): argument '{rule.inputs[0].name}' (position 1) must be tuple of Tensors, not {kind}"
        )
    for place, each in enumerate(tensors):
        if not isinstance(each, Tensor):
            raise TypeError(f"expected Tensor as element {place} in argument 0, but got {type(each).__name__}")
    return tuple(tensors)


def bind(
    rule: Rule,
    names: list[str],
    most: int,
    sockets: list[str],
    defaults: Mapping[str, Any],
    empty: Mapping[str, Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The inputs and the parameters in ``args`` and ``kwargs``; TypeError, in PyTorch's words, if they do not fit.

    So many of the ``names`` may be given by place.
    """
    before = len(rule.leading)
    if before and not isinstance(next(iter(args[before:]), ()), (list, tuple)):
        args = (*args[:before], args[before:])
    if len(args) > most:
        counted = f"{most} positional argument{'s' * (most > 1)}"
        raise TypeError(f"{rule.name}() takes {counted} but {len(args)} were given")
    given = dict(zip(names, args, strict=False))
    for name, value in by_torchs_names(rule, kwargs).items():
        if name not in names:
            raise TypeError(f"{rule.name}() got an unexpected keyword argument '{name}'")
        if name in given:
            raise TypeError(f"{rule.name}() got multiple values for argument '{name}'")
        given[name] = value
    for name, value in empty.items():
        given[name] = value if given.get(name) is None else given[name]
    missing = [name for name in names if name not in given and defaults.get(name, REQUIRED) is REQUIRED]
    if missing:
        raise TypeError(missing_text(rule.name, missing))
    return tuple([given.pop(name) for name in sockets]), given


def gathered(operation: Operation, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """``args`` of a method with integers given one by one as a tuple; a single one is none where none is needed."""
    count = len(operation.inputs)
    if not operation.ints or len(args) <= count or not isinstance(args[count], (int, np.integer)):
        return args
    return (*args[:count], args[count:]) if needs_ints(operation) or len(args) > count + 1 else args


def needs_ints(operation: Operation) -> bool:
    """Whether the integers that a method takes one by one may not be left out."""
    return any(param.name == operation.ints and param.default is REQUIRED for param in operation.params)


# NumPy's names of arguments, which torch takes for its own.
_NUMPYS = {"axis": "dim", "keepdims": "keepdim", "x": "input", "a": "input", "x1": "input", "x2": "other"}


def by_torchs_names(operation: Operation, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """``kwargs`` with torch's names for NumPy's, and without an ``out`` that is None: outside of torch.nn.functional,
    where it knows its own alone.
    """
    if operation.paths == ("nn.functional",):
        return dict(kwargs)
    given: dict[str, Any] = {}
    for name, value in kwargs.items():
        if name == "out" and value is None:
            continue
        theirs = _NUMPYS.get(name, name)
        known = name in operation.arguments or theirs not in operation.arguments or theirs in kwargs
        given[name if known else theirs] = value
    return given


def missing_text(operation: str, arguments: list[str]) -> str:
    plural = "s" * (len(arguments) == 1)  # PyTorch's
    names = '", "'.join(arguments)
    return f'{operation}() missing {len(arguments)} required positional argument{plural}: "{names}"'


def tensor_param(args: tuple[Any, ...], kwargs: Mapping[str, Any], defaults: Mapping[str, Any]) -> bool:
    """Whether one of the arguments behind the inputs is a tensor."""
    given = [*args, *(value for name, value in kwargs.items() if name in defaults)]
    return any(isinstance(each, Tensor) for each in given)


_PLAIN = {int, float, bool, str, type(None)}


def plain_param(param: Any) -> Any:
    """A parameter as rules take it: arrays for tensors, tuples for lists and shapes."""
    if type(param) in _PLAIN:
        return param
    if isinstance(param, Tensor):
        return param._data if param._data.ndim else param._data.item()
    if isinstance(param, (list, tuple)):
        return tuple(map(plain_param, param))
    if isinstance(param, np.generic):
        return param.item()  # a NumPy number would bring its own dtype along
    return param.name if isinstance(param, dtypes.dtype) else param
