"""torch.optim's face: the optimisers, one module each."""

from chainrule.core.optim.optimizer import Optimizer
from chainrule.core.optim.sgd import SGD

__all__ = ["SGD", "Optimizer"]
