"""When each call of a program is made, and which are made together.

Calls come in the order in which they were first written down (those of chance as on the tape), with two exceptions.
Elementwise calls over many elements are gathered, so that ``blocking`` can make them block by block; and calls alike on
small values, none of which needs another, are made as one, on stacks of their operands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any

from chainrule.core.compile.elementwise import elementwise, operands_of
from chainrule.core.compile.memory import Memory, Place
from chainrule.core.compile.tracing import Traced, arguments, in_order, plain
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
    found.sort(key=attrgetter("serial"))
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
    return _batched(items, memory, sources, {each for each in late if isinstance(each, Traced)})


def calls_of(item: Item) -> Sequence[Traced]:
    """The calls that ``item`` makes."""
    return (item,) if isinstance(item, Traced) else item.calls


# The calls that each call needs.
Sources = dict[Traced, list[Traced]]


def _sources(calls: Sequence[Traced], memory: Memory) -> Sources:
    """What each call needs, views looked through."""
    sources: Sources = {}
    for call in calls:
        needed = sources[call] = []
        for each in arguments(call):
            while each.call is not None and memory.place(each).view:
                each = each.args[0]
            if each.call is not None:
                needed.append(each)
    return sources


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
    for each in (*operands_of(call), call):
        array = memory.array(each)
        if array.size == 1:
            # A stretch might be making the array that this is an element of, and has made other blocks of it by then.
            if isinstance(each, Traced) and memory.computed_with_others(each):
                return False
        elif array.shape != call.shape or not array.flags.c_contiguous:
            return False
    return True


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
        needing = set(calls_of(earlier))
        inside = set(needing)
        for item in items[place + 1 :]:
            if any(not needing.isdisjoint(sources[call]) for call in calls_of(item)):
                needing.update(calls_of(item))
                after.append(item)
            else:
                before.append(item)
        between = needing - inside
        in_the_way = any(not between.isdisjoint(sources[call]) for call in stretch)
        if not in_the_way and not (_any_impure(before) and _any_impure(after)):
            items[place:] = [*before, Stretch([*calls_of(earlier), *stretch]), *after]
            return
    items.append(Stretch(stretch))


def _operands_late(calls: Sequence[Traced], sources: Sources) -> list[Traced]:
    """``calls`` each as late as they are needed, what takes longest to make before what is made quickly.

    So few blocks are alive at a time, and they stay where the processor is quick to find them (Sethi and Ullman).
    """
    inside = set(calls)
    needs = {call: [each for each in sources[call] if each in inside] for call in calls}
    depth: dict[Traced, int] = {}
    for call in calls:
        depth[call] = 1 + max((depth[each] for each in needs[call]), default=0)
    order: list[Traced] = []
    done: set[Traced] = set()
    taken = set(chain.from_iterable(needs.values()))
    stack = [(call, False) for call in reversed(calls) if call not in taken]
    while stack:
        call, ready = stack.pop()
        if ready:
            order.append(call)
        elif call not in done:
            done.add(call)
            stack.append((call, True))
            stack += [(each, False) for each in sorted(needs[call], key=lambda each: depth[each])]
    return order


def _any_impure(items: Iterable[Item]) -> bool:
    """Whether random numbers are drawn, whose order must stay."""
    return any(WORDS[call.call].impure for item in items for call in calls_of(item))  # type: ignore[index]


# Batches


def _batched(items: Sequence[Item], memory: Memory, sources: Sources, late: set[Traced]) -> list[Item]:
    """Calls alike made as one, as late as the last of their operands is there."""
    # When calls are made: an item's place times ``behind``, and a number for what is put behind that place.
    behind = len(items)
    time: dict[Traced, int] = {}
    needed: dict[Traced, list[Traced]] = {}
    for at, item in enumerate(items):
        for call in calls_of(item):
            time[call] = at * behind
            for each in sources[call]:
                needed.setdefault(each, []).append(call)
    batches: list[tuple[int, Item]] = []

    def ready(call: Traced) -> int:
        return max(map(time.__getitem__, sources[call]), default=-behind)

    def until(call: Traced) -> int:
        return min(map(time.__getitem__, needed.get(call, ())), default=len(items) * behind)

    for alike in _alike(items, memory, late):
        loose = [call for call in alike if memory.movable(call)]  # the others stand in rows for somebody else
        for group in _together(loose, ready, until, sources):
            for run in _runs(group, memory):
                made = max(map(ready, run)) // behind * behind + 1 + len(batches)
                if made < min(map(until, run)):
                    _stack(run, memory)
                    batches.append((made, Batch(run)))
                    time |= dict.fromkeys(run, made)
    taken = {call for _, batch in batches for call in calls_of(batch)}
    rest = [(at * behind, item) for at, item in enumerate(items) if item not in taken]
    return [item for _, item in sorted([*rest, *batches], key=itemgetter(0))]


def _alike(items: Sequence[Item], memory: Memory, late: set[Traced]) -> Iterator[list[Traced]]:
    """Small calls of the same ufunc on operands of the same form, in the order of the first of each kind."""
    groups: dict[Any, list[Traced]] = {}
    for item in items:
        if not isinstance(item, Traced) or not plain(item) or item.size > SMALL:
            continue
        if item not in late and memory.movable(item) and (form := _form(item, memory, late)) is not None:
            groups.setdefault((item.call, item.shape, item.dtype, *form), []).append(item)
    return (group for group in groups.values() if len(group) > 1)


def _form(call: Traced, memory: Memory, late: set[Traced]) -> Any:
    """What the operands of calls must have in common; None where one is neither the same for many nor a row."""
    operands = operands_of(call)
    form: list[Any] = []
    for each in operands:
        if not isinstance(each, Traced):
            form += each.dtype, each.shape, each.tobytes() if each.size <= SMALL else id(each)
        elif each in late or not _in_rows(memory.place(each)):
            form.append(each)
        elif each.ndim != call.ndim:
            return None
        else:  # two operands that are the same are so in all calls
            form += each.dtype, each.shape, each is operands[0]
    return tuple(form)


def _in_rows(place: Place) -> bool:
    """Whether what is at ``place`` is in a stack, or might be."""
    return place.row >= 0 or place.loose


def _together(
    alike: Sequence[Traced], ready: Callable[[Traced], int], until: Callable[[Traced], int], sources: Sources
) -> Iterator[list[Traced]]:
    """``alike`` in groups whose operands are all there before the first result is needed; none needs another."""
    group: list[Traced] = []
    members: set[Traced] = set()
    first_needed = 0
    for start, call in sorted([(ready(call), call) for call in alike], key=itemgetter(0)):
        if group and (start >= first_needed or not members.isdisjoint(sources[call])):
            if len(group) > 1:
                yield group
            group, members = [], set()
        first_needed = min(first_needed, until(call)) if group else until(call)
        group.append(call)
        members.add(call)
    if len(group) > 1:
        yield group


def _runs(group: Sequence[Traced], memory: Memory) -> Iterator[list[Traced]]:
    """Parts of ``group`` whose operands stand in neighbouring rows, or can be put there."""
    placed = [(call, [memory.place(each) for each in operands_of(call) if isinstance(each, Traced)]) for call in group]
    run: list[Traced] = []
    above: list[Place] = []  # where the operands of the last call in ``run`` are
    loose: set[Place] = set()  # operands in no row yet, of which each can be in one only
    for call, places in sorted(placed, key=lambda each: max([place.row for place in each[1]], default=-1)):
        own = {place for place in places if place.loose}
        if run and not (loose.isdisjoint(own) and _follow(places, above)):
            if len(run) > 1:
                yield run
            run, loose = [], set()
        run.append(call)
        above = places
        loose |= own
    if len(run) > 1:
        yield run


def _follow(places: Sequence[Place], above: Sequence[Place]) -> bool:
    """Whether ``places`` are in the rows after those ``above``, or neither are in rows."""
    for place, before in zip(places, above, strict=True):
        if not _in_rows(place):
            continue
        if place is before or before.row < 0 <= place.row:
            return False
        if before.row >= 0 and (place.buffer is not before.buffer or place.row != before.row + 1):
            return False
    return True


def _stack(run: Sequence[Traced], memory: Memory) -> None:
    """Put the operands of ``run`` into rows, those that are not there yet, and its results."""
    for column in zip(*map(operands_of, run), strict=True):
        if isinstance(column[0], Traced) and memory.movable(column[0]):
            memory.stack(column)
    memory.stack(run)
