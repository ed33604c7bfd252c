"""Torch's overloads of a function: which of them the arguments of a call fit, and PyTorch's words where none does.

An overload is the text by which PyTorch shows it, such as ``Tensor input, int dim, bool keepdim = False``. What is run
does not depend on it; how arguments are bound to names is in ``binding``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, TypeVar

import numpy as np

from chainrule.core.engine import dtypes
from chainrule.core.engine.arguments import misfit
from chainrule.core.engine.binding import by_torchs_names, missing_text
from chainrule.core.engine.errors import kind_of
from chainrule.core.engine.random import Generator
from chainrule.core.engine.size import Size
from chainrule.core.ops.rule import Operation

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])

_KINDS = {"int": "integer", "tuple of ints": "integers", "bool": "switch", "Number": "number", "float": "number"}
_OUT = re.compile(r"(^\*|, \*)?, (tuple of Tensors|Tensor) out = None$")


@dataclass(frozen=True)
class _Taken:
    """One argument of an overload."""

    kind: str
    name: str
    default: str  # as PyTorch shows it, "" where there is none
    by_place: bool

    @property
    def required(self) -> bool:
        return not self.default

    def fault(self, value: Any) -> str:
        """What PyTorch says ``value`` is not; "" where it fits."""
        if value is None and (self.default == "None" or self.kind == "tuple of ints"):
            return ""
        tensor = hasattr(value, "requires_grad")
        if isinstance(value, np.ndarray):
            return f"not {kind_of(value)}"
        kind = _KINDS.get(self.kind, "")
        if kind and not (tensor and (value.numel() != 1 or (kind != "number" and value.is_floating_point()))):
            return misfit(kind, value)
        if self.kind == "torch.device" and isinstance(value, str):
            check_device(value)
            return ""
        if self.kind == "torch.dtype":
            fits = isinstance(value, dtypes.dtype) or value in (float, int, bool)
        elif self.kind == "torch.Generator":
            fits = isinstance(value, Generator)
        else:
            fits = tensor and self.kind == "Tensor"
        return "" if fits else f"not {kind_of(value)}"


_DEVICES = (
    "cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, lazy, vulkan, mps, meta, hpu, mtia, "
    "privateuseone"
)


def check_device(text: str) -> None:
    """RuntimeError unless ``text`` is a device's name, with its number or without."""
    if not text:
        raise RuntimeError("Device string must not be empty")
    read = re.fullmatch(r"([A-Za-z_]+)(:(0|[1-9]\d*))?", text)
    if read is None:
        raise RuntimeError(f"Invalid device string: '{text}'")
    if read[1] not in _DEVICES.split(", "):
        raise RuntimeError(f"Expected one of {_DEVICES} device type at start of device string: {read[1]}")


@cache
def _read(text: str) -> tuple[_Taken, ...]:
    """The arguments of the overload ``text``."""
    taken, by_place = [], True
    for part in text.split(", ") if text else []:
        if part == "*":
            by_place = False
            continue
        declared, _, default = part.partition(" = ")
        kind, _, name = declared.rpartition(" ")
        taken.append(_Taken(kind, name, default, by_place))
    return tuple(taken)


def check(operation: Operation, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], *, method: bool) -> None:
    """TypeError unless ``args`` and ``kwargs`` fit an overload of ``operation``, which was called by ``name``; a
    ``method`` is given itself first.
    """
    texts = operation.overloads
    if method:
        texts, args = tuple(map(_of_the_method, texts)), args[1:]
    named = by_torchs_names(operation, kwargs)
    named |= {given: value for given, value in kwargs.items() if given == "out"}
    _fit(name, texts, args, kwargs, named)


def fitting(*overloads: str, method: bool = False) -> Callable[[AnyFunction], AnyFunction]:
    """A function, or a ``method``, whose arguments fit one of the ``overloads``: TypeError where they do not."""

    def taking(function: AnyFunction) -> AnyFunction:
        @wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            _fit(function.__name__, overloads, args[method:], kwargs, kwargs)
            return function(*args, **kwargs)

        return checked  # type: ignore[return-value]

    return taking


def _fit(
    name: str, texts: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any], named: Mapping[str, Any]
) -> None:
    """TypeError unless ``args`` and ``named``, which were given as ``kwargs``, fit one of the overloads ``texts``."""
    overloads = [_read(text) for text in texts]
    if any(_misfit(name, taken, args, named) is None for taken in overloads):
        return
    count = len(args) + len(kwargs)
    plausible = [taken for taken in overloads if sum(each.required for each in taken) <= count <= len(taken)]
    meant = overloads if len(overloads) == 1 else plausible
    told = _misfit(name, meant[0], args, named) if len(meant) == 1 else None
    raise TypeError(told or no_overload(name, texts, args, kwargs))


def _misfit(name: str, taken: Sequence[_Taken], args: Sequence[Any], kwargs: Mapping[str, Any]) -> str | None:
    """What PyTorch says where a call means the overload ``taken`` and does not fit it; None where it does."""
    places = [each for each in taken if each.by_place]
    if len(args) > len(places):
        return too_many(name, sum(each.required for each in taken), len(places), len(args))
    for place, each in enumerate(taken, 1):
        if place <= len(args):
            value, where = args[place - 1], f" (position {place})"
        elif each.name in kwargs:
            value, where = kwargs[each.name], ""
        elif each.required:
            return missing_text(name, [one.name for one in taken[place - 1 :] if one.required])
        else:
            continue
        if wrong := each.fault(value):
            return f"{name}(): argument '{each.name}'{where} must be {each.kind}, {wrong}"
    for given in kwargs:
        if given in [each.name for each in places[: len(args)]]:
            return f"{name}() got multiple values for argument '{given}'"
        if given not in [each.name for each in taken]:
            return f"{name}() got an unexpected keyword argument '{given}'"
    return None


def too_many(name: str, least: int, most: int, given: int) -> str:
    """The message for more arguments by place than there are places."""
    range_text = f"{most}" if least == most else f"from {least} to {most}"
    counted = f"{range_text} positional argument{'s' * (range_text != '1')}"
    return f"{name}() takes {counted} but {given} {'was' if given == 1 else 'were'} given"


def _of_the_method(text: str) -> str:
    """The overload as the method has it: without the tensor itself, and without ``out``."""
    return _OUT.sub("", text.removeprefix("Tensor input").removeprefix(", "))


def no_overload(name: str, overloads: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """The message for arguments that fit none of the ``overloads`` of a function called ``name``."""
    kwargs = dict(list(kwargs.items())[::-1])  # the order in which PyTorch's hash table mostly has them
    given = [*map(_kind, args), *(f"{each}={_kind(value)}" for each, value in kwargs.items())]
    got = ", ".join(given) + ", " * (not args and bool(kwargs))
    lines = [f"{name}() received an invalid combination of arguments - got ({got}), but expected one of:"]
    for text in overloads:
        lines.append(f" * ({text})")
        if len(text.split(", ")) == len(args) + len(kwargs):
            lines.append(f"      didn't match because some of the {_mismatch(text, args, kwargs)}")
    return "\n".join(lines) + "\n"


def _mismatch(text: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """Why the overload ``text``, which has as many arguments, is not the one."""
    named = [each.rpartition(" ") for each in text.split(", ")]  # PyTorch does not see names that have defaults
    unknown = [each for each in kwargs if each not in [name for _, _, name in named[len(args) :]]]
    if unknown:
        return f"keywords were incorrect: {', '.join(unknown)}"
    by_name = {name: kind for kind, _, name in named}
    given = [(named[place][0], "", _listed(value)) for place, value in enumerate(args)]
    given += [(by_name[each], f"{each}=", _listed(value)) for each, value in kwargs.items()]
    marked = [f"{name}{kind}" if kind == wanted else f"!{name}{kind}!" for wanted, name, kind in given]
    return f"arguments have invalid types: ({', '.join(marked)}{', ' * (not args and bool(kwargs))})"


def _kind(value: Any) -> str:
    return f"torch.{type(value).__name__}" if isinstance(value, (dtypes.dtype, Size)) else kind_of(value)


def _listed(value: Any) -> str:
    """The type of ``value``, with those of its elements."""
    if not isinstance(value, (list, tuple)) or not value:
        return _kind(value)
    inner = ", ".join(map(_kind, value))
    return f"list of [{inner}]" if isinstance(value, list) else f"{_kind(value)} of ({inner}{',' * (len(value) == 1)})"
