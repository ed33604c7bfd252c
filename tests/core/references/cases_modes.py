"""Inference mode, anomaly mode, counts of changes in place: what each lets through, and what it says."""

from __future__ import annotations

CASES = {
    "what inference mode makes": """
        x = torch.tensor([1., 2.], requires_grad=True)
        torch.is_inference_mode_enabled()
        with torch.inference_mode(): y, modes = x * 2, (torch.is_inference_mode_enabled(), torch.is_grad_enabled())
        modes
        y
        (y.is_inference(), x.is_inference(), y.requires_grad)
        (y.detach().is_inference(), y[0].is_inference(), y.view(2, 1).is_inference())
        y.clone().is_inference()
        torch.stack([y, y]).is_inference()
        y._version
        with torch.inference_mode(False): z = x * 2
        z
        with torch.inference_mode(), torch.inference_mode(False): z = x * 2
        z
        with torch.inference_mode(), torch.enable_grad(): state = (x * 2).requires_grad, torch.is_grad_enabled()
        state
        torch.inference_mode()(lambda: x * 2)().is_inference()
        torch.inference_mode(lambda: x * 2)().is_inference()
    """,
    "inference tensors in autograd": """
        x = torch.tensor([1., 2.], requires_grad=True)
        with torch.inference_mode(): y = torch.tensor([1., 2.]) * 2
        y * x
        x * y
        y + x
        y + 1
        y.clone() * x
        y.backward()
        y.requires_grad_()
        y.requires_grad = True
        y.register_hook(print)
        y.retain_grad()
        with torch.inference_mode(): (x * x).sum().backward()
        w = (x * x).sum()
        with torch.inference_mode(): w.backward()
        x.grad
        (x * 2).backward(y)
        x.grad.is_inference()
        x.grad = None
        (x * 2).backward(y)
        x.grad
        a = torch.ones(2)
        _ = a.copy_(y)
        (a * x).sum()
    """,
    "inference tensors in place": """
        x = torch.tensor([1., 2.])
        with torch.inference_mode(): y = x * 2
        y.add_(1)
        y.zero_()
        y[0] = 1.
        y += 1
        y.exp_()
        with torch.inference_mode(): _ = y.fill_(1)
        y
        n = torch.ones(2)
        with torch.inference_mode(): _ = n.add_(1)
        (n, n._version, n.is_inference())
        with torch.inference_mode(): v = n.view(2, 1)
        v.is_inference()
        v.add_(1)
        n._version
        n.add_(y)
    """,
    "a NaN is found where it began": """
        x = torch.tensor([0., -1.], requires_grad=True)
        (torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled())
        y = x.sqrt().sum()
        with torch.autograd.set_detect_anomaly(True): y.backward()
        x.grad
        y = x.sqrt().sum()
        with torch.autograd.set_detect_anomaly(True, check_nan=False): y.backward()
        x.grad
        def states(): return torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()
        with torch.autograd.set_detect_anomaly(True): seen = states()
        seen
        torch.is_anomaly_enabled()
        _ = torch.autograd.set_detect_anomaly(True)
        torch.is_anomaly_enabled()
        _ = torch.autograd.set_detect_anomaly(False)
        torch.is_anomaly_enabled()
        detect = torch.autograd.detect_anomaly()
        w = torch.tensor([1.], requires_grad=True)
        q = ((w - 1).sqrt() * 0)
        with torch.autograd.set_detect_anomaly(True): torch.autograd.grad(q, w)
        with torch.autograd.set_detect_anomaly(True): (x.sum() * 2).backward()
    """,
    "anomaly mode explains other errors": """
        x = torch.tensor([1.], requires_grad=True)
        e = x.exp()
        e += 1
        with torch.autograd.set_detect_anomaly(True): e.backward()
        f = x.exp()
        f.backward()
        with torch.autograd.set_detect_anomaly(True): f.backward()
    """,
    "counts of changes": """
        a = torch.ones(3)
        a._version
        _ = a.add_(1)
        a._version
        v = a[0:1]
        _ = v.mul_(2)
        (a._version, v._version, a.detach()._version, a.data._version)
        _ = a.data.add_(1)
        a._version
        a[0] = 3.
        a._version
        _ = a.zero_()
        a._version
        with torch.no_grad(): a += 1
        a._version
        b = a.clone()
        b._version
        _ = b.copy_(a)
        b._version
        _ = b.fill_(2)
        b._version
        _ = a.detach().mul_(2)
        a._version
        c = torch.ones(2)
        c.data = torch.zeros(2)
        c._version
    """,
    "saved values and their counts": """
        w, u = torch.tensor([1., 2.], requires_grad=True), torch.ones(2)
        y = (u * w).sum()
        _ = u.add_(1)
        y.backward()
        y = (w * w).sum()
        _ = w.detach().mul_(2)
        y.backward()
        y = (w * w).sum()
        _ = w.data.mul_(2)
        y.backward()
        w.grad
        n = w * 1
        y = (n * n).sum()
        _ = n.detach().add_(1)
        y.backward()
        n = w * 1
        y = (n * 2).sum()
        _ = n.add_(1)
        y.backward()
        e = w.exp()
        y = e.sum()
        with torch.no_grad(): _ = e.zero_()
        y.backward()
        s = w.sigmoid()
        s[0]
        y = (w + 1).sum()
        with torch.no_grad(): _ = w.zero_()
        y.backward()
        w.grad
    """,
    "views": """
        x, c = torch.tensor([1., 2.], requires_grad=True), torch.ones(3)
        c.view(3, 1)._is_view()
        c.view(3, 1)._base is c
        c.view(3, 1)[0]._base is c
        str(c._base)
        (x.detach()._is_view(), x._is_view(), c.clone()._is_view())
        x.view(2, 1).detach_()
        (x * 1).view(2, 1).detach_()
        with torch.no_grad(): early = x.view(2, 1)
        early.add_(1)
        n = x * 1
        with torch.no_grad(): early = n.view(2, 1)
        early.add_(1)
        torch.ones(1).expand(3).add_(1)
        x.view(2, 1).add_(1)
        _ = x.detach().add_(1)
        x
        d = x * 1
        _ = d.detach_()
        d
        (d.is_leaf, d.requires_grad)
    """,
}
