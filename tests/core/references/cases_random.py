"""The numbers that seeds give."""

from __future__ import annotations


def _seeded(call: str, seed: int = 0) -> str:
    return f"_ = torch.manual_seed({seed})\n{call}"


CASES = {
    "normals by the number of them": "\n".join(_seeded(f"torch.randn({n})") for n in (*range(1, 41), 100)),
    "many normals": _seeded("torch.randn(1000)[-40:]", 7),
    "normals in float64": "\n".join(_seeded(f"torch.randn({n}, dtype=torch.float64)") for n in (1, 5, 15, 16, 17, 32)),
    "normals in a shape": _seeded("torch.randn(2, 3)") + "\n" + _seeded("torch.randn((3, 7))"),
    "uniforms": "\n".join(
        _seeded(call, 3) for call in ("torch.rand(5)", "torch.rand(2, 9)", "torch.rand(5, dtype=torch.float64)")
    ),
    "integers": "\n".join(
        _seeded(f"torch.randint({bounds}, (8,))", 1)
        for bounds in ("0, 10", "-5, 5", "3", "0, 2 ** 24 + 1", "0, 2 ** 28 - 1", "0, 2 ** 28", "0, 2 ** 40",
                       "-2 ** 63, 2 ** 63 - 1")
    ),
    "permutations": "\n".join(_seeded(f"torch.randperm({n})", 1) for n in (0, 1, 2, 6, 30)),
    "like another": """
        _ = torch.manual_seed(5)
        torch.rand_like(torch.zeros(2, 2, dtype=torch.float64))
        torch.randn_like(torch.zeros(3))
    """,
    "a normal left over waits for the next call": """
        _ = torch.manual_seed(0)
        torch.randn(1)
        torch.rand(1)
        torch.randn(3, dtype=torch.float64)
        torch.randn(20)
        torch.randint(0, 10, (3,))
        torch.randperm(4)
        torch.randn(2)
        torch.randn(0)
        torch.randn(1)
    """,
    "a new seed forgets the normal left over": """
        _ = torch.manual_seed(0)
        torch.randn(1)
        _ = torch.manual_seed(0)
        torch.randn(1)
    """,
    "seeds": """
        _ = torch.manual_seed(-1)
        torch.initial_seed()
        torch.rand(2)
        _ = torch.manual_seed(2 ** 32 + 5)
        torch.initial_seed()
        torch.rand(2)
        torch.manual_seed(2 ** 64)
        torch.manual_seed('a')
    """,
    "what cannot be drawn": """
        torch.randint(5, 5, (2,))
        torch.randint(5, 2, (2,))
        torch.randint(0, 300, (2,), dtype=torch.int8)
        torch.rand(2, dtype=torch.int64)
        torch.randn(2, dtype=torch.int64)
        torch.rand(-1)
    """,
}  # fmt: skip
