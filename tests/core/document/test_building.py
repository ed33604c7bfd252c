"""Building a graph by names, as a script does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainrule.core.document.building import Graph, split
from chainrule.core.document.graph import GraphError, Wire


def test_the_graph_of_the_headless_page() -> None:
    graph = Graph()
    x = graph.add("tensor", name="x", value=[1.0, 2.0], requires_grad=True)
    y = graph.add("mul", name="y", input="x", other="x")
    graph.add("sum", name="loss")
    graph.connect("y", "loss.input")
    assert y.inputs == {"input": Wire(x.id), "other": Wire(x.id)}
    assert graph.named("loss").inputs == {"input": Wire(y.id)}


def test_sockets_take_nodes_outputs_and_numbers_and_the_rest_are_parameters() -> None:
    graph = Graph()
    x = graph.add("tensor", name="x", value=[[1.0, 2.0]])
    m = graph.add("max", name="m", input="x", dim=1)
    assert (m.inputs, m.params) == ({"input": Wire(x.id)}, {"dim": 1})
    assert graph.add("mul", input="m.values", other=2).inputs == {"input": Wire(m.id, "values"), "other": 2}
    assert set(graph.add("cat", tensors=["x", "x"], dim=0).inputs) == {"tensors.0", "tensors.1"}
    assert set(graph.add("linear", input="x", weight="x", bias=None).inputs) == {"input", "weight"}


def test_a_leaf_has_torchs_default_dtypes() -> None:
    graph = Graph()
    given: list[Any] = [1.0, 1, True, np.ones(2), [1, 2.5]]
    leaves = [graph.add("tensor", value=value).leaf for value in given]
    assert [leaf.value.dtype.name for leaf in leaves if leaf] == ["float32", "int64", "bool", "float64", "float32"]
    half = graph.add("tensor", value=1, dtype="float16").leaf
    assert half is not None
    assert half.value.dtype == np.float16


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("mul", {"input": "z"}, "there is no node called 'z'"),
        ("mul", {"input": "X"}, r"there is no node called 'X'; did you mean x\?"),
        ("tensor", {"value": 1.0, "requires_grad": "yes"}, "requires_grad of new is 'yes'; it has to be True or False"),
        ("mul", {"inptu": "x"}, "mul has no parameter 'inptu'"),
        ("frobnicate", {}, "there is no operation called 'frobnicate'"),
        ("tensor", {"value": "x"}, "new"),
        ("tensor", {"vlaue": 1.0}, "a tensor has no vlaue; it has value, dtype, requires_grad"),
        ("tensor", {"value": [1, 2], "requires_grad": True}, "only Tensors of floating point"),
    ],
)
def test_what_makes_no_node_adds_nothing(kind: str, given: dict[str, Any], message: str) -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=1.0)
    with pytest.raises(GraphError, match=message):
        graph.add(kind, name="new", **given)
    assert "new" not in graph


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("x", "y", "'y' names no socket; y has y.input, y.other"),
        ("x", "x", "'x' names no socket; x has none"),
        ("x", "y.left", "mul has no socket 'left'; it has input, other"),
        ("z", "y.input", "there is no node called 'z'"),
    ],
)
def test_a_wire_that_leads_nowhere_is_refused(source: str, target: str, message: str) -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=1.0)
    graph.add("mul", name="y")
    with pytest.raises(GraphError, match=message):
        graph.connect(source, target)
    assert graph.named("y").inputs == {}


def test_a_reference_is_split_at_the_longest_name() -> None:
    names = {"y", "layer.w"}
    assert split("y", names) == ("y", "")
    assert split("y.tensors.0", names) == ("y", "tensors.0")
    assert split("layer.w.input", names) == ("layer.w", "input")
    assert split("z.input", names) is None
