"""Element types: what Python values become, and what operands promote to."""

from __future__ import annotations

_TYPES = ("float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool")

# A sum with each of these: arrays with dimensions, 0-d arrays, numbers. Whatever promotes does so in the same way.
OPERANDS = [f"torch.ones({size}, dtype=torch.{name})" for size in ("2", "()") for name in _TYPES]

VALUES = (
    "np.float64(1)", "[np.float64(1.)]", "[2.0, np.float64(1.)]", "[np.float32(1.), 2]", "[1, True]", "[True]",
    "[1, 2.]", "[np.int32(1)]", "[np.int32(1), 2]", "[np.int8(1), np.uint8(3)]", "[[1, 2], [3]]", "[[1, 2], 3]",
    "[1, [2]]", "[1, []]", "[[], 1]", "[[], []]", "[]", "()", "'a'", "['a']", "None", "[None]", "[1, None]", "{}",
    "2 ** 63", "[2 ** 63]", "1e300", "range(3)", "[[1, 2], [3, 4], [5]]", "[[[1], [2]], [[3]]]",
    "[[[1], [2]], [[3], [4, 5]]]", "[1, 'ab']", "np.array([1., 2.])", "np.ones((2, 2), np.float32)",
    "[torch.tensor(1.), torch.tensor(2)]", "[torch.tensor([1., 2.])]",
    "[torch.tensor(1., dtype=torch.float64)]", "[[1.0], [2]]", "(1, 2)", "True", "3", "2.5", "10 ** 400",
)  # fmt: skip

CASTS = (
    "[300], dtype=torch.uint8", "[-1], dtype=torch.uint8", "[2 ** 40], dtype=torch.int32",
    "[1.7, -1.7], dtype=torch.int64",
    "[float('nan')], dtype=torch.int64", "[1e30], dtype=torch.int64", "[2, 0, .1], dtype=torch.bool",
    "[1], dtype=float", "[1], dtype=int", "1, dtype=torch.float64", "[0.1], dtype=torch.float16", "1, dtype='float32'",
)  # fmt: skip

CASES = {
    "promotion": "\n".join(
        [
            f"types = [torch.{', torch.'.join(_TYPES)}]",
            "others = [torch.ones(size, dtype=t) for size in (2, ()) for t in types] + [True, 2, 2.5]",
            *(f"' '.join(str(({operand} + other).dtype)[6:] for other in others)" for operand in OPERANDS),
        ]
    ),
    "promotion of three": """
        small, half, one = torch.ones(2, dtype=torch.int8), torch.ones((), dtype=torch.float16), torch.ones(())
        str((small + half + one).dtype)
        str(torch.where(small > 0, half, one).dtype)
        str(torch.cat([small, torch.ones(2, dtype=torch.float64), torch.ones(2, dtype=torch.bool)]).dtype)
        str(torch.stack([torch.ones(()), torch.ones((), dtype=torch.float64)]).dtype)
    """,
    "values": "\n".join(f"torch.tensor({value})" for value in VALUES),
    "casts": "\n".join(f"torch.tensor({value})" for value in CASTS),
    "names": "\n".join(f"torch.ones(2, dtype=torch.{name}).type()" for name in _TYPES),
    "spellings": "\n".join(
        f"str(torch.{name})" for name in ("float", "double", "long", "int", "short", "half", "bool")
    ),
    "properties": "\n".join(
        f"(torch.{name}.is_floating_point, torch.{name}.itemsize, torch.{name}.is_signed)" for name in _TYPES
    ),
    "the default": """
        str(torch.get_default_dtype())
        torch.set_default_dtype(torch.int64)
        torch.set_default_dtype(torch.float64)
        torch.tensor([1.5])
        torch.tensor([1]) + 1.5
        torch.set_default_dtype(torch.float32)
        torch.tensor([1.5])
    """,
    "in place": "\n".join(
        f"torch.ones(2, dtype=torch.{a}).add_(torch.ones(2, dtype=torch.{b}))"
        for a, b in (("float32", "float64"), ("int64", "float32"), ("bool", "int64"), ("int8", "int64"))
    ),
}
