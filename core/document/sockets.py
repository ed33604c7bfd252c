"""Which sockets and outputs a node has, as its operation declares them.

The rule book knows the declarations, the graph what is filled; here the two are read side by side.
"""

from __future__ import annotations

from typing import cast

from chainrule.core.document.graph import TENSOR, GraphError, Node
from chainrule.core.document.spelling import did_you_mean
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Composite, Rule, Socket

AnyOperation = Rule | Composite


def operation_of(kind: str, name: str = "") -> AnyOperation:
    """The operation behind ``kind``; GraphError, with the likeliest other spelling, if there is none."""
    operation = registry.names().get(kind)
    if operation is None or not operation.public:
        hint = did_you_mean(kind, (other for other, each in registry.entries().items() if each.public))
        raise GraphError(f"there is no operation called {kind!r}{hint}", name, "kind")
    return cast(AnyOperation, operation)


def socket_of(operation: AnyOperation, name: str) -> Socket | None:
    """The socket that ``name`` means (``tensors.2`` is a slot of the variadic ``tensors``), or None."""
    stem, dot, slot = name.partition(".")
    for socket in operation.inputs:
        if socket.name == stem and socket.variadic == bool(dot):
            return socket if not dot or _is_slot_number(slot) else None
    return None


def _is_slot_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and str(int(text)) == text if len(text) < 10 else False


def sockets(node: Node) -> dict[str, Socket]:
    """The sockets of ``node`` by name, in torch's order; a variadic one as its filled slots and a free one."""
    if node.kind == TENSOR:
        return {}
    named: dict[str, Socket] = {}
    for socket in operation_of(node.kind, node.name).inputs:
        if socket.variadic:
            named |= {
                f"{socket.name}.{slot}": socket for slot in [*filled_slots(node, socket.name), _free(node, socket)]
            }
        else:
            named[socket.name] = socket
    return named


def filled_slots(node: Node, stem: str) -> list[int]:
    """The numbers of the filled slots of the variadic socket ``stem``, in order."""
    return sorted(int(name[len(stem) + 1 :]) for name in node.inputs if name.startswith(f"{stem}."))


def _free(node: Node, socket: Socket) -> int:
    return max(filled_slots(node, socket.name), default=-1) + 1


def missing(node: Node) -> list[str]:
    """The sockets that must be filled before ``node`` can run, and are not."""
    lacking = []
    for name, socket in sockets(node).items():
        if socket.variadic:
            if not filled_slots(node, socket.name):
                lacking.append(name)
        elif not socket.optional and name not in node.inputs:
            lacking.append(name)
    return lacking


def outputs(node: Node) -> tuple[str, ...]:
    """The names of what ``node`` gives out; ``("",)`` for a single result, which needs no name."""
    if node.kind == TENSOR:
        return ("",)
    operation = operation_of(node.kind, node.name)
    try:
        return operation.outputs({param.name: param.default for param in operation.params} | dict(node.params)) or ("",)
    except (TypeError, ValueError):  # a parameter that the operation itself will refuse when it runs
        return ("",)
