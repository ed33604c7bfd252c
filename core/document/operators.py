"""Python's operators: how they are written, and which operation of the rule book answers to each.

The records name the special methods that they serve; reading an expression and writing a script both go by those.
"""

from __future__ import annotations

from typing import cast

from chainrule.core.document.sockets import AnyOperation
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Operation

INFIX = {
    "__add__": "+",
    "__sub__": "-",
    "__mul__": "*",
    "__truediv__": "/",
    "__floordiv__": "//",
    "__mod__": "%",
    "__pow__": "**",
    "__matmul__": "@",
    "__eq__": "==",
    "__ne__": "!=",
    "__lt__": "<",
    "__le__": "<=",
    "__gt__": ">",
    "__ge__": ">=",
    "__and__": "&",
    "__or__": "|",
    "__xor__": "^",
}
PREFIX = {"__neg__": "-", "__pos__": "+", "__invert__": "~"}
INDEX = "__getitem__"


def reflected(special: str) -> str:
    """The method that is asked where the tensor stands on the right: ``__rsub__`` for ``__sub__``."""
    return f"__r{special[2:]}"


def serving(special: str) -> AnyOperation | None:
    """The operation that answers to the special method, or None."""
    found = next((each for each in registry.entries().values() if special in each.operators), None)
    return cast(AnyOperation | None, found)


def written(operation: Operation, operands: list[str]) -> str | None:
    """``operation`` of ``operands`` (in the order of its sockets) as Python writes it; None if it has no operator."""
    for special, sign in INFIX.items():
        if special in operation.operators:
            return _joined(operands[0], sign, operands[1])
        if reflected(special) in operation.operators:
            return _joined(operands[1], sign, operands[0])
    for special, sign in PREFIX.items():
        if special in operation.operators:
            return f"{sign}{operands[0]}"
    return None


def _joined(left: str, sign: str, right: str) -> str:
    """A power binds tighter than the minus of a number before it."""
    return f"({left}) {sign} {right}" if sign == "**" and left.startswith("-") else f"{left} {sign} {right}"
