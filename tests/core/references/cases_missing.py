"""What PyTorch tracks without knowing a derivative: the result requires grad, and backward stops there."""

from __future__ import annotations

CASES = {
    "rounded quotients": """
        x = torch.tensor([5., -3.], requires_grad=True)
        x // 2
        repr(x // 2)
        x // torch.tensor([2., 1.], requires_grad=True)
        7 // x
        x.floor_divide(2)
        x.detach() // 2
        torch.tensor([5, -3]) // 2
        (x * x // 2 + x).sum().backward()
        x.grad
        torch.autograd.grad((x // 2).sum(), x)
        y = (x // 2).sum()
        y.backward()
        y.backward()
        with torch.no_grad(): z = x // 2
        z
    """,
    "what is left of a number": """
        x = torch.tensor([5., -3.], requires_grad=True)
        7 % x
        torch.remainder(7, x)
        (7 % x).sum().backward()
        x % 7
        x % torch.tensor([2., 2.], requires_grad=True)
        7 % x.detach()
        torch.fmod(x, 3)
    """,
    "different elements": """
        x = torch.tensor([1., 2., 1.], requires_grad=True)
        torch.unique(x)
        torch.unique(x, dim=0)
        torch.unique(x, return_inverse=True, return_counts=True)
        torch.unique(x).sum().backward()
        x.unique(dim=0).sum().backward()
        torch.unique(x.detach())
    """,
    "leaves that nobody holds": """
        def made():
            x = torch.tensor([1., 2.], requires_grad=True)
            return x, (x * 2).sum()
        x, y = made()
        leaf = y.grad_fn.next_functions[0][0].next_functions[0][0]
        leaf.variable is x
        del x
        leaf.variable
        found = leaf.variable
        y.backward()
        found.grad
        leaf.variable is found
    """,
    "copies and pickles": """
        import copy, pickle
        x = torch.tensor([1., 2.], requires_grad=True)
        x.grad = torch.tensor([3., 4.])
        pickled = pickle.loads(pickle.dumps(x))
        (pickled, pickled.grad, pickled is x)
        shallow = copy.copy(x)
        (shallow, shallow.grad)
        deep = copy.deepcopy(x)
        (deep, deep.grad)
        pickle.loads(pickle.dumps(x * 2))
        copy.deepcopy(x * 2)
        copy.copy(x * 2)
        pickle.loads(pickle.dumps(torch.tensor([1, 2])))
        first, second = pickle.loads(pickle.dumps((x, x)))
        first is second
        first, second = copy.deepcopy([x, x])
        first is second
        optimizer = torch.optim.SGD([x], lr=0.1, momentum=0.9)
        optimizer.step()
        again = copy.deepcopy(optimizer)
        again.param_groups[0]['params'][0] is x
        again.state[again.param_groups[0]['params'][0]]['momentum_buffer']
        pickle.loads(pickle.dumps(optimizer.state_dict()))['state']
        pickle.loads(pickle.dumps(x.shape))
        pickle.loads(pickle.dumps(torch.float64)) is torch.float64
    """,
}
