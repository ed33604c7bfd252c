"""A rule's NumPy calls for arrays of one shape, written out as a function: what follows from shapes is settled once.

The calls are those of the rule, in their order, and so the result is the rule's to the last bit. What may compute it
otherwise, and in memory of its own, is a ``program``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from operator import attrgetter
from string import Formatter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.quicker import AS_TEXT, IN_WORDS
from chainrule.core.compile.tracing import Traced, TracingError
from chainrule.core.compile.tracing import arguments as traced_in
from chainrule.core.ops.vocabulary import WORDS, index, unique

Array = NDArray[Any]

# Bytes of arrays that a function may keep: hundreds of shapes are remembered, and masks are made again in no time.
LARGE = 2**18


def straight(function: Callable[..., Any], arguments: Sequence[Any]) -> tuple[Callable[..., Any], Any]:
    """``function`` for arrays of the shapes and dtypes of these among ``arguments``, and what it makes of them.

    The other arguments count as constants. It is ``function`` itself where no trace can follow it, or where shapes
    follow from values.
    """
    inputs = [Traced(each) if type(each) is np.ndarray else each for each in arguments]
    try:
        result = function(*inputs)
    except (TracingError, AttributeError):  # as of a method of arrays
        return function, function(*arguments)
    if not isinstance(result, Traced):
        return function, result
    calls = _calls(result)
    if any(_sized_by_values(call) for call in calls):
        return function, result.value
    made = _as_function(calls, inputs, result)
    return function if made is None else made, result.value


def _sized_by_values(call: Traced) -> bool:
    """Whether the shape of what ``call`` gives follows from values, so that nothing is settled by it."""
    by_mask = call.call is index and any(each.dtype == np.bool_ for each in traced_in(call)[1:])
    return by_mask or call.call in (np.argwhere, np.repeat, unique)


def _calls(result: Traced) -> list[Traced]:
    """The calls that lead to ``result``, in the order in which they were made."""
    found: set[Traced] = set()
    waiting = [result]
    while waiting:
        current = waiting.pop()
        if current.call is not None and current not in found:
            found.add(current)
            waiting.extend(traced_in(current))
    return sorted(found, key=attrgetter("serial"))


def _as_function(calls: Sequence[Traced], inputs: Sequence[Any], result: Traced) -> Callable[..., Any] | None:
    """A function of ``inputs`` that makes ``calls``; a single call of elementwise arithmetic is one already.

    None where it would have to keep large arrays.
    """
    alone = len(calls) == 1 and isinstance(result.call, np.ufunc) and not result.kwargs
    if alone and [id(each) for each in result.args] == [id(each) for each in inputs]:
        return result.call
    writer = _Writer(inputs)
    made = writer.function(calls, result)
    return made if sum(each.nbytes for each in writer.constants.values() if type(each) is np.ndarray) <= LARGE else None


class _Writer:
    """Writes one line a call; whatever is not traced is a constant, under a name of its own."""

    def __init__(self, inputs: Sequence[Any]) -> None:
        self.names = {each: f"x{place}" for place, each in enumerate(inputs) if isinstance(each, Traced)}
        self.lines = [f"def straight({', '.join(f'x{place}' for place in range(len(inputs)))}):"]
        self.constants: dict[str, Any] = {"np": np}

    def function(self, calls: Sequence[Traced], result: Traced) -> Callable[..., Any]:
        returned = _seen_in(result)
        for call in calls:
            same = None if call in returned else _unchanged(call)
            if same is None:
                self.write(call)
            else:
                self.names[call] = self.names[same]
        self.lines.append(f"    return {self.names[result]}")
        exec("\n".join(self.lines), self.constants)
        made: Callable[..., Any] = self.constants["straight"]
        return made

    def write(self, call: Traced) -> None:
        """Give ``call`` a line, or a line to each of some other calls that come to the same."""
        function: Any = call.call
        same = IN_WORDS[function](*call.args, **call.kwargs) if function in IN_WORDS else None
        if not isinstance(same, Traced):
            text, name = self.expression(call), f"v{len(self.lines)}"
            self.lines.append(f"    {name} = {text}")
            self.names[call] = name
            return
        for each in _calls(same):
            if each not in self.names:
                self.write(each)
        self.names[call] = self.names[same]

    def expression(self, call: Traced) -> str:
        function: Any = call.call
        if function is np.power:  # as an operator, which is not the same function for a number as for an array
            return "{} ** {}".format(*map(self.name, call.args))
        if function is index:
            return f"{self.name(call.args[0])}[{self.name(_of_array(call))}]"
        template = AS_TEXT.get(function)
        if template and (named := _named(call, template)) is not None:
            return template.format(**{name: self.name(each) for name, each in named.items()})
        given = [self.name(each) for each in _boxed(call)]
        given += [f"{name}={self.name(each)}" for name, each in call.kwargs.items()]
        return f"{self.constant(getattr(function, '__wrapped__', function))}({', '.join(given)})"

    def name(self, value: Any) -> str:
        if isinstance(value, Traced):
            return self.names[value]
        if isinstance(value, (tuple, list)) and any(isinstance(each, (Traced, tuple, list)) for each in value):
            return f"({', '.join(map(self.name, value))},)"
        return self.constant(value)

    def constant(self, value: Any) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name


def _seen_in(result: Traced) -> set[Traced]:
    """``result`` and what it may be a view of: that has to be memory of its own, if it is here."""
    seen = {result}
    while result.call is not None and WORDS[result.call].view and isinstance(result.args[0], Traced):
        result = result.args[0]
        seen.add(result)
    return seen


def _unchanged(call: Traced) -> Traced | None:
    """What ``call`` gives back as it is: it multiplies or divides by the number 1."""
    if call.call not in (np.multiply, np.divide):
        return None
    for number, other in (call.args[::-1], call.args)[: 2 if call.call is np.multiply else 1]:
        if type(number) in (int, float) and number == 1 and isinstance(other, Traced):
            return other if (other.shape, other.dtype) == (call.shape, call.dtype) else None
    return None


def _of_array(call: Traced) -> Any:
    """The index of ``call``, as it picks even a single element as an array."""
    array, at = call.args
    if len(traced_in(call)) > 1 or isinstance(array.value[at], np.ndarray):
        return at
    return (*at, ...) if isinstance(at, tuple) else (at, ...)


def _named(call: Traced, template: str) -> dict[str, Any] | None:
    """What ``template`` names: arguments of ``call``, and its result's shape; None where it leaves an argument out."""
    wanted = {name for _, name, _, _ in Formatter().parse(template) if name}
    bound = inspect.signature(call.call).bind(*call.args, **call.kwargs)  # type: ignore[arg-type]
    if not bound.arguments.keys() <= wanted | _SHAPING:
        return None
    bound.apply_defaults()
    named = {**bound.arguments, "made": call.value.shape, "made_of": call.dtype}
    if named.get("keepdims") is np._NoValue:
        named["keepdims"] = False
    return {name: each for name, each in named.items() if name in wanted}


_SHAPING = {"axis", "shape"}  # which say what the result's shape says


def _boxed(call: Traced) -> Sequence[Any]:
    """The arguments, numbers made arrays of the dtype that they are computed in: NumPy takes long to find it."""
    skipped = 0 if isinstance(call.call, np.ufunc) else 1 if call.call is np.where else len(call.args)
    dtypes = {each.dtype for each in call.args[skipped:] if isinstance(each, (Traced, np.ndarray, np.generic))}
    if len(dtypes) != 1:
        return call.args
    beside = dtypes.pop()
    return [
        np.asarray(each, np.result_type(beside, each))
        if place >= skipped and type(each) in (bool, int, float)
        else each
        for place, each in enumerate(call.args)
    ]
