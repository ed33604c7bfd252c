"""The walk: order, accumulation, what is saved and freed, and what a recording of it says."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule.core as torch
from chainrule.core.engine import errors, tape
from chainrule.core.engine.modes import labelled
from chainrule.core.engine.recording import Accumulated, Propagated, Recording, Seeded, Stopped
from chainrule.core.engine.tape import fitted


def regression() -> tuple[torch.Tensor, torch.Tensor]:
    """The notebook's loss at x = 1, y = 2, w = 1, each node labelled with its name; returns (w, loss)."""
    x, y = torch.tensor(1.0), torch.tensor(2.0)
    w = torch.tensor(1.0, requires_grad=True).labelled_leaf("w")
    with labelled("pred"):
        pred = x * w.through("other")
    with labelled("error"):
        error = y - pred.through("other")
    with labelled("loss"):
        loss = error.through("input") ** 2
    return w, loss


def saved_names(tensor: torch.Tensor) -> list[str]:
    return [saved.name for saved in tensor.grad_fn.saved]


class TestWhatIsSaved:
    """A node keeps what the derivatives of its tracked inputs read, and no more."""

    def test_a_product_keeps_the_factor_that_the_tracked_side_needs(self) -> None:
        tracked, constant = torch.ones(3, requires_grad=True), torch.ones(3)
        assert saved_names(constant * tracked) == ["input"]
        assert saved_names(tracked * constant) == ["other"]
        assert saved_names(tracked * tracked) == ["input", "other"]

    @pytest.mark.parametrize("name", ["exp", "tanh", "sigmoid", "sqrt", "relu"])
    def test_some_keep_their_result(self, name: str) -> None:
        assert saved_names(getattr(torch, name)(torch.ones(3, requires_grad=True))) == ["result"]

    @pytest.mark.parametrize("name", ["sum", "mean", "neg", "clone", "t"])
    def test_what_reads_only_a_shape_keeps_nothing(self, name: str) -> None:
        assert saved_names(getattr(torch, name)(torch.ones(3, requires_grad=True))) == []

    def test_nodes_that_saved_nothing_run_again(self) -> None:
        x = torch.ones(3, requires_grad=True)
        total = (x + 2).sum()
        total.backward()
        total.backward()
        assert x.grad.tolist() == [2.0, 2.0, 2.0]

    def test_nodes_that_saved_something_are_spent(self) -> None:
        w, loss = regression()
        loss.backward()
        with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time") as caught:
            loss.backward()
        assert str(caught.value) == errors.SPENT
        assert w.grad.item() == -2.0

    def test_retain_graph_keeps_them(self) -> None:
        w, loss = regression()
        loss.backward(retain_graph=True)
        loss.backward()
        assert w.grad.item() == -4.0


class TestTheRecording:
    """What backward did, in the order it did it."""

    def test_it_tells_the_whole_story_of_a_pass(self) -> None:
        w, loss = regression()
        recording = Recording(number=1)
        loss.backward(recording=recording)
        assert [type(beat) for beat in recording.beats] == [Seeded, Propagated, Propagated, Propagated, Accumulated]
        assert [beat.label for beat in recording.beats] == ["loss", "loss", "error", "pred", "w"]
        assert w.grad.item() == -2.0

    def test_a_contribution_says_by_which_socket_it_left_and_for_whom(self) -> None:
        _, loss = regression()
        recording = Recording()
        loss.backward(recording=recording)
        sent = {beat.label: beat.sent for beat in recording.beats if isinstance(beat, Propagated)}
        assert [(each.socket, each.to, each.contribution.item()) for each in sent["pred"]] == [("other", "w", -2.0)]
        assert [(each.socket, each.to, each.contribution.item()) for each in sent["loss"]] == [("input", "error", 2.0)]

    def test_it_says_what_was_freed(self) -> None:
        _, loss = regression()
        kept, freed = Recording(), Recording()
        loss.backward(retain_graph=True, recording=kept)
        loss.backward(recording=freed)
        assert [beat.freed for beat in kept.beats if isinstance(beat, Propagated)] == [(), (), ()]
        assert [beat.freed for beat in freed.beats if isinstance(beat, Propagated)] == [
            ("input", "exponent"),
            (),
            ("input",),
        ]

    def test_it_says_where_a_pass_stopped_and_nothing_is_accumulated(self) -> None:
        w, loss = regression()
        loss.backward()
        recording = Recording(number=2)
        with pytest.raises(RuntimeError):
            loss.backward(recording=recording)
        last = recording.beats[-1]
        assert isinstance(last, Stopped)
        assert (last.label, last.message) == ("loss", errors.SPENT)
        assert w.grad.item() == -2.0

    def test_contributions_do_not_change_when_grad_accumulates_in_place(self) -> None:
        w, loss = regression()
        recording = Recording()
        loss.backward(retain_graph=True, recording=recording)
        loss.backward()
        accumulated = recording.beats[-1]
        assert isinstance(accumulated, Accumulated)
        assert (accumulated.contribution.item(), w.grad.item()) == (-2.0, -4.0)


class TestAccumulation:
    """``.grad`` is one tensor that grows."""

    def test_it_is_in_place(self) -> None:
        x = torch.ones(2, requires_grad=True)
        (x * 3).sum().backward()
        held = x.grad
        (x * 3).sum().backward()
        assert x.grad is held
        assert held.tolist() == [6.0, 6.0]

    def test_a_leaf_that_is_not_reached_keeps_none(self) -> None:
        reached, other = torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)
        (reached * 2).backward()
        assert other.grad is None

    def test_a_value_used_twice_receives_both(self) -> None:
        x = torch.tensor(3.0, requires_grad=True)
        (x * x + x).backward()
        assert x.grad.item() == 7.0

    def test_the_dtype_is_the_leafs(self) -> None:
        x = torch.ones(2, requires_grad=True)
        (x * torch.ones(2, dtype=torch.float64)).backward(torch.ones(2))
        assert x.grad.dtype is torch.float32

    def test_a_result_keeps_its_gradient_only_when_asked(self) -> None:
        x = torch.ones(2, requires_grad=True)
        middle = x * 3
        middle.retain_grad()
        middle.sum().backward()
        assert middle.grad.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ((2, 3), (3,)),
        ((2, 3), (1, 3)),
        ((2, 3), (2, 1)),
        ((2, 3), ()),
        ((), (2, 3)),
        ((1, 3), (2, 3)),
        ((4, 2, 3), (1, 1)),
    ],
)
def test_a_contribution_is_fitted_to_its_receiver(given: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    """Sums over what was broadcast, spreads over what was folded: as NumPy's broadcasting says it must."""
    gradient = np.arange(np.prod(given), dtype=float).reshape(given)
    result = fitted(gradient, wanted, np.dtype("float32"))
    assert (result.shape, result.dtype) == (wanted, np.float32)
    share = np.prod(np.broadcast_shapes(given, wanted)) / np.prod(given)
    assert result.sum() == gradient.sum() * (share if len(given) <= len(wanted) else 1)


def test_a_chain_of_100_000_operations_runs_backward() -> None:
    x = torch.ones(1, requires_grad=True)
    y = x
    for _ in range(100_000):
        y = y + 1
    y.backward()
    assert x.grad.tolist() == [1.0]
    del y


def test_each_node_runs_once_however_many_paths_lead_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from chainrule.core.engine.tape import Node

    ran: list[Node] = []
    check = Node.check
    monkeypatch.setattr(Node, "check", lambda self: ran.append(self) or check(self))
    x = torch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(40):
        y = y + y
    y.backward()
    assert len(ran) == 40
    assert x.grad.item() == 2.0**40


def test_plans_for_what_never_recurs_do_not_grow_without_end() -> None:
    for count in range(1, 1200):
        torch.stack([torch.ones((), requires_grad=True)] * count)
    assert len(tape._plans) <= tape._MANY_PLANS
