"""Tensors made larger at their edges: by a constant, or by what stands inside.

``widths`` are the elements to add before and after, a pair for each dimension, first dimension first; negative ones cut
off. PyTorch's ``pad``, which counts from the last dimension, is translated here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.core.ops.checks import size_text
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.vocabulary import index, unindex

Widths = Sequence[tuple[int, int]]


def padded(array: Any, widths: Widths, value: float = 0) -> Any:
    """``array`` with ``value`` around it; where a width is negative, without its outermost elements."""
    if any(width < 0 for pair in widths for width in pair):
        sides = zip(array.shape, widths, strict=True)
        array = array[tuple(slice(max(-low, 0), side - max(-high, 0)) for side, (low, high) in sides)]
    added = tuple((max(low, 0), max(high, 0)) for low, high in widths)
    return np.pad(array, added, constant_values=value) if np.any(added) else array


def cropped(g: Any, widths: Widths) -> Any:
    """The adjoint of ``padded``: ``g`` with those widths taken off again, zeros where elements had been cut off."""
    return padded(g, tuple((-low, -high) for low, high in widths))


def _not_negative(input: Any, widths: Widths, value: float = 0) -> None:
    for side, (low, high) in zip(input.shape, widths, strict=True):
        if side + min(low, 0) + min(high, 0) < 0:
            raise RuntimeError("narrow(): length must be non-negative.")


def _in_new_memory(input: Any, widths: Widths, value: float = 0) -> Any:
    """``padded``, which adds nothing where it only cuts off."""
    result = padded(input, widths, value)
    return result if any(width > 0 for pair in widths for width in pair) else np.copy(result)


register(Rule(
    "constant_pad_nd", _in_new_memory,
    vjps=(lambda g, y, input, widths, value: cropped(g, widths),),
    doc="A constant added around a tensor.", family="shape", public=False, dtype="as is", check=_not_negative,
    samples=(Sample(([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]],), {"widths": ((0, 1), (2, -1)), "value": 1.5}),),
))  # fmt: skip


def _places(side: int, width: tuple[int, int], mode: str) -> Any:
    """For each element of a padded dimension, which of the ``side`` elements it repeats."""
    counted = np.arange(-width[0], side + width[1])
    if mode == "circular":  # what is cut off does not come round again
        start, stop = max(-width[0], 0), side - max(-width[1], 0)
        return start + (counted - start) % max(stop - start, 1)
    if mode == "replicate":
        return np.clip(counted, 0, side - 1)
    return (side - 1) - np.abs((side - 1) - np.abs(counted))


def _repeated(input: Any, widths: Widths, mode: str) -> Any:
    """The index that makes the padded tensor of ``input``, whose last dimensions have the ``widths``."""
    sides = input.shape[input.ndim - len(widths) :]
    return (..., *np.ix_(*[_places(side, width, mode) for side, width in zip(sides, widths, strict=True)]))


_NODES = {"reflect": "ReflectionPad{}DBackward0", "replicate": "ReplicationPad{}DBackward0",
          "circular": "torch::autograd::CopySlices"}  # fmt: skip

register(Rule(
    "pad_repeating", lambda input, widths, mode: index(input, _repeated(input, widths, mode)),
    vjps=(lambda g, y, input, widths, mode: unindex(g, _repeated(input, widths, mode), input.shape),),
    doc="A tensor continued beyond its edges by its own elements.", family="shape", public=False, dtype="as is",
    grad_fn=lambda numbers, params: _NODES[params["mode"]].format(len(params["widths"])),
    samples=(Sample(([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]],), {"widths": ((1, 0), (2, 1)), "mode": "reflect"}),),
))  # fmt: skip


def _pad(F: Any, input: Any, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Any:
    widths = _pairs(pad, input.ndim)
    if mode == "constant":
        before = ((0, 0),) * (input.ndim - len(widths))
        return F.constant_pad_nd(input, (*before, *widths), 0 if value is None else value)
    if value:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    if mode not in _NODES:
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    _continued(input, widths, mode)
    return F.pad_repeating(input, widths, mode)


def _pairs(pad: Sequence[int], ndim: int) -> tuple[tuple[int, int], ...]:
    """PyTorch's list, last dimension first, as pairs in the order of the dimensions."""
    if isinstance(pad, int):
        raise TypeError("pad(): argument 'pad' (position 2) must be tuple of ints, not int")
    if len(pad) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(pad) > 2 * ndim:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got padding length "
            f"{len(pad)} and input of dimension {ndim}"
        )
    return tuple(zip(pad[::2], pad[1::2], strict=True))[::-1]


def _continued(input: Any, widths: Widths, mode: str) -> None:
    """Check that ``input`` has dimensions to continue, and elements enough to do it with."""
    count, ndim = len(widths), input.ndim
    if count not in (1, 2, 3) or ndim not in (count + 1, count + 2):
        raise NotImplementedError(
            f"Padding size {2 * count} is not supported for {ndim}D input tensor.\nSupported combinations for "
            "non-constant padding:\n  - 2D or 3D input: padding size = 2 (pads last dimension)\n  - 3D or 4D input: "
            "padding size = 4 (pads last 2 dimensions)\n  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"
        )
    if mode != "circular" and 0 in input.shape[ndim - count - 1 :]:
        raise RuntimeError(
            f"Expected {count + 1}D or {count + 2}D (batch mode) tensor with possibly 0 batch size and other non-zero "
            f"dimensions for input, but got: {size_text(input.shape)}"
        )
    for place, width in enumerate(widths[::-1]):
        dim = ndim - 1 - place
        if mode == "reflect" and max(width) >= input.shape[dim]:
            raise RuntimeError(
                f"Argument #{2 * place + 4}: Padding size should be less than the corresponding input dimension, but "
                f"got: padding ({width[0]}, {width[1]}) at dimension {dim} of input {size_text(input.shape)}"
            )
        if mode == "circular" and max(width) > input.shape[dim]:
            raise RuntimeError("Padding value causes wrapping around more than once.")
    _not_cut_away(tuple(input.shape), [sum(width) for width in widths], mode)


def _not_cut_away(shape: tuple[int, ...], added: Sequence[int], mode: str) -> None:
    """Check that a tensor of ``shape`` keeps something where its last dimensions grow by what is ``added``."""
    lead, count = len(shape) - len(added), len(added)
    sides = [side + more for side, more in zip(shape[lead:], added, strict=True)]
    negative = [side for side in sides if side < 0]
    if mode == "circular":
        if negative:
            raise RuntimeError("Negative padding value is resulting in an empty dimension")
        return
    if max(sides) < 1:
        given, got = (dict(zip("DHW"[-count:], each, strict=True)) for each in (shape[lead:], sides))
        texts = [f"{name}: {side}" for name, side in given.items()]
        there = ", ".join([" ".join(texts[:-1]), texts[-1]] if count > 1 else texts)
        space = " " * (count == 2 and mode == "replicate")
        made = " ".join(f"{name}: {side}" for name, side in got.items())
        raise RuntimeError(f"input ({there}{space}) is too small. Calculated output {made}")
    if negative and count == 2 and mode == "reflect":
        raise RuntimeError("numel: integer multiplication overflow")
    if negative:
        made = size_text((*shape[:lead], *sides))
        raise RuntimeError(f"Trying to create tensor with negative dimension {negative[0]}: {made}")


register(Composite(
    "pad", _pad, doc="A tensor made larger at its edges; the last dimension's two widths come first.", family="shape",
    symbol="pad", synonyms=("padding", "border", "enlarge"), paths=("nn.functional",), method=False,
    choices={"mode": ("constant", "reflect", "replicate", "circular")},
    samples=(Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],), {"pad": (1, 2)}),
             Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],), {"pad": (1, 2), "mode": "reflect"})),
))  # fmt: skip
