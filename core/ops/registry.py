"""All operations by name: what functions, the search box, the document and the checks read.

Registering a record is all it takes to add an operation; nothing here knows what any of them computes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from chainrule.core.ops.closeness import KnownAs, closest
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
    if operation is not None and path in operation.paths and not operation.spelled:
        return operation if operation.public else None
    spelled = (each for each in _entries.values() if each.spelled == name and each.public and path in each.paths)
    return next(spelled, None)


def as_method(name: str) -> Operation | None:
    """The public operation that torch has as the method ``Tensor.name``, or None."""
    operation = _named.get(name)
    return operation if operation is not None and operation.public and operation.method else None


def in_place(stem: str) -> Operation | None:
    """The operation that torch has in place as ``Tensor.stem_``, or None."""
    operation = _named.get(stem)
    return operation if operation is not None and operation.method else None


def known_as(operation: Operation) -> KnownAs:
    """All that ``operation`` may be found by."""
    names = (operation.name, *operation.aliases, operation.torch_name)
    return KnownAs(names, operation.synonyms, operation.symbol, operator=bool(operation.operators))


def search(text: str) -> list[Operation]:
    """The public operations that ``text`` may mean, best first: by name, symbol, torch name or synonym, misspelt
    or not.
    """
    public = [operation for operation in _entries.values() if operation.public]
    return closest(text, public, known_as) if text.strip() else public
