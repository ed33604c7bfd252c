"""An X server without a screen, for tests that open the real window. Providing the program Xvfb is not done here."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from steps import StepError

SCREEN = "1600x1000x24"


@contextmanager
def virtual_display() -> Iterator[str]:
    """Start Xvfb on a display that is free, yield its name (`:99`), and stop this very server at the end."""
    answers, server_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(server_end), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]
    try:
        server = subprocess.Popen(
            command, pass_fds=[server_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except OSError as error:
        os.close(answers)
        raise StepError(f"Xvfb does not start: {error}") from error
    finally:
        os.close(server_end)
    try:
        with open(answers, encoding="ascii") as lines:
            number = lines.readline().strip()  # Xvfb writes it when it is ready, and nothing if it gives up
        if not number:
            raise StepError("Xvfb gave up while starting")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
