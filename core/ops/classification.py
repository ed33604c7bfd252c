"""Losses of classes and probabilities: cross entropies and divergences.

``reduction`` is PyTorch's, as in ``regression``. A weight that is not given is the number 1.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.ops.activation import sigmoid
from chainrule.core.ops.checks import implemented, size_text, type_name
from chainrule.core.ops.picking import strays
from chainrule.core.ops.registry import register
from chainrule.core.ops.regression import FUNCTIONAL, known, reduce, reduced_by, share, torch_size
from chainrule.core.ops.rule import Composite, Rule, Sample

_LOGITS = [[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]]


def _class_axis(input: Any) -> int:
    return 0 if input.ndim == 1 else 1


def _rest(input: Any) -> tuple[int, ...]:
    """The shape of ``input`` without its classes: that of the targets."""
    shape, axis = tuple(input.shape), _class_axis(input)
    return shape[:axis] + shape[axis + 1 :]


def _one_batch(input: Any, target: Any) -> None:
    if input.shape[0] != (target.shape or input.shape)[0]:
        raise ValueError(
            f"Expected input batch_size ({input.shape[0]}) to match target batch_size ({target.shape[0]})."
        )


def _targets(input: Any, target: Any, weight: Any = None, ignore_index: int = -100, reduction: str = "mean") -> None:
    known(reduction)
    if input.ndim == 0:
        raise ValueError("Expected 1 or more dimensions (got 0)")
    _target_size(input, target)
    if target.dtype.name not in ("int64", "uint8"):
        raise RuntimeError(f"expected target dtype to be Long or Byte, but got {type_name(target.dtype)}")
    _class_weights(input, weight)
    implemented("nll_loss_out_frame", "f")(input)


def _known_classes(input: Any, target: Any, weight: Any, ignore_index: int, reduction: str) -> None:
    classes = input.shape[_class_axis(input)]
    if not strays(target, classes):
        return
    outside = (target != ignore_index) & ((target < 0) | (target >= classes))
    if np.any(outside):
        raise IndexError(f"Target {np.extract(outside, target)[0]} is out of bounds.")


def _target_size(input: Any, target: Any) -> None:
    wanted = _rest(input)
    if input.ndim > 1:
        _one_batch(input, target)
    if target.shape == wanted or (input.ndim == 1 and target.shape == (1,)):
        return
    if input.ndim == target.ndim == 1:
        raise ValueError(f"For 1D input, 1D target must have size 1, but got target size: {target.shape[0]}")
    if input.ndim < 3:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if input.ndim != 4:
        raise RuntimeError(f"Expected target size {size_text(wanted)}, got {size_text(target.shape)}")
    if target.ndim != 3:
        raise RuntimeError(
            f"only batches of spatial targets supported (3D tensors) but got targets of dimension: {target.ndim}"
        )
    raise RuntimeError(f"size mismatch (got input: {size_text(input.shape)} , target: {size_text(target.shape)}")


def _class_weights(input: Any, weight: Any, operation: str = "") -> None:
    classes = input.shape[_class_axis(input)]
    if weight is None or (np.ndim(weight) == 0 and weight == 1):  # none was given
        return
    if weight.shape != (classes,):
        raise RuntimeError(
            f"{operation}weight tensor should be defined either for all {classes} classes or no classes but got weight "
            f"tensor of shape: {size_text(weight.shape)}"
        )
    if weight.dtype != input.dtype:
        raise RuntimeError(f"expected scalar type {type_name(input.dtype)} but found {type_name(weight.dtype)}")


def _picked(input: Any, target: Any, ignore_index: int) -> Any:
    """True at each target's class; nowhere along the classes where the target is ``ignore_index``."""
    axis = _class_axis(input)
    wanted = np.expand_dims(np.reshape(target, _rest(input)), axis)
    return (_by_class(np.arange(input.shape[axis]), input) == wanted) & (wanted != ignore_index)


def _by_class(values: Any, input: Any) -> Any:
    """One value a class, so that it broadcasts to ``input``."""
    return np.reshape(values, (-1,) + (1,) * (input.ndim - _class_axis(input) - 1))


def _weighted(values: Any, weight: Any, input: Any) -> Any:
    return values * _by_class(weight, input) if weight.ndim else values


def _counted(input: Any, target: Any, weight: Any, ignore_index: int) -> Any:
    """The weights of the targets that count, summed: without weights, how many count, in the dtype of ``input``."""
    if weight.ndim:
        return np.sum(np.where(_picked(input, target, ignore_index), _by_class(weight, input), 0))
    return np.sum(np.astype(target != ignore_index, input.dtype))


def _nll(input: Any, target: Any, weight: Any = 1, ignore_index: int = -100, reduction: str = "mean") -> Any:
    picked = np.where(_picked(input, target, ignore_index), _weighted(input, weight, input), 0)
    if reduction == "none":
        return -np.sum(picked, axis=_class_axis(input))
    total = -np.sum(picked)
    return total / _counted(input, target, weight, ignore_index) if reduction == "mean" else total


def _nll_slope(g: Any, y: Any, input: Any, target: Any, weight: Any, ignore_index: int, reduction: str) -> Any:
    each = g / _counted(input, target, weight, ignore_index) if reduction == "mean" else g
    each = np.expand_dims(each, _class_axis(input)) if reduction == "none" else each
    return np.where(_picked(input, target, ignore_index), -_weighted(each, weight, input), 0)


register(Rule(
    "nll_loss", _nll, vjps=(_nll_slope, None, None),
    doc="Minus the log-probability of the target class.", symbol="nll", synonyms=("negative log likelihood",),
    optional=("weight",), uncast=("target",), check=_targets, check_values=_known_classes, grad_fn="NllLossBackward0",
    samples=(Sample(([[-0.5, -1.5, -2.0], [-1.0, -0.75, -3.0]], [0, 2], 1)),), **FUNCTIONAL,
))  # fmt: skip


def _cross_entropy(
    F: Any, input: Any, target: Any, weight: Any = None, ignore_index: int = -100, reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:  # fmt: skip
    logs = F.log_softmax(input, _class_axis(input))
    if input.shape == target.shape:
        return _of_probabilities(F, logs, target, weight, reduction, label_smoothing)
    loss = F.nll_loss(logs, target, weight, ignore_index, reduction)
    if label_smoothing <= 0:
        return loss
    even = _of_even(F, logs, target, weight, ignore_index, reduction)
    smoothed = F.mul(even, label_smoothing / input.shape[_class_axis(input)])
    return F.add(F.mul(loss, 1 - label_smoothing), smoothed)


def _of_probabilities(F: Any, logs: Any, target: Any, weight: Any, reduction: str, label_smoothing: float) -> Any:
    """Cross entropy with targets that are probabilities."""
    axis = _class_axis(logs)
    if label_smoothing > 0:
        target = F.add(F.mul(target, 1 - label_smoothing), label_smoothing / logs.shape[axis])
    product = F.mul(logs, target) if weight is None else F.mul(F.mul(logs, target), _shaped(F, weight, logs))
    if reduction == "none":
        return F.neg(F.sum(product, axis))
    total = F.neg(F.sum(product))
    return F.shared_out(total, math.prod(_rest(logs))) if reduction == "mean" else total


register(Rule(
    "shared_out", lambda input, parts: input / parts,
    vjps=(lambda g, y, input, parts: g / parts,),
    doc="A total divided by the number of those who share it.", public=False, dtype="float", grad_fn="DivBackward1",
    samples=(Sample(([1.5],), {"parts": 3}),), **FUNCTIONAL,
))  # fmt: skip


def _of_even(F: Any, logs: Any, target: Any, weight: Any, ignore_index: int, reduction: str) -> Any:
    """What label smoothing adds: the loss summed over all classes, where the target counts."""
    ignored = F.eq(target, ignore_index)
    weighted = logs if weight is None else F.mul(logs, _shaped(F, weight, logs))
    losses = F.where(ignored, 0.0, F.neg(F.sum(weighted, _class_axis(logs))))
    if reduction != "mean":
        return reduced_by(F, losses, reduction)
    if weight is None:
        return F.div(F.sum(losses), F.sum(F.ne(target, ignore_index)))
    weights = F.getitem(weight, F.where(ignored, 0, target))
    return F.div(F.sum(losses), F.sum(F.where(ignored, 0.0, weights)))


def _shaped(F: Any, weight: Any, logs: Any) -> Any:
    """One weight a class, so that it broadcasts to ``logs``."""
    return F.reshape(weight, (-1,) + (1,) * (logs.ndim - _class_axis(logs) - 1))


def _cross_entropy_check(
    input: Any, target: Any, weight: Any = None, ignore_index: int = -100, reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> None:  # fmt: skip
    known(reduction)
    if label_smoothing > 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing:g}")
    if input.shape != target.shape:
        return
    if target.dtype.kind != "f":
        raise RuntimeError(
            f"Expected floating point type for target with class probabilities, got {type_name(target.dtype)}"
        )
    if not input.ndim:
        raise IndexError("Dimension specified as 1 but tensor has no dimensions")
    if ignore_index >= 0:
        raise RuntimeError("ignore_index is not supported for floating point target")
    _class_weights(input, weight, "cross_entropy: ")


register(Composite(
    "cross_entropy", _cross_entropy, doc="Minus the log of the probability that softmax gives to the target class.",
    symbol="H", synonyms=("log loss", "classification", "softmax loss"), tensors=("input", "target", "weight"),
    optional=("weight",), check=_cross_entropy_check,
    samples=(Sample((_LOGITS, [0, 2])), Sample((_LOGITS, [0, 2]), {"label_smoothing": 0.25}),
             Sample(([[1.5, -2.0, 0.5]], [[0.25, 0.5, 0.25]]))), **FUNCTIONAL,
))  # fmt: skip


# PyTorch lets no logarithm fall below -100, and no denominator of the slope below 1e-12.
def _bce(input: Any, target: Any, weight: Any = 1, reduction: str = "mean") -> Any:
    wrong, right = np.maximum(np.log1p(-input), -100), np.maximum(np.log(input), -100)
    return reduce(weight * ((target - 1) * wrong - target * right), reduction)


def _bce_slope(g: Any, y: Any, input: Any, target: Any, weight: Any, reduction: str) -> Any:
    return share(g, input, reduction) * weight * (input - target) / np.maximum((1 - input) * input, 1e-12)


def _bce_target_slope(g: Any, y: Any, input: Any, target: Any, weight: Any, reduction: str) -> Any:
    return share(g, input, reduction) * weight * (np.log1p(-input) - np.log(input))


def _bce_check(input: Any, target: Any, weight: Any = 1, reduction: str = "mean") -> None:
    known(reduction)
    if input.shape != target.shape:
        raise ValueError(
            f"Using a target size ({torch_size(target.shape)}) that is different to the input size "
            f"({torch_size(input.shape)}) is deprecated. Please ensure they have the same size."
        )
    if input.dtype != target.dtype:
        raise RuntimeError(f"Found dtype {type_name(target.dtype)} but expected {type_name(input.dtype)}")
    implemented("binary_cross_entropy", "f")(input)


def _probabilities(input: Any, target: Any, weight: Any, reduction: str) -> None:
    for name, values in (("input", input), ("target", target)):
        if not np.all((values >= 0) & (values <= 1)):
            raise RuntimeError(f"all elements of {name} should be between 0 and 1")


register(Rule(
    "binary_cross_entropy", _bce, vjps=(_bce_slope, _bce_target_slope, None),
    doc="Minus the log of the probability of what is true: input where target is 1, 1 - input where it is 0.",
    symbol="bce", synonyms=("log loss", "logistic loss"), optional=("weight",), check=_bce_check,
    check_values=_probabilities, samples=(Sample(([0.25, 0.5, 0.9], [0.125, 0.875, 0.75], 1)),), **FUNCTIONAL,
))  # fmt: skip


def _logits(input: Any, target: Any, weight: Any = 1, pos_weight: Any = 1, reduction: str = "mean") -> Any:
    wrong = (1 - target) * input
    return reduce(weight * (wrong + (1 + (pos_weight - 1) * target) * np.logaddexp(0, -input)), reduction)


def _logits_slope(g: Any, y: Any, input: Any, target: Any, weight: Any, pos_weight: Any, reduction: str) -> Any:
    positive = pos_weight * target
    return share(g, input, reduction) * weight * ((positive + 1 - target) * sigmoid(input) - positive)


def _logits_target_slope(g: Any, y: Any, input: Any, target: Any, weight: Any, pos_weight: Any, reduction: str) -> Any:
    positive = (pos_weight - 1) * np.logaddexp(np.zeros_like(input), -input)
    return share(g, input, reduction) * weight * (positive - input)


def _logits_check(input: Any, target: Any, weight: Any = 1, pos_weight: Any = 1, reduction: str = "mean") -> None:
    known(reduction)
    if input.shape != target.shape:
        raise ValueError(
            f"Target size ({torch_size(target.shape)}) must be the same as input size ({torch_size(input.shape)})"
        )
    implemented("log_sigmoid_cpu", "f")(input)
    if target.dtype == np.bool_:
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` "
            "operator instead."
        )
    if target.dtype.kind != "f":
        wanted, given = type_name(input.dtype), type_name(target.dtype)
        raise RuntimeError(f"result type {wanted} can't be cast to the desired output type {given}")


register(Rule(
    "binary_cross_entropy_with_logits", _logits, vjps=(_logits_slope, _logits_target_slope, None, None),
    doc="binary_cross_entropy of sigmoid(input), without overflow.", symbol="bceσ",
    synonyms=("log loss", "logistic loss", "logits"), optional=("weight", "pos_weight"), check=_logits_check,
    samples=(Sample(([-1.5, 0.25, 2.0], [0.0, 1.0, 0.75], 1, 1)),), **FUNCTIONAL,
))  # fmt: skip


def _kl_div(F: Any, input: Any, target: Any, reduction: str = "mean", log_target: bool = False) -> Any:
    if log_target:
        losses = F.mul(F.exp(target), F.sub(target, input))
    else:
        losses = F.sub(F.xlogy(target, target), F.mul(target, input))
    if reduction != "batchmean":
        return reduced_by(F, losses, reduction)
    return F.div(F.sum(losses), input.shape[0]) if input.ndim else F.sum(losses)


def _kl_check(input: Any, target: Any, reduction: str = "mean", log_target: bool = False) -> str | None:
    if reduction != "batchmean":
        known(reduction)
    if input.dtype.kind != "f" or target.dtype.kind != "f":
        raise RuntimeError("kl_div: Integral inputs not supported.")
    if reduction != "mean":
        return None
    return (
        "reduction: 'mean' divides the total loss by both the batch size and the support size.'batchmean' divides only "
        "by the batch size, and aligns with the KL div math definition.'mean' will be changed to behave the same as "
        "'batchmean' in the next major release."
    )


register(Composite(
    "kl_div", _kl_div, doc="The Kullback-Leibler divergence of target from input, which is a log-probability.",
    symbol="KL", synonyms=("kullback leibler", "relative entropy", "divergence"), tensors=("input", "target"),
    check=_kl_check,
    samples=(Sample(([-0.5, -1.5, -2.0], [0.5, 0.25, 0.25]), {"reduction": "sum"}),
             Sample(([[-0.5, -1.5, -2.0]], [[-1.0, -0.5, -3.0]]), {"reduction": "batchmean", "log_target": True})),
    **FUNCTIONAL | {"choices": {"reduction": ("mean", "sum", "none", "batchmean")}},
))  # fmt: skip
