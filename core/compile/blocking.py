"""Stretches of elementwise calls made block by block, so that what one call writes is still at hand for the next.

Arrays of a million elements do not fit where a processor is quick to find them; blocks of some ten thousand do. A value
that only its own stretch reads is never stored whole. Which calls make a stretch is ``scheduling``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule.core.compile.elementwise import Elementwise, Operand, line, number
from chainrule.core.compile.memory import Buffer
from chainrule.core.compile.text import dtype_text
from chainrule.core.compile.tracing import Traced
from chainrule.core.compile.variables import Variables

# Elements of a block.
BLOCK = 1 << 15


class Walk:
    """A loop over blocks of ``size`` elements in all: ``setup`` cuts the blocks, ``body`` is the loop.

    ``inner`` gives the buffer of an operand that only this loop meets, and None for others, which have ``variables``.
    """

    def __init__(
        self,
        calls: Sequence[Elementwise],
        size: int,
        inner: Callable[[Operand], Buffer | None],
        variables: Variables,
    ) -> None:
        self._size, self._inner, self._variables = size, inner, variables
        self._parts: dict[str, str] = {}  # the variables of the loop, by what is cut for them
        self._blocks: dict[Buffer, str] = {}
        self._filled: dict[str, str] = {}
        self._free: dict[np.dtype[Any], list[str]] = {}
        self.setup: list[str] = []
        lines = self._lines(calls)
        self._finish(lines)

    def _lines(self, calls: Sequence[Elementwise]) -> list[str]:
        last = {
            buffer: at
            for at, call in enumerate(calls)
            for each in (*call.operands, call.out)
            if (buffer := self._inner(each)) is not None
        }
        lines = []
        for at, call in enumerate(calls):
            operands = [
                self._spread(each) if call.spread and number(each) else self._part(each, call.seen)
                for each in call.operands
            ]
            out = self._part(call.out, call.seen)
            lines.append(line(call.function, self._variables.function(call.function), operands, out))
            for buffer in dict.fromkeys(self._inner(each) for each in (*call.operands, call.out)):
                if buffer is not None and last[buffer] == at:
                    self._free.setdefault(buffer.dtype, []).append(self._blocks[buffer])
        return lines

    def _part(self, operand: Operand, seen: np.dtype[Any] | None) -> str:
        """The variable of the loop that has the present block of ``operand``; of a value, ``seen`` as what it is."""
        buffer = self._inner(operand)
        if buffer is None:
            whole = self._variables.operand(operand, self._size, seen)
            if operand.size == 1:
                return whole
            return self._cut(whole, f"{whole}.reshape({self._size})[at : at + {BLOCK}]")
        block = self._block(buffer)
        view = f".view({dtype_text(seen)})" if seen is not None and isinstance(operand, Traced) else ""
        return self._cut(block, self._shortened(block) + view)

    def _spread(self, constant: Operand) -> str:
        """A block that holds the same number all over."""
        name = self._variables.operand(constant, self._size)
        if name not in self._filled:
            self._filled[name] = block = self._variables.fresh("block")
            self.setup.append(f"{block} = np.full({BLOCK}, {name})")
        return self._cut(self._filled[name], self._shortened(self._filled[name]))

    def _shortened(self, block: str) -> str:
        """What a step needs of ``block``: the last has fewer elements."""
        return f"{block}[: min({BLOCK}, {self._size} - at)]"

    def _block(self, buffer: Buffer) -> str:
        """The memory for a block of what is in ``buffer``, perhaps of a value that nobody reads any more."""
        if buffer not in self._blocks:
            free = self._free.get(buffer.dtype)
            if free:
                self._blocks[buffer] = free.pop()
            else:
                self._blocks[buffer] = name = self._variables.fresh("block")
                self.setup.append(f"{name} = np.empty({BLOCK}, {dtype_text(buffer.dtype)})")
        return self._blocks[buffer]

    def _cut(self, of: str, expression: str) -> str:
        if expression not in self._parts:
            self._parts[expression] = self._variables.fresh(f"{of}_part")
        return self._parts[expression]

    def _finish(self, lines: Sequence[str]) -> None:
        steps = f"for at in range(0, {self._size}, {BLOCK})"
        lists = []
        for expression, part in self._parts.items():
            lists.append(self._variables.fresh(f"{part}s"))
            self.setup.append(f"{lists[-1]} = [{expression} {steps}]")
        blocks = self._variables.fresh("blocks")
        self.setup.append(f"{blocks} = list(zip({', '.join(lists)}))")
        parts = ", ".join(self._parts.values()) + "," * (len(lists) == 1)
        self.body = [f"for {parts} in {blocks}:", *(f"    {line}" for line in lines)]
