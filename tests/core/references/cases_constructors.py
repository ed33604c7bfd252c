"""Tensors made: filled, counted, drawn, after another's likeness; and what torch answers about them."""

from __future__ import annotations

_TENSORS = """
x = torch.tensor([[1., 2., 3.], [4., 5., 6.]])
i = torch.tensor([1, 2])
"""

MADE = {
    "counted": (
        "torch.logspace(0, 2, 3)", "torch.logspace(-1, 1, 5, base=2)", "torch.logspace(0, 1, 0)",
        "torch.logspace(0, 2, 3, dtype=torch.int64)", "torch.logspace(0, 2, 4, dtype=torch.float64)",
        "torch.linspace(0, 10, 5, dtype=torch.int64)", "torch.linspace(0, 1, 1)", "torch.logspace(0, 1, -1)",
        "torch.arange(1, 2, 0.3)", "torch.arange(5, 0, -2)", "torch.arange(0)", "torch.eye(2, dtype=torch.bool)",
        "torch.eye(2, 3)", "torch.tril_indices(3, 3)", "torch.triu_indices(2, 3, 1)",
        "torch.tril_indices(2, 3, offset=-1)", "torch.tril_indices(-1, 2)", "torch.tril_indices(0, 2)",
        "torch.triu_indices(2, 2, dtype=torch.int32)",
    ),
    "filled": (
        "torch.full((2,), True)", "torch.full((2,), 3, dtype=torch.float32)", "torch.full((2,), fill_value=1.5)",
        "torch.ones(())", "torch.zeros([])", "torch.ones(2, dtype=float)", "torch.zeros(2, 0)",
        "torch.ones_like(i, dtype=torch.float32)", "torch.full_like(i, 2.5)", "torch.full_like(x, 2)",
        "torch.zeros_like(i)", "torch.zeros_like(x, requires_grad=True)",
    ),
    "new": (
        "x.new_tensor([1, 2])", "i.new_tensor([1.5])", "x.new_tensor(i)", "x.new_zeros(2, 3)", "x.new_zeros((2,))",
        "i.new_ones(2)", "i.new_full((2,), 2.5)", "i.new_full((2,), 3.7, dtype=torch.float64)", "x.new_empty(0)",
        "x.new_zeros(2, dtype=torch.int32)", "x.new_ones(2, requires_grad=True)", "i.new_ones(2, requires_grad=True)",
    ),
    "sizes": (
        "torch.numel(x)", "torch.numel(1)", "x.nelement()", "x.element_size()", "x.stride()", "x.stride(0)",
        "x.T.stride()", "x.stride(-1)", "x.stride(2)", "x[1:].storage_offset()", "x[1, 1:].storage_offset()",
        "x.T.storage_offset()", "x.ndimension()", "x.expand(2, 2, 3).stride()", "torch.tensor(1.).stride()",
        "torch.zeros(2, 0, 3).stride()", "x[:, :1].stride()", "x.itemsize", "x.nbytes", "x.cpu() is x",
        "x.contiguous().T.is_contiguous()", "x.size(-1)", "x.size(dim=0)", "x.size(2)", "x.flip(0).storage_offset()",
        "torch.is_same_size(x, x.T)", "x.is_same_size(x)", "torch.broadcast_shapes((2, 1), (3,))",
        "torch.broadcast_shapes((2,), (3,))", "torch.broadcast_shapes(2, (1,))", "torch.broadcast_shapes()",
        "torch.broadcast_shapes((-1,))", "torch.broadcast_shapes((2, 3), (4, 3))",
    ),
    "kinds": (
        "torch.is_floating_point(i)", "torch.is_floating_point(1)", "torch.is_nonzero(torch.tensor([0.]))",
        "torch.is_nonzero(x)", "torch.is_nonzero(torch.ones(0))", "i[0].is_nonzero()", "x.is_signed()",
        "torch.is_signed(torch.tensor([1], dtype=torch.uint8))", "x.is_complex()", "torch.result_type(i, 1.0)",
        "torch.result_type(1, 2.)", "torch.result_type(i, torch.tensor(1.))", "torch.result_type(i, True)",
        "torch.result_type(x, torch.ones(2, dtype=torch.float64))", "torch.promote_types(torch.int32, torch.float16)",
        "torch.promote_types(torch.uint8, torch.int8)", "torch.can_cast(torch.float32, torch.int64)",
        "torch.can_cast(torch.int64, torch.int8)", "torch.can_cast(torch.int32, torch.bool)",
        "(torch.inf, torch.nan, torch.pi, torch.e, torch.newaxis)",
    ),
    "by the name of the class": (
        "torch.Tensor([1, 2])", "torch.Tensor([[1, 2], [3, 4]])", "torch.Tensor((2, 3))", "torch.Tensor(range(3))",
        "torch.Tensor([True, False])", "torch.Tensor([])", "torch.Tensor([[], []])", "torch.Tensor()",
        "torch.Tensor(2, 3).shape", "torch.Tensor(3).shape", "torch.Tensor(0)", "torch.Tensor(np.int64(2)).shape",
        "torch.Tensor(torch.Size([2, 3])).shape", "torch.Tensor(size=(2, 3)).shape", "torch.Tensor(data=[1])",
        "torch.Tensor(2, device='cpu').shape", "torch.Tensor([1], device='float32')", "torch.Tensor(-1)",
        "torch.Tensor(2, -1)", "torch.Tensor(1, 2.5)", "torch.Tensor(2, [3])", "torch.Tensor(3.)", "torch.Tensor('a')",
        "torch.Tensor(b'ab')", "torch.Tensor(None)", "torch.Tensor(True)", "torch.Tensor({})", "torch.Tensor(1j)",
        "torch.Tensor(np.float64(2.))", "torch.Tensor([1, 'a'])", "torch.Tensor([None])", "torch.Tensor([[1], [1, 2]])",
        "torch.Tensor([torch.tensor(1), 2])", "torch.Tensor([torch.ones(2), torch.ones(2)])", "torch.Tensor('ab', 2)",
        "torch.Tensor([1, 2], [3])", "torch.Tensor(x, x)", "torch.Tensor(torch.Size([2]), 3)",
        "torch.Tensor([1], dtype=torch.int64)", "torch.Tensor(3, requires_grad=True)", "torch.Tensor(foo=1)",
        "torch.Tensor(size=2)", "torch.Tensor(np.array([1, 2]))", "torch.Tensor(np.array([1., 2.]))",
        "torch.Tensor(i)", "torch.Tensor(i) is i", "torch.Tensor(x.double())", "torch.Tensor([1e300])",
        "torch.Tensor(x.clone().requires_grad_())", "torch.Tensor([1]).is_leaf",
        "type(torch.Tensor([1])) is torch.Tensor", "isinstance(torch.zeros(2), torch.Tensor)",
    ),
    "limits": (
        "repr(torch.finfo(torch.float32))", "repr(torch.finfo(torch.float64))", "repr(torch.finfo(torch.float16))",
        "torch.finfo(torch.float32).eps", "torch.finfo().max", "torch.finfo(torch.float64).tiny",
        "torch.finfo(torch.float16).smallest_normal", "torch.finfo(torch.float32).resolution",
        "torch.finfo(torch.int32)", "torch.iinfo(torch.uint8).max", "torch.iinfo(torch.int64).min",
        "torch.iinfo(torch.float32)", "torch.iinfo(torch.bool)", "torch.iinfo(torch.int8).bits",
        "repr(torch.iinfo(torch.int32))", "torch.iinfo(torch.int8).dtype", "torch.finfo(torch.float64).bits",
        "torch.finfo(torch.float32) == torch.finfo(torch.float32)",
    ),
    "drawn": (
        "torch.manual_seed(3).initial_seed()", "torch.normal(2., 3., (3,))", "torch.normal(2., 3., (20,))",
        "torch.normal(1., 2., (3,), dtype=torch.float64)", "torch.normal(x, 2.)", "torch.normal(1., x)",
        "torch.normal(x, x[:1])", "torch.normal(torch.zeros(18), 0.5)", "torch.normal(0., -1., (3,))",
        "torch.normal(x, -1.)", "torch.normal(torch.zeros(2), torch.ones(3))", "torch.bernoulli(x / 10)",
        "torch.bernoulli(x.double() / 10)", "torch.bernoulli(x, 0.5)", "torch.bernoulli(i)",
        "torch.randint_like(x, 10)", "torch.randint_like(i, 2, 9)", "torch.rand(2)",
        "torch.bernoulli(x)",
    ),
}  # fmt: skip

CASES = {name: "\n".join([_TENSORS, *lines]) for name, lines in MADE.items()} | {
    "memory shared by the class": """
        a, m = np.array([1., 2.], dtype=np.float32), torch.ones(2)
        t, s = torch.Tensor(a), torch.Tensor(m)
        t[0] = 5.
        a
        s[0] = 9.
        m
        m._version
    """,
    "numbers that are none": """
        torch.tensor([1, 'a'], dtype=torch.float32)
        torch.tensor([None], dtype=torch.float32)
        torch.tensor([None], dtype=torch.int64)
        torch.tensor([1j], dtype=torch.float32)
        torch.tensor('a', dtype=torch.float32)
    """,
}
