"""Switches of the running thread: whether operations are tracked, and whom they are run for.

Each thread has its own, so that training off the window's thread does not disturb what the window evaluates.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Self


class _Modes(threading.local):
    grad_enabled: bool = True
    label: Hashable = None
    made: list[Any] | None = None
    heard: list[str] | None = None


modes = _Modes()


def is_grad_enabled() -> bool:
    """Whether operations on tensors that require grad are tracked."""
    return modes.grad_enabled


class _Switch:
    """A context manager, and a decorator, that holds tracking at ``mode`` inside; it may be nested and used again."""

    def __init__(self, mode: bool) -> None:
        self.mode = mode
        self._before: list[bool] = []

    def __enter__(self) -> Self:
        self._before.append(modes.grad_enabled)
        modes.grad_enabled = self.mode
        return self

    def __exit__(self, *exc: object) -> None:
        modes.grad_enabled = self._before.pop()

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def switched(*args: Any, **kwargs: Any) -> Any:
            with _Switch(self.mode):
                return function(*args, **kwargs)

        return switched


class set_grad_enabled(_Switch):  # noqa: N801 - PyTorch's spelling
    """Switch tracking at once; as a context manager, put it back on leaving; as a decorator, only inside."""

    def __init__(self, mode: bool) -> None:
        super().__init__(mode)
        self._found = modes.grad_enabled
        modes.grad_enabled = mode

    def __enter__(self) -> Self:
        self._before.append(self._found)
        modes.grad_enabled = self.mode
        return self

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        modes.grad_enabled = self._found
        return super().__call__(function)


class no_grad(_Switch):  # noqa: N801 - PyTorch's spelling
    """Track nothing inside. Also a decorator, with or without brackets."""

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        return super().__new__(cls) if function is None else cls()(function)

    def __init__(self) -> None:
        super().__init__(False)


class enable_grad(_Switch):  # noqa: N801 - PyTorch's spelling
    """Track again, inside ``no_grad``. Also a decorator, with or without brackets."""

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        return super().__new__(cls) if function is None else cls()(function)

    def __init__(self) -> None:
        super().__init__(True)


@contextmanager
def labelled(label: Hashable) -> Iterator[list[Any]]:
    """Tape nodes made inside carry ``label`` and count from 0; yields the list that they are collected in."""
    before = modes.label, modes.made
    made: list[Any] = []
    modes.label, modes.made = label, made
    try:
        yield made
    finally:
        modes.label, modes.made = before


@contextmanager
def hearing() -> Iterator[list[str]]:
    """Warnings that operations give inside are collected in the list, each once, and not printed."""
    before, heard = modes.heard, list[str]()
    modes.heard = heard
    try:
        yield heard
    finally:
        modes.heard = before


def warn(message: str) -> None:
    """Give PyTorch's UserWarning ``message`` to whoever is hearing, else to Python's warnings."""
    if modes.heard is None:
        warnings.warn(message, UserWarning, stacklevel=4)
    elif message not in modes.heard:
        modes.heard.append(message)
