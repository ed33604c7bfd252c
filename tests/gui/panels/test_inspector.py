"""The inspector: what it follows and what it says."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.run import expansion
from chainrule.gui.canvas.op_card import op_card
from chainrule.gui.editor import Editor
from chainrule.gui.examples import examples_folder
from chainrule.gui.panels.blocks import (
    Actions,
    Box,
    Code,
    Derivative,
    Equation,
    Factor,
    Line,
    PathProduct,
    Sentence,
    Verdict,
)
from chainrule.gui.panels.inspector import InspectorPanel
from chainrule.gui.panels.inspector_header import FOLLOWS_TIMELINE, SELECTED
from chainrule.gui.player import Player
from chainrule.gui.theme import Look
from tests.gui.panels.conftest import Show
from tests.gui.panels.inspecting import backward, inspected, only, section, select, sentences, titles, visible

# What it follows


def test_with_nothing_selected_it_tells_what_the_graph_is(inspector: InspectorPanel) -> None:
    assert inspector.follows == ""
    assert titles(inspector) == ["About", "In this graph", "Look closer"]
    assert "3 leaves, 1 with requires_grad" in only(section(inspector, "In this graph").blocks, Line).text


def test_it_follows_the_selection_until_a_recording_plays_and_back(
    inspector: InspectorPanel, editor: Editor, player: Player, qtbot: QtBot
) -> None:
    select(editor, "error")
    assert (inspector.follows, inspector.node) == (SELECTED, editor.graph.named("error"))
    editor.choose_root(editor.graph.named("loss").id)
    backward(editor, player)
    assert (inspector.follows, inspector.node) == (FOLLOWS_TIMELINE, editor.graph.named("w"))
    qtbot.waitUntil(lambda: inspector.header.follows.text() == FOLLOWS_TIMELINE)
    player.back()
    assert inspector.node == editor.graph.named("pred")
    select(editor, "y")
    assert (inspector.follows, inspector.node) == (SELECTED, editor.graph.named("y"))
    player.back()
    assert inspector.follows == FOLLOWS_TIMELINE


def test_an_edit_brings_it_back_to_the_selection(inspector: InspectorPanel, editor: Editor, player: Player) -> None:
    select(editor, "w")
    backward(editor, player)
    editor.do(edits.set_value(editor.graph, editor.graph.named("x").id, 3.0))
    assert (inspector.follows, inspector.node) == (SELECTED, editor.graph.named("w"))


# What it says: the numbers of the drawing


@pytest.fixture
def after_backward(inspector: InspectorPanel, editor: Editor, player: Player) -> InspectorPanel:
    backward(editor, player)
    return inspector


def test_now_adds_to_the_grad_what_came_from_pred(after_backward: InspectorPanel) -> None:
    now = section(after_backward, "Now")
    assert only(now.blocks, Equation) == Equation(
        (Box("None", "w.grad before"), Box("-2.0", "from pred", -1), Box("-2.0", "w.grad", -1)), ("+", "=")
    )
    assert sentences(now) == "w stands in no other product, so this is all of it."


def test_where_it_was_made_is_upstream_times_local(after_backward: InspectorPanel) -> None:
    made = section(after_backward, "Where the \N{MINUS SIGN}2 was made")
    assert only(made.blocks, Derivative) == Derivative("pred", "w", ("x", "1"))
    assert only(made.blocks, Line).text == "upstream -2.0 × local 1.0 = -2.0"
    assert sentences(made) == "x is not tracked, so nothing is sent its way."


def test_every_path_is_a_product(after_backward: InspectorPanel) -> None:
    paths = section(after_backward, "Every path from loss to w")
    steps = (Factor("loss←error", "+2"), Factor("error←pred", "-1"), Factor("pred←w", "1"))
    assert only(paths.blocks, PathProduct) == PathProduct(steps, "-2.0", -1)
    assert sentences(paths) == "1 path, sum \N{MINUS SIGN}2.0 = w.grad"


def test_the_gradient_check_comes_when_nothing_else_is_going_on(after_backward: InspectorPanel, qtbot: QtBot) -> None:
    assert only(section(after_backward, "Gradient check").blocks, Verdict).ok is None
    qtbot.waitUntil(lambda: only(section(after_backward, "Gradient check").blocks, Verdict).ok is True)
    assert "(float64)" in only(section(after_backward, "Gradient check").blocks, Verdict).text


def test_a_check_that_fails_where_tracking_stops_says_which_node_stopped_it(
    look: Look, show: Show, qtbot: QtBot
) -> None:
    graph = Graph()
    graph.add("tensor", name="w", value=2.0, requires_grad=True)
    graph.add("detach", name="frozen", input="w")
    graph.add("exp", name="scale", input="w")
    graph.add("neg", name="further", input="scale")
    graph.add("mul", name="product", input="w", other="frozen")
    graph.add("mul", name="loss", input="product", other="further")
    edits.apply(graph, edits.set_region(graph, "no_grad", [graph.named(name).id for name in ("scale", "further")]))
    editor, player, inspector = inspected(graph, look, show)
    backward(editor, player)
    qtbot.waitUntil(lambda: only(section(inspector, "Gradient check").blocks, Verdict).ok is False)
    text = only(section(inspector, "Gradient check").blocks, Verdict).text
    assert "On the way frozen (detach) and scale (no_grad) stop tracking" in text


def test_the_tape_says_what_was_freed_and_what_another_backward_would_do(after_backward: InspectorPanel) -> None:
    tape = section(after_backward, "The tape")
    assert sentences(tape) == (
        "loss freed error, pred freed x. Another Backward would stop at loss; w.grad would stay \N{MINUS SIGN}2.0."
    )
    assert [repair.label for repair in only(tape.blocks, Actions).buttons] == ["Forward again", "Retain graph"]


def test_what_a_node_saved_is_told_as_freed_once_backward_has_used_it(
    inspector: InspectorPanel, editor: Editor, player: Player
) -> None:
    select(editor, "loss")
    facts = only(section(inspector, "Tensor").blocks, Line).text.splitlines()
    assert facts[-1].split() == ["saved", "error"]
    backward(editor, player)
    editor.select([])
    select(editor, "loss")
    facts = only(section(inspector, "Tensor").blocks, Line).text.splitlines()
    assert facts[-1].split() == ["freed", "error"]


def test_the_tape_calls_what_was_saved_as_the_chips_do(
    inspector: InspectorPanel, editor: Editor, player: Player
) -> None:
    assert editor.open_copy(examples_folder() / "micrograd.chainrule")
    backward(editor, player)
    node = editor.graph.named("ten_by_f")
    select(editor, node.name)
    card = op_card(node, player.state.nodes[node.id], editor.graph)
    assert [chip.text for chip in card.chips] == ["f freed"]
    facts = only(section(inspector, "Tensor").blocks, Line).text.splitlines()
    assert facts[-1].split(maxsplit=1) == ["freed", "f"]
    thrice = editor.graph.named("d2_thrice")
    card = op_card(thrice, player.state.nodes[thrice.id], editor.graph)
    assert [chip.text for chip in card.chips] == ["3 freed"]


def test_a_result_that_was_saved_is_called_so(inspector: InspectorPanel, editor: Editor, player: Player) -> None:
    assert editor.open_copy(examples_folder() / "tanh_neuron.chainrule")
    backward(editor, player)
    node = next(each for each in editor.graph.nodes.values() if each.kind == "tanh")
    select(editor, node.name)
    card = op_card(node, player.state.nodes[node.id], editor.graph)
    assert [chip.text for chip in card.chips] == ["result freed"]
    facts = only(section(inspector, "Tensor").blocks, Line).text.splitlines()
    assert facts[-1].split(maxsplit=1) == ["freed", "its result"]


def test_forward_again_makes_the_tape_fresh(after_backward: InspectorPanel, editor: Editor, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: any(b.text() == "Forward again" for b in visible(after_backward, QPushButton)))
    button = next(button for button in visible(after_backward, QPushButton) if button.text() == "Forward again")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert editor.spent_at is None


def test_in_code_is_what_the_notebook_prints(after_backward: InspectorPanel) -> None:
    code = only(section(after_backward, "In code").blocks, Code)
    assert code == Code(("loss.backward()", "w.grad", "tensor(-2.)"), frozenset({2}))


def test_a_second_pass_says_that_backward_adds(after_backward: InspectorPanel, editor: Editor, player: Player) -> None:
    editor.forward()
    backward(editor, player)
    now = section(after_backward, "Now")
    assert [box.value for box in only(now.blocks, Equation).boxes] == ["-2.0", "-2.0", "-4.0"]
    assert "w.grad was not empty" in sentences(now)
    assert "the last of the 2 passes in w.grad" in sentences(section(after_backward, "Every path from loss to w"))
    assert "Where the \N{MINUS SIGN}2 was made" in titles(after_backward)


def test_an_operation_shows_upstream_local_and_what_it_sends(after_backward: InspectorPanel, player: Player) -> None:
    player.seek(4)
    now = section(after_backward, "Now")
    assert only(now.blocks, Equation) == Equation(
        (Box("1.0", "upstream", 1), Box("2.0", "∂loss/∂error"), Box("2.0", "to error", 1)), ("×", "=")
    )


def test_zero_grad_and_a_step_are_told_where_they_happen(
    after_backward: InspectorPanel, editor: Editor, player: Player
) -> None:
    editor.zero_grad()
    player.to_end()
    boxes = only(section(after_backward, "Now").blocks, Equation).boxes
    assert [box.value for box in boxes] == ["-2.0", "None"]


def test_nothing_is_told_of_where_that_was_made_which_zero_grad_has_emptied(
    after_backward: InspectorPanel, editor: Editor, player: Player
) -> None:
    editor.zero_grad()
    player.to_end()
    assert not any(title.startswith("Where") for title in titles(after_backward))
    assert "gradient" not in sentences(section(after_backward, "Tensor"))
    player.back()
    assert "Where the \N{MINUS SIGN}2 was made" in titles(after_backward)


def test_a_problem_stands_first_and_is_not_said_twice(
    after_backward: InspectorPanel, editor: Editor, player: Player
) -> None:
    backward(editor, player)
    assert titles(after_backward)[0] == "Problem"
    assert "Now" not in titles(after_backward)


def test_an_empty_socket_is_told_as_unfinished_and_not_as_a_fault(inspector: InspectorPanel, editor: Editor) -> None:
    editor.do(edits.add_node(editor.graph, "exp")[0])
    select(editor, "exp")
    (message, *_) = section(inspector, "Unfinished").blocks
    assert message == Sentence("input of exp is not connected", "mono muted")
    assert "Problem" not in titles(inspector)


def test_an_operation_has_its_rule_as_text(inspector: InspectorPanel, editor: Editor) -> None:
    select(editor, "pred")
    rule = section(inspector, "The rule")
    assert [block.text for block in rule.blocks if isinstance(block, Line)] == [
        "to input: g * other",
        "to other: g * input",
    ]


def test_a_composite_has_the_operations_that_it_is_made_of(look: Look, show: Show) -> None:
    graph = Graph()
    graph.add("tensor", name="scores", value=[[0.5, -1.0, 2.0]], requires_grad=True)
    graph.add("tensor", name="target", value=[2])
    graph.add("cross_entropy", name="loss", input="scores", target="target")
    editor, _, inspector = inspected(graph, look, show)
    select(editor, "loss")
    rule = section(inspector, "The rule")
    assert "Made of other operations, in the order they run" in sentences(rule)
    assert [block.text for block in rule.blocks if isinstance(block, Line)] == [
        "a = log_softmax(scores, dim=1)",
        "to scores: g - exp(a) * Σ(g)",
        "loss = nll_loss(a, target)",
        "to a: -g * [i = target and target ≠ -100] / Σ([target ≠ -100])",
    ]


def test_a_composite_is_not_run_again_for_every_step_that_is_looked_at(
    look: Look, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=[0.5, -1.0], requires_grad=True)
    graph.add("square", name="y", input="x")
    graph.add("sum", name="loss", input="y")
    editor, player, inspector = inspected(graph, look, show)
    backward(editor, player)
    select(editor, "y")
    runs: list[int] = []
    run = expansion.node_expansion
    monkeypatch.setattr(expansion, "node_expansion", lambda session, node: runs.append(node) or run(session, node))
    for step in (5, 4, 5):
        player.seek(step)
        select(editor, "y")
        inspector.refresh()
    assert len(runs) <= 1
    editor.do(edits.set_value(editor.graph, editor.graph.named("x").id, [3.0, 1.0]))
    select(editor, "y")
    assert "y = x ** 2" in [block.text for block in section(inspector, "The rule").blocks if isinstance(block, Line)]
    assert len(runs) <= 2
    editor.do(edits.rename(editor.graph, editor.graph.named("x").id, "input"))
    lines = [block.text for block in section(inspector, "The rule").blocks if isinstance(block, Line)]
    assert "y = input ** 2" in lines


@pytest.mark.parametrize(
    ("kind", "example"),
    [
        ("mse_loss", "input [3] and target [3]"),
        ("conv2d", "input [1, 1, 3, 3], weight [1, 1, 2, 2], bias [1] and padding='same'"),
        ("cat", "tensors [2] and tensors [1]"),
    ],
)
def test_a_rule_without_inputs_says_whose_sizes_it_shows(
    inspector: InspectorPanel, editor: Editor, kind: str, example: str
) -> None:
    editor.do(edits.add_node(editor.graph, kind, "new")[0])
    select(editor, "new")
    assert f"Sizes and numbers are those of an example: {example}." in sentences(section(inspector, "The rule"))


def test_a_rule_with_its_own_sizes_or_with_none_speaks_of_no_example(inspector: InspectorPanel, editor: Editor) -> None:
    pred, x = editor.graph.named("pred"), editor.graph.named("x")
    editor.do(edits.add_node(editor.graph, "exp", "unwired")[0])
    edit, wired = edits.add_node(editor.graph, "mean", "wired")
    editor.do(edit)
    editor.do(edits.connect(editor.graph, x.id, "", wired.id, "input"))
    for name in (pred.name, "unwired", "wired"):
        select(editor, name)
        assert "example" not in sentences(section(inspector, "The rule"))


def test_the_code_gives_backward_the_seed_that_it_was_given(
    inspector: InspectorPanel, editor: Editor, player: Player
) -> None:
    assert editor.open_copy(examples_folder() / "notebook_vector.chainrule")
    backward(editor, player)
    assert only(section(inspector, "In code").blocks, Code).lines[:2] == (
        "z.backward(torch.tensor([0.1, 1.0, 0.001]))",
        "x.grad",
    )


def test_vectors_are_told_with_all_their_numbers(qtbot: QtBot, look: Look, show: Show) -> None:
    graph = Graph()
    graph.add("tensor", name="a", value=[1.0, -2.0], requires_grad=True)
    graph.add("mul", name="b", input="a", other="a")
    graph.add("sum", name="c", input="b")
    editor, player, inspector = inspected(graph, look, show)
    backward(editor, player)
    now = section(inspector, "Now")
    assert [box.value for box in only(now.blocks, Equation).boxes] == ["None", "[2.0, -4.0]", "[2.0, -4.0]"]
    assert sentences(now) == "a is used 2 times, so what came back along each wire was added up."
    assert "Where it was made" in titles(inspector)


@pytest.fixture
def of_a_large_leaf(look: Look, show: Show) -> tuple[InspectorPanel, Editor, Player]:
    """sum(w * w) of a w of 2 x 1 x 3 x 3 halves: its gradient is all ones."""
    graph = Graph()
    graph.add("tensor", name="w", value=np.full((2, 1, 3, 3), 0.5, np.float32).tolist(), requires_grad=True)
    graph.add("pow", name="squares", input="w", exponent=2)
    graph.add("sum", name="total", input="squares")
    editor, player, inspector = inspected(graph, look, show)
    backward(editor, player)
    return inspector, editor, player


def test_what_is_too_large_to_be_written_is_added_by_its_name_with_its_norm_under_it(
    of_a_large_leaf: tuple[InspectorPanel, Editor, Player],
) -> None:
    inspector, editor, player = of_a_large_leaf
    editor.forward()
    backward(editor, player)
    now = section(inspector, "Now")
    assert [(box.value, box.caption) for box in only(now.blocks, Equation).boxes] == [
        ("w.grad before", "[2, 1, 3, 3] · norm 4.24"),
        ("from squares", "[2, 1, 3, 3] · norm 4.24"),
        ("w.grad", "[2, 1, 3, 3] · norm 8.49"),
    ]
    assert "their norms need not add up" in sentences(now)


def test_a_product_of_large_tensors_is_told_by_norms(of_a_large_leaf: tuple[InspectorPanel, Editor, Player]) -> None:
    made = sentences(section(of_a_large_leaf[0], "Where it was made"))
    assert made == "upstream (norm 4.24) times local (norm 4.24), element by element; what came here: norm 4.24"


def test_no_product_of_norms_is_written(of_a_large_leaf: tuple[InspectorPanel, Editor, Player]) -> None:
    inspector, editor, player = of_a_large_leaf
    player.back()
    assert inspector.node == editor.graph.named("squares")
    now = section(inspector, "Now")
    equation = only(now.blocks, Equation)
    assert equation.signs == ("×", "=")
    assert [box.value for box in equation.boxes] == ["upstream", "∂squares/∂w", "to w"]
    assert "element by element" in sentences(now)


# How it is built


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_nothing_is_wider_than_the_panel(
    inspector: InspectorPanel, editor: Editor, player: Player, look: Look, scale: float
) -> None:
    look.set_scale(scale)
    inspector.resize(look.px(312), 900)
    backward(editor, player)
    inspector.refresh()
    inspector.grab()
    width = inspector.width()
    for widget in visible(inspector, QWidget):
        right = widget.mapTo(inspector, widget.rect().topRight()).x()
        assert right <= width, (widget, widget.accessibleName())


def test_playing_on_reuses_the_widgets(after_backward: InspectorPanel, editor: Editor, player: Player) -> None:
    after_backward.refresh()
    before = visible(after_backward, QPushButton)
    player.back()
    player.to_end()
    after_backward.refresh()
    assert visible(after_backward, QPushButton) == before
