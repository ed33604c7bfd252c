"""The one room that changes the document: graph, session and undo stack, and signals that say what changed.

Gestures and panels call ``do`` with an edit, or a run action; nothing else writes to the graph or the session. What
cannot be done is said through ``message`` and leaves everything as it was. How training runs is in ``training.py``,
what is asked before work would be lost in ``questions.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from chainrule.core.document.edits import Edit, apply, merge, move, set_requires_grad, set_training
from chainrule.core.document.files import FileError, load_graph, save_graph
from chainrule.core.document.graph import Graph, GraphError, NodeId
from chainrule.core.document.leaves import is_drawn, redraw
from chainrule.core.engine.recording import Stopped
from chainrule.core.run.grads import GradSnapshot
from chainrule.core.run.problems import Repair
from chainrule.core.run.session import Session
from chainrule.gui.commands import EditCommand
from chainrule.gui.seeds import SeedError, parse_seed, seed_data, seed_words
from chainrule.gui.training import Training
from chainrule.gui.training_worker import TrainingRun

UNTITLED = "untitled.chainrule"
HELD = "Training is running: stop it before changing the graph"

# What the engine raises in PyTorch's words, and the session when there is nothing to run.
REFUSALS = (RuntimeError, ValueError, TypeError, IndexError)

SocketKey = tuple[NodeId, str]


class Editor(QObject):
    """The document being edited and run. ``document_changed`` carries the frozenset of node ids an edit touched."""

    graph: Graph
    document_session: Session

    document_changed = Signal(object)
    state_changed = Signal()
    document_replaced = Signal()
    selection_changed = Signal()
    root_changed = Signal()
    path_changed = Signal()
    training_changed = Signal()
    saving = Signal()  # whoever keeps something of the document, such as the viewport, writes it to the graph now
    message = Signal(object)
    done = Signal()  # something was done: what was said before is no longer the news

    def __init__(self, graph: Graph | None = None) -> None:
        super().__init__()
        self.undo_stack = QUndoStack(self)
        self.path: Path | None = None
        self.suggested_name = UNTITLED
        self.last_error = ""
        self.retain_graph = False
        self.seed_text = ""
        self.selection: frozenset[NodeId] = frozenset()
        self.selected_sockets: frozenset[SocketKey] = frozenset()
        self._last_root: NodeId | None = None
        self._follow_selection = True
        self._root: NodeId | None = None
        self._gradient_seen: Any = None
        self.training = Training(self, self)
        self._take(graph or Graph())

    @property
    def session(self) -> Session:
        """The run that is to be shown: the document's own, or, while training runs, the epoch that it has come to."""
        return self.training.shown or self.document_session

    # The document

    @property
    def title(self) -> str:
        """The file's name, or what it would be called."""
        return self.path.name if self.path else self.suggested_name

    @property
    def unsaved(self) -> bool:
        return not self.undo_stack.isClean()

    def do(self, edit: Edit, *, merge: str | None = None) -> bool:
        """Apply ``edit`` as one step of undo; refused, it changes nothing, says why and returns False.

        Edits with the same ``merge`` key that follow each other are one step, such as all moves of one drag.
        """
        if self.training.holds(edit):
            return self.refuse(HELD)
        return self.commit(edit, key=merge)

    def commit(
        self,
        edit: Edit,
        *,
        key: str | None = None,
        before: GradSnapshot | None = None,
        reached: GradSnapshot | None = None,
    ) -> bool:
        """``do`` without asking whether training runs.

        With ``before``, undo brings that ``.grad`` back with the values; ``reached`` is what ``.grad`` becomes.
        """
        try:
            inverse = apply(self.graph, edit)
        except GraphError as error:
            return self.refuse(str(error))
        self.done.emit()
        self._run(edit, reached)
        after = None if before is None else self.document_session.take_grads()
        self.undo_stack.push(EditCommand(edit, inverse, self._replay, key=key, grads=(before, after)))
        self._announce(edit)
        return True

    def place(self, positions: Mapping[NodeId, tuple[float, float]]) -> None:
        """Put cards that nobody has placed somewhere: no step of undo, and nothing that would have to be saved."""
        apply(self.graph, move(self.graph, positions))
        self.document_changed.emit(frozenset(positions))

    def undo(self) -> None:
        command = self.undo_stack.command(self.undo_stack.index() - 1)
        if isinstance(command, EditCommand) and self.training.holds(command.inverse):
            self.refuse(HELD)
        else:
            self.undo_stack.undo()

    def redo(self) -> None:
        command = self.undo_stack.command(self.undo_stack.index())
        if isinstance(command, EditCommand) and self.training.holds(command.edit):
            self.refuse(HELD)
        else:
            self.undo_stack.redo()

    def new(self) -> None:
        """An empty document."""
        self._take(Graph())

    def open(self, path: Path | str) -> bool:
        """Open the graph file at ``path``; a file that cannot be read changes nothing and is explained."""
        return self._open(Path(path), saved_there=True)

    def open_copy(self, path: Path | str) -> bool:
        """Open an example: the document has its name, but saving asks where to."""
        return self._open(Path(path), saved_there=False)

    def save(self, path: Path | str) -> bool:
        """Write the document to ``path``, which it is then saved in; on failure say why and keep everything."""
        path = Path(path)
        self.saving.emit()
        try:
            save_graph(self.graph, path)
        except (FileError, GraphError) as error:
            return self.refuse(f"Not saved: {error}")
        self.path = path
        self.undo_stack.setClean()
        self.done.emit()
        self.path_changed.emit()
        return True

    # Selection and root

    def select(self, ids: Iterable[NodeId], sockets: Iterable[SocketKey] = ()) -> None:
        """Select nodes, and wires by the sockets they end in; ids that are not in the graph are left out."""
        nodes = frozenset(i for i in ids if i in self.graph.nodes)
        wires = frozenset((i, s) for i, s in sockets if i in self.graph.nodes)
        if (nodes, wires) == (self.selection, self.selected_sockets):
            return
        self.selection, self.selected_sockets = nodes, wires
        self._follow_selection = True
        moved = self._move_root()
        self.selection_changed.emit()
        if moved:
            self.root_changed.emit()

    def choose_root(self, node: NodeId | None) -> None:
        """Let Backward start at ``node`` until another node is selected; None lets the program find one."""
        self._last_root = node
        self._follow_selection = False
        if self._move_root():
            self.root_changed.emit()

    @property
    def root(self) -> NodeId | None:
        """Where Backward would start: the selected node, the last root or the only end; None where it must be asked."""
        return self._root

    @property
    def loss(self) -> NodeId | None:
        """The document's loss: the node that it names, or the only tracked end; None where there are several."""
        if self.graph.training.loss in self.graph:
            return self.graph.named(self.graph.training.loss).id
        states = self.document_session.state.nodes
        ends = [i for i, state in states.items() if state.grad_fn and not self.graph.consumers(i)]
        return ends[0] if len(ends) == 1 else None

    @property
    def training_root(self) -> NodeId | None:
        """What Train makes small: the document's loss, whatever is selected or chosen as the root of Backward.

        Where the document names none and several ends are tracked, the root that was last chosen or run from.
        """
        loss = self.loss
        return self._usual_root() if loss is None else loss

    def _usual_root(self) -> NodeId | None:
        try:
            return self.document_session.find_root(self._last_root if self._last_root in self.graph.nodes else None)
        except REFUSALS:
            return None

    def _selected_root(self) -> NodeId | None:
        if len(self.selection) != 1:
            return None
        (node,) = self.selection
        state = self.document_session.state.nodes.get(node)
        return node if state is not None and state.grad_fn else None

    # Running

    def forward(self) -> None:
        """Run all nodes with a fresh tape."""
        if self._attempt(self.document_session.forward):
            self.done.emit()
            self._changed()

    def backward(self, times: int = 1) -> None:
        """Send the seed back from the root; more than once, forward and backward ``times`` over, as a notebook does."""
        root = self.root

        def passes() -> None:
            gradient = parse_seed(self.seed_text, self.root_shape)
            for _ in range(times):
                if times > 1:
                    self.document_session.forward()
                self.document_session.backward(root, gradient, retain_graph=self.retain_graph)

        try:
            passes()
            self._last_root = root
            self.done.emit()
        except REFUSALS as error:
            self._refuse_backward(str(error))
        self._changed()

    def _refuse_backward(self, reason: str) -> None:
        """Say it briefly where the node itself shows what PyTorch says."""
        beats = self.document_session.timeline.beats
        stop = beats[-1] if beats else None
        if isinstance(stop, Stopped) and stop.message == reason and isinstance(stop.label, NodeId):
            self.message.emit(f"Backward stopped at {self.graph.nodes[stop.label].name}; the node says why")
            self.last_error = reason
        else:
            self.refuse(reason)

    def zero_grad(self) -> None:
        self.document_session.zero_grad()
        self.done.emit()
        self._changed()

    def set_retain_graph(self, retain: bool) -> None:
        """Keep what the tape saved in the Backwards to come, as ``retain_graph=True`` does."""
        self.retain_graph = retain
        self.state_changed.emit()

    def set_seed(self, text: str) -> None:
        """The vector given to Backward: numbers with commas between them; empty for PyTorch's implicit 1.

        The seed of the document's loss is document data, one step of undo; that of any other root is the run's.
        """
        self.seed_text = text
        if self._root is not None and self._root == self.loss:
            self._document_seed()
        if not self.seed_error:
            self.done.emit()
        self.root_changed.emit()

    def _document_seed(self) -> None:
        assert self._root is not None
        value = self.document_session.state.nodes[self._root].value
        if value is None or self.seed_error:
            return
        seed = seed_data(parse_seed(self.seed_text, value.shape), value.dtype)
        if not np.array_equal(seed, self.graph.training.gradient):
            edit = replace(set_training(self.graph, gradient=seed), label="set the seed")
            self._gradient_seen = seed  # what was typed stays as it was typed
            self.do(edit, merge=f"seed {self._root}")

    @property
    def root_shape(self) -> tuple[int, ...] | None:
        """The shape of the root's value, which a seed must have; None where there is no root or no value."""
        state = self.document_session.state.nodes.get(self.root) if self.root is not None else None
        return None if state is None or state.value is None else state.value.shape

    @property
    def seed_error(self) -> str:
        """What is wrong with the seed as it stands, before Backward is pressed; empty if nothing is."""
        try:
            parse_seed(self.seed_text, self.root_shape)
        except SeedError as error:
            return str(error)
        return ""

    @property
    def spent_at(self) -> NodeId | None:
        """The node at which Backward would stop because its saved tensors are freed; None if it would go through."""
        root = self.root
        return None if root is None else self.document_session.would_stop(root)

    def step(self) -> None:
        self.training.step()

    def train(self, epochs: int | None = None) -> None:
        self.training.start(epochs)

    def pause_training(self) -> None:
        self.training.pause()

    def resume_training(self) -> None:
        self.training.resume()

    def stop_training(self) -> None:
        self.training.stop()

    def reset_values(self) -> None:
        self.training.reset_values()

    @property
    def training_run(self) -> TrainingRun | None:
        """The run of the epoch loop that is going on or was the last; None before the first."""
        return self.training.run

    def redraw(self) -> None:
        """Draw the random numbers of the selected leaves anew, as one step of undo."""
        drawn = sorted(i for i in self.selection if is_drawn(self.graph.nodes[i]))
        self.do(merge("redraw", [redraw(self.graph, i) for i in drawn]))

    def run_repair(self, repair: Repair) -> None:
        """Do what the button of ``repair`` promises."""
        match repair.command, repair.argument:
            case "forward", _:
                self.forward()
            case "retain_graph", _:
                self.set_retain_graph(True)
                self.forward()
            case "seed_ones", _:
                self.set_seed(", ".join(["1"] * math.prod(self.root_shape or ())))
                self.forward()
            case "requires_grad", int() as node:
                self.do(set_requires_grad(self.graph, node, True))
            case command, _:
                self.refuse(f"There is no repair called {command}")

    # How a change travels

    def refuse(self, reason: str) -> bool:
        """Say why something was not done; always False."""
        self.last_error = reason
        self.message.emit(reason)
        return False

    def _attempt(self, action: Callable[[], object]) -> bool:
        try:
            action()
        except REFUSALS as error:
            return self.refuse(str(error))
        return True

    def _replay(self, edit: Edit, grads: GradSnapshot | None) -> None:
        apply(self.graph, edit)
        self.done.emit()
        self._run(edit, grads)
        self._announce(edit)

    def _run(self, edit: Edit, grads: GradSnapshot | None) -> None:
        self.document_session.update(set(edit.nodes))
        if grads is not None:
            self.document_session.put_grads(grads)

    def _follow_gradient(self) -> None:
        """Undo may bring another seed."""
        if self.graph.training.gradient is not self._gradient_seen:
            self._gradient_seen = self.graph.training.gradient
            if self._root == self.loss:
                self.seed_text = self._documented_seed()
                self.root_changed.emit()

    def _announce(self, edit: Edit) -> None:
        # Whoever hears of the change may look at selection and root: neither may name a node that is gone.
        kept = (
            frozenset(i for i in self.selection if i in self.graph.nodes),
            self.selected_sockets & self._wired_sockets(),
        )
        deselected = kept != (self.selection, self.selected_sockets)
        self.selection, self.selected_sockets = kept
        moved = self._move_root()
        self.document_changed.emit(frozenset(edit.nodes))
        self.state_changed.emit()
        if deselected:
            self.selection_changed.emit()
        if moved:
            self.root_changed.emit()
        self._follow_gradient()

    def _changed(self) -> None:
        moved = self._move_root()
        self.state_changed.emit()
        if moved:
            self.root_changed.emit()

    def _wired_sockets(self) -> frozenset[SocketKey]:
        return frozenset((i, socket) for i, node in self.graph.nodes.items() for socket, _ in node.wires())

    def _find_root(self) -> NodeId | None:
        if self._follow_selection and (selected := self._selected_root()) is not None:
            return selected
        return self._usual_root()

    def _move_root(self) -> bool:
        """Find the root anew; True if it is another one, which has a seed of its own."""
        root = self._find_root()
        if root == self._root:
            return False
        self._root = root
        self.seed_text = self._documented_seed()
        return True

    def _documented_seed(self) -> str:
        """The seed that the document gives its loss; other roots have theirs still to be typed."""
        owned = self._root is not None and self._root == self.loss
        return seed_words(self.graph.training.gradient) if owned else ""

    def _open(self, path: Path, *, saved_there: bool) -> bool:
        try:
            graph = load_graph(path)
        except (FileError, GraphError) as error:
            return self.refuse(f"Not opened: {error}")
        self._take(graph, path if saved_there else None, path.name)
        return True

    def _take(self, graph: Graph, path: Path | None = None, name: str = UNTITLED) -> None:
        self.training.forget()
        self.graph = graph
        self.document_session = Session(graph)
        self.document_session.forward()
        self.undo_stack.clear()
        self.path, self.suggested_name = path, name
        self.selection, self.selected_sockets = frozenset(), frozenset()
        self._last_root, self._follow_selection = None, True
        self._root = self._find_root()
        self._gradient_seen = graph.training.gradient
        self.seed_text = self._documented_seed()
        self.done.emit()
        self.document_replaced.emit()
        self.state_changed.emit()
        self.selection_changed.emit()
        self.root_changed.emit()
        self.path_changed.emit()
