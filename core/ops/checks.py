"""Checks of shapes and dimensions that several operations share, raising in PyTorch's words.

They read shapes and dtypes only. What an operation computes stands in its record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Dim = int | Sequence[int] | None


def accumulating(dtype: Any) -> Any:
    """The dtype in which PyTorch (``acc_type`` of a processor) takes numbers of ``dtype`` together, one by one."""
    return _ACCUMULATING.get(np.dtype(dtype), np.dtype(dtype))


def cast(array: Any, dtype: Any) -> Any:
    """``array`` in ``dtype``; itself, where it is."""
    return array if array.dtype == dtype else np.astype(array, dtype)


_ACCUMULATING = {np.dtype(np.float16): np.dtype(np.float32), np.dtype(np.float32): np.dtype(np.float64)}


def size_text(shape: Sequence[int]) -> str:
    """``[2, 3]``, as PyTorch writes sizes in messages."""
    return f"[{', '.join(map(str, shape))}]"


def times_text(shape: Sequence[int]) -> str:
    """``2x3``, as PyTorch writes the shapes of matrices in messages."""
    return "x".join(map(str, shape))


# How PyTorch's messages spell an element type: most as in torch.FloatTensor, those of linear algebra as in C++.
TYPE_NAMES = {
    "float16": ("Half", "c10::Half"),
    "float32": ("Float", "float"),
    "float64": ("Double", "double"),
    "int8": ("Char", "signed char"),
    "int16": ("Short", "short int"),
    "int32": ("Int", "int"),
    "int64": ("Long", "long int"),
    "uint8": ("Byte", "unsigned char"),
    "bool": ("Bool", "bool"),
}


def type_name(dtype: Any) -> str:
    """PyTorch's word for a NumPy dtype in messages: ``Long``, ``Float``."""
    return TYPE_NAMES[dtype.name][0]


def c_name(dtype: Any) -> str:
    """C++'s word for a NumPy dtype, which messages of linear algebra use: ``long int``, ``float``."""
    return TYPE_NAMES[dtype.name][1]


def promoted_type(*operands: Any) -> Any:
    """The NumPy dtype that arrays and numbers promote to, as far as PyTorch's messages tell; floats win."""
    dtypes = [each.dtype for each in operands if isinstance(each, (np.ndarray, np.generic))]
    floats = [dtype for dtype in dtypes if dtype.kind == "f"]
    if not floats and any(isinstance(each, float) for each in operands):
        return np.dtype(np.float32)
    if not floats and any(type(each) is int for each in operands) and all(dtype.kind == "b" for dtype in dtypes):
        return np.dtype(np.int64)
    return np.result_type(*(floats or dtypes))


def is_float(operand: Any) -> bool:
    """Whether an array or a number is of floating point."""
    return operand.dtype.kind == "f" if isinstance(operand, (np.ndarray, np.generic)) else type(operand) is float


def implemented(kernel: str, kinds: str) -> Callable[..., None]:
    """A check that the inputs promote to a dtype that PyTorch's ``kernel`` is for: one of NumPy's ``kinds``, "biuf"."""

    def check(*inputs: Any, **params: Any) -> None:
        dtype = promoted_type(*inputs)
        if dtype.kind not in kinds:
            raise NotImplementedError(f"\"{kernel}\" not implemented for '{type_name(dtype)}'")

    return check


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


def expandable(shape: Sequence[int], size: Sequence[int]) -> None:
    """RuntimeError unless ``shape`` expands to ``size``, which has at least as many dimensions."""
    new = len(size) - len(shape)
    for place, wanted in enumerate(size):
        if place < new and wanted == -1:
            raise RuntimeError(
                f"The expanded size of the tensor ({wanted}) isn't allowed in a leading, non-existing dimension {place}"
            )
        old = shape[place - new] if place >= new else 1
        if old not in (1, wanted) and wanted != -1:
            raise RuntimeError(
                f"The expanded size of the tensor ({wanted}) must match the existing size ({old}) at non-singleton "
                f"dimension {place}.  Target sizes: {size_text(size)}.  Tensor sizes: {size_text(shape)}"
            )


def assignable(source: Any, part: Any, at: Any) -> None:
    """RuntimeError unless ``source``, but for ones at the front of its shape, expands to ``part``, chosen by ``at``."""
    shape = source.shape
    while shape and shape[0] == 1:
        shape = shape[1:]
    listed = any(isinstance(each, np.ndarray) for each in (at if isinstance(at, tuple) else (at,)))
    fits = len(shape) <= part.ndim and all(a in (1, b) for a, b in zip(shape[::-1], part.shape[::-1], strict=False))
    if not fits and listed:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {size_text(source.shape)} cannot be broadcast to indexing result "
            f"of shape {size_text(part.shape)}"
        )
    if len(shape) > part.ndim:
        raise RuntimeError(
            f"expand(torch.{type_name(source.dtype)}Tensor{{{size_text(shape)}}}, size={size_text(part.shape)}): the "
            f"number of sizes provided ({part.ndim}) must be greater or equal to the number of dimensions in the "
            f"tensor ({len(shape)})"
        )
    expandable(shape, part.shape)


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


def not_empty(operation: str, input: Any, dim: Dim) -> None:
    """Check that ``operation``, which has no value for nothing, is not given nothing along ``dim``."""
    dims = wrap_dims(dim, input.ndim)
    if dims is None:
        if 0 in input.shape:
            raise RuntimeError(
                f"{operation}(): Expected reduction dim to be specified for input.numel() == 0. "
                "Specify the reduction dim with the 'dim' argument."
            )
        return
    for each in dims:
        if input.shape[each] == 0:
            raise IndexError(f"{operation}(): Expected reduction dim {each} to have non-zero size.")


def reduced(input: Any, dim: Dim = None, **params: Any) -> None:
    """Check the ``dim`` of a reduction of ``input``."""
    wrap_dims(dim, input.ndim)


def one_dim(operation: str, input: Any, dim: Any) -> None:
    """Check the ``dim`` of an ``operation`` that works along a single dimension, or on everything: None."""
    if isinstance(dim, tuple):
        raise TypeError(f"{operation}(): argument 'dim' must be int, not tuple")
    wrap_dims(dim, input.ndim)
