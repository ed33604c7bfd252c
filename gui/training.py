"""Step, Train and Reset for the editor: what they write is one edit each, with ``.grad`` restored by undo.

The loop itself runs in ``training_worker``; this is where its result becomes document data again.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QUndoCommand, QUndoStack

from chainrule.core.document.edits import Edit, merge, set_value
from chainrule.core.document.graph import Graph, Leaf, NodeId
from chainrule.core.run.grads import GradSnapshot
from chainrule.core.run.session import Session
from chainrule.core.run.training import Trainer, trained_edit
from chainrule.gui.live import session_of
from chainrule.gui.losses import Losses
from chainrule.gui.seeds import parse_seed
from chainrule.gui.training_worker import TrainingRun

POLL_MS = 33

Grads = GradSnapshot | None


class Document(Protocol):
    """The part of the editor that a run needs."""

    graph: Graph
    seed_text: str
    undo_stack: QUndoStack
    state_changed: Any
    training_changed: Any

    @property
    def document_session(self) -> Session: ...
    @property
    def root(self) -> NodeId | None: ...
    @property
    def root_shape(self) -> tuple[int, ...] | None: ...
    @property
    def training_root(self) -> NodeId | None: ...
    def refuse(self, reason: str) -> bool: ...
    def commit(
        self, edit: Edit, *, before: GradSnapshot | None = None, reached: GradSnapshot | None = None
    ) -> bool: ...


class Training(QObject):
    """The editor's training: at most one run at a time, polled about thirty times a second."""

    def __init__(self, editor: Document, parent: QObject) -> None:
        super().__init__(parent)
        self.run: TrainingRun | None = None
        self._editor = editor
        self._initial: dict[NodeId, Leaf] = {}
        self._command: QUndoCommand | None = None  # what the last run wrote, on the undo stack
        self._ending: list[TrainingRun] = []  # runs that are over but for their threads
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def running(self) -> bool:
        """A run is going on or paused."""
        return self.run is not None and not self.run.finished

    @property
    def shown(self) -> Session | None:
        """The session that the run gives to be shown while it lasts; None where the document's is the present."""
        if self.run is None or self.run.shown is None or self.run.finished:
            return None
        return self.run.shown.session

    @property
    def can_reset(self) -> bool:
        return bool(self._initial) and not self.running

    @property
    def undone(self) -> bool:
        """What the last run learnt has been taken back by undo."""
        stack = self._editor.undo_stack
        written = (stack.command(place) for place in reversed(range(stack.index())))
        return self._command is not None and not any(command is self._command for command in written)

    def holds(self, edit: Edit) -> bool:
        """Whether ``edit`` must wait for the run: anything but moving cards and changing the settings."""
        nodes = self._editor.graph.nodes
        return self.running and any(
            new is None or (old := nodes.get(i)) is None or _content(new) != _content(old)
            for i, new in edit.nodes.items()
        )

    def step(self) -> None:
        """One optimiser step from the present ``.grad``, as one step of undo."""
        editor = self._editor
        before = editor.document_session.take_grads()
        if not before.grads:
            editor.refuse("Nothing to step: no leaf has a .grad yet. Run Backward first")
            return
        try:
            edit = editor.document_session.step()
        except (RuntimeError, ValueError, TypeError) as error:
            editor.refuse(str(error))
            return
        if not edit.nodes:
            editor.refuse(_why_nothing_moves(before))
            return
        self._keep_initial(edit)
        editor.commit(edit, before=before)
        editor.training_changed.emit()

    def start(self, epochs: int | None = None) -> None:
        """Run the epoch loop that the document describes, ``epochs`` times where given."""
        editor = self._editor
        settings = editor.graph.training
        count = settings.epochs if epochs is None else epochs
        if self.running:
            return
        if count < 1:
            editor.refuse("Nothing to train: epochs is 0")
            return
        root = editor.training_root
        try:
            loss = None if root is None else editor.graph.nodes[root].name
            seed = parse_seed(editor.seed_text, editor.root_shape) if root == editor.root else None
            trainer = Trainer(editor.graph, loss=loss, gradient=seed)
        except (RuntimeError, ValueError, TypeError, KeyError) as error:
            editor.refuse(str(error))
            return
        self._command = None
        trained = trainer.graph.nodes[trainer.loss].name
        self.run = TrainingRun(trainer, count, partial(session_of, trainer, seed), trained)
        self.run.start()
        self._timer.start()
        editor.training_changed.emit()

    def pause(self) -> None:
        if self.run is not None:
            self.run.pause()
            self._editor.training_changed.emit()

    def resume(self) -> None:
        if self.run is not None:
            self.run.resume()
            self._editor.training_changed.emit()

    def stop(self) -> None:
        if self.run is not None:
            self.run.stop()

    def reset_values(self) -> None:
        """Bring back the values from before the first Step or Train, as one step of undo."""
        editor = self._editor
        edits = [
            set_value(editor.graph, i, leaf.value)
            for i, leaf in self._initial.items()
            if i in editor.graph.nodes and editor.graph.nodes[i].leaf is not None
        ]
        self._initial.clear()
        if edits:
            editor.commit(merge("reset values", edits))
        editor.training_changed.emit()

    def forget(self) -> None:
        """Another document comes: end the run without writing anything."""
        run = self.run
        if run is not None:
            run.stop()
            run.poll()
            self._leave(run)
        self.run = self._command = None
        self._initial.clear()

    def _poll(self) -> None:
        self._ending = [run for run in self._ending if not run.wait(0)]
        if not self.running and not self._ending:
            self._timer.stop()
        run = self.run
        if run is None or run.finished:
            return
        before = run.shown
        if not run.poll():
            return
        if run.finished:
            self._leave(run)
            if not self._write_back(run) and run.shown is not None:
                self._editor.state_changed.emit()  # back to the document, which is as it was
        elif run.shown is not before:
            self._editor.state_changed.emit()
        self._editor.training_changed.emit()

    def _leave(self, run: TrainingRun) -> None:
        """Wait for the thread of ``run``, which is over or will be soon; while it compiles, only look again."""
        if run.ran:
            run.wait()
        elif not run.wait(0) and run not in self._ending:
            self._ending.append(run)

    def _write_back(self, run: TrainingRun) -> bool:
        editor = self._editor
        if not run.losses or not isinstance(run.trainer, Trainer):
            if run.error:
                editor.refuse(run.error)
            return False
        before = editor.document_session.take_grads()
        edit = trained_edit(editor.graph, run.trainer)
        self._keep_initial(edit)
        done = editor.commit(edit, before=before, reached=editor.document_session.grads_of(run.trainer.grads))
        self._command = editor.undo_stack.command(editor.undo_stack.index() - 1)
        if run.error or (fate := fate_of(run.losses)):
            editor.refuse(run.error or fate)
        return done

    def _keep_initial(self, edit: Edit) -> None:
        for i in edit.nodes:
            leaf = self._editor.graph.nodes[i].leaf
            if leaf is not None:
                self._initial.setdefault(i, leaf)


def fate_of(losses: Losses) -> str:
    """What became of a run that left the numbers behind, in words; "" where the loss stayed finite."""
    lost = losses.lost
    if lost is None:
        return ""
    if lost == 0:
        return f"the loss is {losses[0]:g} from the first epoch on: look at the values of the graph"
    return f"loss became {losses[lost]:g} at epoch {lost + 1}: the learning rate is too high. Reset restores the values"


def _why_nothing_moves(snapshot: GradSnapshot) -> str:
    grads = [each.grad for each in snapshot.grads.values() if each.grad is not None]
    if any(not np.isfinite(grad).all() for grad in grads):
        return "The step changes nothing: the gradients are nan. Reset or undo brings the numbers back"
    return "The step changes nothing: every gradient is zero, or the learning rate is"


def _content(node: object) -> tuple[object, ...]:
    """What a run depends on in a node: all but its place and its note."""
    return tuple(getattr(node, field) for field in ("kind", "name", "inputs", "params", "leaf"))
