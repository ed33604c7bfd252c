"""What the callout of now says of arrays: numbers where they can be read, words where there are many, never a shape."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from chainrule.core.document.building import Graph
from chainrule.core.engine.recording import Accumulated, Propagated
from tests.gui.canvas.conftest import Hand, shown


def squared(qtbot: QtBot, value: object) -> Hand:
    """The canvas of mean(x * x) for a leaf of ``value``, of which another Backward has just been shown."""
    graph = Graph()
    graph.add("tensor", name="x", value=value, requires_grad=True)
    graph.add("pow", name="square", input="x", exponent=2, position=(300.0, 0.0))
    graph.add("mean", name="loss", input="square", position=(600.0, 0.0))
    hand = shown(qtbot, graph)
    for _ in range(2):
        hand.editor.forward()
        hand.editor.backward()
    hand.view.player.to_end()
    return hand


def last_accumulation(qtbot: QtBot, value: object) -> str:
    """What the callout says when the gradient of mean(x * x) arrives in a leaf of ``value``."""
    graph = Graph()
    graph.add("tensor", name="x", value=value, requires_grad=True)
    graph.add("mul", name="square", input="x", other="x", position=(300.0, 0.0))
    graph.add("mean", name="loss", input="square", position=(600.0, 0.0))
    hand = shown(qtbot, graph)
    hand.editor.backward()
    hand.view.player.to_end()
    assert isinstance(hand.view.player.beat, Accumulated)
    return " ".join(hand.view.canvas.now.lines)


def test_a_small_matrix_is_written_as_numbers(qtbot: QtBot) -> None:
    matrix = "[[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]"
    assert last_accumulation(qtbot, [[4.5] * 3] * 3) == f"None + {matrix} = {matrix}"


def test_a_large_matrix_is_said_in_words(qtbot: QtBot) -> None:
    said = "a 10\u00d710 gradient (norm 3)"
    assert last_accumulation(qtbot, [[15.0] * 10] * 10) == f"None + {said} = {said}"


def test_a_small_gradient_is_not_said_to_be_nothing(qtbot: QtBot) -> None:
    said = "a 1000-element gradient (norm 6.32e-05)"
    assert last_accumulation(qtbot, [0.001] * 1000) == f"None + {said} = {said}"


def test_a_long_vector_is_said_in_words(qtbot: QtBot) -> None:
    said = "a 1000-element gradient (norm 6.32)"
    assert last_accumulation(qtbot, [100.0] * 1000) == f"None + {said} = {said}"


def test_no_equation_is_written_between_norms(qtbot: QtBot) -> None:
    hand = squared(qtbot, [[15.0] * 10] * 10)
    added = " ".join(hand.view.canvas.now.lines)
    assert "element by element, a 10\u00d710 gradient (norm 3)" in added
    assert "now it is a 10\u00d710 gradient (norm 6)" in added
    hand.view.player.back()
    assert isinstance(hand.view.player.beat, Propagated)
    multiplied = " ".join(hand.view.canvas.now.lines)
    assert "upstream times local, a 10\u00d710 derivative (norm 300), element by element: a 10" in multiplied
    assert not {"+", "=", "\u00d7"} & set((added + multiplied).split())
