"""torch.linalg's face: the operations that torch keeps there, found in the rule book when they are asked for.

Nothing is implemented here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.core.engine.calls import shown
from chainrule.core.ops.inverses import LinAlgError

if TYPE_CHECKING:
    from chainrule.core.signatures.linalg import *  # noqa: F403
else:

    def __getattr__(name: str) -> Any:
        return shown("linalg", name, globals())


__all__ = ["LinAlgError"]
