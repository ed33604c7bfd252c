"""The inspector's painted blocks: where their numbers and signs stand, and that none of them is lost."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QFont, QFontMetricsF
from pytestqt.qtbot import QtBot

from chainrule.gui.numbers import array_text
from chainrule.gui.panels.blocks import Box, Derivative, Equation, Factor, PathProduct
from chainrule.gui.panels.painted_blocks import DerivativeView, EquationView, PathView
from chainrule.gui.theme import Look
from tests.gui.panels.conftest import Show


def test_a_note_stands_within_its_box(look: Look, show: Show) -> None:
    view = EquationView(look)
    show(view, 270, 400)
    noted, bare = (Equation((Box("norm 4.24", "w.grad", 1, note),), ()) for note in ("[2, 1, 3, 3]", ""))
    view.show_block(bare)
    narrow = view.needed_width()
    view.show_block(noted)
    assert view.accessibleName() == "w.grad norm 4.24 [2, 1, 3, 3]"
    assert narrow + QFontMetricsF(look.mono(10)).horizontalAdvance("[2, 1, 3, 3]") < view.needed_width() < view.width()


def test_a_sign_stands_halfway_between_the_numbers_that_it_joins(look: Look, show: Show) -> None:
    view = PathView(look)
    show(view, 270, 60)
    view.show_block(PathProduct((Factor("loss←error", "+2"), Factor("b", "1")), "2.0", 1))
    (row,) = view.rows(view.width())
    first, second = view.look.px(10), view.look.px(10) + row[0][2] + 3.0 * view.look.px(view.COLUMN_GAP)
    end = first + QFontMetricsF(look.mono(12)).horizontalAdvance("+2")
    assert view.sign_centres(row)[1] == pytest.approx((end + second) / 2)


def test_the_equals_signs_of_a_derivative_have_the_same_room_on_both_sides(look: Look, show: Show) -> None:
    view = DerivativeView(look)
    show(view, 270, 60)
    view.show_block(Derivative("pred", "w", ("x", "1")))
    written = view.written_width()
    view.show_block(Derivative("pred", "w", ("x = 1",)))
    assert view.written_width() == pytest.approx(written)


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_a_long_vector_goes_on_in_further_lines_and_loses_no_number(
    qtbot: QtBot, look: Look, show: Show, scale: float
) -> None:
    look.set_scale(scale)
    view = EquationView(look)
    show(view, round(270 * scale), 400)
    long = array_text(np.array([1.0747, -6.534, 3.5e-3, 1.25e-05, 7.0, -123.5], np.float32))
    view.show_block(Equation((Box("None", "x.grad before"), Box(long, "x.grad", 0)), ("=",)))
    inner = view.width() - look.px(view.ROOMY[1])
    lines = view.lines(long, inner)
    assert " ".join(lines) == long == "[1.0747, -6.5340, 0.0035, 1.25e-05, 7.0, -123.5000]"
    font = QFontMetricsF(look.mono(13.5, QFont.Weight.Bold))
    assert max(map(font.horizontalAdvance, lines)) <= inner
    assert view.height_at(view.width()) > view.height_at(10_000)
