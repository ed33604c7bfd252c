"""torch.optim's face: the optimisers, and the schedulers of their learning rates.

Nothing is implemented here.
"""

from typing import TYPE_CHECKING, NoReturn

from chainrule.core.engine.errors import not_here
from chainrule.core.optim import lr_scheduler
from chainrule.core.optim.optimizer import Optimizer
from chainrule.core.optim.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop

if not TYPE_CHECKING:

    def __getattr__(name: str) -> NoReturn:
        raise not_here(__name__, name)


__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]
