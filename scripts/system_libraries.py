"""What the operating system must bring, and how Debian and Ubuntu bring it: Python's venv, Qt's shared libraries, Xvfb.

The Python packages are `environment.py`'s business. Installs only where it may without a question (as root, or by a
sudo that asks for no password); elsewhere it says the one command to type.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys

from steps import StepError, execute, say

# The shared libraries that Qt opens and its wheels do not carry, each with its Debian package. The packages' own
# dependencies bring the rest.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    # from here on for a window on X11 only
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}


def provide_venv() -> None:
    """Debian keeps what `python -m venv` needs in a package of its own."""
    if importlib.util.find_spec("ensurepip") is not None:
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if not install([package]):
        everything = [package, *(QT_LIBRARIES[name] for name in missing_libraries())]
        raise StepError(f"this Python comes without venv. Type this, then try again:\n    {by_hand(everything)}")


def provide_qt() -> str:
    """Qt's system libraries; returns what is left for the user to do, if anything."""
    missing = missing_libraries()
    if missing and install([QT_LIBRARIES[name] for name in missing]):
        missing = missing_libraries()
    if not missing:
        return ""
    packages = [QT_LIBRARIES[name] for name in missing]
    return f"The window needs system libraries that are missing: {', '.join(missing)}. Type:\n    {by_hand(packages)}"


def provide_xvfb() -> str:
    """The X server without a screen, on which the tests open real windows; returns what is left for the user to do."""
    if shutil.which("Xvfb") or install(["xvfb"]):
        return ""
    return f"Xvfb is missing. Please type:\n    {by_hand(['xvfb'])}"


def missing_libraries() -> list[str]:
    """Those of Qt's libraries that the dynamic linker does not find. Only Linux leaves them to the system."""
    return [name for name in QT_LIBRARIES if not loads(name)] if sys.platform == "linux" else []


def loads(library: str) -> bool:
    """Whether the dynamic linker finds a library: the question that Qt will ask."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install(packages: list[str]) -> bool:
    """Install Debian packages, if this is such a system and nobody need be asked."""
    prefix = privilege()
    if prefix is None or not shutil.which("apt-get"):
        return False
    say(f"  system packages: {' '.join(packages)}")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    command = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    try:
        execute(command, "installing system packages")
    except StepError:
        try:  # the package lists may be stale, or absent
            execute([*apt, "update"], "fetching the package lists")
            execute(command, "installing system packages")
        except StepError as error:
            say(f"  {error}")
            return False
    return True


def privilege() -> list[str] | None:
    """What to put before a command so that it runs as root without a question; None if nothing does that."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True).returncode == 0:
        return sudo
    return None


def by_hand(packages: list[str]) -> str:
    """The command for the user to type."""
    if shutil.which("apt-get"):
        return f"sudo apt-get install --yes {' '.join(packages)}"
    return f"(your package manager's equivalent of) apt-get install {' '.join(packages)}"
