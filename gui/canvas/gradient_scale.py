"""The diverging scale of gradients: symmetric-logarithmic, centred on zero, orange above it and blue below.

One scale holds for the whole timeline, so that scrubbing never makes the same colour mean another number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from PySide6.QtGui import QColor

from chainrule.gui.numbers import magnitude
from chainrule.gui.theme import Theme

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class GradientScale:
    """A symmetric-log scale that reaches from -``limit`` to +``limit`` and is linear below a tenth of it."""

    limit: float = 10.0

    def fraction(self, value: float) -> float:
        """Where ``value`` stands between -1 and 1; NaN stands at 0."""
        if value == 0 or math.isnan(value):
            return 0.0
        size = min(abs(value) / self.limit, 1.0)
        place = 5 * size if size <= 0.1 else 0.5 + 0.5 * (1 + math.log10(size))
        return math.copysign(place, value)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """(fraction, text) of the numbers under the legend."""
        tenth = self.limit / 10
        values = (-self.limit, -tenth, 0.0, tenth, self.limit)
        return tuple((self.fraction(v), _tick(v)) for v in values)

    def colour(self, theme: Theme, value: float, ground: QColor) -> QColor:
        """The colour of ``value`` on ``ground``: ``ground`` itself at zero, the full hue at the limit."""
        place = self.fraction(value)
        hue = theme.positive if place > 0 else theme.negative
        return mixed(ground, hue, abs(place))


def _tick(value: float) -> str:
    return f"{value:+g}" if value else "0"


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """``one`` with ``share`` (0 to 1) of ``other`` mixed in, in RGB."""
    keep = 1 - share
    return QColor(
        round(one.red() * keep + other.red() * share),
        round(one.green() * keep + other.green() * share),
        round(one.blue() * keep + other.blue() * share),
    )


def tinted(colour: QColor, alpha: float) -> QColor:
    """``colour`` at an opacity of ``alpha`` (0 to 1)."""
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result


def scale_for(gradients: Iterable[Array]) -> GradientScale:
    """The scale whose limit is the next power of ten at or above all of ``gradients``; 10 where there are none."""
    largest = max((magnitude(g) for g in gradients), default=0.0)
    if largest == 0.0:
        return GradientScale()
    return GradientScale(10.0 ** math.ceil(math.log10(largest) + (0.0 if largest < 1 else 1e-12)))


def sign_colour(theme: Theme, sign: int) -> QColor:
    """Orange for +1, blue for -1, the neutral grey for 0: what text and bands of a gradient are drawn in."""
    return {1: theme.positive, -1: theme.negative}.get(sign, theme.neutral)
