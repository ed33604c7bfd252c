"""The zip form of a graph file: ``graph.json``, and an ``.npy`` member for each array too large to stand in text.

Nothing is unpacked to disk and nothing is unpickled; what a member claims to hold is compared with its size before
a byte of it is read, so that a small file cannot fill the memory.
"""

from __future__ import annotations

import io
import math
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MAGIC = b"PK\x03\x04"
TEXT = "graph.json"
LIMIT = 1 << 31
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same graph is to give the same bytes, whenever it is saved


class ArchiveError(ValueError):
    """What is wrong with an archive, in one line; ``member`` is the part of it that is."""

    def __init__(self, message: str, member: str = "") -> None:
        super().__init__(message)
        self.member = member


def pack(text: bytes, arrays: Mapping[str, Array]) -> bytes:
    """The bytes of an archive with ``text`` as its ``graph.json`` and ``arrays`` by member name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_member(TEXT), text)
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(array).reshape(array.shape), allow_pickle=False)
            archive.writestr(_member(name), content.getvalue())
    return buffer.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def unpack(data: bytes) -> tuple[bytes, dict[str, Array]]:
    """The text and the arrays of an archive; ArchiveError if it is damaged, too large or not one of ours."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(info.file_size for info in members) > LIMIT:
                raise ArchiveError(f"it would unpack to more than {LIMIT >> 30} GB")
            contents = {info.filename: archive.read(info) for info in members}
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError) as error:
        raise ArchiveError(f"the archive is damaged ({_first_line(error)})") from None
    except (RuntimeError, NotImplementedError, ValueError, IndexError, UnicodeError) as error:
        raise (
            error
            if isinstance(error, ArchiveError)
            else ArchiveError(f"the archive cannot be read ({_first_line(error)})")
        ) from None
    if TEXT not in contents:
        raise ArchiveError(f"the archive has no {TEXT}")
    text = contents.pop(TEXT)
    return text, {name: _array(name, content) for name, content in contents.items() if name.endswith(".npy")}


def _array(name: str, content: bytes) -> Array:
    """The array in an ``.npy`` member, whose header must be about as many bytes as there are."""
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        read_header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[
            version
        ]
        shape, fortran, dtype = read_header(stream)
    except Exception as error:  # the header is parsed as Python literals, which fail in many ways
        raise ArchiveError(f"{name} has no sound header ({_first_line(error)})", name) from None
    size = math.prod(shape)
    expected = size * dtype.itemsize
    if dtype.hasobject or any(length < 0 for length in shape) or expected != len(content) - stream.tell():
        raise ArchiveError(f"{name} does not hold what its header says", name)
    try:
        flat = np.frombuffer(content, dtype, offset=stream.tell())
        return flat.reshape(shape, order="F" if fortran else "C").astype(dtype.newbyteorder("="))
    except (ValueError, TypeError) as error:
        raise ArchiveError(f"{name} cannot be read ({_first_line(error)})", name) from None


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
