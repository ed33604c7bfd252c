"""The user's notebook, cell by cell: only its import line is changed, and it prints exactly what PyTorch printed."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import Any

import pytest


def run(*cells: str) -> list[str]:
    """The lines that the cells print, run one after the other as a notebook runs them."""
    namespace: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("error")
        for cell in ("import chainrule.core as torch", *cells):
            exec(cell, namespace)
    return printed.getvalue().splitlines()


VECTOR = """
x = torch.tensor([0.6867, -0.3665, -1.1250], requires_grad=True)
print(x)
y = x + 2
print(y)
z = y * y * 2
print(z, z.size())
v = torch.tensor([0.1, 1.0, 0.001], dtype=torch.float64)
z.backward(v)
print(x.grad)
"""

LOOP = """
weights = torch.ones(3, requires_grad=True)
for epoch in range(3):
    model_output = (weights * 3).sum()
    print('Model output: {}'.format(model_output))
    model_output.backward()
    print('dZ/dW: {}'.format(weights.grad))
"""

REGRESSION = """
y = torch.tensor(2.0); x = torch.tensor(1.0); w = torch.tensor(1.0, requires_grad=True)
loss = (y - torch.mul(x, w)) ** 2
print(loss)
loss.backward()
print(w.grad)
"""


def test_a_vector_sent_backward() -> None:
    assert run(VECTOR) == [
        "tensor([ 0.6867, -0.3665, -1.1250], requires_grad=True)",
        "tensor([2.6867, 1.6335, 0.8750], grad_fn=<AddBackward0>)",
        "tensor([14.4367,  5.3366,  1.5312], grad_fn=<MulBackward0>) torch.Size([3])",
        "tensor([1.0747e+00, 6.5340e+00, 3.5000e-03])",
    ]


def test_gradients_accumulate_from_epoch_to_epoch() -> None:
    assert run(LOOP) == [
        "Model output: 9.0",
        "dZ/dW: tensor([3., 3., 3.])",
        "Model output: 9.0",
        "dZ/dW: tensor([6., 6., 6.])",
        "Model output: 9.0",
        "dZ/dW: tensor([9., 9., 9.])",
    ]


def test_zeroed_they_do_not() -> None:
    assert run(LOOP + "    weights.grad.zero_()\n") == ["Model output: 9.0", "dZ/dW: tensor([3., 3., 3.])"] * 3


def test_one_step_of_linear_regression() -> None:
    assert run(REGRESSION) == ["tensor(1., grad_fn=<PowBackward0>)", "tensor(-2.)"]


def test_the_cells_share_their_names() -> None:
    assert run(VECTOR, LOOP, REGRESSION)[-2:] == ["tensor(1., grad_fn=<PowBackward0>)", "tensor(-2.)"]


def test_the_optimiser_takes_a_list_of_parameters() -> None:
    bare = "weights = torch.ones(3, requires_grad=True)\noptimizer = torch.optim.SGD(weights, lr=0.01)"
    with pytest.raises(TypeError) as refused:
        run(bare)
    assert str(refused.value) == (
        "params argument given to the optimizer should be an iterable of Tensors or dicts, but got torch.FloatTensor"
    )
    meant = bare.replace("SGD(weights", "SGD([weights]")
    assert run(meant, "(weights * 3).sum().backward()\noptimizer.step()\noptimizer.zero_grad()\nprint(weights)") == [
        "tensor([0.9700, 0.9700, 0.9700], requires_grad=True)"
    ]


def test_a_drawn_x_is_pytorchs_for_the_same_seed() -> None:
    assert run("_ = torch.manual_seed(0)\nprint(torch.randn(3, requires_grad=True))") == [
        "tensor([ 1.5410, -0.2934, -2.1788], requires_grad=True)"
    ]
