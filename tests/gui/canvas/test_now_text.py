"""What the callout of now says of arrays: numbers where they can be read, words where there are many, never a shape."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from chainrule.core.document.building import Graph
from chainrule.core.engine.recording import Accumulated
from tests.gui.canvas.conftest import shown


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
