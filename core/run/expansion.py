"""What a composite is made of: the operations that its own forward calls, in their order, as lines of text.

The forward is run on the values that a node has, with a rule book in its hand that writes down what is called. Nothing
here is about any one operation; what backward sends through each of them is read off its rule.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile import formula
from chainrule.core.document import operators
from chainrule.core.document.graph import Literal, Node, NodeId, Wire
from chainrule.core.document.sockets import filled_slots, operation_of, outputs
from chainrule.core.engine.calls import function
from chainrule.core.engine.modes import hearing, no_grad
from chainrule.core.engine.random import rehearsing
from chainrule.core.engine.tensor import Tensor, tensor_of
from chainrule.core.ops import registry
from chainrule.core.ops.rule import REQUIRED, Composite, Operation, Rule
from chainrule.core.run.session import Session

Array = NDArray[Any]

LETTERS = "abcdefhijklmnopqrstuvwxyz"  # without g, which is the upstream gradient

Lines = list["Line"]


@dataclass(frozen=True)
class Line:
    """``name = operation(...)``, and what backward sends on from there, as (input, formula in ``g``)."""

    text: str
    sends: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Step:
    """One operation that ran: with which arguments, and what it gave."""

    operation: Operation
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    result: Any

    @cached_property
    def bound(self) -> Mapping[str, Any]:
        """What was given, by name; nothing of an operation that took its tensors one by one."""
        try:
            return inspect.signature(function(self.operation)).bind(*self.args, **self.kwargs).arguments
        except TypeError:
            return {}


class Recorder:
    """The operations by name, as a composite calls them; what it calls is run, and kept in ``steps``."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        operation = registry.get(name)
        run = function(operation)

        def record(*args: Any, **kwargs: Any) -> Any:
            result = run(*args, **kwargs)
            self.steps.append(Step(operation, args, kwargs, result))
            return result

        return record


@dataclass(frozen=True)
class Names:
    """What the inputs are called, by socket (those of a list one by one), and the results, in their order."""

    inputs: Mapping[str, Any]
    results: tuple[str, ...]


def expansion(operation: Composite, inputs: Mapping[str, Any], params: Mapping[str, Any], names: Names) -> Lines:
    """What ``operation`` runs on ``inputs``: tensors, numbers, and lists of tensors, by socket.

    What the forward raises is raised; the generator of random numbers stays where it is.
    """
    recorder = Recorder()
    with hearing(), rehearsing():
        result = operation.forward(recorder, **inputs, **params)
    return list(_Written(recorder.steps, inputs, result, names).lines())


def node_expansion(session: Session, node: NodeId) -> Lines:
    """The expansion of the operation of ``node`` for the values that it has, in the names of the graph.

    Where something is missing, that of the operation's first sample; empty for a rule, and for what cannot be run.
    """
    record = session.graph.nodes[node]
    operation = operation_of(record.kind, record.name)
    if not isinstance(operation, Composite):
        return []
    names = tuple(_output_name(record.name, output) for output in outputs(record))
    state = session.state.nodes[node]
    try:
        if state.value is not None:
            inputs, called = _standing(session, record, operation)
            with nullcontext() if state.requires_grad else no_grad():
                return expansion(operation, inputs, record.params, Names(called, names))
        inputs, params = _sample(operation)
        return expansion(operation, inputs, params, Names(_by_socket(inputs), names))
    except Exception:  # a sample, or what only a session prepares, may be refused; then there is nothing to show
        return []


def _standing(session: Session, node: Node, operation: Composite) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands in the sockets that are filled, and what it is called."""
    inputs: dict[str, Any] = {}
    called: dict[str, Any] = {}
    for socket in operation.inputs:
        slots = [f"{socket.name}.{slot}" for slot in filled_slots(node, socket.name)] if socket.variadic else []
        if socket.variadic:
            filled = [_source(session, node.inputs[slot]) for slot in slots]
            inputs[socket.name], called[socket.name] = [value for value, _ in filled], [name for _, name in filled]
        elif socket.name in node.inputs:
            inputs[socket.name], called[socket.name] = _source(session, node.inputs[socket.name])
    return inputs, called


def _source(session: Session, source: Wire | Literal) -> tuple[Any, str]:
    if not isinstance(source, Wire):
        return source, ""
    state = session.state.nodes[source.source]
    tensor = _tensor(state.values[source.output], tracked=state.requires_grad)
    return tensor, _output_name(session.graph.nodes[source.source].name, source.output)


def _tensor(array: Array, *, tracked: bool) -> Tensor:
    """``array`` as a tensor that may be written to."""
    tensor = tensor_of(np.copy(array))
    return tensor.requires_grad_() if tracked and array.dtype.kind == "f" else tensor


def _output_name(node: str, output: str) -> str:
    return f"{node}[{output}]" if output.isdigit() else f"{node}.{output}" if output else node


def _sample(operation: Composite) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """The inputs and the parameters of the first sample."""
    sample = operation.samples[0]
    given = [None if each is None else _tensor(np.asarray(each), tracked=True) for each in sample.inputs]
    if operation.variadic:
        return {operation.tensors[0]: given}, sample.params
    filled = zip(operation.tensors, given, strict=False)
    return {name: each for name, each in filled if each is not None}, sample.params


def _by_socket(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs called as their sockets are."""
    return {
        name: [f"{name}[{place}]" for place in range(len(value))] if isinstance(value, list) else name
        for name, value in inputs.items()
    }


class _Written:
    """Steps written down: who made a tensor is what names it wherever it is used."""

    def __init__(self, steps: list[Step], fed: Mapping[str, Any], result: Any, names: Names) -> None:
        self._steps = steps
        self._names: dict[int, str] = {}
        for socket, value in fed.items():
            self._call(value, names.inputs[socket])
        results = result if isinstance(result, tuple) else (result,)
        self._results = list(zip(names.results, results, strict=True))
        self._last = {id(each): name for name, each in self._results if id(each) not in self._names}
        taken = {*self._names.values(), *names.results}
        self._free = (name for name in _letters() if name not in taken)

    def _call(self, value: Any, name: Any) -> None:
        if isinstance(value, (list, tuple)):
            for each, own in zip(value, name, strict=True):
                self._call(each, own)
        elif isinstance(value, Tensor):
            self._names.setdefault(id(value), name)

    def lines(self) -> Iterator[Line]:
        for step in self._steps:
            if isinstance(step.result, Tensor) and id(step.result) in self._names:
                continue  # what gives its input as it is does nothing that could be seen
            text = self._text(step)
            yield Line(f"{self._named(step.result)} = {text}", tuple(self._sends(step)))
        for name, each in self._results:
            if self._names.get(id(each), name) != name:
                yield Line(f"{name} = {self._names[id(each)]}")

    def _named(self, result: Any) -> str:
        """The name of a new result, or, with commas, of all of several."""
        if isinstance(result, (tuple, list)):
            return ", ".join(map(self._named, result))
        name = self._last.get(id(result)) or next(self._free)
        self._names[id(result)] = name
        return name

    def _text(self, step: Step) -> str:
        """The call as one reads it: with an operator where there is one, and without what goes without saying."""
        operation, bound = step.operation, step.bound
        if not bound:
            every = [*map(self._argument, step.args), *(f"{k}={self._argument(v)}" for k, v in step.kwargs.items())]
            return f"{operation.name}({', '.join(every)})"
        tensors = {socket.name: bound[socket.name] for socket in operation.inputs if bound.get(socket.name) is not None}
        defaults = {param.name: param.default for param in operation.params}
        settings = {k: v for k, v in bound.items() if k in defaults and not _same(v, defaults[k])}
        operands = [self._argument(each) for each in tensors.values()]
        if operators.INDEX in operation.operators:
            return f"{operands[0]}[{self._index(*settings.values())}]"
        if not settings and len(operands) == len(operation.inputs):
            infix = operators.written(operation, operands)
            if infix is not None:
                return infix
        return f"{operation.name}({', '.join(self._arguments(operation, tensors, settings))})"

    def _sends(self, step: Step) -> Iterator[tuple[str, str]]:
        """The formula of the rule for each input that backward sends something to."""
        rule = step.operation
        if not isinstance(rule, Rule) or rule.variadic or not isinstance(step.result, Tensor):
            return
        empty = inspect.signature(rule.forward).parameters
        given: list[Any] = [step.bound.get(socket.name) for socket in rule.inputs]
        given = [empty[s.name].default if each is None else each for s, each in zip(rule.inputs, given, strict=True)]
        tensors = [isinstance(each, Tensor) for each in given]
        arrays = [each._data if tensor else np.asarray(each) for each, tensor in zip(given, tensors, strict=True)]
        names = [self._argument(each) if tensor else "" for each, tensor in zip(given, tensors, strict=True)]
        params = {param.name: step.bound.get(param.name, param.default) for param in rule.params}
        result = self._names[id(step.result)], step.result._data
        for place, each in enumerate(given):
            if tensors[place] and each.requires_grad and rule.vjps[place] is not None:
                found = _formula(rule, place, arrays, params, names, result)
                if found:
                    yield names[place], found

    def _arguments(self, operation: Operation, tensors: Mapping[str, Any], settings: Mapping[str, Any]) -> list[str]:
        """Tensors by their places as long as none is left out, everything else by its name."""
        places = [socket.name for socket in operation.inputs]
        leading = {name for name, place in zip(tensors, places, strict=False) if name == place}
        texts = {name: self._argument(value) for name, value in {**tensors, **settings}.items()}
        return [text if name in leading else f"{name}={text}" for name, text in texts.items()]

    def _argument(self, value: Any) -> str:
        if isinstance(value, Tensor):
            return self._names.get(id(value), "\N{HORIZONTAL ELLIPSIS}")
        if isinstance(value, (tuple, list)):
            inside = ", ".join(map(self._argument, value))
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        return f"{value:.4g}" if isinstance(value, float) else str(value)

    def _index(self, at: Any) -> str:
        if isinstance(at, tuple):
            return ", ".join(map(self._index, at))
        if isinstance(at, slice):
            start, stop, step = ("" if each is None else str(each) for each in (at.start, at.stop, at.step))
            return f"{start}:{stop}" + (f":{step}" if step else "")
        return "..." if at is Ellipsis else self._argument(at)


def _formula(
    rule: Rule, place: int, arrays: list[Array], params: Mapping[str, Any], names: list[str], result: tuple[str, Array]
) -> str:
    """What backward sends to one input, in terms of ``g``; "" for what cannot be traced."""
    try:
        return formula.derivative(rule, place, arrays, params, names=names, result=result, contribution=True).line
    except Exception:  # a rule may want what only the engine prepares; then there is nothing to show
        return ""


def _same(value: Any, default: Any) -> bool:
    return default is not REQUIRED and type(value) is type(default) and bool(value == default)


def _letters() -> Iterator[str]:
    yield from LETTERS
    yield from (f"{letter}{number}" for number in count(2) for letter in LETTERS)
