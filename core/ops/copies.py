"""The same values once more: copies, the cut that lets no gradient pass, and the change of dtype.

None of them computes anything; what they do to the gradient is what they are for.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.ops.checks import TYPE_NAMES, broadcast, expandable
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample

_MATRIX = Sample(([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]],))


def _with(**params: Any) -> Sample:
    return Sample(_MATRIX.inputs, params)


register(Rule(
    "ordered_clone", lambda input: np.copy(input, order="C"),
    vjps=(lambda g, y, input: g,),
    doc="A copy whose elements lie in order.", family="control", public=False, dtype="as is", grad_fn="CloneBackward0",
    samples=(_MATRIX,),
))  # fmt: skip

_LAID_OUT = ("Tensor input, *, torch.memory_format memory_format = None",)

register(Composite(
    "contiguous", lambda F, input: input if input.is_contiguous() else F.ordered_clone(input),
    doc="The same values in order in memory: itself where they are so already.", family="shape", symbol="▤",
    synonyms=("copy", "memory"), paths=(), overloads=_LAID_OUT,
    samples=(_MATRIX,),
))  # fmt: skip

register(Rule(
    "clone", lambda input: np.copy(input),
    vjps=(lambda g, y, input: g,),
    doc="A copy that the gradient passes through.", family="control", symbol="⧉", synonyms=("copy",), dtype="as is",
    overloads=_LAID_OUT, samples=(_MATRIX,),
))  # fmt: skip


def _into(input: Any, source: Any) -> None:
    broadcast(input.shape, source.shape)
    expandable(source.shape, input.shape)


register(Rule(
    "copy", lambda input, source: np.broadcast_to(np.astype(source, input.dtype), input.shape),
    vjps=(lambda g, y, input, source: np.zeros_like(g),
          lambda g, y, input, source: g),
    doc="The elements of the second in the shape and dtype of the first: what `copy_` writes.", family="control",
    public=False, dtype="as is", check=_into,
    grad_fn="torch::autograd::CopyBackwards", samples=(Sample(([1.5, -2.0], 3.0)),),
))  # fmt: skip


def _one_value(input: Any, value: Any) -> None:
    if getattr(value, "ndim", 0):
        raise RuntimeError(f"fill_ only supports 0-dimension value tensor but got tensor with {value.ndim} dimensions.")


register(Rule(
    "fill", lambda input, value: np.copy(np.broadcast_to(value, input.shape)),
    vjps=(lambda g, y, input, value: np.zeros_like(g),
          lambda g, y, input, value: g),
    doc="One value in the shape and dtype of the tensor: what `fill_` writes.", family="control", public=False,
    numbers=("value",), dtype="first", check=_one_value,
    grad_fn=lambda numbers, params: "FillBackward2" if "value" in numbers else "FillBackward3",
    samples=(Sample(([1.5, -2.0], 3.0)),),
))  # fmt: skip

register(Rule(
    "zero", lambda input: np.zeros_like(input),
    vjps=(lambda g, y, input: np.zeros_like(g),),
    doc="Zeros in the shape and dtype of the tensor: what `zero_` writes.", family="control", public=False,
    dtype="as is", samples=(_MATRIX,),
))  # fmt: skip

register(Rule(
    "alias", lambda input: input,
    vjps=(lambda g, y, input: g,),
    doc="The tensor itself, as a result of its own on the tape.", family="control", public=False, dtype="as is",
    view=True, samples=(_MATRIX,),
))  # fmt: skip

register(Rule(
    "detach", lambda input: input,
    vjps=(None,),
    doc="The same values, cut off from the tape: no gradient passes.", family="control", symbol="✂",
    synonyms=("stop gradient", "cut", "scissors"), dtype="as is", view=True, samples=(_MATRIX,),
))  # fmt: skip

register(Rule(
    "cast", lambda input, to: np.astype(input, to),
    vjps=(lambda g, y, input, to: g,),
    doc="The same values in another dtype.", family="control", public=False, dtype="as is", grad_fn="ToCopyBackward0",
    samples=(_with(to="float64"),),
))  # fmt: skip


def _conversion(name: str, dtype: str) -> None:
    register(Composite(
        name, lambda F, input: input if input.dtype.name == dtype else F.cast(input, dtype),
        doc=f"The same values as {dtype}.", family="control", paths=(), overloads=_LAID_OUT, samples=(_MATRIX,),
    ))  # fmt: skip


for _method, _dtype in (
    ("half", "float16"), ("float", "float32"), ("double", "float64"), ("long", "int64"), ("int", "int32"),
    ("short", "int16"), ("char", "int8"), ("byte", "uint8"), ("bool", "bool"),
):  # fmt: skip
    _conversion(_method, _dtype)


_PYTHONS = {float: "float64", int: "int64", bool: "bool"}


def _wanted_dtype(request: Any) -> str:
    """The dtype that ``to`` is asked for by a dtype, its name, or a tensor of it; "" where only the device is named."""
    wanted = getattr(getattr(request, "dtype", request), "name", request)
    wanted = _PYTHONS.get(wanted, wanted) if isinstance(wanted, type) else wanted
    if wanted is None or str(wanted).split(":")[0] == "cpu":
        return ""
    if wanted not in TYPE_NAMES:
        raise RuntimeError(f"to(): {wanted!r} is no dtype, and the only device here is 'cpu'")
    return str(wanted)


def _to(
    F: Any, input: Any, dtype: Any = None, device: Any = None, *, non_blocking: bool = False, copy: bool = False
) -> Any:
    wanted = _wanted_dtype(dtype) or _wanted_dtype(device) or input.dtype.name
    if wanted == input.dtype.name:
        return F.clone(input) if copy else input
    return F.cast(input, wanted)


_HOW = "bool non_blocking = False, bool copy = False, *, torch.memory_format memory_format = None"

register(Composite(
    "to", _to, doc="The same values in another dtype, or in that of another tensor.", family="control", paths=(),
    synonyms=("cast", "convert", "dtype"),
    overloads=(f"torch.device device = None, torch.dtype dtype = None, {_HOW}",
               f"torch.dtype dtype, {_HOW}",
               f"Tensor tensor, {_HOW}"),
    samples=(_with(dtype="float64"),),
))  # fmt: skip

register(Composite(
    "type_as", lambda F, input, other: F.to(input, other), doc="The same values in the dtype of another tensor.",
    family="control", paths=(), tensors=("input", "other"), samples=(Sample(([1.5, -2.0], [1.0])),),
))  # fmt: skip
