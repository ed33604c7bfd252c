"""Gradients against finite differences: does a function's backward agree with how its values move?

Differences are central, as torch.autograd.gradcheck takes them; ``gradgradcheck`` asks the same of the gradients.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine.passes import grad
from chainrule.core.engine.tensor import Tensor, tensor_of

Array = NDArray[Any]
Function = Callable[..., Any]

NOTHING_TO_CHECK = (
    "gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True."
)


class GradcheckError(RuntimeError):
    """A backward and the finite differences disagree."""


def gradcheck(
    func: Function,
    inputs: Tensor | Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
) -> bool:
    """Compare the Jacobian of ``func`` by backward with that by central differences, for each input that requires grad.

    ``func`` returns a tensor or several. Inputs should be float64. Raises GradcheckError where the two disagree, or
    where backward does not give the same twice; returns False instead without ``raise_exception``.
    """
    tensors = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    places = _places(tensors)
    try:
        outputs = _differentiable(func(*tensors))
        if not outputs:
            _check_still(func, tensors, places, eps)
        for number, output in enumerate(outputs):
            for place in places:
                numeric = by_differences(func, tensors, place, eps, number)
                _compare(output, tensors[place], numeric, (number, place), atol, rtol, nondet_tol)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Function,
    inputs: Tensor | Sequence[Any],
    grad_outputs: Tensor | Sequence[Any] | None = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
) -> bool:
    """``gradcheck`` of the gradients of ``func``, as functions of its inputs and of ``grad_outputs`` (else random)."""
    tensors = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    if grad_outputs is None:
        seeds = tuple(map(_random_seed, enumerate(_differentiable(func(*tensors)))))
    else:
        seeds = (grad_outputs,) if isinstance(grad_outputs, Tensor) else tuple(grad_outputs)

    def gradients(*args: Any) -> tuple[Tensor, ...]:
        arguments, upstream = args[: len(tensors)], args[len(tensors) :]
        tracked = [each for each in arguments if isinstance(each, Tensor) and each.requires_grad]
        found = grad(_differentiable(func(*arguments)), tracked, upstream, create_graph=True, allow_unused=True)
        return tuple(each for each in found if each is not None)

    return gradcheck(
        gradients,
        (*tensors, *seeds),
        eps=eps,
        atol=atol,
        rtol=rtol,
        raise_exception=raise_exception,
        nondet_tol=nondet_tol,
    )


def _places(tensors: Sequence[Any]) -> list[int]:
    """Which inputs require grad; warns of those that are too coarse for differences."""
    places = [place for place, each in enumerate(tensors) if isinstance(each, Tensor) and each.requires_grad]
    if not places:
        raise ValueError(NOTHING_TO_CHECK)
    for place in places:
        if tensors[place]._data.dtype != np.float64:
            warnings.warn(
                f"Input #{place} requires gradient and is not a double precision floating point or complex. This check "
                "will likely fail if all the inputs are not of double precision floating point or complex. ",
                UserWarning,
                stacklevel=3,
            )
    return places


def _differentiable(outputs: Any) -> tuple[Tensor, ...]:
    return tuple(each for each in _several(outputs) if each.requires_grad)


def _random_seed(numbered: tuple[int, Tensor]) -> Tensor:
    number, output = numbered
    drawn = np.random.default_rng(number).standard_normal(output._data.shape)
    return tensor_of(drawn.astype(output._data.dtype)).requires_grad_()


def _check_still(func: Function, tensors: Sequence[Any], places: Sequence[int], eps: float) -> None:
    """Where nothing is tracked, the values may not move."""
    for number, output in enumerate(_several(func(*tensors))):
        if output._data.dtype.kind == "f":
            for place in places:
                if np.any(_differences(func, tensors, place, eps, number)):
                    raise GradcheckError("Numerical gradient for function expected to be zero")


def _compare(
    output: Tensor,
    leaf: Tensor,
    numeric: Array,
    where: tuple[int, int],
    atol: float,
    rtol: float,
    nondet_tol: float,
) -> None:
    analytic, again = _jacobian(output, leaf), _jacobian(output, leaf)
    if not np.allclose(analytic, numeric, rtol=rtol, atol=atol, equal_nan=True):
        raise GradcheckError(
            f"Jacobian mismatch for output {where[0]} with respect to input {where[1]},\n"
            f"numerical:{tensor_of(numeric.astype(leaf._data.dtype))}\nanalytical:{tensor_of(analytic)}\n"
        )
    if not np.allclose(analytic, again, rtol=0, atol=nondet_tol, equal_nan=True):
        raise GradcheckError(
            "Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives "
            "different values, although analytical gradient matches numerical gradient."
            f"The tolerance for nondeterminism was {nondet_tol}."
        )


def by_backward(func: Function, inputs: Sequence[Any], place: int, number: int = 0) -> Array:
    """The Jacobian (elements of input ``place``, elements of output ``number``), a column of it for each seed."""
    return _jacobian(_differentiable(func(*inputs))[number], inputs[place])


def _jacobian(output: Tensor, leaf: Tensor) -> Array:
    columns = []
    for at in range(output.numel()):
        seed = np.zeros(output.numel(), output._data.dtype)
        seed[at] = 1
        (found,) = grad(output, leaf, tensor_of(seed.reshape(output.shape)), retain_graph=True, allow_unused=True)
        columns.append(np.zeros(leaf.numel(), leaf._data.dtype) if found is None else found._data.reshape(-1))
    return np.stack(columns, axis=1) if columns else np.zeros((leaf.numel(), 0))


def by_differences(func: Function, inputs: Sequence[Any], place: int, eps: float = 1e-6, number: int = 0) -> Array:
    """The same Jacobian from central differences with step ``eps``."""
    tracked = [each.requires_grad for each in _several(func(*inputs))]
    which = [at for at, each in enumerate(tracked) if each][number]
    return _differences(func, inputs, place, eps, which)


def _several(outputs: Any) -> tuple[Tensor, ...]:
    return (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)


def _differences(func: Function, inputs: Sequence[Any], place: int, eps: float, number: int) -> Array:
    """Central differences of one output, by the elements of one input, which are moved in place and put back."""
    values = inputs[place]._data
    rows = []
    for at in np.ndindex(values.shape):
        here, sides = values[at].copy(), []
        for sign in (1, -1):
            values[at] = here + sign * eps
            sides.append(_several(func(*inputs))[number]._data.astype(np.float64).ravel())
        values[at] = here
        rows.append((sides[0] - sides[1]) / (2 * eps))
    return np.stack(rows) if rows else np.zeros((0, 0))
