"""How words are called quicker on plain arrays, with the same result to the last bit.

NumPy's functions prepare for arguments of every kind. Where shapes are known there is often a method, or a few calls of
quicker words, that do the same. What may differ by rounding is ``identities``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule.core.compile.tracing import Traced
from chainrule.core.ops.vocabulary import along

# In the names of the function's arguments, ``made`` for the result's shape and ``made_of`` for its dtype.
AS_TEXT: dict[Callable[..., Any], str] = {
    np.sum: "np.add.reduce({a}, {axis}, {dtype}, None, {keepdims})",
    np.prod: "np.multiply.reduce({a}, {axis}, {dtype}, None, {keepdims})",
    np.max: "np.maximum.reduce({a}, {axis}, None, None, {keepdims}, {initial})",
    np.min: "np.minimum.reduce({a}, {axis}, None, None, {keepdims}, {initial})",
    np.clip: "{a}.clip({a_min}, {a_max})",
    np.cumsum: "{a}.cumsum({axis}, {dtype})",
    np.cumprod: "{a}.cumprod({axis}, {dtype})",
    np.trace: "{a}.trace({offset}, {axis1}, {axis2}, {dtype})",
    np.round: "{a}.round({decimals})",
    np.zeros_like: "np.zeros({made}, {made_of})",
    np.argsort: "{a}.argsort({axis}, {kind})",
    np.argmax: "{a}.argmax({axis}, keepdims={keepdims})",
    np.argmin: "{a}.argmin({axis}, keepdims={keepdims})",
    np.take: "{a}.take({indices}, {axis})",
    np.expand_dims: "{a}.reshape({made})",
    np.squeeze: "{a}.reshape({made})",
    np.reshape: "{a}.reshape({made})",
    np.broadcast_to: "np.nditer({array}, ('multi_index', 'zerosize_ok'), ('readonly',), None, 'C', itershape={made})"
    ".itviews[0]",
    np.copy: "{a}.copy('K')",
    np.astype: "{x}.astype({dtype}, copy={copy})",
    np.transpose: "{a}.transpose({axes})",
    np.swapaxes: "{a}.swapaxes({axis1}, {axis2})",
}


def _mean(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    """Half precision, which NumPy adds up in single, is left to it, and so are counts that single cannot hold."""
    total = np.sum(a, axis=axis, dtype=dtype, keepdims=keepdims)
    count = a.size // max(total.size, 1)
    return total / count if total.dtype in (np.float32, np.float64) and 0 < count <= 2**24 else None


def _flip(m: Any, axis: Any = None) -> Any:
    turned = range(m.ndim) if axis is None else {d % m.ndim for d in ((axis,) if isinstance(axis, int) else axis)}
    return m[tuple(slice(None, None, -1 if d in turned else None) for d in range(m.ndim))]


def _moveaxis(a: Any, source: Any, destination: Any) -> Any:
    marked = np.moveaxis(np.empty(tuple(range(a.ndim))), source, destination)
    return np.transpose(a, marked.shape)


def _stack(arrays: Sequence[Any], axis: int = 0) -> Any:
    return np.concatenate([np.expand_dims(each, axis) for each in arrays], axis)


def _roll(a: Any, shift: Any, axis: Any = None) -> Any:
    if isinstance(shift, tuple) and isinstance(axis, tuple) and len(shift) == len(axis) == 1:
        shift, axis = *shift, *axis
    if not isinstance(shift, int) or not isinstance(axis, int) or not a.shape[axis]:
        return None
    axis = axis % a.ndim
    start, whole = -shift % a.shape[axis], (slice(None),) * axis
    return np.concatenate((a[(*whole, slice(start, None))], a[(*whole, slice(0, start))]), axis)


def _rot90(m: Any, k: int = 1, axes: Sequence[int] = (0, 1)) -> Any:
    first, second = axes
    k = k % 4
    if k == 2:
        return _flip(m, (first, second))
    turned = np.swapaxes(_flip(m, second) if k == 1 else m, first, second)
    return _flip(turned, second) if k == 3 else turned if k else m[...]


def _sinc(x: Any) -> Any:
    if x.dtype.kind != "f":
        return None
    angle = np.pi * x
    angle = np.where(angle, angle, np.finfo(x.dtype).eps)
    return np.sin(angle) / angle


def _nan_to_num(x: Any, *, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Any:
    """Selected rather than written over: the two infinities, then what is not a number."""
    if x.dtype.kind != "f":
        return None
    largest, smallest = (
        np.asarray(limit if given is None else given, x.dtype)
        for given, limit in ((posinf, np.finfo(x.dtype).max), (neginf, np.finfo(x.dtype).min))
    )
    finite = np.where(x == np.inf, largest, np.where(x == -np.inf, smallest, x))
    return np.where(np.isnan(x), np.asarray(nan, x.dtype), finite)


def _pad(array: Any, pad_width: Sequence[tuple[int, int]], constant_values: Any = 0) -> Any:
    padded = array
    for axis, (low, high) in enumerate(pad_width):
        before, after = (_filled(padded, axis, width, constant_values) for width in (low, high))
        if low or high:
            padded = np.concatenate((before, padded, after), axis)
    return None if padded is array else padded


def _filled(beside: Any, axis: int, width: int, value: Any) -> Any:
    return np.full((*beside.shape[:axis], width, *beside.shape[axis + 1 :]), value, beside.dtype)


def _take_along_axis(arr: Any, indices: Any, axis: int) -> Any:
    dim = axis % arr.ndim
    fits = all(a == b for d, (a, b) in enumerate(zip(arr.shape, indices.shape, strict=True)) if d != dim)
    return arr[along(indices, axis)] if fits and isinstance(arr, Traced) else None


def _cross(a: Any, b: Any, axis: int) -> Any:
    if a.shape != b.shape or a.shape[axis] != 3:
        return None
    after, before = np.array([1, 2, 0]), np.array([2, 0, 1])
    forth = np.take(a, after, axis=axis) * np.take(b, before, axis=axis)
    return forth - np.take(a, before, axis=axis) * np.take(b, after, axis=axis)


# By other words; None where these arguments are better left as they are.
IN_WORDS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.mean: _mean,
    np.flip: _flip,
    np.moveaxis: _moveaxis,
    np.stack: _stack,
    np.roll: _roll,
    np.rot90: _rot90,
    np.sinc: _sinc,
    np.nan_to_num: _nan_to_num,
    np.pad: _pad,
    np.cross: _cross,
    np.take_along_axis: _take_along_axis,
}
