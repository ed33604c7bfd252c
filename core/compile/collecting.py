"""Python's collector of cycles, held back while a program is compiled."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for cycles meanwhile: what a trace makes stays, and looking through it time and again costs as much.

    Afterwards all of it is old at once, as it would be by then; unless somebody keeps objects from the collector.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()  # which puts them into the oldest generation
            gc.enable()
