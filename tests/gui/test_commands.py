"""Undo commands: patches put one after the other are the one patch that does both."""

from __future__ import annotations

from chainrule.core.document.edits import Edit, apply, move, set_training, set_value
from chainrule.core.document.writing import encode
from chainrule.gui.commands import then
from tests.gui.conftest import regression


def test_two_patches_in_one_do_what_they_do_one_after_the_other() -> None:
    apart, together = regression(), regression()
    w = apart.named("w").id
    first = set_value(apart, w, 3.0)
    apply(apart, first)
    second = move(apart, {w: (5, 5)})
    apply(apart, second)
    third = set_training(apart, lr=0.5)
    apply(apart, third)
    apply(together, then(then(first, second), third))
    assert encode(apart) == encode(together)


def test_the_later_label_stands() -> None:
    assert then(Edit("a"), Edit("b")).label == "b"
