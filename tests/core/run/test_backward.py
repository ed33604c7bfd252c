"""Backward through a session: what arrives where, what stops it, and where it starts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from notebook_graph import regression
from session_steps import change, node

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.engine import errors
from chainrule.core.engine.recording import Accumulated, Propagated, Seeded, Stopped
from chainrule.core.run.problems import Repair, RunError
from chainrule.core.run.session import Session
from chainrule.core.run.training import Trainer


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
        assert problem.message == errors.untracked(0)
        assert Repair("Turn on requires_grad for w", "requires_grad", graph.named("w").id) in problem.repairs

    @pytest.mark.parametrize("loop", ["tape", "program"])
    def test_an_operation_without_a_derivative_that_is_tracked_all_the_same(self, loop: str) -> None:
        graph = Graph()
        graph.add("tensor", name="w", value=[5.0, -3.0], requires_grad=True)
        graph.add("floor_divide", name="halves", input="w", other=2)
        graph.add("sum", name="loss", input="halves")
        session = Session(graph)
        assert node(session, "halves").grad_fn == ("NotImplemented",)
        with pytest.raises(RuntimeError, match="derivative for aten::floor_divide is not implemented"):
            session.backward("loss")
        assert session.timeline.beats[-1].label == graph.named("halves").id
        (problem,) = session.timeline.stops.values()
        assert "Divide without rounding" in problem.meaning
        with pytest.raises(RuntimeError, match="derivative for aten::floor_divide is not implemented"):
            Trainer(graph, loss="loss", loop=loop).run(1)

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
        with pytest.raises(RunError, match="Backward could start from loss, other_end; choose one of them"):
            session.find_root()
        change(session, edits.set_training(graph, loss="loss"))
        assert session.find_root() == graph.named("loss").id

    def test_is_none_of_an_empty_graph(self) -> None:
        with pytest.raises(RunError, match="no operation yet"):
            Session(Graph()).find_root()
