"""Makes the checkout ready to use, or sees at a glance that it is: `run.py` and `test.py` call `ensure()` first.

This file is the glance, and stands before every start of the program: a hash of four small files against a stamp. The
work itself, and everything that it imports, lives in `environment.py` and `system_libraries.py`. Standard library only,
one path for Linux, macOS and Windows.
"""

from __future__ import annotations

import hashlib
import os
import sys

if sys.version_info < (3, 11):
    sys.exit(
        f"Chainrule needs Python 3.11 or newer; {sys.executable} is {sys.version_info[0]}.{sys.version_info[1]}.\n"
        f"Start the script with a newer one, for example: python3.12 {' '.join(sys.argv)}"
    )

# Plain strings, no pathlib: importing pathlib would cost more than everything else here.
SCRIPTS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(SCRIPTS)
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if sys.platform == "win32" else os.path.join(VENV, "bin", "python")
LINKS = os.path.join(ROOT, ".links", "chainrule")
STAMP = os.path.join(VENV, "chainrule-setup.stamp")
INGREDIENTS = (
    os.path.join(ROOT, "pyproject.toml"),
    os.path.join(ROOT, "constraints.txt"),
    os.path.join(SCRIPTS, "setup.py"),
    os.path.join(SCRIPTS, "environment.py"),
)


def fingerprint() -> str:
    """Everything that decides what a set-up makes: the pins, the code that installs them, the Python, the folder."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {sys.platform} {ROOT}".encode())
    for path in INGREDIENTS:
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def stamp() -> str:
    """The fingerprint of the set-up that ran to its end, or nothing."""
    try:
        with open(STAMP, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def is_ready() -> bool:
    """Whether a set-up ran to its end, for these very files, and what it made is still there."""
    return stamp() == fingerprint() and os.path.exists(PYTHON) and os.path.isdir(LINKS)


def ensure() -> None:
    """Set up what is not; a few milliseconds when all is. A step that fails ends the program with one clear message."""
    if is_ready():
        return
    from steps import StepError, alone, say

    try:
        with alone(os.path.join(ROOT, ".setup.lock")):
            if not is_ready():  # another set-up may have finished while this one waited
                set_up()
    except StepError as error:
        sys.exit(f"\nThe set-up stopped: {error}")
    except KeyboardInterrupt:
        say("\nThe set-up was interrupted; the next call begins it afresh.")
        sys.exit(130)


def set_up() -> None:
    """Every step, in order. The stamp goes first and comes last, so that half a set-up never passes for one."""
    import environment
    import system_libraries
    from steps import say

    say("Setting up Chainrule, once; this takes about half a minute.")
    wanted, whole = fingerprint(), bool(stamp())
    if whole:
        os.remove(STAMP)
    system_libraries.provide_venv()
    environment.make_venv(VENV, PYTHON, keep=whole)
    environment.install_packages(ROOT, PYTHON)
    environment.make_links(ROOT, LINKS)
    complaint = system_libraries.provide_qt()
    if complaint:
        say(complaint)  # no reason to stop: the headless commands do without Qt
    with open(STAMP, "w", encoding="utf-8") as file:
        file.write(wanted)


def main() -> None:
    """The set-up alone, and another look at the system libraries, which may have gone or come since."""
    ensure()
    from system_libraries import provide_qt

    complaint = provide_qt()
    if complaint:
        sys.exit(complaint)
    print("Chainrule is set up.")


if __name__ == "__main__":
    main()
