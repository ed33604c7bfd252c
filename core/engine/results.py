"""The tensor that a rule's result becomes: a new one, or a view that shares its source's memory and changes.

Where its gradients go is decided in ``apply``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.tracing import value_of
from chainrule.core.engine.modes import modes
from chainrule.core.engine.tape import Node
from chainrule.core.engine.tensor import Tensor, fresh, tensor_of
from chainrule.core.ops.rule import Rule

Array = NDArray[Any]


def output(rule: Rule, result: Array, inputs: Sequence[Any]) -> Tensor:
    """The tensor of ``result``, which ``rule`` has made of ``inputs``."""
    if not (rule.view and shares_memory(result, inputs[0]._data)):
        return fresh(result)
    return view(result, inputs[0]) if rule.differentiable else alias(result, inputs[0])


def view(result: Array, source: Tensor, target: Node | None = None) -> Tensor:
    """``result``, which lies in the memory of ``source``, as a view of it, in the place ``target`` on the tape."""
    changes, base = source._changes, source._base
    made = tensor_of(result, target, changes)
    made._base = source if base is None else base
    made._ticket = changes.ticket()
    if source._blind or not modes.grad_enabled:
        made._blind = True
    return made


def alias(result: Array, source: Tensor) -> Tensor:
    """``result``, which lies in the memory of ``source``, as something that is no view to the tape."""
    return tensor_of(result, None, source._changes)


def shares_memory(result: Array, source: Array) -> bool:
    """Whether ``result`` is a view of ``source``; asked of their owners first, which is quicker where it is so."""
    if type(result) is not np.ndarray or type(source) is not np.ndarray:
        return bool(np.may_share_memory(value_of(result), value_of(source)))
    owner = result.base
    return owner is source or owner is source.base is not None or np.may_share_memory(result, source)
