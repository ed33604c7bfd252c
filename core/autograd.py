"""torch.autograd's face: tracking modes, and the check of gradients against finite differences.

Nothing is implemented here.
"""

from chainrule.core.engine.gradcheck import gradcheck
from chainrule.core.engine.modes import enable_grad, no_grad, set_grad_enabled
from chainrule.core.engine.tensor import backward

__all__ = ["backward", "enable_grad", "gradcheck", "no_grad", "set_grad_enabled"]
