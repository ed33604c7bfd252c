"""Adding an operation takes one record: then it is a function, a method, a search result, documented and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

import chainrule.core as torch
from chainrule.core.engine.printing import tensor_text
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Rule, Sample

CUBE = Rule(
    "cube", lambda input: input * input * input,
    vjps=(lambda g, y, input: g * 3 * input * input,),
    doc="Each element to the third power.", family="pointwise", symbol="x³", synonyms=("third power",),
    samples=(Sample(([-1.5, 0.25, 2.0],)),),
)  # fmt: skip

WRONG = Rule(
    "wrong", lambda input: input * input,
    vjps=(lambda g, y, input: g * input,),
    doc="Squares, with half the derivative.", family="pointwise",
)  # fmt: skip


@pytest.fixture
def cube() -> Iterator[Rule]:
    yield registry.register(CUBE)
    registry.unregister("cube")


@pytest.mark.usefixtures("cube")
def test_it_is_a_function_and_a_method_and_is_tracked() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = torch.cube(x)
    assert repr(y) == "tensor([1., 8.], grad_fn=<CubeBackward0>)"
    y.backward(torch.tensor([1.0, 10.0]))
    assert repr(x.grad) == "tensor([  3., 120.])"
    assert repr(x.detach().cube()) == "tensor([1., 8.])"
    assert repr(torch.tensor([3]).cube()) == "tensor([27])"


@pytest.mark.usefixtures("cube")
def test_it_works_in_place() -> None:
    x = torch.tensor([2.0])
    assert tensor_text(x.cube_().numpy()) == "tensor([8.])"


def test_it_is_found_by_name_symbol_synonym_and_misspelt(cube: Rule) -> None:
    for text in ("cube", "x³", "third power", "cbue"):
        assert cube in registry.search(text)


@pytest.mark.usefixtures("cube")
def test_its_documentation_is_the_functions() -> None:
    assert torch.cube.__doc__ == CUBE.doc
    assert torch.cube.__name__ == "cube"


@pytest.mark.usefixtures("cube")
def test_its_gradient_is_checked_against_differences() -> None:
    x = torch.tensor(np.array(CUBE.samples[0].inputs[0]), requires_grad=True)
    assert torch.autograd.gradcheck(torch.cube, x)


def test_a_wrong_derivative_does_not_pass_the_check() -> None:
    registry.register(WRONG)
    try:
        x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
        with pytest.raises(RuntimeError, match="Jacobian mismatch for output 0 with respect to input 0"):
            torch.autograd.gradcheck(torch.wrong, x)
        assert not torch.autograd.gradcheck(torch.wrong, x, raise_exception=False)
    finally:
        registry.unregister("wrong")


def test_an_alias_is_the_same_operation_under_another_name() -> None:
    registry.register(replace(CUBE, aliases=("third_power",)))
    try:
        assert registry.get("third_power") is registry.get("cube")
        assert torch.third_power is torch.cube
        assert {"cube", "third_power"} <= set(dir(torch))
        x = torch.tensor([2.0])
        assert repr(x.third_power()) == "tensor([8.])"
        assert x.third_power_() is x
        assert repr(x) == "tensor([8.])"
        assert [found.name for found in registry.search("third_power")] == ["cube"]
        assert "third_power" not in registry.entries()
        with pytest.raises(ValueError, match="'third_power' is already registered"):
            registry.register(replace(CUBE, name="third_power"))
    finally:
        registry.unregister("cube")
    assert "third_power" not in registry.names()


def test_listeners_hear_of_it() -> None:
    heard: list[bool] = []
    registry.on_change(lambda: heard.append("cube" in registry.entries()))
    registry.register(CUBE)
    registry.unregister("cube")
    assert heard == [True, False]


@pytest.mark.usefixtures("cube")
def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="'cube' is already registered"):
        registry.register(CUBE)


def test_taken_out_it_is_gone() -> None:
    registry.register(CUBE)
    registry.unregister("cube")
    with pytest.raises(AttributeError):
        torch.cube  # noqa: B018
    with pytest.raises(AttributeError, match="'Tensor' object has no attribute 'cube'"):
        torch.ones(2).cube()
    assert CUBE not in registry.search("cube")
    with pytest.raises(KeyError):
        registry.get("cube")
