"""The learning rates that the schedulers set, from epoch to epoch, what they save, and what they warn of."""

from __future__ import annotations

SCHEDULERS = (
    "StepLR(optimizer, 3)", "StepLR(optimizer, step_size=2, gamma=0.5)", "StepLR(optimizer, 1, 2)",
    "MultiStepLR(optimizer, [2, 5])", "MultiStepLR(optimizer, milestones=[1, 1, 3], gamma=0.5)",
    "ConstantLR(optimizer)", "ConstantLR(optimizer, factor=0.5, total_iters=2)", "ConstantLR(optimizer, 0.25, 0)",
    "LinearLR(optimizer)", "LinearLR(optimizer, start_factor=0.5, end_factor=0.1, total_iters=4)",
    "ExponentialLR(optimizer, 0.9)", "ExponentialLR(optimizer, gamma=1.5)",
    "CosineAnnealingLR(optimizer, 4)", "CosineAnnealingLR(optimizer, T_max=3, eta_min=0.01)",
    "CosineAnnealingLR(optimizer, 1)",
    "LambdaLR(optimizer, lambda epoch: 1 / (epoch + 1))",
    "LambdaLR(optimizer, lr_lambda=[lambda epoch: 0.5 ** epoch, lambda epoch: epoch])",
)  # fmt: skip

TWO_GROUPS = """
        w, b = torch.ones(2, requires_grad=True), torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.SGD([{"params": [w], "lr": 0.5}, {"params": [b]}], lr=0.1)
"""


def _rates(scheduler: str) -> str:
    return f"""{TWO_GROUPS}
        scheduler = torch.optim.lr_scheduler.{scheduler}
        seen = [scheduler.get_last_lr()]
        for epoch in range(10):
            w.grad = torch.ones(2)
            optimizer.step()
            scheduler.step()
            seen.append((scheduler.last_epoch, scheduler.get_last_lr(), optimizer.param_groups[0]["lr"]))
        seen
        w
        scheduler.base_lrs
        scheduler.state_dict()
        [group["initial_lr"] for group in optimizer.param_groups]
    """


def _closed(scheduler: str) -> str:
    return f"""{TWO_GROUPS}
        scheduler = torch.optim.lr_scheduler.{scheduler}
        optimizer.step()
        scheduler.step(7)
        scheduler.get_last_lr()
        scheduler.step(1)
        scheduler.get_last_lr()
        scheduler.last_epoch
    """


CASES = (
    {scheduler: _rates(scheduler) for scheduler in SCHEDULERS}
    | {f"{scheduler} by epochs": _closed(scheduler) for scheduler in SCHEDULERS}
    | {
        "what is stepped too early": f"""{TWO_GROUPS}
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)
        scheduler.step()
        scheduler.step()
        optimizer.step()
        scheduler.step()
        """,
        "a step before the scheduler was made does not count": f"""{TWO_GROUPS}
        optimizer.step()
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)
        scheduler.step()
        other = torch.optim.lr_scheduler.StepLR(optimizer, 1)
        optimizer.step()
        another = torch.optim.lr_scheduler.StepLR(optimizer, 1)
        another.step()
        another.get_last_lr()
        """,
        "get_lr outside of step": f"""{TWO_GROUPS}
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2)
        scheduler.get_lr()
        torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5).get_lr()
        """,
        "what cannot be": f"""{TWO_GROUPS}
        torch.optim.lr_scheduler.StepLR(w, 2)
        torch.optim.lr_scheduler.StepLR(optimizer)
        torch.optim.lr_scheduler.StepLR(optimizer, 2, last_epoch=3)
        torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0)
        torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=2)
        torch.optim.lr_scheduler.LinearLR(optimizer, end_factor=-1)
        torch.optim.lr_scheduler.ConstantLR(optimizer, factor=2)
        torch.optim.lr_scheduler.LambdaLR(optimizer, [lambda epoch: 1])
        torch.optim.lr_scheduler.LRScheduler(optimizer)
        """,
        "saved and loaded": f"""{TWO_GROUPS}
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2)
        for _ in range(3):
            optimizer.step()
            scheduler.step()
        saved, kept = scheduler.state_dict(), optimizer.state_dict()
        kept
        other = torch.optim.SGD([{{"params": [w]}}, {{"params": [b]}}], lr=3.)
        new = torch.optim.lr_scheduler.StepLR(other, 7)
        new.load_state_dict(saved)
        other.load_state_dict(kept)
        other.step()
        new.step()
        new.get_last_lr()
        new.state_dict()
        """,
        "resumed": f"""{TWO_GROUPS}
        scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
        for _ in range(3):
            optimizer.step()
            scheduler.step()
        again = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5, last_epoch=2)
        again.last_epoch, again.get_last_lr()
        linear = torch.optim.lr_scheduler.LinearLR(optimizer, last_epoch=2)
        linear.last_epoch, linear.get_last_lr()
        cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 5, last_epoch=2)
        cosine.last_epoch, cosine.get_last_lr()
        step = torch.optim.lr_scheduler.StepLR(optimizer, 3, last_epoch=2)
        step.last_epoch, step.get_last_lr()
        """,
        "two schedulers of one optimiser": f"""{TWO_GROUPS}
        first = torch.optim.lr_scheduler.ConstantLR(optimizer, factor=0.1, total_iters=2)
        second = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)
        for _ in range(4):
            optimizer.step()
            first.step()
            second.step()
        optimizer.param_groups[0]["lr"]
        """,
        "a learning rate in a tensor": """
        w = torch.ones(2, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=torch.tensor(0.5))
        scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
        held = optimizer.param_groups[0]["lr"]
        first = scheduler.get_last_lr()
        optimizer.step()
        scheduler.step()
        held, first, scheduler.get_last_lr(), scheduler.base_lrs
        """,
        "an object as a function": f"""{TWO_GROUPS}
        class Fall:
            def __init__(self, rate):
                self.rate = rate
            def __call__(self, epoch):
                return self.rate ** epoch
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, [Fall(0.5), lambda epoch: 1.])
        saved = scheduler.state_dict()
        saved
        other = torch.optim.lr_scheduler.LambdaLR(optimizer, [Fall(0.1), lambda epoch: 1.])
        other.load_state_dict(saved)
        optimizer.step()
        other.step()
        other.get_last_lr()
        """,
        "a scheduler of one's own": f"""{TWO_GROUPS}
        class Halving(torch.optim.lr_scheduler.LRScheduler):
            def get_lr(self):
                return [base / 2 ** self.last_epoch for base in self.base_lrs]
        scheduler = Halving(optimizer)
        optimizer.step()
        scheduler.step()
        scheduler.step()
        scheduler.get_last_lr()
        """,
    }
)  # fmt: skip
