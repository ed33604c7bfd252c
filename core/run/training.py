"""The epoch loop: forward, backward, optimiser step, over and over, on values of its own.

A Trainer never writes the graph, so it can run in a thread of its own; what it has learnt comes back as one edit. One
epoch is ``epoch``'s, how a loop of them runs is ``loops``'s.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.document.edits import Edit
from chainrule.core.document.graph import Graph, Leaf, Node, NodeId, Training
from chainrule.core.document.settings import changed, check_settings, optimizer_options
from chainrule.core.document.sockets import missing
from chainrule.core.document.spelling import did_you_mean
from chainrule.core.engine import dtypes
from chainrule.core.engine.modes import hearing
from chainrule.core.engine.tensor import tensor_of
from chainrule.core.optim import optimizers
from chainrule.core.optim.lr_scheduler import LRScheduler
from chainrule.core.optim.optimizer import Optimizer
from chainrule.core.run.batches import Batches
from chainrule.core.run.epoch import Epoch
from chainrule.core.run.forward import only_end
from chainrule.core.run.loops import Loop, chosen
from chainrule.core.run.problems import RunError, require_graph

Array = NDArray[Any]

# Whoever asks to be told, or to stop the run, is asked about so often: too seldom to be felt by the loop.
STRETCH_S = 0.015
# Where nobody watches: no longer than what may be lost to whoever interrupts the run.
UNWATCHED_S = 0.2


class Trainer:
    """Trains the leaves of ``graph`` that require a gradient to make ``loss`` small.

    It works on a copy of ``graph``, as it was when the Trainer was made, and changes nothing in it: ``parameters``
    are what it has learnt, and the function ``trained_edit`` makes an edit of them. Settings that are not given are the
    document's; another ``optimizer`` than the document's comes with torch's defaults for its options. ``scheduler``
    makes, of the optimiser, one that is stepped after every epoch. ``source`` is there for neither a scheduler nor
    batches: a script of its own would need the one or the rows.

    With ``batch_size`` an epoch goes through the rows of the leaves named by ``data`` (by default all that nothing
    trains and that have dimensions), so many at a step, in an order that is drawn anew for every epoch from ``seed``;
    without ``shuffle`` in the order in which they stand. Its loss is the mean over the rows.

    ``loop`` is how it runs: "program" compiles a step to straight-line NumPy, "fused" the whole loop (with the extra
    ``turbo``), "tape" runs the engine; "auto" chooses by the rule in ``loops``. ``ran`` says which loop the last run
    took, and why not another; it is empty while that is being compiled. Each ``run`` goes on where the last one
    stopped, and is repeatable bit for bit with the same loop; loops agree to rounding.

    A loss that becomes infinite or nan is no error: ``losses`` shows it. Raises RunError for a loss that is not there,
    cannot be computed or depends on nothing to learn; RuntimeError, ValueError or TypeError in PyTorch's words for the
    rest.
    """

    def __init__(
        self,
        graph: Graph,
        loss: str | None = None,
        optimizer: str | None = None,
        gradient: Any = None,
        scheduler: Callable[[Optimizer], LRScheduler] | None = None,
        *,
        batch_size: int | None = None,
        data: Sequence[str] | None = None,
        shuffle: bool = True,
        seed: int = 0,
        loop: str = "auto",
        **settings: Any,
    ) -> None:
        require_graph(graph, "Trainer")
        self.graph = graph.copy()
        self.settings = _settings(
            graph.training, settings if optimizer is None else {"optimizer": optimizer, **settings}
        )
        self.loss = _loss_node(graph, loss if loss is not None else self.settings.loss)
        gradient = self.settings.gradient if gradient is None else gradient
        start = None if gradient is None else tensor_of(dtypes.from_python(gradient))
        self._epoch = Epoch(self.graph, self.loss, start, zero_grad=self.settings.zero_grad)
        for node in self._epoch.order:
            _require_complete(node)
        if not self._epoch.trained:
            raise RunError(_nothing_to_learn(self._epoch.order), self.graph.nodes[self.loss].name)
        optimizer_type = getattr(optimizers, self.settings.optimizer)
        self._epoch.optimizer = optimizer_type(list(self._epoch.trained.values()), **optimizer_options(self.settings))
        self._epoch.scheduler = None if scheduler is None else _scheduler(scheduler, self._epoch.optimizer)
        names = {i: self.graph.nodes[i].name for i in self._epoch.leaves}
        self._epoch.batches = None
        if batch_size is not None:
            size = _count("batch_size", batch_size, 1)
            if isinstance(data, str):
                raise TypeError(f"data should be a list of leaves' names, but got {data!r}")
            self._epoch.batches = Batches(_rows(self._epoch, names, data), size, shuffle=shuffle, seed=seed)
        elif data is not None:
            raise ValueError("data names the leaves that batches take rows of; it needs a batch_size")
        self._loops = chosen(self._epoch, names, loop)
        self.ran = ""
        self._losses: list[Array] = []

    @property
    def parameters(self) -> dict[str, Array]:
        """The present value of every leaf that requires a gradient, by name: copies."""
        return {self.graph.nodes[i].name: tensor._data.copy() for i, tensor in self._epoch.trained.items()}

    @property
    def buffers(self) -> dict[str, Array]:
        """The present value of every leaf that the graph itself writes into, such as running statistics: copies."""
        return {self.graph.nodes[i].name: self._epoch.leaves[i]._data.copy() for i in sorted(self._epoch.written)}

    @property
    def grads(self) -> dict[str, Array | None]:
        """The ``.grad`` that the last epoch left, by name: copies."""
        grads = {self.graph.nodes[i].name: tensor.grad for i, tensor in self._epoch.trained.items()}
        return {name: None if grad is None else grad._data.copy() for name, grad in grads.items()}

    @property
    def losses(self) -> list[float]:
        """The loss of every epoch so far, in all runs."""
        return [loss for run in self._losses for loss in run.tolist()]

    @property
    def epochs(self) -> int:
        """How many epochs there have been, in all runs."""
        return sum(map(len, self._losses))

    @property
    def source(self) -> str:
        """The compiled step as a plain NumPy script of its own: ten steps from the present values.

        TracingError where no program can follow the graph, or a script could not do what the loop does: with
        minibatches, a scheduler, or random numbers.
        """
        return self._loops.source

    def run(
        self,
        epochs: int | None = None,
        stop: Callable[[], bool] | None = None,
        progress: Callable[[int, Array], None] | None = None,
    ) -> Array:
        """Run ``epochs`` more epochs and return the loss of each, a float64 vector; each is taken before the update.

        Some sixty times a second, and before the first epoch, but not while the loop is being compiled, ``stop`` is
        asked; as often, and after the last, ``progress`` is told how many epochs are done, and the losses of those
        that are new.
        """
        total = self.settings.epochs if epochs is None else _count("epochs", epochs, 0)
        self.ran = ""
        losses, done = np.empty(total), 0  # once: memory that is new costs more than a fused step
        with hearing():  # the session that shows the document has said it already
            loop = self._loops.get(total)
            self.ran = self._loops.ran
            watched = stop is not None or progress is not None
            for made in _stretches(loop, total, stop or _never, watched):
                new = losses[done : done + len(made)]
                new[...] = made
                done += len(made)
                self._losses.append(new)
                if progress is not None:
                    progress(done, new)
        self.ran = self._loops.ran
        return losses[:done]


def _count(name: str, value: Any, least: int) -> int:
    """``value`` as a whole number; TypeError or ValueError by ``name`` for what is none, or is too small."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} should be a whole number, but got {value!r}")
    if value < least:
        raise ValueError(f"{name} should be at least {least}, but got {value}")
    return int(value)


def _scheduler(make: Callable[[Optimizer], LRScheduler], optimizer: Optimizer) -> LRScheduler:
    """The scheduler that ``make`` makes of ``optimizer``; TypeError for anything that makes none of it."""
    made = make(optimizer) if callable(make) and not isinstance(make, type) else None
    if not isinstance(made, LRScheduler) or made.optimizer is not optimizer:
        raise TypeError("scheduler should be a function that makes a scheduler of the optimizer it is given")
    return made


def _never() -> bool:
    return False


def _stretches(loop: Loop, total: int, stop: Callable[[], bool], watched: bool) -> Iterator[Array]:
    """The losses of ``total`` epochs, stretch by stretch, each about as long as somebody who watches wants to wait."""
    size, longest = (1, STRETCH_S) if watched else (1024, UNWATCHED_S)
    while total > 0 and not stop():
        count = min(size, total)
        begun = time.monotonic()
        yield loop.run(count)
        took = time.monotonic() - begun
        total -= count
        size = max(1, size * 4 if took < longest / 4 else size // 2 if took > 2 * longest else size)


def _rows(epoch: Epoch, names: Mapping[NodeId, str], data: Sequence[str] | None) -> dict[NodeId, Array]:
    """The leaves that are taken by rows, with all their rows; RunError where they do not have the same number."""
    if data is not None and (unknown := sorted(set(data) - set(names.values()))):
        raise RunError(f"there is no leaf called {unknown[0]!r} to take rows of", unknown[0])
    if data is not None and (trained := sorted({names[i] for i in epoch.trained} & set(data))):
        raise RunError(f"{trained[0]} is trained, and a batch has all of it", trained[0])
    above = {node.id for node in epoch.order}
    rows = {
        i: tensor._data
        for i, tensor in epoch.leaves.items()
        if (names[i] in data if data is not None else i in above and i not in epoch.trained and tensor._data.ndim)
    }
    sizes = {names[i]: each.shape[0] if each.ndim else 0 for i, each in rows.items()}
    if not rows or 0 in sizes.values() or len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} has {size}" for name, size in sizes.items()) or "there are none"
        raise RunError(f"batches need leaves with equally many rows, and {told}; say which with data=[...]")
    return rows


def _settings(training: Training, changes: Mapping[str, Any]) -> Training:
    try:
        settings = changed(training, changes)
    except TypeError:
        there = Training.__dataclass_fields__
        unknown = sorted(changes.keys() - there.keys())
        hint = did_you_mean(unknown[0], there)
        raise TypeError(f"Trainer has no setting {', '.join(unknown)}; it has {', '.join(there)}{hint}") from None
    check_settings(settings)
    return settings


def _loss_node(graph: Graph, name: str) -> NodeId:
    """The node called ``name``; without a name, the only end below a leaf that requires a gradient."""
    if name:
        if name not in graph:
            hint = did_you_mean(name, (node.name for node in graph.nodes.values()))
            raise RunError(f"there is no node called {name!r} to be the loss{hint}", str(name))
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
    """All that ``trainer`` has learnt, running statistics too, as one edit of ``graph``, which it was made from."""
    epochs = trainer.epochs
    learnt = trainer.parameters | trainer.buffers
    values = {graph.named(name).id: value for name, value in learnt.items() if name in graph}
    return written(graph, values, f"train {epochs} epoch{'s' * (epochs != 1)}")
