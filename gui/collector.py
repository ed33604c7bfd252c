"""Python's cycle collector, kept in the window's thread while another thread runs.

The collector runs in whichever thread happens to allocate. A Qt object that it lets go in a thread of ours is destroyed
there, under the window's feet, and the program falls. So while such a thread runs the collector is off, and the window
collects at its own times.
"""

from __future__ import annotations

import gc

_holders: set[object] = set()


def hold(holder: object) -> None:
    """Keep the collector out of other threads until ``holder`` lets go; call from the window's thread."""
    _holders.add(holder)
    gc.disable()


def collect() -> None:
    """Collect what is young; what a training leaves behind never grows old."""
    if _holders:
        gc.collect(1)


def release(holder: object) -> None:
    """``holder`` runs no thread any more; call from the window's thread."""
    _holders.discard(holder)
    if not _holders:
        gc.enable()
