"""torch.nn.functional's face: the operations that torch keeps there, found in the rule book when they are asked for.

Nothing is implemented here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.core.engine.calls import shown

if TYPE_CHECKING:
    from chainrule.core.signatures.functional import *  # noqa: F403
else:

    def __getattr__(name: str) -> Any:
        return shown("nn.functional", name, globals())
