"""Hooks on tensors and nodes: when they are called, what they are given, and what becomes of what they return."""

from __future__ import annotations

CASES = {
    "a hook sees and replaces": """
        x = torch.tensor([1., 2.], requires_grad=True)
        seen = []
        handle = x.register_hook(lambda g: seen.append(g))
        (x * 2).sum().backward()
        seen
        x.grad
        handle.remove()
        handle.remove()
        (x * 2).sum().backward()
        len(seen)
        _ = x.register_hook(lambda g: g * 10)
        _ = x.register_hook(lambda g: g + 1)
        x.grad = None
        (x * 2).sum().backward()
        x.grad
        torch.autograd.grad((x * 2).sum(), x)
        with x.register_hook(lambda g: g * 100): (x * 2).sum().backward()
        x.grad
    """,
    "hooks of results": """
        x = torch.tensor([1., 2.], requires_grad=True)
        y = x * 2
        y.retain_grad()
        _ = y.register_hook(lambda g: g * 3)
        y.sum().backward()
        (y.grad, x.grad)
        y = x * 2
        _ = y.register_hook(lambda g: g * 7)
        torch.autograd.grad(y.sum(), [y])
        y = x * 2
        _ = y.register_hook(lambda g: g * 7)
        torch.autograd.grad(y.sum(), [y, x])
        y = x * x
        _ = y.register_hook(lambda g: g * 5)
        (y + y).sum().backward()
        x.grad
    """,
    "what a hook may not do": """
        torch.ones(2).register_hook(print)
        x = torch.tensor([1., 2.], requires_grad=True)
        y = x * 2
        _ = y.register_hook(lambda g: 5)
        y.sum().backward()
        def halved(g): return g[:1]
        y = x * 2
        _ = y.register_hook(halved)
        y.sum().backward()
        y = x * 2
        _ = y.register_hook(lambda g: g.double())
        y.sum().backward()
        def failing(g): raise ValueError('of its own')
        y = x * 2
        _ = y.register_hook(failing)
        y.sum().backward()
        x.grad
    """,
    "the order of hooks": """
        x = torch.tensor([1., 2.], requires_grad=True)
        order = []
        def note(what): return lambda *given: order.append((what, *given))
        y = x * 3
        _ = y.register_hook(note('first of the tensor'))
        _ = y.register_hook(note('second of the tensor'))
        _ = y.grad_fn.register_hook(note('after the node'))
        _ = y.grad_fn.register_prehook(note('before the node'))
        _ = x.register_post_accumulate_grad_hook(lambda leaf: order.append(('accumulated', leaf.grad.clone())))
        _ = x.register_hook(note('of the leaf'))
        y.sum().backward()
        [entry[0] for entry in order]
        [entry[1:] for entry in order]
    """,
    "hooks of nodes": """
        x = torch.tensor([1., 2.], requires_grad=True)
        y = x * 3
        _ = y.grad_fn.register_hook(lambda inputs, outputs: (inputs[0] * 5, inputs[1]))
        y.sum().backward()
        x.grad
        y = x * 3
        _ = y.grad_fn.register_prehook(lambda outputs: (outputs[0] * 100,))
        y.sum().backward()
        x.grad
        y = x * 3
        _ = y.grad_fn.register_hook(lambda inputs, outputs: inputs[0])
        y.sum().backward()
        y = x * 3
        _ = y.grad_fn.register_hook(lambda inputs, outputs: (inputs[0],))
        y.sum().backward()
        y = x * 3
        _ = y.grad_fn.register_prehook(lambda outputs: outputs[0])
        y.sum().backward()
        y = x * 3
        handle = y.grad_fn.register_prehook(lambda outputs: (outputs[0] * 100,))
        handle.remove()
        x.grad = None
        y.sum().backward()
        x.grad
        y = x * 3
        _ = y.grad_fn.register_prehook(lambda outputs: (outputs[0] * 7,))
        torch.autograd.grad(y.sum(), [y, x])
    """,
    "hooks of nodes that change what a gradient is": """
        def through(before=None, after=None):
            x = torch.tensor([1., 2.], requires_grad=True)
            y = -x
            if before: _ = y.grad_fn.register_prehook(before)
            if after: _ = y.grad_fn.register_hook(after)
            y.sum().backward()
            return x.grad
        through()
        through()
        through()
        through(before=lambda g: (torch.tensor(2.),))
        through(before=lambda g: (g[0].double(),))
        through(before=lambda g: (3,))
        through(after=lambda sent, got: (torch.tensor(2.),))
        through(after=lambda sent, got: (sent[0].double(),))
        through(before=lambda g: (g[0] * 2,), after=lambda sent, got: (sent[0] * 5,))
    """,
    "a gradient that is undefined": """
        x = torch.tensor([1., 2.], requires_grad=True)
        y = x * 2
        z = y.exp()
        _ = z.grad_fn.register_hook(lambda inputs, outputs: (None,))
        (z.sum() + y.sum()).backward()
        x.grad
        seen = []
        def note(what): return lambda *given: seen.append((what, *given))
        w = torch.tensor([1., 2.], requires_grad=True)
        y = w * 2
        _ = y.register_hook(note('of the tensor'))
        _ = y.grad_fn.register_prehook(note('before the node'))
        _ = y.grad_fn.register_hook(note('after the node'))
        _ = w.register_hook(note('of the leaf'))
        _ = w.register_post_accumulate_grad_hook(lambda leaf: seen.append(leaf.grad))
        torch.norm(y, p=0).backward()
        seen
        w.grad
        torch.autograd.grad(torch.norm(w, p=0), w)
        torch.autograd.grad(torch.norm(w, p=0), w, allow_unused=True)
        torch.autograd.grad(torch.norm(w * 2, p=0), w, create_graph=True, allow_unused=True)
        b = torch.tensor([1., 2.], requires_grad=True)
        _ = b.register_hook(lambda g: torch.ones(2))
        torch.norm(b, p=0).backward()
        b.grad
    """,
    "after accumulation": """
        x = torch.tensor([1., 2.], requires_grad=True)
        seen = []
        _ = x.register_post_accumulate_grad_hook(lambda leaf: seen.append((leaf is x, leaf.grad.clone())))
        (x * 3).sum().backward()
        (x * 3).sum().backward()
        seen
        torch.autograd.grad((x * 3).sum(), x)
        len(seen)
        (x * 2).register_post_accumulate_grad_hook(print)
        torch.ones(1).register_post_accumulate_grad_hook(print)
        w = torch.tensor([1., 2.], requires_grad=True)
        _ = w.register_post_accumulate_grad_hook(lambda leaf: 3)
        w.sum().backward()
        w.grad
        p = torch.tensor([1., 2.], requires_grad=True)
        def step(leaf):
            with torch.no_grad(): leaf -= 0.5 * leaf.grad
            leaf.grad = None
        _ = p.register_post_accumulate_grad_hook(step)
        (p * p).sum().backward()
        p
        p.grad
    """,
    "tracking inside hooks": """
        x = torch.tensor([1., 2.], requires_grad=True)
        seen = []
        _ = x.register_hook(lambda g: seen.append((torch.is_grad_enabled(), g.requires_grad)))
        (x * x).sum().backward()
        _ = torch.autograd.grad((x * x).sum(), x, create_graph=True)
        seen
        y = x * x
        _ = y.register_hook(lambda g: g * x)
        g, = torch.autograd.grad((y * y).sum(), x, create_graph=True)
        g.detach()
        torch.autograd.grad(g.sum(), x)
    """,
    "the graph by its nodes": """
        x = torch.tensor([1., 2.], requires_grad=True)
        y = x * 3
        z = (y + x).sum()
        z.grad_fn.name()
        [next[0].name() for next in z.grad_fn.next_functions]
        [next[0].name() for next in z.grad_fn.next_functions[0][0].next_functions]
        y.grad_fn.next_functions[1]
        leaf = y.grad_fn.next_functions[0][0]
        leaf.name()
        leaf.next_functions
        leaf.variable is x
        y.grad_fn is y.grad_fn
        (x * x).grad_fn.next_functions[0][0] is leaf
    """,
    "retained gradients follow a change in place": """
        x = torch.tensor([1., 2.], requires_grad=True)
        a = x * 2
        a.retain_grad()
        _ = a.add_(1)
        a.retains_grad
        (a * 5).sum().backward()
        a.grad
        x.grad
    """,
}
