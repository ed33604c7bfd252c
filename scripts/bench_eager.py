"""What an operation costs: `python3 scripts/bench_eager.py`, a tracked call on a few numbers, and backward through it.

Every operation of the rule book is called on its own samples in float32, and so is PyTorch's where it is installed in
this Python. Time is the processor's, and the two are measured in turns: what else the machine does shall not matter.
"""

from __future__ import annotations

import argparse
import importlib
import math
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from time import process_time
from types import ModuleType
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / ".links"))


@dataclass(frozen=True)
class Row:
    """One operation: processor microseconds for a tracked call, and for a call and the backward pass through it.

    PyTorch's are nan where it is not installed, or has the operation under another name or with other arguments.
    """

    name: str
    ours: float
    torch: float
    ours_both: float
    torch_both: float


def measure(seconds: float = 0.02, rounds: int = 5, names: Sequence[str] = ()) -> list[Row]:
    """A row for every differentiable operation (of ``names``, if given), each the best of ``rounds``."""
    ours = importlib.import_module("chainrule.core")
    torch = _torch()
    rows = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, path, inputs, params in _samples(names):
            made = [_runs(module, path, inputs, params) for module in (ours, torch) if module is not None]
            if made[0] is not None:
                times = _best(made, seconds, rounds)
                theirs = times[1] if len(times) > 1 else (math.nan, math.nan)
                rows.append(Row(name, times[0][0], theirs[0], times[0][1], theirs[1]))
    return rows


def _torch() -> ModuleType | None:
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        return None
    torch.set_num_threads(1)
    return torch


def _samples(names: Sequence[str]) -> Iterator[tuple[str, str, tuple[Any, ...], dict[str, Any]]]:
    """Public operations with a sample each: name, path in torch, inputs, parameters."""
    registry = importlib.import_module("chainrule.core.ops.registry")
    for operation in registry.entries().values():
        if operation.public and operation.samples and (not names or operation.name in names):
            sample = operation.samples[0]
            inputs = (
                (_Several(sample.inputs),) if any(socket.variadic for socket in operation.inputs) else sample.inputs
            )
            path = operation.torch_name if operation.paths else f"Tensor.{operation.name}"
            yield operation.name, path, inputs, dict(sample.params)


class _Several(list[Any]):
    """Inputs that go together as one sequence of tensors."""


Runs = tuple[Callable[[], Any], Callable[[], Any]]


def _runs(module: ModuleType, path: str, inputs: Sequence[Any], params: dict[str, Any]) -> Runs | None:
    """The call, and the call with a backward pass; None if ``module`` does not do it, or it has no gradient."""
    try:
        function = attrgetter(path)(module)
        arguments = [_tensor(module, each) for each in inputs]
        result = _first(function(*arguments, **params))
        seed = module.ones(tuple(result.shape), dtype=result.dtype)

        def call() -> Any:
            return function(*arguments, **params)

        def both() -> None:
            _first(function(*arguments, **params)).backward(seed)

        both()
        both()
    except Exception:  # whatever it is, there is nothing to compare with
        return None
    return call, both


def _first(result: Any) -> Any:
    return result[0] if isinstance(result, tuple) else result


def _tensor(module: ModuleType, value: Any) -> Any:
    """A leaf, tracked where it can be; numbers stay numbers."""
    if isinstance(value, _Several):
        return [_tensor(module, each) for each in value]
    if isinstance(value, int):
        return value
    array = np.asarray(value)
    return module.tensor(value, requires_grad=array.dtype.kind == "f")


def _best(made: Sequence[Runs | None], seconds: float, rounds: int) -> list[tuple[float, float]]:
    """For each module its best times, taken in turns."""
    best = [[math.inf, math.inf] if runs else [math.nan, math.nan] for runs in made]
    for _ in range(rounds):
        for at, runs in enumerate(made):
            for which, run in enumerate(runs or ()):
                best[at][which] = min(best[at][which], _time(run, seconds / 4))
    return [(call, both) for call, both in best]


def _time(run: Callable[[], Any], seconds: float) -> float:
    """Microseconds for one ``run``."""
    count, start = 0, process_time()
    while True:
        for _ in range(20):
            run()
        count += 20
        passed = process_time() - start
        if passed > seconds:
            return passed / count * 1e6


def table(rows: Sequence[Row]) -> str:
    """The rows as text, dearest ratio first, and their means."""
    lines = [f"{'operation':24}{'call':>8}{'torch':>8}{'ratio':>7}{'both':>10}{'torch':>8}{'ratio':>7}"]
    for row in sorted(rows, key=lambda each: -_known(each.ours / each.torch)):
        lines.append(
            f"{row.name:24}{row.ours:8.2f}{row.torch:8.2f}{row.ours / row.torch:7.2f}"
            f"{row.ours_both:10.2f}{row.torch_both:8.2f}{row.ours_both / row.torch_both:7.2f}"
        )
    compared = [row for row in rows if not math.isnan(row.torch)]
    if not compared:
        return "\n".join([*lines, "PyTorch is not installed in this Python: there is nothing to compare with."])
    for what, ratios in (
        ("call", [row.ours / row.torch for row in compared]),
        ("call and backward", [row.ours_both / row.torch_both for row in compared]),
    ):
        geometric = math.exp(sum(map(math.log, ratios)) / len(ratios))
        lines.append(
            f"{what}: {len(ratios)} operations, mean ratio {sum(ratios) / len(ratios):.2f}, geometric {geometric:.2f}"
        )
    return "\n".join(lines)


def _known(ratio: float) -> float:
    return 0.0 if math.isnan(ratio) else ratio


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="operations; all without any")
    parser.add_argument("--seconds", type=float, default=0.02, help="for each measurement")
    parser.add_argument("--rounds", type=int, default=5)
    parsed = parser.parse_args(arguments)
    print(table(measure(parsed.seconds, parsed.rounds, parsed.names)))


if __name__ == "__main__":
    main()
