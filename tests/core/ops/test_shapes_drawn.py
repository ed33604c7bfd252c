"""Shapes, joins, parts and picks at drawn shapes: their adjoints, what undoes them, and what shares memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from drawing import Application, apart, assert_adjoint
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import chainrule.core as torch
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Rule
from chainrule.core.ops.vocabulary import index, ungather, unindex

Shape = tuple[int, ...]

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)
shapes = hnp.array_shapes(min_dims=1, max_dims=3, max_side=4)
matrices = hnp.array_shapes(min_dims=2, max_dims=3, max_side=4)


def _dims(draw: st.DrawFn, shape: Shape) -> int:
    return draw(st.integers(-len(shape), len(shape) - 1))


@st.composite
def reordered(draw: st.DrawFn) -> tuple[str, Shape, dict[str, Any]]:
    """An operation that moves elements or dimensions about, and a shape for it."""
    shape = draw(matrices)
    dim, other = _dims(draw, shape), _dims(draw, shape)
    distinct = (dim, other) if (dim - other) % len(shape) else (0, 1)
    return draw(
        st.sampled_from(
            [
                ("flip", shape, {"dims": (dim,)}),
                ("roll", shape, {"shifts": draw(st.integers(-5, 5)), "dims": dim}),
                ("roll", shape, {"shifts": draw(st.integers(-5, 5))}),
                ("roll", shape, {"shifts": (1, -2), "dims": distinct}),
                ("rot90", shape, {"k": draw(st.integers(-3, 3)), "dims": distinct}),
                ("movedim", shape, {"source": dim, "destination": other}),
                ("movedim", shape, {"source": distinct, "destination": distinct[::-1]}),
                ("swapaxes", shape, {"axis0": dim, "axis1": other}),
                ("ravel", shape, {}),
                ("unflatten", shape, {"dim": dim, "sizes": (1, -1)}),
                ("repeat", shape, {"repeats": (2, *draw(st.permutations([1, 2, 3, 1])))}),
                ("tile", shape, {"dims": (draw(st.integers(1, 3)),)}),
                ("repeat_interleave", shape, {"repeats": draw(st.integers(1, 3)), "dim": dim}),
                ("repeat_interleave", shape, {"repeats": 2}),
                ("tril", shape, {"diagonal": draw(st.integers(-3, 3))}),
                ("triu", shape, {"diagonal": draw(st.integers(-3, 3))}),
                ("diagonal", shape, {"offset": draw(st.integers(-3, 3)), "dim1": distinct[0], "dim2": distinct[1]}),
                ("diag_embed", shape, {"offset": draw(st.integers(-3, 3))}),
                ("diagflat", shape, {"offset": draw(st.integers(-2, 2))}),
            ]
        )
    )


@given(reordered(), seeds)
def test_what_moves_elements(drawn: tuple[str, Shape, dict[str, Any]], rng: np.random.Generator) -> None:
    name, shape, params = drawn
    assert_adjoint(Application(name, (apart(rng, shape),), params), rng)


@given(st.data(), shapes, seeds)
def test_gather_and_its_kin(data: st.DataObject, shape: Shape, rng: np.random.Generator) -> None:
    dim = _dims(data.draw, shape)
    place = dim % len(shape)
    picked = tuple(
        data.draw(st.integers(1, 4)) if at == place else data.draw(st.integers(1, side))
        for at, side in enumerate(shape)
    )
    places = rng.integers(0, shape[place], picked)
    values = apart(rng, shape)
    assert_adjoint(Application("gather", (values, places), {"dim": dim}), rng)
    assert_adjoint(Application("scatter_add", (values, places, apart(rng, picked)), {"dim": dim}), rng)
    assert_adjoint(Application("scatter_value", (values, places), {"dim": dim, "value": 0.5}), rng)
    once = np.argsort(rng.random(shape), axis=place)  # PyTorch leaves open what several writes to one place give
    assert_adjoint(Application("scatter", (values, once, apart(rng, shape)), {"dim": dim}), rng)
    wide = tuple(side if at == place else 1 for at, side in enumerate(picked))
    assert_adjoint(Application("take_along_dim", (values, places[tuple(map(slice, wide))]), {"dim": dim}), rng)


@given(st.data(), shapes, seeds)
def test_slices_that_an_index_names(data: st.DataObject, shape: Shape, rng: np.random.Generator) -> None:
    dim = _dims(data.draw, shape)
    names = rng.integers(0, shape[dim], data.draw(st.integers(0, 4)))
    values = apart(rng, shape)
    source = list(shape)
    source[dim] = len(names)
    written = apart(rng, tuple(source))
    assert_adjoint(Application("index_select", (values, names), {"dim": dim}), rng)
    assert_adjoint(Application("index_add", (values, names, written), {"dim": dim, "alpha": 2}), rng)
    assert_adjoint(Application("index_fill", (values, names, np.array(0.7)), {"dim": dim}), rng)
    assert_adjoint(Application("take", (values, rng.integers(-values.size, values.size, (2, 3)))), rng)
    once = np.unique(names)
    source[dim] = len(once)
    assert_adjoint(Application("index_copy", (values, once, apart(rng, tuple(source))), {"dim": dim}), rng)


@given(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3), seeds)
def test_masks_broadcast(drawn: hnp.BroadcastableShapes, rng: np.random.Generator) -> None:
    first, second = drawn.input_shapes
    mask = np.asarray(rng.random(second) < 0.5)
    assert_adjoint(Application("masked_fill", (apart(rng, first), mask, np.array(0.3))), rng)
    assert_adjoint(Application("masked_select", (apart(rng, first), mask)), rng)


@given(st.data(), shapes, seeds)
def test_parts_put_together_again(data: st.DataObject, shape: Shape, rng: np.random.Generator) -> None:
    dim = _dims(data.draw, shape)
    values = apart(rng, shape)
    weights = torch.from_numpy(rng.uniform(-1, 1, shape))
    count = data.draw(st.integers(1, 5))
    for cut in (
        lambda x: x.split(count, dim),
        lambda x: x.chunk(count, dim),
        lambda x: x.tensor_split(count, dim),
        lambda x: x.split([shape[dim], 0], dim),
        lambda x: [each.unsqueeze(dim) for each in x.unbind(dim)] if dim >= 0 else x.split(1, dim),
    ):
        x = torch.tensor(values, requires_grad=True)
        whole = torch.cat(cut(x), dim)
        assert whole.tolist() == values.tolist()
        (whole * weights).sum().backward()
        assert x.grad.tolist() == weights.tolist()


@given(st.sampled_from(["hstack", "vstack", "dstack", "column_stack", "concat"]), shapes, st.integers(1, 3), seeds)
def test_stacks(name: str, shape: Shape, count: int, rng: np.random.Generator) -> None:
    inputs = tuple(apart(rng, shape) for _ in range(count))
    assert_adjoint(Application(name, inputs), rng)
    if name not in ("concat",):
        expected = getattr(np, name)(inputs)
        np.testing.assert_array_equal(Application(name, inputs).value(*inputs), expected)


@given(st.data(), shapes, seeds)
def test_an_index_and_its_adjoint(data: st.DataObject, shape: Shape, rng: np.random.Generator) -> None:
    """<g, x[at]> = <unindex(g), x>, for basic, advanced and mixed indices; NumPy's own rule says what x[at] is."""
    x = rng.uniform(-1, 1, shape)
    at = data.draw(
        st.one_of(
            hnp.basic_indices(shape, allow_newaxis=True),
            hnp.integer_array_indices(shape, result_shape=hnp.array_shapes(max_dims=2, max_side=3)),
            st.just(rng.random(shape) < 0.5),
            st.tuples(st.just(Ellipsis), st.just(rng.integers(0, shape[-1], 3))),
        )
    )
    picked = index(x, at)
    g = rng.uniform(-1, 1, picked.shape)
    np.testing.assert_allclose(np.sum(g * picked), np.sum(unindex(g, at, shape) * x), atol=1e-12)


@given(shapes, st.integers(1, 4), seeds)
def test_ungather_is_the_adjoint_of_take_along_axis(shape: Shape, count: int, rng: np.random.Generator) -> None:
    x = rng.uniform(-1, 1, shape)
    places = rng.integers(0, shape[-1], (*shape[:-1], count))
    g = rng.uniform(-1, 1, places.shape)
    there, back = np.sum(g * np.take_along_axis(x, places, -1)), np.sum(ungather(g, places, -1, shape) * x)
    np.testing.assert_allclose(there, back, atol=1e-12)


@given(matrices, st.data())
def test_reshape_shares_memory_where_it_can(shape: Shape, data: st.DataObject) -> None:
    order = tuple(data.draw(st.permutations(range(len(shape)))))
    array = np.arange(np.prod(shape)).reshape(shape).transpose(order)
    x = torch.from_numpy(array)
    y = x.reshape(-1)
    assert y.tolist() == array.reshape(-1).tolist()
    assert np.may_share_memory(y.numpy(), array) == np.may_share_memory(array.reshape(-1), array)
    assert x.contiguous().is_contiguous()
    assert list(x.stride()) == [step // array.itemsize for step in array.strides]


NOT_VIEWS = [
    (rule, at)
    for rule in registry.entries().values()
    if isinstance(rule, Rule) and not rule.view and rule.name != "unsafe_view"
    for at in range(len(rule.samples))
]


@pytest.mark.parametrize(("rule", "at"), NOT_VIEWS, ids=[f"{rule.name} {at}" for rule, at in NOT_VIEWS])
def test_what_is_no_view_has_memory_of_its_own(rule: Rule, at: int) -> None:
    """Else an in-place change of the result would change the input behind the tape's back."""
    inputs = [np.asarray(each) for each in rule.samples[at].inputs]
    params = {each.name: each.default for each in rule.params} | dict(rule.samples[at].params)
    result = rule.forward(*inputs, **params)
    assert not any(np.may_share_memory(np.asarray(result), each) for each in inputs)
