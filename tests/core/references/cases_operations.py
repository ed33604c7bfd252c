"""Every operation: its value, the name of its backward node, its gradients, and whether it can run backward twice."""

from __future__ import annotations

VECTOR = "[1.5, -2.0, 0.5]"
OTHER = "[2.0, 3.0, -1.5]"
POSITIVE = "[0.5, 1.0, 4.0]"
MATRIX = "[[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]"
TALL = "[[0.5, 2.0], [-1.0, 1.5], [3.0, -0.5]]"
COLUMN = "[[1.5], [-0.5]]"
CUBE = "[[[1.0, -2.0], [0.5, 3.0], [0.25, -1.0]], [[2.0, 1.5], [-0.5, 4.0], [1.25, 0.75]]]"
SCALAR = "2.5"

POINTWISE = {
    "x + w": (VECTOR, OTHER), "x - w": (VECTOR, OTHER), "x * w": (VECTOR, OTHER), "x / w": (VECTOR, OTHER),
    "x + 2": (VECTOR,), "2 + x": (VECTOR,), "x - 2": (VECTOR,), "1 - x": (VECTOR,), "x * 3": (VECTOR,),
    "3 * x": (VECTOR,), "x / 3": (VECTOR,), "1 / x": (VECTOR,), "3 / x": (VECTOR,), "-x": (VECTOR,),
    "torch.add(x, w, alpha=2)": (VECTOR, OTHER), "torch.sub(x, w, alpha=0.5)": (VECTOR, OTHER),
    "torch.rsub(x, w)": (VECTOR, OTHER), "torch.rsub(x, 1)": (VECTOR,), "torch.neg(x)": (VECTOR,),
    "torch.mul(x, w)": (VECTOR, OTHER), "torch.div(x, w)": (VECTOR, OTHER), "x.add(w)": (VECTOR, OTHER),
    "x.mul(2)": (VECTOR,), "x * w + x": (VECTOR, OTHER), "x * x": (VECTOR,), "x + x": (VECTOR,), "x / x": (VECTOR,),
    "x - x": (VECTOR,),
    "x ** 2": (VECTOR,), "x ** 3.0": (VECTOR,), "x ** 0.5": (POSITIVE,), "x ** -1": (VECTOR,), "x ** 0": (VECTOR,),
    "x ** w": (POSITIVE, OTHER), "2 ** x": (VECTOR,), "torch.pow(x, 2)": (VECTOR,), "torch.pow(2, x)": (VECTOR,),
    "torch.exp(x)": (VECTOR,), "torch.log(x)": (POSITIVE,), "torch.sqrt(x)": (POSITIVE,), "torch.abs(x)": (VECTOR,),
    "abs(x)": (VECTOR,), "torch.sin(x)": (VECTOR,), "torch.cos(x)": (VECTOR,), "torch.tanh(x)": (VECTOR,),
    "torch.sigmoid(x)": (VECTOR,), "torch.relu(x)": (VECTOR,), "F.relu(x)": (VECTOR,), "x.relu()": (VECTOR,),
    "torch.clamp(x, min=-1, max=1)": (VECTOR,), "torch.clamp(x, min=0)": (VECTOR,), "x.clamp(max=1)": (VECTOR,),
    "torch.clamp(x, -0.5, 1.0)": (VECTOR,), "torch.maximum(x, w)": (VECTOR, OTHER),
    "torch.minimum(x, w)": (VECTOR, OTHER), "torch.where(x > 0, x, w)": (VECTOR, OTHER),
    "torch.where(x > 0, x, 0.0)": (VECTOR,), "torch.where(x > 0, 1.0, w)": (VECTOR, OTHER),
}  # fmt: skip

BROADCAST = {
    "x + w": (MATRIX, VECTOR), "x * w": (MATRIX, COLUMN), "x / w": (COLUMN, VECTOR), "x - w": (SCALAR, MATRIX),
    "x ** w": ("[[0.5], [2.0]]", OTHER), "torch.maximum(x, w)": (MATRIX, SCALAR),
    "torch.where(x > 0, x, w)": (COLUMN, VECTOR), "x * w ": (CUBE, COLUMN[:-2] + "], [2.0]]"),
    "x * w  ": ("[]", SCALAR),
}  # fmt: skip

REDUCTIONS = {
    "x.sum()": (MATRIX,), "torch.sum(x, 0)": (MATRIX,), "x.sum(dim=1, keepdim=True)": (MATRIX,), "x.sum(-1)": (CUBE,),
    "x.sum((0, 2))": (CUBE,), "torch.sum(x)": (SCALAR,), "x.sum(dim=())": (MATRIX,),
    "x.mean()": (MATRIX,), "torch.mean(x, 1)": (MATRIX,), "x.mean((0, 1), keepdim=True)": (CUBE,),
    "x.prod()": (MATRIX,), "torch.prod(x, 1)": (MATRIX,), "x.prod(0, keepdim=True)": (MATRIX,),
    "x.max()": (MATRIX,), "x.min()": (MATRIX,), "torch.max(x, 1).values": (MATRIX,), "x.max(0)[0]": (MATRIX,),
    "torch.min(x, dim=1, keepdim=True)[0]": (MATRIX,), "torch.max(x, w)": (VECTOR, OTHER),
    "torch.min(x, w)": (VECTOR, OTHER), "torch.amax(x, 1)": (MATRIX,), "x.amax()": (MATRIX,),
    "torch.amax(x, (0, 2), keepdim=True)": (CUBE,),
}  # fmt: skip

LINALG = {
    "torch.mm(x, w)": (MATRIX, TALL), "x @ w": (MATRIX, TALL), "torch.mv(x, w)": (MATRIX, VECTOR),
    "x @ w ": (MATRIX, VECTOR), "x @ w  ": (VECTOR, TALL), "torch.dot(x, w)": (VECTOR, OTHER),
    "x @ w   ": (VECTOR, OTHER), "torch.matmul(x, w)": (CUBE, "[[1.0, -1.0, 2.0], [0.5, 3.0, -2.0]]"),
    "torch.matmul(x, w) ": (MATRIX, CUBE), "torch.matmul(x, w)  ": (CUBE, "[1.0, -0.5]"),
    "torch.matmul(x, w.transpose(1, 2))": (CUBE, CUBE), "torch.matmul(x, w)   ": (VECTOR, CUBE),
    "F.linear(x, w)": (MATRIX, "[[0.5, -1.0, 2.0], [1.0, 1.5, -0.5]]"),
    "F.linear(x, w, b)": (MATRIX, "[[0.5, -1.0, 2.0], [1.0, 1.5, -0.5]]", "[0.25, -1.0]"),
    "F.linear(x, w, b) ": (VECTOR, "[[0.5, -1.0, 2.0], [1.0, 1.5, -0.5]]", "[0.25, -1.0]"),
    "F.linear(x, w, b)  ": (CUBE, "[[0.5, -1.0]]", "[0.25]"),
}  # fmt: skip

SHAPES = {
    "x.reshape(3, 2)": (MATRIX,), "torch.reshape(x, (6,))": (MATRIX,), "x.reshape(-1)": (MATRIX,),
    "x.view(3, -1)": (MATRIX,), "x.view(2, 3)": (MATRIX,), "x.T.reshape(6)": (MATRIX,), "x.flatten()": (MATRIX,),
    "torch.flatten(x, 1)": (CUBE,), "torch.flatten(x, 0, 1)": (CUBE,), "x.flatten() ": (SCALAR,),
    "x.flatten()  ": (VECTOR,), "torch.transpose(x, 0, 1)": (MATRIX,), "x.transpose(0, -1)": (CUBE,),
    "x.permute(2, 0, 1)": (CUBE,), "torch.permute(x, (1, 0))": (MATRIX,), "x.t()": (MATRIX,), "x.T": (MATRIX,),
    "x.t() ": (VECTOR,), "x.squeeze()": ("[[[1.5], [2.5]]]",), "x.squeeze(0)": ("[[[1.5], [2.5]]]",),
    "x.squeeze(1)": ("[[[1.5], [2.5]]]",), "torch.squeeze(x, (0, 2))": ("[[[1.5], [2.5]]]",),
    "x.unsqueeze(0)": (VECTOR,), "torch.unsqueeze(x, -1)": (VECTOR,), "x.expand(2, 3)": (VECTOR,),
    "x.expand(-1, 3)": (COLUMN,), "x.expand((2, 2, 3))": (COLUMN,), "x.expand(4)": (SCALAR,),
    "torch.cat([x, w])": (VECTOR, OTHER), "torch.cat((x, w), 1)": (MATRIX, COLUMN),
    "torch.cat([x, x], dim=-1)": (MATRIX,),
    "torch.stack([x, w])": (VECTOR, OTHER), "torch.stack((x, w, x), dim=1)": (VECTOR, OTHER),
    "x.clone()": (VECTOR,), "x.detach() * x": (VECTOR,), "x.float()": (VECTOR,), "x.to(torch.float32)": (VECTOR,),
    "x.double()": (VECTOR,),
}  # fmt: skip

INDEXING = {
    "x[0]": (VECTOR,), "x[-1]": (MATRIX,), "x[0, 1]": (MATRIX,), "x[1:]": (VECTOR,), "x[:, 0]": (MATRIX,),
    "x[:, 1:]": (MATRIX,), "x[::2]": (VECTOR,), "x[None]": (VECTOR,), "x[..., 0]": (CUBE,), "x[0, :, 1]": (CUBE,),
    "x[[0, 0, 2]]": (VECTOR,), "x[torch.tensor([1, 1, 0])]": (VECTOR,), "x[x > 0]": (VECTOR,),
    "x[torch.tensor([0, 1]), torch.tensor([2, 2])]": (MATRIX,), "x[:, [0, 2]]": (MATRIX,), "x[1:1]": (VECTOR,),
}  # fmt: skip

ACTIVATIONS = {
    "torch.softmax(x, 0)": (VECTOR,), "F.softmax(x, dim=1)": (MATRIX,), "x.softmax(-1)": (CUBE,),
    "torch.log_softmax(x, 0)": (VECTOR,), "F.log_softmax(x, dim=1)": (MATRIX,), "x.log_softmax(0)": (CUBE,),
    "F.softmax(x, dim=1) ": ("[[1000.0, 0.0], [-1000.0, 1000.0]]",),
    "F.log_softmax(x, dim=1) ": ("[[1000.0, 0.0], [-1000.0, 1000.0]]",),
    "torch.sigmoid(x)": ("[-800.0, 800.0]",), "torch.tanh(x)": ("[-800.0, 800.0]",),
}  # fmt: skip

LOSSES = {
    "F.mse_loss(x, w)": (VECTOR, OTHER), "F.mse_loss(x, w, reduction='sum')": (VECTOR, OTHER),
    "F.mse_loss(x, w, reduction='none')": (MATRIX, MATRIX.replace("3.0", "-1.0")),
    "F.mse_loss(x, w) ": (COLUMN, "[1.0, 2.0]"),
    "F.cross_entropy(x, torch.tensor([0, 2]))": (MATRIX,),
    "F.cross_entropy(x, torch.tensor([1, 1]), reduction='sum')": (MATRIX,),
    "F.cross_entropy(x, torch.tensor([1, 0]), reduction='none')": (MATRIX,),
    "F.cross_entropy(x, torch.tensor(2))": (VECTOR,),
    "F.cross_entropy(x, torch.tensor([[0, 1], [1, 2]]))": (CUBE,),
    "F.cross_entropy(x, torch.tensor([0, -100]))": (MATRIX,),
    "F.cross_entropy(x, torch.tensor([[0.25, 0.5, 0.25], [1.0, 0.0, 0.0]], dtype=x.dtype))": (MATRIX,),
}  # fmt: skip

# The backward nodes one step behind the last, for what PyTorch makes of several.
BEHIND = (
    "3 / x", "F.linear(x, w, b)", "F.linear(x, w)", "F.cross_entropy(x, torch.tensor([0, 2]))",
    "x.T", "torch.flatten(x, 1)", "x.detach() * x",
)  # fmt: skip

# Where PyTorch takes other steps than ours to the same numbers, such as folding batches into one matrix product: here
# the values are compared, not the names of the backward nodes.
OTHER_STEPS = (
    "x @ w  ", "torch.matmul(x, w) ", "torch.matmul(x, w)  ", "torch.matmul(x, w)   ", "F.linear(x, w, b) ",
    "F.linear(x, w, b)  ", "x.T.reshape(6)", "F.cross_entropy(x, torch.tensor([[0, 1], [1, 2]]))",
    "F.cross_entropy(x, torch.tensor([[0.25, 0.5, 0.25], [1.0, 0.0, 0.0]], dtype=x.dtype))",
)  # fmt: skip

FAMILIES = {
    "pointwise": POINTWISE, "broadcast": BROADCAST, "reduction": REDUCTIONS, "linalg": LINALG, "shape": SHAPES,
    "indexing": INDEXING, "activation": ACTIVATIONS, "loss": LOSSES,
}  # fmt: skip


def _case(expression: str, values: tuple[str, ...]) -> str:
    leaves = dict(zip("xwb", values, strict=False))
    made = [
        f"{name} = torch.tensor({value}, dtype=torch.float64, requires_grad=True)" for name, value in leaves.items()
    ]
    grads = [f"{name}.grad" for name in leaves]
    shown = "y.detach()" if expression in OTHER_STEPS else "y"
    behind = (
        ["[edge[0].name().split('::')[-1] for edge in y.grad_fn.next_functions if edge[0]]"]
        if expression in BEHIND
        else []
    )
    first = ["y.backward(seed_for(y))", *grads]
    return "\n".join([*made, f"y = {expression.strip()}", shown, *behind, *first, "second_backward(y)"])


CASES = {
    f"{family}: {expression}": _case(expression, values)
    for family, expressions in FAMILIES.items()
    for expression, values in expressions.items()
}
