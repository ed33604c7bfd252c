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
from chainrule.core.engine.tensor import Tensor, fresh, tensor_of
from chainrule.core.ops.rule import Rule

Array = NDArray[Any]


def output(rule: Rule, result: Array, inputs: Sequence[Any]) -> Tensor:
    """The tensor of ``result``, which ``rule`` has made of ``inputs``."""
    return view(result, inputs[0], tracked=rule.differentiable) if rule.view else fresh(result)


def view(result: Array, source: Tensor, *, tracked: bool) -> Tensor:
    """``result`` as a view of ``source``, if it lies in its memory; what is not ``tracked`` is no view to the tape."""
    array = source._data
    if not shares_memory(result, array):
        return fresh(result)
    changes = source._changes
    made = tensor_of(result, None, changes)
    if tracked:
        base = source._base
        made._base = source if base is None else base
        made._ticket = changes.ticket()
        if source._blind or not modes.grad_enabled:
            made._blind = True
    return made


def shares_memory(result: Array, source: Array) -> bool:
    """Whether ``result`` is a view of ``source``; asked of their owners first, which is quicker where it is so."""
    if type(result) is not np.ndarray or type(source) is not np.ndarray:
        return bool(np.may_share_memory(value_of(result), value_of(source)))
    owner = result.base
    return owner is source or owner is source.base is not None or np.may_share_memory(result, source)
