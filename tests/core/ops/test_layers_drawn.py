"""Layers at drawn sizes and settings: values against their definitions written as loops, derivatives against
differences.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from drawing import Application, Array, apart, assert_adjoint
from hypothesis import given
from hypothesis import strategies as st

import chainrule.core as torch
from chainrule.core.engine.calls import call
from chainrule.core.engine.random import manual_seed
from chainrule.core.engine.tensor import tensor_of
from chainrule.core.ops import chance
from chainrule.core.ops.vocabulary import WORDS

F = torch.nn.functional

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def sizes(count: int, low: int, high: int) -> Any:
    return st.tuples(*[st.integers(low, high)] * count)


@st.composite
def convolutions(draw: st.DrawFn) -> tuple[int, dict[str, Any], list[tuple[int, ...]]]:
    """Over how many dimensions, the settings, and the shapes of input, weight and bias."""
    count = draw(st.integers(1, 2))
    groups, batch = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    inner, outer = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    kernel, dilation = draw(sizes(count, 1, 3)), draw(sizes(count, 1, 2))
    padding, stride = draw(sizes(count, 0, 2)), draw(sizes(count, 1, 3))
    more = draw(sizes(count, 0, 2))
    size = tuple(
        max(d * (k - 1) + 1 - 2 * p, 1) + m for k, d, p, m in zip(kernel, dilation, padding, more, strict=True)
    )
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    return count, settings, [(batch, groups * inner, *size), (groups * outer, inner, *kernel), (groups * outer,)]


def convolved(x: Array, w: Array, b: Array, settings: dict[str, Any]) -> Array:
    """The definition: at each place, for each filter, the sum over what it sees."""
    stride, padding, dilation, groups = settings.values()
    x = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in padding)])
    inner, outer, kernel = w.shape[1], w.shape[0] // groups, w.shape[2:]
    places = [(side - d * (k - 1) - 1) // s + 1 for side, d, k, s in zip(
        x.shape[2:], dilation, kernel, stride, strict=True)]  # fmt: skip
    y = np.zeros((x.shape[0], w.shape[0], *places))
    for n, o, *at in np.ndindex(*y.shape):
        for i, *offset in np.ndindex(inner, *kernel):
            where = [s * a + d * k for s, a, d, k in zip(stride, at, dilation, offset, strict=True)]
            y[n, o, *at] += x[n, o // outer * inner + i, *where] * w[o, i, *offset]
    return y + b.reshape(-1, *[1] * len(kernel))


@given(convolutions(), seeds)
def test_a_convolution_is_its_definition(drawn: Any, rng: np.random.Generator) -> None:
    count, settings, shapes = drawn
    inputs = [apart(rng, shape, -2.4) for shape in shapes]
    y = call(f"conv{count}d", *map(tensor_of, inputs), **settings)
    np.testing.assert_allclose(y.numpy(), convolved(*inputs, settings), rtol=1e-12, atol=1e-12)


@given(convolutions(), seeds)
def test_the_gradients_of_a_convolution(drawn: Any, rng: np.random.Generator) -> None:
    count, settings, shapes = drawn
    inputs = tuple(apart(rng, shape, -2.4) for shape in shapes)
    assert_adjoint(Application(f"conv{count}d", inputs, settings), rng)


@given(convolutions(), st.booleans(), seeds)
def test_a_transposed_convolution_is_the_adjoint(drawn: Any, more: bool, rng: np.random.Generator) -> None:
    """<conv(x), v> = <x, conv_transpose(v)>, with as much output padding as makes the sizes meet."""
    count, settings, (size, filters, _) = drawn
    x, w = tensor_of(apart(rng, size, -2.4)), tensor_of(apart(rng, filters, -2.4))
    y = call(f"conv{count}d", x, w, **settings)
    v = tensor_of(apart(rng, tuple(y.shape), -2.4))
    left = [(side + 2 * p - d * (k - 1) - 1) % s for side, p, d, k, s in zip(
        size[2:], settings["padding"], settings["dilation"], filters[2:], settings["stride"], strict=True)]  # fmt: skip
    back = call(f"conv_transpose{count}d", v, w, **settings, output_padding=tuple(left))
    assert back.shape == x.shape
    np.testing.assert_allclose((y * v).sum().item(), (x * back).sum().item(), rtol=1e-10, atol=1e-10)
    if more:
        inputs = (v.numpy(), w.numpy())
        application = Application(f"conv_transpose{count}d", inputs, {**settings, "output_padding": tuple(left)})
        assert_adjoint(application, rng)


@st.composite
def pools(draw: st.DrawFn) -> tuple[tuple[int, ...], dict[str, Any]]:
    """The shape of an image, and the settings of a pool over it."""
    kernel, dilation = draw(sizes(2, 1, 3)), draw(sizes(2, 1, 2))
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    size = tuple(d * (k - 1) + 1 + m for k, d, m in zip(kernel, dilation, draw(sizes(2, 0, 3)), strict=True))
    settings = {"kernel_size": kernel, "stride": draw(sizes(2, 1, 3)), "padding": padding}
    return (draw(st.integers(1, 2)), *size), {**settings, "dilation": dilation, "ceil_mode": draw(st.booleans())}


def pooled(x: Array, settings: dict[str, Any], places: tuple[int, ...], fold: Any) -> Array:
    """The definition: ``fold`` of the elements that the window finds at each of ``places``, image by image."""

    def seen(at: int, dim: int) -> list[int]:
        kernel, stride, padding = (settings[name][dim] for name in ("kernel_size", "stride", "padding"))
        apart = settings.get("dilation", (1, 1))[dim]
        found = [at * stride - padding + apart * element for element in range(kernel)]
        return [each for each in found if 0 <= each < x.shape[1 + dim]]

    rows, columns = ([seen(at, dim) for at in range(count)] for dim, count in enumerate(places))
    return np.array([[[fold(image[np.ix_(a, b)]) for b in columns] for a in rows] for image in x])


@given(pools(), seeds)
def test_a_pool_is_its_definition(drawn: Any, rng: np.random.Generator) -> None:
    shape, settings = drawn
    x = apart(rng, shape, -2.4)
    y, indices = F.max_pool2d(tensor_of(x), **settings, return_indices=True)
    np.testing.assert_array_equal(y.numpy(), pooled(x, settings, y.shape[1:], np.max))
    found = np.take_along_axis(x.reshape(len(x), -1), indices.numpy().reshape(len(x), -1), 1)
    np.testing.assert_array_equal(found.reshape(y.shape), y.numpy())
    del settings["dilation"]
    y = F.avg_pool2d(tensor_of(x), **settings, count_include_pad=False)
    np.testing.assert_allclose(y.numpy(), pooled(x, settings, y.shape[1:], np.mean), rtol=1e-12, atol=1e-14)


@given(pools(), st.booleans(), seeds)
def test_the_gradients_of_pools(drawn: Any, count_include_pad: bool, rng: np.random.Generator) -> None:
    shape, settings = drawn
    x = apart(rng, shape, -2.4)
    assert_adjoint(Application("max_pool2d", (x,), settings), rng)
    del settings["dilation"]
    assert_adjoint(Application("avg_pool2d", (x,), {**settings, "count_include_pad": count_include_pad}), rng)


@given(sizes(3, 1, 5), sizes(2, 1, 6), seeds)
def test_adaptive_means(shape: Any, output_size: Any, rng: np.random.Generator) -> None:
    x = apart(rng, shape, -2.4)
    y = F.adaptive_avg_pool2d(tensor_of(x), output_size).numpy()
    for n, i, j in np.ndindex(*y.shape):
        parts = [
            slice(at * side // out, -(-(at + 1) * side // out))
            for at, side, out in zip((i, j), shape[1:], output_size, strict=True)
        ]
        np.testing.assert_allclose(y[n, i, j], x[n, parts[0], parts[1]].mean(), rtol=1e-12, atol=1e-14)
    assert_adjoint(Application("adaptive_avg_pool2d", (x,), {"output_size": output_size}), rng)


@given(st.lists(st.integers(1, 4), min_size=2, max_size=4), st.integers(0, 1), seeds)
def test_normalisations(shape: list[int], bias: int, rng: np.random.Generator) -> None:
    x = apart(rng, (*shape, 3), -2.4)
    own, channels = (apart(rng, (x.shape[1],)), apart(rng, (x.shape[1],))), x.shape[1]
    last = (shape[-1], 3)
    apply = [
        ("layer_norm", (x, apart(rng, last), apart(rng, last))[: 2 + bias], {"normalized_shape": last, "eps": 0.1}),
        ("rms_norm", (x, apart(rng, last)), {"normalized_shape": last, "eps": 0.1}),
        ("batch_norm", (x, None, None, *own)[: 4 + bias], {"training": True, "eps": 0.1}),
        ("group_norm", (x, *own)[: 2 + bias], {"num_groups": channels, "eps": 0.1}),
        ("group_norm", (x, *own)[: 2 + bias], {"num_groups": 1, "eps": 0.1}),
    ]
    for name, inputs, params in apply:
        assert_adjoint(Application(name, inputs, params), rng)


def test_batch_norm_by_running_statistics() -> None:
    rng = np.random.default_rng(0)
    x, w, b = (tensor_of(apart(rng, shape)).requires_grad_() for shape in ((4, 3, 2), (3,), (3,)))
    mean, var = tensor_of(apart(rng, (3,))), tensor_of(apart(rng, (3,)))
    assert torch.autograd.gradcheck(lambda x, w, b: F.batch_norm(x, mean, var, w, b), (x, w, b))


@given(st.sampled_from(["reflect", "replicate", "circular"]), sizes(2, 2, 4), sizes(4, -1, 1), seeds)
def test_continued_edges(mode: str, size: Any, pad: Any, rng: np.random.Generator) -> None:
    x = apart(rng, (2, *size), -2.4)
    left = [side + sum(pair) for side, pair in zip(size, (pad[2:], pad[:2]), strict=True)]
    if mode != "circular" and max(left) < 1:
        with pytest.raises(RuntimeError, match="too small"):
            F.pad(tensor_of(x), pad, mode=mode)
        return
    y = F.pad(tensor_of(x), pad, mode=mode).numpy()
    widths = [(0, 0), *(tuple(max(each, 0) for each in pair) for pair in (pad[2:], pad[:2]))]
    if min(pad) >= 0:
        words = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
        np.testing.assert_array_equal(y, np.pad(x, widths, words[mode]))  # type: ignore[call-overload]
    if 0 not in y.shape:
        assert_adjoint(Application("pad", (x,), {"pad": pad, "mode": mode}), rng)


@given(sizes(2, 1, 4), sizes(4, -1, 2), seeds)
def test_constant_edges(size: Any, pad: Any, rng: np.random.Generator) -> None:
    if all(side + min(a, 0) + min(b, 0) >= 0 for side, a, b in zip(size, pad[2::-2], pad[3::-2], strict=True)):
        assert_adjoint(Application("pad", (apart(rng, size),), {"pad": pad, "value": 0.5}), rng)


@given(sizes(2, 1, 4), st.lists(st.integers(0, 3), min_size=0, max_size=5), seeds)
def test_embeddings(table: Any, rows: list[int], rng: np.random.Generator) -> None:
    wanted = np.array(rows, dtype=np.int64) % table[0]
    assert_adjoint(Application("embedding", (wanted, apart(rng, table))), rng)


@given(st.floats(0.05, 0.95), seeds)
def test_dropout_is_a_mask_that_its_gradient_shares(p: float, rng: np.random.Generator) -> None:
    x = tensor_of(apart(rng, (3, 4))).requires_grad_()
    y = F.dropout(x, p)
    kept = y.detach().numpy() != 0
    np.testing.assert_allclose(y.detach().numpy(), np.where(kept, x.detach().numpy() / (1 - p), 0))
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), np.where(kept, 1 / (1 - p), 0))


def test_dropout_draws_anew_each_time_and_drops_its_share() -> None:
    manual_seed(0)
    x = torch.ones(100, 100)
    first, second = F.dropout(x, 0.25).numpy(), F.dropout(x, 0.25).numpy()
    assert 0.24 < np.mean(first == 0) < 0.26
    assert 0.36 < np.mean(first != second) < 0.39
    manual_seed(0)
    np.testing.assert_array_equal(F.dropout(x, 0.25).numpy(), first)


def test_a_program_knows_that_the_mask_is_new_each_time() -> None:
    assert [word.function.__name__ for word in WORDS.values() if word.impure] == ["mask"]
    assert WORDS[chance.mask].impure


@pytest.mark.parametrize(("kernel", "padding"), list(product((2, 3, 4, 5), (0, 1))))
def test_same_padding_keeps_the_size(kernel: int, padding: int) -> None:
    x, w = torch.ones(1, 1, 6, 7), torch.ones(1, 1, kernel, kernel + padding)
    assert F.conv2d(x, w, padding="same").shape == x.shape
