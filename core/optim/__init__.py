"""torch.optim's face: the optimisers, and the schedulers of their learning rates.

Nothing is implemented here.
"""

from chainrule.core.optim import lr_scheduler
from chainrule.core.optim.optimizer import Optimizer
from chainrule.core.optim.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]
