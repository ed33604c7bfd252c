"""The timeline: every step is the sum of the beats before it, and the last step is the present."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.core.engine.recording import (
    Accumulated,
    Beat,
    Computed,
    Propagated,
    Seeded,
    Sent,
    Stepped,
    Stopped,
    Zeroed,
)
from chainrule.core.run.problems import Problem
from chainrule.core.run.timeline import Chip, NodeState, State, Timeline

ONE, TWO = np.float32(1) * np.ones(()), 2 * np.ones((), np.float32)


def start() -> State:
    leaf = NodeState({"": ONE}, requires_grad=True)
    return State({1: leaf, 2: NodeState()})


def doubled(*beats: Beat) -> Timeline:
    """A timeline in which node 2 computes 2 * node 1, then ``beats``."""
    timeline = Timeline(start())
    timeline.extend([Computed(2, {"": TWO}, True, ("MulBackward0",), ("other",)), *beats])
    return timeline


def back(number: int = 1) -> list[Beat]:
    """A whole backward through that."""
    sent = Sent("input", 1, TWO)
    return [
        Seeded(2, ONE, number),
        Propagated(2, 0, "MulBackward0", ONE, (sent,), ("other",)),
        Accumulated(1, TWO, number),
    ]


def test_before_its_beat_a_node_has_nothing() -> None:
    state = doubled().state_at(0)
    assert (state.nodes[2].value, state.step, state.total, state.beat) == (None, 0, 1, None)


def test_forward_shows_the_value_and_what_was_saved() -> None:
    node = doubled().state_at(1).nodes[2]
    assert (node.value, node.is_leaf, node.grad_fn, node.saved) == (2, False, ("MulBackward0",), (Chip("other"),))


def test_backward_goes_from_the_seed_through_the_wire_into_the_leaf() -> None:
    timeline = doubled(*back())
    seeded, sent, done = timeline.state_at(2), timeline.state_at(3), timeline.state_at(4)
    assert (seeded.root, seeded.seed, seeded.nodes[2].gradient, seeded.nodes[2].spent) == (2, 1, 1, False)
    assert (sent.sent[2, "input"], sent.nodes[1].gradient, sent.nodes[1].grad, sent.nodes[2].spent) == (
        2,
        2,
        None,
        True,
    )
    assert done.nodes[1].grad == 2
    assert [(slab.number, float(slab.contribution)) for slab in done.nodes[1].slabs] == [(1, 2.0)]


def test_gradients_accumulate_slab_by_slab_until_they_are_zeroed() -> None:
    timeline = doubled(*back(1), *back(2), Zeroed(1), *back(1), Zeroed(1, to_none=False))
    full, empty, zero = timeline.state_at(7).nodes[1], timeline.state_at(8).nodes[1], timeline.state_at(12).nodes[1]
    assert (full.grad, [slab.number for slab in full.slabs]) == (4, [1, 2])
    assert (empty.grad, empty.slabs) == (None, ())
    assert (zero.grad, zero.slabs) == (0, ())


def test_what_two_wires_bring_to_one_node_is_added() -> None:
    both = (Sent("input", 1, ONE), Sent("other", 1, TWO))
    timeline = doubled(Seeded(2, ONE, 1), Propagated(2, 0, "MulBackward0", ONE, both, ()))
    state = timeline.state_at(3)
    assert (state.nodes[1].gradient, state.sent[2, "input"], state.sent[2, "other"]) == (3, 1, 2)


def test_a_card_of_two_backward_nodes_keeps_the_inside_to_itself() -> None:
    timeline = Timeline(start())
    inside, out = Sent(None, 2, TWO), Sent("input", 1, ONE)
    timeline.extend(
        [
            Computed(2, {"": TWO}, True, ("LogSoftmaxBackward0", "NllLossBackward0"), ("result",)),
            Seeded(2, ONE, 1),
            Propagated(2, 1, "NllLossBackward0", ONE, (inside,), ()),
            Propagated(2, 0, "LogSoftmaxBackward0", TWO, (out,), ("result",)),
        ]
    )
    state = timeline.state_at(4)
    assert state.nodes[2].gradient == 1
    assert dict(state.sent) == {(2, "input"): 1}


def test_a_stop_is_shown_until_the_next_backward() -> None:
    timeline = doubled(*back(), Seeded(2, ONE, 2), Stopped(2, "spent"), Seeded(2, ONE, 2))
    timeline.stops[5] = Problem("error", "spent", "in plain words")
    stopped = timeline.state_at(6).nodes[2].problem
    assert stopped == Problem("error", "spent", "in plain words")
    assert timeline.state_at(7).nodes[2].problem is None


def test_a_step_changes_the_value_and_makes_the_gradient_stale() -> None:
    timeline = doubled(*back(), Stepped(1, ONE, TWO))
    node = timeline.state_at(5).nodes[1]
    assert (node.value, node.grad, node.stale) == (2, 2, True)
    assert timeline.state_at(4).nodes[1].value == 1, "the states before it stay as they are"


@pytest.mark.parametrize("step", [-1, 2])
def test_a_step_that_is_not_there_is_an_error(step: int) -> None:
    with pytest.raises(IndexError, match=f"there is no step {step}"):
        doubled().state_at(step)


def test_a_state_cannot_be_changed() -> None:
    nodes: Any = doubled().state_at(1).nodes
    with pytest.raises(TypeError):
        nodes[1] = NodeState()


def plainly(state: State) -> Any:
    """A state in plain values, to compare."""
    nodes = {
        i: (
            repr(node.values),
            node.grad_fn,
            node.saved,
            repr(node.gradient),
            repr(node.grad),
            len(node.slabs),
            node.stale,
        )
        for i, node in state.nodes.items()
    }
    return nodes, repr(sorted(state.sent.items())), state.root, state.step, state.total, type(state.beat)


@given(st.lists(st.integers(0, 200), max_size=8), st.integers(0, 40))
def test_in_whatever_order_the_steps_are_visited_each_looks_the_same(visits: list[int], passes: int) -> None:
    beats = [beat for number in range(passes) for beat in (*back(number), Zeroed(1))]
    wandering = doubled(*beats)
    for visit in visits:
        step = min(visit, len(wandering.beats))
        straight = doubled(*beats)
        assert plainly(wandering.state_at(step)) == plainly(straight.state_at(step))


def test_a_long_timeline_is_scrubbed_without_replaying_it_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    from chainrule.core.run import timeline as module

    timeline = doubled(*(beat for number in range(500) for beat in back(number)))
    timeline.state_at(1501)
    played = []
    original = module.play
    monkeypatch.setattr(module, "play", lambda beat, draft: (played.append(beat), original(beat, draft)))
    timeline.state_at(1000)
    assert len(played) <= 64
