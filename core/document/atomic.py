"""Writing a file so that at every moment either the old content or the new one is there, whole.

Nothing here knows what is being written.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content``; OSError, and the old file untouched, if that cannot be done.

    The content is on the disk before it takes the name, and the folder is on the disk before this returns. A symbolic
    link stays one, and a file that was there keeps its permissions.
    """
    target = Path(os.path.realpath(path))
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _mode(target: Path) -> int:
    """The permissions of the file that is there, or those that a new file gets."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened, and the rename is journalled
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
