"""The problems: PyTorch's words at the node, what they mean, and a repair that one click runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from chainrule.core.document import edits
from chainrule.gui.editor import Editor
from chainrule.gui.examples import examples_folder
from chainrule.gui.panels.problems import ProblemCard, ProblemsPanel
from chainrule.gui.player import Player
from chainrule.gui.theme import Look

Show = Callable[..., None]


@pytest.fixture
def panel(editor: Editor, player: Player, look: Look, show: Show) -> ProblemsPanel:
    panel = ProblemsPanel(editor, player, look)
    show(panel, 800, 200)
    return panel


def cards(panel: ProblemsPanel) -> list[ProblemCard]:
    return [card for card in panel.findChildren(ProblemCard) if card.isVisible()]


def test_without_problems_it_says_so(panel: ProblemsPanel) -> None:
    assert panel.problems == ()
    assert cards(panel) == []
    assert not panel.grab().isNull()


def test_a_second_backward_is_listed_where_it_stopped_and_one_click_repairs_it(
    panel: ProblemsPanel, editor: Editor, player: Player
) -> None:
    editor.backward()
    editor.backward()
    player.to_end()
    ((_, name, problem),) = panel.problems
    assert name == "loss"
    assert problem.message.startswith("Trying to backward through the graph a second time")
    (card,) = cards(panel)
    forward_again = next(button for button in card.buttons if button.text() == "Forward again")
    QTest.mouseClick(forward_again, Qt.MouseButton.LeftButton)
    player.to_end()
    assert panel.problems == ()
    assert editor.spent_at is None


def test_an_empty_socket_and_what_waits_for_it_are_listed_in_that_order(panel: ProblemsPanel, editor: Editor) -> None:
    editor.do(edits.disconnect(editor.graph, editor.graph.named("pred").id, "other"))
    assert [(name, problem.kind) for _, name, problem in panel.problems] == [
        ("pred", "incomplete"),
        ("error", "waiting"),
        ("loss", "waiting"),
    ]


def test_a_click_selects_the_node_and_asks_to_bring_it_into_view(
    panel: ProblemsPanel, editor: Editor, qtbot: QtBot
) -> None:
    pred = editor.graph.named("pred").id
    editor.do(edits.disconnect(editor.graph, pred, "other"))
    link = next(button for button in cards(panel)[0].findChildren(QPushButton) if button.objectName() == "link")
    with qtbot.waitSignal(panel.go_to) as asked:
        QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert asked.args == [pred]
    assert editor.selection == {pred}


def test_a_warning_is_listed_in_pytorchs_words_in_a_colour_of_its_own(panel: ProblemsPanel, editor: Editor) -> None:
    assert editor.open_copy(examples_folder() / "mse_broadcast.chainrule")
    ((_, name, problem),) = panel.problems
    assert (name, problem.kind) == ("loss", "warning")
    assert problem.message.startswith("Using a target size")
    (card,) = cards(panel)
    assert card.objectName() == "caution"
    message = next(each for each in card.findChildren(QLabel) if each.text() == problem.message)
    assert message.palette().color(message.foregroundRole()) == panel.look.theme.warning
