"""torch.nn's face: the functions of ``nn.functional``.

Nothing is implemented here.
"""

from chainrule.core.nn import functional

__all__ = ["functional"]
