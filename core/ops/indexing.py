"""Picking elements out by index.

An index is what Python puts between brackets: integers, slices, None, ``...`` and integer or boolean arrays; a document
writes it as text, such as ``"0, 1:"``.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from chainrule.core.ops.checks import size_text
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Rule, Sample
from chainrule.core.ops.vocabulary import index as take
from chainrule.core.ops.vocabulary import unindex

_INTEGER = re.compile(r"[+-]?\d+")
_PARTS = re.compile(r"\[[^\]]*\]|[^,\[\]]+")  # a list in brackets keeps its commas


def parse_index(index: Any) -> Any:
    """``index`` as NumPy takes it; text such as ``"0, 1:, None"`` is read, lists become arrays; ValueError if it
    cannot be.
    """
    if isinstance(index, str):
        parts = tuple(_part(part.strip()) for part in _PARTS.findall(index) if part.strip())
        return parts[0] if len(parts) == 1 else parts
    return _with_one_ellipsis(tuple(map(_known, index))) if isinstance(index, tuple) else _known(index)


def _with_one_ellipsis(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """``parts`` without any ``...`` but the first, which NumPy takes no more of: there is nothing left to stand for."""
    dots = [place for place, part in enumerate(parts) if part is Ellipsis]
    return tuple([part for place, part in enumerate(parts) if place not in dots[1:]])


def _known(part: Any) -> Any:
    """A list as an array, and an array of a single integer as that integer, which picks no dimension of its own."""
    if isinstance(part, list):
        return np.asarray(part)
    return int(part) if isinstance(part, np.ndarray) and part.ndim == 0 and part.dtype.kind in "iu" else part


def _part(text: str) -> Any:
    if text.startswith("["):
        return np.array([int(number) for number in _numbers(text)], dtype=np.int64)
    if text in ("...", "None"):
        return {"...": Ellipsis, "None": None}[text]
    sides = [side.strip() for side in text.split(":")]
    if len(sides) > 3 or any(side and not _INTEGER.fullmatch(side) for side in sides):
        raise ValueError(f"{text!r} is not an index; write integers, slices such as 1:3, ... or None")
    numbers = [int(side) if side else None for side in sides]
    return numbers[0] if len(numbers) == 1 else slice(*numbers)


def _numbers(text: str) -> list[str]:
    numbers = [number.strip() for number in text.strip("[]").split(",") if number.strip()]
    for number in numbers:
        if not _INTEGER.fullmatch(number):
            raise ValueError(f"{number!r} is not an index; a list in brackets holds integers")
    return numbers


def _in_bounds(input: Any, index: Any) -> None:
    if isinstance(index, tuple) and sum(part is Ellipsis for part in index) > 1:
        _not_past_the_end(tuple(map(_known, index)), input.ndim)
    index = parse_index(index)
    parts = index if isinstance(index, tuple) else (index,)
    counted = [part for part in parts if part is not None and part is not Ellipsis]
    for part in counted:
        _legal(part)
    if input.ndim == 0 and any(isinstance(part, int) for part in counted):
        raise IndexError(
            "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a "
            "0-dim tensor to a number"
        )
    if sum(map(_consumed, counted)) > input.ndim:
        raise IndexError(f"too many indices for tensor of dimension {input.ndim}")
    dim = 0
    for part in _aligned(parts, input.ndim):
        _fits(part, input.shape, dim)
        dim += _consumed(part)


def _not_past_the_end(parts: tuple[Any, ...], ndim: int) -> None:
    """IndexError for a part behind one ``...`` too many: PyTorch lets each skip what all of them may stand for."""
    skipped = ndim - sum(_consumed(part) for part in parts if part is not None and part is not Ellipsis)
    dim, left, whole = 0, ndim, slice(None)  # the next dimension, and how many there are by then, both without selected
    selected = 0
    for part in parts:
        if part is Ellipsis:
            dim = dim + max(skipped, 0)
        elif part is None:
            if dim > left:
                raise IndexError(
                    f"Dimension out of range (expected to be in range of [-{left + 1}, {left}], but got {dim})"
                )
            dim, left = dim + 1, left + 1
        elif isinstance(part, (int, np.integer)):
            if dim >= left > 0:
                raise IndexError(f"index {part} is out of bounds for dimension {dim + selected} with size 0")
            left, selected = left - 1, selected + 1
        elif isinstance(part, slice):
            if part != whole and dim >= left:
                raise IndexError(
                    f"Dimension out of range (expected to be in range of [-{left}, {left - 1}], but got {dim})"
                )
            dim = dim + 1
        else:
            dim = dim + _consumed(part)
            if dim > left:
                raise IndexError(f"too many indices for tensor of dimension {left} (got {dim})")


def _legal(part: Any) -> None:
    if isinstance(part, slice):
        if part.step is not None and part.step <= 0:
            raise ValueError("step must be greater than zero")
    elif getattr(getattr(part, "dtype", None), "kind", "") == "f" and np.ndim(part):
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    elif not isinstance(part, (int, np.integer)) and getattr(part, "dtype", np.dtype(float)).kind not in "iub":
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices "
            f"(got {type(part).__name__})"
        )


def _consumed(part: Any) -> int:
    """How many dimensions ``part`` picks from: a mask as many as it has, anything else one."""
    return int(part.ndim) if getattr(part, "dtype", None) == np.bool_ else 1


def _fits(part: Any, shape: tuple[int, ...], dim: int) -> None:
    if isinstance(part, slice):
        return
    if getattr(part, "dtype", None) == np.bool_:
        for place, side in enumerate(part.shape):
            if side != shape[dim + place]:
                raise IndexError(
                    f"The shape of the mask {size_text(part.shape)} at index {place} does not match the shape of the "
                    f"indexed tensor {size_text(shape)} at index {dim + place}"
                )
        return
    picked = np.asarray(part)
    outside = (picked < -shape[dim]) | (picked >= shape[dim])
    if outside.any():
        first = picked[outside].flat[0]
        raise IndexError(f"index {first} is out of bounds for dimension {dim} with size {shape[dim]}")


def _aligned(parts: tuple[Any, ...], ndim: int) -> list[Any]:
    """``parts`` one a dimension: None taken out, ``...`` filled up."""
    real = [part for part in parts if part is not None]
    if Ellipsis in [part for part in real if part is Ellipsis]:
        place = next(place for place, part in enumerate(real) if part is Ellipsis)
        real[place : place + 1] = [slice(None)] * (ndim - sum(_consumed(part) for part in real if part is not Ellipsis))
    return real


def _name(numbers: frozenset[str], params: Any) -> str:
    """PyTorch has one node a bracket's part; the name shown is the last one's."""
    index = parse_index(params["index"])
    whole = (Ellipsis, slice(None)) if isinstance(index, tuple) else (Ellipsis,)
    parts = [part for part in (index if isinstance(index, tuple) else (index,)) if not _is_one_of(part, whole)]
    if not parts:
        return "AliasBackward0"
    part = parts[-1]
    if isinstance(part, (int, np.integer)):
        return "SelectBackward0"
    return "SliceBackward0" if isinstance(part, slice) else "UnsqueezeBackward0" if part is None else "IndexBackward0"


def _is_one_of(part: Any, those: tuple[Any, ...]) -> bool:
    return isinstance(part, (slice, type(...))) and part in those


def _index_tensors(params: Any) -> tuple[str, ...]:
    index = parse_index(params["index"])
    parts = index if isinstance(index, tuple) else (index,)
    return ("index",) if any(isinstance(part, np.ndarray) for part in parts) else ()


register(Rule(
    "getitem", lambda input, index: take(input, parse_index(index)),
    vjps=(lambda g, y, input, index: unindex(g, parse_index(index), input.shape),),
    doc="The elements that an index such as `0, 1:` picks.", family="indexing", symbol="[i]",
    synonyms=("index", "slice", "select", "pick", "[]"), paths=(), method=False, operators=("__getitem__",),
    dtype="as is", view=True, check=_in_bounds, grad_fn=_name, saved_params=_index_tensors,
    samples=(Sample(([1.5, -2.0, 0.5],), {"index": 1}), Sample(([[1.5, -2.0], [0.5, 3.0]],), {"index": ":, 0"})),
))  # fmt: skip

register(Rule(
    "unindex", lambda input, index, shape: unindex(input, parse_index(index), shape),
    vjps=(lambda g, y, input, index, shape: take(g, parse_index(index)),),
    doc="Zeros with each element added where an index would pick it.", family="indexing", public=False, dtype="as is",
    samples=(Sample(([1.5, -2.0], ), {"index": slice(0, 2), "shape": (3,)}),),
))  # fmt: skip
