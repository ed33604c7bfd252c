"""Making leaf tensors: from Python values, filled, counted, drawn at random. Those made after another: ``likes``.

Each follows torch's function of its name, arguments and defaults. Numbers drawn come from the thread's generator.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine import dtypes, errors, random
from chainrule.core.engine.arguments import known, size_of, sizes_of, takes
from chainrule.core.engine.dtypes import dtype as DType
from chainrule.core.engine.overloads import check_device, fitting, no_overload
from chainrule.core.engine.size import Size
from chainrule.core.engine.tensor import Tensor, fresh
from chainrule.core.ops import checks

Array = NDArray[Any]
Sizes = int | Sequence[int]
AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


# How PyTorch names what makes random numbers, where a generator is none.
_WITH = "torch.Generator generator, "
_MADE = (
    "Tensor out = None, torch.dtype dtype = None, torch.layout layout = None, torch.device device = None, bool "
    "pin_memory = False, bool requires_grad = False"
)
_FROM = "torch.Generator generator = None"


def _drawing(*firsts: str) -> Callable[[AnyFunction], AnyFunction]:
    """A function of these arguments and a generator; TypeError where the generator is none."""
    overloads = [f"{first}, *, {given}{_MADE}" for first in firsts for given in (_WITH, "")]

    def taking(function: AnyFunction) -> AnyFunction:
        @wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if not isinstance(kwargs.get("generator"), random.Generator | None):
                raise TypeError(no_overload(function.__name__, overloads, args, kwargs))
            return function(*args, **kwargs)

        return checked  # type: ignore[return-value]

    return taking


def leaf(array: Array, requires_grad: bool) -> Tensor:
    made = fresh(array)
    if requires_grad:
        if array.dtype.kind != "f":
            raise RuntimeError(errors.NEW_INTEGER_LEAF)
        made.requires_grad_()
    return made


def _numpy(dtype: DType | None) -> np.dtype[Any]:
    return (dtypes.get_default_dtype() if dtype is None else dtype).numpy


@takes()
def tensor(data: Any, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """A leaf holding a copy of ``data``: a number, nested sequences, or an array, which keeps its dtype."""
    if isinstance(data, Tensor):
        warnings.warn(errors.COPY_CONSTRUCT, UserWarning, stacklevel=2)
    return leaf(dtypes.from_python(data, None if dtype is None else dtypes.requested(dtype, "tensor")), requires_grad)


@takes()
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


@takes(out=True)
def zeros(*sizes: Any, size: Any = None, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Zeros of a size given as integers or as one sequence."""
    return leaf(np.zeros(sizes_of("zeros", sizes, size), _numpy(dtype)), requires_grad)


@takes(out=True)
def ones(*sizes: Any, size: Any = None, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Ones of a size given as integers or as one sequence."""
    return leaf(np.ones(sizes_of("ones", sizes, size), _numpy(dtype)), requires_grad)


@takes(out=True)
def empty(*sizes: Any, size: Any = None, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """A tensor of that size whose numbers are yet to be written; here they are zeros, so that runs repeat."""
    return leaf(np.zeros(sizes_of("empty", sizes, size), _numpy(dtype)), requires_grad)


@takes(fill_value="number", out=True)
def full(size: Sizes, fill_value: float, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """``size`` filled with one number, whose type decides the dtype."""
    kind = dtype.numpy if dtype else dtypes.from_python(fill_value).dtype
    return leaf(np.full(size_of("full", size, 1), fill_value, kind), requires_grad)


@takes(n="integer", m="integer", out=True)
def eye(n: int, m: int | None = None, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Ones on the diagonal of an ``n`` by ``m`` matrix, zeros elsewhere."""
    for name, side in (("n", n), ("m", m)):
        if side is not None and side < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {side}")
    return leaf(np.eye(n, m, dtype=_numpy(dtype)), requires_grad)


@takes(end="number", step="number", out=True)
def arange(
    start: float = 0,
    end: float | None = None,
    step: float = 1,
    *,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers from ``start`` (0 if only one is given) up to but not including ``end``, ``step`` apart."""
    start = known("arange", "end" if end is None else "start", start, 1, "number")
    first, last = (0, start) if end is None else (start, end)
    if not abs(step) > 0:
        raise RuntimeError("step must be nonzero")
    if not np.isfinite(last - first):
        raise RuntimeError(f"unsupported range: {first} -> {last}")
    if (last - first) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    fractional = any(isinstance(each, (float, np.floating)) for each in (first, last, step))
    kind = dtype.numpy if dtype else (_numpy(None) if fractional else np.dtype(np.int64))
    count = int(np.ceil((last - first) / step))
    return leaf((first + np.arange(count) * step).astype(kind), requires_grad)


@takes(start="number", end="number", steps="integer", out=True)
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


@takes(start="number", end="number", steps="integer", base="number", out=True)
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


@takes(row="integer", col="integer", offset="integer")
def tril_indices(row: int, col: int, offset: int = 0, *, dtype: DType | None = None) -> Tensor:
    """The places of the lower triangle of a ``row`` by ``col`` matrix, row numbers over column numbers: (2, n)."""
    return _triangle(np.tril_indices, row, col, offset, dtype)


@takes(row="integer", col="integer", offset="integer")
def triu_indices(row: int, col: int, offset: int = 0, *, dtype: DType | None = None) -> Tensor:
    """The places of the upper triangle of a ``row`` by ``col`` matrix, row numbers over column numbers: (2, n)."""
    return _triangle(np.triu_indices, row, col, offset, dtype)


def _triangle(indices: Callable[..., Any], row: int, col: int, offset: int, dtype: DType | None) -> Tensor:
    for name, side in (("row", row), ("col", col)):
        if side < 0:
            raise RuntimeError(f"{name} must be non-negative, got{side}")
    return leaf(np.stack(indices(row, offset, col)).astype((dtype or dtypes.int64).numpy), False)


@_drawing("tuple of ints size")
@takes(out=True)
def rand(
    *sizes: Any,
    size: Any = None,
    generator: random.Generator | None = None,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers drawn evenly from [0, 1)."""
    return leaf((generator or random.current()).rand(sizes_of("rand", sizes, size), dtype), requires_grad)


@_drawing("tuple of ints size")
@takes(out=True)
def randn(
    *sizes: Any,
    size: Any = None,
    generator: random.Generator | None = None,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers drawn from the standard normal distribution."""
    return leaf((generator or random.current()).randn(sizes_of("randn", sizes, size), dtype), requires_grad)


@_drawing("int high, tuple of ints size", "int low, int high, tuple of ints size")
@takes(out=True)
def randint(
    low: Any = 0,
    high: Any = None,
    size: Any = None,
    *,
    generator: random.Generator | None = None,
    dtype: DType | None = None,
) -> Tensor:
    """Integers drawn evenly from ``low`` (0 if only one bound is given) up to but not including ``high``."""
    if size is None:
        return _integers(0, low, high, 2, generator, dtype)
    if high is None:
        return _integers(0, low, size, 2, generator, dtype)
    return _integers(low, high, size, 3, generator, dtype)


def _integers(low: Any, high: Any, size: Any, place: int, generator: random.Generator | None, dtype: Any) -> Tensor:
    """``randint`` where the size stands at ``place``, right behind ``high``."""
    first, end = (known("randint", *each, "integer") for each in (("low", low, 1), ("high", high, place - 1)))
    source = generator or random.current()
    return fresh(source.randint(first, end, size_of("randint", size, place), dtype or dtypes.int64))


@_drawing("int n")
@takes(n="integer", out=True)
def randperm(n: int, *, generator: random.Generator | None = None, dtype: DType | None = None) -> Tensor:
    """The integers below ``n`` in random order."""
    size_of("randperm", (n,))
    return fresh((generator or random.current()).randperm(n, dtype or dtypes.int64))


@fitting(
    f"Tensor mean, Tensor std, *, {_FROM}, Tensor out = None",
    f"Tensor mean, float std = 1, *, {_FROM}, Tensor out = None",
    f"float mean, Tensor std, *, {_FROM}, Tensor out = None",
    f"float mean, float std, tuple of ints size, *, {_FROM}, {_MADE}",
)
def normal(
    mean: Any,
    std: Any = 1.0,
    size: Sizes | None = None,
    *,
    generator: random.Generator | None = None,
    out: None = None,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Normal numbers of ``mean`` and ``std``: numbers, then ``size`` is needed, or tensors that broadcast."""
    least = float(np.min(getattr(std, "_data", std), initial=0.0))
    if least < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {least:g}")
    source = generator or random.current()
    if size is not None:
        return leaf(source.randn(size_of("normal", size, 3), dtype, mean=float(mean), std=float(std)), requires_grad)
    tensors = [each._data for each in (mean, std) if isinstance(each, Tensor)]
    shape = checks.broadcast(*(each.shape for each in tensors))
    drawn = source.randn(shape, dtypes.of(tensors[0]))
    centre, spread = (getattr(each, "_data", each) for each in (mean, std))
    return leaf((drawn * spread + centre).astype(tensors[0].dtype), requires_grad)


@fitting(f"Tensor input, *, {_FROM}, Tensor out = None", f"Tensor input, float p, *, {_FROM}")
def bernoulli(
    input: Tensor, p: float | None = None, *, generator: random.Generator | None = None, out: None = None
) -> Tensor:
    """1 with the probability that stands in ``input``, or with probability ``p``, else 0; shape and dtype of
    ``input``.
    """
    source = generator or random.current()
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


# The class itself, called

_NEW = (
    "*, torch.device device = None",
    "torch.Storage storage",
    "Tensor other",
    "tuple of ints size, *, torch.device device = None",
    "object data, *, torch.device device = None",
)


def _new(kind: type[Tensor], *given: Any, **named: Any) -> Tensor:
    """``torch.Tensor``: of a size, given as integers or as a Size, of what a sequence holds, or another once more.

    All but the last are of the default dtype. There are no tensors of other classes: one derived from Tensor makes
    tensors too. Raises TypeError, ValueError or RuntimeError in PyTorch's words.
    """
    values = {name: value for name, value in named.items() if name != "device"}
    if isinstance(named.get("device"), str):
        check_device(named["device"])
    if len(given) > 1 and not values and isinstance(given[0], (int, np.integer)):
        return fresh(np.zeros(sizes_of("new", given), _numpy(None)))
    if len(given) + len(values) > 1 or not values.keys() <= {"size", "data", "other"}:
        raise TypeError(no_overload("new", _NEW, given, named))
    if not given and not values:
        return fresh(np.zeros(0, _numpy(None)))
    ((name, value),) = values.items() or [("", given[0])]
    if isinstance(value, Tensor) and name in ("", "other"):
        return value[...]
    alone = not name and isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if alone or isinstance(value, Size) or (name == "size" and isinstance(value, (tuple, list))):
        return fresh(np.zeros(sizes_of("new", (value,)), _numpy(None)))
    if name in ("size", "other"):
        raise TypeError(no_overload("new", _NEW, given, named))
    return fresh(_stored(value))


def _stored(data: Any) -> Array:
    """What ``data`` holds, in the default dtype; an array of that itself."""
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
    if not isinstance(data, (Sequence, np.ndarray)):
        raise TypeError(f"new(): data must be a sequence (got {errors.kind_of(data)})")
    if isinstance(data, np.ndarray) and dtypes.of(data) is dtypes.get_default_dtype():
        return data
    return dtypes.from_python(data, dtypes.get_default_dtype())


setattr(Tensor, "__new__", staticmethod(_new))  # noqa: B010 - to a type checker it is what ``tensor`` says it is
