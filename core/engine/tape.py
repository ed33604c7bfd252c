"""The tape: backward nodes, what they saved, and the accumulators in which gradients end.

Which vjps a node calls, and what of its values it must keep for them, is read off the rule by tracing it. The sweep
that sends gradients through the nodes is in ``sweep``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import copy
from operator import itemgetter
from typing import Any, NoReturn, Protocol
from weakref import ReferenceType, ref

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.tracing import Traced, read_by, stand_in
from chainrule.core.engine import errors
from chainrule.core.engine.dtypes import torch_type_name
from chainrule.core.engine.hooks import Hook, Hooks, RemovableHandle, register
from chainrule.core.engine.modes import modes
from chainrule.core.ops.rule import Rule
from chainrule.core.ops.vocabulary import WORDS

Array = NDArray[Any]

RESULT = "result"  # what a node calls its own output among the tensors it saved

_sequence = itertools.count()


class Ticket:
    """Held by all views of a piece of memory: it is there as long as one of them is."""


class Version:
    """How often a piece of memory was changed in place, and whether it has views; a tensor and its views share one.

    ``count`` is None for a tensor that was made in inference mode: nothing that depends on it may be saved.
    """

    count: int | None = 0
    _ticket: ReferenceType[Ticket] | None = None

    def ticket(self) -> Ticket:
        """What a view of the memory is to hold."""
        ticket = None if self._ticket is None else self._ticket()
        if ticket is None:
            ticket = Ticket()
            self._ticket = ref(ticket)
        return ticket

    @property
    def has_views(self) -> bool:
        """Whether there still is a view."""
        return self._ticket is not None and self._ticket() is not None

    def check(self) -> None:
        """RuntimeError if the memory may not be written to now."""
        if self.count is None and not modes.inference:
            raise RuntimeError(errors.INFERENCE_IN_PLACE)

    def changed(self) -> None:
        """The memory was written to."""
        if self.count is not None:
            self.count += 1


STILL = Version()  # of what nobody else can write to: numbers, and copies in another dtype


class Holder(Protocol):
    """What ``.grad`` is, as far as the tape need know: something with an array that can be added to."""

    _data: Array

    @property
    def _changes(self) -> Version: ...


class Accumulator:
    """Where a gradient ends: the ``.grad`` of one tensor, and how to make it. PyTorch calls a leaf's AccumulateGrad."""

    label: Hashable = None
    grad: Holder | None = None
    hooks: Hooks | None = None
    owner: ReferenceType[Any] | None = None
    revive: Callable[[Accumulator], Any] | None = None  # makes the leaf anew when nobody holds it any more
    next_functions = ()

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype[Any], wrap: Callable[[Array], Holder]) -> None:
        self.shape = shape
        self.dtype = dtype
        self._wrap = wrap

    def name(self) -> str:
        """PyTorch's name."""
        return "torch::autograd::AccumulateGrad"

    @property
    def variable(self) -> Any:
        """The leaf whose gradient this is; where only the tape still knows it, a tensor with the same memory."""
        found = None if self.owner is None else self.owner()
        if found is None and self.revive is not None:
            found = self.revive(self)
            self.owner = ref(found)
        return found

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self):#x}>"

    def add(self, contribution: Array) -> None:
        """Add to ``grad`` in place, so that whoever holds it sees the sum; the first contribution is copied."""
        if type(contribution) is not np.ndarray:  # a trace has nothing to write into
            self.grad = self._wrap(contribution if self.grad is None else self.grad._data + contribution)
        elif self.grad is None:
            self.grad = self._wrap(np.array(contribution))
        else:
            self.grad._changes.check()
            np.add(self.grad._data, contribution, out=self.grad._data)
            self.grad._changes.changed()

    def hooked(self) -> Hooks:
        """Its hooks; there are none until they are first asked for."""
        if self.hooks is None:
            self.hooks = Hooks()
        return self.hooks


class Outline:
    """Stands for an array that was not saved: a vjp that reads only its shape and dtype needs no more."""

    __slots__ = ("dtype", "shape")

    def __init__(self, array: Array) -> None:
        self.shape = array.shape
        self.dtype = array.dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        """What is asked of it by NumPy can only be about its shape, as ``zeros_like`` is."""
        return function(np.broadcast_to(np.zeros((), self.dtype), self.shape), *args[1:], **kwargs)


class Saved:
    """A tensor kept for backward: what it is called, and its array."""

    __slots__ = ("array", "name")

    def __init__(self, name: str, array: Array) -> None:
        self.name = name
        self.array = array


class Plan:
    """What all calls of a rule alike (in ranks, parameters and tracked inputs) have in common on the tape.

    ``vjps`` are those of the tracked inputs by their places, None where what they send is undefined; ``kept`` the
    places in (result, inputs) whose arrays they read, ``outlined`` those of which they ask only the shape. ``numbers``
    are the places given as plain numbers, ``indices`` the parameters that PyTorch keeps as tensors too. ``pick`` takes
    what a node is to hold out of (None, result, inputs, outlines).

    Nodes have one that is ``settled``: for certain ``params``, for the ``shape`` and ``dtype`` of the result, and with
    the ``outlines`` of what is outlined. Where calls recur, ``ways`` are the vjps written out for these, by place.
    """

    params: Mapping[str, Any]
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    outlines: tuple[Outline, ...] = ()
    ways: dict[int, Callable[..., Any]] | None = None

    def __init__(self, rule: Rule, params: Mapping[str, Any], needs: Sequence[bool], numbers: tuple[int, ...]) -> None:
        self.rule = rule
        self.numbers = numbers
        self.refused = rule.refusal(self.number_names, params) is not None
        self.vjps = {place: self._vjp(place) for place, needed in enumerate(needs) if needed}
        self.names = (RESULT, *(_input_name(rule, place) for place in range(len(needs))))
        self.indices = () if rule.saved_params is None else rule.saved_params(params)

    @property
    def number_names(self) -> frozenset[str]:
        """The inputs given as plain numbers, by name."""
        inputs = self.rule.inputs
        return frozenset(inputs[0 if self.rule.variadic else place].name for place in self.numbers)

    def found(self, kept: tuple[int, ...], outlined: tuple[int, ...]) -> Plan:
        """With what tracing the vjps has shown."""
        self.kept, self.outlined = kept, outlined
        count = len(self.names)
        places = {place: 1 + place for place in kept} | {place: 1 + count + at for at, place in enumerate(outlined)}
        self.pick = itemgetter(*(places.get(place, 0) for place in range(count)))
        return self

    def settled(self, params: Mapping[str, Any], arrays: Sequence[Array], *, recurring: bool) -> Plan:
        """The same for calls with ``params`` whose (result, inputs) have the shapes and dtypes of ``arrays``."""
        plan = copy(self)
        plan.params, plan.shape, plan.dtype = params, arrays[0].shape, arrays[0].dtype
        plan.outlines = tuple([Outline(arrays[place]) for place in self.outlined])
        plan.ways = {} if recurring and not self.refused else None
        return plan

    def _vjp(self, place: int) -> Callable[..., Any] | None:
        return self._refuse if self.refused else self.rule.vjps[0 if self.rule.variadic else place]

    def at(self, place: int, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the vjp of the input at ``place`` is given by name; that of a variadic rule is told the place."""
        return {"at": place, **params} if self.rule.variadic else params

    def _refuse(self, *values: Any, **params: Any) -> NoReturn:
        """What is called in the place of a vjp that torch has not either."""
        params.pop("at", None)
        refusal = self.rule.refusal(self.number_names, params)
        assert refusal is not None
        raise refusal


def _input_name(rule: Rule, place: int) -> str:
    return f"{rule.inputs[0].name}.{place}" if rule.variadic else rule.inputs[place].name


class Node:
    """One backward node: the rule that ran, where its contributions go, and what it saved for them.

    ``values`` are the vjp's arguments, the result first: arrays where they were saved, outlines or None elsewhere;
    None once freed. ``versions`` are those of the saved alone, in the order in which the plan names them, and
    ``counts`` how often each had been changed by then. ``targets`` are by input; ``sockets`` what a graph calls those
    ways out. ``label`` and ``index`` say for whom it was made, and which of theirs it is.
    """

    label: Hashable = None
    index = 0
    sockets: tuple[str | None, ...] = ()
    retained: Accumulator | None = None
    hooks: Hooks | None = None
    trace: Any = None  # where it was made, while anomalies are being looked for
    _saved: list[Saved] | None = None

    def __init__(
        self,
        plan: Plan,
        targets: tuple[Node | Accumulator | None, ...],
        values: tuple[Any, ...],
        versions: tuple[Version, ...],
        counts: tuple[int, ...],
    ) -> None:
        self.plan = plan
        self.targets = targets
        self.values: tuple[Any, ...] | None = values
        self.versions = versions
        self.counts = counts
        self.sequence = next(_sequence)

    @property
    def params(self) -> Mapping[str, Any]:
        """The parameters of the call."""
        return self.plan.params

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the gradient that arrives, which is the result's."""
        return self.plan.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the gradient that arrives, which is the result's."""
        return self.plan.dtype

    def name(self) -> str:
        """PyTorch's name, such as ``MulBackward0``."""
        return self.plan.rule.grad_fn_name(self.plan.number_names, self.params)

    def __repr__(self) -> str:
        return f"<{self.short_name()} object at {id(self):#x}>"

    def short_name(self) -> str:
        """The name without C++'s namespace, as tensors print it."""
        return self.name().rpartition("::")[2]

    @property
    def spent(self) -> bool:
        """A backward has freed what this node saved; it cannot run again."""
        return self.values is None

    @property
    def next_functions(self) -> tuple[tuple[Node | Accumulator | None, int], ...]:
        """The nodes that its contributions go to, by input."""
        return tuple((target, 0) for target in self.targets)

    def socket(self, place: int) -> str | None:
        """What a graph calls the way to input ``place``."""
        return self.sockets[place] if self.sockets else None

    @property
    def saved(self) -> list[Saved]:
        """The tensors it keeps; they may be renamed by whoever knows them by another name."""
        if self.values is None:
            return []
        if self._saved is None:
            plan = self.plan
            self._saved = [Saved(plan.names[place], self.values[place]) for place in plan.kept]
            self._saved += [Saved(name, np.empty(0)) for name in plan.indices]
        return self._saved

    def check(self) -> None:
        """RuntimeError where it has been freed, or where a saved tensor was changed since it was saved."""
        if self.values is None:
            raise RuntimeError(errors.SPENT)
        for place, version, count in zip(self.plan.kept, self.versions, self.counts, strict=True):
            if version.count != count:
                self._refuse(place, self.values[place], version.count or 0, count)

    def _refuse(self, place: int, array: Array, count: int, expected: int) -> NoReturn:
        maker = self if place == 0 else self.targets[place - 1]
        origin = maker.short_name().partition("Backward")[0] if isinstance(maker, Node) else ""
        name = torch_type_name(array)
        raise RuntimeError(errors.modified(name, array.shape, origin, count, expected, modes.anomaly))

    def free(self) -> None:
        """Give up what was saved. A node that saved nothing can run again and again."""
        if self.plan.kept or self.plan.indices:
            self.values, self.versions, self._saved = None, (), None

    def hooked(self) -> Hooks:
        """Its hooks; there are none until they are first asked for."""
        if self.hooks is None:
            self.hooks = Hooks()
        return self.hooks

    def register_hook(self, fn: Hook) -> RemovableHandle:
        """Call ``fn(grad_inputs, grad_outputs)`` after this node has run; it may return other ``grad_inputs``."""
        return register(self.hooked().after, fn)

    def register_prehook(self, fn: Hook) -> RemovableHandle:
        """Call ``fn(grad_outputs)`` before this node runs; it may return other ``grad_outputs``."""
        return register(self.hooked().before, fn)


def fitted(gradient: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    """``gradient`` in ``shape`` and ``dtype``: summed over what was broadcast forward, spread over what was folded.

    It may be anything that NumPy's functions take: an array, a number, or what stands for an array in a trace.
    """
    if isinstance(gradient, (np.generic, int, float)):
        gradient = np.asarray(gradient)
    if gradient.shape != shape:
        gradient = _reshaped(gradient, shape)
    return gradient if gradient.dtype == dtype else np.astype(gradient, dtype)


def _reshaped(gradient: Any, shape: tuple[int, ...]) -> Any:
    extra = gradient.ndim - len(shape)
    if extra > 0:
        gradient = _summed(gradient, tuple(range(extra)), keepdims=False)
    skip = min(extra, 0)
    folded = tuple(d for d, side in enumerate(shape) if d >= -extra and side == 1 != gradient.shape[d + skip])
    if folded:
        gradient = _summed(gradient, folded, keepdims=True)
    return gradient if gradient.shape == shape else np.broadcast_to(gradient, shape)


def _summed(gradient: Any, axis: tuple[int, ...], *, keepdims: bool) -> Any:
    total = np.sum(gradient, axis=axis, keepdims=keepdims)
    return np.asarray(total) if isinstance(total, np.generic) else total


# Plans

_plans: dict[object, Plan] = {}
_MANY_PLANS = 1000  # then it is begun anew: ranks, parameters and counts of inputs may never recur


def plan_for(
    rule: Rule,
    params: Mapping[str, Any],
    needs: Sequence[bool],
    values: Sequence[Array],
    numbers: tuple[int, ...] = (),
) -> Plan:
    """The plan for gradients of the inputs in ``needs``; ``values`` are the result, then the inputs.

    Found by tracing the vjps once for each pattern of ranks and parameters, never declared by hand.
    """
    ranks = [value.ndim if value.size else ~value.ndim for value in values]  # rules may branch on emptiness
    key = (rule, numbers, *needs, *ranks, *[p if type(p) in _AS_THEY_ARE else _sort(p) for p in params.values()])
    found = _plans.get(key)
    if found is None:
        if len(_plans) >= _MANY_PLANS:
            _plans.clear()
        found = _plans[key] = _trace(Plan(rule, params, needs, numbers), params, values)
    return found


_AS_THEY_ARE = {bool, str, type(None)}


def _sort(param: Any) -> object:
    """What of a parameter a rule may branch on: words, switches and None as they are, of anything else its type."""
    if type(param) is tuple:
        return tuple([each if type(each) in _AS_THEY_ARE else _sort(each) for each in param])
    return param if type(param) in _AS_THEY_ARE else type(param)


class _Watched(Traced):
    """A traced array that notices whether its shape is asked for; ``heard`` collects the names of those asked."""

    def __init__(self, traced: Traced, heard: set[str]) -> None:
        super().__init__(traced.value, traced.name, traced.call, traced.args, traced.kwargs)
        self.heard = heard

    @property
    def shape(self) -> tuple[int, ...]:
        self.heard.add(self.name)
        return super().shape

    @property
    def ndim(self) -> int:
        self.heard.add(self.name)
        return super().ndim

    @property
    def dtype(self) -> np.dtype[Any]:
        self.heard.add(self.name)
        return super().dtype

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *args: Any, **kwargs: Any) -> Traced:
        return _Watched(super().__array_ufunc__(ufunc, method, *args, **kwargs), self.heard)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Traced:
        called = super().__array_function__(function, types, args, kwargs)
        if WORDS[function].shape_only:
            self.heard.add(self.name)
        return _Watched(called, self.heard)

    def __getitem__(self, at: Any) -> Traced:
        return _Watched(super().__getitem__(at), self.heard)


def _trace(plan: Plan, params: Mapping[str, Any], values: Sequence[Array]) -> Plan:
    """``plan`` with what its vjps read when they are called on stand-ins for ``values``."""
    heard: set[str] = set()
    upstream, *traced = (
        _Watched(stand_in(name, value.shape, value.dtype), heard)
        for name, value in zip(("g", *map(str, range(len(values)))), (values[0], *values), strict=True)
    )
    read: set[str] = set()
    with np.errstate(all="ignore"):
        for place, vjp in () if plan.refused else plan.vjps.items():
            if vjp is not None:
                read |= read_by(vjp(upstream, *traced, **plan.at(place, params)))
    kept = tuple(place for place in range(len(values)) if str(place) in read)
    asked = tuple(place for place in range(len(values)) if str(place) in heard and place not in kept)
    return plan.found(kept, asked)
