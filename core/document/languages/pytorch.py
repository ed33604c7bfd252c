"""A graph as the Python script that a person would have written for it, for PyTorch or Chainrule's own ``torch`` face.

Only text is made here: nothing is run, and which node backward starts from is the caller's to say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.core.document import operators
from chainrule.core.document.graph import Array, Graph, Leaf, Literal, Node, NodeId, Recipe, Wire
from chainrule.core.document.settings import optimizer_options
from chainrule.core.ops import registry
from chainrule.core.ops.rule import REQUIRED, Operation
from chainrule.core.optim.rules import UPDATES

PYTORCH = "torch"
CHAINRULE = "chainrule.core"

LARGEST_LITERAL = 10_000
RESERVED = ("torch", "print", "range", "float", "optimizer", "epoch")


@dataclass(frozen=True)
class _Names:
    """What each node is called in the script, and the graph they come from."""

    graph: Graph
    by_id: Mapping[NodeId, str]

    def source(self, wire: Wire) -> str:
        """The expression for what ``wire`` brings: ``m``, ``m.values`` or ``parts[0]``."""
        name = self.by_id[wire.source]
        if not wire.output:
            return name
        place = wire.output.rpartition(".")[2]
        return f"{name}[{place}]" if place.isdigit() else f"{name}.{wire.output}"


def script(graph: Graph, *, module: str = PYTORCH, root: NodeId | None = None) -> str:
    """The script that makes the leaves of ``graph``, runs it forward and, given a ``root``, backward from there.

    ``module`` is what is imported as ``torch``: ``PYTORCH`` or ``CHAINRULE``. Leaf values are written with the digits
    that read back to the same bits. The result ends in a line break.
    """
    names = _Names(graph, _script_names(graph))
    order = graph.order()
    leaves = [graph.nodes[i] for i in order if graph.nodes[i].leaf is not None]
    operations = [graph.nodes[i] for i in order if graph.nodes[i].leaf is None]
    sections = [
        _opening(graph, module),
        [_leaf_line(names.by_id[node.id], node.leaf) for node in leaves if node.leaf is not None],
        list(_forward_lines(operations, names)),
        _backward_lines(graph, names, root) if root in graph.nodes else [],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def training_script(graph: Graph, *, module: str = PYTORCH, root: NodeId) -> str:
    """The script of the epoch loop that ``graph`` describes, with ``root`` as its loss."""
    names = _Names(graph, _script_names(graph))
    order = graph.order()
    leaves = [graph.nodes[i] for i in order if graph.nodes[i].leaf is not None]
    tracked = [names.by_id[node.id] for node in leaves if node.leaf is not None and node.leaf.requires_grad]
    forward = [graph.nodes[i] for i in order if graph.nodes[i].leaf is None and i in graph.upstream([root])]
    loss = names.by_id[root]
    loop = [
        f"for epoch in range({graph.training.epochs}):",
        *(f"    {line}" for line in _forward_lines(forward, names)),
        *(["    optimizer.zero_grad()"] if graph.training.zero_grad else []),
        f"    {loss}.backward({_seed(graph)})",
        "    optimizer.step()",
    ]
    sections = [
        _opening(graph, module),
        [_leaf_line(names.by_id[node.id], node.leaf) for node in leaves if node.leaf is not None],
        [f"optimizer = torch.optim.{graph.training.optimizer}([{', '.join(tracked)}], {_optimizer_arguments(graph)})"],
        loop,
        [f"print({name})" for name in tracked],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _opening(graph: Graph, module: str) -> list[str]:
    title = [f"# {line}" for line in (graph.about.title, graph.about.source) if line]
    return [*title, "import torch" if module == PYTORCH else f"import {module} as torch"]


def _script_names(graph: Graph) -> dict[NodeId, str]:
    """Every node's name as a Python identifier that shadows nothing the script calls."""
    taken = set(RESERVED)
    names = {}
    for identity, node in graph.nodes.items():
        stem = name = node.name.replace(".", "_")
        number = 1
        while name in taken:
            number += 1
            name = f"{stem}{number}"
        taken.add(name)
        names[identity] = name
    return names


# Leaves


def _leaf_line(name: str, leaf: Leaf | None) -> str:
    assert leaf is not None
    return f"{name} = {leaf_expression(leaf)}"


def leaf_expression(leaf: Leaf) -> str:
    """The constructor call that makes ``leaf``: its recipe where that gives the same numbers, else the numbers."""
    tracked = ["requires_grad=True"] if leaf.requires_grad else []
    call = _recipe_call(leaf) if leaf.recipe is not None else None
    if call is None:
        return _numbers_call(leaf.value, tracked)
    function, arguments = call
    return f"torch.{function}({', '.join([*arguments, *_dtype_argument(leaf.value.dtype), *tracked])})"


def _recipe_call(leaf: Leaf) -> tuple[str, list[str]] | None:
    recipe = leaf.recipe
    if recipe is None or recipe.function not in _CONSTRUCTIONS:
        return None
    try:
        made = _CONSTRUCTIONS[recipe.function](recipe, leaf.value)
    except (KeyError, TypeError, ValueError):
        return None
    if made is None or made[0].shape != leaf.value.shape or not np.array_equal(made[0], leaf.value):
        return None
    return recipe.function, made[1]


def _sizes(shape: tuple[int, ...]) -> list[str]:
    return [str(size) for size in shape] or ["()"]


def _constant(number: float) -> Callable[[Recipe, Array], tuple[Array, list[str]]]:
    def made(recipe: Recipe, value: Array) -> tuple[Array, list[str]]:
        return np.full(value.shape, number, value.dtype), _sizes(value.shape)

    return made


def _full(recipe: Recipe, value: Array) -> tuple[Array, list[str]]:
    fill = value.flat[0]
    return np.full(value.shape, fill, value.dtype), [_tuple(value.shape), _number(fill)]


def _eye(recipe: Recipe, value: Array) -> tuple[Array, list[str]]:
    rows, columns = value.shape
    return np.eye(rows, columns, dtype=value.dtype), [str(rows)] if rows == columns else [str(rows), str(columns)]


# Recipes that can be told from the leaf alone; numbers that were drawn are written out, so that no seed is needed.
_CONSTRUCTIONS: Mapping[str, Callable[[Recipe, Array], tuple[Array, list[str]] | None]] = {
    "ones": _constant(1),
    "zeros": _constant(0),
    "full": _full,
    "eye": _eye,
}


def _numbers_call(value: Array, tracked: list[str]) -> str:
    dtype = _dtype_argument(value.dtype)
    if value.size > LARGEST_LITERAL:
        call = ", ".join([*_sizes(value.shape), *dtype, *tracked])
        return f"torch.zeros({call})  # its {value.size} numbers are not written out here"
    if value.size == 0:
        return f"torch.zeros({', '.join([*_sizes(value.shape), *dtype, *tracked])})"
    return f"torch.tensor({', '.join([_nested(value), *dtype, *tracked])})"


def _dtype_argument(dtype: np.dtype[Any]) -> list[str]:
    """``dtype=torch.float64``, or nothing where torch would choose ``dtype`` by itself."""
    return [] if dtype.name in ("float32", "int64", "bool") else [f"dtype=torch.{dtype.name}"]


def _nested(value: Array) -> str:
    if value.ndim == 0:
        return _number(value[()])
    return "[" + ", ".join(_nested(part) for part in value) + "]"


def _number(number: Any) -> str:
    """The shortest text that reads back to the same number of the same dtype."""
    if isinstance(number, (bool, np.bool_, int, np.integer)):
        return str(number)
    if not math.isfinite(number):
        return f'float("{float(number)}")'
    return repr(float(str(number)))


def _tuple(shape: tuple[int, ...]) -> str:
    return repr(tuple(int(size) for size in shape))


# Operations


def _forward_lines(nodes: Iterable[Node], names: _Names) -> Iterator[str]:
    """One assignment a node; neighbours inside a no_grad region share one ``with`` block."""
    untracked = {member for region in names.graph.regions.values() for member in region.members}
    inside = False
    for node in nodes:
        if node.id in untracked and not inside:
            yield "with torch.no_grad():"
        inside = node.id in untracked
        yield ("    " if inside else "") + f"{names.by_id[node.id]} = {_call(node, names)}"


def call_text(graph: Graph, node: Node) -> str:
    """The expression that computes ``node``, such as ``x * w`` or ``torch.sum(x, dim=0)``."""
    return _call(node, _Names(graph, _script_names(graph)))


def _call(node: Node, names: _Names) -> str:
    try:
        operation = registry.get(node.kind)
    except KeyError:
        return f"torch.{node.kind}({', '.join(_plain_arguments(node, names))})"
    return _operator(operation, node, names) or _full_call(operation, node, names)


def _operator(operation: Operation, node: Node, names: _Names) -> str | None:
    """The operator form, where torch has one and reads it as this very operation."""
    if set(node.inputs) != {socket.name for socket in operation.inputs} or not any(True for _ in node.wires()):
        return None
    operands = [_argument(node.inputs[socket.name], names) for socket in operation.inputs]
    if operators.INDEX in operation.operators:
        (index,) = operation.params
        return f"{operands[0]}[{node.params.get(index.name)}]"
    return None if _settings(operation, node.params) else operators.written(operation, operands)


def _full_call(operation: Operation, node: Node, names: _Names) -> str:
    settings = _settings(operation, node.params)
    arguments: list[str] = []
    skipped = False
    for socket in operation.inputs:
        if socket.variadic:
            arguments.append("[" + ", ".join(_variadic(node, socket.name, names)) + "]")
        elif socket.name in node.inputs:
            text = _argument(node.inputs[socket.name], names)
            arguments.append(f"{socket.name}={text}" if skipped else text)
        elif socket.optional:
            skipped = True
        else:
            arguments.append(f"...  # {socket.name} is not connected")
    if not operation.paths:
        sizes = node.params.get(operation.ints)
        if isinstance(sizes, list | tuple):
            settings = [str(size) for size in sizes]
        return f"{arguments[0]}.{operation.name}({', '.join([*arguments[1:], *settings])})"
    return f"torch.{operation.torch_name}({', '.join([*arguments, *settings])})"


def _variadic(node: Node, socket: str, names: _Names) -> list[str]:
    slots = [name for name in node.inputs if name.rpartition(".")[0] == socket]
    slots.sort(key=lambda name: int(name.rpartition(".")[2]))
    return [_argument(node.inputs[slot], names) for slot in slots]


def _plain_arguments(node: Node, names: _Names) -> list[str]:
    inputs = [f"{socket}={_argument(value, names)}" for socket, value in node.inputs.items()]
    return inputs + [f"{name}={value!r}" for name, value in node.params.items()]


def _argument(value: Wire | Literal, names: _Names) -> str:
    return names.source(value) if isinstance(value, Wire) else _number(value)


def _settings(operation: Operation, params: Mapping[str, Any]) -> list[str]:
    """The parameters that differ from torch's defaults, as keyword arguments."""
    settings = []
    for param in operation.params:
        value = params.get(param.name, param.default)
        if value is REQUIRED or _same(value, param.default):
            continue
        settings.append(f"{param.name}={_setting(param.name, value)}")
    return settings


def _same(value: Any, default: Any) -> bool:
    return type(value) is type(default) and bool(value == default)


def _setting(name: str, value: Any) -> str:
    if name == "dtype":
        return f"torch.{value}"
    if isinstance(value, list):
        value = tuple(value)
    if isinstance(value, float):
        return _number(value)
    return repr(value)


# Backward and the optimiser


def _backward_lines(graph: Graph, names: _Names, root: NodeId | None) -> list[str]:
    assert root is not None
    above = graph.upstream([root])
    tracked = [
        names.by_id[i]
        for i, node in graph.nodes.items()
        if i in above and node.leaf is not None and node.leaf.requires_grad
    ]
    return [f"{names.by_id[root]}.backward({_seed(graph)})", *(f"print({name}.grad)" for name in tracked)]


def _seed(graph: Graph) -> str:
    gradient = graph.training.gradient
    return "" if gradient is None else f"torch.tensor({_nested(np.asarray(gradient, dtype=np.float64))})"


def _optimizer_arguments(graph: Graph) -> str:
    """The learning rate, and the options that are not torch's defaults."""
    usual = UPDATES[graph.training.optimizer].defaults
    options = optimizer_options(graph.training)
    shown = [name for name in options if name == "lr" or options[name] != usual[name]]
    return ", ".join(f"{name}={options[name]!r}" for name in shown)
