"""What set-up needs from the operating system, and how to get it on Debian and Ubuntu.

Which shared libraries Qt opens, which package brings each, and the apt-get calls. Python packages are `setup.py`'s business.
"""

from __future__ import annotations

from collections.abc import Callable


def provide_venv_support(say: Callable[[str], None]) -> None:
    """Debian splits `venv` off into a package of its own."""


def report_missing_qt_libraries(say: Callable[[str], None]) -> None:
    """Qt's system libraries."""
