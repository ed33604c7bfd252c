"""Calling operations on tensors: functions, methods and operators, with arguments bound as torch binds them.

The rule book is read here, generically; no operation is named. Running a rule on its inputs is in ``apply``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache, wraps
from itertools import chain
from typing import Any

import numpy as np

from chainrule.core.engine import binding, dtypes, lifting, overloads, tensor
from chainrule.core.engine.apply import not_a_tensor, run_rule
from chainrule.core.engine.arguments import Expected, of_a_method
from chainrule.core.engine.brackets import plain_index
from chainrule.core.engine.cases import Settings, remember
from chainrule.core.engine.errors import kind_of, not_here
from chainrule.core.engine.modes import modes, warn
from chainrule.core.engine.remembering import remembering
from chainrule.core.engine.sameness import exactly
from chainrule.core.engine.tensor import Tensor, tensor_of
from chainrule.core.ops import registry
from chainrule.core.ops.rule import REQUIRED, Operation, Rule


def call(name: str, *args: Any, **kwargs: Any) -> Any:
    """Call the operation ``name`` as the function of that name in torch is called; KeyError if there is none."""
    return function(registry.get(name))(*args, **kwargs)


def function(operation: Operation) -> Callable[..., Any]:
    """The function over tensors for ``operation``, with torch's argument names and defaults."""
    made = _functions.get(operation)
    if made is None:
        made = _functions[operation] = _make(operation)
    return made


def shown(path: str, name: str, face: dict[str, Any]) -> Callable[..., Any]:
    """What torch has as ``path.name``: an operation's function, or, with a final underscore, its form in place.

    It is put among the names of the module ``face``, so that it is searched for once only. AttributeError for none.
    """
    found = _search(path, name)
    if found is None:
        raise not_here(face["__name__"], name)
    face[name] = found
    _faces.append((face, name))
    return found


_faces: list[tuple[dict[str, Any], str]] = []


def _search(path: str, name: str) -> Callable[..., Any] | None:
    operation = registry.at_path(path, name)
    if operation is not None:
        return function(operation) if path == "nn.functional" else _at_torch(operation, name)
    operation = registry.at_path(path, name[:-1]) if name.endswith("_") else None
    return _in_place(function(operation)) if operation and (operation.inplace or operation.method) else None


class _Named:
    """The functions by name: what a composite calls ``F``."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        found = self.__dict__[name] = function(registry.get(name))  # so that it is searched for once only
        return found


_functions: dict[Operation, Callable[..., Any]] = {}
_runs: dict[Operation, Callable[..., Any]] = {}  # what the functions run where nothing is remembered
F = _Named()


def _make(operation: Operation) -> Callable[..., Any]:
    run: Any = _run_rule(operation) if isinstance(operation, Rule) else _run_composite(operation)
    signature = binding.signature_of(operation)
    if operation.inplace:
        run = _or_in_place(run, len(signature.parameters))
        last = inspect.Parameter("inplace", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=False)
        signature = signature.replace(parameters=[*signature.parameters.values(), last])
    _runs[operation] = run
    made: Any = remembering(operation, run)
    made.__name__ = made.__qualname__ = operation.name
    made.__module__ = __name__
    made.__doc__ = operation.doc
    made.__signature__ = signature
    return made  # type: ignore[no-any-return]


def _or_in_place(run: Callable[..., Any], place: int) -> Callable[..., Any]:
    """``run`` with one argument more at ``place``, ``inplace``: to write the result over the input."""
    over = _in_place(run)

    def either(*args: Any, inplace: bool = False, **kwargs: Any) -> Any:
        if len(args) == place + 1:
            *args, inplace = args  # type: ignore[assignment]
        return (over if inplace else run)(*args, **kwargs)

    return either


def _at_torch(operation: Operation, name: str) -> Callable[..., Any]:
    """The function that torch has as ``name`` outside of torch.nn.functional, where it takes less."""
    made = function(operation)
    run = _of_numbers(operation, _runs[operation]) if operation.of_numbers else _runs[operation]
    if not (operation.insists or operation.overloads or operation.ints or operation.inplace or operation.of_numbers):
        return made

    def check(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if operation.overloads:
            overloads.check(operation, name, args, kwargs, method=False)
        _refuse(operation, args, kwargs, method=False)

    return wraps(made)(remembering(operation, _checked(operation, check, run)))


def _checked(operation: Operation, check: Callable[..., None], run: Callable[..., Any]) -> Callable[..., Any]:
    """``run`` after a ``check``, which is made once for arguments of the same types, where these tell all about it."""
    telling = _TELLING if operation.overloads else _TELLING | {Tensor, tuple, list, str}
    passed: set[Any] = set()

    def checked(*args: Any, **kwargs: Any) -> Any:
        kinds = (*map(type, args), *kwargs, *map(type, kwargs.values()))
        if kinds not in passed:
            check(args, kwargs)
            if telling.issuperset(map(type, (*args[1:], *kwargs.values()))):
                passed.add(kinds)
        return run(*args, **kwargs)

    return checked


_TELLING = {int, float, bool, type(None), dtypes.dtype}


def _of_numbers(operation: Operation, run: Callable[..., Any]) -> Callable[..., Any]:
    """``run`` with tensors for numbers where there is no tensor."""
    sockets = {socket.name for socket in operation.inputs}

    def of_numbers(*args: Any, **kwargs: Any) -> Any:
        if not any(isinstance(each, Tensor) for each in (*args, *kwargs.values())):
            args = tuple(map(_scalar, args))
            kwargs = {name: _scalar(each) if name in sockets else each for name, each in kwargs.items()}
        return run(*args, **kwargs)

    return of_numbers


def _scalar(value: Any) -> Any:
    """A number as a tensor."""
    return tensor_of(dtypes.from_python(binding.plain_param(value))) if isinstance(value, _NUMBER) else value


def _refuse(operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any], *, method: bool) -> None:
    """TypeError for what torch.nn.functional alone takes, settings left out and ``inplace``; for an integer that is to
    be several, too.
    """
    kwargs = binding.by_torchs_names(operation, kwargs)
    places = {name: place for place, name in enumerate(operation.arguments)}
    several = (operation.ints,) if binding.needs_ints(operation) else ()
    if (operation.inplace or several) and len(args) > len(places):
        raise TypeError(overloads.too_many(operation.name, *[len(each) - method for each in (places, places, args)]))
    if operation.inplace and "inplace" in kwargs:
        raise TypeError(f"{operation.name}() got an unexpected keyword argument 'inplace'")
    missing = [name for name in operation.insists if len(args) <= places[name] and name not in kwargs]
    if missing and (args or kwargs):
        raise TypeError(binding.missing_text(operation.name, missing))
    for wanted, names in (("int", operation.insists), ("tuple of ints", several)):
        for name in names:
            by_place = len(args) > places[name]
            value = args[places[name]] if by_place else kwargs.get(name, ())
            if value is None or (name in several and isinstance(value, (int, np.integer))):
                where = f" (position {places[name] + 1 - method})" if by_place else ""
                raise TypeError(f"{operation.name}(): argument '{name}'{where} must be {wanted}, not {kind_of(value)}")


def _run_rule(rule: Rule) -> Callable[..., Tensor]:
    names = list(rule.arguments)
    defaults = {each.name: each.default for each in rule.params}
    sockets = [socket.name for socket in rule.inputs]
    empty = {name: inspect.signature(rule.forward).parameters[name].default for name in rule.optional}
    most = len(names) - binding.by_name_only(rule)
    count, required = len(sockets), [name for name, default in defaults.items() if default is REQUIRED]
    first = names[:count] == sockets and not empty  # the tensors: so it is with nearly every rule
    by_default = Settings(defaults, recurring=True)
    known: dict[Any, Settings] = {}
    expected = Expected(rule)

    def run(*args: Any, **kwargs: Any) -> Tensor:
        if rule.alone and len(args) + len(kwargs) == 1:
            return call(rule.alone[0], *args, *kwargs.values(), **rule.alone[1])  # type: ignore[no-any-return]
        inputs, settings = args[:count], None
        if first and len(args) >= count:
            if len(args) == count and not kwargs and not required:
                settings = by_default
            else:
                settings = known.get(exactly((*args[count:], *kwargs.values()), *kwargs))
        if settings is None:
            if rule.tensor_form and binding.tensor_param(args[count:], kwargs, defaults):
                return call(rule.tensor_form, *args, **kwargs)  # type: ignore[no-any-return]
            inputs, settings = found(args, kwargs)
        return run_rule(rule, binding.sequence(rule, inputs[0]) if rule.variadic else inputs, settings)

    def found(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], Settings]:
        """The inputs and the settings among the arguments, which are kept by how they were given."""
        inputs, given = binding.bind(rule, names, most, sockets, defaults, empty, args, kwargs)
        expected.check(given.items(), len(args))
        key = exactly((*args[count:], *kwargs.values()), *kwargs) if first and len(args) >= count else None
        key = key or exactly(tuple(given.values()), *given)
        settings = known.get(key)
        if settings is None:
            params = {**defaults, **{name: binding.plain_param(value) for name, value in given.items()}}
            settings = Settings(params, recurring=key is not None)
            if key is not None:
                remember(known, key, settings)
        return inputs, settings

    return run


def _run_composite(operation: Operation) -> Callable[..., Any]:
    signature, count = binding.signature_of(operation), len(operation.inputs)
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
        if variadic and args and isinstance(args[0], Tensor):
            args = (args,)
        positional = len(args)
        if (kwargs or positional < len(needed)) and not fits(positional, *kwargs):
            kwargs = binding.by_torchs_names(operation, kwargs)
            bound = signature.bind_partial(*args, **kwargs)
            missing = [name for name in needed if name not in bound.arguments]
            if missing:
                raise TypeError(binding.missing_text(operation.name, missing))
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
    while _faces:
        face, name = _faces.pop()
        face.pop(name, None)
    F.__dict__.clear()


def _method(name: str) -> Callable[..., Any] | None:
    operation = registry.as_method(name)
    if operation is not None:
        return _unbound(operation, name)
    operation = registry.in_place(name.removesuffix("_")) if name.endswith("_") else None
    if operation is None:
        return None
    return (_reshaping if operation.reshaping else _in_place)(_unbound(operation, name))


def _attribute(name: str) -> property | None:
    named = (each for each in registry.entries().values() if each.attribute == name)
    operation = next(named, None)
    return None if operation is None else property(function(operation))


def _unbound(operation: Operation, name: str) -> Callable[..., Any]:
    """The method ``name``: ``self`` is the argument called input, which stands first in every function but few."""
    made, names = function(operation), list(binding.signature_of(operation).parameters)
    run = _runs[operation]
    place = names.index("input") if "input" in names else 0
    alone = len(operation.arguments) == 1 and not operation.overloads

    def check(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if alone and (kwargs or len(args) > 1):
            refused = "keyword arguments" if kwargs else f"arguments ({len(args) - 1} given)"
            raise TypeError(f"TensorBase.{name}() takes no {refused}")
        if operation.overloads:
            overloads.check(operation, name, args, kwargs, method=True)
        if "out" in kwargs:
            raise TypeError(f"{name}() got an unexpected keyword argument 'out'")
        _refuse(operation, args, kwargs, method=True)

    def counted(*args: Any, **kwargs: Any) -> Any:
        try:
            return run(*args, **kwargs)
        except TypeError as error:
            told = of_a_method(str(error), operation.name, name, place)
            if told == str(error):
                raise
            raise TypeError(told).with_traceback(error.__traceback__) from None

    checked = _checked(operation, check, counted)
    if operation.ints:
        checked = _gathering(operation, checked)
    method: Callable[..., Any] = wraps(made)(remembering(operation, checked))
    if place == 0:
        return method
    return lambda self, *args, **kwargs: method(*args[:place], self, *args[place:], **kwargs)


def _gathering(operation: Operation, run: Callable[..., Any]) -> Callable[..., Any]:
    """``run`` with integers given one by one as one argument."""
    return lambda *args, **kwargs: run(*binding.gathered(operation, args), **kwargs)


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
    return tensor_of(tensor._data.copy(), tensor._target)


def _reshaping(run: Callable[..., Any]) -> Callable[..., Any]:
    def in_place(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        self._may_write()
        return self.reshape_to(run(self, *args, **kwargs))

    return in_place


_NUMBER = (bool, int, float, np.generic)


def _operator(operation: Operation, special: str) -> Callable[..., Any]:
    """The special method: with tensors and numbers, or, of an operation on one tensor, with an index."""
    run = function(operation)
    if len(operation.inputs) == 1:
        return lambda self, *at: run(self, *map(plain_index, at))
    numbers = _NUMBER if operation.inputs[-1].number else ()
    operands = (Tensor, *numbers)

    def operator(self: Tensor, other: Any) -> Any:
        if isinstance(other, operands):
            return run(self, other)
        return _with_array(self, special, other) if isinstance(other, np.ndarray) else NotImplemented

    return operator


def _with_array(self: Tensor, special: str, array: np.ndarray[Any, Any]) -> Any:
    """What NumPy makes of the tensor's values and ``array``, as in PyTorch, which does not compare them by size."""
    if special == "__eq__":
        return tensor_of(np.asarray(getattr(self._data, special)(array)))
    if special.startswith("__r") or not hasattr(np.ndarray, f"__r{special[2:]}"):
        return NotImplemented
    return tensor_of(np.asarray(getattr(self.numpy(), special)(array)))


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
