"""How an operation is called, with types: read from its record, from the annotations of its forward, and by trying it.

What an operation returns is seen by running its first sample, plain and with the settings that may change it. Where
the signatures are written to is the business of `make_stubs.py`.
"""

from __future__ import annotations

import inspect
import itertools
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import FunctionType
from typing import Any, get_type_hints

import chainrule.core as torch
from chainrule.core.engine import calls
from chainrule.core.ops.rule import REQUIRED, Operation, Rule, Sample, Socket

# By the kind of a parameter (core/ops/rule.py).
KINDS = {
    "integer": "int",
    "integers": "int | Sequence[int]",
    "number": "float",
    "switch": "bool",
    "dtype": "dtype",
    "index": "int",
}
# What neither a record nor an annotation says, by parameter, or by operation and parameter.
WORDS = {
    "device": "str",
    "inplace": "bool",
    "ord": "float | str",
    "p": "float | str",
    "padding": "int | Sequence[int]",
    "output_padding": "int | Sequence[int]",
    "output_size": "int | Sequence[int | None]",
    "argmax.dim": "int",
    "argmin.dim": "int",
    "conv1d.padding": "int | Sequence[int] | str",
    "conv2d.padding": "int | Sequence[int] | str",
    "conv3d.padding": "int | Sequence[int] | str",
    "cross.dim": "int",
    "getitem.index": "int | slice | EllipsisType | Tensor | Sequence[Any] | None",
    "max.dim": "Tensor",
    "min.dim": "Tensor",
    "repeat_interleave.repeats": "int | Sequence[int] | Tensor",
    "tensordot.dims": "int | Sequence[Sequence[int]]",
    "to.device": "str | dtype",
    "to.dtype": "dtype | str | Tensor",
}


@dataclass(frozen=True)
class Argument:
    """One argument: ``default`` as it is written, empty where there is none; ``stars`` of a variadic one."""

    name: str
    type: str = ""
    default: str = ""
    keyword: bool = False
    stars: str = ""

    def __str__(self) -> str:
        typed = f"{self.stars}{self.name}: {self.type}" if self.type else self.name
        return f"{typed} = {self.default}" if self.default else typed


@dataclass(frozen=True)
class Signature:
    """One way to call an operation, and the type of what comes of it, which may be a named tuple with ``fields``."""

    arguments: tuple[Argument, ...]
    result: str = "Tensor"
    fields: tuple[str, ...] = ()

    def replaced(self, name: str, *by: Argument) -> Signature:
        """With other arguments in the place of the one called ``name``."""
        one_by_one = ([each] if each.name != name else by for each in self.arguments)
        return replace(self, arguments=tuple(itertools.chain.from_iterable(one_by_one)))


@cache
def signatures(operation: Operation) -> tuple[Signature, ...]:
    """Every way to call the function, the plainest first; several where the result depends on the arguments."""
    arguments = list(_arguments(operation))
    found: list[Signature] = []
    for settings, (result, fields) in _results(operation):
        narrowed = [_narrowed(each, settings[each.name]) if each.name in settings else each for each in arguments]
        found += _spread(operation, Signature(tuple(narrowed), result, fields))
    return tuple(found)


def bare(signature: Signature) -> Signature:
    """Without ``inplace``, which torch.nn.functional alone has."""
    return signature.replaced("inplace")


def hinted(function: FunctionType) -> Signature:
    """How an ordinary function with annotations is called."""
    hints = {name: _spoken(hint) for name, hint in get_type_hints(function).items()}
    stars: dict[Any, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    found = []
    for name, each in inspect.signature(function).parameters.items():
        default = "" if each.default is each.empty else repr(each.default)
        found.append(Argument(name, hints[name], default, each.kind is each.KEYWORD_ONLY, stars.get(each.kind, "")))
    return Signature(tuple(found), hints["return"])


@cache
def writes_over(operation: Operation) -> bool:
    """Whether the result of one of the samples can stand in its input's place."""
    single = all(each.result == "Tensor" for each in signatures(operation))
    return single and any(_writes_over(operation, sample) for sample in operation.samples)


def _writes_over(operation: Operation, sample: Sample) -> bool:
    names = [socket.name for socket in operation.inputs]
    inputs = dict(zip(names, map(_tensor, sample.inputs), strict=False))
    receiver = inputs.pop("input" if "input" in names else names[0])
    try:
        getattr(receiver, f"{operation.name}_")(**inputs, **sample.params)
    except (RuntimeError, TypeError):
        return False
    return True


def _tensor(value: Any) -> Any:
    return None if value is None else torch.tensor(value)


def _arguments(operation: Operation) -> Iterator[Argument]:
    sockets = {socket.name: socket for socket in operation.inputs}
    variadic = any(socket.variadic for socket in operation.inputs)
    for parameter in inspect.signature(calls.function(operation)).parameters.values():
        socket = sockets.get(parameter.name)
        argument = _setting(operation, parameter) if socket is None else _place(socket, parameter)
        yield replace(argument, keyword=parameter.kind is parameter.KEYWORD_ONLY and not variadic)


def _place(socket: Socket, parameter: inspect.Parameter) -> Argument:
    """The argument for a tensor; the number that stands in a rule for one left out is not torch's default."""
    if socket.variadic:
        return Argument(socket.name, "Sequence[Tensor]")
    kind = "Tensor | float" if socket.number else "Tensor"
    optional = socket.optional or parameter.default is None
    default = "" if parameter.default is REQUIRED else "None"
    return Argument(socket.name, f"{kind} | None" if optional else kind, default)


def _setting(operation: Operation, parameter: inspect.Parameter) -> Argument:
    kind = _param_type(operation, parameter)
    optional = parameter.default is None and "None" not in kind
    default = "" if parameter.default is REQUIRED else repr(parameter.default)
    return Argument(parameter.name, f"{kind} | None" if optional else kind, default)


def _param_type(operation: Operation, parameter: inspect.Parameter) -> str:
    name, record = parameter.name, {each.name: each for each in operation.params}.get(parameter.name)
    kind = record.kind if record else ""
    said = WORDS.get(f"{operation.name}.{name}") or _annotated(operation, name)
    if record and record.choices:
        return f"Literal[{', '.join(map(repr, record.choices))}]"
    if kind == "dtype" and not said.startswith("dtype"):
        return "dtype"
    if name == "dim" and not said and (parameter.default is REQUIRED or isinstance(parameter.default, int)):
        return "int"
    found = said or WORDS.get(name) or KINDS.get(kind, "")
    if not found:
        raise LookupError(f"what {operation.name} takes as {name} has no type: annotate its forward")
    tensor_too = isinstance(operation, Rule) and operation.tensor_form
    return f"Tensor | {found}" if tensor_too else found


def _annotated(operation: Operation, name: str) -> str:
    """The annotation in the forward, in the names of a stub; nothing where it says nothing."""
    hint = get_type_hints(operation.forward).get(name, Any)
    return "" if hint is Any else _spoken(hint)


def _spoken(hint: Any) -> str:
    """A type as a stub writes it, without its module."""
    return re.sub(r"\b\w[\w.]*\.", "", inspect.formatannotation(hint))


def _narrowed(argument: Argument, value: Any) -> Argument:
    """``argument`` of a call whose result depends on it."""
    if value is None:
        return replace(argument, type=argument.type if "Tensor" in argument.type else "None")
    if value is False:
        return replace(argument, type="Literal[False]")
    return replace(argument, type="Literal[True]" if value is True else "int", default="")


def _spread(operation: Operation, signature: Signature) -> Iterator[Signature]:
    """``signature``, and with sizes and tensors one by one, where torch takes them so."""
    (first, *_), names = operation.inputs, [each.name for each in signature.arguments]
    if operation.leading:
        spread = Argument(first.name, "Tensor | Sequence[Tensor]", stars="*")
        yield signature.replaced(first.name, spread)
        return
    yield signature
    if operation.ints and names[-1] == operation.ints:
        yield signature.replaced(operation.ints, Argument(operation.ints, "int", stars="*"))
    if first.variadic and not isinstance(operation, Rule):
        arguments = [replace(each, keyword=True) for each in signature.arguments]
        spread = Argument(first.name, "Tensor", stars="*")
        yield replace(signature, arguments=tuple(arguments)).replaced(first.name, spread)


def _results(operation: Operation) -> Iterator[tuple[dict[str, Any], tuple[str, tuple[str, ...]]]]:
    """What comes of it, by the settings that decide it: first by their defaults."""
    plain = _result(operation, {})
    deciding = {}
    for param in operation.params:
        other = 0 if param.name == "dim" and param.default is None else True if param.default is False else None
        if other is not None and _result(operation, {param.name: other}) != plain:
            deciding[param.name] = (param.default, other)
    for values in itertools.product(*deciding.values()):
        settings = dict(zip(deciding, values, strict=True))
        yield settings, _result(operation, settings)


def _result(operation: Operation, settings: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The type of what comes of the first sample with ``settings``, and its fields if it is a named tuple."""
    if not operation.samples:
        return "Tensor", ()
    params = {**operation.samples[0].params, **settings}
    result = _tried(operation, operation.samples[0].inputs, params)
    if not isinstance(result, tuple):
        return "Tensor", ()
    fields = getattr(result, "_fields", ())
    if fields:
        return "".join(field.capitalize() for field in fields), fields
    named = any(name.isidentifier() for name in operation.outputs(params))
    return f"tuple[{', '.join(['Tensor'] * len(result))}]" if named else "tuple[Tensor, ...]", ()


def _tried(operation: Operation, inputs: tuple[Any, ...], params: Mapping[str, Any]) -> Any:
    tensors = list(map(_tensor, inputs))
    names = [socket.name for socket in operation.inputs]
    leading = [params[name] for name in operation.leading]
    others = {name: value for name, value in params.items() if name not in operation.leading}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if operation.inputs[0].variadic:
            return calls.function(operation)(*leading, tensors, **others)
        return calls.function(operation)(**dict(zip(names, tensors, strict=False)), **others)
