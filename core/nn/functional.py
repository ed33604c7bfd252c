"""torch.nn.functional's face: the operations that torch keeps there, found in the rule book when they are asked for.

Nothing is implemented here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.core.engine.calls import at_path

if TYPE_CHECKING:
    from chainrule.core.signatures.functional import *  # noqa: F403
else:

    def __getattr__(name: str) -> Any:
        found = at_path("nn.functional", name)
        if found is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}: not every part of torch is here")
        return found
