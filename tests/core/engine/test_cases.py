"""A call that has been met before is quicker and no different: the same numbers, gradients, warnings and refusals."""

from __future__ import annotations

import gc
import math
from weakref import ref

import numpy as np
import pytest
from drawing import Application, refuses, samples

import chainrule.core as torch
from chainrule.core.compile.tracing import Traced, TracingError, value_of
from chainrule.core.engine import calls
from chainrule.core.engine.modes import hearing
from chainrule.core.engine.random import manual_seed
from chainrule.core.engine.tensor import tensor_of

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


def said_traced(application: Application) -> list[bytes] | None:
    """What is ``said`` where the tensors that can have a gradient hold traced arrays; None where a trace is refused."""
    manual_seed(0)
    tensors = application.tensors()
    for place in application.places:
        tensors[place] = tensor_of(Traced(tensors[place]._data, str(place))).requires_grad_()
    try:
        result = application.run(tensors)
        if result.grad_fn is not None and not refuses(result):
            result.backward(torch.ones_like(result))
    except TracingError:
        return None
    grads = [tensors[place].grad for place in application.places]
    return [value_of(each._data).tobytes() for each in (result, *grads) if each is not None]


def test_every_operation_says_the_same_to_traced_arrays() -> None:
    refused = []
    for application in EVERY:
        expected = said(application)
        found = [said_traced(application) for _ in range(OFTEN)]
        if None in found:
            refused.append(application.name)
        else:
            assert found == [expected] * OFTEN, application
    assert len(set(refused)) < 0.1 * len({application.name for application in EVERY})


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


def test_a_shape_that_follows_from_values_is_another_each_time_in_a_trace_too() -> None:
    values = torch.tensor([1.0, 2.0, 3.0])
    for limit in (0.0, 0.0, 0.0, 1.5, 2.5):
        x = tensor_of(Traced(values._data, "x")).requires_grad_()
        picked = torch.masked_select(x, values > limit)
        assert picked.grad_fn is not None
        assert picked.grad_fn.shape == picked.shape
        (picked * 2).sum().backward()
        assert value_of(x.grad._data).tolist() == [2.0 * (each > limit) for each in (1.0, 2.0, 3.0)]


def test_what_is_traced_and_what_is_not_are_never_mistaken() -> None:
    values = torch.tensor([1.0, 2.0])
    for _ in range(OFTEN):
        assert type(torch.exp(values)._data) is np.ndarray
        assert type(torch.exp(tensor_of(Traced(values._data, "x")))._data) is Traced


def test_what_was_traced_is_not_kept() -> None:
    for _ in range(OFTEN):
        array = np.ones(3)
        seen = ref(array)
        torch.exp(tensor_of(Traced(array, "x")).requires_grad_() * 2.0).sum().backward()
        del array
        gc.collect()
        assert seen() is None
