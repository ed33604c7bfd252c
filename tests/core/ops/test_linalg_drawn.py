"""Linear algebra at drawn shapes, dimensions and equations: derivatives against differences, values against NumPy."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from drawing import Application, apart, assert_adjoint
from hypothesis import given, settings
from hypothesis import strategies as st

import chainrule.core as torch
from chainrule.core.engine import tape
from chainrule.core.engine.calls import call
from chainrule.core.engine.tensor import tensor_of

few = settings(max_examples=30)  # each draw is checked in every input
seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)
sides = st.integers(1, 3)
factors = st.sampled_from([0, 1, 2, -0.5])

Shape = tuple[int, ...]


def several(rng: np.random.Generator, *shapes: Shape) -> tuple[Any, ...]:
    """Arrays of ``shapes`` whose numbers are all apart."""
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    parts = np.split(apart(rng, (int(ends[-1]),)), ends[:-1])
    return tuple(part.reshape(shape) for part, shape in zip(parts, shapes, strict=True))


def well_conditioned(rng: np.random.Generator, shape: Shape) -> Any:
    """Square matrices that are far from singular."""
    return rng.uniform(-0.5, 0.5, shape) + 2 * np.identity(shape[-1])


@few
@given(st.sampled_from(["addmm", "addmv", "baddbmm", "addr"]), sides, sides, sides, st.data(), seeds)
def test_a_product_added_to_what_broadcasts(
    name: str, rows: int, inner: int, columns: int, data: st.DataObject, rng: np.random.Generator
) -> None:
    batch = data.draw(sides)
    left, right, result = {
        "addmm": ((rows, inner), (inner, columns), (rows, columns)),
        "addmv": ((rows, inner), (inner,), (rows,)),
        "baddbmm": ((batch, rows, inner), (batch, inner, columns), (batch, rows, columns)),
        "addr": ((rows,), (columns,), (rows, columns)),
    }[name]
    added = tuple(data.draw(st.sampled_from([1, side])) for side in result[data.draw(st.integers(0, len(result))) :])
    params = {"beta": data.draw(factors), "alpha": data.draw(factors)}
    assert_adjoint(Application(name, several(rng, added, left, right), params), rng)


@few
@given(sides, sides, sides, sides, seeds)
def test_products_of_batches(batch: int, rows: int, inner: int, columns: int, rng: np.random.Generator) -> None:
    assert_adjoint(Application("bmm", several(rng, (batch, rows, inner), (batch, inner, columns))), rng)


@st.composite
def contractions(draw: st.DrawFn) -> tuple[Shape, Shape, tuple[tuple[int, ...], tuple[int, ...]]]:
    """Two shapes and the pairs of their dimensions that agree, or of which one is 1."""
    first = draw(st.lists(sides, max_size=3))
    chosen = draw(st.permutations(range(len(first))))[: draw(st.integers(0, len(first)))]
    shared = [draw(st.sampled_from([first[dim], first[dim], 1])) for dim in chosen]
    kept = draw(st.lists(sides, max_size=2))
    order = draw(st.permutations(range(len(shared) + len(kept))))
    second = [[*shared, *kept][place] for place in order]
    return tuple(first), tuple(second), (tuple(chosen), tuple(order.index(at) for at in range(len(shared))))


@few
@given(contractions(), seeds)
def test_tensordot_over_any_pairs(drawn: Any, rng: np.random.Generator) -> None:
    first, second, dims = drawn
    assert_adjoint(Application("tensordot", several(rng, first, second), {"dims": dims}), rng)


@few
@given(st.lists(sides, max_size=3), st.lists(sides, max_size=3), seeds)
def test_kron_of_any_ranks(first: list[int], second: list[int], rng: np.random.Generator) -> None:
    application = Application("kron", several(rng, tuple(first), tuple(second)))
    np.testing.assert_allclose(application.value(*application.inputs), np.kron(*application.inputs))
    assert_adjoint(application, rng)


@few
@given(st.lists(sides, max_size=2), st.lists(sides, max_size=2), sides, seeds)
def test_inner_products_of_any_ranks(first: list[int], second: list[int], side: int, rng: np.random.Generator) -> None:
    application = Application("inner", several(rng, (*first, side), (*second, side)))
    np.testing.assert_allclose(application.value(*application.inputs), np.inner(*application.inputs))
    assert_adjoint(application, rng)


@few
@given(st.lists(st.sampled_from([1, 2]), min_size=1, max_size=2), st.data(), seeds)
def test_products_along_a_dimension_broadcast(sizes: list[int], data: st.DataObject, rng: np.random.Generator) -> None:
    dim = data.draw(st.integers(-len(sizes) - 1, len(sizes)))
    place = dim % (len(sizes) + 1)
    first, second = (
        (*(data.draw(st.sampled_from([1, size])) for size in sizes[:place]), 3, *sizes[place:]) for _ in range(2)
    )
    for name in ("linalg_cross", "vecdot"):
        assert_adjoint(Application(name, several(rng, first, second), {"dim": dim}), rng)


@few
@given(st.lists(sides, min_size=3, max_size=6), st.booleans(), st.booleans(), seeds)
def test_chains_of_matrices(lengths: list[int], row: bool, column: bool, rng: np.random.Generator) -> None:
    shapes: list[Shape] = list(pairwise(lengths))
    shapes[0] = shapes[0][1:] if row else shapes[0]
    shapes[-1] = shapes[-1][:1] if column else shapes[-1]
    application = Application("multi_dot", several(rng, *shapes))
    np.testing.assert_allclose(
        application.value(*application.inputs), np.linalg.multi_dot(application.inputs), rtol=1e-12
    )
    assert_adjoint(application, rng)


ORDERS = st.sampled_from([0, 0.5, 1, 1.5, 2, 2.5, 3, -1, -2.5, math.inf, -math.inf])


@few
@given(ORDERS, st.lists(sides, max_size=3), st.booleans(), st.data(), seeds)
def test_norms_along_any_dimensions(
    ord: float, shape: list[int], keepdim: bool, data: st.DataObject, rng: np.random.Generator
) -> None:
    dims = (
        data.draw(st.lists(st.integers(-len(shape), len(shape) - 1), unique_by=lambda d: d % len(shape)))
        if shape
        else []
    )
    (values,) = several(rng, tuple(shape))
    values = np.asarray(values * rng.choice([-1.0, 1.0], values.shape))
    params = {"ord": ord, "dim": tuple(dims) or None, "keepdim": keepdim}
    assert_adjoint(Application("vector_norm", (values,), params), rng)


@few
@given(st.sampled_from(["fro", 1, -1, math.inf, -math.inf]), st.permutations(range(3)), st.booleans(), seeds)
def test_norms_of_matrices(ord: Any, order: list[int], keepdim: bool, rng: np.random.Generator) -> None:
    # Powers of two: where two rows or columns had the same sum, the largest of them would have no derivative.
    values = 2.0 ** (rng.permutation(12).reshape(2, 3, 2) - 5)
    application = Application("matrix_norm", (values,), {"ord": ord, "dim": tuple(order[:2]), "keepdim": keepdim})
    expected = np.linalg.norm(values, ord, tuple(order[:2]), keepdim)
    np.testing.assert_allclose(application.value(values), expected, rtol=1e-12)
    assert_adjoint(application, rng)


@few
@given(st.sampled_from(["inv", "det", "slogdet", "logdet"]), st.lists(sides, max_size=2), st.integers(1, 4), seeds)
def test_functions_of_square_matrices(name: str, batch: list[int], side: int, rng: np.random.Generator) -> None:
    matrices = well_conditioned(rng, (*batch, side, side))
    if name != "slogdet":
        assert_adjoint(Application(name, (matrices,)), rng)
    else:
        assert_adjoint(Application("log_abs_det", (matrices,)), rng)


@few
@given(st.sampled_from([(), (2,), (2, 1)]), st.sampled_from([(), (1,), (3,)]), sides, sides, st.booleans(), seeds)
def test_systems_with_matrices_on_the_right(
    of_a: Shape, of_b: Shape, side: int, count: int, left: bool, rng: np.random.Generator
) -> None:
    A = well_conditioned(rng, (*of_a, side, side))
    (B,) = several(
        rng, (*((1,) if of_a == (2,) and of_b == (3,) else of_b), *((side, count) if left else (count, side)))
    )
    if len(B.shape) == len(A.shape) - 1 and A.shape[:-1] == B.shape:
        return  # which PyTorch reads as vectors
    assert_adjoint(Application("solve", (A, B), {"left": left}), rng)


@few
@given(st.sampled_from([(), (2,), (2, 3)]), st.booleans(), sides, seeds)
def test_systems_with_vectors_on_the_right(batch: Shape, one: bool, side: int, rng: np.random.Generator) -> None:
    A = well_conditioned(rng, (*batch, side, side))
    (B,) = several(rng, (side,) if one else (*batch, side))
    assert_adjoint(Application("solve", (A, B)), rng)


@few
@given(st.integers(-3, 6), seeds)
def test_powers_of_matrices(n: int, rng: np.random.Generator) -> None:
    A = well_conditioned(rng, (2, 3, 3))
    application = Application("matrix_power", (A,), {"n": n})
    np.testing.assert_allclose(application.value(A), np.linalg.matrix_power(A, n), rtol=1e-10)
    if n:
        assert_adjoint(application, rng)


SIZES = {"i": 2, "j": 3, "k": 2, "l": 4}


@st.composite
def equations(draw: st.DrawFn) -> tuple[str, list[Shape]]:
    """An equation, and the shapes of its operands: labels repeated, missing, of size 1, and an ellipsis."""
    dots = draw(st.booleans())
    labels = [draw(st.text("ijkl", max_size=3)) for _ in range(draw(st.integers(1, 3)))]
    parts, shapes = [], []
    for each in labels:
        thin = {label for label in each if draw(st.integers(0, 5)) == 0}
        shape = tuple(1 if label in thin else SIZES[label] for label in each)
        parts.append(f"...{each}" if dots else each)
        shapes.append((*draw(st.sampled_from([(), (2,), (3, 1), (3, 2)])), *shape) if dots else shape)
    known = sorted(set("".join(labels)))
    result = "".join(draw(st.permutations(known))[: draw(st.integers(0, len(known)))])
    shown = "..." if dots and draw(st.integers(0, 3)) else ""
    arrow = draw(st.integers(0, 3))
    return ",".join(parts) + (f"->{shown}{result}" if arrow else ""), shapes


def by_hand(equation: str, operands: tuple[Any, ...]) -> Any:
    """The sum written out over every index, slowly."""
    left, arrow, right = equation.partition("->")
    dots = (
        np.broadcast_shapes(
            *(
                each.shape[: each.ndim - len(part.replace(".", ""))]
                for part, each in zip(left.split(","), operands, strict=True)
            )
        )
        if "..." in left
        else ()
    )
    parts = [
        part.replace("...", "ABC"[3 - (each.ndim - len(part.replace(".", ""))) :] if "..." in part else "")
        for part, each in zip(left.split(","), operands, strict=True)
    ]
    if not arrow:
        right = ("..." if "..." in left else "") + "".join(
            sorted(x for x in set(left) - set(",.") if left.count(x) == 1)
        )
    result = right.replace("...", "ABC"[3 - len(dots) :])
    sizes: dict[str, int] = {}
    for part, each in zip(parts, operands, strict=True):
        for label, size in zip(part, each.shape, strict=True):
            sizes[label] = max(size, sizes.get(label, 1))
    total = np.zeros([sizes[label] for label in result])
    for at in np.ndindex(*sizes.values()):
        index = dict(zip(sizes, at, strict=True))
        picked = [
            each[tuple(index[label] if size > 1 else 0 for label, size in zip(part, each.shape, strict=True))]
            for part, each in zip(parts, operands, strict=True)
        ]
        total[tuple(index[label] for label in result)] += np.prod(picked)
    return total


@few
@given(equations(), seeds)
def test_sums_that_an_equation_says(drawn: tuple[str, list[Shape]], rng: np.random.Generator) -> None:
    equation, shapes = drawn
    application = Application("einsum", several(rng, *shapes), {"equation": equation})
    np.testing.assert_allclose(
        application.value(*application.inputs), by_hand(equation, application.inputs), rtol=1e-12
    )
    assert_adjoint(application, rng)


def test_a_planned_sum_is_the_same_sum() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(3, 40, 40)), rng.normal(size=(3, 40, 40))
    made = call("einsum", "bij,bjk->bik", tensor_of(x), tensor_of(w))
    np.testing.assert_allclose(made.numpy(), x @ w, rtol=1e-12)


def test_a_transposed_einsum_is_a_view() -> None:
    x = torch.arange(6.0).reshape(2, 3)
    turned = torch.einsum("ij->ji", x)
    turned.mul_(2)
    assert x[1, 2].item() == 10


def test_a_matrix_of_many_rows_does_not_overflow_slogdet() -> None:
    sign, logarithm = torch.linalg.slogdet(torch.eye(200) * 100)
    assert sign.item() == 1
    assert abs(logarithm.item() - 200 * math.log(100)) < 1e-3
    assert torch.det(torch.eye(200) * 100).item() == math.inf


def test_a_single_element_settles_nothing_for_larger_matrices() -> None:
    """What a node keeps is found out at the first call of a rank; for one element nothing would be needed."""
    tape._plans.clear()
    for side in (1, 2, 3):
        A = torch.tensor(np.identity(side) * 2.0, requires_grad=True)
        torch.det(A).backward()
        np.testing.assert_allclose(A.grad.numpy(), np.identity(side) * 2.0 ** (side - 1))


@pytest.mark.parametrize("side", [2, 3, 4])
def test_a_determinant_of_0_has_all_its_derivatives_if_they_are_asked_for(side: int) -> None:
    """The adjugate is a polynomial: around a singular matrix its differences are those of invertible ones."""
    rng = np.random.default_rng(side)
    singular, direction = rng.uniform(-1, 1, (side, side)), rng.uniform(-1, 1, (side, side))
    singular[-1] = singular[:-1].sum(0)

    def cofactors(matrix: Any) -> Any:
        return np.linalg.det(matrix) * np.linalg.inv(matrix).T

    x = torch.tensor(singular, requires_grad=True)
    (slope,) = torch.autograd.grad(torch.det(x), x, create_graph=True)
    (bend,) = torch.autograd.grad((slope * torch.tensor(direction)).sum(), x)
    step = 1e-4 * direction
    ahead, behind = cofactors(singular + step), cofactors(singular - step)
    np.testing.assert_allclose(slope.detach().numpy(), (ahead + behind) / 2, atol=1e-6)
    np.testing.assert_allclose(bend.numpy(), (ahead - behind) / 2e-4, atol=1e-5)


def test_linalg_has_its_own_norm_and_only_what_is_there() -> None:
    x = torch.tensor([[1.0, -2.0], [3.0, 4.0]])
    assert (torch.norm(x, 1).item(), torch.linalg.norm(x, 1).item()) == (10, 6)
    with pytest.raises(AttributeError, match="no attribute 'outer': not every part of torch is here"):
        torch.linalg.outer  # noqa: B018
    with pytest.raises(AttributeError, match="no attribute 'linalg_norm'"):
        torch.linalg_norm  # noqa: B018
    with pytest.raises(torch.linalg.LinAlgError, match=r"linalg\.inv: The diagonal element 2 is zero"):
        torch.linalg.inv(torch.ones(2, 2))
