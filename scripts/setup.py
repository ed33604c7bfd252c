"""Makes the checkout ready to use: a private `.venv` with pinned packages, the links for type checkers, Qt's system libraries.

Standard library only, one path for Linux, macOS and Windows. `run.py` and `test.py` call `ensure()` first; when nothing has
changed since the last set-up it reads one small stamp file and returns. What the system libraries are lives in
`system_libraries.py`.
"""

from __future__ import annotations

import os
import sys

MINIMUM_PYTHON = (3, 11)
if sys.version_info < MINIMUM_PYTHON:
    sys.exit(
        "Chainrule needs Python 3.11 or newer; this is {}.{} ({}).\n"
        "Start the script with a newer one, for example: python3.12 {}".format(
            sys.version_info[0], sys.version_info[1], sys.executable, " ".join(sys.argv)
        )
    )

from collections.abc import Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from hashlib import sha256  # noqa: E402

# Plain strings rather than pathlib: this module stands before every start of the program, and pathlib alone costs more
# than everything else that the fast path does.
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "chainrule-setup.stamp")
LOCK = os.path.join(ROOT, ".setup.lock")
LINKS = os.path.join(ROOT, ".links", "chainrule")
LINKED_FOLDERS = ("core", "gui", "assets")
FINGERPRINTED = ("pyproject.toml", "constraints.txt", "scripts/setup.py", "scripts/system_libraries.py")


class SetupError(Exception):
    """A step failed; the text says which, why, and what would help."""


def say(text: str) -> None:
    """Progress goes to standard error: standard output belongs to the program (`run.py run FILE --json`)."""
    print(text, file=sys.stderr, flush=True)


def fingerprint() -> str:
    """Everything that decides what a set-up makes: the pins, the code that installs them, the Python, the folder."""
    digest = sha256(f"{sys.version_info[:2]} {sys.platform} {ROOT}".encode())
    for name in FINGERPRINTED:
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def stamp() -> str:
    """The fingerprint of the last set-up that ran to its end, or nothing."""
    try:
        with open(STAMP, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def is_ready() -> bool:
    """Whether the last set-up ran to its end, for these very files, and its Python is still there."""
    return stamp() == fingerprint() and os.path.exists(VENV_PYTHON) and os.path.isdir(LINKS)


def ensure() -> None:
    """Set up whatever is missing; costs a millisecond when nothing is. Ends the program with one clear line on failure."""
    if is_ready():
        return
    try:
        with alone():
            if not is_ready():
                set_up()
    except SetupError as error:
        sys.exit(f"\nSet-up stopped: {error}")
    except KeyboardInterrupt:
        sys.exit("\nSet-up interrupted; the next call starts it afresh.")


def set_up() -> None:
    """Every step, in order. The stamp goes first and comes back last, so that a half-finished set-up is never taken for one."""
    from system_libraries import provide_venv_support, report_missing_qt_libraries

    say("Setting up Chainrule (once; well under a minute)")
    finished_before = bool(stamp())
    if finished_before:
        os.remove(STAMP)
    wanted = fingerprint()
    provide_venv_support(say)
    make_venv(keep=finished_before)
    install_packages()
    make_links()
    report_missing_qt_libraries(say)
    with open(STAMP, "w", encoding="utf-8") as file:
        file.write(wanted)
    say("  ready")


def make_venv(keep: bool) -> None:
    """A private environment. One that a finished set-up left is brought up to date; anything else is made afresh."""
    if keep and venv_version() == sys.version_info[:2]:
        return
    say("  private environment in .venv")
    # From inside a virtual environment, build on the Python beneath it: this may be the very .venv that is being replaced.
    python = getattr(sys, "_base_executable", None) or sys.executable
    execute([python, "-m", "venv", "--clear", VENV], "making the private environment .venv")


def venv_version() -> tuple[int, int] | None:
    """The Python version of the environment that is there, or None if it does not run."""
    import subprocess

    code = "import sys, pip; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([VENV_PYTHON, "-c", code], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    major, minor = answer.split()
    return int(major), int(minor)


def install_packages() -> None:
    """The pinned packages, then this checkout in editable form, built with the pinned setuptools rather than a fresh one."""
    say("  packages, as pinned in constraints.txt")
    pip = [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    pip += ["--constraint", os.path.join(ROOT, "constraints.txt")]
    execute([*pip, "setuptools"], "installing setuptools")
    execute([*pip, "--no-build-isolation", "--editable", ROOT + "[dev]"], "installing the packages")


def make_links() -> None:
    """`.links/chainrule/{core,gui,assets}`: type checkers cannot see through the package mapping, but they can follow links."""
    os.makedirs(LINKS, exist_ok=True)
    for name in LINKED_FOLDERS:
        link = os.path.join(LINKS, name)
        if not os.path.lexists(link):
            link_folder(os.path.join(ROOT, name), link)


def link_folder(target: str, link: str) -> None:
    """A symbolic link; on Windows, where those need a privilege, a junction."""
    try:
        os.symlink(os.path.relpath(target, os.path.dirname(link)), link, target_is_directory=True)
    except OSError as error:
        if sys.platform != "win32":
            raise SetupError(f"cannot make the link {link}: {error}") from error
        import _winapi

        _winapi.CreateJunction(target, link)


def execute(command: list[str], purpose: str) -> None:
    """Run one step in silence; if it fails, show the end of what it said."""
    import subprocess

    try:
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    except OSError as error:
        raise SetupError(f"{purpose} failed: {error}") from error
    if done.returncode != 0:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise SetupError("\n    ".join([f"{purpose} failed:", *lines[-12:]]))


@contextmanager
def alone() -> Iterator[None]:
    """Let one set-up work at a time. The operating system lets go of the lock when its holder dies, however it dies."""
    with open(LOCK, "a+b") as file:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            # LK_LOCK gives up after ten seconds; a set-up may take longer than that.
            while True:
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:
                    continue
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> None:
    """The set-up alone."""
    ensure()
    say(f"Chainrule is set up: {os.path.relpath(VENV_PYTHON)}")


if __name__ == "__main__":
    main()
