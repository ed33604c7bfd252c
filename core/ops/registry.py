"""All operations by name: what functions, the search box, the document and the checks read.

Registering a record is all it takes to add an operation; nothing here knows what any of them computes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import TypeVar

from chainrule.core.ops.rule import Operation

_entries: dict[str, Operation] = {}
_listeners: list[Callable[[], None]] = []

AnyOperation = TypeVar("AnyOperation", bound=Operation)


def register(operation: AnyOperation) -> AnyOperation:
    """Add ``operation`` under its name; ValueError if the name is taken."""
    if operation.name in _entries:
        raise ValueError(f"an operation called {operation.name!r} is already registered")
    _entries[operation.name] = operation
    _tell()
    return operation


def unregister(name: str) -> None:
    """Take the operation called ``name`` out again; KeyError if there is none."""
    del _entries[name]
    _tell()


def on_change(callback: Callable[[], None]) -> None:
    """Call ``callback`` whenever an operation is added or removed."""
    _listeners.append(callback)


def _tell() -> None:
    for callback in _listeners:
        callback()


def entries() -> Mapping[str, Operation]:
    """Every operation by its name, in the order of the rule book."""
    return MappingProxyType(_entries)


def get(name: str) -> Operation:
    """The operation called ``name``; KeyError if there is none."""
    return _entries[name]


def at_path(path: str, name: str) -> Operation | None:
    """The public operation that torch has as ``path.name``, or None."""
    operation = _entries.get(name)
    if operation is not None and path in operation.paths and not operation.spelled:
        return operation if operation.public else None
    spelled = (each for each in _entries.values() if each.spelled == name and each.public and path in each.paths)
    return next(spelled, None)


def as_method(name: str) -> Operation | None:
    """The public operation that torch has as the method ``Tensor.name``, or None."""
    operation = _entries.get(name)
    return operation if operation is not None and operation.public and operation.method else None


def in_place(stem: str) -> Operation | None:
    """The operation that torch has in place as ``Tensor.stem_``, or None."""
    operation = _entries.get(stem)
    return operation if operation is not None and operation.method else None


def search(text: str) -> list[Operation]:
    """The public operations that ``text`` may mean, best first: by name, symbol, torch name or synonym, misspelt
    or not.
    """
    wanted = text.strip().lower()
    public = [operation for operation in _entries.values() if operation.public]
    if not wanted:
        return public
    scored = [(_score(wanted, operation), -place, operation) for place, operation in enumerate(public)]
    scored.sort(key=lambda entry: entry[:2], reverse=True)
    return [operation for score, _, operation in scored if score >= 0.6]


def _score(wanted: str, operation: Operation) -> float:
    exact = 6.0 if wanted == operation.name else 5.0 if wanted == operation.symbol.lower() else 0.0
    words = [operation.name, operation.torch_name, *operation.synonyms]
    return max(exact, *(_closeness(wanted, word.lower()) for word in words))


def _closeness(wanted: str, word: str) -> float:
    if wanted == word:
        return 4.0
    if word.startswith(wanted):
        return 3.0
    if wanted in word:
        return 2.0
    letters = iter(word)
    if len(wanted) > 1 and all(letter in letters for letter in wanted):
        return 1.0
    ratio = SequenceMatcher(None, wanted, word).ratio()
    return ratio if ratio >= 0.7 else 0.0
