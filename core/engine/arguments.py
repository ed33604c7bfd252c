"""Whether the arguments of a call are of the sort that torch takes, and PyTorch's words where they are not.

What an operation takes is read from the parameters in its record; what a constructor takes it says itself, with
``takes``. Which value belongs to which name is not decided here.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

import numpy as np

from chainrule.core.engine import dtypes
from chainrule.core.ops.checks import size_text
from chainrule.core.ops.rule import REQUIRED, Operation, Param

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])

# By the kind of a parameter: the types that are right without a second look.
_AT_ONCE: dict[str, frozenset[type]] = {
    "integer": frozenset({int}),
    "integers": frozenset({int}),
    "number": frozenset({int, float, bool}),
    "switch": frozenset({bool}),
}
_CALLED = {"integer": "int", "integers": "tuple of ints", "number": "Number", "switch": "bool", "tensor": "Tensor"}


class Expected:
    """What one operation expects of its settings; those of a kind that torch does not check either are left out."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation.name
        self._places = {name: place for place, name in enumerate(operation.arguments, 1)}
        self._kinds: dict[str, str] = {}
        self._at_once: dict[str, frozenset[type]] = {}
        for param in operation.params:
            hint = str(getattr(operation.forward, "__annotations__", {}).get(param.name, ""))
            kind = _kind(param, hint)
            if kind in _AT_ONCE:
                optional = param.default is None or "None" in hint or "Dim" in hint
                self._kinds[param.name] = kind
                self._at_once[param.name] = _AT_ONCE[kind] | ({type(None)} if optional else set())

    def __bool__(self) -> bool:
        return bool(self._kinds)

    def check(self, given: Iterable[tuple[str, Any]], positional: int) -> None:
        """TypeError for a setting among ``given`` that is of another kind; so many arguments were given by place."""
        for name, value in given:
            ready = self._at_once.get(name)
            if ready is not None and type(value) not in ready and (wrong := _fault(self._kinds[name], value)):
                place = self._places[name]
                where = f" (position {place})" if place <= positional else ""
                wanted = _CALLED[self._kinds[name]]
                raise TypeError(f"{self._operation}(): argument '{name}'{where} must be {wanted}, {wrong}")


def _kind(param: Param, hint: str) -> str:
    """The kind of ``param``, which is annotated with ``hint``: of dimensions, most operations take a single one."""
    if param.name != "dim":
        return param.kind
    if "bool" in hint or hint == "Any":  # other ways of calling, in which something else stands there
        return ""
    one = not hint and (param.default is REQUIRED or isinstance(param.default, int))
    return "integer" if hint.startswith("int") or one else "integers"


def misfit(kind: str, value: Any) -> str:
    """How PyTorch goes on after what an argument must be; "" where ``value`` is that."""
    return "" if type(value) in _AT_ONCE[kind] else _fault(kind, value)


def _fault(kind: str, value: Any) -> str:
    """How PyTorch goes on after what the setting must be; "" where it is that."""
    if kind == "integers" and isinstance(value, (tuple, list)):
        for place, each in enumerate(value):
            if not isinstance(each, (tuple, list)) and type(each) is not int and not _stands_for(each, "__index__"):
                return f"but found element of type {type(each).__name__} at pos {place}"
        return ""
    if kind == "switch" or not _stands_for(value, "__float__" if kind == "number" else "__index__"):
        return f"not {type(value).__name__}"
    return ""


def _stands_for(value: Any, conversion: str) -> bool:
    """Whether ``value`` is a number of some other make: NumPy's, or a tensor of one element."""
    return not isinstance(value, (bool, str)) and hasattr(type(value), conversion)


def of_a_method(message: str, function: str, method: str, place: int) -> str:
    """``message`` of a function as PyTorch has it for the ``method``: the tensor, which stood at ``place``, is not
    counted.
    """
    if not message.startswith(f"{function}()"):
        return message
    message = method + message.removeprefix(function)
    return re.sub(r"(?<=\(position )\d+(?=\))", lambda found: str(int(found[0]) - (int(found[0]) > place + 1)), message)


def takes(*, out: bool = False, **kinds: str) -> Callable[[AnyFunction], AnyFunction]:
    """A function whose arguments are of these ``kinds``, and of no other: "integer", "number", "tensor", "switch" or
    "dtype", as ``dtype`` and ``requires_grad`` always are. Numbers of another make reach it as Python's. Where PyTorch
    has ``out``, here it can only be None.
    """
    kinds = {"dtype": "dtype", "requires_grad": "switch", **kinds}

    def taking(function: AnyFunction) -> AnyFunction:
        names = [name for name, each in inspect.signature(function).parameters.items() if each.kind < each.KEYWORD_ONLY]
        by_place = names if any(name in kinds for name in names) else []

        @wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            called = function.__name__
            if out and kwargs.get("out", out) is None:
                del kwargs["out"]
            if by_place:
                placed = enumerate(zip(args, by_place, strict=False), 1)
                fitted = [known(called, name, each, at, kinds.get(name)) for at, (each, name) in placed]
                args = (*fitted, *args[len(by_place) :])
            return function(
                *args, **{name: known(called, name, each, 0, kinds.get(name)) for name, each in kwargs.items()}
            )

        return checked  # type: ignore[return-value]

    return taking


def known(function: str, name: str, value: Any, place: int, kind: str | None) -> Any:
    """``value`` as ``function`` takes it by ``name``, at ``place`` if not by name; TypeError where it cannot."""
    if kind is None or (value is None and kind == "dtype"):
        return value
    if kind == "dtype":
        return dtypes.requested(value, function)
    if kind == "tensor":
        wrong = "" if hasattr(value, "requires_grad") else f"not {type(value).__name__}"
    else:
        wrong = misfit(kind, value)
    if wrong:
        where = f" (position {place})" if place else ""
        raise TypeError(f"{function}(): argument '{name}'{where} must be {_CALLED[kind]}, {wrong}")
    return value.item() if kind != "tensor" and hasattr(value, "item") else value


def sizes_of(function: str, sizes: tuple[Any, ...], size: Any = None) -> tuple[int, ...]:
    """The shape that ``function`` is given as integers one by one, as one sequence of them, or by the name ``size``.

    TypeError in PyTorch's words for anything else, RuntimeError for negative sides.
    """
    if not sizes:
        if size is None:
            raise TypeError(f'{function}() missing 1 required positional arguments: "size"')
        return size_of(function, size)
    return size_of(function, sizes if len(sizes) > 1 or _is_side(sizes[0]) else sizes[0], 1)


def size_of(function: str, given: Any, position: int = 0) -> tuple[int, ...]:
    """The shape that ``function`` is given as one sequence, at ``position`` if not by name; raises as above."""
    where = f" (position {position})" if position else ""
    if not isinstance(given, (tuple, list)):
        raise TypeError(f"{function}(): argument 'size'{where} must be tuple of ints, not {type(given).__name__}")
    for place, side in enumerate(given):
        if not _is_side(side):
            raise TypeError(f"{function}(): argument 'size'{_wrong_side(where, place, type(side).__name__)}")
    shape = tuple([int(side) for side in given])
    if shape and min(shape) < 0:
        if function == "zeros":
            raise RuntimeError("zeros: Dimension size must be non-negative.")
        negative = next(side for side in shape if side < 0)
        raise RuntimeError(f"Trying to create tensor with negative dimension {negative}: {size_text(shape)}")
    return shape


def _is_side(value: Any) -> bool:
    return type(value) is int or isinstance(value, np.integer) or _stands_for(value, "__index__")


def _wrong_side(where: str, place: int, kind: str) -> str:
    if place:
        return f' failed to unpack the object at pos {place + 1} with error "type must be tuple of ints,but got {kind}"'
    return f"{where} must be tuple of ints, but found element of type {kind} at pos 0"
