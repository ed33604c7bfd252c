"""Dimensions in another order, and elements in another order along them: transposes, flips, rolls, quarter turns.

Transposes share their input's memory, as in PyTorch; flips and rolls copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.core.ops.checks import size_text, wrap_dim, wrap_dims
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_MATRIX = Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],))
Dims = int | Sequence[int]


def _with(**params: Any) -> Sample:
    return Sample(_MATRIX.inputs, params)


def _tuple(dims: Dims) -> tuple[int, ...]:
    return (dims,) if isinstance(dims, int) else tuple(dims)


register(Rule(
    "transpose",
    lambda input, dim0, dim1: np.swapaxes(input, dim0, dim1) if input.ndim else input,
    vjps=(lambda g, y, input, dim0, dim1: np.swapaxes(g, dim0, dim1) if input.ndim else g,),
    doc="Two dimensions exchanged.", family="shape", symbol="ᵀ", synonyms=("swap",), dtype="as is",
    view=True, reshaping=True, check=lambda input, dim0, dim1: (wrap_dim(dim0, input.ndim), wrap_dim(dim1, input.ndim)),
    samples=(_with(dim0=0, dim1=1),),
))  # fmt: skip

register(Composite(
    "swapaxes", lambda F, input, axis0, axis1: F.transpose(input, axis0, axis1),
    doc="Two dimensions exchanged, by NumPy's name.", family="shape", symbol="ᵀ", synonyms=("transpose",),
    reshaping=True, samples=(_with(axis0=0, axis1=1),),
))  # fmt: skip

register(Composite(
    "swapdims", lambda F, input, dim0, dim1: F.transpose(input, dim0, dim1),
    doc="Two dimensions exchanged: another name of `transpose`.", family="shape", symbol="ᵀ", synonyms=("transpose",),
    reshaping=True, samples=(_with(dim0=0, dim1=1),),
))  # fmt: skip


def _permutation(input: Any, dims: Sequence[int]) -> None:
    if len(dims) != input.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired "
            f"ordering of dimensions i.e. input.dim() = {input.ndim} is not equal to len(dims) = {len(dims)}"
        )
    wrapped = [wrap_dim(dim, input.ndim) for dim in dims]
    if len(set(wrapped)) != len(wrapped):
        raise RuntimeError("permute(): duplicate dims are not allowed.")


register(Rule(
    "permute", lambda input, dims: np.transpose(input, dims),
    vjps=(lambda g, y, input, dims: np.transpose(g, tuple(int(i) for i in np.argsort([d % len(dims) for d in dims]))),),
    doc="The dimensions in another order.", family="shape", symbol="ᵀ", synonyms=("reorder", "axes"), dtype="as is",
    view=True, ints="dims", check=_permutation, samples=(_with(dims=(1, 0)),),
))  # fmt: skip


def _only_matrices(input: Any) -> str | None:
    if input.ndim == 0:
        return "Tensor.T is deprecated on 0-D tensors. This function is the identity in these cases."
    if input.ndim != 2:
        return (
            "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated and it will "
            "throw an error in a future release. Consider `x.mT` to transpose batches of matrices or "
            "`x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the dimensions of a tensor."
        )
    return None


register(Rule(
    "T", lambda input: np.transpose(input),
    vjps=(lambda g, y, input: np.transpose(g),),
    doc="The dimensions in reverse order.", family="shape", public=False, attribute="T", dtype="as is", view=True,
    check=_only_matrices, grad_fn="PermuteBackward0", samples=(_MATRIX,),
))  # fmt: skip


def _batches(F: Any, input: Any) -> Any:
    if input.ndim == 0:
        return input
    if input.ndim == 1:
        raise RuntimeError("tensor.mT is only supported on matrices or batches of matrices. Got 1-D tensor.")
    return F.transpose(input, -2, -1)


register(Composite(
    "mT", _batches, doc="Each matrix of a batch transposed.", family="shape", public=False, attribute="mT",
))  # fmt: skip


def _at_most_2d(input: Any) -> None:
    if input.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D")


register(Rule(
    "t", lambda input: np.transpose(input),
    vjps=(lambda g, y, input: np.transpose(g),),
    doc="The transpose of a matrix.", family="shape", symbol="ᵀ", synonyms=("transpose",), dtype="as is", view=True,
    reshaping=True, check=_at_most_2d, samples=(_MATRIX,),
))  # fmt: skip


def _movedim(F: Any, input: Any, source: Dims, destination: Dims) -> Any:
    sources, destinations = _tuple(source), _tuple(destination)
    if len(sources) != len(destinations):
        raise RuntimeError(
            f"movedim: Invalid source or destination dims: source ({size_text(sources)} dims) should contain the same "
            f"number of dims as destination ({size_text(destinations)} dims)"
        )
    places = [[wrap_dim(dim, input.ndim) for dim in dims] for dims in (sources, destinations)]
    for name, dims in zip(("source", "destination"), places, strict=True):
        if len(set(dims)) < len(dims):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({size_text(dims)})")
    if input.ndim == 0:
        return F.alias(input)
    wanted = dict(zip(places[1], places[0], strict=True))
    rest = iter(dim for dim in range(input.ndim) if dim not in places[0])
    return F.permute(input, tuple(wanted[dim] if dim in wanted else next(rest) for dim in range(input.ndim)))


for _name, _synonym in (("movedim", "moveaxis"), ("moveaxis", "movedim")):
    register(Composite(
        _name, _movedim, doc="Dimensions moved to other places; the rest keep their order.", family="shape",
        symbol="ᵀ", synonyms=(_synonym, "permute"), samples=(_with(source=0, destination=1),),
    ))  # fmt: skip


# Elements in another order


def _axes(dims: Dims, ndim: int) -> tuple[int, ...]:
    """``dims`` as NumPy takes them; a scalar, which PyTorch reads as a vector here, has none."""
    return tuple(dim % ndim for dim in _tuple(dims)) if ndim else ()


register(Rule(
    "flip", lambda input, dims: np.copy(np.flip(input, axis=_axes(dims, input.ndim))),
    vjps=(lambda g, y, input, dims: np.flip(g, axis=_axes(dims, input.ndim)),),
    doc="The elements in reverse order along dimensions.", family="shape", symbol="↔", synonyms=("reverse", "mirror"),
    dtype="as is", ints="dims", check=lambda input, dims: wrap_dims(dims, input.ndim),
    samples=(_with(dims=(1,)), _with(dims=(0, 1))),
))  # fmt: skip


def _mirror(name: str, dim: int, doc: str) -> None:
    def flipped(F: Any, input: Any) -> Any:
        if input.ndim <= dim:
            raise RuntimeError(f"Input must be >= {dim + 1}-d.")
        return F.flip(input, (dim,))

    register(Composite(
        name, flipped, doc=doc, family="shape", symbol="↔", synonyms=("mirror", "reverse"), samples=(_MATRIX,),
    ))  # fmt: skip


_mirror("fliplr", 1, "The columns in reverse order.")
_mirror("flipud", 0, "The rows in reverse order.")


def _can_roll(input: Any, shifts: Dims, dims: Dims = ()) -> None:
    steps, places = _tuple(shifts), _tuple(dims)
    if len(steps) != len(places) and not (len(steps) == 1 and not places):
        raise RuntimeError(f"shifts and dimensions must align. shifts: {len(steps)}, dims:{len(places)}")
    for dim in places:
        if not input.ndim:
            raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
        wrap_dim(dim, input.ndim)


def _rolled(array: Any, shifts: Dims, dims: Dims, sign: int = 1) -> Any:
    steps = tuple(sign * step for step in _tuple(shifts))
    if _tuple(dims):
        return np.roll(array, steps, axis=_tuple(dims))
    return np.reshape(np.roll(np.reshape(array, (-1,)), steps[0], axis=0), array.shape)  # as one row


register(Rule(
    "roll", lambda input, shifts, dims=(): _rolled(input, shifts, dims),
    vjps=(lambda g, y, input, shifts, dims: _rolled(g, shifts, dims, -1),),
    doc="The elements shifted along dimensions; what falls off the end comes back at the start.", family="shape",
    symbol="↻", synonyms=("shift", "rotate", "cyclic"), dtype="as is", check=_can_roll,
    samples=(_with(shifts=1), _with(shifts=(1, 2), dims=(0, 1)), _with(shifts=-1, dims=1)),
))  # fmt: skip


def _a_plane(input: Any, k: int = 1, dims: Sequence[int] = (0, 1)) -> None:
    if len(dims) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(dims)}")
    if input.ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {input.ndim}")
    if wrap_dim(dims[0], input.ndim) == wrap_dim(dims[1], input.ndim):
        raise RuntimeError(f"expected rotation dims to be different, but got dim0 = {dims[0]} and dim1 = {dims[1]}")


register(Rule(
    "rot90", lambda input, k=1, dims=(0, 1): np.copy(np.rot90(input, k, dims)),
    vjps=(lambda g, y, input, k, dims: np.rot90(g, -k, dims),),
    doc="Quarter turns in the plane of two dimensions.", family="shape", symbol="↺", synonyms=("rotate", "turn"),
    dtype="as is", check=_a_plane, samples=(_MATRIX, _with(k=2), _with(k=-1, dims=(1, 0))),
))  # fmt: skip
