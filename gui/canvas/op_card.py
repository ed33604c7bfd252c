"""The anatomy of an operation's card: symbol, name and call, value beside gradient, ``grad_fn`` and what it saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPointF, QRectF

from chainrule.core.document.graph import Graph, GraphError, Node, Wire
from chainrule.core.document.sockets import AnyOperation, operation_of, outputs, sockets
from chainrule.core.run.timeline import NodeState
from chainrule.gui import lettering, symbols
from chainrule.gui.canvas.card import WIDEST_NAME, Array, Card, ChipBox, Port, Text, Well, output_ports, text_line
from chainrule.gui.canvas.thumbnails import SCALAR, Thumbnail, thumbnail
from chainrule.gui.numbers import shape_text
from chainrule.gui.saved_names import freed, saved_name

INSET, GAP = 15.0, 10.0
TITLE_GAP = 8.0  # between the symbol and the name
TOP = 63.5  # of the boxes
FOOTER = 28.5
NARROWEST = 178.0
ROOMY = 330.0  # so wide a card may become for its chips; more of them stand in further rows
CHIP_ROW, CHIP_GAP, CHIP_EDGE = 21.0, 6.0, 11.0
UNDER = 20.0  # from a box down to the next one, with its label between
LITERAL_HEIGHT = 20.0
LITERAL_INSIDE = 4.0  # so far a number reaches into its card: clear of what is written there
SUPERSCRIPTS = str.maketrans("0123456789-", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b")
NOTHING = Thumbnail("empty", 0, 0, SCALAR)


def op_card(node: Node, state: NodeState, graph: Graph) -> Card:
    """The card of the operation ``node`` in ``state``; ``graph`` tells the names of what is wired into it."""
    try:
        operation: AnyOperation | None = operation_of(node.kind)
        places = sockets(node)
        names = outputs(node)
    except GraphError:  # an operation that was there when the document was made and is not registered any more
        operation, places, names = None, {}, ("",)
    tracked = bool(state.grad_fn) or (state.value is not None and state.requires_grad)

    symbol = _symbol(node, operation)
    disc = QRectF(10.5, 10.5, symbols.disc_width(symbol), symbols.DISC)
    title = text_line("name", node.name, disc.right() + TITLE_GAP, 22.5, WIDEST_NAME)
    call = text_line("subtitle", call_text(node, graph), disc.right() + TITLE_GAP, 35.5, WIDEST_NAME)
    wells, labels = _wells(state, names, tracked)
    width = max(
        NARROWEST,
        title.rect.right() + INSET,
        call.rect.right() + INSET,
        max(well.rect.right() for well in wells) + INSET,
    )
    footer_texts, rows, reach = _footer(node, state, graph, tracked, max(width, ROOMY))
    width = max(width, footer_texts[0].rect.right() + INSET, reach + CHIP_EDGE)
    body = max(well.rect.bottom() for well in wells) + 12.5
    under = FOOTER + CHIP_ROW * (len(rows) - 1)
    height = max(body + under, 46.0 + 24 * _standing(node, places))
    footer = height - under
    return Card(
        node=node.id,
        name=node.name,
        family=operation.family if operation else "control",
        rect=QRectF(0, 0, width, height),
        tracked=tracked,
        texts=(title, call, *labels, *_lowered(footer_texts, footer)),
        wells=wells,
        ports=(
            *_input_ports(node, places, tracked, height),
            *output_ports(names, _consumed(graph, node), tracked, width, height),
        ),
        name_rect=title.rect,
        subtitle_rect=call.rect,
        disc=disc,
        symbol=symbol,
        footer=footer,
        chips=tuple(chip for row in rows for chip in _at_the_right(row, width - CHIP_EDGE, footer)),
    )


def call_text(node: Node, graph: Graph) -> str:
    """How the node is called, by the names of what is wired into it: ``sum(x, dim=0)``, ``x[1:]``; ``?`` where a wire
    lacks.
    """
    try:
        operation = operation_of(node.kind)
        places: Mapping[str, Any] = sockets(node)
    except GraphError:
        return f"{node.kind}({', '.join(_standing_in(node, name, graph) for name in node.inputs)})"
    if "__getitem__" in operation.operators and set(node.params) == {"index"}:
        return f"{_standing_in(node, 'input', graph)}[{node.params['index']}]"
    return f"{node.kind}({', '.join(_arguments(node, operation, places, graph))})"


def _arguments(node: Node, operation: AnyOperation, places: Mapping[str, Any], graph: Graph) -> list[str]:
    """What stands between the brackets, in torch's order: settings by their names where Python lets them have one."""
    given: list[tuple[str, str]] = []
    bare = 0  # so many at the beginning stand without their names: all up to the last socket
    whole = True  # no argument was left out so far
    for name in operation.arguments:
        filled = [place for place in places if place.partition(".")[0] == name and _is_shown(node, place, places)]
        given += [(name, _standing_in(node, place, graph)) for place in filled]
        if not filled and name in node.params:
            given.append((name, repr(node.params[name])))
        elif not filled:
            whole = False
        bare = len(given) if (filled and whole) or name in operation.leading else bare
    return [text if place < bare else f"{name}={text}" for place, (name, text) in enumerate(given)]


def _is_shown(node: Node, place: str, places: Mapping[str, Any]) -> bool:
    return place in node.inputs or _is_needed(node, place, places)


def _standing_in(node: Node, place: str, graph: Graph) -> str:
    """What is in a socket, in writing."""
    source = node.inputs.get(place)
    if isinstance(source, Wire):
        output = f".{source.output}" if source.output else ""
        return f"{graph.nodes[source.source].name}{output}" if source.source in graph.nodes else "?"
    if source is None:
        return "?"
    return f"{source:g}" if isinstance(source, float) else str(source)


def _is_needed(node: Node, name: str, places: Mapping[str, Any]) -> bool:
    socket = places[name]
    if getattr(socket, "variadic", False):
        return not any(other.startswith(f"{socket.name}.") for other in node.inputs)
    return not getattr(socket, "optional", True)


def _symbol(node: Node, operation: AnyOperation | None) -> str:
    if operation is None:
        return "?"
    exponent = node.inputs.get("exponent")
    if (
        node.kind == "pow"
        and isinstance(exponent, (int, float))
        and float(exponent).is_integer()
        and abs(exponent) < 10
    ):
        return "x" + str(int(exponent)).translate(SUPERSCRIPTS)
    return operation.symbol or node.kind


def _wells(state: NodeState, names: tuple[str, ...], tracked: bool) -> tuple[tuple[Well, ...], tuple[Text, ...]]:
    """A value box for every output, the gradient beside the first, and their labels."""
    wells: list[Well] = []
    labels: list[Text] = []
    top = TOP
    for n, output in enumerate(names):
        value = state.values.get(output) if output in state.values or n else state.value
        gradient = state.gradient if n == 0 else None
        picture = thumbnail(value, gradient) if value is not None else NOTHING
        box = QRectF(INSET, top, picture.size.width(), picture.size.height())
        wells.append(Well("value", output, box, picture, value, note="no value"))
        labels.append(_labelled(output or "value", value, box))
        if n == 0:
            away = QPointF(0, box.height() + UNDER) if picture.stacked else QPointF(box.width() + GAP, 0)
            box = box.translated(away)
            note = "" if gradient is not None else ("not reached" if tracked else "not tracked")
            wells.append(Well("gradient", output, box, picture, gradient, note))
            labels.append(text_line("label", "gradient", box.left(), box.top() - 7))
        top = box.bottom() + UNDER
    return tuple(wells), tuple(labels)


def _labelled(what: str, value: Array | None, box: QRectF) -> Text:
    """The label above a value's ``box``, with the shape of anything but a scalar where there is room for it."""
    if value is not None and value.ndim:
        text = f"{what} \u00b7 {shape_text(value.shape)}"
        if lettering.width("label", text) <= box.width() + GAP - 5:
            what = text
    return text_line("label", what, INSET, box.top() - 7)


def _footer(
    node: Node, state: NodeState, graph: Graph, tracked: bool, room: float
) -> tuple[tuple[Text, ...], list[list[ChipBox]], float]:
    """``grad_fn``, and the chips in rows of which none needs more than ``room``, at places below the footer's line.

    And how far they reach once all are freed: backward must not make cards wider while it is looked at.
    """
    if not tracked:
        return (text_line("label", "no grad_fn", INSET, 18, colour="text_faint"),), [[]], 0.0
    more = f" +{len(state.grad_fn) - 1}" if len(state.grad_fn) > 1 else ""
    label = text_line("grad_fn", (state.grad_fn[-1] if state.grad_fn else "") + more, INSET, 18)
    rows: list[list[ChipBox]] = [[]]
    left = reach = label.rect.right() + CHIP_GAP  # of the chips so far, and of the same once all are freed
    farthest = 0.0
    for chip in state.saved:
        what = saved_name(chip.name, node, graph)
        text = freed(what) if chip.freed else what
        wide, widest = (lettering.width("chip", each) + 14 for each in (text, freed(what)))
        if reach + widest + CHIP_EDGE > room and reach > INSET:
            rows.append([])
            left = reach = INSET
        rows[-1].append(ChipBox(text, chip.freed, QRectF(left, 6.5 + CHIP_ROW * (len(rows) - 1), wide, 16)))
        farthest = max(farthest, reach + widest)
        left, reach = left + wide + CHIP_GAP, reach + widest + CHIP_GAP
    return (label,), rows, farthest


def _at_the_right(row: list[ChipBox], edge: float, down: float) -> list[ChipBox]:
    """``row`` moved so that its last chip ends at ``edge``."""
    return [ChipBox(c.text, c.freed, c.rect.translated(edge - row[-1].rect.right(), down)) for c in row]


def _lowered(texts: tuple[Text, ...], by: float) -> tuple[Text, ...]:
    return tuple(Text(t.role, t.text, t.rect.translated(0, by), t.align, t.colour, t.full) for t in texts)


def _standing(node: Node, places: Mapping[str, Any]) -> int:
    """How many sockets stand on the left edge as dots."""
    return sum(not _holds_number(node, name) for name in places)


def _holds_number(node: Node, name: str) -> bool:
    return isinstance(node.inputs.get(name), (bool, int, float))


def _input_ports(node: Node, places: Mapping[str, Any], tracked: bool, height: float) -> tuple[Port, ...]:
    """Wired and empty sockets spread over the left edge; numbers in pills, above or below them in torch's order."""
    standing = [name for name in places if not _holds_number(node, name)]
    ports: list[Port] = []
    above, below = 0, 0
    names = list(places)
    for place, name in enumerate(names):
        if name in standing:
            y = height * (standing.index(name) + 1) / (len(standing) + 1)
            wired = isinstance(node.inputs.get(name), Wire)
            ports.append(_dot(name, y, wired, _is_needed(node, name, places), tracked))
        elif not standing or any(other in standing for other in names[:place]):
            ports.append(_number(name, node.inputs[name], height - 14.5 - 24 * below))
            below += 1
        else:
            ports.append(_number(name, node.inputs[name], 14.5 + 24 * above))
            above += 1
    return tuple(ports)


def _dot(name: str, y: float, wired: bool, needed: bool, tracked: bool) -> Port:
    line = lettering.height("socket")
    wide = lettering.width("socket", name) + 1
    top = y - line - 1 if wired else y - line / 2  # a wire would run through the name
    return Port(name, "input", QPointF(0, y), wired, needed, tracked, QRectF(-12 - wide, top, wide, line))


def _number(name: str, value: Any, y: float) -> Port:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    wide = max(24.0, lettering.width("literal", text) + 14)
    pill = QRectF(LITERAL_INSIDE - wide, y - LITERAL_HEIGHT / 2, wide, LITERAL_HEIGHT)
    line = lettering.height("socket")
    beside = QRectF(
        pill.left() - lettering.width("socket", name) - 5, y - line / 2, lettering.width("socket", name) + 1, line
    )
    return Port(name, "input", QPointF(0, y), False, False, False, beside, text, pill)


def _consumed(graph: Graph, node: Node) -> set[str]:
    """The outputs of ``node`` that some wire comes out of."""
    outputs_used = set()
    for consumer, socket in graph.consumers(node.id):
        wire = graph.nodes[consumer].inputs.get(socket)
        if isinstance(wire, Wire):
            outputs_used.add(wire.output)
    return outputs_used
