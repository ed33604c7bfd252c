"""How tensors print: digits, columns, line breaks, dots, and what follows the numbers."""

from __future__ import annotations

NUMBERS = (
    "[1., 2., 3.]", "[1e-8]", "[1e5, 1.5]", "[1e8, 1.]", "[99999999., 1.]", "[1e8, 2e8]", "[123456789.]",
    "[1000.5, 0.5]", "[1000.5, 1.5]", "[0.00009]", "[0.0001, 0.5]", "[float('nan'), 1]", "[-0.]", "[0.]",
    "[float('nan'), 1.5, -float('inf')]", "[float('inf')]", "[0., 1e-10]", "[-1.5, 2, float('inf')]",
    "[1e10, float('nan')]", "[1e10, 1]", "[1e-5, 1]", "[1.23456789e-5, 1]", "[float('nan'), float('inf'), -1]",
    "[0.6867, -0.3665, -1.125]", "[14.4367, 5.3366, 1.5312]", "[1.0747, 6.534, 0.0035]", "[0.99999, 1]",
    "[0.5, 9999999]", "[1e38, -1e38]", "[[1., -2.], [3., 4.5]]", "[[[1.], [2.]], [[3.], [4.]]]", "[]", "[[], []]",
    "1.", "1e-8", "2.5", "123456.7", "1e5", "12345678.", "float('nan')", "-0.", "7", "True", "[True, False]",
    "[1, -2, 300]", "[2 ** 62, 1]", "[[1, 20], [-3, 4]]",
)  # fmt: skip

LONG = (
    "torch.arange(30.)", "torch.arange(2000)", "torch.arange(2000.).reshape(2, 1000)", "torch.zeros(2, 2, 2)",
    "torch.zeros(2, 1, 2, 2)", "torch.zeros(11, 10, 10)", "torch.zeros(1000)", "torch.zeros(1001)",
    "torch.zeros(6, 200)", "torch.zeros(7, 200)", "torch.full((2, 20), 1.5)", "torch.ones(30, dtype=torch.bool)",
    "torch.arange(0., 40.) / 7", "torch.full((3, 9), -1234.5)", "torch.linspace(-1, 1, 9)",
)  # fmt: skip

TYPED = (
    "torch.tensor([1., 2.5], dtype=torch.float64)", "torch.tensor([1], dtype=torch.int32)",
    "torch.tensor([1], dtype=torch.uint8)", "torch.tensor(1.5, dtype=torch.float64)",
    "torch.tensor([0.1, 3.], dtype=torch.float16)", "torch.zeros(0, dtype=torch.int64)",
    "torch.zeros(0, dtype=torch.bool)", "torch.zeros(2, 0, dtype=torch.float64)", "torch.zeros(2, 0, 3)",
    "torch.tensor(3e-324, dtype=torch.float64)", "torch.tensor(99999.9999, dtype=torch.float64)",
    "torch.tensor([1e-300, 1e300], dtype=torch.float64)",
)  # fmt: skip

TRACKED = (
    "x", "x + 2", "x[0]", "x.sum()", "x * torch.ones(4, 3)", "torch.ones(40) * x[0]", "x.double() * 2.5",
    "torch.ones(13) * x[0]", "torch.ones(14) * x[0]", "torch.ones(15) * x[0]", "torch.ones(16) * x[0]",
    "torch.ones(9, dtype=torch.float64) * x.double()[0]", "x.reshape(3, 1)", "x.expand(0, 3)",
    "torch.zeros(2, 0, requires_grad=True)", "torch.full((9,), 1.5, requires_grad=True)",
    "torch.full((7,), 1.5, requires_grad=True)", "torch.full((6,), 1.5, requires_grad=True)",
    "torch.tensor([[1., 2.], [3., 4.]], dtype=torch.float64, requires_grad=True)",
)  # fmt: skip

CASES = {
    "numbers": "\n".join(f"repr(torch.tensor({numbers}))" for numbers in NUMBERS),
    "many": "\n".join(f"str({made})" for made in LONG),
    "types": "\n".join(f"str({made})" for made in TYPED),
    "tracked": "\n".join(["x = torch.tensor([1., 2., 3.], requires_grad=True)", *(f"str({y})" for y in TRACKED)]),
    "a number in a sentence": """
        y = (torch.ones(3, requires_grad=True) * 3).sum()
        'Model output: {}'.format(y)
        f'{y}'
        f'{torch.tensor(2.0):.3f}'
        f'{torch.tensor(7)}'
        f'{torch.tensor([1., 2.])}'
        f'{torch.tensor([1.]):.3f}'
        str(y)
    """,
    "sizes and types": """
        str(torch.ones(2, 3).size())
        repr(torch.ones(2, 3).shape)
        repr(torch.tensor(1.).shape)
        repr(torch.float32)
        str(torch.tensor([1]).dtype)
    """,
}
