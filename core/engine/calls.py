"""Calling operations on tensors: functions, methods and operators, with arguments bound as torch binds them.

The rule book is read here, generically; no operation is named. Running a rule on its inputs is in ``apply``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache, wraps
from itertools import chain
from typing import Any

import numpy as np

from chainrule.core.engine import dtypes, lifting, tensor
from chainrule.core.engine.apply import not_a_tensor, runner
from chainrule.core.engine.arguments import Expected
from chainrule.core.engine.brackets import plain_index
from chainrule.core.engine.cases import Settings, remember
from chainrule.core.engine.modes import modes, warn
from chainrule.core.engine.size import Size
from chainrule.core.engine.tensor import Tensor
from chainrule.core.ops import registry
from chainrule.core.ops.rule import REQUIRED, Composite, Operation, Rule


def call(name: str, *args: Any, **kwargs: Any) -> Any:
    """Call the operation ``name`` as the function of that name in torch is called; KeyError if there is none."""
    return function(registry.get(name))(*args, **kwargs)


def function(operation: Operation) -> Callable[..., Any]:
    """The function over tensors for ``operation``, with torch's argument names and defaults."""
    made = _functions.get(operation)
    if made is None:
        made = _functions[operation] = _make(operation)
    return made


def at_path(path: str, name: str) -> Callable[..., Any] | None:
    """What torch has as ``path.name``: an operation's function, or, with a final underscore, its form in place."""
    found = _at_paths.get((path, name))
    if found is None:
        found = _search(path, name)
        if found is not None:
            _at_paths[path, name] = found  # so that it is searched for once only
    return found


_at_paths: dict[tuple[str, str], Callable[..., Any]] = {}


def _search(path: str, name: str) -> Callable[..., Any] | None:
    operation = registry.at_path(path, name)
    if operation is not None:
        return function(operation) if path == "nn.functional" else _insisting(operation)
    operation = registry.at_path(path, name[:-1]) if name.endswith("_") else None
    return _in_place(function(operation)) if operation and (operation.inplace or operation.method) else None


class _Named:
    """The functions by name: what a composite calls ``F``."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        found = self.__dict__[name] = function(registry.get(name))  # so that it is searched for once only
        return found


_functions: dict[Operation, Callable[..., Any]] = {}
F = _Named()


def _make(operation: Operation) -> Callable[..., Any]:
    run: Any = _run_rule(operation) if isinstance(operation, Rule) else _run_composite(operation)
    signature = _signature(operation)
    if operation.inplace:
        run = _or_in_place(run, len(signature.parameters))
        last = inspect.Parameter("inplace", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=False)
        signature = signature.replace(parameters=[*signature.parameters.values(), last])
    run.__name__ = run.__qualname__ = operation.name
    run.__doc__ = operation.doc
    run.__signature__ = signature
    made: Callable[..., Any] = run
    return made


def _or_in_place(run: Callable[..., Any], place: int) -> Callable[..., Any]:
    """``run`` with one argument more at ``place``, ``inplace``: to write the result over the input."""
    over = _in_place(run)

    def either(*args: Any, inplace: bool = False, **kwargs: Any) -> Any:
        if len(args) == place + 1:
            *args, inplace = args  # type: ignore[assignment]
        return (over if inplace else run)(*args, **kwargs)

    return either


def _signature(operation: Operation) -> inspect.Signature:
    parameters = list(inspect.signature(operation.forward).parameters.values())
    if isinstance(operation, Composite):
        del parameters[0]
    parameters.sort(key=lambda parameter: operation.arguments.index(parameter.name))
    leading = [each.replace(kind=each.POSITIONAL_OR_KEYWORD) for each in parameters if each.name in operation.leading]
    return inspect.Signature([*leading, *(each for each in parameters if each.name not in operation.leading)])


def _insisting(operation: Operation) -> Callable[..., Any]:
    """The function where nothing may be left out that torch asks for outside of torch.nn.functional."""
    run = function(operation)
    if not operation.insists:
        return run
    places = {name: operation.arguments.index(name) for name in operation.insists}

    @wraps(run)
    def insisting(*args: Any, **kwargs: Any) -> Any:
        kwargs = _by_torchs_names(operation, kwargs)
        missing = [name for name, place in places.items() if len(args) <= place and name not in kwargs]
        if missing and (args or kwargs):
            raise TypeError(_missing(operation.name, missing))
        for name, place in places.items():
            value = args[place] if len(args) > place else kwargs.get(name, 0)
            if value is None:
                where = f" (position {place + 1})" if len(args) > place else ""
                raise TypeError(f"{operation.name}(): argument '{name}'{where} must be int, not NoneType")
        return run(*args, **kwargs)

    return insisting


def _run_rule(rule: Rule) -> Callable[..., Tensor]:
    names = list(rule.arguments)
    defaults = {each.name: each.default for each in rule.params}
    sockets = [socket.name for socket in rule.inputs]
    empty = {name: inspect.signature(rule.forward).parameters[name].default for name in rule.optional}
    count = len(sockets)
    most = len(names) - _by_name_only(rule)
    required = {name for name, default in defaults.items() if default is REQUIRED}
    plain = names[:count] == sockets  # the tensors first: so it is with nearly every rule
    fixed = plain and not required and not rule.variadic and not empty
    on_tensors = runner(rule)
    by_default = Settings(defaults, recurring=True)
    known: dict[Any, Settings] = {}
    expected = Expected(rule)

    def run(*args: Any, **kwargs: Any) -> Tensor:
        if fixed and len(args) == count and not kwargs:
            return on_tensors(args, by_default)
        if rule.alone and len(args) + len(kwargs) == 1:
            return call(rule.alone[0], *args, *kwargs.values(), **rule.alone[1])  # type: ignore[no-any-return]
        key = _exactly((*args[count:], *kwargs.values()), *kwargs) if plain and len(args) >= count else None
        settings = known.get(key)
        if settings is not None:
            inputs = filled(args[:count]) if empty else args[:count]
        elif rule.tensor_form and _tensor_param(args[count:], kwargs, defaults):
            return call(rule.tensor_form, *args, **kwargs)  # type: ignore[no-any-return]
        else:
            inputs, given = bind(args, kwargs)
            expected.check(given.items(), len(args))
            settings = settled(key or _exactly(tuple(given.values()), *given), given)
        return on_tensors(_sequence(rule, inputs[0]) if rule.variadic else inputs, settings)

    def bind(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if not plain or empty:
            return _bind(rule, names, most, sockets, defaults, empty, args, kwargs)
        if rule.ints and len(args) > count and isinstance(args[count], (int, np.integer)):
            args = (*args[:count], tuple(args[count:]))
        given = dict(zip(names[count:], args[count:], strict=False))
        given.update(kwargs)
        fit = most >= len(args) >= count and len(given) == len(args) - count + len(kwargs)
        if fit and given.keys() <= defaults.keys() and given.keys() >= required:
            return args[:count], given
        return _bind(rule, names, most, sockets, defaults, empty, args, kwargs)

    def filled(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple([empty[name] if each is None else each for name, each in zip(sockets, inputs, strict=True)])

    def settled(key: tuple[Any, ...] | None, given: Mapping[str, Any]) -> Settings:
        settings = known.get(key)
        if settings is None:
            params = {**defaults, **{name: _plain(value) for name, value in given.items()}}
            settings = Settings(params, recurring=key is not None)
            if key is not None:
                remember(known, key, settings)
        return settings

    return run


def _exactly(values: tuple[Any, ...], *names: str) -> tuple[Any, ...] | None:
    """A key for ``values``, the last of which have ``names``, that tells 1 from 1.0 and 0.0 from -0.0; None where there
    is one that may change, as tensors do.
    """
    for value in values:
        kind = type(value)
        if kind not in _ATOMS and not (kind is float and value) and not (kind is tuple and _whole(value)):
            exact = tuple(map(_exact, values))
            return None if None in exact else (exact, *names)
    return values, *map(type, values), *names


def _whole(values: tuple[Any, ...]) -> bool:
    return _INTEGER.issuperset(map(type, values))


def _exact(value: Any) -> Any:
    """What is equal only for the same value; None where it may change."""
    kind = type(value)
    if kind in _ATOMS:
        return kind, value
    if kind is float:
        return value.hex()
    if kind in _SEQUENCES:
        return _exactly((kind, *value))
    return _exactly((kind, value.start, value.stop, value.step)) if kind is slice else None


_INTEGER = {int}
_ATOMS = {int, bool, str, type, type(None), type(...), dtypes.dtype}
_SEQUENCES = {tuple, list, Size}


def _by_name_only(rule: Rule) -> int:
    """How many arguments torch takes by name alone; composites may give them to inner rules as they like."""
    if rule.variadic or not rule.public:
        return 0
    return sum(each.kind is each.KEYWORD_ONLY for each in _signature(rule).parameters.values())


def _sequence(rule: Rule, tensors: Any) -> tuple[Any, ...]:
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


def _bind(
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
    for name, value in _by_torchs_names(rule, kwargs).items():
        if name not in names:
            raise TypeError(f"{rule.name}() got an unexpected keyword argument '{name}'")
        if name in given:
            raise TypeError(f"{rule.name}() got multiple values for argument '{name}'")
        given[name] = value
    for name, value in empty.items():
        given[name] = value if given.get(name) is None else given[name]
    missing = [name for name in names if name not in given and defaults.get(name, REQUIRED) is REQUIRED]
    if missing:
        raise TypeError(_missing(rule.name, missing))
    return tuple([given.pop(name) for name in sockets]), given


# NumPy's names of arguments, which torch takes for its own.
_NUMPYS = {"axis": "dim", "keepdims": "keepdim", "x": "input", "a": "input", "x1": "input", "x2": "other"}


def _by_torchs_names(operation: Operation, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """``kwargs`` with torch's names for NumPy's, outside of torch.nn.functional, where it knows its own alone."""
    if operation.paths == ("nn.functional",):
        return dict(kwargs)
    given: dict[str, Any] = {}
    for name, value in kwargs.items():
        theirs = _NUMPYS.get(name, name)
        known = name in operation.arguments or theirs not in operation.arguments or theirs in kwargs
        given[name if known else theirs] = value
    return given


def _missing(operation: str, arguments: list[str]) -> str:
    return f'{operation}() missing {len(arguments)} required positional arguments: "{", ".join(arguments)}"'


def _tensor_param(args: tuple[Any, ...], kwargs: Mapping[str, Any], defaults: Mapping[str, Any]) -> bool:
    """Whether one of the arguments behind the inputs is a tensor."""
    given = [*args, *(value for name, value in kwargs.items() if name in defaults)]
    return any(isinstance(each, Tensor) for each in given)


_PLAIN = {int, float, bool, str, type(None)}


def _plain(param: Any) -> Any:
    """A parameter as rules take it: arrays for tensors, tuples for lists and shapes."""
    if type(param) in _PLAIN:
        return param
    if isinstance(param, Tensor):
        return param._data if param._data.ndim else param._data.item()
    if isinstance(param, (list, tuple)):
        return tuple(map(_plain, param))
    if isinstance(param, np.generic):
        return param.item()  # a NumPy number would bring its own dtype along
    return param.name if isinstance(param, dtypes.dtype) else param


def _run_composite(operation: Operation) -> Callable[..., Any]:
    signature, count = _signature(operation), len(operation.inputs)
    places = {name: place for place, name in enumerate(signature.parameters)}
    needed = [name for name, each in signature.parameters.items() if each.default is inspect.Parameter.empty]
    sockets = {socket.name for socket in operation.inputs}
    variadic = any(socket.variadic for socket in operation.inputs)
    plain = [socket.name for socket in operation.inputs if not (socket.number or socket.optional or socket.variadic)]
    required = [(places[name], name) for name in plain]
    least = max((places[name] + 1 for name in needed if name in sockets), default=0)
    order = list(places)[count:]
    expected = Expected(operation)

    def run(*args: Any, **kwargs: Any) -> Any:
        if operation.ints and len(args) > count and isinstance(args[count], (int, np.integer)):
            args = (*args[:count], args[count:])
        if variadic and args and isinstance(args[0], Tensor):
            args = (args,)
        positional = len(args)
        if (kwargs or positional < len(needed)) and not fits(positional, *kwargs):
            kwargs = _by_torchs_names(operation, kwargs)
            bound = signature.bind_partial(*args, **kwargs)
            missing = [name for name in needed if name not in bound.arguments]
            if missing:
                raise TypeError(_missing(operation.name, missing))
            args, kwargs = bound.args, bound.kwargs
        for place, name in required:
            if not isinstance(args[place], Tensor):
                not_a_tensor(operation.name, name, place, args[place])
        if expected and (len(args) > count or kwargs):
            expected.check(chain(zip(order, args[count:], strict=False), kwargs.items()), positional)
        if operation.check is not None:
            _heed(operation.check(*map(_raw, args), **kwargs))
        return operation.forward(F, *args, **kwargs)

    @cache
    def fits(given: int, *names: str) -> bool:
        """Whether what is ``given`` by place includes all tensors, and the rest is there by these ``names``."""
        there = given >= least and all(name in names for name in needed if places[name] >= given)
        return there and all(name not in sockets and places.get(name, 0) >= given for name in names)

    return run


def _raw(argument: Any) -> Any:
    return argument._data if type(argument) is Tensor else argument


def _heed(warning: object) -> None:
    """Pass on what a check returned."""
    if isinstance(warning, str):
        warn(warning)


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
    F.__dict__.clear()
    _at_paths.clear()


def _method(name: str) -> Callable[..., Any] | None:
    operation = registry.as_method(name)
    if operation is not None:
        return _unbound(operation)
    operation = registry.in_place(name.removesuffix("_")) if name.endswith("_") else None
    if operation is None:
        return None
    return _reshaping(_unbound(operation)) if operation.reshaping else _in_place(_unbound(operation))


def _attribute(name: str) -> property | None:
    named = (each for each in registry.entries().values() if each.attribute == name)
    operation = next(named, None)
    return None if operation is None else property(function(operation))


def _unbound(operation: Operation) -> Callable[..., Any]:
    """The method: ``self`` is the argument called input, which stands first in every function but few."""
    run, names = _insisting(operation), list(_signature(operation).parameters)
    place = names.index("input") if "input" in names else 0
    if place == 0:
        return run
    return lambda self, *args, **kwargs: run(*args[:place], self, *args[place:], **kwargs)


def _in_place(run: Callable[..., Any]) -> Callable[..., Any]:
    def in_place(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        self._may_write()
        tracked = modes.tracking and any(getattr(each, "requires_grad", False) for each in (self, *args))
        return self.write(run(_as_it_is(self) if tracked else self, *args, **kwargs))

    return in_place


def _as_it_is(tensor: Tensor) -> Tensor:
    """A copy in the same place on the tape: backward may need the values that are about to be overwritten, and PyTorch
    keeps a copy of them too.
    """
    return Tensor(tensor._data.copy(), tensor._target)


def _reshaping(run: Callable[..., Any]) -> Callable[..., Any]:
    def in_place(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        self._may_write()
        return self.reshape_to(run(self, *args, **kwargs))

    return in_place


def _operator(operation: Operation, special: str) -> Callable[..., Any]:
    """The special method: with tensors and numbers, or, of an operation on one tensor, with an index."""
    run = function(operation)
    if len(operation.inputs) == 1:
        return lambda self, *at: run(self, *map(plain_index, at))
    numbers = (bool, int, float, np.generic) if operation.inputs[-1].number else ()
    operands = (Tensor, *numbers)

    def operator(self: Tensor, other: Any) -> Any:
        if isinstance(other, operands):
            return run(self, other)
        return _with_array(self, special, other) if isinstance(other, np.ndarray) else NotImplemented

    return operator


def _with_array(self: Tensor, special: str, array: np.ndarray[Any, Any]) -> Any:
    """What NumPy makes of the tensor's values and ``array``, as in PyTorch, which does not compare them by size."""
    if special == "__eq__":
        return Tensor(np.asarray(getattr(self._data, special)(array)))
    if special.startswith("__r") or not hasattr(np.ndarray, f"__r{special[2:]}"):
        return NotImplemented
    return Tensor(np.asarray(getattr(self.numpy(), special)(array)))


def install_operators() -> None:
    """Give Tensor the special methods that the rule book's records name."""
    for operation in registry.entries().values():
        for special in operation.operators:
            setattr(Tensor, special, _operator(operation, special))
        for special in operation.in_place_operators:
            setattr(Tensor, special, _in_place(function(operation)))


lifting.operations = F
tensor.find_attribute = _find_attribute
registry.on_change(_forget_methods)
install_operators()
