"""PyTorch's CPU random numbers: the same numbers for the same seed, drawn in the same order.

A thread draws from the default generator, as in PyTorch, unless it was given a stream of its own. A stream is the
Mersenne Twister of NumPy's ``RandomState``; how PyTorch turns it into floats, normals, integers and permutations is
written here, as it was found by experiment with PyTorch 2.13. Results are arrays, never tensors.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine import dtypes
from chainrule.core.ops import chance

Array = NDArray[Any]
Shape = tuple[int, ...]

UNSEEDED = 67280421310721  # what a new torch.Generator starts from
BLOCK = 16  # normals are made in blocks of this many where there are enough of them


class Generator:
    """One stream of random numbers; ``rand``, ``randn``, ``randint`` and ``randperm`` draw from it, in order.

    ``shape`` and ``dtype`` are those of the result. A normal deviate that was made but not given is kept for later.
    """

    def __init__(self) -> None:
        self.manual_seed(UNSEEDED)

    def manual_seed(self, seed: int) -> Generator:
        """Start the stream anew from ``seed``; ValueError unless it fits 64 bits."""
        seed = int(seed)
        if not -(2**63) <= seed < 2**64:
            raise ValueError("Overflow when unpacking long long")
        self._seed = seed % 2**64
        self._stream = np.random.RandomState(self._seed % 2**32)
        self._kept_normal: float | None = None
        return self

    def seed(self) -> int:
        """Start the stream anew from a seed that nobody knows beforehand, and tell it."""
        return self.manual_seed(int.from_bytes(os.urandom(8), "little")).initial_seed()

    def initial_seed(self) -> int:
        """The seed that the stream started from, as an unsigned number of 64 bits."""
        return self._seed

    def copy(self) -> Generator:
        """One that stands where this one stands, and will give the same numbers."""
        copied = Generator()
        copied._seed, copied._kept_normal = self._seed, self._kept_normal
        copied._stream.set_state(self._stream.get_state())
        return copied

    def stands_where(self, other: Generator) -> bool:
        """Whether both will give the same numbers, but for a normal deviate that one of them has kept."""
        (_, mine, place, *_), (_, others, elsewhere, *_) = self._stream.get_state(), other._stream.get_state()
        return bool(place == elsewhere and np.array_equal(mine, others))

    def rand(self, shape: Shape, dtype: dtypes.dtype | None = None) -> Array:
        """Uniform on [0, 1); NotImplementedError for integers."""
        dtype = _floating(dtype, "check_uniform_bounds")
        uniforms = self._uniform(math.prod(shape), dtype).astype(dtype.numpy)
        return np.where(uniforms == 1, 0, uniforms).astype(dtype.numpy).reshape(shape)  # float16 rounds up to 1

    def randn(self, shape: Shape, dtype: dtypes.dtype | None = None, *, mean: float = 0.0, std: float = 1.0) -> Array:
        """Normal, standard by default; NotImplementedError for integers."""
        dtype = _floating(dtype, "normal_kernel_cpu")
        count = math.prod(shape)
        flat = self._many_normals(count, dtype) if count >= BLOCK else self._few_normals(count)
        if (mean, std) != (0.0, 1.0):
            flat = flat * std + mean
        return flat.astype(dtype.numpy).reshape(shape)

    def randint(self, low: int, high: int, shape: Shape, dtype: dtypes.dtype = dtypes.int64) -> Array:
        """Integers from ``low`` up to ``high`` - 1; RuntimeError if there are none or ``dtype`` cannot hold them."""
        _check_range(low, high, dtype)
        count, span = math.prod(shape), high - low
        # Long ranges take two draws a number, lest the remainder favour small numbers.
        drawn = self._bits32(count).astype(np.uint64) if span < 2**28 else self._bits64(count)
        offsets = drawn % np.uint64(span)
        return (offsets.astype(np.int64) + np.int64(low)).astype(dtype.numpy).reshape(shape)

    def randperm(self, n: int, dtype: dtypes.dtype = dtypes.int64) -> Array:
        """The numbers 0 to n - 1 in random order."""
        order = list(range(n))
        for i, drawn in enumerate(self._bits32(max(n - 1, 0)).tolist()):
            other = i + drawn % (n - i)
            order[i], order[other] = order[other], order[i]
        return np.array(order, dtype=dtype.numpy)

    def doubles(self, count: int) -> Array:
        """``count`` numbers uniform on [0, 1) in double precision: what masks are drawn by, whatever their dtype."""
        return self._uniform(count, dtypes.float64)

    def _bits32(self, count: int) -> NDArray[np.uint32]:
        return self._stream.randint(0, 2**32, count, dtype=np.uint32)

    def _bits64(self, count: int) -> NDArray[np.uint64]:
        pairs = self._bits32(2 * count).astype(np.uint64)
        return (pairs[::2] << np.uint64(32)) | pairs[1::2]

    def _uniform(self, count: int, dtype: dtypes.dtype) -> Array:
        if dtype is dtypes.float64:
            return (self._bits64(count) & np.uint64(2**53 - 1)) * 2.0**-53
        return (self._bits32(count) & np.uint32(2**24 - 1)).astype(np.float32) * np.float32(2.0**-24)

    def _few_normals(self, count: int) -> Array:
        """Box-Muller on pairs of uniforms, in float64, one pair after the other; an odd one out is kept."""
        kept = [] if self._kept_normal is None or not count else [self._kept_normal]
        missing = count - len(kept)
        u1, u2 = self._uniform(2 * math.ceil(missing / 2), dtypes.float64).reshape(-1, 2).T
        radius, angle = np.sqrt(-2.0 * np.log1p(-u2)), 2.0 * np.pi * u1
        made = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).ravel()
        if count:
            self._kept_normal = float(made[-1]) if missing % 2 else None
        return np.concatenate([kept, made[:missing]])

    def _many_normals(self, count: int, dtype: dtypes.dtype) -> Array:
        """Box-Muller within blocks of 16 uniforms; where they do not divide ``count``, the last 16 are drawn again."""
        whole = count - count % BLOCK
        uniforms = self._uniform(whole if dtype is dtypes.float16 else count, dtype)
        normals = np.empty(count, uniforms.dtype)
        normals[:whole] = _block_normals(uniforms[:whole])
        if whole < count:
            normals[-BLOCK:] = _block_normals(self._uniform(BLOCK, dtype))
        return normals


def _block_normals(uniforms: Array) -> Array:
    u1, u2 = uniforms.reshape(-1, 2, BLOCK // 2).swapaxes(0, 1)
    one, two_pi = uniforms.dtype.type(1.0), uniforms.dtype.type(2.0 * np.pi)
    radius, angle = np.sqrt(-2 * np.log(one - u1)), two_pi * u2
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).ravel()


def _floating(dtype: dtypes.dtype | None, kernel: str) -> dtypes.dtype:
    dtype = dtype or dtypes.get_default_dtype()
    if not dtype.is_floating_point:
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{dtype.type_name}'")
    return dtype


def _check_range(low: int, high: int, dtype: dtypes.dtype) -> None:
    if low >= high:
        raise RuntimeError(f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}")
    for what, limit in (("from", low), ("to - 1", high - 1)):
        if not _holds(dtype, limit):
            raise RuntimeError(f"{what} is out of bounds for {dtype.c_name}")


def _holds(dtype: dtypes.dtype, number: int) -> bool:
    if dtype is dtypes.bool_:
        return number in (0, 1)
    limits = np.finfo(dtype.numpy) if dtype.is_floating_point else np.iinfo(dtype.numpy)
    return bool(limits.min <= number <= limits.max)


default_generator = Generator()
default_generator.seed()


class _Drawing(threading.local):
    """What the running thread draws from; None for the default generator."""

    source: Generator | None = None


_drawing = _Drawing()


def current() -> Generator:
    """The generator that this thread draws from where none is named."""
    return _drawing.source or default_generator


chance.deal_from(lambda count: current().doubles(count))


@contextmanager
def drawing_from(generator: Generator) -> Iterator[None]:
    """Inside, this thread draws from ``generator`` where none is named, and what other threads draw does not matter."""
    before, _drawing.source = _drawing.source, generator
    try:
        yield
    finally:
        _drawing.source = before


@contextmanager
def rehearsing() -> Iterator[Callable[[], bool]]:
    """What is drawn inside is drawn once more afterwards: a rehearsal. Gives a function that tells whether anything has
    been drawn.
    """
    copied = current().copy()
    start = copied.copy()
    with drawing_from(copied):
        yield lambda: not copied.stands_where(start)


def branched() -> Generator:
    """A stream for a run in another thread. One number drawn here decides it, so that a seed decides it too, and the
    next branch is another.
    """
    return Generator().manual_seed(int(current()._bits64(1)[0]))


def manual_seed(seed: int) -> Generator:
    """Seed the generator that this thread draws from, which is the default one for nearly all; give it back."""
    return current().manual_seed(seed)


def initial_seed() -> int:
    """The seed that this thread's generator started from."""
    return current().initial_seed()


def seed() -> int:
    """Seed this thread's generator from the system's randomness; tell the seed."""
    return current().seed()
