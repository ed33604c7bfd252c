"""What the pointer does: select, move, wire, cut, scrub, switch; each change is one step of undo."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QSignalSpy

from chainrule.core.document import edits
from chainrule.core.document.graph import Wire
from tests.gui.canvas.conftest import Hand

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def steps(hand: Hand) -> int:
    return hand.editor.undo_stack.count()


def test_a_click_selects_one_node_and_shift_adds_another(hand: Hand) -> None:
    hand.click(hand.body("pred"))
    assert hand.editor.selection == {hand.id("pred")}
    hand.click(hand.body("error"), SHIFT)
    assert hand.editor.selection == {hand.id("pred"), hand.id("error")}
    hand.click(QPoint(600, 20))
    assert hand.editor.selection == frozenset()


def test_a_box_selects_what_it_touches(hand: Hand) -> None:
    names = {"x", "w"}
    rects = [hand.view.canvas.nodes[hand.id(name)].card_rect() for name in names]
    box = rects[0].united(rects[1]).adjusted(-12, -12, -60, 12)
    hand.drag(hand.place(box.topLeft()), hand.place(box.bottomRight()))
    assert hand.editor.selection == {hand.id(name) for name in names}


def test_moving_a_node_is_one_step_on_the_grid(hand: Hand) -> None:
    before = hand.editor.graph.named("y").position
    start = hand.body("y")
    hand.drag(start, start + QPoint(43, 38))
    x, y = hand.editor.graph.named("y").position
    assert (x % 10, y % 10) == (0, 0)
    assert (x, y) != before
    assert steps(hand) == 1
    hand.editor.undo()
    assert hand.editor.graph.named("y").position == before
    assert hand.view.canvas.nodes[hand.id("y")].pos() == QPointF(*before)


def test_control_suspends_the_grid(hand: Hand) -> None:
    start = hand.body("y")
    hand.drag(start, start + QPoint(43, 37), modifiers=CONTROL)
    x, y = hand.editor.graph.named("y").position
    assert (x % 10, y % 10) != (0, 0)


def test_escape_puts_a_moved_node_back(hand: Hand) -> None:
    before = hand.editor.graph.named("y").position
    start = hand.body("y")
    hand.press(start)
    hand.move(start + QPoint(60, 40))
    hand.key(Qt.Key.Key_Escape)
    assert hand.view.canvas.nodes[hand.id("y")].pos() == QPointF(*before)
    hand.release(start + QPoint(60, 40))
    assert steps(hand) == 0


def test_the_switch_turns_requires_grad_over_and_back(hand: Hand) -> None:
    hand.click(hand.switch("x"))
    leaf = hand.editor.graph.named("x").leaf
    assert leaf is not None
    assert leaf.requires_grad
    hand.editor.undo()
    leaf = hand.editor.graph.named("x").leaf
    assert leaf is not None
    assert not leaf.requires_grad


def test_a_wire_is_drawn_from_output_to_input(hand: Hand) -> None:
    hand.drag(hand.socket("x", "output"), hand.socket("error", "input", "input"))
    assert hand.editor.graph.named("error").inputs["input"] == Wire(hand.id("x"))
    assert steps(hand) == 1


def test_a_wire_is_drawn_from_input_to_output(empty: Hand) -> None:
    empty.add("tensor", "a", 0, 0)
    empty.add("exp", "b", 360, 0)
    empty.view.frame_all()
    empty.drag(empty.socket("b", "input", "input"), empty.socket("a", "output"))
    assert empty.editor.graph.named("b").inputs == {"input": Wire(empty.id("a"))}


def test_a_cycle_is_refused_with_a_reason_while_it_is_drawn(hand: Hand) -> None:
    start, end = hand.socket("loss", "output"), hand.socket("pred", "input", "input")
    hand.press(start)
    hand.move(start + QPoint(-30, 10))
    assert ("input", "input") in hand.view.canvas.nodes[hand.id("pred")].marks.dimmed
    hand.move(end)
    assert "cycle" in hand.view.sketch.note
    before = hand.editor.graph.named("pred")
    hand.release(end)
    assert hand.editor.graph.named("pred") is before
    assert "cycle" in hand.editor.last_error
    assert hand.view.canvas.nodes[hand.id("pred")].marks.dimmed == frozenset()


def test_dropping_a_wire_on_a_card_takes_its_first_free_socket(hand: Hand) -> None:
    hand.add("add", "sum", 480, 560)
    hand.view.frame_all()
    hand.drag(hand.socket("x", "output"), hand.body("sum"))
    hand.drag(hand.socket("w", "output"), hand.body("sum"))
    assert hand.editor.graph.named("sum").inputs == {"input": Wire(hand.id("x")), "other": Wire(hand.id("w"))}


def test_dropping_a_wire_on_the_canvas_asks_for_a_node(hand: Hand) -> None:
    asked = QSignalSpy(hand.view.request_add)
    hand.drag(hand.socket("y", "output"), hand.socket("y", "output") + QPoint(60, -60))
    assert asked.count() == 1
    place, pending = asked.at(0)
    assert isinstance(place, QPointF)
    assert (pending.node, pending.side) == (hand.id("y"), "output")


def test_the_end_of_a_wire_is_taken_up_and_plugged_elsewhere(hand: Hand) -> None:
    hand.drag(hand.socket("error", "input", "other"), hand.socket("error", "input", "input"))
    assert hand.editor.graph.named("error").inputs == {"input": Wire(hand.id("pred"))}
    assert steps(hand) == 1


def test_a_wire_pulled_off_and_dropped_is_gone(hand: Hand) -> None:
    hand.drag(hand.socket("error", "input", "other"), QPoint(600, 30))
    assert hand.editor.graph.named("error").inputs == {"input": Wire(hand.id("y"))}


def test_a_wire_dropped_back_on_its_own_input_changes_nothing(hand: Hand) -> None:
    place = hand.socket("error", "input", "other")
    hand.press(place)
    hand.move(place + QPoint(-40, 30))
    hand.move(place)
    hand.release(place)
    assert steps(hand) == 0


def test_sockets_can_be_hit_ten_pixels_off(hand: Hand) -> None:
    near = QPoint(-9, 6)
    hand.drag(hand.socket("x", "output") - near, hand.socket("error", "input", "input") + near)
    assert hand.editor.graph.named("error").inputs["input"] == Wire(hand.id("x"))


def test_the_knife_cuts_every_wire_it_crosses_as_one_step(hand: Hand) -> None:
    error = hand.view.canvas.nodes[hand.id("error")].card_rect()
    hand.drag(
        hand.place(error.topLeft() + QPointF(-16, -30)),
        hand.place(error.bottomLeft() + QPointF(-16, 30)),
        modifiers=CONTROL,
    )
    assert hand.editor.graph.named("error").inputs == {}
    assert steps(hand) == 1
    hand.editor.undo()
    assert len(hand.editor.graph.named("error").inputs) == 2


def test_dragging_a_number_changes_it_live_in_one_step(hand: Hand) -> None:
    seen = []
    hand.editor.state_changed.connect(lambda: seen.append(float(hand.editor.session["loss"].item())))
    start = hand.number("w")
    hand.drag(start, start + QPoint(80, 0))
    leaf = hand.editor.graph.named("w").leaf
    assert leaf is not None
    assert leaf.value == 3.0
    assert len(set(seen)) > 3
    assert seen[-1] == (2 - 3.0) ** 2
    assert steps(hand) == 1
    hand.editor.undo()
    assert hand.editor.session["loss"].item() == 1.0


def test_a_literal_is_scrubbed_in_its_socket(hand: Hand) -> None:
    place = hand.part("loss", lambda card: card.port("input", "exponent").literal_rect)
    hand.drag(place, place + QPoint(8, 0), steps=8)
    hand.drag(place, place + QPoint(12, 0), steps=6)
    assert hand.editor.graph.named("loss").inputs["exponent"] in (3, 4, 5)


def test_selected_wires_are_deleted(hand: Hand) -> None:
    wire = hand.view.canvas.wires[hand.id("error"), "other"]
    hand.click(hand.place(wire.path().pointAtPercent(0.5)))
    assert hand.editor.selected_sockets == {(hand.id("error"), "other")}
    hand.view.delete_selection()
    assert "other" not in hand.editor.graph.named("error").inputs


def test_deleting_a_node_heals_the_wire_through_it(hand: Hand) -> None:
    hand.click(hand.body("loss"))
    hand.view.delete_selection()
    assert "loss" not in hand.editor.graph
    hand.editor.undo()
    assert "loss" in hand.editor.graph
    assert hand.id("loss") in hand.view.canvas.nodes


def test_the_middle_button_pans_and_the_right_one_too(hand: Hand) -> None:
    for button in (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
        before = hand.view.mapFromScene(QPointF(0, 0))
        hand.drag(QPoint(600, 40), QPoint(640, 70), button)
        assert hand.view.mapFromScene(QPointF(0, 0)) - before == QPoint(40, 30)
    assert steps(hand) == 0


def test_a_double_click_on_the_canvas_asks_for_a_node(hand: Hand) -> None:
    asked = QSignalSpy(hand.view.request_add)
    hand.double_click(QPoint(640, 20))
    assert asked.count() == 1
    assert asked.at(0)[1] is None


def test_an_operation_dropped_on_a_wire_is_put_into_it(hand: Hand) -> None:
    hand.add("exp", "e", 480, 560)
    hand.view.frame_all()
    steps_before = steps(hand)
    wire = hand.view.canvas.wires[hand.id("error"), "input"]
    card = hand.view.canvas.nodes[hand.id("e")].card_rect()
    grip = hand.body("e")
    target = hand.place(wire.course.points[len(wire.course.points) // 2])
    hand.drag(grip, grip + target - hand.place(card.center()))
    assert hand.editor.graph.named("e").inputs == {"input": Wire(hand.id("y"))}
    assert hand.editor.graph.named("error").inputs["input"] == Wire(hand.id("e"))
    assert steps(hand) == steps_before + 1


def test_a_node_dropped_into_a_region_becomes_a_member(hand: Hand) -> None:
    hand.editor.do(edits.set_region(hand.editor.graph, "no_grad", [hand.id("x"), hand.id("w")]))
    area = hand.view.canvas.region_area([hand.id("x"), hand.id("w")])
    card = hand.view.canvas.nodes[hand.id("y")].card_rect()
    grip = hand.body("y")
    hand.drag(grip, grip + hand.place(area.center()) - hand.place(card.center()))
    assert hand.id("y") in hand.editor.graph.regions["no_grad"].members
    hand.editor.undo()
    assert hand.id("y") not in hand.editor.graph.regions["no_grad"].members
