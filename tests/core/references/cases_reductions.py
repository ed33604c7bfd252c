"""Sums, means, products, spreads, extremes and questions: dimensions, dtypes, gradients, empty tensors, errors."""

from __future__ import annotations

VECTOR = "[1.5, -2.0, 0.5, 4.0]"
MATRIX = "[[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]"
HOLES = "[[1.0, nan, 0.5], [3.0, nan, -1.0]]"
CUBE = "[[[1.0, -2.0], [0.5, 3.0], [0.25, -1.0]], [[2.0, 1.5], [-0.5, 4.0], [1.25, 0.75]]]"
SCALAR = "2.5"
EMPTY_ROWS = "[[], []]"
ZEROS = "[[2.0, 0.0, 3.0], [0.0, 0.0, 4.0], [5.0, -1.0, 2.0]]"

# What is shown with its backward node, its gradient, and whether it can run backward twice.
GRADIENTS = {
    "torch.sum(x, (0, 2))": (CUBE,), "x.sum((-1, 0), True)": (CUBE,), "x.sum([1])": (MATRIX,), "x.sum(())": (CUBE,),
    "x.sum(dtype=torch.float32)": (MATRIX,), "torch.sum(x, 0, dtype=torch.float32)": (MATRIX,),
    "x.mean((0, 2))": (CUBE,), "x.mean(-1, True)": (CUBE,), "torch.mean(x, dtype=torch.float32)": (MATRIX,),
    "x.mean(())": (MATRIX,), "x.mean(0)": (SCALAR,), "x.mean(1)": (EMPTY_ROWS,), "x.mean(0)  ": (EMPTY_ROWS,),
    "x.prod(1)": (ZEROS,), "x.prod(0, True)": (ZEROS,), "x.prod(dtype=torch.float32)": (MATRIX,),
    "torch.prod(x, -1, dtype=torch.float32)": (MATRIX,), "x.prod(0)": (SCALAR,), "x.prod()": ("[inf, 0., 3.]",),
    "x.prod(1) ": (EMPTY_ROWS,), "x.prod(0) ": (EMPTY_ROWS,),
    "x.nansum()": (HOLES,), "torch.nansum(x, 0)": (HOLES,), "x.nansum((0, 1), keepdim=True)": (HOLES,),
    "x.nansum(dtype=torch.float32)": (HOLES,), "x.nansum() ": ("[]",), "x.nansum()  ": ("[nan, 1., inf]",),
    "x.nanmean()": (HOLES,), "torch.nanmean(x, 0)": (HOLES,), "x.nanmean(1, keepdim=True)": (HOLES,),
    "x.nanmean((0, 1))": (HOLES,), "x.nanmean() ": ("[]",),
    "x.logsumexp(0)": (MATRIX,), "torch.logsumexp(x, 1, keepdim=True)": (MATRIX,), "x.logsumexp((0, 2))": (CUBE,),
    "x.logsumexp(dim=(0, -1), keepdim=True)": (CUBE,), "x.logsumexp(0) ": (SCALAR,),
    "x.logsumexp(0)  ": ("[1000., 1000., -1000.]",), "x.logsumexp(0)   ": ("[-inf, -inf]",),
    "x.logsumexp(0)    ": ("[inf, 1.]",), "x.logsumexp(0)     ": ("[-inf, 1.]",), "x.logsumexp(1)": (EMPTY_ROWS,),
    "x.logsumexp(0)      ": ("[nan, 1.]",),
    "x.var()": (MATRIX,), "torch.var(x, 0)": (MATRIX,), "x.var(1, keepdim=True)": (MATRIX,), "x.var((0, 2))": (CUBE,),
    "x.var(False)": (MATRIX,), "x.var(0, False)": (MATRIX,), "x.var(0, False, True)": (MATRIX,),
    "x.var(dim=1, unbiased=True)": (MATRIX,), "x.var(unbiased=False)": (MATRIX,), "x.var(correction=0)": (MATRIX,),
    "torch.var(x, -1, correction=0.5)": (MATRIX,), "x.var(0, correction=2)": (MATRIX,),
    "x.var(0, correction=3)": (MATRIX,), "x.var(correction=8)": (MATRIX,), "x.var() ": (SCALAR,),
    "x.var()  ": ("[2.5]",), "x.var(correction=0) ": (SCALAR,), "x.var()   ": (EMPTY_ROWS,), "x.var(1)": (EMPTY_ROWS,),
    "x.std()": (MATRIX,), "torch.std(x, 0)": (MATRIX,), "x.std((0, 1), keepdim=True)": (CUBE,),
    "x.std(False)": (MATRIX,), "x.std(1, correction=0)": (MATRIX,), "x.std() ": ("[2.5, 2.5, 2.5]",),
    "x.std(1)": ("[[2.5, 2.5], [1., 2.]]",), "x.std()  ": (SCALAR,), "x.std(1) ": ("[[1.], [2.]]",),
    "x.std(correction=0)": (SCALAR,), "x.std(correction=4)": (VECTOR,), "x.std()   ": ("[nan, 1., 2.]",),
    "torch.var_mean(x)[0]": (MATRIX,), "torch.std_mean(x, 1)[0]": (MATRIX,),
    "torch.std_mean(x, 0, False)[0]": (MATRIX,), "sum(torch.std_mean(x, (0, 2), keepdim=True))": (CUBE,),
    "sum(torch.std_mean(x, 1, correction=0))": (MATRIX,),
    "x.amin()": (MATRIX,), "torch.amin(x, (0, 2))": (CUBE,), "x.amin(1, True)": ("[[1., 1.], [2., 0.]]",),
    "x.amax(())": (MATRIX,), "x.amax(0)": (SCALAR,), "x.amin() ": ("[1., nan]",),
    "x.amin(1)": ("[[1., nan], [2., 0.]]",),
    "x.max(1, True)[0]": ("[[1., 1.], [nan, 0.], [nan, nan]]",), "x.min(-1).values": ("[[1., 1.], [nan, 0.]]",),
    "x.max()": ("[1., nan, nan]",), "x.min()": ("[1., 1., 3.]",), "x.max() ": (SCALAR,),
}  # fmt: skip


def _case(expression: str, values: tuple[str, ...]) -> str:
    made = [
        f"{name} = torch.tensor({value}, dtype=torch.float64, requires_grad=True)"
        for name, value in zip("xw", values, strict=False)
    ]
    grads = [f"{name}.grad" for name, _ in zip("xw", values, strict=False)]
    numbers = "inf, nan = float('inf'), float('nan')"
    steps = [f"y = {expression.strip()}", "y", "y.backward(seed_for(y))", *grads]
    again = [] if values == (EMPTY_ROWS,) else ["second_backward(y)"]  # with nothing in it, nothing need be saved
    return "\n".join([numbers, *made, *steps, *again])


_LEAVES = """
inf, nan = float('inf'), float('nan')
x = torch.tensor([[1., 2., 3.], [4., 5., 6.]])
i = torch.tensor([[3, 1, 2], [0, 5, 4]])
b = torch.tensor([[True, False], [True, True]])
short = torch.tensor([3, 2, 1], dtype=torch.int32)
byte = torch.tensor([200, 100], dtype=torch.uint8)
e = torch.zeros(2, 0)
s = torch.tensor(2.5)
"""

STATEMENTS = {
    "dtypes of sums": (
        "i.sum()", "short.sum()", "short.sum(0)", "byte.sum()", "b.sum()", "b.sum(1)", "short.sum(dtype=torch.int32)",
        "byte.sum(dtype=torch.uint8)", "i.sum(dtype=torch.float32)", "x.sum(dtype=torch.float64)", "x.sum(dtype=float)",
        "(x + 0.9).sum(dtype=torch.int32)", "x.to(torch.float16).sum()", "e.sum()", "e.sum(1)", "e.sum(0)",
        "e.long().sum()",
        "x.sum(1, dtype=torch.float64)", "b.sum(dtype=torch.bool)", "s.sum(0)", "s.sum(-1, True)",
        "torch.sum(x, dim=0, keepdim=True)", "x.sum(dim=None)", "x.sum(dim=None, keepdim=True)",
    ),
    "dtypes of means": (
        "i.mean()", "b.mean(0)", "short.mean(dtype=torch.float32)", "i.mean(0, dtype=torch.float64)",
        "i.mean(dtype=torch.int64)", "x.mean(dtype=torch.int64)", "x.mean(dtype=torch.float64)", "e.mean()",
        "e.mean(1)", "e.mean(0)", "e.mean(dim=None, keepdim=True)", "s.mean()",
    ),
    "dtypes of products": (
        "i.prod()", "short.prod()", "byte.prod()", "b.prod()", "b.prod(1)", "i.prod(1, dtype=torch.float32)",
        "short.prod(dtype=torch.int32)", "e.prod()", "e.prod(1)", "e.prod(0)", "x.prod(1, True)", "x.prod(-3)",
    ),
    "without nan": (
        "torch.nansum(short)", "torch.nansum(b)", "torch.nansum(e)", "torch.nansum(e, 1)", "torch.nansum(x, 2)",
        "torch.nansum(torch.tensor([nan, 1.5]), dtype=torch.int64)", "i.nanmean()", "torch.nanmean(e)",
        "torch.nanmean(torch.tensor([nan]))", "torch.nanmean(x, dtype=torch.float64)", "torch.nanmean(x, (0, 0))",
        "torch.nanmean(torch.tensor([[nan, 1.], [nan, nan]]), 1)",
    ),
    "spreads": (
        "i.var()", "b.std()", "i.std(0)", "torch.var_mean(i)", "torch.std_mean(i, 0)", "x.var(2)", "x.std((0, 0))",
        "s.var()", "s.std()", "torch.ones(1).var(0)", "torch.ones(1).std()", "e.var()", "e.var(1)", "e.std(0)",
        "torch.zeros(0, 2).var(1)", "torch.std_mean(s)", "torch.var_mean(e, 1)", "torch.std_mean(x, unbiased=False)",
        "torch.std_mean(x, 0, True)", "x.std(0, correction=None)", "x.double().var(0)", "x.var(1, correction=3)",
        "x.var(0, True, True)", "torch.var(x, dim=[0, 1])", "x.var_mean()",
        "torch.var_mean(x.clone().requires_grad_(), 0)", "torch.std_mean(x.clone().requires_grad_())",
    ),
    "logsumexp": (
        "i.logsumexp(0)", "b.logsumexp(1)", "e.logsumexp(1)", "e.logsumexp(0)", "x.logsumexp(2)", "x.logsumexp((0, 0))",
        "x.logsumexp()", "x.double().logsumexp(0)", "s.logsumexp(0)", "torch.tensor([-inf, inf]).logsumexp(0)",
    ),
    "extremes": (
        "i.max()", "i.max(0)", "i.min(1, True)", "b.max()", "b.max(0)", "b.min(1)", "b.amax()", "b.amin(0)", "e.max(0)",
        "e.amax(0)", "e.amin(1)", "e.amin()", "e.max(1)", "x.amax((0, 0))", "x.amax(5)", "s.max(0)", "s.min(-1, True)",
        "i.argmax()", "i.argmax(0)", "i.argmin(1, True)", "torch.argmax(i, keepdim=True)", "i.argmin(dim=-1)",
        "torch.tensor([1., nan, nan]).argmax()", "torch.tensor([1., nan, nan]).argmin()", "b.argmax()", "e.argmax()",
        "e.argmax(1)", "e.argmin(0)", "s.argmax()", "s.argmax(0)", "s.argmin(-1, True)", "i.argmax(2)", "s.argmin(1)",
        "torch.tensor([2., 3., 3.]).argmax()", "torch.tensor([[1, 1], [0, 0]]).argmin(1)", "i.argmax(dim=(0, 1))",
    ),
    "questions": (
        "x.all()", "i.all(0)", "i.all(1, True)", "b.all((0, 1))", "b.any()", "i.any(1)", "e.all()", "e.any()",
        "e.all(1)", "e.any(1)", "e.any(0)", "byte.all()", "byte.any(0)", "i.all(dim=())", "i.any(dim=())",
        "torch.all(torch.tensor([nan]))", "s.all(0)", "b.all(2)", "b.any((0, 0))", "b.all(keepdim=True)",
        "(x > 1).all()", "torch.any(x > 5, dim=0, keepdim=True)",
        "i.count_nonzero()", "i.count_nonzero(1)", "torch.count_nonzero(b, (0, 1))", "i.count_nonzero(dim=0)",
        "torch.count_nonzero(torch.tensor([nan, 0., -0.]))", "e.count_nonzero(1)", "s.count_nonzero()",
        "i.count_nonzero(2)", "i.count_nonzero((0, 0))", "x.requires_grad_().count_nonzero()", "(x > 1).any()",
    ),
}  # fmt: skip

CASES = {
    f"{expression} of {', '.join(values)}": _case(expression, values) for expression, values in GRADIENTS.items()
} | {name: "\n".join([_LEAVES.strip(), *statements]) for name, statements in STATEMENTS.items()}
