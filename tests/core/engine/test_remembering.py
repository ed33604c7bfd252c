"""A call that recurs is written out: the tape behind it, what it saved and what it refuses are those of the first."""

from __future__ import annotations

from typing import Any

import pytest
from drawing import Application, refuses, samples

import chainrule.core as torch
from chainrule.core.engine import calls, remembering
from chainrule.core.engine.random import manual_seed
from chainrule.core.engine.tape import Node
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Composite

OFTEN = 5  # the first call finds out, one of the next is written out, the last reads
F = torch.nn.functional


def tape(target: Any) -> Any:
    """The nodes that lead from ``target`` to the leaves, with what they saved."""
    if not isinstance(target, Node):
        return target is not None
    saved = [(each.name, each.array.tobytes()) for each in target.saved]
    return target.name(), target.shape, target.dtype, saved, [tape(each) for each, _ in target.next_functions]


def seen(application: Application) -> list[Any]:
    manual_seed(0)
    tensors = application.tensors()
    result = application.run(tensors)
    every = result if isinstance(result, (tuple, list)) else [result]
    return [(each._data.tobytes(), each._base is None, tape(each._target)) for each in every]


EVERY = list(samples())


@pytest.fixture(autouse=True)
def _nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "_functions", {})
    calls.F.__dict__.clear()


@pytest.mark.parametrize("application", EVERY, ids=map(str, EVERY))
def test_every_operation_leaves_the_same_tape_again(application: Application) -> None:
    first = seen(application)
    assert [seen(application) for _ in range(OFTEN)] == [first] * OFTEN


def told(application: Application) -> list[Any]:
    """What hooks hear of three passes through one graph, what is retained, and what a pass too many is told."""
    manual_seed(0)
    tensors = application.tensors()
    result = application.run(tensors)
    if not isinstance(result, torch.Tensor) or result.grad_fn is None or refuses(result):
        return []
    heard: list[Any] = []

    def note(what: str) -> Any:
        return lambda *given: heard.append((what, [_bytes(each) for each in given]))

    result.retain_grad()
    result.register_hook(note("arrived"))
    result.register_hook(lambda gradient: 2 * gradient)
    result.grad_fn.register_prehook(note("before"))
    result.grad_fn.register_hook(note("after"))
    for place in application.places:
        tensors[place].register_hook(note(f"arrived at {place}"))
        tensors[place].register_post_accumulate_grad_hook(lambda leaf: heard.append(("accumulated", _bytes(leaf.grad))))
    for retain in (True, True, False):
        result.backward(torch.ones_like(result), retain_graph=retain)
    heard.append(("retained", _bytes(result.grad), result.grad_fn.spent))
    try:
        result.backward(torch.ones_like(result))  # which a node that saved nothing can do again and again
    except RuntimeError as error:
        heard.append(str(error))
    return heard


def _bytes(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_bytes(each) for each in value]
    return None if value is None else value._data.tobytes()


@pytest.mark.parametrize("application", EVERY, ids=map(str, EVERY))
def test_hooks_hear_the_same_again_and_a_graph_is_retained_as_long(application: Application) -> None:
    first = told(application)
    assert [told(application) for _ in range(OFTEN)] == [first] * OFTEN


def test_a_hook_on_what_a_remembered_call_gave_replaces_its_gradient() -> None:
    for _ in range(OFTEN):
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        y = torch.square(x)
        handle = y.register_hook(lambda gradient: 10 * gradient)
        loss = torch.inner(y, y)
        loss.backward(retain_graph=True)
        assert x.grad.tolist() == [40.0, 320.0]
        handle.remove()
        x.grad = None
        loss.backward()
        assert x.grad.tolist() == [4.0, 32.0]
        with pytest.raises(RuntimeError, match="backward through the graph a second time"):
            loss.backward()


def test_nearly_all_are_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    made = set[str]()
    written = remembering._shortcut

    def noted(operation: Any, *given: Any) -> Any:
        found = written(operation, *given)
        if found is not None:
            made.add(operation.name)
        return found

    monkeypatch.setattr(remembering, "_shortcut", noted)
    for application in EVERY:
        for _ in range(OFTEN):
            seen(application)
    names = {application.name for application in EVERY}
    composites = {name for name in names if isinstance(registry.get(name), Composite)}
    assert len(made & composites) > 0.9 * len(composites)
    assert len(made) > 0.9 * len(names)


LOOKS = ("item", "tolist", "numpy", "__bool__", "__float__", "__int__", "__index__", "__iter__", "__contains__")


def test_what_looks_at_values_is_not_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """By looking it might decide what it does; of a single step that could not be seen afterwards."""
    looked, written = set[str](), set[str]()
    running: list[str] = []
    write = remembering._shortcut

    def noted(operation: Any, *given: Any) -> Any:
        found = write(operation, *given)
        if found is not None and isinstance(operation, Composite):
            written.update(running)
        return found

    def looking(look: Any) -> Any:
        return lambda tensor, *given: looked.update(running) or look(tensor, *given)

    monkeypatch.setattr(remembering, "_shortcut", noted)
    for name in LOOKS:
        monkeypatch.setattr(torch.Tensor, name, looking(getattr(torch.Tensor, name)))
    for application in EVERY:
        manual_seed(0)
        tensors = application.tensors()
        running[:] = [str(application)]
        for _ in range(OFTEN):
            application.run(tensors)
        running.clear()
    assert any(each.startswith("one_hot") for each in looked)
    assert written & looked == set()


def test_numbers_may_differ_and_so_may_tensors() -> None:
    x, y = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor([3.0, 4.0], requires_grad=True)
    for number in range(OFTEN):
        assert torch.mul(x, number).tolist() == [number, 2 * number]
        assert torch.mul(x, x).tolist() == [1.0, 4.0]
        assert torch.mul(x, y).tolist() == [3.0, 8.0]
        assert torch.inner(x, x).item() == 5.0
        assert torch.inner(x, y).item() == 11.0


def test_a_composite_asks_each_time_how_a_tensor_lies_in_memory() -> None:
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    for _ in range(OFTEN):
        assert torch.reshape(x, (4,))._base is x
        turned = torch.reshape(x.t(), (4,))
        assert turned._base is not x
        assert turned.tolist() == [1.0, 3.0, 2.0, 4.0]


def test_a_composite_that_looks_at_values_looks_each_time() -> None:
    for largest in (1, 1, 1, 4, 2, 1):
        assert F.one_hot(torch.tensor([0, largest])).shape == (2, largest + 1)


def test_a_tensor_that_says_how_is_read_each_time() -> None:
    x, w = torch.ones((2, 2)), torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    for _ in range(OFTEN):
        assert torch.tensordot(x, w, torch.tensor([[1], [0]])).tolist() == [[4.0, 6.0], [4.0, 6.0]]
        assert [tuple(part.shape) for part in torch.tensor_split(x, torch.tensor([1]), 1)] == [(2, 1), (2, 1)]
    assert torch.tensordot(x, w, torch.tensor([[1], [1]])).tolist() == [[3.0, 7.0], [3.0, 7.0]]
    assert [tuple(part.shape) for part in torch.tensor_split(x, torch.tensor([2]), 1)] == [(2, 2), (2, 0)]


def test_what_was_saved_of_an_input_is_missed_when_it_changes() -> None:
    for _ in range(OFTEN):
        x, w = torch.ones((2, 3), requires_grad=True), torch.ones((2, 3), requires_grad=True)
        product = torch.tensordot(x, w, 2)  # which multiplies views of both
        with torch.no_grad():
            x.add_(1)
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            product.backward()


def test_what_was_made_in_inference_mode_is_refused_each_time() -> None:
    with torch.inference_mode():
        x = torch.ones(3)
    w = torch.ones(3, requires_grad=True)
    for _ in range(OFTEN):
        assert torch.inner(torch.ones(3), w).requires_grad
        for product in (torch.mul, torch.inner):
            with pytest.raises(RuntimeError, match="Inference tensors cannot be saved for backward"):
                product(x, w)


def test_where_nothing_is_tracked_nothing_is_written_for_the_tape() -> None:
    x = torch.ones((2, 2), requires_grad=True)
    for _ in range(OFTEN):
        assert torch.flatten(x).requires_grad
        with torch.no_grad():
            assert not torch.flatten(x).requires_grad
        with torch.inference_mode():
            assert torch.exp(x).is_inference()


def test_a_fault_is_found_each_time() -> None:
    for _ in range(OFTEN):
        with pytest.raises(RuntimeError, match="inner"):
            torch.inner(torch.ones(2), torch.ones(3))


def test_no_more_is_kept_than_is_worth_it() -> None:
    for size in range(1200):
        for _ in range(2):
            torch.exp(torch.ones(size))
    kept = [cell.cell_contents for cell in calls.call.__globals__["function"](registry.get("exp")).__closure__]
    assert max(len(each) for each in kept if isinstance(each, dict)) <= 500
