"""Losses of numbers against numbers: squared, absolute, and what lies between; and the reductions of all losses.

``reduction`` is PyTorch's: "mean", "sum", or "none" for one value an element. Losses of classes and probabilities stand
in ``classification``, those with margins in ``margins``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from math import log, pi
from typing import Any

import numpy as np

from chainrule.core.ops.checks import size_text, type_name
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

REDUCTIONS = {"reduction": ("mean", "sum", "none")}
FUNCTIONAL: dict[str, Any] = {"family": "loss", "paths": ("nn.functional",), "method": False, "choices": REDUCTIONS}
_PAIR = ([1.25, 2.0, -0.5], [0.0, 1.75, 1.5])


def reduce(values: Any, reduction: str) -> Any:
    """``values`` made one number, or left as they are."""
    if reduction == "none":
        return values
    return np.mean(values) if reduction == "mean" else np.sum(values)


def share(g: Any, values: Any, reduction: str) -> Any:
    """What of the upstream gradient ``g`` each of the ``values`` (their shape is looked at) gets."""
    return g / max(float(math.prod(values.shape)), 1.0) if reduction == "mean" else g


def reduced_by(F: Any, values: Any, reduction: str) -> Any:
    """``values`` made one number, or left as they are, by operations."""
    known(reduction)
    return values if reduction == "none" else getattr(F, reduction)(values)


def known(reduction: str) -> None:
    """ValueError, in PyTorch's words, if there is no such reduction."""
    if reduction not in REDUCTIONS["reduction"]:
        raise ValueError(f"{reduction} is not a valid value for reduction")


def torch_size(shape: Any) -> str:
    """``torch.Size([2, 3])``, as PyTorch writes a shape in messages."""
    return f"torch.Size({size_text(shape)})"


def different_sizes(input: Any, target: Any) -> str | None:
    """PyTorch's warning where the sizes differ but broadcast."""
    if input.shape == target.shape:
        return None
    return (
        f"Using a target size ({torch_size(target.shape)}) that is different to the input size "
        f"({torch_size(input.shape)}). This will likely lead to incorrect results due to broadcasting. Please ensure "
        "they have the same size."
    )


def _compared(kernel: str, input: Any, target: Any, reduction: str) -> str | None:
    known(reduction)
    if input.dtype.kind != "f" and target.dtype.kind != "f":
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{type_name(input.dtype)}'")
    return different_sizes(input, target)


def _mse_slope(g: Any, input: Any, target: Any, reduction: str) -> Any:
    """The gradient for ``input``; for ``target`` it is the opposite. So with all losses here."""
    difference = input - target
    count = max(float(math.prod(difference.shape)), 1.0) if reduction == "mean" else 1.0
    return g * (2 / count * difference)


register(Rule(
    "mse_loss", lambda input, target, reduction="mean": reduce((input - target) ** 2, reduction),
    vjps=(lambda g, y, input, target, reduction: _mse_slope(g, input, target, reduction),
          lambda g, y, input, target, reduction: -_mse_slope(g, input, target, reduction)),
    doc="The mean of the squared differences.", symbol="mse", synonyms=("mean squared error", "l2", "squared error"),
    check=lambda input, target, reduction="mean": _compared("mse_cpu", input, target, reduction),
    samples=(Sample(_PAIR),), **FUNCTIONAL,
))  # fmt: skip

register(Composite(
    "l1_loss",
    lambda F, input, target, reduction="mean": reduced_by(F, F.abs(F.sub(input, target)), reduction),
    doc="The mean of the absolute differences.", symbol="l1", synonyms=("mean absolute error", "mae"),
    tensors=("input", "target"), check=lambda input, target, reduction="mean": different_sizes(input, target),
    samples=(Sample(_PAIR),), **FUNCTIONAL,
))  # fmt: skip


def _smooth(input: Any, target: Any, reduction: str = "mean", beta: float = 1.0) -> Any:
    size = np.absolute(input - target)
    return reduce(np.where(size < beta, 0.5 / (beta or 1.0) * (size * size), size - 0.5 * beta), reduction)


def _smooth_slope(g: Any, input: Any, target: Any, reduction: str, beta: float) -> Any:
    difference = input - target
    if beta == 0:  # the absolute error, whose slope PyTorch takes for 0 where there is none
        return share(g, difference, reduction) * np.where(np.isnan(difference), 0, np.sign(difference))
    bent = np.where(np.absolute(difference) < beta, difference / beta, np.sign(difference))
    return share(g, difference, reduction) * bent


def _smooth_check(input: Any, target: Any, reduction: str = "mean", beta: float = 1.0) -> str | None:
    warning = _compared("smooth_l1_cpu", input, target, reduction)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    return warning


def _smooth_name(numbers: frozenset[str], params: Mapping[str, Any]) -> str:
    """Without a bend PyTorch takes the steps of ``l1_loss``; the name is the last one's."""
    last = {"mean": "MeanBackward0", "sum": "SumBackward0", "none": "AbsBackward0"}
    return "SmoothL1LossBackward0" if params["beta"] else last[params["reduction"]]


register(Rule(
    "smooth_l1_loss", _smooth,
    vjps=(lambda g, y, input, target, reduction, beta: _smooth_slope(g, input, target, reduction, beta),
          lambda g, y, input, target, reduction, beta: -_smooth_slope(g, input, target, reduction, beta)),
    doc="Squared below beta, absolute above, of slope 1.", symbol="smooth l1", synonyms=("smooth absolute error",),
    check=_smooth_check, grad_fn=_smooth_name,
    samples=(Sample(_PAIR), Sample(_PAIR, {"beta": 0.5, "reduction": "none"})), **FUNCTIONAL,
))  # fmt: skip


def _huber(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0) -> Any:
    size = np.absolute(input - target)
    return reduce(np.where(size <= delta, 0.5 * (size * size), delta * (size - 0.5 * delta)), reduction)


def _huber_slope(g: Any, input: Any, target: Any, reduction: str, delta: float) -> Any:
    difference = input - target
    bent = np.where(np.absolute(difference) < delta, difference, delta * np.sign(difference))
    return share(g, difference, reduction) * bent


def _huber_check(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0) -> str | None:
    warning = _compared("huber_cpu", input, target, reduction)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    return warning


register(Rule(
    "huber_loss", _huber,
    vjps=(lambda g, y, input, target, reduction, delta: _huber_slope(g, input, target, reduction, delta),
          lambda g, y, input, target, reduction, delta: -_huber_slope(g, input, target, reduction, delta)),
    doc="Squared below delta, absolute above, of slope delta.", symbol="huber", synonyms=("robust",),
    check=_huber_check, samples=(Sample(_PAIR), Sample(_PAIR, {"delta": 0.5, "reduction": "none"})), **FUNCTIONAL,
))  # fmt: skip


def _poisson(
    F: Any, input: Any, target: Any, log_input: bool = True, full: bool = False, eps: float = 1e-8,
    reduction: str = "mean",
) -> Any:  # fmt: skip
    if log_input:
        loss = F.sub(F.exp(input), F.mul(target, input))
    else:
        loss = F.sub(input, F.mul(target, F.log(F.add(input, eps))))
    if full:
        stirling = F.add(F.sub(F.mul(target, F.log(target)), target), F.mul(F.log(F.mul(target, 2 * pi)), 0.5))
        loss = F.add(loss, F.where(F.le(target, 1), 0.0, stirling))
    return reduced_by(F, loss, reduction)


register(Composite(
    "poisson_nll_loss", _poisson, doc="Minus the log-likelihood of counts whose mean is exp(input).",
    symbol="poisson", synonyms=("counts", "negative log likelihood"), tensors=("input", "target"),
    samples=(Sample(([0.5, 1.0, -0.25], [2.0, 3.5, 0.5])),
             Sample(([0.5, 1.0, 0.25], [2.0, 3.5, 0.5]), {"log_input": False, "full": True})), **FUNCTIONAL,
))  # fmt: skip


def _gaussian(
    F: Any, input: Any, target: Any, var: Any, full: bool = False, eps: float = 1e-6, reduction: str = "mean"
) -> Any:
    if reduction not in REDUCTIONS["reduction"]:
        raise ValueError(f"{reduction} is not valid")
    if isinstance(var, (int, float)):
        var = F.add(F.mul(F.detach(input), 0), var)
    lifted = F.variance_from(var, eps)
    if lifted.shape == input.shape[:-1]:
        lifted = F.unsqueeze(lifted, -1)
    loss = F.mul(F.add(F.log(lifted), F.div(F.pow(F.sub(input, target), 2), lifted)), 0.5)
    return reduced_by(F, F.add(loss, 0.5 * log(2 * pi)) if full else loss, reduction)


def _not_negative(var: Any, eps: float) -> None:
    if np.any(var < 0):
        raise ValueError("var has negative entry/entries")


register(Rule(
    "variance_from", lambda var, eps: np.maximum(var, eps), vjps=(lambda g, y, var, eps: g,),
    doc="Variances of at least eps; those that were lifted keep their gradient.", public=False, dtype="as is",
    check_values=_not_negative, grad_fn="CloneBackward0", samples=(Sample(([0.5, 1.0, 2.0],), {"eps": 1e-6}),),
    family=FUNCTIONAL["family"],
))  # fmt: skip


def _variances(input: Any, target: Any, var: Any, *params: Any, **named: Any) -> None:
    shape = () if isinstance(var, (int, float)) else var.shape
    if shape and shape not in (input.shape, input.shape[:-1]):
        other = [b for a, b in zip(input.shape, shape, strict=False) if a != b]
        if len(shape) != input.ndim or sum(other) != 1:
            raise ValueError("var is of incorrect size")


register(Composite(
    "gaussian_nll_loss", _gaussian, doc="Minus the log-likelihood of normal targets with mean input and variance var.",
    symbol="gauss", synonyms=("normal", "negative log likelihood"), tensors=("input", "target", "var"),
    numbers=("var",), check=_variances,
    samples=(Sample((*_PAIR, [0.5, 1.0, 2.0])), Sample((*_PAIR, [0.5, 1.0, 2.0]), {"full": True})), **FUNCTIONAL,
))  # fmt: skip
