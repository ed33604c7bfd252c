"""A session: values always live, a tape that a backward spends, and every problem at its node in PyTorch's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.graph import GraphError
from chainrule.core.engine import errors
from chainrule.core.engine.recording import Accumulated, Computed, Propagated, Seeded, Stepped, Stopped
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Rule
from chainrule.core.run.problems import Repair, RunError
from chainrule.core.run.session import Session
from chainrule.core.run.timeline import NodeState


def regression() -> Graph:
    """loss = (y - x*w)**2 at x = 1, w = 1, y = 2: the gradient by w is -2."""
    graph = Graph()
    graph.add("tensor", name="x", value=1.0)
    graph.add("tensor", name="w", value=1.0, requires_grad=True)
    graph.add("tensor", name="y", value=2.0)
    graph.add("mul", name="pred", input="x", other="w")
    graph.add("sub", name="error", input="y", other="pred")
    graph.add("pow", name="loss", input="error", exponent=2)
    return graph


def node(session: Session, name: str) -> NodeState:
    return session.state.nodes[session.graph.named(name).id]


def names(session: Session, ids: Any) -> set[str]:
    return {session.graph.nodes[i].name for i in ids}


def change(session: Session, edit: edits.Edit) -> set[int]:
    """Apply an edit as an editor does."""
    edits.apply(session.graph, edit)
    return session.update(set(edit.nodes))


def set_value(session: Session, name: str, value: Any, dtype: str | None = None) -> set[int]:
    return change(session, edits.set_value(session.graph, session.graph.named(name).id, value, dtype=dtype))


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


class TestBackward:
    def test_gradients_arrive_in_the_leaves(self) -> None:
        session = Session(regression())
        recording = session.backward("loss")
        assert session["w"].grad.item() == -2
        assert node(session, "w").grad == -2
        assert node(session, "x").grad is None
        assert [type(beat) for beat in recording.beats] == [Seeded, Propagated, Propagated, Propagated, Accumulated]
        assert session.timeline.beats[-5:] == recording.beats
        state = session.state
        assert state.root == session.graph.named("loss").id
        assert state.sent[session.graph.named("pred").id, "other"] == -2
        assert (state.step, state.total) == (8, 8)

    def test_a_tensor_used_twice_gets_both_contributions(self) -> None:
        graph = Graph()
        graph.add("tensor", name="x", value=[1.0, 2.0], requires_grad=True)
        graph.add("mul", name="y", input="x", other="x")
        graph.add("sum", name="loss", input="y")
        session = Session(graph)
        session.backward()
        y = graph.named("y").id
        assert session.state.sent[y, "input"].tolist() == [1, 2]
        assert session.state.sent[y, "other"].tolist() == [1, 2]
        assert node(session, "x").grad.tolist() == [2, 4]  # type: ignore[union-attr]

    def test_it_accumulates_over_fresh_tapes_as_the_notebook_does(self) -> None:
        session = Session(regression())
        totals = []
        for _ in range(3):
            session.forward()
            session.backward()
            totals.append(session["w"].grad.item())
        assert totals == [-2, -4, -6]
        assert [slab.number for slab in node(session, "w").slabs] == [1, 2, 3]
        assert session.passes == 3

    def test_zero_grad_empties_the_gradients_and_counts_from_one_again(self) -> None:
        session = Session(regression())
        session.backward()
        session.zero_grad()
        assert session["w"].grad is None
        assert (node(session, "w").grad, node(session, "w").slabs, session.passes) == (None, (), 0)
        session.forward()
        session.backward()
        session.zero_grad(to_none=False)
        assert session["w"].grad.item() == 0
        assert node(session, "w").grad == 0

    def test_the_seed_may_be_a_number_lists_or_an_array(self) -> None:
        graph = Graph()
        graph.add("tensor", name="x", value=[1.0, 2.0], requires_grad=True)
        graph.add("mul", name="y", input="x", other=3)
        for seed in ([1, 0.5], np.array([1, 0.5]), (1.0, 0.5)):
            session = Session(graph)
            session.backward("y", seed)
            assert session["x"].grad.tolist() == [3, 1.5]
            assert session["x"].grad.dtype is session["x"].dtype


class TestACardOfSeveralBackwardNodes:
    """linear is AddmmBackward0 over TBackward0, cross_entropy NllLossBackward0 over LogSoftmaxBackward0."""

    def session(self) -> Session:
        graph = Graph()
        graph.add("tensor", name="x", value=[[1.0, 2.0], [3.0, 4.0]])
        graph.add("tensor", name="W", value=[[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]], requires_grad=True)
        graph.add("tensor", name="b", value=[0.0, 1.0, 0.0], requires_grad=True)
        graph.add("tensor", name="target", value=[0, 2])
        graph.add("linear", name="z", input="x", weight="W", bias="b")
        graph.add("cross_entropy", name="loss", input="z", target="target")
        return Session(graph)

    def test_shows_them_all_and_what_they_saved_by_its_own_sockets(self) -> None:
        session = self.session()
        assert node(session, "loss").grad_fn == ("LogSoftmaxBackward0", "NllLossBackward0")
        assert [chip.name for chip in node(session, "z").saved] == ["input"]
        session.backward("loss")
        assert node(session, "z").spent
        assert node(session, "loss").spent

    def test_sends_through_its_own_sockets_and_shows_what_came_to_its_output(self) -> None:
        session = self.session()
        session.backward("loss")
        z, loss = session.graph.named("z").id, session.graph.named("loss").id
        assert set(session.state.sent) == {(loss, "input"), (z, "weight"), (z, "bias")}
        gradient = node(session, "z").gradient
        assert gradient is not None
        assert np.array_equal(gradient, session.state.sent[loss, "input"])
        assert np.array_equal(gradient.sum(0), session["b"].grad.tolist())


class TestWhatStopsABackward:
    def problem(self, session: Session, name: str, *args: Any, **kwargs: Any) -> Any:
        """The problem shown at ``name`` after a backward that fails; nothing else may have one."""
        with pytest.raises(RuntimeError) as caught:
            session.backward(*args, **kwargs)
        assert isinstance(session.timeline.beats[-1], Stopped)
        shown = {
            session.graph.nodes[i].name: state.problem for i, state in session.state.nodes.items() if state.problem
        }
        assert list(shown) == [name]
        assert shown[name].message == str(caught.value)
        return shown[name]

    def test_a_spent_tape_at_the_first_spent_node_with_two_repairs(self) -> None:
        session = Session(regression())
        loss = session.graph.named("loss").id
        assert session.would_stop(loss) is None
        session.backward("loss")
        assert session.would_stop(loss) == loss
        problem = self.problem(session, "loss", "loss")
        assert problem.message == errors.SPENT
        assert [repair.command for repair in problem.repairs] == ["forward", "retain_graph"]
        assert "used up" in problem.meaning
        assert session["w"].grad.item() == -2
        session.forward()
        session.backward("loss", retain_graph=True)
        session.backward("loss")
        assert session["w"].grad.item() == -6

    def test_a_tape_is_spent_only_where_something_was_saved(self) -> None:
        graph = Graph()
        graph.add("tensor", name="x", value=[1.0, 2.0], requires_grad=True)
        graph.add("mul", name="y", input="x", other=3)
        graph.add("sum", name="loss", input="y")
        session = Session(graph)
        session.backward("loss")
        assert session.would_stop(graph.named("loss").id) == graph.named("y").id
        self.problem(session, "y", "loss")

    def test_nothing_tracked_offers_to_turn_requires_grad_on(self) -> None:
        graph = regression()
        edits.apply(graph, edits.set_requires_grad(graph, graph.named("w").id, False))
        session = Session(graph)
        problem = self.problem(session, "loss", "loss")
        assert problem.message == errors.UNTRACKED
        assert Repair("Turn on requires_grad for w", "requires_grad", graph.named("w").id) in problem.repairs

    def test_a_vector_needs_a_seed_of_its_shape(self) -> None:
        graph = Graph()
        graph.add("tensor", name="x", value=[1.0, 2.0, 3.0], requires_grad=True)
        graph.add("mul", name="y", input="x", other=3)
        session = Session(graph)
        assert self.problem(session, "y", "y").message == errors.NON_SCALAR
        assert self.problem(session, "y", "y", [1, 2]).message == errors.seed_mismatch((2,), (3,))
        assert session.passes == 0
        session.backward("y", [1, 1, 1])
        assert node(session, "y").problem is None

    def test_a_root_without_a_value_or_a_name(self) -> None:
        graph = regression()
        graph.add("relu", name="r")
        session = Session(graph)
        with pytest.raises(RunError, match="r has no value: input of r is not connected"):
            session.backward("r")
        with pytest.raises(RunError, match="there is no node called 'q'"):
            session.backward("q")


class TestTheRoot:
    def test_is_the_preferred_one_then_the_last_then_the_only_tracked_end(self) -> None:
        session = Session(regression())
        ids = {node.name: node.id for node in session.graph.nodes.values()}
        assert session.find_root() == ids["loss"]
        assert session.find_root(ids["pred"]) == ids["pred"]
        session.backward("error")
        assert session.find_root() == ids["error"]

    def test_is_the_loss_that_the_document_names(self) -> None:
        graph = regression()
        graph.add("relu", name="other_end", input="pred")
        session = Session(graph)
        with pytest.raises(RunError, match="backward could start from loss, other_end; choose one of them"):
            session.find_root()
        change(session, edits.set_training(graph, loss="loss"))
        assert session.find_root() == graph.named("loss").id

    def test_is_none_of_an_empty_graph(self) -> None:
        with pytest.raises(RunError, match="no computed node"):
            Session(Graph()).find_root()


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
