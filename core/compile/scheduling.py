"""When each call of a program is made, and which are made together.

Calls come in the order in which they were first written down, with two exceptions. Elementwise calls over many elements
are gathered, so that ``blocking`` can make them block by block; and calls alike on small values, none of which needs
another, are made as one, on stacks of their operands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chainrule.core.compile.elementwise import elementwise, operands_of, plain
from chainrule.core.compile.memory import Memory
from chainrule.core.compile.tracing import Traced, arguments, in_order
from chainrule.core.ops.vocabulary import WORDS

# Elements from which on it pays to take an array in blocks, and up to which to stack it.
WORTH = 1 << 16
SMALL = 1 << 12


@dataclass(frozen=True, eq=False)
class Stretch:
    """Elementwise calls over equally many elements, each element of which needs no others."""

    calls: list[Traced]

    @property
    def size(self) -> int:
        return self.calls[0].size


@dataclass(frozen=True, eq=False)
class Batch:
    """Calls of one ufunc on operands that stand in the rows of stacks, or are the same for all."""

    calls: list[Traced]


Item = Traced | Stretch | Batch


def written_down(results: Iterable[Any]) -> list[Traced]:
    """Every call that is made for ``results``, by serial number where that is an order.

    Rewriting makes some arguments after what they are arguments of.
    """
    found = [each for each in in_order(list(results)) if each.call is not None]
    found.sort(key=lambda each: each.serial)
    if all(each.serial <= call.serial for call in found for each in arguments(call)):
        return found
    return [each for each in in_order(found) if each.call is not None]


def schedule(order: Sequence[Traced], memory: Memory, late: Iterable[Any]) -> list[Item]:
    """``order`` with calls gathered; those that come as views need not be made. What is ``late`` is read at the end."""
    calls = [call for call in order if not memory.place(call).view]
    sources = _sources(calls, memory)
    items = [
        Stretch(_operands_late(each.calls, sources)) if isinstance(each, Stretch) else each
        for each in _stretched(calls, memory, sources)
    ]
    return _batched(items, memory, sources, {id(each) for each in late})


def calls_of(item: Item) -> Sequence[Traced]:
    """The calls that ``item`` makes."""
    return (item,) if isinstance(item, Traced) else item.calls


Sources = dict[int, list[Traced]]


def _sources(calls: Sequence[Traced], memory: Memory) -> Sources:
    """For each call the calls that it needs, views looked through."""

    def through(value: Traced) -> Traced:
        while value.call is not None and memory.place(value).view:
            value = value.args[0]
        return value

    return {id(call): [made for each in arguments(call) if (made := through(each)).call is not None] for call in calls}


# Stretches


def _stretched(calls: Sequence[Traced], memory: Memory, sources: Sources) -> list[Item]:
    """Neighbours over equally many elements as stretches, and stretches as one where what stands between lets them."""
    items: list[Item] = []
    stretch: list[Traced] = []
    for call in calls:
        walked = _walked(call, memory)
        if stretch and not (walked and call.shape == stretch[0].shape):
            _add_stretch(items, stretch, sources)
            stretch = []
        if walked:
            stretch.append(call)
        else:
            items.append(call)
    if stretch:
        _add_stretch(items, stretch, sources)
    return items


def _walked(call: Traced, memory: Memory) -> bool:
    """Whether ``call`` can be made block by block, and has so many elements that it should."""
    if call.size < WORTH or not elementwise(call, memory):
        return False
    arrays = [memory.array(each) for each in (*operands_of(call), call)]
    whole = [each for each in arrays if each.size != 1]
    return all(each.shape == call.shape and each.flags.c_contiguous for each in whole)


def _add_stretch(items: list[Item], stretch: list[Traced], sources: Sources) -> None:
    """Put ``stretch`` at the end, and the last one over the same elements with it, if nothing is in the way.

    In the way is what needs the earlier stretch and is needed by the later one. The rest goes before both or after.
    """
    shape = stretch[0].shape
    place = next(
        (at for at in reversed(range(len(items))) if isinstance(e := items[at], Stretch) and e.calls[0].shape == shape),
        None,
    )
    if place is not None:
        earlier, before, after = items[place], list[Item](), list[Item]()
        needing = {id(call) for call in calls_of(earlier)}
        inside = set(needing)
        for item in items[place + 1 :]:
            if any(id(each) in needing for call in calls_of(item) for each in sources[id(call)]):
                needing.update(id(call) for call in calls_of(item))
                after.append(item)
            else:
                before.append(item)
        in_the_way = any(id(each) in needing - inside for call in stretch for each in sources[id(call)])
        if not in_the_way and not (_any_impure(before) and _any_impure(after)):
            items[place:] = [*before, Stretch([*calls_of(earlier), *stretch]), *after]
            return
    items.append(Stretch(stretch))


def _operands_late(calls: Sequence[Traced], sources: Sources) -> list[Traced]:
    """``calls`` each as late as they are needed, what takes longest to make before what is made quickly.

    So few blocks are alive at a time, and they stay where the processor is quick to find them (Sethi and Ullman).
    """
    inside = {id(call) for call in calls}
    needs = {id(call): [each for each in sources[id(call)] if id(each) in inside] for call in calls}
    depth: dict[int, int] = {}
    for call in calls:
        depth[id(call)] = 1 + max((depth[id(each)] for each in needs[id(call)]), default=0)
    order: list[Traced] = []
    done: set[int] = set()
    taken = {id(each) for call in calls for each in needs[id(call)]}
    stack = [(call, False) for call in reversed(calls) if id(call) not in taken]
    while stack:
        call, ready = stack.pop()
        if ready:
            order.append(call)
        elif id(call) not in done:
            done.add(id(call))
            stack.append((call, True))
            stack += [(each, False) for each in sorted(needs[id(call)], key=lambda each: depth[id(each)])]
    return order


def _any_impure(items: Iterable[Item]) -> bool:
    """Whether random numbers are drawn, whose order must stay."""
    return any(WORDS[call.call].impure for item in items for call in calls_of(item))  # type: ignore[index]


# Batches

# When an item is made: its place among the items, and a number for what is put behind that place.
Time = tuple[int, int]


def _batched(items: Sequence[Item], memory: Memory, sources: Sources, late: set[int]) -> list[Item]:
    """Calls alike made as one, as late as the last of their operands is there."""
    time: dict[int, Time] = {id(call): (at, 0) for at, item in enumerate(items) for call in calls_of(item)}
    needed: dict[int, list[int]] = {}
    for call in (call for item in items for call in calls_of(item)):
        for each in sources[id(call)]:
            needed.setdefault(id(each), []).append(id(call))
    batches: list[tuple[Time, Batch]] = []

    def ready(call: Traced) -> Time:
        return max((time[id(each)] for each in sources[id(call)]), default=(-1, 0))

    def until(call: Traced) -> Time:
        return min((time[each] for each in needed.get(id(call), ())), default=(len(items), 0))

    for alike in _alike(items, memory, late):
        loose = [call for call in alike if memory.movable(call)]  # the others stand in rows for somebody else
        for group in _together(loose, ready, until, sources):
            for run in _runs(group, memory):
                made = (max(map(ready, run))[0], 1 + len(batches))
                if made < min(map(until, run)):
                    _stack(run, memory)
                    batches.append((made, Batch(run)))
                    time |= {id(call): made for call in run}
    taken = {id(call) for _, batch in batches for call in batch.calls}
    rest = [((at, 0), item) for at, item in enumerate(items) if id(calls_of(item)[0]) not in taken]
    return [item for _, item in sorted([*rest, *batches], key=lambda each: each[0])]


def _alike(items: Sequence[Item], memory: Memory, late: set[int]) -> Iterator[list[Traced]]:
    """Small calls of the same ufunc on operands of the same form, in the order of the first of each kind."""
    groups: dict[Any, list[Traced]] = {}
    for item in items:
        if not isinstance(item, Traced) or not plain(item) or item.size > SMALL:
            continue
        if id(item) not in late and memory.movable(item) and (form := _form(item, memory, late)) is not None:
            groups.setdefault((item.call, item.shape, item.dtype, form), []).append(item)
    return (group for group in groups.values() if len(group) > 1)


def _form(call: Traced, memory: Memory, late: set[int]) -> Any:
    """What the operands of calls must have in common; None where one is neither the same for many nor a row."""
    operands = operands_of(call)
    forms: list[Any] = []
    for each in operands:
        if not isinstance(each, Traced):
            forms.append((each.dtype, each.shape, each.tobytes() if each.size <= SMALL else id(each)))
        elif id(each) in late or not _in_rows(each, memory):
            forms.append(id(each))
        elif each.ndim != call.ndim:
            return None
        else:  # two operands that are the same are so in all calls
            forms.append((each.dtype, each.shape, each is operands[0]))
    return tuple(forms)


def _in_rows(value: Any, memory: Memory) -> bool:
    """Whether ``value`` is in a stack, or might be."""
    return isinstance(value, Traced) and (memory.place(value).row >= 0 or memory.movable(value))


def _together(
    alike: Sequence[Traced], ready: Callable[[Traced], Time], until: Callable[[Traced], Time], sources: Sources
) -> Iterator[list[Traced]]:
    """``alike`` in groups whose operands are all there before the first result is needed; none needs another."""
    group: list[Traced] = []
    members: set[int] = set()
    first_needed: Time = (0, 0)
    for start, call in sorted([(ready(call), call) for call in alike], key=lambda each: each[0]):
        if group and (start >= first_needed or any(id(each) in members for each in sources[id(call)])):
            if len(group) > 1:
                yield group
            group, members = [], set()
        first_needed = min(first_needed, until(call)) if group else until(call)
        group.append(call)
        members.add(id(call))
    if len(group) > 1:
        yield group


def _runs(group: Sequence[Traced], memory: Memory) -> Iterator[list[Traced]]:
    """Parts of ``group`` whose operands stand in neighbouring rows, or can be put there."""
    run: list[Traced] = []
    loose: set[int] = set()  # operands in no row yet, of which each can be in one only
    for call in sorted(group, key=lambda call: _row(call, memory)):
        own = {id(each) for each in operands_of(call) if memory.movable(each)}
        if run and (own & loose or not _follows(call, run[-1], memory)):
            if len(run) > 1:
                yield run
            run, loose = [], set()
        run.append(call)
        loose |= own
    if len(run) > 1:
        yield run


def _row(call: Traced, memory: Memory) -> int:
    """In which row the operands of ``call`` are."""
    return max((memory.place(each).row for each in operands_of(call) if isinstance(each, Traced)), default=-1)


def _follows(call: Traced, last: Traced, memory: Memory) -> bool:
    """Whether the operands of ``call`` are in the rows after those of ``last``, or neither are in rows."""
    for own, before in zip(operands_of(call), operands_of(last), strict=True):
        if not _in_rows(own, memory):
            continue
        place, above = memory.place(own), memory.place(before)
        if own is before or (above.row < 0 <= place.row):
            return False
        if above.row >= 0 and (place.buffer is not above.buffer or place.row != above.row + 1):
            return False
    return True


def _stack(run: Sequence[Traced], memory: Memory) -> None:
    """Put the operands of ``run`` into rows, those that are not there yet, and its results."""
    for column in zip(*map(operands_of, run), strict=True):
        if isinstance(column[0], Traced) and memory.movable(column[0]):
            memory.stack(column)
    memory.stack(run)
