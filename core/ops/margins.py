"""Losses that ask for a distance kept: targets are 1 or -1, for alike or different, for this side or that.

``reduction`` is PyTorch's, as in ``regression``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.ops.checks import size_text
from chainrule.core.ops.registry import register
from chainrule.core.ops.regression import FUNCTIONAL, known, reduce, reduced_by, share, torch_size
from chainrule.core.ops.rule import Composite, Rule, Sample

_SIDES = [1, -1, 1]


def _odds_share(odds: Any) -> Any:
    """The probability that has ``odds``; nan where these overflow, as PyTorch has it."""
    return odds / (1 + odds)


register(Rule(
    "soft_margin_loss",
    lambda input, target, reduction="mean": reduce(np.log1p(np.exp(-target * input)), reduction),
    vjps=(lambda g, y, input, target, reduction: share(g, y if reduction == "none" else target * input, reduction)
          * (-target * _odds_share(np.exp(-target * input))),
          None),
    doc="ln(1 + exp(-target input)): small where the signs agree.", symbol="soft margin",
    synonyms=("logistic loss",), check=lambda input, target, reduction="mean": known(reduction),
    samples=(Sample(([1.0, 2.0, -0.5], _SIDES)),), **FUNCTIONAL,
))  # fmt: skip


def _hinge(F: Any, input: Any, target: Any, margin: float = 1.0, reduction: str = "mean") -> Any:
    apart = F.where(F.ne(target, 1), F.clamp(F.rsub(input, margin), min=0), 0)
    return reduced_by(F, F.add(apart, F.where(F.ne(target, -1), input, 0)), reduction)


register(Composite(
    "hinge_embedding_loss", _hinge, doc="The distance where target is 1; what it lacks to the margin where it is -1.",
    symbol="hinge", synonyms=("embedding",), tensors=("input", "target"),
    samples=(Sample(([0.25, 0.5, 0.75], _SIDES)),), **FUNCTIONAL,
))  # fmt: skip


def _ranking(F: Any, input1: Any, input2: Any, target: Any, margin: float = 0, reduction: str = "mean") -> Any:
    lead = F.mul(F.neg(target), F.sub(input1, input2))
    return reduced_by(F, F.clamp_min(F.add(lead, margin), 0), reduction)


def _one_rank(input1: Any, input2: Any, target: Any, margin: float = 0, reduction: str = "mean") -> None:
    known(reduction)
    if not input1.ndim == input2.ndim == target.ndim:
        sizes = (("input1", input1), ("input2", input2), ("target", target))
        listed = ", ".join(f"{name}: {torch_size(each.shape)}" for name, each in sizes)
        raise RuntimeError(
            f"margin_ranking_loss : All input tensors should have same dimension but got sizes: {listed} "
        )


register(Composite(
    "margin_ranking_loss", _ranking, doc="0 where the first leads by the margin (target 1) or the second (-1).",
    symbol="rank", synonyms=("ranking",), tensors=("input1", "input2", "target"), check=_one_rank,
    samples=(Sample(([1.0, 2.0, -0.5], [0.5, 0.25, 1.5], _SIDES), {"margin": 0.25}),), **FUNCTIONAL,
))  # fmt: skip


def _cosine(F: Any, input1: Any, input2: Any, target: Any, margin: float = 0, reduction: str = "mean") -> Any:
    dim = target.ndim
    sizes = [F.add(F.sum(F.mul(each, each), dim), 1e-12) for each in (input1, input2)]
    cosine = F.div(F.sum(F.mul(input1, input2), dim), F.sqrt(F.mul(*sizes)))
    alike = F.where(F.eq(target, 1), F.rsub(cosine, 1), 0.0)
    apart = F.where(F.eq(target, -1), F.clamp(F.sub(cosine, margin), min=0), 0.0)
    return reduced_by(F, F.add(alike, apart), reduction)


def _vectors(input1: Any, input2: Any, target: Any, margin: float = 0, reduction: str = "mean") -> None:
    known(reduction)
    if target.ndim > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if target.ndim + 1 != input1.ndim or input1.ndim != input2.ndim:
        raise RuntimeError(
            f"{target.ndim}D target tensor expects {target.ndim + 1}D input tensors, but found inputs with sizes "
            f"{size_text(input1.shape)} and {size_text(input2.shape)}."
        )


register(Composite(
    "cosine_embedding_loss", _cosine, doc="1 - cosine where target is 1; the cosine beyond the margin where it is -1.",
    symbol="cos loss", synonyms=("embedding", "similarity"), tensors=("input1", "input2", "target"), check=_vectors,
    samples=(Sample(([[1.0, 2.0, -0.5], [0.5, 0.25, 1.0]], [[0.5, 0.25, 1.5], [1.0, 0.5, 1.5]], [1, -1])),),
    **FUNCTIONAL,
))  # fmt: skip
