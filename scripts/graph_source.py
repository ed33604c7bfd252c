"""A graph as a plain Python function of any library that has torch's functions: the code that a user would write.

Nothing of Chainrule runs in it, no graph is walked and no result is kept longer than in a program that calls each new
value ``y``. Where the functions come from is the caller's to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainrule.core.document.graph import Graph, Node, Wire
from chainrule.core.document.sockets import filled_slots, operation_of

Find = Callable[[str], Callable[..., Any]]


def forward_of(graph: Graph, loss: str, find: Find) -> tuple[list[str], Callable[..., Any]]:
    """The leaves above ``loss`` by name, and the function that takes their values, in this order, to the loss.

    ``find`` gives the function that torch has under a name such as "nn.functional.linear".
    """
    above = graph.upstream([graph.named(loss).id])
    nodes = [graph.nodes[i] for i in graph.order() if i in above]
    leaves = [node for node in nodes if node.leaf is not None]
    functions = {node.kind: find(operation_of(node.kind).torch_name) for node in nodes if node.leaf is None}
    lines = [f"def forward({', '.join(f'leaf_{node.id}' for node in leaves)}):", *_body(nodes), ""]
    namespace: dict[str, Any] = {f"call_{kind}": function for kind, function in functions.items()}
    exec(compile("\n".join(lines), "<forward>", "exec"), namespace)
    return [node.name for node in leaves], namespace["forward"]


def _body(nodes: list[Node]) -> list[str]:
    """One line a node; a value that is not read again leaves its name to the next."""
    last_read = {wire.source: at for at, node in enumerate(nodes) for _, wire in node.wires()}
    names = {node.id: f"leaf_{node.id}" for node in nodes if node.leaf is not None}
    free: list[str] = []
    lines = []
    for at, node in enumerate(nodes):
        if node.leaf is None:
            call = _call(node, names)
            sources = {wire.source for _, wire in node.wires()}
            free += [names[i] for i in sorted(sources) if last_read[i] == at and names[i].startswith("y")]
            names[node.id] = free.pop() if free else f"y{at}"
            lines.append(f"    {names[node.id]} = {call}")
    return [*lines, f"    return {names[nodes[-1].id]}"]


def _call(node: Node, names: dict[int, str]) -> str:
    """The call as it is usually written: tensors by place, settings by name."""
    arguments: list[str] = []
    operation = operation_of(node.kind, node.name)
    if operation.leading:
        raise ValueError(f"{node.name}: {node.kind} takes settings before its tensors")

    def fed(socket: str) -> str:
        source = node.inputs[socket]
        return names[source.source] if isinstance(source, Wire) else repr(source)

    for place, socket in enumerate(operation.inputs):
        if socket.variadic:
            slots = filled_slots(node, socket.name)
            arguments.append(f"[{', '.join(fed(f'{socket.name}.{slot}') for slot in slots)}]")
        elif socket.name in node.inputs:
            by_name = f"{socket.name}=" if place > len(arguments) else ""
            arguments.append(by_name + fed(socket.name))
    arguments += [f"{name}={value!r}" for name, value in node.params.items()]
    return f"call_{node.kind}({', '.join(arguments)})"
