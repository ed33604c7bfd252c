"""Hooks: functions that a backward pass calls on its way, and that may replace what it carries.

Kept by the nodes and accumulators of the tape. When each kind is called, the sweep decides; here they are called.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, Protocol
from weakref import ref

Hook = Callable[..., Any]

_ids = itertools.count()


class Value(Protocol):
    """What hooks are given and give back, as far as it is looked at here: a tensor."""

    @property
    def shape(self) -> Any: ...

    def type(self) -> str:
        """The name of its type."""


class Table(dict[int, Hook]):
    """Hooks in the order in which they were registered; a dict that can be referred to weakly."""


class RemovableHandle:
    """What registering a hook returns; ``remove`` takes it out again, as leaving a ``with`` does."""

    def __init__(self, hooks: Table) -> None:
        self.id = next(_ids)
        self._hooks = ref(hooks)

    def remove(self) -> None:
        """Call the hook no more; nothing happens the second time."""
        hooks = self._hooks()
        if hooks is not None:
            hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()


class Hooks:
    """The hooks of one place on the tape, by when they are called.

    ``arriving`` see the gradient of the place's tensor; ``before`` and ``after`` the tuples that a node receives and
    sends; ``accumulated`` the leaf, once its ``.grad`` has been added to.
    """

    def __init__(self) -> None:
        self.arriving = Table()
        self.before = Table()
        self.after = Table()
        self.accumulated = Table()


def register(hooks: Table, hook: Hook) -> RemovableHandle:
    """Add ``hook`` to ``hooks``."""
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    return handle


def through_each(hooks: Table, gradient: Value | None) -> Any:
    """``gradient`` (None if it is undefined) as the tensor hooks leave it, each given what the one before it left."""
    for hook in tuple(hooks.values()):
        returned = hook(gradient)
        if returned is not None:
            _check_replacement(hook, gradient, returned)
            gradient = returned
    return gradient


def _check_replacement(hook: Hook, given: Value | None, returned: Any) -> None:
    if given is None:
        raise RuntimeError("can't replace a None gradient with a non-None value")
    if not isinstance(returned, type(given)):
        raise TypeError(f"expected Variable, but hook returned '{type(returned).__name__}'")
    if returned.type() != given.type():
        raise RuntimeError(
            f"hook '{_name(hook)}' has changed the type of value (was {given.type()} got {returned.type()})"
        )
    if returned.shape != given.shape:
        raise RuntimeError(f"hook '{_name(hook)}' has changed the size of value")


def with_tuple(hooks: Table, gradients: tuple[Any, ...], *context: Any) -> tuple[Any, ...]:
    """``gradients`` as a node's hooks leave them; each hook is given the ``context`` too."""
    for hook in tuple(hooks.values()):
        returned = hook(gradients, *context)
        if returned is not None:
            gradients = _checked(hook, returned, gradients)
    return gradients


def _checked(hook: Hook, returned: Any, gradients: tuple[Any, ...]) -> tuple[Any, ...]:
    if not isinstance(returned, tuple):
        raise TypeError(f"expected tuple, but hook returned '{type(returned).__name__}'")
    if len(returned) != len(gradients):
        raise RuntimeError(
            f"hook '{_name(hook)}' has returned an incorrect number of values (got {len(returned)}, but expected "
            f"{len(gradients)})"
        )
    for given, new in zip(gradients, returned, strict=True):
        if new is not None:
            _check_replacement(hook, given, new)
    return returned


def tell(hooks: Table, leaf: Any) -> None:
    """Call the hooks that wait for a leaf's gradient to be accumulated; they have nothing to give back."""
    for hook in tuple(hooks.values()):
        returned: Any = hook(leaf)
        if returned is not None:
            raise TypeError(f"expected Variable, but hook returned '{type(returned).__name__}'")


def _name(hook: Hook) -> str:
    return getattr(hook, "__name__", type(hook).__name__)
