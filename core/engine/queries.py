"""Questions about tensors and dtypes that torch answers by functions: sizes, kinds, promotion, limits.

None of them computes with a tensor's numbers, except ``is_nonzero``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from chainrule.core.engine import dtypes
from chainrule.core.engine.arguments import of_a_method
from chainrule.core.engine.dtypes import dtype as DType
from chainrule.core.engine.errors import kind_of
from chainrule.core.engine.size import Size
from chainrule.core.engine.tensor import Tensor
from chainrule.core.ops import checks


def _tensor(function: str, given: Any, name: str = "input", place: int = 1) -> Tensor:
    if not isinstance(given, Tensor):
        raise TypeError(f"{function}(): argument '{name}' (position {place}) must be Tensor, not {kind_of(given)}")
    return given


def numel(input: Tensor) -> int:
    """The number of elements."""
    return _tensor("numel", input).numel()


def is_floating_point(input: Tensor) -> bool:
    """Whether ``input`` holds floating-point numbers."""
    return _tensor("is_floating_point", input).is_floating_point()


def is_complex(input: Tensor) -> bool:
    """Always False: there are no complex numbers here."""
    return _tensor("is_complex", input).dtype.is_complex


def is_signed(input: Tensor) -> bool:
    """Whether the dtype of ``input`` has negative values."""
    return _tensor("is_signed", input).dtype.is_signed


def is_nonzero(input: Tensor) -> bool:
    """Whether the single element of ``input`` is not 0."""
    return bool(_tensor("is_nonzero", input))


def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape."""
    return _tensor("is_same_size", input).shape == _tensor("is_same_size", other, "other", 2).shape


def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape and the same elements; nan equals nothing."""
    a, b = _tensor("equal", input), _tensor("equal", other, "other", 2)
    return bool(np.array_equal(a._data, b._data))


def allclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether every element is within ``atol + rtol * |other|`` of the one in ``other``, of the same dtype."""
    a, b = _tensor("allclose", input), _tensor("allclose", other, "other", 2)
    if a.dtype is not b.dtype:
        raise RuntimeError(f"{a.dtype.type_name} did not match {b.dtype.type_name}")
    checks.broadcast(a.shape, b.shape)
    return bool(np.allclose(a._data, b._data, rtol, atol, equal_nan))


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


def _as_method(function: Callable[..., bool]) -> Callable[..., bool]:
    name = function.__name__

    @wraps(function)
    def method(*args: Any, **kwargs: Any) -> bool:
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            raise TypeError(of_a_method(str(error), name, name, 0)) from None

    return method


for _question in (is_complex, is_signed, is_nonzero, is_same_size, equal, allclose):
    setattr(Tensor, _question.__name__, _as_method(_question))
