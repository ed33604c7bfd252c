"""The script of a graph: what it looks like, and that running it gives the session's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from notebook_graph import regression

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.files import load_graph
from chainrule.core.document.graph import Leaf, Recipe
from chainrule.core.document.languages.pytorch import CHAINRULE, leaf_expression, script, training_script
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Operation, Sample
from chainrule.core.run.session import Session

EXAMPLES = sorted(entry.name for entry in files("chainrule.assets").joinpath("examples").iterdir())  # type: ignore[attr-defined]


def run(text: str) -> Mapping[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(text, "script", "exec"), names)
    return names


def test_it_is_what_a_person_would_write() -> None:
    graph = regression()
    assert script(graph, root=graph.named("loss").id) == (
        "import torch\n\n"
        "x = torch.tensor(1.0)\nw = torch.tensor(1.0, requires_grad=True)\ny = torch.tensor(2.0)\n\n"
        "pred = x * w\nerror = y - pred\nloss = error ** 2\n\n"
        "loss.backward()\nprint(w.grad)\n"
    )


def test_the_training_loop_steps_what_requires_grad() -> None:
    graph = regression()
    edits.apply(graph, edits.set_training(graph, epochs=3, momentum=0.5, zero_grad=False))
    assert training_script(graph, root=graph.named("loss").id).endswith(
        "optimizer = torch.optim.SGD([w], lr=0.01, momentum=0.5)\n\n"
        "for epoch in range(3):\n"
        "    pred = x * w\n    error = y - pred\n    loss = error ** 2\n"
        "    loss.backward()\n    optimizer.step()\n\n"
        "print(w)\n"
    )


def test_the_training_loop_gives_the_published_weights() -> None:
    graph = regression()
    edits.apply(graph, edits.set_training(graph, epochs=2))
    names = run(training_script(graph, module=CHAINRULE, root=graph.named("loss").id))
    assert names["w"].item() == pytest.approx(1.0396, abs=1e-6)


def test_calls_are_spelt_as_torch_spells_them() -> None:
    graph = Graph()
    graph.add("tensor", name="a", value=[[1.0, 2.0], [3.0, 4.0]])
    graph.add("sum", name="total", input="a", dim=0)
    graph.add("relu", name="r", input="total")
    graph.add("cat", name="both", tensors=["total", "r"])
    graph.add("neg", name="n", input="a")
    graph.add("rsub", name="one_minus", input="a", other=1.0)
    graph.add("max", name="m", input="a", dim=1)
    graph.add("mul", name="twice", input="m.values", other=2.0)
    lines = script(graph).splitlines()
    assert "total = torch.sum(a, dim=0)" in lines
    assert "both = torch.cat([total, r])" in lines
    assert "n = -a" in lines
    assert "one_minus = 1.0 - a" in lines
    assert "twice = m.values * 2.0" in lines


def test_an_operator_is_written_as_the_rule_book_says_that_python_calls_it() -> None:
    graph = Graph()
    graph.add("tensor", name="a", value=2.0)
    graph.add("tensor", name="b", value=3.0)
    for name, kind in [("less", "lt"), ("same", "eq"), ("sum_", "add"), ("ratio", "div"), ("product", "matmul")]:
        graph.add(kind, name=name, input="a", other="b")
    graph.add("positive", name="plus", input="a")
    graph.add("pow", name="power", input=-2.0, exponent="a")
    graph.add("add", name="scaled", input="a", other="b", alpha=2)
    lines = script(graph).splitlines()
    for line in ("less = a < b", "same = a == b", "sum_ = a + b", "ratio = a / b", "product = a @ b", "plus = +a"):
        assert line in lines
    assert "power = (-2.0) ** a" in lines
    assert "scaled = torch.add(a, b, alpha=2)" in lines


def test_a_no_grad_region_is_one_block() -> None:
    graph = regression()
    inside = [graph.named(name).id for name in ("pred", "error")]
    edits.apply(graph, edits.set_region(graph, "frozen", inside))
    assert "with torch.no_grad():\n    pred = x * w\n    error = y - pred\nloss = error ** 2\n" in script(graph)


def test_names_that_the_script_needs_are_not_shadowed() -> None:
    graph = Graph()
    graph.add("tensor", name="torch", value=1.0)
    graph.add("neg", name="print", input="torch")
    assert script(graph).endswith("torch2 = torch.tensor(1.0)\n\nprint2 = -torch2\n")


@pytest.mark.parametrize(
    ("leaf", "text"),
    [
        (Leaf(np.float32(0.1)), "torch.tensor(0.1)"),
        (
            Leaf(np.array([0.1, np.nan, -np.inf])),
            'torch.tensor([0.1, float("nan"), float("-inf")], dtype=torch.float64)',
        ),
        (Leaf(np.array([[1, 2]])), "torch.tensor([[1, 2]])"),
        (Leaf(np.array([True])), "torch.tensor([True])"),
        (Leaf(np.zeros((2, 0), np.float32)), "torch.zeros(2, 0)"),
        (
            Leaf(np.ones((2, 3), np.float32), True, Recipe("ones", {"size": [2, 3]})),
            "torch.ones(2, 3, requires_grad=True)",
        ),
        (Leaf(np.eye(2, dtype=np.float32), recipe=Recipe("eye", {"n": 2})), "torch.eye(2)"),
        (Leaf(np.full(2, 7.5, np.float32), recipe=Recipe("full", {"size": [2]})), "torch.full((2,), 7.5)"),
        (Leaf(np.zeros(2, np.float32), recipe=Recipe("ones", {"size": [2]})), "torch.tensor([0.0, 0.0])"),
        (Leaf(np.float32([0.5, 0.25]), recipe=Recipe("rand", {"size": [2]}, 1)), "torch.tensor([0.5, 0.25])"),
    ],
)
def test_leaves_are_written_to_the_last_bit(leaf: Leaf, text: str) -> None:
    assert leaf_expression(leaf) == text


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_every_examples_script_gives_the_sessions_numbers(example: str) -> None:
    graph = load_graph(str(files("chainrule.assets").joinpath("examples", example)))
    session = Session(graph)
    root = session.find_root()
    session.backward(root, graph.training.gradient)
    names = run(script(graph, module=CHAINRULE, root=root))
    for node in graph.nodes.values():
        value = session.state.nodes[node.id].value
        close(names[node.name].detach().numpy(), value, node.name)
        grad = session.state.nodes[node.id].grad
        if grad is not None:
            close(names[node.name].grad.numpy(), grad, f"{node.name}.grad")


def close(made: Any, wanted: Any, name: str) -> None:
    """Equal but for the last bits: Python's ``10 / f`` is ten times a reciprocal, a div card with a 10 in it is not."""
    assert (made.shape, made.dtype) == (wanted.shape, wanted.dtype), name
    np.testing.assert_allclose(made, wanted, rtol=8 * np.finfo(wanted.dtype).eps, err_msg=name)


SAMPLES = [
    (operation, sample)
    for operation in registry.entries().values()
    if operation.public or operation.name == "getitem"
    for sample in operation.samples
]


@pytest.mark.parametrize(("operation", "sample"), SAMPLES, ids=lambda value: getattr(value, "name", "sample"))
def test_every_operation_is_called_as_its_face_takes_it(operation: Operation, sample: Sample) -> None:
    graph = Graph()
    wires = []
    for place, value in enumerate(sample.inputs):
        wires.append(f"a{place}" if value is not None else None)
        if value is not None:
            graph.add("tensor", name=f"a{place}", value=value)
    sockets = operation.inputs
    given = (
        {sockets[0].name: wires} if sockets[0].variadic else dict(zip((s.name for s in sockets), wires, strict=False))
    )
    result = graph.add(operation.name, name="result", **given, **sample.params)
    made = run(script(graph, module=CHAINRULE))["result"]
    for output, wanted in Session(graph).state.nodes[result.id].values.items():
        got = made[int(output)] if output.isdigit() else getattr(made, output) if output else made
        np.testing.assert_array_equal(got.detach().numpy(), wanted)


@pytest.mark.parametrize(
    ("index", "text"), [(1, "a[1]"), (":, 0", "a[:, 0]"), ("0, 1", "a[0, 1]"), ("[0, 1]", "a[[0, 1]]")]
)
def test_an_index_stands_in_brackets(index: object, text: str) -> None:
    graph = Graph()
    graph.add("tensor", name="a", value=[[1.0, 2.0], [3.0, 4.0]])
    graph.add("getitem", name="part", input="a", index=index)
    assert f"part = {text}" in script(graph).splitlines()
    made = run(script(graph, module=CHAINRULE))["part"]
    np.testing.assert_array_equal(made.numpy(), Session(graph)["part"].numpy())
