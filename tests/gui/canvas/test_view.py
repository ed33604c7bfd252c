"""Looking: zoom, framing, what is repainted, and how the picture follows document, timeline and theme."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.expression import parse
from chainrule.core.document.files import load_graph
from chainrule.core.document.graph import Viewport
from chainrule.gui import lettering
from chainrule.gui.canvas import room
from chainrule.gui.canvas.card_painter import FAR
from tests.gui.canvas.conftest import Hand, shown


def wheel(hand: Hand, place: QPoint, turn: int) -> None:
    viewport = hand.view.viewport()
    event = QWheelEvent(
        QPointF(place), QPointF(viewport.mapToGlobal(place)), QPoint(), QPoint(0, turn),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def grid_of(count: int) -> Graph:
    """``count`` chains of exp, far enough apart not to touch."""
    graph = Graph()
    for n in range(count):
        x, y = (n % 8) * 640.0, (n // 8) * 320.0
        graph.add("tensor", name=f"a{n}", value=0.5, requires_grad=True, position=(x, y))
        graph.add("exp", name=f"b{n}", input=f"a{n}", position=(x + 260, y))
    return graph


def test_the_wheel_zooms_at_the_pointer(hand: Hand) -> None:
    place = QPoint(300, 200)
    before = hand.view.mapToScene(place)
    wheel(hand, place, 240)
    after = hand.view.mapToScene(place)
    assert hand.view.zoom > 1.1
    assert (after - before).manhattanLength() < 2


def test_the_zoom_has_ends(hand: Hand) -> None:
    hand.view.zoom_by(1000)
    assert hand.view.zoom == 4.0
    hand.view.zoom_by(0.00001)
    assert hand.view.zoom < FAR
    assert not hand.view.grab().isNull()


def test_a_small_graph_is_framed_whole_at_100_percent(hand: Hand) -> None:
    assert hand.view.zoom == 1.0
    seen = hand.view.mapToScene(hand.view.viewport().rect()).boundingRect()
    assert seen.contains(hand.view.canvas.content())


def test_a_large_graph_is_framed_whole(qtbot: QtBot) -> None:
    hand = shown(qtbot, grid_of(40))
    seen = hand.view.mapToScene(hand.view.viewport().rect()).boundingRect()
    assert seen.contains(hand.view.canvas.content())


def test_a_projector_enlarges_without_changing_the_zoom(hand: Hand) -> None:
    before = hand.view.transform().m11()
    hand.view.look.set_scale(1.5)
    assert hand.view.transform().m11() == 1.5 * before
    assert hand.view.zoom == 1.0


def test_undo_never_moves_the_view(hand: Hand) -> None:
    hand.view.zoom_by(1.3)
    start = hand.body("y")
    hand.drag(start, start + QPoint(50, 40))
    before = hand.view.mapToScene(QPoint(0, 0)), hand.view.zoom
    hand.editor.undo()
    assert (hand.view.mapToScene(QPoint(0, 0)), hand.view.zoom) == before


def test_what_is_looked_at_is_saved_and_found_again(qtbot: QtBot, tmp_path: Path) -> None:
    hand = shown(qtbot, grid_of(40))
    hand.view.show_viewport(Viewport(300.0, 200.0, 1.5))
    assert not hand.editor.unsaved
    hand.editor.save(tmp_path / "looked.chainrule")
    later = shown(qtbot, load_graph(tmp_path / "looked.chainrule"))
    assert later.view.shown_viewport() == Viewport(300.0, 200.0, 1.5)
    later.view.resize(later.view.width() - 150, later.view.height() - 90)
    assert later.view.shown_viewport().zoom == 1.5
    assert abs(later.view.shown_viewport().x - 300) < 2


def test_opening_a_file_in_an_open_window_goes_where_its_reader_looked(hand: Hand, tmp_path: Path) -> None:
    hand.view.show_viewport(Viewport(-40.0, 60.0, 2.0))
    hand.editor.save(tmp_path / "looked.chainrule")
    hand.editor.new()
    assert hand.view.zoom == 1.0
    hand.editor.open(tmp_path / "looked.chainrule")
    assert hand.view.shown_viewport() == Viewport(-40.0, 60.0, 2.0)


def test_a_framed_view_is_framed_again_in_whatever_window_opens_it(hand: Hand, tmp_path: Path) -> None:
    hand.view.zoom_by(2)
    hand.view.frame_all()
    hand.editor.save(tmp_path / "framed.chainrule")
    assert load_graph(tmp_path / "framed.chainrule").viewport is None


def test_a_zoom_that_no_view_has_is_brought_into_range(hand: Hand) -> None:
    hand.view.show_viewport(Viewport(0.0, 0.0, 0.0))
    assert 0 < hand.view.zoom < FAR


def test_dragging_a_node_repaints_only_what_it_touches(qtbot: QtBot) -> None:
    hand = shown(qtbot, grid_of(40))
    QApplication.processEvents()
    start = hand.body("b7")
    hand.press(start)
    hand.move(start + QPoint(6, 6))
    hand.move(start + QPoint(12, 12))
    QApplication.processEvents()
    counts = {i: item.painted for i, item in hand.view.canvas.nodes.items()}
    hand.move(start + QPoint(20, 18))
    QApplication.processEvents()
    painted = {i for i, item in hand.view.canvas.nodes.items() if item.painted > counts[i]}
    hand.release(start + QPoint(20, 18))
    assert hand.id("b7") in painted
    assert painted <= {hand.id("b7"), hand.id("a7")}


def test_an_edit_repaints_only_what_it_reaches(qtbot: QtBot) -> None:
    hand = shown(qtbot, grid_of(40))
    QApplication.processEvents()
    counts = {i: item.painted for i, item in hand.view.canvas.nodes.items()}
    hand.editor.do(edits.set_value(hand.editor.graph, hand.id("a3"), 0.75))
    QApplication.processEvents()
    painted = {i for i, item in hand.view.canvas.nodes.items() if item.painted > counts[i]}
    assert {hand.id("a3"), hand.id("b3")} <= painted
    assert len(painted) <= 6


def test_a_backward_draws_a_band_on_every_wire_it_went_through(hand: Hand) -> None:
    hand.editor.backward()
    bands = hand.view.canvas.flow.bands
    expected = {(hand.id("loss"), "input"), (hand.id("error"), "other"), (hand.id("pred"), "other")}
    assert set(bands) == expected
    hand.editor.zero_grad()
    hand.editor.forward()
    assert hand.view.canvas.flow.bands == {}


def test_the_tank_fills_pass_by_pass_and_is_drained(hand: Hand) -> None:
    def tank() -> object:
        return hand.view.canvas.nodes[hand.id("w")].card.tank

    assert tank().grad is None  # type: ignore[attr-defined]
    hand.editor.backward(3)
    assert [slab.label for slab in tank().slabs] == ["pass 1", "pass 2", "pass 3"]  # type: ignore[attr-defined]
    assert tank().total == "total -6"  # type: ignore[attr-defined]
    hand.editor.zero_grad()
    assert tank().grad is None  # type: ignore[attr-defined]


def test_a_spent_tape_shows_the_error_at_its_node_with_repairs(hand: Hand) -> None:
    hand.editor.backward()
    hand.editor.backward()
    item = hand.view.canvas.nodes[hand.id("loss")]
    assert item.bubble is not None
    assert "backward through the graph a second time" in " ".join(text for _, text, _ in item.bubble.lines)
    repair, rect = next((r, rect) for r, rect in item.bubble.buttons if r.command == "forward")
    hand.click(hand.place(item.pos() + rect.center()))
    assert hand.view.canvas.nodes[hand.id("loss")].bubble is None, repair.label


def test_while_the_timeline_is_not_at_its_end_the_canvas_says_so(hand: Hand) -> None:
    hand.editor.backward()
    chip = hand.view.overlays.back_to_now
    assert not chip.isVisible()
    hand.view.player.seek(3)
    assert chip.isVisible()
    assert chip.text().startswith(f"viewing step 3 of {hand.view.player.total}")
    chip.click()
    assert hand.view.player.at_end
    assert not chip.isVisible()


def test_the_minimap_moves_the_view(hand: Hand) -> None:
    hand.view.zoom_by(2.0)
    before = hand.view.mapToScene(QPoint(0, 0))
    minimap = hand.view.overlays.minimap
    from PySide6.QtTest import QTest

    QTest.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert hand.view.mapToScene(QPoint(0, 0)) != before


def test_an_export_draws_the_whole_graph_whatever_is_shown(hand: Hand) -> None:
    hand.view.zoom_by(3.0)
    size = hand.view.content_size()
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.magenta)
    painter = QPainter(image)
    hand.view.render_to(painter, QRectF(QPointF(), image.size().toSizeF()))
    painter.end()
    colours = {image.pixelColor(x, y).name() for x in range(0, size.width(), 7) for y in range(0, size.height(), 7)}
    assert hand.view.look.theme.card.name() in colours
    assert "#ff00ff" not in colours


def test_geometry_is_where_a_real_press_lands(hand: Hand) -> None:
    x, y, wide, high = hand.view.geometry_map()[hand.id("x")]["switch"]
    place = hand.view.viewport().mapFromGlobal(QPoint(x + wide // 2, y + high // 2))
    hand.click(place)
    leaf = hand.editor.graph.named("x").leaf
    assert leaf is not None
    assert leaf.requires_grad


def test_a_theme_change_repaints_everything_in_it(hand: Hand) -> None:
    hand.view.look.choose("light")
    ground = hand.view.grab().toImage().pixelColor(5, 5)
    assert ground == hand.view.look.theme.canvas
    assert all(item.theme is hand.view.look.theme for item in hand.view.canvas.nodes.values())


def test_the_minimap_is_there_only_while_something_is_out_of_sight(hand: Hand) -> None:
    minimap = hand.view.overlays.minimap
    assert not minimap.isVisible()
    hand.view.pan_by(QPoint(900, 0))
    assert minimap.isVisible()
    hand.view.frame_all()
    assert not minimap.isVisible()
    hand.add("tensor", "far", 5000.0, 0.0)
    assert minimap.isVisible()


def test_of_an_empty_graph_there_is_no_map(empty: Hand) -> None:
    assert not empty.view.overlays.minimap.isVisible()
    empty.view.pan_by(QPoint(4000, 0))
    assert not empty.view.overlays.minimap.isVisible()


def test_the_legend_comes_with_the_first_gradient_and_goes_with_the_last(hand: Hand) -> None:
    legend = hand.view.overlays.legend
    player = hand.view.player
    assert not legend.isVisible()
    hand.editor.backward()
    assert legend.isVisible()
    player.seek(3)  # before backward
    assert not legend.isVisible()
    player.next()
    assert legend.isVisible()
    player.to_end()
    hand.editor.forward()
    assert legend.isVisible()  # of w.grad
    hand.editor.zero_grad()
    hand.editor.forward()
    assert not legend.isVisible()
    hand.editor.backward()
    hand.editor.new()
    assert not legend.isVisible()


def test_the_legend_names_the_grey_of_arrays_that_have_both_signs(hand: Hand) -> None:
    hand.editor.backward()
    legend, theme = hand.view.overlays.legend, hand.view.look.theme
    assert legend.grab().toImage().pixelColor(legend.MIXED.center().toPoint()) == theme.neutral
    assert "grey has both signs" in legend.accessibleName()


def test_the_legend_moves_no_view(hand: Hand) -> None:
    before = hand.view.look_from()
    hand.editor.backward()
    hand.view.player.to_end()
    assert hand.view.look_from() == before


def test_the_callout_comes_out_from_under_the_legend(hand: Hand, qtbot: QtBot) -> None:
    hand.editor.backward()
    hand.view.player.to_end()
    canvas, legend = hand.view.canvas, hand.view.overlays.legend.geometry()

    def callout() -> QRectF:
        return QRectF(hand.view.mapFromScene(canvas.now.sceneBoundingRect()).boundingRect())

    assert not callout().intersects(QRectF(legend))
    hand.view.pan_by(legend.center() - callout().center().toPoint())
    assert callout().intersects(QRectF(legend))
    qtbot.waitUntil(lambda: not callout().intersects(QRectF(legend)))
    assert not any(item.card_rect().intersects(canvas.now.sceneBoundingRect()) for item in canvas.nodes.values())


def test_an_exported_picture_holds_every_label(hand: Hand) -> None:
    hand.editor.backward()
    hand.editor.backward()  # the tape is spent: a bubble says so
    hand.view.player.to_end()
    canvas = hand.view.canvas
    picture = canvas.pictured()
    assert any(item.bubble is not None for item in canvas.nodes.values())
    assert any(item.flag is not None for item in canvas.nodes.values())
    for item in canvas.nodes.values():
        parts = [item.card.outline(), *(part.rect for part in (item.flag, item.bubble) if part is not None)]
        assert all(picture.contains(rect.translated(item.pos())) for rect in parts)
    assert all(picture.contains(pill.sceneBoundingRect()) for pill in canvas.flow.pills.values())
    hand.view.player.seek(hand.view.player.total - 1)
    assert canvas.now.isVisible()
    assert canvas.pictured().contains(canvas.now.sceneBoundingRect())


def test_a_card_that_shrinks_has_all_the_ground_it_covered_painted_anew(hand: Hand, qtbot: QtBot) -> None:
    hand.editor.backward(3)
    hand.view.player.to_end()
    item = hand.view.canvas.nodes[hand.id("w")]
    QApplication.processEvents()
    covered, painted = item.sceneBoundingRect(), QRectF()
    changes: list[QRectF] = []
    hand.view.canvas.changed.connect(changes.extend)
    hand.editor.zero_grad()
    hand.view.player.to_end()
    assert item.sceneBoundingRect().height() < covered.height()
    qtbot.waitUntil(lambda: bool(changes))
    for rect in changes:
        painted = painted.united(rect)
    assert painted.contains(covered)


def seen(hand: Hand) -> QRectF:
    return hand.view.mapToScene(hand.view.viewport().rect()).boundingRect()


def spent(hand: Hand) -> None:
    """Let the second of two backward passes fail at loss."""
    hand.editor.backward()
    hand.editor.backward()
    assert hand.view.canvas.nodes[hand.id("loss")].bubble is not None


def test_an_error_out_of_sight_is_brought_into_view_and_its_repair_goes_back(hand: Hand) -> None:
    hand.view.pan_by(QPoint(900, 0))
    before = hand.view.look_from()
    assert not seen(hand).intersects(hand.view.canvas.nodes[hand.id("loss")].card_rect())
    spent(hand)
    item = hand.view.canvas.nodes[hand.id("loss")]
    assert item.bubble is not None
    assert seen(hand).contains(item.card_rect())
    assert seen(hand).contains(item.bubble.rect.translated(item.pos()))
    hand.editor.forward()
    assert hand.view.look_from() == before


def test_who_moves_the_view_during_an_error_stays_there(hand: Hand) -> None:
    hand.view.pan_by(QPoint(900, 0))
    spent(hand)
    hand.view.pan_by(QPoint(-30, 10))
    before = hand.view.look_from()
    hand.editor.forward()
    assert hand.view.look_from() == before


def test_what_an_error_says_can_be_read_from_afar(hand: Hand) -> None:
    spent(hand)
    hand.view.zoom_by(0.3)
    item = hand.view.canvas.nodes[hand.id("loss")]
    assert item.bubble is not None
    for role, text, rect in item.bubble.lines:
        font = lettering.scaled(role, item.bubble.scale)
        assert font.pixelSize() * hand.view.zoom >= 9.8
        assert QFontMetricsF(font).horizontalAdvance(text) <= rect.width() + 2


def test_cards_that_grow_stay_in_a_view_that_nobody_moved(qtbot: QtBot) -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=[0.125] * 1000, requires_grad=True)
    for n in range(3):
        graph.add("exp", name=f"y{n}", input="x" if n == 0 else f"y{n - 1}", position=(300.0 * (n + 1), 0.0))
    graph.add("sum", name="loss", input="y2", position=(1200.0, 0.0))
    hand = shown(qtbot, graph)
    hand.editor.forward()
    hand.editor.backward()
    hand.view.player.to_end()
    assert seen(hand).contains(hand.view.canvas.content())
    hand.view.zoom_by(2.0)
    before = hand.view.look_from()
    hand.editor.forward()
    hand.editor.backward()
    assert hand.view.look_from() == before


def test_an_expression_that_is_added_is_shown_whole(hand: Hand) -> None:
    hand.view.zoom_by(2.0)
    edit = parse(hand.editor.graph, "out = tanh(p * q + r * s)", (1100.0, 600.0))
    assert room.put(hand.view, edit)
    for i in hand.editor.selection:
        assert seen(hand).contains(hand.view.canvas.nodes[i].occupied())
    hand.editor.new()
    assert hand.view.zoom == 1.0


def crowd(hand: Hand) -> None:
    """Put the regression among many cards, all so close to each other that only a line fits between them."""
    cells = [(-800.0 + 230.0 * (n % 15), -600.0 + 180.0 * (n // 15)) for n in range(135)]
    nodes = hand.editor.graph.nodes
    hand.editor.do(edits.move(hand.editor.graph, {i: cells.pop(61) for i in nodes}))
    for n, (x, y) in enumerate(cells):
        hand.add("tensor", f"c{n}", x, y)


def test_among_cards_that_leave_no_room_the_callout_stands_at_the_edge_with_a_line_to_its_card(hand: Hand) -> None:
    crowd(hand)
    hand.view.zoom_by(1 / hand.view.zoom)
    hand.view.center_on(hand.view.canvas.nodes[hand.id("pred")].card_rect().center())
    hand.editor.backward()
    hand.view.player.seek(hand.view.player.total - 1)
    now, view = hand.view.canvas.now, hand.view
    place = view.mapFromScene(now.mapRectToScene(now.box)).boundingRect()
    assert view.viewport().rect().contains(place)
    assert place.bottom() > view.overlays.clear_rect().bottom()
    assert not place.intersects(view.overlays.legend.geometry())
    line = [item.line() for item in now.line if item.isVisible()]
    assert now.mapRectToScene(now.box).adjusted(-1, -1, 1, 1).contains(line[0].p1())
    assert view.canvas.nodes[hand.id("pred")].card_rect().adjusted(-1, -1, 1, 1).contains(line[-1].p2())
    assert all(piece.dx() == 0 or piece.dy() == 0 for piece in line)
    others = [item.card_rect() for i, item in view.canvas.nodes.items() if i != hand.id("pred")]
    room = [QRectF(piece.p1(), piece.p2()).normalized().adjusted(-1, -1, 1, 1) for piece in line]
    assert not any(rect.intersects(piece) for rect in others for piece in room)


def test_the_way_back_to_now_covers_no_callout(hand: Hand) -> None:
    view, player = hand.view, hand.view.player
    hand.editor.backward()
    for step in range(1, player.total):
        player.seek(step)
        ringed = view.canvas.flow.ringed
        assert ringed is not None
        foot = view.canvas.nodes[ringed].card_rect().bottom()
        view.center_on(QPointF(view.canvas.nodes[ringed].card_rect().center().x(), foot + view.height() / 2 - 10))
        player.seek(step - 1)
        player.seek(step)
        place = view.mapFromScene(view.canvas.now.sceneBoundingRect()).boundingRect()
        assert view.overlays.back_to_now.isVisible()
        assert not place.intersects(view.overlays.back_to_now.geometry())
