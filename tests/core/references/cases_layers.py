"""The layers of torch.nn.functional: values, backward nodes, gradients, settings, dtypes, and answers to bad input.

Numbers are made by a rule (``made``), not drawn, so that a failure can be worked out by hand. PyTorch warns once in a
process of an even kernel with padding="same"; that is let pass before the cases begin.
"""

from __future__ import annotations

_MADE = """
import warnings
def made(*size, dtype=torch.float64, start=0): return torch.tensor([(i * 37 % 23 - 11) * 0.25 + i % 3 * 0.125 + start for i in range(int(np.prod(size)))], dtype=dtype).reshape(size)
def leaf(*size, **how): return made(*size, **how).requires_grad_()
with warnings.catch_warnings(action="ignore"): F.conv1d(torch.ones(1, 1, 2), torch.ones(1, 1, 2), padding="same")
def behind(y): return [edge[0].name().split('::')[-1] for edge in y.grad_fn.next_functions if edge[0]]
"""  # noqa: E501


def _case(call: str, *shapes: str, then: str = "", names: bool = True) -> str:
    """``call`` on leaves x, w, b, ... of the shapes: the result, its node's inputs, and the leaves' gradients."""
    leaves = [f"{name} = leaf({shape})" for name, shape in zip("xwbvu", shapes, strict=False)]
    grads = [f"{name}.grad" for name, _ in zip("xwbvu", shapes, strict=False)]
    shown = ["y", "behind(y)"] if names else ["y.detach()"]
    return "\n".join([_MADE, *leaves, f"y = {call}", *shown, "y.backward(seed_for(y))", *grads, then])


IMAGE, FILTER = "2, 3, 5, 4", "4, 3, 3, 2"

CONVOLUTIONS = {
    "conv2d(x, w)": (IMAGE, FILTER), "conv2d(x, w, b)": (IMAGE, FILTER, "4"),
    "conv2d(x, w, b, stride=2)": (IMAGE, FILTER, "4"), "conv2d(x, w, b, (2, 1), (1, 2))": (IMAGE, FILTER, "4"),
    "conv2d(x, w, padding=1, dilation=(2, 1))": (IMAGE, FILTER), "conv2d(x, w, b, padding=[1], stride=[2])": (
        IMAGE, FILTER, "4"), "conv2d(x, w, padding='same')": (IMAGE, "4, 3, 3, 3"),
    "conv2d(x, w, b, padding='valid')": (IMAGE, FILTER, "4"),
    "conv2d(x, w, padding='same') ": (IMAGE, "4, 3, 2, 3"), "conv2d(x, w, padding='same', dilation=2)": (IMAGE, FILTER),
    "conv2d(x, w, b, groups=2)": ("2, 4, 5, 4", "6, 2, 3, 2", "6"),
    "conv2d(x, w, groups=4, padding=1)": ("1, 4, 3, 3", "8, 1, 3, 2"), "conv2d(x, w, b) ": ("3, 5, 4", FILTER, "4"),
    "conv2d(x, w, padding='same')  ": ("3, 5, 4", "4, 3, 2, 2"), "conv2d(x, w)  ": ("0, 3, 5, 4", FILTER),
    "conv2d(x, w, stride=3)": ("1, 1, 5, 6", "1, 1, 2, 2"), "conv2d(x, w)   ": ("1, 2, 3, 3", "2, 2, 3, 3"),
    "conv1d(x, w, b, padding=1, stride=2)": ("2, 3, 7", "4, 3, 3", "4"), "conv1d(x, w)": ("3, 7", "2, 3, 3"),
    "conv1d(x, w, padding='same')": ("2, 3, 7", "2, 3, 4"), "conv1d(x, w, groups=3, dilation=2)": (
        "2, 3, 7", "3, 1, 3"), "conv3d(x, w, b, padding=1)": ("1, 2, 3, 2, 3", "2, 2, 3, 3, 2", "2"),
    "conv_transpose2d(x, w)": ("2, 3, 3, 2", "3, 4, 3, 2"),
    "conv_transpose2d(x, w, b, stride=2, padding=1, output_padding=1)": ("2, 3, 3, 2", "3, 4, 3, 2", "4"),
    "conv_transpose2d(x, w, b, 2, 0, (1, 0), 2, (1, 2))": ("1, 4, 3, 2", "4, 3, 3, 2", "6"),
    "conv_transpose2d(x, w, dilation=3, output_padding=2)": ("1, 1, 3, 2", "1, 1, 2, 2"),
    "conv_transpose2d(x, w) ": ("3, 3, 2", "3, 4, 3, 2"),
    "conv_transpose1d(x, w, b, 2, 1, 1)": ("2, 3, 4", "3, 2, 3", "2"),
    "conv_transpose3d(x, w)": ("1, 2, 2, 2, 1", "2, 1, 2, 1, 2"),
}  # fmt: skip

POOLS = {
    "max_pool2d(x, 2)": ("2, 2, 5, 4",), "max_pool2d(x, (3, 2), stride=1)": ("2, 5, 4",),
    "max_pool2d(x, 3, 2, 1)": ("1, 2, 5, 6",), "max_pool2d(x, 2, ceil_mode=True)": ("1, 2, 5, 5",),
    "max_pool2d(x, 3, stride=2, padding=1, ceil_mode=True)": ("1, 1, 6, 4",),
    "max_pool2d(x, (2, 3), (1, 2), 1, 2, True)": ("1, 2, 6, 7",), "max_pool2d(x, [2], dilation=2)": ("1, 1, 5, 5",),
    "max_pool2d(x, 2) ": ("0, 2, 4, 4",), "max_pool1d(x, 2)": ("2, 2, 5",), "max_pool1d(x, 3, 2, 1)": ("2, 6",),
    "max_pool1d(x, 2, stride=2, ceil_mode=True)": ("1, 2, 5",), "max_pool1d(x, 3, dilation=2, stride=1)": ("1, 2, 8",),
    "avg_pool2d(x, 2)": ("2, 2, 5, 4",), "avg_pool2d(x, (3, 2), stride=1)": ("2, 5, 4",),
    "avg_pool2d(x, 3, 2, 1)": ("1, 2, 5, 6",), "avg_pool2d(x, 3, 2, 1, False, False)": ("1, 2, 5, 6",),
    "avg_pool2d(x, 2, ceil_mode=True)": ("1, 2, 5, 5",), "avg_pool2d(x, 3, 2, 1, True)": ("1, 1, 6, 4",),
    "avg_pool2d(x, 3, 2, 1, True, False)": ("1, 1, 6, 4",), "avg_pool2d(x, 2, divisor_override=3)": ("1, 1, 4, 4",),
    "avg_pool1d(x, 2)": ("2, 2, 5",), "avg_pool1d(x, 3, 2, 1, True, False)": ("2, 6",),
    "adaptive_avg_pool2d(x, 2)": ("1, 2, 5, 4",), "adaptive_avg_pool2d(x, (3, 7))": ("2, 5, 4",),
    "adaptive_avg_pool2d(x, (None, 2))": ("1, 1, 3, 5",), "adaptive_avg_pool2d(x, 1)": ("1, 2, 5, 4",),
    "adaptive_avg_pool1d(x, 3)": ("1, 2, 5",), "adaptive_avg_pool1d(x, 1)": ("2, 5",),
}  # fmt: skip

NORMS = {
    "layer_norm(x, (3,))": ("4, 3",), "layer_norm(x, (4, 3), w, b)": ("2, 4, 3", "4, 3", "4, 3"),
    "layer_norm(x, [3], w)": ("4, 3", "3"), "layer_norm(x, (3,), bias=w)": ("4, 3", "3"),
    "layer_norm(x, (3,), w, b, 0.5)": ("4, 3", "3", "3"), "layer_norm(x, (1,))": ("3, 1",),
    "layer_norm(x, x.shape, eps=1e-3)": ("3",), "layer_norm(x, (3,), w) ": ("0, 3", "3"),
    "batch_norm(x, None, None, training=True)": ("4, 3",),
    "batch_norm(x, None, None, w, b, training=True)": ("4, 3", "3", "3"),
    "batch_norm(x, None, None, w, b, True, eps=0.25)": ("2, 3, 2, 2", "3", "3"),
    "batch_norm(x, made(3), made(3, start=4), w, b)": ("4, 3", "3", "3"),
    "batch_norm(x, made(3), made(3, start=4))": ("2, 3, 2, 2",),
    "batch_norm(x, made(3), made(3, start=4), bias=w, eps=0.25)": ("1, 3, 2", "3"),
    "batch_norm(x, made(3), made(3, start=4), w, b, True)": ("2, 3, 4", "3", "3"),
    "group_norm(x, 2)": ("2, 4, 3",), "group_norm(x, 2, w, b)": ("2, 4, 2, 2", "4", "4"),
    "group_norm(x, 4, w, eps=0.5)": ("1, 4, 3", "4"), "group_norm(x, 1, w, b)": ("3, 4", "4", "4"),
    "instance_norm(x)": ("2, 3, 4",), "instance_norm(x, weight=w, bias=b)": ("2, 3, 2, 2", "3", "3"),
    "instance_norm(x, made(3), made(3, start=4), use_input_stats=False)": ("2, 3, 4",),
    "rms_norm(x, (4, 3), w, 0.5)": ("2, 4, 3", "4, 3"),
}  # fmt: skip

EDGES = {
    "pad(x, (1, 2))": ("2, 3",), "pad(x, (1, 2, 0, 1), value=3)": ("2, 3",), "pad(x, [-1, 2])": ("2, 3",),
    "pad(x, (0, 0))": ("2, 3",), "pad(x, (-1, -2, 1, -1), 'constant', -0.5)": ("3, 4",), "pad(x, ())": ("2, 3",),
    "pad(x, (0, 0, 0, 0, 1, 0))": ("2, 2, 2",), "pad(x, (1, 2), mode='reflect')": ("2, 3",),
    "pad(x, (3, 1), mode='reflect')": ("2, 1, 4",), "pad(x, (1, 1, 2, 0), mode='reflect')": ("1, 3, 4",),
    "pad(x, (1, 1, 1, 1, 1, 1), mode='reflect')": ("2, 2, 2, 2",), "pad(x, (2, 5), mode='replicate')": ("2, 3",),
    "pad(x, (1, 2, 3, 0), mode='replicate')": ("1, 2, 2, 3",), "pad(x, (-1, 2), mode='reflect')": ("1, 2, 4",),
    "pad(x, (-1, 2), mode='replicate')": ("1, 2, 4",), "pad(x, (2, 2), 'reflect')": ("2, 1, 3",),
}  # fmt: skip

# Where PyTorch takes other steps, such as writing into slices: the values are compared, not the backward nodes.
OTHER_STEPS = {
    "pad(x, (1, 2), mode='circular')": ("2, 3",), "pad(x, (4, 2, 1, 0), mode='circular')": ("1, 2, 4",),
    "pad(x, (-1, 2), mode='circular')": ("1, 2, 4",), "rms_norm(x, (3,))": ("4, 3",),
}  # fmt: skip

TABLES = {
    "embedding(torch.tensor([0, 2, 2]), x)": ("4, 3",), "embedding(torch.tensor([[0, 1], [1, 1]]), x, 1)": ("4, 3",),
    "embedding(torch.tensor([3, 0, 3]), x, padding_idx=-1)": ("4, 3",), "embedding(torch.tensor(1), x)": ("4, 3",),
    "embedding(torch.tensor([1, 0], dtype=torch.int32), weight=x)": ("4, 3",),
    "embedding(torch.tensor([], dtype=torch.int64), x)": ("4, 3",),
}  # fmt: skip

PLAIN = {
    **CONVOLUTIONS, **POOLS, **NORMS, **EDGES, **TABLES,
}  # fmt: skip

LINES = {
    "a window that is too large": """
        i = torch.ones(1, 1, 6, 6, requires_grad=True)
        F.max_pool2d(i, 3, padding=2, dilation=2)
        F.max_pool2d(i, (3, 5), padding=(1, 3), dilation=2)
        F.max_pool2d(i, 3, padding=2, dilation=9)
        F.max_pool2d(i, 3, padding=2)
        F.max_pool2d(i[:, :0], 3, padding=2, dilation=2)
        F.max_pool2d(i[:, :, :0], 2)
        F.max_pool2d(i, 3, dilation=5)
        F.max_pool2d(i, 9)
        F.max_pool2d(i, (12, 2), stride=2)
        F.max_pool1d(i[0], 12, stride=3)
        F.avg_pool2d(i, 12, stride=3, ceil_mode=True)
        F.avg_pool1d(i[0], 12, stride=3)
    """,
    "cut away by a pad": """
        a, b, c = torch.ones(1, 6), torch.ones(1, 1, 4, 6), torch.ones(1, 1, 2, 4, 6)
        F.pad(a, (-6, 0), 'replicate')
        F.pad(a, (-7, 0), 'reflect')
        F.pad(a, (-6, 0), 'circular')
        F.pad(a, (-7, 0), 'circular')
        F.pad(a, (-7, 4), 'replicate')
        F.pad(b, (-6, 0, 0, 0), 'replicate').shape
        F.pad(b, (-7, 0, 0, 0), 'replicate')
        F.pad(b, (-7, 0, 0, 0), 'reflect')
        F.pad(b, (-6, 0, -4, 0), 'replicate')
        F.pad(b, (-6, 0, -4, 0), 'reflect')
        F.pad(c, (-6, 0, 0, 0, 0, 0), 'replicate').shape
        F.pad(c, (-7, 0, 0, 0, 0, 0), 'reflect')
        F.pad(c, (-7, 0, -5, 0, -3, 0), 'replicate')
        F.pad(a[:0], (1, 1), 'replicate')
        F.pad(a[:, :0], (0, 0), 'reflect')
        F.pad(a[:, :0], (0, 0), 'circular')
        F.pad(b[:0], (1, 1, 1, 1), 'replicate').shape
    """,
    "one hot": """
        F.one_hot(torch.tensor([0, 2, 1]))
        F.one_hot(torch.tensor([[0], [2]]), 4)
        F.one_hot(torch.tensor(2), num_classes=3)
        F.one_hot(torch.tensor([], dtype=torch.int64), 3)
        F.one_hot(torch.tensor([0, 2]), 2)
        F.one_hot(torch.tensor([0, -1]))
        F.one_hot(torch.tensor([0., 1.]))
        F.one_hot(torch.tensor([], dtype=torch.int64))
        F.one_hot(torch.tensor([0, 1], dtype=torch.int32))
        F.one_hot(torch.tensor([0, 1]), 0)
    """,
    "ties in a pool": """
        x = torch.ones(1, 1, 4, 4, requires_grad=True)
        y, i = F.max_pool2d(x, 3, 1, 1, return_indices=True)
        y
        i
        y.backward(torch.arange(16.).reshape(1, 1, 4, 4))
        x.grad
    """,
    "nan in a pool": """
        n = float('nan')
        x = torch.tensor([[[[n, 1., 2., n], [n, 3., n, 4.]]]], requires_grad=True)
        y, i = F.max_pool2d(x, 2, return_indices=True)
        y
        i
        y.sum().backward()
        x.grad
        z = torch.tensor([[n, 1., n, 2., 5., 6.]], requires_grad=True)
        F.max_pool1d(z, 3)
        F.max_pool1d(z, 3).sum().backward()
        z.grad
    """,
    "minus infinity in a pool": """
        x = torch.full((1, 1, 2, 2), -float('inf'), requires_grad=True)
        y, i = F.max_pool2d(x, 2, return_indices=True)
        y
        i
        y.sum().backward()
        x.grad
    """,
    "indices of pools": _MADE
    + """
x = made(1, 2, 5, 4)
F.max_pool2d(x, (2, 3), (1, 2), 1, return_indices=True, ceil_mode=True)[1]
F.max_pool2d(x[0], 2, return_indices=True)[1]
F.max_pool1d(x[0, 0], 2, return_indices=True)[1]
F.max_pool1d(x[0], 3, 1, 1, return_indices=True)
F.max_pool2d(torch.arange(16).reshape(1, 1, 4, 4), 2)
F.max_pool2d(-torch.arange(16, dtype=torch.int32).reshape(1, 1, 4, 4), 3, 1, 1)
""",
    "single precision": _MADE
    + """
x = leaf(2, 3, 5, 4, dtype=torch.float32)
w = leaf(2, 3, 3, 3, dtype=torch.float32)
y = F.max_pool2d(F.conv2d(x, w, padding=1), 2)
y
y.backward(seed_for(y))
x.grad
w.grad
z = F.layer_norm(x.detach(), (4,))
z
F.batch_norm(x.detach(), None, None, training=True)
F.avg_pool2d(x.detach(), 2, padding=1, count_include_pad=False)
F.group_norm(x.detach(), 3)
F.rms_norm(x.detach(), (5, 4))
F.adaptive_avg_pool2d(x.detach(), 3)
""",
    "convolutions of integers": """
        F.conv2d(torch.arange(16).reshape(1, 1, 4, 4), torch.ones(1, 1, 2, 2, dtype=torch.int64))
        F.pad(torch.tensor([[1, 2, 3]]), (1, 1), value=7)
        F.pad(torch.tensor([[True, False]]), (1, 1))
        F.pad(torch.tensor([[1, 2, 3]]), (1, 1), mode='reflect')
        F.embedding(torch.tensor([1, 0]), torch.tensor([[1, 2], [3, 4]]))
    """,
    "running statistics": _MADE
    + """
m, v = torch.zeros(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
x = leaf(4, 3)
y = F.batch_norm(x, m, v, training=True)
m
v
m.requires_grad
y.backward(seed_for(y))
x.grad
y = F.batch_norm(leaf(2, 3, 5), m, v, training=True, momentum=0.5)
m
v
y = F.batch_norm(x, m, v)
y
m
with torch.no_grad(): F.batch_norm(x, m, v, None, None, True, 0.25)
m
v
y = F.instance_norm(leaf(2, 3, 5), m, v)
y
m
v
y = F.instance_norm(leaf(1, 3, 5), m, v)
m
v
""",
    "dropout": """
        g = torch.manual_seed(0)
        F.dropout(torch.ones(12), 0.3)
        g = torch.manual_seed(1)
        x = torch.tensor([[1., 2., 3.], [4., 5., 6.]], dtype=torch.float64, requires_grad=True)
        y = F.dropout(x)
        y
        y.backward(torch.ones(2, 3, dtype=torch.float64))
        x.grad
        F.dropout(x.t(), 0.25)
        torch.rand(2)
        y = F.dropout(x, training=False)
        y is x
        F.dropout(x, 0) is x
        torch.rand(1)
        F.dropout(x, 1)
        F.dropout(torch.zeros(0))
        z = x * 1
        a = F.dropout(z, 0.5, inplace=True)
        a is z
        z
        F.dropout(x, inplace=True)
        F.dropout(x, 1.5)
        F.dropout(x, -0.1)
        F.dropout(torch.tensor([1, 2, 3]))
        F.dropout(torch.tensor([1, 2, 3]), training=False)
        torch.rand(1)
    """,
    "a dropped infinity": """
        g = torch.manual_seed(0)
        F.dropout(torch.full((6,), float('inf')))
        F.dropout(torch.full((6,), float('inf')), 1.0)
    """,
    "pool then in place": """
        x = torch.tensor([[[[1., -2.], [-3., -4.]]]], requires_grad=True)
        y = F.max_pool2d(x, 1)
        y.relu_()
        y.sum().backward()
        x.grad
    """,
}

_TENSORS = """
def o(*size, **how): return torch.ones(*size, **how)
d = torch.float64
l = torch.int64
x, w, b = o(2, 3, 5, 5), o(4, 3, 3, 3), o(4)
"""

ERRORS = {
    "convolutions": (
        "F.conv2d(x, o(4, 2, 3, 3))", "F.conv2d(x, o(4, 3, 3))", "F.conv2d(o(2, 3), w)", "F.conv2d(o(2, 3, 2, 2), w)",
        "F.conv2d(o(2, 3, 2, 2), w, padding=(0, 1))", "F.conv2d(o(2, 4, 5, 5), o(4, 2, 3, 3), groups=3)",
        "F.conv2d(o(2, 4, 5, 5), o(3, 2, 3, 3), groups=2)", "F.conv2d(o(2, 4, 5, 5), o(4, 4, 3, 3), groups=2)",
        "F.conv2d(x, w, o(3))", "F.conv2d(x, w, o(4, 1))", "F.conv2d(x, w, stride=0)", "F.conv2d(x, w, padding=-1)",
        "F.conv2d(x, w, dilation=0)", "F.conv2d(x, w, stride=(1, 2, 3))", "F.conv2d(x, w, padding='full')",
        "F.conv2d(x, w, padding='same', stride=2)", "F.conv2d(x, w.double())", "F.conv2d(x.double(), w)",
        "F.conv2d(x, w, b.double())", "F.conv2d(x.long(), w)", "F.conv2d(x, o(0, 3, 3, 3))",
        "F.conv2d(x, w, groups=0)", "F.conv1d(o(2, 3, 2), o(4, 3, 3))", "F.conv1d(o(2, 4, 5), o(4, 3, 3))",
        "F.conv1d(o(4, 5), o(4, 3, 3))", "F.conv1d(o(5), o(4, 3, 3))", "F.conv1d(o(2, 3, 5), o(4, 3))",
        "F.conv2d(x, w, dilation=3)", "F.conv2d(o(3, 2, 5), w)",
        "F.conv_transpose2d(x, w)", "F.conv_transpose2d(x, o(3, 4, 3, 3), output_padding=1)",
        "F.conv_transpose2d(x, o(3, 4, 3, 3), o(3))", "F.conv_transpose1d(o(2, 3, 5), o(3, 4, 3), output_padding=2)",
    ),
    "pools": (
        "F.max_pool2d(o(5, 5), 2)", "F.max_pool2d(x, 6)", "F.max_pool2d(x, 2, padding=2)", "F.max_pool2d(x, 2, 0)",
        "F.max_pool2d(x, 0)", "F.max_pool2d(x, 2, padding=-1)", "F.max_pool2d(x, 2, dilation=0)",
        "F.max_pool2d(x, (2, 2, 2))", "F.max_pool2d(o(2, 0, 5, 5), 2)", "F.max_pool2d(x.bool(), 2)",
        "F.max_pool1d(o(5), 2)", "F.max_pool1d(x[0], 6)", "F.max_pool1d(x[0], 2, padding=2)", "F.max_pool1d(x[0], 0)",
        "F.max_pool1d(x[0], 2, stride=0)", "F.max_pool1d(x[0], 2, dilation=0)", "F.max_pool1d(x[0].long(), 2)",
        "F.max_pool1d(x[0], 2, padding=-1)", "F.avg_pool2d(o(5, 5), 2)", "F.avg_pool2d(x, 6)",
        "F.avg_pool2d(x, 2, padding=2)", "F.avg_pool2d(x, 2, 0)", "F.avg_pool2d(x, 0)",
        "F.avg_pool2d(x, 2, divisor_override=0)", "F.avg_pool2d(x.int(), 2)", "F.avg_pool1d(o(5), 2)",
        "F.avg_pool1d(x[0], 6)", "F.avg_pool2d(x, 2, padding=-1)", "F.avg_pool2d(x, (2, 2, 2))",
        "F.adaptive_avg_pool2d(o(5, 5), 2)", "F.adaptive_avg_pool2d(x, (2, 3, 4))", "F.adaptive_avg_pool2d(x, -1)",
        "F.adaptive_avg_pool2d(x.long(), 2)", "F.max_pool2d(x, 2, stride=(1, 1, 1))",
    ),
    "normalisations": (
        "F.layer_norm(o(2, 3), (2,))", "F.layer_norm(o(2, 3), (3,), o(2))", "F.layer_norm(o(2, 3), (3,), o(3), o(2))",
        "F.layer_norm(o(2, 3), ())", "F.layer_norm(o(2, 3), 3)", "F.layer_norm(o(2, 3).long(), (3,))",
        "F.layer_norm(o(2, 3), (3,), o(3).double())", "F.layer_norm(o(2, 3).double(), (3,), o(3))",
        "F.layer_norm(o(3), (2, 3))", "F.batch_norm(o(4, 3), None, None)",
        "F.batch_norm(o(4, 3), o(3), None, training=True)", "F.batch_norm(o(1, 3), None, None, training=True)",
        "F.batch_norm(o(1, 3, 1, 1), None, None, training=True)", "F.batch_norm(o(3), None, None, training=True)",
        "F.batch_norm(o(4, 3), o(2), o(2), training=True)", "F.batch_norm(o(4, 3), None, None, o(2), training=True)",
        "F.batch_norm(o(4, 3), None, None, o(3), o(2), training=True)",
        "F.batch_norm(o(4, 3).long(), None, None, training=True)",
        "F.batch_norm(o(4, 3), o(3).double(), o(3).double())",
        "F.batch_norm(o(4, 3), o(3), o(2))",
        "F.batch_norm(o(4, 3), o(3, requires_grad=True), o(3), training=True)",
        "F.batch_norm(o(4, 3), o(3, requires_grad=True), o(3))",
        "F.batch_norm(o(2, 3), None, None, training=True, eps=0)", "F.batch_norm(o(4, 3), None, o(3))",
        "F.group_norm(o(2, 4), 3)", "F.group_norm(o(2, 4), 2, o(3))", "F.group_norm(o(4), 2)",
        "F.group_norm(o(1, 2), 2)", "F.group_norm(o(2, 4).double(), 2, o(4))", "F.group_norm(o(2, 4).long(), 2)",
        "F.instance_norm(o(2, 3))", "F.instance_norm(o(2, 3, 1))", "F.instance_norm(o(2, 3, 4), use_input_stats=False)",
        "F.rms_norm(o(2, 3), (2,))", "F.rms_norm(o(2, 3), (3,), o(2))", "F.rms_norm(o(2, 3).long(), (3,))",
        "F.rms_norm(o(2, 3), 3)", "F.rms_norm(o(2, 3), ())",
    ),
    "edges": (
        "F.pad(o(2, 3), (1,))", "F.pad(o(2, 3), (1, 1, 1, 1, 1, 1))", "F.pad(o(2, 3), (-2, -2))", "F.pad(o(3, 4), 1)",
        "F.pad(o(3), (1, 1), mode='reflect')", "F.pad(o(2, 3, 4, 5), (1, 1), mode='reflect')",
        "F.pad(o(2, 3, 4), (4, 1), mode='reflect')", "F.pad(o(2, 3, 4, 5), (1, 1, 4, 1), mode='reflect')",
        "F.pad(o(2, 3, 4), (5, 2), mode='circular')", "F.pad(o(2, 3, 4), (1, 2), mode='edge')",
        "F.pad(o(2, 3, 4), (1, 2), mode='reflect', value=1)", "F.pad(o(2, 3, 4), (1, 2, 3), mode='reflect')",
    ),
    "tables": (
        "F.embedding(torch.tensor([0, 4]), o(4, 3))", "F.embedding(torch.tensor([0, -1]), o(4, 3))",
        "F.embedding(torch.tensor([0., 1]), o(4, 3))", "F.embedding(torch.tensor([0, 1]), o(4))",
        "F.embedding(torch.tensor([0, 1]), o(4, 3), padding_idx=4)",
        "F.embedding(torch.tensor([0, 1]), o(4, 3), padding_idx=-5)", "F.embedding(torch.tensor([True]), o(4, 3))",
        "F.embedding(torch.tensor([0, 1], dtype=torch.int16), o(4, 3))",
    ),
}  # fmt: skip

CASES = {
    **{call: _case(f"F.{call.strip()}", *shapes) for call, shapes in PLAIN.items()},
    **{call: _case(f"F.{call}", *shapes, names=False) for call, shapes in OTHER_STEPS.items()},
    **LINES,
    **{f"refused: {subject}": "\n".join([_TENSORS, *lines]) for subject, lines in ERRORS.items()},
}
