"""Calls as source: straight-line NumPy over buffers that are allocated once, readable and able to run on its own.

Which calls is decided before (``rewriting``), as are their order (``scheduling``) and where values are stored
(``memory``); running them is ``program``'s.
"""

from __future__ import annotations

import inspect
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.blocking import Walk
from chainrule.core.compile.elementwise import Elementwise, Operand, line, operands_of, ufuncs
from chainrule.core.compile.memory import (
    Buffer,
    Memory,
    Update,
    join_parts,
    last_reads,
    unwritten,
    write_in_place,
)
from chainrule.core.compile.scheduling import Batch, Item, Stretch, calls_of, schedule, written_down
from chainrule.core.compile.text import basic_index, dtype_text, index_text, literal
from chainrule.core.compile.tracing import Traced, TracingError
from chainrule.core.ops.vocabulary import WORDS, index, unindex

Array = NDArray[Any]

_WORD = re.compile(r"[^\W\d]\w*")
_RESERVED = {"np", "run", "loss", "losses", "epochs", "epoch", "slots", "rows", "step", "at"}


@dataclass
class Emitted:
    """A program in parts: ``setup`` allocates and makes views, ``body`` is one step, ``constants`` what it refers to.

    ``kept`` are the variables of what was to be kept.
    """

    setup: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    constants: dict[str, Array] = field(default_factory=dict)
    functions: dict[str, Any] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)


def emit(
    inputs: Mapping[str, Traced], results: Mapping[str, Any], updates: Sequence[Update], kept: Sequence[Any] = ()
) -> Emitted:
    """The source of one step, which writes ``results`` into the places of these names and makes ``updates``.

    ``inputs`` are the arrays that exist before, by the names that they have in the source. What is ``kept`` is computed
    too, and is there after the step. TracingError for what has no shape until it is computed.
    """
    read_late = [*results.values(), *kept]
    late = [*read_late, *(update.value for update in updates)]
    order = written_down(late)
    if any(call.call in (index, unindex) and _by_mask(call.args[1]) for call in order):
        raise TracingError("how many elements a mask picks depends on values, which are not known when it is traced")
    memory = Memory(inputs, order)
    items = schedule(order, memory, late)
    together = list(map(calls_of, items))
    write_in_place(memory, together, updates, read_late)
    last_reads(memory, together, late)
    writer = _Writer(inputs, memory)
    for time, item in enumerate(items):
        writer.write(item, time)
    for name, value in results.items():
        writer.result(name, value)
    variables = writer.keep(kept, updates)
    writer.updates(updates)
    return writer.finished(variables)


class _Writer:
    """Writes the lines, names what they name, and lets later values have the buffers that nobody reads any more."""

    def __init__(self, inputs: Mapping[str, Traced], memory: Memory) -> None:
        self._memory = memory
        self._setup: list[str] = []
        self._body: list[str] = []
        self._constants: dict[str, Array] = {}
        self._functions: dict[str, Any] = {}
        self._names: dict[int, str] = {id(each): name for name, each in inputs.items()}
        self._boxed: dict[Any, str] = {}
        self._expressions: dict[str, str] = {}
        self._taken: set[str] = {*_RESERVED, *inputs}
        self._counts: Counter[str] = Counter()
        self._free: dict[Any, list[str]] = {}  # the variables of such buffers, by shape and dtype
        self._ending: dict[int, list[Buffer]] = {}

    def finished(self, kept: list[str]) -> Emitted:
        """The parts; lines of the set-up whose variables nobody needs are left out."""
        setup = _used(self._setup, [*self._body, *kept])
        return Emitted(setup, self._body, self._constants, self._functions, kept)

    # Names

    def _fresh(self, wanted: str) -> str:
        stem = re.sub(r"\W", "_", wanted) or "v"
        name = stem if wanted and not keyword.iskeyword(stem) else f"{stem}1"
        joint = "_" if stem[-1].isdigit() else ""
        while name in self._taken:
            self._counts[stem] += 1
            name = f"{stem}{joint}{self._counts[stem]}"
        self._taken.add(name)
        return name

    def _name(self, value: Any) -> str:
        """``value`` as it stands in a line: a variable, or something written out."""
        if isinstance(value, Traced):
            return self._names.get(id(value)) or self._variable(value)
        if isinstance(value, (tuple, list)):
            return f"({', '.join(map(self._name, value))}{',' * (len(value) == 1)})"
        if isinstance(value, (np.ndarray, np.generic)):
            return self._constant(np.asarray(value))
        return literal(value)

    def _variable(self, value: Traced) -> str:
        """The variable of a value that has none yet: a buffer, a part of one, or a view, made before the loop."""
        unnamed = [value]  # a view of a view of ...
        while self._memory.place(unnamed[-1]).view and id(base := unnamed[-1].args[0]) not in self._names:
            unnamed.append(base)
        for each in reversed(unnamed):
            place = self._memory.place(each)
            if place.view:
                self._names[id(each)] = self._set_up(each.name, self._expression(each))
            elif place.part:
                whole = self._buffer(place.buffer, "together" if place.row >= 0 else "")
                self._names[id(each)] = self._set_up(each.name, f"{whole}{place.part}")
            else:
                self._names[id(each)] = self._buffer(place.buffer, each.name)
        return self._names[id(value)]

    def _set_up(self, wanted: str, expression: str) -> str:
        """A new variable that has ``expression`` before the loop."""
        name = self._fresh(wanted)
        self._setup.append(f"{name} = {expression}")
        return name

    def _buffer(self, buffer: Buffer, wanted: str) -> str:
        """The variable of ``buffer``: what is small and at hand is quicker than what is new."""
        if not buffer.name:
            free = self._free.get((buffer.shape, buffer.dtype))
            if free and not buffer.zeroed:
                buffer.name = free.pop()
            else:
                made = "zeros" if buffer.zeroed else "empty"
                text = f"np.{made}({literal(buffer.shape)}, {dtype_text(buffer.dtype)})"
                buffer.name = self._set_up(wanted, text)
            self._ending.setdefault(buffer.last, []).append(buffer)
        return buffer.name

    def _constant(self, array: Array) -> str:
        """A constant in a variable: an array is boxed once, since NumPy takes long to make one of a Python number."""
        key = (array.dtype.str, array.shape, array.tobytes()) if array.size <= 16 else id(array)
        if key not in self._boxed:
            self._boxed[key] = name = self._fresh("c")
            self._constants[name] = array
        return self._boxed[key]

    def _function(self, function: Any) -> str:
        name = str(function.__name__)
        if isinstance(function, np.ufunc) or function is np.dot:
            self._functions[name] = function
            return name
        if getattr(np, name, None) is function:
            return f"np.{name}"
        if getattr(np.linalg, name, None) is function:
            return f"np.linalg.{name}"
        self._functions[name] = function
        return name

    # Lines

    def write(self, item: Item, time: int) -> None:
        """Add the lines of ``item``, which is made at ``time``."""
        if isinstance(item, Stretch):
            self._walk(item, time)
        elif isinstance(item, Batch):
            self._body.append(self._at_once(item.calls))
        else:
            for call in calls_of(item):
                self._body += self._lines(call, self._name(call))
        self._release(self._ending.pop(time, ()))

    def _release(self, buffers: Iterable[Buffer]) -> None:
        for buffer in buffers:
            if not buffer.zeroed:
                self._free.setdefault((buffer.shape, buffer.dtype), []).append(buffer.name)

    def _lines(self, call: Traced, out: str) -> Sequence[str]:
        elementwise = ufuncs(call, self._memory)
        if elementwise is not None:
            lines = list(map(self._elementwise, elementwise))
            self._release([each.out.of for each in elementwise if isinstance(each.out.of, Buffer)])
            return lines
        if join_parts(call) is not None:
            return self._joined(call, out)
        if call.call is unindex and basic_index(call.args[1]):
            return self._scattered(call, out)
        if call.call is np.matmul:
            return [self._product(call, out)]
        template = WORDS[call.call].out  # type: ignore[index]
        if template:
            return [template.format(**self._arguments(call), out=out)]
        return [f"{out}[...] = {self._expression(call)}"]

    def _elementwise(self, call: Elementwise) -> str:
        operands = [self._operand(each, call.out.size) for each in call.operands]
        if call.spread:
            operands = [
                self._once(f"np.full({literal(call.out.of.shape)}, {name})") if each.number else name
                for each, name in zip(call.operands, operands, strict=True)
            ]
        return line(call.function, self._function(call.function), operands, self._operand(call.out))

    def _operand(self, operand: Operand, beside: int = 1) -> str:
        """The variable of an operand ``beside`` so many elements, or of a view as what it is seen as.

        A single element beside several has no dimensions: NumPy is quicker then, and blocks have others than the whole.
        """
        name = self._buffer(operand.of, "mask") if isinstance(operand.of, Buffer) else self._name(operand.of)
        if operand.seen is None and (beside == 1 or not operand.of.shape or operand.size > 1):
            return name
        seen = [f".view({dtype_text(operand.seen)})"] if operand.seen else []
        seen += [".reshape(())"] if operand.size == 1 < beside else []
        return self._once(name + "".join(seen))

    def _once(self, expression: str) -> str:
        """The variable that has ``expression`` before the loop; the same for the same."""
        if expression not in self._expressions:
            self._expressions[expression] = self._set_up("", expression)
        return self._expressions[expression]

    def _walk(self, stretch: Stretch, time: int) -> None:
        """The calls of ``stretch`` block by block; what is read later, or was there before, is stored whole."""
        calls = [each for call in stretch.calls for each in ufuncs(call, self._memory) or ()]

        def inner(operand: Operand) -> Buffer | None:
            if isinstance(operand.of, Buffer):
                return operand.of
            if not isinstance(operand.of, Traced):
                return None
            place = self._memory.place(operand.of)
            mine = place.buffer.last == time and not place.buffer.name and not place.part
            return place.buffer if mine and place.array.size == stretch.size else None

        def name(each: Any) -> str:
            return self._operand(each, stretch.size) if isinstance(each, Operand) else self._function(each)

        made = Walk(calls, stretch.size, inner, name, self._fresh)
        self._setup += made.setup
        self._body += made.body

    def _at_once(self, calls: Sequence[Traced]) -> str:
        """The one call that makes all of ``calls``, on the stacks of their operands."""
        function: Any = calls[0].call
        columns = [*zip(*map(operands_of, calls), strict=True), calls]
        *operands, out = map(self._rows, columns)
        return line(function, self._function(function), operands, out)

    def _rows(self, values: Sequence[Any]) -> str:
        """``values`` as one array: the rows that they are, or the one value that they all are."""
        first = self._memory.place(values[0]) if isinstance(values[0], Traced) else None
        if first is None or first.row < 0:
            return self._name(values[0])
        whole = self._buffer(first.buffer, "together")
        if len(values) == first.buffer.shape[0]:
            return whole
        return self._once(f"{whole}[{first.row}:{first.row + len(values)}]")

    def _product(self, call: Traced, out: str) -> str:
        left, right, whole = map(self._memory.array, (*call.args, call))
        plain = max(left.ndim, right.ndim) <= 2 and left.dtype == right.dtype == call.dtype
        function = np.dot if plain and whole.flags.c_contiguous else np.matmul
        return f"{self._function(function)}({self._name(call.args[0])}, {self._name(call.args[1])}, {out})"

    def _joined(self, call: Traced, out: str) -> list[str]:
        """Copy what was not computed in its place."""
        whole, lines = self._memory.array(call), []
        for part, at in join_parts(call) or ():
            if not isinstance(part, Traced) or not _same_memory(self._memory.array(part), whole[at]):
                lines.append(f"{self._set_up('', f'{out}[{index_text(at)}]')}[...] = {self._name(part)}")
        return lines

    def _scattered(self, call: Traced, out: str) -> list[str]:
        """The adjoint of indexing that meets no element twice is one assignment; what it leaves out stays 0."""
        g, at = call.args[0], call.args[1]
        at = at if isinstance(at, tuple) else (at,)
        dots = () if any(each is Ellipsis for each in at) else (Ellipsis,)
        return [f"{self._set_up('', f'{out}[{index_text((*at, *dots))}]')}[...] = {self._name(g)}"]

    def _expression(self, call: Traced) -> str:
        if call.call is index:
            return f"{self._name(call.args[0])}[{index_text(call.args[1], self._name)}]"
        given = [self._name(each) for each in call.args]
        given += [f"{name}={self._name(each)}" for name, each in call.kwargs.items() if each is not np._NoValue]
        return f"{self._function(call.call)}({', '.join(given)})"

    def _arguments(self, call: Traced) -> dict[str, str]:
        """The arguments by the names that the function gives them, defaults filled in."""
        bound = inspect.signature(call.call).bind(*call.args, **call.kwargs)  # type: ignore[arg-type]
        bound.apply_defaults()
        blank = {"keepdims": False, "axis": None}
        return {
            name: self._name(blank.get(name) if value is np._NoValue else value)
            for name, value in bound.arguments.items()
            if name != "out"
        }

    # The end of a step

    def result(self, name: str, value: Any) -> None:
        """Leave ``value`` in the slot ``name``."""
        self._body.append(f"{name}[()] = {self._boxed_as(value, np.dtype(float))}")

    def keep(self, values: Sequence[Any], updates: Sequence[Update]) -> list[str]:
        """The variables of ``values``; what ``updates`` will overwrite is copied before."""
        overwritten = {self._memory.place(update.target).buffer for update, _ in unwritten(self._memory, updates)}
        names = [self._boxed_as(value, np.dtype(float)) for value in values]
        for at, value in enumerate(values):
            if isinstance(value, Traced) and self._memory.place(value).buffer in overwritten:
                copy = self._set_up("", f"np.empty_like({names[at]})")
                self._body.append(f"{copy}[...] = {names[at]}")
                names[at] = copy
        return names

    def updates(self, updates: Sequence[Update]) -> None:
        """Write the values that are not in their places yet; what another update would overwrite is copied before."""
        lines = []
        for update, copy in unwritten(self._memory, updates):
            value = self._boxed_as(update.value, update.target.dtype)
            if copy:
                self._body.append(f"{(name := self._fresh(''))} = {value}.copy()")
                value = name
            at = "()" if update.target.size == 1 else "..."
            lines.append(f"{self._name(update.target)}[{at}] = {value}")
        self._body += lines

    def _boxed_as(self, value: Any, dtype: np.dtype[Any]) -> str:
        """``value``, a number as a constant of ``dtype``."""
        number = isinstance(value, (bool, int, float))
        return self._name(np.asarray(value, np.result_type(dtype, value)) if number else value)


def _used(setup: Sequence[str], body: Sequence[str]) -> list[str]:
    """The lines of ``setup`` whose variables occur further down."""
    words = set(_WORD.findall("\n".join(body)))
    used: list[str] = []
    for each in reversed(setup):
        name, text = each.split(" = ", 1)
        if name in words:
            used.append(each)
            words.update(_WORD.findall(text))
    return used[::-1]


def _by_mask(at: Any) -> bool:
    return any(type(each) is Traced and each.dtype == np.bool_ for each in (at if isinstance(at, tuple) else (at,)))


def _same_memory(a: Array, b: Array) -> bool:
    return a.size == b.size and a.__array_interface__["data"] == b.__array_interface__["data"]
