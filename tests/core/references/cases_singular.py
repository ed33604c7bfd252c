"""Values and gradients where the mathematics leaves a choice: kinks, poles, ties, empty tensors, nan."""

from __future__ import annotations


def _at(expression: str, *values: str, dtype: str = "float64") -> str:
    names = "xw"[: len(values)]
    leaves = [
        f"{n} = torch.tensor({v}, dtype=torch.{dtype}, requires_grad=True)" for n, v in zip(names, values, strict=True)
    ]
    return "\n".join([*leaves, f"y = {expression}", "y", "y.sum().backward()", *(f"{n}.grad" for n in names)])


_NAN, _INF = "float('nan')", "float('inf')"
_POWERS = "[0., 0., 0., 0., 0., -2., -2., 2.]", "[0., 1., 2., .5, -1., 2., .5, 0.]"

POINTS = {
    "torch.log(x)": ("[0., -1., 1.]",), "torch.sqrt(x)": ("[0., -1., 1.]",), "1 / x": ("[0., -0.]",),
    "x / x": ("[0., 1.]",), "x / w": ("[0., 1., -1.]", "[0., 0., 0.]"), "x ** w": _POWERS, "x ** 2": ("[0., -2.]",),
    "x ** 0": ("[0., -2.]",), "x ** 0.5": ("[0., -2.]",), "x ** -1": ("[0., -2.]",), "x ** 1": ("[0., -2.]",),
    "0 ** x": ("[0., 1., -1., 0.5]",), "2 ** x": ("[0., -1000., 2000.]",), "(-2) ** x": ("[2., 0.5]",),
    "torch.abs(x)": (f"[0., -0., {_NAN}, -{_INF}]",), "torch.relu(x)": (f"[0., -0., {_NAN}, {_INF}, -{_INF}]",),
    "torch.clamp(x, min=0)": (f"[0., -1., {_NAN}]",), "torch.clamp(x, max=1)": ("[1., 2.]",),
    "torch.clamp(x, -1, 1)": ("[-1., 1., 0., -2.]",), "torch.clamp(x, 1, -1)": ("[-2., 0., 1., 2.]",),
    "torch.maximum(x, w)": (f"[0., 1., {_NAN}, 1.]", f"[0., 2., 1., {_NAN}]"),
    "torch.minimum(x, w)": (f"[0., 1., {_NAN}, 1.]", f"[0., 2., 1., {_NAN}]"),
    "torch.maximum(x, torch.zeros(2, dtype=x.dtype))": ("[0., 1.]",),
    "torch.where(x > 0, torch.sqrt(x), 0.)": ("[0., 4.]",), "torch.where(x > 0, 1 / x, x)": ("[0., 4.]",),
    "torch.exp(x)": (f"[710., -750., {_INF}, {_NAN}]",), "torch.sigmoid(x)": (f"[-800., 800., {_INF}, {_NAN}]",),
    "torch.tanh(x)": (f"[400., -{_INF}, {_NAN}]",), "torch.sin(x)": (f"[{_INF}, 0.]",),
    "x.max()": ("[1., 3., 3., 3.]",), "x.min()": ("[1., 1., 3., 1.]",), "x.amax()": ("[1., 3., 3., 3.]",),
    "x.max(0).values": ("[1., 3., 3., 3.]",), "x.min(0)[0]": ("[1., 1., 3., 1.]",),
    "x.max(1)[1]": ("[[1., 1.], [2., 2.]]",),
    "torch.amax(x, 1)": ("[[1., 1.], [2., 0.]]",), "x.max() ": (f"[1., {_NAN}, 3.]",),
    "x.amax() ": (f"[1., {_NAN}, 3.]",),
    "x.max(0)[0]": (f"[1., {_NAN}, 3., {_NAN}]",), "x.min() ": (f"[1., {_NAN}, 0.]",),
    "x.prod()": ("[2., 0., 3.]",), "x.prod() ": ("[2., 0., 0.]",), "x.prod(1)": ("[[2., 0.], [0., 0.], [3., 4.]]",),
    "x.prod()   ": (f"[{_NAN}, 1., 2.]",), "x.prod()    ": (f"[{_INF}, 3., 2.]",),
    "x.prod()     ": (f"[{_INF}, 0., 2.]",),
    "x.prod(0)": (f"[{_INF}, -{_INF}, 2.]",), "x.prod(1) ": (f"[[{_INF}, 3., 2.], [1., 1., 2.]]",),
    "x.prod(1)  ": (f"[[{_INF}, 3., 2.], [0., 1., 2.]]",), "x.cumprod(0)": (f"[2., {_INF}, 3.]",),
    "x.cumprod(0) ": (f"[2., {_NAN}, 3.]",), "x.cumprod(0)  ": ("[2., 0., 3., 0., 4.]",),
    "torch.logit(x)": ("[0., -0., 1., -1., 2., 0.5]",), "torch.logit(x, 0.25)": ("[0., -0., 1., -1., 2., 0.25, 0.75]",),
    "torch.norm(x, p=0)": ("[1., 0., -2.]",), "x.norm(p=0, dim=0)": ("[1., 0., -2.]",),
    "torch.float_power(x, w)": ("[-0., 0., -0., 0., -0.]", "[-1., -1., -2., -2., -3.]"),
    "F.smooth_l1_loss(x, w, beta=0.)": (f"[1., {_INF}, 2.]", f"[{_NAN}, {_INF}, 0.]"),
    "torch.trapezoid(x) * 1": (f"[{_INF}, {_INF}, 1.]",), "torch.trapezoid(x) * 1 ": (f"[1., {_INF}, 1.]",),
    "F.max_pool1d(x, 2, padding=1)": (f"[[-{_INF}, -{_INF}, 2., -{_INF}]]",),
    "F.max_pool2d(x, 2, padding=1)": (f"[[[-{_INF}, 2.], [-{_INF}, -{_INF}]]]",),
    "F.soft_margin_loss(x, torch.ones(4, dtype=x.dtype))": ("[40., -40., 800., -800.]",),
    "F.gaussian_nll_loss(x, torch.zeros(3, dtype=x.dtype), w)": ("[1., 0., 2.]", f"[0., {_INF}, {_NAN}]"),
    "F.gaussian_nll_loss(x, torch.zeros(3, dtype=x.dtype), w) ": ("[1., 0., 2.]", "[1., -1., 1.]"),
    "F.adaptive_avg_pool1d(x, 2)": (f"[[1., {_INF}, 0.5, 3.5, 0.25]]",),
    "F.adaptive_avg_pool2d(x, (2, 1))": (f"[[[1., {_INF}, 0.5], [3.5, 0.25, {_NAN}]]]",),
    "x.sum()": ("[]",), "x.prod()  ": ("[]",), "x.mean()": ("[]",), "x.max()  ": ("[]",), "x.sum(0)": ("[[], []]",),
    "x.max(0)[0] ": ("[[], []]",), "x.amax(1)": ("[[], []]",), "torch.softmax(x, 0)": (f"[{_INF}, 0.]",),
    "torch.softmax(x, 0) ": (f"[-{_INF}, 0.]",), "torch.log_softmax(x, 0)": (f"[-{_INF}, 0.]",),
    "torch.softmax(x, 0)  ": ("2.5",), "torch.log_softmax(x, 0) ": ("2.5",),
    "F.mse_loss(x, w)": ("[]", "[]"), "F.cross_entropy(x, torch.tensor([-100]))": ("[[1., 2.]]",),
    "x @ w": ("[[], []]", "[]"), "x @ w ": ("[]", "[]"),
}  # fmt: skip

SINGLE = {
    "x * 2.5": ("[0.1, 0.2]",), "torch.exp(x)": ("[0.1, 88.8]",), "torch.sum(x)": ("[16777216., 1., 1.]",),
    "torch.sqrt(x)": ("[2., 3.]",), "x ** 2.5": ("[2., 3.]",), "torch.sigmoid(x)": ("[-100., 0.3]",),
    "x / 3": ("[1., 2.]",), "torch.softmax(x, 0)": ("[0.1, 0.2, 100.]",), "x.mean()": ("[0.1, 0.2, 0.4]",),
    "torch.tanh(x)": ("[0.1, 5.]",), "x @ w": ("[0.1, 0.2, 0.4]", "[3., 5., 7.]"),
    "F.mse_loss(x, w)": ("[0.1, 0.2, 0.4]", "[3., 5., 7.]"),
}  # fmt: skip

# What becomes of integers and booleans, and of two types.
INTEGERS = (
    "a / 2", "a / a", "a * 2.5", "a ** 2", "a ** -1", "2 ** a", "2.5 ** a", "a.sum()", "b.sum()",
    "a.to(torch.int32).sum()",
    "a.prod()", "a.max()", "a.mean()", "b.sum(0)", "torch.exp(a)", "torch.sqrt(a)", "torch.sigmoid(a)", "torch.relu(a)",
    "torch.abs(-a)", "-b", "b - b", "1 - b", "b + b", "b * b", "a + True", "b + 1", "b * 2.5",
    "a > 1", "a == 2", "a @ a", "torch.softmax(a, 0)", "torch.clamp(a, 0.5, 2.5)",
    "torch.maximum(a, torch.tensor(2.5))",
    "torch.where(b, a, 0.5)", "a + torch.tensor(1.5, dtype=torch.float64)", "torch.mean(a, 0)", "a.float().mean()",
    "1 / a", "a.max(0)", "b.max()", "torch.cat([a, a / 2])", "a.abs() ** 0.5", "torch.tanh(b)", "a.clamp(min=2)",
)  # fmt: skip

# Numbers that fit, whose squares or sums on the way do not.
WIDE = {
    "float32": (
        "torch.tensor([1e20, 0.]).std()", "torch.tensor([1e-23, 0.], requires_grad=True).std()",
        "torch.std_mean(torch.tensor([1e20, 0.]))", "torch.tensor([3e38, 3e38, -3e38]).cumsum(0)",
        "torch.full((1000,), 0.1).cumsum(0)[-1]", "torch.full((100000,), 0.1).cumsum(0)[-1]",
        "torch.full((1000,), 1.001).cumprod(0)[-1]", "torch.full((100,), 1e-3).cumprod(0)[-1]",
    ),
    "float16": (
        "torch.full((1000,), 0.1, dtype=torch.float16).cumsum(0)[-1]",
        "torch.full((1000,), 1.001, dtype=torch.float16).cumprod(0)[-1]",
        "torch.tensor([300., 400.], dtype=torch.float16).norm()",
        "torch.tensor([300., -300.], dtype=torch.float16).std()",
        "F.normalize(torch.tensor([300., 400.], dtype=torch.float16), dim=0)",
    ),
}  # fmt: skip

# Each is singular; the last has no pivot in its first column.
SINGULAR = (
    "[[1., 2.], [2., 4.]]", "[[0., 0.], [0., 0.]]", "[[0., 1.], [0., 2.]]", "[[0., 0.], [1., 2.]]",
    "[[1., 0.], [0., 0.]]", "[[0.]]", "[[1., 2., 3.], [4., 5., 6.], [7., 8., 9.]]",
    "[[1., 2., 3.], [2., 4., 6.], [1., 0., 1.]]", "[[[1., 2.], [2., 4.]], [[1., 2.], [3., 4.]]]",
    "[[0., 3., 1.], [0., 1., 2.], [0., -1., 2.]]",
)  # fmt: skip


def _determinants(matrix: str) -> str:
    """Gradients at a singular matrix, as they come and as they are to be differentiated again."""
    lines = [f"x = torch.tensor({matrix}, dtype=torch.float64, requires_grad=True)"]
    for expression in ("torch.det(x)", "torch.slogdet(x)[1]", "torch.logdet(x)"):
        lines += [
            expression, f"torch.autograd.grad({expression}.sum(), x)",
            f"[g.detach() for g in torch.autograd.grad({expression}.sum(), x, create_graph=True)]",
        ]  # fmt: skip
    return "\n".join(lines)


CASES = (
    {
        f"{expression.strip()} at {', '.join(values)}": _at(expression.strip(), *values)
        for expression, values in POINTS.items()
    }
    | {f"float32: {expression}": _at(expression, *values, dtype="float32") for expression, values in SINGLE.items()}
    | {f"{dtype} taken together in a wider type": "\n".join(lines) for dtype, lines in WIDE.items()}
    | {f"determinants of {matrix}": _determinants(matrix) for matrix in SINGULAR}
    | {
        "integers and booleans": "\n".join(
            ["a, b = torch.tensor([1, 2, 3]), torch.tensor([True, False, True])", *INTEGERS]
        )
    }
)
