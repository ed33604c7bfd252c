"""Running a rule on tensors: one dtype for all, the forward, and a node on the tape where something is tracked.

``apply`` does this for whatever a rule takes, and notes what it has found out as a ``Case``. The next call of the same
case need not find it out again; for one and for two inputs, which nearly all calls have, that is said straight on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import is_
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.straight import straight
from chainrule.core.compile.tracing import array_of, value_of
from chainrule.core.engine import dtypes, errors
from chainrule.core.engine.cases import Case, Params, Settings, remember
from chainrule.core.engine.modes import modes, warn
from chainrule.core.engine.tape import STILL, Node, Plan, plan_for
from chainrule.core.engine.tensor import Tensor, fresh
from chainrule.core.ops import checks
from chainrule.core.ops.rule import Rule

Array = NDArray[Any]
Runner = Callable[[tuple[Any, ...], Settings], Tensor]


def runner(rule: Rule) -> Runner:
    """What runs ``rule`` on (inputs, settings)."""
    if rule.variadic or len(rule.inputs) > 2:
        return partial(_run, rule)
    return _of_one(rule) if len(rule.inputs) == 1 else _of_two(rule)


def _of_one(rule: Rule) -> Runner:
    """``_run`` for one input."""
    view, check_values = rule.view, rule.check_values

    def run(inputs: tuple[Any, ...], settings: Settings) -> Tensor:
        (x,) = inputs
        quietly, tracking, unwatched = modes.at_a_call
        if type(x) is not Tensor or not unwatched:
            return _run(rule, inputs, settings)
        a = x._data
        case = settings.cases.get((type(a), a.shape, a.dtype))
        if case is None or not case.ready:
            return _run(rule, inputs, settings)
        if check_values is not None:
            check_values(a, **settings.params)
        result = quietly(case.forward, a)
        if type(result) is not np.ndarray:
            result = np.asarray(result)
        output = Tensor(result) if tracking and not view else _output(rule, result, inputs)
        if tracking and x._target is not None and case.smooth:
            plan = case.plans.get(1)
            if plan is None:
                _track(rule, case, inputs, (a,), settings.params, output)
                return output
            versions = output._changes, x._changes
            counts = versions[0].count, versions[1].count
            if counts[1] is None:
                _refuse_inference(plan, counts)
            values = plan.pick((None, result, a, *plan.outlines))
            output._target = Node(plan, settings.params, (x._target,), values, versions, counts, result)
        return output

    return run


def _of_two(rule: Rule) -> Runner:
    """``_run`` for two inputs."""
    view, check_values = rule.view, rule.check_values

    def run(inputs: tuple[Any, ...], settings: Settings) -> Tensor:
        x, y = inputs
        quietly, tracking, unwatched = modes.at_a_call
        if type(x) is not Tensor or not unwatched:
            return _run(rule, inputs, settings)
        a = x._data
        if type(y) is Tensor:
            b, target, version = y._data, y._target, y._changes
            case = settings.cases.get((type(a), a.shape, a.dtype, type(b), b.shape, b.dtype))
        else:
            b, target, version = y, None, STILL
            case = settings.cases.get((type(a), a.shape, a.dtype, type(b)))
        if case is None or not case.ready:
            return _run(rule, inputs, settings)
        if check_values is not None:
            check_values(a, b, **settings.params)
        if b is y:
            b = np.array(y, case.dtypes[1])
        result = quietly(case.forward, a, b)
        if type(result) is not np.ndarray:
            result = np.asarray(result)
        output = Tensor(result) if tracking and not view else _output(rule, result, inputs)
        if tracking and case.smooth:
            targets = x._target if case.smooth[0] else None, target if case.smooth[1] else None
            tracked = 2 * (targets[0] is not None) + (targets[1] is not None)
            if tracked:
                plan = case.plans.get(tracked)
                if plan is None:
                    _track(rule, case, inputs, (a, b), settings.params, output)
                    return output
                versions = output._changes, x._changes, version
                counts = versions[0].count, versions[1].count, version.count
                if None in counts:
                    _refuse_inference(plan, counts)
                values = plan.pick((None, result, a, b, *plan.outlines))
                output._target = Node(plan, settings.params, targets, values, versions, counts, result)
        return output

    return run


def _run(rule: Rule, inputs: tuple[Any, ...], settings: Settings) -> Tensor:
    """Run ``rule``, by what is known of the case, if it is known."""
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
    quietly, tracking, _ = modes.at_a_call
    params = settings.params
    case = settings.cases.get(tuple(key))
    if case is None:
        return apply(rule, inputs, settings, tuple(key))
    if case.warning is not None:
        warn(case.warning)
    if rule.check_values is not None:
        rule.check_values(*arrays, **params)
    if case.dtypes:
        arrays = [
            each if type(each) is np.ndarray and each.dtype is dtype else _cast(each, dtype)
            for each, dtype in zip(arrays, case.dtypes, strict=True)
        ]
    if case.forward is None:
        forward, result = quietly(straight, partial(rule.forward, **params), arrays)
        case.found(forward)
    else:
        result = quietly(case.forward, *arrays)
    if type(result) is not np.ndarray:
        result = np.asarray(result)
    output = _output(rule, result, inputs)
    if tracking and case.smooth:
        _track(rule, case, inputs, arrays, params, output)
    return output


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
    output = _output(rule, known, inputs)
    case = _case(rule, raw, arrays, known.dtype, warning)
    if modes.tracking and case.smooth:
        _track(rule, case, inputs, arrays, params, output)
    plain = known.dtype == result.dtype and all(type(array) is np.ndarray for array in arrays)
    if settings.recurring and plain and not _by_default_dtype(raw, case.dtypes):
        remember(settings.cases, key, case)
    return output


def _case(rule: Rule, raw: list[Any], arrays: list[Array], result: np.dtype[Any], warning: object) -> Case:
    """What the inputs ``raw``, the ``arrays`` made of them, and the dtype of the result show."""
    smooth = _smooth(rule, len(raw)) if result.kind == "f" else ()
    if all(map(is_, raw, arrays)):
        return Case((), warning, smooth, plain=True)
    pairs = zip(raw, arrays, strict=True)
    plain = all(each is array or (type(each) in (int, float) and array.dtype.kind == "f") for each, array in pairs)
    return Case(tuple([array.dtype for array in arrays]), warning, smooth, plain=plain)


def _by_default_dtype(raw: list[Any], casts: tuple[np.dtype[Any], ...]) -> bool:
    """Whether one of ``casts`` is to floating point where no input is: that is the default dtype, which may change."""
    had = [each.dtype for each in raw if type(each) is np.ndarray]
    return any(dtype.kind == "f" and dtype not in had for dtype in casts)


def _smooth(rule: Rule, count: int) -> tuple[bool, ...]:
    """For which of ``count`` inputs a result of ``rule`` is tracked; empty where for none."""
    return rule.tracks * (count if rule.variadic else 1) if any(rule.tracks) else ()


def _known(result: Any) -> Array:
    """``result`` as an array of a dtype that torch has: NumPy gives scalars, and sums uint8 to uint64."""
    array: Array = array_of(result)
    return np.astype(array, np.int64) if array.dtype.kind == "u" and array.dtype.itemsize > 1 else array


def _output(rule: Rule, result: Array, inputs: tuple[Any, ...]) -> Tensor:
    """The tensor of ``result``; where it is a view, it shares its input's changes and knows its base."""
    if not rule.view:
        return fresh(result)
    source: Tensor = inputs[0]
    if not _shares_memory(result, source._data):
        return fresh(result)
    output = Tensor(result, None, source._changes)
    if rule.differentiable:  # what is cut off from the tape is no view to it
        output._base = source if source._base is None else source._base
        output._blind = source._blind or not modes.grad_enabled
        output._ticket = source._changes.ticket()
    return output


def _shares_memory(result: Array, source: Array) -> bool:
    """Whether ``result`` is a view of ``source``; asked of their owners first, which is quicker where it is so."""
    if type(result) is not np.ndarray or type(source) is not np.ndarray:
        return bool(np.may_share_memory(value_of(result), value_of(source)))
    owner = result.base
    return owner is source or owner is source.base is not None or np.may_share_memory(result, source)


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
    rule: Rule, case: Case, inputs: tuple[Any, ...], arrays: Sequence[Array], params: Params, output: Tensor
) -> None:
    """Put a node behind ``output`` if an input is tracked."""
    smooth = case.smooth
    versions, targets, tracked = [output._changes], [], 0
    for place, each in enumerate(inputs):
        target, version = None, STILL
        if type(each) is Tensor:
            if smooth[place]:
                target = each._target
            if each._data is arrays[place]:  # nobody else can change a number, or a copy in another dtype
                version = each._changes
        targets.append(target)
        versions.append(version)
        tracked = 2 * tracked + (target is not None)
    if not tracked:
        return
    result = output._data
    plan = case.plans.get(tracked)
    if plan is None:
        needs = [target is not None for target in targets]
        numbers = tuple([place for place, each in enumerate(inputs) if type(each) is not Tensor])
        plan = plan_for(rule, params, needs, (result, *arrays), numbers)
        if case.forward is not None:
            plan = case.plans[tracked] = plan.recurring(result, *arrays)
    counts = tuple([version.count for version in versions])
    if None in counts:
        _refuse_inference(plan, counts)
    outlines = plan.outlines_of((result, *arrays)) if plan.ways is None else plan.outlines
    values = plan.pick((None, result, *arrays, *outlines))
    node = output._target = Node(plan, params, tuple(targets), values, tuple(versions), counts, result)
    if modes.watch is not None:
        node.sockets = tuple([getattr(each, "_socket", None) for each in inputs])
        modes.watch(node)


def _refuse_inference(plan: Plan, counts: Sequence[int | None]) -> None:
    """RuntimeError if ``plan`` keeps a tensor that was made in inference mode."""
    if any(counts[place] is None for place in plan.kept):
        raise RuntimeError(errors.INFERENCE_SAVED)
