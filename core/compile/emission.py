"""Calls as source: straight-line NumPy over buffers that are allocated once, readable and able to run on its own.

Which calls is decided before (``rewriting``); running them is ``program``'s. A value is stored in a buffer of its own,
is a view of another value's buffer (made once, before the loop), is a constant, or is an input.
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

from chainrule.core.compile.blocking import WORD, WORTH, Elementwise, Line, Memory, blocked
from chainrule.core.compile.text import basic_index, dtype_text, index_text, literal
from chainrule.core.compile.tracing import Traced, TracingError, arguments, value_of
from chainrule.core.ops.vocabulary import WORDS, index, unindex

Array = NDArray[Any]


@dataclass(frozen=True)
class Update:
    """At the end of a step the input ``target`` takes the value ``value``."""

    target: Traced
    value: Any


@dataclass
class Emitted:
    """A program in parts: ``setup`` allocates and makes views, ``body`` is one step, ``constants`` what it refers to.

    ``names`` says what each value is called.
    """

    setup: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    constants: dict[str, Array] = field(default_factory=dict)
    functions: dict[str, Any] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


def emit(
    inputs: Mapping[str, Traced], results: Mapping[str, Any], updates: Sequence[Update], kept: Iterable[Any] = ()
) -> Emitted:
    """The source of one step, which writes ``results`` into the places of these names and makes ``updates``.

    ``inputs`` are the arrays that exist before, by the names that they have in the source. What is ``kept`` is computed
    too, and found by its name in ``Emitted.names``.
    """
    emitter, kept = _Emitter(inputs), list(kept)
    wanted = [*results.values(), *(update.value for update in updates), *kept]
    order = in_order(wanted)
    if any(call.call in (index, unindex) and _by_mask(call.args[1]) for call in order):
        raise TracingError("how many elements a mask picks depends on values, which are not known when it is traced")
    emitter.place_joins(order)
    emitter.place_updates(order, updates, [*results.values(), *kept])
    until = emitter.last_reads(order, [*results.values(), *kept, *(update.value for update in updates)])
    for place, each in enumerate(order):
        emitter.emit(each)
        emitter.release(until.get(place, ()))
    for name, value in results.items():
        emitter.result(name, value)
    emitter.updates(updates)
    emitter.finish([emitter.out.names[id(each)] for each in kept if isinstance(each, Traced)])
    return emitter.out


def _used(setup: Sequence[str], body: Sequence[str]) -> list[str]:
    """The lines of ``setup`` whose variables occur further down."""
    words = set(WORD.findall("\n".join(body)))
    used: list[str] = []
    for line in reversed(setup):
        name, text = line.split(" = ", 1)
        if name in words:
            used.append(line)
            words.update(WORD.findall(text))
    return used[::-1]


def in_order(results: Iterable[Any]) -> list[Traced]:
    """Everything that is computed for ``results``, in the order in which it was first written down."""
    found: dict[int, Traced] = {}
    stack = [each for each in results if isinstance(each, Traced)]
    while stack:
        current = stack.pop()
        if id(current) not in found and current.call is not None:
            found[id(current)] = current
            stack.extend(arguments(current))
    return _topological(list(found.values()))


def _topological(calls: list[Traced]) -> list[Traced]:
    """By serial number where that is an order; rewriting makes some arguments after what they are arguments of."""
    order: list[Traced] = []
    seen: set[int] = set()
    for call in sorted(calls, key=lambda each: each.serial):
        stack = [(call, False)]
        while stack:
            current, ready = stack.pop()
            if ready:
                order.append(current)
            elif id(current) not in seen and current.call is not None:
                seen.add(id(current))
                stack.append((current, True))
                for each in arguments(current):
                    if id(each) not in seen:
                        stack.append((each, False))
    return order


class _Emitter:
    """Writes the lines; ``shadow`` has, for each value, an array laid out as the one that the program will have."""

    def __init__(self, inputs: Mapping[str, Traced]) -> None:
        self.out = Emitted()
        self.shadow: dict[int, Array] = {}
        self.home: dict[int, tuple[str, Array]] = {}  # where a value has been promised to be stored
        self.ready: set[int] = set()  # updates whose last call writes straight into the input
        self.taken: set[str] = set(_RESERVED)
        self._constants: dict[Any, str] = {}
        self._counts: Counter[str] = Counter()
        self._kept: list[Any] = []
        self._body: list[Line] = []
        self._memory = Memory()
        self._free: dict[Any, list[tuple[str, Array]]] = {}  # buffers that nobody reads any more, by shape and dtype
        for name, each in inputs.items():
            self.taken.add(name)
            self.out.names[id(each)] = name
            self.shadow[id(each)] = np.empty_like(each.value, order="C")

    # Names

    def _fresh(self, wanted: str) -> str:
        stem = re.sub(r"\W", "_", wanted) or "v"
        name = stem if wanted and not keyword.iskeyword(stem) else f"{stem}1"
        joint = "_" if stem[-1].isdigit() else ""
        while name in self.taken:
            self._counts[stem] += 1
            name = f"{stem}{joint}{self._counts[stem]}"
        self.taken.add(name)
        return name

    def _name(self, value: Any, beside: np.dtype[Any] | None = None) -> str:
        if isinstance(value, Traced):
            return self.out.names[id(value)]
        if isinstance(value, (tuple, list)):
            return f"({', '.join(self._name(each) for each in value)}{',' * (len(value) == 1)})"
        if isinstance(value, (np.ndarray, np.generic)):
            return self._constant(np.asarray(value))
        if isinstance(value, (bool, int, float)) and beside is not None:
            return self._constant(np.asarray(value, np.result_type(beside, value)))
        return literal(value)

    def _constant(self, array: Array) -> str:
        """A constant in a variable: an array is boxed once, since NumPy takes long to make one of a Python number."""
        key = (array.dtype.str, array.shape, array.tobytes()) if array.size <= 16 else id(array)
        if key not in self._constants:
            self._kept.append(array)
            self._constants[key] = name = self._fresh("c")
            self.out.constants[name] = array
        return self._constants[key]

    # Where values are stored

    def place_joins(self, order: Sequence[Traced]) -> None:
        """Let what is only computed to be joined be computed in its place."""
        for join in order:
            if join.call is np.concatenate and isinstance(join.args[0], (tuple, list)):
                self._place_parts(join)

    def _place_parts(self, join: Traced) -> None:
        name = self._allocate(join)
        axis = join.kwargs.get("axis", join.args[1] if len(join.args) > 1 else 0)
        whole, start = self.shadow[id(join)], 0
        for part in join.args[0]:
            side = np.shape(value_of(part))[axis]
            at = (slice(None),) * (axis % whole.ndim) + (slice(start, start + side),)
            start += side
            base = part
            while isinstance(base, Traced) and base.call is np.reshape:
                base = base.args[0]
            if (
                isinstance(base, Traced)
                and base.call is not None
                and base.dtype == whole.dtype
                and id(base) not in self.home
                and not _may_view(base)
                and base.call is not unindex  # which counts on zeros that a join does not have
                and whole.ndim == 1
            ):
                place = whole[at].reshape(base.shape)
                self.home[id(base)] = f"{name}[{index_text(at)}].reshape({literal(base.shape)})", place

    def place_updates(self, order: Sequence[Traced], updates: Sequence[Update], late: Sequence[Any]) -> None:
        """Let the last call of an update write into the input itself, where nothing reads the old value after it.

        What is ``late`` is read after all calls, as are the values of updates.
        """
        position = {id(each): place for place, each in enumerate(order)}
        last = self._last_reads(order)
        last |= {id(_owner(each)): len(order) for each in (*late, *(update.value for update in updates))}
        for update in updates:
            value, target = update.value, update.target
            if not isinstance(value, Traced) or not isinstance(value.call, np.ufunc) or value.call.signature:
                continue
            fits = (value.shape, value.dtype) == (target.shape, target.dtype) and value.size > 1
            if fits and id(value) not in self.home and last.get(id(target), -1) <= position[id(value)]:
                self.home[id(value)] = self.out.names[id(target)], self.shadow[id(target)]
                self.ready.add(id(value))

    @staticmethod
    def _last_reads(order: Sequence[Traced]) -> dict[int, int]:
        """For each input, the place of the last call that reads it, itself or through what may be a view of it."""
        roots: dict[int, set[int]] = {}
        last: dict[int, int] = {}
        for place, each in enumerate(order):
            read: set[int] = set()
            for argument in arguments(each):
                read |= {id(argument)} if argument.call is None else roots.get(id(argument), set())
            if _may_view(each):
                roots[id(each)] = read
            for root in read:
                last[root] = place
        return last

    @staticmethod
    def last_reads(order: Sequence[Traced], late: Sequence[Any]) -> dict[int, list[Traced]]:
        """For each place in ``order``, the values that are read there for the last time; never what is ``late``."""
        last: dict[int, int] = {}
        owners: dict[int, Traced] = {}
        for place, call in enumerate(order):
            for argument in arguments(call):
                owner = _owner(argument)
                last[id(owner)], owners[id(owner)] = place, owner
        ended: dict[int, list[Traced]] = {}
        kept = {id(_owner(each)) for each in late}
        for i, place in last.items():
            if i not in kept and not _may_view(order[place]):
                ended.setdefault(place, []).append(owners[i])
        return ended

    def release(self, values: Sequence[Traced]) -> None:
        """Let later values have the buffers of ``values``: what is small and at hand is quicker than what is new."""
        for value in values:
            name = self.out.names.get(id(value), "")
            if name in self._memory.buffers and value.size < WORTH and value.call is not unindex:
                self._free.setdefault((value.shape, value.dtype), []).append((name, self.shadow[id(value)]))

    def _allocate(self, value: Traced) -> str:
        if id(value) in self.out.names:
            return self.out.names[id(value)]
        free = self._free.get((value.shape, value.dtype))
        if free and id(value) not in self.home and value.call not in (unindex, np.concatenate):
            self.out.names[id(value)], self.shadow[id(value)] = free.pop()
            return self.out.names[id(value)]
        name = self._fresh(value.name)
        self.out.names[id(value)] = name
        if id(value) in self.home:
            place, self.shadow[id(value)] = self.home[id(value)]
            self.out.setup.append(f"{name} = {place}")
        else:
            self.shadow[id(value)] = np.empty(value.shape, value.dtype)
            zeroed = "zeros" if value.call is unindex else "empty"
            line = f"{name} = np.{zeroed}({literal(value.shape)}, {dtype_text(value.dtype)})"
            self._memory.buffers[name] = line
            self.out.setup.append(line)
        return name

    def finish(self, kept: Sequence[str]) -> None:
        """Put the lines together; ``kept`` are variables that someone will look at."""
        if any(each.size >= WORTH for each in self.shadow.values()):
            self._memory.arrays |= {name: self.shadow[i] for i, name in self.out.names.items()} | self.out.constants
            self.out.body, self.out.setup = blocked(self._body, self.out.setup, self._memory, kept)
        else:
            self.out.body = list(map(str, self._body))
        self.out.setup = _used(self.out.setup, [*self.out.body, *kept])

    # Lines

    def emit(self, call: Traced) -> None:
        if id(call) not in self.home and _may_view(call) and self._view(call):
            return
        name = self._allocate(call)
        self._body += self._lines(call, name)

    def _view(self, call: Traced) -> bool:
        """Make ``call`` a view before the loop, if NumPy makes one of its argument."""
        base = call.args[0]
        array = self.shadow[id(base)] if isinstance(base, Traced) else base
        if any(isinstance(each, Traced) for each in list(arguments(call))[1:]) or not isinstance(base, Traced):
            return False
        result = call.call(array, *call.args[1:], **call.kwargs)  # type: ignore[misc]
        if not np.may_share_memory(result, array):
            return False
        name = self.out.names[id(call)] = self._fresh(call.name)
        self.shadow[id(call)] = result
        self.out.setup.append(f"{name} = {self._expression(call)}")
        return True

    def _lines(self, call: Traced, out: str) -> Sequence[Line]:
        function: Any = call.call
        if function is np.concatenate and isinstance(call.args[0], (tuple, list)):
            return self._joined(call, out)
        if function is np.where:
            return self._selected(call, out)
        if function is unindex:
            return self._scattered(call, out)
        if function is np.matmul:
            return [self._product(call, out)]
        if isinstance(function, np.ufunc):
            keyword = "out=" if function in (np.maximum, np.minimum) else ""  # which refuse it by position
            return [Elementwise(self._function(function), tuple(self._operands(call)), out, keyword)]
        template = WORDS[function].out
        if template:
            return [template.format(**self._arguments(call), out=out)]
        return [f"{out}[...] = {self._expression(call)}"]

    def _operands(self, call: Traced) -> list[str]:
        """The arguments of an elementwise call; Python numbers take the dtype of what they are computed with."""
        names = self.out.names
        if all(type(each) is Traced for each in call.args):
            return [names[id(each)] for each in call.args]
        dtypes = {each.dtype for each in call.args if isinstance(each, (Traced, np.ndarray, np.generic))}
        beside = dtypes.pop() if len(dtypes) == 1 else np.result_type(*dtypes) if dtypes else call.dtype
        return [self._name(each, beside) for each in call.args]

    def _product(self, call: Traced, out: str) -> str:
        left, right = (self.shadow.get(id(each), each) for each in call.args)
        plain = max(left.ndim, right.ndim) <= 2 and left.dtype == right.dtype == call.dtype
        function = np.dot if plain and self.shadow[id(call)].flags.c_contiguous else np.matmul
        return f"{self._function(function)}({self._name(call.args[0])}, {self._name(call.args[1])}, {out})"

    def _joined(self, call: Traced, out: str) -> list[str]:
        """Copy what was not computed in its place."""
        axis = call.kwargs.get("axis", call.args[1] if len(call.args) > 1 else 0)
        whole, start, lines = self.shadow[id(call)], 0, []
        for part in call.args[0]:
            side = np.shape(value_of(part))[axis]
            at = (slice(None),) * (axis % whole.ndim) + (slice(start, start + side),)
            start += side
            if isinstance(part, Traced) and _same_memory(self.shadow[id(part)], whole[at]):
                continue
            place = self._fresh("")
            self.out.setup.append(f"{place} = {out}[{index_text(at)}]")
            lines.append(f"{place}[...] = {self._name(part)}")
        return lines

    def _selected(self, call: Traced, out: str) -> Sequence[Line]:
        condition, left, right = call.args
        plain = [f"{out}[...] = {self._expression(call)}"]
        kept = right if _is_zero(left) else left if _is_zero(right) else None
        if not isinstance(kept, Traced) or call.dtype.itemsize not in (4, 8) or not isinstance(condition, Traced):
            return plain
        shapes = {kept.shape, condition.shape, call.shape}
        if len(shapes) > 1 or kept.dtype != call.dtype or condition.dtype != np.bool_ or call.size < 64:
            return plain
        if not (self.shadow[id(kept)].flags.c_contiguous and self.shadow[id(call)].flags.c_contiguous):
            return plain
        return self._masked(call, condition, kept, out, flip=kept is right)

    def _masked(self, call: Traced, condition: Traced, kept: Traced, out: str, *, flip: bool) -> list[Line]:
        """Zero where a condition says so, by its bits: ten times as fast as ``where``, and exact for nan and inf."""
        whole = np.dtype(f"i{call.dtype.itemsize}")
        bits = self._fresh("mask")
        self._memory.arrays[bits] = np.empty(call.shape, whole)
        line = self._memory.buffers[bits] = f"{bits} = np.empty({literal(call.shape)}, {dtype_text(whole)})"
        self.out.setup.append(line)
        narrow = self._viewed(self._name(condition), self.shadow[id(condition)], np.dtype(np.int8))
        held = self._viewed(self._name(kept), self.shadow[id(kept)], whole)
        result = self._viewed(out, self.shadow[id(call)], whole)
        if flip:
            one = self._constant(np.asarray(1, np.int8))
            spread = Elementwise(self._function(np.subtract), (narrow, one), bits)
        else:
            spread = Elementwise(self._function(np.negative), (narrow,), bits)
        return [spread, Elementwise(self._function(np.bitwise_and), (held, bits), result)]

    def _viewed(self, name: str, array: Array, dtype: np.dtype[Any]) -> str:
        """The memory of ``name`` as numbers of another dtype, in a variable of its own."""
        view = self._fresh("")
        self._memory.arrays[view] = array.view(dtype)
        self._memory.views[view] = name, dtype_text(dtype)
        self.out.setup.append(self._memory.view_line(view))
        return view

    def _scattered(self, call: Traced, out: str) -> list[str]:
        """The adjoint of indexing. Where no element is met twice it is one assignment; what it leaves out stays 0."""
        g, at = call.args[0], call.args[1]
        if basic_index(at):
            place = self._fresh("")
            at = at if isinstance(at, tuple) else (at,)
            dots = () if any(each is Ellipsis for each in at) else (Ellipsis,)
            self.out.setup.append(f"{place} = {out}[{index_text((*at, *dots))}]")
            return [f"{place}[...] = {self._name(g)}"]
        return [f"{out}[...] = {self._expression(call)}"]

    # Expressions

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

    def _function(self, function: Any) -> str:
        name = str(function.__name__)
        if isinstance(function, np.ufunc) or function is np.dot:
            self.out.functions[name] = function
            return name
        if getattr(np, name, None) is function:
            return f"np.{name}"
        if getattr(np.linalg, name, None) is function:
            return f"np.linalg.{name}"
        self.out.functions[name] = function
        return name

    # The end of a step

    def result(self, name: str, value: Any) -> None:
        """Leave ``value`` in the slot ``name``."""
        self._body.append(f"{name}[()] = {self._name(value, np.dtype(float))}")

    def updates(self, updates: Sequence[Update]) -> None:
        """Write the values that are not in their places yet; what another update would overwrite is copied before."""
        rest = [update for update in updates if id(update.value) not in self.ready]
        targets = {id(update.target) for update in updates}
        values = [self._name(update.value, update.target.dtype) for update in rest]
        for place, update in enumerate(rest):
            owner = _owner(update.value)
            if owner is not update.target and id(owner) in targets:
                values[place] = self._fresh("")
                self._body.append(f"{values[place]} = {self._name(update.value)}.copy()")
        for update, value in zip(rest, values, strict=True):
            at = "()" if update.target.size == 1 else "..."
            self._body.append(f"{self._name(update.target)}[{at}] = {value}")


_RESERVED = {"np", "run", "loss", "losses", "epochs", "epoch", "slots", "rows", "step"}


def _owner(value: Any) -> Any:
    """What ``value`` may be a view of, or itself."""
    while isinstance(value, Traced) and _may_view(value):
        value = value.args[0]
    return value


def _may_view(call: Traced) -> bool:
    return call.call is not None and WORDS[call.call].view


def _is_zero(value: Any) -> bool:
    return not isinstance(value, Traced) and np.ndim(value) == 0 and value == 0


def _by_mask(at: Any) -> bool:
    return any(type(each) is Traced and each.dtype == np.bool_ for each in (at if isinstance(at, tuple) else (at,)))


def _same_memory(a: Array, b: Array) -> bool:
    return a.size == b.size and a.__array_interface__["data"] == b.__array_interface__["data"]
