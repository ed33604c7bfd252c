"""Tensors among NumPy's arrays: its functions called on them, and arrays on the other side of an operator."""

from __future__ import annotations

_LEAVES = """
x = torch.tensor([.7, 1.6], requires_grad=True)
m = torch.ones(2, 3)
a = np.ones(3)
"""

CALLS = {
    "functions": """
        np.exp(m); np.exp(x.detach()); np.exp(x); np.add(m, m); np.add(1, m); np.add(a, m); np.add(m, [1, 2, 3])
        np.add(x, 1); np.add(m[0, :2], x); np.maximum(m, 0); np.sin(torch.tensor(1.)); np.exp(torch.tensor([1, 2]))
        np.exp(x.detach(), dtype=np.float32); np.sqrt(m, out=None); np.exp(m, out=np.ones((2, 3))); np.isnan(m)
        np.equal(m, m); np.modf(m); np.add.reduce(m); np.add.outer(m[0], m[0]); np.exp(m).requires_grad
        np.exp(m.to(torch.uint8)); np.clip(m, 0, 1); np.round(m); np.transpose(m); np.cumsum(m); np.dot(m, m.T)
        np.linalg.norm(m); np.isfinite(x); np.allclose(m, m)
    """,
    "operators": """
        a * m; a + m; a - m; a @ m.T; a < m; a == m; a != m; a >= m; a // m; a ** m; m * a; m + a; m @ a; m < a
        np.float64(2) * m; np.float64(2) ** m; np.float64(2) < m; np.float32(2) / m; np.float64(2) - x; np.int64(3) // m
        np.float64(2) == m; np.array(2.) * m; np.array(2.) + x; a[:2] * x; x * a[:2]
    """,
}

CASES = {
    name: "\n".join([_LEAVES.strip(), *(each.strip() for line in calls.splitlines() for each in line.split("; "))])
    for name, calls in CALLS.items()
} | {
    "in place": """
        a, m, x = np.ones(3), torch.full((3,), 2.), torch.ones(3, requires_grad=True)
        a += m
        a
        a *= x
        a
    """
}
