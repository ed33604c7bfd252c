"""Looking for anomalies: where a NaN first appeared in a backward pass, and which forward call it belongs to.

While the mode is on, every backward node remembers the calls that led to it; while it is off nothing is remembered.
"""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine.modes import CORE, modes

Array = NDArray[Any]


class Node(Protocol):
    """A backward node, as far as it is looked at here."""

    trace: Any

    def name(self) -> str:
        """Its name in messages."""


class _Trace:
    """Where a node was made, and by which node of a pass that was itself tracked."""

    def __init__(self, parent: Node | None) -> None:
        frames = traceback.extract_stack()
        while frames and frames[-1].filename.startswith(CORE):
            frames.pop()
        self.text = "".join(traceback.format_list(frames))
        self.parent = parent


def is_anomaly_enabled() -> bool:
    """Whether anomalies are being looked for."""
    return modes.anomaly


def is_anomaly_check_nan_enabled() -> bool:
    """Whether NaNs count as anomalies."""
    return modes.check_nan


class set_detect_anomaly:  # noqa: N801 - PyTorch's spelling
    """Look for anomalies, or stop looking, at once; as a context manager, put it back on leaving."""

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self._before = modes.anomaly, modes.check_nan
        _switch(mode, check_nan)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc: object) -> None:
        _switch(*self._before)


class detect_anomaly:  # noqa: N801 - PyTorch's spelling
    """Look for anomalies inside: a context manager, and a decorator."""

    def __init__(self, check_nan: bool = True) -> None:
        self._check_nan = check_nan
        self._before: list[tuple[bool, bool]] = []
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for "
            "debugging.",
            UserWarning,
            stacklevel=2,
        )

    def __enter__(self) -> None:
        self._before.append((modes.anomaly, modes.check_nan))
        _switch(True, self._check_nan)

    def __exit__(self, *exc: object) -> None:
        _switch(*self._before.pop())

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return watched


def _switch(mode: bool, check_nan: bool) -> None:
    modes.anomaly, modes.check_nan = mode, check_nan
    modes.watch_with(tracer=_remember if mode else None)


def _remember(node: Node) -> None:
    node.trace = _Trace(modes.running)


@contextmanager
def explained(node: Node) -> Iterator[None]:
    """What is made inside is made by ``node``, and an error inside is reported with where ``node`` itself was made."""
    before, modes.running = modes.running, node
    try:
        yield
    except RuntimeError:
        _report(node)
        raise
    finally:
        modes.running = before


def check(node: Node, sent: Sequence[tuple[int, Array]]) -> None:
    """RuntimeError, in PyTorch's words, if ``node`` sends a NaN."""
    for place, gradient in sent:
        if gradient.dtype.kind == "f" and np.isnan(gradient).any():
            raise RuntimeError(f"Function '{node.name()}' returned nan values in its {place}th output.")


def _report(node: Node) -> None:
    """Warn of where ``node`` was made, and what induced that."""
    trace: _Trace | None = node.trace
    if trace is None:
        _warn(
            f"Error detected in {node.name()}. No forward pass information available. Enable detect anomaly during "
            "forward pass for more information."
        )
        return
    _warn(f"Error detected in {node.name()}. Traceback of forward call that caused the error:\n{trace.text}")
    while trace is not None and trace.parent is not None:
        parent = trace.parent
        trace = parent.trace
        if trace is not None:
            _warn(
                f"\n\nPrevious calculation was induced by {parent.name()}. Traceback of forward call that induced the "
                f"previous calculation:\n{trace.text}"
            )


def _warn(message: str) -> None:
    warnings.warn(message, UserWarning, stacklevel=6)
