"""The rule book as a book: complete, documented, found by search, and free of what is the engine's to do."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from contextlib import suppress
from operator import attrgetter
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

import chainrule.core.ops
from chainrule.core.compile.tracing import Traced
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Composite, Operation, Rule

FOLDER = Path(chainrule.core.ops.__file__).parent
MODULES = sorted(
    path for path in FOLDER.glob("*.py") if "register(" in path.read_text(encoding="utf-8") and path.stem != "registry"
)
EVERY = list(registry.entries().values())

RULE_SAMPLES = [(rule, at) for rule in EVERY if isinstance(rule, Rule) for at in range(len(rule.samples))]
NOT_A_RULES_BUSINESS = ("T", "size", "at", "broadcast_shapes", "requires_grad", "grad", "empty", "zeros")

PROMISED = (
    "add sub rsub mul div neg pow exp log sqrt abs sin cos tanh sigmoid relu clamp maximum minimum where",
    "sum mean prod max min amax matmul mm mv dot linear reshape view flatten transpose permute t squeeze",
    "unsqueeze expand cat stack getitem softmax log_softmax mse_loss cross_entropy detach clone",
)

POINTWISE = ("arithmetic", "exponential", "trigonometry", "special", "rounding", "choosing", "comparison")
FAMILIES = {"pointwise", "reduction", "linalg", "shape", "activation", "loss", "control", "indexing"}


def each(operations: list[Operation]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("operation", operations, ids=[operation.name for operation in operations])


def test_every_promised_operation_is_there() -> None:
    assert {name for line in PROMISED for name in line.split()} - set(registry.entries()) == set()


@each(EVERY)
def test_every_operation_is_described(operation: Operation) -> None:
    assert operation.doc.endswith(".")
    assert "\n" not in operation.doc
    assert operation.family in FAMILIES
    assert operation.inputs


@each([operation for operation in EVERY if operation.public and operation.family != "control"])
def test_what_the_user_sees_has_a_symbol_and_a_sample(operation: Operation) -> None:
    assert operation.symbol
    assert operation.samples


@each([operation for operation in EVERY if isinstance(operation, Rule)])
def test_a_rule_has_one_vjp_an_input_and_each_takes_what_the_engine_gives(operation: Rule) -> None:
    names = [parameter.name for parameter in operation.params]
    sockets = len(operation.inputs)
    assert len(operation.vjps) == sockets
    for vjp in operation.vjps:
        if vjp is not None:
            places = [None] * (1 if operation.variadic else sockets)
            at = {"at": 0} if operation.variadic else {}
            inspect.signature(vjp).bind(None, None, *places, **at, **dict.fromkeys(names))


@each([operation for operation in EVERY if isinstance(operation, Composite)])
def test_a_composite_has_no_derivative_of_its_own(operation: Composite) -> None:
    assert not hasattr(operation, "vjps")
    assert next(iter(inspect.signature(operation.forward).parameters)) == "F"


@each([operation for operation in EVERY if operation.public])
def test_an_operation_is_found_by_all_its_names(operation: Operation) -> None:
    assert operation in registry.search(operation.name)[:2]
    for word in (operation.torch_name, *operation.aliases, *operation.synonyms):
        assert operation in registry.search(word)[:8], word


@each(EVERY)
def test_an_operation_stands_on_a_page_of_the_book(operation: Operation) -> None:
    assert operation.subject in {path.stem for path in MODULES}


def test_search_forgives_a_misspelling_and_finds_nothing_for_nonsense() -> None:
    assert "sigmoid" in [operation.name for operation in registry.search("sigmiod")]
    assert registry.search("qqqqzzzz") == []
    assert registry.search("") == [operation for operation in EVERY if operation.public]


def derivatives(path: Path) -> Iterator[ast.AST]:
    """What stands in the vjps of a module and in the functions that they call: all whose first argument is ``g``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.Lambda, ast.FunctionDef)) and node.args.args and node.args.args[0].arg == "g":
            yield from ast.walk(node)


@pytest.mark.parametrize("path", MODULES, ids=[path.stem for path in MODULES])
def test_no_vjp_accumulates_or_sums_to_a_shape(path: Path) -> None:
    found = list(derivatives(path))
    assert found or path.stem == "comparison"
    # Sums belong to softmax, to means, to losses; elsewhere they would be un-broadcasting.
    foreign = NOT_A_RULES_BUSINESS + (("sum",) if path.stem in (*POINTWISE, "linalg", "shape") else ())
    for node in found:
        assert not isinstance(node, (ast.AugAssign, ast.NamedExpr)), ast.unparse(node)
        assert not (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)), ast.unparse(node)
        assert not (isinstance(node, ast.keyword) and node.arg in ("out", "where", "dtype")), ast.unparse(node)
        assert not (isinstance(node, ast.Attribute) and node.attr in foreign), ast.unparse(node)


@pytest.mark.parametrize("sample", RULE_SAMPLES, ids=[f"{rule.name} {place}" for rule, place in RULE_SAMPLES])
def test_rules_speak_only_the_vocabulary_and_mean_the_same_by_it(sample: tuple[Rule, int]) -> None:
    rule, place = sample
    inputs = [np.asarray(each) for each in rule.samples[place].inputs]
    params = {each.name: each.default for each in rule.params} | dict(rule.samples[place].params)
    traced = [Traced(each, str(at)) for at, each in enumerate(inputs)]
    result = rule.forward(*inputs, **params)
    np.testing.assert_array_equal(rule.forward(*traced, **params).value, result)
    g = np.linspace(-1.0, 2.0, int(np.size(result))).reshape(np.shape(result))
    for at, vjp in enumerate(rule.vjps):
        if vjp is not None:
            which = {"at": at} if rule.variadic else {}
            expected = vjp(g, result, *inputs, **which, **params)
            spoken = vjp(Traced(g, "g"), Traced(np.asarray(result), "y"), *traced, **which, **params)
            np.testing.assert_array_equal(spoken.value, expected)


class Shaded(np.ndarray):
    """An array that shows its shape and its dtype only."""

    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        raise AssertionError("looked at")

    __array_ufunc__ = __array_function__ = __getitem__ = __iter__ = _refuse  # type: ignore[assignment]
    __bool__ = __int__ = __float__ = item = tolist = _refuse  # type: ignore[assignment]
    flags = strides = property(_refuse)  # type: ignore[assignment]


@pytest.mark.parametrize("sample", RULE_SAMPLES, ids=[f"{rule.name} {place}" for rule, place in RULE_SAMPLES])
def test_a_check_looks_at_no_values(sample: tuple[Rule, int]) -> None:
    rule, place = sample
    values, params = rule.samples[place].inputs, rule.samples[place].params
    for dtype in (None, np.int64):  # integers have checks of their own
        shaded = [
            value if np.isscalar(value) and (socket.number or socket.optional) else np.array(value, dtype).view(Shaded)
            for value, socket in zip(values, rule.inputs * (len(values) if rule.variadic else 1), strict=True)
        ]
        if rule.check is not None:
            with suppress(RuntimeError, TypeError, IndexError):
                rule.check(*shaded, **params)


@pytest.mark.optional("operations have torch's names", needs="torch")
def test_torch_has_them_under_those_names() -> None:
    torch = importlib.import_module("torch")
    public = [operation for operation in EVERY if operation.public]
    for operation in public:
        for path in operation.paths:
            for name in (operation.spelled or operation.name, *operation.aliases):
                assert callable(attrgetter(".".join(filter(None, (path, name))))(torch))
    methods = [name for op in public if op.method for name in (op.name, *op.aliases)]
    assert [name for name in methods if not hasattr(torch.Tensor, name)] == []
