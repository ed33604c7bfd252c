"""Making leaf tensors: from Python values, filled, counted, drawn at random.

Each follows torch's function of its name, arguments and defaults. Numbers drawn come from the default generator.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine import dtypes, errors, random
from chainrule.core.engine.dtypes import dtype as DType
from chainrule.core.engine.tensor import Tensor, fresh

Array = NDArray[Any]
Sizes = int | Sequence[int]


def _leaf(array: Array, requires_grad: bool) -> Tensor:
    made = fresh(array)
    if requires_grad:
        if array.dtype.kind != "f":
            raise RuntimeError(errors.NEW_INTEGER_LEAF)
        made.requires_grad_()
    return made


def _shape(size: tuple[Any, ...]) -> tuple[int, ...]:
    sizes = tuple(size[0]) if len(size) == 1 and not isinstance(size[0], (int, np.integer)) else size
    for side in sizes:
        if side < 0:
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {side}: [{', '.join(map(str, sizes))}]"
            )
    return tuple(int(side) for side in sizes)


def _numpy(dtype: DType | None) -> np.dtype[Any]:
    return (dtypes.get_default_dtype() if dtype is None else dtypes.requested(dtype, "empty")).numpy


def tensor(data: Any, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """A leaf holding a copy of ``data``: a number, nested sequences, or an array, which keeps its dtype."""
    if isinstance(data, Tensor):
        warnings.warn(errors.COPY_CONSTRUCT, UserWarning, stacklevel=2)
    return _leaf(dtypes.from_python(data, None if dtype is None else dtypes.requested(dtype, "tensor")), requires_grad)


def as_tensor(data: Any, dtype: DType | None = None) -> Tensor:
    """``data`` as a tensor: itself if it is one of that dtype, sharing memory if it is such an array."""
    if isinstance(data, Tensor) and dtype in (None, data.dtype):
        return data
    if isinstance(data, np.ndarray) and (dtype is None or dtype.numpy == data.dtype):
        return from_numpy(data)
    return tensor(data, dtype=dtype)


def from_numpy(array: Array) -> Tensor:
    """A leaf that shares ``array``'s memory; TypeError for an element type that torch has not."""
    if not isinstance(array, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(array).__name__})")
    dtypes.of(array)
    return fresh(array)


def zeros(*sizes: Any, size: Any = (), dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Zeros of a size given as integers or as one sequence."""
    if any(isinstance(side, int) and side < 0 for side in sizes):
        raise RuntimeError("zeros: Dimension size must be non-negative.")
    return _leaf(np.zeros(_shape(sizes or size), _numpy(dtype)), requires_grad)


def ones(*sizes: Any, size: Any = (), dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Ones of a size given as integers or as one sequence."""
    return _leaf(np.ones(_shape(sizes or size), _numpy(dtype)), requires_grad)


def empty(*sizes: Any, size: Any = (), dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """A tensor of that size whose numbers are yet to be written; here they are zeros, so that runs repeat."""
    return zeros(*sizes, size=size, dtype=dtype, requires_grad=requires_grad)


def full(size: Sizes, fill_value: float, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """``size`` filled with one number, whose type decides the dtype."""
    kind = dtype.numpy if dtype else dtypes.from_python(fill_value).dtype
    return _leaf(np.full(_shape((size,)), fill_value, kind), requires_grad)


def eye(n: int, m: int | None = None, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Ones on the diagonal of an ``n`` by ``m`` matrix, zeros elsewhere."""
    return _leaf(np.eye(n, m, dtype=_numpy(dtype)), requires_grad)


def arange(
    start: float = 0,
    end: float | None = None,
    step: float = 1,
    *,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers from ``start`` (0 if only one is given) up to but not including ``end``, ``step`` apart."""
    first, last = (0, start) if end is None else (start, end)
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if (last - first) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    fractional = any(isinstance(each, (float, np.floating)) for each in (first, last, step))
    kind = dtype.numpy if dtype else (_numpy(None) if fractional else np.dtype(np.int64))
    count = int(np.ceil((last - first) / step))
    return _leaf((first + np.arange(count) * step).astype(kind), requires_grad)


def linspace(
    start: float, end: float, steps: int, *, dtype: DType | None = None, requires_grad: bool = False
) -> Tensor:
    """``steps`` numbers evenly from ``start`` to ``end``, both included, counted from whichever end is nearer."""
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    kind = _numpy(dtype)
    step = kind.type((end - start) / (steps - 1)) if steps > 1 else kind.type(0)
    places = np.arange(steps) * np.float64(step)  # in double, as the fused multiply-add of PyTorch's kernel rounds
    rising = kind.type(start) + places
    falling = kind.type(end) - places[::-1]
    return _leaf(
        np.where(np.arange(steps) < steps // 2 if steps > 1 else True, rising, falling).astype(kind), requires_grad
    )


def rand(
    *sizes: Any,
    size: Any = (),
    generator: random.Generator | None = None,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers drawn evenly from [0, 1)."""
    return _leaf((generator or random.default_generator).rand(_shape(sizes or size), dtype), requires_grad)


def randn(
    *sizes: Any,
    size: Any = (),
    generator: random.Generator | None = None,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers drawn from the standard normal distribution."""
    return _leaf((generator or random.default_generator).randn(_shape(sizes or size), dtype), requires_grad)


def randint(
    low: int,
    high: Any = None,
    size: Any = None,
    *,
    generator: random.Generator | None = None,
    dtype: DType | None = None,
) -> Tensor:
    """Integers drawn evenly from ``low`` (0 if only one bound is given) up to but not including ``high``."""
    if size is None:
        low, high, size = 0, low, high
    return fresh((generator or random.default_generator).randint(low, high, _shape((size,)), dtype or dtypes.int64))


def randperm(n: int, *, generator: random.Generator | None = None, dtype: DType | None = None) -> Tensor:
    """The integers below ``n`` in random order."""
    return fresh((generator or random.default_generator).randperm(n, dtype or dtypes.int64))


def zeros_like(input: Tensor, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Zeros in the shape and dtype of ``input``."""
    return zeros(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def ones_like(input: Tensor, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Ones in the shape and dtype of ``input``."""
    return ones(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def empty_like(input: Tensor, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """A tensor in the shape and dtype of ``input`` whose numbers are yet to be written."""
    return zeros_like(input, dtype=dtype, requires_grad=requires_grad)


def full_like(input: Tensor, fill_value: float, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """One number in the shape and dtype of ``input``."""
    return full(input.shape, fill_value, dtype=dtype or input.dtype, requires_grad=requires_grad)


def rand_like(input: Tensor, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Numbers drawn evenly from [0, 1) in the shape and dtype of ``input``."""
    return rand(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def randn_like(input: Tensor, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Numbers drawn from the standard normal distribution in the shape and dtype of ``input``."""
    return randn(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)
