"""A session: values always live, a tape that a backward spends, and every problem at its node in PyTorch's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from notebook_graph import regression
from session_steps import change, names, node, set_value

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.graph import GraphError
from chainrule.core.engine.recording import Computed, Stepped
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Rule
from chainrule.core.run.session import Session


@pytest.fixture
def runs() -> Iterator[list[float]]:
    """An operation ``watched``, which notes the values that it is run on."""
    seen: list[float] = []

    def forward(input: Any) -> Any:
        seen.append(float(np.sum(input)))
        return input * 1.0

    registry.register(Rule("watched", forward, doc="", family="pointwise", vjps=(lambda g, y, input: g,)))
    yield seen
    registry.unregister("watched")


class TestForward:
    def test_values_are_there_at_once(self) -> None:
        session = Session(regression())
        assert {name: session[name].item() for name in ("pred", "error", "loss")} == {"pred": 1, "error": 1, "loss": 1}
        assert repr(session["loss"]) == "tensor(1., grad_fn=<PowBackward0>)"

    def test_the_state_shows_grad_fn_and_what_was_saved(self) -> None:
        session = Session(regression())
        assert node(session, "pred").grad_fn == ("MulBackward0",)
        assert [chip.name for chip in node(session, "pred").saved] == ["input"], "only what w's gradient needs"
        assert node(session, "error").saved == ()
        assert [chip.name for chip in node(session, "loss").saved] == ["input"], "the 2 is no tensor"
        assert node(session, "x").is_leaf
        assert not node(session, "x").requires_grad

    def test_the_timeline_tells_the_forward_run_node_by_node(self) -> None:
        session = Session(regression())
        beats = session.timeline.beats
        assert [type(beat) for beat in beats] == [Computed, Computed, Computed]
        assert names(session, [beats[0].label]) == {"pred"}
        first = session.timeline.state_at(1)
        assert first.nodes[session.graph.named("loss").id].value is None
        assert first.nodes[session.graph.named("w").id].value == 1

    def test_an_output_of_several_is_found_by_its_name(self) -> None:
        graph = Graph()
        graph.add("tensor", name="x", value=[1.0, 3.0, 2.0], requires_grad=True)
        graph.add("max", name="m", input="x", dim=0)
        graph.add("mul", name="y", input="m.values", other=2)
        session = Session(graph)
        assert (session["m.values"].item(), session["m.indices"].item(), session["y"].item()) == (3, 1, 6)
        session.backward("y")
        assert session["x"].grad.tolist() == [0, 2, 0]

    def test_a_session_leaves_the_graph_alone(self) -> None:
        graph = regression()
        before = dict(graph.nodes)
        session = Session(graph)
        session.backward()
        session.step()
        assert graph.nodes == before


class TestUpdate:
    def test_only_what_depends_on_the_edit_is_run_again(self, runs: list[float]) -> None:
        graph = regression()
        graph.add("watched", name="of_x", input="x")
        graph.add("watched", name="of_w", input="w")
        graph.add("watched", name="of_loss", input="loss")
        session = Session(graph)
        runs.clear()
        changed = set_value(session, "w", 3.0)
        assert sorted(runs) == [1, 3], "of_w and of_loss"
        assert names(session, changed) == {"w", "of_w", "pred", "error", "loss", "of_loss"}
        assert session["loss"].item() == 1

    def test_moving_naming_and_noting_run_nothing_and_keep_the_tape(self, runs: list[float]) -> None:
        graph = regression()
        graph.add("watched", name="of_x", input="x")
        session = Session(graph)
        session.backward("loss", retain_graph=True)
        timeline = session.timeline
        runs.clear()
        x = graph.named("x").id
        assert change(session, edits.move(graph, {x: (5, 5)})) == set()
        assert change(session, edits.rename(graph, x, "input")) == set()
        assert change(session, edits.set_note(graph, x, "hi")) == set()
        assert runs == []
        assert session.timeline is timeline
        assert session["input"].item() == 1

    def test_a_spent_tape_is_fresh_after_any_edit(self) -> None:
        session = Session(regression())
        session.backward()
        set_value(session, "y", 2.0)
        assert node(session, "pred").spent is False
        session.backward()
        assert session["w"].grad.item() == -4

    def test_what_is_added_and_removed_comes_and_goes(self) -> None:
        session = Session(regression())
        graph = session.graph
        edit, r = edits.add_node(graph, "relu", "r", inputs=dict(graph.named("loss").inputs))
        with pytest.raises(GraphError):
            change(session, edit)
        inputs = {"input": next(wire for _, wire in graph.named("loss").wires())}
        edit, r = edits.add_node(graph, "relu", "r", inputs=inputs)
        assert change(session, edit) == {r.id}
        assert session["r"].item() == 1
        gone = change(session, edits.remove(graph, [graph.named("error").id]))
        assert {r.id, graph.named("loss").id} < gone
        assert session.problems[r.id].message == "input of r is not connected"

    def test_a_region_of_no_grad_tracks_nothing_inside(self) -> None:
        session = Session(regression())
        pred = session.graph.named("pred").id
        edit = edits.set_region(session.graph, "frozen", [pred])
        assert names(session, change(session, edit)) == {"pred", "error", "loss"}
        assert not node(session, "loss").requires_grad
        change(session, edits.set_region(session.graph, "frozen", []))
        assert node(session, "loss").requires_grad


class TestProblems:
    def test_an_unconnected_socket_is_incomplete_and_what_follows_waits(self) -> None:
        graph = regression()
        edits.apply(graph, edits.disconnect(graph, graph.named("pred").id, "input"))
        session = Session(graph)
        shown = {graph.nodes[i].name: (p.kind, p.message, p.socket) for i, p in session.problems.items()}
        assert shown == {
            "pred": ("incomplete", "input of pred is not connected", "input"),
            "error": ("waiting", "waiting for pred", "other"),
            "loss": ("waiting", "waiting for error", "input"),
        }
        assert node(session, "pred").problem == session.problems[graph.named("pred").id]

    def test_shapes_that_do_not_fit_are_told_at_the_node_in_pytorchs_words(self) -> None:
        session = Session(regression())
        set_value(session, "x", [1.0, 2.0, 3.0])
        set_value(session, "w", [1.0, 2.0])
        problem = node(session, "pred").problem
        assert problem is not None
        assert (
            problem.message
            == "The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 0"
        )
        assert "do not fit" in problem.meaning
        assert node(session, "loss").problem is not None
        set_value(session, "w", [1.0, 2.0, 3.0])
        assert session.problems == {}

    def test_whatever_an_operation_raises_belongs_to_its_node(self) -> None:
        def explode(input: Any) -> Any:
            raise ZeroDivisionError("boom\nat length")

        registry.register(Rule("explode", explode, doc="", family="pointwise", vjps=(None,)))
        try:
            graph = regression()
            graph.add("explode", name="bang", input="x")
            session = Session(graph)
        finally:
            registry.unregister("explode")
        assert session.problems[graph.named("bang").id].message == "boom at length"
        assert session["loss"].item() == 1

    def test_a_message_follows_a_new_name(self) -> None:
        graph = regression()
        r = graph.add("relu", name="r")
        session = Session(graph)
        change(session, edits.rename(graph, r.id, "q"))
        assert session.problems[r.id].message == "input of q is not connected"


class TestGradientsOutliveEdits:
    def test_an_edited_value_makes_its_gradient_stale_until_it_is_zeroed(self) -> None:
        session = Session(regression())
        session.backward()
        set_value(session, "w", 1.5)
        assert (node(session, "w").grad, node(session, "w").stale) == (-2, True)
        assert session["w"].grad.item() == -2
        session.backward()
        assert (session["w"].grad.item(), node(session, "w").stale) == (-3, True), "a sum over two values"
        session.zero_grad()
        assert not node(session, "w").stale

    def test_the_same_value_again_and_other_edits_do_not(self) -> None:
        session = Session(regression())
        session.backward()
        set_value(session, "w", 1.0)
        set_value(session, "x", 3.0)
        change(session, edits.set_requires_grad(session.graph, session.graph.named("w").id, False))
        assert (node(session, "w").grad, node(session, "w").stale) == (-2, False)
        change(session, edits.set_requires_grad(session.graph, session.graph.named("w").id, True))
        session.backward()
        assert session["w"].grad.item() == 4, "-2 from before and 2 * 3 * (3 - 2) now"

    @pytest.mark.parametrize(("value", "dtype"), [([1.0, 2.0], None), (1.0, "float64")])
    def test_a_new_shape_or_dtype_leaves_none(self, value: Any, dtype: str | None) -> None:
        session = Session(regression())
        session.backward()
        set_value(session, "w", value, dtype)
        assert (session["w"].grad, node(session, "w").grad) == (None, None)

    def test_they_are_taken_and_put_back_with_the_momentum(self) -> None:
        session = Session(regression())
        session.backward()
        before = session.take_grads()
        set_value(session, "w", [1.0, 2.0])
        set_value(session, "w", 1.0)
        assert session["w"].grad is None
        session.put_grads(before)
        assert (session["w"].grad.item(), node(session, "w").grad, session.passes) == (-2, -2, 1)
        session.forward()
        session.backward()
        assert (session["w"].grad.item(), before.grads[session.graph.named("w").id].grad) == (-4, -2)


class TestStep:
    def test_writes_nothing_but_says_what_to_write(self) -> None:
        session = Session(regression())
        session.backward()
        edit = session.step()
        assert session["w"].item() == 1
        change(session, edit)
        assert session["w"].item() == np.float32(1.02)
        first = session.timeline.beats[0]
        assert isinstance(first, Stepped)
        assert (first.before, first.after) == (1, np.float32(1.02))
        assert session.timeline.state_at(0).nodes[session.graph.named("w").id].value == 1

    def test_keeps_its_momentum_from_step_to_step(self) -> None:
        session = Session(regression())
        change(session, edits.set_training(session.graph, lr=0.1, momentum=0.9))
        w, buffer = np.float32(1), None
        for _ in range(3):
            session.zero_grad()
            session.backward()
            grad = -2 * (2 - w)
            buffer = grad if buffer is None else np.float32(0.9) * buffer + grad
            w = np.float32(w - np.float32(0.1) * buffer)
            change(session, session.step())
            assert session["w"].item() == w

    def test_skips_leaves_without_a_gradient(self) -> None:
        assert Session(regression()).step().nodes == {}

    def test_is_undone_with_its_gradients(self) -> None:
        session = Session(regression())
        session.backward()
        before = session.take_grads()
        inverse = edits.apply(session.graph, session.step())
        session.update(set(inverse.nodes))
        change(session, inverse)
        session.put_grads(before)
        assert (session["w"].item(), session["w"].grad.item(), node(session, "w").stale) == (1, -2, False)


def test_a_long_chain_runs_forward_and_backward() -> None:
    graph = Graph()
    graph.add("tensor", name="x0", value=1.0, requires_grad=True)
    for i in range(3000):
        graph.add("neg", name=f"x{i + 1}", input=f"x{i}")
    session = Session(graph)
    session.backward()
    assert session["x0"].grad.item() == 1


def test_the_present_is_the_last_state_of_the_timeline() -> None:
    session = Session(regression())
    session.backward()
    set_value(session, "w", 2.0)
    session.backward()
    live = session.state
    timeline = session.timeline
    timeline.state_at(0)
    replayed = timeline.state_at(len(timeline.beats))
    assert replayed.nodes.keys() == live.nodes.keys()
    for i, state in live.nodes.items():
        assert repr(replayed.nodes[i]) == repr(state)


class TestWarnings:
    """What PyTorch would print beside a value stands at the node that has it."""

    def test_a_loss_spoilt_by_broadcasting_keeps_its_value_and_says_so(self, recwarn: pytest.WarningsRecorder) -> None:
        graph = Graph()
        graph.add("tensor", name="out", value=[1.0, 2.0], requires_grad=True)
        graph.add("tensor", name="target", value=[[0.0], [1.0]])
        graph.add("mse_loss", name="loss", input="out", target="target")
        session = Session(graph)
        shown = session.state.nodes[graph.named("loss").id]
        assert shown.value is not None
        assert shown.value.item() == 1.5
        assert shown.problem is not None
        assert shown.problem.kind == "warning"
        assert shown.problem.message.startswith("Using a target size (torch.Size([2, 1]))")
        assert not session.problems
        session.backward("loss")
        after = session.state.nodes[graph.named("loss").id].problem
        assert after is shown.problem
        assert not recwarn.list


class TestACardThatGivesItsInputBack:
    """``+x``, or ``float`` of a float32: PyTorch returns the tensor itself; on the canvas it is a card of its own."""

    def test_the_gradient_passes_through_it(self) -> None:
        graph = Graph()
        graph.add("tensor", name="x", value=3.0, requires_grad=True)
        graph.add("positive", name="same", input="x")
        graph.add("mul", name="loss", input="same", other=2)
        session = Session(graph)
        session.backward("loss")
        same = node(session, "same")
        assert (same.is_leaf, same.grad_fn) == (False, ("AliasBackward0",))
        assert same.gradient is not None
        assert same.gradient.item() == 2.0
        assert session.state.sent[graph.named("same").id, "input"].item() == 2.0
        assert session["x"].grad.item() == 2.0

    def test_backward_can_start_at_it(self) -> None:
        graph = Graph()
        graph.add("tensor", name="x", value=3.0, requires_grad=True)
        graph.add("float", name="same", input="x")
        session = Session(graph)
        session.backward("same")
        assert session.state.root == graph.named("same").id


def test_equal_numbers_of_another_type_are_another_edit() -> None:
    graph = Graph()
    graph.add("tensor", name="x", value=[1, 2])
    graph.add("add", name="y", input="x", other=2)
    session = Session(graph)
    assert session["y"].dtype.name == "int64"
    change(session, edits.set_literal(graph, graph.named("y").id, "other", 2.0))
    assert session["y"].dtype.name == "float32"


def test_a_step_that_moves_nothing_does_not_haunt_later_edits() -> None:
    graph = regression()
    session = Session(graph)
    session.backward("loss")
    change(session, session.step(replace(graph.training, lr=0.0)))
    change(session, edits.remove(graph, [graph.named("w").id]))
    assert not any(isinstance(beat, Stepped) for beat in session.timeline.beats)
    for step in range(len(session.timeline.beats) + 1):
        session.timeline.state_at(step)


@pytest.mark.parametrize("kind", ["max_whole", "T", "rdiv", "cast", "alias", "matmul_batched"])
def test_what_torch_does_not_offer_is_no_kind_of_node(kind: str) -> None:
    with pytest.raises(GraphError, match="there is no operation called"):
        Graph().add(kind, name="node")
