"""Every operation says the same however it is read: on the tape, in a program, and in the fused loop.

At the samples of the rule book, in both precisions. Graphs of many operations are ``test_random_graphs``'s.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from drawing import Application, differentiable, samples
from effort import SOAK
from readings import assert_agree, by_tape, left_by, read_by_python, traced

from chainrule.core.compile.fused import Fused
from chainrule.core.compile.program import Program, Step
from chainrule.core.compile.scheduling import written_down
from chainrule.core.compile.tracing import Traced, TracingError

READ = [each for each in samples() if differentiable(each)]
# Each of these has a result in the dtype that it is asked for.
ASKED = ("double", "half", "cast", "to", "float_power")
# Each of these takes numbers together in a wider type, as PyTorch does.
ACCUMULATED = ("cumsum", "cumprod", "var", "std", "var_mean", "std_mean", "var_mean_var", "std_mean_std")
# Compiling takes a second each: one run compiles some, and other applications of the same words are read by Python.
COMPILED = READ[:: 1 if SOAK > 1 else 60]


def single(application: Application) -> Application:
    inputs = [
        each.astype(np.float32) if isinstance(each, np.ndarray) and each.dtype == np.float64 else each
        for each in application.inputs
    ]
    return Application(application.name, tuple(inputs), application.params)


DOUBLE = [(each, 1e-12) for each in READ]
SINGLE = [(single(each), 1e-5) for each in READ if each.name not in ASKED]
HALF = 2e-3  # NumPy adds up half precision in single precision, a loop of its own does not


def fused(program: Program) -> Fused | None:
    """The fused loop, if there is one."""
    try:
        return Fused(program)
    except TracingError:
        return None


@pytest.mark.parametrize(("application", "tolerance"), DOUBLE, ids=[f"double {each}" for each, _ in DOUBLE])
def test_program_and_fused_loop_say_what_the_tape_says(application: Application, tolerance: float) -> None:
    expected, program = by_tape(application), Program(traced(application))
    assert_agree(left_by(program.run, program.arrays, application), expected, tolerance)
    loop = fused(program)
    if loop is not None:
        loop._run = read_by_python(loop.source)
        read = left_by(loop.run, program.arrays, application)
        assert_agree(read, expected, HALF if program.dtype == np.float16 else tolerance)


@pytest.mark.parametrize(("application", "tolerance"), SINGLE, ids=[f"single {each}" for each, _ in SINGLE])
def test_and_in_single_precision_without_any_other(application: Application, tolerance: float) -> None:
    test_program_and_fused_loop_say_what_the_tape_says(application, tolerance)
    step = traced(application)
    calls = written_down([step.loss, *(update.value for update in step.updates)])
    wide = {call.call for call in calls if call.dtype == np.float64}
    assert wide == set() or application.name in ACCUMULATED


def test_the_fused_loop_does_most() -> None:
    some = READ[::10]
    assert sum(fused(Program(traced(each))) is not None for each in some) > 0.6 * len(some)


@pytest.mark.optional("the fused loop", needs="numba")
@pytest.mark.parametrize("application", COMPILED, ids=str)
def test_the_compiler_reads_the_fused_loop_as_python_does(application: Application) -> None:
    program = Program(traced(application))
    loop = fused(program)
    if loop is not None:
        read = left_by(loop.run, program.arrays, application)
        assert_agree(read, by_tape(application), HALF if program.dtype == np.float16 else 1e-12)


@pytest.mark.parametrize("application", READ, ids=str)
def test_the_source_of_a_program_needs_numpy_only(application: Application) -> None:
    program = Program(traced(application))
    assert "chainrule" not in program.source
    script: dict[str, Any] = {"__name__": "__main__", "print": lambda losses: None}
    exec(compile(program.source, "<script>", "exec"), script)
    np.testing.assert_allclose(script["losses"], program.run(10), rtol=1e-9)


def test_a_walk_reads_no_other_element_of_what_it_computes() -> None:
    x = Traced(np.array([[1.0], [2.0], [3.0]]), "x")
    y = np.exp(x)
    program = Program(Step({"x": x}, np.sum(y[0] + y), []))
    loop = fused(program)
    assert loop is not None
    loop._run = read_by_python(loop.source)
    np.testing.assert_allclose(loop.run(1), program.run(1), rtol=1e-15)


def test_what_is_joined_of_a_single_element_is_a_number_too() -> None:
    x = Traced(np.array([2.0]), "x")
    joined = np.concatenate([np.exp(x), x[:0]])
    program = Program(Step({"x": x}, np.sum(joined * joined), []))
    loop = fused(program)
    assert loop is not None
    loop._run = read_by_python(loop.source)
    np.testing.assert_allclose(loop.run(1), program.run(1), rtol=1e-15)
