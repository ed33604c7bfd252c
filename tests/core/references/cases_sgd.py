"""Five steps of SGD with every option, and what it refuses."""

from __future__ import annotations

OPTIONS = (
    "", "lr=0.1", "lr=0.1, momentum=0.9", "lr=0.1, momentum=0.9, dampening=0.5", "lr=0.1, momentum=0.9, nesterov=True",
    "lr=0.1, weight_decay=0.01", "lr=0.1, maximize=True", "lr=0.1, momentum=0.5, weight_decay=0.1, maximize=True",
    "lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01", "0.05",
)  # fmt: skip


def _steps(options: str) -> str:
    return f"""
        w = torch.tensor([1., -2.], dtype=torch.float64, requires_grad=True)
        b = torch.tensor(0.5, requires_grad=True)
        idle = torch.tensor(1., requires_grad=True)
        optimizer = torch.optim.SGD([w, b, idle]{", " * bool(options)}{options})
        seen = []
        for _ in range(5):
            optimizer.zero_grad()
            loss = ((w * w).sum() + b * b - w[0] * b) / 2
            loss.backward()
            optimizer.step()
            seen.append((w.tolist(), b.item(), loss.item()))
        seen
        w.grad
        idle
        idle.grad
    """


CASES = {f"SGD({options})": _steps(options) for options in OPTIONS} | {
    "bad settings": """
        w = torch.ones(2, requires_grad=True)
        torch.optim.SGD([])
        torch.optim.SGD([w * 2], lr=0.1)
        torch.optim.SGD([w], lr=-1)
        torch.optim.SGD([w], momentum=-1)
        torch.optim.SGD([w], weight_decay=-1)
        torch.optim.SGD([w], lr=0.1, nesterov=True)
        torch.optim.SGD([w], lr=0.1, momentum=0.9, dampening=0.5, nesterov=True)
        torch.optim.SGD(w, lr=0.01)
        torch.optim.SGD([w, 2.0])
        torch.optim.SGD([w], 0.1, 0.9) and True
        torch.optim.SGD(w for w in [w]) and True
    """,
    "zero_grad": """
        w = torch.ones(2, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        (w * 3).sum().backward()
        optimizer.zero_grad()
        w.grad
        (w * 3).sum().backward()
        optimizer.zero_grad(set_to_none=False)
        w.grad
    """,
    "without zero_grad": """
        w = torch.ones(2, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        for _ in range(3):
            (w * 3).sum().backward()
            optimizer.step()
        w
        w.grad
    """,
    "groups": """
        w, b = torch.ones(2, requires_grad=True), torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.SGD([{'params': [w], 'lr': 0.5}, {'params': b}], lr=0.1)
        ((w * 2).sum() + b.sum()).backward()
        optimizer.step()
        w
        b
        [(group['lr'], group['momentum']) for group in optimizer.param_groups]
        optimizer.param_groups[0]['lr'] = 1.0
        optimizer.step()
        w
    """,
    "a step changes the value in place": """
        w = torch.ones(2, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        loss = (w * w).sum()
        loss.backward(retain_graph=True)
        optimizer.step()
        w
        loss.backward()
        optimizer.step(lambda: torch.tensor(7.))
    """,
}
