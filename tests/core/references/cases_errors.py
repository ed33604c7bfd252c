"""What PyTorch says to bad input, and what it does then."""

from __future__ import annotations

_LEAVES = """
x = torch.tensor([1., 2., 3.], requires_grad=True)
m = torch.ones(2, 3, requires_grad=True)
i = torch.tensor([1, 2])
"""

ARGUMENTS = {
    "broadcasting": (
        "x + torch.ones(2)", "m * torch.ones(2, 2)", "torch.ones(4, 1, 3) + torch.ones(2, 2)",
        "torch.where(x > 0, x, torch.ones(2))", "torch.maximum(x, torch.ones(4))", "x ** torch.ones(2)",
    ),
    "products": (
        "m @ m", "torch.mm(m, m)", "m @ torch.ones(2)", "torch.mv(m, torch.ones(2))", "x @ torch.ones(2)",
        "torch.dot(x, torch.ones(2))", "m @ torch.tensor(2.)", "torch.tensor(2.) @ m", "torch.mm(m, x)",
        "torch.mv(x, m)",
        "torch.dot(m, x)", "torch.ones(4, 2, 3) @ torch.ones(4, 2, 3)", "torch.ones(4, 2, 3) @ torch.ones(5, 3, 2)",
        "torch.ones(2, 2) @ torch.ones(2, 2, dtype=torch.float64)",
        "torch.ones(2, 2) @ torch.ones(2, 2, dtype=torch.int64)",
        "torch.ones(2) @ torch.ones(2, dtype=torch.float64)", "F.linear(m, torch.ones(4, 2))",
        "F.linear(m, torch.ones(4, 3), torch.ones(3))", "x @ 2",
    ),
    "dimensions": (
        "m.sum(2)", "m.sum(-3)", "m.mean(dim=2)", "m.sum((0, 0))", "m.sum((0, -2))", "m.max(2)", "torch.softmax(m, 2)",
        "m.transpose(0, 2)", "m.permute(0, 2)", "m.permute(0)", "m.permute(0, 0)", "m.unsqueeze(4)", "m.squeeze(2)",
        "m.flatten(1, 0)", "torch.ones(2, 2, 2).t()", "torch.tensor(1.).sum(1)", "torch.amax(m, 2)", "m.prod(2)",
    ),
    "shapes": (
        "m.reshape(4, 2)", "m.view(4, 2)", "m.view(-1, 4)", "m.view(-1, -1)", "m.view(-2, 3)", "m.T.view(6)",
        "x.expand(4)", "x.expand(3, 2)", "m.expand(3)", "x.expand(-1, 3, 3)", "torch.cat([x, m])",
        "torch.cat([torch.ones(2, 3), torch.ones(2, 2)])", "torch.cat([])", "torch.cat([torch.tensor(1.)])",
        "torch.cat([torch.ones(2, 3), torch.ones(2, 3)], 2)", "torch.stack([torch.ones(2), torch.ones(3)])",
        "torch.stack([])", "torch.stack([x, x], 3)", "torch.cat(x)", "torch.zeros(-1)", "torch.ones(2, -3)",
    ),
    "indices": (
        "x[5]", "x[-4]", "m[0, 3]", "m[2]", "x[0, 0]", "torch.tensor(1.)[0]", "x[torch.tensor([0, 3])]",
        "x[torch.tensor([True, False])]", "x[::-1]", "x[1.5]", "m[:, :, 0]",
    ),
    "types": (
        "i.mean()", "torch.mean(i, 0)", "i ** -1", "torch.tensor([True]) - torch.tensor([True])",
        "-torch.tensor([True])",
        "torch.softmax(i, 0)", "torch.where(i, x[:2], x[:2])", "F.mse_loss(i, i)", "x + 'a'", "x * None",
        "x + [1, 2, 3]",
        "torch.exp(2)", "torch.relu(2.5)", "torch.sum([1, 2])", "torch.clamp(x)", "torch.exp()",
        "torch.exp(x, 2, 3)", "torch.mul(x)", "x.nothing", "torch.log(input=x, dim=1)",
    ),
    "losses": (
        "F.cross_entropy(torch.ones(2, 3), torch.tensor([0, 3]))",
        "F.cross_entropy(torch.ones(2, 3), torch.tensor([0, -1]))",
        "F.cross_entropy(torch.ones(2, 3), torch.tensor([0, 1, 2]))",
        "F.cross_entropy(torch.ones(2, 3), torch.tensor([0., 1.]))",
        "F.cross_entropy(torch.ones(2, 3), torch.tensor([0, 1]), reduction='avg')", "F.mse_loss(x, x, reduction='avg')",
        "F.mse_loss(torch.ones(3, 1), torch.ones(3))", "F.mse_loss(torch.ones(3), torch.ones(2))",
        "F.cross_entropy(torch.ones(3), torch.tensor(5))", "F.cross_entropy(torch.ones(2, 3), torch.ones(3, 2))",
    ),
    "empty": ("torch.zeros(0).max()", "torch.zeros(0).min()", "torch.zeros(2, 0).max(1)", "torch.zeros(0).amax()",
              "torch.zeros(0).mean()", "torch.zeros(0).item()"),
    "one value": ("torch.ones(2).item()", "bool(torch.ones(2))", "bool(torch.zeros(0))", "bool(torch.tensor(0.))",
                  "float(torch.tensor(2.5))", "int(torch.tensor(2.7))", "float(torch.ones(2))", "len(torch.tensor(1.))",
                  "len(m)", "x[0].item()", "torch.tensor([[3.5]]).item()", "m.tolist()", "torch.tensor(2).tolist()",
                  "[float(each) for each in x.detach()]"),
    "constructors": (
        "torch.zeros(2, 3)", "torch.zeros((2,))", "torch.ones(2, dtype=torch.int64)", "torch.full((2,), 7)",
        "torch.full((2,), 1.5)", "torch.full((), True)", "torch.eye(2)", "torch.eye(2, 3)", "torch.arange(3)",
        "torch.arange(1, 2, 0.25)", "torch.arange(1., 4.)", "torch.arange(5, 0, -2)", "torch.arange(0, 1, 0)",
        "torch.arange(0, 1, -1)", "torch.linspace(0, 1, 5)", "torch.linspace(1, -1, 3, dtype=torch.float64)",
        "torch.linspace(2, 3, 1)", "torch.linspace(0, 1, 0)", "torch.zeros_like(i)", "torch.ones_like(x)",
        "torch.full_like(m, 2.5)", "torch.zeros_like(x, dtype=torch.int64)", "torch.zeros(2, requires_grad=True)",
        "torch.ones(())", "torch.tensor([1., 2.], requires_grad=True)", "torch.empty(2, 3).shape",
        "torch.full((2,), 1, dtype=torch.float64)", "torch.ones(2, requires_grad=True, dtype=torch.int64)",
        "torch.from_numpy(np.ones(2))", "torch.tensor(np.ones(2, np.float32))", "torch.linspace(0, 1, 50).sum()",
    ),
}  # fmt: skip

CASES = {name: "\n".join([_LEAVES.strip(), *statements]) for name, statements in ARGUMENTS.items()}
