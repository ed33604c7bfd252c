"""The letters of what is painted: the face, size, weight and colour of each role, and how wide a text is in it.

Sizes are in scene units (pixels at 100 %); hinting is off, so that measured widths hold at every zoom. Nothing is
painted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

from chainrule.gui.theme import mono_font, ui_font


@dataclass(frozen=True, slots=True)
class Lettering:
    """A role of text: "ui" or "mono" face, size in scene units, weight, and the theme's colour role it is set in."""

    face: str
    size: int
    weight: QFont.Weight
    colour: str


REGULAR, MEDIUM, DEMI, BOLD = QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold, QFont.Weight.Bold

ROLES: dict[str, Lettering] = {
    "name": Lettering("mono", 15, BOLD, "text"),
    "subtitle": Lettering("ui", 11, REGULAR, "text_muted"),
    "label": Lettering("ui", 11, REGULAR, "text_muted"),
    "switch": Lettering("ui", 11, MEDIUM, "text_muted"),
    "symbol": Lettering("ui", 17, BOLD, "text"),
    "symbol_small": Lettering("mono", 11, BOLD, "text"),
    "symbol_mono": Lettering("mono", 16, BOLD, "text"),
    "symbol_text": Lettering("ui", 12, DEMI, "text"),
    "superscript": Lettering("ui", 11, BOLD, "text"),
    "superscript_small": Lettering("ui", 9, DEMI, "text"),
    "number": Lettering("mono", 14, MEDIUM, "text"),
    "cell": Lettering("mono", 11, MEDIUM, "text"),
    "fine": Lettering("mono", 10, REGULAR, "text_muted"),
    "none": Lettering("mono", 13, REGULAR, "text_muted"),
    "hint": Lettering("ui", 10, REGULAR, "text_muted"),
    "total": Lettering("mono", 12, MEDIUM, "text"),
    "pass": Lettering("ui", 10, DEMI, "text"),
    "slab": Lettering("mono", 12, BOLD, "text"),
    "grad_fn": Lettering("mono", 11, REGULAR, "text_muted"),
    "chip": Lettering("mono", 10, MEDIUM, "text_muted"),
    "socket": Lettering("mono", 11, REGULAR, "text_muted"),
    "literal": Lettering("mono", 12, MEDIUM, "text"),
    "pill": Lettering("mono", 12, MEDIUM, "text"),
    "flag": Lettering("ui", 11, DEMI, "warning"),
    "now": Lettering("ui", 12, DEMI, "accent"),
    "sum": Lettering("mono", 12, MEDIUM, "text"),
    "message": Lettering("mono", 11, REGULAR, "text"),
    "meaning": Lettering("ui", 11, REGULAR, "text_muted"),
    "repair": Lettering("ui", 11, DEMI, "text"),
    "legend": Lettering("ui", 11, REGULAR, "text_muted"),
    "tick": Lettering("mono", 10, REGULAR, "text_muted"),
}


@cache
def font(role: str) -> QFont:
    """The font of ``role``; KeyError for a role that does not exist."""
    lettering = ROLES[role]
    make = ui_font if lettering.face == "ui" else mono_font
    result = QFont(make(lettering.size, lettering.weight))
    result.setPixelSize(lettering.size)
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return result


def scaled(role: str, by: float) -> QFont:
    """The font of ``role``, ``by`` times as large."""
    result = QFont(font(role))
    result.setPixelSize(max(1, int(ROLES[role].size * by)))
    return result


def fitted(role: str, text: str, room: float, largest: int | None = None) -> QFont:
    """The font of ``role`` at ``largest`` pixels (its own size without), or as much smaller as ``text`` needs."""
    result = QFont(font(role))
    size = largest or ROLES[role].size
    needed = width(role, text) * size / ROLES[role].size
    result.setPixelSize(max(1, int(size * min(1.0, room / needed)) if needed else size))
    return result


def first_fitting(role: str, texts: Sequence[str], room: float, least: int) -> str:
    """The first of ``texts``, the longest first, that ``fitted`` sets in ``least`` pixels or more; else the last."""
    return next((text for text in texts if fitted(role, text, room).pixelSize() >= least), texts[-1])


@cache
def metrics(role: str) -> QFontMetricsF:
    """The measures of ``role`` at 100 %."""
    return QFontMetricsF(font(role))


def width(role: str, text: str) -> float:
    """How far ``text`` reaches in ``role``, in scene units."""
    return metrics(role).horizontalAdvance(text)


def height(role: str) -> float:
    """The height of one line in ``role``."""
    return metrics(role).height()


def elided(role: str, text: str, room: float) -> str:
    """``text``, shortened with an ellipsis where it is wider than ``room``."""
    return metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, room)


def wrapped(role: str, text: str, room: float) -> tuple[str, ...]:
    """``text`` broken at spaces into lines no wider than ``room``; a single longer word is broken where it must be."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            trial = f"{line} {word}" if line else word
            if width(role, trial) <= room:
                line = trial
                continue
            if line:
                lines.append(line)
            while width(role, word) > room and len(word) > 1:
                cut = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or width(role, word[:n]) <= room)
                lines.append(word[:cut])
                word = word[cut:]
            line = word
        lines.append(line)
    return tuple(lines)
