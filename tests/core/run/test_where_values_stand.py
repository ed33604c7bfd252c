"""A program shares memory between values, and no value is read before it is there or after it was overwritten."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from loop_runs import assert_same, leaf, trained

from chainrule.core.document.building import Graph


def squares(graph: Graph) -> None:
    """Half a square: its gradient is the parameter itself."""
    leaf(graph, "w", [1.0, -2.0])
    graph.add("mul", name="ww", input="w", other="w")
    graph.add("sum", name="all", input="ww")
    graph.add("mul", name="loss", input="all", other=0.5)


def many_squares(graph: Graph) -> None:
    leaf(graph, "w", np.linspace(-1, 1, 5_000))
    graph.add("mul", name="ww", input="w", other="w")
    graph.add("sum", name="all", input="ww")
    graph.add("mul", name="loss", input="all", other=0.5)


def one_slice_beside_another(graph: Graph) -> None:
    leaf(graph, "a", [1.0, 2.0, 3.0])
    leaf(graph, "b", [4.0, 5.0])
    graph.add("getitem", name="part", input="a", index="0:2")
    graph.add("mul", name="both", input="part", other="b")
    graph.add("sum", name="loss", input="both")


def an_element_of_the_parameter(graph: Graph) -> None:
    leaf(graph, "w", [1.0, 2.0, 3.0])
    graph.add("getitem", name="loss", input="w", index="1")


def a_long_shift(graph: Graph) -> None:
    leaf(graph, "w", np.linspace(-1, 1, 70_000))
    graph.add("mul", name="double", input="w", other=2.0)
    graph.add("exp", name="grown", input="w")
    graph.add("cat", name="joined", tensors=["double", "grown"])
    graph.add("getitem", name="shifted", input="joined", index="1:70001")
    graph.add("mul", name="product", input="shifted", other="grown")
    graph.add("mean", name="loss", input="product")


@pytest.mark.parametrize(
    "build", [squares, many_squares, one_slice_beside_another, an_element_of_the_parameter, a_long_shift]
)
def test_no_value_is_read_after_it_was_overwritten(build: Any) -> None:
    def graph() -> Graph:
        made = Graph()
        build(made)
        return made

    tape, expected = trained(graph(), "tape", epochs=5, lr=0.1)
    program, losses = trained(graph(), "program", epochs=5, lr=0.1)
    np.testing.assert_allclose(losses, expected, rtol=1e-12)
    assert_same(program.parameters, tape.parameters)
    assert_same(program.grads, tape.grads)


def nodes(graph: Graph, **kinds: dict[str, Any]) -> Graph:
    """``graph`` with a node of each name; ``kind`` says of what kind."""
    for name, settings in kinds.items():
        graph.add(settings.pop("kind"), name=name, **settings)
    return graph


def an_element_of_what_is_made_beside_it(graph: Graph) -> None:
    leaf(graph, "w", np.linspace(0.5, 1, 70_000))
    nodes(
        graph,
        grown={"kind": "exp", "input": "w"},
        last={"kind": "getitem", "input": "grown", "index": "-1"},
        part={"kind": "div", "input": "grown", "other": "last"},
        loss={"kind": "mean", "input": "part"},
    )


def an_element_of_what_is_overwritten(graph: Graph) -> None:
    leaf(graph, "w", np.linspace(0.5, 1, 70_000))
    leaf(graph, "x", np.linspace(1, 2, 70_000), trained=False)
    nodes(
        graph,
        first={"kind": "getitem", "input": "w", "index": "0"},
        product={"kind": "mul", "input": "x", "other": "w"},
        scaled={"kind": "mul", "input": "product", "other": "first"},
        loss={"kind": "mean", "input": "scaled"},
    )


@pytest.mark.parametrize("build", [an_element_of_what_is_made_beside_it, an_element_of_what_is_overwritten])
def test_blocks_read_single_elements_at_the_right_time(build: Any) -> None:
    graph = Graph()
    build(graph)
    tape, expected = trained(graph, "tape", 3, lr=1.0)
    program, losses = trained(graph, "program", 3, lr=1.0)
    np.testing.assert_allclose(losses, expected, rtol=1e-12)
    assert_same(program.parameters, tape.parameters)


def test_rows_of_a_turned_array_come_in_their_order() -> None:
    graph = Graph()
    leaf(graph, "x", np.arange(24.0).reshape(2, 2, 6).T / 10, trained=False)
    leaf(graph, "w", np.ones((1, 4)))
    nodes(
        graph,
        flat={"kind": "flatten", "input": "x", "start_dim": 1},
        out={"kind": "linear", "input": "flat", "weight": "w"},
        squares={"kind": "pow", "input": "out", "exponent": 2},
        loss={"kind": "mean", "input": "squares"},
    )
    batches = {"batch_size": 3, "data": ["x"], "shuffle": False, "lr": 0.01}
    np.testing.assert_allclose(trained(graph, "program", 2, **batches)[1], trained(graph, "tape", 2, **batches)[1])


def test_the_softmax_of_nothing_is_nothing() -> None:
    graph = Graph()
    leaf(graph, "x", np.zeros((0, 3)))
    leaf(graph, "w", 2.0)
    nodes(
        graph,
        soft={"kind": "softmax", "input": "x", "dim": 0},
        none={"kind": "sum", "input": "soft"},
        square={"kind": "mul", "input": "w", "other": "w"},
        loss={"kind": "add", "input": "square", "other": "none"},
    )
    np.testing.assert_allclose(trained(graph, "program", 2)[1], trained(graph, "tape", 2)[1])


@pytest.mark.parametrize(("dtype", "values"), [("float16", [100.0] * 1000), ("float32", [1e-30])])
def test_factors_move_only_where_the_dtype_has_their_product(dtype: str, values: list[float]) -> None:
    graph = Graph()
    graph.add("tensor", name="w", value=values, dtype=dtype, requires_grad=True)
    large = 1.0 if dtype == "float16" else 1e30
    nodes(
        graph,
        one={"kind": "mul", "input": "w", "other": large},
        other={"kind": "mul", "input": "w", "other": large},
        product={"kind": "mul", "input": "one", "other": "other"}
        if dtype == "float32"
        else {"kind": "clone", "input": "one"},
        loss={"kind": "mean", "input": "product"},
    )
    expected = trained(graph, "tape", 1, lr=0.0)[1]
    assert np.isfinite(expected).all()
    np.testing.assert_allclose(trained(graph, "program", 1, lr=0.0)[1], expected, rtol=1e-2)


def test_zeros_of_either_sign_are_two_numbers() -> None:
    graph = Graph()
    leaf(graph, "w", [1.0, 2.0])
    leaf(graph, "x", [0.0, -0.0], trained=False)
    nodes(graph, signed={"kind": "copysign", "input": "w", "other": "x"}, loss={"kind": "sum", "input": "signed"})
    np.testing.assert_allclose(trained(graph, "program", 2)[1], trained(graph, "tape", 2)[1])
