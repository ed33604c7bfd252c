"""Switches of the running thread: whether operations are tracked, and whom they are run for.

Each thread has its own, so that training off the window's thread does not disturb what the window evaluates.
"""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial, wraps
from pathlib import Path
from typing import Any, Self

import numpy as np

Watch = Callable[[Any], None]

CORE = str(Path(__file__).parent.parent)  # whose frames are nobody's call of an operation


class _Modes(threading.local):
    """``tracking`` says that operations are tracked: grad mode is on, and inference mode is off.

    ``watch`` is called with every backward node that is made; ``running`` is the node whose vjps are being called.
    ``steps`` is where rules that are run, and warnings, are noted while a call is taken apart.
    ``quietly`` calls a function in a context where NumPy does not warn, which costs a tenth of what ``np.errstate``
    does and leaves the user's own settings alone. It cannot be called inside itself.
    """

    grad_enabled: bool = True
    inference: bool = False
    tracking: bool = True
    anomaly: bool = False
    check_nan: bool = True
    heard: list[str] | None = None
    running: Any = None
    watch: Watch | None = None
    steps: list[Any] | None = None

    def __init__(self) -> None:
        quiet = copy_context()
        quiet.run(np.seterr, all="ignore")
        self.quietly: Callable[..., Any] = quiet.run
        self._collector: Watch | None = None
        self._tracer: Watch | None = None
        self._remember()

    def switch(self, grad_enabled: bool, inference: bool | None = None) -> None:
        """Turn grad mode, and inference mode if it is named, on or off."""
        self.grad_enabled = grad_enabled
        self.inference = self.inference if inference is None else inference
        self.tracking = grad_enabled and not self.inference
        self._remember()

    def watch_with(self, **watches: Watch | None) -> None:
        """Let ``collector`` or ``tracer`` (whichever is named) watch; None lets none."""
        self._collector = watches.get("collector", self._collector)
        self._tracer = watches.get("tracer", self._tracer)
        both = [each for each in (self._collector, self._tracer) if each is not None]
        self.watch = both[0] if len(both) == 1 else partial(_each, both) if both else None
        self._remember()

    def note(self, steps: list[Any] | None) -> None:
        """Write ``steps`` down from now on; with None, no longer."""
        self.steps = steps
        self._remember()

    def _remember(self) -> None:
        """What every call of an operation asks, in one look-up: a thread's own attributes are slow to get at."""
        self.at_a_call = self.quietly, self.tracking, self.watch is None and self.steps is None


def _each(watches: Sequence[Watch], node: Any) -> None:
    for watch in watches:
        watch(node)


modes = _Modes()


def is_grad_enabled() -> bool:
    """Whether operations on tensors that require grad are tracked."""
    return modes.grad_enabled


def is_inference_mode_enabled() -> bool:
    """Whether tensors are being made that autograd will never see."""
    return modes.inference


class _Switch:
    """A context manager, and a decorator, that holds tracking at ``mode`` inside; it may be nested and used again."""

    def __init__(self, mode: bool) -> None:
        self.mode = mode
        self._before: list[bool] = []

    def __enter__(self) -> Self:
        self._before.append(modes.grad_enabled)
        modes.switch(self.mode)
        return self

    def __exit__(self, *exc: object) -> None:
        modes.switch(self._before.pop())

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def switched(*args: Any, **kwargs: Any) -> Any:
            with _Switch(self.mode):
                return function(*args, **kwargs)

        return switched


class set_grad_enabled(_Switch):  # noqa: N801 - PyTorch's spelling
    """Switch tracking at once; as a context manager, put it back on leaving; as a decorator, only inside."""

    def __init__(self, mode: bool) -> None:
        if not isinstance(mode, bool):
            kind = type(mode).__name__
            raise TypeError(f"set_grad_enabled(): argument 'enabled' (position 1) must be bool, not {kind}")
        super().__init__(mode)
        self._found = modes.grad_enabled
        modes.switch(mode)

    def __enter__(self) -> Self:
        self._before.append(self._found)
        modes.switch(self.mode)
        return self

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        modes.switch(self._found)
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


class inference_mode:  # noqa: N801 - PyTorch's spelling
    """Make tensors that autograd will never see; with ``mode`` False, ordinary ones again. Also a decorator, with or
    without brackets.
    """

    def __new__(cls, mode: bool | Callable[..., Any] = True) -> Any:
        return super().__new__(cls) if isinstance(mode, bool) else cls()(mode)

    def __init__(self, mode: bool = True) -> None:
        self.mode = mode
        self._before: list[tuple[bool, bool]] = []

    def __enter__(self) -> None:
        self._before.append((modes.grad_enabled, modes.inference))
        modes.switch(not self.mode, self.mode)

    def __exit__(self, *exc: object) -> None:
        modes.switch(*self._before.pop())

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def switched(*args: Any, **kwargs: Any) -> Any:
            with inference_mode(self.mode):
                return function(*args, **kwargs)

        return switched


@contextmanager
def labelled(label: Hashable) -> Iterator[list[Any]]:
    """Tape nodes made inside carry ``label`` and count from 0; yields the list that they are collected in."""
    made: list[Any] = []

    def collect(node: Any) -> None:
        node.label, node.index = label, len(made)
        made.append(node)

    before = modes._collector
    modes.watch_with(collector=collect)
    try:
        yield made
    finally:
        modes.watch_with(collector=before)


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
    if modes.steps is not None:
        modes.steps.append(message)
    if modes.heard is None:
        warnings.warn(message, UserWarning, stacklevel=_to_the_caller())
    elif message not in modes.heard:
        modes.heard.append(message)


def _to_the_caller() -> int:
    """How many frames lie between ``warn`` and whoever called an operation."""
    level, frame = 2, sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(CORE):
        level, frame = level + 1, frame.f_back
    return level
