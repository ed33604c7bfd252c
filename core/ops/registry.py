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
_named: dict[str, Operation] = {}  # aliases too
_listeners: list[Callable[[], None]] = []

AnyOperation = TypeVar("AnyOperation", bound=Operation)


def register(operation: AnyOperation) -> AnyOperation:
    """Add ``operation`` under its name and its aliases; ValueError if one of them is taken."""
    names = (operation.name, *operation.aliases)
    for name in names:
        if name in _named:
            raise ValueError(f"an operation called {name!r} is already registered")
    _entries[operation.name] = operation
    _named.update(dict.fromkeys(names, operation))
    _tell()
    return operation


def unregister(name: str) -> None:
    """Take the operation called ``name`` out again; KeyError if there is none."""
    operation = _entries.pop(name)
    for each in (name, *operation.aliases):
        del _named[each]
    _tell()


def on_change(callback: Callable[[], None]) -> None:
    """Call ``callback`` whenever an operation is added or removed."""
    _listeners.append(callback)


def _tell() -> None:
    for callback in _listeners:
        callback()


def entries() -> Mapping[str, Operation]:
    """Every operation once, by its name, in the order of the rule book."""
    return MappingProxyType(_entries)


def names() -> Mapping[str, Operation]:
    """Every operation by each of its names, aliases too."""
    return MappingProxyType(_named)


def get(name: str) -> Operation:
    """The operation called ``name``, which may be an alias; KeyError if there is none."""
    return _named[name]


def at_path(path: str, name: str) -> Operation | None:
    """The public operation that torch has as ``path.name``, or None."""
    operation = _named.get(name)
    return operation if operation is not None and operation.public and path in operation.paths else None


def as_method(name: str) -> Operation | None:
    """The public operation that torch has as the method ``Tensor.name``, or None."""
    operation = _named.get(name)
    return operation if operation is not None and operation.public and operation.method else None


def in_place(stem: str) -> Operation | None:
    """The operation that torch has in place as ``Tensor.stem_``, or None."""
    operation = _named.get(stem)
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
    names = (operation.name, *operation.aliases)
    exact = 6.0 if wanted in names else 5.0 if wanted == operation.symbol.lower() else 0.0
    words = [*names, operation.torch_name, *operation.synonyms]
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
