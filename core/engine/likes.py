"""Tensors made after the likeness of another: ``zeros_like`` and its kin, ``new_zeros`` and its kin, and copies.

All but copies take shape and dtype, or the dtype alone, from the tensor they are given; nothing of its numbers. None
takes anything of its tape.
"""

from __future__ import annotations

import warnings
from typing import Any

from chainrule.core.engine import dtypes, errors
from chainrule.core.engine.arguments import size_of, sizes_of, takes
from chainrule.core.engine.constructors import full, leaf, ones, rand, randint, randn, zeros
from chainrule.core.engine.dtypes import dtype as DType
from chainrule.core.engine.tensor import Array, Tensor, tensor_of


@takes(input="tensor")
def zeros_like(input: Tensor, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Zeros in the shape and dtype of ``input``."""
    return zeros(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


@takes(input="tensor")
def ones_like(input: Tensor, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Ones in the shape and dtype of ``input``."""
    return ones(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


@takes(input="tensor")
def empty_like(input: Tensor, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """A tensor in the shape and dtype of ``input`` whose numbers are yet to be written."""
    return zeros_like(input, dtype=dtype, requires_grad=requires_grad)


@takes(input="tensor", fill_value="number")
def full_like(input: Tensor, fill_value: float, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """One number in the shape and dtype of ``input``."""
    return full(input.shape, fill_value, dtype=dtype or input.dtype, requires_grad=requires_grad)


@takes(input="tensor")
def rand_like(input: Tensor, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Numbers drawn evenly from [0, 1) in the shape and dtype of ``input``."""
    return rand(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


@takes(input="tensor")
def randn_like(input: Tensor, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """Numbers drawn from the standard normal distribution in the shape and dtype of ``input``."""
    return randn(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


@takes(input="tensor")
def randint_like(
    input: Tensor, low: int, high: int | None = None, *, dtype: DType | None = None, requires_grad: bool = False
) -> Tensor:
    """Integers drawn evenly from ``low`` up to but not including ``high`` in the shape and dtype of ``input``."""
    first, end = (0, low) if high is None else (low, high)
    return leaf(randint(first, end, input.shape, dtype=dtype or input.dtype)._data, requires_grad)


# Methods


@takes()
def new_tensor(self: Tensor, data: Any, *, dtype: DType | None = None, requires_grad: bool = False) -> Tensor:
    """A leaf holding a copy of ``data``, by default in the dtype of this tensor."""
    if isinstance(data, Tensor):
        warnings.warn(errors.COPY_CONSTRUCT.replace("torch.tensor(", "tensor.new_tensor("), UserWarning, stacklevel=2)
    found = dtypes.from_python(data, None if dtype is None else dtypes.requested(dtype, "new_tensor"))
    return leaf(found.astype((dtype or self.dtype).numpy), requires_grad)


@takes()
def new_full(
    self: Tensor, size: Any, fill_value: float, *, dtype: DType | None = None, requires_grad: bool = False
) -> Tensor:
    """``size`` filled with one number, by default in the dtype of this tensor."""
    return full(size_of("new_full", size, 1), fill_value, dtype=dtype or self.dtype, requires_grad=requires_grad)


@takes()
def new_zeros(
    self: Tensor, *sizes: Any, size: Any = None, dtype: DType | None = None, requires_grad: bool = False
) -> Tensor:
    """Zeros of that size, by default in the dtype of this tensor."""
    return zeros(sizes_of("new_zeros", sizes, size), dtype=dtype or self.dtype, requires_grad=requires_grad)


@takes()
def new_ones(
    self: Tensor, *sizes: Any, size: Any = None, dtype: DType | None = None, requires_grad: bool = False
) -> Tensor:
    """Ones of that size, by default in the dtype of this tensor."""
    return ones(sizes_of("new_ones", sizes, size), dtype=dtype or self.dtype, requires_grad=requires_grad)


@takes()
def new_empty(
    self: Tensor, *sizes: Any, size: Any = None, dtype: DType | None = None, requires_grad: bool = False
) -> Tensor:
    """A tensor of that size whose numbers are yet to be written, by default in the dtype of this tensor."""
    return new_zeros(self, *sizes, size=size, dtype=dtype, requires_grad=requires_grad)


# Copies


def deepcopied(self: Tensor, memo: dict[int, Any]) -> Tensor:
    """A leaf of its own, with ``.grad`` too; RuntimeError for what is no leaf."""
    if id(self) in memo:
        return memo[id(self)]  # type: ignore[no-any-return]
    if not self.is_leaf:
        raise RuntimeError(errors.DEEPCOPY_NON_LEAF)
    copy = memo[id(self)] = restored(self._data.copy(), self.requires_grad)
    copy.grad = None if self.grad is None else tensor_of(self.grad._data.copy())
    return copy


def pickled(self: Tensor) -> Any:
    """Its values and its switch, without ``.grad``, as PyTorch has it."""
    return restored, (self._data, self.requires_grad)


def restored(array: Array, requires_grad: bool) -> Tensor:
    """The leaf that ``pickled`` speaks of."""
    return tensor_of(array).requires_grad_(requires_grad)


for _name, _function in (("__deepcopy__", deepcopied), ("__reduce__", pickled)):
    setattr(Tensor, _name, _function)
for _method in (new_tensor, new_full, new_zeros, new_ones, new_empty):
    setattr(Tensor, _method.__name__, _method)
