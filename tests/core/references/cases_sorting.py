"""Sorting, the largest few, the k-th smallest, medians: values and places, ties, nan, gradients, errors."""

from __future__ import annotations

MATRIX = "[[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]"
EQUALS = "[[1.0, 2.0, 2.0], [3.0, 1.0, 3.0], [0.5, 0.5, 0.5]]"
HOLES = "[[1.0, nan, 0.5], [nan, nan, -1.0], [2.0, 1.0, 3.0]]"
CUBE = "[[[1.0, -2.0], [0.5, 3.0], [0.25, -1.0]], [[2.0, 1.5], [-0.5, 4.0], [1.25, 0.75]]]"
NO_ROWS = "[[], []]"
SCALAR = "2.5"

# The values with their backward node and gradient, and the places.
PAIRS = {
    "x.sort()": (MATRIX, EQUALS, HOLES, NO_ROWS), "torch.sort(x, 0)": (MATRIX, EQUALS, HOLES, CUBE),
    "x.sort(0, True)": (MATRIX, EQUALS, HOLES), "x.sort(dim=1, descending=True)": (EQUALS, CUBE),
    "torch.sort(x, dim=-1, stable=True)": (EQUALS,), "x.sort(stable=True, descending=True, dim=0)": (EQUALS, HOLES),
    "x.topk(2)": (MATRIX, EQUALS, HOLES), "torch.topk(x, 2, 0)": (MATRIX, CUBE), "x.topk(1, 1, False)": (MATRIX, HOLES),
    "x.topk(k=2, dim=0, largest=False)": (MATRIX, CUBE), "x.topk(3)": (EQUALS,), "x.topk(0)": (MATRIX, NO_ROWS),
    "x.kthvalue(2)": (MATRIX, HOLES), "torch.kthvalue(x, 1, 0, True)": (MATRIX, CUBE),
    "x.kthvalue(k=3, dim=1)": (HOLES, CUBE), "x.kthvalue(1, keepdim=True)": (CUBE,),
    "x.median(0)": (MATRIX, EQUALS, HOLES, NO_ROWS), "torch.median(x, dim=1, keepdim=True)": (MATRIX, EQUALS, HOLES),
    "x.median(-1)": (CUBE, EQUALS), "x.nanmedian(1)": (MATRIX, EQUALS, HOLES), "torch.nanmedian(x, 0, True)": (HOLES,),
}  # fmt: skip

WHOLE = {
    "x.median()": (MATRIX, EQUALS, HOLES, "[2., 1., 2., 2.]", "[1., nan, nan]", SCALAR, "[4., 1., 3., 2.]"),
    "torch.nanmedian(x)": (MATRIX, EQUALS, HOLES, "[nan, 1., 1., nan]", "[nan, nan]", SCALAR),
    "x.msort()": (MATRIX, EQUALS), "torch.msort(x)": (CUBE,),
}  # fmt: skip

_SETUP = """
inf, nan = float('inf'), float('nan')
x = torch.tensor({value}, dtype=torch.float64, requires_grad=True)
"""


def _pair(expression: str, value: str) -> str:
    shown = ["values", "values.backward(seed_for(values))", "x.grad", "second_backward(values)"]
    steps = [f"values, indices = {expression}", *shown, "indices"]
    return "\n".join([_SETUP.format(value=value).strip(), *steps])


def _whole(expression: str, value: str) -> str:
    steps = [f"y = {expression}", "y", "y.backward(seed_for(y))", "x.grad", "second_backward(y)"]
    return "\n".join([_SETUP.format(value=value).strip(), *steps])


_LEAVES = """
inf, nan = float('inf'), float('nan')
x = torch.tensor([[1., 2., 2.], [3., 1., 3.]])
i = torch.tensor([[3, 1, 2], [0, 5, 4]])
b = torch.tensor([True, False, True])
byte = torch.tensor([200, 100, 255], dtype=torch.uint8)
e = torch.zeros(2, 0)
s = torch.tensor(2.5, requires_grad=True)
"""

STATEMENTS = {
    "sorting": (
        "x.sort()", "i.sort(0)", "i.sort(1, True)", "b.sort()", "b.sort(descending=True)", "byte.sort(descending=True)",
        "e.sort()", "e.sort(0)", "s.sort()", "s.sort(0)[0].backward()", "s.grad", "x.sort(2)", "s.sort(1)",
        "torch.tensor([nan, 1., nan, 0., -inf, inf]).sort()", "torch.tensor([nan, 1., nan, 0.]).sort(descending=True)",
        "torch.tensor([0., -0., 0.]).sort()", "x.sort().values", "torch.sort(input=x, dim=0).indices",
        "[type(each).__name__ for each in (x.sort(), x.topk(1), x.median(0), x.nanmedian(0), x.kthvalue(1))]",
        "x.argsort()", "torch.argsort(i, 0, True)", "x.argsort(dim=0, descending=True, stable=True)", "s.argsort()",
        "e.argsort(1)", "x.argsort(2)", "torch.argsort(b)", "x.requires_grad_().argsort()",
    ),
    "topk": (
        "i.topk(2)", "byte.topk(2)", "i.topk(1, largest=False)", "i.topk(1, 0, sorted=True)", "x.topk(4)",
        "x.topk(-1)", "x.topk(1, 2)", "s.topk(1)", "s.topk(2)", "b.topk(1)", "e.topk(0)", "x.topk(2).values",
        "torch.tensor([nan, 1., 2.]).topk(2)", "torch.tensor([nan, 1., 2.]).topk(3, largest=False)",
    ),
    "kthvalue": (
        "i.kthvalue(2)", "x.kthvalue(4)", "x.kthvalue(0, 0)", "x.kthvalue(1, 2)", "s.kthvalue(1)", "s.kthvalue(2)",
        "b.kthvalue(1)", "e.kthvalue(1)", "e.kthvalue(1, 0)", "torch.tensor([nan, 1.]).kthvalue(2)",
    ),
    "medians": (
        "i.median()", "i.median(1)", "byte.median()", "b.median()", "b.median(0)", "e.median()", "e.median(1)",
        "e.median(0)", "s.median()", "s.median(0)", "x.median(2)", "x.median(dim=(0, 1))", "x.median(0).indices",
        "torch.tensor([1., nan, 0., nan]).median(0)", "torch.tensor([1., nan, 0., nan]).nanmedian(0)",
        "torch.tensor([nan, nan]).nanmedian(0)", "e.nanmedian()", "e.nanmedian(1)", "i.nanmedian(0)", "s.nanmedian(0)",
        "b.nanmedian()", "x.nanmedian(2)",
    ),
    "different elements": (
        "i.unique()", "torch.unique(x)", "x.unique(return_inverse=True, return_counts=True)",
        "torch.unique(b, True, True)",
        "b.unique(sorted=False, return_counts=True)", "torch.tensor([nan, 1., nan]).unique(return_inverse=True)",
        "torch.tensor([[3, 1], [3, 1], [0, 1]]).unique(dim=0, return_inverse=True, return_counts=True)",
        "torch.tensor([[3, 1], [3, 1], [0, 1]]).unique(return_inverse=True)", "x.unique(dim=1)", "x.unique(dim=2)",
        "torch.zeros(0).unique(return_counts=True)", "torch.tensor(3).unique(return_inverse=True)",
    ),
    "which of equals": (
        "def line(n, of=2): return torch.tensor([i * i * 7 % 11 % of for i in range(n)], dtype=torch.float32)",
        "[line(n).sort().indices for n in (4, 16, 17, 40, 100)]",
        "[line(n).sort(descending=True).indices for n in (16, 17, 40)]", "line(40).sort(stable=True).indices",
        "[line(n).argsort() for n in (17, 40)]",
        "[line(n).topk(k).indices for n, k in ((4, 2), (9, 4), (20, 7), (80, 1))]",
        "[line(n, 3).topk(k, largest=False).indices for n, k in ((4, 3), (9, 4), (20, 7), (200, 3))]",
        "[line(n, 9).topk(k, sorted=False).indices for n, k in ((9, 4), (20, 7), (200, 3))]",
        "[line(n, 3).kthvalue(k).indices for n, k in ((3, 1), (9, 5), (40, 7), (200, 150))]",
        "[line(n, 3).median(0).indices for n in (3, 9, 40)]", "line(40).reshape(2, 20).sort(1).indices",
        "line(40).reshape(20, 2).topk(3, 0)", "torch.ones(5).topk(3).indices", "torch.full((4,), nan).topk(2).indices",
        "w = torch.ones(6, requires_grad=True)", "w.topk(2).values.backward(torch.tensor([1., 2.]))", "w.grad",
    ),
    "changed after sorting": (
        "w = torch.tensor([2., 3., 1.], requires_grad=True)", "y = w * 1", "z = y.sort()[0]", "y.mul_(2)",
        "z.sum().backward()", "w.grad",
    ),
}  # fmt: skip

CASES = (
    {f"{expression} of {value}": _pair(expression, value) for expression, values in PAIRS.items() for value in values}
    | {
        f"{expression} of {value}": _whole(expression, value)
        for expression, values in WHOLE.items()
        for value in values
    }
    | {name: "\n".join([_LEAVES.strip(), *statements]) for name, statements in STATEMENTS.items()}
)
