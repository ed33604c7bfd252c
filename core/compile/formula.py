"""A rule's derivatives as formulas, as plain text and as LaTeX, read off the rule itself.

The formula comes from running the rule on traced arrays; none is written down anywhere. How calls are simplified
stands in ``readable`` and ``reading``, how they are written in ``notation``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.compile.notation import LATEX, TEXT, Printer
from chainrule.core.compile.readable import UPSTREAM
from chainrule.core.compile.reading import Reading, read
from chainrule.core.compile.tracing import Traced, TracingError
from chainrule.core.ops.rule import Rule, Sample

Array = NDArray[Any]

RESULT = "y"


@dataclass(frozen=True)
class Written:
    """The same thing in both notations."""

    text: str
    latex: str


@dataclass(frozen=True)
class Let:
    """A part that a formula uses more than once, under the name that it has there."""

    name: str
    text: str
    latex: str


@dataclass(frozen=True)
class Side:
    """The condition under which a formula holds, such as ``x ≠ 0``, and what there is ``otherwise``."""

    text: str
    latex: str
    otherwise: Written


@dataclass(frozen=True, eq=False)
class Derivative:
    """How an output moves with one input.

    With ``local`` set it is the local derivative, by which the upstream gradient is multiplied element by element;
    without, what backward sends, with ``g`` for the upstream gradient. ``reading`` is the formula as calls.
    """

    text: str
    latex: str
    local: bool
    lets: tuple[Let, ...]
    sides: tuple[Side, ...]
    reading: Reading = field(repr=False)

    @cached_property
    def value(self) -> Array:
        """The numbers that the formula gives, computed by the formula."""
        return self.reading.evaluated()

    @property
    def line(self) -> str:
        """All of it as one line of text."""
        sides = "".join(f" where {side.text}, else {side.otherwise.text}" for side in self.sides)
        lets = "".join(f"{', ' if i else '; '}{let.name} = {let.text}" for i, let in enumerate(self.lets))
        return self.text + sides + lets

    @property
    def latex_line(self) -> str:
        """All of it as one line of LaTeX, for math mode."""
        sides = "".join(
            rf" \quad \text{{where }} {side.latex} \text{{, else }} {side.otherwise.latex}" for side in self.sides
        )
        lets = "".join(rf"{',' if i else ';'} \quad {let.name} = {let.latex}" for i, let in enumerate(self.lets))
        return self.latex + sides + lets


def text(traced: Any) -> str:
    """``traced`` as it is, as plain text over the names of its inputs."""
    return Printer(TEXT).written(traced)


def latex(traced: Any) -> str:
    """``traced`` as it is, as LaTeX for math mode."""
    return Printer(LATEX).written(traced)


def derivative(
    rule: Rule,
    place: int,
    inputs: Sequence[Any],
    params: Mapping[str, Any],
    *,
    names: Sequence[str] | None = None,
    result: tuple[str, Array] | None = None,
    upstream: Array | None = None,
    contribution: bool = False,
    of_scalars: bool = False,
    filled: bool = False,
) -> Derivative:
    """The derivative of ``rule`` by its input ``place``, where the inputs have the values ``inputs``.

    The local derivative where there is one: where the rule works element by element and nothing is broadcast, or, with
    ``of_scalars``, where the result is a single number. Else, or with ``contribution`` set, what backward sends for
    the ``upstream`` gradient (ones without it), summed to the input's shape. ``names`` are the inputs' (those of the
    rule without them; an input called "" is a constant); ``result`` is the output's name and value, which are else
    ``y`` and computed. With ``filled`` set, numbers stand in place of the names, where they are few.

    TracingError where the rule cannot be traced, or has no derivative there.
    """
    traced, g = _traced(rule, place, inputs, params, names, result, upstream)
    output, at = g.shape, np.shape(inputs[place])
    elementwise = output == at or (of_scalars and not output)
    taken = [UPSTREAM, result[0] if result else RESULT, *(names or [socket.name for socket in rule.inputs])]
    reading = read(traced, g if elementwise else None, taken)
    if contribution and reading.local:
        reading = read(g * reading.whole(), None, taken)
    return _derivative(reading, filled, UPSTREAM if upstream is None else "")


def _traced(
    rule: Rule,
    place: int,
    inputs: Sequence[Any],
    params: Mapping[str, Any],
    names: Sequence[str] | None,
    result: tuple[str, Array] | None,
    upstream: Array | None,
) -> tuple[Any, Traced]:
    """What the rule sends to an input, in its shape, and the upstream gradient in it."""
    settings = {param.name: param.default for param in rule.params} | dict(params)
    arrays = [np.asarray(each) for each in inputs]
    names = names or ([f"{rule.inputs[0].name}[{i}]" for i in range(len(arrays))] if rule.variadic else None)
    names = names or [socket.name for socket in rule.inputs]
    vjp = rule.vjps[0 if rule.variadic else place]
    if vjp is None:
        raise TracingError(f"there is no derivative by {names[place]}")
    at = {"at": place} if rule.variadic else {}
    with np.errstate(all="ignore"):
        name, value = result or (RESULT, np.asarray(rule.forward(*arrays, **settings)))
        leaves = [Traced(array, name) if name else array for array, name in zip(arrays, names, strict=True)]
        g = Traced(np.ones(value.shape) if upstream is None else np.asarray(upstream), UPSTREAM)
        sent = vjp(g, Traced(value, name), *leaves, **at, **settings)
        return _summed(sent, arrays[place].shape), g


def _summed(sent: Any, shape: tuple[int, ...]) -> Any:
    """``sent`` in the ``shape`` of an input that was broadcast, as the engine sums it."""
    have = np.shape(sent.value if isinstance(sent, Traced) else sent)
    if np.broadcast_shapes(have, shape) == shape:
        return sent
    lead = len(have) - len(shape)
    axes = tuple(i for i, side in enumerate(have) if i < lead or (shape[i - lead] == 1 and side != 1))
    return np.reshape(np.sum(sent, axis=axes), shape)


def _derivative(reading: Reading, filled: bool, kept: str) -> Derivative:
    sided = frozenset(corner.choice for corner in reading.corners)
    plain, tex = (Printer(notation, filled=filled, kept=kept, sided=sided) for notation in (TEXT, LATEX))
    return Derivative(
        plain.written(reading.body),
        tex.written(reading.body),
        reading.local,
        tuple(Let(leaf.name, plain.written(part), tex.written(part)) for leaf, part in reading.lets),
        tuple(
            Side(
                plain.condition(corner.condition),
                tex.condition(corner.condition),
                Written(plain.written(corner.otherwise), tex.written(corner.otherwise)),
            )
            for corner in reading.corners
        ),
        reading,
    )


def rule_text(rule: Rule, sample: Sample | None = None) -> list[tuple[str, str]]:
    """For each input that has a derivative, its name and what backward sends it, in terms of g, y and the inputs.

    ``g`` is the upstream gradient and ``y`` the result; a variadic rule has one line, for every input alike. Sizes and
    parameters that occur in the text are those of ``sample``, by default the rule's first.
    """
    sample = sample or next(iter(rule.samples), None)
    if sample is None:
        return []
    lines = []
    for place, socket in enumerate(rule.inputs):
        if rule.vjps[place] is not None:
            try:
                inputs = [_float_array(each) for each in sample.inputs]
                line = derivative(rule, place, inputs, sample.params, contribution=True).line
            except TracingError as error:
                line = f"({error})"
            lines.append((socket.name, line))
    return lines


def _float_array(value: Any) -> Any:
    array = np.asarray(value)
    return array.astype(float) if array.ndim == 0 and array.dtype.kind == "i" else array
