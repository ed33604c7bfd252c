"""What the canvas shows while training runs: the epoch that comes next, run on the tape at the parameters of now.

It is a session like any other, on a graph of its own, so whoever shows it needs no second way of showing. It is made in
the training thread and belongs to the window from then on; it reads the trainer and changes nothing of it.
"""

from __future__ import annotations

from chainrule.core.document.edits import apply
from chainrule.core.document.graph import Array
from chainrule.core.engine.random import rehearsing
from chainrule.core.run.session import Session
from chainrule.core.run.training import Trainer, trained_edit


def session_of(trainer: Trainer, gradient: Array | None = None) -> Session:
    """Forward and backward of the epoch after those that ``trainer`` has run, up to the step that would end it.

    ``gradient`` is the seed, in the shape of the loss; None for the document's or PyTorch's implicit 1. Where
    ``zero_grad`` is off, ``.grad`` goes on from what the epochs before have left, as it does in the loop itself.
    """
    settings = trainer.settings
    graph = trainer.graph.copy()
    apply(graph, trained_edit(graph, trainer))
    with rehearsing():  # the numbers drawn are those that the epoch itself will draw
        session = Session(graph)
        if not settings.zero_grad:
            session.put_grads(session.grads_of(trainer.grads))
        session.backward(trainer.loss, settings.gradient if gradient is None else gradient)
    return session
