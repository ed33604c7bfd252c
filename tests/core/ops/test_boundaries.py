"""What the rule book leaves to the engine: summing to a broadcast input's shape, adding up gradients, and writing.

And the few functions that no reading looks into, each with its reason.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import chainrule.core.ops
from chainrule.core.ops import registry, vocabulary
from chainrule.core.ops.rule import Rule

Array = NDArray[Any]

MODULES = sorted(Path(chainrule.core.ops.__file__).parent.glob("*.py"))
RULES = [
    (each, at) for each in registry.entries().values() if isinstance(each, Rule) for at in range(len(each.samples))
]

# NumPy has not got what these do, or does it in place, or all at once, or differently every time.
OPAQUE = {
    *("index", "unindex", "ungather", "scattered", "running", "unique"),
    *("windows", "unwindows", "erf", "erfc", "_logistic", "mask", "guarded"),
    *("signed_logarithm", "turned_inverse", "cofactors"),
    *("places_in_order", "places_of_most", "place_of_kth"),
}  # fmt: skip
# Functions that write into lists, dictionaries or numbers of Python's, which are shapes, labels, orders and the like;
# and one check that eliminates a copy to find the pivot that PyTorch's message names.
WRITES_NO_ARRAY = {
    *("registry.register", "registry.unregister", "chance.deal_from", "vocabulary.enrol", "vocabulary.along"),
    *("checks.broadcast", "contractions._chain", "einsum._contracted", "einsum._check_sizes", "einsum._labels"),
    *("einsum._read", "indexing._aligned", "indexing._in_bounds", "inverses._matrix_power", "repeats._meshgrid"),
    *("sorting._unique", "inverses._zero_pivot"),
    *(f"ordering.{step}" for step in ("_followed", "_swap", "_insert_each", "_sort_roughly", "_nth_element")),
    *(f"ordering.{step}" for step in ("_divide", "kth_search", "_keep_smallest", "_sort_heap", "_sink")),
}  # fmt: skip
IN_PLACE = ("at", "copyto", "put", "place", "putmask", "put_along_axis", "fill_diagonal", "fill", "itemset", "resize")


def opaque() -> dict[str, Any]:
    """The functions that are words of their own, by name."""
    found = (inspect.unwrap(each) for each in vocabulary.WORDS if hasattr(each, "__wrapped__"))
    return {each.__name__: each for each in found if each.__module__.startswith("chainrule.")}


def outside_opaque(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """What a module holds, with the function that it stands in; opaque functions are passed over."""
    waiting: list[tuple[str, ast.AST]] = [("", ast.parse(path.read_text(encoding="utf-8")))]
    while waiting:
        function, node = waiting.pop()
        yield function, node
        for child in ast.iter_child_nodes(node):
            inside = child.name if isinstance(child, ast.FunctionDef) else function
            if inside not in OPAQUE:
                waiting.append((inside, child))


def writes(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.AugAssign)
        or (isinstance(node, ast.Subscript) and isinstance(node.ctx, (ast.Store, ast.Del)))
        or (isinstance(node, ast.keyword) and node.arg == "out" and not isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.Attribute) and node.attr in IN_PLACE)
    )


def test_nothing_is_updated_in_place_but_in_opaque_functions() -> None:
    found = {f"{path.stem}.{function}" for path in MODULES for function, node in outside_opaque(path) if writes(node)}
    assert found == WRITES_NO_ARRAY


def test_opaque_functions_are_few_and_each_says_why() -> None:
    assert opaque().keys() == OPAQUE
    assert len(OPAQUE) <= 19
    assert [name for name, function in opaque().items() if not inspect.getdoc(function)] == []


def test_no_gradient_is_kept_or_added_up() -> None:
    guilty = [
        f"{path.stem}: {node.attr}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("grad", "backward", "accumulate_grad")
    ]
    assert guilty == []


def sealed(value: Any) -> Any:
    """``value`` as an array that cannot be written to, if it is one at all."""
    array = np.array(value)
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(("rule", "at"), RULES, ids=[f"{rule.name} {at}" for rule, at in RULES])
def test_rules_leave_what_they_are_given_as_it_is(rule: Rule, at: int) -> None:
    if rule.writes:
        return
    sample = rule.samples[at]
    inputs = [sealed(each) for each in sample.inputs]
    params = {each.name: each.default for each in rule.params} | dict(sample.params)
    y = sealed(rule.forward(*inputs, **params))
    g = sealed(np.linspace(-1.0, 2.0, y.size).reshape(y.shape))
    for place, vjp in enumerate(rule.vjps):
        if vjp is not None:
            vjp(g, y, *inputs, **({"at": place} if rule.variadic else {}), **params)


def elementwise() -> Iterator[tuple[Rule, int]]:
    """Rules of several arrays that broadcast, and samples in which these have one shape."""
    for rule, at in RULES:
        shapes = {np.shape(each) for each in rule.samples[at].inputs if each is not None}
        if rule.family == "pointwise" and len(rule.inputs) > 1 and len(shapes) == 1 and () not in shapes:
            yield rule, at


BROADCASTING = list(elementwise())


@pytest.mark.parametrize(("rule", "at"), BROADCASTING, ids=[f"{rule.name} {at}" for rule, at in BROADCASTING])
def test_no_vjp_sums_to_the_shape_of_its_input(rule: Rule, at: int) -> None:
    """What a vjp gives for inputs that broadcast is what it gives for them broadcast, element by element."""
    sample = rule.samples[at]
    params = {each.name: each.default for each in rule.params} | dict(sample.params)
    arrays = [np.asarray(each) for each in sample.inputs]
    for small in range(len(arrays)):
        inputs = [each if place == small else np.stack([each, each]) for place, each in enumerate(arrays)]
        y = np.asarray(rule.forward(*inputs, **params))
        g = np.linspace(-1.0, 2.0, y.size).reshape(y.shape)
        whole = [np.broadcast_to(each, y.shape) for each in inputs]
        for vjp in rule.vjps:
            if vjp is not None:
                got = np.broadcast_to(vjp(g, y, *inputs, **params), y.shape)
                np.testing.assert_array_equal(got, np.broadcast_to(vjp(g, y, *whole, **params), y.shape))
