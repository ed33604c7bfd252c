"""Reading graph files: from bytes to a graph, with every fault as one FileError that names the field.

The schema says which fields there are. Nothing is executed, and what the document itself refuses (a cycle, a name
taken twice) is refused by ``edits``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

import msgspec
from numpy.typing import NDArray

from chainrule.core.document import archive, edits, schema, settings
from chainrule.core.document.building import Graph, split
from chainrule.core.document.graph import (
    TENSOR,
    About,
    GraphError,
    Leaf,
    Literal,
    Node,
    NodeId,
    Recipe,
    Region,
    Training,
    Viewport,
    Wire,
)
from chainrule.core.document.numerals import from_json

Array = NDArray[Any]
Sockets = dict[NodeId, dict[str, Wire | Literal]]


class FileError(ValueError):
    """A graph file that cannot be read or written: one line that says what and where.

    ``field`` is the place in the JSON, such as ``$.nodes[3].dtype``.
    """

    def __init__(self, message: str, field: str = "", file: str = "") -> None:
        super().__init__(f"{file}: {message}" if file else message)
        self.message = message
        self.field = field


def decode(data: bytes) -> Graph:
    """The graph that ``data``, the content of a file, describes; FileError if it is no sound graph file."""
    arrays: dict[str, Array] = {}
    if data.startswith(archive.MAGIC):
        try:
            data, arrays = archive.unpack(data)
        except archive.ArchiveError as error:
            raise FileError(str(error), error.member) from None
    raw = _migrate(_parse(data))
    return _build(_convert(raw), raw, arrays)


def _parse(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"this is no text in UTF-8 (byte {error.start}); a graph file is JSON") from None
    try:
        raw = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise FileError(
            f"this is no JSON: {_with_line(str(error).removeprefix('JSON is malformed: '), text)}"
        ) from None
    except RecursionError:
        raise FileError("the JSON is nested too deeply for a graph file") from None
    if not isinstance(raw, dict) or raw.get("format") != schema.FORMAT:
        raise FileError(f'this is no graph file: it has no "format": "{schema.FORMAT}"', "$.format")
    return raw


def _with_line(message: str, text: str) -> str:
    """msgspec counts bytes; a person looks for a line."""
    found = re.search(r" \(byte (\d+)\)", message)
    if not found:
        return f"{message}, after line {text.count(chr(10)) + 1}"
    before = text.encode()[: int(found[1])].decode(errors="ignore")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return f"{message[: found.start()]} (line {line}, column {column})"


def _migrate(raw: dict[str, Any]) -> dict[str, Any]:
    version = raw.get("version")
    if type(version) is not int:
        raise FileError(f'"version" should be a whole number, not {json.dumps(version)}', "$.version")
    if version > schema.VERSION:
        raise FileError(
            f"it was written by a newer Chainrule (format version {version}; this one reads up to {schema.VERSION})",
            "$.version",
        )
    while version < schema.VERSION:
        if version not in schema.MIGRATIONS:
            raise FileError(f"there is no format version {version}", "$.version")
        raw = schema.MIGRATIONS[version](raw)
        version += 1
    return raw


def _convert(raw: dict[str, Any]) -> schema.FileRecord:
    try:
        return msgspec.convert(raw, schema.FileRecord)
    except msgspec.ValidationError as error:
        what, _, field = str(error).partition(" - at ")
        field = field.strip("`")
        at = f" ({field})" if field else ""
        raise FileError(f"{_whose(raw, field)}{what}{at}", field) from None
    except RecursionError:
        raise FileError("the JSON is nested too deeply for a graph file") from None


def _whose(raw: dict[str, Any], field: str) -> str:
    """Which node a field such as ``$.nodes[3].dtype`` belongs to, as the start of a sentence."""
    found = re.match(r"\$\.nodes\[(\d+)\]", field)
    node = raw["nodes"][int(found[1])] if found else None
    name = node.get("name") if isinstance(node, dict) else None
    return f"node {json.dumps(name)}: " if isinstance(name, str) else ""


def _build(record: schema.FileRecord, raw: dict[str, Any], arrays: Mapping[str, Array]) -> Graph:
    graph = Graph()
    ids = _ids(record)
    nodes: dict[NodeId, Node | None] = {}
    sockets = {ids[each.name]: _literals(each, place) for place, each in enumerate(record.nodes)}
    _read_wires(record, ids, sockets)
    for place, (each, fields) in enumerate(zip(record.nodes, raw.get("nodes", ()), strict=True)):
        i = ids[each.name]
        nodes[i] = Node(
            id=i,
            kind=each.kind,
            name=each.name,
            inputs=sockets[i],
            params={name: from_json(value) for name, value in each.params.items()},
            leaf=_leaf(each, place, arrays) if each.kind == TENSOR else None,
            place=each.position,
            note=each.note,
            extra=schema.unknown_fields(schema.NodeRecord, fields),
        )
    regions: dict[str, Region | None] = {}
    for place, region in enumerate(record.regions):
        for member in region.members:
            if member not in ids:
                _fail(f"region {region.name} has a member {member!r} that is no node", f"$.regions[{place}].members")
        regions[region.name] = Region(region.name, frozenset(ids[member] for member in region.members), region.kind)
    training = _training(record.training, raw.get("training", {}))
    about = About(record.about.title, record.about.source, record.about.text)
    try:
        edits.apply(graph, edits.Edit("open", nodes, regions, training, about))
    except GraphError as error:
        raise _located(error, record) from None
    if record.viewport is not None:
        graph.viewport = Viewport(record.viewport.x, record.viewport.y, record.viewport.zoom)
    graph.extra = _extra(raw)
    return graph


def _training(record: schema.TrainingRecord, fields: Mapping[str, Any]) -> Training:
    """The settings; what the file leaves out is the default, of the optimiser that it names."""
    given = {name: getattr(record, name) for name in record.__struct_fields__ if name in fields}
    return settings.changed(Training(), {**given, "gradient": from_json(record.gradient)})


def _ids(record: schema.FileRecord) -> dict[str, NodeId]:
    """An id for every name: what ``made`` says, or, where that is missing or taken, one after all those."""
    ids: dict[str, NodeId] = {}
    given = {each.made for each in record.nodes if each.made is not None}
    following = max(given, default=0) + 1
    for place, each in enumerate(record.nodes):
        if each.name in ids:
            _fail(f"the name {each.name} is taken twice", f"$.nodes[{place}].name")
        if each.made is not None and each.made < 1:
            _fail(f"node {each.name}: made is {each.made}; it counts from 1", f"$.nodes[{place}].made")
        if each.made is not None and each.made in given:
            ids[each.name] = each.made
            given.discard(each.made)
        else:
            ids[each.name] = following
            following += 1
    return ids


def _fail(message: str, field: str) -> NoReturn:
    raise FileError(f"{message} ({field})", field)


def _literals(record: schema.NodeRecord, place: int) -> dict[str, Wire | Literal]:
    """The numbers in the sockets of a node."""
    literals: dict[str, Wire | Literal] = {}
    for socket, number in record.inputs.items():
        value = from_json(number)
        if isinstance(value, str):
            _fail(f"node {record.name}: {value!r} is no number", f"$.nodes[{place}].inputs.{socket}")
        literals[socket] = value
    return literals


def _leaf(record: schema.NodeRecord, place: int, arrays: Mapping[str, Array]) -> Leaf:
    field = f"$.nodes[{place}]"
    if record.dtype is None:
        _fail(f"node {record.name}: a tensor says its dtype", f"{field}.dtype")
    try:
        if record.array is not None:
            value = _from_archive(record, arrays)
        elif record.value is msgspec.UNSET:
            raise GraphError("a tensor has a value", record.name, "value")
        else:
            value = edits.read_value(from_json(record.value), record.dtype, record.name)
        if record.shape is not None:
            value = _shaped(record, value)
    except GraphError as error:
        where = f"{field}.{error.field}"
        raise FileError(f"node {record.name}: {error} ({where})", where) from None
    return Leaf(value, record.requires_grad, None if record.recipe is None else _recipe(record.recipe))


def _recipe(record: schema.RecipeRecord) -> Recipe:
    return Recipe(record.function, {name: from_json(each) for name, each in record.arguments.items()}, record.seed)


def _from_archive(record: schema.NodeRecord, arrays: Mapping[str, Array]) -> Array:
    if record.array is None or record.array not in arrays:
        raise GraphError(f"there is no {record.array} beside the text of the graph", record.name, "array")
    array = arrays[record.array]
    if array.dtype.name != record.dtype:
        message = f"{record.array} holds {array.dtype.name}, the text says {record.dtype}"
        raise GraphError(message, record.name, "dtype")
    return array


def _shaped(record: schema.NodeRecord, value: Array) -> Array:
    shape = tuple(record.shape or ())
    try:
        if min(shape, default=0) < 0:
            raise ValueError
        return value.reshape(shape)
    except (ValueError, OverflowError):
        message = f"{value.size} values do not fill the shape {list(shape)}"
        raise GraphError(message, record.name, "shape") from None


def _read_wires(record: schema.FileRecord, ids: Mapping[str, NodeId], sockets: Sockets) -> None:
    """Put every wire into the socket that it names."""
    for place, wire in enumerate(record.wires):
        source, target = split(wire.source, ids), split(wire.target, ids)
        if source is None:
            _fail(f"a wire comes from {wire.source!r}, which is no node", f"$.wires[{place}].from")
        if target is None or not target[1]:
            _fail(f"a wire goes to {wire.target!r}, which is no node.socket", f"$.wires[{place}].to")
        inputs, socket = sockets[ids[target[0]]], target[1]
        if socket in inputs:
            _fail(f"{wire.target} is filled twice", f"$.wires[{place}].to")
        inputs[socket] = Wire(ids[source[0]], source[1])


def _located(error: GraphError, record: schema.FileRecord) -> FileError:
    """What the document refused, at the field of the file where it stands."""
    field = f"$.{error.field}"
    names = [each.name for each in record.nodes]
    start = f"node {error.node}: " if error.node in names else ""
    if error.node in names:
        field = f"$.nodes[{names.index(error.node)}].{error.field}".rstrip(".")
        for place, wire in enumerate(record.wires):
            if error.field.startswith("inputs.") and wire.target == f"{error.node}.{error.field[7:]}":
                field = f"$.wires[{place}]"
    return FileError(f"{start}{error} ({field})", field)


def _extra(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a newer minor version wrote, by where it stood, so that saving puts it back."""
    extra = schema.unknown_fields(schema.FileRecord, raw)
    extra["about"] = schema.unknown_fields(schema.AboutRecord, raw.get("about", {}))
    extra["training"] = schema.unknown_fields(schema.TrainingRecord, raw.get("training", {}))
    extra["viewport"] = schema.unknown_fields(schema.ViewportRecord, raw.get("viewport") or {})
    wires = {each["to"]: schema.unknown_fields(schema.WireRecord, each) for each in raw.get("wires", ())}
    regions = {each["name"]: schema.unknown_fields(schema.RegionRecord, each) for each in raw.get("regions", ())}
    extra["wires"] = {to: fields for to, fields in wires.items() if fields}
    extra["regions"] = {name: fields for name, fields in regions.items() if fields}
    return {name: value for name, value in extra.items() if value or name not in schema.SECTIONS}
