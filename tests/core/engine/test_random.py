"""Random numbers. That they are PyTorch's own is in references/; here is what holds for every seed."""

from __future__ import annotations

import importlib
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.core.engine import dtypes, random

seeds = st.integers(-(2**63), 2**64 - 1)
floating = st.sampled_from([dtypes.float16, dtypes.float32, dtypes.float64])
calls = st.lists(
    st.tuples(st.sampled_from(["rand", "randn"]), st.integers(0, 40), floating), min_size=1, max_size=6
)  # fmt: skip


def seeded(seed: int) -> random.Generator:
    return random.Generator().manual_seed(seed)


def test_the_first_numbers_of_seed_0_are_pytorchs() -> None:
    np.testing.assert_allclose(seeded(0).randn((5,)), [1.5410, -0.2934, -2.1788, 0.5684, -1.0845], atol=5e-5)
    assert seeded(1).randint(0, 10, (8,)).tolist() == [5, 9, 4, 8, 3, 3, 1, 1]
    assert seeded(1).randperm(6).tolist() == [1, 5, 2, 0, 3, 4]


@given(seeds, calls)
def test_a_seed_gives_the_same_numbers_again(seed: int, wanted: list[tuple[str, int, dtypes.dtype]]) -> None:
    first, second = (
        [getattr(generator, name)((count,), kind).tolist() for name, count, kind in wanted]
        for generator in (seeded(seed), seeded(seed))
    )
    assert first == second


@given(seeds, st.integers(0, 15), st.integers(0, 15))
def test_few_normals_are_one_stream_however_they_are_asked_for(seed: int, first: int, second: int) -> None:
    whole = [float(seeded(seed).randn((15,), dtypes.float64)[i]) for i in range(15)]
    generator = seeded(seed)
    parts = [*generator.randn((first,), dtypes.float64), *generator.randn((second,), dtypes.float64)]
    assert parts[:15] == whole[: len(parts)]


@given(seeds, st.integers(0, 50), floating)
def test_uniforms_lie_between_0_and_1(seed: int, count: int, kind: dtypes.dtype) -> None:
    drawn = seeded(seed).rand((count,), kind)
    assert drawn.dtype == kind.numpy
    assert ((drawn >= 0) & (drawn < 1)).all()


@given(seeds, st.integers(-(2**62), 2**62), st.integers(1, 2**62), st.integers(0, 20))
def test_integers_lie_between_their_bounds(seed: int, low: int, span: int, count: int) -> None:
    drawn = seeded(seed).randint(low, low + span, (count,))
    assert drawn.dtype == np.int64
    assert ((drawn >= low) & (drawn < low + span)).all()


@given(seeds, st.integers(0, 60))
def test_a_permutation_has_every_number_once(seed: int, n: int) -> None:
    assert sorted(seeded(seed).randperm(n).tolist()) == list(range(n))


@given(seeds)
def test_a_generator_tells_its_seed_as_an_unsigned_number(seed: int) -> None:
    assert seeded(seed).initial_seed() == seed % 2**64


def test_a_seed_must_fit_64_bits() -> None:
    with pytest.raises(ValueError, match="Overflow when unpacking long long"):
        random.Generator().manual_seed(2**64)


def test_seed_chooses_a_seed_that_can_be_used_again() -> None:
    generator = random.Generator()
    chosen = generator.seed()
    assert generator.initial_seed() == chosen != random.UNSEEDED
    assert generator.rand((3,)).tolist() == seeded(chosen).rand((3,)).tolist()


def test_the_default_generator_is_seeded_by_the_module() -> None:
    random.manual_seed(11)
    assert random.initial_seed() == 11
    assert random.default_generator.rand((2,)).tolist() == seeded(11).rand((2,)).tolist()
    assert random.seed() == random.initial_seed()


def test_shapes_are_filled_in_row_major_order() -> None:
    assert seeded(3).rand((2, 3)).ravel().tolist() == seeded(3).rand((6,)).tolist()
    assert seeded(3).randn(()).shape == ()


@pytest.mark.parametrize(("low", "high", "kind", "text"), [
    (5, 5, dtypes.int64, "expects 'from' to be less than 'to', but got from=5 >= to=5"),
    (0, 300, dtypes.int8, "to - 1 is out of bounds for signed char"),
    (-1, 2, dtypes.uint8, "from is out of bounds for unsigned char"),
    (0, 3, dtypes.bool_, "to - 1 is out of bounds for bool"),
])  # fmt: skip
def test_bounds_that_cannot_be_are_refused(low: int, high: int, kind: dtypes.dtype, text: str) -> None:
    with pytest.raises(RuntimeError, match=text):
        seeded(0).randint(low, high, (2,), kind)


def test_integers_are_neither_uniform_nor_normal() -> None:
    with pytest.raises(NotImplementedError, match="\"check_uniform_bounds\" not implemented for 'Long'"):
        seeded(0).rand((2,), dtypes.int64)
    with pytest.raises(NotImplementedError, match="\"normal_kernel_cpu\" not implemented for 'Long'"):
        seeded(0).randn((2,), dtypes.int64)


@pytest.mark.optional("any calls in any order draw PyTorch's numbers", needs="torch")
@given(seeds, calls, st.integers(1, 2**62), st.integers(0, 30))
def test_any_calls_in_any_order_draw_pytorchs_numbers(
    seed: int, wanted: list[tuple[str, int, dtypes.dtype]], span: int, n: int
) -> None:
    torch = importlib.import_module("torch")
    theirs, ours = torch.Generator().manual_seed(seed), seeded(seed)
    for name, count, kind in wanted:
        expected = getattr(torch, name)(count, generator=theirs, dtype=getattr(torch, kind.name)).numpy()
        # PyTorch's logarithms and cosines differ by processor in the last bits: in half precision by one of the last.
        last = max(1e-6, float(np.finfo(expected.dtype).eps))
        np.testing.assert_allclose(getattr(ours, name)((count,), kind), expected, rtol=last, atol=last)
        bounds = -span // 2, span
        assert ours.randint(*bounds, (3,)).tolist() == torch.randint(*bounds, (3,), generator=theirs).tolist()
        assert ours.randperm(n).tolist() == torch.randperm(n, generator=theirs).tolist()


def test_a_copy_gives_the_same_numbers_and_takes_none_away() -> None:
    generator = seeded(3)
    generator.randn((3,))
    copied = generator.copy()
    assert copied.stands_where(generator)
    ahead = [copied.randn((3,)).tolist(), copied.rand((4,)).tolist()]
    assert not copied.stands_where(generator)
    assert ahead == [generator.randn((3,)).tolist(), generator.rand((4,)).tolist()]


def test_a_rehearsal_draws_what_will_be_drawn() -> None:
    random.manual_seed(5)
    with random.rehearsing() as drawn:
        before = drawn()
        rehearsed = random.current().rand((3,)).tolist()
        assert (before, drawn()) == (False, True)
    assert rehearsed == random.current().rand((3,)).tolist() == seeded(5).rand((3,)).tolist()


def test_a_branch_is_decided_by_the_seed_and_is_no_other() -> None:
    random.manual_seed(5)
    first, second = random.branched(), random.branched()
    random.manual_seed(5)
    again = random.branched()
    assert first.initial_seed() == again.initial_seed() != second.initial_seed()


def test_each_thread_draws_from_its_own_where_it_has_one() -> None:
    random.manual_seed(1)
    inside = threading.Event()
    outside = threading.Event()
    theirs: list[list[float]] = []

    def other() -> None:
        with random.drawing_from(seeded(2)):
            theirs.append(random.current().rand((2,)).tolist())
            inside.set()
            outside.wait(10)
            random.manual_seed(3)
            theirs.append(random.current().rand((2,)).tolist())

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait(10)
    ours = random.current().rand((2,)).tolist()
    outside.set()
    thread.join()
    assert theirs == [seeded(2).rand((2,)).tolist(), seeded(3).rand((2,)).tolist()]
    assert [*ours, *random.current().rand((2,)).tolist()] == seeded(1).rand((4,)).tolist()
