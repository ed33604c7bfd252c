"""Graphs that a script made of the larger operations, as they are painted: measured like the examples are.

Nobody has placed their nodes, so that the layout is judged too: convolutions and pools, results with several outputs,
sockets that grow, masks, indices, and losses of classes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chainrule.core.document.building import Graph
from chainrule.gui.canvas.view import CanvasView
from chainrule.gui.editor import Editor
from chainrule.gui.panels.inspector import InspectorPanel
from chainrule.gui.panels.painted_blocks import BlockWidget, DerivativeView
from chainrule.gui.panels.parts import SectionHeading
from chainrule.gui.player import Player
from chainrule.gui.theme import Look, load_fonts
from tests.gui.test_pictures import AA, BESIDE, THEMES, contrast, ink, letters


def network() -> Graph:
    """A small network for images, from the pixels to the loss."""
    stream = np.random.default_rng(0)

    def drawn(*shape: int) -> object:
        return stream.normal(size=shape).round(2).tolist()

    graph = Graph()
    graph.add("tensor", name="image", value=drawn(1, 1, 6, 6))
    graph.add("tensor", name="kernel", value=drawn(2, 1, 3, 3), requires_grad=True)
    graph.add("tensor", name="bias", value=[0.1, -0.2], requires_grad=True)
    graph.add("conv2d", name="conv", input="image", weight="kernel", bias="bias", padding=1)
    graph.add("max_pool2d", name="pooled", input="conv", kernel_size=2)
    graph.add("flatten", name="flat", input="pooled", start_dim=1)
    graph.add("layer_norm", name="normed", input="flat", normalized_shape=[18])
    graph.add("dropout", name="dropped", input="normed", p=0.5)
    graph.add("tensor", name="weight", value=drawn(3, 18), requires_grad=True)
    graph.add("linear", name="scores", input="dropped", weight="weight")
    graph.add("tensor", name="target", value=[1])
    graph.add("cross_entropy", name="loss", input="scores", target="target")
    return graph


def parts() -> Graph:
    """Tensors joined, sorted, picked from and chosen between."""
    graph = Graph()
    graph.add("tensor", name="a", value=[[0.5, -1.0, 2.0], [3.0, 0.25, -0.75], [4.0, 2.0, 0.1]], requires_grad=True)
    graph.add("tensor", name="b", value=[[1.0, 0.0, -1.0]], requires_grad=True)
    graph.add("cat", name="joined", tensors=["a", "b"])
    graph.add("max", name="largest", input="joined", dim=1)
    graph.add("sort", name="ordered", input="joined", dim=0, descending=True)
    graph.add("topk", name="best", input="joined", k=2, dim=1)
    graph.add("einsum", name="product", equation="ij,kj->ik", operands=["joined", "b"])
    graph.add("gt", name="positive", input="joined", other=0)
    graph.add("where", name="chosen", condition="positive", input="joined", other=0.1)
    graph.add("getitem", name="corner", input="ordered.values", index="1:, ::2")
    for name, source in (("s1", "largest.values"), ("s2", "best.values"), ("s3", "corner"), ("s4", "chosen")):
        graph.add("sum", name=name, input=source)
    graph.add("mean", name="s5", input="product")
    graph.add("stack", name="together", tensors=["s1", "s2", "s3", "s4", "s5"])
    graph.add("sum", name="loss", input="together")
    return graph


@pytest.fixture(scope="module", params=[network, parts], ids=lambda build: build.__name__)
def canvas(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[CanvasView]:
    """The canvas with one of the graphs after Backward."""
    load_fonts()
    build: Callable[[], Graph] = request.param
    editor, look = Editor(build()), Look("dark", 1.0, reduced_motion=True)
    player = Player(editor, look)
    view = CanvasView(editor, player, look)
    view.resize(1280, 800)
    editor.backward()
    player.to_end()
    yield view
    view.close()


def test_backward_went_through(canvas: CanvasView) -> None:
    states = canvas.player.state.nodes
    assert all(
        states[i].grad is not None
        for i, node in canvas.editor.graph.nodes.items()
        if states[i].requires_grad and node.leaf
    )


def test_cards_keep_clear_of_each_other(canvas: CanvasView) -> None:
    for one, other in combinations(canvas.canvas.nodes.values(), 2):
        gap = one.card.outline().translated(one.pos()).adjusted(-BESIDE, -BESIDE, BESIDE, BESIDE)
        assert not gap.intersects(other.card_rect()), f"{one.card.name} and {other.card.name}"


def test_no_letters_stand_on_others(canvas: CanvasView) -> None:
    with canvas.as_pictured():
        written = letters(canvas)
    for one, other in combinations(written, 2):
        assert not ink(one.box).intersects(ink(other.box)), f"{one.text!r} and {other.text!r}"


@pytest.mark.parametrize("theme", THEMES)
def test_every_letter_can_be_read(theme: str, canvas: CanvasView) -> None:
    canvas.look.choose(theme)
    written = [each for each in letters(canvas) if each.text.strip()]
    assert written
    faint = {each.text for each in written if contrast(each.colour, each.ground) < AA}
    assert not faint


def test_what_is_said_of_now_covers_no_card_in_a_picture_of_everything(canvas: CanvasView) -> None:
    scene = canvas.canvas
    with canvas.as_pictured():
        said = scene.now.box.translated(scene.now.pos())
        assert scene.now.scale() == 1
        assert not [item.card.name for item in scene.nodes.values() if item.card_rect().intersects(QRectF(said))]


# What the inspector says of the larger operations


def blocks_over_others(panel: InspectorPanel) -> list[str]:
    """The pairs of blocks, fields and headings of which one covers the other."""
    shown = [
        (type(widget).__name__, QRect(widget.mapTo(panel, QPoint()), widget.size()))
        for kind in (BlockWidget, SectionHeading)
        for widget in panel.findChildren(kind)
        if widget.isVisible()
    ]
    return [f"{one} over {other}" for (one, a), (other, b) in combinations(shown, 2) if a.intersects(b)]


@pytest.mark.parametrize("build", [network, parts], ids=lambda build: build.__name__)
def test_whatever_is_selected_the_inspector_covers_nothing_with_anything(
    build: Callable[[], Graph], qtbot: QtBot
) -> None:
    load_fonts()
    editor, look = Editor(build()), Look("light", reduced_motion=True)
    player = Player(editor, look)
    panel = InspectorPanel(editor, player, look)
    qtbot.addWidget(panel)
    panel.resize(302, 1200)
    with qtbot.waitExposed(panel):
        panel.show()
    editor.backward()
    player.to_end()
    for i, node in editor.graph.nodes.items():
        editor.select([i])
        panel.refresh()
        QApplication.processEvents()  # new blocks are laid out
        qtbot.waitUntil(lambda: not blocks_over_others(panel))
        for each in panel.findChildren(DerivativeView):
            assert each.written_width() <= each.width(), node.name
