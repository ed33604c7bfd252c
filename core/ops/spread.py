"""How far elements lie from their mean: variance and standard deviation, alone and together with the mean.

The mean itself stands in ``reduction``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.ops.checks import Dim, accumulating, cast, reduced, wrap_dims
from chainrule.core.ops.reduction import COLUMNS, MATRIX, ROWS, back, count, mean
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.vocabulary import guarded

BIASED = Sample(MATRIX.inputs, {"dim": 1, "correction": 0})


def _settled(dim: bool | Dim, unbiased: bool, correction: float | None) -> tuple[Dim, float]:
    """The dimensions, and what is taken off the count: ``unbiased`` is torch's old word for a correction of 1 or 0, and
    ``var(False)`` its oldest way of calling.
    """
    if isinstance(dim, bool):
        return None, float(dim)
    return dim, 0.0 if not unbiased else 1.0 if correction is None else float(correction)


def _deviations(input: Any, dim: Dim) -> Any:
    """How far each element lies from the mean of those along ``dim``."""
    dims = wrap_dims(dim, input.ndim)
    if 0 in input.shape:  # there is no mean, and NumPy would warn
        return input
    return input - np.mean(input, axis=dims, keepdims=True)


def _var(
    input: Any, dim: bool | Dim = None, unbiased: bool = True, keepdim: bool = False, correction: float | None = 1
) -> Any:
    return cast(_wide_var(input, dim, unbiased, keepdim, correction), input.dtype)


def _wide_var(
    input: Any, dim: bool | Dim = None, unbiased: bool = True, keepdim: bool = False, correction: float | None = 1
) -> Any:
    """The variance in a wider dtype, in which the squares of large and of small numbers have room, as in PyTorch."""
    dim, off = _settled(dim, unbiased, correction)
    far = _deviations(cast(input, accumulating(input.dtype)), dim)
    squares = np.sum(far * far, axis=wrap_dims(dim, input.ndim), keepdims=keepdim)
    return squares / max(count(input, squares) - off, 0.0)


def _var_vjp(
    g: Any, y: Any, input: Any, dim: bool | Dim, unbiased: bool, keepdim: bool, correction: float | None
) -> Any:
    dim, off = _settled(dim, unbiased, correction)
    freedom = count(input, y) - off
    far = _deviations(input, dim)
    if freedom <= 0 and (dim is None or input.ndim == 0):  # PyTorch: nan at the mean, inf elsewhere, whatever the side
        return g * (np.absolute(far) / 0.0)
    return back(g, input, dim, keepdim) * (2 * far) / freedom


def _std(
    input: Any, dim: bool | Dim = None, unbiased: bool = True, keepdim: bool = False, correction: float | None = 1
) -> Any:
    return cast(np.sqrt(_wide_var(input, dim, unbiased, keepdim, correction)), input.dtype)


def _std_vjp(g: Any, y: Any, input: Any, **params: Any) -> Any:
    """By way of the variance; where all elements are equal, the root has no slope and PyTorch sends 0."""
    return _var_vjp(guarded(y == 0, 0, g / (2 * y)), y, input, **params)


def _mean(
    input: Any, dim: bool | Dim = None, unbiased: bool = True, keepdim: bool = False, correction: float | None = 1
) -> Any:
    return mean(input, _settled(dim, unbiased, correction)[0], keepdim)


def _mean_vjp(
    g: Any, y: Any, input: Any, dim: bool | Dim, unbiased: bool, keepdim: bool, correction: float | None
) -> Any:
    return back(g, input, _settled(dim, unbiased, correction)[0], keepdim) / count(input, y)


def _checked(name: str, subject: str) -> Any:
    def check(
        input: Any, dim: bool | Dim = None, unbiased: bool = True, keepdim: bool = False, correction: float | None = 1
    ) -> str | None:
        dim, off = _settled(dim, unbiased, correction)
        reduced(input, dim)
        if input.dtype.kind != "f":
            raise RuntimeError(f"{subject} only support floating point and complex dtypes")
        folded = wrap_dims(dim, input.ndim) or range(input.ndim)
        kept = (side for place, side in enumerate(input.shape) if place not in folded)
        if 0 not in kept and math.prod(input.shape[place] for place in folded) > off:
            return None
        return (
            f"{name}(): degrees of freedom is <= 0. Correction should be strictly less than the reduction factor "
            "(input numel divided by output numel)."
        )

    return check


def _readings(out: str = "") -> tuple[str, ...]:
    """PyTorch's overloads; of those of a single result the first two take ``out``."""
    return (
        "Tensor input, tuple of ints dim, bool unbiased = True, bool keepdim = False" + f", *, {out}" * bool(out),
        "Tensor input, tuple of ints dim = None, *, Number correction = None, bool keepdim = False"
        + f", {out}" * bool(out),
        "Tensor input, bool unbiased = True",
    )


def _spread(word: str, forward: Any, vjp: Any, title: str, symbol: str) -> None:
    """torch.var or torch.std, and torch.var_mean or torch.std_mean, whose two results PyTorch computes in one node."""
    shared: dict[str, Any] = {"family": "reduction", "dtype": "as is", "samples": (MATRIX, ROWS, COLUMNS, BIASED)}
    register(Rule(
        word, forward, vjps=(vjp,), doc=f"The {title} of all elements or along dimensions.", symbol=symbol,
        synonyms=(title, "spread"), overloads=_readings("Tensor out = None"),
        check=_checked(word, "std and var"), **shared,
    ))  # fmt: skip
    both, node = f"{word}_mean", f"{word.capitalize()}MeanBackward0"
    register(Rule(
        f"{both}_{word}", forward, vjps=(vjp,), doc=f"The {title}, as `{both}` gives it.", public=False,
        check=_checked(both, both), grad_fn=node, **shared,
    ))  # fmt: skip
    register(Rule(
        f"{both}_mean", _mean, vjps=(_mean_vjp,), doc=f"The mean, as `{both}` gives it.", public=False, grad_fn=node,
        **shared,
    ))  # fmt: skip

    def pair(
        F: Any,
        input: Any,
        dim: bool | Dim = None,
        unbiased: bool = True,
        keepdim: bool = False,
        correction: float | None = 1,
    ) -> tuple[Any, Any]:
        settings = dim, unbiased, keepdim, correction
        return getattr(F, f"{both}_{word}")(input, *settings), getattr(F, f"{both}_mean")(input, *settings)

    register(Composite(
        both, pair, doc=f"The {title} and the mean, of all elements or along dimensions.", family="reduction",
        symbol=f"{symbol}, x̄", synonyms=(f"{title} and mean",), overloads=_readings(), method=False,
        outputs=lambda params: ("0", "1"),
        samples=(MATRIX, ROWS),
    ))  # fmt: skip


_spread("var", _var, _var_vjp, "variance", "s²")
_spread("std", _std, _std_vjp, "standard deviation", "s")
