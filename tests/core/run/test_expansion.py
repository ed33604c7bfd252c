"""What composites are made of: the steps that their own forward takes, written so that they give the same result."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainrule.core.document.building import Graph
from chainrule.core.engine import random
from chainrule.core.engine.calls import function
from chainrule.core.engine.tensor import tensor_of
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Composite, Sample
from chainrule.core.run.expansion import Line, Names, Recorder, expansion, node_expansion
from chainrule.core.run.session import Session

COMPOSITES = [
    (operation, sample)
    for operation in registry.entries().values()
    if isinstance(operation, Composite) and operation.public
    for sample in operation.samples[:2]
]


def of_a_node(kind: str, inputs: dict[str, Any], *, tracked: bool = True, **params: Any) -> list[Line]:
    """The expansion of a node ``y`` whose inputs are leaves with the names of their sockets."""
    graph = Graph()
    for name, value in inputs.items():
        floats = np.asarray(value).dtype.kind == "f"
        graph.add("tensor", name=name, value=value, requires_grad=tracked and floats)
    graph.add(kind, name="result", **{name: name for name in inputs}, **params)
    session = Session(graph)
    return node_expansion(session, graph.named("result").id)


def test_it_is_the_calls_in_their_order_with_what_backward_sends_through_each() -> None:
    assert of_a_node("cross_entropy", {"input": [[0.5, -1.0, 2.0]], "target": [2]}) == [
        Line("a = log_softmax(input, dim=1)", (("input", "g - exp(a) * Σ(g)"),)),
        Line("result = nll_loss(a, target)", (("a", "-g * [i = target and target ≠ -100] / Σ([target ≠ -100])"),)),
    ]


def test_operators_and_indices_are_written_as_one_reads_them() -> None:
    assert [line.text for line in of_a_node("softsign", {"input": [1.0, -2.0]})] == [
        "a = abs(input)",
        "b = a + 1",
        "result = input / b",
    ]
    assert [line.text for line in of_a_node("diff", {"input": [[1.0, 2.0, 4.0]]})] == [
        "a = input[:, 1:]",
        "b = input[:, :-1]",
        "result = a - b",
    ]


def test_several_results_are_named_by_their_outputs() -> None:
    texts = [line.text for line in of_a_node("max", {"input": [[1.0, 2.0]]}, dim=1)]
    assert texts == ["result.values = max_along(input, dim=1)", "result.indices = argmax(input, dim=1)"]
    assert of_a_node("var_mean", {"input": [1.0, 2.0]})[1].text == "result[1] = var_mean_mean(input)"


def test_only_what_is_tracked_is_sent_something() -> None:
    lines = of_a_node("cross_entropy", {"input": [[0.5, -1.0, 2.0]], "target": [2]}, tracked=False)
    assert [line.sends for line in lines] == [(), ()]


def test_the_steps_follow_the_settings_and_the_shapes_of_the_node() -> None:
    smooth = of_a_node("cross_entropy", {"input": [[0.5, -1.0, 2.0]], "target": [2]}, label_smoothing=0.25)
    assert len(smooth) > 2
    assert of_a_node("matmul", {"input": [[1.0]], "other": [1.0]})[0].text == "result = mv(input, other)"


def test_the_letters_leave_out_the_names_of_the_graph_and_that_of_the_gradient() -> None:
    graph = Graph()
    graph.add("tensor", name="a", value=[1.0, 2.0], requires_grad=True)
    graph.add("tensor", name="b", value=[1.0, 3.0])
    graph.add("gaussian_nll_loss", name="c", input="a", target="b", var="b")
    lines = node_expansion(Session(graph), graph.named("c").id)
    letters = [line.text.partition(" = ")[0] for line in lines]
    assert not {"a", "b", "g"} & set(letters)
    assert letters.count("c") == 1
    assert letters[-1] == "c"


def test_a_card_without_its_inputs_shows_what_the_first_sample_runs() -> None:
    graph = Graph()
    graph.add("cross_entropy", name="loss")
    lines = node_expansion(Session(graph), graph.named("loss").id)
    assert [line.text for line in lines] == ["a = log_softmax(input, dim=1)", "loss = nll_loss(a, target)"]


def test_a_rule_is_not_made_of_anything() -> None:
    assert of_a_node("exp", {"input": [1.0]}) == []


def test_looking_draws_no_random_numbers_and_changes_no_tensor() -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=[[1.0, 2.0], [3.0, 5.0]], requires_grad=True)
    for name, value in (("mean", [0.0, 0.0]), ("var", [1.0, 1.0])):
        graph.add("tensor", name=name, value=value)
    graph.add("dropout", name="dropped", input="x")
    graph.add("batch_norm", name="y", input="x", running_mean="mean", running_var="var", training=True)
    session = Session(graph)
    states = session.state.nodes
    before = random.current().copy(), [states[graph.named(n).id].value.copy() for n in ("mean", "var")]
    assert all(node_expansion(session, graph.named(name).id) for name in ("dropped", "y"))
    assert random.current().stands_where(before[0])
    for name, value in zip(("mean", "var"), before[1], strict=True):
        np.testing.assert_array_equal(states[graph.named(name).id].value, value)


@pytest.mark.parametrize(("operation", "sample"), COMPOSITES, ids=lambda each: getattr(each, "name", ""))
def test_every_composite_can_be_written_down(operation: Composite, sample: Sample) -> None:
    """Every tensor in a line was named before, by an input or an earlier line, and the last lines name the results."""
    given = [None if each is None else tensor_of(np.asarray(each)) for each in sample.inputs]
    inputs = {operation.tensors[0]: given} if operation.variadic else dict(zip(operation.tensors, given, strict=False))
    called: dict[str, Any] = {name: name.upper() for name in inputs}
    if operation.variadic:
        called = {operation.tensors[0]: [f"T{place}" for place in range(len(given))]}
    result = function(operation)(**inputs, **sample.params)
    results = tuple(f"R{place}" for place in range(len(result) if isinstance(result, tuple) else 1))
    lines = expansion(operation, inputs, sample.params, Names(called, results))
    text = "\n".join(line.text for line in lines)
    assert "\N{HORIZONTAL ELLIPSIS}" not in text
    assert "Tensor" not in text
    assert "tensor(" not in text
    made = {name for line in lines for name in line.text.partition(" = ")[0].split(", ")}
    assert set(results) <= made


def test_what_a_recorder_runs_is_what_the_engine_runs() -> None:
    recorder = Recorder()
    x = tensor_of(np.array([1.0, 2.0]))
    np.testing.assert_array_equal(recorder.mul(recorder.exp(x), 2)._data, np.exp([1.0, 2.0]) * 2)
    assert [step.operation.name for step in recorder.steps] == ["exp", "mul"]
