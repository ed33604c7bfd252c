"""Smooth activation functions: the sigmoids, and the rectifiers with a rounded corner.

Those with corners stand in ``rectifiers``, those that look along a dimension in ``softmax``. Values far out and
derivatives at singular points follow PyTorch 2.13.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np

from chainrule.core.ops.checks import implemented, wrap_dim
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.special import erf
from chainrule.core.ops.vocabulary import opaque

_REALS = Sample(([-1.5, 0.25, 2.0],))
_BOTH = ("", "nn.functional")
_FUNCTIONAL: dict[str, Any] = {"family": "activation", "paths": ("nn.functional",), "method": False, "dtype": "as is"}

register(Rule(
    "tanh", lambda input: np.tanh(input),
    vjps=(lambda g, y, input: g * (1 - y * y),),
    doc="The hyperbolic tangent: between -1 and 1.", family="activation", symbol="tanh", paths=_BOTH, dtype="float",
    samples=(_REALS,),
))  # fmt: skip


def _logistic(input: Any) -> Any:
    """The logistic function; why it is a word of its own stands below."""
    return 1 / (1 + np.exp(-input))


# Opaque, so that a derivative of a derivative meets it whole: written out, exp(-input) is infinite for very negative
# elements, and a way back through it multiplies that by 0.
sigmoid = opaque("σ({0})", rule="sigmoid", means=_logistic)(_logistic)

register(Rule(
    "sigmoid", _logistic,
    vjps=(lambda g, y, input: g * (1 - y) * y,),
    doc="The logistic function: between 0 and 1.", family="activation", symbol="σ", synonyms=("logistic",), paths=_BOTH,
    dtype="float", samples=(_REALS,),
))  # fmt: skip

register(Rule(
    "logsigmoid", lambda input: -np.logaddexp(0, -input),
    vjps=(lambda g, y, input: g * sigmoid(-input),),
    doc="The logarithm of sigmoid, computed without overflow.", symbol="lnσ", synonyms=("log sigmoid",),
    grad_fn="LogSigmoidBackward0", check=implemented("log_sigmoid_cpu", "f"), samples=(_REALS,), **_FUNCTIONAL,
))  # fmt: skip

register(Rule(
    "silu", lambda input: input * sigmoid(input),
    vjps=(lambda g, y, input: g * (sigmoid(input) * (1 + input * (1 - sigmoid(input)))),),
    doc="The element times its sigmoid: a smooth relu, also called swish.", symbol="xσ", synonyms=("swish",),
    inplace=True, check=implemented("silu_cpu", "f"), samples=(_REALS,), **_FUNCTIONAL,
))  # fmt: skip


def _softplus(input: Any, beta: float = 1, threshold: float = 20) -> Any:
    return np.where(beta * input > threshold, input, np.logaddexp(0, beta * input) / beta)


register(Rule(
    "softplus", _softplus,
    vjps=(lambda g, y, input, beta, threshold: g * np.where(beta * input > threshold, 1, sigmoid(beta * input)),),
    doc="ln(1 + exp(beta x)) / beta: a smooth relu; the element itself where beta x exceeds the threshold.",
    symbol="ln(1+eˣ)", synonyms=("smooth relu",), check=implemented("softplus_cpu", "f"),
    samples=(_REALS, Sample(_REALS.inputs, {"beta": 2.0, "threshold": 1.0})), **_FUNCTIONAL,
))  # fmt: skip


def _mish_slope(input: Any) -> Any:
    rise, rest = sigmoid(input), sigmoid(-input)
    bent = rise * (1 + rest) / (1 + rest * rest)  # the tanh of softplus
    return bent + input * rise * (1 - bent * bent)


register(Rule(
    "mish", lambda input: input * np.tanh(np.logaddexp(0, input)),
    vjps=(lambda g, y, input: g * _mish_slope(input),),
    doc="The element times the tanh of its softplus.", symbol="mish", inplace=True, check=implemented("mish_cpu", "f"),
    samples=(_REALS,), **_FUNCTIONAL,
))  # fmt: skip


# D. Hendrycks, K. Gimpel, "Gaussian Error Linear Units (GELUs)", arXiv:1606.08415: exact, and the approximation.
def _gelu(input: Any, approximate: str = "none") -> Any:
    if approximate == "tanh":
        return 0.5 * input * (1 + np.tanh(_cubic(input)))
    return input * (0.5 * (1 + erf(input / sqrt(2))))


def _cubic(input: Any) -> Any:
    return sqrt(2 / pi) * (input + 0.044715 * (input * input * input))


def _gelu_slope(input: Any, approximate: str) -> Any:
    if approximate == "tanh":
        bent = np.tanh(_cubic(input))
        inner = sqrt(2 / pi) * (1 + 3 * 0.044715 * (input * input))
        return 0.5 * (1 + bent) + 0.5 * input * ((1 - bent * bent) * inner)
    density = np.exp(-0.5 * (input * input)) / sqrt(2 * pi)
    return 0.5 * (1 + erf(input / sqrt(2))) + input * density


def _gelu_check(input: Any, approximate: str = "none") -> None:
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    implemented("GeluKernelImpl", "f")(input)


register(Rule(
    "gelu", _gelu,
    vjps=(lambda g, y, input, approximate: g * _gelu_slope(input, approximate),),
    doc="The element times the probability that a normal variable is smaller.", symbol="gelu",
    synonyms=("gaussian error linear unit",), choices={"approximate": ("none", "tanh")}, check=_gelu_check,
    samples=(_REALS, Sample(_REALS.inputs, {"approximate": "tanh"})), **_FUNCTIONAL,
))  # fmt: skip


def _tail(input: Any, exponent: Any) -> Any:
    """exp(``exponent``) where ``input`` is negative, 1 for the rest: selected first, so that no exp overflows."""
    return np.exp(np.where(input < 0, exponent, 0))


register(Rule(
    "elu", lambda input, alpha=1.0: np.where(input <= 0, alpha * np.expm1(input), input),
    vjps=(lambda g, y, input, alpha: np.where(input <= 0, g * (alpha * _tail(input, input)), g),),
    doc="The element where it is positive, else alpha (exp(x) - 1).", symbol="elu",
    synonyms=("exponential linear unit",), inplace=True, check=implemented("elu_cpu", "f"),
    samples=(_REALS, Sample(_REALS.inputs, {"alpha": 0.5})), **_FUNCTIONAL,
))  # fmt: skip


def _nonzero_alpha(input: Any, alpha: float = 1.0) -> None:
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    implemented("elu_cpu", "f")(input)


register(Rule(
    "celu", lambda input, alpha=1.0: np.where(input <= 0, alpha * np.expm1(input / alpha), input),
    vjps=(lambda g, y, input, alpha: np.where(input <= 0, g * _tail(input, input / alpha), g),),
    doc="The element where it is positive, else alpha (exp(x / alpha) - 1).", symbol="celu",
    synonyms=("continuous elu",), inplace=True, check=_nonzero_alpha,
    samples=(_REALS, Sample(_REALS.inputs, {"alpha": 0.5})), **_FUNCTIONAL | {"paths": _BOTH},
))  # fmt: skip

# G. Klambauer et al., "Self-Normalizing Neural Networks", arXiv:1706.02515: these keep mean 0 and variance 1.
_ALPHA, _SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946

register(Rule(
    "selu", lambda input: np.where(input <= 0, _SCALE * _ALPHA * np.expm1(input), _SCALE * input),
    vjps=(lambda g, y, input: np.where(input <= 0, g * (_SCALE * _ALPHA * _tail(input, input)), g * _SCALE),),
    doc="elu scaled so that what is normally distributed stays so.", symbol="selu",
    synonyms=("self-normalizing", "scaled elu"), inplace=True, grad_fn="EluBackward0",
    check=implemented("elu_cpu", "f"), samples=(_REALS,), **_FUNCTIONAL | {"paths": _BOTH},
))  # fmt: skip

register(Composite(
    "softsign", lambda F, input: F.div(input, F.add(F.abs(input), 1)),
    doc="x / (1 + |x|): between -1 and 1.", family="activation", symbol="softsign", paths=("nn.functional",),
    method=False, samples=(_REALS,),
))  # fmt: skip

register(Composite(
    "tanhshrink", lambda F, input: F.sub(input, F.tanh(input)),
    doc="The element minus its tanh.", family="activation", symbol="x−tanh", synonyms=("shrinkage",),
    paths=("nn.functional",), method=False, samples=(_REALS,),
))  # fmt: skip


def _halves(input: Any, dim: int) -> tuple[Any, Any]:
    inner = (slice(None),) * (dim % input.ndim)
    half = input.shape[dim] // 2
    return input[(*inner, slice(0, half))], input[(*inner, slice(half, 2 * half))]


def _glu(input: Any, dim: int = -1) -> Any:
    first, gate = _halves(input, dim)
    return first * sigmoid(gate)


def _glu_vjp(g: Any, y: Any, input: Any, dim: int) -> Any:
    first, gate = _halves(input, dim)
    return np.concatenate((g * sigmoid(gate), g * first * ((1 - sigmoid(gate)) * sigmoid(gate))), axis=dim)


def _even(input: Any, dim: int = -1) -> None:
    if input.ndim == 0:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    dim = wrap_dim(dim, input.ndim)
    if input.shape[dim] % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {dim} is size {input.shape[dim]}")
    implemented("glu_cpu", "f")(input)


register(Rule(
    "glu", _glu, vjps=(_glu_vjp,),
    doc="The first half along a dimension, let through by the sigmoid of the second.", symbol="glu",
    synonyms=("gated linear unit", "gate"), check=_even,
    samples=(Sample(([[-1.5, 0.25, 2.0, 0.5], [1.0, -0.5, 0.75, -2.0]],)),), **_FUNCTIONAL,
))  # fmt: skip
