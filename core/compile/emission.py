"""Calls as source: straight-line NumPy over buffers that are allocated once, readable and able to run on its own.

Which calls is decided before (``rewriting``), as are their order (``scheduling``) and where values are stored
(``memory``); running them is ``program``'s.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.blocking import Walk
from chainrule.core.compile.elementwise import Elementwise, Operand, line, number, operands_of, ufuncs
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
from chainrule.core.compile.text import basic_index, index_text, literal
from chainrule.core.compile.tracing import Traced, TracingError
from chainrule.core.compile.variables import Variables
from chainrule.core.ops.vocabulary import WORDS, index, unindex

Array = NDArray[Any]

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass
class Emitted:
    """A program in parts: ``setup`` allocates and makes views, ``body`` is one step, ``constants`` what it refers to.

    A step is ``calls``, which need nothing but what is there before it, and the ``end``, which leaves the results.
    ``kept`` are the variables of what was to be kept.
    """

    setup: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    end: list[str] = field(default_factory=list)
    constants: dict[str, Array] = field(default_factory=dict)
    functions: dict[str, Any] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)

    @property
    def body(self) -> list[str]:
        return [*self.calls, *self.end]


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
    last_reads(memory, together, late)
    write_in_place(memory, together, updates)
    variables = Variables(inputs, memory)
    writer = _Writer(variables, memory)
    for time, item in enumerate(items):
        writer.write(item, time)
    for name, value in results.items():
        writer.result(name, value)
    looked_at = writer.keep(kept, updates)
    writer.update(updates)
    setup = _used(variables.setup, [*writer.calls, *writer.end, *looked_at])
    return Emitted(setup, writer.calls, writer.end, variables.constants, variables.functions, looked_at)


class _Writer:
    """Writes the lines of a step."""

    def __init__(self, variables: Variables, memory: Memory) -> None:
        self.calls: list[str] = []
        self.end: list[str] = []
        self._variables = variables
        self._memory = memory

    def write(self, item: Item, time: int) -> None:
        """Add the lines of ``item``, which is made at ``time``."""
        if isinstance(item, Stretch):
            self._blocks(item, time)
        elif isinstance(item, Batch):
            self.calls.append(self._at_once(item.calls))
        else:
            self.calls += self._lines(item, self._variables.name(item))
        self._variables.past(time)

    def _lines(self, call: Traced, out: str) -> Sequence[str]:
        elementwise = ufuncs(call, self._memory)
        if elementwise is not None:
            lines = list(map(self._elementwise, elementwise))
            self._variables.release([each.out for each in elementwise if isinstance(each.out, Buffer)])
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
        return [f"{out}[...] = {self._variables.expression(call)}"]

    def _elementwise(self, call: Elementwise) -> str:
        variables, size = self._variables, call.out.size
        operands = [variables.operand(each, size, call.seen) for each in call.operands]
        if call.spread:
            pairs, whole = zip(call.operands, operands, strict=True), literal(call.out.shape)
            operands = [variables.once(f"np.full({whole}, {name})") if number(each) else name for each, name in pairs]
        out = variables.operand(call.out, seen=call.seen)
        return line(call.function, variables.function(call.function), operands, out)

    def _blocks(self, stretch: Stretch, time: int) -> None:
        """The calls of ``stretch`` block by block; what is read later, or was there before, is stored whole."""
        calls = [each for call in stretch.calls for each in ufuncs(call, self._memory) or ()]

        def inner(operand: Operand) -> Buffer | None:
            if isinstance(operand, Buffer):
                return operand
            if not isinstance(operand, Traced):
                return None
            place = self._memory.place(operand)
            mine = place.buffer.last == time and not place.buffer.name and not place.part
            return place.buffer if mine and place.array.size == stretch.size else None

        made = Walk(calls, stretch.size, inner, self._variables)
        self._variables.setup += made.setup
        self.calls += made.body

    def _at_once(self, calls: Sequence[Traced]) -> str:
        """The one call that makes all of ``calls``, on the stacks of their operands."""
        function: Any = calls[0].call
        *operands, out = map(self._variables.rows, [*zip(*map(operands_of, calls), strict=True), calls])
        return line(function, self._variables.function(function), operands, out)

    def _product(self, call: Traced, out: str) -> str:
        left, right, whole = map(self._memory.array, (*call.args, call))
        small = max(left.ndim, right.ndim) <= 2 and left.dtype == right.dtype == call.dtype
        function = self._variables.function(np.dot if small and whole.flags.c_contiguous else np.matmul)
        return f"{function}({self._variables.name(call.args[0])}, {self._variables.name(call.args[1])}, {out})"

    def _joined(self, call: Traced, out: str) -> list[str]:
        """Copy what was not computed in its place."""
        whole, lines = self._memory.array(call), []
        for part, at in join_parts(call) or ():
            if not isinstance(part, Traced) or not _same_memory(self._memory.array(part), whole[at]):
                place = self._variables.set_up("", f"{out}[{index_text(at)}]")
                lines.append(f"{place}[...] = {self._variables.name(part)}")
        return lines

    def _scattered(self, call: Traced, out: str) -> list[str]:
        """The adjoint of indexing that meets no element twice is one assignment; what it leaves out stays 0."""
        g, at = call.args[0], call.args[1]
        at = at if isinstance(at, tuple) else (at,)
        dots = () if any(each is Ellipsis for each in at) else (Ellipsis,)
        place = self._variables.set_up("", f"{out}[{index_text((*at, *dots))}]")
        return [f"{place}[...] = {self._variables.name(g)}"]

    def _arguments(self, call: Traced) -> dict[str, str]:
        """The arguments by the names that the function gives them, defaults filled in."""
        bound = inspect.signature(call.call).bind(*call.args, **call.kwargs)  # type: ignore[arg-type]
        bound.apply_defaults()
        blank = {"keepdims": False}
        return {
            name: self._variables.name(blank.get(name) if value is np._NoValue else value)
            for name, value in bound.arguments.items()
            if name != "out"
        }

    # The end of a step

    def result(self, name: str, value: Any) -> None:
        """Leave ``value`` in the slot ``name``."""
        self.end.append(f"{name}[()] = {self._variables.boxed(value, np.dtype(float))}")

    def keep(self, values: Sequence[Any], updates: Sequence[Update]) -> list[str]:
        """The variables of ``values``; what ``updates`` will overwrite is copied before."""
        overwritten = {self._memory.place(update.target).buffer for update, _ in unwritten(self._memory, updates)}
        names = [self._variables.boxed(value, np.dtype(float)) for value in values]
        for at, value in enumerate(values):
            if isinstance(value, Traced) and self._memory.place(value).buffer in overwritten:
                copy = self._variables.set_up("", f"np.empty_like({names[at]})")
                self.end.append(f"{copy}[...] = {names[at]}")
                names[at] = copy
        return names

    def update(self, updates: Sequence[Update]) -> None:
        """Write the values that are not in their places yet; what another update would overwrite is copied before."""
        lines = []
        for update, copy in unwritten(self._memory, updates):
            value = self._variables.boxed(update.value, update.target.dtype)
            if copy:
                self.end.append(f"{(name := self._variables.fresh(''))} = {value}.copy()")
                value = name
            at = "()" if update.target.size == 1 else "..."
            lines.append(f"{self._variables.name(update.target)}[{at}] = {value}")
        self.end += lines


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
