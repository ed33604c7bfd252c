"""torch.autograd's face: passes, the modes that govern them, and the checks of gradients against finite differences.

Nothing is implemented here.
"""

from chainrule.core.engine.anomaly import detect_anomaly, set_detect_anomaly
from chainrule.core.engine.gradcheck import gradcheck
from chainrule.core.engine.modes import enable_grad, inference_mode, no_grad, set_grad_enabled
from chainrule.core.engine.passes import backward, grad

__all__ = [
    "backward",
    "detect_anomaly",
    "enable_grad",
    "grad",
    "gradcheck",
    "inference_mode",
    "no_grad",
    "set_detect_anomaly",
    "set_grad_enabled",
]
