"""Expressions: what is typed becomes nodes and wires that compute what Python would, and nothing is ever executed."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.expression import HEIGHT, WIDTH, ExpressionError, parse
from chainrule.core.document.graph import Wire
from chainrule.core.document.languages.pytorch import script
from chainrule.core.run.session import Session


def read(text: str, graph: Graph | None = None) -> Graph:
    """``graph`` (an empty one) with what ``text`` adds."""
    graph = graph or Graph()
    edits.apply(graph, parse(graph, text))
    return graph


def leaves(**values: Any) -> Graph:
    graph = Graph()
    for name, value in values.items():
        graph.add("tensor", name=name, value=value, requires_grad=True)
    return graph


def test_the_notebooks_loss_appears_with_leaves_of_value_one() -> None:
    graph = read("loss = (y - x*w)**2")
    assert {node.name: node.kind for node in graph.nodes.values()} == {
        "y": "tensor", "x": "tensor", "w": "tensor", "mul": "mul", "sub": "sub", "loss": "pow"}  # fmt: skip
    assert graph.named("loss").inputs == {"input": Wire(graph.named("sub").id), "exponent": 2}
    assert Session(graph)["loss"].item() == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [("a // b", -1), ("a % b", -0.5), ("7 % a", 1.5), ("7 // a", 2), ("a * (7 % 4) // 2", 4),
     ("a + (6 & 3 | 8 ^ 1)", 13.75), ("(a > 1) & ~(b > 1)", None), ("a + ~4", -2.25)],
)  # fmt: skip
def test_division_with_rest_and_bits(text: str, value: float | None) -> None:
    graph = leaves(a=2.75, b=-3.25)
    if value is None:
        with pytest.raises(ExpressionError, match="can stand here"):
            parse(graph, text)
    else:
        edits.apply(graph, parse(graph, f"result = {text}"))
        assert Session(graph)["result"].item() == value


def test_an_operation_is_understood_by_torchs_other_names() -> None:
    graph = read("z = torch.multiply(a, torch.arctan2(b, a))")
    assert sorted(node.kind for node in graph.nodes.values()) == ["atan2", "mul", "tensor", "tensor"]


@pytest.mark.parametrize("text", ["(y - x*w)**2", "= (y - x*w)**2", "  =(y - x*w) ** 2 ", "loss = (y - x*w)**2"])
def test_the_equals_sign_of_the_search_box_is_skipped(text: str) -> None:
    assert [node.kind for node in parse(Graph(), text).nodes.values() if node][-1] == "pow"


def test_a_name_alone_makes_a_leaf() -> None:
    assert read("z").named("z").kind == "tensor"


@given(st.recursive(st.sampled_from(["a", "b", "2", "0.5"]), lambda part: st.one_of(
    st.builds("({} {} {})".format, part, st.sampled_from(["+", "-", "*"]), part),
    st.builds("(-{})".format, part), st.builds("tanh(a * {})".format, part), st.builds("({} * b) ** 2".format, part),
    st.builds("({} / 2)".format, part), st.builds("(3 / (1 + exp(b + {})))".format, part)), max_leaves=12))  # fmt: skip
def test_it_computes_what_python_would(text: str) -> None:
    numbers = {"a": np.float64(0.3), "b": np.float64(-1.25), "tanh": np.tanh, "exp": np.exp}
    graph = leaves(a=numbers["a"], b=numbers["b"])
    edits.apply(graph, parse(graph, f"result = a + 0*tanh(b) + {text}"))
    assert Session(graph)["result"].item() == pytest.approx(0.3 + eval(text, {"__builtins__": {}}, numbers))


def test_calls_take_sockets_parameters_lists_and_torchs_paths() -> None:
    graph = leaves(x=[[1.0, -2.0]], y=[[3.0, 4.0]])
    read("s = torch.sum(x, dim=(0, 1), keepdim=True)", graph)
    assert graph.named("s").params == {"dim": [0, 1], "keepdim": True}
    read("c = cat([x, y], 1)", graph)
    assert set(graph.named("c").inputs) == {"tensors.0", "tensors.1"}
    read("r = torch.nn.functional.relu(x)", graph)
    read("m = max(x, dim=1)", graph)
    read("v = m.values * 2", graph)
    assert graph.named("v").inputs["input"] == Wire(graph.named("m").id, "values")
    assert Session(graph).problems == {}


def test_a_name_means_what_torch_has_at_its_path() -> None:
    graph = leaves(x=[[1.0, -2.0], [3.0, 4.0]])
    for text, kind in (("a = torch.norm(x, 1)", "norm"), ("b = torch.linalg.norm(x, 1)", "linalg_norm")):
        assert read(text, graph).named(text[0]).kind == kind
    assert [Session(graph)[name].item() for name in "ab"] == [10, 6]


@pytest.mark.parametrize("operands", ["x, y", "[x, y]", "(x, y)"])
def test_an_equation_stands_before_its_operands_one_by_one_or_in_a_list(operands: str) -> None:
    graph = leaves(x=[1.0, -2.0], y=[3.0, 4.0])
    read(f"e = torch.einsum('i,j->ij', {operands})", graph)
    assert graph.named("e").params == {"equation": "i,j->ij"}
    assert Session(graph)["e"].tolist() == [[3, 4], [-6, -8]]
    assert "e = torch.einsum('i,j->ij', x, y)" in script(graph).splitlines()


def test_a_number_before_a_minus_is_torchs_rsub() -> None:
    graph = read("r = 1 - x")
    assert (graph.named("r").kind, graph.named("r").inputs["other"]) == ("rsub", 1)
    assert Session(graph)["r"].item() == 0


def test_numbers_are_folded_and_names_kept_apart() -> None:
    graph = leaves(mul=1.0)
    read("y = mul * (2 * 3 - 1) * mul", graph)
    assert {node.name for node in graph.nodes.values()} == {"mul", "mul2", "y"}
    assert graph.named("mul2").inputs["other"] == 5


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 1, "there is no expression here"),
        ("  =  ", 6, "there is no expression here"),
        ("x +", 4, "invalid syntax"),
        ("relu(x", 5, "was never closed"),
        ("3", 1, "a number alone makes no node"),
        ("x", 1, "x is in the graph already"),
        ("z = q", 5, "q alone computes nothing"),
        ("x < 3", 1, "only names, numbers"),
        ("x + (6.5 & 1)", 6, "unsupported operand"),
        ("x + ~2.5", 5, "only whole numbers have bits"),
        ("x + [1]", 5, "only names, numbers"),
        ("x + 'a'", 5, "'a' is no number"),
        ("x + True", 5, "True is no number"),
        ("x * 1e999", 5, "inf is no number"),
        ("x + y if x else y", 1, "only names, numbers"),
        ("x + lambda: 3", 5, "invalid syntax"),
        ("foo(x)", 1, "there is no operation called 'foo'"),
        ("1 + reluu(x)", 5, "did you mean relu?"),
        ("relu(x, 3)", 9, "relu takes at most 1 arguments"),
        ("sum(x, dims=3)", 8, "sum has no further argument dims"),
        ("sum(x, dim=y)", 12, "a parameter is a plain value"),
        ("cat(x)", 5, "tensors is a list"),
        ("x @ 2", 1, "matmul takes a tensor as other"),
        ("a = a + 1", 5, "a cannot be computed from itself"),
        ("x = y + 1", 1, "the name x is taken already"),
        ("for = x", 5, "invalid syntax"),
        ("x + y; x", 8, "one expression at a time"),
        ("import os", 1, "this is no expression"),
        ("a, b = x", 1, "this is no expression"),
        ("x.grad", 1, "x has no output called grad"),
        ("x.sum()", 1, "only an operation can be called"),
        ("__import__('os').system('true')", 1, "only an operation can be called"),
        ("(1 / 0) * x", 2, "division by zero"),
        ("9 ** 9 ** 9 * x", 1, "math range error"),
        ("ŷŷŷ + 'a'", 7, "'a' is no number"),
        ("x + \0", 1, "null"),
    ],
)
def test_anything_else_is_refused_with_its_column(text: str, column: int, message: str) -> None:
    graph = leaves(x=1.0, y=2.0)
    with pytest.raises(ExpressionError, match=message) as caught:
        parse(graph, text)
    assert caught.value.column == column
    assert str(caught.value).startswith(f"column {column}: ")


@pytest.mark.parametrize("text", ["(" * 3000 + "x" + ")" * 3000, "-" * 9000 + "x", "x" + "+x" * 9000])
def test_however_deep_it_is_the_program_stays_up(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(leaves(x=1.0), text)


@given(st.text(alphabet="xyw0129+-*/@()=.,[]'\" \n#_:;relu", max_size=20))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    graph = leaves(x=1.0, y=2.0)
    before = dict(graph.nodes)
    try:
        edits.apply(graph, parse(graph, text))
    except ExpressionError:
        assert graph.nodes == before


class TestLayout:
    def overlapping(self, graph: Graph) -> list[tuple[str, str]]:
        pairs = itertools.combinations(graph.nodes.values(), 2)
        return [
            (a.name, b.name)
            for a, b in pairs
            if abs(a.position[0] - b.position[0]) < WIDTH and abs(a.position[1] - b.position[1]) < HEIGHT
        ]

    @pytest.mark.parametrize(
        "text", ["(y - x*w)**2", "tanh(x1*w1 + x2*w2 + b)", "a*b + a*c + b*c", "x*x*x*x", "relu(x) + relu(x)"]
    )
    def test_runs_from_left_to_right_without_overlaps(self, text: str) -> None:
        graph = read(f"out = {text}")
        for node in graph.nodes.values():
            for _, wire in node.wires():
                assert graph.nodes[wire.source].position[0] < node.position[0]
        assert self.overlapping(graph) == []

    def test_begins_at_the_given_place(self) -> None:
        graph = Graph()
        edits.apply(graph, parse(graph, "a = x*w", (100, 50)))
        assert min(node.position[0] for node in graph.nodes.values()) == 100
        assert min(node.position[1] for node in graph.nodes.values()) == 50
