"""The inspector's blocks that are painted by hand: sums of boxes, fractions, products along paths, verdicts.

Each can be given another block of its kind and tells assistive technology what it shows.
"""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from chainrule.gui.panels import blocks, icons
from chainrule.gui.theme import Look

FORMULA_FAMILY = "STIX Two Math"
PARTIAL = "\N{MATHEMATICAL ITALIC PARTIAL DIFFERENTIAL}"
_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class BlockWidget(QWidget):
    """A widget that shows one block and can be given another of the same kind."""

    def show_block(self, block: Any) -> None:
        """Show ``block``, which is of the kind that this widget was made for."""
        raise NotImplementedError


class Painted(BlockWidget):
    """A widget painted at the scale of a look, which a screen reader can still read."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def settle(self, spoken: str) -> None:
        """The content is new: measure, repaint and tell assistive technology."""
        self.setAccessibleName(spoken)
        self.setMinimumHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(200), self.height_at(self.width()))

    def heightForWidth(self, width: int) -> int:
        return self.height_at(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setMinimumHeight(self.height_at(self.width()))
        super().resizeEvent(event)

    def height_at(self, width: int) -> int:
        """The height that the content takes at ``width`` pixels."""
        raise NotImplementedError

    def painter(self) -> QPainter:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return painter

    def sign_colour(self, sign: int | None) -> QColor:
        return self.look.theme.text_muted if sign is None else self.look.theme.gradient_sign(sign)


class EquationView(Painted):
    """Boxes joined by signs, side by side where they fit and one under the other where they do not."""

    BOX_HEIGHT, LINE_HEIGHT = 46, 18
    ROOMY = (14, 20)  # padding in a box, and the width of a sign
    TIGHT = (10, 14)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._block = blocks.Equation((), ())

    def show_block(self, block: blocks.Equation) -> None:
        self._block = block
        spoken = [" ".join(filter(None, (box.caption, box.value, box.note))) for box in block.boxes]
        self.settle(spoken[0] + "".join(f" {sign} {text}" for sign, text in zip(block.signs, spoken[1:], strict=True)))

    def _fonts(self) -> tuple[QFont, QFont]:
        return self.look.mono(13.5, QFont.Weight.Bold), self.look.ui(10)

    def _natural_widths(self, padding: int) -> list[float]:
        value_font, caption_font = self._fonts()
        pad = self.look.px(padding)
        value, caption = QFontMetricsF(value_font), QFontMetricsF(caption_font)
        upper = [value.horizontalAdvance(box.value) + self._note_width(box) for box in self._block.boxes]
        lower = [caption.horizontalAdvance(box.caption) for box in self._block.boxes]
        return [pad + max(widths) for widths in zip(upper, lower, strict=True)]

    def _note_width(self, box: blocks.Box) -> float:
        """What the note takes of the row, with the gap before it."""
        note = QFontMetricsF(self.look.mono(10)).horizontalAdvance(box.note)
        return note + self.look.px(8) if box.note else 0.0

    def needed_width(self, padding: int = TIGHT[0], sign: int = TIGHT[1]) -> float:
        """What one row of all boxes takes."""
        return sum(self._natural_widths(padding)) + self.look.px(sign) * len(self._block.signs)

    def _spacing(self, width: float) -> tuple[int, int] | None:
        """Padding and sign width with which all stands in one row; None where nothing does."""
        for padding, sign in (self.ROOMY, self.TIGHT):
            if self.needed_width(padding, sign) <= width:
                return padding, sign
        return None

    def height_at(self, width: int) -> int:
        if self._spacing(width) is not None:
            return self.look.px(self.BOX_HEIGHT) + 2
        return sum(self._column_heights(width)) + self.look.px(6) * len(self._block.boxes) + 2

    def _column_heights(self, width: int) -> list[int]:
        """How high each box is where one stands under the other: long values go on in further lines."""
        inner, line = width - self.look.px(self.ROOMY[1]), self.look.px(self.LINE_HEIGHT)
        further = [len(self.lines(box.value, inner)) - 1 for box in self._block.boxes]
        return [self.look.px(self.BOX_HEIGHT) + line * lines for lines in further]

    def lines(self, value: str, width: float) -> list[str]:
        """``value`` in lines that fit a box of ``width``, broken behind commas."""
        metrics = QFontMetricsF(self._fonts()[0])
        room = width - self.look.px(self.TIGHT[0])
        first, *others = value.replace(", ", ",\n").split("\n")
        lines = [first]
        for number in others:
            longer = f"{lines[-1]} {number}"
            if metrics.horizontalAdvance(longer) > room:
                lines.append(number)
            else:
                lines[-1] = longer
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._block.boxes:
            return
        painter = self.painter()
        spacing = self._spacing(self.width())
        if spacing is None:
            self._paint_column(painter)
        else:
            self._paint_row(painter, *spacing)

    def _paint_row(self, painter: QPainter, padding: int, sign: int) -> None:
        sign_width = self.look.px(sign)
        widths = self._natural_widths(padding)
        spare = self.width() - sum(widths) - sign_width * len(self._block.signs)
        even = (self.width() - sign_width * len(self._block.signs)) / len(widths)
        if max(widths) <= even:
            widths = [even] * len(widths)
        else:
            widths = [width + spare / len(widths) for width in widths]
        left = 0.0
        for place, (box, width) in enumerate(zip(self._block.boxes, widths, strict=True)):
            area = QRectF(left + 0.75, 0.75, width - 1.5, self.look.px(self.BOX_HEIGHT))
            self._paint_box(painter, box, area)
            left += width
            if place < len(self._block.signs):
                between = QRectF(left, 0, sign_width, area.height())
                self._paint_sign(painter, self._block.signs[place], between)
                left += sign_width

    def _paint_column(self, painter: QPainter) -> None:
        sign_width, top = self.look.px(self.ROOMY[1]), 0.75
        for place, (box, height) in enumerate(zip(self._block.boxes, self._column_heights(self.width()), strict=True)):
            self._paint_box(painter, box, QRectF(sign_width, top, self.width() - sign_width - 1, height))
            if place:
                self._paint_sign(painter, self._block.signs[place - 1], QRectF(0, top, sign_width, height))
            top += height + self.look.px(6)

    def _paint_box(self, painter: QPainter, box: blocks.Box, area: QRectF) -> None:
        theme = self.look.theme
        colour = self.sign_colour(box.sign)
        painter.setBrush(theme.field)
        pen = QPen(colour, max(1.2, 1.2 * self.look.scale))
        if box.value == "None":
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        radius = self.look.px(8)
        painter.drawRoundedRect(area, radius, radius)
        value_font, caption_font = self._fonts()
        inner = area.adjusted(self.look.px(3), self.look.px(6), -self.look.px(3), -self.look.px(6))
        painter.setFont(value_font)
        painter.setPen(colour)
        line = self.look.px(self.LINE_HEIGHT)
        for place, text in enumerate(self.lines(box.value, area.width() + 2)):
            row = QRectF(inner.left(), inner.top() + place * line, inner.width() - self._note_width(box), line)
            painter.drawText(row, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
            if box.note:
                self._paint_note(painter, box.note, row, QFontMetricsF(value_font).horizontalAdvance(text))
        painter.setFont(caption_font)
        painter.setPen(theme.text_muted)
        caption = QFontMetricsF(caption_font).elidedText(box.caption, Qt.TextElideMode.ElideMiddle, inner.width() + 1)
        painter.drawText(inner, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, caption)

    def _paint_note(self, painter: QPainter, note: str, row: QRectF, value: float) -> None:
        """Write ``note`` behind the ``value`` pixels that stand in the middle of ``row``, on their line."""
        line = QFontMetricsF(self._fonts()[0]).ascent()
        painter.setFont(self.look.mono(10))
        painter.setPen(self.look.theme.text_muted)
        painter.drawText(QPointF(row.center().x() + value / 2 + self.look.px(8), row.top() + line), note)

    def _paint_sign(self, painter: QPainter, sign: str, area: QRectF) -> None:
        painter.setFont(self.look.mono(13.5))
        painter.setPen(self.look.theme.text_muted)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, sign)


class DerivativeView(Painted):
    """A local derivative as a fraction: one-letter names in italics, longer names upright."""

    SIZE = 17.0

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._block = blocks.Derivative("", "", ())

    def show_block(self, block: blocks.Derivative) -> None:
        self._block = block
        spoken = f"d {block.over} by d {block.under} " + " ".join(f"= {term}" for term in block.equals)
        self.setToolTip(" = ".join((f"∂{block.over}/∂{block.under}", *block.equals)))
        self.settle(spoken)

    def height_at(self, width: int) -> int:
        return self.look.px(52)

    def _font(self) -> QFont:
        font = self.look.ui(self.SIZE)
        font.setFamily(FORMULA_FAMILY)
        return font

    def _fraction(self) -> tuple[str, str, float]:
        """What stands over the line and under it, and how long the line is."""
        metrics = QFontMetricsF(self._font())
        over, under = (f"{PARTIAL}\u2009{formula_text(name)}" for name in (self._block.over, self._block.under))
        return over, under, max(map(metrics.horizontalAdvance, (over, under))) + self.look.px(6)

    def _terms(self) -> list[str]:
        """What stands behind the fraction, as far as there is room."""
        used = self.look.px(4) + self._fraction()[2] + self.look.px(8)
        return [f"= {term}" for term in self._fitting(QFontMetricsF(self._font()), self.width() - used)]

    def written_width(self) -> float:
        """How far to the right it is written."""
        metrics, px = QFontMetricsF(self._font()), self.look.px
        return px(4) + self._fraction()[2] + px(8) + metrics.horizontalAdvance(" ".join(self._terms()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, px = self.painter(), self.look.px
        metrics = QFontMetricsF(self._font())
        over, under, fraction = self._fraction()
        left, middle = float(px(4)), self.height() / 2
        away = metrics.capHeight() / 2 + px(8)
        for text, down in ((over, -away), (under, away)):
            self._write(painter, text, left + (fraction - metrics.horizontalAdvance(text)) / 2, middle + down)
        painter.setPen(QPen(self.look.theme.text, max(1.0, 1.1 * self.look.scale)))
        painter.drawLine(QPointF(left, middle), QPointF(left + fraction, middle))
        left += fraction + px(8)
        self._write(painter, " ".join(self._terms()), left, middle)

    def _fitting(self, metrics: QFontMetricsF, room: float) -> list[str]:
        """The terms; where not all fit, only the last, the number, as far as it goes (the tooltip has them all)."""
        terms = [formula_text(term) for term in self._block.equals]
        if metrics.horizontalAdvance(" ".join(f"= {term}" for term in terms)) <= room:
            return terms
        left = room - metrics.horizontalAdvance("= ")
        return [metrics.elidedText(term, Qt.TextElideMode.ElideRight, left) for term in terms[-1:]]

    def _write(self, painter: QPainter, text: str, left: float, centre: float) -> None:
        """Write ``text`` with the middle of its capitals at ``centre``."""
        metrics = QFontMetricsF(self._font())
        painter.setFont(self._font())
        painter.setPen(self.look.theme.text)
        painter.drawText(QPointF(left, centre + metrics.capHeight() / 2), text)


def formula_text(text: str) -> str:
    """``text`` with single letters as italic mathematical ones, a dot for multiplication and a true minus sign."""
    signs = text.replace(" * ", " · ").replace("-", "\N{MINUS SIGN}")
    return re.sub(r"(?<![\w.])[A-Za-z](?![\w.])", lambda match: _italic(match[0]), signs)


def _italic(letter: str) -> str:
    if letter == "h":
        return "\N{PLANCK CONSTANT}"  # where Unicode keeps the italic h
    first = ord("\N{MATHEMATICAL ITALIC SMALL A}") - ord("a") if letter.islower() else 0x1D434 - ord("A")
    return chr(ord(letter) + first)


class PathView(Painted):
    """The factors along one path, each under the step it belongs to, and their product."""

    COLUMN_GAP = 8

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._block = blocks.PathProduct((), "", 0)

    def show_block(self, block: blocks.PathProduct) -> None:
        self._block = block
        factors = " times ".join(f"{factor.value} ({factor.step})" for factor in block.factors)
        self.settle(f"{factors} = {block.product}")

    def _columns(self) -> list[tuple[str, str, float]]:
        """Step, number and width of each column; the last is the product's."""
        steps, numbers = QFontMetricsF(self.look.ui(10)), QFontMetricsF(self.look.mono(12))
        columns = [
            (f.step, f.value, max(steps.horizontalAdvance(f.step), numbers.horizontalAdvance(f.value)))
            for f in self._block.factors
        ]
        bold = QFontMetricsF(self.look.mono(12, QFont.Weight.Bold))
        product = f"= {self._block.product}"
        return [*columns, ("", product, bold.horizontalAdvance(product))]

    def rows(self, width: float) -> list[list[tuple[str, str, float]]]:
        """The columns in as many rows as they need at ``width``."""
        gap, room = self.look.px(self.COLUMN_GAP), width - 2 * self.look.px(10)
        rows: list[list[tuple[str, str, float]]] = [[]]
        used = 0.0
        for column in self._columns():
            if rows[-1] and used + column[2] > room:
                rows.append([])
                used = 0.0
            rows[-1].append(column)
            used += column[2] + 2 * gap
        return rows

    def height_at(self, width: int) -> int:
        return self.look.px(16) + self.look.px(40) * len(self.rows(width))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        theme = self.look.theme
        painter.setBrush(theme.field)
        painter.setPen(QPen(theme.line, 1))
        radius = self.look.px(8)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        rows = self.rows(self.width())
        for place, row in enumerate(rows):
            self._paint_row(painter, row, self.look.px(10) + place * self.look.px(40), first=place == 0)

    def _lefts(self, row: list[tuple[str, str, float]]) -> list[float]:
        """Where each column of ``row`` begins; the product's ends at the right."""
        margin = self.look.px(10)
        room = self.width() - 2 * margin - sum(width for _, _, width in row)
        gap = min(room / max(1, len(row) - 1), 3.0 * self.look.px(self.COLUMN_GAP)) if len(row) > 1 else 0.0
        lefts, left = [], float(margin)
        for _, number, width in row:
            lefts.append(self.width() - margin - width if _is_product(number) else left)
            left += width + gap
        return lefts

    def sign_centres(self, row: list[tuple[str, str, float]]) -> list[float]:
        """Where the signs of ``row`` stand, before each factor: halfway between the numbers that they join."""
        numbers, begin, centres = QFontMetricsF(self.look.mono(12)), 0.0, []
        for (_, number, _), left in zip(row, self._lefts(row), strict=True):
            if not _is_product(number):
                centres.append((begin + left) / 2)
                begin = left + numbers.horizontalAdvance(number)
        return centres

    def _paint_row(self, painter: QPainter, row: list[tuple[str, str, float]], top: float, *, first: bool) -> None:
        theme, line = self.look.theme, self.look.px(18)
        painter.setFont(self.look.mono(11))
        painter.setPen(theme.text_muted)
        for centre in self.sign_centres(row)[first:]:
            painter.drawText(QRectF(centre - line, top + line, 2 * line, line), _CENTRE, "×")
        for (step, number, width), left in zip(row, self._lefts(row), strict=True):
            painter.setFont(self.look.ui(10))
            painter.setPen(theme.text_muted)
            painter.drawText(QRectF(left, top, width + 2, self.look.px(16)), _LEFT, step)
            weight = QFont.Weight.Bold if _is_product(number) else QFont.Weight.Medium
            painter.setFont(self.look.mono(12, weight))
            painter.setPen(self.sign_colour(self._block.sign) if _is_product(number) else theme.text)
            painter.drawText(QRectF(left, top + line, width + 2, line), _LEFT, number)


def _is_product(number: str) -> bool:
    return number.startswith("= ")


class VerdictView(Painted):
    """A round badge, a tick or a cross, and what was found."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._block = blocks.Verdict(None, "")

    def show_block(self, block: blocks.Verdict) -> None:
        self._block = block
        self.setToolTip(block.text)
        self.settle(block.text)

    def _font(self) -> QFont:
        return self.look.ui(11.5, QFont.Weight.Medium)

    def _text_area(self, width: int) -> QRectF:
        left = self.look.px(22)
        return QRectF(left, 0, max(1, width - left), 10_000)

    def height_at(self, width: int) -> int:
        flags = int(Qt.TextFlag.TextWordWrap)
        text = QFontMetricsF(self._font()).boundingRect(self._text_area(width), flags, self._block.text)
        return max(self.look.px(20), int(text.height()) + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        theme, size = self.look.theme, self.look.px(16)
        colours = {True: (theme.leaf, theme.leaf_fill), False: (theme.error, theme.error_fill)}
        stroke, fill = colours.get(bool(self._block.ok), colours[False])
        if self._block.ok is None:
            stroke, fill = theme.text_muted, theme.track
        badge = QRectF(0.5, self.look.px(2), size, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawEllipse(badge)
        if self._block.ok is not None:
            painter.save()
            painter.translate(badge.topLeft())
            painter.scale(size / icons.UNITS, size / icons.UNITS)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(stroke, 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            painter.drawPath(icons.check_mark() if self._block.ok else icons.cross())
            painter.restore()
        painter.setFont(self._font())
        painter.setPen(theme.text if self._block.ok is not None else theme.text_muted)
        area = self._text_area(self.width())
        area.moveTop(self.look.px(2))
        painter.drawText(area, Qt.TextFlag.TextWordWrap, self._block.text)
