"""torch.nn's face: the functions of ``nn.functional``.

Nothing is implemented here.
"""

from typing import TYPE_CHECKING, NoReturn

from chainrule.core.engine.errors import not_here
from chainrule.core.nn import functional

if not TYPE_CHECKING:

    def __getattr__(name: str) -> NoReturn:
        raise not_here(__name__, name)


__all__ = ["functional"]
