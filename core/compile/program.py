"""A step of computing as a program: the generated source, its buffers, and running it over and over.

What a step is made of (which graph, which optimiser) is the caller's to trace; ``emission`` makes lines of calls.
"""

from __future__ import annotations

import ast
import base64
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import CodeType, FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.collecting import uncollected
from chainrule.core.compile.emission import Emitted, emit
from chainrule.core.compile.memory import Update
from chainrule.core.compile.rewriting import Rewriter
from chainrule.core.compile.text import dtype_text
from chainrule.core.compile.tracing import Traced, TracingError

Array = NDArray[Any]

# A run keeps so many losses before it copies them out: enough that copying costs nothing, few enough to make at once.
SLOTS = 1024
# Python takes longer over a line the longer the text is that it stands in: long texts are compiled in pieces of about
# so many lines.
PIECE = 1000
# Arrays up to this many elements are written as numbers in a source that runs on its own, larger ones as bytes.
WRITTEN_OUT = 64
# What is kept beside the steps is computed apart from them up to this many elements, and this many calls in a step:
# compiling takes as long again, and among so many calls a few more are not noticed.
KEPT_APART = 4096
CALLS_APART = 10_000


@dataclass(frozen=True)
class Step:
    """One step, traced: ``inputs`` by name, the ``loss`` (one element) before the update, and the ``updates``.

    ``feeds`` names the inputs that every step takes some rows of: each is filled from the array of all rows. ``kept``
    are values on the way that someone may want to see.
    """

    inputs: Mapping[str, Traced]
    loss: Any
    updates: Sequence[Update]
    feeds: Mapping[str, Array] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)


class Program:
    """A step compiled. ``arrays`` are the inputs' memory by name: read them and write into them between runs.

    ``run(count)`` makes so many steps and returns the loss of each, in the loss's dtype. ``inline`` says that what is
    kept is computed by every step, not apart. ``source`` is the whole program as a script that needs NumPy only and
    prints the same losses.
    """

    def __init__(self, step: Step, arrays: Mapping[str, Array] | None = None) -> None:
        results = [step.loss, *(update.value for update in step.updates)]
        rewriter = Rewriter()
        rewritten = rewriter.rewrite(results)
        # Random numbers drawn once more would be others, and large values are cheaper to keep than to compute again.
        large = sum(each.size for each in step.kept.values()) > KEPT_APART
        inline = rewriter.impure or large or rewriter.size > CALLS_APART
        kept = rewriter.rewrite(list(step.kept.values())) if inline else []
        updates = [Update(old.target, value) for old, value in zip(step.updates, rewritten[1:], strict=True)]
        # Traced arrays hold the values that they had: what nothing will be made of any more lets them go.
        self.step = Step({}, None, (), step.feeds) if inline else step
        self.inline = inline
        self._impure = rewriter.impure
        self._kept = list(step.kept) if inline else []
        self._emitted = emit(step.inputs, {"loss": rewritten[0]}, updates, kept)
        self._feeds = dict(step.feeds)
        self.arrays = dict(arrays or {name: np.array(each.value, order="C") for name, each in step.inputs.items()})
        assert all(each.flags.c_contiguous for each in self.arrays.values())  # as ``memory`` takes them to be
        self.dtype: np.dtype[Any] = step.loss.dtype
        self._slots = np.empty(SLOTS, self.dtype)
        self._views = [self._slots[at : at + 1].reshape(()) for at in range(SLOTS)]
        self._run = self._compiled()

    def _compiled(self) -> Callable[..., None]:
        out = self._emitted
        namespace: dict[str, Any] = {"np": np, **out.functions, **self.arrays, **out.constants, **self._rows()}
        _execute("\n".join([*out.setup, *_run(out, self._feeds)]), namespace)
        self._namespace = namespace
        run: Callable[..., None] = namespace["run"]
        return run

    def run_and_keep(self, count: int, rows: Sequence[Array] = ()) -> tuple[Array, dict[str, Array]]:
        """``run``, and what the last of the steps has computed on the way, by the names in ``Step.kept``.

        These are the program's own arrays, good until it runs again.
        """
        if self._kept:
            losses = self.run(count, rows)
            return losses, self._values(self._kept, self._emitted, self._namespace)
        losses = self.run(count - 1, rows[: count - 1])
        kept = self.keep(rows[count - 1 :])
        return np.concatenate([losses, self.run(1, rows[count - 1 :])]), kept

    def keep(self, rows: Sequence[Array]) -> dict[str, Array]:
        """What the next step will have computed on the way; nothing is changed."""
        for name, every in self._feeds.items():
            self.arrays[name][...] = every[rows[0]]
        with np.errstate(all="ignore"):
            self._keeper[1]()
        out, _, namespace = self._keeper
        return {name: np.array(value) for name, value in self._values(self.step.kept, out, namespace).items()}

    @cached_property
    def _keeper(self) -> tuple[Emitted, Callable[[], None], dict[str, Any]]:
        """A program of its own for what is kept: its parts, the function, and where that leaves the values."""
        with uncollected():
            out = emit(self.step.inputs, {}, [], Rewriter().rewrite(list(self.step.kept.values())))
            namespace: dict[str, Any] = {"np": np, **out.functions, **self.arrays, **out.constants}
            _execute("\n".join([*out.setup, *_functions(["def keep():"], [], out)]), namespace)
        return out, namespace["keep"], namespace

    @staticmethod
    def _values(names: Iterable[str], out: Emitted, namespace: Mapping[str, Any]) -> dict[str, Array]:
        return {name: namespace[variable] for name, variable in zip(names, out.kept, strict=True)}

    def _rows(self) -> dict[str, Array]:
        return {f"every_{name}": array for name, array in self._feeds.items()}

    def run(self, count: int, rows: Sequence[Array] = ()) -> Array:
        """Make ``count`` steps, with ``rows[i]`` of what is fed in step i; the loss of each, before its update."""
        losses = np.empty(count, self.dtype)
        with np.errstate(all="ignore"):
            for start in range(0, count, SLOTS):
                views = self._views[: min(SLOTS, count - start)]
                if self._feeds:
                    self._run(views, rows[start : start + len(views)])
                else:
                    self._run(views)
                losses[start : start + len(views)] = self._slots[: len(views)]
        return losses

    @property
    def source(self) -> str:
        """The program as a script of its own, with the present values of the inputs; TracingError where it draws random
        numbers, which are the engine's.
        """
        if self._impure:
            raise TracingError("a program that draws random numbers has no source of its own: it needs the generator")
        return _script(self._emitted, self.arrays, self._rows(), self._feeds, self.dtype)


def _execute(source: str, namespace: dict[str, Any]) -> None:
    for code in _codes(source):
        exec(code, namespace)


@lru_cache(maxsize=64)
def _codes(source: str) -> list[CodeType]:
    """``source`` compiled, in pieces; the same graph trained again is not compiled again."""
    return [compile("\n".join(piece), "<program>", "exec") for piece in _pieces(source.splitlines())]


def _pieces(lines: Iterable[str]) -> list[list[str]]:
    """``lines`` in pieces, none of which ends within a loop or a function."""
    pieces: list[list[str]] = [[]]
    for line in lines:
        if len(pieces[-1]) >= PIECE and not line.startswith(" "):
            pieces.append([])
        pieces[-1].append(line)
    return pieces


def _run(out: Emitted, feeds: Mapping[str, Array]) -> list[str]:
    fed = [f"every_{name}.take(rows, 0, {name}, 'clip')" for name in feeds]
    head = ["def run(losses, batches):", "    for loss, rows in zip(losses, batches):"]
    return _functions(head if feeds else ["def run(losses):", "    for loss in losses:"], fed, out)


def _functions(head: Sequence[str], first: Sequence[str], out: Emitted) -> list[str]:
    """The function that begins with ``head`` and makes a step, and those that make parts of a long one."""
    *long, last = _pieces(out.calls)
    pieces = {f"piece{number}": lines for number, lines in enumerate(long, 1)}
    step = [*first, *(f"{name}()" for name in pieces), *last, *out.end]
    functions = [line for name, lines in pieces.items() for line in (f"def {name}():", *_indented(lines, 4))]
    return [*functions, *head, *_indented(step, 4 * len(head))]


def _indented(lines: Iterable[str], by: int) -> list[str]:
    return [" " * by + line for line in lines] or [" " * by + "pass"]


# The script


def _script(
    out: Emitted, arrays: Mapping[str, Array], rows: Mapping[str, Array], feeds: Mapping[str, Array], dtype: Any
) -> str:
    ufuncs = sorted(name for name, function in out.functions.items() if getattr(np, name, None) is function)
    own = [function for name, function in out.functions.items() if getattr(np, name, None) is not function]
    named = {**arrays, **rows, **out.constants}
    definitions = _definitions(own)
    values = [f"{name} = {_array_text(array)}" for name, array in named.items()]
    parts = [
        '"""Training in plain NumPy: run(losses) makes one step for each place in losses and leaves its loss there."""',
        "",
        *(["import base64"] if any("base64." in line for line in values) else []),
        *(["import math"] if any("math." in line for line in definitions) else []),
        "",
        "import numpy as np",
        *_import(ufuncs),
        *definitions,
        "",
        *values,
        "",
        *out.setup,
        "",
        "",
        *_run(out, feeds),
        "",
        "",
        'if __name__ == "__main__":',
        f"    losses = np.empty(10, np.{np.dtype(dtype).name})",
        '    with np.errstate(all="ignore"):',
        "        run([losses[i : i + 1].reshape(()) for i in range(10)]" + (", batches)" if feeds else ")"),
        "    print(losses)",
        "",
    ]
    if feeds:
        first = next(iter(feeds))
        parts.insert(-6, f"batches = [np.arange({first}.shape[0])] * 10")
    return "\n".join(parts)


def _import(ufuncs: Sequence[str]) -> list[str]:
    line = f"from numpy import {', '.join(ufuncs)}"
    if len(line) <= 110:
        return [line] * bool(ufuncs)
    names = textwrap.wrap(", ".join(ufuncs), 106, initial_indent="    ", subsequent_indent="    ")
    return ["from numpy import (", *names, ")"]


def _array_text(array: Array) -> str:
    dtype = dtype_text(array.dtype)
    if array.size <= WRITTEN_OUT and np.isfinite(array).all():
        return f"np.array({array.tolist()!r}, {dtype})"
    if not array.ndim:
        return f"np.array(float('{array}'), {dtype})"
    packed = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    return f'np.frombuffer(base64.b64decode("{packed}"), {dtype}).reshape({array.shape}).copy()'


def _definitions(functions: Sequence[Any]) -> list[str]:
    """The source of functions that are not NumPy's, and of what they need from their modules."""
    texts: dict[str, str] = {}
    for function in functions:
        _define(inspect.unwrap(function), texts)
    return [line for text in texts.values() for line in ("", "", *text.splitlines())]


def _define(function: FunctionType, texts: dict[str, str]) -> None:
    if function.__name__ in texts:
        return
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition: Any = tree.body[0]
    definition.decorator_list = []
    definition = _Bare().visit(definition)
    module = vars(sys.modules[function.__module__])
    names = {node.id for node in ast.walk(definition) if isinstance(node, ast.Name)}
    for name in sorted(names & module.keys()):
        needed = inspect.unwrap(module[name]) if callable(module[name]) else module[name]
        if isinstance(needed, FunctionType) and needed is not function:
            _define(needed, texts)
        elif getattr(needed, "__module__", "") in sys.stdlib_module_names:
            texts.setdefault(name, f"from {needed.__module__} import {name}")
        elif isinstance(needed, (int, float, tuple, np.ndarray)):
            texts.setdefault(
                name, f"{name} = {_array_text(needed) if isinstance(needed, np.ndarray) else repr(needed)}"
            )
    texts[function.__name__] = ast.unparse(definition)


class _Bare(ast.NodeTransformer):
    """Takes the annotations away, whose names would have to be imported."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        plain = ast.Assign([node.target], node.value) if node.value is not None else ast.Pass()
        return ast.copy_location(plain, node)
