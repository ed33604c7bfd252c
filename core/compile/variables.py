"""What a program calls its values: variables of buffers, parts, views and constants, and the lines that make them.

Buffers that nobody reads any more are given to later values. The lines of a step are ``emission``'s.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.elementwise import Operand
from chainrule.core.compile.memory import Buffer, Memory, Place
from chainrule.core.compile.text import dtype_text, index_text, literal
from chainrule.core.compile.tracing import Traced
from chainrule.core.ops.vocabulary import index

Array = NDArray[Any]

_RESERVED = {"np", "run", "loss", "losses", "epochs", "epoch", "slots", "rows", "step", "at"}


class Variables:
    """The variables of a program on ``inputs``, whose values are stored as ``memory`` says.

    ``setup`` has the lines that make them before the first step, ``constants`` and ``functions`` what they refer to.
    """

    def __init__(self, inputs: Mapping[str, Traced], memory: Memory) -> None:
        self.setup: list[str] = []
        self.constants: dict[str, Array] = {}
        self.functions: dict[str, Any] = {}
        self._memory = memory
        self._names: dict[Traced, str] = {each: name for name, each in inputs.items()}
        self._boxed: dict[Any, str] = {}
        self._expressions: dict[str, str] = {}
        self._taken: set[str] = {*_RESERVED, *inputs}
        self._counts: Counter[str] = Counter()
        self._free: dict[Any, list[str]] = {}  # of buffers that nobody reads any more, by shape and dtype
        self._ending: dict[int, list[Buffer]] = {}

    def fresh(self, wanted: str) -> str:
        """A name that nothing has, like ``wanted`` if it can be."""
        stem = re.sub(r"\W", "_", wanted) if wanted else "v"
        name = stem if wanted and not keyword.iskeyword(stem) else f"{stem}1"
        joint = "_" if stem[-1].isdigit() else ""
        while name in self._taken:
            self._counts[stem] += 1
            name = f"{stem}{joint}{self._counts[stem]}"
        self._taken.add(name)
        return name

    def set_up(self, wanted: str, expression: str) -> str:
        """A new variable that has ``expression`` before the loop."""
        name = self.fresh(wanted)
        self.setup.append(f"{name} = {expression}")
        return name

    def once(self, expression: str) -> str:
        """The variable that has ``expression`` before the loop; the same for the same."""
        if expression not in self._expressions:
            self._expressions[expression] = self.set_up("", expression)
        return self._expressions[expression]

    # Values

    def name(self, value: Any) -> str:
        """``value`` as it stands in a line: a variable, or something written out."""
        if isinstance(value, Traced):
            return self._names.get(value) or self._stored(value)
        if isinstance(value, (tuple, list)):
            return f"({', '.join(map(self.name, value))}{',' * (len(value) == 1)})"
        if isinstance(value, (np.ndarray, np.generic)):
            return self._constant(np.asarray(value))
        return literal(value)

    def boxed(self, value: Any, dtype: np.dtype[Any]) -> str:
        """``value``; a number as a constant of ``dtype``."""
        number = isinstance(value, (bool, int, float))
        return self.name(np.asarray(value, np.result_type(dtype, value)) if number else value)

    def operand(self, operand: Operand, beside: int = 1, seen: np.dtype[Any] | None = None) -> str:
        """The variable of ``operand`` beside so many elements, or of a view of it: as what a value is ``seen`` as.

        A single element beside several has no dimensions: NumPy is quicker then, and blocks have others than the whole.
        """
        if isinstance(operand, Buffer):
            return self._buffer(operand, "mask")
        name, view = self.name(operand), ""
        if seen is not None and isinstance(operand, Traced):
            view = f".view({dtype_text(seen)})"
        if beside > 1 and operand.size == 1 and operand.ndim:
            view += ".reshape(())"
        return self.once(name + view) if view else name

    def rows(self, values: Sequence[Any]) -> str:
        """``values`` as one array: the rows that they are, or the one value that they all are."""
        first = self._memory.place(values[0]) if isinstance(values[0], Traced) else None
        if first is None or first.row < 0:
            return self.name(values[0])
        whole = self._buffer(first.buffer, "together")
        if len(values) == first.buffer.shape[0]:
            return whole
        return self.once(f"{whole}[{first.row}:{first.row + len(values)}]")

    def expression(self, call: Traced) -> str:
        """``call`` as NumPy is called."""
        if call.call is index:
            return f"{self.name(call.args[0])}[{index_text(call.args[1], self.name)}]"
        given = [self.name(each) for each in call.args]
        given += [f"{name}={self.name(each)}" for name, each in call.kwargs.items() if each is not np._NoValue]
        return f"{self.function(call.call)}({', '.join(given)})"

    def function(self, function: Any) -> str:
        """What ``function`` is called by; ufuncs have a variable each."""
        name = str(function.__name__)
        if isinstance(function, np.ufunc) or function is np.dot:
            self.functions[name] = function
            return name
        if getattr(np, name, None) is function:
            return f"np.{name}"
        if getattr(np.linalg, name, None) is function:
            return f"np.linalg.{name}"
        self.functions[name] = function
        return name

    def _stored(self, value: Traced) -> str:
        """The variable of a value that has none yet: a buffer, a part of one, or a view, made before the loop."""
        views: list[Traced] = []  # of views of ...
        while value not in self._names and (place := self._memory.place(value)).view:
            views.append(value)
            value = value.args[0]
        name = self._names.get(value)
        if name is None:
            name = self._names[value] = self._placed(place, value.name)
        for view in reversed(views):
            name = self._names[view] = self.set_up(view.name, self.expression(view))
        return name

    def _placed(self, place: Place, wanted: str) -> str:
        if not place.part:
            return self._buffer(place.buffer, wanted)
        return self.set_up(wanted, self._buffer(place.buffer, "together" if place.row >= 0 else "") + place.part)

    def _constant(self, array: Array) -> str:
        """A constant in a variable: an array is boxed once, since NumPy takes long to make one of a Python number."""
        key = (array.dtype.str, array.shape, array.tobytes()) if array.size <= 16 else id(array)
        if key not in self._boxed:
            self._boxed[key] = name = self.fresh("c")
            self.constants[name] = array
        return self._boxed[key]

    # Buffers

    def _buffer(self, buffer: Buffer, wanted: str) -> str:
        """The variable of ``buffer``: what is small and at hand is quicker than what is new."""
        if not buffer.name:
            free = self._free.get((buffer.shape, buffer.dtype))
            if free and not buffer.zeroed:
                buffer.name = free.pop()
            else:
                made = "zeros" if buffer.zeroed else "empty"
                text = f"np.{made}({literal(buffer.shape)}, {dtype_text(buffer.dtype)})"
                buffer.name = self.set_up(wanted, text)
            self._ending.setdefault(buffer.last, []).append(buffer)
        return buffer.name

    def past(self, time: int) -> None:
        """The calls of ``time`` are made: what they were the last to read is free."""
        self.release(self._ending.pop(time, ()))

    def release(self, buffers: Iterable[Buffer]) -> None:
        """Let later values have ``buffers``."""
        for buffer in buffers:
            if not buffer.zeroed:
                self._free.setdefault((buffer.shape, buffer.dtype), []).append(buffer.name)
