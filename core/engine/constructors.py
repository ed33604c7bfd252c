"""Making leaf tensors: from Python values, filled, counted, drawn at random. Those made after another: ``likes``.

Each follows torch's function of its name, arguments and defaults. Numbers drawn come from the default generator.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine import dtypes, errors, random
from chainrule.core.engine.dtypes import dtype as DType
from chainrule.core.engine.tensor import Tensor, fresh
from chainrule.core.ops import checks

Array = NDArray[Any]
Sizes = int | Sequence[int]


def leaf(array: Array, requires_grad: bool) -> Tensor:
    made = fresh(array)
    if requires_grad:
        if array.dtype.kind != "f":
            raise RuntimeError(errors.NEW_INTEGER_LEAF)
        made.requires_grad_()
    return made


def shape_of(size: tuple[Any, ...]) -> tuple[int, ...]:
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
    return leaf(dtypes.from_python(data, None if dtype is None else dtypes.requested(dtype, "tensor")), requires_grad)


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
    return leaf(np.zeros(shape_of(sizes or size), _numpy(dtype)), requires_grad)


def ones(*sizes: Any, size: Any = (), dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Ones of a size given as integers or as one sequence."""
    return leaf(np.ones(shape_of(sizes or size), _numpy(dtype)), requires_grad)


def empty(*sizes: Any, size: Any = (), dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """A tensor of that size whose numbers are yet to be written; here they are zeros, so that runs repeat."""
    return zeros(*sizes, size=size, dtype=dtype, requires_grad=requires_grad)


def full(size: Sizes, fill_value: float, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """``size`` filled with one number, whose type decides the dtype."""
    kind = dtype.numpy if dtype else dtypes.from_python(fill_value).dtype
    return leaf(np.full(shape_of((size,)), fill_value, kind), requires_grad)


def eye(n: int, m: int | None = None, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Ones on the diagonal of an ``n`` by ``m`` matrix, zeros elsewhere."""
    return leaf(np.eye(n, m, dtype=_numpy(dtype)), requires_grad)


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
    return leaf((first + np.arange(count) * step).astype(kind), requires_grad)


def linspace(
    start: float, end: float, steps: int, *, dtype: DType | None = None, requires_grad: bool = False
) -> Tensor:
    """``steps`` numbers evenly from ``start`` to ``end``, both included, counted from whichever end is nearer."""
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    kind = _numpy(dtype)
    return leaf(_even(start, end, steps, kind).astype(kind), requires_grad)


def _even(start: float, end: float, steps: int, kind: np.dtype[Any]) -> Array:
    """The numbers of ``linspace`` before they are rounded to ``kind``."""
    between = kind.type if kind.kind == "f" else float
    step = between((end - start) / (steps - 1)) if steps > 1 else between(0)
    places = np.arange(steps) * np.float64(step)  # in double, as the fused multiply-add of PyTorch's kernel rounds
    rising = kind.type(start) + places
    falling = kind.type(end) - places[::-1]
    halves: Array = np.where(np.arange(steps) < steps // 2 if steps > 1 else True, rising, falling)
    return halves


def logspace(
    start: float,
    end: float,
    steps: int,
    base: float = 10.0,
    *,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """``base`` to the power of ``steps`` numbers evenly from ``start`` to ``end``, both included."""
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    exponents = _even(start, end, steps, np.dtype(np.float64))
    return leaf((base**exponents).astype(_numpy(dtype)), requires_grad)


def tril_indices(row: int, col: int, offset: int = 0, *, dtype: DType | None = None) -> Tensor:
    """The places of the lower triangle of a ``row`` by ``col`` matrix, row numbers over column numbers: (2, n)."""
    return _triangle(np.tril_indices, row, col, offset, dtype)


def triu_indices(row: int, col: int, offset: int = 0, *, dtype: DType | None = None) -> Tensor:
    """The places of the upper triangle of a ``row`` by ``col`` matrix, row numbers over column numbers: (2, n)."""
    return _triangle(np.triu_indices, row, col, offset, dtype)


def _triangle(indices: Callable[..., Any], row: int, col: int, offset: int, dtype: DType | None) -> Tensor:
    for name, side in (("row", row), ("col", col)):
        if side < 0:
            raise RuntimeError(f"{name} must be non-negative, got{side}")
    return leaf(np.stack(indices(row, offset, col)).astype((dtype or dtypes.int64).numpy), False)


def rand(
    *sizes: Any,
    size: Any = (),
    generator: random.Generator | None = None,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers drawn evenly from [0, 1)."""
    return leaf((generator or random.default_generator).rand(shape_of(sizes or size), dtype), requires_grad)


def randn(
    *sizes: Any,
    size: Any = (),
    generator: random.Generator | None = None,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers drawn from the standard normal distribution."""
    return leaf((generator or random.default_generator).randn(shape_of(sizes or size), dtype), requires_grad)


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
    return fresh((generator or random.default_generator).randint(low, high, shape_of((size,)), dtype or dtypes.int64))


def randperm(n: int, *, generator: random.Generator | None = None, dtype: DType | None = None) -> Tensor:
    """The integers below ``n`` in random order."""
    return fresh((generator or random.default_generator).randperm(n, dtype or dtypes.int64))


def normal(
    mean: Any,
    std: Any = 1.0,
    size: Sizes | None = None,
    *,
    generator: random.Generator | None = None,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Normal numbers of ``mean`` and ``std``: numbers, then ``size`` is needed, or tensors that broadcast."""
    least = float(np.min(getattr(std, "_data", std), initial=0.0))
    if least < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {least:g}")
    source = generator or random.default_generator
    if size is not None:
        return leaf(source.randn(shape_of((size,)), dtype, mean=float(mean), std=float(std)), requires_grad)
    tensors = [each._data for each in (mean, std) if isinstance(each, Tensor)]
    shape = checks.broadcast(*(each.shape for each in tensors))
    drawn = source.randn(shape, dtypes.of(tensors[0]))
    centre, spread = (getattr(each, "_data", each) for each in (mean, std))
    return leaf((drawn * spread + centre).astype(tensors[0].dtype), requires_grad)


def bernoulli(input: Tensor, p: float | None = None, *, generator: random.Generator | None = None) -> Tensor:
    """1 with the probability that stands in ``input``, or with probability ``p``, else 0; shape and dtype of
    ``input``.
    """
    source = generator or random.default_generator
    chance = input._data if p is None else np.float64(p)
    if p is None and not input.dtype.is_floating_point:
        raise NotImplementedError(f"\"bernoulli_tensor_cpu_p_\" not implemented for '{input.dtype.type_name}'")
    if np.any(~((chance >= 0) & (chance <= 1))):
        raise RuntimeError(
            "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message be improved?  If "
            "so, please report an enhancement request to PyTorch.)"
        )
    drawn = source.rand(input.shape, input.dtype if p is None else dtypes.float64)
    return leaf((drawn < chance).astype(input.dtype.numpy), False)
