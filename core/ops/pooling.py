"""Pools: the largest or the mean of what a moving window sees.

The window moves over the last dimensions, one, two or three; whatever stands before them (a batch, channels) is left
alone. Pools of one dimension are those of two over a height of 1, as in PyTorch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.core.ops.checks import size_text, type_name
from chainrule.core.ops.padding import cropped, padded
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.windows import span, unwindows, windows

Sizes = tuple[int, ...]
Widths = tuple[tuple[int, int], ...]


def _places(side: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> int:
    """How many places the window comes to along a dimension; with ``ceil_mode`` also one that it only reaches into,
    unless it would start in the padding behind: PyTorch's ``pooling_output_shape``.
    """
    room = side + 2 * padding - span(kernel, dilation)
    count = (room + (stride - 1 if ceil_mode else 0)) // stride + 1
    return count - 1 if ceil_mode and (count - 1) * stride >= side + padding else count


def _all_places(
    size: Sequence[int], kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes, ceil_mode: bool
) -> Sizes:
    each = zip(size, kernel, stride, padding, dilation, strict=True)
    return tuple(_places(*dimension, ceil_mode) for dimension in each)


def _widths(input: Any, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes, ceil_mode: bool) -> Widths:
    """The padding, and behind it as much as the last place reaches beyond."""
    lead: int = input.ndim - len(kernel)
    places = _all_places(input.shape[lead:], kernel, stride, padding, dilation, ceil_mode)
    reached = [(n - 1) * step + span(k, d) for n, step, k, d in zip(places, stride, kernel, dilation, strict=True)]
    behind = [max(p, reach - side - p) for p, reach, side in zip(padding, reached, input.shape[lead:], strict=True)]
    return ((0, 0),) * lead + tuple(zip(padding, behind, strict=True))


def _seen(array: Any, widths: Widths, value: float, kernel: Sizes, stride: Sizes, dilation: Sizes) -> Any:
    """What the window sees of ``array`` with ``value`` around it: (..., elements of the window, *places)."""
    seen = windows(padded(array, widths, value), kernel, stride, dilation)
    lead = array.ndim - len(kernel)
    return np.reshape(seen, (*seen.shape[:lead], math.prod(kernel), *seen.shape[lead + len(kernel) :]))


def _spread(g: Any, input: Any, widths: Widths, kernel: Sizes, stride: Sizes, dilation: Sizes) -> Any:
    """The adjoint of ``_seen``."""
    lead = input.ndim - len(kernel)
    apart = np.reshape(g, (*g.shape[:lead], *kernel, *g.shape[lead + 1 :]))
    sides = zip(input.shape[lead:], widths[lead:], strict=True)
    whole = tuple(side + low + high for side, (low, high) in sides)
    return cropped(unwindows(apart, whole, stride, dilation), widths)


def _largest(
    input: Any, kernel_size: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes, ceil_mode: bool
) -> tuple[Any, int]:
    """What the window sees with nothing larger around, and along which dimension its elements lie."""
    nothing = -np.inf if input.dtype.kind == "f" else int(np.iinfo(input.dtype).min)
    widths = _widths(input, kernel_size, stride, padding, dilation, ceil_mode)
    return _seen(input, widths, nothing, kernel_size, stride, dilation), input.ndim - len(kernel_size)


def _elements(seen: Any, axis: int) -> Any:
    """The numbers of a window's elements, along ``axis``."""
    return np.reshape(np.arange(seen.shape[axis], dtype=np.int32), (-1,) + (1,) * (seen.ndim - axis - 1))


def _chosen(seen: Any, real: Any, axis: int) -> Any:
    """Which element of each window is the largest: the first of equals, but the last of several nan, as in PyTorch.
    Padding, which is not ``real``, is never chosen.

    Written with comparisons, which run through memory in order; argmax would jump from one window's to the next's.
    """
    elements = _elements(seen, axis)
    top = np.max(seen, axis=axis, keepdims=True)
    first = np.min(np.where((seen == top) & real, elements, seen.shape[axis]), axis=axis, keepdims=True)
    last = np.max(np.where(np.isnan(seen), elements, 0), axis=axis, keepdims=True)
    return np.where(np.isnan(top), last, first)


def _real(size: Sizes, kernel_size: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes, ceil_mode: bool) -> Any:
    """Which of the elements that the window sees belong to an image of that ``size``."""
    image = np.ones(tuple(size), np.bool_)
    widths = _widths(image, kernel_size, stride, padding, dilation, ceil_mode)
    return _seen(image, widths, False, kernel_size, stride, dilation) if any(map(any, widths)) else True


def _max_pool(input: Any, *settings: Any) -> Any:
    seen, axis = _largest(input, *settings)
    return np.max(seen, axis=axis)


def _max_pool_vjp(
    g: Any, input: Any, kernel_size: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes, ceil_mode: bool
) -> Any:
    settings = (kernel_size, stride, padding, dilation, ceil_mode)
    seen, axis = _largest(input, *settings)
    chosen = _chosen(seen, _real(input.shape[axis:], *settings), axis)
    to_the_largest = np.where(_elements(seen, axis) == chosen, np.expand_dims(g, axis), 0)
    widths = _widths(input, *settings)
    return _spread(to_the_largest, input, widths, kernel_size, stride, dilation)


def _max_pool_indices(
    input: Any, kernel_size: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes, ceil_mode: bool
) -> Any:
    """Where each window's largest element stands, counted through the dimensions that the window moves over."""
    settings = (kernel_size, stride, padding, dilation, ceil_mode)
    seen, axis = _largest(input, *settings)
    size = input.shape[axis:]
    counted = np.reshape(np.arange(math.prod(size)), (1,) * axis + size)
    numbers = _seen(counted, _widths(counted, *settings), 0, kernel_size, stride, dilation)
    shape = (*seen.shape[:axis], *numbers.shape[axis:])
    chosen = _chosen(seen, _real(size, *settings), axis)
    return np.squeeze(np.take_along_axis(np.broadcast_to(numbers, shape), chosen, axis), axis)


def _check_window(kernel_size: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes) -> None:
    if 0 in stride:
        raise RuntimeError("stride should not be zero")
    for p, k, d in zip(padding, kernel_size, dilation, strict=True):
        if d <= 0:
            told = " ".join(f"dilation{name}: {each}" for name, each in zip("HW", dilation, strict=False))
            raise RuntimeError(f"dilation should be greater than zero, but got {told}")
        if p < 0:
            raise RuntimeError(f"pad must be non-negative, but got pad: {p}")
        if p > span(k, d) // 2:
            raise RuntimeError(
                f"pad should be at most half of effective kernel size, but got pad={p}, kernel_size={k} and "
                f"dilation={d}"
            )


def _check_places(
    input: Any, kernel_size: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes, ceil_mode: bool
) -> None:
    count = len(kernel_size)
    size = input.shape[-count:]
    places = _all_places(size, kernel_size, stride, padding, dilation, ceil_mode)
    if min(places) < 1:
        channels = input.shape[-count - 1]
        given, got = ("x".join(map(str, (channels, *each))) for each in (size, places))
        raise RuntimeError(f"Given input size: ({given}). Calculated output size: ({got}). Output size is too small")


def _max_check(input: Any, kernel_size: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes, ceil_mode: bool) -> None:
    if input.dtype == np.bool_:
        raise NotImplementedError("\"max_pool2d\" not implemented for 'Bool'")
    if input.ndim not in (3, 4):
        raise RuntimeError("non-empty 3D or 4D (batch mode) tensor expected for input")
    _check_window(kernel_size, stride, padding, dilation)
    if 0 in input.shape[1:] or (input.ndim == 3 and input.shape[0] == 0):
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:"
            f"{size_text(input.shape)}"
        )
    if any(p > k // 2 for p, k in zip(padding, kernel_size, strict=True)):
        raise RuntimeError(
            f"pad should be smaller than or equal to half of kernel size, but got padW = {padding[1]}, "
            f"padH = {padding[0]}, kW = {kernel_size[1]}, kH = {kernel_size[0]}"
        )
    _check_places(input, kernel_size, stride, padding, dilation, ceil_mode)


_IMAGE = [[[1.0, -2.0, 0.5, 3.5], [3.0, 0.25, -1.0, 0.75], [2.0, 1.5, -0.5, 4.0]]]
_TWO = {"kernel_size": (2, 2), "stride": (2, 1), "padding": (1, 0), "ceil_mode": True}
_MAX: dict[str, Any] = {"family": "reduction", "dtype": "as is", "public": False, "check": _max_check,
                        "samples": (Sample((_IMAGE,), {**_TWO, "dilation": (1, 2)}),)}  # fmt: skip

register(Rule(
    "max_pool",
    lambda input, kernel_size, stride, padding, dilation, ceil_mode: _max_pool(
        input, kernel_size, stride, padding, dilation, ceil_mode),
    vjps=(lambda g, y, input, **settings: _max_pool_vjp(g, input, **settings),),
    doc="The largest element that a window sees at each of its places.", grad_fn="MaxPool2DWithIndicesBackward0",
    piecewise_linear=True, **_MAX,
))  # fmt: skip

register(Rule(
    "max_pool_indices",
    lambda input, kernel_size, stride, padding, dilation, ceil_mode: _max_pool_indices(
        input, kernel_size, stride, padding, dilation, ceil_mode),
    vjps=(None,), doc="Where the largest element stands that a window sees. It has no derivative.", **_MAX,
))  # fmt: skip


def _divisors(
    input: Any, kernel_size: Sizes, stride: Sizes, padding: Sizes, ceil_mode: bool, count_include_pad: bool,
    divisor_override: int | None,
) -> Any:  # fmt: skip
    """What the sum over each window is divided by: how many elements count there, with the padding or without."""
    if divisor_override is not None:
        return float(divisor_override)
    count = len(kernel_size)
    size = input.shape[-count:]
    places = _all_places(size, kernel_size, stride, padding, (1,) * count, ceil_mode)
    counts = np.ones((), input.dtype)
    for side, k, step, p, n in zip(size, kernel_size, stride, padding, places, strict=True):
        start = np.arange(n) * step - p
        end = np.minimum(start + k, side + p)
        inside = end - start if count_include_pad else np.minimum(end, side) - np.maximum(start, 0)
        counts = counts[..., None] * np.astype(inside, input.dtype)
    first = counts[(0,) * count]
    return float(first) if np.all(counts == first) else counts


def _avg_pool(input: Any, kernel_size: Sizes, stride: Sizes, padding: Sizes, ceil_mode: bool, *counting: Any) -> Any:
    ones = (1,) * len(kernel_size)
    widths = _widths(input, kernel_size, stride, padding, ones, ceil_mode)
    seen = _seen(input, widths, 0, kernel_size, stride, ones)
    divisors = _divisors(input, kernel_size, stride, padding, ceil_mode, *counting)
    return np.sum(seen, axis=input.ndim - len(kernel_size)) / divisors


def _avg_pool_vjp(
    g: Any, input: Any, kernel_size: Sizes, stride: Sizes, padding: Sizes, ceil_mode: bool, *counting: Any
) -> Any:
    ones, axis = (1,) * len(kernel_size), input.ndim - len(kernel_size)
    share = g / _divisors(input, kernel_size, stride, padding, ceil_mode, *counting)
    elements = (*g.shape[:axis], math.prod(kernel_size), *g.shape[axis:])
    widths = _widths(input, kernel_size, stride, padding, ones, ceil_mode)
    return _spread(np.broadcast_to(np.expand_dims(share, axis), elements), input, widths, kernel_size, stride, ones)


def _avg_check(
    input: Any, kernel_size: Sizes, stride: Sizes, padding: Sizes, ceil_mode: bool, count_include_pad: bool,
    divisor_override: int | None,
) -> None:  # fmt: skip
    if divisor_override == 0:
        raise RuntimeError("divisor must be not zero")
    ones = (1,) * len(kernel_size)
    _check_window(kernel_size, stride, padding, ones)
    _check_places(input, kernel_size, stride, padding, ones, ceil_mode)
    if input.dtype.kind != "f":
        raise NotImplementedError(f"\"avg_pool2d\" not implemented for '{type_name(input.dtype)}'")


register(Rule(
    "avg_pool",
    lambda input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override: _avg_pool(
        input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override),
    vjps=(lambda g, y, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override:
              _avg_pool_vjp(g, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override),),
    doc="The mean of what a window sees at each of its places.", family="reduction", public=False, dtype="as is",
    check=_avg_check, grad_fn="AvgPool2DBackward0",
    samples=(Sample((_IMAGE,), {**_TWO, "count_include_pad": False, "divisor_override": None}),),
))  # fmt: skip


def _pair(operation: str, name: str, value: int | Sequence[int], default: Sizes = ()) -> Sizes:
    """A setting of a pool over two dimensions: one number is meant for both; ``default`` where nothing is given."""
    if value is None or (isinstance(value, (list, tuple)) and not value and default):
        return default
    sizes = (value,) if isinstance(value, int) else tuple(value)
    if len(sizes) not in (1, 2):
        alone = "omitted, a single int" if name == "stride" else "a single int"
        raise RuntimeError(f"{operation}: {name} must either be {alone}, or a tuple of two ints")
    return sizes * 2 if len(sizes) == 1 else sizes


def _max_pool2d(
    F: Any, input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False, return_indices: bool = False,
) -> Any:  # fmt: skip
    kernel = _pair("max_pool2d", "kernel_size", kernel_size)
    settings = (
        kernel, _pair("max_pool2d", "stride", stride, kernel), _pair("max_pool2d", "padding", padding),
        _pair("max_pool2d", "dilation", dilation), ceil_mode,
    )  # fmt: skip
    y = F.max_pool(input, *settings)
    return (y, F.max_pool_indices(input, *settings)) if return_indices else y


def _single(value: int | Sequence[int]) -> int:
    return value if isinstance(value, int) else next(iter(value))


def _max_pool1d(
    F: Any, input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False, return_indices: bool = False,
) -> Any:  # fmt: skip
    kernel = _single(kernel_size)
    settings = (kernel, kernel if stride in (None, ()) else _single(stride), _single(padding), _single(dilation))
    _check_max_pool1d(input, *settings, ceil_mode)
    window, step, around, apart = ((alone, each) for alone, each in zip((1, 1, 0, 1), settings, strict=True))
    found = _max_pool2d(F, F.unsqueeze(input, -2), window, step, around, apart, ceil_mode, return_indices)
    return (F.squeeze(found[0], -2), F.squeeze(found[1], -2)) if return_indices else F.squeeze(found, -2)


def _check_max_pool1d(input: Any, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> None:
    if input.ndim not in (2, 3):
        raise RuntimeError(
            "max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:"
            f"{size_text(input.shape)}"
        )
    for name, value in (("kernel_size", kernel), ("stride", stride), ("dilation", dilation)):
        if value <= 0 and not (name == "dilation" and padding < 0):
            raise RuntimeError(f"max_pool1d() {name} must be greater than zero, but got {value}")
    if padding < 0:
        raise RuntimeError(f"max_pool1d() padding must be non-negative, but got {padding}")
    if padding > kernel // 2:
        raise RuntimeError(
            f"max_pool1d() padding should be at most half of kernel size, but got padding={padding} and "
            f"kernel_size={kernel}"
        )
    places = _places(input.shape[-1], kernel, stride, padding, dilation, ceil_mode)
    if places <= 0:
        raise RuntimeError(f"max_pool1d() Invalid computed output size: {places}")
    if not input.dtype.is_floating_point:
        raise NotImplementedError(f"\"max_pool1d_impl\" not implemented for '{input.dtype.type_name}'")


def _avg_pool2d(
    F: Any, input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True, divisor_override: int | None = None,
) -> Any:  # fmt: skip
    kernel = _pair("avg_pool2d", "kernel_size", kernel_size)
    if input.ndim < 3:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [-{max(input.ndim, 1)}, {max(input.ndim, 1) - 1}], "
            "but got -3)"
        )
    if input.ndim > 4:
        raise RuntimeError("non-empty 3D or 4D (batch mode) tensor expected for input")
    return F.avg_pool(
        input, kernel, _pair("avg_pool2d", "stride", stride, kernel), _pair("avg_pool2d", "padding", padding),
        ceil_mode, count_include_pad, divisor_override,
    )  # fmt: skip


def _avg_pool1d(
    F: Any, input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:  # fmt: skip
    if input.ndim not in (2, 3):
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {input.ndim}-dimensional tensor for argument #1 'self' (while "
            "checking arguments for avg_pool1d)"
        )
    kernel = _single(kernel_size)
    wide = ((1, kernel), (1, kernel if stride in (None, ()) else _single(stride)), (0, _single(padding)))
    return F.squeeze(_avg_pool2d(F, F.unsqueeze(input, -2), *wide, ceil_mode, count_include_pad), -2)


def _parts(side: int, places: int) -> list[tuple[int, int]]:
    """Where each of ``places`` parts of ``side`` elements starts and ends; they overlap where they must."""
    return [(at * side // places, -((-(at + 1) * side) // places)) for at in range(places)]


def _means_of_parts(input: Any, places: int, dim: int) -> Any:
    """The means of ``places`` parts of the dimension ``dim``."""
    side, whole = input.shape[dim], (slice(None),) * dim
    if places in (side, 0):
        return input[(*whole, slice(0, places))]
    parts = _parts(side, places)
    sums = [np.sum(input[(*whole, slice(start, end))], axis=dim, keepdims=True) for start, end in parts]
    counts = np.reshape([max(end - start, 1) for start, end in parts], (-1,) + (1,) * (input.ndim - dim - 1))
    return np.concatenate(sums, axis=dim) / np.astype(counts, input.dtype)


def _spread_over_parts(g: Any, side: int, dim: int) -> Any:
    """The adjoint of ``_means_of_parts``: each gradient shared among the elements of its part."""
    at = np.arange(side)
    shares = [((at >= start) & (at < end)) / max(end - start, 1) for start, end in _parts(side, g.shape[dim])]
    matrix = np.astype(np.reshape(shares, (-1, side)), g.dtype)
    return np.matmul(g, matrix) if dim == g.ndim - 1 else np.matmul(np.transpose(matrix), g)


def _adaptive_mean(input: Any, output_size: Sizes) -> Any:
    if input.shape[-2:] == tuple(output_size):
        return np.copy(input)
    across = _means_of_parts(input, output_size[-1], input.ndim - 1)
    return _means_of_parts(across, output_size[-2], input.ndim - 2)


def _adaptive_vjp(g: Any, y: Any, input: Any, output_size: Sizes) -> Any:
    rows = _spread_over_parts(g, input.shape[-2], g.ndim - 2)
    return _spread_over_parts(rows, input.shape[-1], g.ndim - 1)


register(Rule(
    "adaptive_avg_pool", _adaptive_mean,
    vjps=(_adaptive_vjp,),
    doc="The means of as many parts as asked for.", family="reduction", public=False, dtype="as is",
    grad_fn="AdaptiveAvgPool2DBackward0", samples=(Sample((_IMAGE,), {"output_size": (2, 3)}),),
))  # fmt: skip


def _adaptive_avg_pool2d(F: Any, input: Any, output_size: Any) -> Any:
    if input.ndim not in (3, 4):
        raise RuntimeError(f"adaptive_avg_pool2d(): Expected 3D or 4D tensor, but got {size_text(input.shape)}")
    wanted = (output_size, output_size) if isinstance(output_size, int) else tuple(output_size)
    if len(wanted) != 2:
        raise RuntimeError("adaptive_avg_pool2d: output_size must be 2")
    size = tuple(old if new is None else new for old, new in zip(input.shape[-2:], wanted, strict=True))
    if min(size) < 0:
        raise RuntimeError(
            "adaptive_avg_pool2d: elements of output_size must be greater than or equal to 0 but received "
            f"{{{size[0]}, {size[1]}}}"
        )
    if size == (1, 1):
        return F.mean(input, (-1, -2), True)
    if not input.dtype.is_floating_point:
        raise NotImplementedError(f"\"adaptive_avg_pool2d\" not implemented for '{input.dtype.type_name}'")
    return F.adaptive_avg_pool(input, size)


def _adaptive_avg_pool1d(F: Any, input: Any, output_size: Any) -> Any:
    return F.squeeze(_adaptive_avg_pool2d(F, F.unsqueeze(input, -2), (1, _single(output_size))), -2)


_FUNCTIONAL: dict[str, Any] = {"family": "reduction", "method": False}
_BOTH = ("nn.functional", "")
_SAMPLES = (Sample((_IMAGE,), {"kernel_size": 2}), Sample((_IMAGE,), {"kernel_size": 3, "stride": 1, "padding": 1}))
_LINES = (Sample(([[1.0, -2.0, 0.5, 3.5, 0.25]],), {"kernel_size": 2, "ceil_mode": True}),)


def _outputs(params: Any) -> tuple[str, ...]:
    return ("output.0", "indices.1") if params.get("return_indices") else ()


register(Composite(
    "max_pool2d", _max_pool2d, doc="The largest element of each window of an image.", symbol="max⊞", paths=_BOTH,
    synonyms=("max pooling", "downsample", "subsample", "window"), outputs=_outputs, samples=_SAMPLES, **_FUNCTIONAL,
))  # fmt: skip

register(Composite(
    "max_pool1d", _max_pool1d, doc="The largest element of each window of a sequence.", symbol="max⊞", paths=_BOTH,
    synonyms=("max pooling", "downsample", "window"), outputs=_outputs, samples=_LINES, **_FUNCTIONAL,
))  # fmt: skip

register(Composite(
    "avg_pool2d", _avg_pool2d, doc="The mean of each window of an image.", symbol="x̄⊞", paths=("nn.functional",),
    synonyms=("average pooling", "mean pooling", "downsample", "window"), samples=_SAMPLES, **_FUNCTIONAL,
))  # fmt: skip

register(Composite(
    "avg_pool1d", _avg_pool1d, doc="The mean of each window of a sequence.", symbol="x̄⊞", paths=_BOTH,
    synonyms=("average pooling", "mean pooling", "window"), samples=_LINES, **_FUNCTIONAL,
))  # fmt: skip

register(Composite(
    "adaptive_avg_pool2d", _adaptive_avg_pool2d, doc="An image cut into as many parts as asked for, and their means.",
    symbol="x̄⊞", paths=("nn.functional",), synonyms=("adaptive average pooling", "global average pooling"),
    samples=(Sample((_IMAGE,), {"output_size": (2, 3)}), Sample((_IMAGE,), {"output_size": 1})), **_FUNCTIONAL,
))  # fmt: skip

register(Composite(
    "adaptive_avg_pool1d", _adaptive_avg_pool1d, symbol="x̄⊞", paths=_BOTH,
    doc="A sequence cut into as many parts as asked for, and their means.",
    synonyms=("adaptive average pooling", "global average pooling"),
    samples=(Sample(([[1.0, -2.0, 0.5, 3.5, 0.25]],), {"output_size": 2}),), **_FUNCTIONAL,
))  # fmt: skip
