"""Activation functions: values, gradients and backward nodes, corners and far ends, dtypes, in place, bad input."""

from __future__ import annotations

VECTOR = "[1.5, -2.0, 0.5]"
MATRIX = "[[1.0, -2.0, 0.5, 2.0], [3.0, 0.25, -1.0, -0.75]]"
CUBE = "[[[1.0, -2.0], [0.5, 3.0]], [[2.0, 1.5], [-0.5, 4.0]]]"
_NAN, _INF = "float('nan')", "float('inf')"
FAR = f"[-1000., -800., -100., -40., -20., -1e-3, -0., 0., 1e-3, 20., 40., 100., 800., 1000., {_NAN}]"
FAR_SINGLE = "[-200., -100., -87., -40., -20., -1e-3, 0., 1e-3, 16., 20.5, 87., 100., 200.]"
ENDS = f"[-{_INF}, {_INF}]"
CORNERS = "[-6., -3., -2., -1., -.5, -0., 0., .5, 1., 2., 3., 6., 7., -7.]"

# Those of one tensor, all of which are probed alike.
PLAIN = (
    "F.relu(x)", "F.leaky_relu(x)", "F.elu(x)", "F.selu(x)", "F.celu(x)", "F.silu(x)", "F.mish(x)", "F.hardtanh(x)",
    "F.relu6(x)", "F.hardsigmoid(x)", "F.hardswish(x)", "F.gelu(x)", "F.gelu(x, approximate='tanh')", "F.softplus(x)",
    "F.softsign(x)", "F.tanhshrink(x)", "F.softshrink(x)", "F.hardshrink(x)", "F.logsigmoid(x)", "F.tanh(x)",
    "F.sigmoid(x)",
)  # fmt: skip

# In float64 PyTorch's slope of it, one sixth, is right to seven digits only.
DTYPES = {"F.hardsigmoid(x)": "float32"}

# With settings; some of these only from the corners that they move.
SET = (
    "F.leaky_relu(x, 0.5)", "F.leaky_relu(x, -0.5)", "F.leaky_relu(x, negative_slope=0)", "F.elu(x, 2.0)",
    "F.elu(x, alpha=-1.0)", "F.celu(x, 0.5)", "F.celu(x, alpha=-2.0)", "torch.celu(x, 2)", "torch.selu(x)",
    "F.hardtanh(x, 0., 2.)", "F.hardtanh(x, min_val=-3, max_val=-2)", "F.hardtanh(x, 1, 1)", "F.threshold(x, 1., 20.)",
    "torch.threshold(x, -1, -5)", "F.threshold(x, threshold=0, value=0)", "F.softplus(x, 2)", "F.softplus(x, beta=0.5)",
    "F.softplus(x, threshold=2)", "F.softplus(x, 3, 1)", "F.softplus(x, -1)", "F.softshrink(x, 1)",
    "F.softshrink(x, 0)", "F.hardshrink(x, 2.)", "torch.hardshrink(x, lambd=0)", "x.hardshrink(1)", "torch.relu(x)",
    "x.relu()", "x.sigmoid()", "x.tanh()",
)  # fmt: skip

ALONG = {
    "F.softmax(x)": VECTOR, "F.softmax(x) ": MATRIX, "F.softmax(x)  ": CUBE, "F.softmax(x)   ": "1.5",
    "F.log_softmax(x)": VECTOR, "F.log_softmax(x) ": MATRIX, "F.log_softmax(x)  ": CUBE, "F.softmin(x)": MATRIX,
    "F.softmin(x, 0)": MATRIX, "F.softmin(x, dim=-1)": CUBE, "F.softmin(x) ": "1.5", "F.softmax(x, 0)": "1.5",
    "torch.softmax(x, 0, torch.float64)": VECTOR, "x.softmax(-1, dtype=torch.float64)": MATRIX,
    "torch.log_softmax(x, dim=0, dtype=torch.float64)": VECTOR, "F.softmin(x, 1, dtype=torch.float64)": MATRIX,
    "F.softmax(x, 1) ": "[[], []]", "F.log_softmax(x, 0) ": "[[], []]", "F.softmax(x, 0) ": f"[1., {_NAN}]",
    "F.log_softmax(x, 0)  ": f"[1., {_INF}]", "F.log_softmax(x, 1)": "[[1000., 0.], [-1000., 1000.]]",
    "F.glu(x)": MATRIX, "F.glu(x, 0)": MATRIX, "F.glu(x, dim=-2)": CUBE, "F.glu(x) ": "[[], []]",
    "F.glu(x)  ": "[800., -800., -800., 800.]",
}  # fmt: skip

WITH_WEIGHT = {
    "F.prelu(x, w)": (VECTOR, "[0.25]"), "F.prelu(x, w) ": (MATRIX, "[0.25, 0.5, -1., 0.]"),
    "F.prelu(x, w)  ": (CUBE, "[0.25, -0.5]"), "torch.prelu(x, w)": (MATRIX, "0.25"), "x.prelu(w)": ("-2.", "[0.25]"),
    "F.prelu(x, w)   ": (f"[0., -0., {_INF}, -{_INF}, {_NAN}]", "[0.25]"),
}  # fmt: skip

IN_PLACE = (
    "F.relu(h, inplace=True)", "F.relu(h, True)", "F.relu_(h)", "torch.relu_(h)", "h.relu_()", "h.sigmoid_()",
    "torch.sigmoid_(h)", "torch.tanh_(h)", "h.tanh_()", "F.silu(h, inplace=True)", "F.mish(h, True)",
    "F.relu6(h, inplace=True)", "F.hardtanh(h, -1, 1, True)", "F.hardtanh_(h, -0.5, 0.5)", "F.hardsigmoid(h, True)",
    "F.hardswish(h, inplace=True)", "F.leaky_relu(h, 0.5)", "F.elu(h, 1.0, False)",
)  # fmt: skip

# PyTorch gives these another backward node in place, of another number, which saves the result: here values alone.
IN_PLACE_VALUES = (
    "F.leaky_relu(h, 0.5, True)", "F.leaky_relu_(h, 0.5)", "F.elu(h, inplace=True)", "F.elu_(h)", "torch.selu_(h)",
    "F.selu_(h)", "F.celu_(h, 2.)", "F.celu(h, inplace=True)", "F.threshold(h, 0.1, 20., True)",
    "F.threshold_(h, 0.1, 20)",
)  # fmt: skip

TYPES = tuple(
    call.replace("(x", f"({each}")
    for call in (*PLAIN, "F.threshold(x, 1.5, 5.5)", "F.softmax(x, 0)", "F.log_softmax(x, 0)", "F.softmin(x, 0)")
    for each in ("i", "b")
    if (each, call) != ("b", "F.softsign(x)")
)

ERRORS = (
    "F.hardtanh(x, 2, -1)", "F.hardtanh(i, 0, 2)", "F.hardtanh(i, 0.5, 1.5)", "F.hardtanh(i.to(torch.uint8))",
    "F.relu6(i.to(torch.uint8))", "F.gelu(x, approximate='erf')", "F.softshrink(x, -1)", "F.softshrink(x.double(), -2)",
    "F.celu(x, 0)", "F.glu(x)", "F.glu(torch.tensor(1.))", "F.glu(x[None], 2)", "F.glu(i[:2])",
    "F.prelu(x, torch.ones(2))", "F.prelu(x[None], torch.ones(2))", "F.prelu(x[None], torch.ones(2, 2))",
    "F.prelu(torch.tensor(1.), torch.ones(2))", "F.prelu(x, torch.ones(1, dtype=torch.float64))", "F.prelu(i, i[:1])",
    "F.softmax(x, 1)", "F.softmax(i[None], 0)", "F.log_softmax(i[None], 0)", "F.softmax(i, 0, dtype=torch.float32)",
    "F.softmax(x, 0, dtype=torch.int64)", "F.softmin(x, 2)",
)  # fmt: skip


def _case(expression: str, *values: str, dtype: str = "float64") -> str:
    names = "xw"[: len(values)]
    leaves = [
        f"{n} = torch.tensor({v}, dtype=torch.{dtype}, requires_grad=True)" for n, v in zip(names, values, strict=True)
    ]
    first = ["y.backward(seed_for(y))", *(f"{n}.grad" for n in names), "second_backward(y)"]
    return "\n".join([*leaves, f"y = {expression.strip()}", "y", *first])


def _in_place(call: str, shown: str) -> str:
    made = [f"x = torch.tensor({VECTOR}, requires_grad=True)", "h = x * 2", f"y = {call}", "y is h", shown]
    return "\n".join([*made, "y.backward(seed_for(y))", "x.grad"])


_LEAVES = "x, i, b = torch.tensor([1., 2., 3.]), torch.tensor([1, 2, 3]), torch.tensor([True, False, True])"

CASES = (
    {f"corners: {each}": _case(each, CORNERS, dtype=DTYPES.get(each, "float64")) for each in (*PLAIN, *SET)}
    | {f"far: {each}": _case(each, FAR, dtype=DTYPES.get(each, "float64")) for each in PLAIN}
    | {f"float32: {each}": _case(each, FAR_SINGLE, dtype="float32") for each in PLAIN}
    | {f"ends: {each}": _case(each, ENDS) for each in PLAIN}
    | {f"shape {shape}: {each}": _case(each, shape, dtype="float32") for each in PLAIN for shape in ("0.5", "[[], []]")}
    | {f"along: {each}": _case(each, value, dtype="float32") for each, value in ALONG.items()}
    | {f"weight: {each}": _case(each, *values) for each, values in WITH_WEIGHT.items()}
    | {f"in place: {each}": _in_place(each, "y") for each in IN_PLACE}
    | {f"in place: {each}": _in_place(each, "y.detach()") for each in IN_PLACE_VALUES}
    | {"types": "\n".join([_LEAVES, *TYPES]), "errors": "\n".join([_LEAVES, *ERRORS])}
)
