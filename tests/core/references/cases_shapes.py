"""Shapes, joins, parts and picks: values, gradients, the names of backward nodes, dtypes, and what PyTorch refuses."""

from __future__ import annotations

VECTOR = "[1.5, -2.0, 0.5]"
OTHER = "[2.0, 3.0, -1.5]"
MATRIX = "[[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]"
SMALL = "[[0.5, 2.0], [-1.0, 1.5]]"
CUBE = "[[[1.0, -2.0, 4.5], [0.5, 3.0, 2.25]], [[2.0, 1.5, -0.75], [-0.5, 4.0, 1.25]]]"
ONES = "[[[1.5], [2.5]]]"
SCALAR = "2.5"
EMPTY = "[]"

# expression: the leaves x, w, b in it
SHAPES = {
    "x.view_as(w)": (VECTOR, "[[1.0], [2.0], [3.0]]"), "x.reshape_as(w)": (VECTOR, "[[1.0], [2.0], [3.0]]"),
    "x.t().reshape(3, 2)": (MATRIX,), "x[:, :, :2].reshape(2, 2, 2, 1)": (CUBE,), "x[:, 1:].reshape(-1)": (MATRIX,),
    "x.T.reshape(6)": (MATRIX,), "x.T.flatten()": (MATRIX,), "torch.ravel(x)": (MATRIX,), "x.T.ravel()": (MATRIX,),
    "x.ravel()": (SCALAR,), "torch.unflatten(x, 2, (3, 1))": (CUBE,), "x.unflatten(-1, (-1, 3))": (MATRIX,),
    "torch.swapaxes(x, 0, 1)": (MATRIX,), "x.swapaxes(axis0=0, axis1=-1)": (CUBE,), "x.swapdims(0, 1)": (MATRIX,),
    "x.mT": (CUBE,), "torch.movedim(x, 0, 2)": (CUBE,), "x.movedim((0, 1), (1, 0))": (CUBE,),
    "torch.moveaxis(x, 0, -1)": (CUBE,), "x.movedim(0, 0)": (SCALAR,), "x.T": (SCALAR,), "x.T ": (CUBE,),
    "x.t() ": (SCALAR,), "x.squeeze(())": (ONES,), "x.squeeze((0, 1))": (ONES,), "x.squeeze(-1)": (ONES,),
    "x.unsqueeze(0)": (SCALAR,), "torch.atleast_1d(x)": (SCALAR,), "torch.atleast_2d(x)": (VECTOR,),
    "torch.atleast_3d(x)": (MATRIX,), "torch.atleast_3d(x) ": (VECTOR,), "torch.atleast_2d(x) ": (MATRIX,),
    "x.transpose(0, 0)": (SCALAR,), "x.contiguous()": (MATRIX,), "x.T.contiguous()": (MATRIX,),
    "x.T.contiguous().view(6)": (MATRIX,), "x.T.clone()": (MATRIX,), "x.flatten()": (EMPTY,),
    "x.reshape(0, 3)": (EMPTY,), "x.view(-1)": (SCALAR,), "x.permute(())": (SCALAR,), "x.flatten(0, 1)": (ONES,),
}  # fmt: skip

ORDERS = {
    "x.flip(0)": (MATRIX,), "x.flip(0, 1)": (MATRIX,), "torch.flip(x, (0, -1))": (CUBE,), "x.flip(())": (MATRIX,),
    "x.flip(0) ": (SCALAR,), "torch.fliplr(x)": (MATRIX,), "torch.flipud(x)": (VECTOR,), "torch.roll(x, 1)": (MATRIX,),
    "torch.roll(x, 1, 0)": (MATRIX,), "x.roll((1, -2), (0, 1))": (MATRIX,), "x.roll(shifts=4, dims=-1)": (MATRIX,),
    "x.roll(1)": (SCALAR,), "torch.rot90(x)": (MATRIX,), "x.rot90(2)": (MATRIX,), "x.rot90(-1, (2, 1))": (CUBE,),
    "x.rot90(4)": (MATRIX,), "x.flip(0)  ": (EMPTY,), "x.roll(2)": (EMPTY,),
}  # fmt: skip

REPEATS = {
    "x.expand_as(w)": (VECTOR, MATRIX), "torch.broadcast_to(x, (2, 3))": (VECTOR,), "x.broadcast_to(2, 3)": (VECTOR,),
    "torch.broadcast_tensors(x, w)[0]": (VECTOR, "[[1.0], [2.0]]"),
    "torch.broadcast_tensors(x, w)[1]": (VECTOR, "[[1.0], [2.0]]"), "x.repeat(2, 1)": (MATRIX,),
    "x.repeat(2, 2)": (VECTOR,), "x.repeat((2,))": (VECTOR,), "x.repeat(0, 1)": (MATRIX,), "x.repeat(2)": (SCALAR,),
    "x.repeat(2, 3) ": (EMPTY,), "torch.tile(x, (2,))": (MATRIX,), "x.tile(2, 1, 1)": (MATRIX,),
    "x.tile(())": (MATRIX,),
    "x.repeat_interleave(2)": (MATRIX,), "torch.repeat_interleave(x, 2, 0)": (MATRIX,),
    "x.repeat_interleave(3, dim=-1)": (CUBE,), "x.repeat_interleave(torch.tensor([1, 2]), 0)": (MATRIX,),
    "x.repeat_interleave(torch.tensor([0, 2, 1]))": (VECTOR,), "x.repeat_interleave(2) ": (SCALAR,),
    "x.repeat_interleave(0, 0)": (MATRIX,), "x.repeat_interleave(torch.tensor(2))": (VECTOR,),
    "torch.meshgrid(x, w, indexing='ij')[0]": (VECTOR, "[1.0, 2.0]"),
    "torch.meshgrid(x, w, indexing='ij')[1]": (VECTOR, "[1.0, 2.0]"),
    "torch.meshgrid([x, w], indexing='xy')[0]": (VECTOR, "[1.0, 2.0]"),
    "torch.meshgrid(x, w, b, indexing='xy')[1]": (VECTOR, "[1.0, 2.0]", SCALAR),
}  # fmt: skip

JOINS = {
    "torch.cat([x, w])": (EMPTY, MATRIX), "torch.cat([x, w, x], 1)": (MATRIX, EMPTY), "torch.cat([x])": (EMPTY,),
    "torch.cat([x, w]) ": (EMPTY, EMPTY), "torch.cat([w, x, w], -1)": (VECTOR, EMPTY),
    "torch.concat([x, w])": (VECTOR, OTHER), "torch.concatenate([x, w], 1)": (MATRIX, SMALL),
    "torch.hstack([x, w])": (VECTOR, OTHER), "torch.hstack((x, w)) ": (MATRIX, SMALL),
    "torch.hstack([x, w])  ": (SCALAR, VECTOR), "torch.vstack([x, w])": (VECTOR, MATRIX),
    "torch.vstack([x, w]) ": (SCALAR, "1.5"), "torch.dstack([x, w])": (VECTOR, OTHER),
    "torch.dstack([x, x])": (MATRIX,), "torch.row_stack([x, w])": (VECTOR, OTHER),
    "torch.column_stack([x, w])": (VECTOR, OTHER), "torch.column_stack([x, w]) ": ("[1.0, 2.0]", SMALL),
    "torch.stack([x, w])": (SCALAR, "1.5"), "torch.stack([x, x], -1)": (MATRIX,),
}  # fmt: skip

PARTS = {
    "x.split(1)[1]": (MATRIX,), "torch.split(x, 2, dim=1)[0]": (MATRIX,), "torch.split(x, 2, dim=1)[1]": (MATRIX,),
    "x.split([1, 2], 1)[1]": (MATRIX,), "x.split(5)[0]": (MATRIX,), "x.chunk(2)[1]": (MATRIX,),
    "torch.chunk(x, 2, 1)[1]": (MATRIX,), "torch.cat(x.chunk(3)[::-1])": ("[1.0, 2.0, 3.0, 4.0]",),
    "x.tensor_split(2, 1)[0]": (MATRIX,), "torch.tensor_split(x, (1, 2), dim=1)[2]": (MATRIX,),
    "x.tensor_split(5, 1)[4]": (MATRIX,), "x.tensor_split((2, 1))[1]": (VECTOR,), "torch.hsplit(x, 3)[1]": (MATRIX,),
    "x.vsplit(2)[0]": (MATRIX,), "torch.dsplit(x, (1,))[1]": (CUBE,), "x.hsplit((1,))[1]": (VECTOR,),
    "x.unbind()[1]": (MATRIX,), "torch.unbind(x, 1)[2]": (MATRIX,), "sum(x.unbind(-1))": (CUBE,),
    "x.unbind()[0]": (VECTOR,), "x.narrow(1, 0, 2)": (MATRIX,), "torch.narrow(x, 1, -2, 2)": (MATRIX,),
    "x.narrow(1, 3, 0)": (MATRIX,), "x.narrow(1, torch.tensor(1), 1)": (MATRIX,), "x.select(1, 0)": (MATRIX,),
    "torch.select(x, 0, -1)": (MATRIX,), "x.select(0, 1)": (VECTOR,),
}  # fmt: skip

DIAGONALS = {
    "torch.tril(x)": (MATRIX,), "x.triu(1)": (MATRIX,), "x.tril(-1)": (CUBE,), "torch.triu(x, diagonal=-1)": (MATRIX,),
    "torch.diag(x)": (VECTOR,), "torch.diag(x) ": (MATRIX,), "torch.diag(x, 1)": (VECTOR,), "x.diag(-1)": (MATRIX,),
    "torch.diag(x, 5)": (MATRIX,), "torch.diagonal(x)": (MATRIX,), "torch.diagonal(x, 0, 1, 2)": (CUBE,),
    "x.diagonal(1)": (MATRIX,), "x.diagonal(dim1=-1, dim2=0)": (CUBE,), "x.diagonal(9)": (MATRIX,),
    "torch.diag_embed(x)": (VECTOR,), "torch.diag_embed(x, 1)": (MATRIX,), "torch.diag_embed(x, -1, 0, 2)": (MATRIX,),
    "torch.diagflat(x)": (SMALL,), "torch.diagflat(x, -1)": (VECTOR,),
}  # fmt: skip

PICKS = {
    "torch.gather(x, 1, torch.tensor([[0, 0], [2, 1]]))": (MATRIX,), "x.gather(0, torch.tensor([[1]]))": (MATRIX,),
    "torch.gather(x, -1, index=torch.tensor([[2]]))": (MATRIX,), "x.gather(0, torch.tensor(0))": (SCALAR,),
    "x.gather(0, torch.tensor([0, 0]))": (SCALAR,), "x.gather(0, torch.tensor(1))": (VECTOR,),
    "x.gather(1, torch.zeros(2, 0, dtype=torch.int64))": (MATRIX,),
    "x.scatter(1, torch.tensor([[0], [1]]), 5.0)": (MATRIX,),
    "torch.scatter(x, 0, torch.tensor([[1]]), w)": (MATRIX, "[[7.0]]"),
    "x.scatter(1, torch.tensor([[0, 2], [1, 0]]), w)": (MATRIX, SMALL),
    "torch.scatter(x, 1, torch.tensor([[0], [1]]), value=2)": (MATRIX,),
    "x.scatter(dim=0, index=torch.tensor([1]), src=w)": (VECTOR, "[7.0]"),
    "x.scatter_add(1, torch.tensor([[0, 0], [1, 0]]), w)": (MATRIX, SMALL),
    "torch.scatter_add(x, 0, torch.tensor([1, 1]), w)": (VECTOR, "[7.0, 2.0]"),
    "x.index_select(1, torch.tensor([2, 0, 2]))": (MATRIX,), "torch.index_select(x, 0, torch.tensor(1))": (MATRIX,),
    "x.index_select(0, torch.zeros(0, dtype=torch.int64))": (VECTOR,),
    "torch.take(x, torch.tensor([5, 0, -1, 5]))": (MATRIX,), "x.take(torch.tensor([[1], [2]]))": (MATRIX,),
    "x.take(torch.tensor(1))": (VECTOR,), "torch.take_along_dim(x, torch.tensor([0, 5]))": (MATRIX,),
    "torch.take_along_dim(x, torch.tensor([[0]]), 1)": (MATRIX,),
    "x.take_along_dim(torch.tensor([[-1, 3]]), 1)": (MATRIX,),
    "torch.take_along_dim(x, torch.argmax(x, 1, keepdim=True), dim=1)": (MATRIX,),
    "x.masked_fill(x > 0, 0)": (MATRIX,), "x.masked_fill(x > 0, w)": (MATRIX, SCALAR),
    "torch.masked_fill(x, torch.tensor([True, False, True]), float('-inf'))": (MATRIX,),
    "x.masked_fill(torch.tensor([[True], [False]]), value=1.5)": (VECTOR,),
    "torch.masked_select(x, x > 0)": (MATRIX,), "x.masked_select(torch.tensor([True, False, True]))": (MATRIX,),
    "x.masked_select(torch.tensor([[True], [True]]))": (VECTOR,), "x.masked_select(torch.tensor(True))": (SCALAR,),
    "x.masked_select(x > 9)": (MATRIX,), "x.index_fill(1, torch.tensor([0, -1]), 9)": (MATRIX,),
    "x.index_fill(0, torch.tensor([1]), w)": (MATRIX, SCALAR),
    "torch.index_fill(x, 0, torch.tensor([1]), 2.5)": (VECTOR,),
    "x.index_add(1, torch.tensor([0, 0]), w)": (MATRIX, SMALL),
    "torch.index_add(x, 0, torch.tensor([2, 0]), w, alpha=2)": (VECTOR, "[1.0, 2.0]"),
    "x.index_copy(1, torch.tensor([2, 0]), w)": (MATRIX, SMALL),
    "x[torch.tensor([0, 0])]": (MATRIX,), "x[torch.tensor([0, 1]), :, torch.tensor([2, 0])]": (CUBE,),
    "x[:, torch.tensor([0, 1]), torch.tensor([2, 0])]": (CUBE,), "x[..., [True, False, True]]": (MATRIX,),
    "x[torch.tensor([[0, 1]])]": (VECTOR,), "x[torch.tensor(1)]": (MATRIX,), "x[None, ..., None]": (VECTOR,),
    "x[-2:, -1]": (MATRIX,), "x[x.argmax()]": (VECTOR,), "x[torch.tensor([], dtype=torch.int64)]": (VECTOR,),
    "x[:, None, 1:3]": (MATRIX,), "x[(x > 0)[:, 0]]": (MATRIX,), "x[5:]": (VECTOR,), "x[0, [1, 1]]": (MATRIX,),
}  # fmt: skip

GROUPS = {
    "shape": SHAPES, "order": ORDERS, "repeat": REPEATS, "join": JOINS, "part": PARTS, "diagonal": DIAGONALS,
    "pick": PICKS,
}  # fmt: skip


def _case(expression: str, values: tuple[str, ...]) -> str:
    leaves = dict(zip("xwb", values, strict=False))
    made = [
        f"{name} = torch.tensor({value}, dtype=torch.float64, requires_grad=True)" for name, value in leaves.items()
    ]
    steps = [f"y = {expression.strip()}", "y", "y.backward(seed_for(y))", *(f"{name}.grad" for name in leaves)]
    return "\n".join([*made, *steps, "second_backward(y)"])


_LEAVES = """
x = torch.tensor([1., 2., 3.], requires_grad=True)
m = torch.tensor([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]], requires_grad=True)
c = torch.arange(12.).reshape(2, 3, 2)
s = torch.tensor(2.)
i = torch.tensor([1, 2])
"""

REFUSED = {
    "shapes": (
        "m.reshape(4, 2)", "m.T.reshape(4)", "m.T.view(6)", "m.reshape()", "c.unflatten(1, (2, 2))",
        "c.unflatten(3, (2, 2))", "c.unflatten(1, ())", "c.unflatten(1, (-1, -1))", "m.view_as(x)", "x.mT",
        "c.movedim((0, 1), (1,))", "c.movedim((0, 0), (1, 2))", "c.movedim((0, 1), (1, 1))", "c.movedim(3, 0)",
        "m.flatten(0, 5)", "s.unsqueeze(1)", "m.swapaxes(0, 2)", "x.unflatten(0, -1)", "torch.unflatten(x, 0, -1)",
    ),
    "sides of an empty tensor that could be any": (
        "m[:0].view(0, -1)", "m[:0].view(-1, 0)", "m[:0].T.reshape(-1, 0)", "m[:0].unflatten(0, (-1, 0))",
        "m[:0].view(-1).shape", "m[:0].view(-1, 3).shape", "m[:0].unflatten(0, (2, -1)).shape", "m.view(0, -1)",
    ),
    "more than one ellipsis": (
        "m[..., ...]", "m[..., 0, ...]", "m[0, ..., ...]", "m[0, 1, ..., ...]", "m[..., None, ...].shape",
        "m[..., ..., :]", "m[..., torch.tensor([0, 1]), ...]", "c[..., 0, 0, ..., ...]", "m[..., ..., 0]",
        "m[:, :, ..., ..., None].shape", "m[..., ..., -1]", "m[..., ..., 1:]", "m[..., ..., None]", "c[0, ..., ..., 0]",
        "c[..., ..., [0]]", "c[..., c > 3]", "c[..., ..., c > 3]", "s[..., ..., None]",
    ),
    "orders": (
        "m.flip([0, 0])", "m.flip(2)", "m.flip()", "torch.fliplr(x)", "torch.flipud(s)", "m.roll(1, (0, 1))",
        "m.roll((1, 2))", "m.roll(1, 2)", "s.roll(1, 0)", "m.rot90(1, (0, 0))", "m.rot90(1, (0, 2))", "torch.rot90(x)",
        "m.rot90(1, (0,))",
    ),
    "repeats": (
        "x.broadcast_to((2, 2))", "x.expand_as(s)", "torch.broadcast_tensors(x, torch.ones(2))", "m.repeat(2)",
        "m.repeat(-1, 1)", "x.repeat()", "m.repeat_interleave(-1)", "m.repeat_interleave(2, 2)",
        "m.repeat_interleave(torch.tensor([1, 2]))", "torch.meshgrid(x, i, indexing='ij')",
        "torch.meshgrid(x, x, indexing='a')",
    ),
    "joins": (
        "torch.cat([torch.zeros(0, 2), m])", "torch.cat([m, torch.zeros(1, 0)])", "torch.cat([torch.zeros(0), m], 2)",
        "torch.cat([x, s])", "torch.cat([torch.zeros(0), s])", "torch.hstack([])", "torch.hstack([m, x])",
        "torch.hstack((m, torch.ones(3, 3)))", "torch.vstack([])", "torch.vstack([x, torch.ones(2)])",
        "torch.stack([x, x], -3)",
    ),
    "parts": (
        "m.split((1, 1), 1)", "m.split(0)", "m.split(-1)", "m.split([1, -1, 3], 1)", "s.split(1)", "m.split(1, 2)",
        "m.split(1.5)", "m.chunk(0)", "s.chunk(1)", "m.chunk(2, 3)", "s.tensor_split(1)", "m.tensor_split(0)",
        "torch.hsplit(m, 2)", "torch.vsplit(x, 1)", "torch.hsplit(s, 1)", "torch.dsplit(m, 1)", "s.unbind()",
        "m.unbind(2)", "m.narrow(1, 2, 2)", "m.narrow(1, 0, -1)", "m.narrow(1, 4, 1)", "m.narrow(1, -4, 1)",
        "s.narrow(0, 0, 1)", "m.narrow(2, 0, 1)", "m.select(1, 3)", "m.select(-1, -4)", "s.select(0, 0)",
        "m.select(2, 0)",
    ),
    "diagonals": (
        "x.tril()", "s.triu()", "torch.diag(c)", "torch.diag(s)", "x.diagonal()", "m.diagonal(0, 1, 1)",
        "m.diagonal(0, 0, 2)", "torch.diag_embed(s)", "torch.diag_embed(x, 0, 0, 0)", "torch.diag_embed(x, 0, 0, 3)",
    ),
    "gathers": (
        "m.gather(0, torch.tensor([[0, 1, 1, 1]]))", "m.gather(1, torch.tensor([0]))",
        "m.gather(1, torch.tensor([[3]]))",
        "m.gather(1, torch.tensor([[-1]]))", "m.gather(2, torch.tensor([[0]]))", "m.gather(1, torch.tensor([[0.]]))",
        "m.scatter(1, torch.tensor([[0], [1]]), torch.ones(2, 1, dtype=torch.float64))",
        "m.scatter(1, torch.tensor([[0], [1]]), torch.ones(1, 1))", "m.scatter(1, torch.tensor([[0], [5]]), 1.)",
        "x.scatter(0, torch.tensor([-1]), 2.)", "x.scatter(0, torch.tensor([0.]), 2.)",
        "x.scatter(0, torch.tensor([[0]]), 2.)", "m.scatter(0, torch.tensor([[0, 0, 0, 0]]), 2.)",
        "m.scatter(2, torch.tensor([[0]]), 2.)",
        "x.scatter_add(0, torch.tensor([0]), torch.ones(1, dtype=torch.float64))",
        "x.scatter_add(0, torch.tensor([0, 1]), torch.ones(1))", "x.scatter_add(0, torch.tensor([4]), torch.ones(1))",
        "m.take_along_dim(torch.tensor([0]), 1)", "m.take_along_dim(torch.tensor([[0]], dtype=torch.int32), 1)",
        "m.take_along_dim(torch.tensor([[0, 0], [1, 1], [0, 1]]), 1)", "m.take(torch.tensor([6]))",
        "m.take(torch.tensor([1.]))", "torch.zeros(0).take(torch.tensor([0]))",
    ),
    "slices": (
        "m.index_select(0, torch.tensor([3]))", "m.index_select(0, torch.tensor([-1]))",
        "m.index_select(0, torch.tensor([[0]]))", "m.index_select(0, torch.tensor([0.]))",
        "m.index_select(3, torch.tensor([0]))", "m.index_fill(1, torch.tensor([3]), 9.)",
        "x.index_fill(0, torch.tensor([[1]]), 9.)", "x.index_fill(0, torch.tensor([1.]), 9.)",
        "m.index_fill(1, torch.tensor(0), x)", "m.index_add(1, torch.tensor([0, 3]), torch.ones(2, 2))",
        "m.index_add(1, torch.tensor([0]), torch.ones(2, 2))", "x.index_add(0, torch.tensor([-1]), torch.ones(1))",
        "x.index_add(0, torch.tensor([0]), torch.ones(1, dtype=torch.float64))",
        "x.index_add(0, torch.tensor([0.]), torch.ones(1))", "x.index_add(0, torch.tensor([[0]]), torch.ones(1))",
        "m.index_add(0, torch.tensor([0]), torch.ones(1, 2))", "x.index_copy(0, torch.tensor([-1]), torch.ones(1))",
        "x.index_copy(0, torch.tensor([0]), torch.ones(2))", "m.index_copy(0, torch.tensor([0]), torch.ones(1, 2))",
        "x.index_copy(0, torch.tensor([0]), torch.ones(1, dtype=torch.float64))",
    ),
    "masks": (
        "m.masked_fill(m > 2, x)", "m.masked_fill(torch.tensor([1, 0, 1]), 0.)",
        "x.masked_fill(torch.tensor([True, False]), 0.)", "i.masked_fill(i > 1, float('inf'))",
        "m.masked_select(torch.tensor([1, 0, 1]))", "m.masked_select(torch.tensor([True, False]))",
        "m[torch.tensor([True, False, True])]", "m[torch.tensor([[True, False], [True, False]])]",
    ),
}  # fmt: skip

PLAIN = {
    "dtypes": (
        "torch.cat([x, i])", "torch.cat([i, torch.tensor([True])])", "torch.stack([x[:2], i])",
        "torch.hstack([x, torch.ones(2, dtype=torch.float64)])", "i.masked_fill(i > 1, 2.5)", "i.masked_fill(i > 1, s)",
        "torch.tensor([True, False]).masked_fill(torch.tensor([True, True]), 0.5)",
        "i.index_fill(0, torch.tensor([1]), 2.5)",
        "i.scatter(0, torch.tensor([0]), 2.5)", "x.masked_fill(x > 1, torch.tensor(1.5, dtype=torch.float64))",
        "x.masked_fill(x > 1, True)", "torch.tril(torch.ones(2, 2, dtype=torch.bool))", "torch.diag(i)", "i.repeat(2)",
        "torch.gather(m, 1, torch.tensor([[0]], dtype=torch.int32))", "i.index_add(0, i - 1, i)",
        "torch.ones(2, 3, dtype=torch.bool).flip(0)", "torch.tensor([[1, 2], [3, 4]], dtype=torch.uint8).rot90()",
        "i.half()", "i.short()", "i.char()", "i.byte()", "x.half()", "x.to(torch.float16)", "x.to(i)", "i.type_as(x)",
        "x.to('cpu') is x", "x.to(torch.float32, copy=True) is x", "x.to(dtype=torch.float64)",
        "x.to('cpu', torch.float64)", "x.to(device='cpu') is x",
    ),
    "places": (
        "torch.nonzero(m)", "m.nonzero(as_tuple=True)", "s.nonzero()", "s.nonzero(as_tuple=True)",
        "torch.argwhere(m > 0)",
        "torch.nonzero(torch.tensor(0.))", "torch.zeros(0, 3).nonzero()", "i.argwhere()",
    ),
    "results": (
        "m.split(1)", "m.chunk(5, 1)", "torch.chunk(torch.zeros(0), 3)", "torch.split(torch.zeros(0), 1)",
        "torch.split(torch.zeros(0), 0)", "m.unbind(1)", "torch.zeros(0, 3).unbind()", "m.tensor_split((1, 2, 5), 1)",
        "m.tensor_split(torch.tensor([1]), 1)", "torch.broadcast_tensors(x, s)", "torch.meshgrid(x, indexing='ij')",
        "torch.meshgrid(i, s.long(), i, indexing='xy')", "x.unbind()", "m.hsplit(3)",
    ),
    "nodes of brackets": (
        "w = torch.arange(6.).reshape(2, 3).requires_grad_()", "w[...]", "w[()]", "w[0, ...]", "w[1:, ...]",
        "w[None, ...]", "w[:, ...]", "w[..., :]", "w[0, :]", "w[None, :]", "w[:, 1:]", "w[[0], :]", "w[..., 0, ...]",
    ),
    "the same": (
        "torch.atleast_1d(x) is x", "x.flatten() is x", "c.flatten(1, 1) is c", "x.contiguous() is x",
        "x.float() is x", "x.half() is x", "torch.broadcast_tensors(x, x)[0] is x",
    ),
}  # fmt: skip

WRITTEN = {
    "fills": """
        y = torch.tensor([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])
        y.masked_fill_(y < 0, 0)
        y.index_fill_(1, torch.tensor([2]), 7.)
        y.scatter_(1, torch.tensor([[0], [1]]), -1)
        y.scatter_(1, torch.tensor([[1], [0]]), torch.tensor([[5.], [6.]]))
        y.scatter_add_(0, torch.tensor([[1, 1, 1]]), torch.ones(1, 3))
        y.index_add_(0, torch.tensor([0]), torch.ones(1, 3), alpha=2)
        y.index_copy_(1, torch.tensor([0]), torch.zeros(2, 1))
        y.tril_()
        y.triu_(1)
        y.fill_(3)
        y.fill_(torch.tensor(2))
        y.zero_()
        y.copy_(torch.tensor([1, 2, 3]))
        y.masked_fill_(torch.tensor([[[True]]]), 0.)
        torch.zeros(3, dtype=torch.int64).scatter_(0, torch.tensor([0]), 1.5)
        torch.zeros(3, dtype=torch.int64).index_fill_(0, torch.tensor([0]), 1.5)
        y.copy_(torch.ones(4))
    """,
    "tracked fills": """
        x = torch.tensor([1., -2., 3.], requires_grad=True)
        y = x * 2
        y.masked_fill_(y < 0, 0)
        y.index_fill_(0, torch.tensor([2]), 7.)
        y.sum().backward()
        x.grad
        x.masked_fill_(x < 0, 0)
        z = x * 1
        z.scatter_(0, torch.tensor([0]), x[1:2])
        z.sum().backward()
        x.grad
        z = x * 1
        z.zero_()
        z.fill_(2.)
        z = x * 1
        z.copy_(torch.tensor([1., 2., 3.])).requires_grad
        z.sum().backward()
        x.grad
    """,
    "what shares memory": """
        y = torch.arange(12.).reshape(3, 4)
        y.diagonal().fill_(-1)
        y
        y.narrow(1, 1, 2).mul_(10)
        y.select(0, 0).zero_()
        y.split(2)[1].add_(5)
        y.unbind(1)[3].sub_(7)
        y.movedim(0, 1)[0].fill_(8)
        y.unflatten(1, (2, 2))[0, 0].fill_(9)
        y.T.reshape(4, 3)[0, 0] = 4
        y
        y.flip(0).zero_()
        y.roll(1).zero_()
        y.take(torch.tensor(0)).zero_()
        y.rot90(0).zero_()
        y.repeat(1, 1).zero_()
        y.diag().zero_()
        y.contiguous().add_(1)
        y[:, 1:].reshape(9).zero_()
        y[torch.tensor([0])].zero_()
        y
    """,
    "more than one ellipsis": """
        m = torch.ones(2, 3)
        m[..., ...] = 3.
        m
        m[0, ..., ...] = 4.
        m[..., 1, ...] = 5.
        m[..., ..., 1] = 6.
        m[()] = 7.
        m
    """,
    "shapes in place": """
        y = torch.arange(6.).reshape(2, 3)
        y.t_()
        y.unsqueeze_(0)
        y.squeeze_(0)
        y.transpose_(0, 1)
        y.squeeze_()
        y.swapaxes_(0, 1)
        y.shape
        x = torch.ones(2, 3, requires_grad=True)
        x.t_()
        z = x * 2
        z.unsqueeze_(0).shape
        z.sum().backward()
        x.grad
    """,
}

CASES = {
    **{
        f"{group}: {expression}": _case(expression, values)
        for group, expressions in GROUPS.items()
        for expression, values in expressions.items()
    },
    **{f"refused: {name}": "\n".join([_LEAVES, *lines]) for name, lines in REFUSED.items()},
    **{name: "\n".join([_LEAVES, *lines]) for name, lines in PLAIN.items()},
    **{f"in place: {name}": source for name, source in WRITTEN.items()},
}
