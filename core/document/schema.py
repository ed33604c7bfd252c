"""The graph file as records: which fields there are, of what type, and how older versions become the present one.

msgspec checks what was read against these records and names the field that is wrong. What the fields mean together (a
wire to a node that is not there) is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

FORMAT = "chainrule"
VERSION = 1

# The step from each older version to the next, on the raw JSON object. Version 1 is the first.
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

# The parts of a file whose unknown fields are kept under the part's own name.
SECTIONS = ("about", "training", "viewport", "wires", "regions")

Literal = bool | int | float | str


class RecipeRecord(msgspec.Struct):
    """How a leaf's numbers were made."""

    function: str
    arguments: dict[str, Any] = {}
    seed: int | None = None


class NodeRecord(msgspec.Struct):
    """One node. ``made`` orders the nodes by creation, which breaks ties in the running order.

    A leaf has ``dtype`` and either ``value``, with ``shape`` where that cannot be seen from the nesting, or ``array``,
    the name of the archive's member that holds it. Without ``position`` the window finds a place for the card.
    """

    name: str
    kind: str
    made: int | None = None
    dtype: str | None = None
    shape: list[int] | None = None
    value: Any = msgspec.UNSET
    array: str | None = None
    requires_grad: bool = False
    recipe: RecipeRecord | None = None
    inputs: dict[str, Literal] = {}
    params: dict[str, Any] = {}
    position: tuple[float, float] | None = None
    note: str = ""


class WireRecord(msgspec.Struct):
    """One wire, from "node" or "node.output" to "node.socket"."""

    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")


class RegionRecord(msgspec.Struct):
    """One region and the names of its members."""

    name: str
    members: list[str]
    kind: str = "no_grad"


class TrainingRecord(msgspec.Struct):
    """The epoch loop; the names and defaults are those of ``graph.Training``."""

    loss: str = ""
    gradient: Any = None
    epochs: int = 100
    optimizer: str = "SGD"
    lr: float = 0.01
    momentum: float = 0.0
    dampening: float = 0.0
    weight_decay: float = 0.0
    nesterov: bool = False
    maximize: bool = False
    zero_grad: bool = True
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float | None = None
    amsgrad: bool = False
    alpha: float = 0.99
    centered: bool = False
    lr_decay: float = 0.0
    initial_accumulator_value: float = 0.0


class AboutRecord(msgspec.Struct):
    """What the graph is."""

    title: str = ""
    source: str = ""
    text: str = ""


class ViewportRecord(msgspec.Struct):
    """Where the reader left the canvas."""

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0


class FileRecord(msgspec.Struct):
    """The whole file."""

    format: str
    version: int
    nodes: list[NodeRecord] = []
    wires: list[WireRecord] = []
    regions: list[RegionRecord] = []
    about: AboutRecord = msgspec.field(default_factory=AboutRecord)
    training: TrainingRecord = msgspec.field(default_factory=TrainingRecord)
    viewport: ViewportRecord | None = None


def unknown_fields(record: type[msgspec.Struct], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of ``raw`` that ``record`` does not have: written by a newer minor version, and to be kept."""
    known = record.__struct_encode_fields__
    return {name: value for name, value in raw.items() if name not in known}
