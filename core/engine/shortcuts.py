"""Shortcuts: what a rule, or a composite of several, does to tensors of one case, written out as one straight function.

What follows from shapes, dtypes, parameters and from which inputs are tracked is settled when it is written out; the
function computes arrays and puts nodes on the tape, and only what is returned becomes a tensor. What has to be known
of each step was found out by ``apply``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any, NoReturn

import numpy as np

from chainrule.core.engine import errors
from chainrule.core.engine.cases import Case, Params
from chainrule.core.engine.results import alias, shares_memory, view
from chainrule.core.engine.tape import STILL, Node, Plan, Version
from chainrule.core.engine.tensor import Tensor, fresh, tensor_of
from chainrule.core.ops.rule import Rule

Shortcut = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Step:
    """One rule that was run: on what, how, and what came of it; ``plan`` is None where the output is not tracked."""

    rule: Rule
    params: Params
    case: Case
    plan: Plan | None
    inputs: Sequence[Any]
    output: Tensor

    @property
    def settled(self) -> bool:
        """Whether all is known that other calls of the case will need."""
        recurring = self.plan is None or self.plan in self.case.plans.values()
        return recurring and self.case.forward is not None


def of_a_rule(step: Step, *, tracking: bool) -> Shortcut:
    """The function of the inputs of ``step``. Numbers among them may be others at each call."""
    writer = _Writer(tracking)
    places = [writer.argument(f"x{place}", each) for place, each in enumerate(step.inputs)]
    return writer.function(writer.step(step, places, whole=True).tensor)


def of_a_composite(steps: Sequence[Step], tensors: Sequence[Tensor], result: Any, *, tracking: bool) -> Shortcut | None:
    """The function of ``tensors`` that takes ``steps`` and gives what stands in ``result``.

    None where the steps do not tell how it comes about: where one of them, or what was given, leads nowhere, which is
    how a composite looks at values, or where one is taken on a tensor that was neither given nor made by another.
    """
    writer = _Writer(tracking)
    known = {id(each): writer.argument(f"x{place}", each) for place, each in enumerate(tensors)}
    returned = result if isinstance(result, (tuple, list)) else (result,)
    whole = _whole(steps, returned)
    for step in steps:
        places = [known.get(id(each)) if type(each) is Tensor else _Place("", each) for each in step.inputs]
        there = [place for place in places if place is not None]
        if len(there) < len(places):
            return None
        known[id(step.output)] = writer.step(step, there, whole=id(step.output) in whole)
    distinct = len(known) == len(tensors) + len(steps)
    if not (distinct and all(id(each) in known for each in returned) and _all_lead_to(steps, tensors, returned)):
        return None
    return writer.function(_sequence(type(result), [known[id(each)].tensor for each in returned], writer))


def _whole(steps: Sequence[Step], returned: Iterable[Any]) -> set[int]:
    """By their ids, the results that must become tensors: those returned, and those that they may be views of."""
    whole = {id(each) for each in returned}
    for step in reversed(steps):
        if step.rule.view and id(step.output) in whole:
            whole.add(id(step.inputs[0]))
    return whole


def _all_lead_to(steps: Sequence[Step], tensors: Iterable[Tensor], returned: Iterable[Any]) -> bool:
    """Whether all ``tensors``, and what each step gave, were used by another step or are among ``returned``."""
    used = {id(each) for step in steps for each in step.inputs} | {id(each) for each in returned}
    return all(id(each) in used for each in (*tensors, *(step.output for step in steps)))


def _sequence(kind: type, names: Sequence[str], writer: _Writer) -> str:
    """The text of a result of some ``kind``: a tensor, a sequence of them, or a named tuple."""
    if kind is Tensor:
        return names[0]
    if kind is list:
        return f"[{', '.join(names)}]"
    return _tuple(names) if kind is tuple else f"{writer.constant(kind)}({', '.join(names)})"


def _tuple(texts: Sequence[str]) -> str:
    return f"({', '.join(texts)}{',' * (len(texts) == 1)})"


@dataclass(frozen=True)
class _Place:
    """How the function comes by what belongs to one value.

    ``array`` and ``tensor`` are names; no tensor is made of what is not returned. ``target`` and ``version`` are texts
    that give them, empty where the value has no target and where nobody can write to it. ``met`` is what the value was
    when it was met: an array, or a number, which is always the same where it has no name.
    """

    array: str
    met: Any
    tensor: str = ""
    target: str = ""
    version: str = ""


class _Writer:
    """Writes the lines of one function; whatever does not change from call to call is a constant."""

    def __init__(self, tracking: bool) -> None:
        self.tracking = tracking
        self.arguments: list[str] = []
        self.lines: list[str] = []
        self.constants: list[Any] = []
        self.names: set[str] = set()
        self.new: set[str] = set()  # the versions that the function makes: nobody has changed these

    def function(self, returned: str) -> Shortcut:
        """The function that returns what has the name ``returned``."""
        constants = ", ".join(f"k{place}" for place in range(len(self.constants)))
        body = "".join(f"        {line}\n" for line in (*self.lines, f"return {returned}"))
        text = f"def make({constants}):\n    def shortcut({', '.join(self.arguments)}):\n{body}    return shortcut\n"
        return _maker(text)(*self.constants)

    def constant(self, value: Any) -> str:
        self.constants.append(value)
        return f"k{len(self.constants) - 1}"

    def named(self, name: str, text: str) -> str:
        """The ``name``, which from then on stands for what ``text`` gives; it may have been given before."""
        if name not in self.names:
            self.names.add(name)
            self.lines.append(f"{name} = {text}")
        return name

    def argument(self, name: str, met: Any) -> _Place:
        """A new argument of the function, a tensor or a number."""
        self.arguments.append(name)
        if type(met) is not Tensor:
            return _Place(name, met)
        array = self.named(f"{name}_data", f"{name}._data")
        return _Place(array, met._data, name, f"{name}._target", f"{name}._changes")

    def step(self, step: Step, places: Sequence[_Place], *, whole: bool) -> _Place:
        """The lines that take ``step`` on what stands in ``places``; its result becomes a tensor if it is ``whole``."""
        if step.rule.check_values is not None:
            check = self.constant(partial(step.rule.check_values, **step.params))
            self.lines.append(f"{check}({', '.join(map(self.as_given, places))})")
        name = f"v{len(self.lines)}"
        read = [self.fitting(*pair) for pair in zip(places, step.case.dtypes or [None] * len(places), strict=True)]
        self.named(name, f"{self.constant(step.case.forward)}({', '.join(each.array for each in read)})")
        if not step.output.ndim:
            self.lines.append(f"if type({name}) is not ndarray: {name} = asarray({name})")
        result = _Place(name, step.output._data)
        if step.rule.view:
            return self.viewed(step, result, read, whole=whole)
        if whole and step.plan is not None and 0 in step.plan.kept:
            result = replace(result, version=self.new_version(name))
        result = self.tracked(step, result, read)
        return self.tensor(result) if whole else result

    def as_given(self, place: _Place) -> str:
        return place.array or self.constant(place.met)

    def fitting(self, place: _Place, dtype: np.dtype[Any] | None) -> _Place:
        """What stands in ``place``, in ``dtype``. Nobody else can write to a number, or to a copy."""
        met = place.met
        if dtype is None or (isinstance(met, np.ndarray) and met.dtype == dtype):
            return place
        if not place.array:
            return replace(place, array=self.constant(np.astype(np.asarray(met), dtype)))
        quick = dtype.kind == "f" and type(met) in (int, float)
        text = "array({}, {})" if quick else "astype(asarray({}), {})"
        cast = self.named(f"{place.array}_{dtype}", text.format(place.array, self.constant(dtype)))
        return replace(place, array=cast, version="")

    def viewed(self, step: Step, result: _Place, read: Sequence[_Place], *, whole: bool) -> _Place:
        """``result`` as what may lie in the memory of the first of what is ``read``."""
        array, source = result.array, read[0]
        shared = f"shares_memory({array}, {source.array})"
        if source.version:
            result = replace(result, version=f"({source.version} if {shared} else STILL)")
        result = self.tracked(step, result, read)
        if not whole:
            return result
        known = f"{array}.base is {source.array}"  # so it mostly is, and this says so soonest
        target = result.target or "None"
        seen = (
            f"view({array}, {source.tensor}, {target})"
            if step.rule.differentiable
            else f"alias({array}, {source.tensor})"
        )
        new = f"tensor_of({array}, {target})" if self.tracking else f"fresh({array})"
        tensor = self.named(f"{array}_tensor", f"{seen} if {known} or {shared} else {new}")
        return replace(result, tensor=tensor, version=f"{tensor}._changes")

    def tensor(self, result: _Place) -> _Place:
        """The tensor of ``result``, with its target and its version."""
        parts = ", ".join(each for each in (result.array, result.target or "None", result.version) if each)
        text = f"tensor_of({parts})" if self.tracking else f"fresh({result.array})"
        tensor = self.named(f"{result.array}_tensor", text)
        return replace(result, tensor=tensor, version=result.version or f"{tensor}._changes")

    def tracked(self, step: Step, result: _Place, read: Sequence[_Place]) -> _Place:
        """``result`` with a node for its target, if it is tracked; what stands in ``read`` are the inputs."""
        plan = step.plan
        if plan is None:
            return result
        targets = [
            each.target or "None" if smooth else "None" for each, smooth in zip(read, step.case.smooth, strict=True)
        ]
        outlines = dict(zip(plan.outlined, plan.outlines, strict=True))
        every = (result, *read)
        values = [
            each.array if at in plan.kept else self.constant(outlines[at]) if at in outlines else "None"
            for at, each in enumerate(every)
        ]
        versions = [self.version_of(every[at]) for at in plan.kept]
        counts = [self.count(version) for version in versions]
        parts = ", ".join(map(_tuple, (targets, values, versions, counts)))
        node = f"Node({self.constant(plan)}, {parts})"
        return replace(result, target=self.named(f"{result.array}_node", node))

    def new_version(self, name: str) -> str:
        """The name of a version of its own for the array called ``name``."""
        version = self.named(_version_name(name), "Version()")
        self.new.add(version)
        return version

    def version_of(self, place: _Place) -> str:
        """The name of the version of what stands in ``place``."""
        return self.named(_version_name(place.array), place.version) if place.version else "STILL"

    def count(self, version: str) -> str:
        """How often what has the ``version`` was changed so far; what was made in inference mode is refused."""
        if version == "STILL" or version in self.new:
            return "0"
        count = f"{version}_count"
        if count not in self.names:
            self.named(count, f"{version}.count")
            self.lines.append(f"if {count} is None: refused()")
        return count


def _version_name(array: str) -> str:
    return f"{array}_changes"


def _refused() -> NoReturn:
    raise RuntimeError(errors.INFERENCE_SAVED)


@lru_cache(maxsize=1000)
def _maker(text: str) -> Callable[..., Shortcut]:
    """The function ``make`` of ``text``, which gives the shortcut with certain constants."""
    names = dict(_NAMES)
    exec(text, names)
    made: Callable[..., Shortcut] = names["make"]
    return made


_NAMES: dict[str, Any] = {
    **{each.__name__: each for each in (Node, Version, alias, fresh, shares_memory, tensor_of, view)},
    "STILL": STILL,
    "array": np.array,
    "asarray": np.asarray,
    "astype": np.astype,
    "ndarray": np.ndarray,
    "refused": _refused,
}
