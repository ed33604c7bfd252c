"""Losses: values, gradients of both sides and backward nodes, bends and ends, weights, sizes, dtypes, bad input."""

from __future__ import annotations

X = "[0.5, -2.0, 1.5, 3.0, 0.25]"
W = "[0.25, 1.0, 1.5, -0.5, 1.25]"
PROBABILITIES = "[0.5, 0.0, 1.0, 0.25, 1e-30, 0.0, 1.0]"
TRUTHS = "[0.25, 0.0, 1.0, 1.0, 1.0, 1.0, 0.5]"
LOGITS = "[0.5, -2.0, 1000., -1000., 0.0, 100., -100.]"
_NAN, _INF = "float('nan')", "float('inf')"
SCORES = "[[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]]"
DEEP = "[[[1.0, -2.0], [0.5, 3.0], [0.25, -1.0]], [[2.0, 1.5], [-0.5, 4.0], [1.25, 0.75]]]"
CLASSES, WEIGHTS = "torch.tensor([0, 2])", "torch.tensor([1., 0.5, 2.], dtype=x.dtype)"
SIDES = "torch.tensor([1, -1, 1, -1, 1])"
REDUCTIONS = ("mean", "sum", "none")

# Of two tensors of one shape; both get a gradient.
PAIRS = ("F.mse_loss(x, w)", "F.l1_loss(x, w)", "F.smooth_l1_loss(x, w)", "F.huber_loss(x, w)")
PAIRS_SET = (
    "F.smooth_l1_loss(x, w, beta=0.25)", "F.smooth_l1_loss(x, w, beta=3)", "F.smooth_l1_loss(x, w, beta=3.5)",
    "F.huber_loss(x, w, delta=0.25)", "F.huber_loss(x, w, delta=3)", "F.huber_loss(x, w, 'sum', 3.5)",
    "F.poisson_nll_loss(x, w)", "F.poisson_nll_loss(x, w, full=True)", "F.poisson_nll_loss(x.abs(), w.abs(), False)",
    "F.poisson_nll_loss(x.abs(), w.abs(), log_input=False, eps=0.5)", "F.gaussian_nll_loss(x, w, x.exp())",
    "F.gaussian_nll_loss(x, w, x.abs() - 0.5 * x.abs(), full=True)", "F.gaussian_nll_loss(x, w, 2.0)",
    "F.gaussian_nll_loss(x, w, x.abs(), eps=0.75, reduction='sum')",
    "F.margin_ranking_loss(x, w, torch.tensor([1., -1., 1., 1., -1.], dtype=x.dtype))",
    "F.margin_ranking_loss(x, w, torch.tensor([1, -1, 1, 1, -1]), margin=0.5)",
    "F.cosine_embedding_loss(x, w, torch.tensor(1))", "F.cosine_embedding_loss(x, w, torch.tensor(-1), margin=-0.5)",
    "F.kl_div(x, w.abs(), reduction='sum')", "F.kl_div(x, w, reduction='batchmean', log_target=True)",
    "F.kl_div(x, w.abs())", "F.kl_div(x, w, log_target=True)", "F.kl_div(x, w.abs(), reduction='none')",
)  # fmt: skip
# PyTorch gets to these by other steps, so that only the numbers are compared.
OTHER_STEPS = ("F.gaussian_nll_loss(", "F.poisson_nll_loss(", "label_smoothing")

ONE = (
    f"F.soft_margin_loss(x, {SIDES})", f"F.soft_margin_loss(x, {SIDES}, reduction='none')",
    f"F.hinge_embedding_loss(x, {SIDES})", f"F.hinge_embedding_loss(x, {SIDES}, margin=3, reduction='none')",
    f"F.hinge_embedding_loss(x, {SIDES} * 0, reduction='sum')",
)  # fmt: skip

POINTS = {
    "F.mse_loss(x, w)": ("[1.5, -2.0]", "1.0"), "F.l1_loss(x, w)": ("[[1.5], [-0.5]]", "[1.0, -0.5]"),
    "F.smooth_l1_loss(x, w)": ("[[1.5], [-0.5]]", "[1.0, -1.5]"), "F.huber_loss(x, w)": ("0.5", "[1.0, -1.5]"),
    "F.l1_loss(x, w) ": ("[]", "[]"), "F.smooth_l1_loss(x, w) ": ("[]", "[]"), "F.huber_loss(x, w) ": ("[]", "[]"),
    "F.smooth_l1_loss(x, w, beta=0)": ("[0., 1., -2.]", "[0., 0., 0.]"),
    "F.smooth_l1_loss(x, w, reduction='none')": ("[0., 1., -1., 2., -0.]", "0."),
    "F.huber_loss(x, w, reduction='none')": ("[0., 1., -1., 2., -0.]", "0."),
    "F.huber_loss(x, w, 'none', 2.)": (f"[2., -2., {_INF}, {_NAN}]", "0."),
    "F.l1_loss(x, w, reduction='none')": (f"[0., {_INF}, {_NAN}]", "[0., 0., 0.]"),
    "F.binary_cross_entropy(x, w)": (PROBABILITIES, TRUTHS),
    "F.binary_cross_entropy(x, w, torch.tensor(2.))": ("[0.5, 0.75]", "[0.25, 1.]"),
    "F.binary_cross_entropy(x, w) ": ("[]", "[]"), "F.binary_cross_entropy(x, w)  ": ("0.5", "0.25"),
    "F.binary_cross_entropy(x, w, reduction='none')": (PROBABILITIES, TRUTHS),
    "F.binary_cross_entropy(x, w, torch.tensor([2., 0.5]), reduction='sum')": ("[[0.5, 0.75]]", "[[0.25, 1.]]"),
    "F.binary_cross_entropy(x, w, weight=torch.tensor([[2.], [0.5]]))": ("[[0.5], [0.75]]", "[[0.25], [1.]]"),
    "F.binary_cross_entropy_with_logits(x, w)": (LOGITS, TRUTHS),
    "F.binary_cross_entropy_with_logits(x, w) ": ("[]", "[]"),
    "F.binary_cross_entropy_with_logits(x, w)  ": ("1.", "1."),
    "F.binary_cross_entropy_with_logits(x, w, reduction='none')": (LOGITS, TRUTHS),
    "F.binary_cross_entropy_with_logits(x, w, reduction='sum')": (LOGITS, TRUTHS),
    "F.binary_cross_entropy_with_logits(x, w, torch.tensor([2., 0.5]))": ("[[0.5, -0.75]]", "[[0.25, 1.]]"),
    "F.binary_cross_entropy_with_logits(x, w, pos_weight=torch.tensor([2., 0.5]))": (
        "[[0.5, -0.75], [-100., 800.]]", "[[0.25, 1.], [1., 0.]]"),
    "F.binary_cross_entropy_with_logits(x, w, torch.tensor([[3.]]), pos_weight=torch.tensor(0.5), reduction='none')": (
        "[[0.5, -0.75]]", "[[0.25, 1.]]"),
    "F.kl_div(x, w, reduction='batchmean')": (SCORES, "[[0.25, 0.5, 0.25], [1.0, 0.0, 0.0]]"),
    "F.kl_div(x, w, reduction='batchmean') ": ("0.5", "0.25"), "F.kl_div(x, w)": (SCORES, "[0.25, 0.5, 0.25]"),
    "F.kl_div(x, w, reduction='sum') ": ("[]", "[]"),
    "torch.xlogy(x, w)": ("[0., 0., 0., 2.]", f"[0., {_NAN}, 1., 3.]"),
    "torch.xlogy(x, 2)": ("[0., 1.5]",), "x.xlogy(x)": ("[0., 1.5, -1.]",), "torch.xlogy(2, x)": ("[0., 1.5, -1.]",),
    "F.cosine_embedding_loss(x, w, torch.tensor([1, -1]))": (SCORES, SCORES.replace("1.5", "-1.5")),
    "F.cosine_embedding_loss(x, w, torch.tensor([1, 0]), 0.5, reduction='none')": (
        SCORES, "[[0., 0., 0.], [1., 1., 2.]]"),
    "F.margin_ranking_loss(x, w, torch.tensor([1., -1., 1.]), 1., reduction='sum')": ("[2., 1., 1.]", "[1., 1., 1.]"),
    "F.gaussian_nll_loss(x, w, torch.tensor([0.5, 2.0]))": (SCORES, SCORES.replace("1.5", "-1.5")),
    "F.gaussian_nll_loss(x, w, torch.tensor([[0.5], [0.]]), reduction='none')": (SCORES, SCORES.replace("1.5", "2")),
}  # fmt: skip

ENTROPIES = (
    *(f"F.cross_entropy(x, {CLASSES}, {WEIGHTS}, reduction='{each}')" for each in REDUCTIONS),
    *(f"F.nll_loss(x, {CLASSES}, {WEIGHTS}, reduction='{each}')" for each in REDUCTIONS),
    *(f"F.nll_loss(x, {CLASSES}, reduction='{each}')" for each in REDUCTIONS),
    *(f"F.cross_entropy(x, {CLASSES}, label_smoothing=0.25, reduction='{each}')" for each in REDUCTIONS),
    *(f"F.cross_entropy(x, {CLASSES} * 50, {WEIGHTS}, ignore_index=100, reduction='{each}', label_smoothing=0.25)"
      for each in REDUCTIONS),
    *(f"F.cross_entropy(x, torch.softmax(x.detach(), 1), {WEIGHTS}, reduction='{each}')" for each in REDUCTIONS),
    "F.cross_entropy(x, torch.softmax(x.detach(), 1), label_smoothing=0.25)",
    f"F.nll_loss(x, torch.tensor([0, -100]), {WEIGHTS})", "F.nll_loss(x, torch.tensor([0, 1]), ignore_index=1)",
    "F.nll_loss(x, torch.tensor([-100, -100]))", "F.nll_loss(x, torch.tensor([1, 1]), torch.zeros(3, dtype=x.dtype))",
    "F.nll_loss(x[0], torch.tensor(1))",
    f"F.cross_entropy(x[0], torch.tensor(1), {WEIGHTS}, label_smoothing=0.5)",
    "F.cross_entropy(x[:0], torch.zeros(0, dtype=torch.int64))", f"F.cross_entropy(x, {CLASSES}.to(torch.uint8))",
)  # fmt: skip

# PyTorch calls the backward of these NllLoss2DBackward0: here the numbers are compared.
MORE_DIMENSIONS = (
    *(f"F.cross_entropy(x, torch.tensor([[0, 1], [1, 2]]), {WEIGHTS}, reduction='{each}')" for each in REDUCTIONS),
    "F.nll_loss(x, torch.tensor([[0, 1], [-100, 2]]))",
    "F.cross_entropy(x, torch.tensor([[0, 1], [-100, 2]]), label_smoothing=0.25)",
    f"F.cross_entropy(x, torch.tensor([[0, 1], [-100, 2]]), {WEIGHTS}, label_smoothing=0.25)",
    "F.cross_entropy(x, torch.full((2, 3, 2), 0.25, dtype=x.dtype))",
    "F.cross_entropy(x.reshape(2, 3, 2, 1), torch.tensor([[[0], [1]], [[1], [2]]]), reduction='none')",
    "F.cross_entropy(x.reshape(2, 3, 1, 2, 1), torch.tensor([[[[0], [1]]], [[[1], [2]]]]))",
)  # fmt: skip

_TYPED = """
s = torch.tensor([[1., 2., 3.], [4., 5., 6.]], requires_grad=True)
p, hard = torch.tensor([[1., 0., 0.], [0., 0.5, 0.5]]), torch.tensor([[1, 0, 0], [0, 1, 0]])
F.cross_entropy(s, p)
F.cross_entropy(s, p).backward()
s.grad
F.cross_entropy(s, p, label_smoothing=0.1)
F.cross_entropy(s.half(), p.half())
F.binary_cross_entropy_with_logits(s, p)
F.binary_cross_entropy_with_logits(s, hard)
F.binary_cross_entropy_with_logits(s, hard.bool())
F.binary_cross_entropy_with_logits(s.double(), hard)
F.binary_cross_entropy(torch.sigmoid(s), hard)
"""

_LEAVES = """
x, i, b = torch.tensor([.5, .25, .75]), torch.tensor([1, 2, 3]), torch.tensor([True, False, True])
d, c, t, w = x.double(), torch.ones(2, 3), torch.tensor([0, 2]), torch.ones(3)
"""
_EACH = ("mse_loss", "l1_loss", "smooth_l1_loss", "kl_div", "binary_cross_entropy", "soft_margin_loss",
         "hinge_embedding_loss", "poisson_nll_loss", "huber_loss", "binary_cross_entropy_with_logits")  # fmt: skip
BAD = (
    *(f"F.{each}(x, x, reduction='avg')" for each in _EACH),
    *(f"F.{each}(i, i)" for each in _EACH if each not in ("soft_margin_loss", "poisson_nll_loss", "kl_div", _EACH[6])),
    *(f"F.{each}(x, torch.ones(2))" for each in _EACH if each[:3] not in ("hin", "poi", "kl_")),
    *(f"F.{each}(x, torch.ones(1))" for each in _EACH), *(f"F.{each}(x, d)" for each in _EACH[:5]),
    *(f"F.{each}(x, i)" for each in ("mse_loss", "l1_loss", "smooth_l1_loss", "binary_cross_entropy")),
    "F.kl_div(i, x, reduction='sum')", "F.kl_div(x, b, reduction='none')",
    "F.smooth_l1_loss(x, x, beta=-1.)", "F.huber_loss(x, x, delta=0)", "F.huber_loss(x, b)",
    "F.binary_cross_entropy(x * 2, x)", "F.binary_cross_entropy(x, x * 2)", "F.binary_cross_entropy(x, -x)",
    f"F.binary_cross_entropy(x * {_NAN}, x)", "F.binary_cross_entropy(x, d)", "F.binary_cross_entropy(i, x)",
    "F.binary_cross_entropy(x, x, i)", "F.binary_cross_entropy_with_logits(x, x, i)",
    "F.margin_ranking_loss(x, c, x)", "F.cosine_embedding_loss(x, x, t)", "F.cosine_embedding_loss(c, c, c)",
    "F.gaussian_nll_loss(x, x, -x)", "F.gaussian_nll_loss(x, x, -1.)", "F.gaussian_nll_loss(c, c, torch.ones(3, 2))",
    "F.gaussian_nll_loss(x, x, x, reduction='avg')",
    *(f"F.{each}({call})" for each in ("cross_entropy", "nll_loss") for call in (
        "c, t, torch.ones(2)", "c, t, torch.ones(3, dtype=torch.float64)", "c, t, torch.ones(1, 3)", "c[..., None], t",
        "torch.ones(2, 3, 4), torch.zeros(2, 5, dtype=torch.int64)", "torch.ones(2, 3, 4), torch.zeros(3, 4)",
        "torch.ones(2, 3, 4, 2), torch.zeros(2, 5, 2, dtype=torch.int64)", "c[..., None, None], t", "c, t.int()",
        "c, t > 0", "c, t * 1.", "i, t[0]", "c[0], t", "torch.ones(2, 3, 1, 1), t[:, None, None] + 1",
        "c, torch.zeros(2, 3, 1, dtype=torch.int64)", "c, t, reduction='avg'", "c, t - 1")),
    "F.nll_loss(torch.tensor(1.), torch.tensor(0))", "F.cross_entropy(torch.tensor(1.), torch.tensor(0))",
    "F.cross_entropy(c, t, label_smoothing=1.5)", "F.cross_entropy(c, t, label_smoothing=-0.5)",
    "F.cross_entropy(c, c, torch.ones(2))", "F.cross_entropy(c, c, ignore_index=0)", "F.cross_entropy(c[..., None], c)",
    "F.cross_entropy(c, torch.ones(2, 3, dtype=torch.int64))", "F.cross_entropy(c, torch.ones(2, 2))",
    "F.cross_entropy(c, c.double())",
)  # fmt: skip


def _case(expression: str, *values: str, dtype: str = "float32", named: bool = True) -> str:
    names = "xw"[: len(values)]
    leaves = [
        f"{n} = torch.tensor({v}, dtype=torch.{dtype}, requires_grad=True)" for n, v in zip(names, values, strict=True)
    ]
    named = named and not any(each in expression for each in OTHER_STEPS)
    first = ["y.backward(seed_for(y))", *(f"{n}.grad" for n in names), "second_backward(y)"]
    return "\n".join([*leaves, f"y = {expression.strip()}", "y" if named else "y.detach()", *first])


CASES = (
    {
        f"{dtype}: {each[:-1]}, reduction='{reduction}')": _case(
            f"{each[:-1]}, reduction='{reduction}')", X, W, dtype=dtype
        )
        for each in PAIRS
        for reduction in REDUCTIONS
        for dtype in ("float32", "float64")
    }
    | {f"set: {each}": _case(each, X, W, dtype="float64") for each in PAIRS_SET}
    | {f"one: {each}": _case(each, X, dtype="float64") for each in ONE}
    | {f"points: {each}": _case(each, *values) for each, values in POINTS.items()}
    | {
        f"entropy: {each}": _case(each, SCORES, dtype="float64", named="torch.softmax" not in each)
        for each in ENTROPIES
    }
    | {f"more: {each}": _case(each, DEEP, dtype="float64", named=False) for each in MORE_DIMENSIONS}
    | {"soft targets, and hard ones of another type": _TYPED.strip()}
    | {"bad input": _LEAVES.strip() + "\n" + "\n".join(BAD)}
)
