"""Traced calls made fewer and cheaper without changing what they compute, but for rounding.

Constants are folded, equal calls become one, and the handful of identities in ``identities`` are applied. What the
calls turn into as source is not here, nor what makes a formula pleasant to read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from chainrule.core.compile.identities import IDENTITIES, TAKING_APART, Identity
from chainrule.core.compile.tracing import Traced, arguments, in_order
from chainrule.core.ops.vocabulary import WORDS

# A constant beyond this many elements is compared by identity: looking through it would cost more than it saves.
LARGE = 4096


class Rewriter:
    """Makes calls, or finds that they are known: the same call twice, a call on constants, a call that is less work.

    One rewriter serves one program. ``rewrite`` takes traced results and gives what is to be computed instead: traced
    arrays, or plain ones where a result is constant. ``identities`` are those that pay for whoever runs it; with
    ``whole`` set, words that have a meaning in other words stay as they are. ``impure`` says that something in what it
    has rewritten might give something else, if it were computed once more.
    """

    def __init__(self, identities: Mapping[Any, Sequence[Identity]] = IDENTITIES, *, whole: bool = False) -> None:
        self._identities = identities
        self._whole = whole
        self.impure = False
        self._calls: dict[Any, Any] = {}
        self._constants: dict[int, Any] = {}
        self._done: dict[Traced, Any] = {}
        self._wanted: set[Traced] = set()  # what several calls take, as it is
        self._kept: list[Any] = []  # what ids were taken of has to stay alive

    @property
    def size(self) -> int:
        """About how many calls are left of what it has rewritten: what was made on the way is counted too."""
        return len(self._calls)

    def rewrite(self, results: Sequence[Any]) -> list[Any]:
        """``results`` rewritten, each in its shape and dtype; inputs stay the objects that they are."""
        order = in_order(results, self._done)
        takers = Counter(chain.from_iterable(map(arguments, order)))
        for current in order:
            new = self._done[current] = current if current.call is None else self._remade(current)
            if type(new) is Traced:
                self._done[new] = new
                if takers[current] > 1:
                    self._wanted.add(new)
        return [self._done[each] if isinstance(each, Traced) else each for each in results]

    def _remade(self, old: Traced) -> Any:
        word = WORDS[old.call]  # type: ignore[index]
        args = self._renewed(old.args)
        kwargs = dict(zip(old.kwargs, self._renewed(old.kwargs.values()), strict=True)) if old.kwargs else {}
        if word.impure:
            kwargs["order"] = _memory_order(old.args[0].value)
        if word.means is None or self._whole:
            made = self.call(old.call, args, kwargs, old.value)
        else:
            (made,) = self.rewrite([word.means(*args, **kwargs)])
        if old.name and isinstance(made, Traced) and not made.name:
            made.name = old.name
        if word.impure and isinstance(made, Traced):
            made.serial = old.serial  # random numbers are drawn in the order in which the tape draws them
        return made

    def _renewed(self, arguments: Iterable[Any]) -> tuple[Any, ...]:
        return tuple([self._done[each] if type(each) is Traced else self._inside(each) for each in arguments])

    def _inside(self, argument: Any) -> Any:
        if isinstance(argument, (tuple, list)) and any(isinstance(each, Traced) for each in argument):
            return type(argument)(self._renewed(argument))
        return argument

    def call(self, function: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], like: Any) -> Any:
        """The result of ``function(*args, **kwargs)``, of the shape and dtype of the array ``like``."""
        kinds = set(map(type, args))
        if np.ndarray in kinds and like.dtype.kind == "f" and isinstance(function, np.ufunc) and not function.signature:
            args = tuple([self._once(each) if type(each) is np.ndarray else each for each in args])
        if WORDS[function].impure:
            self.impure = True
            return Traced(like, "", function, args, kwargs)
        if Traced not in kinds and _constant(args, kwargs):
            return np.asarray(function(*args, **kwargs))
        named = [(name, _key(kwargs[name])) for name in sorted(kwargs)] if kwargs else ()
        key = (function, *[each if type(each) is Traced else _key(each) for each in args], *named)
        made = self._calls.get(key)
        if made is None:
            self._kept.append(args)
            made = self._calls[key] = self._simplest(function, args, kwargs, like)
        return made

    def _once(self, array: Any) -> Any:
        """``array``; one that holds one number over and over with that number stored once."""
        if id(array) not in self._constants:
            self._kept.append(array)
            self._constants[id(array)] = np.broadcast_to(array.flat[0], array.shape) if _uniform(array) else array
        return self._constants[id(array)]

    def _simplest(self, function: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], like: Any) -> Any:
        for identity in self._identities.get(function, ()):
            if identity in TAKING_APART and any(type(each) is Traced and each in self._wanted for each in args):
                continue  # the argument is made in any case, and its parts would be one call more
            simpler = identity(self.call, args, kwargs, like)
            if simpler is not None:
                return self._in_form(simpler, like)
        return Traced(like, "", function, args, kwargs)

    def _in_form(self, array: Any, like: Any) -> Any:
        """``array`` in the shape and dtype of ``like``, should an identity have lost them."""
        if not isinstance(array, Traced):
            array = np.asarray(array, like.dtype)
        if array.dtype != like.dtype:
            array = self.call(
                np.astype, (array, like.dtype), {}, np.broadcast_to(np.zeros((), like.dtype), array.shape)
            )
        if array.shape != like.shape:
            array = self.call(np.broadcast_to, (array, like.shape), {}, like)
        return array


def _memory_order(array: Any) -> tuple[int, ...]:
    """The axes of ``array``, the slowest in memory first: on the tape; a program has its arrays in reading order."""
    strides = np.empty_like(array).strides
    return tuple(sorted(range(array.ndim), key=lambda axis: -strides[axis]))


def _constant(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """Whether nothing traced stands in sequences either, nor in keywords."""
    for each in (*args, *kwargs.values()):
        if any(type(part) is Traced for part in (each if isinstance(each, (tuple, list)) else (each,))):
            return False
    return True


def _uniform(array: Any) -> bool:
    """Whether ``array`` holds one number over and over, to the last bit."""
    if array.size < 2 or array.dtype.kind != "f":
        return False
    first = array.flat[0]
    if not any(array.strides):
        return bool(first == first)
    alike = array.size <= LARGE**2 and np.all(array == first)
    return bool(alike and (first or not np.any(np.signbit(array))))


def _key(value: Any) -> Any:
    """What two arguments have in common when they are the same argument."""
    kind = type(value)
    if kind is Traced:
        return value
    if kind is float or kind is int or kind is bool:
        return kind, value, str(value)  # 0.0 and -0.0 are equal, and are not the same
    if isinstance(value, (tuple, list)):
        return type(value), tuple(map(_key, value))
    if isinstance(value, (np.ndarray, np.generic)):
        if value.size > LARGE:
            return "array", id(value)
        return "array", value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, slice):
        return "slice", value.start, value.stop, value.step
    try:
        hash(value)
    except TypeError:
        return "object", id(value)
    return kind, value
