"""Parts of a tensor: narrow and select, split and its kin with several results.

Parts share their tensor's memory. Of a split, PyTorch makes one backward node with an output for each part; here each
part has a node of its own, of that name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from chainrule.core.ops.checks import size_text, wrap_dim
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.vocabulary import index as take
from chainrule.core.ops.vocabulary import unindex

_MATRIX = Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],))
Sections = int | Sequence[int]


def _with(**params: Any) -> Sample:
    return Sample(_MATRIX.inputs, params)


def _along(dim: int, ndim: int, part: int | slice) -> tuple[Any, ...]:
    """The brackets with ``part`` at dimension ``dim``."""
    return (*(slice(None),) * (dim % ndim), part)


def _span(dim: int, ndim: int, start: int, length: int, side: int) -> tuple[Any, ...]:
    first = start + side if start < 0 else start
    return _along(dim, ndim, slice(first, first + length))


# One part


def _can_narrow(input: Any, dim: int, start: int, length: int) -> None:
    if input.ndim == 0:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    side = input.shape[wrap_dim(dim, input.ndim)]
    if not -side <= start <= side:
        raise IndexError(f"start out of range (expected to be in range of [{-side}, {side}], but got {start})")
    first = start + side if start < 0 else start
    if first + length > side:
        raise RuntimeError(f"start ({first}) + length ({length}) exceeds dimension size ({side}).")


register(Rule(
    "narrow", lambda input, dim, start, length: take(input, _span(dim, input.ndim, start, length, input.shape[dim])),
    vjps=(lambda g, y, input, dim, start, length: unindex(
              g, _span(dim, input.ndim, start, length, input.shape[dim]), input.shape),),
    doc="A stretch along a dimension, sharing memory.", family="shape", symbol="[a:b]", synonyms=("slice", "crop"),
    dtype="as is", view=True, check=_can_narrow, grad_fn="SliceBackward0", samples=(_with(dim=1, start=1, length=2),),
))  # fmt: skip


def _can_select(input: Any, dim: int, index: int) -> None:
    if input.ndim == 0:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    place = wrap_dim(dim, input.ndim)
    if not -input.shape[place] <= int(index) < input.shape[place]:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size {size_text(input.shape)} at dimension {place}"
        )


register(Rule(
    "select", lambda input, dim, index: take(input, _along(dim, input.ndim, int(index))),
    vjps=(lambda g, y, input, dim, index: unindex(g, _along(dim, input.ndim, int(index)), input.shape),),
    doc="What stands at one place of a dimension, sharing memory.", family="shape", symbol="[i]",
    synonyms=("index", "row", "column"), dtype="as is", view=True, check=_can_select,
    overloads=("Tensor input, int dim, int index",),
    samples=(_with(dim=1, index=-1), _with(dim=0, index=0)),
))  # fmt: skip


# Several parts

register(Rule(
    "part", lambda input, dim, start, length, of: take(input, _along(dim, input.ndim, slice(start, start + length))),
    vjps=(lambda g, y, input, dim, start, length, of: unindex(
              g, _along(dim, input.ndim, slice(start, start + length)), input.shape),),
    doc="One result of a split.", family="shape", public=False, dtype="as is", view=True,
    grad_fn=lambda numbers, params: f"{params['of']}Backward0",
    samples=(_with(dim=1, start=1, length=2, of="Split"),),
))  # fmt: skip

register(Rule(
    "unbound", lambda input, dim, index: take(input, _along(dim, input.ndim, index)),
    vjps=(lambda g, y, input, dim, index: unindex(g, _along(dim, input.ndim, index), input.shape),),
    doc="One result of `unbind`.", family="shape", public=False, dtype="as is", view=True, grad_fn="UnbindBackward0",
    samples=(_with(dim=1, index=1),),
))  # fmt: skip


def _parts(F: Any, input: Any, lengths: Sequence[int], dim: int, of: str) -> tuple[Any, ...]:
    starts = [sum(lengths[:place]) for place in range(len(lengths))]
    return tuple(F.part(input, dim, start, length, of) for start, length in zip(starts, lengths, strict=True))


def _split(F: Any, tensor: Any, split_size_or_sections: Sections, dim: int = 0) -> Any:
    if isinstance(split_size_or_sections, (float, str)):
        found = type(split_size_or_sections).__name__
        raise TypeError(f"split_with_sizes(): argument 'split_sizes' (position 2) must be tuple of ints, not {found}")
    if tensor.ndim == 0:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    dim = wrap_dim(dim, tensor.ndim)
    side = tensor.shape[dim]
    if not isinstance(split_size_or_sections, int):
        return _split_with_sizes(F, tensor, tuple(split_size_or_sections), dim)
    size = split_size_or_sections
    if size < 0:
        raise RuntimeError(f"split expects split_size be non-negative, but got split_size={size}")
    if size == 0 and side:
        raise RuntimeError(f"split_size can only be 0 if dimension size is 0, but got dimension size of {side}")
    lengths = [min(size, side - start) for start in range(0, side, size)] if side else [0]
    return _parts(F, tensor, lengths, dim, "Split")


def _split_with_sizes(F: Any, tensor: Any, sizes: Sequence[int], dim: int) -> Any:
    side = tensor.shape[dim]
    if min(sizes, default=0) < 0:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes={list(sizes)}"
        )
    if sum(sizes) != side:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {side} (input tensor's size at dimension {dim}), "
            f"but got split_sizes={list(sizes)}"
        )
    return _parts(F, tensor, sizes, dim, "SplitWithSizes")


def _numbered(count: Any) -> tuple[str, ...]:
    return tuple(map(str, range(count))) if isinstance(count, int) and count > 0 else ()


def _sections(params: Mapping[str, Any]) -> tuple[str, ...]:
    """The results of a split into listed sizes; of a split by one size they depend on the tensor."""
    sections = params.get("split_size_or_sections")
    return _numbered(len(sections)) if isinstance(sections, (list, tuple)) else ()


register(Composite(
    "split", _split, doc="Consecutive parts along a dimension, of one size or of listed sizes.", family="shape",
    symbol="├", synonyms=("chunk", "divide", "parts"), tensors=("tensor",), outputs=_sections,
    samples=(_with(split_size_or_sections=(1, 2), dim=1), _with(split_size_or_sections=1)),
))  # fmt: skip


def _chunk(F: Any, input: Any, chunks: int, dim: int = 0) -> Any:
    if input.ndim == 0:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    side = input.shape[wrap_dim(dim, input.ndim)]
    if not side:
        return F.split(input, (0,) * chunks, dim)
    return F.split(input, -(-side // chunks), dim)


register(Composite(
    "chunk", _chunk, doc="As many parts of equal size along a dimension; the last may be shorter, or missing.",
    family="shape", symbol="├", synonyms=("split", "divide", "parts"),
    outputs=lambda params: _numbered(params.get("chunks")), samples=(_with(chunks=2, dim=1),),
))  # fmt: skip


def _tensor_split(F: Any, input: Any, indices_or_sections: Any, dim: int = 0) -> Any:
    if input.ndim == 0:
        raise RuntimeError("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims")
    dim = wrap_dim(dim, input.ndim)
    side = input.shape[dim]
    asked = indices_or_sections.tolist() if hasattr(indices_or_sections, "tolist") else indices_or_sections
    if isinstance(asked, int):
        if asked <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {asked}")
        lengths = [side // asked + (place < side % asked) for place in range(asked)]
        return _parts(F, input, lengths, dim, "Slice")
    starts = [0, *asked]
    pieces = [range(side)[start:stop] for start, stop in zip(starts, [*asked, side], strict=True)]
    return tuple(F.part(input, dim, piece.start, len(piece), "Slice") for piece in pieces)


def _pieces(params: Mapping[str, Any]) -> tuple[str, ...]:
    asked = params.get("indices_or_sections")
    return _numbered(len(asked) + 1 if isinstance(asked, (list, tuple)) else asked)


register(Composite(
    "tensor_split", _tensor_split, doc="Parts along a dimension: a number of them, or cut at listed places.",
    family="shape", symbol="├", synonyms=("split", "chunk", "array_split"), outputs=_pieces,
    samples=(_with(indices_or_sections=2, dim=1), _with(indices_or_sections=(1,), dim=1)),
))  # fmt: skip


def _named_split(name: str, dim: int, least: int, doc: str) -> None:
    def cut(F: Any, input: Any, indices_or_sections: Any) -> Any:
        if input.ndim < least:
            raise RuntimeError(
                f"torch.{name} requires a tensor with at least {least} dimension, but got a tensor with {input.ndim} "
                "dimensions!"
            )
        place = min(dim, input.ndim - 1)
        side = input.shape[place]
        if isinstance(indices_or_sections, int) and (not indices_or_sections or side % indices_or_sections):
            raise RuntimeError(
                f"torch.{name} attempted to split along dimension {place}, but the size of the dimension {side} is not "
                f"divisible by the split_size {indices_or_sections}!"
            )
        return F.tensor_split(input, indices_or_sections, place)

    shape = (2,) * max(least, 2)
    register(Composite(
        name, cut, doc=doc, family="shape", symbol="├", synonyms=("split", "parts"), outputs=_pieces,
        samples=(Sample((np.linspace(-1.5, 2.0, math.prod(shape)).reshape(shape).tolist(),),
                        {"indices_or_sections": 2}),),
    ))  # fmt: skip


_named_split("hsplit", 1, 1, "Parts side by side: of a vector's only dimension, else of the second.")
_named_split("vsplit", 0, 2, "Parts one below the other, of the first dimension.")
_named_split("dsplit", 2, 3, "Parts one behind the other, of the third dimension.")


def _unbind(F: Any, input: Any, dim: int = 0) -> Any:
    if input.ndim == 0:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    dim = wrap_dim(dim, input.ndim)
    return tuple(F.unbound(input, dim, place) for place in range(input.shape[dim]))


register(Composite(
    "unbind", _unbind, doc="What stands at each place of a dimension, one result each.", family="shape", symbol="├",
    synonyms=("unstack", "rows", "columns"), samples=(_with(dim=1),),
))  # fmt: skip
