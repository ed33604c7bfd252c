"""Calls that recur: what a call is made with is looked up, and where it was met before, it has been written out.

Two calls are the same if their tensors have the same shapes and dtypes and are tracked alike, and all else is equal;
numbers in the place of a tensor may differ. Composites also ask how tensors lie in memory, so that has to be the same
too; where arguments are of many kinds, it is for all operations. How calls are written out stands in ``shortcuts``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from chainrule.core.engine.cases import remember
from chainrule.core.engine.modes import modes
from chainrule.core.engine.sameness import NUMBERS, add, plain
from chainrule.core.engine.shortcuts import Shortcut, Step, of_a_composite, of_a_rule
from chainrule.core.engine.tensor import Tensor
from chainrule.core.ops.rule import Composite, Operation, Rule

Key = tuple[Any, ...]

NOTHING: Any = object()  # in the place of an argument that was not given

_TRIES = 4  # a call that has not been written out by then never will be


def remembering(operation: Operation, run: Callable[..., Any]) -> Callable[..., Any]:
    """``run``, which calls ``operation`` whatever it is given, but quicker where a call recurs."""
    numbers, by_layout = _numbers(operation), isinstance(operation, Composite)
    second = 1 in numbers
    shortcuts: dict[Key | None, Shortcut] = {}
    met: dict[Key, int] = {}

    def remembered(x: Any = NOTHING, y: Any = NOTHING, /, *others: Any, **kwargs: Any) -> Any:
        quietly, tracking, unwatched = modes.at_a_call
        key: Key | None = None
        if unwatched and type(x) is Tensor:  # so most calls are, and the keys of the commonest are made in one go
            a, kind = x._data, type(y)
            if kind is Tensor:
                if not (others or kwargs):
                    b, one, two = y._data, x._target is None, y._target is None
                    lie = (a.strides, b.strides) if by_layout else None
                    key = type(a), a.shape, a.dtype, one, type(b), b.shape, b.dtype, two, lie, tracking
                    found = shortcuts.get(key)
                    if found is not None:
                        return quietly(found, x, y)
            else:
                alone = type(a), a.shape, a.dtype, x._target is None, a.strides if by_layout else None, tracking
                if second and y is not NOTHING:
                    if kind in NUMBERS and not (others or kwargs):
                        key = alone, kind
                        found = shortcuts.get(key)
                        if found is not None:
                            return quietly(found, x, y)
                else:
                    if y is NOTHING:
                        if not kwargs:
                            key = alone
                        elif all(map(plain, named := kwargs.values())):
                            key = *alone, *kwargs, *named, *map(type, named)
                    elif not (kwargs or numbers) and (kind is int or plain(y)):
                        if not others:
                            key = *alone, y, kind
                        elif len(others) == 1 and type(others[0]) is int:
                            key = *alone, y, kind, others[0]
                        elif all(map(plain, others)):
                            key = *alone, y, *others, kind, *map(type, others)
                    found = shortcuts.get(key)
                    if found is not None:
                        return quietly(found, x)
        args = (x, y, *others) if y is not NOTHING else (x,) if x is not NOTHING else ()
        if not unwatched:
            return run(*args, **kwargs)
        if key is None:
            key, given = _key(args, kwargs, tracking, numbers)
            if key is None:
                return run(*args, **kwargs)
            found = shortcuts.get(key)
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
        made = _shortcut(operation, steps, given, result)
        if made is not None:
            remember(shortcuts, key, made)
        return result

    return remembered


def _numbers(operation: Operation) -> frozenset[int]:
    """The places where numbers may differ from call to call: those of a rule's tensors."""
    if not isinstance(operation, Rule) or operation.variadic or operation.optional:
        return frozenset()
    names = [socket.name for socket in operation.inputs if socket.number]
    return frozenset(map(operation.arguments.index, names))


def _shortcut(operation: Operation, steps: Sequence[Any], given: Sequence[Any], result: Any) -> Shortcut | None:
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
    key: list[Any] = [tracking, *kwargs]
    given: list[Any] = []
    known = add(args, key, given, numbers) and (not kwargs or add(kwargs.values(), key, given))
    return tuple(key) if known else None, given
