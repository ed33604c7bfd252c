"""Every elementwise function, reduction and loss at the same few points: zeros, ones, infinities and nan.

What is left out, and why, is in docs/decisions.md. Points that need more to be seen stand in ``cases_singular``.
"""

from __future__ import annotations

_NAN, _INF = "float('nan')", "float('inf')"
# No more than seven at a time: from eight on PyTorch computes some in vectors, which answer nan otherwise.
POINTS = f"[0., -0., 1., -1., {_INF}, -{_INF}, {_NAN}]"
OTHERS = "[0.5, -0.5, 2., -2., 3., -3., 800.]"
SPECIAL = ("0.", "-0.", "1.", "-1.", _INF, f"-{_INF}", _NAN, "0.5", "-2.", "3.")

OF_ONE = (
    *(f"torch.{name}(x)" for name in (
        "abs", "neg", "positive", "reciprocal", "square", "sqrt", "rsqrt", "exp", "exp2", "expm1", "log", "log1p",
        "log2", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh",
        "atanh", "sinc", "erf", "erfc", "sign", "floor", "ceil", "round", "trunc", "frac", "sigmoid", "logit", "relu",
        "nan_to_num", "deg2rad", "rad2deg",
    )),
    *(f"F.{name}(x)" for name in (
        "leaky_relu", "elu", "selu", "celu", "softplus", "softsign", "gelu", "silu", "mish", "logsigmoid", "hardtanh",
        "relu6", "hardswish", "tanhshrink", "softshrink", "hardshrink",
    )),
    "F.gelu(x, approximate='tanh')", "F.elu(x, alpha=2)", "F.softplus(x, beta=2, threshold=1)", "F.threshold(x, 0, 5)",
    "x ** 2", "x ** 3", "x ** -1", "x ** -2", "x ** 0", "x ** 1", "x ** 2.5", "2 ** x", "0 ** x", "(-2) ** x", "1 / x",
    "x / 0", "x % 2", "x % 0", "2 % x", "torch.fmod(x, 2)", "torch.fmod(x, 0)", "torch.clamp(x, 0, 1)",
    "torch.clamp(x, min=0)", "torch.clamp(x, max=0)", "torch.xlogy(x, 0)", "torch.xlogy(x, 2)", "torch.xlogy(0, x)",
    "torch.float_power(x, 2)", "torch.float_power(x, -1)", "torch.float_power(x, -3)", "torch.float_power(0, x)",
)  # fmt: skip

# Differentiated twice, PyTorch's mish overflows, its softplus takes another side just at the threshold than its first
# derivative does, and its power of 0 is not tracked.
NOT_AGAIN = ("F.mish(x)", "F.softplus(x, beta=2, threshold=1)", "x ** 0")

OF_TWO = (
    "x + w", "x - w", "x * w", "x / w", "x ** w", "x % w",
    *(f"torch.{name}(x, w)" for name in (
        "float_power", "atan2", "hypot", "maximum", "minimum", "fmax", "fmin", "logaddexp", "logaddexp2", "xlogy",
        "copysign", "fmod", "floor_divide",
    )),
    "torch.lerp(x, w, 0.25)", "torch.lerp(x, w, 2)", "torch.clamp(x, min=w)", "torch.clamp(x, max=w)",
    "torch.where(x > w, x, w)", "torch.div(x, w, rounding_mode='floor')", "torch.div(x, w, rounding_mode='trunc')",
    *(f"F.{name}(x, w, reduction='none')" for name in (
        "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "kl_div", "poisson_nll_loss", "hinge_embedding_loss",
    )),
)  # fmt: skip

# Of rows that hold one special number each.
OF_ROWS = (
    "x.sum(1)", "x.mean(1)", "x.prod(1)", "x.std(1)", "x.var(1)", "x.amax(1)", "x.amin(1)", "x.max(1)[0]",
    "x.min(1)[0]", "x.median(1)[0]", "x.nansum(1)", "x.nanmean(1)", "x.norm(dim=1)", "x.norm(1, dim=1)",
    "x.norm(3, dim=1)", "x.norm(0.5, dim=1)", f"x.norm({_INF}, dim=1)", f"x.norm(-{_INF}, dim=1)",
    "x.logsumexp(1)", "F.softmax(x, 1)",
    "F.log_softmax(x, 1)", "F.normalize(x, dim=1)", "x.cumsum(1)", "x.cummax(1)[0]", "x.sort(1)[0]", "x.diff(dim=1)",
    "F.softmin(x, 1)", "x.cumprod(1)", "F.layer_norm(x, (3,))", "x @ torch.tensor([1., 0., -1.], dtype=x.dtype)",
    "F.cross_entropy(x, torch.tensor([0, 1, 2, 0, 1, 2, 0]), reduction='none')", "F.avg_pool1d(x, 2)",
    "F.max_pool1d(x, 2)", "F.cosine_similarity(x, x.detach().flip(1), 1)",
)  # fmt: skip


def _case(expression: str, x: str, w: str = "") -> list[str]:
    leaves = [("x", x), ("w", w)] if w else [("x", x)]
    return [
        *(f"{name} = torch.tensor({values}, dtype=torch.float64, requires_grad=True)" for name, values in leaves),
        f"y = {expression}", "y", "y.backward(seed_for(y))", *(f"{name}.grad" for name, _ in leaves),
    ]  # fmt: skip


def _again(expression: str, x: str) -> list[str]:
    """The second derivative, or that there is none."""
    return [
        f"x = torch.tensor({x}, dtype=torch.float64, requires_grad=True)",
        f"g, = torch.autograd.grad(({expression}).sum(), x, create_graph=True)",
        "torch.autograd.grad(g, x, seed_for(g))[0] + 0 if g.requires_grad else 'not tracked'",
    ]


def _each(expression: str) -> str:
    return "\n".join(line for number in SPECIAL for line in _case(expression, POINTS, f"[{number}] * 7"))


def _rows(numbers: tuple[str, ...]) -> str:
    return f"[{', '.join(f'[{each}, 2., 3.]' for each in numbers)}]"


CASES = (
    {name: "\n".join(_case(name, POINTS) + _case(name, OTHERS)) for name in OF_ONE}
    | {
        f"{name} once more": "\n".join(_again(name, POINTS) + _again(name, OTHERS))
        for name in OF_ONE
        if name not in NOT_AGAIN
    }
    | {name: _each(name) for name in OF_TWO}
    | {name: "\n".join(_case(name, _rows(SPECIAL[:7]))) for name in OF_ROWS}
)
