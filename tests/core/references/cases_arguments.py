"""Arguments of the wrong sort, or too few, or too many: what PyTorch says of them."""

from __future__ import annotations

_LEAVES = """
x = torch.tensor([.7, 1.6], requires_grad=True)
m = torch.ones(2, 3)
"""

CALLS = {
    "dimensions": """
        torch.softmax(x, True); torch.softmax(x, 1.); F.softmax(x, dim=None); torch.transpose(x, 'a', 'b')
        torch.permute(x, 'a'); torch.unsqueeze(x, 'a'); torch.unsqueeze(x, 1.0); torch.cumsum(x, 'a')
        torch.cumsum(x, 1.5); torch.flatten(x, 'a'); torch.cat([x, x], 'a'); torch.cat([x, x], 1.5)
        torch.stack([x, x], dim='a'); torch.topk(x, 'a'); torch.topk(x, 1.0); torch.chunk(x, 1.5)
        torch.gather(x, 'a', torch.tensor([0])); torch.index_select(x, 'a', torch.tensor([0]))
        torch.unsqueeze(x, np.int64(1)); torch.unsqueeze(x, torch.tensor(1)); m.sum(torch.tensor(0))
        m.sum(np.int64(0)); m.sum((np.int64(0), 1))
    """,
    "several dimensions, or none, where there is one": """
        torch.softmax(x, (0,)); torch.cumsum(x, dim=(0,)); torch.cumsum(x, dim=None); torch.unsqueeze(x, None)
        torch.cat([x, x], dim=None); torch.stack([x, x], (0,)); torch.gather(x, None, torch.tensor([0]))
        torch.topk(x, 1, None)
        torch.topk(x, 1, dim=(0,)); torch.median(x, dim=(0,)); torch.kthvalue(x, 1, dim=None)
        torch.unflatten(x, None, (2,))
        m.logsumexp((0, 1)); m.sum(None); m.mean((0, 1)); m.sum(dim=[0])
    """,
    "a dimension that has to be given": """
        torch.softmax(x); torch.log_softmax(x); x.softmax(); x.log_softmax(); torch.softmax(x, None)
        torch.softmax(x, dim=None); torch.softmax(input=x); torch.softmax(input=x, dim=0); F.softmax(x)
        F.log_softmax(x)
        x.softmax(-1); x.log_softmax(dim=0)
    """,
    "settings": """
        torch.reshape(x, 'a'); torch.reshape(x, 2.5); torch.reshape(x, (2.5,)); torch.add(x, x, alpha='a')
        torch.add(x, x, alpha=np.float32(2)); torch.add(x, x, x); torch.sub(x, x, x); torch.diag(x, 'a')
        torch.tril(m, 'a'); torch.roll(x, 'a'); torch.tile(x, 'a'); torch.flip(x, 'a'); F.leaky_relu(x, 'a')
        F.elu(x, 'a'); m.view(np.int64(6)); m.reshape(torch.tensor(6)); x.std(False); x.var(True)
        torch.std_mean(x, False); torch.ones(2).to(float); torch.ones(2).to(int)
    """,
    "tensors": """
        torch.cat(1); torch.cat([1, 2]); torch.cat([x, 1]); torch.stack([1]); torch.stack(x); torch.zeros_like(1)
        torch.ones_like('a'); torch.rand_like([1]); torch.autograd.grad('a', x); torch.autograd.grad(x.sum(), 'a')
        torch.autograd.backward('a')
    """,
    "switches": """
        x.requires_grad_('a'); x.requires_grad_(1); torch.set_grad_enabled('a'); torch.zeros(2, requires_grad=1)
        torch.tensor([1.], requires_grad='a'); torch.sum(x, 0, 1); torch.sum(x, 0, 'a')
    """,
    "sizes": """
        torch.zeros('a'); torch.ones('a'); torch.zeros(2.5); torch.zeros((2, 'a')); torch.zeros([2.5])
        torch.zeros(None)
        torch.ones(2, 'a'); torch.zeros(2, 2.5); torch.zeros(True); torch.zeros([]); torch.zeros(np.int64(2))
        torch.zeros(torch.tensor(2)); torch.zeros(2, torch.tensor(2)); torch.zeros(size=2); torch.zeros(size='a')
        torch.zeros(); torch.ones(); torch.empty(); torch.empty('a'); torch.rand('a'); torch.randn(2.5)
        torch.full('a', 1)
        torch.full(2, 1); torch.full([2.5], 1); torch.zeros((2, -1)); torch.ones(2, -1); torch.randn(-1)
        torch.randperm(-1); m.new_zeros(-1)
    """,
    "numbers": """
        torch.full((2,), 'a'); torch.full((2,), None); torch.full((2,), torch.tensor(3.))
        torch.full((2,), np.float64(3))
        torch.full_like(m, 'a'); torch.full_like(m, None); torch.eye('a'); torch.eye(2.5); torch.eye(True)
        torch.eye(-1)
        torch.eye(2, -1); torch.arange('a'); torch.arange(None); torch.arange(torch.tensor(3)); torch.arange(True)
        torch.arange(0., 1., float('nan')); torch.arange(float('inf'))
        torch.arange(torch.tensor(0.), torch.tensor(1.), torch.tensor(.25)); torch.linspace(0, 1, torch.tensor(3))
        torch.randint('a', 2); torch.randint(2.5, (2,)); torch.randint(high=3, size=(2,)).shape; torch.randperm('a')
        torch.randperm(2.5)
    """,
    "whole powers": """
        i, p = torch.tensor([0, 1, -1, 2, -2, 3]), torch.tensor([2, -1, -2, -3, -2, 0])
        i ** p; i ** -p; i ** torch.tensor(-1); 2 ** p; (-1) ** p; 1 ** p; i ** -1; i ** -1.; i.pow(-2)
        torch.tensor([3, -4], dtype=torch.int8) ** torch.tensor([-128, -1], dtype=torch.int8); i.pow_(p)
        torch.tensor([True, False]) ** torch.tensor([-1, -2]); torch.tensor([True, False]) ** -1
    """,
    "places in methods": """
        m.add('a'); m.add_('a'); m.transpose('a', 0); m.transpose(0, 'a'); m.cumsum('a'); m.softmax('a')
        m.gather(0, 'a'); m.unsqueeze('a'); m.flatten('a'); m.index_select(0, 'a'); m.matmul('a'); m.amax('a')
        m.tile('a'); m.topk('a'); m.sum(0, 1); m.view_as('a'); m.equal('a'); torch.equal(m, 'a'); m.allclose('a')
        m.is_same_size('a'); torch.is_same_size(m, 'a'); torch.transpose(m, 'a', 0); torch.softmax(m, 'a')
        m.transpose(); m.tanh(1); m.exp(out=None); m.exp(dim=1); m.relu(True); torch.relu(m, True)
        torch.relu(m, inplace=True); m.split(1.5)
    """,
    "keepdim without a dimension": """
        m.sum(keepdim=True); m.sum(keepdim=False); torch.sum(m, keepdim=True); m.mean(keepdim=True)
        torch.mean(m, keepdim=False); m.prod(keepdim=True); torch.prod(m, keepdim=False); m.max(keepdim=True)
        torch.max(m, keepdim=True); m.min(keepdim=True); m.median(keepdim=True); torch.median(m, keepdim=True)
        m.nanmedian(keepdim=True); m.sum(keepdims=True); m.sum(keepdim=True, dtype=torch.float64)
        m.prod(keepdim=True, dtype=torch.float64); m.sum(None, True); m.sum(dim=None, keepdim=True)
        m.std(keepdim=True); m.amax(keepdim=True); m.nansum(keepdim=True); m.all(keepdim=True)
    """,
    "no overload of a reduction": """
        m.sum('a'); m.sum(True); m.sum(1.5); m.sum(x); m.sum(dim='a'); m.sum(1, 2, 3); m.sum(1, dim=1); m.sum(foo=1)
        m.sum(0, foo=1); m.sum(0, dtype='a'); m.sum(dtype=1); m.sum(0, True, foo=2, dtype=torch.float64)
        torch.sum(m, 'a', 'b'); torch.sum(m, ('a', 1), 'a'); m.prod([1]); m.prod(dim=[1]); m.prod(None); m.max('a')
        m.max([1]); m.max((1, 2)); m.max(1.5); m.max(None); m.max(dim=None); m.max('a', 'b'); m.max(1, 'a')
        m.max(0, True, True); m.max(m, m); m.max(m, keepdim=True); m.max(other=1); m.max(input=m); torch.max(m, 'a')
        torch.max(m, other=2); torch.max(m, dim='a', keepdim=True); torch.max(1, 2); torch.max(); m.max(np.float64(1))
        m.median(None); m.median('a', 'b'); m.median(0, True, 2); m.median(foo=2); m.median(None, True)
        m.count_nonzero(keepdim=True); m.count_nonzero('a'); torch.squeeze(m, 'a'); m.max(torch.float64)
    """,
    "no overload of others": """
        m.std('a'); m.std(0, 'a'); torch.std(m, 'a'); m.std(0, None); m.std(unbiased=False, keepdim=True)
        m.var(0, True, True, True); m.std(None); m.std(False); m.std(dim=(0, 1), correction=0); torch.std_mean(m, 'a')
        m.eq('a'); m.eq(None); m.eq(np.ones(3)); m.eq(np.float64(1)); m.less('a'); torch.lt(1, m); m.all('a')
        m.all(1.5); m.clone(1); m.clone(foo=1); m.float(1); m.contiguous(foo=1); m.diff('a'); m.select(0, 'a')
        m.split('a'); m.any('a', True); m.all(None); m.sort('a'); m.sort(0, True, True); m.sort(dim=0, stable=True)
        m.argsort('a')
        m.clamp('a'); m.clip('a'); torch.clip(m, 'a'); m.clamp(m, 1); m.clip_(0, 'a'); m.clamp(None, 1); m.lerp('a', 1)
        m.lerp(1, .5); m.masked_fill('a', 1); m.masked_fill(m > 0, 'a'); m.index_fill(0, 'a', 1)
    """,
    "integers one by one": """
        o = torch.ones(1, 1, 2)
        o.squeeze(0, 1).shape; o.squeeze((0, 1)).shape; o.squeeze(0).shape; torch.squeeze(o, 0, 1); o.squeeze('a')
        o.squeeze_(0, 1).shape; m.count_nonzero(0, 1); m.count_nonzero(0); m.tile(2).shape; m.tile(2, 1).shape
        torch.reshape(m, 6); torch.reshape(m, 3, 2); torch.permute(m, 1, 0); torch.permute(m, 1); torch.tile(m, 2)
        torch.tile(m, 2, 2); torch.flip(m, 0); torch.broadcast_to(m, 2, 3); m.flip(dims=0); m.reshape(shape=6)
    """,
    "out that is None": """
        torch.add(m, m, out=None); torch.exp(m, out=None); torch.sum(m, 0, out=None); torch.sum(m, out=None)
        torch.matmul(m, m.T, out=None); torch.cat([m, m], out=None); torch.linalg.det(m @ m.T, out=None)
        m.add(m, out=None); m.max(keepdim=True, dim=0, out=1); torch.zeros(2, out=None); torch.arange(3, out=None)
        torch.full((2,), 1, out=None); torch.eye(2, out=None); torch.rand(2, out=None).shape
        torch.normal(0., 1., (2,), out=None).shape; torch.bernoulli(m, out=None); torch.tensor([1], out=None)
        torch.zeros_like(m, out=None)
    """,
    "numbers alone": """
        torch.add(1, 2); torch.add(1, 2.5); torch.sub(1, 2); torch.mul(1.5, 2); torch.div(1, 2); torch.div(1, 0)
        torch.add(True, True); torch.sub(True, True); torch.floor_divide(7, 2); torch.floor_divide(1, 0)
        torch.div(7, 2, rounding_mode='floor'); torch.add(1, 2, alpha=2); torch.true_divide(1, 2)
        torch.add(input=1, other=2); torch.add(1, other=2); torch.add(np.float64(1), 2); torch.add('a', 1)
        torch.add(1, 'a'); torch.add(1, None); torch.maximum(1, 2); torch.add(3, 4); torch.add(3, 4)
    """,
    "devices": """
        m.to('float32'); m.to('cpu'); m.to('cpu:0'); m.to('cpu:x'); m.to(''); m.to('a'); m.to('CPU'); m.to(None)
        m.to('float32', torch.float64); m.to('cpu', torch.float64); m.to(device='float32'); m.to(dtype='float32')
        m.to(np.float32); m.to([]); m.to(torch.int32, copy=True); m.to(torch.tensor(1))
    """,
    "types": """
        m.type(); m.type(None); m.type(torch.int32); m.type('torch.IntTensor'); m.type(dtype=torch.float64); m.type('a')
        m.type(1); m.type([]); m.type(int); x.type(torch.float64); m.type(torch.float32) is m; m.type('float32')
        m.type(torch.int32, non_blocking=True)
    """,
    "numpy by force": """
        x.numpy(); x.numpy(force=True); x.numpy(force=False); m.numpy(force=False); m.numpy(force=True)
        x.numpy(force=1); x.numpy(force='a')
    """,
    "switches of a pass": """
        x.sum().backward(retain_graph='yes'); x.sum().backward(retain_graph=1.5); x.sum().backward(retain_graph=1)
        x.sum().backward(create_graph='yes'); x.sum().backward(create_graph=None); x.sum().backward(create_graph=0)
        x.sum().backward(retain_graph=np.float64(1)); x.sum().backward(retain_graph=np.bool_(True))
        x.sum().backward(retain_graph=[]); x.sum().backward(retain_graph=np.int64(1))
        x.sum().backward(retain_graph=torch.tensor(1)); m.sum().backward(retain_graph='yes')
        x.backward(retain_graph='yes'); torch.autograd.backward(x.sum(), create_graph='yes'); x.grad
        torch.autograd.grad(x.sum(), x, allow_unused='yes'); torch.autograd.grad(x.sum(), x, retain_graph='yes')
        torch.autograd.grad(x.sum(), x, create_graph=1.5); torch.autograd.grad(x.sum(), x, materialize_grads='yes')
        torch.autograd.grad(x.sum(), x, allow_unused=0); torch.autograd.grad(x.sum(), x, allow_unused=None)
        torch.autograd.grad(x.sum(), x, materialize_grads=None); torch.autograd.grad(x.sum(), x, create_graph=None)
    """,
    "element types": """
        torch.zeros(2, dtype='float32'); torch.zeros(2, dtype=2); torch.zeros(2, dtype=float)
        torch.arange(3, dtype=float)
        torch.full((2,), 1, dtype=float); torch.randint(3, (2,), dtype=float).dtype; torch.as_tensor([1], dtype=float)
    """,
}

CASES = {
    name: "\n".join([_LEAVES.strip(), *(each.strip() for line in calls.splitlines() for each in line.split("; "))])
    for name, calls in CALLS.items()
} | {
    "assignments": """
        x = torch.tensor([.7, 1.6], requires_grad=True)
        x.requires_grad = 'a'
        x.requires_grad = 1
        x.data = 1
    """,
    "dimensions that are none": """
        x = torch.ones(2, 3)
        x.size(1)
        x.size(-1)
        x.size(2)
        x.size('a')
        x.size(1.)
        F.cross_entropy(torch.tensor(1.), torch.tensor(1.))
        F.cross_entropy(torch.tensor(1.), torch.tensor(1))
    """,
}
