"""Convolutions and transposed convolutions over one, two or three dimensions.

A convolution is a matrix product with what a moving window sees (``windows``); its derivatives are products of the same
parts, and so need no words of their own. Layout is PyTorch's: (batch, channels, *size).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.core.ops.checks import c_name, size_text, times_text, type_name
from chainrule.core.ops.padding import cropped, padded
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.windows import span, unwindows, windows

Sizes = tuple[int, ...]


def _around(padding: Sizes) -> tuple[tuple[int, int], ...]:
    """Widths that pad the last dimensions on both sides, and batch and channels not at all."""
    return ((0, 0), (0, 0), *((p, p) for p in padding))


def _count(sizes: Sequence[int]) -> int:
    return math.prod(sizes)


def _rows(weight: Any, groups: int) -> Any:
    """``weight`` as a matrix for each group: (groups, its first dimension's part, everything else)."""
    return np.reshape(weight, (groups, weight.shape[0] // groups, _count(weight.shape[1:])))


def _grouped(array: Any, groups: int) -> Any:
    """``array`` (batch, channels, *places) as (batch, groups, channels of one, all places)."""
    return np.reshape(array, (array.shape[0], groups, array.shape[1] // groups, _count(array.shape[2:])))


def _seen(input: Any, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes) -> Any:
    """What the window sees of ``input`` padded with zeros: (batch, channels, *kernel, *places)."""
    return windows(padded(input, _around(padding)), kernel, stride, dilation)


def _columns(seen: Any, groups: int, kernel: Sizes) -> Any:
    """``seen`` as a matrix for each group: (batch, groups, channels of one times kernel, all places)."""
    places = seen.shape[2 + len(kernel) :]
    return np.reshape(seen, (seen.shape[0], groups, seen.shape[1] // groups * _count(kernel), _count(places)))


def _spread(columns: Any, seen: Sizes, size: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes) -> Any:
    """The adjoint of ``_seen`` and ``_columns``: ``columns`` in the shape ``seen``, added up, without the padding."""
    whole = tuple(side + 2 * p for side, p in zip(size, padding, strict=True))
    return cropped(unwindows(np.reshape(columns, seen), whole, stride, dilation), _around(padding))


def _with_bias(y: Any, bias: Any) -> Any:
    """``y`` with a number added to each channel; a plain number stands for no bias."""
    return y if bias.ndim == 0 else y + np.reshape(bias, (-1,) + (1,) * (y.ndim - 2))


def _bias_vjp(g: Any) -> Any:
    return np.sum(g, axis=(0, *range(2, g.ndim)))


def _convolve(input: Any, weight: Any, bias: Any, stride: Sizes, padding: Sizes, dilation: Sizes, groups: int) -> Any:
    kernel = weight.shape[2:]
    seen = _seen(input, kernel, stride, padding, dilation)
    y = np.matmul(_rows(weight, groups), _columns(seen, groups, kernel))
    return _with_bias(np.reshape(y, (input.shape[0], weight.shape[0], *seen.shape[2 + len(kernel) :])), bias)


def _convolve_for_input(
    g: Any, input: Any, weight: Any, stride: Sizes, padding: Sizes, dilation: Sizes, groups: int
) -> Any:
    columns = np.matmul(np.swapaxes(_rows(weight, groups), -1, -2), _grouped(g, groups))
    seen = (*input.shape[:2], *weight.shape[2:], *g.shape[2:])
    return _spread(columns, seen, input.shape[2:], stride, padding, dilation)


def _convolve_for_weight(
    g: Any, input: Any, weight: Any, stride: Sizes, padding: Sizes, dilation: Sizes, groups: int
) -> Any:
    """One gradient an example; the engine sums them."""
    kernel = weight.shape[2:]
    columns = _columns(_seen(input, kernel, stride, padding, dilation), groups, kernel)
    return np.reshape(np.matmul(_grouped(g, groups), np.swapaxes(columns, -1, -2)), (input.shape[0], *weight.shape))


def _check(input: Any, weight: Any, bias: Any, stride: Sizes, padding: Sizes, dilation: Sizes, groups: int) -> None:
    _positive(stride, padding, dilation, groups)
    shape = size_text(weight.shape)
    if weight.shape[0] < groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be at least {groups} at dimension 0, but got weight of size "
            f"{shape} instead"
        )
    if weight.shape[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, but got weight of "
            f"size [{shape}] instead"
        )
    if input.shape[1] != weight.shape[1] * groups:
        raise RuntimeError(
            f"Given groups={groups}, weight of size {shape}, expected input{size_text(input.shape)} to have "
            f"{weight.shape[1] * groups} channels, but got {input.shape[1]} channels instead"
        )
    _check_bias(f"Given weight of size {shape}", bias, weight.shape[0])
    whole = [side + 2 * p for side, p in zip(input.shape[2:], padding, strict=True)]
    spans = list(map(span, weight.shape[2:], dilation))
    if any(reach > side for reach, side in zip(spans, whole, strict=True)):
        sizes = [" x ".join(map(str, each)) for each in (whole, spans)]
        raise RuntimeError(
            f"Calculated padded input size per channel: ({sizes[0]}). Kernel size: ({sizes[1]}). Kernel size can't be "
            "greater than actual input size"
        )
    _check_dtypes(input, weight, bias)


def _positive(stride: Sizes, padding: Sizes, dilation: Sizes, groups: int) -> None:
    if min(padding) < 0:
        raise RuntimeError("negative padding is not supported")
    for what, sizes in (("stride", stride), ("dilation", dilation), ("groups", (groups,))):
        if min(sizes) <= 0:
            raise RuntimeError(f"non-positive {what} is not supported")


def _check_bias(given: str, bias: Any, channels: int) -> None:
    if isinstance(bias, np.ndarray) and bias.shape != (channels,):
        raise RuntimeError(
            f"{given}, expected bias to be 1-dimensional with {channels} elements, but got bias of size "
            f"{size_text(bias.shape)} instead"
        )


def _check_dtypes(input: Any, weight: Any, bias: Any) -> None:
    if input.dtype != weight.dtype:
        names = type_name(input.dtype), type_name(weight.dtype)
        if input.dtype != np.float32:
            raise RuntimeError(f"expected scalar type {names[0]} but found {names[1]}")
        raise RuntimeError(
            f"Input type (torch.{names[0]}Tensor) and weight type (torch.{names[1]}Tensor) should be the same or input "
            "should be a MKLDNN tensor and weight is a dense tensor"
        )
    if isinstance(bias, np.ndarray) and bias.dtype != input.dtype:
        raise RuntimeError(
            f"Input type ({c_name(input.dtype)}) and bias type ({c_name(bias.dtype)}) should be the same"
        )


_LINE = [[[1.0, -2.0, 0.5, 3.0, 0.25], [-1.0, 2.0, 1.5, -0.5, 4.0]]]
_IMAGE = [[[1.0, -2.0, 0.5], [3.0, 0.25, -1.0], [2.0, 1.5, -0.5]]]
_ONE = {"stride": (1, 1), "padding": (1, 0), "dilation": (1, 1), "groups": 1}

register(Rule(
    "convolution",
    lambda input, weight, bias, stride, padding, dilation, groups: _convolve(
        input, weight, bias, stride, padding, dilation, groups),
    vjps=(lambda g, y, input, weight, bias, **params: _convolve_for_input(g, input, weight, **params),
          lambda g, y, input, weight, bias, **params: _convolve_for_weight(g, input, weight, **params),
          lambda g, y, input, weight, bias, **params: _bias_vjp(g)),
    doc="A filter moved over a batch: at each place the sum of what it sees times its weights.", family="linalg",
    public=False, dtype="as is", numbers=("bias",), check=_check,
    samples=(Sample(([_IMAGE], [[[[0.5, -1.0], [2.0, 1.5]]], [[[1.0, 0.25], [-0.5, 3.0]]]], [0.5, -1.0]), _ONE),
             Sample((_LINE, [[[0.5, -1.0]], [[2.0, 1.5]]], 0),
                    {"stride": (2,), "padding": (0,), "dilation": (2,), "groups": 2})),
))  # fmt: skip


def _transposed_size(input: Any, weight: Any, stride: Sizes, padding: Sizes, more: Sizes, dilation: Sizes) -> Sizes:
    """https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html"""
    spans = map(span, weight.shape[2:], dilation)
    sides = zip(input.shape[2:], stride, spans, padding, more, strict=True)
    return tuple((side - 1) * step + reach - 2 * p + extra for side, step, reach, p, extra in sides)


def _transpose_convolve(
    input: Any, weight: Any, bias: Any, stride: Sizes, padding: Sizes, output_padding: Sizes, groups: int,
    dilation: Sizes,
) -> Any:  # fmt: skip
    columns = np.matmul(np.swapaxes(_rows(weight, groups), -1, -2), _grouped(input, groups))
    seen = (input.shape[0], weight.shape[1] * groups, *weight.shape[2:], *input.shape[2:])
    size = _transposed_size(input, weight, stride, padding, output_padding, dilation)
    return _with_bias(_spread(columns, seen, size, stride, padding, dilation), bias)


def _seen_by(g: Any, input: Any, weight: Any, stride: Sizes, padding: Sizes, dilation: Sizes, groups: int) -> Any:
    """What the window sees of ``g`` at the places that are ``input``'s elements, as a matrix for each group."""
    kernel = weight.shape[2:]
    seen = _seen(g, kernel, stride, padding, dilation)[(..., *(slice(side) for side in input.shape[2:]))]
    return _columns(seen, groups, kernel)


def _transpose_for_input(
    g: Any, input: Any, weight: Any, stride: Sizes, padding: Sizes, output_padding: Sizes, groups: int, dilation: Sizes
) -> Any:
    seen = _seen_by(g, input, weight, stride, padding, dilation, groups)
    return np.reshape(np.matmul(_rows(weight, groups), seen), input.shape)


def _transpose_for_weight(
    g: Any, input: Any, weight: Any, stride: Sizes, padding: Sizes, output_padding: Sizes, groups: int, dilation: Sizes
) -> Any:
    """One gradient an example; the engine sums them."""
    seen = _seen_by(g, input, weight, stride, padding, dilation, groups)
    return np.reshape(np.matmul(_grouped(input, groups), np.swapaxes(seen, -1, -2)), (input.shape[0], *weight.shape))


def _check_transposed(
    input: Any, weight: Any, bias: Any, stride: Sizes, padding: Sizes, output_padding: Sizes, groups: int,
    dilation: Sizes,
) -> None:  # fmt: skip
    _positive(stride, padding, dilation, groups)
    given = f"Given transposed=1, weight of size {size_text(weight.shape)}"
    if input.shape[1] != weight.shape[0]:
        raise RuntimeError(
            f"{given}, expected input{size_text(input.shape)} to have {weight.shape[0]} channels, but got "
            f"{input.shape[1]} channels instead"
        )
    _check_bias(given, bias, weight.shape[1] * groups)
    if any(more >= max(both) for more, *both in zip(output_padding, stride, dilation, strict=True)):
        sizes = {"output_padding": output_padding, "stride": stride, "dilation": dilation}
        if len(stride) == 1:  # PyTorch sees a height of 1
            sizes = {what: (int(what != "output_padding"), *size) for what, size in sizes.items()}
        names = ("depth", "height", "width")[-len(sizes["stride"]) :]
        told = [f"{what}_{name}: {s}" for what, size in sizes.items() for name, s in zip(names, size, strict=True)]
        raise RuntimeError(f"output padding must be smaller than either stride or dilation, but got {' '.join(told)}")
    size = _transposed_size(input, weight, stride, padding, output_padding, dilation)
    if min(size) <= 0:
        raise RuntimeError(
            f"Given input size per channel: ({times_text(input.shape[2:])}). Calculated output size per channel: "
            f"({times_text(size)}). Output size is too small"
        )
    _check_dtypes(input, weight, bias)


register(Rule(
    "convolution_transpose",
    lambda input, weight, bias, stride, padding, output_padding, groups, dilation: _transpose_convolve(
        input, weight, bias, stride, padding, output_padding, groups, dilation),
    vjps=(lambda g, y, input, weight, bias, **params: _transpose_for_input(g, input, weight, **params),
          lambda g, y, input, weight, bias, **params: _transpose_for_weight(g, input, weight, **params),
          lambda g, y, input, weight, bias, **params: _bias_vjp(g)),
    doc="Each element spreads a filter, and what overlaps is added up: the adjoint of a convolution.", family="linalg",
    public=False, dtype="as is", numbers=("bias",), check=_check_transposed, grad_fn="ConvolutionBackward0",
    samples=(Sample((_LINE, [[[0.5, -1.0]], [[2.0, 1.5]]], [0.25]),
                    {"stride": (2,), "padding": (1,), "output_padding": (1,), "groups": 1, "dilation": (1,)}),),
))  # fmt: skip


def _each(name: str, value: int | Sequence[int], count: int) -> Sizes:
    """A setting of a convolution over ``count`` dimensions: one number is meant for all of them."""
    sizes = (value,) if isinstance(value, int) else tuple(value)
    if len(sizes) not in (1, count):
        raise RuntimeError(
            f"expected {name} to be a single integer value or a list of {count} values to match the convolution "
            f"dimensions, but got {name}={size_text(sizes)}"
        )
    return sizes * count if len(sizes) == 1 else sizes


def _batched(F: Any, name: str, input: Any, weight: Any, count: int) -> tuple[Any, bool]:
    """``input`` as a batch, and whether it was one."""
    if input.ndim not in (count + 1, count + 2):
        raise RuntimeError(
            f"Expected {count + 1}D (unbatched) or {count + 2}D (batched) input to {name}, but got input of size: "
            f"{size_text(input.shape)}"
        )
    if weight.ndim < 3:
        raise RuntimeError("weight should have at least three dimensions")
    if weight.ndim != count + 2:
        _each("stride", (1,) * count, weight.ndim - 2)
    return (input, True) if input.ndim == count + 2 else (F.unsqueeze(input, 0), False)


def _same(F: Any, input: Any, weight: Any, stride: Sizes, dilation: Sizes) -> tuple[Any, Sizes]:
    """``input`` and the padding that keeps its size; an element too many goes to the end, as PyTorch has it."""
    if any(step != 1 for step in stride):
        raise RuntimeError("padding='same' is not supported for strided convolutions")
    missing = [reach - 1 for reach in map(span, weight.shape[2:], dilation)]
    if any(each % 2 for each in missing):
        input = F.constant_pad_nd(input, ((0, 0), (0, 0), *((0, each % 2) for each in missing)))
    return input, tuple(each // 2 for each in missing)


def _convolution(count: int) -> Any:
    def conv(
        F: Any, input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
        groups: int = 1,
    ) -> Any:  # fmt: skip
        batch, was_batch = _batched(F, f"conv{count}d", input, weight, count)
        stride, dilation = _each("stride", stride, count), _each("dilation", dilation, count)
        if padding == "same":
            batch, padding = _same(F, batch, weight, stride, dilation)
        elif isinstance(padding, str) and padding != "valid":
            raise RuntimeError(f"Invalid padding string: '{padding}'")
        padding = _each("padding", 0 if padding == "valid" else padding, count)
        y = F.convolution(batch, weight, 0 if bias is None else bias, stride, padding, dilation, groups)
        return y if was_batch else F.squeeze(y, 0)

    return conv


def _transposed(count: int) -> Any:
    def conv_transpose(
        F: Any, input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
        groups: int = 1, dilation: Any = 1,
    ) -> Any:  # fmt: skip
        batch, was_batch = _batched(F, f"conv_transpose{count}d", input, weight, count)
        settings = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
        sizes = {name: _each(name, value, count) for name, value in settings.items()}
        y = F.convolution_transpose(batch, weight, 0 if bias is None else bias, groups=groups, **sizes)
        return y if was_batch else F.squeeze(y, 0)

    return conv_transpose


_FILTERS: dict[int, Any] = {1: [[[0.5, -1.0], [2.0, 1.5]]], 2: [[[[0.5, -1.0], [2.0, 1.5]]]], 3: [[[[[0.5, -1.0]]]]]}
_BATCHES: dict[int, Any] = {1: _LINE, 2: [_IMAGE], 3: [[_IMAGE]]}
_BACK: dict[int, Any] = {1: [[[0.5, -1.0]], [[2.0, 1.5]]], 2: _FILTERS[2], 3: _FILTERS[3]}
_OVER = {1: "a sequence", 2: "an image", 3: "a volume"}

for _n in (1, 2, 3):
    register(Composite(
        f"conv{_n}d", _convolution(_n), doc=f"A filter moved over {_OVER[_n]}: what a convolutional layer computes.",
        family="linalg", symbol="∗", synonyms=("convolution", "filter", "kernel", "cross-correlation", "cnn"),
        paths=("nn.functional", ""), method=False, tensors=("input", "weight", "bias"), optional=("bias",),
        samples=(Sample((_BATCHES[_n], _FILTERS[_n], [0.25]), {"padding": "same"}),
                 Sample((_BATCHES[_n][0], _FILTERS[_n]), {"stride": 2})),
    ))  # fmt: skip
    register(Composite(
        f"conv_transpose{_n}d", _transposed(_n), doc=f"Each element spreads a filter over {_OVER[_n]}; overlaps add.",
        family="linalg", symbol="∗ᵀ", synonyms=("deconvolution", "transposed convolution", "upsampling"),
        paths=("nn.functional", ""), method=False, tensors=("input", "weight", "bias"), optional=("bias",),
        samples=(Sample((_BATCHES[_n], _BACK[_n], [0.25]), {"stride": 2}),),
    ))  # fmt: skip
