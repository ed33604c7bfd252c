"""Running a rule on tensors: one dtype for all, the forward, and a node on the tape where something is tracked.

``apply`` does this for whatever a rule takes, and notes what it has found out as a ``Case``. The next call of the same
case need not find it out again. Calls that recur more often get ``shortcuts``, and do not come here any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.straight import straight
from chainrule.core.compile.tracing import Traced, array_of, value_of
from chainrule.core.engine import dtypes, errors, results
from chainrule.core.engine.cases import Case, Params, Settings, remember
from chainrule.core.engine.modes import modes, warn
from chainrule.core.engine.shortcuts import Step
from chainrule.core.engine.tape import STILL, Node, Version, plan_for
from chainrule.core.engine.tensor import Tensor
from chainrule.core.ops import checks
from chainrule.core.ops.rule import Rule

Array = NDArray[Any]


def run_rule(rule: Rule, inputs: tuple[Any, ...], settings: Settings) -> Tensor:
    """Run ``rule`` by what is known of the case; where nothing is, find it out."""
    key: list[Any] = []
    arrays: list[Any] = []
    for each in inputs:
        if type(each) is Tensor:
            array = each._data
            key += type(array), array.shape, array.dtype
            arrays.append(array)
        else:
            key.append(type(each))
            arrays.append(each)
    case = settings.cases.get(tuple(key))
    if case is None:
        return apply(rule, inputs, settings, tuple(key))
    quietly, tracking, _ = modes.at_a_call
    params = settings.params
    if case.warning is not None:
        warn(case.warning)
    if rule.check_values is not None:
        rule.check_values(*map(value_of, arrays), **params)
    if case.dtypes:
        arrays = [
            each if dtype is None else _cast(each, dtype) for each, dtype in zip(arrays, case.dtypes, strict=True)
        ]
    if case.forward is not None:
        result = quietly(case.forward, *arrays)
    elif case.traced:
        result = quietly(rule.forward, *arrays, **params)
    else:
        forward = partial(rule.forward, **params)
        case.forward, result = quietly(straight, forward, arrays)
        case.straight = case.forward is not forward
    output = results.output(rule, array_of(result), inputs)
    if tracking and case.smooth:
        _track(rule, case, inputs, arrays, params, output)
    _note(rule, params, case, inputs, output)
    return output


def _note(rule: Rule, params: Params, case: Case, inputs: tuple[Any, ...], output: Tensor) -> None:
    """Tell whoever takes down the steps of a call."""
    if modes.steps is not None:
        plan = output._target.plan if isinstance(output._target, Node) else None
        modes.steps.append(Step(rule, params, case, plan, inputs, output))


def apply(rule: Rule, inputs: tuple[Any, ...], settings: Settings, key: tuple[Any, ...]) -> Tensor:
    """Run ``rule`` on tensors (and numbers, where it takes them), and put a node on the tape if one is tracked.

    What is found out is kept in ``settings`` as the case ``key``.
    """
    params = settings.params
    raw = [each._data if type(each) is Tensor else each for each in inputs]
    numbers = [place for place, each in enumerate(inputs) if type(each) is not Tensor]
    if numbers:
        _check_numbers(rule, inputs, numbers)
    warning = None
    if rule.check is not None:
        warning = rule.check(*map(value_of, raw), **params)
        if isinstance(warning, str):
            warn(warning)
    if rule.check_values is not None:
        rule.check_values(*map(value_of, raw), **params)
    as_they_are = not numbers and (rule.dtype == "as is" or _of_one_float(raw) or rule.promotion(params) == "as is")
    arrays = raw if as_they_are else _promoted(rule, raw, params)
    try:
        result = modes.quietly(rule.forward, *arrays, **params)
    except ValueError:
        checks.broadcast(*(array.shape for array in arrays))
        raise
    known = _known(result)
    output = results.output(rule, known, inputs)
    case = _case(rule, raw, arrays, known.dtype, warning)
    if modes.tracking and case.smooth:
        _track(rule, case, inputs, arrays, params, output)
    _note(rule, params, case, inputs, output)
    plain = known.dtype == result.dtype and _ARRAYS.issuperset(map(type, arrays))
    if settings.recurring and plain and not _by_default_dtype(raw, case.dtypes):
        remember(settings.cases, key, case)
    return output


_ARRAYS = {np.ndarray, Traced}


def _case(rule: Rule, raw: list[Any], arrays: list[Array], result: np.dtype[Any], warning: object) -> Case:
    """What the inputs ``raw``, the ``arrays`` made of them, and the dtype of the result show."""
    smooth = _smooth(rule, len(raw)) if result.kind == "f" else ()
    casts = [None if array is each else array.dtype for each, array in zip(raw, arrays, strict=True)]
    cast = any(dtype is not None for dtype in casts)
    return Case(tuple(casts) if cast else (), warning, smooth, traced=Traced in map(type, raw))


def _by_default_dtype(raw: list[Any], casts: tuple[np.dtype[Any] | None, ...]) -> bool:
    """Whether one of ``casts`` is to floating point where no input is: that is the default dtype, which may change."""
    had = [each.dtype for each in raw if type(each) in _ARRAYS]
    return any(dtype is not None and dtype.kind == "f" and dtype not in had for dtype in casts)


def _smooth(rule: Rule, count: int) -> tuple[bool, ...]:
    """For which of ``count`` inputs a result of ``rule`` is tracked; empty where for none."""
    return rule.tracks * (count if rule.variadic else 1) if any(rule.tracks) else ()


def _known(result: Any) -> Array:
    """``result`` as an array of a dtype that torch has: NumPy gives scalars, and sums uint8 to uint64."""
    array: Array = array_of(result)
    return np.astype(array, np.int64) if array.dtype.kind == "u" and array.dtype.itemsize > 1 else array


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
        each if place in kept or (type(each) in _ARRAYS and each.dtype is common) else _cast(each, common)
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
    rule: Rule, case: Case, inputs: tuple[Any, ...], arrays: Sequence[Array], params: Params, output: Tensor
) -> None:
    """Put a node behind ``output`` if an input is tracked."""
    smooth = case.smooth
    targets, tracked = [], 0
    for place, each in enumerate(inputs):
        target = each._target if type(each) is Tensor and smooth[place] else None
        targets.append(target)
        tracked = 2 * tracked + (target is not None)
    if not tracked:
        return
    result = output._data
    plan = case.plans.get(tracked)
    if plan is None or plan.shape != result.shape:
        needs = [target is not None for target in targets]
        numbers = tuple([place for place, each in enumerate(inputs) if type(each) is not Tensor])
        plan = plan_for(rule, params, needs, (result, *arrays), numbers)
        plan = plan.settled(params, (result, *arrays), recurring=case.straight)
        if case.straight or case.traced:
            case.plans[tracked] = plan
    versions = tuple([_version(output if place == 0 else inputs[place - 1], place, arrays) for place in plan.kept])
    counts = tuple([version.count for version in versions if version.count is not None])
    if len(counts) < len(versions):
        raise RuntimeError(errors.INFERENCE_SAVED)
    values = plan.pick((None, result, *arrays, *plan.outlines))
    node = output._target = Node(plan, tuple(targets), values, versions, counts)
    if modes.watch is not None:
        node.sockets = tuple([getattr(each, "_socket", None) for each in inputs])
        modes.watch(node)


def _version(kept: Any, place: int, arrays: Sequence[Array]) -> Version:
    """The version of what is ``kept``: nobody else can change a number, or a copy in another dtype."""
    own = type(kept) is Tensor and (place == 0 or kept._data is arrays[place - 1])
    return kept._changes if own else STILL
