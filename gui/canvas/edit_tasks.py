"""What the floating editor can be opened for: a value, a name, a number in a socket, parameters, the seed.

Each task says where it stands, what text it begins with, and how typed text becomes an edit. ``apply`` returns what is
wrong with the text, or nothing when the edit is done.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF

from chainrule.core.document import edits
from chainrule.core.document.edits import Edit
from chainrule.core.document.graph import GraphError, Node, NodeId
from chainrule.core.document.sockets import operation_of
from chainrule.core.engine import dtypes
from chainrule.core.ops.rule import REQUIRED
from chainrule.gui.canvas.node_item import NodeItem
from chainrule.gui.canvas.value_text import parse
from chainrule.gui.editor import Editor
from chainrule.gui.numbers import shape_text
from chainrule.gui.seeds import SeedError, parse_seed

LARGEST_TABLE = 64


@dataclass(frozen=True)
class Task:
    """``anchor`` is in the scene; ``table`` has the cells of a small matrix; ``dtype`` is None where there is none.

    ``mark`` is the part of ``text`` that is selected at first: all of it without one.
    """

    node: NodeId
    title: str
    text: str
    anchor: QRectF
    apply: Callable[[str, str | None], str]
    dtype: str | None = None
    table: tuple[tuple[str, ...], ...] = ()
    mark: tuple[int, int] | None = None


def attempt(editor: Editor, build: Callable[[], Edit | None]) -> str:
    """Do the edit that ``build`` makes (None for nothing to do); what was wrong, or nothing."""
    try:
        edit = build()
    except (GraphError, ValueError) as error:
        return str(error)
    if edit is None or editor.do(edit):
        return ""
    return editor.last_error


def value_task(editor: Editor, item: NodeItem, index: int | None) -> Task | None:
    """Edit the value of a leaf, beginning at element ``index``; None for a node that is computed."""
    node = editor.graph.nodes[item.node]
    if node.leaf is None:
        return None
    array = node.leaf.value
    well = item.card.wells[0].rect.translated(item.pos())
    name = dtypes.of(array).name

    def apply(text: str, dtype: str | None) -> str:
        def build() -> Edit | None:
            value, current = parse(text), editor.graph.nodes[item.node]
            return _value_edit(editor, current, value, dtype or name)

        return attempt(editor, build)

    text, mark = _value_text(array, index)
    table: tuple[tuple[str, ...], ...] = ()
    if array.ndim == 2 and 0 < array.size <= LARGEST_TABLE:
        numbers = [_exact(value) for value in array.reshape(-1)]
        columns = array.shape[1]
        table = tuple(tuple(numbers[row : row + columns]) for row in range(0, array.size, columns))
    return Task(item.node, f"{node.name} \u00b7 {shape_text(array.shape)}", text, well, apply, name, table, mark)


def _value_edit(editor: Editor, node: Node, value: Any, dtype: str) -> Edit | None:
    edit = edits.set_value(editor.graph, node.id, value, dtype=dtype)
    new = edit.nodes[node.id]
    assert new is not None
    assert new.leaf is not None
    assert node.leaf is not None
    if new.leaf.requires_grad and new.leaf.value.dtype.kind != "f":
        edit = replace(edit, nodes={node.id: replace(new, leaf=replace(new.leaf, requires_grad=False))})
    same = new.leaf.value.dtype == node.leaf.value.dtype and np.array_equal(new.leaf.value, node.leaf.value)
    return None if same and new.leaf.value.shape == node.leaf.value.shape else edit


def _exact(value: Any) -> str:
    """The shortest text that reads back to the same number."""
    if isinstance(value, np.floating):
        text = np.format_float_positional(value, trim="0") if 1e-5 <= abs(value) < 1e9 or value == 0 else str(value)
        return text if np.isfinite(value) else str(value)
    return str(value)


def _value_text(array: np.ndarray[Any, Any], index: int | None) -> tuple[str, tuple[int, int] | None]:
    if array.ndim == 0:
        return _exact(array[()]), None
    texts = iter([_exact(value) for value in array.reshape(-1)])
    text, marks = _nested(array.shape, texts)
    return text, marks[index] if index is not None and index < len(marks) and array.size > 1 else None


def _nested(shape: tuple[int, ...], texts: Any, start: int = 0) -> tuple[str, list[tuple[int, int]]]:
    """Nested brackets around ``texts``, and where each of them begins and how long it is."""
    if not shape:
        text = next(texts)
        return text, [(start, len(text))]
    out, marks = "[", []
    for n in range(shape[0]):
        out += ", " if n else ""
        inner, found = _nested(shape[1:], texts, start + len(out))
        out += inner
        marks += found
    return out + "]", marks


def name_task(editor: Editor, item: NodeItem) -> Task:
    """Rename a node."""
    node = editor.graph.nodes[item.node]

    def apply(text: str, dtype: str | None) -> str:
        wish = text.strip()
        current = editor.graph.nodes[item.node].name
        return attempt(editor, lambda: None if wish == current else edits.rename(editor.graph, item.node, wish))

    return Task(item.node, "name", node.name, item.card.name_rect.translated(item.pos()), apply)


def literal_task(editor: Editor, item: NodeItem, socket: str) -> Task | None:
    """Put a number into a socket, or empty it; None where the socket takes tensors only or holds a wire."""
    node = editor.graph.nodes[item.node]
    port = item.card.port("input", socket)
    try:
        declared = next((s for s in operation_of(node.kind).inputs if s.name == socket), None)
    except GraphError:
        return None
    if port is None or port.wired or declared is None or not declared.number:
        return None
    place = port.literal_rect or QRectF(port.centre.x() - 70, port.centre.y() - 12, 64, 24)

    def apply(text: str, dtype: str | None) -> str:
        def build() -> Edit | None:
            if not text.strip():
                return edits.set_literal(editor.graph, item.node, socket, None)
            value = parse(text)
            if isinstance(value, list):
                raise ValueError("a socket holds one number; wire a tensor into it for more")
            held = editor.graph.nodes[item.node].inputs.get(socket)
            same = held == value and type(held) is type(value)
            return None if same else edits.set_literal(editor.graph, item.node, socket, value)

        return attempt(editor, build)

    held = node.inputs.get(socket)
    return Task(
        item.node, f"{node.name}.{socket}", "" if held is None else str(held), place.translated(item.pos()), apply
    )


def params_task(editor: Editor, item: NodeItem) -> Task | None:
    """Edit the parameters of an operation as Python writes them: ``dim=0, keepdim=True``; None where it has none."""
    node = editor.graph.nodes[item.node]
    try:
        params = operation_of(node.kind).params if node.leaf is None else ()
    except GraphError:
        params = ()
    if not params:
        return None
    settings = {p.name: node.params.get(p.name, p.default) for p in params}
    text = ", ".join(f"{name}={'' if value is REQUIRED else repr(value)}" for name, value in settings.items())

    def apply(typed: str, dtype: str | None) -> str:
        def build() -> Edit | None:
            current = editor.graph.nodes[item.node]
            given = _settings(typed)
            defaults = {p.name: p.default for p in params}
            kept = {name: value for name, value in given.items() if name not in defaults or value != defaults[name]}
            if kept == dict(current.params):
                return None
            return Edit(f"set {current.name} {', '.join(given)}", {item.node: replace(current, params=kept)})

        return attempt(editor, build)

    return Task(item.node, node.kind, text, item.card.subtitle_rect.translated(item.pos()), apply)


def _settings(text: str) -> dict[str, Any]:
    """``dim=0, keepdim=True`` as a dictionary of plain values; ValueError for anything else."""
    try:
        call = ast.parse(f"f({text})", mode="eval").body
        if not isinstance(call, ast.Call) or call.args or any(word.arg is None for word in call.keywords):
            raise ValueError
        return {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
    except (SyntaxError, ValueError):
        raise ValueError("write settings as name=value, such as dim=0, keepdim=True") from None


def seed_task(editor: Editor, item: NodeItem) -> Task | None:
    """Edit the vector given to Backward; None for a node that is not the root."""
    if item.flag is None:
        return None
    shape = editor.root_shape

    def apply(text: str, dtype: str | None) -> str:
        try:
            parse_seed(text, shape)
        except SeedError as error:
            return str(error)
        editor.set_seed(text.strip())
        return ""

    text = editor.seed_text
    if not text and shape is not None and int(np.prod(shape)) <= LARGEST_TABLE:
        text = ", ".join(["1"] * int(np.prod(shape)))
    title = f"gradient given to backward() \u00b7 {shape_text(shape or ())}"
    return Task(item.node, title, text, item.flag.rect.translated(item.pos()), apply)
