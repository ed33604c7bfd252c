"""The operation that docs/add-an-operation.md adds, taken out of the book and added: what is promised comes with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import chainrule.core as torch
from chainrule.core.document.building import Graph
from chainrule.core.ops import registry
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Rule, Sample
from chainrule.core.run.session import Session

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "add-an-operation.md").read_text(encoding="utf-8")
[RECORD] = re.findall(r"```python\n(.*?)```", GUIDE, flags=re.DOTALL)


@pytest.fixture(autouse=True)
def _added() -> Iterator[None]:
    """The guide's record, as somebody would write it into a module of the rule book."""
    book = registry.get("log1p")
    registry.unregister("log1p")
    exec(RECORD, {"np": np, "register": register, "Rule": Rule, "Sample": Sample})
    yield
    registry.unregister("log1p")
    register(book)


def test_it_is_the_books_own_record() -> None:
    assert RECORD.strip() in (ROOT / "core" / "ops" / "exponential.py").read_text(encoding="utf-8")


def test_it_is_a_function_with_its_derivative() -> None:
    x = torch.tensor([0.0, 1.0, 3.0], requires_grad=True)
    y = torch.log1p(x)
    assert repr(y) == "tensor([0.0000, 0.6931, 1.3863], grad_fn=<Log1PBackward0>)"
    y.sum().backward()
    assert repr(x.grad) == "tensor([1.0000, 0.5000, 0.2500])"


def test_its_samples_pass_the_check() -> None:
    for sample in registry.get("log1p").samples:
        x = torch.tensor(np.array(sample.inputs[0]), requires_grad=True)
        assert torch.autograd.gradcheck(torch.log1p, x)


def test_it_is_found_and_stands_in_a_graph() -> None:
    assert [operation.name for operation in registry.search("logarithm of one plus")] == ["log1p"]
    graph = Graph()
    graph.add("tensor", name="x", value=1.0, requires_grad=True)
    graph.add("log1p", name="y", input="x")
    session = Session(graph)
    session.forward()
    session.backward("y")
    assert session["x"].grad.item() == 0.5
