"""Step, Train and Reset: what they write is one step of undo, and a run is shown while the document waits."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from chainrule.core.document.building import Graph
from chainrule.core.document.edits import apply, move, set_training, set_value
from chainrule.core.engine.random import manual_seed
from chainrule.core.run.session import Session
from chainrule.core.run.training import Trainer, trained_edit
from chainrule.gui.editor import Editor
from chainrule.gui.live import session_of
from chainrule.gui.player import Player
from chainrule.gui.training_worker import TrainingRun
from tests.gui.conftest import grad, lengthen, node, set_w, stop, train, train_on, value

# Step and Train


def test_a_step_moves_the_value_and_undo_restores_value_and_grad_together(editor: Editor) -> None:
    editor.backward()
    editor.step()
    assert value(editor, "w") == pytest.approx(1.02)
    editor.zero_grad()
    editor.undo()
    assert value(editor, "w") == 1
    assert grad(editor, "w") == -2


def test_a_step_before_backward_is_refused(editor: Editor) -> None:
    editor.step()
    assert "Run Backward first" in editor.last_error
    assert editor.undo_stack.count() == 0


def test_training_is_one_step_of_undo_that_restores_values_and_grad(editor: Editor, qtbot: QtBot) -> None:
    editor.backward()
    train(editor, qtbot)
    assert editor.training_run is not None
    assert editor.training_run.state == "done"
    assert len(editor.training_run.losses) == 100
    assert editor.undo_stack.undoText() == "train 100 epochs"
    trained, after = value(editor, "w"), grad(editor, "w")
    assert trained == pytest.approx(2 - 0.98**100, rel=1e-5)
    editor.undo()
    assert value(editor, "w") == 1
    assert grad(editor, "w") == -2
    editor.redo()
    assert value(editor, "w") == trained
    assert grad(editor, "w") == after


def test_training_makes_the_loss_small_whatever_backward_was_last_run_from(editor: Editor, qtbot: QtBot) -> None:
    editor.select([node(editor, "pred")])
    editor.backward()
    assert editor.root == node(editor, "pred")
    train(editor, qtbot, 50)
    assert value(editor, "loss") < 0.2


def test_a_run_can_be_paused_resumed_and_stopped_and_keeps_what_it_learnt(editor: Editor, qtbot: QtBot) -> None:
    run = train_on(editor, qtbot)
    held = pause(editor, qtbot)
    assert run.state == "paused"
    editor.resume_training()
    qtbot.waitUntil(lambda: run.epoch > held)
    stop(editor, qtbot)
    assert run.state == "stopped"
    assert value(editor, "w") > 1
    assert editor.undo_stack.count() == 1


def test_the_window_goes_on_while_training_runs(editor: Editor, qtbot: QtBot) -> None:
    run = train_on(editor, qtbot)
    seen: set[int] = set()
    qtbot.waitUntil(lambda: seen.add(run.epoch) or len(seen) > 10)  # type: ignore[func-returns-value]
    assert run.state == "running"
    stop(editor, qtbot)


def test_while_training_runs_cards_move_but_the_graph_stays(editor: Editor, qtbot: QtBot) -> None:
    train_on(editor, qtbot)
    assert editor.do(move(editor.graph, {node(editor, "w"): (9, 9)}))
    assert not set_w(editor, 7.0)
    assert "stop it" in editor.last_error
    stop(editor, qtbot)
    assert set_w(editor, 7.0)


def test_reset_brings_back_the_values_from_before_training(editor: Editor, qtbot: QtBot) -> None:
    train(editor, qtbot, 5)
    train(editor, qtbot, 5)
    assert editor.training.can_reset
    editor.reset_values()
    assert value(editor, "w") == 1
    assert not editor.training.can_reset
    editor.undo()
    assert value(editor, "w") > 1


def test_a_graph_that_cannot_be_trained_says_why(editor: Editor) -> None:
    editor.do(set_value(editor.graph, node(editor, "x"), [1.0, 2.0]))
    editor.train()
    assert editor.training_run is None or not editor.training_run.losses


def test_a_graph_without_an_operation_has_nothing_to_train(editor: Editor) -> None:
    editor.new()
    editor.train()
    assert editor.last_error == "There is no operation yet that backward could start from"
    assert editor.training_run is None


def test_no_epoch_is_no_run(editor: Editor, qtbot: QtBot) -> None:
    train(editor, qtbot, 3)
    run, reached = editor.training_run, value(editor, "w")
    editor.do(set_training(editor.graph, epochs=0))
    editor.train()
    assert editor.last_error == "Nothing to train: epochs is 0"
    assert editor.training_run is run
    assert value(editor, "w") == reached


# While the loop is being compiled


def test_stop_is_obeyed_while_the_loop_is_being_compiled(
    editor: Editor, compiled: threading.Event, qtbot: QtBot
) -> None:
    editor.train()
    run = editor.training_run
    assert run is not None
    stop(editor, qtbot)
    assert (run.state, run.epoch, run.ran) == ("stopped", 0, "")
    assert editor.undo_stack.count() == 0
    assert set_w(editor, 5.0)
    compiled.set()
    qtbot.waitUntil(gc.isenabled)  # which it is not while a thread runs that is not the window's
    assert (run.state, run.epoch, value(editor, "w")) == ("stopped", 0, 5.0)


def test_the_next_run_does_not_wait_for_one_that_was_stopped_while_it_was_compiled(
    editor: Editor, compiled: threading.Event, qtbot: QtBot
) -> None:
    editor.train()
    stop(editor, qtbot)
    editor.train(3)
    compiled.set()
    qtbot.waitUntil(lambda: not editor.training.running)
    assert editor.undo_stack.undoText() == "train 3 epochs"
    qtbot.waitUntil(gc.isenabled)


def test_another_document_does_not_wait_for_the_loop_either(
    editor: Editor, compiled: threading.Event, qtbot: QtBot
) -> None:
    editor.train()
    editor.new()
    assert editor.training_run is None
    assert not editor.graph.nodes
    compiled.set()
    qtbot.waitUntil(gc.isenabled)


def test_a_run_that_was_paused_while_its_loop_was_compiled_waits_before_its_first_epoch(
    editor: Editor, compiled: threading.Event, qtbot: QtBot
) -> None:
    editor.train(5)
    run = editor.training_run
    assert run is not None
    editor.pause_training()
    assert run.state == "paused"
    compiled.set()
    qtbot.waitUntil(lambda: run.shown is not None and run.shown.held)
    assert (run.state, run.epoch) == ("paused", 0)
    editor.resume_training()
    qtbot.waitUntil(lambda: not editor.training.running)
    assert (run.state, run.epoch) == ("done", 5)


# What is shown while training runs


def pause(editor: Editor, qtbot: QtBot) -> int:
    """Pause and wait until that is obeyed; the epoch that the run has come to."""
    run = editor.training_run
    assert run is not None
    editor.pause_training()
    qtbot.waitUntil(lambda: run.shown is not None and run.shown.held)
    assert run.shown is not None
    assert run.shown.epoch == run.epoch
    return run.epoch


@pytest.fixture
def long_run(editor: Editor, player: Player, qtbot: QtBot) -> Iterator[TrainingRun]:
    """A slow run that has come far enough to be shown, and is stopped in the end."""
    editor.do(set_training(editor.graph, lr=1e-6))
    run = train_on(editor, qtbot)
    qtbot.waitUntil(lambda: run.shown is not None)
    yield run
    stop(editor, qtbot)


def test_a_run_is_shown_while_it_goes_on_and_the_document_waits(
    editor: Editor, player: Player, long_run: TrainingRun, qtbot: QtBot
) -> None:
    w = node(editor, "w")
    seen: set[float] = set()

    def see() -> bool:
        seen.add(float(player.state.nodes[w].value))  # type: ignore[arg-type]
        return len(seen) > 3

    qtbot.waitUntil(see)
    assert 1 < min(seen) < max(seen) <= 2
    assert player.at_end
    leaf = editor.graph.nodes[w].leaf
    assert leaf is not None
    assert leaf.value == 1
    assert editor.undo_stack.count() == 0
    assert not editor.unsaved


def test_what_is_shown_is_an_epoch_of_the_tape_where_the_loop_has_come_to_to_the_bit(
    editor: Editor, player: Player, long_run: TrainingRun, qtbot: QtBot
) -> None:
    reached = pause(editor, qtbot)
    w, loss = (player.state.nodes[node(editor, name)] for name in ("w", "loss"))
    twin = Trainer(editor.graph, loss="loss", loop=long_run.ran.partition(":")[0])
    twin.run(reached)
    assert w.value == twin.parameters["w"]
    graph = editor.graph.copy()
    apply(graph, trained_edit(graph, twin))
    tape = Trainer(graph, loss="loss", loop="tape")
    assert loss.value == tape.run(1)[0]
    assert w.grad == tape.grads["w"]


def test_a_paused_run_can_be_stepped_through_like_any_recording(
    editor: Editor, player: Player, long_run: TrainingRun, qtbot: QtBot
) -> None:
    pause(editor, qtbot)
    player.seek(3)
    assert player.state.nodes[node(editor, "w")].grad is None
    assert player.title == "squares is computed"
    player.to_end()
    assert player.title == "AccumulateGrad on w"


def test_without_zero_grad_the_shown_grad_goes_on_from_what_the_epochs_left(editor: Editor, qtbot: QtBot) -> None:
    editor.do(set_training(editor.graph, zero_grad=False))
    trainer = Trainer(editor.graph, loss="loss")
    trainer.run(3)
    shown = session_of(trainer).state.nodes[node(editor, "w")]
    trainer.run(1)
    assert shown.grad == trainer.grads["w"]


def test_when_a_run_ends_the_document_is_shown_again(editor: Editor, player: Player, qtbot: QtBot) -> None:
    train(editor, qtbot, 2000)
    assert editor.session is editor.document_session
    assert player.state.nodes[node(editor, "w")].value == value(editor, "w")
    editor.undo()
    assert player.state.nodes[node(editor, "w")].value == 1
    assert editor.undo_stack.count() == 1


def test_another_document_ends_the_run_and_is_what_is_shown(
    editor: Editor, player: Player, long_run: TrainingRun, qtbot: QtBot
) -> None:
    editor.new()
    assert not player.state.nodes
    assert editor.session is editor.document_session


def test_what_a_run_depends_on_is_not_undone_under_it(editor: Editor, player: Player, qtbot: QtBot) -> None:
    lengthen(editor)
    set_w(editor, 5.0)
    train_on(editor, qtbot)
    editor.do(move(editor.graph, {node(editor, "w"): (9, 9)}))
    editor.undo()
    assert editor.undo_stack.index() == 1
    editor.undo()
    assert editor.undo_stack.index() == 1
    assert "stop it" in editor.last_error
    stop(editor, qtbot)


# Chance


def dropping() -> Graph:
    """A loss that is decided by which elements are dropped."""
    graph = Graph()
    graph.add("tensor", name="w", value=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], requires_grad=True)
    graph.add("dropout", name="some", input="w")
    graph.add("sum", name="loss", input="some")
    return graph


def test_what_is_drawn_to_show_an_epoch_is_what_the_epoch_will_draw() -> None:
    manual_seed(4)
    trainer = Trainer(dropping(), loss="loss", lr=0.01)
    for _ in range(5):
        shown = [session_of(trainer)["loss"].item() for _ in range(2)]
        assert shown == [pytest.approx(trainer.run(1)[0])] * 2


@pytest.mark.parametrize("watched", [False, True])
def test_neither_pictures_nor_the_window_change_what_training_draws(watched: bool) -> None:
    def losses(picture: bool, window: bool) -> list[float]:
        manual_seed(4)
        trainer = Trainer(dropping(), loss="loss", lr=0.01, loop="tape")
        run = TrainingRun(trainer, 200, (lambda: session_of(trainer)) if picture else None)
        run.start()
        if window:
            for _ in range(20):
                Session(dropping())
        run.wait(30)
        run.poll()
        assert not run.error
        return list(trainer.losses)

    assert losses(watched, not watched) == losses(False, False)
