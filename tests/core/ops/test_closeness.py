"""Finding things by what somebody typed: which of several names is nearest."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chainrule.core.ops import registry
from chainrule.core.ops.closeness import KnownAs, closest


def found(typed: str, *things: KnownAs) -> list[str]:
    return [known.names[0] for known in closest(typed, things, lambda known: known)]


def named(*names: str) -> list[KnownAs]:
    return [KnownAs((name,)) for name in names]


def test_the_exact_name_comes_first_then_what_begins_so_the_shorter_first() -> None:
    assert found("max", *named("amax", "max_pool2d", "maximum", "max")) == ["max", "maximum", "max_pool2d", "amax"]


def test_the_beginning_of_a_word_goes_before_its_middle() -> None:
    assert found("loss", *named("glossy", "mse_loss")) == ["mse_loss", "glossy"]


@pytest.mark.parametrize("typed", ["one_hot", "onehot", "one-hot", "One Hot"])
def test_capitals_spaces_and_dashes_make_no_difference(typed: str) -> None:
    assert found(typed, KnownAs(("scatter",), ("one-hot",)), KnownAs(("one_hot",))) == ["one_hot", "scatter"]


def test_a_synonym_goes_after_names_that_begin_so_and_before_parts_of_names() -> None:
    things = (KnownAs(("relu",), ("hinge",)), *named("hinge_loss", "unhinged"))
    assert found("hinge", *things) == ["hinge_loss", "relu", "unhinged"]


def test_the_first_letters_of_the_words_of_a_name_are_a_name() -> None:
    assert found("bn", *named("binary", "batch_norm")) == ["batch_norm"]


def test_a_sign_means_what_python_writes_with_it_first() -> None:
    things = (KnownAs(("mm",), symbol="@"), KnownAs(("matmul",), symbol="@", operator=True))
    assert found("@", *things) == ["matmul", "mm"]


def test_a_greek_capital_is_not_the_small_letter() -> None:
    things = (KnownAs(("sum",), symbol="\u03a3"), KnownAs(("sigmoid",), symbol="\u03c3"))
    assert found("\u03c3", *things)[0] == "sigmoid"
    assert found("\u03a3", *things)[0] == "sum"


@pytest.mark.parametrize("typed", ["sigmiod", "sigmod", "sgmd"])
def test_misspelt_and_shortened_names_are_guessed(typed: str) -> None:
    assert found(typed, *named("tanh", "sigmoid")) == ["sigmoid"]


def test_nothing_is_guessed_where_something_is_called_so_and_nothing_found_in_nonsense() -> None:
    assert found("cat", *named("cat", "celu_flat")) == ["cat"]
    assert found("qqqqzzzz", *named("cat", "sigmoid")) == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("max", ["max", "maximum"]), ("t", ["t"]), ("log", ["log", "log2"]), ("one-hot", ["one_hot"]),
        ("average", ["mean"]), ("*", ["mul"]), ("bce", ["binary_cross_entropy"]), ("swish", ["silu"]),
        ("conv", ["conv1d", "conv2d", "conv3d"]), ("multiply", ["mul"]), ("cast", ["to"]), ("dense", ["linear"]),
    ],
)  # fmt: skip
def test_the_book_is_found_as_a_reader_of_torch_expects(typed: str, first: Sequence[str]) -> None:
    names = [operation.name for operation in registry.search(typed)]
    assert names[: len(first)] == list(first)


def test_the_book_lists_nothing_twice() -> None:
    for typed in ("multiply", "subtract", "arcsin", "clip", "less", "norm", "a"):
        names = [operation.name for operation in registry.search(typed)]
        assert len(names) == len(set(names))
