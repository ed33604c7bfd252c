"""The whole epoch loop compiled by Numba, from the same recorded calls: explicit loops over elements, no calls at all.

Numba is the optional extra ``turbo`` and is imported when a loop is first compiled. Which calls share a loop is
``fusing``'s; when it is worth it is the caller's to say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.fusing import FOLD, JOIN, PRODUCT, VIEW, Group, base_of, call_inputs, grouped, sort_of
from chainrule.core.compile.identities import ELEMENTARY
from chainrule.core.compile.memory import Update
from chainrule.core.compile.places import flat, met, nest, unviewed
from chainrule.core.compile.program import Program
from chainrule.core.compile.rewriting import Rewriter
from chainrule.core.compile.scheduling import written_down
from chainrule.core.compile.tracing import Traced, TracingError, value_of
from chainrule.core.ops.vocabulary import WORDS

Array = NDArray[Any]

# Rounding may be reordered; nan, infinity and signed zero keep their meaning.
FASTMATH = {"reassoc", "contract", "arcp"}
INFIX = {np.add: "+", np.subtract: "-", np.multiply: "*", np.divide: "/"}
FOLDING: dict[Any, tuple[str, str]] = {
    np.sum: ("0", "{0} + {1}"),
    np.prod: ("1", "{0} * {1}"),
    np.max: ("-np.inf", "np.maximum({0}, {1})"),
    np.min: ("np.inf", "np.minimum({0}, {1})"),
}


class Fused:
    """The steps of ``program`` as one compiled loop on the same arrays. TracingError for what it cannot do.

    ``source`` is what Numba is given; ``calls`` counts the recorded calls in it and ``largest`` the multiplications of
    its largest matrix product. Compiling, at the first run, takes a second, or many where there are
    hundreds of calls.
    """

    def __init__(self, program: Program) -> None:
        step = program.step
        if program.inline:
            raise TracingError("the fused loop keeps no large values, makes no long steps and draws no random numbers")
        results = Rewriter(ELEMENTARY).rewrite([step.loss, *(update.value for update in step.updates)])
        updates = [Update(old.target, value) for old, value in zip(step.updates, results[1:], strict=True)]
        writer = _Writer(step.inputs, results[0], updates, step.feeds)
        self.source = writer.source()
        self.calls, self.largest = writer.calls, writer.largest
        self._program = program
        self._constants = list(writer.constants.values())
        self._run: Callable[..., None] | None = None

    def run(self, count: int, rows: Sequence[Array] = ()) -> Array:
        """``Program.run``."""
        run = self.compile()
        losses = np.empty(count, self._program.dtype)
        fed = [self._program.step.feeds[name] for name in self._program.step.feeds]
        taken = [np.array(rows, np.int64).reshape(count, -1 if count else 0)] if fed else []
        run(losses, *self._arrays(), *self._constants, *fed, *taken)
        return losses

    def compile(self) -> Callable[..., None]:
        """The compiled function, compiled when it is first asked for; whatever Numba raises where it cannot."""
        if self._run is None:
            run = _compiled(self.source)
            fed = list(self._program.step.feeds.values())
            taken = [np.zeros((0, 1), np.int64)] if fed else []
            run(np.empty(0, self._program.dtype), *self._arrays(), *self._constants, *fed, *taken)
            self._run = run
        return self._run

    def _arrays(self) -> list[Array]:
        return [self._program.arrays[name] for name in self._program.step.inputs]

    def run_and_keep(self, count: int, rows: Sequence[Array] = ()) -> tuple[Array, dict[str, Array]]:
        """``Program.run_and_keep``."""
        losses = self.run(count - 1, rows[: count - 1])
        kept = self._program.keep(rows[count - 1 :])
        return np.concatenate([losses, self.run(1, rows[count - 1 :])]), kept


@lru_cache(maxsize=64)
def _compiled(source: str) -> Callable[..., None]:
    """What ``source`` defines; the same graph trained again is not compiled again."""
    import numba

    namespace: dict[str, Any] = {"np": np, "math": math}
    exec(compile(source, "<fused loop>", "exec"), namespace)
    run: Callable[..., None] = numba.njit(fastmath=FASTMATH, error_model="numpy", nogil=True)(namespace["run"])
    return run


def available() -> bool:
    """Whether the extra is installed."""
    from importlib.util import find_spec

    return find_spec("numba") is not None


class _Writer:
    """Writes the function. A value of one element is a local variable; others are arrays only if a later loop needs
    them.
    """

    def __init__(
        self, inputs: Mapping[str, Traced], loss: Any, updates: Sequence[Update], feeds: Mapping[str, Array]
    ) -> None:
        self.inputs, self.loss, self.updates, self.feeds = inputs, loss, updates, feeds
        self.constants: dict[str, Array] = {}
        self._constant_names: dict[int, str] = {}
        self._names: dict[Traced, str] = {each: name for name, each in inputs.items()}
        self._homes: dict[Traced, tuple[str, int]] = {}  # a value that is stored in part of another: that, and where
        self._inner: dict[Traced, str] = {}  # values of the walk that is being written
        self._allocated: list[str] = []
        self._lines: list[str] = []
        self.order = written_down([loss, *(update.value for update in updates)])
        self.groups = grouped(self.order)
        self.calls = len(self.order)
        self.largest = max((_multiplications(call) for call in self.order if call.call is np.matmul), default=0)
        self._stored = self._needed_as_arrays()

    def _needed_as_arrays(self) -> set[Traced]:
        """The values that a later group reads, or an update, other than as the local variable of one element."""
        place = {call: at for at, group in enumerate(self.groups) for call in group.calls}
        stored = {base_of(each.value) for each in self.updates if isinstance(each.value, Traced)}
        for at, group in enumerate(self.groups):
            for call in group.calls:
                stored |= {each for each in call_inputs(call) if place.get(each, at) != at or sort_of(call) == JOIN}
                if sort_of(call) in (PRODUCT, JOIN) or (sort_of(call) == FOLD and call.size > 1):
                    stored.add(call)
        return stored

    # The function

    def source(self) -> str:
        self._place_joins()
        for group in self.groups:
            self._write(group)
        body = [*self._fed(), *self._lines, *self._finish()]
        scalars = [(name, each) for name, each in self.inputs.items() if each.size == 1]
        parameters = ["losses", *(f"{name}_" if each.size == 1 else name for name, each in self.inputs.items())]
        parameters += [*self.constants, *(f"every_{name}" for name in self.feeds), *(["rows"] if self.feeds else [])]
        return "\n".join(
            [
                f"def run({', '.join(parameters)}):",
                *(f"    {name} = {name}_{_first(each)}" for name, each in scalars),
                *(f"    {line}" for line in self._allocated),
                "    for step in range(losses.shape[0]):",
                *(f"        {line}" for line in body or ["pass"]),
                *(f"    {name}_{_first(each)} = {name}" for name, each in scalars),
                "",
            ]
        )

    def _fed(self) -> list[str]:
        lines = []
        for name in self.feeds:
            shape = self.inputs[name].shape
            if self.inputs[name].size == 1:
                lines.append(f"{name} = every_{name}[{', '.join(['rows[step, 0]', *['0'] * (len(shape) - 1)])}]")
                continue
            loops, at = nest(shape)
            rest = ", ".join(["rows[step, i0]", *at[1:]])
            lines += [*loops, f"{'    ' * len(at)}{name}[{', '.join(at)}] = every_{name}[{rest}]"]
        return lines

    def _finish(self) -> list[str]:
        """The loss into its place, and the updates: all values first, since one may depend on what another changes."""
        lines = [f"losses[step] = {self._scalar(self.loss)}"]
        arrays = {each.target for each in self.updates if each.target.size > 1}
        if any(isinstance(each.value, Traced) and base_of(each.value) in arrays for each in self.updates):
            raise TracingError("the fused loop writes no array that an update copies")
        scalar = [each for each in self.updates if each.target.size == 1]
        if scalar:
            targets = ", ".join(self._names[each.target] for each in scalar)
            values = ", ".join(_cast(self._scalar(each.value), each.target.dtype) for each in scalar)
            lines.append(f"{targets} = {values}")
        for each in self.updates:
            if each.target.size > 1:
                loops, at = nest(each.target.shape)
                value = self._at(each.value, at, each.target.shape)
                lines += [*loops, f"{'    ' * len(at)}{self._names[each.target]}[{', '.join(at)}] = {value}"]
        return lines

    # Where values are

    def _name(self, value: Traced) -> str:
        if value not in self._names:
            self._names[value] = f"v{len(self._names)}"
        return self._names[value]

    def _place_joins(self) -> None:
        """What is joined is stored in its place from the start."""
        for call in self.order:
            if call.call is not np.concatenate or call.size == 1:
                continue
            self._allocate(call)
            if call.ndim != 1:
                raise TracingError("the fused loop joins vectors only")
            start = 0
            for part in call.args[0]:
                base = base_of(part) if isinstance(part, Traced) else None
                if base is not None and base not in self._homes and _fills(part, base, call):
                    self._homes[base] = self._name(call), start
                start += np.size(value_of(part))

    def _allocate(self, value: Traced) -> None:
        if value.size > 1 and value not in self._homes:
            self._allocated.append(f"{self._name(value)} = np.empty({value.shape}, np.{value.dtype.name})")

    def _store(self, value: Traced, at: Sequence[str]) -> str:
        """The place of one element of ``value``."""
        if value in self._homes:
            whole, start = self._homes[value]
            return f"{whole}[{start} + {flat(at, value.shape)}]"
        return f"{self._name(value)}[{', '.join(at)}]"

    def _scalar(self, value: Any) -> str:
        return self._at(value, ["0"] * np.ndim(value_of(value)), np.shape(value_of(value)))

    def _at(self, value: Any, at: Sequence[str], shape: tuple[int, ...]) -> str:
        """The element of ``value`` that meets the element ``at`` of a walk over ``shape``."""
        if not isinstance(value, Traced):
            return self._constant(value, at)
        if value in self._inner:
            return self._inner[value]
        own = met(at, value.shape)
        if value.size == 1 and value.call is None:
            return self._names[value]
        if value.call is not None and sort_of(value) == VIEW:
            return self._through(value, own)
        if value.size == 1:
            return self._name(value)
        return self._store(value, own)

    def _through(self, view: Traced, at: Sequence[str]) -> str:
        base = view.args[0]
        if np.size(value_of(base)) == 1:
            return self._at(base, ["0"] * np.ndim(value_of(base)), ())
        return self._at(base, unviewed(view, list(at)), np.shape(value_of(base)))

    def _constant(self, value: Any, at: Sequence[str]) -> str:
        array = np.asarray(value)
        if array.size == 1 or not any(array.strides):
            single = array[(0,) * array.ndim] if array.ndim else array[()]
            return _number(single, None if isinstance(value, (bool, int, float)) else array.dtype)
        if id(value) not in self._constant_names:
            self._constant_names[id(value)] = name = f"c{len(self.constants)}"
            self.constants[name] = np.ascontiguousarray(array)
        return f"{self._constant_names[id(value)]}[{', '.join(met(at, array.shape))}]"

    # Groups

    def _write(self, group: Group) -> None:
        if group.shape is None:
            (call,) = group.calls
            (self._multiply if call.call is np.matmul else self._join)(call)
        else:
            self._walk(group.shape, group.calls)

    def _walk(self, shape: tuple[int, ...], calls: Sequence[Traced]) -> None:
        loops, at = nest(shape)
        before, inside, after = [], [], []
        self._inner = {}
        for call in calls:
            if sort_of(call) == FOLD:
                before_, inside_, after_ = self._fold(call, at, shape)
                before += before_
                inside += inside_
                after += after_
                continue
            local = f"{self._name(call)}" if call.size == 1 else f"{self._name(call)}e"
            inside.append(f"{local} = {_cast(self._expression(call, at, shape), call.dtype)}")
            if call in self._homes or (call in self._stored and call.size > 1):
                self._allocate(call)
                own = at if call.size > 1 else ["0"] * call.ndim
                inside.append(f"{self._store(call, own)} = {local}")
            self._inner[call] = local
        self._inner = {}
        self._lines += [*before, *loops, *(f"{'    ' * len(at)}{line}" for line in inside), *after]

    def _fold(self, call: Traced, at: Sequence[str], shape: tuple[int, ...]) -> tuple[list[str], list[str], list[str]]:
        start, combine = FOLDING[call.call]
        first = _number(float(start.replace("np.", "")), call.dtype)
        element = self._at(call.args[0], at, shape)
        if call.size == 1:
            name = self._name(call)
            after = [f"{self._store(call, ['0'] * call.ndim)} = {name}"] if call in self._homes else []
            return [f"{name} = {first}"], [f"{name} = {_cast(combine.format(name, element), call.dtype)}"], after
        self._allocate(call)
        axes = _axes(call)
        kept = [index for d, index in enumerate(at) if d not in axes]
        if call.ndim == len(shape):
            kept = ["0" if d in axes else index for d, index in enumerate(at)]
        place = self._store(call, kept)
        loops, all_at = nest(call.shape)
        clear = [*loops, f"{'    ' * len(all_at)}{self._store(call, all_at)} = {first}"]
        return clear, [f"{place} = {_cast(combine.format(place, element), call.dtype)}"], []

    def _expression(self, call: Traced, at: Sequence[str], shape: tuple[int, ...]) -> str:
        function: Any = call.call
        given = [self._at(each, at, shape) for each in _of_one_dtype(call.args)]
        if function is np.where:
            return f"({given[1]} if {given[0]} else {given[2]})"
        if function is np.astype:
            return given[0]
        if function in INFIX:
            return f"({given[0]} {INFIX[function]} {given[1]})"
        if isinstance(function, np.ufunc):
            return f"np.{function.__name__}({', '.join(given)})"
        return WORDS[function].scalar.format(*given)

    def _multiply(self, call: Traced) -> None:
        """A matrix product, with the innermost loop along memory where it can be."""
        left, right = call.args
        self._allocate(call)
        rows = [] if np.ndim(value_of(left)) == 1 else ["i"]
        columns = [] if np.ndim(value_of(right)) == 1 else ["j"]
        inner = np.shape(value_of(left))[-1]
        a = self._at(left, [*rows, "k"], np.shape(value_of(left)))
        b = self._at(right, ["k", *columns], np.shape(value_of(right)))
        n, m = (call.shape[0] if rows else 0), (call.shape[-1] if columns else 0)
        zero = _number(0.0, call.dtype)
        if call.ndim < 2 and not columns:
            loops = [f"for i in range({n}):"] if rows else []
            pad = "    " * len(loops)
            self._lines += [*loops, f"{pad}total = {zero}", f"{pad}for k in range({inner}):"]
            self._lines.append(f"{pad}    total += {a} * {b}")
            target = self._store(call, rows) if call.size > 1 or call in self._homes else self._name(call)
            self._lines.append(f"{pad}{target} = total")
            if call in self._homes and call.size == 1:
                self._lines.append(f"{self._name(call)} = total")
            return
        loops = [f"for i in range({n}):"] if rows else []
        pad = "    " * len(loops)
        out = self._store(call, [*rows, "j"]) if call.size > 1 else ""
        if not out:
            raise TracingError("the fused loop multiplies no matrices of one element")
        self._lines += [
            *loops,
            f"{pad}for j in range({m}):",
            f"{pad}    {out} = {zero}",
            f"{pad}for k in range({inner}):",
        ]
        self._lines += [
            f"{pad}    factor = {a}",
            f"{pad}    for j in range({m}):",
            f"{pad}        {out} += factor * {b}",
        ]

    def _join(self, call: Traced) -> None:
        """Copy what was not stored in its place; a single element is a local variable."""
        if call.size == 1:
            only = next(each for each in call.args[0] if np.size(value_of(each)))
            self._lines.append(f"{self._name(call)} = {self._scalar(only)}")
            return
        start = 0
        for part in call.args[0]:
            base = base_of(part) if isinstance(part, Traced) else None
            if base is None or self._homes.get(base) != (self._name(call), start):
                loops, at = nest(np.shape(value_of(part)))
                value = self._at(part, at, np.shape(value_of(part)))
                self._lines += [*loops, f"    {self._name(call)}[{start} + {at[0]}] = {value}"]
            start += np.size(value_of(part))


def _of_one_dtype(args: Sequence[Any]) -> list[Any]:
    """The operands of a call; Python numbers become constants of the dtype that NumPy would compute with."""
    operands = [each for each in args if not isinstance(each, (np.dtype, type, str))]
    dtypes = [
        each.dtype for each in operands if isinstance(each, (Traced, np.ndarray, np.generic)) and each.dtype != bool
    ]
    return [
        np.asarray(each, np.result_type(*dtypes, each)) if isinstance(each, (bool, int, float)) and dtypes else each
        for each in operands
    ]


def _multiplications(call: Traced) -> int:
    return int(np.size(value_of(call)) * np.shape(value_of(call.args[0]))[-1])


def _first(value: Traced) -> str:
    return f"[{', '.join(['0'] * value.ndim) or '()'}]"


def _axes(call: Traced) -> tuple[int, ...]:
    axis = call.kwargs.get("axis", call.args[1] if len(call.args) > 1 else None)
    ndim = call.args[0].ndim
    if axis is None:
        return tuple(range(ndim))
    return tuple(d % ndim for d in ((axis,) if isinstance(axis, int) else axis))


def _fills(part: Traced, base: Traced, join: Traced) -> bool:
    """Whether ``part`` is ``base`` reshaped and nothing else, and ``base`` can be stored in the join from the start."""
    if base.call in (None, np.concatenate) or base.dtype != join.dtype or base.size != part.size:
        return False
    while part.call is np.reshape or part.call in (np.expand_dims, np.squeeze):
        part = part.args[0]
    return base_of(part) is part


def _number(value: Any, dtype: np.dtype[Any] | None) -> str:
    """A constant as source, in ``dtype``."""
    single = np.asarray(value).item()
    written = f"np.{single!r}" if isinstance(single, float) and not math.isfinite(single) else repr(single)
    written = written.replace("np.-inf", "-np.inf")
    return written if dtype is None or dtype.kind == "b" else f"np.{dtype.name}({written})"


def _cast(expression: str, dtype: np.dtype[Any]) -> str:
    return expression if dtype.kind == "b" else f"np.{dtype.name}({expression})"
