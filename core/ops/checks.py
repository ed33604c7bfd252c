"""Checks of shapes and dimensions that several operations share, raising in PyTorch's words.

They read shapes and dtypes only. What an operation computes stands in its record.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Dim = int | Sequence[int] | None


def size_text(shape: Sequence[int]) -> str:
    """``[2, 3]``, as PyTorch writes sizes in messages."""
    return f"[{', '.join(map(str, shape))}]"


def times_text(shape: Sequence[int]) -> str:
    """``2x3``, as PyTorch writes the shapes of matrices in messages."""
    return "x".join(map(str, shape))


def type_name(dtype: Any) -> str:
    """PyTorch's word for a NumPy dtype in messages: ``Long``, ``Float``."""
    names = {"float32": "Float", "float64": "Double", "float16": "Half", "int64": "Long", "int32": "Int"}
    names |= {"int16": "Short", "int8": "Char", "uint8": "Byte", "bool": "Bool"}
    return names.get(dtype.name, str(dtype.name))


def broadcast(*shapes: Sequence[int]) -> tuple[int, ...]:
    """The shape that ``shapes`` broadcast to; RuntimeError where they do not."""
    result: tuple[int, ...] = ()
    for shape in shapes:
        merged = list(result) if len(result) >= len(shape) else [1] * (len(shape) - len(result)) + list(result)
        for back in range(1, len(shape) + 1):
            a, b = merged[-back], shape[-back]
            if a != b and a != 1 and b != 1:
                raise RuntimeError(
                    f"The size of tensor a ({a}) must match the size of tensor b ({b}) "
                    f"at non-singleton dimension {max(len(result), len(shape)) - back}"
                )
            merged[-back] = b if a == 1 else a
        result = tuple(merged)
    return result


def wrap_dim(dim: int, ndim: int) -> int:
    """``dim`` counted from the front; IndexError if a tensor of ``ndim`` dimensions (0 counts as 1) has no such."""
    bound = max(ndim, 1)
    if not -bound <= dim < bound:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-bound}, {bound - 1}], but got {dim})")
    return dim % bound


def wrap_dims(dim: Dim, ndim: int) -> tuple[int, ...] | None:
    """All of ``dim`` counted from the front; None (or nothing in it) means every dimension and stays None."""
    if dim is None:
        return None
    dims = (dim,) if isinstance(dim, int) else tuple(dim)
    wrapped = tuple(wrap_dim(d, ndim) for d in dims)
    for place, d in enumerate(wrapped):
        if d in wrapped[:place]:
            raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    return wrapped if ndim and wrapped else None


def reduced(input: Any, dim: Dim = None, **params: Any) -> None:
    """Check the ``dim`` of a reduction of ``input``."""
    wrap_dims(dim, input.ndim)
