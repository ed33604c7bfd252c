"""Every shipped example as it is painted, measured instead of looked at: what overlaps, is cut off, or is hard to read.

The canvas is painted once on a device that has no pixels: it writes down every letter and every filled shape with its
place and colour. So what is measured is what is painted, at every step, and not what somebody meant to paint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPaintDevice, QPaintEngine, QPainter, QPainterPath
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from chainrule.gui.canvas.view import CanvasView
from chainrule.gui.canvas.wire_path import wire_path
from chainrule.gui.editor import Editor
from chainrule.gui.main_window import MainWindow
from chainrule.gui.player import Player
from chainrule.gui.settings import Settings
from chainrule.gui.theme import Look, load_fonts

EXAMPLES = sorted((Path(__file__).parents[2] / "assets" / "examples").glob("*.chainrule"))
THEMES = ("dark", "light")
AA = 4.5  # WCAG 2.2, 1.4.3, for text of these sizes
BESIDE = 8.0  # what two cards keep from each other


def backward(editor: Editor, times: int = 1) -> None:
    """Backward with the seed of the file, where the root is no scalar."""
    seed = editor.graph.training.gradient
    editor.set_seed("" if seed is None else ", ".join(map(str, seed)))
    editor.backward(times)


def backward_twice(editor: Editor) -> None:
    backward(editor)
    editor.backward()


MOMENTS: dict[str, Callable[[Editor], None]] = {
    "forward": Editor.forward,
    "backward": backward,
    "three passes": lambda editor: backward(editor, 3),
    "spent": backward_twice,
}


# The device without pixels


@dataclass(frozen=True)
class Letters:
    """A run of text as it was painted: its box and its colour, over what it stands."""

    text: str
    box: QRectF
    colour: QColor
    ground: QColor


class Notes(QPaintEngine):
    """Writes down letters, and remembers filled shapes in order to know what stands below them."""

    def __init__(self, ground: QColor) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.letters: list[Letters] = []
        self._fills: list[tuple[QPainterPath, QColor]] = []
        self._ground = ground

    def begin(self, device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        return True

    def updateState(self, state: Any) -> None:
        """Whatever matters is asked of the painter when something is drawn."""

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def drawPixmap(self, *what: Any) -> None:
        """Pictures of arrays stand in boxes of their own, without letters on them."""

    def drawPolygon(self, *what: Any) -> None:
        """Lines are no ground to write on; neither are the few polygons, which are arrowheads."""

    drawLines = drawPoints = drawImage = drawTiledPixmap = drawPolygon

    def drawPath(self, path: QPainterPath) -> None:
        painter = self.painter()
        brush = painter.brush()
        if brush.style() == Qt.BrushStyle.SolidPattern:
            colour = QColor(brush.color())
            colour.setAlphaF(colour.alphaF() * painter.opacity())
            self._fills.append((painter.combinedTransform().map(path), colour))

    def drawTextItem(self, place: QPointF, item: Any) -> None:
        painter = self.painter()
        box = QRectF(place.x(), place.y() - item.ascent(), item.width(), item.ascent() + item.descent())
        box = painter.combinedTransform().mapRect(box)
        ground = self._below(box.center())
        ink = QColor(painter.pen().color())
        ink.setAlphaF(ink.alphaF() * painter.opacity())
        self.letters.append(Letters(item.text(), box, over(ground, ink), ground))

    def _below(self, point: QPointF) -> QColor:
        ground = self._ground
        for shape, colour in self._fills:
            if shape.contains(point):
                ground = over(ground, colour)
        return ground


class Paper(QPaintDevice):
    """A device for ``Notes``."""

    def __init__(self, ground: QColor) -> None:
        super().__init__()
        self.notes = Notes(ground)

    def paintEngine(self) -> QPaintEngine:
        return self.notes

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        kinds = QPaintDevice.PaintDeviceMetric
        sizes = {kinds.PdmWidth: 4000, kinds.PdmHeight: 4000, kinds.PdmNumColors: 1 << 24, kinds.PdmDepth: 32}
        if "Dpi" in metric.name:
            return 96
        return 1 << 16 if metric.name.endswith("Scaled") else sizes.get(metric, 1)


def over(ground: QColor, ink: QColor) -> QColor:
    """``ink`` laid over an opaque ``ground``."""
    share = ink.alphaF()
    mixed = (share * a + (1 - share) * b for a, b in zip(ink.getRgbF()[:3], ground.getRgbF()[:3], strict=True))
    return QColor.fromRgbF(*mixed)


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of WCAG 2.2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: QColor) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# The pictures


@pytest.fixture(scope="module")
def _fonts(qapp: QApplication) -> None:
    load_fonts()


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.stem)
def example(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture(scope="module", params=MOMENTS)
def canvas(_fonts: None, example: Path, request: pytest.FixtureRequest) -> Iterator[CanvasView]:
    """The canvas with an example at one of the moments."""
    editor, look = Editor(), Look("dark", 1.0, reduced_motion=True)
    assert editor.open(example)
    player = Player(editor, look)
    view = CanvasView(editor, player, look)
    view.resize(1280, 800)
    MOMENTS[request.param](editor)
    player.to_end()
    yield view
    view.close()


def letters(view: CanvasView) -> list[Letters]:
    """Everything written on the canvas at 100 %."""
    area = view.canvas.itemsBoundingRect()
    paper = Paper(view.look.theme.canvas)
    painter = QPainter(paper)
    view.canvas.render(painter, QRectF(QPointF(0, 0), area.size()), area)
    painter.end()
    return paper.notes.letters


def test_cards_keep_clear_of_each_other(canvas: CanvasView) -> None:
    for one, other in combinations(canvas.canvas.nodes.values(), 2):
        gap = one.card.outline().translated(one.pos()).adjusted(-BESIDE, -BESIDE, BESIDE, BESIDE)
        assert not gap.intersects(other.card_rect()), f"{one.card.name} and {other.card.name}"


def test_no_wire_runs_below_a_card(canvas: CanvasView) -> None:
    scene, graph = canvas.canvas, canvas.editor.graph
    for i, node in graph.nodes.items():
        for socket, wire in node.wires():
            start = scene.nodes[wire.source].port_at("output", wire.output)
            end = scene.nodes[i].port_at("input", socket)
            assert start is not None
            assert end is not None
            course = wire_path(start, end)
            for other in scene.nodes.keys() - {i, wire.source}:
                crossed = any(scene.nodes[other].card_rect().contains(course.pointAtPercent(n / 50)) for n in range(51))
                assert not crossed, f"{node.name}.{socket} runs below {graph.nodes[other].name}"


def test_parts_of_a_card_stand_inside_it_and_beside_each_other(canvas: CanvasView) -> None:
    for item in canvas.canvas.nodes.values():
        card = item.card
        boxes = {f"text {text.text!r}": text.rect for text in card.texts if text.text}
        boxes |= {f"{well.part} {well.output}": well.rect for well in card.wells}
        boxes |= {f"chip {chip.text}": chip.rect for chip in card.chips}
        boxes |= {"tank": card.tank.rect} if card.tank else {}
        boxes |= {"switch": card.switch} if card.switch else {}
        boxes |= {"disc": card.disc} if card.disc else {}
        for name, box in boxes.items():
            assert card.rect.contains(box), f"{card.name}: {name} sticks out"
        for (name, box), (other, beside) in combinations(boxes.items(), 2):
            assert not ink(box).intersects(ink(beside)), f"{card.name}: {name} over {other}"


def ink(box: QRectF) -> QRectF:
    """A box without the empty edge that a line of text has above and below its letters."""
    return box.adjusted(1, 2, -1, -2)


def test_no_letters_stand_on_others(canvas: CanvasView) -> None:
    for one, other in combinations(letters(canvas), 2):
        assert not ink(one.box).intersects(ink(other.box)), f"{one.text!r} and {other.text!r}"


@pytest.mark.parametrize("theme", THEMES)
def test_every_letter_can_be_read(theme: str, canvas: CanvasView) -> None:
    canvas.look.choose(theme)
    written = letters(canvas)
    assert written
    faint = {
        f"{each.text!r} {each.colour.name()} on {each.ground.name()}: {contrast(each.colour, each.ground):.1f}"
        for each in written
        if each.text.strip() and contrast(each.colour, each.ground) < AA
    }
    assert not faint


# The window around the canvas


@pytest.fixture
def window(_fonts: None, example: Path, tmp_path: Path) -> Iterator[MainWindow]:
    """The whole window with an example after Backward."""
    editor = Editor()
    assert editor.open(example)
    window = MainWindow(editor, Look("dark", 1.0, reduced_motion=True), Settings(tmp_path / "settings.json"))
    window.resize(1280, 800)
    window.show()
    backward(editor)
    window.player.to_end()
    QApplication.processEvents()
    yield window
    window.close()
    window.deleteLater()


def test_no_word_of_the_window_is_cut_off(window: MainWindow) -> None:
    """Labels, buttons and boxes show their whole text, or say it in a tool tip."""
    cut = [
        f"{type(widget).__name__} {text!r}: {room} of {needed} pixels"
        for widget, text, room in texts_of(window)
        if (needed := QFontMetrics(widget.font()).horizontalAdvance(text)) > room and text not in widget.toolTip()
    ]
    assert not cut


def texts_of(window: MainWindow) -> Iterator[tuple[QWidget, str, int]]:
    """Every visible one-line text outside of the canvas, with the room in pixels that its widget has for it."""
    for label in window.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap() and label.textFormat() != Qt.TextFormat.RichText:
            for line in label.text().splitlines():
                yield label, line, label.contentsRect().width()
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            yield button, button.text().replace("&", ""), button.contentsRect().width()
    for box in window.findChildren(QComboBox):
        if box.isVisible():
            option = QStyleOptionComboBox()
            box.initStyleOption(option)
            field = box.style().subControlRect(
                QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
            )
            yield box, box.currentText(), field.width()


def test_the_framed_graph_is_seen_whole(window: MainWindow) -> None:
    """Cards with their flags, and the callout of the present beat, lie in the canvas and below no announcement."""
    view = window.canvas
    view.frame_all()
    QApplication.processEvents()
    shown = QRectF(view.viewport().rect())
    scene = view.canvas
    parts = {item.card.name: item.occupied() for item in scene.nodes.values()}
    if scene.now.isVisible():
        parts["the callout of now"] = scene.now.box.translated(scene.now.pos())
    for name, area in parts.items():
        place = QRectF(view.mapFromScene(area).boundingRect())
        assert shown.contains(place), f"{name} leaves the canvas"
        if window.spent.isVisible():
            assert not place.intersects(QRectF(window.spent.geometry())), f"{name} lies below {window.spent.text()!r}"


def test_at_no_step_does_the_callout_of_now_cover_anything(window: MainWindow) -> None:
    """It covers no card and no legend, and all of it is seen, whichever step is looked at."""
    view, scene = window.canvas, window.canvas.canvas
    view.frame_all()
    for step in range(1, window.player.total + 1):
        window.player.seek(step)
        said = scene.now.mapRectToScene(scene.now.box)
        covered = [item.card.name for item in scene.nodes.values() if item.card_rect().intersects(said)]
        assert not covered, f"{window.player.title} is said over {covered}"
        place = QRectF(view.mapFromScene(said).boundingRect()).adjusted(2, 2, -2, -2)
        assert QRectF(view.viewport().rect()).contains(place)
        assert not (view.overlays.legend.isVisible() and place.intersects(QRectF(view.overlays.legend.geometry())))
