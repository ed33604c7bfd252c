"""Tensors inside a vjp: each NumPy call of a rule becomes the operation that the vocabulary names for it.

So a pass under ``create_graph`` is tracked like anything else, and derivatives of derivatives need no rules of their
own. What is not tracked stays an array, and NumPy computes it. Tensors themselves do not advertise NumPy's protocols:
only what wraps them here does, and it is never seen outside a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from chainrule.core.compile.straight import straight
from chainrule.core.engine import sweep
from chainrule.core.engine.modes import modes
from chainrule.core.engine.sweep import Target
from chainrule.core.engine.tape import Accumulator, Node, fitted
from chainrule.core.engine.tensor import Tensor, tensor_of
from chainrule.core.ops import registry
from chainrule.core.ops.vocabulary import WORDS, index

Array = NDArray[Any]

# All operations by name; ``calls`` puts them here: this module comes before it.
operations: Any = None


class Lifted(NDArrayOperatorsMixin):
    """A tensor that NumPy's functions take for an array."""

    __slots__ = ("tensor",)

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor

    @property
    def array(self) -> Array:
        """The tensor's values."""
        return self.tensor._data

    @property
    def shape(self) -> tuple[int, ...]:
        return self.tensor._data.shape

    @property
    def ndim(self) -> int:
        return self.tensor._data.ndim

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.tensor._data.dtype

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *args: Any, **kwargs: Any) -> Any:
        if method != "__call__":
            raise TypeError(f"a derivative may not call {ufunc.__name__}.{method}")
        return _call(ufunc, args, kwargs)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        return _call(function, args, kwargs)

    def __getitem__(self, at: Any) -> Any:
        return _call(index, (self, at), {})

    def _refuse(self, *args: Any) -> NoReturn:
        raise TypeError("a derivative may not look at an array's values")

    __array__ = __bool__ = __float__ = __int__ = __index__ = __iter__ = __len__ = _refuse


def lifted(tensor: Tensor) -> Any:
    """``tensor`` as a vjp takes it: a plain array where it is not tracked."""
    return Lifted(tensor) if tensor._target is not None or type(tensor._data) is not np.ndarray else tensor._data


def _call(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Call ``function`` as the operation that its word names; on the values, where it has no derivative."""
    word = WORDS.get(function)
    if word is None:
        raise TypeError(f"a derivative may not call {getattr(function, '__name__', function)}: it is no word")
    if word.rule is None:
        plain = {name: _array(each) for name, each in kwargs.items()}
        return modes.quietly(function, *map(_array, args), **plain)
    tensors = [_tensor(each) for each in args]
    named = {name: _tensor(each) for name, each in kwargs.items()}
    if callable(word.rule):
        return lifted(word.rule(operations, *tensors, **named))
    return lifted(getattr(operations, word.rule)(*_filled(word.rule, tensors), **named))


def _array(argument: Any) -> Any:
    if isinstance(argument, Lifted):
        return argument.array
    if isinstance(argument, (tuple, list)):
        return type(argument)(map(_array, argument))
    return argument


def _tensor(argument: Any) -> Any:
    if isinstance(argument, Lifted):
        return argument.tensor
    if isinstance(argument, (tuple, list)):
        return type(argument)(map(_tensor, argument))
    return tensor_of(argument) if isinstance(argument, np.ndarray) else argument


def _filled(name: str, arguments: list[Any]) -> list[Any]:
    """``arguments`` with tensors for numbers in the sockets of the operation ``name`` that take none."""
    sockets = registry.get(name).inputs
    dtype = next(each._data.dtype for each in arguments if isinstance(each, Tensor))
    for place, socket in enumerate(sockets[: len(arguments)]):
        if not socket.number and isinstance(arguments[place], (bool, int, float, np.generic)):
            kept = getattr(arguments[place], "dtype", dtype)
            arguments[place] = tensor_of(np.asarray(arguments[place], kept))
    return arguments


def _fitting(node: Node, place: int, target: Target) -> Callable[..., Any]:
    """The vjp for the input at ``place``, made to fit it: what takes the upstream gradient and the node's values."""
    vjp: Any = node.plan.vjps[place]
    params, shape, dtype = node.plan.at(place, node.params), target.shape, target.dtype
    return lambda *arguments: fitted(vjp(*arguments, **params), shape, dtype)


def _depending(sent: Any, *saved: Any) -> Any:
    """``sent`` as a function of the first of ``saved`` that is tracked, on which it depends with a derivative of 0."""
    tracked = next((each for each in saved if isinstance(each, Lifted)), None)
    return sent if tracked is None else np.where(np.ones(tracked.shape, np.bool_), sent, tracked)


class _OnArrays:
    """Gradients travel as arrays: what a pass computes is not tracked."""

    tracked = False

    @staticmethod
    def values(node: Node) -> Sequence[Any]:
        return node.values or ()

    @staticmethod
    def contribution(node: Node, place: int, target: Target, upstream: Any, values: Sequence[Any]) -> Any:
        """By the vjp written out, where ``node`` is one of many alike."""
        ways = node.plan.ways
        if ways is None or type(upstream) is not np.ndarray:
            return modes.quietly(_fitting(node, place, target), upstream, *values)
        way = ways.get(place)
        if way is None:
            ways[place], gradient = modes.quietly(straight, _fitting(node, place, target), (upstream, *values))
        else:
            gradient = modes.quietly(way, upstream, *values)
        return gradient if type(gradient) is np.ndarray else np.asarray(gradient)

    @staticmethod
    def tensor(gradient: Any) -> Tensor:
        return tensor_of(gradient)

    @staticmethod
    def gradient(tensor: Any) -> Any:
        return tensor._data

    @staticmethod
    def accumulate(accumulator: Accumulator, gradient: Any) -> None:
        accumulator.add(gradient)


sweep.readings[False] = _OnArrays()


class _OnTensors:
    """Gradients travel lifted: what a pass computes can be differentiated again."""

    tracked = True

    @staticmethod
    def values(node: Node) -> Sequence[Any]:
        """What ``node`` saved, each with its place on the tape: a result leads to the node, an input to its target."""
        values = list(node.values or ())
        for place, version in zip(node.plan.kept, node.versions, strict=True):
            target = node if place == 0 else node.targets[place - 1]
            if target is not None:
                values[place] = Lifted(tensor_of(values[place], target, version))
        return values

    @staticmethod
    def contribution(node: Node, place: int, target: Target, upstream: Any, values: Sequence[Any]) -> Any:
        # Operations run in the quiet context themselves, and it cannot be entered twice.
        with np.errstate(all="ignore"):
            sent = _fitting(node, place, target)(upstream, *values)
            return _depending(sent, values[1 + place], values[0]) if node.plan.rule.piecewise_linear else sent

    @staticmethod
    def tensor(gradient: Any) -> Tensor:
        return gradient.tensor if isinstance(gradient, Lifted) else tensor_of(np.asarray(gradient))

    @staticmethod
    def gradient(tensor: Any) -> Any:
        return lifted(tensor)

    @classmethod
    def accumulate(cls, accumulator: Accumulator, gradient: Any) -> None:
        """Not in place: who holds the sum so far may have derived something from it."""
        contribution = cls.tensor(gradient)
        before: Any = accumulator.grad
        if before is None:
            fresh: Any = tensor_of(np.empty_like(contribution._data))
            accumulator.grad = fresh.copy_(contribution)
        else:
            accumulator.grad = before + contribution


sweep.readings[True] = _OnTensors()
