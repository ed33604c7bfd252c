"""torch.linalg's face: the operations that torch keeps there, found in the rule book when they are asked for.

Nothing is implemented here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.core.engine.calls import function
from chainrule.core.ops import registry
from chainrule.core.ops.inverses import LinAlgError

if TYPE_CHECKING:
    from chainrule.core.signatures.linalg import *  # noqa: F403
else:

    def __getattr__(name: str) -> Any:
        operation = registry.at_path("linalg", name)
        if operation is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}: not every part of torch is here")
        return function(operation)


__all__ = ["LinAlgError"]
