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
    "what is no generator": """
        m = torch.ones(2, 3)
        torch.rand(2, generator='a')
        torch.randn(2, generator=3)
        torch.randn(2, generator=None).shape
        torch.randint(3, (2,), generator=3)
        torch.randperm(3, generator=3)
        torch.normal(0., 1., (2,), generator=3)
        torch.normal(m, m, generator=3)
        torch.bernoulli(m, generator=3)
        m.normal_(generator=3)
        m.uniform_(generator=3)
        m.random_(0, 3, generator=3)
        m.bernoulli_(generator=3)
    """,
    "what is no bound": """
        m = torch.ones(2, 3)
        torch.normal('a', 1.)
        torch.normal(0., 1.)
        torch.normal(0., 'a', (2,))
        torch.normal(m, 'a')
        torch.bernoulli('a')
        torch.bernoulli(m, 'a')
        m.normal_('a')
        m.normal_(0, 'a')
        m.uniform_('a')
        m.uniform_(0., 1., 3)
        m.uniform_(to=2.).shape
        m.random_('a')
        m.random_(2.5)
        m.bernoulli_('a')
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
