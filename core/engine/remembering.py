"""Calls that recur: what a call is made with is looked up, and where it was met before, it has been written out.

Two calls are the same if their tensors have the same shapes and dtypes and are tracked alike, and all else is equal;
numbers in the place of a tensor may differ. Composites also ask how tensors lie in memory, so that has to be the same
too; where arguments are of many kinds, it is for all operations. How calls are written out stands in ``written``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from chainrule.core.engine.binding import ATOMS, whole
from chainrule.core.engine.cases import remember
from chainrule.core.engine.modes import modes
from chainrule.core.engine.size import Size
from chainrule.core.engine.tensor import Tensor
from chainrule.core.engine.written import Step, Written, of_a_composite, of_a_rule
from chainrule.core.ops.rule import Composite, Operation, Rule

Key = tuple[Any, ...]

NOTHING: Any = object()  # in the place of an argument that was not given

_TRIES = 4  # a call that has not been written out by then never will be


def remembering(operation: Operation, run: Callable[..., Any]) -> Callable[..., Any]:
    """``run``, which calls ``operation`` whatever it is given, but quicker where a call recurs."""
    numbers, by_layout = _numbers(operation), isinstance(operation, Composite)
    second = 1 in numbers
    written: dict[Key, Written] = {}
    met: dict[Key, int] = {}

    def remembered(x: Any = NOTHING, y: Any = NOTHING, /, *others: Any, **kwargs: Any) -> Any:
        quietly, tracking, unwatched = modes.at_a_call
        key: Key | None = None
        if not unwatched:
            pass
        elif type(x) is Tensor and not kwargs:  # so most calls are, and the keys of the commonest are made in one go
            a, kind = x._data, type(y)
            lies = a.strides if by_layout else None
            if y is NOTHING:
                key = type(a), a.shape, a.dtype, lies, x._target is None, tracking
                found = written.get(key)
                if found is not None:
                    return quietly(found, x)
            elif kind is Tensor:
                if not others:
                    b = y._data
                    its = b.strides if by_layout else None
                    one, two = x._target is None, y._target is None
                    key = type(a), a.shape, a.dtype, lies, one, type(b), b.shape, b.dtype, its, two, tracking
                    found = written.get(key)
                    if found is not None:
                        return quietly(found, x, y)
            elif second:
                if kind in _NUMBERS and not others:
                    key = type(a), a.shape, a.dtype, lies, x._target is None, tracking, kind
                    found = written.get(key)
                    if found is not None:
                        return quietly(found, x, y)
            elif (kind is int or (kind is tuple and whole(y))) and (not others or all(map(_settled, others))):
                key = type(a), a.shape, a.dtype, lies, x._target is None, tracking, y, *others, *map(type, others)
                found = written.get(key)
                if found is not None:
                    return quietly(found, x)
        elif type(x) is Tensor and y is NOTHING and all(map(_settled, kwargs.values())):
            a, named = x._data, kwargs.values()
            lies = a.strides if by_layout else None
            key = type(a), a.shape, a.dtype, lies, x._target is None, tracking, *kwargs, *named, *map(type, named)
            found = written.get(key)
            if found is not None:
                return quietly(found, x)
        args = (x, y, *others) if y is not NOTHING else (x,) if x is not NOTHING else ()
        if not unwatched:
            return run(*args, **kwargs)
        if key is None:
            key, given = _key(args, kwargs, tracking, numbers)
            if key is None:
                return run(*args, **kwargs)
            found = written.get(key)
            if found is not None:
                return quietly(found, *given)
        return meet(key, args, kwargs)

    def meet(key: Key, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Run the call; if it is not the first time, try to write it out."""
        times = met.get(key, 0)
        if times <= _TRIES:
            remember(met, key, times + 1)
        if not 0 < times <= _TRIES:
            return run(*args, **kwargs)
        _, given = _key(args, kwargs, modes.tracking, numbers)
        steps: list[Any] = []
        modes.note(steps)
        try:
            result = run(*args, **kwargs)
        finally:
            modes.note(None)
        made = _written(operation, steps, given, result)
        if made is not None:
            remember(written, key, made)
        return result

    return remembered


def _numbers(operation: Operation) -> frozenset[int]:
    """The places where numbers may differ from call to call: those of a rule's tensors."""
    if not isinstance(operation, Rule) or operation.variadic or operation.optional:
        return frozenset()
    names = [socket.name for socket in operation.inputs if socket.number]
    return frozenset(map(operation.arguments.index, names))


def _written(operation: Operation, steps: Sequence[Any], given: Sequence[Any], result: Any) -> Written | None:
    """The call that took ``steps`` on what was ``given``, written out; None where it cannot be.

    A warning among the steps has to be given each time, and so does what an operation writes to its inputs.
    """
    if operation.writes or not all(type(step) is Step and step.settled for step in steps):
        return None
    if not all(step.case.straight for step in steps[:-1]):  # the others take what they are given by its shape
        return None
    if len(steps) == 1 and steps[0].output is result and _the_same(steps[0].inputs, given):
        return of_a_rule(steps[0], tracking=modes.tracking)
    if not all(type(each) is Tensor for each in given):
        return None
    return of_a_composite(steps, given, result, tracking=modes.tracking)


def _the_same(inputs: Sequence[Any], given: Sequence[Any]) -> bool:
    return len(inputs) == len(given) and all(a is b for a, b in zip(inputs, given, strict=True))


def _key(
    args: Sequence[Any], kwargs: Mapping[str, Any], tracking: bool, numbers: Collection[int]
) -> tuple[Key | None, list[Any]]:
    """What tells a call from others, None where something may change; and its tensors, with the numbers that may."""
    key: list[Any] = [tracking]
    given: list[Any] = []
    for place, each in enumerate(args):
        kind = type(each)
        if kind is Tensor:
            array = each._data
            key.append((type(array), array.shape, array.dtype, array.strides, each._target is None))
            given.append(each)
        elif kind in _NUMBERS and place in numbers:
            key.append(kind)
            given.append(each)
        elif kind in ATOMS:
            key += kind, each
        elif not _add(each, key, given):
            return None, given
    for name, each in kwargs.items():
        kind = type(each)
        if kind in ATOMS:
            key += name, kind, each
        else:
            key.append(name)
            if not _add(each, key, given):
                return None, given
    return tuple(key), given


def _settled(value: Any) -> bool:
    """Whether ``value`` and its type say all about it."""
    kind = type(value)
    return kind in ATOMS or (kind is tuple and whole(value))


def _add(value: Any, key: list[Any], given: list[Any]) -> bool:
    """Add ``value`` to the key, a tensor to what is ``given`` too; False where it may change unseen."""
    kind = type(value)
    if kind is Tensor:
        array = value._data
        key += (type(array), array.shape, array.dtype, array.strides, value._target is None)
        given.append(value)
    elif kind in ATOMS or (kind is float and value) or (kind is tuple and whole(value)):
        key += (kind, value)
    elif kind is float:
        key += (kind, value.hex())  # 0.0 and -0.0 are equal
    elif kind in _SEQUENCES:
        key += kind, len(value)
        for each in value:
            if not _add(each, key, given):
                return False
    elif kind is slice:
        key.append(slice)
        return all(_add(each, key, given) for each in (value.start, value.stop, value.step))
    else:
        return False
    return True


_NUMBERS = {int, float}
_SEQUENCES = {tuple, list, Size}
