"""Normalisations: groups of elements brought to mean 0 and variance 1, then scaled and shifted.

Layer, batch and group normalisation are one rule, told which elements belong together. A weight that is not given is
the number 1, a missing bias the number 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.core.ops.checks import size_text
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

Sizes = tuple[int, ...]


def _along(parameter: Any, channels: Sizes) -> Any:
    """A weight or a bias so that it broadcasts to the input; a number does already."""
    return parameter if parameter.ndim == 0 else np.reshape(parameter, channels)


def _standard(input: Any, view: Sizes, dims: Sizes, eps: float) -> tuple[Any, Any]:
    """``input`` in the shape ``view``, normalised over ``dims``, and one over the deviation that it was divided by."""
    seen = np.reshape(input, view)
    centred = seen - np.mean(seen, axis=dims, keepdims=True)
    scale = 1 / np.sqrt(np.mean(centred * centred, axis=dims, keepdims=True) + eps)
    return centred * scale, scale


def _normalised(input: Any, weight: Any, bias: Any, view: Sizes, dims: Sizes, channels: Sizes, eps: float) -> Any:
    standard = np.reshape(_standard(input, view, dims, eps)[0], input.shape)
    return standard * _along(weight, channels) + _along(bias, channels)


def _for_input(g: Any, input: Any, weight: Any, view: Sizes, dims: Sizes, channels: Sizes, eps: float) -> Any:
    """Ioffe and Szegedy (2015), https://arxiv.org/abs/1502.03167, section 3, in terms of the normalised values."""
    standard, scale = _standard(input, view, dims, eps)
    inner = np.reshape(g * _along(weight, channels), view)
    mean = np.mean(inner, axis=dims, keepdims=True)
    slope = np.mean(inner * standard, axis=dims, keepdims=True)
    return np.reshape((inner - mean - standard * slope) * scale, input.shape)


def _for_weight(g: Any, input: Any, weight: Any, view: Sizes, dims: Sizes, channels: Sizes, eps: float) -> Any:
    return _gathered(g * np.reshape(_standard(input, view, dims, eps)[0], input.shape), weight, channels)


def _gathered(values: Any, parameter: Any, channels: Sizes) -> Any:
    """``values`` summed over all that one element of ``parameter`` was used for: the adjoint of ``_along``."""
    if parameter.ndim == 0:
        return values
    others = tuple(place for place, side in enumerate(channels) if side == 1)
    return np.reshape(np.sum(values, axis=others) if others else values, parameter.shape)


_LAYER = {"view": (2, 3), "dims": (1,), "channels": (1, 3), "eps": 1e-5, "node": "NativeLayerNormBackward0"}
_GROUPS = {"view": (2, 2, 2), "dims": (2,), "channels": (1, 4), "eps": 1e-5, "node": "NativeGroupNormBackward0"}
_MATRIX = [[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]
_WIDE = [[1.0, -2.0, 0.5, 2.0], [3.0, 0.25, -1.0, 1.5]]

register(Rule(
    "native_norm",
    lambda input, weight, bias, view, dims, channels, eps, node: _normalised(
        input, weight, bias, view, dims, channels, eps),
    vjps=(lambda g, y, input, weight, bias, view, dims, channels, eps, node: _for_input(
              g, input, weight, view, dims, channels, eps),
          lambda g, y, input, weight, bias, view, dims, channels, eps, node: _for_weight(
              g, input, weight, view, dims, channels, eps),
          lambda g, y, input, weight, bias, view, dims, channels, eps, node: _gathered(g, bias, channels)),
    doc="Groups of elements brought to mean 0 and variance 1, scaled and shifted.", family="reduction", public=False,
    dtype="as is", numbers=("weight", "bias"), grad_fn=lambda numbers, params: str(params["node"]),
    samples=(Sample((_MATRIX, [0.5, 2.0, -1.0], [0.25, 1.5, -0.5]), _LAYER),
             Sample((_WIDE, [0.5, 2.0, -1.0, 1.5], 0), _GROUPS)),
))  # fmt: skip


def _same_dtype(input: Any, **parameters: Any) -> None:
    for parameter in parameters.values():
        if parameter is not None and parameter.dtype != input.dtype:
            if input.dtype.name == "float32":
                raise RuntimeError("mixed dtype (CPU): expect parameter to have scalar type of Float")
            raise RuntimeError("mixed dtype (CPU): all inputs must share same datatype.")


def _floating(input: Any, kernel: str) -> None:
    if not input.dtype.is_floating_point:
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{input.dtype.type_name}'")


def _normalized_shape(operation: str, input: Any, shape: Sequence[int], star: str, **parameters: Any) -> Sizes:
    """Check ``shape`` against ``input``'s last dimensions and against the parameters; give it back as a tuple."""
    if isinstance(shape, int):
        raise TypeError(f"{operation}(): argument 'normalized_shape' (position 2) must be tuple of ints, not int")
    shape = tuple(shape)
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got "
            "normalized_shape = []"
        )
    for name, parameter in parameters.items():
        if parameter is not None and tuple(parameter.shape) != shape:
            raise RuntimeError(
                f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
                f"{size_text(parameter.shape)} and normalized_shape = {size_text(shape)}"
            )
    if tuple(input.shape[-len(shape) :]) != shape:
        raise RuntimeError(
            f"Given normalized_shape={size_text(shape)}, expected input with shape [*{star}"
            f"{', '.join(map(str, shape))}], but got input of size{size_text(input.shape)}"
        )
    return shape


def _layer_norm(
    F: Any, input: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Any:
    shape = _normalized_shape("layer_norm", input, normalized_shape, ", ", weight=weight, bias=bias)
    _floating(input, "LayerNormKernelImpl")
    _same_dtype(input, weight=weight, bias=bias)
    lead = input.ndim - len(shape)
    return F.native_norm(
        input, *_given(weight, bias), view=tuple(input.shape), dims=tuple(range(lead, input.ndim)),
        channels=(1,) * lead + shape, eps=eps, node="NativeLayerNormBackward0",
    )  # fmt: skip


def _given(weight: Any, bias: Any) -> tuple[Any, Any]:
    return 1 if weight is None else weight, 0 if bias is None else bias


register(Composite(
    "layer_norm", _layer_norm, doc="Each example brought to mean 0 and variance 1 over its last dimensions.",
    family="reduction", symbol="LN", synonyms=("layer normalisation", "layer normalization", "normalize"),
    paths=("nn.functional",), method=False, tensors=("input", "weight", "bias"), optional=("weight", "bias"),
    samples=(Sample((_MATRIX, [0.5, 2.0, -1.0], [0.25, 1.5, -0.5]), {"normalized_shape": (3,)}),
             Sample((_MATRIX,), {"normalized_shape": (2, 3)})),
))  # fmt: skip


def _rms_norm(F: Any, input: Any, normalized_shape: Any, weight: Any = None, eps: float | None = None) -> Any:
    shape = _normalized_shape("rms_norm", input, normalized_shape, "", weight=weight)
    _floating(input, "rms_norm")
    eps = float(np.finfo(input.dtype.name).eps) if eps is None else eps
    squares = F.mean(F.pow(input, 2), tuple(range(-len(shape), 0)), True)
    normed = F.mul(input, F.reciprocal(F.sqrt(F.add(squares, eps))))
    return normed if weight is None else F.mul(normed, weight)


register(Composite(
    "rms_norm", _rms_norm, doc="Each example divided by the root of its mean square over its last dimensions.",
    family="reduction", symbol="RMS", synonyms=("root mean square", "normalisation", "normalize"),
    paths=("nn.functional", ""), method=False, tensors=("input", "weight"), optional=("weight",),
    samples=(Sample((_MATRIX, [0.5, 2.0, -1.0]), {"normalized_shape": (3,)}),),
))  # fmt: skip


def _group_norm(F: Any, input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    if input.ndim < 2:
        raise RuntimeError(f"Expected at least 2 dimensions for input tensor but received {input.ndim}")
    if num_groups < 0:
        raise RuntimeError(f"Expected num groups to be greater than 0, got {num_groups}")
    batch, channels, *size = tuple(input.shape)
    _several("input size", (batch * channels // num_groups, num_groups, *size), size_text((batch, channels, *size)))
    if channels % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of shape "
            f"{size_text(input.shape)} and num_groups={num_groups}"
        )
    for name, parameter in (("weight", weight), ("bias", bias)):
        if parameter is not None and tuple(parameter.shape) != (channels,):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in input, but got {name} of "
                f"shape {size_text(parameter.shape)} and input of shape {size_text(input.shape)}"
            )
    _floating(input, "GroupNormKernelImpl")
    _same_dtype(input, weight=weight, bias=bias)
    view = (batch, num_groups, channels // num_groups * math.prod(size))
    return F.native_norm(
        input, *_given(weight, bias), view=view, dims=(2,), channels=(1, channels) + (1,) * len(size), eps=eps,
        node="NativeGroupNormBackward0",
    )  # fmt: skip


def _several(told: str, size: Sequence[int], shape: str) -> None:
    """Check that there is more than one value in each group; ``size`` has the groups as its second dimension."""
    if size[0] * math.prod(size[2:]) == 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got {told} {shape}")


register(Composite(
    "group_norm", _group_norm, doc="Groups of channels brought to mean 0 and variance 1, example by example.",
    family="reduction", symbol="GN", synonyms=("group normalisation", "group normalization"),
    paths=("nn.functional",), method=False, tensors=("input", "weight", "bias"), optional=("weight", "bias"),
    samples=(Sample((_WIDE, [0.5, 2.0, -1.0, 1.5], [0.25, 1.5, -0.5, 1.0]), {"num_groups": 2}),),
))  # fmt: skip


# Without samples, which would ask for the derivatives by the statistics: PyTorch has none.
register(Rule(
    "batch_norm_eval",
    lambda input, weight, bias, mean, var, channels, eps: (
        (input - np.reshape(mean, channels)) * (1 / np.sqrt(np.reshape(var, channels) + eps))
        * _along(weight, channels) + _along(bias, channels)),
    vjps=(lambda g, y, input, weight, bias, mean, var, channels, eps: (
              g * _along(weight, channels) / np.sqrt(np.reshape(var, channels) + eps)),
          lambda g, y, input, weight, bias, mean, var, channels, eps: _gathered(
              g * (input - np.reshape(mean, channels)) / np.sqrt(np.reshape(var, channels) + eps), weight, channels),
          lambda g, y, input, weight, bias, mean, var, channels, eps: _gathered(g, bias, channels),
          None,
          None),
    doc="Channels shifted by a mean and divided by a deviation known beforehand.", family="reduction", public=False,
    dtype="as is", numbers=("weight", "bias"), grad_fn="NativeBatchNormBackward0",
))  # fmt: skip


def _batch_norm(
    F: Any, input: Any, running_mean: Any, running_var: Any, weight: Any = None, bias: Any = None,
    training: bool = False, momentum: float = 0.1, eps: float = 1e-5,
) -> Any:  # fmt: skip
    if input.ndim < 2 and training:
        raise IndexError("Dimension out of range (expected to be in range of [-1, 0], but got 1)")
    size = tuple(input.shape)
    if training:
        _several("input size", size, f"torch.Size({size_text(size)})")
        if eps <= 0:
            raise ValueError(f"batch_norm eps must be positive during training, but got {eps}")
    _check_statistics(input, training, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    channels = (1, size[1]) + (1,) * (len(size) - 2)
    if not training:
        return F.batch_norm_eval(input, *_given(weight, bias), running_mean, running_var, channels=channels, eps=eps)
    dims = (0, *range(2, len(size)))
    if running_mean is not None:
        _move(F, input, dims, running_mean, running_var, momentum)
    return F.native_norm(
        input, *_given(weight, bias), view=size, dims=dims, channels=channels, eps=eps, node="NativeBatchNormBackward0"
    )


def _check_statistics(input: Any, training: bool, **parameters: Any) -> None:
    statistics = {name: parameters[name] for name in ("running_mean", "running_var")}
    for name, parameter in statistics.items():
        if parameter is None and not training:
            raise RuntimeError(f"{name} must be defined in evaluation mode")
    if (parameters["running_mean"] is None) != (parameters["running_var"] is None):
        raise ValueError("running_mean and running_var must either both be None or neither be None")
    for name, parameter in parameters.items():
        if parameter is not None and parameter.numel() != input.shape[1]:
            raise RuntimeError(f"{name} should contain {input.shape[1]} elements not {parameter.numel()}")
    for name, parameter in statistics.items():
        if parameter is not None and parameter.requires_grad:
            raise RuntimeError(
                f"The function 'native_batch_norm' is not differentiable with respect to argument '{name}'. This "
                "input cannot have requires_grad True."
            )
    _floating(input, "batch_norm")
    _same_dtype(input, **parameters)


def _move(F: Any, input: Any, dims: Sizes, running_mean: Any, running_var: Any, momentum: float) -> None:
    """Move the running statistics towards this batch's, in place; the variance is the unbiased one."""
    batch = F.detach(input)
    count = batch.numel() // max(batch.shape[1], 1)
    mean = F.mean(batch, dims, True)
    centred = F.sub(batch, mean)
    var = F.div(F.sum(F.mul(centred, centred), dims), max(count - 1, 1))
    for running, found in ((running_mean, F.reshape(mean, (-1,))), (running_var, var)):
        running.copy_(F.add(F.mul(found, momentum), F.mul(running, 1 - momentum)))


register(Composite(
    "batch_norm", _batch_norm, family="reduction", symbol="BN",
    doc="Each channel brought to mean 0 and variance 1 over the batch, or by running statistics when not training.",
    synonyms=("batch normalisation", "batch normalization", "running statistics"), paths=("nn.functional",),
    method=False, tensors=("input", "running_mean", "running_var", "weight", "bias"),
    optional=("running_mean", "running_var", "weight", "bias"), writes=("running_mean", "running_var"),
    samples=(Sample((_MATRIX, None, None, [0.5, 2.0, -1.0], [0.25, 1.5, -0.5]), {"training": True}),),
))  # fmt: skip


def _instance_norm(
    F: Any, input: Any, running_mean: Any = None, running_var: Any = None, weight: Any = None, bias: Any = None,
    use_input_stats: bool = True, momentum: float = 0.1, eps: float = 1e-5,
) -> Any:  # fmt: skip
    """PyTorch's way: every channel of every example is a channel of a batch of one."""
    size = tuple(input.shape)
    if use_input_stats and math.prod(size[2:]) == 1:
        raise ValueError(
            f"Expected more than 1 spatial element when training, got input size torch.Size({size_text(size)})"
        )
    if not use_input_stats and running_mean is None:
        raise RuntimeError("Expected running_mean and running_var to be defined when use_input_stats is false")
    mean, var, *affine = (
        None if each is None else _for_each(F, each, size[0]) for each in (running_mean, running_var, weight, bias)
    )
    seen = F.view(F.contiguous(input), (1, size[0] * size[1], *size[2:]))
    y = _batch_norm(F, seen, mean, var, affine[0], affine[1], use_input_stats, momentum, eps)
    for each, found in ((running_mean, mean), (running_var, var)):
        if each is not None and use_input_stats:
            each.copy_(F.mean(F.reshape(found, (size[0], size[1])), 0))
    return F.view(y, size)


def _for_each(F: Any, parameter: Any, examples: int) -> Any:
    """``parameter`` once for every example, one after the other, in memory of its own."""
    return F.reshape(F.clone(F.expand(parameter, (examples, parameter.shape[0]))), (-1,))


register(Composite(
    "instance_norm", _instance_norm, doc="Each channel of each example brought to mean 0 and variance 1.",
    family="reduction", symbol="IN", synonyms=("instance normalisation", "instance normalization"),
    paths=("nn.functional",), method=False, tensors=("input", "running_mean", "running_var", "weight", "bias"),
    optional=("running_mean", "running_var", "weight", "bias"), writes=("running_mean", "running_var"),
    samples=(Sample(([[[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]],)),),
))  # fmt: skip
