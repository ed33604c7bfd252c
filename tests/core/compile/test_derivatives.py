"""The formulas of the rule book: they say what the rules compute, and read as one would write them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from chainrule.core.compile.formula import Derivative, derivative
from chainrule.core.compile.tracing import TracingError
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Rule, Sample

Array = NDArray[Any]

RULES = [each for each in registry.entries().values() if isinstance(each, Rule) and any(each.vjps)]


def places(rule: Rule) -> Iterator[tuple[int, Sample]]:
    """Every input that has a derivative, with every sample."""
    for place, sample in itertools.product(range(len(rule.inputs)), rule.samples):
        if rule.vjps[place] is not None:
            yield place, sample


def arrays(sample: Sample) -> list[Array]:
    found = [np.asarray(each) for each in sample.inputs]
    return [each.astype(float) if each.ndim == 0 and each.dtype.kind == "i" else each for each in found]


def upstream(rule: Rule, sample: Sample) -> Array:
    """A gradient no two elements of which are alike."""
    settings = {param.name: param.default for param in rule.params} | dict(sample.params)
    shape = np.shape(rule.forward(*arrays(sample), **settings))
    return np.linspace(0.5, 1.75, int(np.prod(shape))).reshape(shape)


def sent(rule: Rule, place: int, sample: Sample, g: Array) -> Array:
    """What the rule sends back, computed by the rule, summed to the shape of the input."""
    settings = {param.name: param.default for param in rule.params} | dict(sample.params)
    inputs = arrays(sample)
    y = np.asarray(rule.forward(*inputs, **settings))
    at = {"at": place} if rule.variadic else {}
    vjp = rule.vjps[0 if rule.variadic else place]
    assert vjp is not None
    result = np.asarray(vjp(g, y, *inputs, **at, **settings))
    shape = inputs[place].shape
    if np.broadcast_shapes(result.shape, shape) == shape:
        return np.broadcast_to(result, shape)
    lead = result.ndim - len(shape)
    axes = tuple(i for i, side in enumerate(result.shape) if i < lead or (shape[i - lead] == 1 and side != 1))
    return np.sum(result, axis=axes).reshape(shape)


def by(name: str, socket: str, inputs: tuple[Any, ...] | None = None, **settings: Any) -> Derivative:
    """The derivative of a rule by one of its inputs, at the rule's first sample or at ``inputs``."""
    rule = registry.get(name)
    assert isinstance(rule, Rule)
    place = [each.name for each in rule.inputs].index(socket)
    sample = rule.samples[0] if inputs is None else Sample(inputs, settings.pop("params", {}))
    return derivative(rule, place, arrays(sample), sample.params, **settings)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_formula_evaluates_to_what_the_rule_computes(rule: Rule) -> None:
    for (place, sample), contribution in itertools.product(places(rule), (False, True)):
        g = upstream(rule, sample)
        expected = sent(rule, place, sample, g)
        found = derivative(
            rule, place, arrays(sample), sample.params, upstream=g, contribution=contribution, of_scalars=True
        )
        got = found.value * g if found.local else found.value
        np.testing.assert_allclose(np.broadcast_to(got, expected.shape), expected, rtol=1e-12, atol=1e-14)
        assert not (contribution and found.local)


# LaTeX

COMMANDS = re.compile(
    r"\\(,|\\|_|left|right|frac|tfrac|sqrt|mathrm|operatorname|text|top|quad|sum|prod|begin|end|cdot|times|exp|ln|log|sin|"
    r"cos|tan|sinh|cosh|tanh|arcsin|arccos|arctan|max|min|det|sigma|pi|infty|ldots|leq|geq|neq|approx|land|lor|lnot|"
    r"oplus|bmod|lfloor|rfloor|lceil|rceil)"
)


def well_formed(latex: str) -> None:
    depth = 0
    for before, character in itertools.pairwise(" " + latex):
        depth += ((character == "{") - (character == "}")) * (before != "\\")
        assert depth >= 0, latex
    assert depth == 0, latex
    assert len(re.findall(r"\\left\b", latex)) == len(re.findall(r"\\right\b", latex)), latex
    assert latex.count(r"\begin{cases}") == latex.count(r"\end{cases}"), latex
    assert all(map(COMMANDS.fullmatch, re.findall(r"\\(?:[A-Za-z]+|.)", latex))), latex
    bare = re.sub(r"\\(?:mathrm|operatorname|text|begin|end)\{[^{}]*\}", "", latex)
    assert not re.search(r"(?<![\\A-Za-z])[A-Za-z]{2,}", bare), "a word in italics reads as a product"
    assert not re.search(r"\^(\{[^{}]*\}|.)\s*\^", latex), "two exponents"
    assert latex.isascii(), latex


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_latex_is_well_formed(rule: Rule) -> None:
    settings: list[dict[str, bool]] = [{}, {"contribution": True}, {"filled": True}]
    for (place, sample), setting in itertools.product(places(rule), settings):
        well_formed(derivative(rule, place, arrays(sample), sample.params, **setting).latex_line)


# What one would put on a slide

LOCAL = [
    ("add", "input", "1", "1"),
    ("sub", "other", "-1", "-1"),
    ("mul", "input", "other", r"\mathrm{other}"),
    ("div", "input", "1 / other", r"\frac{1}{\mathrm{other}}"),
    ("div", "other", "-input / other²", r"-\frac{\mathrm{input}}{\mathrm{other}^{2}}"),
    ("reciprocal", "input", "-y²", "-y^{2}"),
    ("exp", "input", "y", "y"),
    ("exp2", "input", "log(2) * y", r"\ln\left(2\right) \, y"),
    ("log", "input", "1 / input", r"\frac{1}{\mathrm{input}}"),
    ("sqrt", "input", "1 / (2 * y)", r"\frac{1}{2 \, y}"),
    ("rsqrt", "input", "-0.5 * y³", r"-\tfrac{1}{2} \, y^{3}"),
    ("sin", "input", "cos(input)", r"\cos\left(\mathrm{input}\right)"),
    ("cos", "input", "-sin(input)", r"-\sin\left(\mathrm{input}\right)"),
    ("tanh", "input", "1 - y²", "1 - y^{2}"),
    ("sigmoid", "input", "(1 - y) * y", r"\left(1 - y\right) \, y"),
    ("abs", "input", "sign(input)", r"\operatorname{sign}\left(\mathrm{input}\right)"),
    ("relu", "input", "[y > 0]", r"\left[y > 0\right]"),
    (
        "leaky_relu", "input", "(1 where input > 0, else 0.01)",
        r"\begin{cases} 1 & \text{where } \mathrm{input} > 0 \\ 0.01 & \text{else} \end{cases}",
    ),
    (
        "elu", "input", "(exp(input) where input ≤ 0, else 1)",
        r"\begin{cases} \exp\left(\mathrm{input}\right) & \text{where } \mathrm{input} \leq 0 \\ 1 & \text{else}"
        r" \end{cases}",
    ),
    (
        "gelu", "input", "0.5 * (1 + erf(input / √2)) + input * exp(-0.5 * input²) / √(2π)",
        r"\tfrac{1}{2} \, \left(1 + \operatorname{erf}\left(\frac{\mathrm{input}}{\sqrt{2}}\right)\right) + "
        r"\frac{\mathrm{input} \, \exp\left(-\tfrac{1}{2} \, \mathrm{input}^{2}\right)}{\sqrt{2\pi}}",
    ),
    ("silu", "input", "σ(input) * (1 + input * (1 - σ(input)))",
     r"\sigma\left(\mathrm{input}\right) \, \left(1 + \mathrm{input} \, "
     r"\left(1 - \sigma\left(\mathrm{input}\right)\right)\right)"),
    (
        "clamp", "input", "[input ≥ -1 and input ≤ 1]",
        r"\left[\mathrm{input} \geq -1 \land \mathrm{input} \leq 1\right]",
    ),
    (
        "maximum", "input", "(0 where input < other, 0.5 where input = other, else 1)",
        r"\begin{cases} 0 & \text{where } \mathrm{input} < \mathrm{other} \\ \tfrac{1}{2} & \text{where } "
        r"\mathrm{input} = \mathrm{other} \\ 1 & \text{else} \end{cases}",
    ),
    ("where", "other", "[not condition]", r"\left[\lnot \mathrm{condition}\right]"),
    ("lerp", "weight", "end - input", r"\mathrm{end} - \mathrm{input}"),
    ("erf", "input", "2/√π * exp(-input²)", r"\tfrac{2}{\sqrt{\pi}} \, \exp\left(-\mathrm{input}^{2}\right)"),
    (
        "hypot", "other", "other / y", r"\frac{\mathrm{other}}{y}",
    ),
    (
        "atan2", "other", "-input / a where a ≠ 0, else 0; a = input² + other²",
        r"-\frac{\mathrm{input}}{a} \quad \text{where } a \neq 0 \text{, else } 0; \quad "
        r"a = \mathrm{input}^{2} + \mathrm{other}^{2}",
    ),
    (
        "xlogy", "input", "log(other) where input ≠ 0 or other > 0, else 0",
        r"\ln\left(\mathrm{other}\right) \quad \text{where } \mathrm{input} \neq 0 \lor \mathrm{other} > 0 "
        r"\text{, else } 0",
    ),
]  # fmt: skip

OTHERS = (
    "cumprod(cat(1, input[0:-1])) * flip(cumprod(cat(1, flip(input[1:]))))",
    r"\operatorname{cumprod}\left(\operatorname{cat}\left(1, \mathrm{input}[\text{0:-1}]\right)\right) \, "
    r"\operatorname{flip}\left(\operatorname{cumprod}\left(\operatorname{cat}\left(1, "
    r"\operatorname{flip}\left(\mathrm{input}[\text{1:}]\right)\right)\right)\right)",
)
CONTRIBUTIONS = [
    (
        "prod", "input", f"g * y / input where not any([input = 0]), else {OTHERS[0]}",
        r"g \, \frac{y}{\mathrm{input}} \quad \text{where } \lnot \operatorname{any}\left(\left[\mathrm{input} = 0"
        rf"\right]\right) \text{{, else }} {OTHERS[1]}",
    ),
    ("log_abs_det", "A", "g * A⁻ᵀ", r"g \, A^{-\top}"),
    ("sum", "input", "g", "g"),
    ("mean", "input", "g / 6", r"\frac{g}{6}"),
    ("mm", "input", "g @ mat2ᵀ", r"g \, \mathrm{mat2}^{\top}"),
    ("mm", "mat2", "inputᵀ @ g", r"\mathrm{input}^{\top} \, g"),
    ("addmm", "input", "Σ(g)", r"\sum\left(g\right)"),
    ("baddbmm", "batch1", "0.5 * (g @ batch2ᵀ)", r"\tfrac{1}{2} \, \left(g \, \mathrm{batch2}^{\top}\right)"),
    ("multi_dot", "tensors", "g @ tensors[1]ᵀ", r"g \, \mathrm{tensors}_{1}^{\top}"),
    ("inv", "A", "-yᵀ @ g @ yᵀ", r"-y^{\top} \, g \, y^{\top}"),
    ("softmax", "input", "y * (g - Σ(g * y))", r"y \, \left(g - \sum\left(g \, y\right)\right)"),
    ("log_softmax", "input", "g - exp(y) * Σ(g)", r"g - \exp\left(y\right) \, \sum\left(g\right)"),
    ("amax", "input", "g * [input = y] / Σ([input = y])",
     r"\frac{g \, \left[\mathrm{input} = y\right]}{\sum\left[\mathrm{input} = y\right]}"),
    (
        "mse_loss", "input", "2 * g * (input - target) / 3",
        r"\frac{2 \, g \, \left(\mathrm{input} - \mathrm{target}\right)}{3}",
    ),
    (
        "var", "input", "2 * g * (input - mean(input)) / 5",
        r"\frac{2 \, g \, \left(\mathrm{input} - \operatorname{mean}\left(\mathrm{input}\right)\right)}{5}",
    ),
    (
        "std", "input", "g * (input - mean(input)) / (5 * y) where y ≠ 0, else 0",
        r"\frac{g \, \left(\mathrm{input} - \operatorname{mean}\left(\mathrm{input}\right)\right)}{5 \, y} "
        r"\quad \text{where } y \neq 0 \text{, else } 0",
    ),
    (
        "norm_two", "x", "g * x / y where y ≠ 0, else 0",
        r"\frac{g \, x}{y} \quad \text{where } y \neq 0 \text{, else } 0",
    ),
    (
        "nll_loss", "input", "-g * [i = target and target ≠ -100] / Σ([target ≠ -100])",
        r"-\frac{g \, \left[i = \mathrm{target} \land \mathrm{target} \neq -100\right]}"
        r"{\sum\left[\mathrm{target} \neq -100\right]}",
    ),
    (
        "binary_cross_entropy", "target", "g * weight * (log1p(-input) - log(input)) / 3",
        r"\frac{g \, \mathrm{weight} \, \left(\operatorname{log1p}\left(-\mathrm{input}\right) - "
        r"\ln\left(\mathrm{input}\right)\right)}{3}",
    ),
    (
        "native_norm", "input",
        "(g * weight - mean(g * weight) - a * b * mean(g * weight * a * b)) * b; "
        "a = input - mean(input), b = 1 / sqrt(mean(a²) + 1e-05)",
        r"\left(g \, \mathrm{weight} - \operatorname{mean}\left(g \, \mathrm{weight}\right) - a \, b \, "
        r"\operatorname{mean}\left(g \, \mathrm{weight} \, a \, b\right)\right) \, b; \quad "
        r"a = \mathrm{input} - \operatorname{mean}\left(\mathrm{input}\right), \quad "
        r"b = \frac{1}{\sqrt{\operatorname{mean}\left(a^{2}\right) + 10^{-5}}}",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "socket", "line", "latex"), LOCAL)
def test_a_local_derivative_reads_as_on_a_slide(name: str, socket: str, line: str, latex: str) -> None:
    found = by(name, socket)
    assert (found.line, found.latex_line, found.local) == (line, latex, True)


@pytest.mark.parametrize(("name", "socket", "line", "latex"), CONTRIBUTIONS)
def test_where_there_is_none_the_contribution_does(name: str, socket: str, line: str, latex: str) -> None:
    found = by(name, socket)
    assert (found.line, found.latex_line, found.local) == (line, latex, False)


def test_a_power_depends_on_what_is_raised_to_what() -> None:
    x, n = [0.5, 1.5], [2.0, -1.0]
    assert by("pow", "input", (x, 2.0), names=["x", ""]).line == "2 * x"
    assert by("pow", "input", (x, 3.0), names=["x", ""]).line == "3 * x²"
    assert by("pow", "input", (x, 3.0), names=["x", ""]).latex == r"3 \, x^{2}"
    assert by("pow", "input", (x, 0.5), names=["x", ""]).line == "0.5 / sqrt(x)"
    assert by("pow", "input", (x, 1.0), names=["x", ""]).line == "1"
    assert by("pow", "input", (x, n), names=["x", "n"]).line == "n * x ** (n - 1) where n ≠ 0, else 0"
    assert by("pow", "exponent", (x, n), names=["x", "n"]).line == "y * log(x) where x ≠ 0 or n < 0, else 0"
    assert by("pow", "exponent", (x, n), names=["xw", "n"]).latex == r"y \, \ln\left(\mathrm{xw}\right)"


def test_a_broadcast_input_is_summed_to() -> None:
    found = by("mul", "other", ([1.0, 2.0], 3.0))
    assert (found.line, found.latex, found.local) == ("Σ(g * input)", r"\sum\left(g \, \mathrm{input}\right)", False)
    assert found.value == 3


def test_a_single_number_has_a_local_derivative_if_one_asks() -> None:
    assert by("mse_loss", "input", of_scalars=True).line == "2 * (input - target) / 3"
    assert by("mean", "input", of_scalars=True).line == "1/6"
    assert by("sum", "input", of_scalars=True).line == "1"


# The numbers filled in


def test_numbers_stand_in_place_of_names() -> None:
    found = by("tanh", "input", (0.5,), filled=True)
    assert (found.line, found.latex_line) == ("1 - 0.4621²", "1 - 0.4621^{2}")
    assert found.value == pytest.approx(1 - np.tanh(0.5) ** 2)
    found = by("div", "other", (-6.0, 4.0), filled=True)
    assert (found.line, found.latex_line) == ("6 / 4²", r"-\frac{-6}{4^{2}}")
    assert by("lerp", "input", (1.0, 2.0, -0.25), filled=True).line == "1 - (-0.25)"
    assert by("exp", "input", ([0.0, 1.0],), filled=True).line == "[1, 2.718]"


def test_upstream_is_filled_in_where_it_is_given() -> None:
    inputs = ([1.0, 2.0], 3.0)
    assert by("mul", "other", inputs, filled=True).line == "Σ(g * [1, 2])"
    found = by("mul", "other", inputs, filled=True, upstream=np.array([4.0, 5.0]))
    assert found.line == "Σ([4, 5] * [1, 2])"
    assert found.value == 14
    product = by("mul", "input", (2.0, 3.0), filled=True, upstream=np.array(4.0), contribution=True)
    assert (product.line, product.latex) == ("4 * 3", r"4 \cdot 3")


def test_shared_parts_are_filled_in_as_numbers() -> None:
    found = by("atan2", "input", (3.0, 4.0), filled=True)
    assert found.line == "4 / 25 where 25 ≠ 0, else 0; a = 3² + 4²"
    assert found.value == pytest.approx(0.16)


def test_large_arrays_keep_their_names() -> None:
    assert by("sin", "input", (np.arange(7.0),), filled=True).line == "cos(input)"


def test_a_constant_rule_and_a_missing_one() -> None:
    assert (by("floor", "input").line, by("floor", "input").local) == ("0", True)
    rule = registry.get("gather")
    assert isinstance(rule, Rule)
    with pytest.raises(TracingError, match="no derivative by index"):
        derivative(rule, 1, arrays(rule.samples[0]), rule.samples[0].params)
