"""Running a rule on tensors: one dtype for all, the forward, and a node on the tape where something is tracked.

``apply`` does this for whatever a rule takes. Nearly every call has one or two tensors of one floating-point dtype, and
those are run by functions made for their rule, which say the same straight on and leave the rest to ``apply``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.tracing import array_of, value_of
from chainrule.core.engine import dtypes, errors
from chainrule.core.engine.modes import modes, warn
from chainrule.core.engine.tape import STILL, Node, Plan, plan_for
from chainrule.core.engine.tensor import Tensor, fresh
from chainrule.core.ops import checks
from chainrule.core.ops.rule import Rule

Array = NDArray[Any]
Params = Mapping[str, Any]
Runner = Callable[[tuple[Any, ...], Params], Tensor]


def runner(rule: Rule, defaults: Params) -> Runner:
    """What runs ``rule`` on (inputs, parameters); ``defaults`` are the parameters when none is given."""
    if rule.variadic or rule.uncast or len(rule.inputs) > 2:
        return partial(apply, rule)
    return _of_one(rule, defaults) if len(rule.inputs) == 1 else _of_two(rule, defaults)


def _of_one(rule: Rule, defaults: Params) -> Runner:
    """``apply`` for a rule with one input, where that is an array of floats and nobody watches.

    Floats are never promoted: not by other floats, where there are none, nor by numbers.
    """
    forward, check, tracked = rule.forward, rule.check, any(rule.tracks)
    plans: dict[object, Plan] = {}  # those that hold for every shape, for the default parameters

    def run(inputs: tuple[Any, ...], params: Params) -> Tensor:
        (x,) = inputs
        quietly, tracking, unwatched = modes.at_a_call
        if type(x) is not Tensor or type(x._data) is not np.ndarray or x._data.dtype.kind != "f" or not unwatched:
            return apply(rule, inputs, params)
        a = x._data
        if check is not None:
            warning = check(a, **params)
            if type(warning) is str:
                warn(warning)
        result = quietly(forward, a, **params)
        if type(result) is not np.ndarray:
            result = np.asarray(result)
        output = Tensor(result) if tracking and not rule.view else _output(rule, result, inputs)
        if tracking and tracked and x._target is not None and result.dtype.kind == "f":
            plan = plans.get(True) if params is defaults else None
            if plan is None:
                plan = plan_for(rule, params, (True,), (result, a))
                if plan.shapeless and params is defaults:
                    plans[True] = plan
            versions = output._changes, x._changes
            counts = versions[0].count, versions[1].count
            if counts[1] is None:
                _refuse_inference(plan, counts)
            output._target = Node(plan, params, (x._target,), plan.values(result, a), versions, counts, result)
        return output

    return run


def _of_two(rule: Rule, defaults: Params) -> Runner:
    """``apply`` for a rule with two inputs, where both are arrays of one floating-point dtype, or one is a number."""
    forward, check = rule.forward, rule.check
    numbers = [socket.number for socket in rule.inputs]
    tracked = rule.tracks
    no_numbers: tuple[int, ...] = ()
    second_number: tuple[int, ...] = (1,)
    plans: dict[object, Plan] = {}  # as in ``_of_one``, by which inputs are tracked, and which are numbers

    def run(inputs: tuple[Any, ...], params: Params) -> Tensor:
        x, y = inputs
        quietly, tracking, unwatched = modes.at_a_call
        if not unwatched or type(x) is not Tensor:
            return apply(rule, inputs, params)
        a = x._data
        if type(a) is not np.ndarray or a.dtype.kind != "f":
            return apply(rule, inputs, params)
        if type(y) is Tensor:
            b, other, changes, given = y._data, y._target, y._changes, no_numbers
            if type(b) is not np.ndarray or b.dtype is not a.dtype:
                return apply(rule, inputs, params)
        elif numbers[1] and (type(y) is float or type(y) is int):
            b, other, changes, given = np.array(y, a.dtype), None, STILL, second_number
        else:
            return apply(rule, inputs, params)
        if check is not None:
            warning = check(a, y if given else b, **params)
            if type(warning) is str:
                warn(warning)
        try:
            result = quietly(forward, a, b, **params)
        except ValueError:
            checks.broadcast(a.shape, b.shape)
            raise
        if type(result) is not np.ndarray:
            result = np.asarray(result)
        output = Tensor(result) if tracking and not rule.view else _output(rule, result, inputs)
        if tracking and result.dtype.kind == "f":
            target = x._target if tracked[0] else None
            other = other if tracked[1] else None
            if target is None and other is None:
                return output
            pattern = target is None, other is None, given
            plan = plans.get(pattern) if params is defaults else None
            if plan is None:
                needs = target is not None, other is not None
                plan = plan_for(rule, params, needs, (result, a, b), given)
                if plan.shapeless and params is defaults:
                    plans[pattern] = plan
            versions = output._changes, x._changes, changes
            counts = versions[0].count, versions[1].count, changes.count
            if None in counts:
                _refuse_inference(plan, counts)
            output._target = Node(plan, params, (target, other), plan.values(result, a, b), versions, counts, result)
        return output

    return run


def apply(rule: Rule, inputs: tuple[Any, ...], params: Params) -> Tensor:
    """Run ``rule`` on tensors (and numbers, where it takes them), and put a node on the tape if one is tracked."""
    raw = [each._data if type(each) is Tensor else each for each in inputs]
    numbers = [place for place, each in enumerate(inputs) if type(each) is not Tensor]
    if numbers:
        _check_numbers(rule, inputs, numbers)
    if rule.check is not None:
        warning = rule.check(*map(value_of, raw), **params)
        if isinstance(warning, str):
            warn(warning)
    as_they_are = not numbers and (rule.dtype == "as is" or _of_one_float(raw) or rule.promotion(params) == "as is")
    arrays = raw if as_they_are else _promoted(rule, raw, params)
    try:
        result = modes.quietly(rule.forward, *arrays, **params)
    except ValueError:
        checks.broadcast(*(array.shape for array in arrays))
        raise
    output = _output(rule, _known(result), inputs)
    if modes.tracking and output._data.dtype.kind == "f":
        needs = [
            type(each) is Tensor and each._target is not None and rule.tracks[0 if rule.variadic else place]
            for place, each in enumerate(inputs)
        ]
        if True in needs:
            _track(rule, inputs, arrays, params, needs, output)
    return output


def _known(result: Any) -> Array:
    """``result`` as an array of a dtype that torch has: NumPy gives scalars, and sums uint8 to uint64."""
    array: Array = array_of(result)
    return np.astype(array, np.int64) if array.dtype.kind == "u" and array.dtype.itemsize > 1 else array


def _output(rule: Rule, result: Array, inputs: tuple[Any, ...]) -> Tensor:
    """The tensor of ``result``; where it is a view, it shares its input's changes and knows its base."""
    if not rule.view or not _shares_memory(result, inputs[0]._data):
        return fresh(result)
    source: Tensor = inputs[0]
    output = Tensor(result, None, source._changes)
    if any(rule.vjps):  # what is cut off from the tape is no view to it
        output._base = source if source._base is None else source._base
        output._blind = source._blind or not modes.grad_enabled
        source._changes.viewed_by(output)
    return output


def _shares_memory(result: Array, source: Array) -> bool:
    """Whether ``result`` is a view of ``source``; asked of their owners first, which is quicker where it is so."""
    if type(result) is not np.ndarray or type(source) is not np.ndarray:
        return bool(np.may_share_memory(value_of(result), value_of(source)))
    return result is source or result.base is source or np.may_share_memory(result, source)


def _promoted(rule: Rule, raw: list[Any], params: Params) -> list[Array]:
    """``raw`` in one dtype, as the rule asks; numbers become 0-d arrays of it."""
    kept = rule.uncast_places
    counting = [value_of(each) for place, each in enumerate(raw) if place not in kept] if kept else raw
    common = raw[0].dtype if rule.dtype == "first" else _shared(counting)
    if common is None or (rule.promoting and common.kind != "f"):
        counting = [value_of(each) for each in counting]
        counting += [params[name] for name in rule.promoting if params[name] is not None]
        common = dtypes.result_type(counting)
    if common.kind != "f" and rule.promotion(params) == "float":
        common = dtypes.get_default_dtype().numpy
    return [
        each if place in kept or (type(each) is np.ndarray and each.dtype is common) else _cast(each, common)
        for place, each in enumerate(raw)
    ]


def _of_one_float(arrays: Sequence[Any]) -> bool:
    """Whether there is nothing to promote: all are arrays of one floating-point dtype."""
    shared = _shared(arrays)
    return shared is not None and shared.kind == "f"


def _shared(arrays: Sequence[Any]) -> np.dtype[Any] | None:
    """The one dtype of ``arrays``; None where they are not all arrays, or have several."""
    first: np.dtype[Any] | None = None
    for each in arrays:
        if type(each) is not np.ndarray or (first is not None and each.dtype is not first):
            return None
        first = each.dtype
    return first


def _cast(value: Any, dtype: np.dtype[Any]) -> Array:
    """``value`` in ``dtype``; an integer that does not fit wraps round, as it does in PyTorch."""
    return np.astype(array_of(value), dtype, copy=False)


def _check_numbers(rule: Rule, inputs: tuple[Any, ...], numbers: Sequence[int]) -> None:
    for place in numbers:
        socket = rule.inputs[0 if rule.variadic else place]
        legal = (socket.number or socket.optional) and isinstance(inputs[place], (bool, int, float, np.generic))
        if not legal or len(numbers) == len(inputs):
            not_a_tensor(rule.name, socket.name, rule.arguments.index(socket.name), inputs[place])


def not_a_tensor(operation: str, argument: str, place: int, value: Any) -> NoReturn:
    """TypeError for an argument that must be a tensor."""
    raise TypeError(
        f"{operation}(): argument '{argument}' (position {place + 1}) must be Tensor, not {errors.kind_of(value)}"
    )


def _track(
    rule: Rule, inputs: tuple[Any, ...], arrays: list[Array], params: Params, needs: list[bool], output: Tensor
) -> None:
    """Put a node behind ``output``, for gradients of the inputs in ``needs``."""
    numbers = tuple([place for place, each in enumerate(inputs) if type(each) is not Tensor])
    plan = plan_for(rule, params, needs, (output._data, *arrays), numbers)
    versions = output._changes, *[_version(each, array) for each, array in zip(inputs, arrays, strict=True)]
    counts = tuple([version.count for version in versions])
    if None in counts:
        _refuse_inference(plan, counts)
    targets = tuple([each._target if needed else None for each, needed in zip(inputs, needs, strict=True)])
    values = plan.values(output._data, *arrays)
    node = output._target = Node(plan, params, targets, values, versions, counts, output._data)
    if modes.watch is not None:
        node.sockets = tuple([getattr(each, "_socket", None) for each in inputs])
        modes.watch(node)


def _version(source: Any, array: Array) -> Any:
    """What says whether ``array`` has been changed: nobody else can change a number, or a copy in another dtype."""
    return source._changes if type(source) is Tensor and source._data is array else STILL


def _refuse_inference(plan: Plan, counts: Sequence[int | None]) -> None:
    """RuntimeError if ``plan`` keeps a tensor that was made in inference mode."""
    if any(counts[place] is None for place in plan.kept):
        raise RuntimeError(errors.INFERENCE_SAVED)
