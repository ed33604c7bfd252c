"""Gradients against finite differences: does a function's backward agree with how its values move?

Differences are central and in float64, as torch.autograd.gradcheck takes them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine.tensor import Tensor

Array = NDArray[Any]


class GradcheckError(RuntimeError):
    """A backward and the finite differences disagree."""


def gradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Compare the Jacobian of ``func`` by backward with that by central differences, for each input that requires grad.

    Inputs should be float64. Raises GradcheckError where they disagree, or returns False without ``raise_exception``.
    """
    tensors = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    for place, each in enumerate(tensors):
        if isinstance(each, Tensor) and each.requires_grad:
            analytic, numeric = by_backward(func, tensors, place), by_differences(func, tensors, place, eps)
            if not np.allclose(analytic, numeric, rtol=rtol, atol=atol, equal_nan=True):
                if not raise_exception:
                    return False
                raise GradcheckError(
                    f"Jacobian mismatch for output 0 with respect to input {place},\n"
                    f"numerical:{numeric}\nanalytical:{analytic}"
                )
    return True


def by_backward(func: Callable[..., Any], inputs: Sequence[Any], place: int) -> Array:
    """The Jacobian (elements of input ``place``, elements of the output), a row of it for each seed."""
    fresh = _fresh(inputs)
    output = func(*fresh)
    columns = []
    for at in range(output.numel()):
        seed = np.zeros(output.numel(), output._data.dtype)
        seed[at] = 1
        fresh[place].grad = None
        output.backward(Tensor(seed.reshape(output.shape)), retain_graph=True)
        grad = fresh[place].grad
        columns.append(np.zeros(fresh[place].numel()) if grad is None else grad._data.ravel().copy())
    return np.stack(columns, axis=1) if columns else np.zeros((fresh[place].numel(), 0))


def by_differences(func: Callable[..., Any], inputs: Sequence[Any], place: int, eps: float = 1e-6) -> Array:
    """The same Jacobian from central differences with step ``eps``."""
    rows = []
    for at in range(inputs[place].numel()):
        sides = []
        for sign in (1, -1):
            moved = _fresh(inputs)
            moved[place]._data.reshape(-1)[at] += sign * eps
            sides.append(func(*moved)._data.astype(np.float64).ravel())
        rows.append((sides[0] - sides[1]) / (2 * eps))
    return np.stack(rows) if rows else np.zeros((0, 0))


def _fresh(inputs: Sequence[Any]) -> list[Any]:
    """Copies of ``inputs``, each a leaf that requires grad where the original does."""
    copies = [Tensor(each._data.copy()) if isinstance(each, Tensor) else each for each in inputs]
    for original, copy in zip(inputs, copies, strict=True):
        if isinstance(original, Tensor) and original.requires_grad:
            copy.requires_grad_()
    return copies
