"""Writing graph files: from a graph to bytes, each node and each wire on a line of its own, sorted by name.

The same graph always gives the same bytes, so that a diff shows what was changed and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.document import archive, schema
from chainrule.core.document.graph import Graph, Leaf, Node, Training, Wire
from chainrule.core.document.numerals import plain, to_json

Array = NDArray[Any]

# Settings that are written only where they are not the default; the others always stand in the file.
BEYOND_SGD = (
    "optimizer", "betas", "eps", "amsgrad", "alpha", "centered", "lr_decay", "initial_accumulator_value",
)  # fmt: skip

INLINE_LIMIT = 10_000  # values in one array; a larger one goes into an archive


def encode(graph: Graph) -> bytes:
    """The content of a file with ``graph``: JSON, or an archive where an array is large."""
    arrays: dict[str, Array] = {}
    nodes = sorted(graph.nodes.values(), key=lambda node: node.name)
    extra = graph.extra
    lines: dict[str, Any] = {
        "format": schema.FORMAT,
        "version": schema.VERSION,
        "about": asdict(graph.about) | extra.get("about", {}),
        "training": _training(graph.training) | extra.get("training", {}),
    }
    if graph.viewport is not None:
        lines["viewport"] = {k: _short(v) for k, v in asdict(graph.viewport).items()} | extra.get("viewport", {})
    lines["nodes"] = [_node_fields(node, arrays) for node in nodes]
    lines["wires"] = [
        {"from": _name(graph, wire), "to": f"{node.name}.{socket}"}
        | extra.get("wires", {}).get(f"{node.name}.{socket}", {})
        for node in nodes
        for socket, wire in sorted(node.wires(), key=lambda each: _slot_order(each[0]))
    ]
    if graph.regions:
        lines["regions"] = [
            {"name": name, "kind": region.kind, "members": sorted(graph.nodes[i].name for i in region.members)}
            | extra.get("regions", {}).get(name, {})
            for name, region in sorted(graph.regions.items())
        ]
    lines |= {name: value for name, value in extra.items() if name not in schema.SECTIONS}
    text = _layout(lines).encode(errors="replace")  # half a character, as a paste may leave, is no text
    return archive.pack(text, arrays) if arrays else text


def _layout(lines: Mapping[str, Any]) -> str:
    """JSON with a line for every field, and in the lists a line for every entry."""
    fields = []
    for name, value in lines.items():
        if isinstance(value, list) and value:
            entries = ",\n".join(f"    {_json(entry)}" for entry in value)
            fields.append(f"  {_json(name)}: [\n{entries}\n  ]")
        else:
            fields.append(f"  {_json(name)}: {_json(value)}")
    return "{\n" + ",\n".join(fields) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _training(training: Training) -> dict[str, Any]:
    usual = Training()
    fields = {name: getattr(training, name) for name in Training.__dataclass_fields__}
    gradient = fields.pop("gradient")
    for name in BEYOND_SGD:
        if fields[name] == getattr(usual, name):
            del fields[name]
    if gradient is not None:
        fields["gradient"] = to_json(gradient) if isinstance(gradient, np.ndarray) else plain(gradient)
    return fields


def _name(graph: Graph, wire: Wire) -> str:
    name = graph.nodes[wire.source].name
    return f"{name}.{wire.output}" if wire.output else name


def _slot_order(socket: str) -> tuple[str, int]:
    stem, _, slot = socket.partition(".")
    return stem, int(slot or 0)


def _node_fields(node: Node, arrays: dict[str, Array]) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": node.name, "kind": node.kind, "made": node.id}
    if node.leaf is not None:
        fields |= _leaf_fields(node.name, node.leaf, arrays)
    literals = {socket: value for socket, value in node.inputs.items() if not isinstance(value, Wire)}
    if literals:
        fields["inputs"] = {socket: plain(literals[socket]) for socket in sorted(literals, key=_slot_order)}
    if node.params:
        fields["params"] = {name: plain(value) for name, value in sorted(node.params.items())}
    if node.place is not None:
        fields["position"] = [_short(x) for x in node.place]
    if node.note:
        fields["note"] = node.note
    return fields | dict(node.extra)


def _leaf_fields(name: str, leaf: Leaf, arrays: dict[str, Array]) -> dict[str, Any]:
    value = leaf.value
    fields: dict[str, Any] = {"dtype": value.dtype.name}
    if value.size > INLINE_LIMIT:
        fields["array"] = f"{name}.npy"
        arrays[f"{name}.npy"] = value
    else:
        if value.size == 0:
            fields["shape"] = list(value.shape)
        fields["value"] = to_json(value)
    fields["requires_grad"] = leaf.requires_grad
    if leaf.recipe is not None:
        arguments = {key: plain(each) for key, each in leaf.recipe.arguments.items()}
        fields["recipe"] = {"function": leaf.recipe.function, "arguments": arguments, "seed": leaf.recipe.seed}
    return fields


def _short(x: float) -> float | int:
    """A coordinate without a needless ``.0``."""
    return int(x) if float(x).is_integer() and str(x) != "-0.0" and abs(x) < 1 << 53 else float(x)
