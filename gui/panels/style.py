"""The panels' own typography, on top of the program's style sheet: sizes, small caps and spacing as in the drawings.

A panel sets this on itself whenever the look changes; labels choose by their ``role``, frames by their object name.
"""

from __future__ import annotations

import re

from PySide6.QtGui import QColor

from chainrule.gui.theme import MONO_FAMILY, Look

TEMPLATE = """
QWidget#panel { background: @panel; }
QScrollArea { background: @panel; border: none; }
QWidget#page { background: @panel; }
QLabel { font-size: 12px; }
QLabel[role="section"] { color: @text_muted; font-size: 10px; font-weight: 600; }
QLabel[role="name"], QLineEdit#name { font-family: "@mono"; font-size: 15px; font-weight: 700; }
QLineEdit#name { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 1px 4px; }
QLineEdit#name:hover { border-color: @border; }
QLineEdit#name:focus { background: @field; border-color: @selected; }
QLineEdit#name[wrong="true"] { border-color: @error; }
QLabel[role="muted"] { color: @text_muted; }
QLabel[role="small"] { color: @text_muted; font-size: 11px; }
QLabel[role="faint"] { color: @text_faint; }
QLabel[role="now"] { color: @accent; font-size: 11px; font-weight: 500; }
QLabel[role="selected"] { color: @text_muted; font-size: 11px; font-weight: 500; }
QLabel[role="strong"] { font-weight: 500; }
QLabel[role="title"] { font-size: 14px; font-weight: 600; }
QLabel[role="warning"] { color: @warning; font-size: 12px; }
QLabel[role="error"] { color: @error; font-size: 12px; }
QLabel[role="mono"] { font-family: "@mono"; }
QLabel[role="mono muted"] { font-family: "@mono"; color: @text_muted; }
QLabel[role="mono error"] { font-family: "@mono"; color: @error; font-size: 11px; }
QLabel[role="mono warning"] { font-family: "@mono"; color: @warning; font-size: 11px; }
QFrame#rule { background: @line; border: none; }
QFrame#box { background: @field; border: 1px solid @line; border-radius: 8px; }
QFrame#alarm { background: @error_fill; border: 1px solid @error; border-radius: 8px; }
QFrame#caution { background: @warning_fill; border: 1px solid @warning; border-radius: 8px; }
QPushButton { font-size: 12px; font-weight: 500; padding: 4px 10px; border-radius: 7px; }
QPushButton#segment { color: @text_muted; background: transparent; border-color: transparent; text-align: left; }
QPushButton#segment:hover { color: @text; background: @button; }
QPushButton#segment:checked { color: @text; background: @button_hover; }
QPushButton#segment:focus { border-color: @selected; }
QPushButton#link { font-family: "@mono"; font-size: 13px; font-weight: 700; background: transparent; border: none;
    padding: 0px; min-height: 0px; text-align: left; }
QPushButton#link:hover, QPushButton#link:focus { text-decoration: underline; }
QToolButton#transport { border-radius: 7px; padding: 0; }
QToolButton#transport:disabled { background: @button; }
QToolButton#chip, QPushButton#chip { color: @text_muted; font-size: 12px; padding: 2px 6px; }
QToolButton#chip::menu-indicator, QPushButton#chip::menu-indicator { image: none; width: 0; }
QLineEdit, QComboBox { font-size: 12px; }
QLineEdit[role="mono"], QPlainTextEdit[role="mono"], QComboBox[role="mono"] { font-family: "@mono"; font-size: 12px; }
QListView { font-size: 12px; background: @panel; border: none; }
QPlainTextEdit { font-size: 12px; }
QPlainTextEdit#printed { background: transparent; border: none; padding: 0; }
QPlainTextEdit#code { border: 1px solid @line; border-radius: 8px; padding: 0; }
"""


def panel_style(look: Look) -> str:
    """The style sheet for one panel in the theme and at the scale of ``look``."""

    def scaled(match: re.Match[str]) -> str:
        pixels = int(match[1])
        return f"{pixels if pixels <= 1 else max(1, round(pixels * look.scale))}px"

    def role(match: re.Match[str]) -> str:
        return MONO_FAMILY if match[1] == "mono" else _colour(getattr(look.theme, match[1]))

    return re.sub(r"@(\w+)", role, re.sub(r"\b(\d+)px", scaled, TEMPLATE))


def _colour(colour: QColor) -> str:
    return colour.name()
