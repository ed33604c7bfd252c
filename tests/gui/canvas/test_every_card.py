"""The card of every operation of the rule book, measured: nothing overlaps, sticks out, or makes it too wide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from chainrule.core.document.building import Graph
from chainrule.core.document.graph import GraphError
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Operation, Sample
from chainrule.core.run.session import Session
from chainrule.gui.canvas.card import Card
from chainrule.gui.canvas.op_card import op_card
from chainrule.gui.theme import load_fonts

WIDEST = 360.0
PUBLIC = [operation for operation in registry.entries().values() if operation.public and operation.samples]


def graph_of(operation: Operation, sample: Sample) -> Graph:
    """The operation as a node ``y``, its sample's inputs as leaves that require gradients where they can."""
    graph = Graph()
    variadic = bool(operation.inputs) and operation.inputs[0].variadic
    names = [
        f"{operation.inputs[0].name}{n}" if variadic else s.name for n, s in enumerate(_sockets(operation, sample))
    ]
    made: dict[str, Any] = {}
    for name, given in zip(names, sample.inputs, strict=False):
        if given is None:
            continue
        array = np.asarray(given)
        array = array.astype(np.float32) if array.dtype == np.float64 else array
        graph.add(
            "tensor", name=name, value=array.tolist(), dtype=array.dtype.name, requires_grad=array.dtype.kind == "f"
        )
        made[name] = name
    inputs = {operation.inputs[0].name: list(made)} if variadic else made
    graph.add(operation.name, name="y", **inputs, **sample.params)
    return graph


def _sockets(operation: Operation, sample: Sample) -> list[Any]:
    variadic = bool(operation.inputs) and operation.inputs[0].variadic
    return [operation.inputs[0]] * len(sample.inputs) if variadic else list(operation.inputs)


def cards(operation: Operation) -> Iterator[Card]:
    """The card after Forward, and after Backward where there is one; none where a card cannot have the operation."""
    for sample in operation.samples[:2]:
        try:
            session = Session(graph_of(operation, sample))
        except (GraphError, TypeError, ValueError):
            continue  # a sample for the functions of a notebook, such as one with a list of lists
        session.forward()
        graph, node = session.graph, session.graph.named("y")
        state = session.state.nodes[node.id]
        if state.problem is not None:
            continue
        yield op_card(node, state, graph)
        if state.requires_grad and state.value is not None:
            with suppress(RuntimeError):  # what torch has no derivative for either
                session.backward(node.id, np.ones_like(state.value))
            yield op_card(node, session.state.nodes[node.id], graph)


def boxes(card: Card) -> dict[str, QRectF]:
    found = {f"text {text.text!r}": text.rect for text in card.texts if text.text}
    found |= {f"{well.part} {well.output}": well.rect for well in card.wells}
    found |= {f"chip {chip.text}": chip.rect for chip in card.chips}
    return found | ({} if card.disc is None else {"disc": card.disc})


def ink(box: QRectF) -> QRectF:
    """A box without the empty edge that a line of text has above and below its letters."""
    return box.adjusted(1, 2, -1, -2)


@pytest.mark.parametrize("operation", PUBLIC, ids=lambda operation: operation.name)
def test_the_parts_of_its_card_stand_inside_and_beside_each_other(operation: Operation, qtbot: QtBot) -> None:
    load_fonts()
    for card in cards(operation):
        assert card.rect.width() <= WIDEST
        for name, box in boxes(card).items():
            assert card.rect.contains(box), f"{name} sticks out"
        for (name, box), (other, beside) in combinations(boxes(card).items(), 2):
            assert not ink(box).intersects(ink(beside)), f"{name} over {other}"


def test_nearly_every_operation_was_looked_at(qtbot: QtBot) -> None:
    load_fonts()
    without = {operation.name for operation in PUBLIC if next(cards(operation), None) is None}
    assert len(without) < 12, without
