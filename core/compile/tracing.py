"""Arrays that write down the NumPy calls made on them: the way to see inside a rule without reading its source.

Calling a rule on ``Traced`` arrays gives its result together with the graph of calls that led there. What is done with
those calls (what they read, how they print) stands elsewhere.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from chainrule.core.ops.vocabulary import WORDS, index

Array = NDArray[Any]


class TracingError(TypeError):
    """A rule did something with an array that a trace cannot follow, such as asking for its truth value."""


_serials = itertools.count()


class Traced(NDArrayOperatorsMixin):
    """An array whose value came from ``call(*args, **kwargs)``, or, where ``call`` is None, the input called ``name``.

    ``args`` hold Traced arrays, nested in tuples or lists where the function takes sequences, and plain values.
    ``value`` is the array that the call gave when it was recorded. ``serial`` counts calls in the order they were made.
    In sets and dicts a Traced array is itself, and no other; ``==`` is a call like any.
    """

    __slots__ = ("args", "call", "kwargs", "name", "parts", "serial", "value")
    __array_priority__ = 2000
    __hash__ = object.__hash__

    def __init__(
        self,
        value: Array,
        name: str = "",
        call: Callable[..., Any] | None = None,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> None:
        self.value = value
        self.name = name
        self.call = call
        self.args = args
        self.kwargs = kwargs or {}
        self.serial = next(_serials)
        self.parts: tuple[Traced, ...] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    @property
    def ndim(self) -> int:
        return self.value.ndim

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.value.dtype

    @property
    def size(self) -> int:
        return self.value.size

    @property
    def strides(self) -> tuple[int, ...]:
        return self.value.strides

    @property
    def flags(self) -> Any:
        return self.value.flags

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *args: Any, **kwargs: Any) -> Traced:
        if method != "__call__":
            raise TracingError(f"a rule may not call {ufunc.__name__}.{method}")
        return _record(ufunc, args, kwargs)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Traced:
        return _record(function, args, kwargs)

    def __getitem__(self, at: Any) -> Traced:
        return _record(index, (self, at), {})

    def _refuse(self, *args: Any) -> NoReturn:
        raise TracingError("a rule may not look at an array's values: they are not known when it is traced")

    __array__ = __bool__ = __float__ = __int__ = __index__ = __iter__ = __len__ = _refuse


def _record(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Traced:
    if function not in WORDS:
        raise TracingError(
            f"a rule may not call {getattr(function, '__name__', function)}: it is not in the vocabulary"
        )
    plain = [each.value if isinstance(each, Traced) else _plain(each) for each in args]
    value = function(*plain, **{key: _plain(each) for key, each in kwargs.items()} if kwargs else kwargs)
    for each in args:
        if isinstance(each, Traced) and each.value is value:
            return each  # so NumPy says that there was nothing to do
    return Traced(np.asarray(value), "", function, tuple(args), kwargs)


def value_of(array: Any) -> Any:
    """The numbers in ``array`` at the time of tracing, for checks, which may look at them; anything else as it is."""
    return array.value if type(array) is Traced else array


def plain(call: Traced) -> bool:
    """Whether ``call`` is of a ufunc that goes element by element."""
    return isinstance(call.call, np.ufunc) and call.call.signature is None


def array_of(result: Any) -> Any:
    """``result`` as an array, traced or not: NumPy gives scalars where it could give arrays without dimensions."""
    return result if type(result) is Traced else np.asarray(result)


def _plain(argument: Any) -> Any:
    if isinstance(argument, Traced):
        return argument.value
    if isinstance(argument, (tuple, list)) and any(isinstance(each, Traced) for each in argument):
        return type(argument)(map(_plain, argument))
    return argument


def arguments(traced: Traced) -> tuple[Traced, ...]:
    """The Traced arrays that the call of ``traced`` took, those inside sequences too."""
    if traced.parts is None:
        found = _traced_in(traced.args)
        traced.parts = tuple(found + _traced_in(traced.kwargs.values()) if traced.kwargs else found)
    return traced.parts


def _traced_in(values: Iterable[Any]) -> list[Traced]:
    found = []
    for each in values:
        if isinstance(each, Traced):
            found.append(each)
        elif isinstance(each, (tuple, list)):
            found += _traced_in(each)
    return found


def in_order(results: Sequence[Any], known: Mapping[Traced, Any] = MappingProxyType({})) -> list[Traced]:
    """Every traced array that ``results`` depend on and that is not ``known``, each after what it is computed from."""
    order: list[Traced] = []
    seen: set[Traced] = set()
    opened: list[Traced] = []  # each after what is computed from it
    stack: list[Traced | None] = [each for each in reversed(results) if isinstance(each, Traced)]
    while stack:
        current = stack.pop()
        if current is None:  # all that the last one opened is computed from is in order
            order.append(opened.pop())
        elif current not in seen and current not in known:
            seen.add(current)
            opened.append(current)
            stack.append(None)
            stack += arguments(current)
    return order


def read_by(result: Any) -> set[str]:
    """The names of the inputs whose values (not only their shapes) ``result`` depends on."""
    names: set[str] = set()
    waiting = [result] if isinstance(result, Traced) else []
    seen: set[Traced] = set()
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        if current.call is None:
            names.add(current.name)
        elif not WORDS[current.call].shape_only:
            waiting.extend(arguments(current))
    return names


def stand_in(name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Traced:
    """A traced input of ``shape`` whose values do not matter: of floating point they are nan, which no solver calls
    singular, and integers are 0, which is a legal index.
    """
    return Traced(np.broadcast_to(np.full((), np.nan if dtype.kind == "f" else 0, dtype), shape), name)
