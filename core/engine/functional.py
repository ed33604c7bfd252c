"""torch.autograd.functional: Jacobians, Hessians and their products with vectors, of functions of tensors.

Each runs the function on inputs of its own and differentiates what comes out with ``grad``, once or twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from chainrule.core.engine.calls import F
from chainrule.core.engine.errors import not_here
from chainrule.core.engine.modes import enable_grad
from chainrule.core.engine.passes import grad
from chainrule.core.engine.tensor import Tensor, tensor_of

Function = Callable[..., Any]
Tensors = tuple[Tensor, ...]


def jacobian(func: Function, inputs: Any, create_graph: bool = False, strict: bool = False) -> Any:
    """The Jacobian of ``func``: shape (*output, *input); tuples of these where there are several outputs or inputs.

    With ``strict``, an output that does not depend on an input is an error instead of zeros.
    """
    with enable_grad():
        single, own = _own(inputs, create_graph, "jacobian")
        lone, outputs = _run(func, own, "jacobian", strict)
        rows = [_of_output(number, output, own, create_graph, strict) for number, output in enumerate(outputs)]
    unwrapped = [_released(row, single, create_graph) for row in rows]
    return unwrapped[0] if lone else tuple(unwrapped)


def _of_output(number: int, output: Tensor, inputs: Tensors, create_graph: bool, strict: bool) -> Tensors:
    """The Jacobians of one output by each input: a gradient for each of its elements."""
    elements: Any = output.reshape(-1)
    by_element = [
        _gradients(elements[at], inputs, None, create_graph, strict, f"Output {number}") for at in range(len(elements))
    ]
    jacobians = []
    for place, each in enumerate(inputs):
        shape = (*output.shape, *each.shape)
        found = [row[place] for row in by_element]
        jacobians.append(F.stack(found).view(shape) if found else _zeros(shape, each))
    return tuple(jacobians)


def hessian(func: Function, inputs: Any, create_graph: bool = False, strict: bool = False) -> Any:
    """The Hessian of ``func``, which returns a single element: shape (*input, *input), or a tuple of tuples of it."""
    several = not isinstance(inputs, Tensor)

    def gradient(*own: Tensor) -> Any:
        output = _single_element(func(*own), "hessian")
        found = _gradients(output, own, None, True, strict, "Output 0")
        return found if several else found[0]

    return jacobian(gradient, inputs, create_graph, strict)


def vjp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """``func`` at ``inputs``, and the product of ``v`` (of the outputs' shapes) with its Jacobian."""
    with enable_grad():
        single, own = _own(inputs, create_graph, "vjp")
        lone, outputs = _run(func, own, "vjp", strict)
        seeds = _vectors(v, outputs, "the user-provided function returns")
        found = _gradients(outputs, own, seeds, create_graph, strict, "The output")
    return _released(outputs, lone, create_graph), _released(found, single, create_graph)


def jvp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """``func`` at ``inputs``, and the product of its Jacobian with ``v`` (of the inputs' shapes).

    Computed by two passes: the gradient is linear in its seed, and what it does to the seed is the transpose.
    """
    with enable_grad():
        _, own = _own(inputs, create_graph, "jvp")
        vectors = _vectors(v, own, "the input to the user-provided function is")
        lone, outputs = _run(func, own, "jvp", strict)
        seeds = tuple(_zeros(each.shape, each).requires_grad_() for each in outputs)
        back = _gradients(outputs, own, seeds, True, strict, "The output")
        tracked = [(each, w) for each, w in zip(back, vectors, strict=True) if each.requires_grad]
        found = _gradients([each for each, _ in tracked], seeds, [w for _, w in tracked], create_graph)
    return _released(outputs, lone, create_graph), _released(found, lone, create_graph)


def vhp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """``func``, which returns a single element, at ``inputs``, and the product of ``v`` with its Hessian."""
    return _hessian_product(func, inputs, v, create_graph, strict, "vhp")


def hvp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The same as ``vhp``: Hessians are symmetric."""
    return _hessian_product(func, inputs, v, create_graph, strict, "hvp")


def _hessian_product(func: Function, inputs: Any, v: Any, create_graph: bool, strict: bool, name: str) -> Any:
    with enable_grad():
        single, own = _own(inputs, create_graph, name)
        vectors = _vectors(v, own, "the input to the user-provided function is")
        output = _single_element(func(*own), name)
        first = _gradients(output, own, None, True, strict, "Output 0")
        tracked = [(each, w) for each, w in zip(first, vectors, strict=True) if each.requires_grad]
        found = _gradients([each for each, _ in tracked], own, [w for _, w in tracked], create_graph)
    return _released((output,), True, create_graph), _released(found, single, create_graph)


def _own(inputs: Any, create_graph: bool, name: str) -> tuple[bool, Tensors]:
    """Whether there is one input; and the inputs as tensors of this computation's own, so that no other is touched."""
    several = _tensors(inputs, f"The inputs given to {name}", f"the given inputs has type {type(inputs)}")
    own = (each.view(tuple(each.shape)) if create_graph else each.detach() for each in several)
    return isinstance(inputs, Tensor), tuple(each if each.requires_grad else each.requires_grad_() for each in own)


def _run(func: Function, inputs: Tensors, name: str, strict: bool) -> tuple[bool, Tensors]:
    """Whether there is one output; and the outputs."""
    outputs = func(*inputs)
    several = _tensors(
        outputs,
        f"The outputs of the user-provided function given to {name}",
        f"the given outputs of the user-provided function has type {type(outputs)}",
    )
    for number, each in enumerate(several):
        if strict and not each.requires_grad:
            raise RuntimeError(
                f"Output {number} of the user-provided function does not require gradients. The outputs must be "
                "computed in a differentiable manner from the input when running in strict mode."
            )
    return isinstance(outputs, Tensor), several


def _tensors(given: Any, what: str, found: str) -> Tensors:
    several = (given,) if isinstance(given, Tensor) else given
    if not isinstance(several, tuple) or not all(isinstance(each, Tensor) for each in several):
        raise TypeError(f"{what} must be either a Tensor or a tuple of Tensors but {found}.")
    return several


def _single_element(output: Any, name: str) -> Tensor:
    if not isinstance(output, Tensor):
        raise RuntimeError(f"The function given to {name} should return a single Tensor")
    if output.numel() != 1:
        raise RuntimeError(f"The Tensor returned by the function given to {name} should contain a single element")
    return output.squeeze()


def _vectors(v: Any, like: Tensors, who: str) -> Tensors:
    """``v`` as tensors of the shapes of ``like``; ones where it may be left out."""
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            raise RuntimeError(f"The vector v can only be None if {who} a single Tensor with a single element.")
        return (tensor_of(np.ones_like(like[0]._data)),)
    several = (v,) if isinstance(v, Tensor) else tuple(v)
    if len(several) != len(like):
        raise RuntimeError(f"v is a tuple of invalid length: should be {len(like)} but got {len(several)}.")
    for place, (given, wanted) in enumerate(zip(several, like, strict=True)):
        if given.shape != wanted.shape:
            entry = f"Entry {place} in " if len(like) > 1 else ""
            raise RuntimeError(f"{entry}v has invalid size: should be {wanted.shape} but got {given.shape}.")
    return several


def _gradients(
    outputs: Any,
    inputs: Sequence[Tensor],
    seeds: Any,
    create_graph: bool,
    strict: bool = False,
    what: str = "",
) -> Tensors:
    """The gradients of those ``outputs`` that are tracked; zeros for an input that does not matter."""
    several = (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)
    given = (None,) * len(several) if seeds is None else tuple(seeds)
    tracked = [(each, seed) for each, seed in zip(several, given, strict=True) if each.requires_grad]
    if not tracked:
        return tuple(_zeros(each.shape, each) for each in inputs)
    roots, upstream = zip(*tracked, strict=True)
    found = grad(roots, inputs, upstream, retain_graph=True, create_graph=create_graph, allow_unused=True)
    for place, gradient in enumerate(found):
        if strict and gradient is None:
            raise RuntimeError(
                f"{what} of the user-provided function is independent of input {place}. This is not allowed in strict "
                "mode."
            )
    return tuple(_zeros(each.shape, each) if g is None else g for each, g in zip(inputs, found, strict=True))


def _zeros(shape: Sequence[int], like: Tensor) -> Tensor:
    return tensor_of(np.zeros(tuple(shape), like._data.dtype))


def _released(tensors: Sequence[Tensor], lone: bool, create_graph: bool) -> Any:
    """``tensors`` cut off from this computation, unless its graph was asked for; a single one by itself."""
    kept = tuple(each if create_graph else each.detach() for each in tensors)
    return kept[0] if lone else kept


if not TYPE_CHECKING:

    def __getattr__(name: str) -> NoReturn:
        raise not_here(__name__, name)
