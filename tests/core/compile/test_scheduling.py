"""What is made together: stretches of large calls, whatever stands between, and small calls alike as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from chainrule.core.compile import blocking
from chainrule.core.compile.emission import Emitted, emit
from chainrule.core.compile.memory import Memory
from chainrule.core.compile.scheduling import WORTH, Batch, Item, Stretch, calls_of, schedule, written_down
from chainrule.core.compile.tracing import Traced

MANY = WORTH


def leaf(name: str, *shape: int) -> Traced:
    return Traced(np.linspace(0.1, 0.9, max(1, int(np.prod(shape)))).reshape(shape), name)


def scheduled(inputs: Sequence[Traced], *results: Any) -> list[Item]:
    order = written_down(results)
    return schedule(order, Memory({each.name: each for each in inputs}, order), results)


def said(items: Sequence[Item]) -> list[str]:
    """Each item as the functions that it calls; several as one in brackets, with how they are made."""
    marks = {Stretch: "blocks", Batch: "at once"}
    return [
        f"{marks[type(item)]}({', '.join(names)})" if type(item) in marks else names[0]
        for item in items
        if (names := [each.call.__name__ for each in calls_of(item)])  # type: ignore[union-attr]
    ]


def values(out: Emitted, inputs: Sequence[Traced]) -> list[Any]:
    """What the emitted lines leave in what is kept."""
    known: dict[str, Any] = {"np": np, **out.functions, **out.constants, **{each.name: each.value for each in inputs}}
    exec("\n".join([*out.setup, *out.body]), known)
    return [known[name] for name in out.kept]


def test_calls_come_as_they_were_written() -> None:
    x = leaf("x", 3)
    assert said(scheduled([x], np.exp(np.sin(x)))) == ["sin", "exp"]


def test_a_view_is_no_call() -> None:
    x = leaf("x", 3, 2)
    assert said(scheduled([x], np.exp(np.transpose(x)))) == ["exp"]


def test_neighbours_over_many_elements_are_a_stretch() -> None:
    x = leaf("x", MANY)
    assert said(scheduled([x], np.exp(np.sin(x)))) == ["blocks(sin, exp)"]


def test_what_needs_a_stretch_and_is_not_needed_by_the_next_goes_after_both() -> None:
    x = leaf("x", MANY)
    y = np.sin(x)
    total = np.matmul(y, np.ones(MANY))
    assert said(scheduled([x], total, np.cos(y))) == ["blocks(sin, cos)", "matmul"]


def test_what_both_stretches_do_not_need_goes_before_them() -> None:
    x, a = leaf("x", MANY), leaf("a", 2)
    y = np.sin(x)
    factor = np.matmul(a, a)
    assert said(scheduled([x, a], np.cos(y * factor))) == ["matmul", "blocks(sin, multiply, cos)"]


def test_stretches_stay_apart_where_what_stands_between_leads_from_one_to_the_other() -> None:
    x = leaf("x", MANY)
    y = np.sin(x)
    assert said(scheduled([x], y * np.matmul(y, y))) == ["blocks(sin)", "matmul", "blocks(multiply)"]


@pytest.mark.parametrize("turned", [lambda x: np.transpose(x), lambda x: np.broadcast_to(x[:1], x.shape)])
def test_what_meets_other_elements_is_in_no_stretch(turned: Callable[[Any], Any]) -> None:
    x = leaf("x", 256, 256)
    assert said(scheduled([x], np.sin(x) + turned(x))) == ["blocks(sin)", "add"]


def test_calls_alike_are_made_at_once_when_the_last_operand_is_there() -> None:
    x = leaf("x", 3)
    y = np.sin(x)
    z = np.exp(y)
    result = np.tanh(y) * np.tanh(z) * z
    assert said(scheduled([x], result)) == ["sin", "exp", "at once(tanh, tanh)", "multiply", "multiply"]


def test_calls_that_need_each_other_are_not_made_at_once() -> None:
    x = leaf("x", 3)
    assert said(scheduled([x], np.sin(np.sin(np.sin(x))))) == ["sin", "sin", "sin"]


def test_neither_are_calls_whose_first_result_is_needed_for_the_last_operand() -> None:
    x = leaf("x", 3)
    y = np.exp(x)
    first = np.tanh(y)
    second = np.tanh(np.exp(first))
    assert said(scheduled([x], first * second)) == ["exp", "tanh", "exp", "tanh", "multiply"]


def test_what_is_made_at_once_feeds_what_is_made_at_once() -> None:
    x = leaf("x", 3)
    y = np.sin(x)
    z = np.exp(y)
    squares = y * y, z * z
    result = (1.0 - squares[1]) * np.exp(1.0 - squares[0])
    names = said(scheduled([x], result))
    assert names == ["sin", "exp", "at once(multiply, multiply)", "at once(subtract, subtract)", "exp", "multiply"]


def built(kind: str, inputs: list[Traced]) -> list[Any]:
    x, y = inputs
    a, b = np.sin(x), np.exp(y)
    pieces = {
        "the same operand in two calls": lambda: [np.tanh(a) * b, np.tanh(b) * a, a * b],
        "a value in rows for two": lambda: [np.cos(a) + np.cos(b), np.tanh(b) + np.tanh(a), a * a - b * b],
        "rows the other way round": lambda: [np.cos(b) * np.cos(a), np.sinh(a) * np.sinh(b)],
        "a view of what moves": lambda: [np.matmul(np.transpose(np.tanh(a)), np.tanh(b))],
        "joined as well": lambda: [
            np.concatenate([np.reshape(np.tanh(a), (-1,)), np.reshape(np.tanh(b), (-1,))]),
            np.tanh(a) * np.tanh(b),
        ],
        "one element": lambda: [a * np.sum(b), np.reshape(x[0, :1], (1, 1)) * a],
        "choices": lambda: [np.where(a > 0.3, b, 0), np.where(a > 0.3, 0, b) * np.where(b > 2, a, 0)],
    }
    made: list[Any] = pieces[kind]()
    return made


KINDS = [
    "the same operand in two calls", "a value in rows for two", "rows the other way round", "a view of what moves",
    "joined as well", "one element", "choices",
]  # fmt: skip


@pytest.mark.parametrize("worth", [3, WORTH], ids=["in blocks", "whole"])
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_made_together_the_values_are_those_of_the_calls(kind: str, worth: int) -> None:
    inputs = [leaf("x", 3, 3), leaf("y", 3, 3)]
    results = built(kind, inputs)
    scheduling = "chainrule.core.compile.scheduling.WORTH"
    with (
        patch(scheduling, worth),
        patch.object(blocking, "BLOCK", 2),
        patch("chainrule.core.compile.elementwise.MASKED", 1),
    ):
        out = emit({each.name: each for each in inputs}, {}, [], results)
    for found, expected in zip(values(out, inputs), results, strict=True):
        np.testing.assert_array_equal(found, expected.value)
