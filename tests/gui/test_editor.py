"""The editor: every change is one step of undo or is refused with a reason, and runs do what PyTorch does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from chainrule.core.document.edits import (
    add_node,
    connect,
    move,
    remove,
    rename,
    set_dtype,
    set_requires_grad,
    set_value,
)
from chainrule.core.document.leaves import make_leaf
from chainrule.core.document.writing import encode
from chainrule.core.run.problems import Repair
from chainrule.gui.commands import EditCommand
from chainrule.gui.editor import Editor
from chainrule.gui.examples import examples_folder
from tests.gui.conftest import grad, node, regression, set_w, train, value

# Edits


def test_an_edit_changes_what_depends_on_it_and_says_what_it_touched(editor: Editor) -> None:
    touched: list[frozenset[int]] = []
    editor.document_changed.connect(touched.append)
    assert set_w(editor, 2.0)
    assert touched == [frozenset({node(editor, "w")})]
    assert value(editor, "loss") == 0
    assert editor.unsaved


def test_undo_and_redo_go_back_and_forth(editor: Editor) -> None:
    set_w(editor, 3.0)
    editor.do(rename(editor.graph, node(editor, "w"), "weight"))
    editor.undo()
    editor.undo()
    assert value(editor, "w") == 1
    assert not editor.unsaved
    editor.redo()
    editor.redo()
    assert value(editor, "weight") == 3


def test_drawn_numbers_are_drawn_anew_as_one_step(editor: Editor) -> None:
    edit, leaf = add_node(editor.graph, "tensor", "noise", leaf=make_leaf("randn", {"size": [3]}, seed=0))
    editor.do(edit)
    before = editor.session["noise"].tolist()
    editor.select([leaf.id, node(editor, "x")])
    editor.redraw()
    assert editor.session["noise"].tolist() != before
    editor.undo()
    assert editor.session["noise"].tolist() == before


def test_a_refused_edit_changes_nothing_and_is_explained(editor: Editor, qtbot: QtBot) -> None:
    before = encode(editor.graph)
    cycle = connect(editor.graph, node(editor, "loss"), "", node(editor, "pred"), "input")
    with qtbot.waitSignal(editor.message) as said:
        assert not editor.do(cycle)
    assert said.args == [editor.last_error]
    assert "cycle" in editor.last_error
    assert encode(editor.graph) == before
    assert editor.undo_stack.count() == 0


def test_a_drag_is_one_step_of_undo(editor: Editor) -> None:
    for number in (1.1, 1.2, 1.3):
        set_w(editor, number, merge="drag 1")
    set_w(editor, 5.0, merge="drag 2")
    assert editor.undo_stack.count() == 2
    editor.undo()
    assert value(editor, "w") == pytest.approx(1.3)
    editor.undo()
    assert value(editor, "w") == 1
    editor.redo()
    assert value(editor, "w") == pytest.approx(1.3)


def test_edits_that_were_merged_hold_nothing_any_more(editor: Editor) -> None:
    """Qt deletes what was merged, Python keeps it: an hour of dragging would keep every array on the way."""
    commands = []

    class Kept(EditCommand):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            commands.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chainrule.gui.editor.EditCommand", Kept)
        for number in (3.0, 4.0, 5.0):
            set_w(editor, number, merge="drag")
    first, *merged = commands
    assert editor.undo_stack.count() == 1
    assert first.edit.nodes
    assert [each for each in merged if each.edit.nodes or each.inverse.nodes] == []


def test_editing_a_value_keeps_its_grad_and_marks_it_stale(editor: Editor) -> None:
    editor.backward()
    set_w(editor, 1.5)
    state = editor.session.state.nodes[node(editor, "w")]
    assert state.grad is not None
    assert state.grad.item() == -2
    assert state.stale


MOVES = st.tuples(st.just("move"), st.sampled_from("xwy"), st.integers(-50, 50))
VALUES = st.tuples(st.just("value"), st.sampled_from("xwy"), st.integers(-9, 9))
SWITCHES = st.tuples(st.just("switch"), st.sampled_from("xwy"), st.booleans())
REMOVALS = st.tuples(st.just("remove"), st.sampled_from(["x", "pred", "loss"]), st.booleans())
ADDITIONS = st.tuples(st.just("add"), st.sampled_from(["relu", "mul", "tensor"]), st.none())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(MOVES | VALUES | SWITCHES | REMOVALS | ADDITIONS, max_size=8))
def test_undoing_everything_brings_the_very_same_document_back(qtbot: QtBot, steps: list[tuple[str, str, int]]) -> None:
    editor = Editor(regression())
    start = encode(editor.graph)
    for kind, name, argument in steps:
        if kind == "add":
            editor.do(add_node(editor.graph, name)[0])
            continue
        if name not in editor.graph:
            continue
        target = node(editor, name)
        if kind == "move":
            editor.do(move(editor.graph, {target: (argument, argument)}))
        elif kind == "value":
            editor.do(set_value(editor.graph, target, float(argument)))
        elif kind == "switch":
            editor.do(set_requires_grad(editor.graph, target, bool(argument)))
        else:
            editor.do(remove(editor.graph, [target], heal=bool(argument)))
    end = encode(editor.graph)
    for _ in range(editor.undo_stack.count()):
        editor.undo()
    assert encode(editor.graph) == start
    for _ in range(editor.undo_stack.count()):
        editor.redo()
    assert encode(editor.graph) == end


# Selection and root


def test_the_root_is_the_only_end_until_an_operation_is_selected(editor: Editor) -> None:
    assert editor.root == node(editor, "loss")
    editor.select([node(editor, "pred")])
    assert editor.root == node(editor, "pred")
    editor.select([node(editor, "w")])
    assert editor.root == node(editor, "loss")


def test_a_chosen_root_holds_until_something_else_is_selected(editor: Editor) -> None:
    editor.select([node(editor, "pred")])
    editor.choose_root(node(editor, "error"))
    assert editor.root == node(editor, "error")
    editor.select([node(editor, "pred")])
    editor.select([node(editor, "loss")])
    assert editor.root == node(editor, "loss")


def test_a_deleted_node_is_neither_selected_nor_root(editor: Editor) -> None:
    editor.select([node(editor, "loss")])
    editor.do(remove(editor.graph, [node(editor, "loss")]))
    assert editor.selection == frozenset()
    assert editor.root == node(editor, "error")


# Running


def test_backward_fills_grad_and_spends_the_tape(editor: Editor) -> None:
    editor.backward()
    assert grad(editor, "w") == -2
    assert editor.spent_at == node(editor, "loss")


def test_a_second_backward_stops_in_pytorchs_words_and_changes_no_grad(editor: Editor) -> None:
    editor.backward()
    editor.backward()
    assert editor.last_error.startswith("Trying to backward through the graph a second time")
    problem = editor.session.state.nodes[node(editor, "loss")].problem
    assert problem is not None
    assert problem.message == editor.last_error
    assert grad(editor, "w") == -2


@pytest.mark.parametrize("index", [0, 1], ids=["forward again", "retain graph"])
def test_either_repair_of_a_spent_tape_lets_backward_go_through(editor: Editor, index: int) -> None:
    editor.backward()
    editor.backward()
    problem = editor.session.state.nodes[node(editor, "loss")].problem
    assert problem is not None
    editor.run_repair(problem.repairs[index])
    editor.backward()
    assert grad(editor, "w") == -4
    assert editor.retain_graph == (index == 1)


def test_x_n_runs_forward_and_backward_n_times(editor: Editor) -> None:
    editor.backward(times=3)
    assert grad(editor, "w") == -6
    assert [slab.number for slab in editor.session.state.nodes[node(editor, "w")].slabs] == [1, 2, 3]


def test_zero_grad_empties_to_none(editor: Editor) -> None:
    editor.backward()
    editor.zero_grad()
    assert grad(editor, "w") is None


def test_a_typed_seed_is_sent_back(editor: Editor) -> None:
    editor.set_seed("3")
    editor.backward()
    assert grad(editor, "w") == -6


def test_a_document_brings_the_seed_of_its_loss_and_training_uses_it(editor: Editor, qtbot: QtBot) -> None:
    assert editor.open_copy(examples_folder() / "seed_vector.chainrule")
    assert editor.seed_text == "0.1, 1.0, 0.0001"
    editor.select([node(editor, "ln_c")])
    assert editor.seed_text == ""
    editor.select([])
    assert editor.seed_text == "0.1, 1.0, 0.0001"
    train(editor, qtbot, 2)
    assert editor.training_run is not None
    assert len(editor.training_run.losses) == 2


def test_the_seed_of_the_loss_is_saved_with_the_document_and_undone(editor: Editor, tmp_path: Path) -> None:
    editor.do(set_value(editor.graph, node(editor, "x"), [1.0, 2.0]))
    for typed in ("0", "0.", "0.1", "0.1,", "0.1, 2", "0.1, 2e"):
        editor.set_seed(typed)
    assert editor.graph.training.gradient == [0.1, 2.0]
    assert editor.seed_text == "0.1, 2e"
    assert editor.undo_stack.undoText() == "set the seed"
    editor.set_seed("0.1, 20")
    editor.save(tmp_path / "seeded.chainrule")
    again = Editor()
    assert again.open(tmp_path / "seeded.chainrule")
    assert again.seed_text == "0.1, 20.0"
    editor.undo()
    assert editor.graph.training.gradient is None
    assert editor.seed_text == ""
    editor.redo()
    assert editor.seed_text == "0.1, 20.0"


def test_the_seed_of_another_root_is_the_runs_alone(editor: Editor) -> None:
    editor.select([node(editor, "pred")])
    editor.set_seed("3")
    assert editor.graph.training.gradient is None
    assert editor.undo_stack.count() == 0


def test_the_implicit_seed_of_a_scalar_needs_no_edit(editor: Editor) -> None:
    editor.set_seed("1")
    assert editor.undo_stack.count() == 0


def test_a_seed_of_a_float64_loss_keeps_its_bits(editor: Editor) -> None:
    editor.do(set_dtype(editor.graph, node(editor, "w"), "float64"))
    editor.set_seed("0.1")
    assert editor.graph.training.gradient.dtype == np.float64
    editor.backward()
    w = editor.session["w"].grad
    assert w is not None
    assert w.item() == -0.2


def test_a_seed_of_the_wrong_shape_is_refused_before_it_runs(editor: Editor) -> None:
    editor.set_seed("1, 2")
    assert "1 element, so it takes one number; 2 stand there" in editor.seed_error
    editor.backward()
    assert editor.last_error == editor.seed_error
    assert grad(editor, "w") is None


def test_a_vector_root_without_a_seed_is_pytorchs_error(editor: Editor) -> None:
    editor.do(set_value(editor.graph, node(editor, "x"), [1.0, 2.0]))
    editor.backward()
    assert editor.last_error == "grad can be implicitly created only for scalar outputs"
    problem = editor.session.state.nodes[node(editor, "loss")].problem
    assert problem is not None
    (ones,) = problem.repairs
    editor.run_repair(ones)
    assert editor.seed_text == "1, 1"
    editor.backward()
    assert grad(editor, "w") == -2


def test_a_root_that_tracks_nothing_offers_the_switches(editor: Editor) -> None:
    editor.do(set_requires_grad(editor.graph, node(editor, "w"), False))
    editor.backward()
    problem = editor.session.state.nodes[node(editor, "loss")].problem
    assert problem is not None
    repair = next(repair for repair in problem.repairs if repair.argument == node(editor, "w"))
    editor.run_repair(repair)
    editor.backward()
    assert grad(editor, "w") == -2


def test_an_unknown_repair_is_said_to_be_unknown(editor: Editor) -> None:
    editor.run_repair(Repair("Sing", "sing"))
    assert editor.last_error == "There is no repair called sing"


# Files


def test_saving_clears_the_unsaved_mark_and_opening_gives_the_same_graph(editor: Editor, tmp_path: Path) -> None:
    set_w(editor, 0.1)
    path = tmp_path / "mine.chainrule"
    assert editor.save(path)
    assert not editor.unsaved
    assert editor.title == "mine.chainrule"
    again = Editor()
    assert again.open(path)
    np.testing.assert_array_equal(again.session["w"].tolist(), editor.session["w"].tolist())


def test_a_corrupt_file_is_refused_and_the_document_stays(editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "bad.chainrule"
    path.write_text('{"format": "chainrule", "version": 1, "nodes": [{"name": 3}]}')
    set_w(editor, 4.0)
    assert not editor.open(path)
    assert "bad.chainrule" in editor.last_error
    assert value(editor, "w") == 4
    assert editor.unsaved


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_lost(editor: Editor, tmp_path: Path) -> None:
    set_w(editor, 4.0)
    assert not editor.save(tmp_path / "no such folder" / "a.chainrule")
    assert "Not saved" in editor.last_error
    assert editor.unsaved
    assert editor.path is None


def test_an_example_opens_as_a_copy_that_has_no_file_yet(editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "example.chainrule"
    editor.save(path)
    assert editor.open_copy(path)
    assert editor.path is None
    assert editor.title == "example.chainrule"


def test_a_new_document_is_empty_and_has_no_root(editor: Editor) -> None:
    editor.new()
    assert not editor.graph.nodes
    assert editor.root is None
    editor.backward()
    assert "no operation yet" in editor.last_error
