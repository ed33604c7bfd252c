"""Norms of vectors and matrices.

All of them come down to ``vector_norm``, whose derivative at 0 is 0 as PyTorch has it. The norms of a matrix that need
its singular values (2, -2 and "nuc") are not here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.core.ops.checks import Dim, type_name, wrap_dim, wrap_dims
from chainrule.core.ops.reduction import COLUMNS, MATRIX, ROWS, back
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.vocabulary import guarded


def _number_text(ord: float) -> str:
    """``ord`` as C++ writes a number into a message: 2 for 2.0, inf."""
    return f"{ord:g}"


def _dtype_check(operation: str, name: str, dtype: str | None) -> None:
    """Check the input's dtype, called ``name``, and the one that a norm is to be taken in."""
    kinds = {"float16": 16, "float32": 32, "float64": 64}
    if name not in kinds:
        raise RuntimeError(
            f"{operation}: Expected a floating point or complex tensor as input. Got {type_name(np.dtype(name))}"
        )
    if dtype is None:
        return
    if dtype not in kinds:
        raise RuntimeError(
            f"{operation}: dtype should be floating point or complex, but got {type_name(np.dtype(dtype))}"
        )
    if kinds[dtype] < kinds[name]:
        raise RuntimeError(
            f"{operation}: the dtype of the input ({type_name(np.dtype(name))}) should be convertible without "
            f"narrowing to the specified dtype ({type_name(np.dtype(dtype))})"
        )


def _norm_check(x: Any, ord: Any = 2, dim: Dim = None, keepdim: bool = False, *, dtype: str | None = None) -> None:
    if not isinstance(ord, (bool, int, float)):
        found = type(ord).__name__
        raise TypeError(f"linalg_vector_norm(): argument 'ord' (position 2) must be Number, not {found}")
    _dtype_check("linalg.vector_norm", x.dtype.name, dtype)
    dims = wrap_dims(dim, x.ndim)
    if ord >= 0 and ord != math.inf:
        return
    start = f"linalg.vector_norm cannot compute the {_number_text(ord)} norm on "
    if dims is None and 0 in x.shape:
        raise RuntimeError(f"{start}an empty tensor because the operation does not have an identity")
    for each in dims or ():
        if x.shape[each] == 0:
            raise RuntimeError(
                f"{start}the dimension {each}because this dimension is empty and the operation does not have an "
                "identity"
            )


def _in(x: Any, dtype: str | None) -> Any:
    return x if dtype is None or x.dtype.name == dtype else np.astype(x, np.dtype(dtype))


def _sign(x: Any) -> Any:
    """The sign, which PyTorch takes for 0 where there is none."""
    return guarded(np.isnan(x), 0, np.sign(x))


def _direction(x: Any, y: Any) -> Any:
    return guarded(y == 0, 0, x / y)


def _share(x: Any, y: Any, along: Mapping[str, Any]) -> Any:
    """The signs of the elements whose size is ``y``, divided by their number."""
    chosen = (np.absolute(x) == y) | (np.isnan(x) & np.isnan(y))
    return _sign(x) * chosen / np.astype(np.sum(chosen, **along), x.dtype)


def _power_vjp(g: Any, y: Any, x: Any, ord: float) -> Any:
    sizes = np.absolute(x)
    if ord < 1:
        return g * guarded(x == 0, 0, _sign(x) * sizes ** (ord - 1)) * y ** (1 - ord)
    slope = _sign(x) * sizes ** (ord - 1) if ord < 2 else x * sizes ** (ord - 2)
    return slope * guarded(y == 0, 0, g / y ** (ord - 1))


_PIECEWISE_LINEAR = ("norm_one", "norm_infinite")


def _of_order(name: str, norm: Any, vjp: Any, doc: str, *samples: Sample) -> None:
    """A norm along ``dim`` of ``x``, taken in ``dtype``.

    ``vjp`` is given ``g`` as it broadcasts to ``x``, and a function that makes ``y`` do so: not every order reads it.
    Where it is None, ``x`` receives no gradient, though the norm is tracked.
    """

    def forward(x: Any, ord: float, dim: Dim = None, keepdim: bool = False, *, dtype: str | None = None) -> Any:
        along = {"axis": wrap_dims(dim, x.ndim), "keepdims": keepdim}
        kept = _in(x, dtype)
        if kept.dtype != np.float16:
            return norm(kept, ord, along)
        return np.astype(norm(np.astype(kept, np.float32), ord, along), kept.dtype)  # its squares soon overflow

    def derivative(g: Any, y: Any, x: Any, ord: float, dim: Dim, keepdim: bool, dtype: str | None) -> Any:
        along = {"axis": wrap_dims(dim, x.ndim), "keepdims": True}
        return vjp(back(g, x, dim, keepdim), lambda: back(y, x, dim, keepdim), _in(x, dtype), ord, along)

    register(Rule(
        name, forward, vjps=(vjp and derivative,), doc=doc, family="linalg", public=False, dtype="as is",
        check=_norm_check, grad_fn="LinalgVectorNormBackward0", undefined=() if vjp else ("x",),
        piecewise_linear=name in _PIECEWISE_LINEAR, samples=samples,
    ))  # fmt: skip


def _with(**params: Any) -> Sample:
    return Sample(MATRIX.inputs, params)


# As PyTorch has them (linalg_vector_norm and norm_backward): each order on its own, and a quotient by 0 chosen away.
_of_order(
    "norm_two", lambda x, ord, along: np.sqrt(np.sum(x * x, **along)),
    lambda g, y, x, ord, along: g * _direction(x, y()),
    "The Euclidean norm; its gradient at 0 is 0.", _with(ord=2), _with(ord=2, dim=0, keepdim=True),
)  # fmt: skip
_of_order(
    "norm_one", lambda x, ord, along: np.sum(np.absolute(x), **along),
    lambda g, y, x, ord, along: g * _sign(x),
    "The sum of the absolute values.", _with(ord=1, dim=1),
)  # fmt: skip
_of_order(
    "norm_zero", lambda x, ord, along: np.sum(np.astype(x != 0, x.dtype), **along), None,
    "The number of elements that are not 0; as in PyTorch, no gradient comes back from it.", _with(ord=0),
)  # fmt: skip
_of_order(
    "norm_infinite", lambda x, ord, along: (np.max if ord > 0 else np.min)(np.absolute(x), **along),
    lambda g, y, x, ord, along: g * _share(x, y(), along),
    "The largest absolute value, or the smallest; equals share the gradient.", _with(ord=math.inf, dim=0),
    _with(ord=-math.inf),
)  # fmt: skip
_of_order(
    "norm_power", lambda x, ord, along: np.sum(np.absolute(x) ** ord, **along) ** (1 / ord),
    lambda g, y, x, ord, along: _power_vjp(g, y(), x, ord),
    "The root of the sum of powers of the absolute values.", _with(ord=3, dim=1), _with(ord=1.5), _with(ord=0.5),
    _with(ord=-1.5, dim=(0, 1), keepdim=True),
)  # fmt: skip


def _vector_norm(F: Any, x: Any, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    kinds = {0: F.norm_zero, 1: F.norm_one, 2: F.norm_two, math.inf: F.norm_infinite, -math.inf: F.norm_infinite}
    return kinds.get(ord, F.norm_power)(x, ord, dim, keepdim, dtype)


register(Composite(
    "vector_norm", _vector_norm,
    doc="The size of a vector: of all elements or along dimensions, each to the power ord.", family="linalg",
    symbol="‖x‖", synonyms=("norm", "length", "magnitude"), paths=("linalg",), method=False, tensors=("x",),
    samples=(MATRIX, ROWS, COLUMNS, _with(ord=1), _with(ord=math.inf, dim=0), _with(ord=3)),
))  # fmt: skip


def _norm_of(F: Any, input: Any, p: Any = "fro", dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Any:
    if p == "fro" and isinstance(dim, (tuple, list)) and len(dim) > 2:
        raise RuntimeError(f"linalg.matrix_norm: dim must be a 2-tuple. Got {' '.join(map(str, dim))}")
    if isinstance(p, str) and p != "fro":
        return _matrix_norm(F, input, p, (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    return _vector_norm(F, input, 2 if p == "fro" else p, dim, keepdim, dtype=dtype)


register(Composite(
    "norm", _norm_of, doc="The norm of all elements or along dimensions: the Euclidean one, or of order p.",
    family="linalg", symbol="‖x‖", synonyms=("length", "magnitude", "euclidean"),
    samples=(MATRIX, ROWS, Sample(MATRIX.inputs, {"p": 1, "dim": 0})),
))  # fmt: skip


def _pair_of(A: Any, dim: Any) -> tuple[int, int]:
    if not isinstance(dim, (tuple, list)) or len(dim) != 2:
        listed = " ".join(map(str, dim)) if isinstance(dim, (tuple, list)) else dim
        raise RuntimeError(f"linalg.matrix_norm: dim must be a 2-tuple. Got {listed}")
    rows, columns = (wrap_dim(each, A.ndim) for each in dim)
    if rows == columns:
        raise RuntimeError(f"linalg.matrix_norm: dims must be different. Got ({dim[0]}, {dim[1]})")
    return rows, columns


def _matrix_norm(
    F: Any, A: Any, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Any = None
) -> Any:
    if A.ndim < 2:
        raise RuntimeError("linalg.matrix_norm: The input tensor A must have at least 2 dimensions.")
    _dtype_check("linalg.matrix_norm", A.dtype.name, None)
    rows, columns = _pair_of(A, dim)
    if ord == "fro":
        return _vector_norm(F, A, 2, (rows, columns), keepdim, dtype=dtype)
    if ord in (2, -2, "nuc"):
        raise NotImplementedError(f"linalg.matrix_norm: order {ord} needs singular values, which are not here")
    if isinstance(ord, str) or abs(ord) not in (1, math.inf):
        shown = ord if isinstance(ord, str) else _number_text(ord)
        raise RuntimeError(f"linalg.matrix_norm: Order {shown} not supported.")
    summed, left = (columns, rows) if math.isinf(ord) else (rows, columns)
    sums = _vector_norm(F, A, 1, summed, keepdim, dtype=dtype)
    extreme = F.amax if ord > 0 else F.amin
    return extreme(sums, left if keepdim or left < summed else left - 1, keepdim)


register(Composite(
    "matrix_norm", _matrix_norm, doc="The norm of matrices: Frobenius, or the extreme sum of a row or column.",
    family="linalg", symbol="‖A‖", synonyms=("frobenius",), paths=("linalg",), method=False, tensors=("A",),
    samples=(MATRIX, Sample(MATRIX.inputs, {"ord": 1}), Sample(MATRIX.inputs, {"ord": -math.inf, "keepdim": True})),
))  # fmt: skip


def _linalg_norm(F: Any, A: Any, ord: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    if dim is not None and not isinstance(dim, int) and len(dim) not in (1, 2):
        raise RuntimeError(f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {list(dim)}")
    if ord is None:
        return _vector_norm(F, A, 2, dim, keepdim, dtype=dtype)
    if dim is None:
        if isinstance(ord, str):
            return _matrix_norm(F, A, ord, (-2, -1), keepdim, dtype=dtype)
        if A.ndim not in (1, 2):
            raise RuntimeError(
                f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {A.ndim}D."
            )
        dim = (0,) if A.ndim == 1 else (0, 1)
    if isinstance(ord, str) or (not isinstance(dim, int) and len(dim) == 2):
        return _matrix_norm(F, A, ord, dim, keepdim, dtype=dtype)
    return _vector_norm(F, A, ord, dim, keepdim, dtype=dtype)


register(Composite(
    "linalg_norm", _linalg_norm, doc="The norm of a vector, or of a matrix, where an order and two dimensions say so.",
    family="linalg", spelled="norm", symbol="‖A‖", synonyms=("length", "magnitude"), paths=("linalg",), method=False,
    tensors=("A",),
    samples=(MATRIX, ROWS, Sample(MATRIX.inputs, {"ord": 1}), Sample(MATRIX.inputs, {"ord": 3, "dim": 0})),
))  # fmt: skip
