"""What the recorded references cannot show of backward passes: traces, recordings, lifetimes, NumPy's own settings."""

from __future__ import annotations

import gc
import threading
import warnings
import weakref
from collections.abc import Callable

import numpy as np
import pytest

import chainrule.core as torch
from chainrule.core.engine.lifting import Lifted
from chainrule.core.engine.recording import Accumulated, Propagated, Recording


def leaf() -> torch.Tensor:
    return torch.tensor([1.0, 2.0], requires_grad=True)


def a_forward_call_gone_wrong(x: torch.Tensor) -> torch.Tensor:
    return (x - 1).sqrt() * 0


def told(run: Callable[[], None], error: str) -> list[str]:
    """What is warned of while ``run`` fails with ``error``."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(RuntimeError, match=error):
            run()
    return [str(each.message) for each in warned]


class TestAnomalies:
    def test_the_warning_shows_the_forward_call(self) -> None:
        with torch.autograd.set_detect_anomaly(True):
            y = a_forward_call_gone_wrong(leaf())
            text = told(y.sum().backward, "Function 'SqrtBackward0' returned nan values in its 0th output")[0]
        assert text.startswith("Error detected in SqrtBackward0. Traceback of forward call that caused the error:\n")
        lines = text.splitlines()
        assert any("in a_forward_call_gone_wrong" in line for line in lines)
        assert "return (x - 1).sqrt() * 0" in lines[-1]
        assert "core/engine/calls.py" not in text

    def test_it_shows_what_induced_a_call_of_a_pass_that_was_tracked(self) -> None:
        with torch.autograd.set_detect_anomaly(True):
            x = leaf()
            (first,) = torch.autograd.grad(((x - 1) ** 0.5).sum(), x, create_graph=True)
            texts = told((first * 0).sum().backward, "returned nan values")
        assert "Previous calculation was induced by PowBackward0" in texts[1]

    def test_nothing_is_remembered_while_the_mode_is_off(self) -> None:
        y = leaf() * 2
        assert y.grad_fn is not None
        assert y.grad_fn.trace is None
        with torch.autograd.set_detect_anomaly(True):
            z = y * 2
        assert z.grad_fn.trace is not None

    def test_as_a_decorator(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            detect = torch.autograd.detect_anomaly()
        assert detect(torch.is_anomaly_enabled)()
        assert not torch.is_anomaly_enabled()


class TestRecordings:
    def test_a_tracked_pass_is_recorded_in_arrays(self) -> None:
        x, recording = leaf(), Recording()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            (x * x).sum().backward(create_graph=True, recording=recording)
        kinds = [type(beat).__name__ for beat in recording.beats]
        assert kinds == ["Seeded", "Propagated", "Propagated", "Accumulated"]
        last = recording.beats[-1]
        assert isinstance(last, Accumulated)
        assert type(last.contribution) is np.ndarray

    def test_what_hooks_replaced_is_what_is_recorded(self) -> None:
        x, recording = leaf(), Recording()
        y = x * 3
        y.register_hook(lambda g: g * 10)
        y.sum().backward(recording=recording)
        sent = [beat for beat in recording.beats if isinstance(beat, Propagated)]
        assert sent[1].upstream.tolist() == [10.0, 10.0]
        assert recording.beats[-1].contribution.tolist() == [30.0, 30.0]

    def test_a_seed_that_changes_later_does_not_change_what_was_recorded(self) -> None:
        x, seed, recording = leaf(), torch.ones(2), Recording()
        (x + 1).backward(seed, recording=recording)
        seed.fill_(7)
        assert [beat.gradient.tolist() for beat in recording.beats[:1]] == [[1.0, 1.0]]
        assert recording.beats[-1].contribution.tolist() == [1.0, 1.0]


class TestLifetimes:
    def test_a_tracked_gradient_may_be_let_go(self) -> None:
        x = leaf()
        (first,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
        held = weakref.ref(first)
        del first
        gc.collect()
        assert held() is None

    def test_a_leaf_that_nobody_holds_can_be_had_from_the_tape(self) -> None:
        x = leaf()
        values = x.tolist()
        y = x * 2
        accumulator = y.grad_fn.next_functions[0][0]
        assert accumulator.variable is x
        del x
        again = accumulator.variable
        assert again is accumulator.variable
        assert again.is_leaf
        assert again.tolist() == values
        y.sum().backward()
        assert again.grad.tolist() == [2.0] * len(values)

    def test_a_handle_outlives_what_it_belongs_to(self) -> None:
        handle = (leaf() * 2).register_hook(print)
        gc.collect()
        handle.remove()


class TestNumPysSettings:
    """Operations are quiet whatever the user has set, and leave it set."""

    def test_they_are_neither_obeyed_nor_changed(self) -> None:
        with np.errstate(all="raise"):
            x = torch.zeros(2, requires_grad=True)
            (1 / x).sum().backward()
            (first,) = torch.autograd.grad(x.sqrt().sum(), x, create_graph=True)
            torch.autograd.grad(first.sum(), x)
            assert set(np.geterr().values()) == {"raise"}
            with pytest.raises(FloatingPointError):
                np.float64(1.0) / np.zeros(1)

    def test_each_thread_has_its_own(self) -> None:
        failed: list[BaseException] = []

        def work() -> None:
            try:
                for _ in range(200):
                    x = torch.zeros(2, requires_grad=True)
                    (1 / x).sum().backward()
            except BaseException as error:
                failed.append(error)

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert failed == []


def test_tensors_do_not_pass_for_arrays() -> None:
    """Only what wraps them inside a derivative does: NumPy's functions get the values, and of a tracked tensor none."""
    assert not hasattr(torch.Tensor, "__array_function__")
    assert hasattr(Lifted, "__array_function__")
    with pytest.raises(RuntimeError, match=r"Can't call numpy\(\) on Tensor that requires grad"):
        np.multiply(leaf(), np.ones(2))


def test_a_derivative_that_leaves_the_vocabulary_is_told_so() -> None:
    x = Lifted(leaf())
    with pytest.raises(TypeError, match="a derivative may not call fft"):
        np.fft.fft(x)
    with pytest.raises(TypeError, match=r"a derivative may not call add\.reduce"):
        np.add.reduce(x)
    with pytest.raises(TypeError, match="may not look at an array's values"):
        bool(x)
