"""Leaves from torch's constructors: the numbers that torch gives, with a recipe to make them again."""

from __future__ import annotations

from typing import Any

import pytest

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.graph import GraphError, Recipe
from chainrule.core.document.leaves import CONSTRUCTORS, DRAWN, make_leaf, redraw


@pytest.mark.parametrize(
    ("function", "arguments", "value"),
    [
        ("tensor", {"data": [1, 2]}, [1, 2]),
        ("zeros", {"size": [2]}, [0, 0]),
        ("ones", {"size": [1, 2]}, [[1, 1]]),
        ("full", {"size": [2], "fill_value": 7.5}, [7.5, 7.5]),
        ("eye", {"n": 2}, [[1, 0], [0, 1]]),
        ("arange", {"start": 1, "end": 7, "step": 2}, [1, 3, 5]),
        ("linspace", {"start": 0.0, "end": 1.0, "steps": 3}, [0, 0.5, 1]),
    ],
)
def test_each_constructor_gives_torchs_numbers(function: str, arguments: dict[str, Any], value: Any) -> None:
    assert make_leaf(function, arguments).value.tolist() == value


def test_draws_are_those_of_pytorch_for_the_same_seed() -> None:
    leaf = make_leaf("randn", {"size": [3]}, seed=0, requires_grad=True)
    assert leaf.value.tolist() == pytest.approx([1.5410, -0.2934, -2.1788], abs=5e-5)
    assert leaf.recipe == Recipe("randn", {"size": [3]}, 0)
    assert make_leaf("randint", {"low": 0, "high": 10, "size": [8]}, seed=1).value.tolist() == [5, 9, 4, 8, 3, 3, 1, 1]


def test_a_drawn_leaf_can_be_drawn_again_and_repeats_with_its_seed() -> None:
    graph = Graph()
    first = make_leaf("rand", {"size": [4]}, seed=7, dtype="float64", requires_grad=True)
    edit, node = edits.add_node(graph, "tensor", "noise", leaf=first)
    edits.apply(graph, edit)

    edits.apply(graph, redraw(graph, node.id, 3))
    other = graph.nodes[node.id].leaf
    assert other is not None
    assert other.value.tolist() != first.value.tolist()
    assert (other.value.dtype, other.requires_grad, other.value.shape) == (first.value.dtype, True, (4,))

    edits.apply(graph, redraw(graph, node.id, 7))
    again = graph.nodes[node.id].leaf
    assert again is not None
    assert again.value.tobytes() == first.value.tobytes()


@pytest.mark.parametrize("function", CONSTRUCTORS)
def test_every_constructor_has_a_small_first_example(function: str) -> None:
    leaf = make_leaf(function)
    assert 1 <= leaf.value.size <= 9
    assert (leaf.recipe is None) == (function == "tensor")
    assert (leaf.recipe is not None and leaf.recipe.seed is not None) == (function in DRAWN)


@pytest.mark.parametrize(
    ("function", "arguments", "dtype", "message"),
    [
        ("frob", {}, None, "there is no constructor 'frob'"),
        ("zeros", {"size": [-1]}, None, "zeros: Dimension size must be non-negative"),
        ("ones", {"size": ["a"]}, None, "ones: "),
        ("full", {"size": [2]}, None, "full: missing a required argument: 'fill_value'"),
        ("eye", {"n": 2, "k": 1}, None, "eye: got an unexpected keyword argument 'k'"),
        ("ones", {"size": [2]}, "floaty", "there is no dtype 'floaty'"),
        ("randn", {"size": [2]}, "int64", "randn: "),
    ],
)
def test_what_makes_no_tensor_is_refused(function: str, arguments: Any, dtype: str | None, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        make_leaf(function, arguments, dtype=dtype)


def test_numbers_that_were_not_drawn_are_not_drawn_again() -> None:
    graph = Graph()
    negated = graph.add("neg", input=graph.add("tensor", name="x", value=1.0).name)
    with pytest.raises(GraphError, match="the numbers of x were not drawn"):
        redraw(graph, graph.named("x").id)
    with pytest.raises(GraphError, match="only a leaf tensor"):
        redraw(graph, negated.id)
