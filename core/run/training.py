"""The epoch loop: forward, backward, optimiser step, over and over, on values of its own.

A Trainer never writes the graph, so it can run in a thread of its own; what it has learnt comes back as one edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core import optim
from chainrule.core.document.edits import Edit
from chainrule.core.document.graph import Graph, Leaf, Node, NodeId, Training, Wire
from chainrule.core.document.settings import changed, check_settings, optimizer_options
from chainrule.core.document.sockets import missing
from chainrule.core.engine import dtypes
from chainrule.core.engine.modes import hearing
from chainrule.core.engine.tensor import Tensor
from chainrule.core.optim.lr_scheduler import LRScheduler
from chainrule.core.optim.optimizer import Optimizer
from chainrule.core.run.forward import Outputs, only_end, run_node, untracked_nodes
from chainrule.core.run.problems import RunError

Array = NDArray[Any]


class Trainer:
    """Trains the leaves of ``graph`` that require a gradient to make ``loss`` small.

    Settings that are not given are the document's; another ``optimizer`` than the document's comes with torch's
    defaults for its options. ``scheduler`` makes, of the optimiser, a scheduler that is stepped after every epoch. Each
    ``run`` goes on where the last one stopped and is repeatable bit for bit. A loss that becomes infinite or nan is no
    error: ``losses`` shows it. Raises RunError for a loss that is not there, cannot be computed or depends on nothing
    to learn; RuntimeError, ValueError or TypeError in PyTorch's words for the rest.
    """

    def __init__(
        self,
        graph: Graph,
        loss: str | None = None,
        optimizer: str | None = None,
        gradient: Any = None,
        scheduler: Callable[[Optimizer], LRScheduler] | None = None,
        **settings: Any,
    ) -> None:
        self.graph = graph.copy()
        self.settings = _settings(
            graph.training, settings if optimizer is None else {"optimizer": optimizer, **settings}
        )
        self.loss = _loss_node(graph, loss if loss is not None else self.settings.loss)
        gradient = self.settings.gradient if gradient is None else gradient
        self._seed = None if gradient is None else Tensor(dtypes.from_python(gradient))
        above = self.graph.upstream([self.loss])
        self._order = [self.graph.nodes[i] for i in self.graph.order() if i in above]
        self._untracked = untracked_nodes(self.graph)
        self._tensors: dict[NodeId, Outputs] = {}
        for node in self._order:
            _require_complete(node)
        for i, node in self.graph.nodes.items():
            if node.leaf is not None:
                tensor = Tensor(np.array(node.leaf.value))
                self._tensors[i] = {"": tensor.requires_grad_() if node.leaf.requires_grad else tensor}
        if not self._trained():
            raise RunError(_nothing_to_learn(self._order), self.graph.nodes[self.loss].name)
        parameters = [each[""] for each in self._trained().values()]
        self._optimizer = getattr(optim, self.settings.optimizer)(parameters, **optimizer_options(self.settings))
        self._scheduler = None if scheduler is None else scheduler(self._optimizer)
        self.losses: list[float] = []

    def _trained(self) -> dict[NodeId, Outputs]:
        return {i: outputs for i, outputs in self._tensors.items() if (leaf := self._leaf(i)) and leaf.requires_grad}

    def _leaf(self, i: NodeId) -> Leaf | None:
        return self.graph.nodes[i].leaf

    @property
    def parameters(self) -> dict[str, Array]:
        """The present value of every leaf that requires a gradient, by name: copies."""
        return {self.graph.nodes[i].name: outputs[""]._data.copy() for i, outputs in self._trained().items()}

    @property
    def grads(self) -> dict[str, Array | None]:
        """The ``.grad`` that the last epoch left, by name: copies."""
        tensors = {self.graph.nodes[i].name: outputs[""].grad for i, outputs in self._trained().items()}
        return {name: None if grad is None else grad._data.copy() for name, grad in tensors.items()}

    def run(
        self,
        epochs: int | None = None,
        stop: Callable[[], bool] | None = None,
        progress: Callable[[int, float], None] | None = None,
    ) -> Array:
        """Run ``epochs`` more epochs and return the loss of each, a float64 vector; each is taken before the update.

        ``stop`` is asked before every epoch; ``progress`` is told, after it, its number (from 1) and its loss.
        """
        losses: list[float] = []
        with hearing():  # the session that shows the document has said it already
            self._run(epochs, losses, stop, progress)
        self.losses += losses
        return np.array(losses, np.float64)

    def _run(
        self,
        epochs: int | None,
        losses: list[float],
        stop: Callable[[], bool] | None,
        progress: Callable[[int, float], None] | None,
    ) -> None:
        for epoch in range(1, (self.settings.epochs if epochs is None else epochs) + 1):
            if stop is not None and stop():
                break
            losses.append(self._epoch())
            if progress is not None:
                progress(epoch, losses[-1])

    def _epoch(self) -> float:
        if self.settings.zero_grad:
            self._optimizer.zero_grad()
        for node in self._order:
            if node.leaf is None:
                self._tensors[node.id] = self._evaluate(node)
        loss = next(iter(self._tensors[self.loss].values()))
        loss.backward(self._seed)
        value = self._loss_value(loss)
        self._optimizer.step()
        if self._scheduler is not None:
            self._scheduler.step()
        return value

    def _evaluate(self, node: Node) -> Outputs:
        try:
            return run_node(node, self._source, self._untracked)
        except Exception as error:  # an operation may raise anything, and whatever it is belongs to this node
            raise RunError(f"{node.name}: {' '.join(str(error).split())}", node.name) from error

    def _source(self, wire: Wire, socket: str) -> Tensor:
        return self._tensors[wire.source][wire.output]

    def _loss_value(self, loss: Tensor) -> float:
        """The number that goes down: the loss itself, or, with a seed vector, its product with the seed."""
        if self._seed is None:
            return float(loss._data.item())
        return float(np.sum(loss._data * self._seed._data))


def _settings(training: Training, changes: Mapping[str, Any]) -> Training:
    try:
        settings = changed(training, changes)
    except TypeError:
        unknown = ", ".join(sorted(changes.keys() - Training.__dataclass_fields__.keys()))
        raise TypeError(
            f"Trainer has no setting {unknown}; it has {', '.join(Training.__dataclass_fields__)}"
        ) from None
    check_settings(settings)
    return settings


def _loss_node(graph: Graph, name: str) -> NodeId:
    """The node called ``name``; without a name, the only end below a leaf that requires a gradient."""
    if name:
        if name not in graph:
            raise RunError(f"there is no node called {name!r} to be the loss", name)
        return graph.named(name).id
    return only_end(graph, graph.downstream(i for i, n in graph.nodes.items() if n.leaf and n.leaf.requires_grad))


def _nothing_to_learn(nodes: Iterable[Node]) -> str:
    """In PyTorch's words, and with the switches that would help."""
    able = [node.name for node in nodes if node.leaf is not None and node.leaf.value.dtype.kind == "f"]
    help = f"; turn on requires_grad of {' or '.join(sorted(able))}" if able else ""
    return f"optimizer got an empty parameter list{help}"


def _require_complete(node: Node) -> None:
    for socket in missing(node):
        raise RunError(f"{socket} of {node.name} is not connected", node.name)


def written(graph: Graph, values: Mapping[NodeId, Array], label: str) -> Edit:
    """The edit that writes ``values`` into leaves; those that have not changed are left out."""
    nodes: dict[NodeId, Node | None] = {}
    for i, value in values.items():
        node = graph.nodes[i]
        if node.leaf is not None and not _same_bits(node.leaf.value, value):
            nodes[i] = replace(node, leaf=Leaf(value, node.leaf.requires_grad))
    return Edit(label, nodes)


def _same_bits(a: Array, b: Array) -> bool:
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def trained_edit(graph: Graph, trainer: Trainer) -> Edit:
    """Everything that ``trainer`` has learnt as one edit of ``graph``, the graph that it was made from."""
    epochs = len(trainer.losses)
    values = {graph.named(name).id: value for name, value in trainer.parameters.items() if name in graph}
    return written(graph, values, f"train {epochs} epoch{'s' * (epochs != 1)}")
