"""What autograd does beyond single operations: seeds, spent tapes, accumulation, leaves, modes, changes in place."""

from __future__ import annotations

CASES = {
    "a root of several elements": """
        x = torch.tensor([1., 2., 3.], requires_grad=True)
        y = x * 2
        y.backward()
        x.grad
        y.backward(torch.tensor([1., 1.]))
        y.backward(torch.tensor(1.))
        y.backward(torch.ones(1, 3))
        y.sum().backward(torch.tensor([1.]))
        y.backward(np.ones(3))
        y.backward([1.0, 1.0, 1.0])
        x.grad
        y.backward(torch.tensor([1., 10., 100.]))
        x.grad
    """,
    "one element of any rank is a root": """
        x = torch.tensor([[2.]], requires_grad=True)
        (x * x).backward()
        x.grad
    """,
    "seeds of another type": """
        x = torch.tensor([1., 2.], requires_grad=True)
        (x * 2).backward(torch.tensor([0.1, 1.], dtype=torch.float64))
        x.grad
        (x * 2).backward(torch.tensor([1, 2]))
        x.grad
        (x * 2).backward(gradient=torch.ones(2), retain_graph=True)
        x.grad
        (x.double() * 0.1).sum().backward()
        x.grad
    """,
    "roots that track nothing": """
        x = torch.tensor([1., 2.])
        x.backward()
        x.sum().backward()
        w = torch.tensor(2., requires_grad=True)
        w.detach().backward()
        (w * 2).detach().backward()
        (w > 1).backward()
        w.backward()
        w.grad
    """,
    "backward twice": """
        x = torch.tensor([1., 2., 3.], requires_grad=True)
        y = (x * x).sum()
        y.backward()
        y.backward()
        x.grad
        y = (x * x).sum()
        y.backward(retain_graph=True)
        y.backward(retain_graph=True)
        y.backward()
        x.grad
        y.backward()
        x.grad
    """,
    "backward twice through what saved nothing": """
        x = torch.tensor([1., 2.], requires_grad=True)
        y = x.sum()
        y.backward()
        y.backward()
        x.grad
        y = (-x + 2).reshape(2, 1).mean()
        y.backward()
        y.backward()
        x.grad
    """,
    "a spent part stops a new root": """
        x = torch.tensor([1., 2.], requires_grad=True)
        shared = x.exp()
        (shared * 3).sum().backward()
        (shared + x).sum().backward()
        x.grad
    """,
    "what is saved": """
        x = torch.tensor([1., 2.], requires_grad=True)
        c = torch.tensor([3., 4.])
        def both(*roots): return [(y.backward(seed_for(y)), second_backward(y))[1] for y in roots]
        both(x * c, c * x, x * 3, x / 3, x / c, c / x, x + c, x - c, 1 - x, -x, x ** 2, x ** 1)
        both(x.exp(), x.log(), x.tanh(), x.sigmoid(), x.sqrt(), x.relu(), x.abs(), x.sin())
        both(x.sum(), x.mean(), x.prod(), x.max(), x.sum(0), x.max(0)[0], x.amax(), x.softmax(0))
        both(x.reshape(2, 1), x[0], x[[0, 1]], x.t(), x.expand(2, 2), torch.cat([x, c]), x.clone())
        both(x.clamp(min=0), torch.maximum(x, c), torch.where(x > 1, x, c), x @ c, x.double())
    """,
    "only factors that are needed are kept": """
        x, w = torch.tensor([1., 2.]), torch.tensor([3., 4.], requires_grad=True)
        y = x * w
        w.data.add_(1)
        with torch.no_grad(): _ = w.mul_(2)
        y.backward(torch.ones(2))
        w.grad
        y = x * w
        _ = x.add_(1)
        y.backward(torch.ones(2))
    """,
    "a saved value was changed": """
        x = torch.tensor([1., 2., 3.], requires_grad=True)
        a = x + 1
        y = a * a
        _ = a.add_(1)
        y.sum().backward()
        w = torch.tensor([1., 2.], requires_grad=True)
        y = w * w
        with torch.no_grad(): _ = w.zero_()
        y.sum().backward()
        e = x.exp()
        _ = e.mul_(2)
        e.sum().backward()
        x.grad
    """,
    "in place on what is tracked": """
        x = torch.tensor([1., 2.], requires_grad=True)
        y = x * 3
        _ = y.add_(1)
        y
        _ = y.mul_(2)
        y
        y.sum().backward()
        x.grad
        z = x * 2
        z += x
        z
        z.sum().backward()
        x.grad
        q = torch.zeros(2)
        q += x
        q
    """,
    "in place on leaves": """
        x = torch.tensor([1., 2.], requires_grad=True)
        x += 1
        x.add_(1)
        x.zero_()
        x[0] = 1.
        with torch.no_grad(): x += 1
        x
        with torch.no_grad(): x[0] = 7.
        x
        x.add_(torch.ones(2, 2))
        y = torch.ones(3)
        y.add_(torch.ones(2, 3))
        i = torch.tensor([1, 2])
        i += 1.5
        i += 1
        i
        i /= 2
        y -= 0.5
        y *= 4
        y /= 8
        y
        y.fill_(3)
        y.copy_(torch.tensor([1, 2, 3]))
        y.copy_(torch.ones(2))
        y.sub_(1, alpha=0.5)
    """,
    "accumulation": """
        x = torch.tensor([1., 2.], requires_grad=True)
        x.grad
        (x * 3).sum().backward()
        g = x.grad
        (x * 3).sum().backward()
        x.grad
        g is x.grad
        x.grad.zero_()
        (x * 3).sum().backward()
        g
        x.grad = None
        (x * 3).sum().backward()
        g is x.grad
        x.grad.requires_grad
        u = torch.ones(2, requires_grad=True)
        u.grad
    """,
    "setting grad": """
        x = torch.tensor([1., 2., 3.], requires_grad=True)
        x.grad = torch.ones(3)
        x.grad
        x.grad = torch.ones(2)
        x.grad = 1.0
        x.grad = torch.ones(3, dtype=torch.float64)
        x.grad = None
        x.grad
    """,
    "leaves and results": """
        x = torch.tensor([1., 2.], requires_grad=True)
        y = x * 2
        (x.is_leaf, y.is_leaf, torch.ones(1).is_leaf, x.detach().is_leaf)
        (x.requires_grad, y.requires_grad, torch.ones(1).requires_grad, x.detach().requires_grad)
        str(x.grad_fn)
        y.grad_fn.name()
        y.grad_fn.next_functions[0][0].name().split('::')[-1]
        y.grad
        y.sum().backward()
        x.grad
    """,
    "retain_grad": """
        x = torch.tensor([1., 2.], requires_grad=True)
        y = x * 2
        y.retain_grad()
        y.retains_grad
        z = (y * y).sum()
        z.retain_grad()
        z.backward(retain_graph=True)
        y.grad
        z.grad
        z.backward()
        y.grad
        x.retain_grad()
        x.retains_grad
        torch.ones(2).retain_grad()
    """,
    "requires_grad": """
        x = torch.tensor([1., 2.])
        x.requires_grad = True
        x
        x.requires_grad_(False)
        x.requires_grad_()
        y = x * 2
        y.requires_grad_(False)
        y.requires_grad = False
        y.requires_grad = True
        y.requires_grad_()
        torch.tensor([1, 2], requires_grad=True)
        torch.tensor([1, 2]).requires_grad_()
        i = torch.tensor([1, 2])
        i.requires_grad = True
        torch.tensor([True]).requires_grad_()
        torch.tensor(x)
    """,
    "leaving the tape": """
        x = torch.tensor([1., 2.], requires_grad=True)
        x.numpy()
        (x * 2).numpy()
        x.detach().numpy()
        x.detach()
        y = (x * 2).detach()
        y
        (y * x).sum().backward()
        x.grad
        d = x.detach()
        d[0] = 9.
        x
        x.data
        x.clone()
        x.clone().detach()
    """,
    "no_grad": """
        x = torch.tensor([1., 2.], requires_grad=True)
        with torch.no_grad(): y = x * 2
        y
        torch.is_grad_enabled()
        with torch.no_grad(): enabled = torch.is_grad_enabled()
        enabled
        with torch.no_grad(), torch.enable_grad(): z = x * 2
        z
        with torch.set_grad_enabled(False): z = x * 2
        z
        f = torch.no_grad()(lambda: x * 2)
        f()
        with torch.no_grad(): w = torch.ones(2, requires_grad=True)
        w
        loss = (x * x).sum()
        with torch.no_grad(): loss.backward()
        x.grad
    """,
    "what is tracked": """
        x, c = torch.tensor([1., 2.], requires_grad=True), torch.tensor([1., 2.])
        c + 1
        x + c
        x > 1
        x.max(0)
        x.detach() + 1
        torch.where(x > 1, c, c)
        torch.ones_like(x)
        x.argmax()
        x.double()
        x.long()
        x == x
        x.to(torch.int64)
    """,
    "shared inputs and diamonds": """
        x = torch.tensor(3., requires_grad=True)
        a = x * x
        b = a + x
        c = a * b
        c.backward()
        x.grad
        y = torch.tensor(2., requires_grad=True)
        (y * y * y).backward()
        y.grad
    """,
    "unused and unreached leaves": """
        x, w = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
        unused = w * 2
        (x * 2).sum().backward()
        w.grad
        x.grad
    """,
    "gradients take the leaf's type": """
        h = torch.tensor([1., 2.], dtype=torch.float64, requires_grad=True)
        x = torch.tensor([1., 2.], requires_grad=True)
        (h * x).sum().backward()
        h.grad
        x.grad
        s = torch.tensor(2., dtype=torch.float64, requires_grad=True)
        y = x * s
        y
        y.sum().backward()
        s.grad
        f = torch.tensor([0.5], dtype=torch.float16, requires_grad=True)
        (f * 3).backward()
        f.grad
    """,
    "views share memory": """
        x = torch.arange(6.)
        v = x.view(2, 3)
        v[0, 0] = 10.
        x
        x.reshape(3, 2)[2, 1] = 20.
        v
        t = v.T
        t[0, 1] = 30.
        x
        _ = x[1:3].zero_()
        x
        e = torch.ones(1).expand(3)
        e
        c = v.clone()
        c[0, 0] = -1.
        x
    """,
    "what a quotient saved": """
        a = torch.tensor([1., 2., 3.], requires_grad=True)
        x = torch.tensor([2., 4., 8.], requires_grad=True)
        b = a * 1 / (x * 1)
        _ = b.add_(1)
        b.sum().backward()
        a.grad
        x.grad
    """,
    "memory of their own, or not": """
        x = torch.tensor([1., 2., 3.], requires_grad=True)
        a = x * 2
        b = a * a
        _ = F.pad(a, (0, 0)).mul_(10)
        b.sum().backward()
        x.grad
        c = torch.tensor([1., 2., 3.])
        _ = F.pad(c, (0, -1)).mul_(10)
        _ = F.pad(c, (-1, -1)).mul_(10)
        _ = F.pad(c, ()).mul_(10)
        _ = F.adaptive_avg_pool1d(c.reshape(1, 3), 3).mul_(10)
        c
        torch.ones(2, 3).expand(2, 3).mul_(2)
        torch.ones(2, 3).expand(1, -1, -1).mul_(2)
        torch.ones(2, 3).expand(2, 2, 3).mul_(2)
        w = torch.ones(2, requires_grad=True)
        w.numpy()
        with torch.no_grad(): n = w.numpy()
        n
    """,
    "zero_grad and data": """
        w = torch.ones(2, requires_grad=True)
        (w * 3).sum().backward()
        w.grad.zero_()
        w.data = torch.tensor([5., 6.])
        w
        w.data
        (w * w).sum().backward()
        w.grad
    """,
    "autograd.backward": """
        x = torch.tensor([1., 2.], requires_grad=True)
        y, z = x * 2, x * 3
        torch.autograd.backward([y.sum(), z.sum()])
        x.grad
        torch.autograd.backward(x * 2, torch.ones(2))
        x.grad
    """,
}
