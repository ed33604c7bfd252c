"""Calling operations on tensors: arguments bound as torch binds them, dtypes promoted, the rule run, the tape written.

The rule book is read here, generically; no operation is named.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine import dtypes, errors, lifting, tape, tensor
from chainrule.core.engine.modes import modes, warn
from chainrule.core.engine.tensor import Tensor, fresh, plain_index
from chainrule.core.ops import checks, registry
from chainrule.core.ops.rule import REQUIRED, Composite, Operation, Rule

Array = NDArray[Any]


def call(name: str, *args: Any, **kwargs: Any) -> Any:
    """Call the operation ``name`` as the function of that name in torch is called; KeyError if there is none."""
    return function(registry.get(name))(*args, **kwargs)


def function(operation: Operation) -> Callable[..., Any]:
    """The function over tensors for ``operation``, with torch's argument names and defaults."""
    made = _functions.get(operation)
    if made is None:
        made = _functions[operation] = _make(operation)
    return made


class _Named:
    """The functions by name: what a composite calls ``F``."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return function(registry.get(name))


_functions: dict[Operation, Callable[..., Any]] = {}
F = _Named()


def _make(operation: Operation) -> Callable[..., Any]:
    run: Any = _run_rule(operation) if isinstance(operation, Rule) else _run_composite(operation)
    run.__name__ = run.__qualname__ = operation.name
    run.__doc__ = operation.doc
    run.__signature__ = _signature(operation)
    made: Callable[..., Any] = run
    return made


def _signature(operation: Operation) -> inspect.Signature:
    parameters = list(inspect.signature(operation.forward).parameters.values())
    return inspect.Signature(parameters[1:] if isinstance(operation, Composite) else parameters)


def _run_rule(rule: Rule) -> Callable[..., Tensor]:
    names = [socket.name for socket in rule.inputs] + [param.name for param in rule.params]
    defaults = {each.name: each.default for each in rule.params}
    count = len(rule.inputs)
    fixed = REQUIRED not in defaults.values()

    def run(*args: Any, **kwargs: Any) -> Tensor:
        if not kwargs and len(args) == count and fixed and not rule.variadic:
            return apply(rule, args, defaults)
        inputs, params = _bind(rule, names, count, defaults, args, kwargs)
        return apply(rule, tuple(inputs[0]) if rule.variadic else tuple(inputs), params)

    return run


def _bind(
    rule: Rule, names: list[str], count: int, defaults: Mapping[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    if rule.variadic and args and isinstance(args[0], Tensor):
        raise TypeError(
            f"{rule.name}(): argument '{names[0]}' (position 1) must be tuple of Tensors, not {type(args[0]).__name__}"
        )
    if rule.ints and len(args) > count and isinstance(args[count], (int, np.integer)):
        args = (*args[:count], tuple(args[count:]))
    if len(args) > len(names):
        counted = f"{len(names)} positional argument{'s' * (len(names) > 1)}"
        raise TypeError(f"{rule.name}() takes {counted} but {len(args)} were given")
    given = dict(zip(names, args, strict=False))
    for name, value in kwargs.items():
        if name not in names:
            raise TypeError(f"{rule.name}() got an unexpected keyword argument '{name}'")
        if name in given:
            raise TypeError(f"{rule.name}() got multiple values for argument '{name}'")
        given[name] = value
    missing = [n for n in names if n not in given and defaults.get(n, REQUIRED) is REQUIRED]
    if missing:
        raise TypeError(f'{rule.name}() missing {len(missing)} required positional arguments: "{", ".join(missing)}"')
    inputs = [given.pop(name) for name in names[:count]]
    return inputs, {name: _plain(given.get(name, default)) for name, default in defaults.items()}


def _plain(param: Any) -> Any:
    """A parameter as rules take it: arrays for tensors, tuples for lists and shapes."""
    if isinstance(param, Tensor):
        return param._data if param._data.ndim else param._data.item()
    if isinstance(param, (list, tuple)):
        return tuple(map(_plain, param))
    return param.name if isinstance(param, dtypes.dtype) else param


def _run_composite(operation: Operation) -> Callable[..., Any]:
    signature, count = _signature(operation), len(operation.inputs)
    sockets = list(enumerate(operation.inputs))
    required = [(place, socket.name) for place, socket in sockets if not socket.number and not socket.optional]

    def run(*args: Any, **kwargs: Any) -> Any:
        if operation.ints and len(args) > count and isinstance(args[count], (int, np.integer)):
            args = (*args[:count], args[count:])
        if kwargs or len(args) < count:
            bound = signature.bind(*args, **kwargs)
            args, kwargs = bound.args, bound.kwargs
        for place, name in required:
            if not isinstance(args[place], Tensor):
                _not_a_tensor(operation.name, name, place, args[place])
        return operation.forward(F, *args, **kwargs)

    return run


def _not_a_tensor(operation: str, argument: str, place: int, value: Any) -> NoReturn:
    raise TypeError(
        f"{operation}(): argument '{argument}' (position {place + 1}) must be Tensor, not {type(value).__name__}"
    )


def apply(rule: Rule, inputs: tuple[Any, ...], params: Mapping[str, Any]) -> Tensor:
    """Run ``rule`` on tensors (and numbers, where it takes them), and put a node on the tape if one is tracked."""
    raw = [each._data if type(each) is Tensor else each for each in inputs]
    numbers = [place for place, each in enumerate(inputs) if type(each) is not Tensor]
    if numbers:
        _check_numbers(rule, inputs, numbers)
    if rule.check is not None:
        warning = rule.check(*raw, **params)
        if isinstance(warning, str):
            warn(warning)
    arrays = raw if rule.dtype == "as is" and not numbers else _promoted(rule, raw, params)
    try:
        result = modes.quiet.run(rule.forward, *arrays, **params)
    except ValueError:
        checks.broadcast(*(array.shape for array in arrays))
        raise
    output = _output(rule, _known(result), inputs)
    if modes.tracking:
        needs = [type(each) is Tensor and each._target is not None for each in inputs]
        if True in needs:
            _track(rule, inputs, arrays, params, needs, output)
    return output


def _known(result: Any) -> Array:
    """``result`` as an array of a dtype that torch has: NumPy gives scalars, and sums uint8 to uint64."""
    array = np.asarray(result)
    return array.astype(np.int64) if array.dtype.kind == "u" and array.dtype.itemsize > 1 else array


def _output(rule: Rule, result: Array, inputs: tuple[Any, ...]) -> Tensor:
    """The tensor of ``result``; where it is a view, it shares its input's changes and knows its base."""
    if not rule.view or not np.may_share_memory(result, inputs[0]._data):
        return fresh(result)
    source: Tensor = inputs[0]
    output = Tensor(result, None, source._changes)
    if any(rule.vjps):  # what is cut off from the tape is no view to it
        output._base = source if source._base is None else source._base
        output._blind = source._blind or not modes.tracking
        if source._changes.views is None:
            source._changes.views = WeakSet()
        source._changes.views.add(output)
    return output


def _promoted(rule: Rule, raw: list[Any], params: Mapping[str, Any]) -> list[Array]:
    """``raw`` in one dtype, as the rule asks; numbers become 0-d arrays of it."""
    kept = rule.uncast_places
    counting = [each for place, each in enumerate(raw) if place not in kept] if kept else list(raw)
    counting += [params[name] for name in rule.promoting if params[name] is not None]
    common = dtypes.result_type(counting)
    if rule.dtype == "float" and common.kind != "f":
        common = dtypes.get_default_dtype().numpy
    return [
        each if place in kept or (type(each) is np.ndarray and each.dtype is common) else _cast(each, common)
        for place, each in enumerate(raw)
    ]


def _cast(value: Any, dtype: np.dtype[Any]) -> Array:
    """``value`` in ``dtype``; an integer that does not fit wraps round, as it does in PyTorch."""
    return np.asarray(value).astype(dtype, copy=False)


def _check_numbers(rule: Rule, inputs: tuple[Any, ...], numbers: Sequence[int]) -> None:
    for place in numbers:
        socket = rule.inputs[0 if rule.variadic else place]
        legal = socket.number and isinstance(inputs[place], (bool, int, float, np.generic))
        if not legal or len(numbers) == len(inputs):
            _not_a_tensor(rule.name, socket.name, place, inputs[place])


def _track(
    rule: Rule,
    inputs: tuple[Any, ...],
    arrays: list[Array],
    params: Mapping[str, Any],
    tracked: list[bool],
    output: Tensor,
) -> None:
    """Put a node behind ``output``, if a derivative can come back through it to one of the ``tracked`` inputs."""
    needs = (
        tracked if rule.variadic else [each and vjp is not None for each, vjp in zip(tracked, rule.vjps, strict=True)]
    )
    if True not in needs or output._data.dtype.kind != "f":
        return
    values = [output._data, *arrays]
    numbers = tuple(place for place, each in enumerate(inputs) if type(each) is not Tensor)
    plan = tape.plan_for(rule, params, needs, values, numbers)
    kept: list[Any] = [None] * len(values)
    for place in plan.outlined:
        kept[place] = tape.Outline(values[place])
    for place in plan.kept:
        kept[place] = values[place]
    output._target = tape.Node(
        plan,
        params,
        tuple(each._target if needed else None for each, needed in zip(inputs, needs, strict=True)),
        tuple(each._socket if needed else None for each, needed in zip(inputs, needs, strict=True)),
        tuple(kept),
        tuple(_versions(plan, values, inputs, output)),
        output._data,
    )


def _versions(
    plan: tape.Plan, values: list[Array], inputs: tuple[Any, ...], output: Tensor
) -> Iterator[tuple[int, tape.Version, int]]:
    """How often what is kept has been changed until now: (place, version, count)."""
    for place in plan.kept:
        source = output if place == 0 else inputs[place - 1]
        if type(source) is Tensor and source._data is values[place]:
            count = source._changes.count
            if count is None:
                raise RuntimeError(errors.INFERENCE_SAVED)
            yield place, source._changes, count


def _find_attribute(self: Tensor, name: str) -> Any:
    """The method (or attribute) that the rule book has under ``name``; ``name_`` writes its result in place."""
    if name.startswith("_"):
        raise AttributeError(f"'Tensor' object has no attribute {name!r}")
    found = _method(name) or _attribute(name)
    if found is None:
        raise AttributeError(f"'Tensor' object has no attribute {name!r}")
    setattr(Tensor, name, found)  # so that it is searched for once only
    _installed.add(name)
    return getattr(self, name)


_installed: set[str] = set()


def _forget_methods() -> None:
    """The rule book has changed: what was found in it is to be searched for again."""
    while _installed:
        delattr(Tensor, _installed.pop())


def _method(name: str) -> Callable[..., Any] | None:
    operation = registry.as_method(name)
    if operation is not None:
        return _unbound(operation)
    operation = registry.in_place(name.removesuffix("_")) if name.endswith("_") else None
    return None if operation is None else _in_place(_unbound(operation))


def _attribute(name: str) -> property | None:
    named = (each for each in registry.entries().values() if each.attribute == name)
    operation = next(named, None)
    return None if operation is None else property(function(operation))


def _unbound(operation: Operation) -> Callable[..., Any]:
    """The method: ``self`` is the argument called input, which stands first in every function but few."""
    run, names = function(operation), list(_signature(operation).parameters)
    place = names.index("input") if "input" in names else 0
    if place == 0:
        return lambda self, *args, **kwargs: run(self, *args, **kwargs)
    return lambda self, *args, **kwargs: run(*args[:place], self, *args[place:], **kwargs)


def _in_place(run: Callable[..., Any]) -> Callable[..., Any]:
    def in_place(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        self._may_write()
        return self.write(run(self, *args, **kwargs))

    return in_place


def _operator(operation: Operation) -> Callable[..., Any]:
    """The special method: with tensors and numbers, or, of an operation on one tensor, with an index."""
    run = function(operation)
    if len(operation.inputs) == 1:
        return lambda self, *at: run(self, *map(plain_index, at))
    numbers = (bool, int, float, np.generic) if operation.inputs[-1].number else ()
    operands = (Tensor, *numbers)
    return lambda self, other: run(self, other) if isinstance(other, operands) else NotImplemented


def install_operators() -> None:
    """Give Tensor the special methods that the rule book's records name."""
    for operation in registry.entries().values():
        for special in operation.operators:
            setattr(Tensor, special, _operator(operation))
        for special in operation.in_place_operators:
            setattr(Tensor, special, _in_place(function(operation)))


lifting.operations = F
tensor.find_attribute = _find_attribute
registry.on_change(_forget_methods)
install_operators()
