"""Backward passes as torch asks for them: ``backward`` into ``.grad``, and ``grad`` for the gradients themselves.

Here roots, seeds and inputs are checked, in PyTorch's words; the pass itself is a sweep. Tensors are known by what they
have: this module comes before theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import index
from typing import Any

import numpy as np

from chainrule.core.engine import errors
from chainrule.core.engine.modes import warn
from chainrule.core.engine.recording import Recording
from chainrule.core.engine.sweep import Target, sweep


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
    *,
    recording: Recording | None = None,
) -> None:
    """One backward pass from one or several tensors at once, each with its own seed (1 for a single element).

    Accumulates into ``.grad`` of every leaf below, or of ``inputs`` alone. With ``create_graph`` the gradients are
    themselves tracked, and the graph is retained unless ``retain_graph`` says otherwise. Raises RuntimeError and
    TypeError in PyTorch's words.
    """
    wanted = None if inputs is None else _wanted(_several(inputs), "backward")
    several = _several(tensors)
    seeds = _seeds(several, grad_tensors)
    create_graph, retain_graph = _switches(create_graph, retain_graph)
    roots = _roots(several, seeds)
    if create_graph:
        warn(errors.CREATE_GRAPH)
    for tensor in () if inputs is None else _several(inputs):
        tensor.retain_grad()
    sweep(
        roots,
        retain=retain_graph,
        create_graph=create_graph,
        inputs=wanted,
        recording=recording,
    )


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """The gradients of ``outputs`` (with seeds ``grad_outputs``) for each of ``inputs``; no ``.grad`` is touched.

    An input that is not reached is an error, unless ``allow_unused`` (then it is None) or ``materialize_grads`` (then
    it is zeros).
    """
    tensors = _several(inputs)
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False."
        )
    several = _several(outputs)
    seeds = _seeds(several, grad_outputs)
    create_graph, retain_graph = _switches(create_graph, retain_graph)
    allow_unused = _switch(materialize_grads if allow_unused is None else allow_unused)
    roots = _roots(several, seeds)
    wanted = _wanted(tensors, "grad")
    arrived = sweep(
        roots,
        retain=retain_graph,
        create_graph=create_graph,
        inputs=wanted,
        capture=True,
    )
    found = [arrived.get(tensor._target) for tensor in tensors]
    if materialize_grads:
        found = [_zeros(each, create_graph) if g is None else g for each, g in zip(tensors, found, strict=True)]
    for place, gradient in enumerate(found):
        if gradient is None and not allow_unused:
            raise RuntimeError(errors.unused(place))
    return tuple(found)


def _several(tensors: Any) -> tuple[Any, ...]:
    return (tensors,) if hasattr(tensors, "_target") else tuple(tensors)


def _zeros(tensor: Any, tracked: bool) -> Any:
    return tensor._of(np.zeros(tensor._data.shape, tensor._data.dtype)).requires_grad_(tracked)


def _wanted(inputs: Sequence[Any], function: str) -> Collection[Target]:
    """Where the gradients for ``inputs`` go."""
    if not inputs:
        raise RuntimeError(errors.NO_INPUTS.format(function))
    for each in inputs:
        if not hasattr(each, "_target"):
            raise RuntimeError(f"all inputs have to be Tensors or GradientEdges, but got {type(each).__name__}")
        if each._target is None:
            raise RuntimeError(errors.UNTRACKED_INPUT if function == "grad" else errors.RETAIN_UNTRACKED)
    return {each._target for each in inputs}


def _switch(value: Any) -> bool:
    """``value`` as PyTorch takes a switch of a pass: any integer."""
    return value if type(value) is bool else bool(index(value))


def _switches(create_graph: Any, retain_graph: Any) -> tuple[bool, bool]:
    """Both as switches; the second is the first where it is None."""
    create = _switch(create_graph)
    return create, create if retain_graph is None else _switch(retain_graph)


def _seeds(tensors: Sequence[Any], seeds: Any) -> list[Any]:
    """The seed of each of ``tensors``, as many as are given."""
    if not all(hasattr(root, "_target") for root in tensors):
        raise AssertionError("Expected output to be a torch.Tensor")
    given = (None,) * len(tensors) if seeds is None else _several(seeds)
    return [_seed(root, seed) for root, seed in zip(tensors, given, strict=False)]


def _roots(tensors: Sequence[Any], seeds: Sequence[Any]) -> list[tuple[Target, Any]]:
    """Where the pass starts, each with its seed."""
    if len(seeds) < len(tensors):
        raise RuntimeError(f"got {len(tensors)} tensors and {len(seeds)} gradients")
    for place, root in enumerate(tensors):
        if root._target is None:
            raise RuntimeError(errors.untracked(place))
    return [(root._target, seed) for root, seed in zip(tensors, seeds, strict=True)]


def _seed(root: Any, gradient: Any) -> Any:
    """``gradient`` as the seed of ``root``: a tensor of its shape and dtype; 1 where none is given."""
    if gradient is None:
        if root._target is None:
            return None
        if root._data.size != 1:
            raise RuntimeError(errors.NON_SCALAR)
        return root._of(np.ones(root._data.shape, root._data.dtype))
    if not isinstance(gradient, type(root)):
        raise TypeError(f"gradients can be either Tensors or None, but got {type(gradient).__name__}")
    if gradient._data.shape != root._data.shape:
        raise RuntimeError(errors.seed_mismatch(gradient._data.shape, root._data.shape))
    return gradient if gradient._data.dtype == root._data.dtype else gradient.to(root.dtype)
