"""Cumulative sums, products and extremes, differences, areas: zeros, ties, nan, dtypes, gradients, errors."""

from __future__ import annotations

MATRIX = "[[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]"
ZEROS = "[[2.0, 0.0, 3.0, 0.0, 4.0], [0.0, 1.0, 2.0, 3.0, -1.0], [5.0, -1.0, 2.0, 0.5, 3.0]]"
EQUALS = "[[1.0, 1.0, 0.0, 1.0], [2.0, 3.0, 3.0, 1.0], [0.5, 0.5, 0.5, 0.5]]"
HOLES = "[[3.0, nan, 4.0, nan], [nan, 1.0, 2.0, 0.0]]"
CUBE = "[[[1.0, -2.0], [0.5, 3.0], [0.25, -1.0]], [[2.0, 1.5], [-0.5, 4.0], [1.25, 0.75]]]"
NO_ROWS = "[[], []]"
SCALAR = "2.5"

GRADIENTS = {
    "x.cumsum(0)": (MATRIX, CUBE, SCALAR, HOLES), "torch.cumsum(x, -1)": (MATRIX, NO_ROWS),
    "x.cumsum(dim=1, dtype=torch.float32)": (MATRIX,), "x.cumsum(1)": (CUBE,),
    "x.cumprod(1)": (MATRIX, ZEROS, CUBE), "torch.cumprod(x, 0)": (MATRIX, ZEROS, SCALAR),
    "x.cumprod(dim=-1, dtype=torch.float32)": (MATRIX,), "x.cumprod(-1)": (NO_ROWS,),
    "x.logcumsumexp(1)": (MATRIX, ZEROS, CUBE, HOLES, NO_ROWS, "[[1000., -1000., 3.], [-1000., 0., 1000.]]"),
    "torch.logcumsumexp(x, 0)": (MATRIX, SCALAR, "[-inf, 1., inf]", "[inf, 1.]", "[-inf, -inf]"),
    "x.cummax(1)[0]": (MATRIX, EQUALS, HOLES), "torch.cummax(x, 0).values": (EQUALS, CUBE),
    "x.cummin(dim=-1)[0]": (MATRIX, EQUALS, HOLES), "torch.cummin(x, 0)[0]": (EQUALS, CUBE),
    "x.diff()": (MATRIX, CUBE), "torch.diff(x, 2)": (MATRIX,), "x.diff(dim=0)": (CUBE,), "x.diff(n=5)": (MATRIX,),
    "x.diff(2, 1)": (CUBE,), "x.diff(prepend=x[:, :1] * 2)": (MATRIX,), "torch.diff(x, 1, 0, x * x, x)": (MATRIX,),
    "x.diff(append=x)": (MATRIX,), "x.diff(n=2, dim=0, prepend=x[:1])": (MATRIX,),
}  # fmt: skip

# PyTorch divides by a number in a node that it numbers otherwise, so only values and gradients are compared.
AREAS = (
    "torch.trapezoid(x)", "torch.trapezoid(x, dim=0)", "torch.trapezoid(x, dx=2.5)", "torch.trapz(x, dx=2, dim=0)",
    "torch.trapezoid(x, w)", "torch.trapezoid(x, x=w, dim=1)", "torch.trapz(x, w[:2], dim=0)",
    "torch.trapezoid(x, x * w)", "torch.trapezoid(x, (x * w)[:1])", "torch.trapezoid(x[:, :1])",
    "torch.trapezoid(x[0], w)", "torch.trapezoid(w, x)",
)  # fmt: skip


def _case(expression: str, value: str) -> str:
    made = f"inf, nan = float('inf'), float('nan')\nx = torch.tensor({value}, dtype=torch.float64, requires_grad=True)"
    shown = [f"y = {expression}", "y", "y.backward(seed_for(y))", "x.grad"]
    again = ["second_backward(y)"] if "diff" not in expression else []
    return "\n".join([made, *shown, *again])


def _area(expression: str) -> str:
    made = [
        f"x = torch.tensor({MATRIX}, dtype=torch.float64, requires_grad=True)",
        "w = torch.tensor([0.5, 1.0, 2.5], dtype=torch.float64, requires_grad=True)",
    ]
    return "\n".join([*made, f"y = {expression}", "y.detach()", "y.backward(seed_for(y))", "x.grad", "w.grad"])


_LEAVES = """
inf, nan = float('inf'), float('nan')
x = torch.tensor([[1., 2., 2.], [3., 1., 3.]])
i = torch.tensor([[3, 1, 2], [0, 5, 4]])
b = torch.tensor([True, False, True])
short = torch.tensor([3, 2, 1], dtype=torch.int32)
byte = torch.tensor([200, 100, 255], dtype=torch.uint8)
e = torch.zeros(2, 0)
s = torch.tensor(2.5)
"""

STATEMENTS = {
    "running sums and products": (
        "i.cumsum(0)", "b.cumsum(0)", "short.cumsum(0)", "byte.cumsum(0)", "short.cumsum(0, dtype=torch.int32)",
        "short.cumsum(0, dtype=torch.float32)", "x.cumsum(1, dtype=torch.float64)",
        "(x + 0.5).cumsum(0, dtype=torch.int64)",
        "e.cumsum(1)", "s.cumsum(0)", "s.cumsum(-1)", "x.cumsum(2)", "x.cumsum(dim=(0, 1))", "x.cumsum()",
        "i.cumprod(1)", "b.cumprod(0)", "short.cumprod(0)", "byte.cumprod(0)", "i.cumprod(0, dtype=torch.float32)",
        "e.cumprod(1)", "s.cumprod(0)", "x.cumprod(2)", "x.cumprod()", "s.cumsum(1)",
        "i.logcumsumexp(0)", "b.logcumsumexp(0)", "x.logcumsumexp(2)", "x.logcumsumexp(dim=(0,))", "x.logcumsumexp(1)",
        "short.cumsum_(0)", "short", "x.cumsum_(1)", "x", "x.cumprod_(0)", "x",
        "w = torch.ones(3, requires_grad=True)", "w.cumsum_(0)", "z = w * 2", "z.cumsum_(0)", "z.sum().backward()",
        "w.grad",
    ),
    "running extremes": (
        "i.cummax(1)", "i.cummin(0)", "b.cummax(0)", "b.cummin(0)", "byte.cummax(0)", "e.cummax(1)", "e.cummin(0)",
        "s.cummax(0)", "x.cummax(2)", "x.cummax(dim=(0,))", "torch.tensor([3., nan, 4., nan]).cummax(0)",
        "torch.tensor([1., 1., 0., 1.]).cummax(0)", "torch.tensor([1., 1., 0., 0.]).cummin(0)",
        "torch.tensor([nan, -inf, inf]).cummin(0)", "x.cummax(1).indices", "type(x.cummin(0)).__name__",
    ),
    "differences": (
        "i.diff()", "b.diff()", "short.diff()", "i.diff(dim=0)", "i.diff(n=0)", "x.diff(-1)", "s.diff()",
        "x.diff(dim=2)",
        "x.diff(prepend=torch.zeros(1))", "x.diff(append=torch.zeros(3, 1))", "x.diff(append=torch.zeros(2, 2))",
        "x.diff(n=2, prepend=i)", "e.diff()", "torch.ones(1).diff()", "b.diff(2)",
    ),
    "areas": (
        "torch.trapezoid(i)", "torch.trapezoid(i, dx=2)", "torch.trapezoid(x, i[0])", "torch.trapezoid(s)",
        "torch.trapezoid(torch.ones(1))", "torch.trapezoid(e)", "torch.trapezoid(x, torch.ones(4))", "x.trapezoid()",
        "torch.trapezoid(x, dim=2)", "torch.trapz(x, torch.tensor([1., 3.]), dim=0)",
    ),
}  # fmt: skip

CASES = (
    {
        f"{expression} of {value}": _case(expression, value)
        for expression, values in GRADIENTS.items()
        for value in values
    }
    | {expression: _area(expression) for expression in AREAS}
    | {name: "\n".join([_LEAVES.strip(), *statements]) for name, statements in STATEMENTS.items()}
)
