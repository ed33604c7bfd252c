"""The themes: every role in both, every text readable on what it stands on, and a look that is followed."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from chainrule.gui.style import style_sheet
from chainrule.gui.theme import DARK, LIGHT, Look, Theme, read_theme

SURFACES = ("window", "panel", "canvas", "field", "button", "card", "card_untracked", "inset")
TEXTS = {
    **dict.fromkeys(("text", "text_muted", "text_faint", "leaf", "positive", "negative", "neutral"), SURFACES),
    "accent": ("window", "panel", "canvas", "card", "accent_fill"),
    "warning": ("window", "panel", "canvas", "card", "warning_fill"),
    "error": ("window", "panel", "canvas", "card", "field", "error_fill"),
    "accent_text": ("primary", "primary_hover"),
}
ON_FILLS = [
    ("text", "button_hover"), ("text", "warning_fill"), ("text", "error_fill"), ("text", "accent_fill"),
    ("text", "positive_fill"), ("text", "negative_fill"), ("text", "line"), ("text_muted", "button_hover"),
    ("positive", "positive_fill"), ("negative", "negative_fill"), ("leaf", "leaf_fill"),
]  # fmt: skip
PAIRS = [(text, surface) for text, surfaces in TEXTS.items() for surface in surfaces] + ON_FILLS


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2 contrast ratio of two opaque colours (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""

    def luminance(colour: QColor) -> float:
        def linear(c: float) -> float:
            return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

        return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_every_text_has_aa_contrast_on_every_surface_it_is_used_on(theme: Theme) -> None:
    low = {
        f"{text} on {surface}": round(ratio, 2)
        for text, surface in PAIRS
        if (ratio := contrast(getattr(theme, text), getattr(theme, surface))) < 4.5
    }
    assert low == {}


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_family_colours_stand_out_from_panel_and_card(theme: Theme) -> None:
    low = {
        name: round(contrast(colour, surface), 2)
        for name, colour in theme.families.items()
        for surface in (theme.panel, theme.card)
        if contrast(colour, surface) < 3
    }
    assert low == {}


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_now_selection_and_gradient_signs_are_different_colours(theme: Theme) -> None:
    meanings = ["accent", "selected", "positive", "negative", "leaf", "warning", "error"]
    assert len({getattr(theme, role).name() for role in meanings}) == len(meanings)


def test_a_theme_with_an_unknown_name_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        read_theme("sepia")


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_style_sheet_names_no_unknown_role_and_scales_lengths(theme: Theme) -> None:
    plain, large = style_sheet(theme), style_sheet(theme, 2.0)
    assert "@" not in plain
    assert "font-size: 13px" in plain
    assert "font-size: 26px" in large


def test_the_look_changes_theme_scale_and_motion_and_says_so(qtbot: QtBot) -> None:
    look = Look("dark")
    with qtbot.waitSignal(look.changed):
        look.choose("light")
    assert look.theme is LIGHT
    with qtbot.waitSignal(look.changed):
        look.enlarge(+1)
    assert look.scale == 1.1
    look.enlarge(-100)
    assert look.scale == 0.8
    with qtbot.waitSignal(look.changed):
        look.set_reduced_motion(True)
    assert look.reduced_motion


def test_the_projector_key_goes_large_and_back(qtbot: QtBot) -> None:
    look = Look("dark", 1.1)
    look.toggle_projector()
    assert look.scale == 1.5
    assert look.px(10) == 15
    assert look.mono(12).pixelSize() == 18
    look.toggle_projector()
    assert look.scale == 1.1


def test_an_unknown_family_looks_like_control() -> None:
    assert DARK.family("yours") == DARK.families["control"]
