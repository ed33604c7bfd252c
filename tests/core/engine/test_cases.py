"""A call that has been met before is quicker and no different: the same numbers, gradients, warnings and refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from drawing import Application, refuses, samples

import chainrule.core as torch
from chainrule.core.engine import calls
from chainrule.core.engine.modes import hearing
from chainrule.core.engine.random import manual_seed

OFTEN = 3  # the first call finds out, the second writes down, the third reads


def said(application: Application) -> list[bytes]:
    """The result and the gradients, bit by bit."""
    manual_seed(0)
    tensors = application.tensors()
    result = application.run(tensors)
    if result.grad_fn is not None and not refuses(result):
        result.backward(torch.ones_like(result))
    grads = [tensors[place].grad for place in application.places]
    return [each._data.tobytes() for each in (result, *grads) if each is not None]


EVERY = list(samples())


@pytest.mark.parametrize("application", EVERY, ids=map(str, EVERY))
def test_every_operation_says_the_same_again(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "_functions", {})  # so that nothing is known of it
    calls.F.__dict__.clear()
    first = said(application)
    assert [said(application) for _ in range(OFTEN)] == [first] * OFTEN


def test_parameters_that_are_equal_are_not_yet_the_same() -> None:
    x = torch.tensor([1.0])
    for _ in range(OFTEN):
        assert math.copysign(1, torch.nn.functional.pad(x, (1, 0), value=0.0)[0].item()) == 1
        assert math.copysign(1, torch.nn.functional.pad(x, (1, 0), value=-0.0)[0].item()) == -1
        assert torch.sum(x, 0).shape == ()
        assert torch.sum(x, 0, True).shape == (1,)


def test_a_word_is_no_name() -> None:
    x, y = torch.tensor([3.0]), torch.tensor([2.0])
    for _ in range(OFTEN):
        assert torch.div(x, y, rounding_mode="floor").item() == 1.0
        with pytest.raises(TypeError):
            torch.div(x, y, "rounding_mode", "floor")


def test_a_warning_is_given_every_time() -> None:
    for _ in range(OFTEN):
        with hearing() as heard:
            torch.nn.functional.softmax(torch.tensor([1.0, 2.0]))
        assert len(heard) == 1


def test_values_are_looked_at_every_time() -> None:
    table = torch.ones((3, 2))
    for _ in range(OFTEN):
        assert torch.nn.functional.embedding(torch.tensor([2]), table).shape == (1, 2)
        with pytest.raises(IndexError):
            torch.nn.functional.embedding(torch.tensor([3]), table)


def test_whether_memory_can_be_viewed_is_asked_every_time() -> None:
    x = torch.ones((2, 3))
    for _ in range(OFTEN):
        assert x.view(6).shape == (6,)
        with pytest.raises(RuntimeError, match="view size is not compatible"):
            torch.ones((3, 2)).t().view(6)


def test_the_default_dtype_is_asked_every_time() -> None:
    whole = torch.tensor([1, 2])
    for _ in range(OFTEN):
        assert (whole / 2).dtype is torch.float32
    torch.set_default_dtype(torch.float64)
    try:
        assert (whole / 2).dtype is torch.float64
    finally:
        torch.set_default_dtype(torch.float32)


def test_an_index_of_tensors_is_read_every_time() -> None:
    x = torch.tensor([1.0, 2.0, 4.0], requires_grad=True)
    for place in (0, 1, 2, 0):
        x.grad = None
        x[torch.tensor([place])].sum().backward()
        np.testing.assert_array_equal(np.flatnonzero(x.grad.numpy()), [place])


def test_a_shape_that_follows_from_values_is_another_each_time() -> None:
    for limit in (0.0, 0.0, 0.0, 1.5, 2.5):
        x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
        picked = torch.masked_select(x, x > limit)
        assert picked.grad_fn is not None
        assert picked.grad_fn.shape == picked.shape
        (picked * 2).sum().backward()
        assert x.grad.tolist() == [2.0 * (each > limit) for each in (1.0, 2.0, 3.0)]
