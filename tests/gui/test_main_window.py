"""The window: its rooms wired together, its keys where they belong, and nothing that stands in the way."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QMessageBox,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
)
from pytestqt.qtbot import QtBot

from chainrule.core.document.edits import add_node, rename, set_training, set_value
from chainrule.gui.actions import COMMANDS, MENUS, resolve
from chainrule.gui.command_search import CommandSearch
from chainrule.gui.examples import examples_folder
from chainrule.gui.main_window import MainWindow
from chainrule.gui.settings import Settings
from chainrule.gui.theme import LIGHT, Look
from tests.gui.conftest import grad, node, stop, train_on, value


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """A real key press in whatever has the focus."""
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    qtbot.keyClick(window.focusWidget() or window, key, held)


# The table of actions


def test_every_command_leads_to_something_that_can_be_called(window: MainWindow) -> None:
    for command in COMMANDS:
        assert callable(resolve(window, command.slot)), command.id
        if command.checked:
            resolve(window, command.checked)


def test_no_key_is_given_twice() -> None:
    keys = [key for command in COMMANDS for key in command.keys]
    assert sorted(keys) == sorted(set(keys))


def test_every_command_is_explained_and_stands_in_a_menu(window: MainWindow) -> None:
    for command in COMMANDS:
        assert command.help, command.id
        assert command.menu in MENUS
    listed = {action for menu in window.top_bar.menus.actions() for action in menu.menu().actions()}  # type: ignore[union-attr]
    assert set(window.actions_by_id.values()) <= listed


def test_every_run_command_has_a_key_that_is_no_function_key() -> None:
    for command in COMMANDS:
        if any(key.startswith("F") and key[1:].isdigit() for key in command.keys) and command.menu == "Run":
            assert any(not key.rpartition("+")[2].startswith("F") for key in command.keys), command.id


# Running by key and button


def test_f6_runs_backward_and_announces_the_spent_tape(window: MainWindow, qtbot: QtBot) -> None:
    window.canvas.setFocus()
    assert not window.spent.isVisible()
    press(qtbot, window, Qt.Key.Key_F6)
    assert grad(window.editor, "w") == -2
    qtbot.waitUntil(window.spent.isVisible)
    assert window.run_bar.buttons["backward"].property("kind") == "announced"
    assert window.run_bar.buttons["forward"].property("kind") == "primary"
    assert "Would stop at loss" in window.run_bar.buttons["backward"].toolTip()
    press(qtbot, window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not window.spent.isVisible())
    assert window.run_bar.buttons["backward"].property("kind") == "primary"


@pytest.mark.parametrize(("width", "below"), [(1280, False), (1920, True)])
def test_the_announcement_stands_below_its_button_or_names_it(
    window: MainWindow, qtbot: QtBot, width: int, below: bool
) -> None:
    window.resize(width, 800)
    window.editor.backward()
    qtbot.waitUntil(window.spent.isVisible)
    button, spent = window.run_bar.buttons["backward"], window.spent
    middle = button.mapTo(window, button.rect().center()).x()
    left = spent.mapTo(window, QPoint(0, 0)).x()
    assert (left <= middle < left + spent.width()) == below
    assert spent.text().startswith("Backward") == (not below)
    assert spent.width() >= spent.sizeHint().width()


def test_a_second_backward_is_no_modal_box_but_a_line_and_a_problem(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(2):
        qtbot.mouseClick(window.run_bar.buttons["backward"], Qt.MouseButton.LeftButton)
    assert window.strip.isVisible()
    assert window.strip.text == "Backward stopped at loss; the node says why"
    qtbot.waitUntil(lambda: window.bottom.tabText(4) == "Problems 1")
    assert window.findChildren(QMessageBox) == []


def test_warnings_and_what_is_unfinished_are_counted_apart_from_errors(window: MainWindow, qtbot: QtBot) -> None:
    editor = window.editor
    assert editor.open_copy(examples_folder() / "mse_broadcast.chainrule")
    qtbot.waitUntil(lambda: window.bottom.tabText(4) == "Problems \N{MIDDLE DOT} 1 warning")
    edit, _ = add_node(editor.graph, "exp")
    editor.do(edit)
    qtbot.waitUntil(lambda: window.bottom.tabText(4) == "Problems \N{MIDDLE DOT} 1 warning \N{MIDDLE DOT} 1 unfinished")
    editor.do(set_value(editor.graph, node(editor, "target"), [[0.0] * 7] * 7))
    qtbot.waitUntil(lambda: window.bottom.tabText(4) == "Problems 1 \N{MIDDLE DOT} 1 unfinished")


def test_times_runs_backward_that_often(window: MainWindow, qtbot: QtBot) -> None:
    window.run_bar.times.setText("3")
    qtbot.mouseClick(window.run_bar.buttons["backward"], Qt.MouseButton.LeftButton)
    assert grad(window.editor, "w") == -6


def test_train_becomes_pause_and_resume_while_it_runs(window: MainWindow, qtbot: QtBot) -> None:
    button = window.run_bar.buttons["train"]
    train_on(window.editor, qtbot)
    qtbot.waitUntil(lambda: button.text() == "Pause")
    assert window.run_bar.stop.isVisible()
    assert not window.run_bar.buttons["backward"].isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: button.text() == "Resume")
    qtbot.mouseClick(window.run_bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: button.text() == "Train")
    assert window.run_bar.reset.isVisible()
    qtbot.mouseClick(window.run_bar.reset, Qt.MouseButton.LeftButton)
    assert value(window.editor, "w") == 1


def test_the_window_takes_turns_of_its_own_between_the_pictures_of_a_run(window: MainWindow, qtbot: QtBot) -> None:
    editor = window.editor
    window.bottom.show_plots()
    train_on(editor, qtbot)
    happened: list[int] = []  # 0 for a turn, or which session is shown
    beat = QTimer(window)
    beat.timeout.connect(lambda: happened.append(0))
    editor.state_changed.connect(lambda: happened.append(id(editor.session)))
    beat.start(0)
    qtbot.waitUntil(lambda: len(set(happened)) > 12, timeout=20_000)
    beat.stop()
    seen = list(happened)
    stop(editor, qtbot)
    assert all(0 in pair for pair in pairwise(seen))


# The run bar's fields


def test_the_seed_of_a_scalar_is_1_and_of_a_vector_an_empty_place_for_each_element(window: MainWindow) -> None:
    editor = window.editor
    assert window.run_bar.seed.text() == "1"
    editor.do(set_value(editor.graph, node(editor, "x"), [1.0, 2.0, 3.0]))
    assert window.run_bar.seed.text() == ""
    assert window.run_bar.seed.placeholderText() == "_, _, _"


def test_a_typed_seed_counts(window: MainWindow, qtbot: QtBot) -> None:
    window.run_bar.seed.selectAll()
    qtbot.keyClicks(window.run_bar.seed, "0.5")
    window.backward()
    assert grad(window.editor, "w") == -1


def test_lr_epochs_and_the_switch_are_written_to_the_document(window: MainWindow, qtbot: QtBot) -> None:
    for field, text in ((window.run_bar.lr, "0.25"), (window.run_bar.epochs, "7")):
        field.selectAll()
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.mouseClick(window.run_bar.zero_grad, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    training = window.editor.graph.training
    assert (training.lr, training.epochs, training.zero_grad) == (0.25, 7, False)
    window.editor.undo()
    assert window.editor.graph.training.zero_grad
    assert window.run_bar.zero_grad.isChecked()


def test_a_learning_rate_that_is_no_number_is_refused(window: MainWindow, qtbot: QtBot) -> None:
    window.run_bar.lr.selectAll()
    qtbot.keyClicks(window.run_bar.lr, "fast")
    qtbot.keyClick(window.run_bar.lr, Qt.Key.Key_Return)
    assert "'fast' is not a number" in window.strip.text
    assert window.editor.graph.training.lr == 0.01


@pytest.mark.parametrize("typed", ["", "1.5", "ten", "-3"])
def test_epochs_that_are_no_count_are_refused_and_the_field_goes_back(
    window: MainWindow, qtbot: QtBot, typed: str
) -> None:
    bar = window.run_bar
    bar.epochs.selectAll()
    qtbot.keyClick(bar.epochs, Qt.Key.Key_Delete)
    qtbot.keyClicks(bar.epochs, typed)
    qtbot.keyClick(bar.epochs, Qt.Key.Key_Return)
    assert "epochs" in window.strip.text
    assert bar.epochs.text() == "100"
    assert window.editor.undo_stack.count() == 0


def test_a_setting_undone_while_its_field_has_the_focus_is_not_written_again(window: MainWindow, qtbot: QtBot) -> None:
    lr = window.run_bar.lr
    lr.setFocus()
    lr.selectAll()
    qtbot.keyClicks(lr, "0.25")
    qtbot.keyClick(lr, Qt.Key.Key_Return)
    qtbot.waitUntil(window.actions_by_id["undo"].isEnabled)
    window.actions_by_id["undo"].trigger()
    assert lr.text() == "0.01"
    window.canvas.setFocus()
    assert window.editor.graph.training.lr == 0.01


def test_a_learning_rate_of_many_digits_is_not_rounded_by_being_shown(window: MainWindow, qtbot: QtBot) -> None:
    editor, lr = window.editor, window.run_bar.lr
    editor.do(set_training(editor.graph, lr=0.123456789))
    lr.setFocus()
    window.canvas.setFocus()
    assert editor.graph.training.lr == 0.123456789


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_the_fields_show_all_that_stands_in_them(window: MainWindow, qtbot: QtBot, scale: float) -> None:
    window.look.set_scale(scale)
    window.resize(1280, 800)
    editor, bar = window.editor, window.run_bar
    editor.do(rename(editor.graph, node(editor, "loss"), "mean_squared_error"))
    editor.do(set_value(editor.graph, node(editor, "x"), [1.0, 2.0, 3.0]))
    editor.set_seed("0.125, 1.0, 0.0001")
    editor.do(set_training(editor.graph, lr=0.00012345, epochs=1_000_000))
    for field in (bar.seed, bar.lr, bar.epochs):
        option = QStyleOptionFrame()
        field.initStyleOption(option)
        room = field.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, field).width()
        # Qt keeps two pixels free on either side of the text.
        assert field.fontMetrics().horizontalAdvance(field.text()) + 4 <= room, field.accessibleName()
    qtbot.waitUntil(lambda: bar.zero_grad.width() >= bar.zero_grad.sizeHint().width())
    combo = QStyleOptionComboBox()
    bar.root.initStyleOption(combo)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = bar.root.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, combo, part, bar.root).width()
    assert bar.root.fontMetrics().horizontalAdvance("mean_squared_error") <= room


def test_the_root_can_be_chosen_in_the_bar(window: MainWindow) -> None:
    bar = window.run_bar
    assert bar.root.currentText() == "loss"
    bar.root.activated.emit(bar.root.findText("error"))
    assert window.editor.root == node(window.editor, "error")
    assert bar.root.currentText() == "error"


# Keys and focus


def test_letters_typed_in_a_field_stay_there(window: MainWindow, qtbot: QtBot) -> None:
    window.editor.select([node(window.editor, "loss")])
    field = window.library.field
    field.setFocus()
    for key in (Qt.Key.Key_L, Qt.Key.Key_F, Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Period):
        press(qtbot, window, key)
    assert len(window.editor.selection) == 1
    assert "loss" in window.editor.graph
    assert field.text()


def test_delete_in_the_canvas_deletes_the_selection(window: MainWindow, qtbot: QtBot) -> None:
    window.canvas.setFocus()
    window.editor.select([node(window.editor, "loss")])
    window.refresh()
    press(qtbot, window, Qt.Key.Key_Delete)
    assert "loss" not in window.editor.graph


def test_the_command_search_finds_and_runs_a_command(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    search = window.top_bar.search
    assert search.hasFocus()
    qtbot.keyClicks(search, "theme: light")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.look.theme is LIGHT)
    assert search.text() == ""


def test_the_command_search_can_be_opened_before_its_window_has_the_focus(window: MainWindow, look: Look) -> None:
    search = CommandSearch(window.actions_by_id, look)
    search.open()
    assert search.completer().completionCount() == len(COMMANDS)
    search.completer().popup().hide()


# Files and unsaved work


def edit(window: MainWindow) -> None:
    window.editor.do(set_value(window.editor.graph, node(window.editor, "w"), 5.0))


def question(window: MainWindow, qtbot: QtBot) -> QMessageBox:
    qtbot.waitUntil(lambda: len(window.findChildren(QMessageBox)) == 1)
    return window.findChildren(QMessageBox)[0]


def test_unsaved_changes_are_asked_about_once_and_cancel_keeps_everything(window: MainWindow, qtbot: QtBot) -> None:
    edit(window)
    window.files.new()
    box = question(window, qtbot)
    qtbot.mouseClick(box.button(QMessageBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    assert value(window.editor, "w") == 5


def test_discard_goes_on_without_saving(window: MainWindow, qtbot: QtBot) -> None:
    edit(window)
    window.files.new()
    box = question(window, qtbot)
    qtbot.mouseClick(box.button(QMessageBox.StandardButton.Discard), Qt.MouseButton.LeftButton)
    assert not window.editor.graph.nodes


def test_opening_another_file_asks_once(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.editor.save(tmp_path / "a.chainrule")
    edit(window)
    window.files.open()
    box = question(window, qtbot)
    qtbot.mouseClick(box.button(QMessageBox.StandardButton.Discard), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.findChildren(QFileDialog)) == 1)
    dialog = window.findChildren(QFileDialog)[0]
    dialog.fileSelected.emit(str(tmp_path / "a.chainrule"))
    dialog.reject()
    assert value(window.editor, "w") == 1
    qtbot.waitUntil(lambda: window.findChildren(QMessageBox) == [])


def test_save_writes_first_and_goes_on_then(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "a.chainrule"
    window.editor.save(path)
    edit(window)
    window.files.new()
    box = question(window, qtbot)
    qtbot.mouseClick(box.button(QMessageBox.StandardButton.Save), Qt.MouseButton.LeftButton)
    assert not window.editor.graph.nodes
    assert window.editor.open(path)
    assert value(window.editor, "w") == 5


def test_closing_with_unsaved_work_asks_and_discard_closes(window: MainWindow, qtbot: QtBot) -> None:
    edit(window)
    assert not window.close()
    box = question(window, qtbot)
    qtbot.mouseClick(box.button(QMessageBox.StandardButton.Discard), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.isVisible())


def test_save_as_proposes_the_examples_name_and_remembers_the_file(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.editor.suggested_name = "linear_regression.chainrule"
    window.files.save()
    qtbot.waitUntil(lambda: len(window.findChildren(QFileDialog)) == 1)
    dialog = window.findChildren(QFileDialog)[0]
    assert Path(dialog.selectedFiles()[0]).name == "linear_regression.chainrule"
    dialog.fileSelected.emit(str(tmp_path / "b.chainrule"))
    dialog.reject()
    assert window.editor.path == tmp_path / "b.chainrule"
    assert window.settings.recent == [tmp_path / "b.chainrule"]


# Look and layout


def test_the_window_remembers_theme_scale_and_sizes(window: MainWindow, settings: Settings) -> None:
    window.look.choose("light")
    window.look.set_scale(1.25)
    window.close()
    again = Settings(settings.path)
    assert (again.theme, again.scale) == ("light", 1.25)
    assert again.layout("columns") is not None


def test_hints_once_dismissed_stay_away(window: MainWindow, settings: Settings) -> None:
    assert window.hints.isVisible()
    window.hints.dismissed.emit()
    assert not window.hints.isVisible()
    assert Settings(settings.path).hints_dismissed


def test_hints_can_be_read_whole_at_1280(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 800)
    labels = window.hints.findChildren(QLabel)
    qtbot.waitUntil(
        lambda: all(label.fontMetrics().horizontalAdvance(label.text()) <= label.width() for label in labels)
    )


@pytest.mark.parametrize("panel", ["library", "inspector", "bottom"])
def test_panels_fold_and_unfold(window: MainWindow, panel: str) -> None:
    action = window.actions_by_id[f"toggle_{panel}"]
    action.trigger()
    assert not getattr(window, panel).isVisible()
    assert not action.isChecked()
    action.trigger()
    assert getattr(window, panel).isVisible()


def test_enlarging_makes_bars_and_panels_larger(window: MainWindow) -> None:
    before = window.top_bar.height(), window.columns.sizes()[2]
    window.look.toggle_projector()
    assert window.top_bar.height() == round(before[0] * 1.5)
    assert window.columns.sizes()[2] > before[1]


@pytest.mark.parametrize("scale", [0.8, 1.0, 1.5])
def test_everything_fits_1280_by_800_at_every_scale(window: MainWindow, scale: float) -> None:
    window.look.set_scale(scale)
    window.resize(1280, 800)
    assert (window.width(), window.height()) == (1280, 800)
    bar = window.run_bar
    for field in (*bar.buttons.values(), bar.root, bar.seed, bar.lr, bar.epochs, bar.zero_grad):
        assert bar.rect().contains(field.geometry().translated(field.parentWidget().pos())), field.accessibleName()
    name = window.top_bar.file_name.geometry()
    assert not name.intersects(window.top_bar.menus.geometry())
    assert not name.intersects(window.top_bar.search.geometry())


def test_pages_of_help_open_without_blocking(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("examples", "shortcuts"):
        window.actions_by_id[name].trigger()
    assert window.isEnabled()


# Undo from a field


def test_enter_in_a_field_of_the_run_bar_hands_the_focus_back_to_the_canvas(window: MainWindow, qtbot: QtBot) -> None:
    field = window.run_bar.lr
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.25")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.editor.graph.training.lr == 0.25
    assert window.canvas.hasFocus()


def test_undo_in_a_field_that_nobody_typed_in_takes_back_the_graph(window: MainWindow, qtbot: QtBot) -> None:
    window.editor.do(set_value(window.editor.graph, node(window.editor, "w"), 5.0))
    window.refresh()
    window.run_bar.lr.setFocus()
    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert value(window.editor, "w") == 1
