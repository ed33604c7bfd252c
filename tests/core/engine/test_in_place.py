"""Changing tensors in place: what is written through, what the tape notices, and what is refused rather than wrong."""

from __future__ import annotations

import weakref

import numpy as np
import pytest

import chainrule.core as torch
from chainrule.core.engine import errors


def leaf() -> torch.Tensor:
    return torch.tensor([1.0, 2.0, 3.0], requires_grad=True)


class TestViews:
    """A view shares memory and version with its base."""

    @pytest.mark.parametrize(
        "view",
        [
            lambda x: x.view(3, 1),
            lambda x: x.reshape(3, 1),
            lambda x: x[0:3],
            lambda x: x.t(),
            lambda x: x.unsqueeze(0),
            lambda x: x.detach(),
        ],
    )
    def test_what_is_written_through_a_view_is_in_its_base(self, view: object) -> None:
        base = torch.zeros(3)
        view(base).add_(5)  # type: ignore[operator]
        assert base.tolist() == [5.0, 5.0, 5.0]

    def test_a_single_element_is_a_view_too(self) -> None:
        base = torch.zeros(3)
        base[0].add_(5)
        for element in base:
            element.add_(1)
        assert base.tolist() == [6.0, 1.0, 1.0]

    def test_a_saved_value_changed_through_a_view_is_noticed(self) -> None:
        x = leaf()
        constant = torch.ones(3)
        y = (x * constant).sum()
        constant[0:1].add_(1)
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            y.backward()

    def test_a_view_of_a_leaf_that_requires_grad_is_refused_in_pytorchs_words(self) -> None:
        for view in (leaf().view(3, 1), leaf()[0:2]):
            with pytest.raises(RuntimeError, match=errors.LEAF_VIEW_IN_PLACE):
                view.mul_(3)

    def test_what_would_need_a_rewritten_history_is_refused_and_changes_nothing(self) -> None:
        y = leaf() * 2
        view = y[0:2]
        for changed in (view, y):
            with pytest.raises(RuntimeError, match="CopySlices"):
                changed.mul_(3)
        assert y.tolist() == [2.0, 4.0, 6.0]

    def test_a_tensor_whose_views_are_gone_may_change(self) -> None:
        x = leaf()
        y = x * 2
        y[0:2].sum()
        y.mul_(3)
        y.sum().backward()
        assert x.grad.tolist() == [6.0, 6.0, 6.0]

    def test_under_no_grad_a_leaf_may_change_through_its_view(self) -> None:
        w = leaf()
        with torch.no_grad():
            w[0:2].mul_(10)
        assert w.tolist() == [10.0, 20.0, 3.0]


class TestParts:
    def test_a_part_takes_numbers_and_tensors(self) -> None:
        x = torch.zeros(2, 2)
        x[0] = 1
        x[:, 1] = torch.tensor([5.0, 6.0])
        assert x.tolist() == [[1.0, 5.0], [0.0, 6.0]]

    def test_tracked_values_are_not_taken_silently(self) -> None:
        with pytest.raises(RuntimeError, match="CopySlices"):
            torch.zeros(3)[0:1] = leaf()[0:1] * 2

    def test_an_index_out_of_bounds_is_told_in_pytorchs_words(self) -> None:
        with pytest.raises(IndexError, match="index 5 is out of bounds for dimension 0 with size 3"):
            torch.zeros(3)[5] = 1.0


class TestCopying:
    def test_a_copy_of_a_leaf_is_a_result(self) -> None:
        w, a = leaf(), torch.zeros(3)
        a.copy_(w)
        a.sum().backward()
        assert not a.is_leaf
        assert w.grad.tolist() == [1.0, 1.0, 1.0]

    def test_numpy_copies_when_asked(self) -> None:
        t = torch.zeros(2)
        np.array(t)[0] = 9
        assert t.tolist() == [0.0, 0.0]
        np.asarray(t)[0] = 9
        assert t.tolist() == [9.0, 0.0]

    def test_new_data_of_another_shape_gets_a_grad_of_that_shape(self) -> None:
        w = leaf()
        w.data = torch.ones(2)
        (w * 3).sum().backward()
        assert w.grad.tolist() == [3.0, 3.0]


class TestSwitches:
    """no_grad and its kin, as contexts and as decorators."""

    def test_a_decorated_function_switches_only_inside(self) -> None:
        @torch.set_grad_enabled(False)
        def inside() -> bool:
            return torch.is_grad_enabled()

        assert torch.is_grad_enabled()
        assert not inside()

    def test_no_grad_decorates_with_and_without_brackets(self) -> None:
        @torch.no_grad
        def bare() -> bool:
            return torch.is_grad_enabled()

        @torch.no_grad()
        def called() -> bool:
            return torch.is_grad_enabled()

        assert (bare(), called(), torch.is_grad_enabled()) == (False, False, True)

    def test_set_grad_enabled_switches_at_once_and_puts_back(self) -> None:
        with torch.set_grad_enabled(False):
            assert not torch.is_grad_enabled()
        assert torch.is_grad_enabled()
        torch.set_grad_enabled(False)
        assert not torch.is_grad_enabled()
        torch.set_grad_enabled(True)


def test_freed_tensors_are_let_go() -> None:
    """The loss may be kept, as ``losses.append(loss)`` does: what its graph had saved is not."""
    x = leaf()
    middle = x.exp()
    saved = weakref.ref(middle._data)
    loss = (middle * middle).sum()
    del middle
    assert saved() is not None
    loss.backward()
    assert saved() is None
    assert loss.grad_fn is not None


def test_what_must_be_saved_is_found_for_each_pattern_once() -> None:
    from chainrule.core.engine import tape

    x = torch.arange(50.0).requires_grad_()
    x[0]
    known = len(tape._plans)
    for place in range(50):
        x[place]
    assert len(tape._plans) == known


def test_an_empty_input_does_not_mislead_those_after_it() -> None:
    torch.zeros(0, requires_grad=True).prod().backward()
    x = leaf()
    x.prod().backward()
    assert x.grad.tolist() == [6.0, 3.0, 2.0]


def test_numbers_that_do_not_fit_wrap_round() -> None:
    assert (torch.tensor([1], dtype=torch.uint8) + (-1)).tolist() == [0]
    assert torch.ones(3, dtype=torch.uint8).sum().dtype is torch.int64


def test_there_is_one_device_and_it_is_told() -> None:
    assert torch.ones(2).to("cpu").tolist() == [1.0, 1.0]
    with pytest.raises(RuntimeError, match="'cuda' is no dtype, and the only device here is 'cpu'"):
        torch.ones(2).to("cuda")
