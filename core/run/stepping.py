"""An epoch traced: the tape is run once on traced arrays, the optimiser's update too, and what comes of it is a Step.

Parameters of one dtype are laid end to end in one array, and so are their gradients and what the optimiser keeps, so
that the update is a few calls in all. The tensors of the epoch become views of these arrays: tape and program share
their memory, and either can go on where the other stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.collecting import uncollected
from chainrule.core.compile.memory import Update
from chainrule.core.compile.naming import input_names
from chainrule.core.compile.program import Program, Step
from chainrule.core.compile.scheduling import written_down
from chainrule.core.compile.tracing import Traced, TracingError, arguments, read_by
from chainrule.core.document.graph import NodeId
from chainrule.core.engine.random import rehearsing
from chainrule.core.engine.tensor import Tensor, tensor_of
from chainrule.core.ops.vocabulary import WORDS
from chainrule.core.optim.update import Update as Rule
from chainrule.core.optim.update import beginning
from chainrule.core.run.epoch import Epoch

Array = NDArray[Any]

# Inputs that are no leaves: how many steps the optimiser has made, and a learning rate that a scheduler changes.
COUNT, RATE = "steps_done", "learning_rate"
# For so many steps the rates are laid down at once.
AHEAD = 1024


class Stepping:
    """An epoch and the programs made of it. ``arrays`` is the memory they share, by the names in their sources.

    ``names`` are the leaves' names; ``feeds`` the arrays that a leaf's tensor holds some rows of. With ``scheduled``
    the learning rate is an input: one for a run, or, where a step takes no rows, one for every step, out of ``rates``.
    """

    def __init__(
        self,
        epoch: Epoch,
        names: Mapping[NodeId, str],
        feeds: Mapping[NodeId, Array] | None = None,
        *,
        scheduled: bool = False,
    ) -> None:
        self.epoch = epoch
        self.names = input_names(names)
        self.feeds = dict(feeds or {})
        self.scheduled = scheduled
        self.arrays: dict[str, Array] = {}
        self.rates = np.empty(AHEAD)
        self._made_for = self._settled()
        self._lots: list[_Lot] = []
        self._by_columns: set[NodeId] | None = None  # the parameters that are stored so, when it has been decided
        self._programs: dict[int, Program] = {}

    def program(self, rows: int = 0) -> Program:
        """The program of a step that takes so many rows, compiled when it is first asked for.

        Raises TracingError where a step depends on values in a way that no program can follow, and whatever the epoch
        itself would raise.
        """
        if rows not in self._programs:
            self._programs[rows] = self._compiled(rows)
        return self._programs[rows]

    def _compiled(self, rows: int) -> Program:
        for i, every in self.feeds.items():
            self.epoch.leaves[i]._data = every[:rows]
        with uncollected():
            with rehearsing() as drawn:
                try:
                    step = self._trace(constant=True)
                    again = drawn()  # what chance does to a constant it has to do again at every step
                except Exception:  # perhaps the graph itself writes to a leaf: if it was not that, it is raised again
                    again = True
                if again:
                    self._forget()
                    step = self._trace(constant=False)
            fed = {name: np.empty(step.inputs[name].shape, step.inputs[name].dtype) for name in step.feeds}
            return Program(step, {name: self.arrays[name] for name in step.inputs if name not in fed} | fed)

    def _forget(self) -> None:
        """Lay everything out anew, unless there is a program already that counts on how it is."""
        if not self._programs:
            self.arrays.clear()
            self._by_columns = None

    # Before and after a run

    def begin(self) -> None:
        """Bring what tensors and optimiser hold into the arrays: the tape may have gone on with them."""
        for lot in self._lots:
            lot.load(self)
        if RATE in self.arrays:
            self.arrays[RATE][()] = self._options()["lr"]

    def end(self, steps: int, kept: Mapping[str, Array]) -> None:
        """Bring what ``steps`` steps have left into the tensors and the optimiser: gradients, and the count."""
        for i in self.epoch.trained:
            if self.epoch.zero_grad:
                self.epoch.leaves[i].grad = None
        for lot in self._lots:
            lot.store(self, steps, kept)

    def changed(self) -> str:
        """The options by which the optimiser no longer is what the programs were made for; "" where it still is."""
        before, now = self._made_for, self._settled()
        return ", ".join(sorted(name for name in before | now if before.get(name) != now.get(name)))

    def _settled(self) -> dict[str, Any]:
        """What programs are made for: everything but a rate that is an input of theirs."""
        groups = self.epoch.optimizer.param_groups
        inputs = {"initial_lr", "lr"} if self.scheduled else {"initial_lr"}
        options = {name: value for name, value in groups[0].items() if name not in inputs}
        return options | {"params": [[id(each) for each in group["params"]] for group in groups]}

    def _options(self) -> Mapping[str, Any]:
        return self.epoch.optimizer.param_groups[0]

    # Tracing

    def _trace(self, *, constant: bool) -> Step:
        """Run forward, backward and update on traced arrays; leaves that nothing trains may be constants."""
        if len(self.epoch.optimizer.param_groups) > 1:
            raise TracingError("the optimiser has several groups of parameters, each with options of its own")
        inputs: dict[str, Any] = {}
        leaves = {i: self._leaf(i, inputs, constant) for i in self.epoch.leaves}
        began: dict[NodeId, Any] = {i: leaf._data for i, leaf in leaves.items()}
        loss = self.epoch.forward(leaves)
        loss.backward(self.epoch.seed)
        reached = [i for i in self.epoch.trained if leaves[i].grad is not None]
        for i in self.epoch.trained.keys() - set(reached):  # no gradient comes to it, but its values may be read
            inputs[self.names[i]] = began[i]
            self.epoch.leaves[i]._data = self.hold(self.names[i], self.epoch.leaves[i]._data)
        updates = [
            Update(began[i], leaf._data)
            for i, leaf in leaves.items()
            if leaf._data is not began[i] and i not in self.epoch.trained
        ]
        if any(not isinstance(update.target, Traced) for update in updates):
            raise TracingError("the graph writes to a leaf that was taken for a constant")
        kept: dict[str, Any] = {}
        self._lots = []
        if self._by_columns is None:
            turned = only_turned([loss._data, *(leaves[i].grad._data for i in reached)], [began[i] for i in reached])
            self._by_columns = {i for i in reached if began[i] in turned}
        for dtype in dict.fromkeys(leaves[i]._data.dtype for i in reached):
            members = [i for i in reached if leaves[i]._data.dtype == dtype]
            mixed = len({leaves[i]._data.dtype for i in reached}) > 1
            lot = _Lot(members, self, [i in self._by_columns for i in members], mixed=mixed)
            updates += lot.updates(self, leaves, began, inputs, kept)
            self._lots.append(lot)
        if COUNT in inputs:
            updates.append(Update(inputs[COUNT], inputs[COUNT] + 1.0))
        feeds = {self.names[i]: every for i, every in self.feeds.items()}
        if RATE in inputs and not feeds:
            feeds = {RATE: self.rates}
        return Step(inputs, self.epoch.number(loss), updates, feeds, kept)

    def _leaf(self, i: NodeId, inputs: dict[str, Any], constant: bool) -> Tensor:
        own, name = self.epoch.leaves[i], self.names[i]
        if i in self.epoch.trained:
            traced: Any = Traced(own._data, name)
            return tensor_of(traced).requires_grad_()
        if constant and i not in self.feeds and i not in self.epoch.written:
            fixed = own._data.view()
            fixed.flags.writeable = False
            return tensor_of(fixed)
        value = own._data if i in self.feeds else self.hold(name, own._data)
        if i not in self.feeds:
            own._data = value
        inputs[name] = Traced(value, name)
        return tensor_of(inputs[name])

    def hold(self, name: str, value: Any) -> Array:
        """The array called ``name``, begun as ``value`` when it is first asked for."""
        if name not in self.arrays:
            self.arrays[name] = np.array(value, order="C")
        return self.arrays[name]

    def input(self, name: str, value: Any, inputs: dict[str, Traced]) -> Traced:
        """The input called ``name``, on the array of that name."""
        if name not in inputs:
            inputs[name] = Traced(self.hold(name, value), name)
        return inputs[name]


class _Lot:
    """The parameters of one dtype, end to end in one array; a single one is an array of its own shape.

    A matrix that is only ever multiplied by its transpose stands there by columns: that is how BLAS reads it fastest.
    """

    def __init__(self, members: Sequence[NodeId], stepping: Stepping, turned: Sequence[bool], *, mixed: bool) -> None:
        self.members = members
        self.turned = turned
        tensors = [stepping.epoch.leaves[i] for i in members]
        suffix = f"_{tensors[0].dtype.name}" if mixed else ""
        self.single = len(members) == 1 and not turned[0]
        self.parameters = stepping.names[members[0]] if self.single else f"parameters{suffix}"
        self.gradients, self._suffix = f"gradients{suffix}", suffix
        self.shapes = [tensor._data.shape for tensor in tensors]
        ends = np.cumsum([tensor._data.size for tensor in tensors]).tolist()
        self.spans = [slice(end - tensor._data.size, end) for end, tensor in zip(ends, tensors, strict=True)]
        self._state = list(self._rule(stepping).state(stepping._options()))

    def _array(self, name: str) -> str:
        """What the array of what the optimiser keeps under ``name`` is called."""
        return f"optimizer_{name}{self._suffix}"

    @staticmethod
    def _rule(stepping: Stepping) -> Rule:
        return stepping.epoch.optimizer.rule

    def _flat(self, arrays: Iterable[Any]) -> Any:
        """Arrays of the members' shapes as one."""
        listed = [np.transpose(each) if turned else each for each, turned in zip(arrays, self.turned, strict=True)]
        return listed[0] if self.single else np.concatenate([np.reshape(each, (-1,)) for each in listed])

    def _parts(self, flat: Any) -> list[Any]:
        """One array as arrays of the members' shapes, which share its memory."""
        if self.single:
            return [flat]
        return [
            np.transpose(np.reshape(flat[span], shape[::-1])) if turned else np.reshape(flat[span], shape)
            for span, shape, turned in zip(self.spans, self.shapes, self.turned, strict=True)
        ]

    def updates(
        self,
        stepping: Stepping,
        leaves: Mapping[NodeId, Tensor],
        began: Mapping[NodeId, Any],
        inputs: dict[str, Traced],
        kept: dict[str, Any],
    ) -> list[Update]:
        """What a step does to the parameters and to what is kept beside them."""
        tensors = [stepping.epoch.leaves[i] for i in self.members]
        if self.single:
            inputs[self.parameters] = began[self.members[0]]
        memory = stepping.hold(self.parameters, self._flat(tensor._data for tensor in tensors))
        target = inputs.setdefault(self.parameters, Traced(memory, self.parameters))
        for i, tensor, part, own in zip(self.members, tensors, self._parts(target), self._parts(memory), strict=True):
            tensor._data = own
            if part is not began[i]:
                _become(began[i], part)
        untouched = all(leaves[i]._data is began[i] for i in self.members)
        value = target if untouched else self._flat(leaves[i]._data for i in self.members)
        grad = self._flat(leaves[i].grad._data for i in self.members)
        made: list[Update] = []
        if not stepping.epoch.zero_grad:
            total = stepping.input(self.gradients, np.zeros_like(target.value), inputs)
            grad = total + grad
            made.append(Update(total, grad))
        kept[self.gradients] = grad
        state = {name: stepping.input(self._array(name), self._kept(stepping, name), inputs) for name in self._state}
        rule, options = self._rule(stepping), dict(stepping._options())
        value, changed = rule.apply(value, grad, state, self._numbers(stepping, inputs), options)
        return [*made, Update(target, value), *(Update(state[name], changed[name]) for name in self._state)]

    def _numbers(self, stepping: Stepping, inputs: dict[str, Traced]) -> dict[str, Any]:
        """The numbers of a step; those that change from step to step are computed in the program, in float64."""
        options = dict(stepping._options())
        if stepping.scheduled:
            options["lr"] = stepping.input(RATE, np.asarray(options["lr"], np.float64), inputs)
        count = stepping.input(COUNT, np.asarray(self._count(stepping), np.float64), inputs)
        numbers: Mapping[str, Any] = self._rule(stepping).numbers(count + 1.0, options)
        if not any(COUNT in read_by(each) for each in numbers.values()):
            del inputs[COUNT]
        dtype = stepping.epoch.leaves[self.members[0]]._data.dtype
        return {
            name: each if isinstance(each, (int, float)) else np.astype(each, dtype) for name, each in numbers.items()
        }

    def _count(self, stepping: Stepping) -> int:
        """How many steps the optimiser has made; TracingError where that differs between parameters."""
        state = stepping.epoch.optimizer.state
        counts = set()
        for i in self.members:
            of = state.get(stepping.epoch.leaves[i], {})
            counts.add(int(of["step"].item()) if "step" in of else int(bool(of)))
        if len(counts) > 1:
            raise TracingError("the optimiser has made different numbers of steps for different parameters")
        return counts.pop()

    def _kept(self, stepping: Stepping, name: str) -> Any:
        """What the optimiser keeps of the members under ``name``, end to end."""
        options, state = stepping._options(), stepping.epoch.optimizer.state
        arrays = []
        for i in self.members:
            tensor = stepping.epoch.leaves[i]
            of = state.get(tensor, {})
            first = beginning(self._rule(stepping), tensor._data, options)
            arrays.append(of[name]._data if name in of else first[name])
        return self._flat(arrays)

    def load(self, stepping: Stepping) -> None:
        """Before a run: the arrays take what tensors and optimiser hold, where that is not their own memory."""
        for name in self._state:
            _copy(stepping.arrays[self._array(name)], self._kept(stepping, name))
        if COUNT in stepping.arrays:
            stepping.arrays[COUNT][()] = self._count(stepping)
        if self.gradients in stepping.arrays:
            grads = [stepping.epoch.leaves[i].grad for i in self.members]
            zeros = (np.zeros(shape, stepping.arrays[self.gradients].dtype) for shape in self.shapes)
            arrays = (zero if grad is None else grad._data for grad, zero in zip(grads, zeros, strict=True))
            _copy(stepping.arrays[self.gradients], self._flat(arrays))

    def store(self, stepping: Stepping, steps: int, kept: Mapping[str, Array]) -> None:
        """After a run: tensors and optimiser take what the arrays hold."""
        state, rule = stepping.epoch.optimizer.state, self._rule(stepping)
        counted = self._count(stepping) + steps
        grads = self._parts(kept[self.gradients])
        flats = {name: self._parts(stepping.arrays[self._array(name)]) for name in self._state}
        for place, i in enumerate(self.members):
            tensor = stepping.epoch.leaves[i]
            tensor.grad = tensor_of(np.array(grads[place], order="C"))
            for name, parts in flats.items():
                state[tensor][name] = tensor_of(parts[place])
            if rule.counted:
                step = state[tensor].setdefault("step", tensor_of(np.zeros((), np.float32)))
                step._data[...] = counted


def only_turned(results: Sequence[Any], leaves: Sequence[Traced]) -> set[Traced]:
    """Those ``leaves`` that products take transposed, from the right, and never as they are.

    None where random numbers are drawn: they come in the order of memory, which then has to be the tape's.
    """
    turned: dict[Traced, Traced] = {}  # a transpose, and whose it is
    plain: set[Traced | None] = set()
    taken: set[Traced | None] = set()
    for call in written_down(results) if any(leaf.ndim == 2 for leaf in leaves) else ():
        if WORDS[call.call].impure:  # type: ignore[index]
            return set()
        if call.call in (np.transpose, np.swapaxes) and call.ndim == 2 and isinstance(call.args[0], Traced):
            turned[call] = call.args[0]
        elif call.call is np.matmul:
            left, right = (turned.get(each) if isinstance(each, Traced) else None for each in call.args)
            plain.update(arguments(call), (left,))
            taken.add(right)
    return {leaf for leaf in leaves if leaf in taken and leaf not in plain}


def _become(traced: Traced, part: Traced) -> None:
    """Let ``traced``, an input until now, be a view of a larger one."""
    traced.call, traced.args, traced.kwargs, traced.parts = part.call, part.args, part.kwargs, None


def _copy(target: Array, source: Any) -> None:
    if not np.may_share_memory(target, source):
        target[...] = source
