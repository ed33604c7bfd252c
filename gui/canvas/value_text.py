"""Reading what is typed for a value: a number, a list, rows as from a spreadsheet, or arithmetic such as ``2*pi/3``.

Text becomes plain numbers and nested lists; nothing typed is ever executed.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

Nested = Any  # a number or nested lists of numbers

NAMES: dict[str, float] = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "tau": math.tau}
BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Mod: operator.mod,
    ast.FloorDiv: operator.floordiv,
}
FUNCTIONS: dict[str, Callable[[float], float]] = {
    name: getattr(math, name) for name in ("sqrt", "exp", "log", "sin", "cos", "tan", "tanh")
}
LARGEST_POWER = 400


def parse(text: str) -> Nested:
    """The number or nested list that ``text`` stands for.

    ``1.5``, ``[1, 2]``, ``1, 2`` and, with a line or ``;`` for each row and spaces, tabs or commas between numbers,
    a matrix. Raises ValueError with the word that was not understood.
    """
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    if text.startswith("tensor(") and text.endswith(")"):
        text = text[len("tensor(") : -1]
    if not text:
        raise ValueError("type a number, such as 1.5, or a list, such as [1, 2]")
    rows = [row for row in text.replace(";", "\n").split("\n") if row.strip()]
    if "[" not in text and (len(rows) > 1 or "\t" in text):
        return [_row(row) for row in rows] if len(rows) > 1 else _row(rows[0])
    try:
        tree = ast.parse(" ".join(rows), mode="eval").body
    except (SyntaxError, ValueError):
        return _row(text) if "[" not in text else _fail(text)
    value = _value(tree)
    return value


def _row(text: str) -> list[Any]:
    cells = text.replace("\t", ",").split(",") if "\t" in text or "," in text else text.split()
    return [_cell(cell.strip()) for cell in cells if cell.strip()]


def _cell(text: str) -> Any:
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return _fail(text)
    value = _value(tree)
    if isinstance(value, list):
        return _fail(text)
    return value


def _fail(what: str) -> Any:
    raise ValueError(f"{what[:40]!r} is not a number")


def _value(tree: ast.expr) -> Any:
    match tree:
        case ast.Constant(value=bool() | int() | float() as number):
            return number
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return [_value(element) for element in elements]
        case ast.Name(id=name) if name in NAMES:
            return NAMES[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _number(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            return _computed(BINARY[type(op)], _number(left), _number(right), ast.unparse(tree))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            return _computed(lambda x, _: FUNCTIONS[name](x), _number(argument), 0, ast.unparse(tree))
    return _fail(ast.unparse(tree))


def _number(tree: ast.expr) -> Any:
    value = _value(tree)
    return _fail(ast.unparse(tree)) if isinstance(value, list) else value


def _computed(function: Callable[[Any, Any], Any], left: Any, right: Any, text: str) -> Any:
    if function is operator.pow and abs(right) > LARGEST_POWER:
        raise ValueError(f"{text[:40]} is too large")
    try:
        value = function(left, right)
    except (ArithmeticError, ValueError) as error:
        raise ValueError(f"{text[:40]}: {error}") from None
    return value if isinstance(value, (int, float)) else _fail(text)
