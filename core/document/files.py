"""Graph files on the disk: loading and saving ``.chainrule``.

What the bytes mean stands in ``reading``, ``writing`` and ``schema``; how they get to the disk whole, in ``atomic``.
"""

from __future__ import annotations

import os
from pathlib import Path

from chainrule.core.document import archive, atomic
from chainrule.core.document.building import Graph
from chainrule.core.document.graph import Graph as Document
from chainrule.core.document.reading import FileError, decode
from chainrule.core.document.writing import encode

EXTENSION = ".chainrule"

__all__ = ["EXTENSION", "FileError", "decode", "encode", "load_graph", "save_graph"]


def load_graph(path: str | os.PathLike[str]) -> Graph:
    """The graph in the file at ``path``; FileError if it cannot be read or is no sound graph file."""
    try:
        if os.path.getsize(path) > archive.LIMIT:
            raise FileError(f"the file is larger than {archive.LIMIT >> 30} GB")
        return decode(Path(path).read_bytes())
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}", file=str(path)) from None
    except FileError as error:
        raise FileError(error.message, error.field, str(path)) from None


def save_graph(graph: Document, path: str | os.PathLike[str]) -> None:
    """Write ``graph`` to ``path``, whole or not at all; FileError, and the old file untouched, if that fails."""
    try:
        atomic.write(Path(path), encode(graph))
    except RecursionError:
        raise FileError("cannot be written: a field is nested too deeply", file=str(path)) from None
    except OSError as error:
        raise FileError(f"cannot be written: {error.strerror or error}", file=str(path)) from None
