"""The canvas in words: what a screen reader hears of a node, and what a tooltip says of the part under the pointer."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF

from chainrule.core.document.graph import Array, Graph, NodeId
from chainrule.core.engine import dtypes
from chainrule.core.run.timeline import NodeState, State
from chainrule.gui.canvas.camera import Camera
from chainrule.gui.canvas.card_painter import warning_box
from chainrule.gui.canvas.node_item import NodeItem
from chainrule.gui.canvas.op_card import call_text
from chainrule.gui.numbers import cell_texts, shape_text, short_gradient

SPOKEN = 8


def describe(graph: Graph, state: State, node: NodeId) -> str:
    """One sentence for each thing its card shows."""
    if node not in graph.nodes:
        return ""
    record, shown = graph.nodes[node], state.nodes.get(node, NodeState())
    kind = "leaf tensor" if record.leaf is not None else call_text(record, graph)
    parts = [f"{record.name}, {kind}"]
    if shown.value is not None:
        parts.append(f"{_dtype(shown.value)} {shape_text(shown.value.shape)}")
        parts.append(f"value {_spoken(shown.value)}")
    parts.append("requires grad" if shown.requires_grad else "not tracked")
    if shown.grad_fn:
        parts.append(f"grad_fn {shown.grad_fn[-1]}")
    if record.leaf is not None:
        parts.append(f".grad {'None' if shown.grad is None else _spoken(shown.grad)}")
    elif shown.gradient is not None:
        parts.append(f"gradient {_spoken(shown.gradient)}")
    if shown.spent:
        parts.append("its saved tensors are freed")
    if state.root == node:
        parts.append("root of backward")
    if shown.problem is not None:
        parts.append(f"{shown.problem.kind}: {shown.problem.message}")
    return "; ".join(parts)


def _dtype(array: Array) -> str:
    return str(dtypes.of(array)).removeprefix("torch.")


def _spoken(array: Array) -> str:
    if array.size > SPOKEN:
        return f"array of shape {shape_text(array.shape)}"
    return ", ".join(cell_texts(array)).replace("-", "minus ")


def tooltip(view: Camera, place: QPointF) -> str:
    """What to say about the part under ``place`` (in the scene); empty where there is nothing to add."""
    item = view.canvas.node_at(place)
    if item is None:
        return _wire_tooltip(view, place)
    inside = place - item.pos()
    problem = item.state.problem
    if problem is not None and problem.kind == "warning" and _warns_at(item, inside):
        return f"{problem.message}\n\n{problem.meaning}".rstrip()
    for text in item.card.texts:
        if text.full and text.rect.contains(inside):
            return text.full
    for well in item.card.wells:
        if well.array is not None and well.rect.contains(inside):
            return _array_words(well.part, well.array)
    tank = item.card.tank
    if tank is not None and tank.grad is not None and tank.rect.contains(inside):
        return _array_words(".grad", tank.grad)
    zone = item.zone(place)
    if zone is None:
        return ""
    if zone.kind in ("input", "output", "literal"):
        return zone.name or item.card.name
    if zone.kind == "switch":
        return f"{item.card.name}.requires_grad_({not item.card.tracked})"
    if zone.kind == "seed":
        return "the vector given to backward(); click to change it"
    return problem.message if problem is not None and item.bubble is None else ""


def _warns_at(item: NodeItem, place: QPointF) -> bool:
    said = item.bubble is not None and item.bubble.rect.contains(place)
    return said or warning_box(item.card).contains(place)


def _wire_tooltip(view: Camera, place: QPointF) -> str:
    key = view.canvas.wire_at(place)
    if key is None:
        return ""
    wire = view.canvas.wires[key]
    state = view.player.state
    source = state.nodes.get(wire.source, NodeState())
    array = source.values.get(wire.output, source.value)
    if array is None:
        return ""
    said = f"{view.editor.graph.nodes[wire.source].name} \u00b7 {_dtype(array)} \u00b7 {shape_text(array.shape)}"
    sent = state.sent.get(key)
    return said if sent is None else f"{said}\ngradient {short_gradient(sent)}"


def _array_words(part: str, array: Array) -> str:
    words = f"{part} \u00b7 {_dtype(array)} \u00b7 {shape_text(array.shape)}"
    if array.size == 1:
        return f"{words} \u00b7 {cell_texts(array)[0]}"
    if array.size == 0 or array.dtype.kind not in "fiu":
        return words
    flat = array.astype(np.float64).reshape(-1)
    zeros, nans = np.mean(flat == 0), np.mean(np.isnan(flat))
    finite = flat[np.isfinite(flat)]
    ends = f"\nmin {finite.min():.4g}, max {finite.max():.4g}, norm {np.linalg.norm(finite):.4g}" if finite.size else ""
    return f"{words}{ends}\nzeros {zeros:.0%}" + (f", NaN {nans:.0%}" if nans else "")
