"""Losses: how far a prediction is from its target, as one number.

``reduction`` is PyTorch's: "mean", "sum", or "none" for one value an element.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.ops.checks import size_text, type_name
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_REDUCTIONS = {"reduction": ("mean", "sum", "none")}
_FUNCTIONAL: dict[str, Any] = {"family": "loss", "paths": ("nn.functional",), "method": False, "choices": _REDUCTIONS}


def _reduce(values: Any, reduction: str) -> Any:
    if reduction == "none":
        return values
    return np.mean(values) if reduction == "mean" else np.sum(values)


def _known(reduction: str) -> None:
    if reduction not in _REDUCTIONS["reduction"]:
        raise ValueError(f"{reduction} is not a valid value for reduction")


def _same_size(input: Any, target: Any, reduction: str = "mean") -> str | None:
    """PyTorch's warning where the sizes differ but broadcast."""
    _known(reduction)
    if input.dtype.kind != "f" and target.dtype.kind != "f":
        raise NotImplementedError(f"\"mse_cpu\" not implemented for '{type_name(input.dtype)}'")
    if input.shape == target.shape:
        return None
    sizes = [f"torch.Size({size_text(side.shape)})" for side in (target, input)]
    return (
        f"Using a target size ({sizes[0]}) that is different to the input size ({sizes[1]}). This will likely lead to "
        "incorrect results due to broadcasting. Please ensure they have the same size."
    )


def _mse_slope(g: Any, input: Any, target: Any, reduction: str) -> Any:
    """The gradient for ``input``; for ``target`` it is the opposite."""
    difference = input - target
    count = max(float(np.prod(difference.shape)), 1.0) if reduction == "mean" else 1.0
    return g * (2 / count * difference)


register(Rule(
    "mse_loss", lambda input, target, reduction="mean": _reduce((input - target) ** 2, reduction),
    vjps=(lambda g, y, input, target, reduction: _mse_slope(g, input, target, reduction),
          lambda g, y, input, target, reduction: -_mse_slope(g, input, target, reduction)),
    doc="The mean of the squared differences.", symbol="mse", synonyms=("mean squared error", "l2", "squared error"),
    check=_same_size, samples=(Sample(([1.0, 2.0, -0.5], [0.0, 1.0, 1.5])),), **_FUNCTIONAL,
))  # fmt: skip


def _class_axis(input: Any) -> int:
    return 0 if input.ndim == 1 else 1


def _batch_sizes(input: Any, target: Any) -> str:
    return f"Expected input batch_size ({input.shape[0]}) to match target batch_size ({target.shape[0]})."


def _targets(input: Any, target: Any, ignore_index: int = -100, reduction: str = "mean") -> None:
    _known(reduction)
    if target.dtype.kind not in "iu":
        raise RuntimeError(f"expected target dtype to be Long or Byte, but got {type_name(target.dtype)}")
    axis = _class_axis(input)
    if input.ndim != target.ndim + 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if axis and input.shape[0] != target.shape[0]:
        raise ValueError(_batch_sizes(input, target))
    outside = (target != ignore_index) & ((target < 0) | (target >= input.shape[axis]))
    if np.any(outside):
        raise IndexError(f"Target {np.extract(outside, target)[0]} is out of bounds.")


def _picked(input: Any, target: Any, ignore_index: int) -> Any:
    """Ones at each row's target class, zeros elsewhere; a row of zeros where the target is ``ignore_index``."""
    axis = _class_axis(input)
    classes = np.reshape(np.arange(input.shape[axis]), (-1,) + (1,) * (input.ndim - axis - 1))
    wanted = np.expand_dims(target, axis)
    return (classes == wanted) & (wanted != ignore_index)


def _nll(input: Any, target: Any, ignore_index: int = -100, reduction: str = "mean") -> Any:
    picked = _picked(input, target, ignore_index)
    losses = -np.sum(np.where(picked, input, 0), axis=_class_axis(input))
    return np.sum(losses) / _counted(input, target, ignore_index) if reduction == "mean" else _reduce(losses, reduction)


def _counted(input: Any, target: Any, ignore_index: int) -> Any:
    """How many targets count, in the input's dtype, so that dividing by it keeps that."""
    return np.sum(np.astype(target != ignore_index, input.dtype))


def _nll_slope(g: Any, y: Any, input: Any, target: Any, ignore_index: int, reduction: str) -> Any:
    share = g / _counted(input, target, ignore_index) if reduction == "mean" else g
    share = np.expand_dims(share, _class_axis(input)) if reduction == "none" else share
    return np.where(_picked(input, target, ignore_index), -share, 0)


register(Rule(
    "nll_loss", _nll, vjps=(_nll_slope, None),
    doc="Minus the log-probability of the target class.", symbol="nll", synonyms=("negative log likelihood",),
    dtype="as is", check=_targets, grad_fn="NllLossBackward0",
    samples=(Sample(([[-0.5, -1.5, -2.0], [-1.0, -0.75, -3.0]], [0, 2])),), **_FUNCTIONAL,
))  # fmt: skip


def _cross_entropy(F: Any, input: Any, target: Any, ignore_index: int = -100, reduction: str = "mean") -> Any:
    axis = _class_axis(input)
    logs = F.log_softmax(input, axis)
    if target.ndim < input.ndim:
        return F.nll_loss(logs, target, ignore_index, reduction)
    if axis and input.shape[0] != target.shape[0]:
        raise ValueError(_batch_sizes(input, target))
    losses = F.neg(F.sum(F.mul(logs, target), axis))
    if reduction == "none":
        return losses
    return F.div(F.sum(losses), max(losses.numel(), 1)) if reduction == "mean" else F.sum(losses)


register(Composite(
    "cross_entropy", _cross_entropy, doc="Minus the log of the probability that softmax gives to the target class.",
    symbol="H", synonyms=("log loss", "classification", "softmax loss"), tensors=("input", "target"),
    samples=(Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]], [0, 2])),
             Sample(([[1.5, -2.0, 0.5]], [[0.25, 0.5, 0.25]]))), **_FUNCTIONAL,
))  # fmt: skip
