"""Lines as they stand in notebooks: NumPy's names and arrays, places in brackets, assignments, weights drawn anew."""

from __future__ import annotations

_LEAVES = """
t, v = torch.tensor([1., 2.]), torch.tensor([1., 2., 3.], requires_grad=True)
x, n = torch.arange(12.).reshape(3, 4), np.array([1., 2.])
"""

LINES = {
    "arguments by NumPy's names": """
        x.sum(axis=0)
        x.sum(axis=0, keepdims=True)
        x.mean(axis=(0, 1))
        x.max(axis=0)
        x.argmax(axis=1)
        x.std(axis=0, keepdims=True)
        x.prod(axis=0)
        x.amax(axis=0, keepdims=True)
        x.softmax(axis=1)
        torch.cat([x, x], axis=0).shape
        torch.stack((x, x), axis=0).shape
        torch.squeeze(x[None], axis=0).shape
        torch.unsqueeze(x, axis=0).shape
        torch.cumsum(x, axis=0)
        torch.sort(x, axis=0)
        torch.topk(x, 1, axis=0)
        torch.gather(x, axis=0, index=torch.tensor([[0]]))
        torch.linalg.norm(x, axis=0)
        torch.add(x1=t, x2=t)
        torch.exp(x=t)
        torch.sum(a=t)
        t.roll(1, axis=0)
        torch.sum(t, axis=0, dim=0)
    """,
    "arrays beside tensors": """
        t + n
        t - n
        t * n
        t / n
        t ** n
        t @ n
        t // n
        t % n
        t + np.array(1.)
        t + np.array([1, 2])
        t + np.array([1., 2.], np.float32)
        t == n
        t != n
        t > n
        n > t
        n - t
        v + np.ones(3)
        v == np.ones(3)
        t + np.ones(3)
        torch.add(t, n)
        torch.exp(n)
    """,
    "places in brackets": """
        x[[]]
        x[range(2)]
        x[((0, 1),)]
        x[[0, 2], [1, 3]]
        x[:, [0, -1]]
        x[np.array([0, 2])]
        x[torch.tensor([0.5])]
        v[[]]
        torch.where(x > 5)
        torch.where(condition=t > 1)
        torch.where(v)
        torch.where(torch.tensor(1.))
    """,
    "assignments": """
        y = torch.zeros(3)
        y[0] = torch.tensor([1., 2.])
        y[0] = torch.tensor([[1.]])
        y
        y[:] = [1., 2., 3.]
        y[:] = n
        y[0] = 'a'
        y[0] = None
        y[0] = [1.]
        y[0] = n[0]
        y[1] = True
        y
        y[torch.tensor([True, False, True])] = torch.tensor([9., 8., 7.])
        y[[0, 1]] = torch.tensor([9., 8., 7.])
        y[[0, 1]] = torch.tensor([[9., 8.]])
        y
        y[[]] = 1.
        y[1:] = torch.ones(3)
        y[1:] = torch.ones(2, 2)
        y[5] = 1
        y[None] = 4
        y
    """,
    "sizes and members": """
        torch.Size([1]) + torch.Size([2])
        torch.Size([1]) + (2,)
        (3,) + torch.Size([1])
        torch.Size([1]) * 2
        2 in t
        torch.tensor(2) in t
        5 in t
        'a' in t
        torch.manual_seed(1).initial_seed()
        torch.randint(10, size=(3,))
        torch.randint(2, 10, size=(3,))
    """,
    "weights drawn anew": """
        torch.manual_seed(0).initial_seed()
        torch.empty(3).uniform_()
        torch.empty(3).uniform_(-1, 1)
        torch.empty(3, dtype=torch.float64).uniform_(2, 3)
        torch.empty(3).uniform_(1, 0)
        torch.empty(3).normal_()
        torch.empty(3).normal_(mean=1, std=2)
        torch.empty(20).normal_(1, 2)
        torch.empty(3).normal_(0, -1)
        torch.empty(4).random_(3)
        torch.empty(4, dtype=torch.int64).random_(2, 5)
        torch.empty(3, dtype=torch.int64).normal_()
        torch.empty(3, dtype=torch.int64).uniform_()
        v.normal_()
        with torch.no_grad(): w = torch.ones(2, requires_grad=True).uniform_(-0.5, 0.5)
        w
    """,
}

CASES = {
    name: "\n".join([_LEAVES.strip(), *map(str.strip, lines.strip().splitlines())]) for name, lines in LINES.items()
}
