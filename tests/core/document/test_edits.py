"""Edits: applied all or not at all, with an exact inverse; what may not be in a graph is refused, with the reason."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from notebook_graph import regression
from random_graphs import held, random_edits, try_to

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.graph import GraphError, Leaf, Recipe, Training, Wire


def refusal(graph: Graph, build: Any) -> GraphError:
    """What the edit that ``build`` makes is refused with; it must have changed nothing."""
    before = held(graph)
    with pytest.raises(GraphError) as caught:
        edits.apply(graph, build())
    assert held(graph) == before
    return caught.value


@given(st.data())
def test_undoing_any_sequence_of_edits_restores_the_graph_exactly(data: st.DataObject) -> None:
    graph = Graph()
    history, inverses = [held(graph)], []
    for _ in range(data.draw(st.integers(1, 15))):
        inverse = try_to(graph, lambda: data.draw(random_edits(graph)))
        if inverse is None:
            assert held(graph) == history[-1], "a refused edit changes nothing"
        else:
            inverses.append(inverse)
            history.append(held(graph))
    again = []
    for inverse, before in zip(reversed(inverses), reversed(history[:-1]), strict=True):
        again.append(edits.apply(graph, inverse))
        assert held(graph) == before
    for redo, after in zip(reversed(again), history[1:], strict=True):
        edits.apply(graph, redo)
        assert held(graph) == after


@given(st.data())
def test_a_merged_edit_does_what_its_parts_do_one_after_another(data: st.DataObject) -> None:
    graph = regression()
    scratch, parts = graph.copy(), []
    for _ in range(4):
        edit = []
        if try_to(scratch, lambda edit=edit: edit.append(data.draw(random_edits(scratch))) or edit[0]) is not None:
            parts.append(edit[0])
    inverse = edits.apply(graph, edits.merge("several", parts))
    assert held(graph) == held(scratch)
    edits.apply(graph, inverse)
    assert {node.name for node in graph.nodes.values()} == {"x", "w", "y", "pred", "error", "loss"}


def test_a_copy_shares_records_and_nothing_else() -> None:
    graph = regression()
    twin = graph.copy()
    assert held(twin) == held(graph)
    twin.add("relu", name="r", input="loss")
    assert "r" not in graph
    assert graph.consumers(graph.named("loss").id) == []


class TestCycles:
    def test_a_wire_that_closes_a_cycle_is_refused_and_the_way_round_is_told(self) -> None:
        graph = regression()
        loss, pred = graph.named("loss").id, graph.named("pred").id
        error = refusal(graph, lambda: edits.connect(graph, loss, "", pred, "input"))
        assert str(error) == "this would close a cycle: pred -> error -> loss -> pred; a graph has none"

    def test_a_node_cannot_be_wired_to_itself(self) -> None:
        graph = regression()
        pred = graph.named("pred").id
        error = refusal(graph, lambda: edits.connect(graph, pred, "", pred, "input"))
        assert str(error) == "pred cannot be wired to itself"

    def test_a_graph_that_meets_itself_again_and_again_is_checked_at_once(self) -> None:
        graph = Graph()
        graph.add("tensor", name="x0", value=1.0)
        for i in range(200):  # 2**200 paths
            graph.add("add", name=f"x{i + 1}", input=f"x{i}", other=f"x{i}")
        top, bottom = graph.named("x200").id, graph.named("x1").id
        assert "cycle" in str(refusal(graph, lambda: edits.connect(graph, top, "", bottom, "other")))


class TestNames:
    @pytest.mark.parametrize("name", ["", "1x", "a b", "for", "None", "x.y", "x-1", "\N{LATIN SMALL LIGATURE FI}"])
    def test_what_is_no_python_name_is_refused(self, name: str) -> None:
        graph = regression()
        error = refusal(graph, lambda: edits.rename(graph, graph.named("x").id, name))
        assert (error.node, error.field) == (name, "name")
        assert repr(name) in str(error)

    def test_a_name_is_taken_once(self) -> None:
        graph = regression()
        error = refusal(graph, lambda: edits.rename(graph, graph.named("x").id, "w"))
        assert str(error) == "the name w is taken already"

    def test_two_nodes_can_swap_names_in_one_edit(self) -> None:
        graph = regression()
        x, w = graph.named("x"), graph.named("w")
        edits.apply(graph, edits.Edit("swap", {x.id: replace(x, name="w"), w.id: replace(w, name="x")}))
        assert graph.named("x").id == w.id

    def test_the_training_settings_follow_their_loss(self) -> None:
        graph = regression()
        edits.apply(graph, edits.set_training(graph, loss="loss"))
        inverse = edits.apply(graph, edits.rename(graph, graph.named("loss").id, "cost"))
        assert graph.training.loss == "cost"
        edits.apply(graph, inverse)
        assert graph.training.loss == "loss"

    def test_a_free_name_is_legal_and_new(self) -> None:
        graph = regression()
        assert [graph.free_name(wish) for wish in ("x", "new", "lambda", "2x", "a-b")] == [
            "x2",
            "new",
            "lambda_",
            "n2x",
            "a_b",
        ]


class TestSockets:
    def test_an_unknown_socket_is_refused_with_those_there_are(self) -> None:
        graph = regression()
        x, pred = graph.named("x").id, graph.named("pred").id
        error = refusal(graph, lambda: edits.connect(graph, x, "", pred, "exponent"))
        assert str(error) == "mul has no socket 'exponent'; it has input, other"
        assert (error.node, error.field) == ("pred", "inputs.exponent")

    def test_a_leaf_has_no_sockets(self) -> None:
        graph = regression()
        assert refusal(graph, lambda: edits.set_literal(graph, graph.named("x").id, "input", 1)).node == "x"

    def test_a_number_stands_only_where_torch_takes_one(self) -> None:
        graph = regression()
        product = graph.add("matmul", name="product")
        error = refusal(graph, lambda: edits.set_literal(graph, product.id, "input", 2))
        assert str(error) == "matmul takes a tensor as input, not a plain number"

    def test_a_wire_takes_the_place_of_a_number_and_the_other_way_round(self) -> None:
        graph = regression()
        x, loss = graph.named("x").id, graph.named("loss").id
        edits.apply(graph, edits.connect(graph, x, "", loss, "exponent"))
        assert graph.named("loss").inputs["exponent"] == Wire(x)
        edits.apply(graph, edits.set_literal(graph, loss, "exponent", 3.0))
        assert graph.named("loss").inputs["exponent"] == 3.0
        assert (loss, "exponent") not in graph.consumers(x)
        edits.apply(graph, edits.disconnect(graph, loss, "exponent"))
        assert "exponent" not in graph.named("loss").inputs

    def test_variadic_sockets_are_numbered_slots(self) -> None:
        graph = regression()
        graph.add("cat", name="all", tensors=["x", "w"])
        assert set(graph.named("all").inputs) == {"tensors.0", "tensors.1"}
        all_ = graph.named("all").id
        edits.apply(graph, edits.connect(graph, graph.named("y").id, "", all_, "tensors.7"))
        for wrong in ("tensors", "tensors.", "tensors.01", "tensors.-1", "tensors.x"):
            refusal(graph, lambda wrong=wrong: edits.connect(graph, graph.named("y").id, "", all_, wrong))

    def test_one_of_several_outputs_has_to_be_named(self) -> None:
        graph = regression()
        graph.add("max", name="m", input="x", dim=0)
        graph.add("relu", name="r", input="m.values")
        error = refusal(graph, lambda: edits.connect(graph, graph.named("m").id, "", graph.named("r").id, "input"))
        assert str(error) == "m has no output ''; it has values, indices"

    def test_a_parameter_that_takes_an_output_away_is_refused_while_it_is_wired(self) -> None:
        graph = regression()
        graph.add("max", name="m", input="x", dim=0)
        graph.add("relu", name="r", input="m.values")
        error = refusal(graph, lambda: edits.set_param(graph, graph.named("m").id, "dim", None))
        assert "has no output 'values'" in str(error)


class TestKindsAndParameters:
    def test_an_unknown_operation_is_refused_with_the_likeliest_other(self) -> None:
        graph = regression()
        error = refusal(graph, lambda: edits.add_node(graph, "mull")[0])
        assert str(error) == "there is no operation called 'mull'; did you mean mul?"

    def test_an_unknown_parameter_is_refused(self) -> None:
        graph = regression()
        error = refusal(graph, lambda: edits.set_param(graph, graph.named("pred").id, "dim", 0))
        assert str(error) == "mul has no parameter 'dim'; it has none"

    def test_a_parameter_is_a_plain_value(self) -> None:
        graph = regression()
        total = graph.add("sum", name="total", input="x")
        assert "plain values" in str(refusal(graph, lambda: edits.set_param(graph, total.id, "dim", np.ones(2))))

    def test_a_parameter_goes_back_to_its_default(self) -> None:
        graph = regression()
        total = graph.add("sum", name="total", input="x", keepdim=True)
        edits.apply(graph, edits.unset_param(graph, total.id, "keepdim"))
        assert graph.named("total").params == {}


class TestValues:
    def test_a_leaf_keeps_its_dtype_and_forgets_its_recipe(self) -> None:
        graph = Graph()
        edit, x = edits.add_node(graph, "tensor", "x", leaf=Leaf(np.zeros(2, np.float64), recipe=Recipe("zeros")))
        edits.apply(graph, edit)
        edits.apply(graph, edits.set_value(graph, x.id, [1, 2.5, 3]))
        leaf = graph.named("x").leaf
        assert leaf is not None
        assert (leaf.value.tolist(), leaf.value.dtype, leaf.recipe) == ([1.0, 2.5, 3.0], np.float64, None)

    def test_a_value_is_document_data_and_cannot_be_written_to(self) -> None:
        given = np.ones(2, np.float32)
        graph = Graph()
        leaf = graph.add("tensor", name="x", value=given).leaf
        assert leaf is not None
        given[0] = 5
        assert leaf.value.tolist() == [1, 1]
        with pytest.raises(ValueError, match="read-only"):
            leaf.value[0] = 2

    @pytest.mark.parametrize(
        ("value", "dtype", "message"),
        [
            ([[1.0], [1.0, 2.0]], None, "expected sequence of length 1 at dim 1 (got 2)"),
            ("abc", None, "new(): invalid data type 'str'"),
            (2.5, "int64", "int64 cannot hold this value; a floating-point dtype can"),
            (300, "uint8", "value cannot be converted to type uint8 without overflow"),
            (1e39, "float32", "float32 cannot hold a number this large"),
            (1.0, "floaty", "there is no dtype 'floaty'"),
        ],
    )
    def test_what_is_no_value_is_refused(self, value: Any, dtype: str | None, message: str) -> None:
        graph = regression()
        error = refusal(graph, lambda: edits.set_value(graph, graph.named("x").id, value, dtype=dtype))
        assert message in str(error)
        assert error.node == "x"

    def test_a_computed_node_takes_no_value(self) -> None:
        graph = regression()
        error = refusal(graph, lambda: edits.set_value(graph, graph.named("loss").id, 1.0))
        assert str(error) == "loss is computed (pow); only a leaf tensor can be given a value"

    def test_integers_cannot_require_a_gradient(self) -> None:
        graph = Graph()
        n = graph.add("tensor", name="n", value=[1, 2])
        error = refusal(graph, lambda: edits.set_requires_grad(graph, n.id, True))
        assert str(error) == "only Tensors of floating point and complex dtype can require gradients"
        assert error.field == "requires_grad"

    def test_casting_to_integers_turns_requires_grad_off(self) -> None:
        graph = regression()
        edits.apply(graph, edits.set_dtype(graph, graph.named("w").id, "int64"))
        leaf = graph.named("w").leaf
        assert leaf is not None
        assert (leaf.value.dtype, leaf.requires_grad) == (np.int64, False)


class TestRemoving:
    def test_the_wires_at_a_removed_node_go_with_it(self) -> None:
        graph = regression()
        edits.apply(graph, edits.remove(graph, [graph.named("pred").id]))
        assert graph.named("error").inputs == {"input": Wire(graph.named("y").id)}
        assert graph.consumers(graph.named("x").id) == []

    def test_healing_joins_the_wires_around_a_node_with_one_path_through_it(self) -> None:
        graph = regression()
        gone = [graph.named("error").id, graph.named("loss").id]
        graph.add("relu", name="r", input="loss")
        edits.apply(graph, edits.disconnect(graph, gone[0], "other"))
        edits.apply(graph, edits.remove(graph, gone, heal=True))
        assert graph.named("r").inputs == {"input": Wire(graph.named("y").id)}

    def test_a_node_with_two_paths_through_it_does_not_heal(self) -> None:
        graph = regression()
        edits.apply(graph, edits.remove(graph, [graph.named("pred").id], heal=True))
        assert set(graph.named("error").inputs) == {"input"}

    def test_regions_lose_the_member_and_the_training_settings_their_loss(self) -> None:
        graph = regression()
        x, loss = graph.named("x").id, graph.named("loss").id
        edits.apply(graph, edits.set_region(graph, "frozen", [x, loss]))
        edits.apply(graph, edits.set_training(graph, loss="loss"))
        inverse = edits.apply(graph, edits.remove(graph, [loss]))
        assert (graph.regions["frozen"].members, graph.training.loss) == ({x}, "")
        edits.apply(graph, inverse)
        assert (graph.regions["frozen"].members, graph.training.loss) == ({x, loss}, "loss")

    def test_a_patch_may_not_leave_a_wire_without_its_source(self) -> None:
        graph = regression()
        assert refusal(graph, lambda: edits.Edit("", {graph.named("x").id: None})).node == "pred"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lr": -1.0}, "Invalid learning rate: -1.0"),
        ({"lr": float("nan")}, "Invalid learning rate: nan"),
        ({"momentum": -1.0}, "Invalid momentum value: -1.0"),
        ({"weight_decay": -1.0}, "Invalid weight_decay value: -1.0"),
        ({"nesterov": True}, "Nesterov momentum requires a momentum and zero dampening"),
        ({"epochs": -1}, "-1 is not a number of epochs"),
        ({"gradient": [[1], [1, 2]]}, "the gradient given to backward: expected sequence of length 1 at dim 1 (got 2)"),
        ({"gradient": "one"}, "the gradient given to backward: new(): invalid data type 'str'"),
        ({"loss": "nobody"}, "the loss 'nobody' of the training settings is not in the graph"),
        ({"speed": 3}, "training has no speed; it has " + ", ".join(Training.__dataclass_fields__)),
    ],
)
def test_training_settings_are_checked_in_the_words_of_pytorch(changes: dict[str, Any], message: str) -> None:
    graph = regression()
    assert str(refusal(graph, lambda: edits.set_training(graph, **changes))) == message


@pytest.mark.parametrize("number", [1 << 63, -(1 << 63) - 1])
def test_a_number_in_a_socket_fits_64_bits(number: int) -> None:
    graph = regression()
    refused = refusal(graph, lambda: edits.set_literal(graph, graph.named("pred").id, "input", number))
    assert (refused.node, refused.field) == ("pred", "inputs.input")
    assert str(refused) == "pred.input holds an integer beyond 64 bits; write it as a floating-point number"


def test_ids_are_never_used_again() -> None:
    graph = regression()
    last = graph.named("loss").id
    edits.apply(graph, edits.remove(graph, [last]))
    assert graph.add("relu", name="r", input="error").id > last


@pytest.mark.parametrize(
    ("kind", "param", "value", "wanted"),
    [
        ("sum", "dim", "a", "an integer, or a list of integers"),
        ("sum", "keepdim", 1, "True or False"),
        ("flatten", "start_dim", 1.5, "an integer"),
        ("clamp", "min", "low", "a number"),
        ("mse_loss", "reduction", "median", "'mean' or 'sum' or 'none'"),
        ("to", "dtype", "float31", "float16 or float32"),
        ("getitem", "index", [[0]], "an integer, or text as it stands between brackets"),
        ("getitem", "index", "one", "'one' is not an index"),
        ("getitem", "index", "[0, x]", "'x' is not an index"),
    ],
)
def test_a_parameter_of_the_wrong_sort_is_refused_before_it_runs(
    kind: str, param: str, value: Any, wanted: str
) -> None:
    with pytest.raises(GraphError, match=re.escape(wanted)) as caught:
        Graph().add(kind, name="node", **{param: value})
    assert (caught.value.node, caught.value.field) == ("node", f"params.{param}")


def test_settings_that_there_are_not_are_refused_with_those_that_there_are() -> None:
    graph = Graph()
    with pytest.raises(GraphError, match="about has no titel; it has title, source, text"):
        edits.set_about(graph, titel="Two paths")
    with pytest.raises(GraphError, match="training has no rate; it has loss, gradient, epochs, optimizer, lr,"):
        edits.set_training(graph, lr=0.1, rate=1)
