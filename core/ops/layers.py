"""Layers that are small: embeddings, one-hot rows, dropout, unit vectors, and how alike two vectors are.

The large ones stand in ``convolution``, ``pooling`` and ``normalisation``; ``linear`` stands with the matrix products.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.ops.chance import mask
from chainrule.core.ops.checks import broadcast, type_name, wrap_dim
from chainrule.core.ops.picking import strays
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.vocabulary import index, unindex

_FUNCTIONAL: dict[str, Any] = {"paths": ("nn.functional",), "method": False}
_BOTH: dict[str, Any] = {"paths": ("nn.functional", ""), "method": False}
_MATRIX = [[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]]
_OTHER = [[0.5, 1.0, -1.5], [-2.0, 0.75, 2.0]]


def _table(input: Any, weight: Any, padding_idx: int | None = None) -> None:
    if weight.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    if input.dtype.name not in ("int64", "int32"):
        found = "CPUBoolType" if input.dtype == np.bool_ else f"torch.{type_name(input.dtype)}Tensor"
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got "
            f"{found} instead (while checking arguments for embedding)"
        )
    if strays(input, weight.shape[0]):
        raise IndexError("index out of range in self")


def _embedding_vjp(g: Any, input: Any, weight: Any, padding_idx: int | None) -> Any:
    if padding_idx is not None:
        g = np.where(np.expand_dims(input == padding_idx, -1), 0, g)
    return unindex(g, input, weight.shape)


register(Rule(
    "embedding_rows", lambda input, weight, padding_idx=None: index(weight, input),
    vjps=(None,
          lambda g, y, input, weight, padding_idx: _embedding_vjp(g, input, weight, padding_idx)),
    doc="The rows of a table that the integers name.", family="indexing", public=False, dtype="as is",
    check_values=_table, grad_fn="EmbeddingBackward0", samples=(Sample(([[0, 1], [1, 1]], _MATRIX)),
                                           Sample(([0, 0], _MATRIX), {"padding_idx": 1})),
))  # fmt: skip


def _embedding(F: Any, input: Any, weight: Any, padding_idx: int | None = None) -> Any:
    if padding_idx is None:
        return F.embedding_rows(input, weight)
    rows = weight.shape[0]
    if not -rows <= padding_idx < rows:
        raise AssertionError("Padding_idx must be within num_embeddings")
    return F.embedding_rows(input, weight, padding_idx % rows)


register(Composite(
    "embedding", _embedding, doc="The rows of a table that the integers name; that of padding_idx gets no gradient.",
    family="indexing", symbol="emb", synonyms=("lookup", "table", "word vectors", "token"),
    tensors=("input", "weight"), samples=(Sample(([[0, 1], [1, 1]], _MATRIX)),), **_FUNCTIONAL,
))  # fmt: skip


def _classes(input: Any, num_classes: int) -> None:
    if np.any(input < 0):
        raise RuntimeError("Class values must be non-negative.")
    if np.any(input >= num_classes):
        raise RuntimeError("Class values must be smaller than num_classes.")


register(Rule(
    "one_hot_of", lambda input, num_classes: np.astype(np.expand_dims(input, -1) == np.arange(num_classes), np.int64),
    vjps=(None,),
    doc="A row for each integer, 1 at its place, else 0. It has no derivative.", family="indexing", public=False,
    dtype="as is", check_values=_classes, samples=(Sample(([0, 2, 1],), {"num_classes": 4}),),
))  # fmt: skip


def _one_hot(F: Any, input: Any, num_classes: int = -1) -> Any:
    if input.dtype.name != "int64":
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if num_classes == -1:
        if not input.numel():
            raise RuntimeError("Can not infer total number of classes from empty tensor.")
        num_classes = int(F.max(input).item()) + 1
    return F.one_hot_of(input, num_classes)


register(Composite(
    "one_hot", _one_hot, doc="A row for each integer, 1 at its place, else 0. It has no derivative.", family="indexing",
    symbol="1ₖ", synonyms=("indicator", "classes", "encode", "dummy variables"),
    samples=(Sample(([0, 2, 1],)), Sample(([0, 2, 1],), {"num_classes": 4})), **_FUNCTIONAL,
))  # fmt: skip


# No samples: two readings of it never agree, which is the point.
register(Rule(
    "bernoulli_mask", lambda input, chance: mask(input, chance) if chance else np.zeros_like(input),
    vjps=(None,),
    doc="Ones by chance, zeros else, drawn anew each time. It has no derivative.", family="pointwise", public=False,
    dtype="as is",
))  # fmt: skip


def _dropout(F: Any, input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """PyTorch's steps one after the other, so that the same seed gives the same mask; p = 1 draws nothing."""
    if not 0 <= p <= 1:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if not training or p == 0 or not input.numel():
        return input
    keep = 1 - p
    kept = F.bernoulli_mask(input, keep)
    if not input.dtype.is_floating_point:
        raise RuntimeError(f"result type Float can't be cast to the desired output type {input.dtype.type_name}")
    scaled = F.div(kept, keep) if keep else kept
    return input.mul_(scaled) if inplace else F.mul(input, scaled)


register(Composite(
    "dropout", _dropout, family="pointwise", symbol="drop", synonyms=("regularisation", "mask", "random", "bernoulli"),
    doc="Each element made 0 with probability p and the others divided by 1 - p, anew each time; nothing if not "
        "training.",
    samples=(Sample(([-1.5, 0.25, 2.0],), {"training": False}),), **_FUNCTIONAL,
))  # fmt: skip


def _normalize(F: Any, input: Any, p: float = 2.0, dim: Any = 1, eps: float = 1e-12) -> Any:
    length = F.clamp(F.norm(input, p, dim, True), min=eps)
    return F.div(input, F.expand(length, tuple(input.shape)))


register(Composite(
    "normalize", _normalize, doc="Vectors divided by their norm, which makes them one long.", family="linalg",
    symbol="x/‖x‖", synonyms=("unit vector", "direction", "length one"),
    samples=(Sample((_MATRIX,)), Sample((_MATRIX,), {"p": 1, "dim": 0})), **_FUNCTIONAL,
))  # fmt: skip


def _cosine_similarity(F: Any, x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    sizes = broadcast(x1.shape, x2.shape)
    if not (x1.dtype.is_floating_point or x2.dtype.is_floating_point):
        raise RuntimeError(
            f"expected common dtype to be floating point, yet common dtype is {type_name(F.add(x1, x2).numpy().dtype)}"
        )
    wrap_dim(dim, len(sizes))
    unit = [F.div(x, _at_least(F, F.norm(x, 2, dim, True), eps)) for x in _common(F, x1, x2, sizes)]
    return F.sum(F.mul(*unit), dim)


def _common(F: Any, x1: Any, x2: Any, sizes: tuple[int, ...]) -> list[Any]:
    """Both as floating-point numbers in one shape; of two precisions each keeps its own until they are multiplied."""
    dtype = (x1 if x1.dtype.is_floating_point else x2).dtype.name
    cast = [x if x.dtype.is_floating_point else F.cast(x, dtype) for x in (x1, x2)]
    return [x if tuple(x.shape) == sizes else F.expand(x, sizes) for x in cast]


def _at_least(F: Any, length: Any, eps: float) -> Any:
    """``length`` or ``eps``; the gradient is that of ``length`` all the same, as PyTorch raises the value unseen."""
    missing = F.detach(F.sub(F.clamp(length, min=eps), length))
    return F.add(length, missing)


register(Composite(
    "cosine_similarity", _cosine_similarity, doc="The cosine of the angle between vectors: 1 for one direction.",
    family="linalg", symbol="cos θ", synonyms=("angle", "alike", "similarity"), tensors=("x1", "x2"),
    samples=(Sample((_MATRIX, _OTHER)), Sample((_MATRIX, _OTHER[0]), {"dim": -1})), **_BOTH,
))  # fmt: skip


def _pairwise_distance(F: Any, x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Any:
    return F.norm(F.add(F.sub(x1, x2), eps), p, -1, keepdim)


register(Composite(
    "pairwise_distance", _pairwise_distance, doc="The norm of the difference of vectors, row by row.", family="linalg",
    symbol="‖x−y‖", synonyms=("euclidean distance", "metric"), tensors=("x1", "x2"),
    samples=(Sample((_MATRIX, _OTHER)), Sample((_MATRIX, _OTHER), {"p": 1})), **_BOTH,
))  # fmt: skip


def _bilinear(F: Any, input1: Any, input2: Any, weight: Any, bias: Any = None) -> Any:
    if input1.ndim != input2.ndim:
        raise RuntimeError(f"bilinear(): input dimensions do not match: got {input1.ndim} and {input2.ndim}")
    for place, (first, second) in enumerate(zip(input1.shape[:-1], input2.shape[:-1], strict=True)):
        if first != second:
            raise RuntimeError(
                f"bilinear(): input batch dimensions do not match at dim {place}: got {first} and {second}"
            )
    for place, side in ((1, input1), (2, input2)):
        wrap_dim(place, weight.ndim)
        if side.shape[-1] != weight.shape[place]:
            raise RuntimeError(
                f"bilinear(): input{place} size does not match weight size: got {side.shape[-1]} but expected "
                f"{weight.shape[place]}"
            )
    if bias is not None and bias.shape[0] != weight.shape[0]:
        raise RuntimeError(
            f"bilinear(): bias size does not match weight size: got {bias.shape[0]} but expected {weight.shape[0]}"
        )
    y = F.einsum("...i,oij,...j->...o", input1, weight, input2)
    return y if bias is None else F.add(y, bias)


register(Composite(
    "bilinear", _bilinear, doc="x Wₖ y + b for each matrix Wₖ of the weight.", family="linalg", symbol="xWy",
    synonyms=("quadratic form", "two inputs", "layer"), tensors=("input1", "input2", "weight", "bias"),
    optional=("bias",), samples=(Sample((_MATRIX, [[1.0, -0.5], [2.0, 0.25]],
                                         [[[1.0, 0.5], [-1.0, 2.0], [0.25, -0.5]]], [0.5])),), **_BOTH,
))  # fmt: skip
