"""Questions about tensors and dtypes that torch answers by functions: sizes, kinds, promotion, limits.

None of them computes with a tensor's numbers, except ``is_nonzero``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.core.engine import dtypes
from chainrule.core.engine.dtypes import dtype as DType
from chainrule.core.engine.size import Size
from chainrule.core.engine.tensor import Tensor


def _tensor(function: str, input: Any) -> Tensor:
    if not isinstance(input, Tensor):
        raise TypeError(f"{function}(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    return input


def numel(input: Tensor) -> int:
    """The number of elements."""
    return _tensor("numel", input).numel()


def is_floating_point(input: Tensor) -> bool:
    """Whether ``input`` holds floating-point numbers."""
    return _tensor("is_floating_point", input).is_floating_point()


def is_complex(input: Tensor) -> bool:
    """Always False: there are no complex numbers here."""
    return _tensor("is_complex", input).is_complex()


def is_signed(input: Tensor) -> bool:
    """Whether the dtype of ``input`` has negative values."""
    return _tensor("is_signed", input).is_signed()


def is_nonzero(input: Tensor) -> bool:
    """Whether the single element of ``input`` is not 0."""
    return bool(_tensor("is_nonzero", input))


def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape."""
    return _tensor("is_same_size", input).is_same_size(other)


def result_type(tensor1: Any, tensor2: Any) -> DType:
    """The dtype in which an operation on two tensors or numbers computes."""
    return dtypes.of(dtypes.result_type([getattr(each, "_data", each) for each in (tensor1, tensor2)]))


def promote_types(type1: DType, type2: DType) -> DType:
    """The smallest dtype that holds both."""
    return dtypes.promote(type1, type2)


def can_cast(from_: DType, to: DType) -> bool:
    """Whether an in-place operation may write one dtype into the other."""
    return dtypes.can_cast(from_.numpy, to.numpy)


def broadcast_shapes(*shapes: int | Sequence[int]) -> Size:
    """The shape that ``shapes`` broadcast to; RuntimeError where they do not."""
    sized = [(shape,) if isinstance(shape, int) else tuple(shape) for shape in shapes]
    common = [1] * max(map(len, sized), default=0)
    for place, shape in enumerate(sized):
        for back in range(1, len(shape) + 1):
            side = shape[-back]
            if side < 0:
                raise ValueError("Attempting to broadcast a dimension with negative length!")
            if side != 1 and common[-back] not in (1, side):
                raise RuntimeError(
                    f"Attempting to broadcast a dimension of length {side} at -{back}! Mismatching argument at index "
                    f"{place} had {shape}; but expected shape should be broadcastable to {common}"
                )
            common[-back] = side if common[-back] == 1 else common[-back]
    return Size(common)


class finfo:  # noqa: N801 - PyTorch's spelling
    """The limits of a floating-point dtype, by default the default one; TypeError for integers."""

    def __init__(self, type: DType | None = None) -> None:
        asked = type or dtypes.get_default_dtype()
        if not asked.is_floating_point:
            raise TypeError(
                "torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'"
            )
        limits: Any = np.finfo(asked.numpy)
        self.dtype = asked.name
        self.bits = asked.itemsize * 8
        self.min, self.max, self.eps = float(limits.min), float(limits.max), float(limits.eps)
        self.tiny = self.smallest_normal = float(limits.smallest_normal)
        self.resolution = float(str(limits.resolution))

    def __repr__(self) -> str:
        return (
            f"finfo(resolution={self.resolution:g}, min={self.min:g}, max={self.max:g}, eps={self.eps:g}, "
            f"smallest_normal={self.smallest_normal:g}, tiny={self.tiny:g}, dtype={self.dtype})"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, finfo) and self.dtype == other.dtype

    def __hash__(self) -> int:
        return hash(self.dtype)


class iinfo:  # noqa: N801 - PyTorch's spelling
    """The limits of an integer dtype; TypeError for others."""

    def __init__(self, type: DType) -> None:
        if type is dtypes.bool_:
            raise TypeError("torch.bool is not supported by torch.iinfo")
        if type.is_floating_point:
            raise TypeError("torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo'")
        limits: Any = np.iinfo(type.numpy)
        self.dtype = type.name
        self.bits = type.itemsize * 8
        self.min, self.max = int(limits.min), int(limits.max)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, iinfo) and self.dtype == other.dtype

    def __hash__(self) -> int:
        return hash(self.dtype)
