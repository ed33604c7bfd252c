"""Making the tensors that leaves hold: torch's constructors by name, each with the recipe that made its numbers.

The constructors themselves are the engine's; here is which there are, and how a person's arguments reach them.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from chainrule.core.document.edits import Edit, leaf_of
from chainrule.core.document.graph import Graph, GraphError, Leaf, Node, NodeId, Recipe
from chainrule.core.engine import constructors, dtypes, random

# What the library offers, with the line that describes it; the names are torch's.
CONSTRUCTORS: dict[str, str] = {
    "tensor": "A leaf holding the numbers you give it.",
    "zeros": "Zeros of a given size.",
    "ones": "Ones of a given size.",
    "full": "One number in every place.",
    "eye": "Ones on the diagonal, zeros elsewhere.",
    "arange": "Numbers from a start up to an end, a step apart.",
    "linspace": "Numbers evenly from a start to an end, both included.",
    "rand": "Numbers drawn evenly from [0, 1).",
    "randn": "Numbers drawn from the standard normal distribution.",
    "randint": "Whole numbers drawn evenly from a range.",
    "randperm": "The whole numbers below n in random order.",
}
DRAWN = ("rand", "randn", "randint", "randperm")
_SIZED = ("zeros", "ones", "rand", "randn")


def defaults(function: str) -> dict[str, Any]:
    """The arguments of a constructor with what they are at first: something small that can be seen."""
    return dict(_FIRST[function])


_FIRST: dict[str, dict[str, Any]] = {
    "tensor": {"data": 1.0},
    "zeros": {"size": [3]},
    "ones": {"size": [3]},
    "full": {"size": [3], "fill_value": 1.0},
    "eye": {"n": 3},
    "arange": {"start": 0, "end": 5, "step": 1},
    "linspace": {"start": 0.0, "end": 1.0, "steps": 5},
    "rand": {"size": [3]},
    "randn": {"size": [3]},
    "randint": {"low": 0, "high": 10, "size": [3]},
    "randperm": {"n": 5},
}


def make_leaf(
    function: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    seed: int | None = None,
    dtype: str | None = None,
    requires_grad: bool = False,
) -> Leaf:
    """What ``torch.<function>(**arguments)`` gives, as document data; without arguments, a small example.

    A constructor that draws uses ``seed``, or one of its own choosing, which the recipe keeps so that the numbers can
    be drawn again. Raises GraphError for an unknown constructor or dtype, and for arguments that it refuses.
    """
    if function not in CONSTRUCTORS:
        raise GraphError(f"there is no constructor {function!r}; there are {', '.join(CONSTRUCTORS)}", field="recipe")
    given = defaults(function) if arguments is None else dict(arguments)
    if function in DRAWN and seed is None:
        seed = int(np.random.default_rng().integers(1 << 31))
    try:
        value = _construct(function, given, seed, None if dtype is None else dtypes.by_name(dtype))
    except KeyError:
        raise GraphError(f"there is no dtype {dtype!r}", field="dtype") from None
    except (TypeError, ValueError, RuntimeError, OverflowError, MemoryError) as error:
        fault = str(error).removeprefix(f"{function}: ")
        raise GraphError(f"{function}: {fault}", field="recipe") from None
    recipe = None if function == "tensor" else Recipe(function, given, seed if function in DRAWN else None)
    return Leaf(value, requires_grad, recipe)


def _construct(function: str, given: Mapping[str, Any], seed: int | None, dtype: dtypes.dtype | None) -> Any:
    make = getattr(constructors, function)
    options: dict[str, Any] = dict(given)
    size = (options.pop("size", ()),) if function in _SIZED else ()
    if seed is not None and function in DRAWN:
        options["generator"] = random.Generator().manual_seed(seed)
    if dtype is not None:
        options["dtype"] = dtype
    inspect.signature(make).bind(*size, **options)
    return make(*size, **options)._data


def is_drawn(node: Node) -> bool:
    """Whether ``node`` is a leaf whose numbers were drawn at random, and so can be drawn again."""
    return node.leaf is not None and node.leaf.recipe is not None and node.leaf.recipe.function in DRAWN


def redraw(graph: Graph, node: NodeId, seed: int | None = None) -> Edit:
    """The edit that draws the numbers of the leaf ``node`` anew; GraphError if they were not drawn."""
    old = graph.nodes[node]
    leaf = leaf_of(old)
    if leaf.recipe is None or leaf.recipe.function not in DRAWN:
        raise GraphError(f"the numbers of {old.name} were not drawn, so they cannot be drawn again", old.name, "recipe")
    recipe, dtype = leaf.recipe, leaf.value.dtype.name
    drawn = make_leaf(recipe.function, recipe.arguments, seed=seed, dtype=dtype, requires_grad=leaf.requires_grad)
    return Edit(f"redraw {old.name}", {node: replace(old, leaf=drawn)})
