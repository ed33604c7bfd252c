"""What the inspector says: local derivatives, paths and checks, all true of the gradients that backward gives."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import notebook_graph
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.core.document.building import Graph
from chainrule.core.document.files import load_graph
from chainrule.core.engine import random
from chainrule.core.engine.recording import Propagated
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Rule
from chainrule.core.run import explain
from chainrule.core.run.problems import RunError
from chainrule.core.run.session import Session

EXAMPLES = Path(str(files("chainrule.assets") / "examples"))


def regression() -> Session:
    return Session(notebook_graph.regression(x=3.0))


def local(session: Session, name: str, socket: str) -> Any:
    return explain.local(session, session.graph.named(name).id, socket)


class TestRuleText:
    def test_is_the_rule_of_each_input(self) -> None:
        assert explain.rule_text(registry.get("mul")) == [("input", "g * other"), ("other", "g * input")]

    def test_of_a_node_has_the_sizes_that_the_node_has(self) -> None:
        graph = notebook_graph.Graph()
        graph.add("tensor", name="out", value=[1.0, 2.0, 3.0, 4.0], requires_grad=True)
        graph.add("tensor", name="target", value=[0.0, 1.0, 2.0, 3.0])
        graph.add("mse_loss", name="loss", input="out", target="target")
        lines = explain.node_rule_text(Session(graph), graph.named("loss").id)
        assert lines[0] == ("input", "0.5 * g * (input - target)")

    def test_of_a_node_whose_optional_sockets_are_empty_has_its_own_sizes(self) -> None:
        graph = notebook_graph.Graph()
        graph.add("tensor", name="out", value=[0.1, 0.2, 0.3, 0.4, 0.5], requires_grad=True)
        graph.add("tensor", name="target", value=[0.0, 1.0, 0.0, 1.0, 0.0])
        graph.add("binary_cross_entropy", name="loss", input="out", target="target")
        session, node = Session(graph), graph.named("loss").id
        assert explain.rule_example(session, node) is None
        assert "/ (5 * max(" in dict(explain.node_rule_text(session, node))["input"]

    def test_is_empty_for_a_composite(self) -> None:
        assert explain.rule_text(registry.get("linear")) == []

    def test_what_is_not_computed_is_told_with_the_sizes_of_an_example(self) -> None:
        graph = Graph()
        graph.add("tensor", name="x", value=[1.0, 2.0])
        graph.add("mean", name="wired", input="x")
        graph.add("mean", name="unwired")
        graph.add("linear", name="composite")
        session = Session(graph)
        assert explain.rule_example(session, graph.named("wired").id) is None
        for name in ("unwired", "composite"):
            node = graph.named(name)
            assert explain.rule_example(session, node.id) is session.operation(node.id).samples[0]


class TestLocalDerivative:
    def test_is_written_in_the_names_of_the_graph(self) -> None:
        session = regression()
        assert (local(session, "pred", "other").text, local(session, "pred", "other").value) == ("x", 3)
        assert (local(session, "error", "other").text, local(session, "error", "other").value) == ("-1", -1)
        assert (local(session, "loss", "input").text, local(session, "loss", "input").value) == ("2 * error", -2)

    def test_times_upstream_is_what_is_sent(self) -> None:
        session = regression()
        for beat in session.backward("loss").beats:
            if isinstance(beat, Propagated):
                for sent in beat.sent:
                    found = explain.local(session, beat.label, sent.socket or "")  # type: ignore[arg-type]
                    assert found is not None
                    assert beat.upstream * found.value == sent.contribution

    def test_is_an_array_where_the_card_works_element_by_element(self) -> None:
        graph = Graph()
        graph.add("tensor", name="v", value=[1.0, -2.0], requires_grad=True)
        graph.add("mul", name="square", input="v", other="v")
        graph.add("relu", name="positive", input="v")
        graph.add("sum", name="total", input="v")
        session = Session(graph)
        assert local(session, "square", "other").value.tolist() == [1, -2]
        assert local(session, "positive", "input").value.tolist() == [1, 0]
        assert local(session, "total", "input").value.tolist() == [1, 1]

    def test_is_none_where_no_single_factor_would_be_true(self) -> None:
        graph = Graph()
        graph.add("tensor", name="A", value=[[1.0, 2.0], [3.0, 5.0]], requires_grad=True)
        graph.add("tensor", name="s", value=2.0, requires_grad=True)
        graph.add("matmul", name="product", input="A", other="A")
        graph.add("transpose", name="turned", input="A", dim0=0, dim1=1)
        graph.add("mul", name="scaled", input="A", other="s")
        graph.add("softmax", name="shares", input="A", dim=1)
        graph.add("linear", name="layer", input="A", weight="A")
        graph.add("relu", name="open")
        session = Session(graph)
        for name, socket in [("product", "input"), ("turned", "input"), ("scaled", "other"), ("shares", "input"),
                             ("layer", "input"), ("open", "input"), ("A", "input"), ("scaled", "nothing")]:  # fmt: skip
            assert local(session, name, socket) is None, name
        assert local(session, "scaled", "input").value.tolist() == [[2, 2], [2, 2]]


class TestPaths:
    def test_the_products_along_all_paths_add_up_to_the_gradient(self) -> None:
        graph = Graph()
        graph.add("tensor", name="b", value=1.0, requires_grad=True)
        graph.add("add", name="c", input="b", other=2)
        graph.add("add", name="d", input="b", other=1)
        graph.add("mul", name="e", input="c", other="d")
        session = Session(graph)
        session.backward("e")
        found = explain.paths(session, graph.named("e").id, graph.named("b").id)
        ways = {tuple(graph.nodes[i].name for i in path.nodes): (path.factors, path.product) for path in found}
        assert ways == {("e", "c", "b"): ((2, 1), 2), ("e", "d", "b"): ((3, 1), 3)}
        assert sum(path.product for path in found) == session["b"].grad.item()

    def test_two_wires_between_two_nodes_are_two_paths(self) -> None:
        graph = Graph()
        graph.add("tensor", name="x", value=3.0, requires_grad=True)
        graph.add("mul", name="y", input="x", other="x")
        session = Session(graph)
        assert [path.product for path in explain.paths(session, graph.named("y").id, graph.named("x").id)] == [3, 3]

    def test_there_are_none_to_show_among_vectors_untracked_leaves_or_too_many(self) -> None:
        graph = Graph()
        graph.add("tensor", name="x0", value=1.0, requires_grad=True)
        graph.add("tensor", name="constant", value=1.0)
        graph.add("tensor", name="v", value=[1.0, 2.0], requires_grad=True)
        for i in range(40):
            graph.add("add", name=f"x{i + 1}", input=f"x{i}", other=f"x{i}" if i else "constant")
        graph.add("sum", name="total", input="v")
        session = Session(graph)
        for root, leaf in [("x40", "x0"), ("x1", "constant"), ("total", "v"), ("x0", "x0"), ("total", "x0")]:
            assert explain.paths(session, graph.named(root).id, graph.named(leaf).id) == []


class TestStops:
    def test_are_the_nodes_that_something_tracked_goes_into_and_nothing_comes_out_of(self) -> None:
        graph = Graph()
        graph.add("tensor", name="w", value=2.0, requires_grad=True)
        graph.add("detach", name="frozen", input="w")
        graph.add("neg", name="further", input="frozen")
        graph.add("mul", name="loss", input="w", other="further")
        graph.add("detach", name="beside", input="w")
        session = Session(graph)
        found = explain.stops(session, graph.named("loss").id, graph.named("w").id)
        assert found == [graph.named("frozen").id]


class TestGradientCheck:
    def check(self, session: Session, root: str, leaf: str, gradient: Any = None) -> explain.Check:
        return explain.gradient_check(session, session.graph.named(root).id, session.graph.named(leaf).id, gradient)

    def test_finite_differences_agree_in_float64_though_the_graph_is_float32(self) -> None:
        check = self.check(regression(), "loss", "w")
        assert check.ok
        assert check.difference < 1e-9
        assert check.text.startswith("finite differences agree")
        assert "float64" in check.text

    @given(st.floats(-3, 3), st.floats(-3, 3))
    def test_they_agree_wherever_the_graph_is_smooth(self, x: float, w: float) -> None:
        graph = Graph()
        graph.add("tensor", name="x", value=x)
        graph.add("tensor", name="w", value=w, requires_grad=True)
        graph.add("mul", name="p", input="x", other="w")
        graph.add("tanh", name="t", input="p")
        graph.add("exp", name="loss", input="t")
        assert self.check(Session(graph), "loss", "w").ok

    def test_a_wrong_rule_is_found_out(self) -> None:
        wrong = Rule(
            "wrong", lambda input: input * input, doc="", family="pointwise", vjps=(lambda g, y, input: g * input,)
        )
        registry.register(wrong)
        try:
            graph = Graph()
            graph.add("tensor", name="w", value=3.0, requires_grad=True)
            graph.add("wrong", name="loss", input="w")
            check = self.check(Session(graph), "loss", "w")
        finally:
            registry.unregister("wrong")
        assert not check.ok
        assert check.text == "backward gives 3, finite differences 6 (float64)"

    def test_what_chance_takes_away_it_takes_away_in_every_run_and_the_stream_goes_on_as_it_was(self) -> None:
        graph = Graph()
        graph.add("tensor", name="x", value=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
        graph.add("tensor", name="w", value=[0.5, 1.5, -2.0, 3.0, 0.1, 4.0], requires_grad=True)
        graph.add("dropout", name="fewer", input="x")
        graph.add("mul", name="y", input="fewer", other="w")
        graph.add("dropout", name="z", input="y")
        graph.add("sum", name="loss", input="z")
        session = Session(graph)
        random.manual_seed(7)
        expected = random.default_generator.doubles(3)
        random.manual_seed(7)
        assert self.check(session, "loss", "w").ok
        np.testing.assert_array_equal(random.default_generator.doubles(3), expected)

    def test_at_a_kink_the_gradient_lies_between_the_slopes(self) -> None:
        graph = Graph()
        graph.add("tensor", name="w", value=[0.0, 1.0], requires_grad=True)
        graph.add("relu", name="r", input="w")
        check = self.check(Session(graph), "r", "w")
        assert check.ok
        assert "1 at a kink" in check.text

    def test_a_seed_weighs_the_outputs_and_must_fit(self) -> None:
        graph = Graph()
        graph.add("tensor", name="w", value=[1.0, 2.0], requires_grad=True)
        graph.add("mul", name="y", input="w", other="w")
        assert self.check(Session(graph), "y", "w", [1, 0.5]).ok
        with pytest.raises(RunError, match=r"the seed has the shape \[3\], the output \[2\]"):
            self.check(Session(graph), "y", "w", [1, 2, 3])

    def test_of_a_large_leaf_a_part_is_compared(self) -> None:
        graph = Graph()
        graph.add("tensor", name="w", value=np.linspace(0, 1, 5000), requires_grad=True)
        graph.add("sum", name="loss", input="w")
        assert "at 200 of 5000 elements" in self.check(Session(graph), "loss", "w").text


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.chainrule")), ids=lambda path: path.stem)
def test_everything_in_every_example_can_be_explained(example: Path) -> None:
    """Each local derivative that is shown is the factor between what arrives and what is sent."""
    graph = load_graph(example)
    session = Session(graph)
    shown = 0
    session.backward(gradient=graph.training.gradient)
    for node in graph.nodes.values():
        for socket, _ in node.wires():
            factor = explain.local(session, node.id, socket)
            upstream, sent = session.state.nodes[node.id].gradient, session.state.sent.get((node.id, socket))
            if factor is not None and upstream is not None and sent is not None:
                np.testing.assert_allclose(upstream * factor.value, sent, rtol=1e-5)
                shown += 1
    assert shown or example.stem in {"mse_broadcast"}


class TestTheCheckIsOfTheRunThatIsShown:
    def check(self, graph: notebook_graph.Graph, root: str, leaf: str) -> Any:
        session = Session(graph)
        session.backward(root)
        return explain.gradient_check(session, graph.named(root).id, graph.named(leaf).id)

    def test_a_conversion_does_not_narrow_it(self) -> None:
        graph = notebook_graph.Graph()
        graph.add("tensor", name="x", value=[0.5, 1.5], requires_grad=True)
        graph.add("float", name="same", input="x")
        graph.add("exp", name="grown", input="same")
        graph.add("sum", name="loss", input="grown")
        assert self.check(graph, "loss", "x").ok

    def test_integers_join_in_double_precision(self) -> None:
        graph = notebook_graph.Graph()
        graph.add("tensor", name="n", value=[1, 2])
        graph.add("div", name="half", input="n", other=2)
        graph.add("tensor", name="x", value=[0.5, 1.5], requires_grad=True)
        graph.add("dot", name="loss", input="half", tensor="x")
        assert self.check(graph, "loss", "x").ok

    def test_a_large_value_moves_by_a_small_step(self) -> None:
        graph = notebook_graph.Graph()
        graph.add("tensor", name="x", value=1e8, dtype="float64", requires_grad=True)
        graph.add("sin", name="loss", input="x")
        assert self.check(graph, "loss", "x").ok
