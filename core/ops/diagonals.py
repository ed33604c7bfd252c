"""Diagonals and triangles of matrices: taken out, put in, and cut off.

In tensors of more dimensions each matrix of two dimensions is meant; ``diagonal`` shares its tensor's memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.ops.checks import wrap_dim
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.vocabulary import index as take
from chainrule.core.ops.vocabulary import unindex

_MATRIX = Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],))
_VECTOR = Sample(([1.5, -2.0, 0.5],))


def _with(**params: Any) -> Sample:
    return Sample(_MATRIX.inputs, params)


def _start(offset: int, rows: int, columns: int) -> tuple[int, int, int]:
    """The row and the column at which a diagonal starts, and how many elements it has."""
    row, column = max(-offset, 0), max(offset, 0)
    return row, column, max(min(rows - row, columns - column), 0)


def _on(offset: int, rows: int, columns: int) -> tuple[Any, ...]:
    """The brackets that pick a diagonal of the last two dimensions."""
    row, column, count = _start(offset, rows, columns)
    return Ellipsis, np.arange(row, row + count), np.arange(column, column + count)


def _two_dims(input: Any, offset: int = 0, dim1: int = 0, dim2: int = 1, *, more: int = 0) -> None:
    places = wrap_dim(dim1, input.ndim + more), wrap_dim(dim2, input.ndim + more)
    if places[0] == places[1]:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")


def _diagonal(input: Any, offset: int, dim1: int, dim2: int) -> Any:
    """A view that may be written to, which that of ``np.diagonal`` may not."""
    matrices = np.moveaxis(input, (dim1, dim2), (-2, -1))
    row, column, count = _start(offset, *matrices.shape[-2:])
    return np.einsum("...ii->...i", matrices[(Ellipsis, slice(row, row + count), slice(column, column + count))])


def _back_on_diagonal(g: Any, input: Any, offset: int, dim1: int, dim2: int) -> Any:
    sides = [side for dim, side in enumerate(input.shape) if dim not in (dim1 % input.ndim, dim2 % input.ndim)]
    rows, columns = input.shape[dim1], input.shape[dim2]
    matrices = unindex(g, _on(offset, rows, columns), (*sides, rows, columns))
    return np.moveaxis(matrices, (-2, -1), (dim1, dim2))


register(Rule(
    "diagonal", lambda input, offset=0, dim1=0, dim2=1: _diagonal(input, offset, dim1, dim2),
    vjps=(lambda g, y, input, offset, dim1, dim2: _back_on_diagonal(g, input, offset, dim1, dim2),),
    doc="A diagonal of the matrices in two dimensions, sharing memory.", family="shape", symbol="╲",
    synonyms=("diag", "main diagonal"), dtype="as is", view=True, check=_two_dims,
    samples=(_MATRIX, _with(offset=1), _with(offset=-1, dim1=1, dim2=0)),
))  # fmt: skip

register(Rule(
    "diagonal_copy", lambda input, offset: np.copy(_diagonal(input, offset, 0, 1)),
    vjps=(lambda g, y, input, offset: _back_on_diagonal(g, input, offset, 0, 1),),
    doc="What `diag` makes of a matrix.", family="shape", public=False, dtype="as is",
    grad_fn="DiagonalBackward0_copy", samples=(_with(offset=1),),
))  # fmt: skip


def _embedded_shape(shape: tuple[int, ...], offset: int) -> tuple[int, ...]:
    side = shape[-1] + abs(offset)
    return (*shape[:-1], side, side)


def _embedded(input: Any, offset: int, dim1: int, dim2: int) -> Any:
    shape = _embedded_shape(input.shape, offset)
    return np.moveaxis(unindex(input, _on(offset, *shape[-2:]), shape), (-2, -1), (dim1, dim2))


register(Rule(
    "diag_embed", lambda input, offset=0, dim1=-2, dim2=-1: _embedded(input, offset, dim1, dim2),
    vjps=(lambda g, y, input, offset, dim1, dim2: take(
              np.moveaxis(g, (dim1, dim2), (-2, -1)), _on(offset, *_embedded_shape(input.shape, offset)[-2:])),),
    doc="The last dimension as the diagonal of matrices that are 0 elsewhere.", family="shape", symbol="╲",
    synonyms=("diag", "diagonal matrix"), dtype="as is",
    check=lambda input, offset=0, dim1=-2, dim2=-1: _two_dims(input, offset, dim1, dim2, more=1),
    samples=(_VECTOR, _with(offset=1), _with(offset=-1, dim1=0, dim2=2)),
))  # fmt: skip


def _diag(F: Any, input: Any, diagonal: int = 0) -> Any:
    if input.ndim not in (1, 2):
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {input.ndim}D")
    return F.diag_embed(input, diagonal) if input.ndim == 1 else F.diagonal_copy(input, diagonal)


register(Composite(
    "diag", _diag, doc="The matrix with a vector on its diagonal, or the diagonal of a matrix.", family="shape",
    symbol="╲", synonyms=("diagonal", "diagonal matrix"), samples=(_VECTOR, _MATRIX),
))  # fmt: skip

register(Composite(
    "diagflat", lambda F, input, offset=0: F.diag_embed(F.view(F.contiguous(input), (-1,)), offset),
    doc="The matrix with all elements of a tensor on its diagonal.", family="shape", symbol="╲",
    synonyms=("diag", "diagonal matrix"), samples=(_MATRIX,),
))  # fmt: skip


def _triangle(name: str, doc: str, *, lower: bool) -> None:
    def inside(input: Any, diagonal: int) -> Any:
        rows, columns = input.shape[-2:]
        below = np.tri(rows, columns, diagonal if lower else diagonal - 1, dtype=np.bool_)
        return below if lower else ~below

    def is_matrix(input: Any, diagonal: int = 0) -> None:
        if input.ndim < 2:
            raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions")

    register(Rule(
        name, lambda input, diagonal=0: np.where(inside(input, diagonal), input, np.zeros_like(input)),
        vjps=(lambda g, y, input, diagonal: np.where(inside(input, diagonal), g, 0),),
        doc=doc, family="shape", symbol="▙" if lower else "▜", synonyms=("triangle", "mask", "causal"),
        dtype="as is", check=is_matrix, samples=(_MATRIX, _with(diagonal=1), _with(diagonal=-1)),
    ))  # fmt: skip


_triangle("tril", "The lower triangle of a matrix, 0 elsewhere.", lower=True)
_triangle("triu", "The upper triangle of a matrix, 0 elsewhere.", lower=False)
