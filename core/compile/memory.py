"""Where every value of a program is stored: the one table of whose memory it is in, and for how long that is needed.

A value has a buffer of its own, is a part of one that it shares, or is a view, made once, of another value's place.
Which call is made when is ``scheduling``'s, what the places are called in the source ``emission``'s.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sys import maxsize
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.text import basic_index, index_text, literal
from chainrule.core.compile.tracing import Traced, arguments, plain, value_of
from chainrule.core.ops.vocabulary import WORDS, unindex

Array = NDArray[Any]

# The place in time of what is read after all calls.
END = maxsize


@dataclass(frozen=True)
class Update:
    """At the end of a step the input ``target`` takes the value ``value``."""

    target: Traced
    value: Any


@dataclass(eq=False, slots=True)
class Buffer:
    """Memory that is there before the first step, ``given`` as an input or allocated; ``name`` is its variable.

    ``zeroed`` says that somebody counts on zeros where nobody writes. ``last`` is when it is read for the last time,
    as a place in the schedule.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    given: bool = False
    zeroed: bool = False
    name: str = ""
    last: int = -1

    @property
    def size(self) -> int:
        return math.prod(self.shape)


@dataclass(eq=False, slots=True)
class Place:
    """Where a value is: in ``buffer``, of which ``part`` picks it (nothing: it is the whole), in ``row`` of a stack.

    ``array`` is laid out as the value will be, and overlaps with others as the value will. A ``view`` is what its own
    call makes of its argument's place. What is ``loose`` might as well be stored elsewhere: nobody shares its buffer
    but views of it.
    """

    buffer: Buffer
    array: Array
    part: str = ""
    row: int = -1
    view: bool = False
    loose: bool = False


class Memory:
    """The places of ``inputs`` and of all calls in ``order``, each value after what it is made of."""

    def __init__(self, inputs: Mapping[str, Traced], order: Sequence[Traced]) -> None:
        self._views: dict[Traced, list[Traced]] = {}
        self._places = {
            each: Place(Buffer(each.shape, each.dtype, given=True, name=name), np.empty(each.shape, each.dtype))
            for name, each in inputs.items()
        }
        for join in reversed(order):
            if join_parts(join) is not None:
                self._share(join)
        for call in order:
            if call not in self._places:
                self._places[call] = self._viewing(call) or _own(call)

    def place(self, value: Traced) -> Place:
        """Where ``value`` is."""
        return self._places[value]

    def array(self, value: Any) -> Array:
        """An array laid out as ``value``, which may be a constant."""
        return self._places[value].array if type(value) is Traced else np.asarray(value)

    def movable(self, value: Any) -> bool:
        """Whether ``value`` is no constant and might as well be stored elsewhere."""
        return type(value) is Traced and self._places[value].loose

    def computed_with_others(self, element: Traced) -> bool:
        """Whether the one ``element`` lies in memory that calls fill with more than it."""
        buffer = self._places[element].buffer
        return not buffer.given and buffer.size > 1

    def move(self, value: Traced, place: Place) -> None:
        """Store ``value`` in ``place``, and what are views of it there too."""
        self._places[value] = place
        self._move_views(value, place.buffer)

    def _move_views(self, value: Traced, buffer: Buffer) -> None:
        waiting = [value] if value in self._views else []
        while waiting:
            for view in self._views.get(waiting.pop(), ()):
                again = self._seen(view)
                self._places[view] = Place(buffer, again, view=True)
                waiting.append(view)

    def stack(self, values: Sequence[Traced]) -> None:
        """Store ``values``, which are alike and movable, as the rows of one buffer."""
        shape, dtype = values[0].shape, values[0].dtype
        whole = np.empty((len(values), *shape), dtype)
        buffer = Buffer(whole.shape, dtype)
        for row, value in enumerate(values):
            place = self._places[value]  # changed, so that whoever has it knows
            place.buffer, place.row, place.loose = buffer, row, False
            place.part, place.array = (f"[{row}]", whole[row]) if shape else (f"[{row}, ...]", whole[row, ...])
            self._move_views(value, buffer)

    # Laying out

    def _share(self, join: Traced) -> None:
        """Let what is only computed to be joined be computed in its place."""
        place = self._places.setdefault(join, _own(join))
        if place.array.ndim != 1:
            return
        for part, at in join_parts(join) or ():
            base = part
            while isinstance(base, Traced) and base.call is np.reshape:
                base = base.args[0]
            if isinstance(base, Traced) and base.dtype == join.dtype and self._shareable(base):
                text = f"{place.part}[{index_text(at)}]"
                text += f".reshape({literal(base.shape)})" if base.ndim != 1 else ""
                self._places[base] = Place(place.buffer, place.array[at].reshape(base.shape), text)

    def _shareable(self, base: Traced) -> bool:
        """Whether ``base`` is computed, and stored nowhere yet; a scattered value counts on zeros of its own."""
        function = base.call
        return function not in (None, unindex) and not WORDS[function].view and base not in self._places

    def _viewing(self, call: Traced) -> Place | None:
        """The place of a call that NumPy answers with a view; None where it does not, or not the same at every step."""
        base = call.args[0]
        if not WORDS[call.call].view or not isinstance(base, Traced) or len(arguments(call)) > 1:  # type: ignore[index]
            return None
        array = self._seen(call)
        if not np.may_share_memory(array, self.array(base)):
            return None
        self._views.setdefault(base, []).append(call)
        return Place(self.place(base).buffer, array, view=True)

    def _seen(self, view: Traced) -> Array:
        made: Array = view.call(self.array(view.args[0]), *view.args[1:], **view.kwargs)  # type: ignore[misc]
        return made


def _own(call: Traced) -> Place:
    zeroed = call.call is unindex and basic_index(call.args[1])
    array = np.empty(call.shape, call.dtype)
    return Place(Buffer(array.shape, array.dtype, zeroed=zeroed), array, loose=not zeroed and join_parts(call) is None)


def join_parts(call: Traced) -> list[tuple[Any, tuple[slice, ...]]] | None:
    """What ``call`` joins, each with its index in the whole; None where it joins nothing."""
    if call.call is not np.concatenate or not isinstance(call.args[0], (tuple, list)):
        return None
    axis = call.kwargs.get("axis", call.args[1] if len(call.args) > 1 else 0) % call.ndim
    sides = [np.shape(value_of(part))[axis] for part in call.args[0]]
    ends = np.cumsum(sides).tolist()
    before = (slice(None),) * axis
    return [
        (part, (*before, slice(end - side, end))) for part, side, end in zip(call.args[0], sides, ends, strict=True)
    ]


# Lifetimes


def last_reads(memory: Memory, schedule: Sequence[Sequence[Traced]], late: Iterable[Any]) -> None:
    """Note in every buffer at which place in ``schedule`` it is read for the last time; END for what is ``late``."""
    for time, calls in enumerate(schedule):
        for call in calls:
            memory.place(call).buffer.last = time
            for each in arguments(call):
                memory.place(each).buffer.last = time
    for each in late:
        if isinstance(each, Traced):
            memory.place(each).buffer.last = END


def write_in_place(memory: Memory, schedule: Sequence[Sequence[Traced]], updates: Sequence[Update]) -> None:
    """Let the last call of an update write into the input itself, where nothing reads the old value after it.

    The last reads are noted; the values of updates are among what is late.
    """
    made = {call: time for time, calls in enumerate(schedule) for call in calls}
    for update in updates:
        value, target = update.value, update.target
        if memory.movable(value) and plain(value) and value.size > 1:
            place, time = memory.place(target), made[value]
            last, fits = place.buffer.last, (value.shape, value.dtype) == (target.shape, target.dtype)
            if fits and (
                last < time or (last == time and not _read_after(value, place.buffer, schedule[time], memory))
            ):
                memory.move(value, place)
                place.buffer.last = END


def _read_after(value: Traced, buffer: Buffer, together: Sequence[Traced], memory: Memory) -> bool:
    """Whether what is made ``together`` with ``value`` reads ``buffer`` when ``value`` is there."""
    there = False
    for call in together:
        # It may be made block by block: a single element is then read for every block.
        if any(memory.place(each).buffer is buffer and (there or each.size != call.size) for each in arguments(call)):
            return True
        there = there or call is value
    return False


def unwritten(memory: Memory, updates: Sequence[Update]) -> Iterator[tuple[Update, bool]]:
    """The updates whose values are not in their places yet, and whether another update would overwrite them before."""
    targets = {memory.place(update.target).buffer for update in updates}
    for update in updates:
        if not isinstance(update.value, Traced):
            yield update, False
            continue
        place, own = memory.place(update.value), memory.place(update.target)
        if place is not own:
            yield update, place.buffer in targets and place.buffer is not own.buffer
