"""Layers made of norms: unit vectors, cosines, distances, and the bilinear form; also where a vector is 0."""

from __future__ import annotations

M = "[[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]"
N = "[[0.5, 1.0, -1.5], [-2.0, 0.75, 2.0]]"
ZERO = "[[0.0, 0.0, 0.0], [3.0, 0.0, -4.0]]"

CALLS = {
    "F.normalize(x)": (M,), "F.normalize(x, dim=0)": (M,), "F.normalize(x, p=1)": (M,), "F.normalize(x, 3, -1)": (M,),
    "F.normalize(x, p=float('inf'))": (M,), "F.normalize(x, dim=(0, 1))": (M,), "F.normalize(x) ": (ZERO,),
    "F.normalize(x, eps=10.)": (M,), "F.normalize(x, p=0)": (M,),
    "F.cosine_similarity(x, w)": (M, N), "torch.cosine_similarity(x, w, 0)": (M, N),
    "F.cosine_similarity(x, w, dim=-1)": (M, "[0.5, 1.0, -1.5]"), "F.cosine_similarity(x, w) ": (ZERO, N),
    "F.cosine_similarity(x, w, eps=4.)": (M, N), "F.cosine_similarity(x, w, dim=0) ": ("[1.0, 2.0]", "[3.0, -1.0]"),
    "F.pairwise_distance(x, w)": (M, N), "F.pairwise_distance(x, w, 1)": (M, N), "F.pairwise_distance(x, w) ": (M, M),
    "F.pairwise_distance(x, w, keepdim=True)": (M, "[0.5, 1.0, -1.5]"), "F.pairwise_distance(x, w, 3., 0.5)": (M, N),
    "torch.pairwise_distance(x, w)": ("[1.0, 2.0]", "[3.0, -1.0]"),
    "F.bilinear(x, w, b)": (M, N, f"[{M[:-1]}, [0.5, 1.0, 2.0]], {N[:-1]}, [1.5, -0.5, 1.0]]]"),
    "torch.bilinear(x, w, b, torch.tensor([0.5, -1.0], dtype=x.dtype))": (
        M, N, f"[{M[:-1]}, [0.5, 1.0, 2.0]], {N[:-1]}, [1.5, -0.5, 1.0]]]"),
}  # fmt: skip

# Whose last backward node is PyTorch's here too.
NAMED = ("F.normalize", "F.cosine_similarity", "torch.cosine_similarity")

REFUSED = """
o = torch.ones
F.normalize(o(3))
F.normalize(o(2, 3), dim=2)
F.normalize(o(2, 3).long())
F.cosine_similarity(o(3), o(3))
F.cosine_similarity(o(2, 3).long(), o(2, 3).long())
F.cosine_similarity(o(2, 3), o(2, 4))
F.cosine_similarity(o(2, 3), o(2, 3), dim=2)
F.cosine_similarity(o(2, 3), o(2, 3).double())
F.cosine_similarity(o(2, 3), o(2, 3).long())
F.pairwise_distance(o(2, 3), o(2, 4))
F.bilinear(o(2, 3), o(2, 3), o(5, 3, 4))
F.bilinear(o(2, 3), o(3, 4), o(5, 3, 4))
F.bilinear(o(2, 3), o(2, 4), o(5, 3))
F.bilinear(o(2, 3), o(2, 4), o(5, 2, 4))
F.bilinear(o(2, 3), o(2, 4), o(5, 3, 4), o(4))
"""


def _case(call: str, values: tuple[str, ...]) -> str:
    leaves = dict(zip("xwb", values, strict=False))
    made = [f"{name} = torch.tensor({value}, dtype=torch.float64).requires_grad_()" for name, value in leaves.items()]
    shown = "y" if call.startswith(NAMED) else "y.detach()"
    return "\n".join([*made, f"y = {call.strip()}", shown, "y.backward(seed_for(y))", *(f"{n}.grad" for n in leaves)])


CASES = {**{call: _case(call, values) for call, values in CALLS.items()}, "refused": REFUSED}
