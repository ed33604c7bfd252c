"""One epoch of a graph on the tape: forward, backward, optimiser step, on tensors of its own.

This is the loop that everything else is measured against. Making a program of it is ``stepping``'s, repeating it is
``training``'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.tracing import TracingError
from chainrule.core.document.graph import Graph, Node, NodeId, Wire
from chainrule.core.document.sockets import operation_of
from chainrule.core.engine.tensor import Tensor, tensor_of
from chainrule.core.optim.lr_scheduler import LRScheduler
from chainrule.core.optim.optimizer import Optimizer
from chainrule.core.run.batches import Batches
from chainrule.core.run.forward import Outputs, run_node, untracked_nodes
from chainrule.core.run.problems import RunError

Array = NDArray[Any]
Leaves = Mapping[NodeId, Tensor]


class Epoch:
    """The nodes above ``loss`` in running order, and a tensor of its own for every leaf; ``trained`` require grad,
    ``written`` are changed by the nodes themselves, as running statistics are.

    ``seed`` is what backward starts with, None for the implicit 1; ``zero_grad`` says whether each epoch begins
    without gradients. ``optimizer`` is set by whoever makes one for the ``trained`` tensors; so are the ``scheduler``
    that is stepped after an epoch and the ``batches`` that an epoch goes through, if there are any.
    """

    optimizer: Optimizer
    scheduler: LRScheduler | None = None
    batches: Batches | None = None

    def __init__(self, graph: Graph, loss: NodeId, seed: Tensor | None, *, zero_grad: bool) -> None:
        above = graph.upstream([loss])
        self.order = [graph.nodes[i] for i in graph.order() if i in above]
        self.seed = seed
        self.zero_grad = zero_grad
        self._loss = loss
        self._untracked = untracked_nodes(graph)
        leaves = {i: node.leaf for i, node in graph.nodes.items() if node.leaf is not None}
        self.written = frozenset(_written(self.order)) & leaves.keys()
        self.leaves = {i: tensor_of(np.array(leaf.value)) for i, leaf in leaves.items()}
        self.trained = {i: self.leaves[i].requires_grad_() for i, leaf in leaves.items() if leaf.requires_grad}

    def run(self) -> float:
        """One epoch; the loss before the update, with batches the mean over the rows."""
        if self.batches is None:
            loss = self._step()
        else:
            loss = self._through(self.batches)
        if self.scheduler is not None:
            self.scheduler.step()
        return loss

    def _through(self, batches: Batches) -> float:
        total = 0.0
        for rows in batches.draw():
            for i, every in batches.every.items():
                self.leaves[i]._data = every[rows]
            total += self._step() * len(rows)
        return total / batches.count

    def _step(self) -> float:
        if self.zero_grad:
            self.optimizer.zero_grad()
        loss = self.forward(self.leaves)
        loss.backward(self.seed)
        value = float(self.number(loss))
        with np.errstate(all="ignore"):  # what diverges shows in the losses
            self.optimizer.step()
        return value

    def forward(self, leaves: Leaves) -> Tensor:
        """The loss for other leaves; RunError, with the node, for whatever goes wrong in one."""
        results: dict[NodeId, Outputs] = {i: {"": tensor} for i, tensor in leaves.items()}

        def source(wire: Wire, socket: str) -> Tensor:
            return results[wire.source][wire.output]

        for node in self.order:
            if node.leaf is None:
                results[node.id] = self._evaluate(node, source)
        return next(iter(results[self._loss].values()))

    def _evaluate(self, node: Node, source: Any) -> Outputs:
        try:
            return run_node(node, source, self._untracked)
        except TracingError:  # it is the trace that cannot follow, and the tape can
            raise
        except Exception as error:  # an operation may raise anything, and whatever it is belongs to this node
            raise RunError(f"{node.name}: {' '.join(str(error).split())}", node.name) from error

    def number(self, loss: Tensor) -> Any:
        """The number that goes down: the loss itself, or, with a seed vector, its product with the seed."""
        if self.seed is None:
            return np.reshape(loss._data, ())
        return np.sum(loss._data * self.seed._data)


def _written(nodes: Iterable[Node]) -> Iterator[NodeId]:
    for node in nodes:
        for socket in () if node.leaf is not None else operation_of(node.kind, node.name).writes:
            wire = node.inputs.get(socket)
            if isinstance(wire, Wire):
                yield wire.source
