"""Sums of products as an equation says: ``ij,jk->ik``.

An equation is read into labels here, its ellipses into labels of their own; NumPy computes. The derivative of one
operand is again such an equation, with the upstream gradient in the operand's place and its labels as the result's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import prod
from string import ascii_letters
from typing import Any

import numpy as np

from chainrule.core.ops.checks import type_name
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Rule, Sample

ELLIPSIS = "..."
Labels = tuple[str, ...]

# From so many multiplications on, it pays to let NumPy look for products of matrices first.
WORTH_PLANNING = 32_768

_A = [[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]
_B = [[0.5, 2.0], [-1.0, 1.5], [3.0, -0.5]]
_SQUARE = [[2.0, -1.0, 0.5], [0.25, 3.0, -1.0], [1.0, 0.5, -1.5]]
_V = [1.0, -0.5, 2.0]


@cache
def _read(equation: str) -> tuple[tuple[Labels, ...], Labels]:
    """The labels of each operand and of the result; RuntimeError where the text is no equation."""
    left, arrow, right = equation.partition("->")
    operands, start = [], 0
    for place, text in enumerate(left.split(",")):
        operands.append(_labels(text, start, f"operand {place}"))
        start += len(text) + 1
    if arrow:
        return tuple(operands), _labels(right, len(left) + len(arrow), "output")
    every = [label for labels in operands for label in labels]
    once = sorted(label for label in every if label != ELLIPSIS and every.count(label) == 1)
    return tuple(operands), (ELLIPSIS, *once) if ELLIPSIS in every else tuple(once)


def _labels(text: str, start: int, owner: str) -> Labels:
    """The letters and the ellipsis of one part of an equation that begins at ``start``."""
    labels: list[str] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character == ".":
            _check_ellipsis(text[at:], ELLIPSIS in labels, owner)
            labels.append(ELLIPSIS)
        elif character != " ":
            if not (character.isascii() and character.isalpha()):
                raise RuntimeError(
                    f"einsum(): invalid subscript given at index {start + at} in the equation string, subscripts must "
                    "be in [a-zA-Z]"
                )
            labels.append(character)
        at += len(ELLIPSIS) if character == "." else 1
    return tuple(labels)


def _check_ellipsis(text: str, there: bool, owner: str) -> None:
    if there:
        ending = "but an ellipsis (...) was already found" if owner == "output" else ""
        raise RuntimeError(f"einsum(): found '.' for {owner} {ending or 'for which an ellipsis was already found'}")
    if not text.startswith(ELLIPSIS):
        ending = " (...)" if owner == "output" else ""
        raise RuntimeError(f"einsum(): found '.' for {owner} that is not part of any ellipsis{ending}")


def _explicit(equation: str, operands: Sequence[Any]) -> tuple[list[str], str]:
    """The labels of each operand, one letter a dimension, and those of the result."""
    read, result = _read(equation)
    free = [letter for letter in ascii_letters if letter not in equation]
    covered = [operand.ndim - len(labels) + 1 for labels, operand in zip(read, operands, strict=True)]
    widest = max((count for labels, count in zip(read, covered, strict=True) if ELLIPSIS in labels), default=0)

    def spelt(labels: Labels, count: int) -> str:
        return "".join("".join(free[widest - count : widest]) if label == ELLIPSIS else label for label in labels)

    return [spelt(labels, count) for labels, count in zip(read, covered, strict=True)], spelt(result, widest)


def _check(*operands: Any, equation: str) -> None:
    read, result = _read(equation)
    if len(read) != len(operands):
        count = "fewer" if len(operands) < len(read) else "more"
        raise RuntimeError(f"einsum(): {count} operands were provided than specified in the equation")
    for place, (labels, operand) in enumerate(zip(read, operands, strict=True)):
        _check_rank(labels, operand.ndim, place)
    for label in result:
        if result.count(label) > 1:
            raise RuntimeError(f"einsum(): output subscript {label} appears more than once in the output")
        if label != ELLIPSIS and not any(label in labels for labels in read):
            raise RuntimeError(
                f"einsum(): output subscript {label} does not appear in the equation for any input operand"
            )
    _check_sizes(_explicit(equation, operands)[0], operands, equation)
    if any(_summed(read, result, place) & set(read[place - 1]) for place in range(1, len(read))):
        for operand in operands:
            if operand.dtype != operands[0].dtype:
                expected, found = type_name(operands[0].dtype), type_name(operand.dtype)
                raise RuntimeError(f"expected scalar type {expected} but found {found}")
        if operands[0].dtype == np.bool_:
            raise NotImplementedError("\"bmm\" not implemented for 'Bool'")


def _summed(read: Sequence[Labels], result: Labels, place: int) -> set[str]:
    """The labels of the operand at ``place`` that are summed over."""
    return set(read[place]) - set(result)


def _check_rank(labels: Labels, ndim: int, place: int) -> None:
    count = len([label for label in labels if label != ELLIPSIS])
    start = f"einsum(): the number of subscripts in the equation ({count})"
    if ELLIPSIS in labels and count > ndim:
        raise RuntimeError(f"{start} is more than the number of dimensions ({ndim}) for operand {place}")
    if ELLIPSIS not in labels and count != ndim:
        raise RuntimeError(
            f"{start} does not match the number of dimensions ({ndim}) for operand {place} and no ellipsis was given"
        )


def _check_sizes(inputs: Sequence[str], operands: Sequence[Any], equation: str) -> None:
    seen: dict[str, int] = {}
    for place, (labels, operand) in enumerate(zip(inputs, operands, strict=True)):
        own: dict[str, int] = {}
        for dim, (label, size) in enumerate(zip(labels, operand.shape, strict=True)):
            if own.setdefault(label, size) != size:
                raise RuntimeError(
                    f"einsum(): subscript {label} is repeated for operand {place} but the sizes don't match, {size} != "
                    f"{own[label]}"
                )
            if seen.setdefault(label, size) not in (size, 1) and size != 1:
                raise RuntimeError(_not_broadcast(label, dim, place, size, seen[label], equation))
            seen[label] = size if seen[label] == 1 else seen[label]


def _not_broadcast(label: str, dim: int, place: int, size: int, seen: int, equation: str) -> str:
    if label in equation:
        return (
            f"einsum(): subscript {label} has size {size} for operand {place} which does not broadcast with previously "
            f"seen size {seen}"
        )
    return (
        f"einsum(): dimension {dim} covered by ellipsis in operand {place}has size {size} which does not broadcast "
        f"with previously seen ellipsis with size {seen} for the respective dimension"
    )


def _contracted(inputs: Sequence[str], result: str, operands: Sequence[Any]) -> Any:
    """NumPy's einsum, which plans products of matrices where that is worth its time."""
    sizes: dict[str, int] = {}
    for labels, operand in zip(inputs, operands, strict=True):
        sizes |= {label: size for label, size in zip(labels, operand.shape, strict=True) if size != 1}
    planned = len(operands) > 1 and prod(sizes.values()) >= WORTH_PLANNING
    return np.einsum(f"{','.join(inputs)}->{result}", *operands, optimize=planned)


def _einsum(*operands: Any, equation: str) -> Any:
    inputs, result = _explicit(equation, operands)
    if len(operands) == 1 and operands[0].dtype.kind in "bui" and set(inputs[0]) - set(result):
        operands = (np.astype(operands[0], np.int64),)  # as every sum of integers
    return _contracted(inputs, result, operands)


def _vjp(g: Any, y: Any, *operands: Any, at: int, equation: str) -> Any:
    """The operand's labels, as far as they stand elsewhere, of ``g`` and the other operands; what was summed alone
    broadcasts, and a label that stood twice gets its gradient on the diagonal.
    """
    inputs, result = _explicit(equation, operands)
    own, others = inputs[at], [result, *inputs[:at], *inputs[at + 1 :]]
    kept = [dim for dim, label in enumerate(own) if label not in own[:dim] and any(label in each for each in others)]
    found = _contracted(others, "".join(own[dim] for dim in kept), [g, *operands[:at], *operands[at + 1 :]])
    spread = np.expand_dims(found, tuple(dim for dim in range(len(own)) if dim not in kept))
    return spread if len(set(own)) == len(own) else np.where(_diagonal(own, operands[at].shape), spread, 0)


def _diagonal(labels: str, shape: Sequence[int]) -> Any:
    """Where, in an array of ``shape``, the indices of equal labels are equal."""
    places = np.indices(tuple(shape), sparse=True)
    equal = [places[labels.index(label)] == places[dim] for dim, label in enumerate(labels)]
    return np.logical_and.reduce(np.broadcast_arrays(*equal))


def _name(numbers: frozenset[str], params: Mapping[str, Any]) -> str:
    """PyTorch permutes, multiplies and sums in several steps; the name is the last one's."""
    read, result = _read(params["equation"])
    summed = [bool(_summed(read, result, place)) for place in range(len(read))]
    if len(read) == 1:
        return "SumBackward1" if summed[0] else "PermuteBackward0"
    return "ViewBackward0" if summed[-1] or (len(read) == 2 and summed[0]) else "MulBackward0"


def _sample(equation: str, *operands: Any) -> Sample:
    return Sample(operands, {"equation": equation})


register(Rule(
    "einsum", _einsum, vjps=(_vjp,),
    doc="Products of elements whose labels agree, summed over the labels that the result does not have.",
    family="linalg", symbol="ΣΠ", synonyms=("einstein summation", "contraction", "sum of products"),
    method=False, variadic=True, leading=("equation",), view=True, check=_check, grad_fn=_name,
    samples=(_sample("ij,jk->ik", _A, _B), _sample("i,ij,j->", _V, _SQUARE, _V), _sample("ii->i", _SQUARE),
             _sample("...ij,...jk->...ik", [_A, _A], _B), _sample("ij->j", _A), _sample("iij,k->ij", [_A, _A], _V)),
))  # fmt: skip
