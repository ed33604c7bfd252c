"""The record that describes one optimiser's update: what it keeps, the numbers of a step, and the arithmetic.

Like a rule of the rule book, an update is written once in plain NumPy calls and read in several ways: on arrays it is a
step, on traced arrays it becomes part of a program. The updates themselves stand in ``rules``; no tensor is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Options = Mapping[str, Any]


def _zeros(options: Options) -> Mapping[str, float]:
    return {}


@dataclass(frozen=True, eq=False)
class Update:
    """How one optimiser goes from a value and its gradient to the next value.

    ``defaults`` are torch's options in torch's order; ``faults(options)`` gives what PyTorch refuses, in its order: an
    option's name, and PyTorch's words. ``state(options)`` names the arrays that are kept, each of the parameter's shape
    and dtype; they begin as zeros, unless ``initial(options)`` has another number for them. ``counted`` says that torch
    keeps the number of steps beside them; without it, the first step is the one that finds no arrays.

    ``numbers(step, options)`` gives the numbers of a step, which counts from 1. It uses operators only, so that
    ``step`` and ``options["lr"]`` may be Python floats or 0-d float64 arrays, traced ones too; PyTorch computes them in
    float64. No other option may be an array, so that code may branch on it.

    ``apply(value, grad, state, numbers, options)`` gives the next value and the next arrays and changes none. It is
    elementwise, in words of the vocabulary and operators, so that it may run on all parameters laid end to end. The
    numbers are Python floats or 0-d arrays of the value's dtype.
    """

    name: str
    defaults: Options
    faults: Callable[[Options], Iterable[tuple[str, str]]]
    state: Callable[[Options], tuple[str, ...]]
    numbers: Callable[[Any, Options], Mapping[str, Any]]
    apply: Callable[[Any, Any, Mapping[str, Any], Mapping[str, Any], Options], tuple[Any, Mapping[str, Any]]]
    initial: Callable[[Options], Mapping[str, float]] = _zeros
    counted: bool = True


@dataclass(frozen=True, eq=False)
class Memory:
    """What an optimiser keeps of one parameter from step to step: how many there were, and the arrays by name."""

    optimizer: str
    steps: int = 0
    arrays: Mapping[str, Array] = field(default_factory=dict)


def beginning(update: Update, value: Array, options: Options) -> dict[str, Array]:
    """The arrays that ``update`` keeps of ``value``, before its first step."""
    initial = update.initial(options)
    return {name: np.full_like(value, initial.get(name, 0.0)) for name in update.state(options)}


def _following(update: Update, memory: Memory, options: Options) -> int:
    """The number of the step that comes after ``memory``."""
    if update.counted:
        return memory.steps + 1
    return 2 if all(name in memory.arrays for name in update.state(options)) else 1


def advance(update: Update, value: Array, grad: Array, memory: Memory | None, options: Options) -> tuple[Array, Memory]:
    """The next value and memory of one parameter; all arrays are of one shape and dtype, and none is changed.

    Without a memory, or with another optimiser's, this is the first step. Arrays that these options have no use for are
    kept, as PyTorch keeps them. What overflows becomes infinite or nan without a warning.
    """
    if memory is None or memory.optimizer != update.name:
        memory = Memory(update.name)
    step = _following(update, memory, options)
    arrays = beginning(update, value, options) | dict(memory.arrays)
    with np.errstate(all="ignore"):
        value, changed = update.apply(value, grad, arrays, update.numbers(float(step), options), options)
    arrays |= {name: np.asarray(array) for name, array in changed.items()}
    return np.asarray(value), Memory(update.name, step, arrays)
