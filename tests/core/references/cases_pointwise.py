"""The pointwise operations: values, names of backward nodes, gradients; kinks and poles; types; errors; other names."""

from __future__ import annotations

VECTOR = "[1.5, -2.0, 0.5]"
OTHER = "[2.0, 3.0, -1.5]"
POSITIVE = "[0.5, 1.0, 4.0]"
PARTS = "[0.25, 0.5, 0.875]"
ABOVE = "[1.25, 2.0, 4.0]"
COLUMN = "[[1.5], [-0.5]]"


# What PyTorch saves without need, or without counting it as saved: whether backward can run twice is not compared here.
UNCOUNTED = ("torch.sgn", "rounding_mode", "torch.lerp(x, w, 0", "torch.lerp(x, w, 2")


def _at(expression: str, values: tuple[str, ...], dtype: str = "float64") -> str:
    names = "xwb"[: len(values)]
    leaves = [
        f"{n} = torch.tensor({v}, dtype=torch.{dtype}, requires_grad=True)" for n, v in zip(names, values, strict=True)
    ]
    shown = ["y.backward(seed_for(y))", *(f"{n}.grad + 0 if {n}.grad is not None else None" for n in names)]
    again = [] if any(each in expression for each in UNCOUNTED) else ["second_backward(y)"]
    made = ["nan, inf = float('nan'), float('inf')", *leaves, f"y = {expression.strip()}", "y"]
    return "\n".join([*made, *shown, *again])


SMOOTH = {
    **{f"torch.{name}(x)": (VECTOR,) for name in (
        "exp2", "expm1", "square", "tan", "atan", "sinh", "cosh", "asinh", "sinc", "erf", "erfc", "deg2rad",
        "rad2deg",
        "sign", "sgn", "floor", "ceil", "round", "trunc", "frac", "nan_to_num", "positive",
    )},
    **{f"torch.{name}(x)": (POSITIVE,) for name in ("rsqrt", "log1p", "log2", "log10", "reciprocal")},
    **{f"torch.{name}(x)": (PARTS,) for name in ("asin", "acos", "atanh", "logit")},
    **{f"torch.{name}(x, w)": (VECTOR, OTHER) for name in (
        "remainder", "fmod", "atan2", "hypot", "logaddexp", "logaddexp2", "copysign", "fmax", "fmin", "clamp_min",
        "clamp_max",
    )},
    **{f"torch.{name}(x, w) ": (COLUMN, VECTOR) for name in ("fmod", "atan2", "hypot", "fmax", "xlogy", "clamp_max")},
    "torch.acosh(x)": (ABOVE,), "torch.logit(x, 0.2)": (PARTS,), "torch.logit(x, eps=0.0)": (PARTS,),
    "x.logit(0.3)": (PARTS,), "torch.xlogy(x, w)": (VECTOR, POSITIVE), "torch.xlogy(x, 2)": (VECTOR,),
    "torch.xlogy(2, x)": (POSITIVE,), "torch.float_power(x, w)": (POSITIVE, OTHER),
    "torch.float_power(x, 2)": (VECTOR,),
    "torch.float_power(2, x)": (VECTOR,), "torch.div(x, w, rounding_mode='floor')": (VECTOR, OTHER),
    "torch.div(x, w, rounding_mode='trunc')": (VECTOR, OTHER), "torch.div(x, 2, rounding_mode='floor')": (VECTOR,),
    "x % w": (VECTOR, OTHER), "x % 2": (VECTOR,),
    "torch.remainder(x, 2)": (VECTOR,), "torch.fmod(x, 2)": (VECTOR,), "x.fmod(0.75)": (VECTOR,),
    "torch.copysign(x, -2)": (VECTOR,), "torch.copysign(x, True)": (VECTOR,), "torch.round(x, decimals=1)": (VECTOR,),
    "torch.round(x, decimals=-1)": ("[5., 15., 25., 34.9]",), "torch.nan_to_num(x, 1, 2, 3)": (VECTOR,),
    "torch.clamp_min(x, 0)": (VECTOR,), "torch.clamp_max(x, 0)": (VECTOR,), "x.clamp_min(min=0.5)": (VECTOR,),
    "torch.clamp(x, min=w)": (VECTOR, OTHER), "torch.clamp(x, max=w)": (VECTOR, OTHER),
    "torch.clamp(x, w, b)": (VECTOR, OTHER, "[2.5, 3.5, 0.]"), "x.clamp(None, w)": (VECTOR, OTHER),
    "x.clamp(w, None)": (COLUMN, VECTOR), "torch.clip(x, w, w + 1)": (VECTOR, OTHER),
    "torch.clamp(x, min=torch.tensor(0., dtype=x.dtype))": (VECTOR,), "torch.lerp(x, w, 0.25)": (VECTOR, OTHER),
    "torch.lerp(x, w, 0.75)": (VECTOR, OTHER), "torch.lerp(x, w, 2)": (VECTOR, OTHER),
    "torch.lerp(x, w, b)": (VECTOR, OTHER, PARTS), "x.lerp(w, b)": (COLUMN, VECTOR, "0.25"),
    "x.where(x > 0, w)": (VECTOR, OTHER), "torch.where(x > 0, 2, x)": (VECTOR,), "x.where(x > 0, 0)": (VECTOR,),
    "torch.erf(x) ": ("[-6., -4.5, -0.3, 3., 5.5]",), "torch.erfc(x) ": ("[-6., -0.3, 0.6, 5., 20.]",),
}  # fmt: skip

ALIASES = {
    **{f"torch.{name}(x)": (PARTS,) for name in (
        "negative", "absolute", "fix", "arcsin", "arccos", "arctan", "arcsinh", "arctanh",
    )},
    **{f"torch.{name}(x, w)": (VECTOR, OTHER) for name in (
        "subtract", "multiply", "divide", "true_divide", "arctan2",
    )},
    **{f"x.{name}()": (PARTS,) for name in ("negative", "absolute", "fix", "arcsin", "arctanh")},
    "torch.arccosh(x)": (ABOVE,), "x.subtract(w, alpha=2)": (VECTOR, OTHER), "x.clip(0, 1)": (VECTOR,),
    "torch.divide(x, w, rounding_mode='floor')": (VECTOR, OTHER), "torch.clip(x, min=0)": (VECTOR,),
}  # fmt: skip

PAIRS = {
    "torch.hypot(x, w)": ("[0., 3., inf, nan]", "[0., 4., nan, 1.]"),
    "torch.atan2(x, w)": ("[0., 0., -0., 1., inf]", "[0., -1., -1., 0., inf]"),
    "torch.logaddexp(x, w)": ("[inf, -inf, inf, 1000., nan]", "[inf, -inf, -inf, 0., 0.]"),
    "torch.logaddexp2(x, w)": ("[inf, -inf, inf, 1000., nan]", "[inf, -inf, -inf, 0., 0.]"),
    "torch.xlogy(x, w)": ("[0., 0., 0., 1., 0.]", "[0., -1., nan, 0., 1.]"),
    "torch.where(w > 0, torch.xlogy(x, w), 0)": ("[1., 1.]", "[0., 2.]"),
    "torch.copysign(x, w)": ("[0., -0., 1., nan, 2.]", "[-1., 1., -0., 1., 0.]"),
    "torch.fmax(x, w)": ("[1., nan, nan, 1.]", "[1., 1., nan, nan]"),
    "torch.fmin(x, w)": ("[1., nan, nan, 1.]", "[1., 1., nan, nan]"),
    "torch.clamp_min(x, w)": ("[1., nan, nan, 1., 0.]", "[1., 1., nan, nan, 1.]"),
    "torch.clamp_max(x, w)": ("[1., nan, nan, 1., 0.]", "[1., 1., nan, nan, 1.]"),
    "torch.clamp(x, min=w)": ("[1., nan, nan, 1., 0.]", "[1., 1., nan, nan, 1.]"),
    "torch.clamp(x, w, b)": (
        "[1., nan, nan, 1., 0., 5., 1., 1., 3., 2.]", "[1., 1., nan, nan, 1., 0., 0., 2., 2., 2.]",
        "[2., 2., 2., 2., 2., 2., nan, 1., 2., 2.]",
    ),
    "x % w": ("[5., -5., 5., 1., inf, 1.]", "[3., 3., -3., 0., 1., inf]"),
    "torch.fmod(x, w)": ("[5., -5., 5., 1., inf, 1.]", "[3., 3., -3., 0., 1., inf]"),
    "torch.div(x, w, rounding_mode='floor')": ("[5., -5., 1., -1., 0., inf, 1.]", "[3., 3., 0., 0., 0., 1., inf]"),
    "torch.div(x, w, rounding_mode='trunc')": ("[5., -5., 1., -1., 0., inf, 1.]", "[3., 3., 0., 0., 0., 1., inf]"),
    "torch.lerp(x, w, b)": ("[1., 0., 1., 3.]", "[3., inf, 2., 7.]", "[0.5, 0., 2., 1.]"),
    "torch.float_power(x, w)": ("[0., 0., 0., -2., 2.]", "[0., 2., -1., .5, 0.]"),
    "torch.pow(x, w)": ("[0., 0., inf, -inf, nan, nan]", "[nan, inf, 0., 3., 0., 1.]"),
}  # fmt: skip

POINTS = {
    "torch.nan_to_num(x)": "[nan, inf, -inf, 1.]", "torch.nan_to_num(x, nan=7., posinf=8.)": "[nan, inf, -inf, 1.]",
    "torch.sinc(x)": "[0., -0., 1e-9, 0.5, 1., inf]", "torch.clamp_min(x, 1)": "[1., nan, 0.]",
    "torch.clamp_max(x, 1)": "[1., nan, 2.]", "torch.logit(x)": "[0., 1., -1., 2., 0.5]",
    "torch.logit(x, 0.25)": "[0., 1., -1., 2., 0.5, 0.25, nan]", "torch.logit(x, 0.0)": "[0., 1., -1., 2., 0.5, nan]",
    "torch.rsqrt(x)": "[0., -1., inf]", "torch.asin(x)": "[1., -1., 2.]", "torch.acos(x)": "[1., -1., 2.]",
    "torch.acosh(x)": "[1., 0., 2., 1e200]", "torch.atanh(x)": "[1., -1., 2.]", "torch.tan(x)": "[0., inf]",
    "torch.log1p(x)": "[-1., -2., 0., 1e-20]", "torch.expm1(x)": "[0., 1000., -1000., 1e-20]",
    "torch.exp2(x)": "[0., 2000., -inf]", "torch.log2(x)": "[0., -1.]", "torch.log10(x)": "[0., -1.]",
    "torch.asinh(x)": "[1e200, 0., -1e200]", "torch.sinh(x)": "[800., -800.]", "torch.cosh(x)": "[800., -800.]",
    "torch.atan(x)": "[1e200, inf, -inf]", "torch.round(x)": "[0.5, 1.5, 2.5, -0.5, inf, nan]",
    "torch.round(x, decimals=2)": "[0.125, 0.375, 2.675, 1e300]", "torch.sign(x)": "[0., nan, -0., inf]",
    "torch.sgn(x)": "[0., nan, -0., inf]", "torch.frac(x)": "[1.5, -1.5, inf, nan]",
    "torch.floor(x)": "[-0.5, inf, nan]", "torch.erf(x)": "[0., inf, -inf, nan]",
    "torch.erfc(x)": "[0., 30., -30., nan]",
    "torch.reciprocal(x)": "[0., -0.]", "torch.square(x)": "[0., inf]", "torch.positive(x) * 1": "[0., nan]",
    "torch.abs(x)": "[0., nan]", "torch.xlogy(x, 0)": "[0., 1.]", "torch.xlogy(0, x)": "[0., nan, -1.]",
    "x % 0": "[1., 0.]", "torch.pow(x, 0)": "[0., nan, inf]", "torch.pow(x, 1)": "[0., nan, inf]",
    "torch.pow(x, -0.5)": "[0., -1., inf]", "torch.pow(1, x)": "[0., nan, inf]", "torch.exp2(x) ": "[]",
    "torch.hypot(x, x)": "[]", "torch.logit(x) ": "0.25", "torch.clamp(x, x, x)": "[1., 2.]",
}  # fmt: skip

SINGLE = {
    "torch.rsqrt(x)": ("[2., 3.]",), "torch.sinc(x)": ("[0.1, 0.7]",), "torch.erf(x)": ("[0.1, 0.7, 3.]",),
    "torch.logaddexp(x, w)": ("[0.1, 20.]", "[0.3, 0.7]"), "torch.expm1(x)": ("[1e-6, 0.3]",),
    "torch.log1p(x)": ("[1e-6, 0.3]",), "torch.hypot(x, w)": ("[1e20, 3.]", "[1e20, 4.]"),
    "torch.asinh(x)": ("[1e3, 0.1]",), "torch.lerp(x, w, 0.3)": ("[0.1, 20.]", "[0.3, 0.7]"),
    "torch.logit(x, 1e-6)": ("[0., 0.2, 1.]",), "torch.nan_to_num(x)": ("[nan, inf, -inf]",),
    "x % 0.3": ("[0.7, -0.7]",), "torch.rad2deg(x)": ("[0.1, 2.]",), "torch.float_power(x, 2)": ("[0.1, 2.]",),
}  # fmt: skip

# What becomes of integers, of booleans, and of two types.
UNARY = (  # each on integers, on booleans and on floats
    "square reciprocal sqrt rsqrt exp exp2 expm1 log log1p log2 log10 tan asin acos atan sinh cosh asinh acosh atanh "
    "sinc erf erfc abs sign sgn floor ceil round trunc frac logit nan_to_num deg2rad rad2deg logical_not bitwise_not "
    "isnan isinf isfinite signbit positive neg"
)
BINARY = (
    "true_divide floor_divide remainder fmod atan2 hypot logaddexp logaddexp2 xlogy copysign fmax fmin maximum minimum "
    "logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor float_power clamp_min clamp_max isclose "
    "greater less not_equal eq ge"
)
_TYPED = """
i, k, b = torch.tensor([1, -2, 3]), torch.tensor([2, 2, -2], dtype=torch.int32), torch.tensor([True, False, True])
h, x, d = torch.tensor([2., 3., -1.], dtype=torch.float16), torch.tensor([2., 3., -1.]), torch.ones(3).double()
"""
TYPES = {
    **{name: (f"torch.{name}(i)", f"torch.{name}(k)", f"torch.{name}(b)",
    f"torch.{name}(x)") for name in UNARY.split()},
    **{name: (f"torch.{name}(i, k)", f"torch.{name}(k, i)", f"torch.{name}(i, x)",
    f"torch.{name}(x, d)") for name in BINARY.split()},
    "division": (
        "i // 2", "i // -2", "7 // k", "i % 2", "-7 % k", "i % -2", "i // 1.5", "i % 1.5", "7.5 // k", "7.5 % k",
        "b // k", "True % k", "x // 2", "2 // x", "5 % x", "torch.div(i, k, rounding_mode='trunc')",
        "torch.fmod(-i, k)",
        "torch.div(-i * 7, k, rounding_mode='trunc')", "torch.div(-i * 7, k, rounding_mode='floor')",
        "torch.fmod(i, 2.5)",
        "torch.div(i, 2, rounding_mode='floor')", "torch.div(i, 2., rounding_mode='floor')",
        "torch.tensor([7, 200], dtype=torch.uint8) // 2", "torch.tensor([7, 200], dtype=torch.uint8) % 3",
        "x // 0", "x % 0", "-x // 0", "torch.floor_divide(7, k)", "torch.remainder(7, k)",
    ),
    "bits": (
        "i & 1", "1 & i", "i | 4", "4 | i", "i ^ k", "3 ^ i", "~i", "~b", "b & b", "b | True", "b ^ b", "i & b",
        "b & 3",
        "torch.bitwise_and(1, i)", "(x > 0) & (x < 3)", "~(x > 0)", "torch.tensor([7], dtype=torch.uint8) & 300",
    ),
    "choices": (
        "torch.clamp(i, i, k)", "torch.clamp(i, min=x)", "torch.clamp(i, 0.5)", "torch.clamp(b, 0, 1)",
        "i.clamp_min(1.5)",
        "torch.where(b, 1., 2.)", "torch.where(b, 1, 2)", "torch.where(b, 1, 2.5)", "torch.where(b, True, False)",
        "torch.where(b, i, x)", "torch.where(b, x, torch.tensor(1., dtype=torch.float64))", "torch.where(b, h, x)",
        "torch.fmax(b, b)", "torch.maximum(b, i)", "torch.clamp(b, min=torch.tensor(True))",
        "i.clamp(torch.tensor(2))",
        "torch.lerp(h, h + 1, 0.5)", "torch.lerp(x, x + 1, torch.tensor(0.25, dtype=torch.float64))",
    ),
    "powers": (
        "torch.square(b)", "torch.float_power(i, 2)", "torch.float_power(2, i)", "torch.float_power(b, 2.5)",
        "i ** k.abs()",
        "torch.pow(b, 2)", "torch.pow(b, torch.tensor(2.))", "i ** 2.", "h ** 2", "torch.xlogy(i, 2)",
        "torch.xlogy(0, b)",
    ),
    "halves": (
        "torch.exp2(h)", "torch.erf(h)", "torch.nan_to_num(torch.tensor([float('inf')], dtype=torch.float16))",
        "h % 2",
        "torch.rsqrt(h)", "torch.hypot(h, h)", "torch.deg2rad(h)",
    ),
    "closeness": (
        "torch.isclose(x, x + 1e-6)", "torch.isclose(x, x + 1e-3)", "torch.isclose(x, x + 1e-3, atol=1e-2)",
        "n = torch.tensor([float('nan'), float('inf'), 1., float('inf')])", "torch.isclose(n, n)",
        "torch.isclose(n, -n)",
        "torch.isclose(n, n, equal_nan=True)", "n.isclose(n, rtol=0.)", "torch.allclose(x, x + 1e-6)",
        "torch.allclose(x, x + 1e-3)", "x.allclose(x + 1e-3, rtol=1e-2)", "torch.allclose(n, n)",
        "torch.allclose(n, n, equal_nan=True)", "torch.equal(x, x)", "torch.equal(x, x.double())",
        "torch.equal(x, x[:2])",
        "x.equal(x + 1)", "torch.equal(n, n)", "torch.equal(i, i.float())", "torch.allclose(i, i)",
        "torch.allclose(x, torch.tensor(2.))", "torch.isclose(x, torch.tensor([[2.], [3.]]))",
        "torch.equal(torch.ones(0), torch.ones(0))", "torch.allclose(torch.ones(0), torch.ones(0))",
    ),
    "questions": (
        "n = torch.tensor([float('nan'), float('inf'), -float('inf'), 0., -0.])", "torch.isnan(n)", "torch.isinf(n)",
        "torch.isfinite(n)", "n.signbit()", "torch.logical_not(n)", "torch.logical_and(n, n)",
        "torch.logical_and(x, i)",
        "torch.logical_xor(b, x)", "torch.logical_or(b, torch.tensor(0))",
    ),
}  # fmt: skip

IN_PLACE = (
    "x.clone().negative_()", "x.clone().subtract_(1)", "x.clone().multiply_(x)", "x.clone().divide_(2)",
    "i.clone().div_(2)",
    "x.clone().true_divide_(2)", "x.clone().absolute_()", "x.clone().clip_(0, 1)", "x.clone().fix_()",
    "x.clone().square_()",
    "x.clone().arctan2_(x)", "x.clone().greater_(0)", "x.clone().not_equal_(2)", "x.clone().logical_not_()",
    "x.clone().hypot_(x)", "x.clone().round_(decimals=1)", "x.clone().lerp_(x + 1, 0.5)", "x.clone().nan_to_num_()",
    "x.clone().clamp_min_(2.5)", "x.clone().clamp_(x, x)", "x.clone().copysign_(-1)", "x.clone().xlogy_(2)",
    "d.clone().float_power_(2)", "x.clone().erf_()", "x.clone().sgn_()", "x.clone().atan2_(x)",
    "x.clone().remainder_(2)",
    "i.clone().floor_divide_(2)", "i.clone().sqrt_()", "i.clone().remainder_(2)", "i.clone().bitwise_and_(1)",
    "x.clone().div_(2, rounding_mode='floor')", "x.clone().fmod_(1.5)", "x.clone().frac_()", "x.clone().logit_(0.2)",
    "j = i.clone()", "j %= 2", "j", "j |= 4", "j", "j ^= 1", "j", "j &= 5", "j", "j //= 2", "j", "j += 1.5",
    "y = (x.clone() * 1).requires_grad_()", "z = y * 2", "z.sinh_()", "z.sum().backward()", "y.grad",
    "z = y * 2", "z %= 3", "z", "z.sum().backward()", "y.grad",
    "w, z = torch.tensor([3., 4., 5.], requires_grad=True), y * 2", "z *= w", "z.pow_(w)",
    "z.sum().backward()", "y.grad", "w.grad", "z = x * 1", "z.mul_(w)", "z.sum().backward()", "w.grad",
    "z = y * 2", "z.mul_(z)", "z.sum().backward()",
)  # fmt: skip

FAULTS = (
    "i // 0", "i % 0", "torch.fmod(i, 0)", "i // torch.tensor([1, 0, 1])", "torch.div(i, 0, rounding_mode='trunc')",
    "i / 0",
    "torch.div(x, 2, rounding_mode='up')", "b // b", "b % b", "torch.fmod(b, b)",
    "torch.div(b, b, rounding_mode='trunc')",
    "torch.positive(b)", "-b", "x & x", "torch.bitwise_or(x, i)", "torch.bitwise_xor(x, 1)", "i & 1.5",
    "torch.bitwise_not(x)",
    "torch.pow(b, b)", "i ** -1", "torch.round(i, decimals=1)", "torch.isclose(x, d)", "torch.isclose(x, x, rtol=-1)",
    "torch.isclose(x, x, atol=-1)", "torch.allclose(x, d)", "torch.allclose(x, torch.ones(2))",
    "torch.lerp(x, d, 0.3)",
    "torch.lerp(x, x, d)", "torch.lerp(i, i, 0.3)", "torch.clamp(x)", "torch.maximum(x, 2)", "torch.fmax(x, 2)",
    "torch.hypot(x, 2)", "torch.atan2(x, 2)", "torch.logical_and(x, 2)", "torch.logaddexp(x, 2)",
    "torch.isclose(x, 2)",
    "torch.equal(x, 2)", "torch.where(x, x, x)", "torch.hypot(x, torch.ones(2))", "x % torch.ones(2)",
    "torch.clamp_min(b, True)",
    "torch.clamp(x, min=torch.ones(2))", "torch.add(x, x, alpha=True)", "torch.add(i, i, alpha=1.5)",
    "torch.rsub(b, 1)",
    "torch.logaddexp2(i, i)", "torch.isnan(2.)", "torch.erf(2.)", "torch.isclose(x, torch.ones(2))",
    "torch.logical_or(x, torch.ones(2))",
)  # fmt: skip

CASES = (
    {expression: _at(expression, values) for expression, values in SMOOTH.items()}
    | {f"also called: {expression}": _at(expression, values) for expression, values in ALIASES.items()}
    | {f"{expression} at special points": _at(expression, (values,)) for expression, values in POINTS.items()}
    | {f"{expression} at special pairs": _at(expression, values) for expression, values in PAIRS.items()}
    | {f"float32: {expression}": _at(expression, values, "float32") for expression, values in SINGLE.items()}
)
CASES |= {f"types: {name}": "\n".join([_TYPED.strip(), *lines]) for name, lines in TYPES.items()}
CASES |= {name: "\n".join([_TYPED.strip(), *lines]) for name, lines in {"in place": IN_PLACE, "faults": FAULTS}.items()}
