"""Expressions such as ``loss = (y - x*w)**2`` read into an edit that adds their nodes and wires, laid out.

Python's own parser reads the text and nothing of it is ever executed: names, numbers, arithmetic and calls of
operations are understood, everything else is refused with its column.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn, cast

import numpy as np

from chainrule.core.document import edits, operators
from chainrule.core.document.checks import check_name
from chainrule.core.document.graph import TENSOR, Graph, GraphError, Leaf, Literal, Node, NodeId, Wire
from chainrule.core.document.sockets import AnyOperation, operation_of, outputs
from chainrule.core.engine import dtypes
from chainrule.core.ops import registry

Operand = Wire | int | float
Point = tuple[float, float]

WIDTH, HEIGHT, GAP = 190.0, 140.0, 60.0  # of a card, and between cards

# The special method that each of Python's operators calls, and what it does to two numbers.
_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.Div: "__truediv__",
    ast.FloorDiv: "__floordiv__",
    ast.Mod: "__mod__",
    ast.Pow: "__pow__",
    ast.MatMult: "__matmul__",
    ast.BitAnd: "__and__",
    ast.BitOr: "__or__",
    ast.BitXor: "__xor__",
}
_ON_NUMBERS: dict[str, Callable[[Any, Any], Any]] = {
    "__add__": operator.add,
    "__sub__": operator.sub,
    "__mul__": operator.mul,
    "__truediv__": operator.truediv,
    "__floordiv__": operator.floordiv,
    "__mod__": operator.mod,
    "__pow__": math.pow,  # in floating point: an integer power could take for ever
    "__and__": operator.and_,
    "__or__": operator.or_,
    "__xor__": operator.xor,
}
_MODULES = ("torch", "nn", "functional", "F", "linalg")


class ExpressionError(ValueError):
    """A text that is no expression of a graph; ``column`` counts from 1."""

    def __init__(self, message: str, column: int = 1) -> None:
        super().__init__(f"column {column}: {message}")
        self.message = message
        self.column = column


def parse(graph: Graph, text: str, position: Point = (0.0, 0.0)) -> edits.Edit:
    """The edit that adds what ``text`` says to ``graph``, its cards to the right of and below ``position``.

    It does not look at what stands there: how large cards are only who shows them knows.

    Names of nodes mean those nodes; other names become leaf tensors of value 1. ``name = ...`` names the result; the
    nodes between are named after their operations. A leading ``=`` is skipped. Raises ExpressionError.
    """
    text = " ".join(text.splitlines())
    skipped = len(text) - len(text.lstrip().removeprefix("=").lstrip())
    target, tree = _read(text, skipped)
    reader = _Reader(graph.copy(), target)
    try:
        reader.result(tree)
    except RecursionError:
        raise ExpressionError("the expression is nested too deeply") from None
    return edits.Edit(f"add {text[skipped:].strip()}", _laid_out(reader.made, position))


def _read(text: str, skipped: int) -> tuple[ast.Name | None, ast.expr]:
    """The target, if the text names one, and the expression."""
    try:
        statements = ast.parse(text[skipped:]).body
    except SyntaxError as error:
        raise ExpressionError(error.msg, skipped + max(error.offset or 1, 1)) from None
    except (RecursionError, MemoryError):
        raise ExpressionError("the expression is nested too deeply") from None
    except ValueError as error:  # a null character
        raise ExpressionError(str(error)) from None
    if not statements:
        raise ExpressionError("there is no expression here", skipped + 1)
    encoded = text[skipped:].encode()
    for each in ast.walk(ast.Module(statements, [])):
        if hasattr(each, "col_offset"):  # Python counts bytes from where it began to read
            each.col_offset = skipped + len(encoded[: each.col_offset].decode())
    first = statements[0]
    if len(statements) > 1:
        _refuse(statements[1], "one expression at a time")
    if isinstance(first, ast.Expr):
        return None, first.value
    if isinstance(first, ast.Assign) and len(first.targets) == 1 and isinstance(first.targets[0], ast.Name):
        return first.targets[0], first.value
    _refuse(first, "this is no expression; write for example loss = (y - x*w)**2")


def _refuse(node: ast.AST, message: str) -> NoReturn:
    raise ExpressionError(message, getattr(node, "col_offset", 0) + 1)


@dataclass
class _Reader:
    """Reads one tree into nodes of ``scratch``, a copy of the graph; ``made`` are those that were not there."""

    scratch: Graph
    target: ast.Name | None
    made: dict[NodeId, Node] = field(default_factory=dict)

    def result(self, tree: ast.expr) -> None:
        """Read the whole expression, whose outermost node gets the target's name."""
        if self.target is not None:
            self._check_target(self.target)
        operand = self.operand(tree)
        if not isinstance(operand, Wire):
            _refuse(tree, "a number alone makes no node")
        if operand.source not in self.made:
            _refuse(tree, f"{self.scratch.nodes[operand.source].name} is in the graph already")
        if self.target is not None:
            node = self.made[operand.source]
            if node.leaf is not None:
                _refuse(tree, f"{node.name} alone computes nothing")
            self._put(replace(node, name=self.target.id))

    def _check_target(self, target: ast.Name) -> None:
        if target.id in self.scratch:
            _refuse(target, f"the name {target.id} is taken already")
        self._checked(target, check_name, target.id)

    def _checked(self, tree: ast.AST, function: Callable[..., Any], *args: Any) -> Any:
        """Call what may raise GraphError, and say at which column."""
        try:
            return function(*args)
        except GraphError as error:
            _refuse(tree, str(error))

    def _put(self, node: Node) -> None:
        edits.apply(self.scratch, edits.Edit("", {node.id: node}))
        self.made[node.id] = node

    def operand(self, tree: ast.expr) -> Operand:
        """A number, or the wire that brings what ``tree`` computes."""
        if isinstance(tree, ast.Constant):
            if type(tree.value) in (int, float) and abs(tree.value) < math.inf:  # type: ignore[arg-type]
                return cast(float, tree.value)
            _refuse(tree, f"{tree.value!r} is no number that can stand here")
        if isinstance(tree, ast.Name):
            return self._name(tree)
        if isinstance(tree, ast.Attribute):
            return self._output(tree)
        if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, (ast.USub, ast.UAdd)):
            return self._signed(tree)
        if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Invert):
            return self._inverted(tree)
        if isinstance(tree, ast.BinOp) and type(tree.op) in _BINARY:
            return self._binary(tree, _BINARY[type(tree.op)])
        if isinstance(tree, ast.Call):
            return self._call(tree)
        _refuse(tree, "only names, numbers, + - * / // % ** @ & | ^ ~ and calls of operations can stand here")

    def _name(self, tree: ast.Name) -> Wire:
        if tree.id in self.scratch:
            node = self.scratch.named(tree.id)
            return Wire(node.id, outputs(node)[0])
        if self.target is not None and tree.id == self.target.id:
            _refuse(tree, f"{tree.id} cannot be computed from itself")
        leaf = Leaf(np.ones((), dtypes.get_default_dtype().numpy))
        _, node = edits.add_node(self.scratch, TENSOR, tree.id, leaf=leaf)
        self._checked(tree, self._put, node)
        return Wire(node.id)

    def _output(self, tree: ast.Attribute) -> Wire:
        """One of several outputs, such as ``m.values``."""
        if isinstance(tree.value, ast.Name) and tree.value.id in self.scratch:
            node = self.scratch.named(tree.value.id)
            if tree.attr in outputs(node):
                return Wire(node.id, tree.attr)
            _refuse(tree, f"{node.name} has no output called {tree.attr}")
        _refuse(tree, "only an output of a node can stand behind a dot")

    def _signed(self, tree: ast.UnaryOp) -> Operand:
        operand = self.operand(tree.operand)
        if isinstance(tree.op, ast.UAdd):
            return operand
        if not isinstance(operand, Wire):
            return -operand
        return self._add(tree, operators.serving("__neg__"), [operand])

    def _inverted(self, tree: ast.UnaryOp) -> Operand:
        operand = self.operand(tree.operand)
        if isinstance(operand, Wire):
            return self._add(tree, operators.serving("__invert__"), [operand])
        if isinstance(operand, int):
            return ~operand
        _refuse(tree, f"~{operand}: only whole numbers have bits")

    def _binary(self, tree: ast.BinOp, special: str) -> Operand:
        left, right = self.operand(tree.left), self.operand(tree.right)
        if not isinstance(left, Wire) and not isinstance(right, Wire):
            return self._folded(tree, special, left, right)
        forward, backward = operators.serving(special), operators.serving(operators.reflected(special))
        if not isinstance(left, Wire) and backward is not None and backward.public:
            return self._add(tree, backward, [right, left])
        return self._add(tree, forward, [left, right])

    def _folded(self, tree: ast.BinOp, special: str, left: Operand, right: Operand) -> int | float:
        try:
            return cast(float, _ON_NUMBERS[special](left, right))
        except (ArithmeticError, ValueError, TypeError, KeyError) as error:
            _refuse(tree, f"{left} and {right}: {error}")

    def _call(self, tree: ast.Call) -> Wire:
        name = self._function(tree.func)
        operation = self._checked(tree, operation_of, name)
        sockets = {socket.name: socket for socket in operation.inputs}
        leading, order, args = operation.leading, operation.arguments, tree.args
        if leading and not isinstance(next(iter(args[len(leading) :]), None), (ast.List, ast.Tuple)):
            args = [*args[: len(leading)], ast.List(args[len(leading) :], ast.Load())]
        if len(args) > len(order):
            _refuse(args[len(order)], f"{name} takes at most {len(order)} arguments")
        given = dict(zip(order, args, strict=False))
        for keyword in tree.keywords:
            if keyword.arg is None or keyword.arg not in order or keyword.arg in given:
                _refuse(keyword, f"{name} has no further argument {keyword.arg or '**'}; it has {', '.join(order)}")
            given[keyword.arg] = keyword.value
        inputs: dict[str, Wire | Literal] = {}
        params: dict[str, Any] = {}
        for argument, value in given.items():
            if argument not in sockets:
                params[argument] = _plain(value)
            elif sockets[argument].variadic:
                inputs |= self._several(argument, value)
            else:
                inputs[argument] = self.operand(value)
        return self._new(tree, operation, inputs, params)

    def _function(self, tree: ast.expr) -> str:
        """The operation that is called; torch's module path may stand before its name."""
        if isinstance(tree, ast.Name):
            return tree.id
        path = tree
        rooms: list[str] = []
        while isinstance(path, ast.Attribute):
            path = path.value
            last = path.id if isinstance(path, ast.Name) else path.attr if isinstance(path, ast.Attribute) else ""
            if last not in _MODULES:
                break
            rooms.insert(0, last)
        else:
            if isinstance(tree, ast.Attribute):
                named = registry.at_path(".".join(room for room in rooms if room != "torch"), tree.attr)
                return named.name if named is not None else tree.attr
        _refuse(tree, "only an operation can be called")

    def _several(self, socket: str, tree: ast.expr) -> Mapping[str, Wire | Literal]:
        if not isinstance(tree, (ast.List, ast.Tuple)):
            _refuse(tree, f"{socket} is a list, such as [a, b]")
        return {f"{socket}.{slot}": self.operand(each) for slot, each in enumerate(tree.elts)}

    def _add(self, tree: ast.expr, operation: AnyOperation | None, operands: list[Operand]) -> Wire:
        if operation is None:
            _refuse(tree, "the rule book has no operation for this")
        names = [socket.name for socket in operation.inputs]
        return self._new(tree, operation, dict(zip(names, operands, strict=True)), {})

    def _new(
        self, tree: ast.expr, operation: AnyOperation, inputs: Mapping[str, Wire | Literal], params: dict[str, Any]
    ) -> Wire:
        _, node = edits.add_node(
            self.scratch, operation.name, self._free_name(operation.name), inputs=inputs, params=params
        )
        self._checked(tree, self._put, node)
        return Wire(node.id, outputs(node)[0])

    def _free_name(self, wish: str) -> str:
        name = self.scratch.free_name(wish)
        return self.scratch.free_name(f"{name}_") if self.target is not None and name == self.target.id else name


def _plain(tree: ast.expr) -> Any:
    """A parameter: a number, a text, True, False, None, or lists of these."""
    try:
        value = ast.literal_eval(tree)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        _refuse(tree, "a parameter is a plain value, such as 0, (0, 1) or True")
    return list(value) if isinstance(value, tuple) else value


# Layout


def _laid_out(made: Mapping[NodeId, Node], position: Point) -> dict[NodeId, Node | None]:
    """``made`` with places: a column for each step of the computation, leaves just before what first needs them."""
    columns = _columns(made)
    rows: dict[NodeId, float] = {}
    for column in range(max(columns.values()) + 1):
        free = -math.inf
        for i in sorted((i for i in made if columns[i] == column), key=lambda i: _wanted_row(i, made, rows)):
            rows[i] = max(_wanted_row(i, made, rows), free)
            free = rows[i] + HEIGHT + GAP
    top = min(rows.values())
    places = {i: (columns[i] * (WIDTH + GAP), rows[i] - top) for i in made}
    x, y = position
    return {i: replace(node, place=(x + places[i][0], y + places[i][1])) for i, node in made.items()}


def _columns(made: Mapping[NodeId, Node]) -> dict[NodeId, int]:
    """Nodes stand in the order they were made, each after what it needs."""
    columns: dict[NodeId, int] = {}
    for i, node in made.items():
        columns[i] = max((columns[wire.source] + 1 for _, wire in node.wires() if wire.source in made), default=0)
    for i, node in made.items():
        if node.leaf is not None:
            needed = [columns[j] for j, other in made.items() if any(wire.source == i for _, wire in other.wires())]
            columns[i] = max(min(needed, default=1) - 1, 0)
    return columns


def _wanted_row(i: NodeId, made: Mapping[NodeId, Node], rows: Mapping[NodeId, float]) -> float:
    """Level with the middle of what it is computed from; leaves one below the other as they were read."""
    above = [rows[wire.source] for _, wire in made[i].wires() if wire.source in rows]
    if above:
        return sum(above) / len(above)
    leaves = [j for j, node in made.items() if node.leaf is not None]
    return leaves.index(i) * (HEIGHT + GAP) if i in leaves else 0.0
