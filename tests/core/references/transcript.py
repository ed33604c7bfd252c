"""Runs a case, a short piece of Python, statement by statement, and notes what each shows; compares two such notes.

The same case runs with ``torch`` being PyTorch, to record a reference, or Chainrule, to be held against it. A statement
shows the value of its expression (a call that returns None shows nothing), the error it raises, and what it warns of.
After an error the case goes on, as a notebook would.
"""

from __future__ import annotations

import ast
import json
import math
import textwrap
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

HERE = Path(__file__).parent
Note = tuple[str, Any]  # a statement, and what it showed, as JSON has it

# How far numbers may be apart, relative to their size and to the largest beside them: different libraries round
# elementary functions and sums differently.
TOLERANCES = {"float16": 1e-3, "float32": 2e-6, "float64": 1e-12}


def cases(subject: str) -> dict[str, str]:
    """The cases in ``cases_<subject>.py``: their names, and their sources."""
    namespace: dict[str, Any] = {"__name__": f"cases_{subject}"}
    path = HERE / f"cases_{subject}.py"
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
    return {name: textwrap.dedent(source).strip() for name, source in namespace["CASES"].items()}


def subjects() -> list[str]:
    """What there are cases about."""
    return sorted(path.stem.removeprefix("cases_") for path in HERE.glob("cases_*.py"))


def references(subject: str) -> dict[str, list[Note]]:
    """What PyTorch showed, by case."""
    recorded = json.loads((HERE / f"{subject}.json").read_text(encoding="utf-8"))
    return {name: [(statement, shown) for statement, shown in notes] for name, notes in recorded.items()}


def dump(recorded: Mapping[str, list[Note]]) -> str:
    """``recorded`` as JSON with one line a statement."""
    blocks = (
        f"{json.dumps(name)}: [\n  " + ",\n  ".join(json.dumps(note) for note in notes) + "\n]"
        for name, notes in recorded.items()
    )
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def run(source: str, torch: ModuleType) -> list[Note]:
    """Run ``source`` with ``torch``; what it showed."""
    seed_for = _seed_maker(torch)
    helpers = {"seed_for": seed_for, "second_backward": lambda y: _second_backward(y, seed_for(y))}
    namespace: dict[str, Any] = {"torch": torch, "np": np, "F": torch.nn.functional, **helpers}
    return [note for statement in ast.parse(source).body for note in _run_statement(statement, source, namespace)]


def _seed_maker(torch: ModuleType) -> Any:
    def seed_for(y: Any) -> Any:
        """A vector for backward of ``y``: small numbers, positive and negative, none of them 0 or 1."""
        count = math.prod(y.shape)
        return torch.tensor([(i * 7 % 5 - 2) * 0.5 + 0.25 for i in range(count)], dtype=y.dtype).reshape(tuple(y.shape))

    return seed_for


def _second_backward(y: Any, seed: Any) -> str:
    """Whether ``y``, which has been backward once, can do it again."""
    try:
        y.backward(seed)
    except RuntimeError as error:
        return str(error).split(" (or directly")[0]
    return "runs"


def _run_statement(statement: ast.stmt, source: str, namespace: dict[str, Any]) -> Iterator[Note]:
    text = ast.get_source_segment(source, statement) or ""
    with warnings.catch_warnings(record=True) as warned, np.errstate(all="ignore"):
        warnings.simplefilter("always")
        try:
            shown = _value(statement, text, namespace)
        except Exception as error:
            shown = {"raises": type(error).__name__, "text": _told(str(error))}
    if shown is not _NOTHING:
        yield text, shown
    for warning in warned:
        if warning.category is UserWarning:
            yield text, {"warns": _told(str(warning.message))}


_NOTHING = object()


def _value(statement: ast.stmt, text: str, namespace: dict[str, Any]) -> Any:
    if not isinstance(statement, ast.Expr):
        exec(text, namespace)
        return _NOTHING
    value = eval(text, namespace)
    return _NOTHING if value is None and isinstance(statement.value, ast.Call) else encode(value)


def _told(message: str) -> str:
    """``message`` without what it says about PyTorch's own source files."""
    return message.split(" (Triggered internally")[0].split("\nException raised from")[0].strip()


def encode(value: Any) -> Any:
    """``value`` as JSON: tensors by dtype, numbers as the shortest text that reads back to the same bits."""
    if hasattr(value, "requires_grad"):
        return _encode_tensor(value)
    if isinstance(value, np.ndarray):
        return {"array": value.dtype.name, "data": _numbers(value)}
    if isinstance(value, (tuple, list)) and type(value).__name__ != "Size":
        return [encode(each) for each in value]
    if isinstance(value, float):
        return _numbers(np.float64(value))
    return value if isinstance(value, (bool, int, str, type(None))) else str(value)


def _encode_tensor(tensor: Any) -> dict[str, Any]:
    array = tensor.detach().numpy()
    shown = {str(tensor.dtype).removeprefix("torch."): _numbers(array)}
    if 0 in array.shape:
        shown["size"] = list(array.shape)
    if tensor.grad_fn is not None:
        shown["grad_fn"] = tensor.grad_fn.name()
    elif tensor.requires_grad:
        shown["requires_grad"] = True
    return shown


def _numbers(array: Any) -> Any:
    if array.ndim:
        return [_numbers(each) for each in array]
    if array.dtype.kind != "f":
        return array.item()
    return float(str(array)) if math.isfinite(array) else str(float(array))


def differences(expected: list[Note], actual: list[Note]) -> list[str]:
    """Where ``actual`` does not show what ``expected`` does, one line each."""
    wanted, got = _numbered(expected), _numbered(actual)
    return [
        f"{key[0]}: expected {_brief(wanted.get(key, _SILENCE))}, got {_brief(got.get(key, _SILENCE))}"
        for key in dict.fromkeys([*wanted, *got])
        if not (key in wanted and key in got and same(wanted[key], got[key]))
    ]


_SILENCE = "nothing to see"


def _numbered(notes: list[Note]) -> dict[tuple[str, bool, int], Any]:
    """``notes`` by statement, whether they are a warning, and how often the statement came before."""
    seen: Counter[tuple[str, bool]] = Counter()
    numbered = {}
    for statement, shown in notes:
        key = statement, isinstance(shown, dict) and "warns" in shown
        numbered[(*key, seen[key])] = shown
        seen[key] += 1
    return numbered


def _brief(shown: Any) -> str:
    text = json.dumps(shown)
    return text if len(text) < 600 else text[:600] + "..."


def same(wanted: Any, got: Any) -> bool:
    """Whether two things shown are equal, numbers of floating-point tensors to their type's tolerance."""
    if not isinstance(wanted, dict) or not isinstance(got, dict):
        if isinstance(wanted, list) and isinstance(got, list):
            return len(wanted) == len(got) and all(map(same, wanted, got))
        if isinstance(wanted, float) and isinstance(got, float):
            return _close(wanted, got, TOLERANCES["float32"])
        return type(wanted) is type(got) and bool(wanted == got)
    if wanted.keys() != got.keys():
        return False
    return all(
        _close(wanted[key], got[key], TOLERANCES[key]) if key in TOLERANCES else same(wanted[key], got[key])
        for key in wanted
    )


def _close(wanted: Any, got: Any, tolerance: float) -> bool:
    try:
        a, b = np.array(wanted, dtype=np.float64), np.array(got, dtype=np.float64)
    except ValueError:
        return False
    if a.shape != b.shape:
        return False
    sizes = np.abs(a[np.isfinite(a)])
    return bool(np.allclose(b, a, rtol=tolerance, atol=tolerance * sizes.max(initial=0.0), equal_nan=True))
