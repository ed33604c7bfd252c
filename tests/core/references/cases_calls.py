"""The ways in which one thing can be called: by position or by name, as a function or a method, lists or tuples."""

from __future__ import annotations

import re

_LEAVES = "x, m = torch.tensor([1., -2., 3.]), torch.arange(6.).reshape(2, 3)\n"

SPELLINGS = {
    "arithmetic": """
        torch.add(input=x, other=2)   torch.add(x, 1, alpha=3)   x.add(other=x)   x.sub(1)   torch.sub(x, other=x)
        x.mul(other=2)   torch.div(x, 2)   x.div(4)   x.pow(2)   torch.pow(x, exponent=2)   x.neg()   x.abs()
        x.exp()   x.relu()   F.relu(input=x)   F.tanh(x)   F.sigmoid(x)   x.sigmoid()   x.clamp(0, 2)
        x.clamp(min=0.5)   torch.clamp(x, max=0)   torch.clamp(input=x, min=-1, max=1)
        torch.where(condition=x > 0, input=x, other=x * 0)   torch.where(x > 0, 1, 0)   torch.where(x > 0, 1.5, 0)
        x.maximum(-x)   torch.minimum(input=x, other=-x)   True * x   np.float64(2) * x   x * np.float32(2)
        x + np.int64(1)   2.5 - x   x.add_(1)   x.mul_(2).sub_(2).div_(2)   x.neg_()   x > 0   x.gt(0)
        torch.eq(x, x)   x.ne(1)   x <= x   0 < x   x == 1   x != x   x == 'a'
    """,
    "reductions": """
        torch.sum(m)   torch.sum(input=m, dim=0)   m.sum(0, True)   m.sum(dim=[0, 1])
        m.sum(dim=(0,), keepdim=True)   m.mean(dim=0)   torch.mean(m, dim=[0, 1])   m.mean(0, keepdim=True)
        torch.prod(m, 1, True)   torch.max(m)   torch.max(m, dim=1)   torch.max(m, 1, True).values
        m.max(dim=0).indices   m.max(0, keepdim=True)[1]   m.min(1).indices   torch.max(m, m * 0 + 2)
        torch.amax(m, dim=(0, 1))   m.amax(1, keepdim=True)   m.argmax()   m.argmax(dim=1)
        torch.argmin(m, 0, keepdim=True)   repr(m.max(1))   repr(torch.min(m, 0))   [value for value in m.max(1)]
    """,
    "shapes": """
        m.size()   m.size(1)   m.size(-1)   m.size(dim=0)   m.shape[0]   m.dim()   m.ndim   m.numel()
        tuple(m.shape)   m.shape.numel()   m.shape == (2, 3)   m.reshape((3, 2))   m.reshape([3, 2])   m.view(6)
        m.reshape(shape=(6,))   m.view(m.shape)   m.flatten(start_dim=0)   torch.flatten(input=m)
        m.transpose(dim0=0, dim1=1)   torch.transpose(input=m, dim0=1, dim1=0)   m.permute((1, 0))
        m.permute(dims=(1, 0))   torch.permute(m, [1, 0])   torch.t(m)   x.squeeze(dim=0)   m[None].squeeze((0,))
        x.unsqueeze(dim=1)   torch.unsqueeze(input=x, dim=0)   x.expand(size=(2, 3))   x.expand(torch.Size([2, 3]))
        torch.cat(tensors=[x, x], dim=0)   torch.stack([x, x], -1)   torch.stack(tensors=(x,), dim=1)
        torch.clone(x)   torch.detach(x)   x.is_contiguous()   m.T.is_contiguous()   [row for row in m]
        x[0] + x[-1]
    """,
    "products": """
        m.mm(m.T)   torch.mm(input=m, mat2=m.T)   m.mv(x)   torch.mv(input=m, vec=x)   x.dot(x)
        torch.dot(input=x, tensor=x)   torch.matmul(input=m, other=x)   m.matmul(x)   F.linear(input=x, weight=m)
        F.linear(x, m, bias=torch.ones(2))   torch.addmm(torch.ones(2), m, m.T)
    """,
    "activations and losses": """
        F.softmax(m, 1)   torch.softmax(input=m, dim=0)   F.softmax(input=m, dim=-1)   m.softmax(dim=1)
        F.log_softmax(m, dim=1)   F.mse_loss(input=x, target=x + 1)   F.mse_loss(x, x + 2, reduction='sum')
        F.cross_entropy(m, torch.tensor([0, 1]), reduction='none')
    """,
    "types": """
        x.float()   x.double()   x.long()   x.int()   x.bool()   x.to(torch.float64)   x.to(dtype=torch.int64)
        x.to(torch.ones(1, dtype=torch.float64))   x.to('cpu')   x.is_floating_point()   torch.is_tensor(x)
        x.dtype is torch.float32   x.dtype == torch.float
    """,
    "single precision of losses": """
        F.nll_loss(m, torch.tensor([0, 1]))   F.cross_entropy(input=m, target=torch.tensor([0, 1]))
        F.cross_entropy(m, torch.tensor([0, 1]), ignore_index=1)
    """,
    "other spellings": """
        +x   x.where(x > 0, 0)   m.size(5)   m.view(size=(6,))   x.contiguous()   m.T.contiguous()
        torch.zeros(size=(2,))   torch.arange(end=3)
    """,
    "making": """
        torch.zeros([2, 1])   torch.ones(torch.Size([2]))   torch.full(size=(2,), fill_value=3.)
        torch.arange(start=1, end=7, step=3)   torch.arange(2, dtype=torch.float64)
        torch.linspace(start=0, end=1, steps=3)   torch.eye(n=2)   torch.tensor(data=[1.])   torch.as_tensor([1, 2])
        torch.as_tensor(x) is x   torch.zeros(2, dtype=torch.bool)   torch.rand(0, 2).shape
        torch.empty_like(m).shape   torch.ones(2, 3)[0]
    """,
}

CASES = {
    name: _LEAVES
    + "\n".join(call for line in spellings.splitlines() for call in re.split(r" {2,}", line.strip()) if call)
    for name, spellings in SPELLINGS.items()
}
