"""How a step of the set-up runs, speaks and fails; and how only one set-up works at a time.

What the steps are is not said here.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class StepError(Exception):
    """A step failed; the text says which one, why, and what would help."""


def say(text: str) -> None:
    """Progress goes to standard error: standard output belongs to the program, as in `run.py run FILE --json`."""
    print(text, file=sys.stderr, flush=True)


def execute(command: list[str], purpose: str, cwd: str | None = None) -> str:
    """Run one step in silence and return what it printed; if it fails, the error shows the gist of that."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise StepError(f"{purpose} failed: {error}") from error
    if done.returncode != 0:
        raise StepError("\n    ".join([f"{purpose} failed:", *gist(done.stdout)]))
    return done.stdout


def gist(output: str) -> list[str]:
    """The few lines of a failed command's output that say why: those that speak of an error, or else the last ones."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if line.lower().startswith(("error", "e:", "fatal"))]
    return [line[:300] for line in (telling or lines)[-5:]]


@contextmanager
def alone(path: str) -> Iterator[None]:
    """Hold the lock file at `path`. The operating system lets go of it when the holder dies, however it dies."""
    with open(path, "ab") as file:
        if sys.platform == "win32":
            wait_for_lock_on_windows(file.fileno())
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def wait_for_lock_on_windows(descriptor: int) -> None:
    """LK_LOCK gives up after ten seconds, and a set-up takes longer than that."""
    if sys.platform != "win32":
        return
    import msvcrt

    while True:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        except OSError:
            continue
        return
