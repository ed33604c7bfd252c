"""Derivatives of derivatives: what ``create_graph`` tracks, and what ``autograd.grad`` returns and refuses."""

from __future__ import annotations

CASES = {
    "grad returns and leaves alone": """
        x, w = torch.tensor([1., 2.], requires_grad=True), torch.tensor(3., requires_grad=True)
        torch.autograd.grad((x * w).sum(), x)
        torch.autograd.grad((x * w).sum(), [x, w])
        torch.autograd.grad((x * w).sum(), (w,))
        (x.grad, w.grad)
        torch.autograd.grad(x * w, x, torch.tensor([1., 10.]))
        torch.autograd.grad(x * w, x, grad_outputs=[torch.tensor([1., 10.])])
        torch.autograd.grad([(x * w).sum(), x * 2], [x], grad_outputs=[None, torch.ones(2)])
        torch.autograd.grad(x * w, x)
        torch.autograd.grad(x * w, x, torch.ones(3))
        torch.autograd.grad(x * w, [x], [1.0])
        torch.autograd.grad([(x * w).sum(), x * 2], [x], [torch.tensor(1.)])
        torch.autograd.grad([(x * w).sum(), x * 2], [x], grad_outputs=[None])
    """,
    "grad of roots, results and twice": """
        x = torch.tensor([1., 2.], requires_grad=True)
        y = x * x
        s = y.sum()
        torch.autograd.grad(s, s, retain_graph=True)
        torch.autograd.grad(s, [s, y, x], retain_graph=True)
        torch.autograd.grad(x, x, torch.ones(2))
        torch.autograd.grad(s, y)
        torch.autograd.grad(s, y)
        torch.autograd.grad(s, x)
        torch.autograd.grad(s, x)
        torch.autograd.grad(s, y)
        torch.autograd.grad(x.sum(), [x, x])
    """,
    "inputs that are not used": """
        x, y = torch.tensor([1., 2.], requires_grad=True), torch.ones(3, requires_grad=True)
        torch.autograd.grad(x.sum(), [x, y])
        torch.autograd.grad(x.sum(), y)
        torch.autograd.grad(x.sum(), [x, y], allow_unused=True)
        torch.autograd.grad(x.sum(), [y, x], materialize_grads=True)
        torch.autograd.grad(x.sum(), [x, y], allow_unused=False, materialize_grads=True)
        torch.autograd.grad(x.sum(), [x, torch.ones(2)])
        torch.autograd.grad(x.sum(), torch.ones(2), allow_unused=True)
        torch.autograd.grad(x.sum(), [])
        torch.autograd.grad(x.sum(), [1])
        torch.autograd.grad(x.sum(), 1)
        torch.autograd.grad(torch.ones(()), [x])
        torch.autograd.grad([x.sum(), torch.ones(())], [x])
        torch.autograd.grad([], [x])
        torch.autograd.grad(x.sum(), [x, y], create_graph=True, materialize_grads=True)
    """,
    "second and third derivatives": """
        x = torch.tensor([1., 2.], dtype=torch.float64, requires_grad=True)
        g, = torch.autograd.grad((x ** 3).sum(), x, create_graph=True)
        g
        h, = torch.autograd.grad(g.sum(), x, create_graph=True)
        h
        t, = torch.autograd.grad(h.sum(), x, create_graph=True)
        t
        torch.autograd.grad((x * 2).sum(), x, create_graph=True)
        torch.autograd.grad(x.sum(), x, create_graph=True)
        e, = torch.autograd.grad(x.exp().sum(), x, create_graph=True)
        e.requires_grad
        torch.autograd.grad(e.sum(), x)
        n = x.sin().tanh()
        d1, = torch.autograd.grad(n.sum(), x, create_graph=True)
        d2, = torch.autograd.grad(d1.sum(), x, create_graph=True)
        d3, = torch.autograd.grad(d2.sum(), x)
        (d1.detach(), d2.detach(), d3)
    """,
    "mixed derivatives": """
        x, y = torch.tensor(2., requires_grad=True), torch.tensor(3., requires_grad=True)
        z = x ** 2 * y ** 3
        dx, dy = torch.autograd.grad(z, [x, y], create_graph=True)
        (dx.detach(), dy.detach())
        torch.autograd.grad(dx, [x, y], retain_graph=True)
        torch.autograd.grad(dy, [x, y])
        dxy, = torch.autograd.grad(torch.autograd.grad((x * y).exp(), x, create_graph=True)[0], y)
        dxy
    """,
    "a gradient with respect to the seed": """
        x, v = torch.tensor([1., 2.], requires_grad=True), torch.tensor([0.5, -1.], requires_grad=True)
        g, = torch.autograd.grad(x.exp(), x, v, create_graph=True)
        torch.autograd.grad(g.sum(), [x, v])
        w = torch.zeros(2, requires_grad=True)
        g, = torch.autograd.grad(x * x, x, w, create_graph=True)
        torch.autograd.grad(g, w, torch.tensor([1., 10.]))
        u = torch.ones(2, dtype=torch.float64, requires_grad=True)
        g, = torch.autograd.grad(x * x, x, u, create_graph=True)
        g
        torch.autograd.grad(g.sum(), u)
    """,
    "whether the graph is retained": """
        x = torch.tensor([1., 2.], requires_grad=True)
        y = (x * x).sum()
        g = torch.autograd.grad(y, x, create_graph=True)[0]
        y.backward()
        x.grad
        y.backward()
        g.sum().backward()
        x.grad
        y = (x * x).sum()
        g = torch.autograd.grad(y, x, create_graph=True, retain_graph=False)[0]
        y.backward()
        g.sum().backward()
        x.grad
    """,
    "modes do not matter to it": """
        x = torch.tensor([1., 2.], requires_grad=True)
        y = (x * x).sum()
        with torch.no_grad(): g, = torch.autograd.grad(y, x, create_graph=True)
        g.requires_grad
        torch.is_grad_enabled()
        with torch.no_grad(): torch.autograd.grad((x * x).sum(), x)
        g, = torch.autograd.grad((x * x).sum(), x)
        g.requires_grad
    """,
    "backward with create_graph": """
        import warnings
        def quietly(run):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return run()
        x = torch.tensor([1., 2.], requires_grad=True)
        quietly(lambda: (x * x).sum().backward(create_graph=True))
        x.grad
        x.grad.grad_fn.next_functions[0][0]
        x.grad.grad_fn.next_functions[1][0].name()
        first = x.grad
        quietly(lambda: (x * x).sum().backward(create_graph=True))
        x.grad
        first is x.grad
        first
        g = x.grad
        x.grad = None
        g.sum().backward()
        x.grad
        x.grad = None
        quietly(lambda: (x * 2).sum().backward(create_graph=True))
        x.grad
        held = x.grad
        quietly(lambda: (x * 2).sum().backward(create_graph=True))
        held is x.grad
        x.grad
        (x * 2).sum().backward()
        x.grad
        m = x * x
        m.retain_grad()
        quietly(lambda: (m * m).sum().backward(create_graph=True))
        m.grad.requires_grad
        m.grad.detach()
    """,
    "backward into some inputs": """
        x, y = torch.tensor([1., 2.], requires_grad=True), torch.ones(2, requires_grad=True)
        z = (x * x + y).sum()
        z.backward(inputs=[])
        z.backward(inputs=[x], retain_graph=True)
        (x.grad, y.grad)
        z.backward(inputs=y)
        (x.grad, y.grad)
        z.backward(inputs=y)
        y.grad
        z.backward(inputs=[x])
        m = x * x
        z = m.sum()
        z.backward(inputs=[m])
        m.grad
        m.retains_grad
        x.grad
        z.backward(inputs=[m, x])
        m.grad
        x.grad
        z.backward(inputs=[torch.ones(2)])
        z.backward(inputs=[1])
        unused = torch.ones(2, requires_grad=True)
        x.sum().backward(inputs=[unused])
        unused.grad
        torch.autograd.backward(x.sum(), inputs=x)
        x.grad
        torch.autograd.backward([x.sum(), (x * 2).sum()], inputs=[x], retain_graph=True)
        x.grad
        torch.autograd.backward([x.sum()], [None, None])
        torch.autograd.backward([x.sum(), x.sum()], torch.tensor(1.))
    """,
    "a gradient penalty": """
        x = torch.tensor([[1., 2.], [0.5, -1.]], requires_grad=True)
        w = torch.tensor([[0.3, -0.2], [0.1, 0.4]], requires_grad=True)
        out = torch.tanh(x @ w).sum()
        g, = torch.autograd.grad(out, x, create_graph=True)
        penalty = ((g ** 2).sum(1).sqrt() - 1).pow(2).mean()
        penalty.detach()
        penalty.backward()
        w.grad
        x.grad
    """,
    "a saved value changed between the two passes": """
        x = torch.tensor([1., 2.], requires_grad=True)
        n = x + 0
        y = n * n
        g, = torch.autograd.grad(y.sum(), n, create_graph=True)
        g
        with torch.no_grad(): _ = n.add_(1)
        torch.autograd.grad(y.sum(), n, create_graph=True)
    """,
    "second derivatives of what is joined and picked": """
        x = torch.tensor([[1., 2., 3.], [-1., 0.5, 2.]], dtype=torch.float64, requires_grad=True)
        b = torch.tensor([0.5, -1., 2.], dtype=torch.float64, requires_grad=True)
        y = torch.cat([x * x, b[None] * x]).max(0)[0] ** 2
        g, h = torch.autograd.grad(y.sum(), [x, b], create_graph=True)
        torch.autograd.grad((g * g).sum(), [x, b], allow_unused=True)
        y = x[:, 1:] ** 3 * b[[0, 0]]
        g, h = torch.autograd.grad(y.sum(), [x, b], create_graph=True)
        torch.autograd.grad((g * g).sum() + h.sum(), [x, b])
        p, = torch.autograd.grad(x.prod(), x, create_graph=True)
        torch.autograd.grad(p.sum(), x)
    """,
    "second derivatives of what is broadcast, reduced and chosen": """
        x = torch.tensor([[1., 2., 3.], [-1., 0.5, 2.]], dtype=torch.float64, requires_grad=True)
        b = torch.tensor([0.5, -1., 2.], dtype=torch.float64, requires_grad=True)
        def twice(y):
            first = torch.autograd.grad(y.sum(), [x, b], create_graph=True, allow_unused=True)
            total = sum((g * g).sum() for g in first if g is not None)
            return torch.autograd.grad(total, [x, b], allow_unused=True)
        twice(x * b)
        twice((x * b).mean(1))
        twice(torch.where(x > b, x * x, b * x))
        twice(torch.maximum(x * x, b))
        twice((x / b).clamp(-1, 3) ** 2)
        twice(x.softmax(1) * b)
        twice((x @ b) ** 3)
        twice(torch.nn.functional.mse_loss(x * x, b.expand(2, 3)))
        twice(torch.nn.functional.cross_entropy(x * b, torch.tensor([0, 2])))
        twice(torch.stack([b.exp(), b ** 2]).log_softmax(0) * x.abs())
    """,
}

CASES |= {
    "gradients of straight lines": """
        x = torch.tensor([-2., 0.25, 3.], dtype=torch.float64, requires_grad=True)
        def again(y):
            g, = torch.autograd.grad(y.sum(), x, create_graph=True)
            if not g.requires_grad: return 'not tracked'
            return torch.autograd.grad((g * torch.arange(3.)).sum(), x)[0] + 0
        again(torch.relu(x))
        again(F.leaky_relu(x))
        again(F.hardtanh(x))
        again(F.relu6(x))
        again(F.threshold(x, 0, 1))
        again(F.hardshrink(x))
        again(F.softshrink(x))
        again(x.abs())
        again(F.l1_loss(x, torch.zeros(3, dtype=torch.float64)))
        again(x.norm(1))
        again(x.norm(float('inf')))
        again(F.max_pool1d(x.reshape(1, 3), 2))
        again(F.prelu(x, torch.tensor(0.5, dtype=torch.float64)))
        again(x.clamp(0, 1))
        again(x.max())
        again(x * 2)
        again(x.sum())
        w = torch.tensor([[1., -2., 0.5]], dtype=torch.float64, requires_grad=True)
        h, = torch.autograd.grad(torch.relu(x @ w.T).sum(), x, create_graph=True)
        torch.autograd.grad(h.sum(), [x, w])
    """,
    "gradcheck": """
        x = torch.tensor([1., 2.], dtype=torch.float64, requires_grad=True)
        gradcheck, gradgradcheck = torch.autograd.gradcheck, torch.autograd.gradgradcheck
        gradcheck(lambda x: x * x, x)
        gradcheck(lambda x: (x, x * x), [x])
        gradcheck(lambda x, y: x * y, (x, torch.ones(2, dtype=torch.float64)))
        gradcheck(lambda x, y: x * y, (x, 2.0))
        gradcheck(lambda x: x * x.detach(), x)
        gradcheck(lambda x: x * x.detach(), x, raise_exception=False)
        gradcheck(lambda x: x.detach(), x)
        gradcheck(lambda x: x.detach() * 0, x)
        gradcheck(lambda x: x, x.detach())
        gradcheck(lambda x: x * 2, torch.tensor([1., 2.], requires_grad=True), atol=1e-1, rtol=1e-1)
        gradgradcheck(lambda x: x * x.exp(), x)
        gradgradcheck(lambda x: x * 2, x)
        gradgradcheck(lambda x: x.sum(), x.detach())
        gradgradcheck(lambda x: (x ** 3, x.sin()), x, [torch.ones(2, dtype=torch.float64, requires_grad=True)] * 2)
        x.grad
    """,
    "jacobians and hessians": """
        A = torch.autograd.functional
        x, y = torch.tensor([1., 2.]), torch.tensor([3., -1.])
        A.jacobian(lambda x: x.exp(), x)
        A.jacobian(lambda x, y: x * y, (x, y))
        A.jacobian(lambda x, y: (x * y, x.sum()), (x, y))
        A.jacobian(lambda x: x.reshape(2, 1) * 3, x)
        A.jacobian(lambda x: x.detach(), x)
        A.jacobian(lambda x: x.detach(), x, strict=True)
        A.jacobian(lambda x: 3, x)
        A.jacobian(lambda x: x, 3)
        A.jacobian(lambda x: x * x, x.clone().requires_grad_(), create_graph=True)
        A.hessian(lambda x: (x ** 3).sum(), x)
        A.hessian(lambda x, y: (x * y * y).sum(), (x, y))
        A.hessian(lambda x: x * x, x)
        A.hessian(lambda x: x.sum(), x)
    """,
    "products with jacobians and hessians": """
        A = torch.autograd.functional
        x, v = torch.tensor([1., 2.]), torch.tensor([0.5, -1.])
        A.vjp(lambda x: x * x, x, v)
        A.vjp(lambda x: x * x, x)
        A.vjp(lambda x: (x * x).sum(), x)
        A.vjp(lambda x: x * x, x, torch.ones(3))
        A.jvp(lambda x: x * x, x, v)
        A.jvp(lambda x: (x.sum(), x * 2), x, v)
        A.jvp(lambda x: x * x, x)
        A.hvp(lambda x: (x ** 3).sum(), x, v)
        A.vhp(lambda x: (x ** 3).sum(), x, v)
        A.hvp(lambda x: x.sum(), x, v)
        A.hvp(lambda x, y: (x * x * y).sum(), (x, v), (v, x))
        A.hvp(lambda x: x * x, x, v)
        A.hvp(lambda x: (x ** 3).sum(), x)
        x.requires_grad
    """,
}
