"""torch.autograd's face: passes, the modes that govern them, and the checks of gradients against finite differences.

Nothing is implemented here.
"""

from typing import TYPE_CHECKING, NoReturn

from chainrule.core.engine import functional
from chainrule.core.engine.anomaly import detect_anomaly, set_detect_anomaly
from chainrule.core.engine.errors import not_here
from chainrule.core.engine.gradcheck import GradcheckError, gradcheck, gradgradcheck
from chainrule.core.engine.modes import enable_grad, inference_mode, no_grad, set_grad_enabled
from chainrule.core.engine.passes import backward, grad

if not TYPE_CHECKING:

    def __getattr__(name: str) -> NoReturn:
        raise not_here(__name__, name)


__all__ = [
    "GradcheckError",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "functional",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "inference_mode",
    "no_grad",
    "set_detect_anomaly",
    "set_grad_enabled",
]
