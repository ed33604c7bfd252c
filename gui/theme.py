"""How the program looks: colours by role, the bundled fonts, and the ``Look`` that everything visible follows.

The themes in ``assets/themes`` are the single source of colour; code names roles and never a hex value. The style sheet
for Qt's own widgets is in ``style.py``. Orange and blue (``positive``, ``negative``) mean the sign of a gradient and
nothing else; ``accent`` marks *now*.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication

FAMILIES = ("leaf", "pointwise", "reduction", "linalg", "shape", "activation", "loss", "indexing", "control")
UI_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"

SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
PROJECTOR_SCALE = 1.5


@dataclass(frozen=True)
class Theme:
    """One theme: a colour for every role. ``*_fill`` is the tint behind text of that role, ``*_band`` a wire."""

    name: str
    dark: bool
    families: Mapping[str, QColor]

    window: QColor
    run_bar: QColor
    panel: QColor
    canvas: QColor
    grid: QColor
    line: QColor  # separators between areas
    field: QColor  # text fields and code
    button: QColor
    button_hover: QColor
    border: QColor  # of fields and buttons
    card: QColor
    card_border: QColor
    card_untracked: QColor
    inset: QColor  # value and gradient wells on a card
    inset_border: QColor
    shadow: QColor

    text: QColor
    text_muted: QColor
    text_faint: QColor

    accent: QColor  # now
    accent_fill: QColor
    primary: QColor  # the one primary button
    primary_hover: QColor
    accent_text: QColor  # on ``primary``
    selected: QColor  # selection: never looks like now

    leaf: QColor
    leaf_fill: QColor
    positive: QColor
    positive_fill: QColor
    positive_band: QColor
    negative: QColor
    negative_fill: QColor
    negative_band: QColor
    neutral: QColor
    warning: QColor
    warning_fill: QColor
    error: QColor
    error_fill: QColor

    wire: QColor
    wire_untracked: QColor
    track: QColor  # switches that are off, empty timelines and progress
    gutter: QColor  # the bar of an untracked leaf

    def family(self, name: str) -> QColor:
        """The quiet colour of an operation family; an unknown family looks like control."""
        return self.families.get(name, self.families["control"])

    def gradient_sign(self, value: float) -> QColor:
        """Orange above zero, blue below, neutral at zero and NaN."""
        if value > 0:
            return self.positive
        return self.negative if value < 0 else self.neutral


ROLES = tuple(f.name for f in fields(Theme) if f.name not in {"name", "dark", "families"})


def read_theme(name: str) -> Theme:
    """The theme ``assets/themes/<name>.json``; ValueError if its roles are not exactly those of ``Theme``."""
    data: dict[str, Any] = json.loads(files("chainrule.assets").joinpath("themes", f"{name}.json").read_bytes())
    wrong = set(ROLES).symmetric_difference(data["roles"]) | set(FAMILIES).symmetric_difference(data["families"])
    if wrong:
        raise ValueError(f"theme {name!r}: missing or unknown roles: {', '.join(sorted(wrong))}")
    families = {family: QColor(text) for family, text in data["families"].items()}
    roles = {role: QColor(text) for role, text in data["roles"].items()}
    return Theme(name=data["name"], dark=data["dark"], families=families, **roles)


DARK = read_theme("dark")
LIGHT = read_theme("light")


@cache
def load_fonts() -> tuple[str, ...]:
    """Register the bundled fonts with Qt (once, after the application exists) and return the families they gave."""
    folder = files("chainrule.assets").joinpath("fonts")
    families: dict[str, None] = {}
    if folder.is_dir():
        for entry in sorted(folder.iterdir(), key=lambda item: item.name):
            if entry.name.endswith(".ttf"):
                number = QFontDatabase.addApplicationFontFromData(entry.read_bytes())
                families.update(dict.fromkeys(QFontDatabase.applicationFontFamilies(number)))
    return tuple(families)


def ui_font(size: float = 13, weight: int = QFont.Weight.Normal) -> QFont:
    """The text font at ``size`` pixels (not scaled by the look)."""
    return _font(UI_FAMILY, QFont.StyleHint.SansSerif, size, weight)


def mono_font(size: float = 13, weight: int = QFont.Weight.Normal) -> QFont:
    """The font of numbers, names and code at ``size`` pixels (not scaled by the look)."""
    font = _font(MONO_FAMILY, QFont.StyleHint.Monospace, size, weight)
    font.setFixedPitch(True)
    # Ligatures would draw "->" as one arrow and "!=" as another sign.
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def _font(family: str, hint: QFont.StyleHint, size: float, weight: int) -> QFont:
    font = QFont(family)
    font.setStyleHint(hint)
    font.setPixelSize(max(1, round(size)))
    font.setWeight(QFont.Weight(weight))
    return font


INSET = 16  # between the edge of a bar, a panel or the canvas and what stands in it


class Look(QObject):
    """What everything visible follows: theme, scale and reduced motion. ``changed`` says that one of them is new.

    ``choice`` is "system", "dark" or "light"; "system" follows the desktop's colour scheme as it changes.
    """

    changed = Signal()

    def __init__(self, choice: str = "system", scale: float = 1.0, *, reduced_motion: bool = False) -> None:
        super().__init__()
        self._choice = choice
        self._scale = scale
        self._before_projector = 1.0
        self._projecting = False
        self._reduced_motion = reduced_motion
        self._theme = self._chosen()
        if QGuiApplication.instance() is not None:
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def theme(self) -> Theme:
        return self._theme

    @property
    def choice(self) -> str:
        return self._choice

    @property
    def scale(self) -> float:
        """How much larger than designed everything is drawn: 1 at a desk, 1.5 on a projector."""
        return self._scale

    @property
    def reduced_motion(self) -> bool:
        return self._reduced_motion

    def px(self, length: float) -> int:
        """A designed length in pixels at the present scale."""
        return round(length * self._scale)

    def ui(self, size: float = 13, weight: int = QFont.Weight.Normal) -> QFont:
        """The text font at the present scale."""
        return ui_font(size * self._scale, weight)

    def mono(self, size: float = 13, weight: int = QFont.Weight.Normal) -> QFont:
        """The number font at the present scale."""
        return mono_font(size * self._scale, weight)

    def choose(self, choice: str) -> None:
        """Take the theme "dark" or "light", or follow the "system"."""
        self._choice = choice
        self._theme = self._chosen()
        self.changed.emit()

    @property
    def projecting(self) -> bool:
        """The scale is the projector's, and another one is to come back."""
        return self._projecting

    def set_scale(self, scale: float) -> None:
        self._projecting = False
        self._rescale(scale)

    def _rescale(self, scale: float) -> None:
        if scale != self._scale:
            self._scale = scale
            self.changed.emit()

    def enlarge(self, steps: int) -> None:
        """Go ``steps`` up (or down, when negative) among the scales."""
        nearest = min(range(len(SCALES)), key=lambda i: abs(SCALES[i] - self._scale))
        self.set_scale(SCALES[min(max(nearest + steps, 0), len(SCALES) - 1)])

    def toggle_projector(self) -> None:
        """Large enough for the last row of a lecture hall, and back to what it was."""
        if self._scale >= PROJECTOR_SCALE:
            self.set_scale(self._before_projector)
        else:
            self._before_projector = self._scale
            self._projecting = True
            self._rescale(PROJECTOR_SCALE)

    def set_reduced_motion(self, reduced: bool) -> None:
        if reduced != self._reduced_motion:
            self._reduced_motion = reduced
            self.changed.emit()

    def _chosen(self) -> Theme:
        if self._choice == "system" and QGuiApplication.instance() is not None:
            scheme = QGuiApplication.styleHints().colorScheme()
            return LIGHT if scheme == Qt.ColorScheme.Light else DARK
        return LIGHT if self._choice == "light" else DARK

    def _follow_system(self) -> None:
        theme = self._chosen()
        if theme is not self._theme:
            self._theme = theme
            self.changed.emit()
