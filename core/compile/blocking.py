"""Long stretches of elementwise calls made block by block, so that what one call writes is still at hand for the next.

Arrays of a million elements do not fit where a processor is quick to find them; blocks of some ten thousand do. A value
that only its own stretch reads is never stored whole. Which calls there are, and their order, is ``emission``'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.text import dtype_text

Array = NDArray[np.generic]

# Elements of a block, and of an array from which on it pays to take it in blocks.
BLOCK = 1 << 14
WORTH = 1 << 16

WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Elementwise:
    """One elementwise call: ``function(operands..., out)``; ``keyword`` is what the function wants before its out."""

    function: str
    operands: tuple[str, ...]
    out: str
    keyword: str = ""

    def __str__(self) -> str:
        return f"{self.function}({', '.join(self.operands)}, {self.keyword}{self.out})"

    def renamed(self, names: Mapping[str, str]) -> Elementwise:
        """The same call on other variables."""
        operands = tuple(names.get(each, each) for each in self.operands)
        return Elementwise(self.function, operands, names.get(self.out, self.out), self.keyword)


Line = str | Elementwise


@dataclass
class Memory:
    """What the variables of a program are: ``arrays`` says how each is laid out, ``buffers`` has the line of set-up of
    those that are nothing but memory, ``views`` the other and the dtype of those that are another's memory as a dtype.
    """

    arrays: dict[str, Array] = field(default_factory=dict)
    buffers: dict[str, str] = field(default_factory=dict)
    views: dict[str, tuple[str, str]] = field(default_factory=dict)

    def root(self, name: str) -> str:
        """Whose memory ``name`` is."""
        return self.views[name][0] if name in self.views else name

    def view_line(self, name: str) -> str:
        """The line of set-up of a view."""
        base, dtype = self.views[name]
        return f"{name} = {base}.view({dtype})"


def blocked(
    lines: Sequence[Line], setup: Sequence[str], memory: Memory, kept: Sequence[str]
) -> tuple[list[str], list[str]]:
    """The lines, and the set-up, with stretches of elementwise calls on large arrays made loops over blocks.

    ``kept`` are variables that someone will look at: those are always stored whole.
    """
    read = Counter(map(memory.root, WORD.findall("\n".join([*map(str, lines), *setup, *kept]))))
    read.subtract(memory.buffers.keys())
    read.subtract(base for base, _ in memory.views.values() for _ in range(2))
    body: list[str] = []
    extra: list[str] = []
    dropped: set[str] = set()
    for stretch in _stretches(lines, memory.arrays):
        calls = [each for each in stretch if isinstance(each, Elementwise)]
        if len(stretch) < 2:
            body += map(str, stretch)
            continue
        inner = _inner(calls, memory, read)
        dropped |= {memory.buffers[name] for name in inner}
        dropped |= {memory.view_line(name) for name, (base, _) in memory.views.items() if base in inner}
        head, loop = _walk(calls, memory, inner, f"blocks{len(extra) + 1}")
        extra += head
        body += loop
    return body, [*(line for line in setup if line not in dropped), *extra]


def _stretches(lines: Sequence[Line], arrays: Mapping[str, Array]) -> Iterator[list[Line]]:
    """Lines that belong together: neighbouring calls that walk over equally many elements, everything else alone."""
    stretch: list[Line] = []
    size = 0
    for line in lines:
        own = _walked(line, arrays)
        if stretch and (own != size or _shifted(line, stretch, arrays)):
            yield stretch
            stretch = []
        if own == 0:
            yield [line]
            continue
        stretch.append(line)
        size = own
    if stretch:
        yield stretch


def _shifted(line: Line, stretch: Sequence[Line], arrays: Mapping[str, Array]) -> bool:
    """Whether ``line`` meets memory that ``stretch`` writes, but at another place: a block would come too early."""
    written = [arrays[each.out] for each in stretch if isinstance(each, Elementwise)]
    read = [arrays[each] for each in (*line.operands, line.out)] if isinstance(line, Elementwise) else []
    return any(
        np.may_share_memory(a, b) and a.__array_interface__["data"] != b.__array_interface__["data"]
        for a in written
        for b in read
    )


def _walked(line: Line, arrays: Mapping[str, Array]) -> int:
    """How many elements ``line`` walks over block by block; 0 where it cannot or need not."""
    if isinstance(line, str) or line.out not in arrays or arrays[line.out].size < WORTH:
        return 0
    shape = arrays[line.out].shape
    operands = [arrays[each] for each in line.operands if each in arrays]
    if len(operands) < len(line.operands) or any(each.size != 1 and each.shape != shape for each in operands):
        return 0
    whole = [each for each in (*operands, arrays[line.out]) if each.size != 1]
    return arrays[line.out].size if all(each.flags.c_contiguous for each in whole) else 0


def _inner(calls: Sequence[Elementwise], memory: Memory, read: Mapping[str, int]) -> set[str]:
    """The buffers that only these calls write and read: a block of them is enough."""
    here = Counter(memory.root(name) for call in calls for name in (*call.operands, call.out))
    outs = {memory.root(call.out) for call in calls}
    return {name for name in outs if name in memory.buffers and here[name] == read[name]}


def _walk(calls: Sequence[Elementwise], memory: Memory, inner: set[str], walk: str) -> tuple[list[str], list[str]]:
    """The set-up and the loop of one stretch."""
    arrays = memory.arrays
    size = arrays[calls[0].out].size
    names = dict.fromkeys(name for call in calls for name in (*call.operands, call.out) if arrays[name].size != 1)
    steps = f"for at in range(0, {size}, {BLOCK})]"
    setup, split = [], []
    for name in dict.fromkeys(map(memory.root, names)):
        if name in inner:
            setup.append(f"{name} = np.empty({BLOCK}, {dtype_text(arrays[name].dtype)})")
    for name in names:
        root = memory.root(name)
        seen = f".view({memory.views[name][1]})" if name in memory.views and root in inner else ""
        split.append(
            f"[{root}[: min({BLOCK}, {size} - at)]{seen} {steps}"
            if root in inner
            else f"[{name}.reshape({size})[at : at + {BLOCK}] {steps}"
        )
    setup.append(f"{walk} = list(zip({', '.join(split)}))")
    parts = {name: f"{name}_part" for name in names}
    head = f"for {', '.join(parts.values())}{',' * (len(parts) == 1)} in {walk}:"
    return setup, [head, *(f"    {call.renamed(parts)}" for call in calls)]
