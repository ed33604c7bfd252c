"""Linear algebra: products over chosen dimensions, norms, inverses and determinants, what they refuse and promote."""

from __future__ import annotations

VECTOR, OTHER = "[1.5, -2.0, 0.5]", "[2.0, 3.0, -1.5]"
MATRIX, TALL = "[[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]", "[[0.5, 2.0], [-1.0, 1.5], [3.0, -0.5]]"
SQUARE = "[[2.0, -1.0, 0.5], [0.25, 3.0, -1.0], [1.0, 0.5, -1.5]]"
OTHER_SQUARE = "[[1.5, 0.5, -1.0], [-0.5, 2.0, 0.25], [1.0, -0.75, 2.5]]"
CUBE = f"[{MATRIX}, [[2.0, 1.5, -0.5], [4.0, 1.25, 0.75]]]"
TURNED_CUBE = f"[{TALL}, [[1.0, -1.5], [0.5, 2.0], [0.25, -3.0]]]"
SQUARES = f"[{SQUARE}, {OTHER_SQUARE}]"
SCALAR = "2.5"
INF = "float('inf')"

PRODUCTS = {
    "torch.bmm(x, w)": (CUBE, TURNED_CUBE), "x.bmm(w)": (CUBE, TURNED_CUBE),
    "torch.linalg.matmul(x, w)": (MATRIX, TALL),
    "torch.addmm(x, w, b)": ("[0.5, -1.0]", MATRIX, TALL),
    "torch.addmm(x, w, b, beta=2, alpha=-0.5)": ("[[0.5], [-1.0]]", MATRIX, TALL),
    "x.addmm(w, b, alpha=3)": ("[[0.5, 1.0], [-1.0, 2.0]]", MATRIX, TALL),
    "torch.addmm(x, w, b, beta=0)": ("[float('nan'), -1.0]", MATRIX, TALL),
    "torch.addmv(x, w, b)": ("[0.5, -1.0]", MATRIX, VECTOR),
    "torch.addmv(x, w, b, beta=0.5, alpha=2)": (SCALAR, MATRIX, VECTOR), "x.addmv(w, b)": ("[0.5]", MATRIX, VECTOR),
    "torch.baddbmm(x, w, b)": ("[0.5, -1.0]", CUBE, TURNED_CUBE),
    "torch.baddbmm(x, w, b, beta=2, alpha=0.5)": (SCALAR, CUBE, TURNED_CUBE),
    "torch.addr(x, w, b)": (TALL, VECTOR, "[0.5, -1.0]"), "x.addr(w, b, beta=3, alpha=2)": (SCALAR, VECTOR, OTHER),
    "torch.addr(x, w, b, beta=0)": ("float('nan')", VECTOR, OTHER),
    "torch.vdot(x, w)": (VECTOR, OTHER), "torch.outer(x, w)": (VECTOR, "[0.5, -1.0]"), "x.outer(w)": (VECTOR, OTHER),
    "torch.ger(x, w)": (VECTOR, OTHER), "torch.inner(x, w)": (VECTOR, OTHER), "torch.inner(x, w) ": (MATRIX, VECTOR),
    "torch.inner(x, w)  ": (MATRIX, SQUARE), "torch.inner(x, w)   ": (VECTOR, SCALAR), "x.inner(w)": (CUBE, MATRIX),
    "torch.tensordot(x, w, 1)": (MATRIX, TALL), "torch.tensordot(x, w, dims=([1], [0]))": (MATRIX, TALL),
    "torch.tensordot(x, w)": (SQUARE, SQUARE), "torch.tensordot(x, w, 0)": (VECTOR, OTHER),
    "torch.tensordot(x, w, 1) ": (VECTOR, OTHER),
    "torch.tensordot(x, w, ((0, -1), (1, 0)))": (CUBE, TURNED_CUBE[:-1] + f", {TALL}]"),
    "torch.tensordot(x, w, dims=((1,), (0,)))": (MATRIX, "[[0.5, -1.0]]"),
    "torch.tensordot(x, w, dims=((1,), (0,))) ": ("[[0.5], [-1.0]]", MATRIX),
    "torch.tensordot(x, w, 0) ": (SCALAR, MATRIX),
    "torch.kron(x, w)": (MATRIX, TALL), "torch.kron(x, w) ": (VECTOR, MATRIX), "torch.kron(x, w)  ": (SCALAR, VECTOR),
    "x.kron(w)": (CUBE, MATRIX), "torch.trace(x)": (SQUARE,), "x.trace()": (MATRIX,), "torch.trace(x) ": (TALL,),
    "torch.cross(x, w, dim=0)": (VECTOR, OTHER), "x.cross(w, 1)": (SQUARE, OTHER_SQUARE),
    "torch.cross(x, w)": (TALL, TALL),
    "torch.linalg.cross(x, w)": (VECTOR, OTHER),
    "torch.linalg.cross(x, w, dim=0)": (TALL, "[[1.0], [2.0], [-0.5]]"),
    "torch.linalg.cross(x, w) ": (MATRIX, f"[{OTHER}]"),
    "torch.linalg.vecdot(x, w)": (VECTOR, OTHER), "torch.linalg.vecdot(x, w) ": (MATRIX, OTHER),
    "torch.linalg.vecdot(x, w, dim=0)": (SQUARE, OTHER_SQUARE),
    "torch.linalg.multi_dot([x, w])": (MATRIX, TALL), "torch.linalg.multi_dot((x, w, b))": (MATRIX, TALL, MATRIX),
    "torch.linalg.multi_dot([x, w, b])": (VECTOR, SQUARE, OTHER), "torch.linalg.multi_dot([x, w]) ": (VECTOR, OTHER),
    "torch.linalg.multi_dot([x, w, b, x])": (MATRIX, TALL, MATRIX + "[:1] * 0 + [[1.0, -2.0], [0.5, 0.25]]"),
    "torch.linalg.matrix_power(x, 0)": (SQUARE,), "torch.linalg.matrix_power(x, 1)": (SQUARE,),
    "torch.linalg.matrix_power(x, 2)": (SQUARE,), "torch.linalg.matrix_power(x, 3)": (SQUARE,),
    "torch.matrix_power(x, 5)": (SQUARE,), "x.matrix_power(4)": (SQUARE,),
    "torch.linalg.matrix_power(x, -1)": (SQUARE,),
    "torch.linalg.matrix_power(x, -3)": (SQUARE,), "torch.linalg.matrix_power(x, 3) ": (SQUARES,),
}  # fmt: skip

NORMS = {
    **{f"torch.linalg.vector_norm(x, {p})": (SQUARE,) for p in (0.5, 1, 1.5, 2, 2.5, 3, -1, -2.5, INF, f"-{INF}")},
    "torch.norm(x)": (MATRIX,), "x.norm()": (VECTOR,), "x.norm(1)": (MATRIX,), "torch.norm(x, 2, 1)": (MATRIX,),
    "torch.norm(x, p='fro', dim=(0, 1))": (MATRIX,), "x.norm(dim=0, keepdim=True)": (MATRIX,),
    f"torch.norm(x, {INF})": (VECTOR,), "torch.norm(x, keepdim=True)": (MATRIX,), "torch.norm(x, 3, dim=())": (MATRIX,),
    "x.norm(p=0.5, dim=-1)": (MATRIX,), "torch.norm(x) ": (SCALAR,), "torch.norm(x - w)": (VECTOR, OTHER),
    "torch.linalg.vector_norm(x, dim=(0, 1), keepdim=True)": (MATRIX,),
    "torch.linalg.vector_norm(x, ord=1, dim=0)": (MATRIX,),
    f"torch.linalg.vector_norm(x, ord={INF}, dim=-1)": (MATRIX,), "torch.linalg.norm(x)": (CUBE,),
    "torch.linalg.norm(x) ": (SCALAR,),
    "torch.linalg.norm(x, 'fro')": (MATRIX,), "torch.linalg.norm(x, 1)": (MATRIX,),
    "torch.linalg.norm(x, -1)": (MATRIX,),
    f"torch.linalg.norm(x, {INF})": (MATRIX,), f"torch.linalg.norm(x, ord=-{INF})": (MATRIX,),
    "torch.linalg.norm(x, 3)": (VECTOR,),
    "torch.linalg.norm(x, dim=0)": (MATRIX,), "torch.linalg.norm(x, 1, dim=(0, 1))": (CUBE,),
    "torch.linalg.norm(x, 2, dim=[0])": (MATRIX,), "torch.linalg.norm(x, keepdim=True)": (MATRIX,),
    "torch.linalg.matrix_norm(x)": (CUBE,), "torch.linalg.matrix_norm(x, 1)": (CUBE,),
    "torch.linalg.matrix_norm(x, -1, keepdim=True)": (CUBE,),
    f"torch.linalg.matrix_norm(x, {INF}, dim=(1, 0))": (CUBE,),
    f"torch.linalg.matrix_norm(x, -{INF}, (0, 2), True)": (CUBE,),
}  # fmt: skip

INVERSES = {
    "torch.linalg.inv(x)": (SQUARE,), "torch.linalg.inv(x) ": (SQUARES,), "torch.inverse(x)": (SQUARE,),
    "x.inverse()": (SQUARE,),
    "torch.linalg.inv(x)  ": ("[[2.5]]",), "torch.linalg.det(x)": (SQUARE,), "torch.det(x)": (SQUARES,),
    "x.det()": (SQUARE,),
    "torch.linalg.det(x) ": ("[[-0.5]]",), "torch.linalg.slogdet(x)[1]": (SQUARE,),
    "torch.slogdet(x).logabsdet": (SQUARES,),
    "x.slogdet()[1]": (SQUARE,), "torch.logdet(x)": (OTHER_SQUARE,), "x.logdet()": (SQUARES,),
    "torch.logdet(x) ": (SQUARE,),
    "torch.linalg.solve(x, w)": (SQUARE, VECTOR), "torch.linalg.solve(x, w) ": (SQUARE, TALL),
    "torch.linalg.solve(x, w)  ": (SQUARES, VECTOR),
    "torch.linalg.solve(x, w)   ": (SQUARES, MATRIX), "torch.linalg.solve(x, w)    ": (SQUARES, TURNED_CUBE),
    "torch.linalg.solve(x, w)     ": (SQUARE, TURNED_CUBE), "torch.linalg.solve(x, w)      ": (SQUARES, SQUARE),
    "torch.linalg.solve(x, w, left=False)": (SQUARE, MATRIX),
    "torch.linalg.solve(A=x, B=w, left=False)": (SQUARES, CUBE),
}  # fmt: skip

EQUATIONS = {
    "ij,jk->ik": (MATRIX, TALL), "ij,jk": (MATRIX, TALL), "ij,jk->ki": (MATRIX, TALL), "ij->ji": (MATRIX,),
    "ij->": (MATRIX,),
    "ij->i": (MATRIX,), "ii": (SQUARE,), "ii->i": (SQUARE,), "bii->bi": (SQUARES,), "i,i": (VECTOR, OTHER),
    "i,i->i": (VECTOR, OTHER),
    "i,j->ij": (VECTOR, OTHER), "bij,bjk->bik": (CUBE, TURNED_CUBE), "...ij,...jk->...ik": (CUBE, TALL),
    "...ij,...jk": (CUBE, TURNED_CUBE),
    "ij...->...ji": (CUBE,), "i,ij,j->": (VECTOR, SQUARE, OTHER), "i,ij,j->ij": (VECTOR, SQUARE, OTHER),
    "ij,jk,kl->il": (MATRIX, TALL, MATRIX), " i j , j k -> i k ": (MATRIX, TALL), "Ij,jK": (MATRIX, TALL),
    ",ij": (SCALAR, MATRIX),
    "ba": (MATRIX,), "...": (MATRIX,), "...->": (MATRIX,), "i...": (MATRIX,), "i...->i": (CUBE,), "ij->i...": (MATRIX,),
    "ij,ij->i": (MATRIX, f"[{OTHER}]"), "ij,ij->i ": (MATRIX, "[[2.0], [-0.5]]"), "ij,k->ij": (MATRIX, OTHER),
    "ij,jk->": (MATRIX, TALL),
    "iij,jk->ik": (SQUARES[:-1] + f", {SQUARE}]", TALL), "...i,...j->...ij": (MATRIX, f"[[{OTHER}]]"),
    "bi,oij,bj->bo": (MATRIX, SQUARES.replace(SQUARE, OTHER_SQUARE), MATRIX),
    "iji->j": (f"[{TALL}, {TALL}]",), "->": (SCALAR,), ",->": (SCALAR, SCALAR),
}  # fmt: skip

# Where PyTorch takes other steps than ours to the same numbers: here the values are compared, not the last step's name.
OTHER_STEPS = ("torch.linalg.matrix_power(x, 0)", "torch.linalg.matrix_power(x, 3) ")

_SINGULAR = (
    "[[1.0, 2.0], [2.0, 4.0]]",
    "[[0.0, 0.0], [0.0, 0.0]]",
    "[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]",
)

_SINGLE = ("[[0.0]]", "[[[0.0]], [[2.0]], [[-0.0]]]")

_PLACES = ("[0.0, 0.0]", "[3.0, 0.0]", "[3.0, -3.0]", "[3.0, float('nan')]", f"[3.0, {INF}]")

POINTS = {
    **{f"torch.linalg.vector_norm(x, {p})": _PLACES for p in (0.5, 1, 1.5, 2, 2.5, 3, -1, INF, f"-{INF}")},
    "torch.linalg.vector_norm(x, dim=1)": ("[[0.0, 0.0], [3.0, 4.0]]",),
    "torch.norm(x)": ("[]", "0.0", "[1e200, 1e200]"),
    "torch.norm(x, 1)": ("[]",), "torch.norm(x, 2, 0)": ("[[], []]",), f"torch.norm(x, {INF}, 0)": ("[[], []]",),
    "torch.linalg.matrix_norm(x, 1)": ("[[1.0, -2.0], [3.0, 2.0]]",),
    "torch.linalg.vector_norm(x, 0).detach()": ("[0.0, 3.0]",),
    "torch.det(x)": _SINGULAR + _SINGLE, "torch.linalg.inv(x)": _SINGULAR[:2],
    "torch.linalg.slogdet(x)[0].detach()": ("[[1.0, 2.0], [3.0, 4.0]]",),
    "torch.linalg.slogdet(x)[1].detach()": _SINGULAR, "torch.linalg.slogdet(x)[1]": _SINGLE,
    "torch.logdet(x).detach()": _SINGULAR,
    "torch.trace(x)": ("[[1.0, float('nan')], [0.0, 2.0]]", "[[], []]"), "torch.outer(x, x)": (f"[0.0, {INF}]", "[]"),
    "torch.linalg.cross(x, x)": ("[1.0, 2.0, 3.0]",),
    "torch.einsum('ij,j->i', x, x[0])": ("[[], []]", "[[0.0, 1.0], [2.0, 3.0]]"),
    "torch.einsum('ii', x)": ("[[1.0, float('nan')], [float('nan'), 2.0]]",), "torch.einsum('i,i', x, x)": ("[]",),
}  # fmt: skip

_LEAVES = """
a, b = torch.tensor([[1., -2., 0.5], [3., 0.25, -1.]]), torch.ones(3, 4)
v, w, s = torch.tensor([1., 2., 3.]), torch.tensor([3., -1., 2.]), torch.tensor(2.)
q = torch.tensor([[2., -1., 0.5], [0.25, 3., -1.], [1., 0.5, -1.5]])
A, Q = torch.ones(4, 2, 3), torch.stack([q, q.T])
i, iq, bq = torch.arange(3), torch.arange(9).reshape(3, 3), torch.eye(3).bool()
e, one = torch.zeros(0), torch.ones(2, 2)
"""

STATEMENTS = {
    "second derivatives of single elements": (
        "x = torch.tensor([[[0.]], [[3.]]], requires_grad=True)", "y = (torch.det(2 * x) ** 2).sum()",
        "g = torch.autograd.grad(y, x, create_graph=True)[0]", "g.detach()", "torch.autograd.grad(g.sum(), x)[0]",
    ),
    "errors of products": (
        "torch.bmm(A, A)", "torch.bmm(A, q)", "torch.bmm(q, A)", "torch.bmm(A, Q)", "torch.bmm(Q, Q.double())",
        "torch.bmm(Q.bool(), Q.bool())",
        "torch.mm(bq, bq)", "Q @ Q.double()", "q @ v.double()", "torch.mv(q, v.double())",
        "torch.addmm(v, q, q.double())", "torch.addmm(v, q.double(), q)",
        "torch.addmm(v.double(), q, q)", "torch.addmm(torch.ones(2), q, q)", "torch.addmm(Q, q, q)",
        "torch.addmm(q, A, q)", "torch.addmm(q, q, v)",
        "torch.addmm(q, a, a)", "torch.addmv(torch.ones(2), q, w)", "torch.addmv(v, q, q)", "torch.addmv(v, a.T, w)",
        "torch.addmv(v.double(), q, w)",
        "torch.addmv(q, q, w)", "torch.baddbmm(torch.ones(2), Q, Q)", "torch.baddbmm(v, Q, A)",
        "torch.baddbmm(v, q, Q)", "torch.baddbmm(v.double(), Q, Q)",
        "torch.addr(q, q, w)", "torch.addr(q, v, q)", "torch.addr(iq, i, i, alpha=2.5)", "torch.outer(q, w)",
        "torch.addr(q, v[:1], w)", "torch.addr(q[None], v, w)",
        "torch.outer(w, q)", "torch.outer(s, w)",
        "torch.inner(v, torch.ones(2))", "torch.inner(v, w.double())", "torch.vdot(v, w.double())", "torch.vdot(v, q)",
        "torch.vdot(v, torch.ones(2))",
        "torch.tensordot(Q, Q)", "torch.tensordot(Q, q, dims=([1, 2], [0]))", "torch.tensordot(a, a, 1)",
        "torch.tensordot(a, b, 3)", "torch.tensordot(a, b, -1)",
        "torch.tensordot(a, b, dims=([5], [0]))", "torch.tensordot(a, b.double(), 1)",
        "torch.tensordot(a, q, dims=([1, 1], [0, 1]))", "torch.tensordot(a, b, (1, 0))",
        "torch.tensordot(a, b, ([1],))", "torch.trace(v)", "torch.trace(Q)", "torch.trace(bq)",
        "torch.linalg.cross(v, q)", "torch.linalg.cross(v[:2], v[:2])",
        "torch.linalg.cross(a, b[:2])", "torch.cross(a, b[:2], 1)", "torch.linalg.cross(v, w.double())",
        "torch.linalg.cross(s, s)",
        "torch.linalg.cross(v, w, dim=1)", "torch.linalg.vecdot(q, a)", "torch.linalg.vecdot(v, w.double())",
        "torch.linalg.vecdot(iq, iq)", "torch.linalg.vecdot(q, v, dim=2)",
        "torch.linalg.multi_dot([a])", "torch.linalg.multi_dot([])", "torch.linalg.multi_dot([a, a])",
        "torch.linalg.multi_dot([v, b, a])", "torch.linalg.multi_dot([a, v, b])",
        "torch.linalg.multi_dot([a, b.double()])", "torch.linalg.multi_dot([Q, a])", "torch.linalg.multi_dot([a, s])",
        "torch.linalg.matrix_power(a, 3)",
        "torch.linalg.matrix_power(v, 3)", "torch.linalg.matrix_power(one, -1)", "torch.linalg.matrix_power(iq, -1)",
    ),
    "products of batches that do not fit": (
        "A @ torch.ones(2, 5)", "A[:1] @ v[None]", "q[:2] @ torch.ones(4, 2, 5)", "v @ torch.ones(4, 2, 5)",
        "A @ torch.ones(2)", "torch.ones(2, 1, 2, 3) @ torch.ones(2, 5)",
        "torch.ones(2, 1, 2, 3) @ torch.ones(4, 2, 5)", "torch.ones(2, 2, 3) @ torch.ones(3, 2, 5)",
        "bq @ bq[0]", "bq[0] @ bq[0]", "torch.mv(bq, bq[0])", "torch.addmm(bq, bq, bq)", "F.linear(bq, bq, bq[0])",
        "torch.addmv(bq[0], bq, bq[0])", "F.linear(s, q)", "F.linear(s, s)", "F.linear(q, s, v)",
        "q.double().expand(3)",
    ),
    "what products of vectors and batches are made of": (
        "u = v.clone().requires_grad_()", "u @ b", "A @ u", "F.linear(u, q)", "u @ torch.ones(4, 3, 2)",
        "(u @ b).sum().backward()", "u.grad", "(A @ u).sum().backward()", "u.grad",
        "F.margin_ranking_loss(u, w, torch.ones(3), reduction='none')", "F.group_norm(torch.ones(2, 4), -1)",
    ),
    "errors of norms": (
        "torch.norm(iq)", "torch.norm(iq, dtype=torch.float32)", "torch.norm(q.double(), dtype=torch.float32)",
        "torch.norm(q, 'abc')", "torch.norm(q, 2, 2)",
        "torch.norm(q, 2, (0, 0))", "torch.norm(Q, 'fro', dim=(0, 1, 2))", "torch.norm(e, float('inf'))",
        "torch.norm(e, -1)", "torch.norm(torch.zeros(0, 3), float('inf'), 0)",
        "torch.linalg.norm(q, 0)", "torch.linalg.norm(q, 3)", "torch.linalg.norm(q, 2.5)",
        "torch.linalg.norm(q, 'abc')", "torch.linalg.norm(v, 'fro')", "torch.linalg.norm(Q, 2)",
        "torch.linalg.norm(s, 2)", "torch.linalg.norm(Q, dim=(0, 1, 2))", "torch.linalg.norm(iq)",
        "torch.linalg.vector_norm(iq)", "torch.linalg.vector_norm(q, dtype=torch.int64)",
        "torch.linalg.vector_norm(q, 'fro')", "torch.linalg.vector_norm(q, dim=3)", "torch.linalg.vector_norm(e, -1)",
        "torch.linalg.matrix_norm(q, 0)", "torch.linalg.matrix_norm(q, 'xx')",
        "torch.linalg.matrix_norm(v)", "torch.linalg.matrix_norm(Q, dim=(0, 0))",
        "torch.linalg.matrix_norm(Q, dim=(0, 1, 2))", "torch.linalg.matrix_norm(iq)",
    ),
    "errors of inverses": (
        "torch.linalg.inv(a)", "torch.linalg.inv(v)", "torch.linalg.inv(iq)", "torch.linalg.inv(bq)",
        "torch.linalg.inv(one)", "torch.inverse(torch.zeros(3, 3))",
        "torch.linalg.inv(torch.stack([torch.eye(2), one]))", "torch.linalg.inv(torch.ones(2, 2, 2, 2))",
        "torch.linalg.det(a)", "torch.det(v)", "torch.det(iq)",
        "torch.slogdet(a)", "torch.slogdet(iq)", "torch.logdet(a)", "torch.logdet(iq)", "torch.logdet(v)",
        "torch.linalg.solve(a, v)", "torch.linalg.solve(v, v)",
        "torch.linalg.solve(q, a)", "torch.linalg.solve(q, v[:2])", "torch.linalg.solve(q, v, left=False)",
        "torch.linalg.solve(q, s)", "torch.linalg.solve(q, v.double())",
        "torch.linalg.solve(iq, iq)", "torch.linalg.solve(one, v[:2])",
        "torch.linalg.solve(torch.stack([torch.eye(2), one]), one)",
        "torch.linalg.solve(Q, torch.ones(5, 3, 1))", "issubclass(torch.linalg.LinAlgError, RuntimeError)",
    ),
    "errors of equations": (
        "torch.einsum('ii->i', torch.ones(1, 3))", "torch.einsum('ij,jk->ik', a, a)", "torch.einsum('ij,jk->ik', a)",
        "torch.einsum('ij->ik', a)", "torch.einsum('ij->ii', a)",
        "torch.einsum('ijk->i', a)", "torch.einsum('i->i', a)", "torch.einsum('i.->i', a)",
        "torch.einsum('i...j...->i', a)", "torch.einsum('i1->i', a)", "torch.einsum('ij->i1', a)",
        "torch.einsum('ij-i', a)", "torch.einsum('ij->i->j', a)", "torch.einsum('i j->i,j', a)",
        "torch.einsum('ij,jk->ik', a, b, b)", "torch.einsum('ij,jk->ik', a, b.double())",
        "torch.einsum('ij->i..', a)", "torch.einsum('ij->i......', a)", "torch.einsum('ijk...->...', a)",
        "torch.einsum('i...,j...->ij...', torch.ones(2, 4), torch.ones(5, 3))",
        "torch.einsum('->', a)", "torch.einsum('i,i->', bq[0], bq[0])", "torch.einsum('i,i->', i, i.int())",
    ),
    "types": (
        "torch.mm(iq, iq)", "torch.bmm(iq[None], iq[None])", "torch.addmm(iq, iq, iq, beta=2.5)",
        "torch.addmm(iq, iq, iq, alpha=2.5)", "torch.addmv(i, iq, i, alpha=2.5)",
        "torch.baddbmm(i, iq[None], iq[None], beta=2)", "torch.addr(iq, i, i)", "torch.addr(v.double(), v, w)",
        "torch.vdot(i, i)", "torch.outer(i, v)", "torch.outer(v.double(), w)",
        "torch.inner(s, iq)", "torch.tensordot(iq, iq, 1)", "torch.kron(i, v)", "torch.trace(iq)",
        "torch.trace(iq.int())", "torch.linalg.cross(i, i)",
        "torch.linalg.multi_dot([iq, iq])", "torch.linalg.matrix_power(iq, 2)", "torch.norm(q, dtype=torch.float64)",
        "torch.linalg.norm(q, 1, dtype=torch.float64)",
        "torch.linalg.vector_norm(q, dtype=torch.float64, dim=1)", "torch.einsum('ij,jk->ik', iq, iq)",
        "torch.einsum('ij->i', bq)", "torch.einsum('ij->ji', bq)", "torch.einsum('i,i->i', bq[0], bq[1])",
        "torch.einsum('ij->i', iq.int())", "torch.einsum('i,i->', i.int(), i.int())", "torch.einsum('i,i->i', i, v)",
        "torch.einsum('i,j->ij', v, v.double())",
        "torch.linalg.inv(torch.zeros(0, 0))", "torch.det(torch.zeros(0, 0))",
        "torch.einsum('ij,jk->ik', torch.zeros(2, 0), torch.zeros(0, 3))",
    ),
    "spellings": (
        "torch.bmm(input=Q, mat2=Q)", "torch.addmm(input=v, mat1=q, mat2=q)", "torch.outer(input=v, vec2=w)",
        "torch.inner(input=v, other=w)", "torch.tensordot(a=a, b=b, dims=1)",
        "torch.kron(input=v, other=w)", "torch.linalg.matmul(input=q, other=v)",
        "torch.linalg.cross(input=v, other=w, dim=0)", "torch.linalg.vecdot(x=v, y=w)",
        "torch.linalg.multi_dot(tensors=(a, b))",
        "torch.linalg.matrix_power(q, n=2)", "torch.norm(input=q, p=1, dim=0)", "torch.linalg.vector_norm(x=q, ord=1)",
        "torch.linalg.solve(A=q, B=v)", "torch.einsum('ij,jk->ik', [a, b])",
        "torch.einsum('ij,jk->ik', (a, b))", "repr(torch.linalg.slogdet(q.clone().requires_grad_()))",
        "torch.linalg.slogdet(q).sign",
        "v.dot(w)", "q.clone().addmm_(q, q)", "v.addmv_(q, w, beta=2)", "iq.trace()",
        "x = torch.einsum('ij->ji', q); x.mul_(2)", "q",
    ),
}  # fmt: skip


def _case(expression: str, values: tuple[str, ...]) -> str:
    leaves = [
        f"{n} = torch.tensor({v}, dtype=torch.float64, requires_grad=True)" for n, v in zip("xwb", values, strict=False)
    ]
    shown = "y.detach()" if expression in OTHER_STEPS else "y"
    grads = [f"{name}.grad" for name, _ in zip("xwb", values, strict=False)]
    return "\n".join([*leaves, f"y = {expression.strip()}", shown, "y.backward(seed_for(y))", *grads])


def _equation(equation: str, values: tuple[str, ...]) -> str:
    return (
        f"torch.einsum({equation.rstrip() if equation[:1] != ' ' else equation!r}, {', '.join('xwb'[: len(values)])})"
    )


def _at(expression: str, value: str) -> str:
    leaf = f"x = torch.tensor({value}, dtype=torch.float64, requires_grad=True)"
    return "\n".join([leaf, f"y = {expression}", "y", "y.sum().backward()", "x.grad"])


CASES = (
    {
        f"{family}: {expression}": _case(expression, values)
        for family, expressions in (("product", PRODUCTS), ("norm", NORMS), ("inverse", INVERSES))
        for expression, values in expressions.items()
    }
    | {f"einsum: {equation}": _case(_equation(equation, values), values) for equation, values in EQUATIONS.items()}
    | {f"{expression} at {value}": _at(expression, value) for expression, values in POINTS.items() for value in values}
    | {name: "\n".join([_LEAVES.strip(), *statements]) for name, statements in STATEMENTS.items()}
)
