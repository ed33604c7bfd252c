"""Adam, AdamW, RMSprop and Adagrad with every option, and what all optimisers hold, show, save and refuse."""

from __future__ import annotations

OPTIONS = {
    "Adam": (
        "", "lr=0.1", "lr=0.1, betas=(0.5, 0.9)", "lr=0.1, betas=(0.3, 0.4)", "lr=0.1, eps=0.5", "lr=0.1, amsgrad=True",
        "lr=0.1, weight_decay=0.1", "lr=0.1, maximize=True", "lr=0.1, betas=(0., 0.)",
        "lr=0.1, weight_decay=0.1, amsgrad=True, maximize=True", "0.1, (0.8, 0.9), 1e-3, 0.1, True",
    ),
    "AdamW": ("", "lr=0.1", "lr=0.1, weight_decay=0.5", "lr=0.1, weight_decay=0", "amsgrad=True, maximize=True"),
    "RMSprop": (
        "", "lr=0.1", "lr=0.1, alpha=0.5", "lr=0.01, momentum=0.9", "lr=0.1, centered=True", "lr=0.1, weight_decay=0.1",
        "lr=0.1, eps=0.1", "lr=0.1, maximize=True", "0.02, 0.8, 1e-3, 0.1, 0.5, True", "lr=0.1, alpha=1.5, eps=0.01",
    ),
    "Adagrad": (
        "", "lr=0.1", "lr=0.1, lr_decay=0.5", "lr=0.1, initial_accumulator_value=0.5", "lr=0.1, weight_decay=0.1",
        "lr=0.1, eps=0.5", "lr=0.1, maximize=True", "0.1, 0.1, 0.2, 0.3, 0.01",
    ),
    "SGD": ("momentum=0.9, dampening=0.5", "lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.1"),
}  # fmt: skip

# The third parameter gets a gradient in every other step only, the last never.
LEAVES = """
    w = torch.tensor([1., -2.], dtype=torch.{dtype}, requires_grad=True)
    b = torch.tensor(0.5, dtype=torch.{dtype}, requires_grad=True)
    now_and_then = torch.tensor([[0.25, 3.]], dtype=torch.{dtype}, requires_grad=True)
    idle = torch.tensor(1., requires_grad=True)
"""

STEP = """
        optimizer.zero_grad()
        loss = ((w * w).sum() + b * b - w[0] * b) / 2
        if epoch % 2:
            loss = loss + (now_and_then ** 3).sum()
        loss.backward()
        optimizer.step()
"""


def _steps(name: str, options: str, dtype: str) -> str:
    return f"""{LEAVES.format(dtype=dtype)}
    optimizer = torch.optim.{name}([w, b, now_and_then, idle]{", " * bool(options)}{options})
    seen = []
    for epoch in range(5):
        {STEP}
        seen.append([each.detach().clone() for each in (w, b, now_and_then)])
    seen
    optimizer.state_dict()["state"][0]
    optimizer.state_dict()["state"][2]
    list(optimizer.state_dict()["state"])
    idle
    """


def _shown(name: str) -> str:
    return f"""
        w, b = torch.ones(2, requires_grad=True), torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.{name}([w, b])
        optimizer
        repr(optimizer)
        optimizer.defaults
        optimizer.state_dict()
        (w.sum() * 2 + b.sum()).backward()
        optimizer.step()
        optimizer.state_dict()
        optimizer.state_dict()["param_groups"]
    """


def _groups(name: str) -> str:
    return f"""
        a, b, c = (torch.tensor([1., 2.], requires_grad=True) for _ in range(3))
        mine = {{"params": [a], "lr": 0.5}}
        optimizer = torch.optim.{name}([mine, {{"params": b, "weight_decay": 0.1}}], lr=0.1)
        (a.sum() + b.sum() * 2 + c.sum() * 3).backward()
        optimizer.step()
        a, b, c
        optimizer.add_param_group({{"params": [c], "lr": 0.25}})
        mine["lr"] = 1.0
        optimizer.param_groups[1]["maximize"] = True
        a, b
        [(group["lr"], group["weight_decay"], len(group["params"])) for group in optimizer.param_groups]
        optimizer
    """


def _saved(name: str, options: str) -> str:
    return f"""
        torch.set_default_dtype(torch.float64)
        w, b = torch.tensor([1., 2.], requires_grad=True), torch.tensor(0.5, requires_grad=True)
        v, c = torch.tensor([1., 2.], requires_grad=True), torch.tensor(0.5, requires_grad=True)
        optimizer = torch.optim.{name}([w, b]{options})
        for _ in range(3):
            optimizer.zero_grad()
            ((w * w).sum() * b).backward()
            optimizer.step()
        saved = optimizer.state_dict()
        v.data, c.data = w.detach().clone(), b.detach().clone()
        other = torch.optim.{name}([v, c], lr=7.)
        other.load_state_dict(saved)
        other.param_groups[0]["lr"]
        ((v * v).sum() * c).backward()
        other.step()
        v, c
        other.state_dict()
        one = torch.optim.{name}([v])
        one.load_state_dict(saved)
        two = torch.optim.{name}([{{"params": [v]}}, {{"params": [c]}}])
        two.load_state_dict(saved)
        single = torch.tensor([1., 2.], dtype=torch.float32, requires_grad=True)
        narrow = torch.optim.{name}([single, c])
        narrow.load_state_dict(saved)
        {{key: value.dtype for key, value in narrow.state[single].items()}}
        torch.set_default_dtype(torch.float32)
    """


CASES = (
    {
        f"{name}({options}) in {dtype}": _steps(name, options, dtype)
        for name, all in OPTIONS.items()
        for options in all
        for dtype in ("float32", "float64")
    }
    | {f"{name} as it shows itself": _shown(name) for name in OPTIONS}
    | {f"groups of {name}": _groups(name) for name in OPTIONS}
    | {
        f"the state of {name}{options}": _saved(name, options)
        for name, options in (
            ("SGD", ", lr=0.1, momentum=0.9"), ("SGD", ", lr=0.1"), ("Adam", ", lr=0.1, amsgrad=True"),
            ("AdamW", ", lr=0.1"), ("RMSprop", ", centered=True, momentum=0.5"), ("Adagrad", ", lr=0.1"),
        )
    }
    | {
        "bad options": """
            w = torch.ones(2, requires_grad=True)
            torch.optim.Adam([w], lr=-1)
            torch.optim.Adam([w], lr=float('nan'))
            torch.optim.Adam([w], eps=-1)
            torch.optim.Adam([w], betas=(-1., 0.9))
            torch.optim.Adam([w], betas=(0.9, 1.0))
            torch.optim.Adam([w], betas=(0, 0.9))
            torch.optim.Adam([w], betas=(0.9,))
            torch.optim.Adam([w], betas=0.9)
            torch.optim.Adam([w], betas=None)
            torch.optim.Adam([w], betas=(0.9, 0.9, 0.9))
            torch.optim.Adam([w], betas=[0.9, 0.99])
            torch.optim.Adam([w], betas=('a', 'b'))
            torch.optim.Adam([w], weight_decay=-0.5)
            torch.optim.Adam([w], lr='a')
            torch.optim.Adam([w], lr=None)
            torch.optim.SGD([w], lr='a')
            torch.optim.RMSprop([w], alpha='a')
            torch.optim.Adagrad([w], lr_decay='a')
            torch.optim.AdamW([w], betas=())
            torch.optim.Adam([w], lr=torch.ones(2))
            torch.optim.Adam([w], fused=True, foreach=True)
            torch.optim.Adam([])
            torch.optim.AdamW([w], lr=-1)
            torch.optim.AdamW([w], weight_decay=-0.5)
            torch.optim.AdamW([w * 2])
            torch.optim.RMSprop([w], lr=-1)
            torch.optim.RMSprop([w], eps=-1)
            torch.optim.RMSprop([w], alpha=-1)
            torch.optim.RMSprop([w], momentum=-1)
            torch.optim.RMSprop([w], weight_decay=-1)
            torch.optim.Adagrad([w], lr=-1)
            torch.optim.Adagrad([w], lr_decay=-1)
            torch.optim.Adagrad([w], weight_decay=-1)
            torch.optim.Adagrad([w], initial_accumulator_value=-1)
            torch.optim.Adagrad([w], eps=-1)
        """,
        "bad parameters": """
            w, b = torch.ones(2, requires_grad=True), torch.zeros(1, requires_grad=True)
            optimizer = torch.optim.Adam([w])
            optimizer.add_param_group([b])
            optimizer.add_param_group({"params": [w]})
            optimizer.add_param_group({"params": [b * 2]})
            optimizer.add_param_group({"params": {b}})
            optimizer.add_param_group({"params": ["b"]})
            optimizer.add_param_group({"params": [("b", b)]})
            optimizer.add_param_group({"params": [b, b]})
            torch.optim.Adam([("w", w), b])
            len(optimizer.param_groups)
            torch.optim.Optimizer([w], {}).step()
        """,
        "parameters with names": """
            w, b = torch.ones(2, requires_grad=True), torch.zeros(1, requires_grad=True)
            optimizer = torch.optim.Adam([("w", w), ("b", b)], lr=0.5)
            optimizer.state_dict()
            (w.sum() + b.sum()).backward()
            optimizer.step()
            w, b
            optimizer
        """,
        "a result that keeps its gradient may be a parameter": """
            w = torch.ones(2, requires_grad=True)
            y = w * 2
            y.retain_grad()
            optimizer = torch.optim.Adam([y])
            len(optimizer.param_groups)
        """,
        "options changed between the steps": f"""{LEAVES.format(dtype="float32")}
    optimizer = torch.optim.SGD([w, b, now_and_then, idle], lr=0.1, dampening=0.5)
    for epoch in range(6):
        optimizer.param_groups[0]["momentum"] = 0.9 if epoch > 1 else 0
        {STEP}
    w, b, now_and_then
        """,
        "a learning rate in a tensor": """
            w = torch.ones(2, requires_grad=True)
            for optimizer in (torch.optim.SGD([w], lr=torch.tensor(0.5)), torch.optim.Adam([w], lr=torch.tensor(0.5))):
                w.sum().backward()
                optimizer.step()
                optimizer.param_groups[0]["lr"].fill_(0.25)
                optimizer.step()
            w
            optimizer
        """,
        "the default dtype is that of the steps": """
            torch.set_default_dtype(torch.float64)
            w = torch.ones(2, dtype=torch.float32, requires_grad=True)
            optimizer = torch.optim.Adam([w])
            w.sum().backward()
            optimizer.step()
            optimizer.state[w]["step"].dtype
            torch.set_default_dtype(torch.float32)
        """,
        "a step changes the value in place": """
            w = torch.ones(2, requires_grad=True)
            optimizer = torch.optim.Adam([w], lr=0.1)
            loss = (w * w).sum()
            loss.backward(retain_graph=True)
            optimizer.step()
            loss.backward()
            kept = optimizer.state[w]["exp_avg"]
            optimizer.step(lambda: torch.tensor(7.))
            kept
            optimizer.state[w]["step"]
        """,
    }
)  # fmt: skip
