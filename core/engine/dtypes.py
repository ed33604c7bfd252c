"""PyTorch's element types, how they promote one another, and how Python values become arrays.

Nothing here knows about tensors or operations: what comes in and goes out is NumPy arrays, dtypes and plain numbers.
The rules are those of https://pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.ops.checks import TYPE_NAMES

Array = NDArray[Any]
Number = bool | int | float

_BOOL, _INT, _FLOAT = 0, 1, 2
_CATEGORIES = {"b": _BOOL, "i": _INT, "u": _INT, "f": _FLOAT}


class dtype:  # noqa: N801 - PyTorch's spelling
    """An element type; ``float32`` prints as ``torch.float32`` and wraps NumPy's dtype of that name.

    ``type_name`` is how most messages spell it ("Float", as in "torch.FloatTensor"), ``c_name`` how those of the linear
    algebra routines do ("float", "long int"). ``category`` orders bool < integers < floats.
    """

    __slots__ = ("c_name", "category", "is_floating_point", "itemsize", "name", "numpy", "type_name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.type_name, self.c_name = TYPE_NAMES[name]
        self.numpy: np.dtype[Any] = np.dtype(name)
        self.itemsize = self.numpy.itemsize
        self.category = _CATEGORIES[self.numpy.kind]
        self.is_floating_point = self.category == _FLOAT

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return by_name, (self.name,)

    @property
    def is_complex(self) -> bool:
        """Always False: there are no complex numbers here."""
        return False

    @property
    def is_signed(self) -> bool:
        """Whether it has negative values."""
        return self.numpy.kind in "if"


float16 = dtype("float16")
float32 = dtype("float32")
float64 = dtype("float64")
int8 = dtype("int8")
int16 = dtype("int16")
int32 = dtype("int32")
int64 = dtype("int64")
uint8 = dtype("uint8")
bool_ = dtype("bool")

ALL = (float16, float32, float64, int8, int16, int32, int64, uint8, bool_)
ALIASES = {"half": float16, "float": float32, "double": float64, "short": int16, "int": int32, "long": int64}

_BY_NAME = {each.name: each for each in ALL} | ALIASES
_BY_NUMPY = {each.numpy: each for each in ALL}
_default = float32


def by_name(name: str) -> dtype:
    """The dtype called ``name`` ("float32", or an alias such as "float"); KeyError if there is none."""
    return _BY_NAME[name]


def of(source: Any) -> dtype:
    """The dtype of an array, of a NumPy dtype, or of Python's ``float`` (float64), ``int`` (int64) and ``bool``.

    Raises TypeError, in PyTorch's words, for what there are no tensors of, ValueError for foreign byte order.
    """
    found = np.dtype(source) if isinstance(source, (type, str, np.dtype)) else source.dtype
    try:
        return _BY_NUMPY[found]
    except KeyError:
        if not found.isnative:
            raise ValueError(
                "given numpy array has byte order different from the native byte order. "
                "Conversion between byte orders is currently not supported."
            ) from None
        supported = ", ".join(each.name for each in ALL[:-1])
        raise TypeError(
            f"can't convert np.ndarray of type numpy.{found.type.__name__}. "
            f"The only supported types are: {supported}, and bool."
        ) from None


def requested(argument: Any, function: str) -> dtype:
    """The dtype that ``function`` is asked for: a dtype, or Python's ``float``, ``int`` or ``bool``.

    Raises TypeError for anything else.
    """
    if isinstance(argument, dtype):
        return argument
    if argument in (float, int, bool):
        return of(argument)
    raise TypeError(f"{function}(): argument 'dtype' must be torch.dtype, not {type(argument).__name__}")


def of_type(request: Any) -> dtype:
    """The dtype that ``Tensor.type`` is asked for: itself, or the ``torch.FloatTensor`` of it.

    ValueError for another name or class, TypeError for anything else.
    """
    if isinstance(request, dtype):
        return request
    if not isinstance(request, (str, type)):
        raise TypeError("dtype must be a type, str, or dtype object")
    name = request if isinstance(request, str) else request.__name__
    for each in ALL:
        if name == f"torch.{each.type_name}Tensor":
            return each
    raise ValueError(f"invalid type: '{name}'")


def get_default_dtype() -> dtype:
    """The dtype that Python floats become: float32 unless it was changed."""
    return _override.dtype or _default


@contextmanager
def default_dtype(d: dtype) -> Iterator[None]:
    """``d`` as the default inside, for this thread alone."""
    before, _override.dtype = _override.dtype, d
    try:
        yield
    finally:
        _override.dtype = before


class _Override(threading.local):
    dtype: dtype | None = None


_override = _Override()


def set_default_dtype(d: dtype) -> None:
    """Make ``d`` the dtype that Python floats become; TypeError unless it is a floating-point type."""
    global _default
    if not isinstance(d, dtype) or not d.is_floating_point:
        raise TypeError("only floating-point types are supported as the default type")
    _default = d


def torch_type_name(array: Array) -> str:
    """The name of the tensor type of ``array``, such as "torch.FloatTensor"."""
    return f"torch.{of(array).type_name}Tensor"


def can_cast(source: np.dtype[Any], target: np.dtype[Any]) -> bool:
    """Whether an in-place operation may write a result of ``source`` into ``target``: never into a lower category."""
    return _CATEGORIES[source.kind] <= _CATEGORIES[target.kind]


def result_type(operands: Sequence[Any]) -> np.dtype[Any]:
    """The dtype that PyTorch computes in for ``operands``: arrays and plain numbers.

    Arrays with dimensions decide. A 0-d array counts only if it is of a higher category than they are
    (bool < integers < floats), and a number only if it is of a higher category than every array.
    """
    shared: np.dtype[Any] | None = None
    highest_number = _BOOL
    for operand in operands:
        if isinstance(operand, np.ndarray):
            if shared is None:
                shared = operand.dtype
            elif operand.dtype is not shared:
                return _result_type_by_kind(operands)
        else:
            highest_number = max(highest_number, _number_dtype(operand).category)
    if shared is None or highest_number > _CATEGORIES[shared.kind]:
        return _result_type_by_kind(operands)
    return shared


def _result_type_by_kind(operands: Sequence[Any]) -> np.dtype[Any]:
    arrays = [each for each in operands if isinstance(each, np.ndarray)]
    dimensioned = (of(each) for each in arrays if each.ndim)
    scalars = (of(each) for each in arrays if not each.ndim)
    numbers = (_number_dtype(each) for each in operands if not isinstance(each, np.ndarray))
    groups = [reduce(promote, group) for group in map(list, (dimensioned, scalars, numbers)) if group]
    return reduce(_outrank, groups).numpy


def _outrank(senior: dtype, junior: dtype) -> dtype:
    return promote(senior, junior) if junior.category > senior.category else senior


def promote(a: dtype, b: dtype) -> dtype:
    """The smallest dtype that holds both, where any float holds every integer (PyTorch's ``promote_types``)."""
    if a.is_floating_point != b.is_floating_point:
        return a if a.is_floating_point else b
    return _BY_NUMPY[np.promote_types(a.numpy, b.numpy)]


def _number_dtype(number: Any) -> dtype:
    if isinstance(number, (bool, np.bool_)):
        return bool_
    if isinstance(number, (int, np.integer)):
        return int64
    if isinstance(number, (float, np.floating)):
        return get_default_dtype()
    raise TypeError(f"expected a tensor or a number, but got {type(number).__name__}")


def from_python(value: Any, dtype: dtype | type | None = None) -> Array:
    """The array that ``torch.tensor(value, dtype=dtype)`` holds; always a fresh copy.

    ``value`` is a number, an array, or nested sequences of these (and of tensors of one element). Without ``dtype``,
    floats become the default dtype, integers int64, booleans bool; what comes from NumPy keeps its own.
    Raises ValueError for ragged sequences and TypeError, RuntimeError or ValueError for what is not a number, does not
    fit, or is of an unknown type, each in PyTorch's words.
    """
    wanted = None if dtype is None else requested(dtype, "tensor")
    if isinstance(value, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(value).__name__}'")
    value = getattr(value, "_data", value)
    if isinstance(value, (np.ndarray, np.generic)):
        return np.array(value, dtype=(wanted or of(value)).numpy)
    shape = _shape(value)
    flat = [] if 0 in shape else _flatten(value, shape)
    chosen = wanted or reduce(promote, {_element_dtype(each) for each in flat} or {get_default_dtype()})
    return _store(flat, chosen).reshape(shape)


def _shape(value: Any) -> tuple[int, ...]:
    """The shape of nested sequences by their first elements."""
    shape = list[int]()
    while _is_sequence(value):
        shape.append(len(value))
        if not shape[-1]:
            break
        value = value[0]
    if isinstance(value, (str, bytes)) and shape:
        raise ValueError(f"too many dimensions '{type(value).__name__}'")
    return tuple(shape)


def _flatten(value: Any, shape: tuple[int, ...]) -> list[Any]:
    """The elements of nested sequences, all of which must have the ``shape`` of the first."""
    level = [value]
    for dim, length in enumerate(shape):
        level = [element for sequence in level for element in _elements(sequence, length, dim)]
    return level


def _is_sequence(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return True
    return isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, (str, bytes))


def _elements(sequence: Any, length: int, dim: int) -> Iterable[Any]:
    if not _is_sequence(sequence):
        _element_dtype(sequence)
        raise TypeError("not a sequence")
    if len(sequence) != length:
        raise ValueError(f"expected sequence of length {length} at dim {dim} (got {len(sequence)})")
    return sequence  # type: ignore[no-any-return]


def _element_dtype(element: Any) -> dtype:
    kind = type(element)
    if kind is float:
        return get_default_dtype()
    if kind is int:
        return int64
    element = getattr(element, "_data", element)
    if isinstance(element, (np.ndarray, np.generic)):
        return of(element)
    if isinstance(element, (bool, int, float)):
        return _number_dtype(element)
    if isinstance(element, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{kind.__name__}'")
    if _is_sequence(element):
        return reduce(promote, map(_element_dtype, element)) if len(element) else get_default_dtype()
    raise RuntimeError(f"Could not infer dtype of {kind.__name__}")


def _store(flat: list[Any], dtype: dtype) -> Array:
    """``flat`` as an array of ``dtype``; RuntimeError or ValueError where an element does not fit."""
    numbers = [_number(each, dtype) for each in flat]
    try:
        wide = np.array(numbers, dtype=_wide_type(numbers, dtype))
    except OverflowError:
        if dtype.is_floating_point:
            raise
        raise ValueError("Overflow when unpacking long long") from None
    if dtype.category == _INT and wide.size:
        limits = np.iinfo(dtype.numpy)
        lowest = limits.min if dtype.is_signed else -limits.max
        if not (wide.min() >= lowest and wide.max() <= limits.max):
            raise RuntimeError(f"value cannot be converted to type {dtype.name} without overflow")
    with np.errstate(over="ignore"):
        return wide.astype(dtype.numpy)


def _wide_type(numbers: list[Any], dtype: dtype) -> type[np.generic]:
    fractional = dtype.is_floating_point or any(isinstance(each, (float, np.floating)) for each in numbers)
    return np.float64 if fractional else np.int64


def _number(element: Any, dtype: dtype) -> Any:
    if _is_sequence(element) or not hasattr(type(element), "__float__"):
        wanted = (
            "must be real number, not {}"
            if dtype.is_floating_point
            else "'{}' object cannot be interpreted as an integer"
        )
        raise TypeError(wanted.format(type(element).__name__))
    element = getattr(element, "_data", element)
    if isinstance(element, np.ndarray):
        if element.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return element.item()
    return element
